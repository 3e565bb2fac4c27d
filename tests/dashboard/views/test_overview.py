"""The first page: the period of the address, the cells that lead to rows, what is late, what to do first."""

from __future__ import annotations

import re

import pytest

from core.deliberation import EXPERIMENTS
from core.demonstration.people import COMMITTEE, LEAD, PEOPLE
from core.domain import french
from core.domain.access import Actor
from core.domain.calendar import day_in_france
from core.domain.programme import METROPOLE
from core.storage import Store
from core.storage.deposits import Deposit
from dashboard import context
from dashboard.context import Context
from tests.dashboard.views.opening import html, opened, plain, said
from tests.support.filled import demonstration_context, demonstration_url, empty_context


@pytest.mark.usefixtures("full")
@pytest.mark.parametrize(
    ("period", "words"),
    [("2021-T4", "Au 31 décembre 2021, 27 ordinateurs remis (objectif 250)"), ("aujourd-hui", "Au 30 juin 2022, 179")],
)
def test_address_chooses_the_period(period: str, words: str) -> None:
    assert words in said(opened(periode=period))


@pytest.mark.usefixtures("full")
def test_six_columns_follow_the_fixed_order() -> None:
    page = html(opened())
    names = [found.short_title for found in EXPERIMENTS.values()]
    places = [page.index(f'class="card__name"><a href="/experimentation-{code}') for code in EXPERIMENTS]
    assert places == sorted(places)
    assert all(name in page for name in names)


@pytest.mark.usefixtures("full")
def test_each_figure_leads_to_its_rows() -> None:
    page = html(opened())
    assert "/chiffre?indicateur=EQ5a&amp;experience=ct2-pays-d-aix&amp;periode=2022-T2" in page
    assert "/chiffre?indicateur=EQ1a&amp;experience=programme&amp;periode=2022-T2" in page


@pytest.mark.usefixtures("full")
def test_voted_machines_stand_under_the_programme_only() -> None:
    _, _, page = said(opened()).partition("Indicateur par indicateur")
    assert page.count("sur 455") == 1
    assert page.count("sur 202") == 1


@pytest.mark.usefixtures("full")
def test_late_data_are_marked_on_their_figures() -> None:
    page = said(opened())
    assert "Attendu depuis le 4 juillet 2022 ; données au 31 mars 2022" in page
    assert "au 31 mars 2022" in page
    assert "incomplet" in page


@pytest.mark.usefixtures("full")
def test_undivided_money_says_what_cannot_be_compared() -> None:
    page = said(opened())
    assert "18 000 € d’ARSENIC" in page
    assert "les chiffres des axes 1 et 2 ne se comparent pas « pour 1 000 € votés »" in page


@pytest.mark.parametrize(
    ("visitor", "pages"),
    [(LEAD, {"registres", "comptes", "mes-donnees"}), (PEOPLE["ifac"], {"mes-donnees"}), (COMMITTEE, set())],
)
def test_first_steps_are_pages_that_the_visitor_may_open(visitor: Actor, pages: set[str]) -> None:
    context.install(empty_context(visitor=visitor))
    page = html(opened())
    steps = page[page.index("Par où commencer") : page.index("Où en sont les six")]
    assert set(re.findall(r'href="/([a-z-]+)"', steps)) == pages
    assert "fabrique" not in steps


@pytest.mark.usefixtures("full")
def test_first_steps_are_told_until_the_first_deposit_only() -> None:
    assert "Par où commencer" not in said(opened())


def test_past_revision_says_less_than_today() -> None:
    full = demonstration_context()
    context.install(full)
    past = full.store.revision_at(full.today.replace(month=1))
    page = said(opened(revision=str(past)))
    assert f"Tels que connus après le dépôt n° {past}" in page
    assert "179 ordinateurs remis" not in page


@pytest.mark.usefixtures("full")
def test_revision_that_is_no_number_is_refused() -> None:
    assert "Écrivez un nombre, par exemple 41." in said(opened(revision="hier"))


def test_broken_plugin_is_announced_with_a_way_to_know_more(monkeypatch: pytest.MonkeyPatch) -> None:
    whole: Context = demonstration_context()
    failure = type("Failure", (), {"plugin": "ct9_essai"})()
    monkeypatch.setattr(type(whole.registry), "failures", property(lambda _self: (failure,)))
    context.install(whole)
    page = html(opened())
    assert "ct9_essai" in page
    assert 'href="/etat-des-plugins"' in page


@pytest.mark.usefixtures("full")
def test_last_deposit_is_told_with_its_own_number() -> None:
    """The day of an association's deposit stood beside the number of what the Métropole wrote after it."""
    with Store.open(demonstration_url()) as store:
        made = [one for one in store.deposits() if one.revision is not None]
    last: Deposit | None = None
    for one in made:
        if one.association != METROPOLE:
            last = one
        elif last is not None:
            break
    assert last is not None
    day = french.day(day_in_france(last.at))
    assert plain(f"Dernier dépôt {day} (dépôt n° {last.revision})") in said(opened(revision=str(one.revision)))


@pytest.mark.usefixtures("full")
def test_what_is_late_or_stopped_stands_out_and_says_why() -> None:
    """Three columns had « En retard » or « Bloqué » among six that looked alike, the stopped one without its cause."""
    page = html(opened())
    named = r'.*?class="card__name"><a href="/experimentation-([a-z0-9-]+)'
    late = re.findall(r'<li class="card card--late"[^>]*>' + named, page)
    assert late == ["ct1-plan-d-aou", "ct2-pays-d-aix", "ct6-pays-de-martigues"]
    assert "Bloqué connexion Le bailleur B a suspendu les discussions" in said(opened())


@pytest.mark.usefixtures("full")
def test_small_line_has_its_scale() -> None:
    assert "0 en juil. 21 84 en juin 22" in said(opened())


@pytest.mark.usefixtures("full")
def test_first_page_says_where_the_455_are_and_what_was_advanced() -> None:
    page = said(opened())
    assert "179 sur 455 ordinateurs sont remis ; 126 attendent, 46 ne sont pas cédés" in page
    assert "Les associations ont avancé 12 200 €" in page
    assert "/chiffre?indicateur=EQ18a&amp;experience=programme" in html(opened())
