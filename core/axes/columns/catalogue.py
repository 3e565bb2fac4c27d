"""The closed lists that columns refer to: experiments, subsidy lines, accounts."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from core.deliberation import EXPERIMENTS, LINES
from core.domain.words import fold, unambiguous


@cache
def experiments() -> dict[str, str]:
    """Titles of the voted experiments by code."""
    return {code: experiment.title for code, experiment in EXPERIMENTS.items()}


@cache
def experiment_writings() -> dict[str, str]:
    """The folded writings that mean one experiment only."""
    pairs = []
    for code, experiment in EXPERIMENTS.items():
        written = [code, experiment.title, experiment.short_title, experiment.territory]
        short, _, rest = code.partition("-")
        written += [short, rest] if short.startswith("ct") else [code]
        pairs += [(fold(word), code) for word in written if word]
    return unambiguous(pairs)


@cache
def lines() -> dict[str, str]:
    """Objects of the voted subsidy lines by code."""
    return {code: line.purpose for code, line in LINES.items()}


@cache
def _cerfa() -> tuple[dict[str, str], ...]:
    text = files("core").joinpath("data/cerfa_15059.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))


@dataclass(frozen=True, slots=True)
class CerfaRow:
    """One row of the form: ``level`` is « titre », « compte », « detail » or « total ».

    ``side`` is « charge » or « produit »; ``with_kind``: a total that takes contributions in kind (86, 87) in.
    """

    code: str
    level: str
    side: str
    label: str
    with_kind: bool = False


@cache
def cerfa() -> tuple[CerfaRow, ...]:
    """The rows of the Cerfa 15059*02, in their order (source: core/data/cerfa_15059.csv)."""
    return tuple(
        CerfaRow(row["code"], row["niveau"], row["sens"], row["libelle"], "+" in row["libelle"]) for row in _cerfa()
    )


@cache
def account_headings() -> frozenset[str]:
    """Codes that only add up others: an account with details, a heading, a total."""
    details = {row["code"].rpartition(".")[0] for row in _cerfa() if row["niveau"] == "detail"}
    summed = {"86", "87"}  # their details are numbered 860 to 875, without a point
    return frozenset(row["code"] for row in _cerfa() if row["niveau"] != "detail" and row["code"] in details | summed)


@cache
def accounts() -> dict[str, str]:
    """Labels of the lines that carry an amount, by code."""
    return {
        row["code"]: row["libelle"]
        for row in _cerfa()
        if row["code"] and row["niveau"] in ("compte", "detail") and row["code"] not in account_headings()
    }


@cache
def charges() -> frozenset[str]:
    """Codes of the expenses that carry an amount, contributions in kind (86) left out."""
    kind = {row["code"] for row in _cerfa() if row["sens"] == "charge" and row["bloc"] != "Contributions volontaires"}
    return frozenset(accounts()) & kind
