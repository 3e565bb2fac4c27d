"""One experiment on one slide: its figures against their targets, its charts, what is promised and what is late."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from core.domain.figure_text import value_text
from core.domain.french import typeset
from core.domain.palette import LIGHT
from core.domain.plugin_phrases import plain
from core.domain.report import Callout, Chart, Prose
from core.exports.dossier import Material
from core.exports.dossier_sheets import DossierFigure, Fiche, ShownState
from core.exports.slides_kit import MARGIN, WIDTH, Area, TextRun, target_bar, text
from core.exports.slides_pictures import chart

if TYPE_CHECKING:
    from pptx.slide import Slide

TONES = {"ahead": LIGHT.ahead, "on_time": LIGHT.on_time, "late": LIGHT.late, "blocked": LIGHT.blocked}
CHARTS = 2


def hue(axis: int | None) -> str:
    """The colour of an axis; ink for what is under none."""
    return str(getattr(LIGHT, f"axis{axis}")) if axis else LIGHT.ink


def column(slide: Slide, area: Area, fiche: Fiche, figures: Sequence[DossierFigure]) -> None:
    """An experiment among the six: who, its states, three figures with their bar."""
    head = [
        [TextRun(fiche.short, 14, True)],
        [TextRun(fiche.association, 11, colour=LIGHT.ink_soft)],
        *(_state(one, 11) for one in fiche.states),
    ]
    text(slide, Area(area.left, area.top, area.width, 1.6), head, name=f"{fiche.short} : qui, où on en est")
    for rank, one in enumerate(figures):
        _figure(slide, Area(area.left, area.top + 1.78 + rank * 0.98, area.width, 0.97), one, large=17, small=10)
    if fiche.late:
        area = Area(area.left, area.top + 4.62, area.width, 0.3)
        text(slide, area, [[TextRun("Données attendues", 10, True, LIGHT.late)]], name=f"{fiche.short} : fraîcheur")


def slide(material: Material, fiche: Fiche) -> tuple[str, Callable[[Slide], None], str]:
    """The title of its slide, what draws it, and its notes: the story in full, then definitions."""
    return fiche.title, lambda made: _draw(made, fiche), _notes(material, fiche)


def _draw(slide: Slide, fiche: Fiche) -> None:
    wide = WIDTH - 2 * MARGIN
    who = TextRun(f"{fiche.kicker}  ·  ", 12, colour=LIGHT.ink_soft)
    fresh = TextRun(fiche.fresh, 12, colour=LIGHT.late if fiche.late else LIGHT.ink_soft)
    text(slide, Area(MARGIN, 1.1, wide, 0.3), [[who, fresh]], name="Qui, où")
    states = [run for one in fiche.states for run in (*_state(one, 16), TextRun("     ", 16))]
    text(slide, Area(MARGIN, 1.45, wide, 0.35), [states or [TextRun("Sans objectif", 16)]], name="Où on en est")
    for rank, one in enumerate(fiche.figures):
        area = Area(MARGIN + (rank % 2) * 2.3, 2.05 + rank // 2 * 1.3, 2.15, 1.28)
        _figure(slide, area, one, large=22, small=12)
    _charts(slide, fiche)
    text(slide, Area(MARGIN, 5.98, wide, 0.85), _below(fiche), name="Engagements et points à traiter")


def _charts(slide: Slide, fiche: Fiche) -> None:
    """The first charts of its page; without any, what its page says."""
    left, wide = 5.45, WIDTH - 5.45 - MARGIN
    found = [one for one in fiche.blocks if isinstance(one, Chart) and one.categories][:CHARTS]
    if not found:
        said = [plain(one.text) for one in fiche.blocks if isinstance(one, Prose | Callout)]
        lines = [[TextRun(typeset(one), 15)] for one in ([fiche.problem] if fiche.problem else []) + said[:3]]
        text(slide, Area(left, 2.05, wide, 3.8), lines or [[TextRun(fiche.sentence, 15)]], name="Récit", after=8)
        return
    gap = 0.3
    each = (wide - gap * (len(found) - 1)) / len(found)
    for rank, one in enumerate(found):
        at = left + rank * (each + gap)
        text(
            slide, Area(at, 1.95, each, 0.75), [[TextRun(typeset(plain(one.conclusion)), 13, True)]], name="Conclusion"
        )
        chart(slide, Area(at, 2.7, each, 3.0), one)
        under = " · ".join(part for part in (one.unit, _reference(one)) if part)
        text(slide, Area(at, 5.66, each, 0.32), [[TextRun(typeset(under), 10, colour=LIGHT.ink_soft)]], name="Unité")


def _reference(one: Chart) -> str:
    if one.reference is None or one.kind in ("line", "steps"):
        return ""
    return f"{one.reference[0]} : {value_text(one.reference[1], one.unit)}"


def _below(fiche: Fiche) -> list[list[TextRun]]:
    kept = [TextRun(f"Engagements : {fiche.kept}. ", 12, True)]
    kept.append(TextRun("  ".join(f"{one.shape} {one.title}" for one in fiche.promises), 11, colour=LIGHT.ink_soft))
    lines = [kept]
    if fiche.problem:
        lines.append([TextRun(fiche.problem, 12, True, LIGHT.late)])
    for title, cause in fiche.stopped[:1]:
        lines.append([TextRun(f"{typeset(title)}. ", 12, True, LIGHT.late), TextRun(typeset(cause), 12)])
    for title, said in fiche.delays[: 0 if fiche.stopped else 1]:
        lines.append([TextRun(f"▼ {typeset(title)}. ", 12, True, LIGHT.late), TextRun(typeset(said), 12)])
    treat = " · ".join(f"{title} ({count})" for title, count in fiche.treat)
    if treat and not fiche.stopped and not fiche.delays:
        lines.append([TextRun("À traiter : ", 12, True), TextRun(typeset(treat), 12)])
    return lines


def _figure(slide: Slide, area: Area, one: DossierFigure, *, large: float, small: float) -> None:
    main = (
        TextRun(f"{one.main}{one.sign}", large, True)
        if one.missing is None
        else TextRun(f"{one.missing.shape} {one.missing.word}".strip(), small + 1, colour=LIGHT.ink_soft)
    )
    rest = " · ".join(part for part in (one.rest, one.goal) if part)
    standing = _state(one.standing, small) if one.standing else []
    beside = [TextRun(f"  {rest}", small - 1)] if rest else []
    lines = [[TextRun(one.label, small, colour=LIGHT.ink_soft)], [main, *beside]]
    lines += [standing] if standing else []
    lines += [[TextRun(one.wait, small - 1, colour=LIGHT.late)]] if one.partial else []
    text(slide, area, lines, name=f"Chiffre : {one.label}", after=0)
    bar = Area(area.left, area.top - 0.12, area.width, 0.07)
    said = f"{one.label} : {one.said}" if one.said else one.label
    target_bar(slide, bar, one.done, one.expected, hue(one.axis), said)


def _state(one: ShownState, size: float) -> list[TextRun]:
    mark = TextRun(f"{one.shape} {one.word}".strip(), size, bool(one.shape), TONES.get(one.tone, LIGHT.ink_soft))
    return [mark, TextRun(f" {one.about}", size, colour=LIGHT.ink_soft)] if one.about else [mark]


def _notes(material: Material, fiche: Fiche) -> str:
    stopped = [f"{title}. {cause}" for title, cause in fiche.stopped]
    told = [
        fiche.sentence,
        fiche.problem,
        *stopped,
        *(plain(one.text) for one in fiche.blocks if isinstance(one, Prose | Callout)),
    ]
    if fiche.quote:
        told.append(f"« {fiche.quote.text} » {fiche.quote.said_by}")
    known = material.snapshot.indicator
    told += [f"{known[one.code].label} : {known[one.code].definition}" for one in fiche.figures if one.code in known]
    return "\n".join(typeset(one) for one in told if one)
