"""What entries say is typed; those of before, in French keys, are read by the step that each room gives."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from core.accounts import second_factor, tokens
from core.alerts import follow_up
from core.checking import waiting
from core.committee import deciding, meetings
from core.committee.deciding import Proposal
from core.contract import Registry, schema_setup
from core.depositing import comments, handing_in
from core.domain.access import Actor, Role
from core.domain.meeting import Verdict
from core.domain.releve import ReleveAction
from core.errors import JournalBroken
from core.reporting import decide, reminders, states
from core.storage import Store
from core.storage.events import FORMAT
from tests.core.storage.factories import NADIA, NOON
from tests.support.scopes import acting

KEPT = Path(__file__).parent / "before" / "inscriptions-en-francais.sqlite3.gz"
"""A base in which every room wrote its entries with the code of before the formats."""
AT = datetime(2022, 7, 5, 9, 30, tzinfo=UTC)
LEAD = Actor("Nadia", Role.LEAD)
CT6 = "ct6-pays-de-martigues"


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    path = tmp_path_factory.mktemp("gardee") / "fabrique.sqlite3"
    path.write_bytes(gzip.decompress(KEPT.read_bytes()))
    with Store.open(f"sqlite:///{path}") as store:
        schema_setup.prepare(Registry.load(strict=True), store, at=AT)
        yield store


def test_the_entries_of_before_hold_french_keys_and_verify(kept: Store) -> None:
    assert {"fait", "motif"} <= set(kept.entries("relevé")[-1].content)
    kept.journal.verify()


def test_the_releves_of_before_are_read(kept: Store) -> None:
    sent, returned = states.history(kept, CT6, "2022-T2")
    assert (sent.deed, returned.deed) == (ReleveAction.SENT, ReleveAction.RETURNED)
    assert returned.reason == "Une ligne manque."
    told = decide.narrative(kept, CT6, "2022-T2")
    assert told is not None
    assert (told.text, told.cause, told.next_action, told.axis) == (
        "Nous sommes deux.",
        "Deux salariés.",
        "Déposer.",
        1,
    )
    assert reminders.sent_on(kept, date(2022, 7, 5)) == {"point-formation"}


def test_what_was_said_of_rows_before_is_read(kept: Store) -> None:
    [row] = waiting.waiting(kept, "point-formation", "concertations")
    assert (row.line, row.key, row.file, row.texts["participants"]) == (2, "R1", "reunions.csv", "env. 45")
    assert row.wrong == {"participants"}
    assert handing_in.remembered(kept, "point-formation", "concertations") == {"Nb présents": "participants"}
    gone, stands = comments.listed(kept, comments.About("point-formation", "concertations"), actor=LEAD)
    assert (gone.stands, stands.text) == (False, "Compté deux fois.")


def test_the_committee_of_before_is_read(kept: Store) -> None:
    [found] = meetings.meetings(kept)
    [point] = found.points
    assert (point.title, point.options, point.status_quo) == ("Le seuil", ("La moitié", "Deux tiers"), "Pas de seuil.")
    assert (point.experiment, point.indicator) == (CT6, "EQ5a")
    assert found.freeze is not None and found.freeze.until == date(2022, 6, 30)
    assert meetings.snapshot_of(kept, found.freeze).sha256 == found.freeze.sha256
    first, second = found.decisions
    assert (first.due, first.owner, first.replaced_by) == (date(2022, 9, 1), "Nadia", "1.2")
    assert first.seen.startswith("Ordinateurs remis")
    assert (second.verdict, second.done) == (Verdict.PENDING, False)


def test_alerts_and_keys_of_before_are_read(kept: Store) -> None:
    [said] = follow_up.history(kept, "donnees/x")
    assert (said.owner, said.note, said.due, said.closed) == ("Karim", "Relancée.", date(2022, 7, 20), False)
    [risk] = follow_up.risks(kept)
    assert (risk.title, risk.why, risk.experiment) == ("Un départ", "Un salarié s’en va.", CT6)
    first, second = tokens.tokens(kept)
    assert (first.name, first.rows, first.associations, first.expires) == (
        "Portail",
        True,
        ("point-formation",),
        date(2022, 8, 4),
    )
    assert (first.withdrawn, second.withdrawn is not None) == (None, True)
    assert second_factor.is_required(kept)


def test_a_committee_of_before_goes_on_in_the_format_of_today(kept: Store) -> None:
    again = Proposal(Verdict.ACCEPTED, "Les deux tiers, signés.", "p1", "Nadia", replaces="1.2")
    assert deciding.decide(acting(kept, LEAD, AT), 1, again) == "1.3"
    assert kept.entries("décision")[-1].content["format"] == FORMAT
    assert [one.replaced_by for one in meetings.meeting(kept, 1).decisions] == ["1.2", "1.3", ""]


def test_an_entry_that_says_something_else_is_told_as_such(kept: Store) -> None:
    with kept.writing(NADIA, NOON) as writing:
        writing.enter("risque", "risque/9", {"format": FORMAT, "dropped": "peut-être"})
    with pytest.raises(JournalBroken, match="ne se lit pas"):
        follow_up.risks(kept)
