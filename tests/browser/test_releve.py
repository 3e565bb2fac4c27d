"""A relevé from hand to hand, in a real browser: returned, corrected, sent, accepted, locked, opened again."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from core.contract import schema_setup
from core.demonstration import people
from core.domain.access import Actor
from core.settings import sqlite_url
from core.storage import Store
from tests.browser.conftest import new_context
from tests.browser.looking import look, settled
from tests.browser.serving import serving
from tests.browser.signing import cookie
from tests.support.filled import NOW, copied, registry, served_url

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
        settled(self.page)  # what is typed while the page is drawn again is not what is sent
        self.page.get_by_role("textbox", name=label).first.fill(words)

    def presses(self, name: str) -> None:
        self.page.get_by_role("button", name=spaced(name)).first.click()

    def reads(self, words: str) -> None:
        expect(self.page.get_by_text(spaced(words)).first).to_be_visible()

    def hands_in(self, line: str, folder: Path) -> None:
        file = folder / "communication.csv"
        file.write_text(HEAD + line, encoding="utf-8")
        self.opens(DEPOSIT)
        self.page.locator('input[type="file"]').set_input_files(file)


@pytest.fixture
def sits(browser: Browser, tmp_path: Path) -> Iterator[Callable[[Actor], Person]]:
    """``sits(actor)``: that person's browser, on a copy of the demonstration."""
    copy = tmp_path / "demonstration.sqlite3"
    copied(served_url(), copy)
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
    ifac.reads("Une affiche de juin n’est pas déclarée.")
    ifac.writes("La prochaine action", "Une affiche par mois.")
    ifac.presses("Transmettre le relevé")
    ifac.reads("un accusé de réception est disponible")
    ifac.reads("Une affiche par mois.")

    lead.opens(RELEVE)
    lead.reads("Une affiche de juin n’est pas déclarée.")
    lead.presses("Accepter le relevé")
    lead.reads("Le relevé est accepté : ses données sont verrouillées.")

    ifac.hands_in("ESSAI-1;Frais Vallon;21/06/2022;affichage\n", tmp_path)
    # The sentence names the quarter and the column: « Ce relevé » left the person to guess which.
    ifac.reads(
        "colonne « date » : nous lisons « 21/06/2022 ». Le relevé du 2e trimestre 2022 est accepté : il ne se "
        "modifie plus. Demandez sa réouverture."
    )
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


def test_what_is_missing_is_asked_about_and_what_is_typed_is_kept(
    sits: Callable[[Actor], Person], tmp_path: Path
) -> None:
    """Eight tables of nine are missing: one click sends nothing, and the commentary typed beside is not lost."""
    point = sits(people.PEOPLE["point-formation"])
    with Store.open(sqlite_url(tmp_path / "demonstration.sqlite3")) as store:
        schema_setup.prepare(registry(), store, at=NOW)
        with store.writing(people.PEOPLE["point-formation"], NOW) as writing:
            writing.declare_nothing("point-formation", "communication", "2022-T2")
    point.opens("releve?experience=ct6-pays-de-martigues&periode=2022-T2")
    page = point.page
    missing = page.get_by_role("heading", name=re.compile("^Ce qui manque"))
    send = page.get_by_role("button", name="Transmettre le relevé")
    assert missing.bounding_box()["y"] < send.bounding_box()["y"], "what is missing is read before the button"
    point.writes("Comment la période s’est passée", "Le local a ouvert en juin.")
    point.presses("Transmettre le relevé")
    point.reads("Ce relevé est incomplet")
    expect(page.get_by_text(re.compile(r"\d\stableaux\ssur\s9\smanquent.*Transmettre\squand\smême"))).to_be_visible()
    point.reads("Brouillon")

    point.writes("S’il y a du retard, sa cause", "Les diagnostics manquent.")
    point.presses("Ne pas transmettre encore")
    point.reads("Le relevé n’est pas transmis ; le commentaire est gardé.")
    # What was kept when the question was asked is a version of its own, below: the fields hold the last one.
    for label, words in (
        ("Comment la période s’est passée", "Le local a ouvert en juin."),
        ("S’il y a du retard, sa cause", "Les diagnostics manquent."),
    ):
        expect(page.get_by_role("textbox", name=label)).to_have_value(words)

    point.presses("Transmettre le relevé")
    point.reads("Ce relevé est incomplet")
    point.writes("La prochaine action", "Déposer les diagnostics.")
    point.presses("Transmettre quand même")
    point.reads("Le relevé est transmis, avec son commentaire")
    point.reads("Déposer les diagnostics.")
