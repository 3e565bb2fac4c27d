"""The rule about skips, tried on reports made by hand."""

from __future__ import annotations

import pytest

from tests.support.skips import refuse_skip


def report(outcome: str) -> pytest.TestReport:
    longrepr = ("test_x.py", 3, "Skipped: no Chromium") if outcome == "skipped" else None
    return pytest.TestReport("test_x.py::test_y", ("test_x.py", 3, "test_y"), {}, outcome, longrepr, "call")


@pytest.mark.parametrize(
    ("ci", "before", "after"),
    [
        ("true", "skipped", "failed"),
        ("1", "skipped", "failed"),
        ("", "skipped", "skipped"),
        ("false", "skipped", "skipped"),
        ("true", "passed", "passed"),
        ("true", "failed", "failed"),
    ],
)
def test_skip_is_a_failure_under_ci(monkeypatch: pytest.MonkeyPatch, ci: str, before: str, after: str) -> None:
    monkeypatch.setenv("CI", ci)
    told = report(before)
    refuse_skip(told)
    assert told.outcome == after


def test_refused_skip_keeps_its_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    told = report("skipped")
    refuse_skip(told)
    assert "no Chromium" in told.longrepr


def test_expected_failure_is_not_a_skip(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    told = report("skipped")
    told.wasxfail = "known"
    refuse_skip(told)
    assert told.outcome == "skipped"
