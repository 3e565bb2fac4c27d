"""The rows of an association are changed by its own people and by the project lead, whatever door is used."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from core.contract import Registry
from core.contract.scope import Scope
from core.deliberation import ASSOCIATIONS
from core.depositing import submit
from core.domain.access import Actor, Role
from core.domain.programme import METROPOLE
from core.errors import Forbidden
from core.storage import Store
from tests.core.desk import AT, MACHINE, WHO, Desk

CSV = "numero_inventaire;type;statut;date_reception\nA-2;ordinateur fixe;reçu;16/09/2021\n".encode()
Door = Callable[[Registry, Store, str, Actor], object]
DOORS: dict[str, Door] = {
    "submit": lambda registry, store, code, actor: submit.submit(
        Scope(registry, store, actor, AT), CSV, "f.csv", code, "materiel"
    ),
    "save_rows": lambda registry, store, code, actor: submit.save_rows(
        Scope(registry, store, actor, AT), code, "materiel", [MACHINE]
    ),
    "declare_nothing": lambda registry, store, code, actor: submit.declare_nothing(
        Scope(registry, store, actor, AT), code, "materiel", "2021-T3"
    ),
    "undo": lambda registry, store, _code, actor: submit.undo(Scope(registry, store, actor, AT), 1),
}
STRANGERS = [
    Actor("Élue", Role.COMMITTEE),
    Actor("", Role.PUBLIC),
    Actor("Sans association", Role.ASSOCIATION),
    *(Actor(code, Role.ASSOCIATION, code) for code in ASSOCIATIONS if code != "anonymal"),
]


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("stranger", STRANGERS, ids=lambda actor: f"{actor.role}-{actor.association}")
def test_nobody_else_changes_the_rows_of_an_association(desk: Desk, door: str, stranger: Actor) -> None:
    desk.save("anonymal", "materiel", MACHINE)
    before = (desk.store.latest(), len(desk.store.journal.lines()), desk.rows())
    with pytest.raises(Forbidden):
        DOORS[door](desk.registry, desk.store, "anonymal", stranger)
    assert (desk.store.latest(), len(desk.store.journal.lines()), desk.rows()) == before


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("own", [Actor("Claire", Role.ASSOCIATION, "anonymal"), WHO], ids=lambda actor: str(actor.role))
def test_own_people_and_the_lead_do(desk: Desk, door: str, own: Actor) -> None:
    desk.save("anonymal", "materiel", MACHINE)
    DOORS[door](desk.registry, desk.store, "anonymal", own)
    assert len(desk.store.deposits()) == 2


@pytest.mark.parametrize("actor", STRANGERS, ids=lambda actor: f"{actor.role}-{actor.association}")
def test_what_the_metropole_keeps_is_changed_by_the_lead_alone(desk: Desk, actor: Actor) -> None:
    target = {"code_indicateur": "EQ5a"}
    with pytest.raises(Forbidden):
        submit.save_rows(Scope(desk.registry, desk.store, actor, AT), METROPOLE, "objectifs", [target])
    assert not desk.store.latest()


def test_typing_for_an_association_is_said_in_history(desk: Desk) -> None:
    from core.accounts import acting_for

    lead = acting_for(WHO, "anonymal")
    submit.save_rows(Scope(desk.registry, desk.store, lead, AT), "anonymal", "materiel", [MACHINE])
    (made,) = desk.store.deposits()
    assert (made.actor, made.on_behalf_of) == ("Karim", "anonymal")
    assert desk.store.journal.lines()[0].on_behalf_of == "anonymal"
