"""Comments and evidence: bounded, kept with their hash, read by those who may read the rows, taken back by an entry."""

from __future__ import annotations

import hashlib
import io
import zipfile
from datetime import timedelta

import pytest

from core.depositing import comments
from core.depositing import comments as evidence
from core.depositing.comments import About
from core.domain.access import Actor, Role
from core.errors import FileRefused, Forbidden, Refused, UnknownName
from core.storage import Store
from tests.core.desk import AT, MACHINE, WHO, Desk, who
from tests.support.scopes import acting

CLAIRE = who("anonymal")
COMMITTEE = Actor("Élu", Role.COMMITTEE)
ROW = About("anonymal", "materiel", "A/1")
PDF = b"%PDF-1.7 bon de remise"


def packed(*names: str, mimetype: str = "") -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as book:
        if mimetype:
            book.writestr("mimetype", mimetype)
        for name in names:
            book.writestr(name, "<x/>")
    return whole.getvalue()


@pytest.fixture
def held(desk: Desk) -> Desk:
    desk.save("anonymal", "materiel", MACHINE)
    desk.save("ifac", "materiel", MACHINE)
    return desk


def test_a_comment_and_its_evidence_are_kept_and_read_again(held: Desk) -> None:
    number = comments.add(acting(held.store, CLAIRE, AT), ROW, " Vu ce jour. ", file=(PDF, "C:\\bons\\bon 12.pdf"))
    (found,) = comments.listed(held.store, ROW, actor=COMMITTEE)
    assert (found.number, found.text, found.actor, found.file, found.size) == (
        number,
        "Vu ce jour.",
        "Claire",
        "bon 12.pdf",
        len(PDF),
    )
    assert found.sha256 == hashlib.sha256(PDF).hexdigest()
    assert comments.file(held.store, ROW, number, actor=CLAIRE) == (PDF, "bon 12.pdf")
    assert comments.counted(held.store, "anonymal", "materiel", actor=CLAIRE) == {"A/1": 1}
    held.store.journal.verify()


def test_nobody_else_reads_or_writes(held: Desk) -> None:
    number = comments.add(acting(held.store, CLAIRE, AT), ROW, "Vu.", file=(PDF, "bon.pdf"))
    ifac = who("ifac")
    for refused in (
        lambda: comments.add(acting(held.store, ifac, AT), ROW, "Vu."),
        lambda: comments.listed(held.store, ROW, actor=ifac),
        lambda: comments.file(held.store, ROW, number, actor=ifac),
        lambda: comments.take_back(acting(held.store, ifac, AT), ROW, number),
        lambda: comments.counted(held.store, "anonymal", "materiel", actor=ifac),
        lambda: comments.add(acting(held.store, COMMITTEE, AT), ROW, "Vu."),
    ):
        with pytest.raises(Forbidden):
            refused()


def test_the_deposit_of_another_association_is_not_read_through_its_number(held: Desk) -> None:
    theirs = held.store.deposits(association="ifac")[0].number
    comments.add(acting(held.store, who("ifac"), AT), About("ifac", "materiel", deposit=theirs), "Secret.")
    with pytest.raises(UnknownName):
        comments.listed(held.store, About("anonymal", "materiel", deposit=theirs), actor=CLAIRE)
    mine = About("anonymal", "materiel", deposit=held.store.deposits(association="anonymal")[0].number)
    comments.add(acting(held.store, CLAIRE, AT), mine, "Le mien.")
    assert [one.text for one in comments.listed(held.store, mine, actor=CLAIRE)] == ["Le mien."]


def test_what_is_taken_back_is_shown_no_more_and_stays_written(held: Desk) -> None:
    number = comments.add(acting(held.store, CLAIRE, AT), ROW, "Faux.", file=(PDF, "bon.pdf"))
    comments.take_back(acting(held.store, CLAIRE, AT + timedelta(hours=1)), ROW, number)
    (found,) = comments.listed(held.store, ROW, actor=CLAIRE)
    assert (found.text, found.file, found.by, found.taken_back) == ("", None, "Claire", AT + timedelta(hours=1))
    with pytest.raises(UnknownName):
        comments.file(held.store, ROW, number, actor=CLAIRE)
    with pytest.raises(Refused, match="déjà retiré"):
        comments.take_back(acting(held.store, CLAIRE, AT), ROW, number)
    assert len(held.store.entries(comments.KIND)) == 2
    assert comments.counted(held.store, "anonymal", "materiel", actor=CLAIRE) == {}


def test_an_association_does_not_take_back_what_the_metropole_said(held: Desk) -> None:
    number = comments.add(acting(held.store, WHO, AT), ROW, "À vérifier.")
    with pytest.raises(Forbidden):
        comments.take_back(acting(held.store, CLAIRE, AT), ROW, number)
    comments.take_back(acting(held.store, WHO, AT), ROW, number)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("  ", "Écrivez un commentaire"),
        ("x" * 2001, "trop long"),
        ("Bien.\nAppeler le 06 12 34 56 78", "un numéro de téléphone"),
        ("voir marie.durand@exemple.fr", "une adresse électronique"),
    ],
)
def test_a_comment_that_says_nothing_too_much_or_somebody_is_refused(held: Desk, text: str, words: str) -> None:
    with pytest.raises(Refused, match=words):
        comments.add(acting(held.store, CLAIRE, AT), ROW, text)
    assert held.store.entries(comments.KIND) == []


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (PDF, "bon.pdf"),
        (b"\x89PNG\r\n\x1a\n...", "photo.PNG"),
        (b"\xff\xd8\xff\xe0...", "photo.jpeg"),
        ("a;é\n".encode("cp1252"), "liste.csv"),
        (packed("xl/workbook.xml"), "liste.xlsx"),
        (packed("word/document.xml"), "lettre.docx"),
        (packed("content.xml", mimetype=evidence.MIME["ods"]), "liste.ods"),
        (packed("content.xml", mimetype=evidence.MIME["odt"]), "lettre.odt"),
    ],
)
def test_the_types_that_are_accepted(content: bytes, name: str) -> None:
    assert evidence.checked(content, name).content == content
    assert evidence.mime(name) != "application/octet-stream"


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"MZ", "outil.exe", "pas d’un type accepté"),
        (PDF, "sans_type", "pas d’un type accepté"),
        (b"MZ...", "bon.pdf", "pas un vrai fichier pdf"),
        (b"<html><script>", "liste.csv", "pas un vrai fichier csv"),
        (b"PK\x03\x04...", "liste.xlsx", "pas un vrai fichier xlsx"),
        (packed("word/document.xml"), "liste.xlsx", "pas un vrai fichier xlsx"),
        (packed("content.xml", mimetype=evidence.MIME["odt"]), "liste.ods", "pas un vrai fichier ods"),
        (packed("content.xml"), "liste.ods", "pas un vrai fichier ods"),
        (packed("xl/workbook.xml", "xl/vbaProject.bin"), "liste.xlsx", "macros"),
        (b"", "bon.pdf", "est vide"),
        (PDF + b"x" * evidence.LARGEST, "bon.pdf", "trop gros"),
    ],
)
def test_what_is_no_evidence_is_refused(content: bytes, name: str, words: str) -> None:
    with pytest.raises(FileRefused, match=words):
        evidence.checked(content, name)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("../../etc/bon.pdf", "bon.pdf"),
        ("bon\u202efdp.pdf", "bonfdp.pdf"),
        ("<b>bon</b>.pdf", "b.pdf"),
        ("x" * 300 + ".pdf", "x" * 108 + ".pdf"),
    ],
)
def test_a_name_is_never_a_path(written: str, kept: str) -> None:
    assert evidence.checked(PDF, written).name == kept


def test_comments_are_the_same_on_both_databases(database_url: str) -> None:
    with Store.open(database_url) as store:
        number = comments.add(acting(store, CLAIRE, AT), ROW, "Vu.", file=(PDF, "bon.pdf"))
        assert comments.file(store, ROW, number, actor=CLAIRE) == (PDF, "bon.pdf")
        store.journal.verify()
