"""Choices that live in the address: links side by side, and a form that a button sends.

Nothing is remembered beside the address: a choice is a link, so that a copied address shows
the same page to somebody else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from dashboard.components.html import Child, Html, classes, tag


@dataclass(frozen=True, slots=True)
class ChooserLink:
    """One possibility: its words, where it leads, whether it is the one shown."""

    label: str
    address: str
    current: bool = False


@dataclass(frozen=True, slots=True)
class Option:
    """One value of a form's field."""

    value: str
    label: str
    chosen: bool = False


def choices(name: str, offered: Sequence[ChooserLink]) -> Html:
    """Links of which one is current, under the name of what they choose."""
    items = [
        tag(
            "li",
            tag(
                "a",
                one.label,
                href=one.address,
                target="_self",
                aria_current="true" if one.current else None,
                class_=classes("choice", "choice--current" if one.current else None),
            ),
        )
        for one in offered
    ]
    return tag("nav", tag("span", name, class_="choices__name"), tag("ul", items), class_="choices", aria_label=name)


def chooser_form(
    path: str, *fields: Child, button: str = "", hidden: Mapping[str, str | None] | None = None, boxed: bool = True
) -> Html:
    """A form whose fields go into the address of ``path`` when ``button`` is pressed, or at once without one.

    ``boxed`` draws its edge.
    """
    kept = [
        tag("input", type="hidden", name=name, value=value)
        for name, value in (hidden or {}).items()
        if value is not None
    ]
    send = tag("button", button, type="submit", class_="button") if button else None
    return tag(
        "form",
        *kept,
        *fields,
        send,
        action=f"/{path}",
        method="get",
        data_at_once="" if not button else None,
        class_=classes("chooser", "chooser--boxed" if boxed else None),
    )


def checkboxes(legend: str, name: str, options: Sequence[Option]) -> Html:
    """Several of ``options`` may be chosen."""
    boxes = [
        tag(
            "label",
            tag("input", type="checkbox", name=name, value=one.value, checked=one.chosen),
            tag("span", one.label),
            class_="check",
        )
        for one in options
    ]
    return tag("fieldset", tag("legend", legend), tag("div", boxes, class_="checks"), class_="field")


def select(label: str, name: str, options: Sequence[Option | tuple[str, Sequence[Option]]]) -> Html:
    """One of ``options``; a pair (title, options) groups them."""
    listed = [
        _option(one) if isinstance(one, Option) else tag("optgroup", map(_option, one[1]), label=one[0])
        for one in options
    ]
    return tag(
        "label", tag("span", label, class_="field__label"), tag("select", listed, name=name), class_="field field--one"
    )


def day_field(label: str, name: str, day: date, *, last: date, first: date) -> Html:
    """A day between ``first`` and ``last``; one that is not is not sent."""
    written = {"value": day.isoformat(), "min": first.isoformat(), "max": last.isoformat()}
    return tag(
        "label",
        tag("span", label, class_="field__label"),
        tag("input", type="date", name=name, required=True, class_="text-input", **written),
        class_="field field--one",
    )


def suggested(label: str, name: str, words: Sequence[str]) -> Html:
    """A word that is typed, with ``words`` offered as one types; the page understands the others too."""
    listed = f"{name}-proposes"
    return tag(
        "div",
        tag("label", label, for_=f"{name}-cherche", class_="field__label"),
        tag(
            "input",
            type="search",
            id=f"{name}-cherche",
            name=name,
            list=listed,
            required=True,
            autocomplete="off",
            class_="text-input",
        ),
        tag("datalist", [tag("option", value=word) for word in words], id=listed),
        class_="field field--one",
    )


def _option(one: Option) -> Html:
    return tag("option", one.label, value=one.value, selected=one.chosen)
