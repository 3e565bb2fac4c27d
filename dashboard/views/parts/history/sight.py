"""Whose history is read, and by whom."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from core.domain import access, french
from core.domain.access import Action, On
from core.domain.actor import Actor
from core.domain.dataset import Dataset
from core.domain.experiment import METROPOLE
from core.domain.programme import Association
from core.errors import Conflict, FabriqueError
from core.services.outcome import Outcome
from core.storage.deposits import Deposit
from dashboard.components import bullets, callout, join, link, show, tag
from dashboard.context import Context
from dashboard.navigation import address

_DONE = "historique-fait"


@dataclass(frozen=True)
class Sight:
    """The history of one table of one association, as ``actor`` may read it and perhaps change it."""

    context: Context
    association: Association
    dataset: Dataset
    actor: Actor

    @property
    def may_change(self) -> bool:
        """Whether the person may take things back."""
        if self.association.code == METROPOLE:
            return access.allowed(self.actor, Action.STEER)
        return access.allowed(self.actor, Action.DEPOSIT, On(self.association.code))

    def deposits(self) -> list[Deposit]:
        """The deposits of this table, the oldest first."""
        return self.context.store.deposits(association=self.association.code, dataset=self.dataset.code)

    def here(self, **choices: str | None) -> str:
        """The address of this history."""
        return address("historique", association=self.association.code, jeu=self.dataset.code, **choices)

    def rows(self, **choices: str | None) -> str:
        """The address where these rows are corrected."""
        return address("lignes", association=self.association.code, jeu=self.dataset.code, **choices)

    def key(self, name: str) -> str:
        """The name of a widget of this history."""
        return f"historique-{self.association.code}-{self.dataset.code}-{name}"

    def take_back(self, act: Callable[[], Outcome]) -> None:
        """Take something back; then draw again with what was done, or say what stands in the way."""
        try:
            done = act()
        except FabriqueError as error:
            details = bullets(error.details) if isinstance(error, Conflict) and error.details else None
            said = join([tag("p", str(error)), details])
            show(tag("div", callout(said, tone="attention", title="Rien n’a été annulé"), role="alert"))
            return
        st.session_state[_DONE] = done
        st.rerun()

    def tell_done(self) -> None:
        """Say, once, what was taken back."""
        done: Outcome | None = st.session_state.pop(_DONE, None)
        if done is None or done.revision is None:
            return
        number = self.context.store.deposit(done.revision).number
        told = [
            french.count(count, singular, plural)
            for count, singular, plural in (
                (done.added, "ligne est revenue", "lignes sont revenues"),
                (done.changed, "ligne a repris sa valeur d’avant", "lignes ont repris leur valeur d’avant"),
                (done.removed, "ligne est retirée", "lignes sont retirées"),
            )
            if count
        ]
        said = french.sentence(french.listing(told) or "La déclaration est annulée")
        onwards = link(f"Voir l’annulation (dépôt n° {number})", self.here(depot=str(number)))
        show(tag("div", callout(join([tag("p", said, " ", onwards)]), title="C’est annulé"), role="status"))
