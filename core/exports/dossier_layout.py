"""The sheets of the dossier fitted to their pages. It reads plain data: no figure, no store is loaded for it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from core.exports.typesetting import Overflowing, pdf

SCALES = (9.0, 8.3, 7.6, 7.0)
"""Sizes of text, in points, the first that fits."""
_WIDTH, _HEIGHT = 251, 470
"""Of a column, in points; the height is what most heads leave."""
_LONGEST, _NAMED = 70, 4
SYNTHESIS = "synthesis"
"""The first page, as its source names it."""
Unit = Sequence[Mapping[str, Any]]


def fitted(data: Mapping[str, Any], *, at: datetime, title: str) -> bytes:
    """The dossier that ``data`` tells, each experiment on one page.

    A sheet that overflows is set smaller, then loses its last blocks, which it names; the synthesis is drawn smaller.
    Raises FabriqueError.
    """
    by_code = {one["code"]: one for one in data["fiches"]}
    while True:
        try:
            return pdf("dossier", data, at=at, title=title)
        except Overflowing as found:
            if found.part == SYNTHESIS and not data.get("squeezed"):
                data = {**data, "squeezed": True}
            elif found.part not in by_code or not tighten(by_code[found.part]):
                raise


def laid_out(units: Sequence[Unit]) -> dict[str, object]:
    """The units, at the size that should fit, and the one that starts the second column."""
    for scale in SCALES:
        heights = [_height(one, scale) for one in units]
        if sum(heights) / 2 <= _HEIGHT:
            break
    return {"units": list(units), "scale": scale, "turn": _turn(heights), "left": []}


def tighten(sheet: dict[str, Any]) -> bool:
    """Make a sheet shorter: smaller text, then fuller first column, then without its last block, whose name stays.

    False when nothing is left to take away.
    """
    smaller = [one for one in SCALES if one < sheet["scale"]]
    if not smaller and sheet["turn"] < len(sheet["units"]) and not sheet["left"] and not sheet.get("moved"):
        sheet["turn"], sheet["moved"] = sheet["turn"] + 1, True
        return True
    if smaller:
        sheet["scale"] = smaller[0]
    elif sheet["units"]:
        sheet["dropped"] = [_name(sheet["units"].pop()), *sheet.get("dropped", [])]
        sheet["left"] = _few(sheet["dropped"])
    else:
        return False
    sheet["turn"] = _turn([_height(one, sheet["scale"]) for one in sheet["units"]])
    return True


def _turn(heights: Sequence[float]) -> int:
    """The rank of the unit with which the second column is as tall as the first."""
    done = 0.0
    for rank, height in enumerate(heights):
        if rank and done + height / 2 > sum(heights) / 2:
            return rank
        done += height
    return len(heights)


def _name(unit: Unit) -> str:
    first = unit[0]
    text = str(first.get("text") or first.get("conclusion") or first.get("caption") or "autres chiffres")
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST].rstrip()}…"


def _few(names: Sequence[str]) -> list[str]:
    """The first names, and how many more there are."""
    more = len(names) - _NAMED
    return [*names[:_NAMED], *([f"et {more} de plus"] if more > 0 else [])]


def _height(unit: Unit, scale: float) -> float:
    return 9 + sum(_block(one, scale) for one in unit)


def _block(one: Mapping[str, Any], scale: float) -> float:
    line = 1.2 * scale
    match one["kind"]:
        case "heading":
            return line + 11
        case "prose":
            return line * _lines(one["text"], scale)
        case "callout":
            return line * _lines(one["text"], scale, 232) + 20
        case "figures":
            return 50.0 * math.ceil(len(one["figures"]) / 3)
        case "table":
            return _fitting_table(one, scale)
        case _:
            return line * _lines(one["conclusion"], scale) + _drawing(one) + 1.8 * line


def _fitting_table(table: Mapping[str, Any], scale: float) -> float:
    """The caption, the head, and each row by its tallest cell; columns are as wide as their longest text asks."""
    size, texts = 0.88 * scale, [table["headings"], *table["rows"]]
    weights = [min(24, max(len(row[at]) for row in texts)) + 4 for at in range(len(table["headings"]))]
    widths = [_WIDTH * weight / sum(weights) - 8 for weight in weights]
    rows = [max(_lines(cell, size, width) for cell, width in zip(row, widths, strict=True)) for row in texts]
    note = 0.8 * _lines(table["note"], 0.8 * scale) * scale if table["note"] else 0
    return 1.25 * size * sum(rows) + 7.2 * len(rows) + 1.3 * scale + 6 + note


def _drawing(chart: Mapping[str, Any]) -> float:
    if chart["drawing"] in ("bars", "stacked"):
        return len(chart["categories"]) * (10 * len(chart["series"]) + 3.5) + 14
    return 88


def _lines(text: str, scale: float, width: float = _WIDTH) -> int:
    return max(1, math.ceil(len(text) * 0.48 * scale / max(width, scale)))
