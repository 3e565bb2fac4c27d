"""The words and lists that several registers share."""

from __future__ import annotations

from typing import Any

from core.axes import places
from core.axes.columns import Choice
from core.deliberation import ASSOCIATIONS, LINES
from core.domain.experiment import METROPOLE
from dashboard.context import Context

PROGRAMME = "Tout le programme"


def rows(context: Context, dataset: str) -> list[dict[str, Any]]:
    """The rows of a register as they hold now."""
    return context.store.rows(METROPOLE, dataset).to_dicts()


def experiment(context: Context, code: str | None) -> str:
    """Its short title; « Tout le programme » for none."""
    if code is None:
        return PROGRAMME
    return next((one.short_title for one in context.registry.experiments if one.code == code), code)


def line(code: str) -> str:
    """« Anonymal : récupération, reformatage… »."""
    found = LINES[code]
    return f"{ASSOCIATIONS[found.association].name} : {found.purpose}"


def place(code: str | None) -> str:
    """The name of a place."""
    return places.name(code) if code else ""


def associations(context: Context) -> list[Choice]:
    """The associations of the experiments, to choose from."""
    return [Choice(one.code, one.name) for one in context.registry.associations]


def indicators(context: Context) -> list[Choice]:
    """« EQ5a : ordinateurs remis », to choose from."""
    return [Choice(code, f"{code} : {one.label}") for code, one in sorted(context.registry.catalogue.items())]


def label(context: Context, code: str) -> str:
    """The label of an indicator; its code when no plugin declares it any more."""
    found = context.registry.catalogue.get(code)
    return found.label if found else code


def decision(row: dict[str, Any]) -> str:
    """The decision of a row, said as missing when it has none."""
    return row.get("decision") or "décision non renseignée"
