"""The journal is read in French, by who may, a page at a time."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from core.accounts import Office, accounts
from core.contract.scope import Scope
from core.depositing import history
from core.domain.access import Actor, Role
from core.domain.french import typeset
from core.errors import Forbidden, JournalBroken
from tests.core.desk import AT, MACHINE, WHO, Desk, who


def found(desk: Desk, **asked: object) -> history.Page:
    return history.look(desk.scope(), **asked)


@pytest.fixture
def told(desk: Desk) -> Desk:
    desk.submit("numero_inventaire;type;statut;date_reception\nA-1;ordinateur fixe;reçu;16/09/2021\n")
    desk.save("anonymal", "materiel", MACHINE | {"lot": "L1"})
    desk.save("metropole", "seuils", {"association": "ifac", "code_immeuble": "FV-01", "part": 50.0, "decision": "C1"})
    return desk


def test_a_line_says_what_was_done_to_what(told: Desk) -> None:
    newest = found(told).lines[0]
    assert (newest.what, newest.about, newest.counts) == ("Saisie à l’écran", "Métropole, Seuils d’accord", "1 ajoutée")
    [file] = found(told, words="fichier").lines
    assert (file.what, file.about) == ("Fichier déposé", "Anonymal, Matériel")
    assert "fichier.csv" in file.counts


def test_line_of_an_account_says_whose_it_is_and_not_who(told: Desk) -> None:
    accounts.invite(Office(told.store), "claire@ifac.fr", "Claire", Role.ASSOCIATION, "ifac", actor=WHO, at=AT)
    newest = found(told).lines[0]
    assert (newest.what, newest.about) == ("Compte invité", typeset("Un compte : association IFAC"))


@pytest.mark.parametrize(
    ("subject", "about"),
    [
        ("comite-3", "Comité n° 3"),
        ("regle/famille_hors_qpv/materiel/ct2-pays-d-aix/anonymal", "Point à traiter, Matériel, Pays d’Aix"),
        ("regle/valeur_superieure_a_300/annexe_materiel/programme/metropole", "Point à traiter, Annexe du matériel"),
        ("risque/1", "Risque n° 1"),
        ("plugin/ct3_anonymal", "Point à traiter"),
    ],
)
def test_what_is_stored_under_a_code_is_called_by_its_name(told: Desk, subject: str, about: str) -> None:
    line = replace(found(told).lines[0].line, subject=subject)
    assert history.tell(told.registry, line).about == typeset(about)


def test_words_of_the_screen_find_what_is_stored_under_a_code(told: Desk) -> None:
    assert {one.about for one in found(told, words="seuils saisie").lines} == {"Métropole, Seuils d’accord"}
    assert found(told, words="MATÉRIEL import").total == 1
    assert found(told, association="anonymal", who="Claire").total == 2
    assert found(told, since=(AT + timedelta(days=1)).date()).total == 0


def test_a_page_beyond_the_end_is_the_last(told: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "PAGE", 2)
    page = found(told, page=999)
    assert page.at == page.last == -(-page.total // 2)
    assert 1 <= len(page.lines) <= 2


@pytest.mark.parametrize("actor", [None, who("anonymal"), Actor("Élue", Role.COMMITTEE)])
def test_only_who_audits_reads_it(told: Desk, actor: Actor | None) -> None:
    with pytest.raises(Forbidden):
        history.look(Scope(told.registry, told.store, actor, AT))
    with pytest.raises(Forbidden):
        history.verify(Scope(told.registry, told.store, actor, AT))
    assert history.verify(told.scope()).lines == found(told).total


def test_a_payment_changed_in_its_table_is_named_as_people_know_it(told: Desk) -> None:
    paid = {"reference": "M-1", "ligne": "anonymal-ct2", "nature": "avance"}
    told.save("metropole", "versements", paid | {"date": date(2021, 9, 1), "montant": 1_960_000})
    verified = history.verify(told.scope())
    assert (verified.rows, verified.late) == (4, 0)
    assert history.in_words(verified).startswith(f"{verified.lines} lignes du journal et 4 lignes de données")
    with told.store._engine.begin() as connection:
        connection.exec_driver_sql("UPDATE d_metropole_versements SET montant = 1")
    with pytest.raises(JournalBroken, match=typeset("« Versements » de Métropole, dépôt n° 4 : la ligne « M-1 »")):
        history.verify(told.scope())
