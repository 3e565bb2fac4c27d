"""Choices that live in the address: the current one is said, the form keeps what it must."""

from __future__ import annotations

from dashboard.components.choosers import ChooserLink, Option, checkboxes, choices, chooser_form, select


def test_current_choice_is_said_not_only_coloured() -> None:
    drawn = choices("Période", [ChooserLink("T1", "/?periode=1", True), ChooserLink("T2", "/?periode=2")])
    assert drawn.count('aria-current="true"') == 1
    assert 'aria-label="Période"' in drawn


def test_form_sends_its_fields_and_what_it_keeps() -> None:
    drawn = chooser_form("comparer", button="Comparer", hidden={"revision": "41", "periode": None})
    assert 'action="/comparer"' in drawn and 'method="get"' in drawn
    assert '<input type="hidden" name="revision" value="41">' in drawn
    assert "periode" not in drawn


def test_chosen_options_are_chosen_again() -> None:
    options = [Option("a", "Aix", True), Option("b", "Berre")]
    assert checkboxes("Lieux", "lieu", options).count("checked") == 1
    assert select("Lieu", "lieu", [("Groupe", options)]).count("selected") == 1


def test_what_people_wrote_never_becomes_code() -> None:
    assert "<script>" not in choices("<script>", [ChooserLink("<script>", "/?x=<script>")])
