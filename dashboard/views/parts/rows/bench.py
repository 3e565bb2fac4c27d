"""What every way of correcting rows shares: whose they are, what the person saw, how a save ends."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl
import streamlit as st

from core.domain import french
from core.domain.actor import Actor
from core.domain.dataset import Dataset
from core.domain.problem import Problem
from core.domain.programme import Association
from core.errors import FabriqueError, RowsRefused
from core.services.editing import Edits, Result, save_edits
from core.services.keys import KEY, with_key
from core.services.outcome import Outcome
from core.services.reading import grouped
from core.services.reading.wording import asked, heading
from core.services.submissions import typed
from dashboard.components import bullets, callout, join, link, show, tag
from dashboard.components.forms import Sent
from dashboard.context import Context
from dashboard.navigation import address

_SHOWN = 12  # problems told one by one


@dataclass(frozen=True)
class Bench:
    """Where the rows of one dataset of one association are corrected, and by whom."""

    context: Context
    association: Association
    dataset: Dataset
    actor: Actor

    @property
    def memory(self) -> dict[str, Any]:
        """What is remembered from one run to the next: what was said, what is disputed, what was seen."""
        return st.session_state.setdefault(self.key("memoire"), {})

    def key(self, name: str) -> str:
        """The name of a widget of this bench."""
        return f"lignes-{self.association.code}-{self.dataset.code}-{name}"

    def here(self, **choices: str | None) -> str:
        """The address of this page, with other choices."""
        return address("lignes", association=self.association.code, jeu=self.dataset.code, **choices)

    def past(self, **choices: str | None) -> str:
        """The address of the history of this dataset."""
        return address("historique", association=self.association.code, jeu=self.dataset.code, **choices)

    def seen(self, name: str, *, typing: bool) -> int:
        """The revision that the person looks at: it stays the same while somebody is ``typing``."""
        held = self.memory.setdefault("vu", {})
        if not typing or name not in held:
            held[name] = self.context.store.latest()
        return held[name]

    def rows(self, revision: int) -> pl.DataFrame:
        """The rows as they held at a revision."""
        return self.context.store.rows(self.association.code, self.dataset.code, revision)

    def save(self, edits: Edits, *, based_on: int, again: Callable[[], None], sent: Sent | None = None) -> None:
        """Store ``edits``; then draw again with what was done, with what is disputed, or say why not.

        ``again`` forgets what was typed, once it is stored or set aside for a choice.
        """
        context = self.context
        try:
            result = save_edits(
                context.registry, context.store, self.association.code, self.dataset.code, edits,
                based_on=based_on, actor=self.actor, at=context.now,
            )  # fmt: skip
        except FabriqueError as error:
            self._refused(error, edits, sent)
            return
        again()
        self._ended(edits, result)
        st.rerun()

    def stored(self, outcome: Outcome) -> None:
        """Remember what was stored, to be said on top of the next run."""
        self.memory["fait"] = outcome

    def _ended(self, edits: Edits, result: Result) -> None:
        if result.outcome is None:
            self.memory["litige"] = (edits, result)
        else:
            self.memory.pop("litige", None)
            self.memory["gardees"] = result.kept
            self.stored(result.outcome)

    def _refused(self, error: FabriqueError, edits: Edits, sent: Sent | None) -> None:
        if sent is not None:
            sent.refuse(error)
        elif isinstance(error, RowsRefused) and error.problems:
            show(problems_told(self.dataset, error.problems, self._names(edits)))
        else:
            show(callout(str(error), tone="attention"))

    def _names(self, edits: Edits) -> list[str]:
        added = with_key(typed(self.dataset, list(edits.added)), self.dataset)[KEY].to_list() if edits.added else []
        return [*edits.changed, *added]


def problems_told(dataset: Dataset, problems: Sequence[Problem], names: Sequence[str]) -> Any:
    """What is to be corrected, row by row: « Ligne « A-12 », colonne « date de test » : … »."""
    stops = [one for one in problems if one.stops]
    told = [_told(dataset, one, names) for one in stops[:_SHOWN]]
    rest = len(stops) - len(told)
    more = [f"… et {french.count(rest, 'autre point')} à corriger."] if rest else []
    title = f"{french.count(len(stops), 'point est à corriger', 'points sont à corriger')} : rien n’est enregistré"
    return tag("div", callout(bullets([*told, *more]), tone="attention", title=french.typeset(title)), role="alert")


def _told(dataset: Dataset, problem: Problem, names: Sequence[str]) -> str:
    where = []
    if problem.line is not None and 0 < problem.line <= len(names):
        where.append(f"Ligne « {names[problem.line - 1]} »")
    if problem.column:
        where.append(f"colonne « {heading(problem.column, dataset)} »")
    read = f"nous lisons « {problem.found} »." if problem.found else ""
    start = f"{', '.join(where)} : " if where else ""
    return " ".join(part for part in (f"{start}{read}".strip(), asked(problem), problem.remedy) if part)


def tell_done(bench: Bench) -> None:
    """Say, once, what the last save did."""
    outcome: Outcome | None = bench.memory.pop("fait", None)
    kept = bench.memory.pop("gardees", 0)
    if outcome is None:
        return
    if outcome.revision is None:
        show(callout("Rien n’a changé : c’est ce qui était déjà enregistré.", title="Rien à enregistrer"))
        return
    number = str(bench.context.store.deposit(outcome.revision).number)
    parts: list[Any] = [tag("p", done_sentence(outcome), " ", link("Voir ou annuler", bench.past(depot=number)))]
    if kept:
        others = french.count(kept, "cellule modifiée entre-temps par quelqu’un d’autre est gardée",
                              "cellules modifiées entre-temps par quelqu’un d’autre sont gardées")  # fmt: skip
        parts.append(tag("p", f"{others}."))
    if len(outcome.warnings):
        parts.append(tag("p", "À vérifier, sans urgence :"))
        parts.append(bullets(cause.sentence for cause in grouped(outcome.warnings, bench.dataset)[:_SHOWN]))
    show(tag("div", callout(join(parts), title="C’est enregistré"), role="status"))


def done_sentence(outcome: Outcome) -> str:
    """« 2 lignes sont modifiées, 1 ligne est ajoutée. »."""
    told = [
        french.count(number, f"ligne est {what}", f"lignes sont {what}s")
        for number, what in ((outcome.changed, "modifiée"), (outcome.added, "ajoutée"), (outcome.removed, "retirée"))
        if number
    ]
    return french.sentence(french.listing(told))
