"""What is kept too long leaves by one command; without a decided duration, nothing ever does."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from core.contract.scope import Scope
from core.depositing import comments, retention
from core.depositing.comments import About
from core.domain.access import Actor, Role
from core.errors import Forbidden, Refused
from tests.core.desk import AT, MACHINE, WHO, Desk, who
from tests.support.scopes import acting

LATER = AT + timedelta(days=800)


@pytest.fixture
def kept(desk: Desk) -> Desk:
    """A machine handed in by file, and corrected the same day."""
    desk.submit("numero_inventaire;type;statut;date_reception\nA-1;ordinateur fixe;reçu;16/09/2021\n")
    desk.save("anonymal", "materiel", MACHINE | {"lot": "L1"})
    return desk


def decide(desk: Desk, months: int) -> None:
    row = {"dataset": "materiel", "duree_mois": months, "decision": "Comité n° 1"}
    desk.save("metropole", "conservation", row)


def say(desk: Desk, about: About, text: str, file: tuple[bytes, str] | None = None) -> int:
    return comments.add(acting(desk.store, WHO, AT), about, text, file=file)


def test_nothing_leaves_without_a_duration(kept: Desk) -> None:
    assert retention.foreseen(Scope(kept.registry, kept.store, WHO, LATER)) == ()
    assert retention.purge(Scope(kept.registry, kept.store, WHO, LATER)) == ()


def test_what_is_beyond_its_duration_leaves(kept: Desk) -> None:
    decide(kept, 24)
    assert retention.foreseen(kept.scope()) == ()
    [foreseen] = retention.foreseen(Scope(kept.registry, kept.store, WHO, LATER))
    assert (foreseen.association, foreseen.rows, foreseen.files) == ("anonymal", 1, 1)
    told = retention.in_words(foreseen, kept.registry).replace("\xa0", " ")
    assert told.startswith("Anonymal, « Matériel » : 1 ancienne version de ligne et 1 fichier d’avant le ")
    assert told.endswith("12 septembre 2022 (24 mois)")
    assert retention.purge(Scope(kept.registry, kept.store, WHO, LATER)) == (foreseen,)
    assert retention.foreseen(Scope(kept.registry, kept.store, WHO, LATER)) == ()
    assert kept.rows()["A-1"]["lot"] == "L1"
    kept.store.journal.verify()


def test_comments_leave_with_the_past_of_their_dataset(kept: Desk) -> None:
    decide(kept, 24)
    row, gone, whole = (
        About("anonymal", "materiel", "A-1"),
        About("anonymal", "materiel", "B-9"),
        About("anonymal", "materiel"),
    )
    slip = say(kept, row, "Chez la famille du 3e.", (b"%PDF-1.7 bon", "bon.pdf"))
    comments.take_back(acting(kept.store, WHO, AT), row, slip)
    lost = say(kept, gone, "Machine rendue.")
    for about in (row, whole):
        say(kept, about, "Compté deux fois.")
    [purged] = retention.purge(Scope(kept.registry, kept.store, WHO, LATER))
    assert (purged.comments, purged.files) == (2, 2)
    assert "2 fichiers et 2 commentaires" in retention.in_words(purged, kept.registry).replace("\xa0", " ")
    [first, second] = comments.listed(kept.store, row, actor=WHO)
    assert (first.taken_back is None, first.stands, second.text) == (False, False, "Compté deux fois.")
    [left] = comments.listed(kept.store, gone, actor=WHO)
    assert (left.number, left.text, left.purged) == (lost, "", True)
    assert comments.counted(kept.store, "anonymal", "materiel", actor=WHO) == {"A-1": 1}
    with pytest.raises(Refused, match="déjà retiré"):
        comments.take_back(acting(kept.store, WHO, LATER), gone, lost)
    kept.store.journal.verify()


def test_a_comment_stays_for_as_long_as_a_version_of_its_row(kept: Desk) -> None:
    decide(kept, 24)
    kept.save("anonymal", "materiel", MACHINE | {"numero_inventaire": "B-2"})
    row, lately = About("anonymal", "materiel", "B-2"), LATER - timedelta(days=1)
    say(kept, row, "Machine rendue.")
    with kept.store.writing(WHO, lately) as writing:
        removed = writing.save("anonymal", "materiel", kept.store.rows("anonymal", "materiel").head(0), remove=["B-2"])
    retention.purge(Scope(kept.registry, kept.store, WHO, LATER))
    with kept.store.writing(WHO, LATER) as writing:
        writing.undo(removed.revision or 0)
    assert "B-2" in kept.rows()
    [comment] = comments.listed(kept.store, row, actor=WHO)
    assert comment.text == "Machine rendue."


def test_comments_of_another_dataset_or_deposit_stay(kept: Desk) -> None:
    decide(kept, 24)
    kept.save("ifac", "materiel", MACHINE)
    [mine] = {one.number for one in kept.store.deposits(association="anonymal", dataset="materiel") if one.sha256}
    [theirs] = {one.number for one in kept.store.deposits(association="ifac", dataset="materiel")}
    say(kept, About("anonymal", "materiel", deposit=mine), "Lu en séance.")
    say(kept, About("ifac", "materiel", deposit=theirs), "Lu en séance.")
    with kept.store.writing(WHO, AT) as writing:  # a dataset of which the name begins alike, a key with a slash
        for subject in ("anonymal/materiel-x/Z", "anonymal/materiel/A/1"):
            writing.enter(comments.KIND, subject, {"text": "Rendue."})
    # IFAC's row holds, but its deposit is past: its comment leaves with the bytes of the file.
    purged = {one.association: one.comments for one in retention.purge(Scope(kept.registry, kept.store, WHO, LATER))}
    assert purged == {"anonymal": 2, "ifac": 1}
    left = {one.subject for one in kept.store.entries(comments.KIND) if "text" in one.content}
    assert left == {"anonymal/materiel-x/Z"}


def test_what_is_foreseen_is_what_leaves_even_when_two_comments_share_their_evidence(kept: Desk) -> None:
    decide(kept, 24)
    kept.save("ifac", "materiel", MACHINE)
    for association in ("anonymal", "ifac"):
        about = About(association, "materiel", "Z-9")
        say(kept, about, "Le bon.", (b"%PDF-1.7 le meme bon", "bon.pdf"))
    lines = kept.store.journal.verify().lines
    foreseen = retention.foreseen(Scope(kept.registry, kept.store, WHO, LATER))
    assert kept.store.journal.verify().lines == lines
    assert retention.purge(Scope(kept.registry, kept.store, WHO, LATER)) == foreseen
    assert sum(one.files for one in foreseen) == 2  # the deposited file, and the evidence, once


def test_a_comment_taken_back_lately_stays_for_its_time(kept: Desk) -> None:
    decide(kept, 24)
    row = About("anonymal", "materiel", "A-1")
    comments.take_back(acting(kept.store, WHO, LATER), row, say(kept, row, "Chez la famille du 3e."))
    [purged] = retention.foreseen(Scope(kept.registry, kept.store, WHO, LATER))
    assert purged.comments == 0


def test_only_who_administers_may_purge(kept: Desk) -> None:
    decide(kept, 1)
    for actor in (who("anonymal"), Actor("Élue", Role.COMMITTEE)):
        for act in (retention.purge, retention.foreseen):
            with pytest.raises(Forbidden):
                act(Scope(kept.registry, kept.store, actor, LATER))


@pytest.mark.parametrize(
    ("day", "months", "limit"),
    [
        (date(2022, 3, 31), 1, date(2022, 2, 28)),
        (date(2022, 3, 15), 15, date(2020, 12, 15)),
        (date(2024, 2, 29), 12, date(2023, 2, 28)),
    ],
)
def test_months_are_those_of_the_calendar(day: date, months: int, limit: date) -> None:
    assert retention._months_before(day, months) == limit
