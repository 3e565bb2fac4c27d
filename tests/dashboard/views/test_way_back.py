"""« Annuler » beside what was just done: one press, and what held before holds again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core import alerts, reporting
from core.alerts.follow_up import history, risks
from core.committee import deciding, meetings
from core.contract import schema_setup
from core.contract.scope import Scope
from core.demonstration import TODAY, people
from core.depositing import transfers
from core.domain.access import Actor
from core.storage import Store
from dashboard import context
from dashboard.context import Context
from tests.dashboard.views.opening import opened, plain, said
from tests.support.filled import NOW, copied, demonstration_url, registry
from tests.support.scopes import acting

POINT = "regle/famille_hors_qpv/materiel/ct2-pays-d-aix/anonymal"
TOLD_BACK = "C’est annulé"
RELEVE = {"experience": "ct1-plan-d-aou", "periode": "2022-T2"}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A copy of the demonstration that the project lead may write into."""
    path = copied(demonstration_url(), tmp_path / "demonstration.sqlite3")
    with Store.open(f"sqlite:///{path}") as opened_store:
        schema_setup.prepare(registry(), opened_store, at=NOW)
        seen_by(opened_store, people.LEAD)
        yield opened_store


def seen_by(store: Store, visitor: Actor) -> None:
    context.install(Context(registry(), store, lambda: TODAY, demonstration=True, visitors=lambda: visitor))


def press(page: AppTest, label: str) -> str:
    """Press the button whose words begin so; what the page then says."""
    next(one for one in page.button if plain(one.label).startswith(label)).click().run()
    assert not page.exception, page.exception
    return said(page)


def field(found: Any, label: str) -> Any:
    return next(one for one in found if one.label == label)


def _agenda_day(page: AppTest) -> None:
    page.date_input[0].set_value(TODAY)


def _agenda_point(page: AppTest) -> None:
    field(page.text_input, "Question posée au comité").input("Une autre question ?")


def _written(store: Store) -> object:
    found = meetings.meeting(store, 4)
    return found.day, found.points


def _word(page: AppTest) -> None:
    field(page.text_area, "Note").input("C’est fait.")


def _follow_ups(store: Store) -> object:
    return [one.follow_ups for one in meetings.meeting(store, 3).decisions]


def _parcel(page: AppTest) -> None:
    field(page.text_input, "Arrivées le (jj/mm/aaaa)").input("24/05/2022")


def _awaited(store: Store) -> object:
    return [one.numbers for one in transfers.awaited(registry(), store)]


def _followed(page: AppTest) -> None:
    field(page.text_input, "Responsable").input("Karim")


def _said_of_the_point(store: Store) -> object:
    return history(store, POINT)


def _risk(page: AppTest) -> None:
    page.text_input[0].input("Un risque")


def _dropped(page: AppTest) -> None:
    field(page.text_input, "Pourquoi ce risque est écarté").input("Il est passé.")


def _risks(store: Store) -> object:
    return [one.title for one in risks(store)]


def _narrative(page: AppTest) -> None:
    field(page.text_area, "Comment la période s’est passée").input("Autrement.")


def _told(store: Store) -> object:
    found = reporting.narrative(store, RELEVE["experience"], RELEVE["periode"])
    return found and (found.text, found.cause, found.axis, found.next_action)


Act = tuple[str, dict[str, str], Callable[[AppTest], None], str, Callable[[Store], object]]
ACTS: dict[str, Act] = {
    "day": ("comites", {"comite": "4", "etape": "preparer"}, _agenda_day, "Changer le jour", _written),
    "point": (
        "comites",
        {"comite": "4", "etape": "preparer", "point": "p2"},
        _agenda_point,
        "Enregistrer ce point",
        _written,
    ),
    "point taken out": (
        "comites",
        {"comite": "4", "etape": "preparer", "point": "p2"},
        lambda page: None,
        "Retirer ce point",
        _written,
    ),
    "follow-up": ("comites", {"comite": "3", "etape": "suivre"}, _word, "Enregistrer la suite", _follow_ups),
    "parcel": ("transferts", {}, _parcel, "Accuser réception", _awaited),
    "point followed": ("points", {"point": POINT}, _followed, "Enregistrer le suivi", _said_of_the_point),
    "risk": ("points", {"point": "nouveau"}, _risk, "Écrire ce risque", _risks),
    "risk put aside": ("points", {"point": "risque/1"}, _dropped, "Écarter ce risque", _risks),
    "narrative": ("releve", RELEVE, _narrative, "Enregistrer le commentaire", _told),
}


@pytest.mark.parametrize("name", ACTS)
def test_one_press_puts_back_what_held_before(store: Store, name: str) -> None:
    path, choices, fill, button, held = ACTS[name]
    if name == "risk put aside":
        code = alerts.add_risk(Scope(registry(), store, people.LEAD, NOW), "Grève", "", None)
        choices = {"point": code}
    before = held(store)
    page = opened(path, **choices)
    fill(page)
    press(page, button)
    assert held(store) != before, "the act changed nothing: its undoing would prove nothing"
    assert TOLD_BACK in press(page, "Annuler")
    assert held(store) == before
    assert "Annuler" not in [one.label for one in page.button], "once only"


def test_what_is_not_taken_back_by_one_press_says_what_to_do(store: Store) -> None:
    page = opened("comites", comite="4", etape="arreter")
    page.checkbox[0].check()
    assert "vous pouvez les arrêter de nouveau" in press(page, "Arrêter les données")
    page = opened("comites", comite="4", etape="decider")
    field(page.text_area, "Décision").input("On accepte.")
    assert "choisissez celle-ci sous « Remplace »" in press(page, "Enregistrer la décision")
    page = opened("releve", experience="ct3-pays-salonais", periode="2022-T2")
    assert "« Rouvrir ce relevé », ci-dessous" in press(page, "Accepter le relevé")


def test_somewhere_else_it_is_told_no_more(store: Store) -> None:
    page = opened("comites", comite="3", etape="suivre")
    _word(page)
    assert "est enregistrée" in press(page, "Enregistrer la suite")
    page.query_params["comite"] = "4"
    page.run()
    assert "est enregistrée" not in said(page) and "Annuler" not in [one.label for one in page.button]


def test_what_cannot_be_put_back_any_more_says_why(store: Store) -> None:
    page = opened("comites", comite="3", etape="suivre")
    _word(page)
    press(page, "Enregistrer la suite")
    last = {number: words[-1][0].number for number, words in meetings.words_on(store.entries).items()}
    number, word = max(last.items(), key=lambda one: one[1])
    deciding.take_follow_up_back(acting(store, people.LEAD, NOW), number, word)
    assert "Rien n’a été annulé" in press(page, "Annuler")
