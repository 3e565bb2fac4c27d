"""The page: who leaves able to do it again, how long communes wait, where nobody went yet."""

from __future__ import annotations

from collections.abc import Iterator

from core import (
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
    as_of,
    french,
    known,
    known_base,
    listed,
    phrase,
    told,
    written,
)

SOURCE = "Relevés du Relais numérique, jeu « Permanences »"


def page(report: Report) -> Iterator[Heading | Prose | KeyFigures | Chart | Table | Callout]:
    """The blocks, in reading order."""
    yield Heading("Les permanences")
    held = [row for row in report.rows("permanences") if row["tenue_le"] and row["tenue_le"] <= report.until]
    if not held:
        yield Callout(
            "Aucune permanence n’est encore renseignée. Pour commencer, le Relais numérique dépose le jeu "
            "« Permanences » : une ligne par permanence demandée."
        )
        return
    day = french.day(as_of([report.figure("IS3")], report.until))
    yield Prose(
        phrase(
            f"Au {day}, ",
            Figure("IS3", "lieu servi", "lieux servis"),
            f" par {french.count(len(held), 'permanence')} ; ",
            People(sum(row["passages"] for row in held), "passage"),
            ".",
        )
    )
    yield KeyFigures(("IS1", "IS2", "IS3"))
    yield from _autonomy(report)
    yield _waiting(report)


def _autonomy(report: Report) -> Iterator[Chart | Prose]:
    """Place by place, the share of people who can do it again alone; a sentence when only one place told."""
    names = {place.code: place.name for place in report.experiment.places}
    found = [(names.get(one.place or "", "Sans lieu"), one) for one in report.by_place("IS1") if known(one) is not None]
    values = [(name, Share(People(known(one)), People(known_base(one)))) for name, one in found]
    if len(values) > 1:
        yield Chart(
            kind="bars",
            categories=tuple(name for name, _ in values),
            series=(Series("Repartis autonomes", tuple(value for _, value in values), "axis3"),),
            conclusion="Savoir refaire seul ne se répartit pas également",
            alternative=phrase("Part des personnes reparties autonomes. ", told(values), "."),
            unit="% des passages",
            source=SOURCE,
        )
    elif values:
        yield Prose(phrase("Repartis autonomes : ", listed([phrase(f"{values[0][0]} ", values[0][1])]), "."))


def _waiting(report: Report) -> Table:
    waits = {one.place: one for one in report.by_place("IS2")}
    rows = tuple(
        (place.name, written(known(waits[place.code])) if place.code in waits else "non renseigné")
        for place in report.experiment.places
    )
    return Table("Jours d’attente, lieu par lieu", ("Lieu", "Médiane, en jours"), rows, numeric=(1,))
