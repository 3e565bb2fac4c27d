"""ct5_istres: every rule that Fabrique measures a plugin by, and what the page says before any data."""

from core import Callout


def test_the_plugin_keeps_the_rule(plugin_findings: tuple[str, ...]) -> None:
    assert plugin_findings == ()


def test_a_page_without_data_says_what_to_do_first(blank_page: tuple[object, ...]) -> None:
    assert any(isinstance(block, Callout) for block in blank_page)
