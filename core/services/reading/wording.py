"""Problems as sentences, one by one and grouped by cause."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from core.domain import french
from core.domain.dataset import Dataset
from core.domain.problem import Problem, Repair, Severity

_SHOWN_LINES = 5
_ASKED = "Attendu : "


@dataclass(frozen=True, slots=True)
class Cause:
    """Problems of one cause: how many lines, which first ones, one sentence."""

    code: str
    column: str | None
    severity: Severity
    count: int
    lines: tuple[int, ...]
    sentence: str


def heading(column: str, dataset: Dataset | None = None) -> str:
    """The name of a column inside a sentence: « date de remise »."""
    known = dataset.by_name.get(column) if dataset else None
    title = known.title if known else column.replace("_", " ")
    return title[:1].lower() + title[1:] if title[1:2].islower() else title


def sentence(problem: Problem, dataset: Dataset | None = None) -> str:
    """« Ligne 14, colonne « date de remise » : nous lisons « 31/02/2022 ». Ce jour n’existe pas. … »."""
    where = []
    if problem.line is not None:
        where.append(f"Ligne {problem.line}")
    if problem.column:
        word = "colonne" if where else "Colonne"
        where.append(f"{word} « {heading(problem.column, dataset)} »")
    read = f"nous lisons « {problem.found} »." if problem.found else ""
    if where and not read and asked(problem).startswith(_ASKED):
        read = "la cellule est vide."
    start = " : ".join(part for part in (", ".join(where), read) if part) if where else read[:1].upper() + read[1:]
    colon = " :" if start and not read else ""
    parts = [f"{start}{colon}", asked(problem), problem.remedy]
    return french.typeset(" ".join(part for part in parts if part))


def asked(problem: Problem) -> str:
    """What was expected, as a sentence."""
    return expectation(problem.expected)


def expectation(expected: str) -> str:
    """The same from its words: rules may give a few (« 300 € au plus ») or a whole sentence."""
    words = expected.strip()
    if not words or words.endswith((".", "!", "?", "…")):
        return words
    return f"{_ASKED}{words}."


def repair_sentence(repair: Repair, dataset: Dataset | None = None) -> str:
    """« Ligne 14, colonne « lieu » : « Port de Bouc » a été compris « Port-de-Bouc ». »."""
    if not repair.column:  # a row left aside
        return french.typeset(f"Ligne {repair.line} : « {repair.found} », {repair.understood}.")
    column = f", colonne « {heading(repair.column, dataset)} »"
    return french.typeset(f"Ligne {repair.line}{column} : « {repair.found} » a été compris « {repair.understood} ».")


def grouped(problems: Iterable[Problem], dataset: Dataset | None = None) -> list[Cause]:
    """Causes, the errors before the warnings, the most frequent first."""
    groups: dict[tuple[str, str | None, Severity, str], list[Problem]] = {}
    for problem in problems:
        key = (problem.code, problem.column, problem.severity, problem.expected)
        groups.setdefault(key, []).append(problem)
    causes = [_cause(members, dataset) for members in groups.values()]
    return sorted(causes, key=lambda cause: (cause.severity is Severity.WARNING, -cause.count))


def _cause(members: list[Problem], dataset: Dataset | None) -> Cause:
    first = members[0]
    lines = tuple(dict.fromkeys(p.line for p in members if p.line is not None))
    return Cause(
        first.code, first.column, first.severity, len(members), lines[:_SHOWN_LINES], _summary(members, lines, dataset)
    )


def _summary(members: list[Problem], lines: tuple[int, ...], dataset: Dataset | None) -> str:
    first = members[0]
    if len(members) == 1:
        return sentence(first, dataset)
    where = f", colonne « {heading(first.column, dataset)} »" if first.column else ""
    shown = french.listing(str(line) for line in lines[:_SHOWN_LINES])
    which = "ligne" if len(lines) == 1 else "lignes" if len(lines) <= _SHOWN_LINES else "d’abord lignes"
    more = f" ({which} {shown})" if lines else ""
    remedy = first.remedy if all(p.remedy == first.remedy for p in members) else ""
    count = french.count(len(members), "ligne")
    return french.typeset(f"{count}{where}{more} : {asked(first)} {remedy}".rstrip())
