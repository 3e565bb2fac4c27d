"""A snapshot as it may leave: small counts of people are hidden, with what would give them away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from core.domain import french
from core.domain.observation import Cell, Observation, Progress
from core.domain.report import Block, Callout, Chart, Prose, Table
from core.services import published
from core.services.discretion.blocks import Veil
from core.services.masking.observed import counts_people
from core.services.overview import overview_sentence
from core.services.sentences import experiment_sentence
from core.services.snapshots import Page, Snapshot

_WORDS = ("moins de ", "non montré")


def masked(found: Snapshot, below: int) -> Snapshot:
    """The same figures without the counts of people under ``below``, nor what gives them away.

    The figures are those that open data publish of this freeze. The standing of what is hidden is
    hidden with it, sentences are written again from what is shown, and of the pages of plugins
    the charts, tables and sentences that count people are treated likewise.
    """
    shown = [one.observation for one in published.frozen(found, below)]
    figures, places = shown[: len(found.figures)], tuple(shown[len(found.figures) :])
    people = {code for code, one in found.indicator.items() if counts_people(one)}
    cells = tuple(_cell(cell, seen, people, below) for cell, seen in zip(found.figures, figures, strict=True))
    unsaid = {one.indicator for one in shown if one.hidden}
    trends = tuple(one for one in found.trends if one.indicator not in unsaid)
    made = replace(found, figures=cells, places=places, trends=trends, pages=_pages(found, below))
    return replace(made, **_sentences(made)) if unsaid else made


def note(shown: Snapshot, below: int) -> str:
    """What a document says when something is hidden in ``shown``; nothing when all is there."""
    if not _hides(shown):
        return ""
    return french.typeset(
        f"« moins de {below} » : ce nombre de personnes pourrait faire reconnaître quelqu’un ; "
        "« non montré » : avec les totaux, il le ferait retrouver."
    )


def _hides(shown: Snapshot) -> bool:
    figures = (*(cell.observation for cell in shown.figures), *shown.places)
    return any(one.hidden for one in figures) or any(
        _says_hidden(block) for page in shown.pages.values() for block in page.blocks
    )


def _says_hidden(block: Block) -> bool:
    """Whether the veil left its words in a block."""
    match block:
        case Chart():
            return any(one.said for one in block.series)
        case Table():
            return any(cell.startswith(_WORDS) for row in block.rows for cell in row)
        case Prose() | Callout():
            return _WORDS[0] in block.text
        case _:
            return False


def _cell(cell: Cell, seen: Observation, people: set[str], below: int) -> Cell:
    if seen.hidden:
        bare = replace(cell.standing, done=None, gap=None, progress=_quiet(cell.standing.progress))
        return Cell(seen, bare, None)
    if seen.indicator in people and _tells(cell, below):
        return replace(cell, before=None)
    return cell


def _quiet(progress: Progress) -> Progress:
    """A state that follows from a hidden number is not said either; one that an outside cause explains is."""
    return progress if progress is Progress.BLOCKED else Progress.NO_TARGET


def _tells(cell: Cell, below: int) -> bool:
    """Whether the figure before is small, or leaves a small number when it is taken away from this one."""
    if cell.before is None:
        return False
    now, before = cell.observation, cell.before
    for part in ("numerator", "denominator"):
        first, last = getattr(before, part), getattr(now, part)
        if first is not None and (0 < first < below or (last is not None and 0 < abs(last - first) < below)):
            return True
    return False


def _sentences(made: Snapshot) -> dict[str, object]:
    told = {one.code: experiment_sentence(made, one) for one in made.experiments}
    return {"sentence": overview_sentence(made), "sentences": told}


def _pages(found: Snapshot, below: int) -> Mapping[str, Page]:
    return {code: replace(page, blocks=Veil(below).over(page.blocks)) for code, page in found.pages.items()}
