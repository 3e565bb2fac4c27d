"""Which table each sheet of a workbook fills, told by its headings: the first thing asked of a whole workbook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.domain.dataset import Dataset
from core.domain.french import fold
from core.errors import FileRefused
from core.reading import headings, reader

_LOOKED = 4
_CLEAR = 1.0
"""By how many headings one table must win over the next, when the sheet's name does not say."""


@dataclass(frozen=True, slots=True)
class SheetFound:
    """One sheet: its name (None for a CSV) and the tables that it may fill, the likeliest first.

    ``sure``: every required column of the first is there, and no other table is as likely.
    """

    sheet: str | None
    tables: tuple[str, ...] = ()
    sure: bool = False

    @property
    def table(self) -> str | None:
        """The table that it fills, when that is sure."""
        return self.tables[0] if self.sure else None


def match_sheets(
    data: bytes,
    name: str,
    datasets: Sequence[Dataset],
    *,
    matching: Mapping[str, Mapping[str, str]] | None = None,
) -> tuple[SheetFound, ...]:
    """For each sheet of a file, the tables that it may fill; ``matching`` gives the headings learnt, by table.

    Raises FileRefused when the file cannot be opened.
    """
    learnt = matching or {}
    heads = reader.heads(data, name)
    return tuple(_found(sheet, head, datasets, learnt) for sheet, head in heads.items())


def _found(
    sheet: str | None,
    heads: Sequence[Sequence[Sequence[str]]],
    datasets: Sequence[Dataset],
    learnt: Mapping[str, Mapping[str, str]],
) -> SheetFound:
    plain = [(_score(heads, sheet, one, learnt.get(one.code), close=False), one) for one in datasets]
    # Near spellings are long to look for: among the likeliest tables only.
    first = sorted((found for found in plain if found[0][1] > -1), key=lambda found: found[0], reverse=True)[:_LOOKED]
    scored = [(_score(heads, sheet, one, learnt.get(one.code), close=True), one.code) for _, one in first]
    likely = sorted((found for found in scored if found[0][1] >= 1), reverse=True)
    whole = [score for (complete, score), _ in likely if complete]
    sure = bool(whole) and (len(whole) == 1 or whole[0] - whole[1] >= _CLEAR)
    return SheetFound(sheet, tuple(code for _, code in likely), sure)


def _score(
    heads: Sequence[Sequence[Sequence[str]]],
    sheet: str | None,
    dataset: Dataset,
    learnt: Mapping[str, str] | None,
    *,
    close: bool,
) -> tuple[bool, float]:
    """Whether nothing required is missing, and how many headings are understood, the sheet's name helping."""
    best = (False, -1.0)
    for head in heads:
        matched = headings.find(head, dataset, learnt, close=close)
        if matched is None:
            continue
        strange = len(matched.unknown)
        score = len(matched.columns) - 0.5 * len(matched.guessed) - 0.5 * strange + _named(sheet, dataset)
        best = max(best, (not headings.missing_columns(matched, dataset), score))
    return best


def _named(sheet: str | None, dataset: Dataset) -> float:
    """A sheet that bears the name of the table: « Dépenses » for « Dépenses à date »."""
    if sheet is None:
        return 0.0
    said, title = fold(sheet), fold(dataset.title)
    same = said in (title, fold(dataset.code)) or (len(said) > 3 and title.startswith(said))
    return 2.0 if same else 0.0


def refuse_nothing(found: Sequence[SheetFound], datasets: Sequence[Dataset]) -> None:
    """Raise FileRefused when no sheet holds the headings of any table."""
    if not any(one.tables for one in found):
        titles = ", ".join(f"« {one.title} »" for one in datasets[:6])
        raise FileRefused(
            f"Aucun onglet n’a les titres d’un de vos tableaux ({titles}, …). "
            "Ouvrez la page d’un tableau : elle dit les titres attendus et donne son modèle."
        )
