"""What an association tells with its relevé: kept in history, its own to write, held once accepted."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from core import reporting
from core.contract.scope import Scope
from core.depositing import submit
from core.errors import Forbidden, Refused, UnknownName
from tests.core.desk import WHO, Desk, who

EXPERIMENT, QUARTER = "ct6-pays-de-martigues", "2021-T3"
OWNER = who("point-formation")
AT = datetime(2021, 11, 5, 9, tzinfo=UTC)


@pytest.fixture
def opened(desk: Desk) -> Desk:
    desk.save(
        "metropole",
        "periodes",
        {"code": QUARTER, "debut": date(2021, 7, 1), "fin": date(2021, 9, 30), "echeance": date(2021, 10, 7)},
    )
    return desk


def tell(desk: Desk, text: str, **given: Any) -> reporting.Narrative:
    scope = Scope(desk.registry, desk.store, given.pop("actor", OWNER), given.pop("at", AT))
    return reporting.tell(scope, EXPERIMENT, QUARTER, text, **given)


def test_the_last_words_are_shown_and_the_first_ones_kept(opened: Desk) -> None:
    assert reporting.narrative(opened.store, EXPERIMENT, QUARTER) is None
    tell(opened, "  Nous sommes deux. ")
    tell(opened, "Nous sommes trois.", cause="Un local fermé", next_action="En trouver un autre")
    shown = reporting.narrative(opened.store, EXPERIMENT, QUARTER)
    assert (shown.text, shown.cause, shown.next_action) == (
        "Nous sommes trois.",
        "Un local fermé",
        "En trouver un autre",
    )
    texts = [one.text for one in reporting.narratives(opened.store, EXPERIMENT, QUARTER)]
    assert texts == ["Nous sommes deux.", "Nous sommes trois."]
    assert reporting.last_narratives(opened.store) == {EXPERIMENT: (QUARTER, shown)}


def test_the_same_words_again_write_nothing(opened: Desk) -> None:
    first = tell(opened, "Nous sommes deux.")
    assert tell(opened, "Nous sommes deux. ").number == first.number


def test_an_empty_a_long_or_a_personal_text_is_refused(opened: Desk) -> None:
    for text, said in (
        ("  ", "au moins une phrase"),
        ("a" * 4001, "trop long"),
        ("Appeler le 06 39 98 00 12", "contient"),
    ):
        with pytest.raises(Refused, match=said):
            tell(opened, text)
    assert reporting.narrative(opened.store, EXPERIMENT, QUARTER) is None


def test_nobody_else_writes_it_and_no_period_is_invented(opened: Desk) -> None:
    with pytest.raises(Forbidden):
        tell(opened, "Bonjour", actor=who("ifac"))
    with pytest.raises(UnknownName):
        reporting.tell(Scope(opened.registry, opened.store, OWNER, AT), EXPERIMENT, "2030-T1", "Bonjour")


def test_once_sent_the_association_asks_and_once_accepted_nobody_writes(opened: Desk) -> None:
    submit.declare_nothing(Scope(opened.registry, opened.store, OWNER, AT), "point-formation", "formations", QUARTER)
    reporting.transmit(Scope(opened.registry, opened.store, OWNER, AT), EXPERIMENT, QUARTER)
    with pytest.raises(Forbidden, match="transmis"):
        tell(opened, "Après coup")
    assert tell(opened, "Précision", actor=WHO).actor == WHO.name
    reporting.accept(Scope(opened.registry, opened.store, WHO, AT), EXPERIMENT, QUARTER)
    with pytest.raises(Forbidden, match="accepté"):
        tell(opened, "Trop tard", actor=WHO)
