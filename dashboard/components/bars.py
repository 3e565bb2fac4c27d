"""The small bar that goes with a figure: how much of the target, and where it should be today."""

from __future__ import annotations

from core.domain.figures import expected_text as expected_text
from core.domain.observation import Standing
from dashboard.components.html import Html, tag


def bar(done: float, expected: float | None = None, *, hue: str = "ink") -> Html:
    """A bar of ``done`` (1 = the whole), with a tick at ``expected``; ``hue``: axis1…3, accent, ink.

    It repeats what the text beside it says, and is silent for screen readers.
    """
    style = f"--done:{_share(done)}"
    if expected is not None:
        style += f";--expected:{_share(expected)}"
    return tag(
        "span",
        tag("span", class_="bar__fill"),
        tag("span", class_="bar__tick") if expected is not None else None,
        class_=f"bar bar--{hue}",
        style=style,
        aria_hidden="true",
    )


def target_bar(standing: Standing, *, hue: str = "ink") -> Html | None:
    """The bar of a figure that has a target, else None."""
    if standing.target is None or standing.done is None:
        return None
    return bar(standing.done, standing.expected, hue=hue)


def _share(value: float) -> str:
    return f"{min(1.0, max(0.0, value)):.4f}"
