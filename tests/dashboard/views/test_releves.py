"""« Échéances » and « Relevé » as each role opens them, on the fictitious year."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from core.demonstration import people
from core.demonstration.people import PEOPLE
from core.domain.access import Actor, Role
from dashboard.context import install
from tests.dashboard.views.opening import html, opened, said
from tests.support.filled import LEAD, demonstration_context

COMMITTEE = Actor("Une élue", Role.COMMITTEE)
CT6 = {"experience": "ct6-pays-de-martigues"}
SENT = {"experience": "ct3-pays-salonais", "periode": "2022-T2"}
ANONYMAL, IFAC, POINT = PEOPLE["anonymal"], PEOPLE["ifac"], PEOPLE["point-formation"]


@pytest.fixture
def seen_by() -> Callable[[Actor | None], None]:
    """Open the demonstration as somebody."""
    return lambda actor: install(demonstration_context(visitor=actor))


def labels(page: object) -> list[str]:
    return [one.label.replace("\u00a0", " ") for one in page.button]  # type: ignore[attr-defined]


def test_the_board_says_every_state_in_words(seen_by: Callable[[Actor | None], None]) -> None:
    seen_by(COMMITTEE)
    words = said(opened("echeances"))
    for state in (
        "Sans objet",
        "Accepté",
        "Brouillon",
        "Transmis le 4 juillet 2022",
        "Attendu depuis le 4 juillet 2022",
        "12 jours après l’échéance",
        "11 jours après l’échéance",
    ):
        assert state in words, state
    assert "Restent à recevoir : Plan d’Aou et Pays de Martigues" in words
    assert "8 relevés à temps sur 8" in words and "1 relevé à temps sur 3" in words
    assert "Lire la lettre" not in words, "reminders are the project lead's"


def test_the_lead_has_the_letters_and_no_server_to_send_them(seen_by: Callable[[Actor | None], None]) -> None:
    seen_by(LEAD)
    page = opened("echeances")
    assert "Lire la lettre à Point Formation" in said(page)
    assert "attendu depuis le 4 juillet 2022 (brouillon commencé)" in said(page)
    assert "Aucun serveur de courriel n’est réglé" in said(page)
    assert "/registres?registre=periodes" in html(page)
    assert labels(page) == []


def test_a_sent_releve_is_read_by_its_reader_and_reviewed_by_the_lead(seen_by: Callable[[Actor | None], None]) -> None:
    seen_by(LEAD)
    page = opened("releve", **SENT)
    words = said(page)
    assert "Transmis le 1er juillet 2022" in words and "Tout ce qui est attendu est là" in words
    assert "Chiffres au " in words and "Rien à déclarer" in words
    assert {"Accepter le relevé", "Retourner pour correction"} <= set(labels(page))
    seen_by(COMMITTEE)
    page = opened("releve", **SENT)
    assert "Nous avons plus d’ordinateurs prêts que de demandes remontées" in said(page)
    assert labels(page) == []


def test_its_association_may_ask_to_take_it_back(seen_by: Callable[[Actor | None], None]) -> None:
    seen_by(ANONYMAL)
    assert labels(opened("releve", **SENT)) == ["Demander à reprendre ce relevé"]
    assert labels(opened("releve", **SENT | {"periode": "2022-T1"})) == ["Demander la réouverture"]


def test_an_awaited_releve_tells_what_is_missing(seen_by: Callable[[Actor | None], None]) -> None:
    seen_by(POINT)
    page = opened("releve", periode="2022-T2", **CT6)
    words = said(page)
    assert "Attendu depuis le 4 juillet 2022" in words and "Ce qui manque : " in words
    assert "Déposer un fichier" in words and "Transmettre le relevé" not in labels(page)
    assert "Enregistrer le commentaire" in labels(page)
    assert "« Transmettre le relevé » vient ici dès qu’un tableau de la période est déposé" in words


def test_a_draft_may_be_sent_by_its_association(seen_by: Callable[[Actor | None], None]) -> None:
    seen_by(IFAC)
    assert "Transmettre le relevé" in labels(opened("releve", experience="ct1-plan-d-aou", periode="2022-T2"))


def test_before_its_start_it_is_without_object(seen_by: Callable[[Actor | None], None]) -> None:
    seen_by(LEAD)
    page = opened("releve", periode="2021-T3", **CT6)
    assert "Ce relevé est sans objet" in said(page) and labels(page) == []


@pytest.mark.parametrize("actor", [people.PEOPLE["ifac"], None])
def test_another_association_and_a_stranger_are_refused(
    seen_by: Callable[[Actor | None], None], actor: Actor | None
) -> None:
    seen_by(actor)
    words = said(opened("releve", **SENT))
    assert ("Accès refusé" if actor else "Votre session est terminée") in words
    assert "Nous avons plus d’ordinateurs" not in words


def test_the_experiment_page_tells_what_its_association_says(seen_by: Callable[[Actor | None], None]) -> None:
    seen_by(COMMITTEE)
    words = said(opened("experimentation-ct6-pays-de-martigues"))
    assert "Ce qu’en dit Point Formation, au 2e trimestre 2022" in words and "Nous sommes deux." in words


def test_an_unknown_releve_is_told(seen_by: Callable[[Actor | None], None]) -> None:
    seen_by(LEAD)
    assert "Aucun relevé n’est attendu pour" in said(opened("releve", periode="2030-T1", **CT6))


def test_who_writes_and_who_accepts_are_told_that_nobody_hides_the_numbers_of_a_text(
    seen_by: Callable[[Actor | None], None],
) -> None:
    """Issue 9: « trois ordinateurs … hors quartier prioritaire » stood beside « moins de 5 »."""
    seen_by(IFAC)
    words = said(opened("releve", experience="ct1-plan-d-aou", periode="2022-T2"))
    assert "N’y écrivez aucun nombre de personnes inférieur à 5, ni en chiffres ni en lettres" in words
    seen_by(LEAD)
    words = said(opened("releve", **SENT))
    assert "en acceptant, vous confirmez l’avoir lu et qu’il ne donne aucun nombre de personnes inférieur à 5." in words
