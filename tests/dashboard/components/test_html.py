"""What is built is escaped, wherever the text comes from."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from markupsafe import Markup

from core.deliberation import EXPERIMENTS
from core.domain.observation import Freshness, Progress
from core.domain.report import Table
from dashboard import components as c
from dashboard.components.html import classes, join, tag
from dashboard.components.text import plain_label
from tests.dashboard.fakes import cell, observation

EVIL = '<script>alert("x")</script>'


def test_text_is_escaped_and_built_html_is_not() -> None:
    assert tag("p", "1 < 2", tag("b", "&")) == "<p>1 &lt; 2<b>&amp;</b></p>"


def test_attributes_lose_their_underscores_and_blanks() -> None:
    built = tag("input", type="radio", aria_label="a", class_="b", for_="c", checked=True, disabled=False, value=None)
    assert built == '<input type="radio" aria-label="a" class="b" for="c" checked>'


def test_attribute_cannot_be_left_by_a_quote() -> None:
    assert '"' not in tag("p", title='" onclick="x').split('title="')[1].split('"')[0]


def test_join_flattens_and_leaves_nothing_out_but_none() -> None:
    assert join(["a", None, [0, Markup("<b>")]]) == "a0<b>"


def test_a_label_is_one_line_that_cuts_no_sum() -> None:
    assert plain_label("89\u202f000\u00a0€\n  versés [1]") == "89\u202f000\u00a0€ versés \\[1\\]"


def test_classes_are_those_that_are_there() -> None:
    assert classes("a", None, False, "", "b") == "a b"
    assert classes(None) is None


EXPERIMENT = EXPERIMENTS["ct1-frais-vallon"]
COMPONENTS: dict[str, Callable[[str], object]] = {
    "heading": lambda text: c.heading(text, kicker=text, anchor=text),
    "page_title": lambda text: c.page_title(text, aside=text),
    "lead": lambda text: c.lead(text, c.strong(text)),
    "prose": c.prose,
    "note": c.note,
    "bullets": lambda text: c.bullets([text]),
    "link": lambda text: c.link(text, f"/?a={text}"),
    "band": lambda text: c.band({text: text}),
    "facts": lambda text: c.facts({text: text}),
    "section": lambda text: c.section(text, text, intro=text, anchor=text),
    "callout": lambda text: c.callout(text, text, title=text),
    "fold": lambda text: c.fold(text, text),
    "empty": lambda text: c.empty(text, text, action=text),
    "mark": lambda text: c.mark(Progress.LATE, about=text),
    "table": lambda text: c.table(text, [text, text], [[text, text]], note=text, total=[text, text]),
    "table_of": lambda text: c.table_of(Table(text, (text,), ((text,),), text)),
    "key_figures": lambda text: c.key_figures([c.KeyFigure(text, cell(1, unit=text), hint=text, address=text)]),
    "cards": lambda text: c.cards(
        [
            c.Card(
                EXPERIMENT,
                text,
                ((Progress.LATE, text),),
                (c.CardFigure(text, cell(1), address=text),),
                Freshness(),
                c.CardTrend(text),
                text,
            )
        ]
    ),
    "matrix": lambda text: c.matrix(
        text,
        [c.MatrixColumn(text, text, text)],
        [c.MatrixGroup(text, (c.MatrixRow(text, (cell(1),), text, text, address=text, addresses=(text,)),))],
        note=text,
    ),
    "money_table": lambda text: c.money_table(
        [c.MoneyLine(text, text, 100, 1, 1, text, True, text, text)], caption=text
    ),
    "multiples": lambda text: c.multiples(
        [c.Panel(text, (), address=text, empty=text)], conclusion=text, unit=text, alternative=text, source=text
    ),
    "territory_map": lambda text: c.territory_map(
        [c.MapPlace(text, 43.4, 5.4, (1,), text, text, text)],
        caption=text,
        alternative=text,
        everywhere=text,
        figure_name=text,
    ),
    "sentence": lambda text: tag("p", c.sentence(observation(value=1, unit=text))),
}


@pytest.mark.parametrize("name", COMPONENTS)
def test_html_in_any_value_is_shown_as_text(name: str) -> None:
    built = str(COMPONENTS[name](EVIL))
    assert "<script" not in built
    assert 'alert("x")' not in built
    assert "&lt;script&gt;" in built or "%3Cscript" in built
