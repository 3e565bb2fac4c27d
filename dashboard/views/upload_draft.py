"""A deposit being made by one person: the file in hand, what was said of it, what she decided."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial

import streamlit as st

from core import depositing
from core.checking.outcome import Outcome
from core.contract.scope import Scope
from core.depositing import FileHandedIn, Preview, SheetDecision
from core.domain import french
from core.domain.access import Actor
from core.domain.dataset import Dataset
from core.domain.programme import Association
from core.errors import Conflict, FabriqueError, FileRefused
from core.reading import SheetFound, refuse_nothing, sheets
from dashboard.context import Context
from dashboard.views.shared import hand_of
from dashboard.views.upload_problems import ProblemsAccount

STEPS = ("Lecture du fichier", "Vérification des lignes", "Comparaison avec ce qui est enregistré", "Enregistrement")
PASTED = "collé-depuis-un-tableur.csv"


class HandingIn:
    """What a file and a workbook being handed in share: by whom it is, and why it was refused."""

    context: Context
    association: Association
    alert: str
    details: tuple[str, ...]

    @property
    def actor(self) -> Actor:
        """Who hands it in."""
        return hand_of(self.context, self.association)

    @property
    def scope(self) -> Scope:
        """What is done here is done with this."""
        return self.context.scope_of(self.actor)

    def complain(self, error: FabriqueError) -> None:
        """Show why it was not done, with its details."""
        self.alert = str(error)
        self.details = tuple(error.details) if isinstance(error, Conflict) else ()


@dataclass
class Draft(HandingIn):
    """What is in hand. ``turn`` changes when another file is asked for, so that the widgets start anew.

    ``sheets`` are those to choose from, ``said`` a message to show once, ``alert`` a refusal. ``pasted`` is the
    text of the paste in hand, or of one refused, to be mended where it stands; None while the box is closed.
    ``relook`` looks again at the whole workbook, when this is one of its sheets; ``likely`` is the sheet that holds
    the headings of the table.
    """

    context: Context
    association: Association
    dataset: Dataset
    turn: int = 0
    file: FileHandedIn | None = None
    sheets: tuple[str, ...] = ()
    looked: Preview | None = None
    told: ProblemsAccount | None = None
    done: Outcome | None = None
    number: int | None = None
    undone: bool = False
    declaring: bool = False
    said: str = ""
    alert: str = ""
    pasted: str | None = None
    details: tuple[str, ...] = field(default=())
    relook: Callable[[Sequence[int] | None], None] | None = None
    likely: str | None = None

    def paste(self, text: str) -> None:
        """Cells copied from a spreadsheet arrive: they are a file like another."""
        self.take(text.encode(), PASTED, pasted=text)

    def take(self, data: bytes, name: str, *, pasted: str | None = None) -> None:
        """A file arrives: look at once, unless its sheet has to be chosen first."""
        self.alert, self.pasted = "", pasted
        self.file = FileHandedIn.of(data, name)
        try:
            self.sheets = sheets(data, self.file.name)
        except FileRefused as error:
            self.refuse(error)
            return
        if len(self.sheets) < 2:
            self.look()
            return
        found = depositing.sheets_found(self.context.registry, self.context.store, self.file, self.association.code)
        self.likely = next((one.sheet for one in found if self.dataset.code in one.tables[:1]), None)

    def choose(self, sheet: str) -> None:
        """Look at one sheet of the file."""
        if self.file:
            self.file = FileHandedIn(self.file.data, self.file.name, sheet)
            self.look()

    def look(self, take_back: Sequence[int] | None = None) -> None:
        """Say what would become of the file, or of the workbook that it is a sheet of; nothing is stored.

        ``take_back``: lines left aside, to read after all.
        """
        if self.relook is not None:
            self.relook(take_back)
            return
        if self.file is None:
            return
        if take_back is None:
            take_back = self.looked.taken_back if self.looked else ()
        with progress() as step:
            looked = depositing.preview(
                self.scope, self.file, self.association.code, self.dataset.code, take_back=take_back, step=step
            )
        if looked.outcome is None and looked.titles is None:
            self.refuse(FileRefused(looked.refusal))
            return
        self.looked, self.told = looked, ProblemsAccount.of(looked.outcome, self.dataset)

    def store(self, *, keep_valid: bool, removals: tuple[str, ...]) -> None:
        """Store what was looked at, those very bytes; look again when something changed meanwhile."""
        if self.looked is None:
            return
        try:
            with progress() as step:
                self.done = depositing.confirm(
                    self.scope,
                    self.looked,
                    self.association.code,
                    self.dataset.code,
                    keep_valid=keep_valid,
                    removals=removals,
                    step=step,
                )
        except Conflict as error:
            self.look()
            self.complain(error)
            return
        except FabriqueError as error:
            self.complain(error)
            return
        if self.done.refused:
            self.done = None
            self.look()
            return
        deposits = self.context.store.deposits(association=self.association.code, dataset=self.dataset.code)
        self.number = deposits[-1].number
        self.alert = ""

    def refuse(self, error: FabriqueError) -> None:
        """The file goes; the reason stays, and says that it was not kept."""
        said = str(error)
        if "conservé" not in said:
            said = f"{said} Ce fichier n’a pas été conservé."
        pasted = self.pasted
        self.again()
        self.alert, self.pasted = french.typeset(said), pasted

    def again(self) -> None:
        """Start over with empty hands."""
        self.turn += 1
        self.file, self.sheets, self.looked, self.told, self.done = None, (), None, None, None
        self.number, self.undone, self.declaring = None, False, False
        self.said, self.alert, self.details, self.pasted = "", "", (), None

    def key(self, name: str) -> str:
        """The name of a widget of this deposit."""
        return f"{name}-{self.association.code}-{self.dataset.code}-{self.turn}"


def draft_of(context: Context, association: Association, dataset: Dataset) -> Draft:
    """The deposit that this person is making for this table."""
    name = f"depot:{association.code}:{dataset.code}"
    found = st.session_state.get(name)
    if not isinstance(found, Draft):
        found = st.session_state[name] = Draft(context, association, dataset)
    found.context, found.association, found.dataset = context, association, dataset
    return found


class progress:
    """A bar that says each stage of a long work."""

    def __enter__(self) -> progress:
        self._bar = st.progress(0.0, text=f"{STEPS[0]}…")
        return self

    def __call__(self, stage: str) -> None:
        at = STEPS.index(stage) if stage in STEPS else 0
        self._bar.progress((at + 0.4) / len(STEPS), text=f"{stage}…")

    def __exit__(self, *_error: object) -> None:
        self._bar.empty()


# --- A whole file being handed in: its sheets, the table of each, what was said of them, what the person decided --


NOT_READ = ""
"""Stands for the table of a sheet that is not read."""


@dataclass
class Whole(HandingIn):
    """What is in hand. ``chosen`` gives the table of each sheet, ``drafts`` what was said of each one read.

    ``taken`` gives, by sheet, the lines left aside that the person wants read.
    ``turn`` changes when another file is asked for. ``alert`` is a refusal, ``done`` what was stored.
    """

    context: Context
    association: Association
    turn: int = 0
    file: FileHandedIn | None = None
    found: tuple[SheetFound, ...] = ()
    chosen: dict[str | None, str] = field(default_factory=dict)
    taken: dict[str | None, tuple[int, ...]] = field(default_factory=dict)
    drafts: tuple[Draft, ...] = ()
    done: dict[str, Outcome] = field(default_factory=dict)
    undone: bool = False
    alert: str = ""
    details: tuple[str, ...] = ()

    def take(self, data: bytes, name: str) -> Draft | None:
        """A file arrives: its sheets are matched; a file of one table is that table's own deposit, given back."""
        self.again()
        self.file = FileHandedIn.of(data, name)
        context = self.context
        try:
            self.found = depositing.sheets_found(context.registry, context.store, self.file, self.association.code)
            refuse_nothing(self.found, self.datasets)
        except FileRefused as error:
            said = str(error)
            self.again()
            self.alert = said if "conservé" in said else f"{said} Ce fichier n’a pas été conservé."
            return None
        if len(self.found) == 1 and self.found[0].sure:
            return self._alone(data, name)
        self.chosen = {one.sheet: one.table or NOT_READ for one in self.found}
        if not self.unsure:
            self.look()
        return None

    @property
    def datasets(self) -> list[Dataset]:
        """The tables of the association."""
        return list(self.context.registry.datasets(self.association.code))

    @property
    def unsure(self) -> list[SheetFound]:
        """The sheets to ask about: they may fill a table, and it is not sure which; or two would fill the same."""
        doubled = self.doubled
        return [one for one in self.found if one.tables and (not one.sure or one.table in doubled)]

    @property
    def doubled(self) -> dict[str, list[str | None]]:
        """The tables that several sheets would fill, with those sheets."""
        sheets: dict[str, list[str | None]] = {}
        for one in self.found:
            if one.table:
                sheets.setdefault(one.table, []).append(one.sheet)
        return {code: names for code, names in sheets.items() if len(names) > 1}

    def look(self) -> None:
        """Say what would become of every sheet that is read; nothing is stored."""
        if self.file is None:
            return
        wanted = {sheet: code for sheet, code in self.chosen.items() if code != NOT_READ}
        try:
            with progress() as step:
                looked = depositing.preview_workbook(
                    self.scope, self.file, self.association.code, wanted, take_back=self.taken, step=step
                )
        except FabriqueError as error:
            self.complain(error)
            return
        self.alert, self.details = "", ()
        filled = [one for one in looked if not one.blank] or looked
        # A sheet that nobody filled asks nothing: it is not read.
        self.chosen |= {one.file.sheet: NOT_READ for one in looked if one not in filled}
        self.drafts = tuple(self._draft(one) for one in filled)

    def look_again(self, sheet: str | None, take_back: Sequence[int] | None = None) -> None:
        """Look at every sheet once more; ``take_back``: lines left aside of ``sheet``, to read after all."""
        if take_back is not None:
            self.taken[sheet] = tuple(take_back)
        self.look()

    def store(self, keep_valid: bool, removals: dict[str, tuple[str, ...]]) -> None:
        """Store every sheet that was looked at, as one revision."""
        looked = [one.looked for one in self.drafts if one.looked is not None]
        decided = {one.dataset: SheetDecision(keep_valid, removals.get(one.dataset, ())) for one in looked}
        try:
            with progress() as step:
                outcomes = depositing.confirm_workbook(self.scope, looked, self.association.code, decided, step=step)
        except FabriqueError as error:
            if isinstance(error, Conflict):
                self.look()
            self.complain(error)
            return
        if any(one.refused for one in outcomes):
            self.look()
            return
        self.done = {one.dataset: outcome for one, outcome in zip(looked, outcomes, strict=True)}

    def leave_out(self, sheets: Iterable[str | None]) -> None:
        """Sheets are not read after all."""
        self.chosen |= dict.fromkeys(sheets, NOT_READ)
        self.look()

    def again(self) -> None:
        """Start over with empty hands."""
        self.turn += 1
        self.file, self.found, self.chosen, self.taken, self.drafts, self.done = None, (), {}, {}, (), {}
        self.undone, self.alert, self.details = False, "", ()

    @property
    def revision(self) -> int | None:
        """The one revision that was made."""
        return next((one.revision for one in self.done.values() if one.revision is not None), None)

    def key(self, name: str) -> str:
        """The name of a widget of this deposit."""
        return f"classeur-{name}-{self.association.code}-{self.turn}"

    def _alone(self, data: bytes, name: str) -> Draft:
        draft = draft_of(self.context, self.association, self._dataset(self.found[0].tables[0]))
        self.again()
        draft.again()
        draft.take(data, name)
        return draft

    def _draft(self, looked: Preview) -> Draft:
        dataset = self._dataset(looked.dataset)
        draft = Draft(
            self.context,
            self.association,
            dataset,
            self.turn,
            looked.file,
            relook=partial(self.look_again, looked.file.sheet),
        )
        draft.looked, draft.told = looked, ProblemsAccount.of(looked.outcome, dataset)
        return draft

    def _dataset(self, code: str) -> Dataset:
        return self.context.registry.dataset(self.association.code, code)


def whole_of(context: Context, association: Association) -> Whole:
    """The whole file that this person is handing in for this association."""
    name = f"classeur:{association.code}"
    found = st.session_state.get(name)
    if not isinstance(found, Whole):
        found = st.session_state[name] = Whole(context, association)
    found.context, found.association = context, association
    return found
