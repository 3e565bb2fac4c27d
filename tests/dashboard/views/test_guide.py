"""The guide inside the application: the part of one's role, its pictures, no HTML from the text."""

from __future__ import annotations

import re

import pytest

from core.domain.access import Actor, Role
from dashboard import context
from dashboard.components.text import document
from dashboard.views.guide import FIGURES, PARTS
from dashboard.web.routes import assets
from tests.dashboard.views.opening import html, opened, said
from tests.support.filled import demonstration_context


@pytest.mark.parametrize(
    ("who", "part"),
    [
        (Actor("Claire", Role.ASSOCIATION, "ifac"), "Pour les associations"),
        (Actor("Élue", Role.COMMITTEE), "Pour le comité"),
        (Actor("Karim", Role.LEAD), "Pour la cheffe ou le chef de projet"),
    ],
)
def test_everybody_opens_the_part_of_their_role(who: Actor, part: str) -> None:
    context.install(demonstration_context(visitor=who))
    assert f'class="kicker">{part}' in html(opened("guide"))


@pytest.mark.usefixtures("full")
@pytest.mark.parametrize("part", [one for one in PARTS if one != FIGURES])
def test_every_picture_shown_is_served(part: str) -> None:
    served = assets()
    shown = re.findall(r'<img src="/habillage/([^"?]+)', html(opened("guide", partie=part)))
    assert shown and set(shown) <= set(served)
    assert all(re.findall(r'<img src="[^"]+" alt="[^"]{10,}"', html(opened("guide", partie=part))))


@pytest.mark.usefixtures("full")
def test_how_to_read_a_figure_is_reached_from_the_definitions() -> None:
    assert 'href="/guide?partie=figures"' in html(opened("definitions"))
    shown = html(opened("guide", partie=FIGURES))
    assert "arrivés en retard pour le 1er trimestre 2022" in shown and "<table>" in shown


@pytest.mark.usefixtures("full")
def test_unknown_part_is_refused_with_the_right_ones() -> None:
    assert "association" in said(opened("guide", partie="presse"))


def test_a_text_brings_no_html_of_its_own() -> None:
    made = document("# T\n\n<script>x</script> **a** [b](c.md)", picture=str, address=lambda one: f"/{one}")
    assert "<script>" not in made and "<strong>a</strong>" in made and 'href="/c.md"' in made
