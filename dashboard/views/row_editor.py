"""What every way of correcting rows shares: whose they are, what was seen, typing one or many, saving."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import polars as pl
import streamlit as st

from core.catalogue.choices import Coded
from core.catalogue.keys import KEY, with_key
from core.checking.outcome import Outcome
from core.depositing.editing import ACTION as CORRECTED
from core.depositing.editing import TYPED, Edits, Result, save_edits
from core.depositing.submit import typed
from core.domain import french
from core.domain.dataset import Column, Dataset, Problem, RowDict
from core.errors import Conflict, FabriqueError, Forbidden, RowsRefused
from core.reading.problems import asked, problem_heading
from core.reading.typed_in import bare
from core.storage.rows import EVERY_ROW, RowsWanted
from dashboard.components import Child, Html, bullets, callout, chooser_form, join, link, note, show, tag
from dashboard.components.fields import GridEdits as Typed
from dashboard.components.fields import grid, grid_pending, grid_reset
from dashboard.components.forms import Sent, refused
from dashboard.views.shared import TableInHand

_SHOWN = 12  # problems told one by one


@dataclass(frozen=True, slots=True)
class SaveOutcome:
    """What a save did, and how it is said: ``words``, else the rows are counted.

    ``kept`` cells that others changed meanwhile stay; ``blank`` fields were left blank, and keep what they hold.
    """

    outcome: Outcome
    words: str = ""
    kept: int = 0
    blank: tuple[str, ...] = ()
    undone: int | None = None


class Bench(TableInHand):
    """Where the rows of one dataset of one association are corrected, and by whom."""

    @property
    def memory(self) -> RowDict:
        """What is remembered from one run to the next: what was said, what is disputed, what was seen."""
        return st.session_state.setdefault(self.key("memoire"), {})

    def key(self, name: str) -> str:
        """The name of a widget of this bench."""
        return f"lignes-{self.association.code}-{self.dataset.code}-{name}"

    def seen(self, name: str, *, typing: bool) -> int:
        """The revision that the person looks at: it stays the same while somebody is ``typing``."""
        held = self.memory.setdefault("vu", {})
        if not typing or name not in held:
            held[name] = self.context.store.latest()
        return held[name]

    def rows(self, revision: int, wanted: RowsWanted = EVERY_ROW) -> pl.DataFrame:
        """The rows ``wanted`` as they held at a revision."""
        return self.context.store.rows(self.association.code, self.dataset.code, revision, wanted)

    def row(self, key: str, revision: int) -> RowDict | None:
        """One row as it held at a revision; None when it did not."""
        return next(iter(self.rows(revision, RowsWanted(keys=[key])).to_dicts()), None)

    def count(self, revision: int) -> int:
        """How many rows held at a revision."""
        return self.context.store.count(self.association.code, self.dataset.code, revision)

    def save(
        self,
        edits: Edits,
        *,
        based_on: int,
        again: Callable[[], None],
        sent: Sent | None = None,
        said: Callable[[Outcome], str] | None = None,
    ) -> FabriqueError | None:
        """Store ``edits``; then draw again with what was done, with what is disputed, or say why not.

        ``again`` forgets what was typed, once it is stored or set aside for a choice; ``said`` tells what was
        done in the words of the page. Returns why the service refused.
        """
        try:
            result = save_edits(
                self.scope,
                self.association.code,
                self.dataset.code,
                edits,
                based_on=based_on,
                action=CORRECTED if edits.changed or edits.removed else TYPED,
            )
        except Forbidden:
            raise
        except FabriqueError as error:
            self._refused(error, edits, sent)
            return error
        again()
        self._ended(edits, result, said, sent.kept if sent is not None else ())
        st.rerun()

    def stored(self, outcome: Outcome, words: str = "") -> None:
        """Remember what was stored, to be said on top of the next run."""
        self.memory["fait"] = SaveOutcome(outcome, words)

    def _ended(self, edits: Edits, result: Result, said: Callable[[Outcome], str] | None, blank: Sequence[str]) -> None:
        if result.outcome is None:
            self.memory["litige"] = (edits, result)
            return
        self.memory.pop("litige", None)
        words = said(result.outcome) if said is not None else ""
        self.memory["fait"] = SaveOutcome(result.outcome, words, result.kept, tuple(blank))

    def _refused(self, error: FabriqueError, edits: Edits, sent: Sent | None) -> None:
        if isinstance(error, Conflict):
            details = bullets(error.details) if error.details else None
            refused(callout(join([tag("p", str(error)), details]), tone="attention"))
        elif sent is not None:
            sent.refuse(error)
        elif isinstance(error, RowsRefused) and error.problems:
            refused(problems_told(self.dataset, error.problems, self._names(edits)))
        else:
            refused(callout(str(error), tone="attention"))

    def _names(self, edits: Edits) -> list[str]:
        added = with_key(typed(self.dataset, list(edits.added)), self.dataset)[KEY].to_list() if edits.added else []
        return [self.name(key) for key in (*edits.changed, *added)]


def problems_told(dataset: Dataset, problems: Sequence[Problem], names: Sequence[str]) -> Html:
    """What is to be corrected, row by row: « Ligne « A-12 », colonne « date de test » : … »."""
    stops = [one for one in problems if one.stops]
    told = [_told(dataset, one, names) for one in stops[:_SHOWN]]
    rest = len(stops) - len(told)
    more = [f"… et {french.count(rest, 'autre point', 'autres points')} à corriger."] if rest else []
    title = f"{french.count(len(stops), 'point est à corriger', 'points sont à corriger')} : rien n’est enregistré"
    return callout(bullets([*told, *more]), tone="attention", title=french.typeset(title))


def _told(dataset: Dataset, problem: Problem, names: Sequence[str]) -> str:
    where = []
    if problem.line is not None and 0 < problem.line <= len(names):
        where.append(f"Ligne « {names[problem.line - 1]} »")
    if problem.column:
        where.append(f"colonne « {problem_heading(problem.column, dataset)} »")
    read = f"nous lisons « {problem.found} »." if problem.found else ""
    start = f"{', '.join(where)} : " if where else ""
    return " ".join(part for part in (f"{start}{read}".strip(), asked(problem), problem.remedy) if part)


def changed_cells(row: Mapping[str, object], sent: Mapping[str, object]) -> dict[str, object]:
    """The cells that a form for changing changes."""
    return {name: value for name, value in sent.items() if not same(value, row[name])}


def same(one: object, other: object) -> bool:
    """Whether two values are the same to who reads them: a non-breaking space, say, changes nothing."""
    if isinstance(one, str) and isinstance(other, str):
        return bare(one) == bare(other)
    return bool(one == other)


# --- The grid: search, type, and save what was typed -----------------------------------------------


PAGE = 200
"""Rows of one page of the grid."""


def draw_grid(bench: Bench) -> None:
    """The search, one page of rows to type in, the button that says what it will store."""
    key = bench.key("grille")
    pending = grid_pending(key)
    seen = bench.seen("grille", typing=pending)
    count, page, shown = _page(bench, seen)
    if not pending:
        show(tag("div", search_form(bench), _pager(bench, count, page), class_="rows-tools"))
    else:
        show(note("Enregistrez ou abandonnez ce que vous avez saisi avant de chercher ou de changer de page."))
    typed = grid(bench.dataset, shown, key=key, name=f"{bench.dataset.title}, à corriger")
    said = "Une cellule se tape comme dans un tableur : 14/10/2021, 24\u202f500\u00a0€, oui."
    show(note(f"{said} Un collage est compris aussi."))
    _end(bench, typed, seen, key)


def search(rows: pl.DataFrame, dataset: Dataset, words: str) -> pl.DataFrame:
    """The rows of which one cell holds ``words`` as they are read on screen, whatever their case."""
    wanted = words.strip().lower()
    if not wanted:
        return rows
    held = [_text(column).str.to_lowercase().str.contains(wanted, literal=True) for column in dataset.columns]
    return rows.filter(pl.any_horizontal(one.fill_null(False) for one in held))


def search_form(bench: Bench, facon: str | None = None) -> Html:
    """« Chercher », in the address."""
    words = st.query_params.get("cherche", "")
    field = tag(
        "label",
        tag("span", "Chercher dans les lignes", class_="field__label"),
        tag("input", type="search", name="cherche", value=words, autocomplete="off"),
        class_="field field--one",
    )
    hidden = {"association": bench.association.code, "jeu": bench.dataset.code, "facon": facon}
    return chooser_form("lignes", field, button="Chercher", hidden=hidden, boxed=False)


def _text(column: Column) -> pl.Expr:
    cell = pl.col(column.name)
    if column.kind.dtype == pl.Date:
        return cell.dt.to_string("%d/%m/%Y")
    if column.kind.dtype == pl.Boolean:
        return pl.when(cell).then(pl.lit("oui")).when(~cell).then(pl.lit("non"))
    if isinstance(column.kind, Coded):
        return cell.replace(column.kind.codes)
    return cell.cast(pl.String)


def _page(bench: Bench, seen: int) -> tuple[int, int, pl.DataFrame]:
    """How many rows are found, which page of them is asked for, and its rows."""
    text = st.query_params.get("page", "1")
    asked = max(int(text) if text.isdecimal() else 1, 1)
    count, rows = sought(bench, seen, (asked - 1) * PAGE, PAGE)
    last = max(0, (count - 1) // PAGE) + 1
    if asked > last:
        count, rows = sought(bench, seen, (last - 1) * PAGE, PAGE)
    return count, min(asked, last), rows


def sought(bench: Bench, revision: int, first: int, size: int) -> tuple[int, pl.DataFrame]:
    """How many rows hold the words of the address (without words: are there), and ``size`` of them from ``first`` on.

    Without words, these alone are read.
    """
    words = st.query_params.get("cherche", "").strip()
    if not words:
        return bench.count(revision), bench.rows(revision, RowsWanted(page=(first, size)))
    found = search(bench.rows(revision), bench.dataset, words)
    return found.height, found.slice(first, size)


def _pager(bench: Bench, count: int, page: int) -> Html:
    words = st.query_params.get("cherche") or None
    told = french.count(count, "ligne trouvée" if words else "ligne", "lignes trouvées" if words else "lignes")
    if count <= PAGE:
        return tag("p", f"{told}.", class_="rows-count")
    first, last = (page - 1) * PAGE + 1, min(page * PAGE, count)
    steps = [
        link(f"Page {one}", bench.at_rows(cherche=words, page=str(one)))
        for one in (page - 1, page + 1)
        if 0 < one <= (count - 1) // PAGE + 1
    ]
    whole = [f"{told}, de {french.number(first)} à {french.number(last)} ici. ", *_spaced(steps)]
    return tag("p", join(whole), class_="rows-count")


def _spaced(parts: Sequence[Child]) -> list[Child]:
    return [one for part in parts for one in (part, " · ")][:-1]


def _end(bench: Bench, typed: Typed, seen: int, key: str) -> None:
    """What is wrong, what leaves, and the two buttons."""
    if not typed.count and not typed.problems:
        return
    if typed.problems:
        refused(problems_told(bench.dataset, typed.problems, _names(bench, typed)))
    sure = not typed.removed or st.checkbox(_leaving([bench.name(key) for key in typed.removed]), key=f"{key}-retrait")
    with st.container(horizontal=True):
        words = french.count(typed.count, "modification") if typed.count else ""
        ready = bool(sure and typed.count and not typed.problems)
        if st.button(f"Enregistrer {words}".rstrip(), type="primary", key=f"{key}-envoi", disabled=not ready):
            edits = Edits(typed.changed, typed.added, typed.removed)
            bench.save(edits, based_on=seen, again=lambda: grid_reset(key))
        if st.button("Abandonner la saisie", key=f"{key}-abandon"):
            grid_reset(key)
            st.rerun()


def _names(bench: Bench, typed: Typed) -> list[str]:
    """The rows of the grid by their names; those that are added keep the number that the grid gives them."""
    held = set(typed.changed)
    return [bench.name(one) if one in held else one for one in typed.numbered]


def _leaving(names: Sequence[str]) -> str:
    listed = french.listing(f"« {one} »" for one in names[:5])
    more = f" et {french.count(len(names) - 5, 'autre')}" if len(names) > 5 else ""
    return french.typeset(f"Retirer {french.count(len(names), 'ligne')} : {listed}{more}")
