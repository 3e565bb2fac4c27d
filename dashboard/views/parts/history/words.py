"""A deposit in words: what was done, by whom, when, on how many rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from core.domain import french
from core.domain.dataset import Dataset
from core.domain.local_time import FRANCE
from core.services import batches, editing
from core.services.reading import heading
from core.storage.deposits import NOTHING, UNDO, UPGRADE, Deposit
from core.storage.diff import CellChange
from dashboard.components import link, table
from dashboard.context import Context

DONE = {
    "import": "Dépôt d’un fichier",
    "saisie": "Saisie",
    editing.ACTION: "Correction",
    batches.ACTION: "Saisie par lot",
    NOTHING: "Rien à déclarer",
    UNDO: "Annulation",
    UPGRADE: "Mise à niveau du tableau",
}
"""What each kind of deposit is called."""
BLANK = "(vide)"


def what(deposit: Deposit) -> str:
    """« Dépôt d’un fichier », « Annulation »."""
    return DONE.get(deposit.action, deposit.action.capitalize())


def when(deposit: Deposit) -> str:
    """« 4 juillet 2022 à 9 h 12 », in France."""
    return french.moment(deposit.at.astimezone(FRANCE))


def who(context: Context, deposit: Deposit) -> str:
    """« Karim, pour le compte d’Anonymal »."""
    if deposit.on_behalf_of is None:
        return deposit.actor
    return f"{deposit.actor}, pour le compte {french.of(context.registry.association(deposit.on_behalf_of).name)}"


def counted(deposit: Deposit) -> str:
    """« 12 lignes ajoutées et 3 modifiées »; what else became of it when no row changed."""
    numbers = ((deposit.added, "ajoutée"), (deposit.changed, "modifiée"), (deposit.removed, "retirée"))
    told = [(number, word) for number, word in numbers if number]
    if told:
        (first, word), *others = told
        start = french.count(first, f"ligne {word}", f"lignes {word}s")
        return french.listing([start, *(french.count(number, other) for number, other in others)])
    return deposit.period or "" if deposit.declares_nothing else "aucune ligne changée"


def cells_table(
    dataset: Dataset, cells: Sequence[CellChange], *, caption: str, row_history: Callable[[str], str] | None = None
) -> Any:
    """From which value to which, cell by cell; ``row_history`` puts the row of each first, linked to its own.

    A side on which every cell is blank (a row that comes or goes) is left out.
    """
    told = [one for one in cells if one.column in dataset.by_name]
    sides = [
        (title, values)
        for title, values in (("Avant", [one.before for one in told]), ("Après", [one.after for one in told]))
        if any(value is not None for value in values)
    ]
    body = [
        [
            *([link(one.key, row_history(one.key), quiet=True)] if row_history else []),
            heading(one.column, dataset),
            *(shown(dataset, one.column, values[at]) for _, values in sides),
        ]
        for at, one in enumerate(told)
    ]
    headings = [*(["Ligne"] if row_history else []), "Colonne", *(title for title, _ in sides)]
    return table(caption, headings, body, hide_caption=True) if body else None


def shown(dataset: Dataset, column: str, value: Any) -> str:
    """A value as it is read on screen."""
    return BLANK if value is None else dataset.by_name[column].kind.show(value)
