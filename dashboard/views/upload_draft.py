"""A deposit being made by one person: the file in hand, what was said of it, what she decided."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import streamlit as st

from core import depositing
from core.checking.outcome import Outcome
from core.contract.scope import Scope
from core.depositing import FileHandedIn, Preview
from core.domain import french
from core.domain.access import Actor
from core.domain.dataset import Dataset
from core.domain.programme import Association
from core.errors import Conflict, FabriqueError, FileRefused
from core.reading import sheets
from dashboard.context import Context
from dashboard.views.upload_problems import ProblemsAccount

STEPS = ("Lecture du fichier", "Vérification des lignes", "Comparaison avec ce qui est enregistré", "Enregistrement")
PASTED = "collé-depuis-un-tableur.csv"


@dataclass
class Draft:
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
                self.scope,
                self.file,
                self.association.code,
                self.dataset.code,
                take_back=take_back,
                step=step,
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

    def complain(self, error: FabriqueError) -> None:
        """Show why it was not done, with its details."""
        self.alert = str(error)
        self.details = tuple(error.details) if isinstance(error, Conflict) else ()

    def again(self) -> None:
        """Start over with empty hands."""
        self.turn += 1
        self.file, self.sheets, self.looked, self.told, self.done = None, (), None, None, None
        self.number, self.undone, self.declaring = None, False, False
        self.said, self.alert, self.details, self.pasted = "", "", (), None

    @property
    def actor(self) -> Actor:
        """Who hands it in."""
        from dashboard.views.shared import hand_of

        return hand_of(self.context, self.association)

    @property
    def scope(self) -> Scope:
        """What is done here is done with this."""
        return self.context.scope_of(self.actor)

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
