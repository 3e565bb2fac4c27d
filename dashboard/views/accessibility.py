"""« Accessibilité »: the statement that the sign-in page leads to as well."""

from __future__ import annotations

from dashboard.components import page_title, show
from dashboard.components.conformity import TITLE, statement
from dashboard.context import Context


def draw(_context: Context) -> None:
    """The statement, under its title."""
    show(page_title(TITLE), statement())
