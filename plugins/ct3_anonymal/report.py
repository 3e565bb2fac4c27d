"""The page of Pays Salonais: the machines are ready; the page asks who they are for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from core import (
    BUILDINGS,
    Callout,
    Chart,
    Figure,
    Heading,
    KeyFigures,
    People,
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
    rate,
    said,
    share,
    so_far,
    told,
    written,
)

SOURCE = "Relevés d’Anonymal, jeux « matériel » et « diagnostics »"


def page(report: Report) -> Iterator[Heading | Prose | KeyFigures | Chart | Table | Callout]:
    """The blocks, in reading order; an experiment without data is told what to do first."""
    yield Heading("Des machines prêtes, et pour qui")
    if known(report.figure("EQ1a")) is None and known(report.figure("EQ5a")) is None:
        yield Callout(
            "Aucune machine n’est encore renseignée. Pour commencer, Anonymal dépose le jeu « matériel » : "
            "tant qu’une machine n’a pas de lieu, la colonne « affectation » dit qu’elle est pour le Pays Salonais."
        )
        return
    yield Prose(_summary(report))
    yield KeyFigures(("EQ1a", "EQ5a", "EQ11", "EQ7", "AC6"))
    yield _where_they_are(report)
    yield from _bottleneck(report)
    yield from _need(report)
    yield from _month_by_month(report)
    yield from _buildings(report)


def _summary(report: Report) -> str:
    received = said(report.figure("EQ1a"), "ordinateur reçu", "ordinateurs reçus")
    handed_over = said(report.figure("EQ5a"), "ordinateur remis", "ordinateurs remis")
    day = as_of([report.figure("EQ1a"), report.figure("EQ5a")], report.until)
    return (
        f"Au {french.day(day)}, {received} pour Salon-de-Provence et {handed_over}. "
        "L’atelier est celui du Pays d’Aix : les machines en partent déjà reconditionnées."
    )


def _where_they_are(report: Report) -> Chart:
    codes = {
        "Remis à Salon": "EQ5a",
        "Prêts, sans bénéficiaire": "EQ11",
        "Transférés ailleurs": "EQ14a",
        "Recyclés": "EQ15a",
    }
    steps = [(name, known(report.figure(code))) for name, code in codes.items()]
    tested, refurbished = known(report.figure("EQ2")), known(report.figure("EQ3"))
    steps.append(("En réparation", left(tested, refurbished, dict(steps)["Recyclés"])))
    steps.append(("À tester", left(known(report.figure("EQ1a")), tested)))
    return Chart(
        kind="bars",
        categories=tuple(name for name, _ in steps),
        series=(Series("Ordinateurs", tuple(value for _, value in steps), "axis1"),),
        conclusion=_where_says(steps),
        alternative=f"Où sont les ordinateurs reçus pour le Pays Salonais. {told(steps)}.",
        unit="ordinateurs",
        source=SOURCE,
    )


def _where_says(steps: list[tuple[str, float | None]]) -> str:
    (_, handed_over), (_, ready) = steps[:2]
    if handed_over is None or ready is None:
        return "Le chemin des machines n’est pas encore tout à fait renseigné"
    if ready:
        return (
            f"{french.count(ready, 'ordinateur prêt attend', 'ordinateurs prêts attendent')} un bénéficiaire, "
            f"pour {french.count(handed_over, 'remis', 'remis')}"
        )
    return f"Aucun ordinateur prêt n’attend : {french.count(handed_over, 'est remis', 'sont remis')}"


def _bottleneck(report: Report) -> Iterator[Callout]:
    ready, given = known(report.figure("EQ11")), known(report.figure("EQ5a"))
    if not ready or given is None:
        return
    months = so_far(report.by_month("EQ5a"), report.until)
    before = known(months[-4]) if len(months) > 3 else 0.0
    quarter = left(given, before)
    if quarter and ready > quarter:
        yield Callout(
            f"Il y a plus de machines prêtes ({french.number(ready)}) que de remises au cours des trois derniers mois "
            f"({french.number(quarter)}) : c’est le repérage des familles qui retient les machines, pas l’atelier.",
            "attention",
        )


def _need(report: Report) -> Iterator[Heading | Prose]:
    cover = report.figure("EQ6")
    yield Heading("Le besoin et la réponse")
    diagnosed = Figure("AC6", "diagnostic")
    needs, families = known_base(cover), known(cover)
    if not needs:
        yield Prose(phrase(diagnosed, ". Les besoins d’équipement ne sont pas encore renseignés."))
        return
    found = People(needs, "besoin d’équipement", "besoins d’équipement")
    met = People(families or 0, "ordinateur remis", "ordinateurs remis")
    yield Prose(
        phrase(
            diagnosed,
            " ont révélé ",
            found,
            " ; ",
            met,
            " à des familles y répondent",
            Tells(f" ({french.percent(100 * (families or 0) / needs)})", (found, met), ""),
            ". Ce sont deux comptes : aucune personne n’est suivie.",
        )
    )


def _month_by_month(report: Report) -> Iterator[Chart]:
    months = so_far(report.by_month("EQ5a"), report.until)
    values = tuple(known(found) for found in months)
    if len(months) < 2 or not any(values):
        return
    days = [found.month for found in months if found.month]
    target = report.figure("EQ5a").standing.target
    yield Chart(
        kind="steps",
        categories=tuple(french.short_month(day) for day in days),
        series=(Series("Remis, depuis le début", values, "axis1"),),
        conclusion=_pace(values, target.value if target else None),
        alternative=(
            "Ordinateurs remis à Salon-de-Provence, cumulés de mois en mois, "
            f"de {french.month(days[0])} à {french.month(days[-1])} : {written(values[-1])} à la fin."
        ),
        unit="ordinateurs, cumul",
        source=SOURCE,
        reference=("Objectif du comité", target.value) if target else None,
    )


def _pace(values: tuple[float | None, ...], target: float | None) -> str:
    if target is None:
        return f"{written(values[-1])} ordinateurs remis ; le comité n’a pas fixé d’objectif"
    return f"Salon atteint {rate(values[-1], target, 'de son objectif de remises')}"


def _buildings(report: Report) -> Iterator[Heading | Prose | Table]:
    rows = sorted(report.of_derived(BUILDINGS), key=lambda row: row["code_immeuble"])
    yield Heading("Les immeubles de Salon")
    if not rows:
        yield Prose("Aucun immeuble de Salon n’est encore renseigné : le diagnostic du câble est à déposer.")
        return
    yield Prose(_buildings_say(rows))
    yield Table(
        caption="Immeubles de Salon : accords et mises en service",
        headings=("Immeuble", "Logements", "Accords", "Mises en service"),
        rows=tuple(_building(row) for row in rows),
        numeric=(1, 2, 3),
    )


def _buildings_say(rows: list[dict[str, Any]]) -> str:
    followed = french.count(len(rows), "immeuble suivi", "immeubles suivis")
    judged = [row for row in rows if row["eligible_cable"] and row["seuil"] is not None]
    if not judged:
        return f"{followed} ; le seuil d’accord n’est fixé pour aucun d’eux."
    reached = [row for row in judged if row["seuil_atteint"]]
    when = [f"{row['code_immeuble']} depuis {french.month(row['seuil_atteint'])}" for row in reached]
    named = f" ({french.listing(when)})" if when else ""
    return f"{followed} ; {share(len(reached), len(judged))} au seuil d’accord{named}."


def _building(row: dict[str, Any]) -> tuple[Any, ...]:
    dwellings = french.number(row["nb_logements"])
    if row["eligible_cable"] is False:
        return row["code_immeuble"], dwellings, "sans objet (pas de câble)", "sans objet"
    if row["dernier_mois"] is None:
        return row["code_immeuble"], dwellings, "non renseigné", "non renseigné"
    return (
        row["code_immeuble"],
        dwellings,
        Share(People(row["accords"], "accord"), row["nb_logements"]),
        People(row["mises_en_service"], "mise en service"),
    )
