"""A relevé from hand to hand, in a real browser: returned, corrected, sent, accepted, locked, opened again."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from core.demonstration import people
from core.domain.actor import Actor
from core.settings import sqlite_url
from tests.browser.conftest import new_context
from tests.browser.looking import look
from tests.browser.serving import serving
from tests.browser.signing import cookie
from tests.support.filled import copied, demonstration_url

pytestmark = pytest.mark.browser

RELEVE = "releve?experience=ct1-frais-vallon&periode=2022-T2"
DEPOSIT = "deposer?association=ifac&jeu=communication"
HEAD = "Code de l’action;Lieu;Date;Canal\n"


def spaced(words: str) -> re.Pattern[str]:
    """The words, whatever spaces of French typography stand between them."""
    return re.compile(r"\s".join(map(re.escape, words.split(" "))))


@dataclass
class Person:
    """Somebody's own screen."""

    page: Page
    address: str

    def opens(self, path: str) -> None:
        look(self.page, f"{self.address}/{path}")

    def writes(self, label: str, words: str) -> None:
        self.page.get_by_role("textbox", name=label).first.fill(words)

    def presses(self, name: str) -> None:
        self.page.get_by_role("button", name=spaced(name)).first.click()

    def reads(self, words: str) -> None:
        expect(self.page.get_by_text(spaced(words)).first).to_be_visible(timeout=30_000)

    def hands_in(self, line: str, folder: Path) -> None:
        file = folder / "communication.csv"
        file.write_text(HEAD + line, encoding="utf-8")
        self.opens(DEPOSIT)
        self.page.locator('input[type="file"]').set_input_files(file)


@pytest.fixture
def sits(browser: Browser, tmp_path: Path) -> Iterator[Callable[[Actor], Person]]:
    """``sits(actor)``: that person's browser, on a copy of the demonstration."""
    copy = tmp_path / "demonstration.sqlite3"
    copied(demonstration_url(), copy)
    opened = []
    with serving(sqlite_url(copy)) as address:

        def person(actor: Actor) -> Person:
            context = new_context(browser)
            opened.append(context)
            context.add_cookies([cookie(sqlite_url(copy), actor)])
            return Person(context.new_page(), address)

        yield person
        for context in opened:
            context.close()


def test_a_releve_goes_from_hand_to_hand(sits: Callable[[Actor], Person], tmp_path: Path) -> None:
    lead, ifac = sits(people.LEAD), sits(people.PEOPLE["ifac"])

    lead.opens(RELEVE)
    lead.presses("Retourner pour correction")
    lead.reads("Écrivez le motif")
    lead.writes("Motif ou remarque", "Une affiche de juin n’est pas déclarée.")
    lead.presses("Retourner pour correction")
    lead.reads("Le relevé est retourné à l’association, avec votre motif.")

    ifac.opens(RELEVE)
    ifac.reads("À corriger")
    ifac.reads("Une affiche de juin n’est pas déclarée.")
    ifac.hands_in("ESSAI-1;Frais Vallon;14/06/2022;affichage\n", tmp_path)
    ifac.presses("Enregistrer 1 ligne")
    ifac.reads("1 ligne est enregistrée")
    ifac.opens(RELEVE)
    ifac.presses("Transmettre le relevé")
    ifac.reads("un accusé de réception est disponible")

    lead.opens(RELEVE)
    lead.presses("Accepter le relevé")
    lead.reads("Le relevé est accepté : ses données sont verrouillées.")

    ifac.hands_in("ESSAI-1;Frais Vallon;21/06/2022;affichage\n", tmp_path)
    ifac.reads("Ce relevé est accepté : il ne se modifie plus. Demandez sa réouverture.")
    ifac.opens(RELEVE)
    ifac.writes("Motif", "La date de l’affiche est fausse.")
    ifac.presses("Demander la réouverture")
    ifac.reads("Votre demande est envoyée à la Métropole.")

    lead.opens("echeances")
    lead.reads("Réouvertures demandées (1)")
    lead.reads("La date de l’affiche est fausse.")
    lead.writes("Votre réponse", "D’accord, corrigez cette date.")
    lead.presses("Rouvrir ce relevé")
    lead.reads("Le relevé est rouvert : l’association peut le modifier.")

    ifac.opens(RELEVE)
    ifac.reads("Brouillon")
    ifac.hands_in("ESSAI-1;Frais Vallon;21/06/2022;affichage\n", tmp_path)
    ifac.presses("Enregistrer 1 ligne")
    ifac.reads("1 ligne est enregistrée")
