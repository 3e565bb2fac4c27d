"""The page of a quartier: buildings against their threshold, neighbours in meetings, then the machines."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from core import (
    BUILDINGS,
    Callout,
    Chart,
    Figure,
    Heading,
    KeyFigures,
    People,
    Phrase,
    Prose,
    Report,
    Series,
    Share,
    Table,
    Tells,
    as_of,
    french,
    known,
    known_base,
    left,
    phrase,
    said,
    told,
)

SOURCE = "Relevés d’IFAC, jeux « immeubles », « raccordements » et « concertations » ; seuils fixés par la Métropole"
Building = dict[str, Any]


def page(report: Report) -> Iterator[Heading | Prose | KeyFigures | Chart | Table | Callout]:
    """The blocks, in reading order; a quartier without data is told what to do first."""
    buildings = sorted(report.of_derived(BUILDINGS), key=lambda row: row["code_immeuble"])
    yield Heading("Les immeubles")
    if buildings:
        yield Prose(_summary(report, buildings))
        yield KeyFigures(("CO4", "CO5", "CO2", "CO10", "AC6"))
        yield from _agreement(buildings)
        yield from _oddities(buildings)
        yield _building_table(buildings)
    else:
        yield Callout(
            f"Aucun immeuble de {report.experiment.short_title} n’est encore renseigné. Pour commencer, IFAC dépose "
            "le jeu « immeubles » : une ligne par immeuble, avec son bailleur et son nombre de logements."
        )
    yield from _neighbours(report, buildings)
    yield from _machines(report)


def _summary(report: Report, buildings: Sequence[Building]) -> Phrase | str:
    dwellings = sum(row["nb_logements"] for row in buildings)
    unknown = [row["code_immeuble"] for row in buildings if row["eligible_cable"] is None]
    agreed = sum(row["accords"] for row in buildings)
    return phrase(
        f"{french.count(len(buildings), 'immeuble')} et {french.count(dwellings, 'logement')} à "
        f"{report.experiment.short_title}. Au {french.day(as_of([report.figure('CO5')], report.until))}, ",
        People(agreed, "foyer a donné son accord", "foyers ont donné leur accord"),
        " ; ",
        Figure("CO5", "foyer connecté", "foyers connectés"),
        ".",
        f" Le câble de {french.listing(unknown)} n’a pas encore été vérifié." if unknown else "",
    )


def _agreement(buildings: Sequence[Building]) -> Iterator[Chart]:
    open_ones = [row for row in buildings if row["eligible_cable"]]
    if not open_ones:
        return
    shares = [(row["code_immeuble"], _agreed(row)) for row in open_ones]
    yield Chart(
        kind="bars",
        categories=tuple(code for code, _ in shares),
        series=(Series("Accords, en % des logements", tuple(value for _, value in shares), "axis2"),),
        conclusion=_agreement_says(open_ones),
        alternative=phrase(
            "Part des logements d’accord, par immeuble éligible.",
            *(part for row in open_ones for part in _building_sentence(row)),
        ),
        unit="% des logements de l’immeuble",
        source=SOURCE,
        reference=_common_threshold(open_ones),
    )


def _agreement_says(open_ones: Sequence[Building]) -> Phrase | str:
    judged = [row for row in open_ones if row["seuil"] is not None]
    if not judged:
        return "La Métropole n’a pas encore fixé de seuil d’accord pour ces immeubles"
    reached = [row for row in judged if row["seuil_atteint"]]
    waiting = [row for row in judged if not row["seuil_atteint"]]
    said_first = _reached_says(len(reached), len(judged))
    if not waiting:
        return said_first
    nearest = min(waiting, key=_lacking)
    code = nearest["code_immeuble"]
    lacking = f"il manque {french.count(_lacking(nearest), 'accord')} à {code}, le plus proche"
    return phrase(said_first, " ; ", Tells(lacking, (_agreeing(nearest),), f"{code} est le plus proche"))


def _reached_says(reached: int, judged: int) -> str:
    if not reached:
        return f"Aucun des {french.number(judged)} immeubles éligibles n’atteint encore son seuil d’accord"
    if reached == 1:
        return f"1 immeuble sur {french.number(judged)} atteint son seuil d’accord"
    return f"{french.number(reached)} immeubles sur {french.number(judged)} atteignent leur seuil d’accord"


def _lacking(row: Building) -> int:
    """How many more homes must agree for the threshold."""
    return max(0, -int(-(row["seuil"] - row["accords"]) // 1))


def _agreeing(row: Building) -> People:
    """The homes that agreed."""
    return People(row["accords"], "accord")


def _agreed(row: Building) -> Share | None:
    """Their share of the building's; None when nobody told yet."""
    return None if row["dernier_mois"] is None else Share(_agreeing(row), row["nb_logements"])


def _building_sentence(row: Building) -> tuple[Any, ...]:
    return f" {row['code_immeuble']} : ", _agreed(row) or "non renseigné", ", ", _verdict(row), "."


def _verdict(row: Building) -> str | Tells:
    if row["eligible_cable"] is None:
        return "câble non vérifié"
    if row["eligible_cable"] is False:
        return "sans objet (pas de câble)"
    if row["seuil"] is None:
        return "seuil non fixé"
    if row["seuil_atteint"]:
        return f"seuil atteint en {french.month(row['seuil_atteint'])}"
    lacking = f"il manque {french.count(_lacking(row), 'accord')}"
    return Tells(lacking, (_agreeing(row),), "seuil pas encore atteint")


def _common_threshold(open_ones: Sequence[Building]) -> tuple[str, float] | None:
    """The threshold as a share, when it is the same for all these buildings."""
    shares = {round(100 * row["seuil"] / row["nb_logements"], 1) for row in open_ones if row["seuil"] is not None}
    if len(shares) != 1:
        return None
    return "Seuil d’accord", shares.pop()


def _oddities(buildings: Sequence[Building]) -> Iterator[Callout]:
    early = [
        row for row in buildings if row["mises_en_service"] and row["seuil"] is not None and not row["seuil_atteint"]
    ]
    for row in early:
        yield Callout(
            phrase(
                f"{row['code_immeuble']} compte ",
                _in_service(row),
                " alors que son seuil d’accord n’est pas atteint : à expliquer.",
            ),
            "attention",
        )


def _in_service(row: Building) -> People:
    return People(row["mises_en_service"], "mise en service", "mises en service")


def _building_table(buildings: Sequence[Building]) -> Table:
    return Table(
        caption="Immeuble par immeuble",
        headings=("Immeuble", "Bailleur", "Logements", "Accords", "Où en est l’accord", "Mises en service"),
        rows=tuple(_row(row) for row in buildings),
        note="Le seuil d’accord est fixé par la Métropole, immeuble par immeuble.",
        numeric=(2, 3, 5),
    )


def _row(row: Building) -> tuple[Any, ...]:
    told_yet = row["dernier_mois"] is not None
    concerned = row["eligible_cable"] is not False
    missing = "non renseigné" if concerned else "sans objet"
    return (
        row["code_immeuble"],
        row["bailleur"],
        french.number(row["nb_logements"]),
        _agreed(row) if told_yet and concerned else missing,
        _verdict(row),
        _in_service(row) if told_yet and concerned else missing,
    )


def _neighbours(report: Report, buildings: Sequence[Building]) -> Iterator[Heading | Prose | Chart | Callout]:
    meetings = [row for row in report.rows("concertations") if row["date"] <= report.until]
    yield Heading("Les voisins")
    if not meetings:
        yield Callout("Aucune réunion d’habitants n’est encore renseignée : le jeu « concertations » est à déposer.")
        return
    people = sum(row["participants"] for row in meetings)
    present = People(people, "participation")
    mean = f", soit {french.number(people / len(meetings))} personnes en moyenne par réunion"
    helped = (" Des voisins relais ont fait ", Figure("IF2", "tour d’étages", "tours d’étages"), ".")
    yield Prose(
        phrase(
            f"{french.count(len(meetings), 'réunion', 'réunions')}, ",
            present,
            Tells(mean, (present,), ""),
            ".",
            *(helped if known(report.figure("IF2")) else ()),
        )
    )
    by_building = _participations(meetings)
    if len(by_building) > 1:
        yield _meeting_chart(by_building, buildings)


def _participations(meetings: Sequence[dict[str, Any]]) -> list[tuple[str, float | None]]:
    counted: dict[str, float] = defaultdict(float)
    for row in meetings:
        counted[row["code_immeuble"] or "Plusieurs immeubles"] += row["participants"]
    return sorted(counted.items())


def _meeting_chart(by_building: list[tuple[str, float | None]], buildings: Sequence[Building]) -> Chart:
    without = sorted({row["code_immeuble"] for row in buildings if row["eligible_cable"]} - dict(by_building).keys())
    alone = f" ; aucune réunion propre à {french.listing(without)}" if without else ""
    counts = [(code, People(value, "participation")) for code, value in by_building]
    return Chart(
        kind="bars",
        categories=tuple(code for code, _ in by_building),
        series=(Series("Participations", tuple(value for _, value in counts), "axis2"),),
        conclusion=phrase(_crowds_say(by_building), alone),
        alternative=phrase("Participations aux réunions d’habitants, par immeuble. ", told(counts), "."),
        unit="participations",
        source=SOURCE,
    )


def _crowds_say(by_building: list[tuple[str, float | None]]) -> Phrase | str:
    most = max(value or 0 for _, value in by_building)
    first = [code for code, value in by_building if value == most]
    verb = "réunit" if len(first) == 1 else "réunissent"
    each = "" if len(first) == 1 else " chacun"
    return phrase(f"{french.listing(first)} {verb} le plus de monde : ", People(most, "participation"), each)


def _machines(report: Report) -> Iterator[Heading | Prose | KeyFigures | Callout]:
    given = report.figure("EQ5a")
    yield Heading("Les machines")
    if known(given) is None:
        yield Callout("Aucune machine n’est encore renseignée : le jeu « matériel » est à déposer.")
        return
    if not known(given) and known_base(given) == 0:
        yield Prose("Aucune machine n’est encore arrivée d’Anonymal.")
        return
    waiting = left(known_base(given), known(given))
    rest = f" ; {french.count(waiting, 'attend', 'attendent')} une famille ou un étudiant" if waiting else ""
    yield Prose(
        f"{french.sentence(said(given, 'ordinateur remis', 'ordinateurs remis')).rstrip('.')}, "
        f"sur {_received(known_base(given))} d’Anonymal{rest}."
    )
    yield KeyFigures(("EQ5a", "EQ5b", "EQ7"))


def _received(number: float | None) -> str:
    """« 28 reçus » as words of a sentence, when the number is known."""
    return "un nombre non renseigné de machines reçues" if number is None else f"{french.number(number)} reçus"
