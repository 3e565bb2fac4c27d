"""The page of Pays de Martigues: what a team of two has done, and what is waited for."""

from __future__ import annotations

from collections.abc import Iterator

from core import (
    BUILDINGS,
    Callout,
    Chart,
    Figure,
    Heading,
    KeyFigures,
    Missing,
    Observation,
    People,
    Phrase,
    Prose,
    Report,
    Series,
    Share,
    Table,
    counted,
    covered_until,
    french,
    known,
    listed,
    not_yet,
    phrase,
    rate,
    said,
    told,
    waited_for,
    written,
)

SOURCE = "Relevés de Point Formation"
FEW = ("EQ5a", "CO5", "AC6", "TR2")


def page(report: Report) -> Iterator[Heading | Prose | KeyFigures | Chart | Table | Callout]:
    """The blocks, in reading order; the relevé that is waited for comes first."""
    yield Heading("L’essentiel")
    yield from _waited(report)
    if all(known(report.figure(code)) is None for code in FEW):
        yield Callout(
            "Rien n’est encore déposé. Un seul fichier suffit pour commencer : « diagnostics », une ligne par lieu "
            "et par mois. Quand il n’y a rien à dire, « Rien à déclarer ce trimestre » suffit aussi."
        )
        return
    yield Prose(_summary(report))
    yield KeyFigures(FEW)
    yield from _quarter_by_quarter(report)
    yield from _two_towns(report)
    yield from _pass(report)


def _waited(report: Report) -> Iterator[Callout]:
    figures = [report.figure(code) for code in FEW]
    since, covered = waited_for(figures), covered_until(figures)
    if since is None:
        return
    words = f"Le relevé est attendu depuis le {french.day(since)}."
    if covered:
        words += f" Les chiffres de cette page s’arrêtent au {french.day(covered)}."
    yield Callout(words, "attention")


def _summary(report: Report) -> Phrase | str:
    handed_over = said(report.figure("EQ5a"), "ordinateur remis", "ordinateurs remis")
    diagnosed = Figure("AC6", "diagnostic mené", "diagnostics menés")
    connected = Figure("CO5", "foyer connecté", "foyers connectés")
    waiting = known(report.figure("EQ11"))
    still = french.count(waiting or 0, "ordinateur attend", "ordinateurs attendent")
    return phrase(
        listed([handed_over, diagnosed, connected]),
        ".",
        f" {still} un bénéficiaire sur place." if waiting else "",
    )


def _quarter_by_quarter(report: Report) -> Iterator[Table]:
    codes = {"Ordinateurs remis": "EQ5a", "Diagnostics": "AC6", "Foyers connectés": "CO5"}
    found = {name: list(report.by_period(code)) for name, code in codes.items()}
    periods = [one.period for one in next(iter(found.values())) if one.period and one.period.end <= report.until]
    if not periods:
        return
    cells = {(name, one.period): _cell(one, name) for name, ones in found.items() for one in ones}
    yield Table(
        caption="Trimestre par trimestre",
        headings=("Ce qui est compté", *(period.label for period in periods)),
        rows=tuple((name, *(cells.get((name, period), "non renseigné") for period in periods)) for name in codes),
        note="« non renseigné » : rien n’est encore déposé pour ce trimestre ; ce n’est pas zéro.",
        numeric=tuple(range(1, len(periods) + 1)),
    )


def _cell(one: Observation, name: str) -> People | str:
    if one.missing_because is Missing.NOT_APPLICABLE:
        return "sans objet"
    number = counted(one, name.lower())
    return number if isinstance(number, People) else written(number)


def _two_towns(report: Report) -> Iterator[Chart]:
    counts = {found.place: known(found) for found in report.by_place("EQ5a")}
    towns = [(place.name, counts.get(place.code)) for place in report.experiment.places]
    if not any(value for _, value in towns):
        return
    none = [name for name, value in towns if value == 0]
    first = french.extreme((name, value or 0) for name, value in towns)
    takes = first.verb("reçoit", "reçoivent chacune")
    share = rate(first.value, sum(value or 0 for _, value in towns), "des ordinateurs remis")
    given = report.figure("EQ5a")
    conclusion = (
        f"Toutes les remises ont eu lieu à {first.names} ; {not_yet(given, report.until)} à {french.listing(none)}"
        if none
        else f"{first.names} {takes} {share}"
    )
    yield Chart(
        kind="bars",
        categories=tuple(name for name, _ in towns),
        series=(Series("Ordinateurs remis", tuple(value for _, value in towns), "axis1"),),
        conclusion=conclusion,
        alternative=f"Ordinateurs remis par ville. {told(towns)}.",
        unit="ordinateurs remis",
        source=SOURCE,
    )


def _pass(report: Report) -> Iterator[Heading | Prose | Table | Callout]:
    rows = sorted(report.of_derived(BUILDINGS), key=lambda row: row["code_immeuble"])
    yield Heading("Les immeubles de Martigues")
    if not rows:
        yield Prose("Aucun immeuble n’est encore renseigné.")
        return
    if any(row["eligible_cable"] and row["seuil"] is None for row in rows):
        yield Callout(
            "Le seuil d’accord n’est pas fixé pour ces immeubles : la part d’accords est donnée, sans verdict.",
            "question",
        )
    yield Table(
        caption="Accords et mises en service, par immeuble",
        headings=("Immeuble", "Mode", "Accords", "Mises en service"),
        rows=tuple(
            (
                row["code_immeuble"],
                row["mode"] or "non renseigné",
                Share(People(row["accords"], "accord"), row["nb_logements"])
                if row["dernier_mois"]
                else "non renseigné",
                People(row["mises_en_service"] if row["dernier_mois"] else None, "mise en service"),
            )
            for row in rows
        ),
        numeric=(2, 3),
    )
