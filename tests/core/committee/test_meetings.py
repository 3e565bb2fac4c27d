"""The life of a committee: nothing decided without frozen figures, nothing rewritten after it is closed."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from core.committee import deciding, meetings
from core.committee.deciding import Proposal
from core.contract import Registry, schema_setup
from core.contract.scope import Scope
from core.domain.access import Actor, Role
from core.domain.meeting import AgendaPoint, Stage, Verdict
from core.errors import Forbidden, JournalBroken, Refused, UnknownName
from core.storage import Store
from tests.core.desk import WHO, Desk, who
from tests.support.scopes import acting

AT = datetime(2022, 7, 6, 9, tzinfo=UTC)
DAY, UNTIL = date(2022, 7, 7), date(2022, 6, 30)
LEAD = {"actor": WHO, "now": AT}
POINT = AgendaPoint(
    "", "Machines prêtes", "Que faire des machines prêtes ?", options=("Les transférer",), status_quo="Rien."
)
YES = Proposal(Verdict.ACCEPTED, "Les machines sont transférées.", point="p1", owner="Anonymal")


@pytest.fixture(params=["sqlite", "postgresql"])
def either(request: pytest.FixtureRequest, installed_registry: Registry) -> Iterator[Desk]:
    """A desk on each of the two databases."""
    if request.param == "sqlite":
        yield request.getfixturevalue("desk")
        return
    with Store.open(request.getfixturevalue("postgresql_database_url")) as store:
        schema_setup.prepare(installed_registry, store, at=AT)
        yield Desk(installed_registry, store)


@pytest.fixture
def convened(desk: Desk) -> Desk:
    """Committee 1, in preparation, with one point."""
    meetings.convene(Scope(desk.registry, desk.store, **LEAD), DAY, [POINT])
    return desk


@pytest.fixture(scope="session")
def frozen_base(installed_registry: Registry, prepared_base: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A base with committee 1, its point, and its figures frozen without any data: made once."""
    path = Path(shutil.copy(prepared_base, tmp_path_factory.mktemp("frozen")))
    with Store.open(f"sqlite:///{path}") as store:
        schema_setup.prepare(installed_registry, store, at=AT)
        desk = Desk(installed_registry, store)
        meetings.convene(Scope(desk.registry, store, **LEAD), DAY, [POINT])
        freeze(desk)
    return path


@pytest.fixture
def frozen(installed_registry: Registry, frozen_base: Path, tmp_path: Path) -> Iterator[Desk]:
    """Committee 1, its figures frozen."""
    path = Path(shutil.copy(frozen_base, tmp_path))
    with Store.open(f"sqlite:///{path}") as store:
        schema_setup.prepare(installed_registry, store, at=AT)
        yield Desk(installed_registry, store)


def freeze(desk: Desk, number: int = 1) -> None:
    meetings.freeze(Scope(desk.registry, desk.store, **LEAD), number, UNTIL)


def stage(desk: Desk, number: int = 1) -> Stage:
    return meetings.meeting(desk.store, number).stage


def machines(*numbers: str) -> str:
    lines = [f"{number};ordinateur fixe;Métropole;reçu;16/09/2021\n" for number in numbers]
    return "numero_inventaire;type;provenance;statut;date_reception\n" + "".join(lines)


def test_a_frozen_figure_never_moves_whatever_comes_later(either: Desk) -> None:
    desk = either
    desk.submit(machines("A-1", "A-2"))
    meetings.convene(Scope(desk.registry, desk.store, **LEAD), DAY, [POINT])
    assert stage(desk) is Stage.PREPARED
    freeze(desk)
    first = meetings.meeting(desk.store, 1).freeze
    before = meetings.snapshot_of(desk.store, first).text
    assert stage(desk) is Stage.FROZEN
    deciding.open_session(acting(desk.store, **LEAD), 1)
    assert deciding.decide(acting(desk.store, **LEAD), 1, replace(YES, indicator="EQ1a")) == "1.1"
    deciding.close(acting(desk.store, **LEAD), 1)
    assert stage(desk) is Stage.CLOSED

    desk.submit(machines("A-1", "A-2", "A-3", "A-4", "A-5"))
    meetings.convene(Scope(desk.registry, desk.store, **LEAD), DAY)
    freeze(desk, 2)
    one, two = meetings.meetings(desk.store)
    old, new = meetings.snapshot_of(desk.store, one.freeze), meetings.snapshot_of(desk.store, two.freeze)
    assert old.text == before and old.sha256 == first.sha256
    assert [found.cells["EQ1a", None].observation.numerator for found in (old, new)] == [2, 5]
    assert (old.number, new.number, old.title) == (1, 2, one.full_title)
    assert one.decisions[0].seen.replace("\u00a0", " ").startswith("Ordinateurs reçus de la Métropole : 2 sur 455")
    desk.store.journal.verify()


def test_nothing_is_decided_nor_opened_nor_closed_without_frozen_figures(convened: Desk) -> None:
    for deed in (
        lambda: deciding.decide(acting(convened.store, **LEAD), 1, YES),
        lambda: deciding.open_session(acting(convened.store, **LEAD), 1),
        lambda: deciding.close(acting(convened.store, **LEAD), 1),
    ):
        with pytest.raises(Refused, match="données arrêtées"):
            deed()
    assert stage(convened) is Stage.PREPARED


def test_figures_without_any_data_are_frozen_as_not_reported(frozen: Desk) -> None:
    found = meetings.snapshot_of(frozen.store, meetings.meeting(frozen.store, 1).freeze)
    assert found.cells["EQ5a", None].observation.missing_because == "not_reported"
    assert "aucune association n’a encore déposé" in found.sentence
    assert found.ledger.voted == 11_500_000


def test_a_day_to_come_is_not_frozen(convened: Desk) -> None:
    with pytest.raises(Refused, match="n’est pas passé"):
        meetings.freeze(Scope(convened.registry, convened.store, **LEAD), 1, AT.date() + timedelta(days=1))


def test_after_closing_only_a_decision_that_replaces_another_is_written(frozen: Desk) -> None:
    store = frozen.store
    with pytest.raises(Refused, match="Sans décision"):
        deciding.close(acting(store, **LEAD), 1)
    deciding.decide(acting(store, **LEAD), 1, YES)
    with pytest.raises(Refused, match="a déjà la décision"):
        deciding.decide(acting(store, **LEAD), 1, YES)
    with pytest.raises(Refused, match="a déjà décidé"):
        freeze(frozen)
    deciding.close(acting(store, **LEAD), 1)
    for deed in (
        lambda: deciding.decide(acting(store, **LEAD), 1, replace(YES, point="")),
        lambda: meetings.prepare(Scope(frozen.registry, store, **LEAD), 1, DAY, [POINT]),
        lambda: freeze(frozen),
        lambda: deciding.close(acting(store, **LEAD), 1),
    ):
        with pytest.raises(Refused, match="clos"):
            deed()
    other = Proposal(Verdict.REJECTED, "Finalement non.", point="p1", replaces="1.1")
    assert deciding.decide(acting(store, **LEAD), 1, other) == "1.2"
    old, new = meetings.meeting(store, 1).decisions
    assert (old.text, old.replaced_by, old.stands) == ("Les machines sont transférées.", "1.2", False)
    assert (new.replaces, new.verdict) == ("1.1", Verdict.REJECTED)
    with pytest.raises(Refused, match="déjà remplacée"):
        deciding.decide(acting(store, **LEAD), 1, other)


def test_a_closed_committee_replaces_its_own_decisions_alone(frozen: Desk) -> None:
    store = frozen.store
    deciding.decide(acting(store, **LEAD), 1, YES)
    deciding.close(acting(store, **LEAD), 1)
    assert meetings.convene(Scope(frozen.registry, store, **LEAD), DAY + timedelta(days=1), [POINT]) == 2
    meetings.freeze(Scope(frozen.registry, store, **LEAD), 2, AT.date() - timedelta(days=1))
    deciding.decide(acting(store, **LEAD), 2, YES)
    with pytest.raises(Refused, match="ses propres décisions"):
        deciding.decide(acting(store, **LEAD), 1, replace(YES, replaces="2.1"))
    assert deciding.decide(acting(store, **LEAD), 2, replace(YES, replaces="1.1")) == "2.2", (
        "an open one may go back on it"
    )


def test_a_decision_is_followed_up_without_being_rewritten(frozen: Desk) -> None:
    store = frozen.store
    deciding.decide(acting(store, **LEAD), 1, YES)
    with pytest.raises(Refused, match="pourquoi"):
        deciding.follow_up(acting(store, **LEAD), "1.1", False, " ")
    deciding.follow_up(acting(store, **LEAD), "1.1", False, "Il manque un véhicule.")
    deciding.close(acting(store, **LEAD), 1)
    deciding.follow_up(acting(store, **LEAD), "1.1", True, "")
    (found,) = meetings.meeting(store, 1).decisions
    assert (found.done, found.to_do, [one.note for one in found.follow_ups]) == (
        True,
        False,
        ["Il manque un véhicule.", ""],
    )
    with pytest.raises(UnknownName):
        deciding.follow_up(acting(store, **LEAD), "9.9", True, "")


def test_the_last_word_on_a_decision_is_taken_back_and_the_one_before_stands(frozen: Desk) -> None:
    store = frozen.store
    deciding.decide(acting(store, **LEAD), 1, YES)
    first = deciding.follow_up(acting(store, **LEAD), "1.1", False, "Il manque un véhicule.")
    last = deciding.follow_up(acting(store, **LEAD), "1.1", True, "")
    with pytest.raises(Refused, match="écrit depuis"):
        deciding.take_follow_up_back(acting(store, **LEAD), "1.1", first)
    for word, left in ((last, ["Il manque un véhicule."]), (first, [])):
        deciding.take_follow_up_back(acting(store, **LEAD), "1.1", word)
        with pytest.raises(Refused, match="déjà annulé"):
            deciding.take_follow_up_back(acting(store, **LEAD), "1.1", word)
        (found,) = meetings.meeting(store, 1).decisions
        assert [one.note for one in found.follow_ups] == left and found.to_do
    with pytest.raises(Forbidden):
        deciding.take_follow_up_back(acting(store, who(Role.COMMITTEE), AT), "1.1", last)


@pytest.mark.parametrize(
    ("point", "said"),
    [
        (replace(POINT, title=" "), "titre"),
        (replace(POINT, options=(" ",)), "une option"),
        (replace(POINT, status_quo=""), "statu quo"),
        (replace(POINT, context="a" * 1001), "1000"),  # what one slide and one page still show
    ],
)
def test_a_point_has_its_question_its_options_and_the_status_quo(desk: Desk, point: AgendaPoint, said: str) -> None:
    with pytest.raises(Refused, match=said):
        meetings.convene(Scope(desk.registry, desk.store, **LEAD), DAY, [point])
    assert meetings.meetings(desk.store) == ()


def test_a_point_is_tied_to_what_exists(desk: Desk) -> None:
    with pytest.raises(UnknownName):
        meetings.convene(Scope(desk.registry, desk.store, **LEAD), DAY, [replace(POINT, experiment="ct9")])
    with pytest.raises(UnknownName):
        meetings.convene(Scope(desk.registry, desk.store, **LEAD), DAY, [replace(POINT, indicator="EQ99")])


def test_points_keep_their_number_and_a_decided_one_stays(convened: Desk) -> None:
    registry, store = convened.registry, convened.store
    meetings.prepare(Scope(registry, store, **LEAD), 1, DAY, [POINT, *meetings.meeting(store, 1).points])
    assert [one.code for one in meetings.meeting(store, 1).points] == ["p2", "p1"]
    freeze(convened)
    deciding.decide(acting(store, **LEAD), 1, YES)
    with pytest.raises(Refused, match="reste à l’ordre du jour"):
        meetings.prepare(Scope(registry, store, **LEAD), 1, DAY, [replace(POINT, code="p2")])


def test_the_next_committee_waits_for_the_end_of_the_one_before(convened: Desk) -> None:
    with pytest.raises(Refused, match="n’est pas clos"):
        meetings.convene(Scope(convened.registry, convened.store, **LEAD), DAY)
    with pytest.raises(UnknownName, match="n’existe pas"):
        meetings.meeting(convened.store, 7)


@pytest.mark.parametrize("role", [Role.COMMITTEE, Role.ASSOCIATION, Role.PUBLIC])
def test_only_the_project_lead_convenes_freezes_and_decides(convened: Desk, role: Role) -> None:
    registry, store = convened.registry, convened.store
    actor = Actor("Quelqu’un", role, "anonymal" if role is Role.ASSOCIATION else None)
    whom = {"actor": actor, "now": AT}
    for deed in (
        lambda: meetings.convene(Scope(registry, store, **whom), DAY),
        lambda: meetings.prepare(Scope(registry, store, **whom), 1, DAY, []),
        lambda: meetings.freeze(Scope(registry, store, **whom), 1, UNTIL),
        lambda: deciding.open_session(acting(store, **whom), 1),
        lambda: deciding.decide(acting(store, **whom), 1, YES),
        lambda: deciding.follow_up(acting(store, **whom), "1.1", True, ""),
        lambda: deciding.close(acting(store, **whom), 1),
    ):
        with pytest.raises(Forbidden):
            deed()


def test_associations_read_a_committee_once_it_is_closed(frozen: Desk) -> None:
    store = frozen.store
    readers = {"lead": WHO, "association": who("ifac"), "committee": Actor("Une élue", Role.COMMITTEE)}

    def read() -> dict[str, int]:
        return {name: len(meetings.readable(one, meetings.meetings(store))) for name, one in readers.items()}

    assert read() == {"lead": 1, "association": 0, "committee": 1}
    deciding.decide(acting(store, **LEAD), 1, YES)
    deciding.close(acting(store, **LEAD), 1)
    assert read() == {"lead": 1, "association": 1, "committee": 1}
    assert meetings.readable(None, meetings.meetings(store)) == ()
    assert meetings.readable(Actor("x", Role.PUBLIC), meetings.meetings(store)) == ()


def test_frozen_figures_that_were_tampered_with_are_refused(frozen: Desk) -> None:
    freeze_ = meetings.meeting(frozen.store, 1).freeze
    kept = frozen.store.file(freeze_.sha256)
    with frozen.store.writing(WHO, AT) as writing:
        writing.connection.execute(
            sa.text("UPDATE files SET content = :content WHERE sha256 = :sha256"),
            {"content": kept.replace(b'"revision":0', b'"revision":9'), "sha256": freeze_.sha256},
        )
    with pytest.raises(JournalBroken, match="modifiées après coup"):
        meetings.snapshot_of(frozen.store, freeze_)


def test_names_with_every_letter_come_back_as_they_were_written(desk: Desk) -> None:
    odd = replace(POINT, title="Œuvre « d’été » — مرحبا", context="Ünïcode ; <script>alert(1)</script>")
    meetings.convene(Scope(desk.registry, desk.store, **LEAD), DAY, [odd])
    (found,) = meetings.meeting(desk.store, 1).points
    assert (found.title, found.context) == (odd.title, odd.context)
