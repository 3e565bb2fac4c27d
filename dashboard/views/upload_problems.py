"""What is said of a file, bounded: causes first, a few lines of each; every problem is in the file to download."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

import polars as pl

from core.catalogue.keys import KEY
from core.checking import naming
from core.checking.outcome import Outcome
from core.contract import Registry
from core.domain import french
from core.domain.dataset import Column, Dataset, Problem, Repair
from core.reading import Cause, grouped, problem_heading, repair_sentence, sentence
from core.storage.rows import CellChange, Diff
from dashboard.components import Child, Html, bullets, fold, join, note, section, table, tag
from dashboard.components.html import classes

_LOOKED_AT = 100_000
CAUSES, LINES, REPAIRS = 12, 6, 12
"""At most on screen: causes, lines of one cause, writings understood otherwise."""


@dataclass(frozen=True)
class CauseGroup:
    """One cause and the sentences of its first lines."""

    cause: Cause
    sentences: tuple[str, ...]

    @property
    def more(self) -> int:
        """How many lines are not written out."""
        return self.cause.count - len(self.sentences)


@dataclass(frozen=True)
class ProblemsAccount:
    """The bounded account of a file, made once: errors, warnings and repairs."""

    errors: tuple[CauseGroup, ...] = ()
    warnings: tuple[CauseGroup, ...] = ()
    repairs: tuple[str, ...] = ()
    repair_count: int = 0

    @classmethod
    def of(cls, outcome: Outcome | None, dataset: Dataset) -> ProblemsAccount:
        """The account of an outcome; empty when the file was refused as a whole."""
        if outcome is None:
            return cls()
        return cls(
            _groups(outcome.errors, dataset),
            _groups(outcome.warnings, dataset),
            _writings(outcome.repairs, dataset),
            len(outcome.repairs),
        )


def _groups(problems: Sequence[Problem], dataset: Dataset) -> tuple[CauseGroup, ...]:
    first = list(islice(problems, _LOOKED_AT))
    found = []
    for cause in grouped(first, dataset):
        members = (one for one in first if (one.code, one.column) == (cause.code, cause.column))
        found.append(CauseGroup(cause, tuple(sentence(one, dataset) for one in islice(members, LINES))))
    return tuple(found)


def _writings(repairs: Sequence[Repair], dataset: Dataset) -> tuple[str, ...]:
    """Each writing once: fifty cells « OUI » are one line."""
    said: dict[tuple[str, str], tuple[Repair, int]] = {}
    for one in islice(repairs, _LOOKED_AT):
        first, count = said.get((one.column, one.found), (one, 0))
        said[one.column, one.found] = (first, count + 1)
    return tuple(_writing(first, count, dataset) for first, count in islice(said.values(), REPAIRS))


def _writing(repair: Repair, count: int, dataset: Dataset) -> str:
    told = repair_sentence(repair, dataset)
    return told if count < 2 else f"{told} ({french.count(count, 'cellule')})"


def errors_part(told: ProblemsAccount, *, level: int = 2) -> Html | None:
    """« À corriger », grouped by cause, the most frequent first."""
    if not told.errors:
        return None
    return section("À corriger", _groups_shown(told.errors), anchor="a-corriger" if level == 2 else None, level=level)


def warnings_part(told: ProblemsAccount) -> Html | None:
    """What is let in, counted and followed up."""
    if not told.warnings:
        return None
    intro = "Ces lignes sont acceptées. La Métropole les verra signalées ; corrigez-les si c’est une erreur."
    return section("Avertissements", _groups_shown(told.warnings, soft=True), intro=intro)


def repairs_part(told: ProblemsAccount) -> Html | None:
    """What was written otherwise and understood, each writing once."""
    if not told.repairs:
        return None
    count = french.count(
        told.repair_count, "cellule écrite autrement, comprise ainsi", "cellules écrites autrement, comprises ainsi"
    )
    more = "Les autres sont comprises de la même façon." if told.repair_count > len(told.repairs) else ""
    return fold(count, bullets(told.repairs), note(more) if more else None)


def _groups_shown(groups: Sequence[CauseGroup], *, soft: bool = False) -> Html:
    shown = [_group(one) for one in groups[:CAUSES]]
    rest = len(groups) - len(shown)
    more = f"Et {french.count(rest, 'autre cause', 'autres causes')}, dans la liste à télécharger."
    return tag(
        "div",
        tag("ul", shown, class_=classes("findings", "findings--warnings" if soft else None)),
        note(more) if rest > 0 else None,
    )


def _group(one: CauseGroup) -> Html:
    if one.cause.count == 1:
        return tag("li", tag("p", one.cause.sentence), class_="finding")
    summary = f"Voir les {french.number(len(one.sentences))} {'premières ' if one.more else ''}lignes"
    more = note(f"Et {french.count(one.more, 'autre ligne', 'autres lignes')}, dans la liste à télécharger.")
    lines = fold(summary, bullets(one.sentences), more if one.more else None, opened=one.cause.count <= LINES)
    return tag("li", tag("p", one.cause.sentence, class_="finding__cause"), lines, class_="finding")


# --- What a deposit would change, row by row: added, changed cell by cell, and the rows that the file no longer has -


ADDED, CHANGED, MISSING = 10, 30, 500
"""At most on screen: rows added, cells changed, rows offered to be removed."""
_COLUMNS = 7


def changes_part(registry: Registry, diff: Diff, dataset: Dataset) -> Html | None:
    """The cells that change, then the rows that are new."""
    if diff.changed.is_empty() and diff.added.is_empty():
        return None
    return section("Ce qui va changer", _changed(registry, diff, dataset), _added(diff, dataset))


def missing_names(registry: Registry, diff: Diff, dataset: Dataset) -> dict[str, str]:
    """The rows that hold and that the file does not have, at most ``MISSING``: their key, and how to recognise them."""
    if diff.missing is None:
        return {}
    return {key: naming.name_of(registry, dataset, key) for key in diff.missing[KEY].head(MISSING)}


def _changed(registry: Registry, diff: Diff, dataset: Dataset) -> Html | None:
    if diff.changed.is_empty():
        return None
    rows = naming.keys_named(registry, dataset, diff.changed.head(CHANGED))
    cells = [one for one in diff.cells(CHANGED) if one.column in dataset.by_name]
    body = [_cell(dataset, one, rows, first=at == 0 or cells[at - 1].key != one.key) for at, one in enumerate(cells)]
    count = french.count(diff.changed.height, "ligne modifiée", "lignes modifiées")
    more = diff.changed.height > CHANGED or len(cells) > CHANGED
    told = f"Les premières cellules modifiées de {count}." if more else ""
    return table(
        f"{count}, cellule par cellule",
        ["Ligne", "Colonne", "Avant", "Après"],
        body[:CHANGED],
        note=told,
        caption_shown=True,
    )


def _cell(dataset: Dataset, change: CellChange, rows: Mapping[str, str], *, first: bool) -> list[Child]:
    """One cell before and after; the name of its row is seen once, and heard each time."""
    name = rows.get(change.key, change.key)
    return [
        name if first else tag("span", name, class_="visually-hidden"),
        _title(dataset, change.column),
        _before(dataset, change.column, change.before),
        _after(dataset, change.column, change.after),
    ]


def _added(diff: Diff, dataset: Dataset) -> Html | None:
    if diff.added.is_empty():
        return None
    columns = [one for one in dataset.columns if _filled(diff.added, one.name)][:_COLUMNS]
    body = [[_shown(one, row[one.name]) for one in columns] for row in diff.added.head(ADDED).iter_rows(named=True)]
    count = french.count(diff.added.height, "ligne nouvelle", "lignes nouvelles")
    rest = diff.added.height - len(body)
    shown = table(count, [one.title for one in columns], body, stacked=False)
    told = note(f"Et {french.count(rest, 'autre ligne', 'autres lignes')}.") if rest > 0 else None
    return fold(f"Voir {_first(diff.added.height)}", join([shown, told]), opened=diff.changed.is_empty())


def _first(count: int) -> str:
    if count == 1:
        return "la ligne nouvelle"
    return (
        f"les {french.number(count)} lignes nouvelles" if count <= ADDED else f"les {ADDED} premières lignes nouvelles"
    )


def _filled(rows: pl.DataFrame, name: str) -> bool:
    return name in rows.columns and rows[name].null_count() < rows.height


def _title(dataset: Dataset, column: str) -> str:
    return french.capital(problem_heading(column, dataset))


def _before(dataset: Dataset, column: str, value: object) -> Html:
    return tag("del", _shown(dataset.by_name[column], value) or "(vide)", class_="before")


def _after(dataset: Dataset, column: str, value: object) -> Html:
    return tag("ins", _shown(dataset.by_name[column], value) or "(vide)", class_="after")


def _shown(column: Column, value: object) -> str:
    return "" if value is None else column.kind.show(value)
