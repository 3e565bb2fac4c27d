"""The page of Pays d’Aix: the way of the machines, the three towns, then the buildings of Aix."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from core import (
    BUILDINGS,
    Callout,
    Cell,
    Chart,
    Heading,
    KeyFigures,
    People,
    Phrase,
    Prose,
    Report,
    Series,
    Share,
    Table,
    as_of,
    french,
    known,
    known_base,
    left,
    not_yet,
    phrase,
    rate,
    said,
    share,
    so_far,
    told,
    written,
)

SOURCE = "Relevés d’Anonymal, jeu « matériel »"


@dataclass(frozen=True, slots=True)
class Machines:
    """How many computers reached each step; None where nothing is known."""

    received: float | None
    tested: float | None
    refurbished: float | None
    handed_over: float | None
    recycled: float | None
    transferred: float | None
    ready: float | None

    @classmethod
    def of(cls, report: Report) -> Machines:
        """The steps as the indicators count them."""
        codes = ("EQ1a", "EQ2", "EQ3", "EQ5a", "EQ15a", "EQ14a", "EQ11")
        return cls(*(known(report.figure(code)) for code in codes))

    @property
    def unknown(self) -> bool:
        """Whether nothing was handed in about machines."""
        return self.received is None and self.handed_over is None

    @property
    def to_test(self) -> float | None:
        """Received, and not tested yet."""
        return left(self.received, self.tested)

    @property
    def in_repair(self) -> float | None:
        """Tested, and neither refurbished nor recycled yet."""
        return left(self.tested, self.refurbished, self.recycled)


def page(report: Report) -> Iterator[Heading | Prose | KeyFigures | Chart | Table | Callout]:
    """The blocks, in reading order; an experiment without data is told what to do first."""
    machines = Machines.of(report)
    yield Heading("Le chemin des machines")
    if machines.unknown:
        yield Callout(
            "Aucune machine n’est encore renseignée. Pour commencer, Anonymal dépose le jeu « matériel » : "
            "une ligne par ordinateur ou par écran, avec son numéro d’inventaire et son statut."
        )
        return
    yield Prose(_summary(report, machines))
    yield KeyFigures(("EQ1a", "EQ5a", "EQ3", "EQ9", "EQ4"))
    yield _funnel(machines)
    yield _waiting(machines)
    yield from _conformity(report)
    yield from _towns(report)
    yield from _over_time(report)
    yield from _buildings(report)


def _summary(report: Report, machines: Machines) -> Phrase | str:
    families = known(report.figure("EQ6"))
    students = left(machines.handed_over, families)
    whom: tuple[Any, ...] = ()
    if machines.handed_over and families is not None and students is not None:
        whom = (" (", People(families, "famille"), ", ", People(students, "étudiant"), ")")
    onward = ""
    if machines.transferred:
        moved = french.count(machines.transferred, "ordinateur est parti", "ordinateurs sont partis")
        onward = f" Du même atelier, {moved} vers d’autres associations du programme."
    handed_over = said(report.figure("EQ5a"), "ordinateur remis", "ordinateurs remis")
    received = said(report.figure("EQ1a"), "ordinateur reçu", "ordinateurs reçus")
    day = as_of([report.figure("EQ1a"), report.figure("EQ5a")], report.until)
    told_first = f"Au {french.day(day)}, {received} de la Métropole et {handed_over}"
    return phrase(told_first, *whom, f".{onward}")


def _funnel(machines: Machines) -> Chart:
    steps = (
        ("Reçus", machines.received),
        ("Testés", machines.tested),
        ("Reconditionnés", machines.refurbished),
        ("Remis au Pays d’Aix", machines.handed_over),
        ("Transférés ailleurs", machines.transferred),
    )
    return Chart(
        kind="bars",
        categories=tuple(name for name, _ in steps),
        series=(Series("Ordinateurs", tuple(value for _, value in steps), "axis1"),),
        conclusion=_funnel_says(machines),
        alternative=f"Nombre d’ordinateurs à chaque étape. {told(steps)}.",
        unit="ordinateurs",
        source=SOURCE,
    )


def _funnel_says(machines: Machines) -> str:
    if not machines.tested:
        return "Les machines arrivent ; les tests ne sont pas encore renseignés"
    return f"L’atelier remet en état {rate(machines.refurbished, machines.tested, 'des ordinateurs testés')}"


def _waiting(machines: Machines) -> Table:
    rows = (
        ("À tester", machines.to_test, "Reçus, pas encore essayés"),
        ("À réparer ou en attente de pièces", machines.in_repair, "Testés, ni reconditionnés ni recyclés"),
        ("Prêts, sans bénéficiaire", machines.ready, "Reconditionnés, encore chez Anonymal"),
    )
    return Table(
        caption="Les ordinateurs qui attendent, et ce qu’ils attendent",
        headings=("Étape", "Ordinateurs", "Ce que cela veut dire"),
        rows=tuple((name, written(value), meaning) for name, value, meaning in rows),
        numeric=(1,),
    )


def _conformity(report: Report) -> Iterator[Callout]:
    rule = report.figure("EQ7")
    outside = left(known_base(rule), known(rule))
    if outside:
        yield Callout(
            phrase(
                People(outside, "remise a été faite", "remises ont été faites"),
                " à une famille qui habite hors d’un quartier prioritaire, ou dont le quartier n’est pas renseigné. "
                "La délibération réserve le matériel aux étudiants et aux familles des quartiers prioritaires.",
            ),
            "attention",
        )
    sold = known(report.figure("EQ8"))
    if sold:
        yield Callout(
            f"{french.count(sold, 'remise porte', 'remises portent')} un prix : la délibération exclut toute revente.",
            "attention",
        )


def _towns(report: Report) -> Iterator[Heading | Chart]:
    counts = {found.place: known(found) for found in report.by_place("EQ5a")}
    towns = [(place.name, counts.get(place.code)) for place in report.experiment.places]
    yield Heading(f"{french.in_words(len(towns)).capitalize()} villes")
    yield Chart(
        kind="bars",
        categories=tuple(name for name, _ in towns),
        series=(Series("Ordinateurs remis", tuple(value for _, value in towns), "axis1"),),
        conclusion=_towns_say(towns, report.figure("EQ5a"), report.until),
        alternative=f"Ordinateurs remis par ville. {told(towns)}.",
        unit="ordinateurs remis",
        source=SOURCE,
    )


def _towns_say(towns: list[tuple[str, float | None]], given: Cell, until: date) -> str:
    known_towns = [(name, value) for name, value in towns if value]
    if not known_towns:
        if all(value is None for _, value in towns):
            return "Les remises par ville ne sont pas encore renseignées"
        return f"{french.sentence(not_yet(given, until)).rstrip('.')} dans les {french.in_words(len(towns))} villes"
    first = french.extreme(known_towns)
    total = sum(value for _, value in known_towns)
    takes = first.verb("reçoit", "reçoivent chacune")
    said_first = f"{first.names} {takes} {rate(first.value, total, 'des ordinateurs remis')}"
    without = [name for name, value in towns if value == 0]
    return f"{said_first} ; {not_yet(given, until)} à {french.listing(without)}" if without else said_first


def _over_time(report: Report) -> Iterator[Chart]:
    months = so_far(report.by_month("EQ5a"), report.until)
    handed_over = tuple(known(found) for found in months)
    ready = tuple(known_base(found) for found in months)
    if len(months) < 2 or not any(handed_over + ready):
        return
    days = [found.month for found in months if found.month]
    gap = left(ready[-1], handed_over[-1])
    yield Chart(
        kind="line",
        categories=tuple(french.short_month(day) for day in days),
        series=(
            Series("Prêts sur place, remis compris", ready, "muted"),
            Series("Remis, depuis le début", handed_over, "axis1"),
        ),
        conclusion=_rhythm(handed_over, gap),
        alternative=(
            "Ordinateurs prêts sur place, remis compris, et ordinateurs remis, de mois en mois, "
            f"de {french.month(days[0])} à {french.month(days[-1])}. "
            f"À la fin : {written(ready[-1])} prêts, {written(handed_over[-1])} remis."
        ),
        unit="ordinateurs, à la fin du mois",
        source=SOURCE,
        reference=_target(report),
    )


def _rhythm(handed_over: tuple[float | None, ...], gap: float | None) -> str:
    quarter = left(handed_over[-1], handed_over[-4] if len(handed_over) > 3 else 0)
    rhythm = f"{french.count(quarter or 0, 'ordinateur remis', 'ordinateurs remis')} sur les trois derniers mois"
    if gap:
        return f"{rhythm} ; {french.count(gap, 'autre est prêt et attend', 'autres sont prêts et attendent')}"
    return rhythm


def _target(report: Report) -> tuple[str, float] | None:
    target = report.figure("EQ5a").standing.target
    return ("Objectif du comité", target.value) if target else None


def _buildings(report: Report) -> Iterator[Heading | Prose | Table]:
    rows = sorted(report.of_derived(BUILDINGS), key=lambda row: row["code_immeuble"])
    yield Heading("Les immeubles d’Aix")
    if not rows:
        yield Prose("Aucun immeuble d’Aix n’est encore renseigné : le diagnostic du câble est à déposer.")
        return
    judged = [row for row in rows if row["eligible_cable"] and row["seuil"] is not None]
    reached = [row["code_immeuble"] for row in judged if row["seuil_atteint"]]
    verdict = f"{share(len(reached), len(judged))} au seuil d’accord" if judged else "seuil d’accord non fixé"
    named = f" : {french.listing(reached)}" if reached else ""
    yield Prose(f"{french.count(len(rows), 'immeuble suivi', 'immeubles suivis')}, {verdict}{named}.")
    yield Table(
        caption="Immeubles d’Aix : accords et mises en service",
        headings=("Immeuble", "Logements", "Éligible au câble", "Accords", "Mises en service"),
        rows=tuple(_building(row) for row in rows),
        numeric=(1, 3, 4),
    )


def _building(row: dict[str, Any]) -> tuple[Any, ...]:
    eligible = {True: "oui", False: "non", None: "non renseigné"}[row["eligible_cable"]]
    if row["eligible_cable"] is False:
        return row["code_immeuble"], french.number(row["nb_logements"]), eligible, "sans objet", "sans objet"
    told_yet = row["dernier_mois"] is not None
    agreed = Share(People(row["accords"], "accord"), row["nb_logements"]) if told_yet else "non renseigné"
    in_service = People(row["mises_en_service"], "mise en service") if told_yet else "non renseigné"
    return row["code_immeuble"], french.number(row["nb_logements"]), eligible, agreed, in_service
