"""« Transferts de matériel »: what is on its way, and the acknowledgement by who received it."""

from __future__ import annotations

import streamlit as st

from core.accounts import acting_for
from core.checking.outcome import Outcome
from core.depositing import submit, transfers
from core.depositing.transfers import Parcel
from core.domain import access, french
from core.domain.access import Action, Actor, On, Role
from core.domain.programme import METROPOLE
from core.reading.typed_in import by_column, typed_in
from dashboard.components import (
    Child,
    Html,
    announced,
    empty,
    fold,
    heading,
    lead,
    note,
    page_title,
    section,
    show,
    strong,
    table,
    tag,
)
from dashboard.context import Context
from dashboard.views import way_back
from dashboard.views.table_saving import restart, turn
from dashboard.views.way_back import DoneAct

TITLE = "Transferts de matériel"
PATH = "transferts"


def draw(context: Context) -> None:
    """The parcels that concern the visitor; a form for each that he or she may acknowledge."""
    found = _of_visitor(context)
    show(page_title(TITLE), lead(*_sentence(context, found)))
    way_back.tell(context, PATH)
    if not found:
        told = "Une machine « transférée » attend ici que l’association qui la reçoit l’ajoute à son matériel."
        show(empty("Aucun transfert n’attend d’accusé de réception", told))
        return
    show(section("En chemin", _table(context, found)))
    for one in found:
        if access.allowed(context.visitor, Action.DEPOSIT, On(one.receiver)):
            _form(context, one)


def _of_visitor(context: Context) -> list[Parcel]:
    """An association sees what it sends and what it receives; the others, everything."""
    found, visitor = transfers.awaited(context.registry, context.store), context.visitor
    if visitor is None or visitor.role is not Role.ASSOCIATION:
        return list(found)
    return [one for one in found if visitor.association in (one.sender, one.receiver)]


def _name(context: Context, code: str) -> str:
    return context.registry.association(code).name


def _sentence(context: Context, found: list[Parcel]) -> list[Child]:
    machines = [row for one in found for row in one.machines]
    if not machines:
        return ["Toutes les machines transférées ont été ", strong("reçues"), "."]
    verb = "attend son" if len(machines) == 1 else "attendent leur"
    return [strong(transfers.contents(machines)), f" {verb} accusé de réception."]


def _table(context: Context, found: list[Parcel]) -> Html:
    body = [
        [
            one.contents,
            _name(context, one.sender),
            _name(context, one.receiver),
            french.day(one.sent_on) if one.sent_on else "date non renseignée",
            french.count((context.today - one.sent_on).days, "jour") if one.sent_on else "",
            fold("Voir les numéros", tag("p", ", ".join(one.numbers))),
        ]
        for one in found
    ]
    headings = ["Machines", "De", "À", "Parties le", "Depuis", "Numéros"]
    return table("Machines en chemin", headings, body, wide=True)


def _form(context: Context, one: Parcel) -> None:
    """Which ones arrived, when, for which experiment; the button says how many."""
    key = f"accuser-{one.sender}-{one.receiver}-{one.sent_on}-{turn()}"
    day = f" parti{'s' if len(one.machines) > 1 else ''} le {french.day(one.sent_on)}" if one.sent_on else ""
    show(heading(f"{_name(context, one.receiver)} : accuser réception de {one.contents}{day}", 2))
    with st.container(key=f"formulaire-{key}"):
        names = {row["numero_inventaire"]: f"{row['numero_inventaire']} ({row['type']})" for row in one.machines}
        absent = st.multiselect(
            "Machines qui ne sont pas arrivées (facultatif)",
            list(names),
            format_func=names.__getitem__,
            key=f"{key}-absentes",
            placeholder="Aucune",
        )
        arrived = [number for number in names if number not in absent]
        typed = st.text_input("Arrivées le (jj/mm/aaaa)", key=f"{key}-jour", autocomplete="off")
        experiment = _experiment(context, one.receiver, key)
        count = french.count(len(arrived), "machine")
        pressed = st.button(f"Accuser réception de {count}", type="primary", key=f"{key}-envoi", disabled=not arrived)
        slot = st.container()
    show(note("Elles entrent dans le matériel de l’association, au statut « reçu ». Cela peut être annulé."))
    if pressed:
        with slot:
            _store(context, one.receiver, arrived, typed, experiment)


def _experiment(context: Context, receiver: str, key: str) -> str | None:
    offered = {one.code: one.short_title for one in transfers.destinations(context.registry, receiver)}
    if len(offered) < 2:
        return next(iter(offered), None)
    return st.selectbox(
        "Pour quelle expérimentation",
        list(offered),
        index=None,
        format_func=offered.__getitem__,
        key=f"{key}-experience",
        placeholder="Choisissez",
    )


def _store(context: Context, receiver: str, numbers: list[str], typed: str, experiment: str | None) -> None:
    dataset = context.registry.dataset(METROPOLE, "lots_cession")
    read = typed_in(dataset, [{"lot": "x", "date": typed, "ordinateurs": "0", "ecrans": "0"}])
    if problem := by_column(read.problems).get("date"):
        show(announced(tag("p", tag("strong", "À corriger : "), problem, class_="field-problem"), urgent=True))
        return
    done = french.count(len(numbers), "machine est reçue", "machines sont reçues")
    said = french.sentence(f"{done} par {_name(context, receiver)}")

    def receive() -> Outcome:
        outcome = transfers.acknowledge(
            context.scope_of(_actor(context, receiver)), receiver, numbers, read.rows[0]["date"], experiment=experiment
        )
        restart()
        return outcome

    way_back.do(receive, lambda outcome: DoneAct(said, _not_received(receiver, outcome), title="C’est enregistré"))


def _not_received(receiver: str, outcome: Outcome) -> way_back.Undo | None:
    """What takes an acknowledgement back: the machines are on their way again."""
    revision = outcome.revision
    if revision is None:
        return None

    def undo(context: Context) -> None:
        actor = _actor(context, receiver)
        submit.undo(context.scope_of(actor), revision)
        restart()

    return undo


def _actor(context: Context, receiver: str) -> Actor:
    """The visitor; the project lead acts in the stead of the association."""
    actor = context.actor
    return acting_for(actor, receiver) if actor.role is Role.LEAD else actor
