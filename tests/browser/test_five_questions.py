"""The five questions of the room, asked of the first page of a member: at most one click each, answers of the store."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from core.committee import meetings
from core.contract import schema_setup
from core.demonstration import TODAY
from core.disclosure.reader import DiscreetMonitor
from core.domain import french
from core.domain.calendar import Period
from core.domain.meeting import Stage, Verdict
from core.domain.observation import Progress
from core.figures import Comparison
from core.figures.sentences import SUBJECTS, axis_states, delays, stops
from core.money.ledger import money_sentence, read_ledger
from core.storage import Store
from tests.browser.looking import look, settled, sized
from tests.browser.test_deposit import spaced
from tests.support.filled import NOW, registry, served_url

pytestmark = pytest.mark.browser
UNTIL = Period.parse("2022-T2").end
BEHIND = {Progress.LATE: "En retard", Progress.BLOCKED: "Bloqué"}

MADE = {None: "Suite non renseignée", True: "Faite", False: "Pas encore faite"}


class Member:
    """A member of the committee on the first page; each press is counted."""

    def __init__(self, page: Page) -> None:
        self.page, self.clicks = page, 0

    def press(self, what: Locator) -> None:
        what.click()
        settled(self.page)
        self.clicks += 1

    def reads(self, words: str, where: Locator | None = None) -> None:
        found = (where or self.page.get_by_test_id("stMain")).get_by_text(anyhow(words)).first
        expect(found).to_be_visible()


def anyhow(words: str) -> re.Pattern[str]:
    """The words, whatever spaces stand between them, no-break or plain."""
    return spaced(re.sub(r"\s+", " ", words.strip()))


@pytest.fixture
def member(as_committee: Page, demonstration: str) -> Iterator[Member]:
    sized(as_committee, 1280, 800)
    found = Member(look(as_committee, demonstration))
    yield found
    assert found.clicks <= 1


@pytest.fixture(scope="module")
def store() -> Iterator[Store]:
    with Store.open(served_url()) as opened:
        schema_setup.prepare(registry(), opened, at=NOW)
        yield opened


@pytest.fixture(scope="module")
def compared(store: Store) -> Comparison:
    return DiscreetMonitor(registry(), store, today=TODAY, below=5).compare(until=UNTIL)


def test_which_is_late_and_why(member: Member, compared: Comparison) -> None:
    seen = 0
    for one in compared.experiments:
        card = member.page.locator(".card", has=member.page.get_by_role("link", name=one.short_title, exact=True))
        why = dict((*delays(compared, one), *stops(compared, one)))
        for state in axis_states(compared, one):
            if state.progress in BEHIND:
                seen += 1
                line = card.locator("li", has_text=BEHIND[state.progress]).filter(has_text=SUBJECTS[state.axis])
                expect(line.first).to_be_visible()
                member.reads(why[state.axis], card)
    assert seen >= 2


def test_how_much_is_spent(member: Member, store: Store) -> None:
    told = money_sentence(read_ledger(store, until=UNTIL))
    assert "€" in told
    member.reads(told)


def test_what_did_we_decide_and_is_it_done(member: Member, store: Store) -> None:
    last = next(one for one in reversed(meetings.meetings(store)) if one.stage is Stage.CLOSED)
    waiting = [one for one in meetings.all_decisions(meetings.meetings(store)).values() if one.to_do]
    asked = member.page.get_by_role("region", name="Pour le comité")
    count = french.count(len(waiting), "décision attend sa suite", "décisions attendent leur suite")
    member.press(asked.get_by_role("link", name=anyhow(count)))
    assert last.decisions
    for one in last.decisions:
        row = member.page.get_by_role("row").filter(has=member.page.get_by_text(anyhow(one.text)))
        done = "Rien à faire" if one.done is None and one.verdict is Verdict.REJECTED else MADE[one.done]
        expect(row.get_by_text(done)).to_be_visible()


def test_what_is_asked_today(member: Member, store: Store) -> None:
    asked = member.page.get_by_role("region", name="Pour le comité")
    points = meetings.meetings(store)[-1].points
    assert len(points) == 3
    for one in points:
        expect(asked.get_by_role("link", name=anyhow(one.title))).to_be_in_viewport()


def test_what_about_port_de_bouc(member: Member, store: Store) -> None:
    monitor = DiscreetMonitor(registry(), store, today=TODAY, below=5)
    known = monitor.at_place("EQ5a", "ct6-pays-de-martigues", "port-de-bouc", until=UNTIL, revision=None)
    member.press(member.page.locator(".card").get_by_role("link", name="Port-de-Bouc", exact=True))
    member.reads("Et chez moi, à Port-de-Bouc ?")
    assert known.numerator is not None, "what is read below is a number of machines"
    day = french.day(known.freshness.covers_until or UNTIL)
    member.reads(f"Au {day}, à Port-de-Bouc (incomplet) : {french.count(known.numerator, 'ordinateur remis')}")
