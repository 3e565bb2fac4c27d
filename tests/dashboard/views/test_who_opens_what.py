"""Each page and each role: it opens, or answers « Accès refusé » and shows nothing else."""

from __future__ import annotations

import pytest

from core.deliberation import EXPERIMENTS
from core.demonstration.people import COMMITTEE, LEAD, PEOPLE
from core.domain import access
from core.domain.access import Action, Actor, On, Role
from dashboard import context
from dashboard.addresses import METROPOLE, VIEWS, View, experiment_path
from tests.dashboard.views.opening import opened, said
from tests.support.filled import empty_context

IFAC = PEOPLE["ifac"]
PATHS = {view.path: view for view in VIEWS}
OTHERS = {"committee": COMMITTEE, "association": IFAC}
REFUSED = "Accès refusé"


def may_open(actor: Actor | None, view: View) -> bool:
    return access.allowed(actor, view.action, On(actor.association if actor else None))


@pytest.mark.parametrize("role", OTHERS)
@pytest.mark.parametrize("path", PATHS)
def test_page_opens_to_whom_it_is_for(path: str, role: str) -> None:
    actor, view = OTHERS[role], PATHS[path]
    context.install(empty_context(visitor=actor))
    page = opened(path)
    if may_open(actor, view):
        assert REFUSED not in said(page)
    else:
        assert f"{REFUSED} {view.title} {REFUSED} :" in said(page)
        assert not [*page.button, *page.text_input, *page.selectbox, *page.dataframe]


@pytest.mark.parametrize("role", OTHERS)
@pytest.mark.parametrize("code", EXPERIMENTS)
def test_experiment_is_read_by_everybody_of_the_programme(code: str, role: str) -> None:
    context.install(empty_context(visitor=OTHERS[role]))
    page = said(opened(experiment_path(code)))
    assert REFUSED not in page and EXPERIMENTS[code].title in page


@pytest.mark.parametrize("path", ["", "comptes", "chiffre", experiment_path("ct1-frais-vallon")])
def test_who_is_not_signed_in_reads_one_sentence(path: str) -> None:
    context.install(empty_context(visitor=None))
    page = opened(path)
    assert said(page).strip() == "Votre session est terminée. Se connecter"
    assert len(page.main) == 1


def test_what_the_metropole_keeps_is_the_leads_alone() -> None:
    """The sections of the menu hold what they say: one page here is refused to the two others."""
    kept = [view for view in VIEWS if view.section == METROPOLE]
    assert kept
    for view in kept:
        assert may_open(LEAD, view)
        assert not may_open(COMMITTEE, view) and not may_open(IFAC, view), view.path


def test_public_and_unknown_open_nothing() -> None:
    for nobody in (None, Actor("", Role.PUBLIC)):
        assert not [view.path for view in VIEWS if may_open(nobody, view)]
    assert {view.action for view in VIEWS} <= set(Action)
