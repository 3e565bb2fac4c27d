"""The acknowledgement of a deposit, offered when it is made and, later on, in its history."""

from __future__ import annotations

from functools import partial

import streamlit as st

from core import reporting
from core.checking.outcome import Outcome
from core.depositing import submit
from core.domain import access, french
from core.domain.access import Action, Actor, On
from core.errors import FabriqueError
from core.exports.receipts import acknowledgement, acknowledgement_name
from core.storage.deposits import Deposit
from dashboard.addresses import address, experiment_path
from dashboard.components import Child, Html, band, download, lead, link, note, section, sentence, show, strong, table
from dashboard.components.text import plain_label
from dashboard.context import Context
from dashboard.views.releve_acts import releve_address
from dashboard.views.shared import tables_link
from dashboard.views.upload_draft import Draft


def download_acknowledgement(context: Context, deposit: Deposit, actor: Actor, *, key: str, about: str = "") -> None:
    """The button that gives the PDF of one deposit to ``actor``; nothing for who may not read what was handed in.

    ``about`` names its table, where several acknowledgements stand together.
    """
    if not access.allowed(actor, Action.READ_HISTORY, On(deposit.association)):
        return
    named = f" : {about}" if about else ""
    download(
        plain_label(f"Télécharger l’accusé de réception{named} (PDF)"),
        partial(acknowledgement, context.scope_of(actor), deposit, fictitious=context.demonstration),
        acknowledgement_name(deposit),
        mime="application/pdf",
        key=key,
    )


# --- After a deposit: what was stored, which figures moved, the paper to keep, and the way back ----


_MOVED = 10
_ASKED_FIRST = ("EQ5a", "EQ5b", "CO4", "CO5", "AC6", "AC3a", "AC1")


def draw_deposited(draft: Draft) -> None:
    """The outcome, the figures before and after, what to do next."""
    outcome = draft.done
    assert outcome is not None
    show(lead(*_sentence(draft, outcome)), _counts(outcome))
    if outcome.revision is not None and not draft.undone:
        show(moved_figures(draft, outcome.revision))
    _papers(draft, outcome)
    show(onwards(draft))


def _sentence(draft: Draft, outcome: Outcome) -> tuple[Child, ...]:
    if draft.undone:
        return (strong("Ce dépôt est annulé."), " Vos données sont comme avant, rien d’autre n’a changé.")
    if outcome.revision is None:
        return (strong("Rien n’a changé"), " : toutes ces lignes étaient déjà enregistrées. Votre dépôt est noté.")
    rows = outcome.added + outcome.changed + outcome.unchanged
    done = french.count(rows, "ligne est enregistrée", "lignes sont enregistrées")
    rest = french.count(outcome.rejected, "reste à corriger", "restent à corriger")
    return (strong(done), f" ; {rest}." if outcome.rejected else ".")


def _counts(outcome: Outcome) -> Html:
    return band(
        {
            "Nouvelles": french.number(outcome.added),
            "Modifiées": french.number(outcome.changed),
            "Inchangées": french.number(outcome.unchanged),
            "Supprimées": french.number(outcome.removed),
            "Avertissements": french.number(len(outcome.warnings)),
        }
    )


def moved_figures(draft: Draft, revision: int) -> Html | None:
    """The figures of the association's experiments that this deposit moved: before, after."""
    monitor, registry = draft.context.monitor, draft.context.registry
    mine = [one for one in registry.experiments if one.association.code == draft.association.code]
    codes: list[str | None] = [*(one.code for one in mine), None]
    names = {one.code: one.short_title for one in mine}
    before = {(o.indicator, o.experiment): o for o in monitor.observe(None, codes, revision=revision - 1)}
    after = monitor.observe(None, codes, revision=revision)
    body = []
    for found in sorted(after, key=lambda one: (_rank(one.indicator), one.experiment is None)):
        old = before[found.indicator, found.experiment]
        same_rate = found.denominator is not None and old.value is not None and old.value == found.value
        if sentence(old) != sentence(found) and not same_rate:  # 239 of 239, then 255 of 255: nothing moved
            indicator = registry.catalogue[found.indicator]
            where = names.get(found.experiment or "", "Programme")
            body.append([indicator.label, where, sentence(old), strong(sentence(found))])
    if not body:
        return None
    more = f"Et {french.count(len(body) - _MOVED, 'autre chiffre', 'autres chiffres')}." if len(body) > _MOVED else ""
    return section(
        "Vos chiffres ont bougé",
        table(
            "Chiffres avant et après ce dépôt",
            ["Chiffre", "Où", "Avant", "Après"],
            body[:_MOVED],
            numeric=(2, 3),
            note=more,
        ),
    )


def _rank(indicator: str) -> int:
    """The figures that people ask about come first, the others in their own order."""
    return _ASKED_FIRST.index(indicator) if indicator in _ASKED_FIRST else len(_ASKED_FIRST)


def _papers(draft: Draft, outcome: Outcome) -> None:
    """The acknowledgement, the way back, another file."""
    with st.container(horizontal=True, key=draft.key("apres")):
        if draft.number is not None:
            _acknowledgement(draft, draft.number)
        standing = outcome.revision is not None and not draft.undone
        if standing and st.button("Annuler ce dépôt", key=draft.key("annuler")):
            _undo(draft, outcome.revision)
            st.rerun()
        if st.button("Déposer un autre fichier", key=draft.key("encore")):
            draft.again()
            st.rerun()
    if not draft.undone:
        show(note("L’accusé de réception dit qui a déposé quoi, quand, et l’empreinte de ce qui est conservé."))


def _acknowledgement(draft: Draft, number: int) -> None:
    download_acknowledgement(draft.context, _deposit(draft, number), draft.actor, key=draft.key("accuse"))


def _deposit(draft: Draft, number: int) -> Deposit:
    listed = draft.context.store.deposits(association=draft.association.code, dataset=draft.dataset.code)
    return next(one for one in listed if one.number == number)


def _undo(draft: Draft, revision: int | None) -> None:
    if revision is None:
        return
    try:
        submit.undo(draft.scope, revision)
    except FabriqueError as error:
        draft.complain(error)
        return
    draft.undone, draft.alert = True, ""


def onwards(draft: Draft) -> Html:
    """Where to go from here."""
    which = {"association": draft.association.code, "jeu": draft.dataset.code}
    mine = [one for one in draft.context.registry.experiments if one.association.code == draft.association.code]
    links = [
        link("Les expérimentations côte à côte", address("")),
        *(link(one.short_title, address(experiment_path(one.code))) for one in mine),
        *_to_send(draft),
        link("Corriger une ligne", address("lignes", **which)),
        tables_link(draft.association),
    ]
    separated = [part for one in links for part in (one, " · ")][:-1]
    return note("Continuer : ", *separated)


def _to_send(draft: Draft) -> list[Child]:
    """The relevés of the last period that is over: what was handed in is sent from there."""
    context = draft.context
    board = reporting.board(context.registry, context.store, context.today)
    over = [one for one in board if one.association == draft.association.code and one.period.end < context.today]
    last = max((one.period for one in over), default=None)
    return [
        link(f"Relevé {context.registry.experiment(one.experiment).short_title}", releve_address(one))
        for one in over
        if one.period == last and one.state
    ]
