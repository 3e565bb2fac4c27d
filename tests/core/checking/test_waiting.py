"""What a deposit leaves behind stays in sight until corrected or dropped; and nothing that a file holds is absent."""

from __future__ import annotations

import pytest

from core.checking import outcome as outcome_
from core.checking import waiting
from core.depositing import submit
from core.domain.access import Actor, Role
from core.errors import Forbidden, Refused, UnknownName
from tests.core.desk import AT, Desk, who
from tests.support.scopes import acting

HEAD = "code_reunion;date;lieu;participants\n"
STORED = "R1;03/05/2022;martigues;40\nR2;04/05/2022;martigues;6\nR3;05/05/2022;martigues;6\n"
OWNER, TABLE = "point-formation", "concertations"


def hand_in(desk: Desk, rows: str, **given: object) -> outcome_.Outcome:
    return desk.submit(HEAD + rows, OWNER, TABLE, **given)


def waits(desk: Desk) -> list[tuple[int, str | None]]:
    return [(one.line, one.key) for one in waiting.waiting(desk.store, OWNER, TABLE)]


# --- removals -----------------------------------------------------------------------------


def test_a_rejected_row_of_the_file_is_never_absent(desk: Desk) -> None:
    """A row typed « env. 45 » stands in the file: it was announced as missing, and one click deleted it."""
    hand_in(desk, STORED)
    outcome = hand_in(desk, STORED.replace(";40", ";env. 45"), dry_run=True)
    assert outcome.rejected == 1
    assert outcome.diff is not None and outcome.diff.missing is not None
    assert outcome.diff.missing["_key"].to_list() == [] and outcome.kept == 0
    with pytest.raises(Refused, match="dans le fichier"):
        hand_in(desk, STORED.replace(";40", ";env. 45"), keep_valid=True, removals=("R1",))
    assert set(desk.rows(OWNER, TABLE)) == {"R1", "R2", "R3"}


def test_a_key_that_cannot_be_read_leaves_absences_unjudged(desk: Desk) -> None:
    hand_in(desk, STORED)
    for key in ("", "=A1"):
        outcome = hand_in(desk, f"{key};03/05/2022;martigues;40\nR2;04/05/2022;martigues;6\n", dry_run=True)
        assert outcome.unnamed == (2,) and outcome.kept == 0
        assert outcome.diff is not None and outcome.diff.missing is None
        with pytest.raises(Refused, match="on ne peut pas dire quelles lignes manquent"):
            hand_in(
                desk, f"{key};03/05/2022;martigues;40\nR2;04/05/2022;martigues;6\n", keep_valid=True, removals=("R3",)
            )


def test_what_the_file_truly_lacks_is_still_told(desk: Desk) -> None:
    hand_in(desk, STORED)
    outcome = hand_in(desk, "R1;03/05/2022;martigues;40\nR2;2;martigues;6\n", dry_run=True)
    assert outcome.diff is not None and outcome.diff.missing is not None
    assert outcome.diff.missing["_key"].to_list() == ["R3"]
    assert hand_in(desk, "R1;03/05/2022;martigues;40\nR2;2;martigues;6\n", keep_valid=True).kept == 1


# --- what waits ---------------------------------------------------------------------------

MIXED = "R1;03/05/2022;martigues;40\nR2;31/02/2022;martigues;6\nR3;05/05/2022;martigues;env. 6\n"
MENDED = "R2;28/02/2022;martigues;6\nR3;05/05/2022;martigues;6\n"


def test_rows_left_behind_wait_as_they_were_written(desk: Desk) -> None:
    hand_in(desk, MIXED, keep_valid=True)
    assert waits(desk) == [(3, "R2"), (4, "R3")]
    first = waiting.waiting(desk.store, OWNER)[0]
    assert first.texts == {"code_reunion": "R2", "date": "31/02/2022", "lieu": "martigues", "participants": "6"}
    assert first.wrong == {"date"} and "Ce jour n’existe pas" in first.reasons[0][1]
    assert (first.file, first.deposit) == ("fichier.csv", 1)
    assert waiting.counted(desk.store, OWNER) == {TABLE: 2}
    desk.store.journal.verify()


def test_columns_that_were_not_read_do_not_wait(desk: Desk) -> None:
    rows = HEAD.strip() + ";Divers\nR1;03/05/2022;martigues;40;un\nR2;31/02/2022;martigues;6;deux\n"
    desk.submit(rows, OWNER, TABLE, keep_valid=True)
    (one,) = waiting.waiting(desk.store, OWNER)
    assert set(one.texts) == {"code_reunion", "date", "lieu", "participants"}


def test_a_later_deposit_with_the_same_rows_settles_them(desk: Desk) -> None:
    hand_in(desk, MIXED, keep_valid=True)
    hand_in(desk, MENDED)
    assert waits(desk) == []


def test_a_row_whose_key_was_wrong_is_known_by_its_other_cells(desk: Desk) -> None:
    hand_in(desk, "R1;03/05/2022;martigues;40\nR9;04/05/2022;martigues;7\nR9;05/05/2022;martigues;8\n", keep_valid=True)
    assert waits(desk) == [(3, "R9"), (4, "R9")]
    hand_in(desk, "R8;05/05/2022;martigues;8\n")
    assert waits(desk) == [(3, "R9")]


def test_the_same_wrong_file_twice_does_not_wait_twice(desk: Desk) -> None:
    hand_in(desk, MIXED, keep_valid=True)
    hand_in(desk, MIXED, keep_valid=True)
    assert [(one.line, one.deposit) for one in waiting.waiting(desk.store, OWNER)] == [(3, 2), (4, 2)]


def test_a_row_typed_by_hand_settles_it(desk: Desk) -> None:
    hand_in(desk, MIXED, keep_valid=True)
    row = {"code_reunion": "R2", "date": AT.date().replace(month=5, day=4), "lieu": "martigues", "participants": 6}
    desk.save(OWNER, TABLE, row)
    assert waits(desk) == [(4, "R3")]


def test_an_undone_deposit_leaves_nothing_and_settles_nothing(desk: Desk) -> None:
    left = hand_in(desk, MIXED, keep_valid=True)
    mended = hand_in(desk, MENDED)
    assert left.revision and mended.revision
    submit.undo(desk.scope(OWNER), mended.revision)
    assert waits(desk) == [(3, "R2"), (4, "R3")], "they wait again"
    submit.undo(desk.scope(OWNER), left.revision)
    assert waits(desk) == []


def test_dropping_asks_why_and_is_told_in_the_journal(desk: Desk) -> None:
    hand_in(desk, MIXED, keep_valid=True)
    dataset = desk.registry.dataset(OWNER, TABLE)
    ids = [one.id for one in waiting.waiting(desk.store, OWNER)]
    with pytest.raises(Refused, match="pourquoi"):
        waiting.drop(acting(desk.store, who(OWNER), AT), OWNER, dataset, ids[:1], " ")
    with pytest.raises(Refused, match="ne doit nommer personne"):
        waiting.drop(acting(desk.store, who(OWNER), AT), OWNER, dataset, ids[:1], "demandé par Mme Durand")
    other = Actor("Ève", Role.ASSOCIATION, "ifac")
    with pytest.raises(Forbidden):
        waiting.drop(acting(desk.store, other, AT), OWNER, dataset, ids[:1], "doublon")
    waiting.drop(acting(desk.store, who(OWNER), AT), OWNER, dataset, ids[:1], "réunion annulée")
    assert waits(desk) == [(4, "R3")]
    assert desk.store.journal.lines(1)[0].action == waiting.KIND
    with pytest.raises(UnknownName):
        waiting.drop(acting(desk.store, who(OWNER), AT), OWNER, dataset, ids[:1], "encore")


@pytest.mark.parametrize("stored", ["", STORED])
def test_a_row_that_comes_back_under_another_writing_waits_no_more(desk: Desk, stored: str) -> None:
    if stored:
        hand_in(desk, stored)
    hand_in(desk, "R9;03/05/2022;martigues;6\nr 2;04/05/2022;martigues;env. 6\n", keep_valid=True)
    assert len(waits(desk)) == 1
    hand_in(desk, "R-2;05/05/2022;martigues;7\n")
    assert waits(desk) == []
