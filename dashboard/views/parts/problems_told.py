"""What is said of a file, bounded: causes first, a few lines of each; every problem is in the file to download."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from core.domain import french
from core.domain.dataset import Dataset
from core.domain.problem import Problem, Repair
from core.services.reading import Cause, grouped, repair_sentence, sentence
from core.services.submissions import Outcome
from dashboard.components import bullets, fold, note, section, tag
from dashboard.components.html import classes

_LOOKED_AT = 100_000
CAUSES, LINES, REPAIRS = 12, 6, 12
"""At most on screen: causes, lines of one cause, writings understood otherwise."""


@dataclass(frozen=True)
class Group:
    """One cause and the sentences of its first lines."""

    cause: Cause
    sentences: tuple[str, ...]

    @property
    def more(self) -> int:
        """How many lines are not written out."""
        return self.cause.count - len(self.sentences)


@dataclass(frozen=True)
class Told:
    """The bounded account of a file, made once: errors, warnings and repairs."""

    errors: tuple[Group, ...] = ()
    warnings: tuple[Group, ...] = ()
    repairs: tuple[str, ...] = ()
    error_count: int = 0
    warning_count: int = 0
    repair_count: int = 0

    @classmethod
    def of(cls, outcome: Outcome | None, dataset: Dataset) -> Told:
        """The account of an outcome; empty when the file was refused as a whole."""
        if outcome is None:
            return cls()
        return cls(
            _groups(outcome.errors, dataset),
            _groups(outcome.warnings, dataset),
            _writings(outcome.repairs, dataset),
            len(outcome.errors),
            len(outcome.warnings),
            len(outcome.repairs),
        )


def _groups(problems: Sequence[Problem], dataset: Dataset) -> tuple[Group, ...]:
    first = list(islice(problems, _LOOKED_AT))
    found = []
    for cause in grouped(first, dataset):
        members = (one for one in first if (one.code, one.column) == (cause.code, cause.column))
        found.append(Group(cause, tuple(sentence(one, dataset) for one in islice(members, LINES))))
    return tuple(found)


def _writings(repairs: Sequence[Repair], dataset: Dataset) -> tuple[str, ...]:
    """Each writing once: fifty cells « OUI » are one line."""
    said: dict[tuple[str, str], tuple[Repair, int]] = {}
    for one in islice(repairs, _LOOKED_AT):
        first, count = said.get((one.column, one.found), (one, 0))
        said[one.column, one.found] = (first, count + 1)
    return tuple(_writing(first, count, dataset) for first, count in islice(said.values(), REPAIRS))


def _writing(repair: Repair, count: int, dataset: Dataset) -> str:
    told = repair_sentence(repair, dataset)
    return told if count < 2 else f"{told} ({french.count(count, 'cellule')})"


def errors_part(told: Told) -> Any:
    """« À corriger », grouped by cause, the most frequent first."""
    if not told.errors:
        return None
    return section("À corriger", _groups_shown(told.errors), anchor="a-corriger")


def warnings_part(told: Told) -> Any:
    """What is let in, counted and followed up."""
    if not told.warnings:
        return None
    intro = "Ces lignes sont acceptées. La Métropole les verra signalées ; corrigez-les si c’est une erreur."
    return section("Avertissements", _groups_shown(told.warnings, soft=True), intro=intro)


def repairs_part(told: Told) -> Any:
    """What was written otherwise and understood, each writing once."""
    if not told.repairs:
        return None
    count = french.count(told.repair_count, "cellule écrite autrement, comprise ainsi",
                         "cellules écrites autrement, comprises ainsi")  # fmt: skip
    more = "Les autres sont comprises de la même façon." if told.repair_count > len(told.repairs) else ""
    return fold(count, bullets(told.repairs), note(more) if more else None)


def _groups_shown(groups: Sequence[Group], *, soft: bool = False) -> Any:
    shown = [_group(one) for one in groups[:CAUSES]]
    rest = len(groups) - len(shown)
    more = f"Et {french.count(rest, 'autre cause', 'autres causes')}, dans la liste à télécharger."
    return tag(
        "div",
        tag("ul", shown, class_=classes("findings", "findings--warnings" if soft else None)),
        note(more) if rest > 0 else None,
    )


def _group(one: Group) -> Any:
    if one.cause.count == 1:
        return tag("li", tag("p", one.cause.sentence), class_="finding")
    summary = f"Voir les {french.number(len(one.sentences))} {'premières ' if one.more else ''}lignes"
    more = note(f"Et {french.count(one.more, 'autre ligne', 'autres lignes')}, dans la liste à télécharger.")
    lines = fold(summary, bullets(one.sentences), more if one.more else None, opened=one.cause.count <= LINES)
    return tag("li", tag("p", one.cause.sentence, class_="finding__cause"), lines, class_="finding")
