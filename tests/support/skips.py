"""The rule that nothing is skipped where a machine decides whether all is well."""

from __future__ import annotations

import pytest

from tests.support.tools import under_ci


def refuse_skip(report: pytest.TestReport | pytest.CollectReport) -> None:
    """Under CI, turns a skipped report into a failed one that keeps its reason.

    An expected failure (`xfail`) is not a skip, though pytest reports it as one.
    """
    if not (under_ci() and report.skipped) or hasattr(report, "wasxfail"):
        return
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    report.outcome = "failed"
    report.longrepr = f"Skipped, and CI is set: nothing may be skipped here. {reason}"
