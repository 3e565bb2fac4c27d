"""Rows that a deposit left behind: they wait, in everybody's sight, until corrected or dropped on purpose.

« Garder les lignes valides » stores the good rows of a file; the others are kept here as they were
written, without the columns that were not read, with what is wrong of each. A later deposit that holds
the same row settles it, so does the form, so does « laisser tomber » with its reason. All of it is
entries of the register, so the journal tells it; what a deposit did here goes when it is undone.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import Any

import polars as pl
import sqlalchemy as sa

from core.catalogue.keys import KEY, with_key
from core.checking.judgement import JudgedRows
from core.domain import access, french
from core.domain.access import Action, Actor, On
from core.domain.dataset import Dataset, Problem
from core.domain.programme import METROPOLE
from core.errors import Refused, UnknownName
from core.reading import Reading, sentence
from core.reading.personal import looks_personal
from core.storage import Store, deposits, event_log
from core.storage.event_log import Entry
from core.storage.schema import DataTable
from core.storage.writing import Writing

KIND = "lignes_a_corriger"
"""The kind of the entries that tell of these rows; their subject is « association/dataset »."""
MOST = 5_000
"""Rows kept of one deposit: beyond, the file itself is to be mended."""
_LONGEST = 500
_MOST_READ = 4 * MOST


@dataclass(frozen=True, slots=True)
class WaitingRow:
    """One row left behind: ``texts`` as written, by column; ``reasons`` pairs of a column (or None) and a sentence.

    ``key`` is None when it could not be read; ``line`` is that of the file ``file``, handed in as
    the deposit ``deposit`` on ``at``.
    """

    id: str
    dataset: str
    deposit: int
    at: datetime
    file: str
    line: int
    key: str | None
    texts: Mapping[str, str]
    reasons: tuple[tuple[str | None, str], ...]

    @property
    def wrong(self) -> frozenset[str]:
        """The columns to correct."""
        return frozenset(column for column, _ in self.reasons if column)


def waiting(store: Store, association: str, dataset: str | None = None) -> tuple[WaitingRow, ...]:
    """The rows of an association that wait to be corrected, in one table or in all, the oldest first."""
    made = store.deposits(association=association, dataset=dataset)
    subject = None if dataset is None else _subject(association, dataset)
    entries = [one for one in store.entries(KIND, subject) if one.subject.startswith(f"{association}/")]
    return tuple(_open(entries, _undone(made)))


def counted(store: Store, association: str) -> dict[str, int]:
    """How many rows wait, by table; a table where none waits is not there."""
    found: dict[str, int] = {}
    for one in waiting(store, association):
        found[one.dataset] = found.get(one.dataset, 0) + 1
    return found


def drop(
    store: Store, association: str, dataset: Dataset, ids: Collection[str], reason: str, *, actor: Actor, at: datetime
) -> None:
    """Give up rows that wait, with the reason why. Raises Forbidden, Refused without a reason, UnknownName."""
    _may_change(actor, association)
    said = reason.strip()
    if not said:
        raise Refused(
            french.typeset("Dites pourquoi ces lignes sont laissées de côté : le motif reste dans l’histoire.")
        )
    if what := looks_personal(said):
        raise Refused(french.typeset(f"Nous lisons {what} : le motif ne doit nommer personne. Rien n’est changé."))
    _settle(store, association, dataset.code, ids, {"motif": said[:_LONGEST]}, actor, at)


def corrected(
    store: Store, association: str, dataset: Dataset, ids: Collection[str], *, actor: Actor, at: datetime
) -> None:
    """Say that rows were corrected by hand, in the form. Raises Forbidden, UnknownName."""
    _may_change(actor, association)
    made = store.deposits(association=association, dataset=dataset.code)
    number = {"depot": made[-1].number} if made else {}
    known = {one.id for one in waiting(store, association, dataset.code)}
    if left := set(ids) & known:  # the deposit itself may have settled them already
        _settle(store, association, dataset.code, left, number, actor, at)


def after_file(
    writing: Writing, association: str, dataset: Dataset, reading: Reading, judged: JudgedRows, name: str
) -> None:
    """What a file that was just stored settles, and what it leaves behind."""
    before = _known(writing, association, dataset.code)
    if not before and not judged.rejected:
        return
    settled = [one.id for one in before if _is_in(one, reading, judged)]
    left = list(_left(reading, judged, dataset))
    if settled or left:
        number = deposits.last_number(writing.connection)
        told = {"depot": number, "reglees": settled, "laissees": left, "fichier": name}
        writing.enter(KIND, _subject(association, dataset.code), told)


def after_typing(writing: Writing, association: str, dataset: Dataset, keys: Iterable[str]) -> None:
    """What rows that were just typed settle."""
    given = set(keys)
    settled = [one.id for one in _known(writing, association, dataset.code) if one.key in given]
    if settled:
        told = {"depot": deposits.last_number(writing.connection), "reglees": settled, "laissees": []}
        writing.enter(KIND, _subject(association, dataset.code), told)


def ended(connection: sa.Connection, data: DataTable, before: datetime) -> frozenset[int]:
    """The entries made before an instant about a table of which no row waits any more: a purge empties them."""
    mine = event_log.entries(connection, KIND, _subject(data.association, data.dataset.code))
    made = deposits.listed(connection, association=data.association, dataset=data.dataset.code)
    if next(_open(mine, _undone(made)), None) is not None:
        return frozenset()
    return frozenset(one.number for one in mine if one.at < before and "reglees" in one.content)


# --- inside -------------------------------------------------------------------------------


def _known(writing: Writing, association: str, dataset: str) -> list[WaitingRow]:
    entries = writing.entries(KIND, _subject(association, dataset))
    if not entries:
        return []
    return list(_open(entries, _undone(deposits.listed(writing.connection, association=association, dataset=dataset))))


def _undone(made: Iterable[deposits.Deposit]) -> set[int]:
    return {one.number for one in made if one.undone_by is not None}


def _open(entries: Iterable[Entry], undone: Collection[int]) -> Iterator[WaitingRow]:
    """The rows that wait once every entry is told; those of undone deposits are as if never told."""
    found: dict[str, WaitingRow] = {}
    for entry in entries:
        content = entry.content
        if "reglees" not in content or content.get("depot") in undone:
            continue
        for one in content["reglees"]:
            found.pop(one, None)
        found |= {row.id: row for row in _rows(entry)}
    yield from found.values()


def _rows(entry: Entry) -> Iterator[WaitingRow]:
    dataset = entry.subject.partition("/")[2]
    for row in entry.content["laissees"]:
        reasons = tuple((column, said) for column, said in row["motifs"])
        yield WaitingRow(
            f"{entry.content['depot']}-{row['ligne']}",
            dataset,
            entry.content["depot"],
            entry.at,
            entry.content.get("fichier", ""),
            row["ligne"],
            row["cle"],
            row["cellules"],
            reasons,
        )


def _left(reading: Reading, judged: JudgedRows, dataset: Dataset) -> Iterator[dict[str, Any]]:
    reasons: dict[int, list[list[str | None]]] = {}
    for one in islice(judged.errors, _MOST_READ):
        if one.line is not None and (one.line in reasons or len(reasons) < MOST):
            reasons.setdefault(one.line, []).append([one.column, _said(one, dataset)])
    if reading.texts is None:
        return
    lines = pl.Series("_line", list(reasons), dtype=pl.Int64)
    keys = _keys(reading, dataset)
    for row in reading.texts.filter(pl.col("_line").is_in(lines.implode())).to_dicts():
        line = row.pop("_line")
        cells = {name: text[:_LONGEST] for name, text in row.items() if text is not None}
        yield {"ligne": line, "cle": keys.get(line), "cellules": cells, "motifs": reasons[line]}


def _said(problem: Problem, dataset: Dataset) -> str:
    return sentence(replace(problem, line=None), dataset)


def _keys(reading: Reading, dataset: Dataset) -> dict[int, str]:
    if reading.named is None:
        return {}
    keyed = with_key(reading.named, dataset).select("_line", KEY)
    return dict(keyed.iter_rows())


def _is_in(row: WaitingRow, reading: Reading, judged: JudgedRows) -> bool:
    """Whether a file holds a row again: the same key, or the same cells but those that were wrong."""
    present = judged.valid[KEY] if judged.present is None else judged.present
    if row.key is not None and bool((present == row.key).any()):
        return True
    same = {name: text for name, text in row.texts.items() if name not in row.wrong}
    texts = reading.texts
    if texts is None or len(same) < 2 or not set(same) <= set(texts.columns):
        return False
    alike = pl.all_horizontal(
        pl.col(name).str.slice(0, _LONGEST).eq_missing(pl.lit(text)) for name, text in same.items()
    )
    return texts.select(alike.any()).item()


def _settle(
    store: Store,
    association: str,
    dataset: str,
    ids: Collection[str],
    told: Mapping[str, Any],
    actor: Actor,
    at: datetime,
) -> None:
    with store.writing(actor, at) as writing:
        known = {one.id for one in _known(writing, association, dataset)}
        if strange := sorted(set(ids) - known):
            raise UnknownName(
                french.typeset(f"La ligne « {strange[0]} » n’attend plus d’être corrigée. Relisez la page.")
            )
        writing.enter(KIND, _subject(association, dataset), {"reglees": sorted(ids), "laissees": [], **told})


def _may_change(actor: Actor, association: str) -> None:
    if association == METROPOLE:
        access.check(actor, Action.STEER)
    else:
        access.check(actor, Action.DEPOSIT, On(association))


def _subject(association: str, dataset: str) -> str:
    return f"{association}/{dataset}"


def told_of(rows: Sequence[WaitingRow]) -> str:
    """« 3 lignes attendent d’être corrigées »."""
    return french.count(len(rows), "ligne attend d’être corrigée", "lignes attendent d’être corrigées")
