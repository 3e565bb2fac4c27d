"""`fabrique export` and `fabrique token`: the legal files from the command line, and keys for programs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.filled import copied, demonstration_url


@pytest.fixture
def told(run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """The command over a copy of the demonstration."""
    copy = copied(demonstration_url(), tmp_path / "demonstration.sqlite3")
    monkeypatch.setenv("FABRIQUE_DATABASE_URL", f"sqlite:///{copy}")
    monkeypatch.setenv("FABRIQUE_TODAY", "2022-07-05")
    return run


@pytest.mark.parametrize(
    ("words", "begins"),
    [
        (("compte-rendu", "cr.pdf", "--subject", "anonymal-ct2"), b"%PDF-"),
        (("compte-rendu", "cr.xlsx", "--subject", "point-formation", "--year", "2022"), b"PK"),
        (("compte-rendu", "cr.pdf", "--subject", "arsenic"), b"%PDF-"),
        (("compte-rendu", "cr.xlsx", "--subject", "arsenic-equiper-connecter"), b"PK"),
        (("versements", "etat.pdf", "--subject", "arsenic"), b"%PDF-"),
        (("open-data", "ouvert.zip", "--freeze", "1"), b"PK"),
    ],
)
def test_each_file_is_written(told, words, begins) -> None:
    status, out, err = told("export", *words)
    assert (status, err) == (0, "")
    assert Path(words[1]).read_bytes().startswith(begins)
    assert words[1] in out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("subventions", "s.csv"), "le SIRET de la Métropole"),
        (("subventions-reglementaire", "s.csv"), "le SIRET de l’association"),
        (("mediation", "m.csv"), "SIRET"),
        (("compte-rendu", "cr.pdf"), "--subject"),
        (("compte-rendu", "cr.pdf", "--subject", "ifac"), "pas encore déposé de comptes"),
        (("compte-rendu", "cr.pdf", "--subject", "ct2"), "ni une ligne"),
        (("open-data", "o.zip", "--freeze", "99"), "99"),
        (("versements", "etat.csv", "--subject", "ifac"), "donnez un nom qui finit par « .pdf »"),
        (("compte-rendu", "cr.docx", "--subject", "arsenic"), "« .pdf » ou « .xlsx »"),
        (("pptx", "comite.pdf"), "« .pptx »"),
    ],
)
def test_what_cannot_be_published_says_why_and_writes_nothing(told, words, said) -> None:
    status, _, err = told("export", *words)
    assert status == 1 and said in err.replace("\u00a0", " ")
    assert not Path(words[1]).exists()


def test_a_key_is_given_listed_and_withdrawn(run, ready) -> None:
    status, out, _ = run("token", "create", "Portail", "-a", "ifac", "--days", "30", "--json")
    made = json.loads(out)
    assert status == 0 and made["secret"].startswith("fab_")
    assert made["token"]["associations"] == ["ifac"] and made["token"]["rows"] is False
    _, out, _ = run("token", "list")
    assert "Portail" in out and "ouvert" in out and made["secret"] not in out
    assert run("token", "revoke", "J1")[0] == 0
    assert json.loads(run("token", "list", "--json")[1])["tokens"][0]["withdrawn"] is not None
    assert run("token", "revoke", "J7")[0] == 1
    assert run("journal", "verify")[0] == 0


def test_a_wrong_key_is_refused_with_its_json(run, ready) -> None:
    status, out, err = run("token", "create", "x", "-a", "ifoc", "--json")
    assert status == 1 and "ifac" in err
    assert json.loads(out)["secret"] is None
