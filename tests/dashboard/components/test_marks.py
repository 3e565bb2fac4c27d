"""A state is a word before it is a shape, and a shape before it is a colour."""

from __future__ import annotations

import pytest

from core.deliberation import AXIS_NAMES
from core.domain.figure_text import MEANINGS, MISSING_MARKS, PROGRESS_MARKS, plain_mark
from core.domain.observation import Missing, Progress
from dashboard.components.text import axis_chip, legend, mark

STATES = [*Progress, *Missing]


@pytest.mark.parametrize("state", STATES)
def test_every_state_has_a_word_and_a_meaning(state: Progress | Missing) -> None:
    _, word = {**PROGRESS_MARKS, **MISSING_MARKS}[state]
    assert word
    assert word in mark(state)
    assert MEANINGS[state]


@pytest.mark.parametrize("state", STATES)
def test_the_shape_is_silent_and_the_word_is_read(state: Progress | Missing) -> None:
    shape = {**PROGRESS_MARKS, **MISSING_MARKS}[state][0]
    if shape:
        assert f'aria-hidden="true">{shape}<' in mark(state)


def test_no_shape_serves_two_states() -> None:
    shapes = [shape for shape, _ in [*PROGRESS_MARKS.values(), *MISSING_MARKS.values()] if shape]
    assert len(shapes) == len(set(shapes)) == 7  # « · Non suivi » is the fifth missing value


def test_plain_mark_is_the_glossary_word_for_word() -> None:
    assert [plain_mark(state) for state in Progress] == [
        "▲ En avance",
        "● Dans les temps",
        "▼ En retard",
        "■ Bloqué",
        "Sans objectif",
        "À comparer",
    ]
    assert [plain_mark(state) for state in Missing] == [
        "○ Non renseigné",
        "— Sans objet",
        "· Non suivi",
        "Calcul impossible",
    ]


def test_quiet_axis_keeps_its_name_for_screen_readers() -> None:
    for number, name in AXIS_NAMES.items():
        assert name in axis_chip(number)
        assert f'<span class="visually-hidden">{name}</span>' in axis_chip(number, quiet=True)


def test_legend_explains_every_mark() -> None:
    for state in STATES:
        if state is not Missing.ERROR:
            assert mark(state) in legend(5)
