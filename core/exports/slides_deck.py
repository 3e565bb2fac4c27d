"""The committee’s slides, in their order: a 16:9 deck of our own, whose charts stay editable."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from core.domain import french
from core.domain.figure_text import counted, marked, signed
from core.domain.french import typeset
from core.domain.indicator import Indicator
from core.domain.observation import Cell
from core.domain.palette import LIGHT
from core.domain.plugin_phrases import plain, written
from core.domain.report import Chart, Series
from core.exports import slides_experiment
from core.exports.dossier import Material
from core.exports.dossier_paper import DONE
from core.exports.dossier_sheets import (
    DossierFigure,
    DossierRow,
    Fiche,
    Groups,
    MoneyRow,
    amount,
    asked_of,
    card_figures,
    fiches_of,
    matrix_of,
    money_row,
    spent_words,
)
from core.exports.slides_kit import HEIGHT, MARGIN, WIDTH, Area, TextRun, clean, empty_deck, table, text
from core.exports.slides_pictures import chart
from core.figures.park import park_of
from core.figures.sentences import asked_by_the_vote, axis_of, first_screen, together
from core.money.fairness import undivided_sentence
from core.money.ledger import advance_sentence, money_sentence

if TYPE_CHECKING:
    from pptx.presentation import Presentation
    from pptx.slide import Slide

# --- The slides that compare: one figure over the experiments beside its target, and the money; native charts ----


COMPARED = ("EQ5a", "AC6")
"""What is handed over and what is asked: the two figures that most experiments share."""


def slides(material: Material) -> Iterator[tuple[str, Callable[[Slide], None], str]]:
    """One slide for each figure that two experiments at least share."""
    for code in COMPARED:
        indicator = material.snapshot.indicator.get(code)
        if indicator is not None and (block := comparison(material, indicator)) is not None:
            yield plain(block.conclusion), _drawing(block), f"{indicator.label} : {indicator.definition}"


def comparison(material: Material, indicator: Indicator) -> Chart | None:
    """The figure of each experiment, and its target; None when fewer than two know it."""
    snapshot = material.snapshot
    found = [
        (marked(signed(one.short_title, cell.observation), cell.observation), cell)
        for one in snapshot.experiments
        if (cell := snapshot.cells.get((indicator.code, one.code))) is not None and _told(indicator, cell)
    ]
    if sum(_number(indicator, cell) is not None for _, cell in found) < 2:
        return None
    said = tuple(cell.observation.hidden for _, cell in found)
    values = tuple(_number(indicator, cell) for _, cell in found)
    targets = tuple(cell.standing.target.value if cell.standing.target else None for _, cell in found)
    axis = axis_of(indicator)
    series = [Series(indicator.label, values, f"axis{axis}" if axis else "main", said if any(said) else ())]
    if any(one is not None for one in targets):
        series.append(Series("Objectif", targets, "muted"))
    names = tuple(name for name, _ in found)
    return Chart(
        "bars",
        names,
        tuple(series),
        _says(indicator, names, values),
        _alternative(names, values, targets, said),
        unit=indicator.unit,
    )


def money_chart(slide: Slide, area: Area, rows: Sequence[MoneyRow]) -> None:
    """Voted, paid and spent, line by line, in euros."""
    names = tuple(f"{one.association}, {one.serves}" for one in rows)
    series = tuple(
        Series(name, tuple(None if cents is None else cents / 100 for cents in found), role)
        for name, role, found in (
            ("Voté", "muted", [one.voted for one in rows]),
            ("Versé", "axis2", [one.paid for one in rows]),
            ("Dépensé", "axis1", [one.spent for one in rows]),
        )
    )
    said = "; ".join(f"{name} : {', '.join(one.words)}" for name, one in zip(names, rows, strict=True))
    block = Chart("bars", names, series, "Voté, versé, dépensé, ligne par ligne", said, unit="€")
    chart(slide, area, block, size=10)


def cell_text(one: DossierFigure | None) -> str:
    """A cell of the matrix in one line: « ▲ 84 / 100 », « — »."""
    if one is None:
        return "—"
    wait = f", {one.wait}" if one.partial else ""
    if one.missing is not None:
        return "—" if one.missing.tone == "not_applicable" else f"{one.missing.shape} {one.missing.word}".strip() + wait
    mark = f"{one.standing.shape} " if one.standing else ""
    goal = f" ({one.goal.replace('objectif', 'obj.')})" if one.goal else ""
    return f"{mark}{one.main}{one.sign}{goal}{wait}"


def _one_chart(block: Chart) -> Callable[[Slide], None]:
    """A chart alone on its slide, its unit and source under it."""

    def draw(slide: Slide) -> None:
        chart(slide, Area(MARGIN, 1.8, WIDTH - 2 * MARGIN, 3.6), block, size=16)
        said = f"{french.capital(block.unit)}. Source : {block.source}."
        text(slide, Area(MARGIN, 5.7, WIDTH - 2 * MARGIN, 0.4), [[TextRun(typeset(said), 12)]], name="Source")

    return draw


def _drawing(block: Chart) -> Callable[[Slide], None]:
    def draw(slide: Slide) -> None:
        chart(slide, Area(MARGIN, 1.6, WIDTH - 2 * MARGIN, 4.85), block, size=16)
        area = Area(MARGIN, 6.5, WIDTH - 2 * MARGIN, 0.3)
        text(slide, area, [[TextRun(f"Unité : {block.unit}. Une même échelle pour toutes.", 12)]], name="Unité")

    return draw


def _told(indicator: Indicator, cell: Cell) -> bool:
    """Whether there is a number, or the words that hide it."""
    return bool(cell.observation.hidden) or _number(indicator, cell) is not None


def _number(indicator: Indicator, cell: Cell) -> float | None:
    """The number that is shown large, None when it is not known."""
    return counted(cell.observation, headline=indicator.headline)


def _says(indicator: Indicator, names: Sequence[str], values: Sequence[float | None]) -> str:
    """« Ordinateurs remis : 84 pour Pays d’Aix, 6 pour Pays de Martigues »."""
    known = [(name, value) for name, value in zip(names, values, strict=True) if value is not None]
    top, low = french.extreme(known), french.extreme(known, lowest=True)
    if top.value == low.value:
        return french.typeset(f"{indicator.label} : {written(top.value)} partout où le chiffre est connu")
    return french.typeset(
        f"{indicator.label} : de {written(low.value)} ({low.names}) à {written(top.value)} ({top.names})"
    )


def _alternative(
    names: Sequence[str], values: Sequence[float | None], targets: Sequence[float | None], said: Sequence[str]
) -> str:
    parts = [
        f"{name} : {instead or written(value)}" + (f", objectif {written(target)}" if target else "")
        for name, value, target, instead in zip(names, values, targets, said, strict=True)
    ]
    return " ; ".join(parts)


# --- What the speaker reads: the notes of a slide, written at once rather than copied from their master ----


_NAMES = (
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
)
_PLACE = (
    '<p:sp><p:nvSpPr><p:cNvPr id="{id}" name="{name}"/><p:cNvSpPr><a:spLocks noGrp="1"/></p:cNvSpPr>'
    "<p:nvPr><p:ph {place}/></p:nvPr></p:nvSpPr><p:spPr/>{body}</p:sp>"
)


def write_notes(slide: Slide, said: str) -> None:
    """Give ``slide`` its notes, one paragraph for each line of ``said``."""
    from pptx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
    from pptx.opc.package import Part
    from pptx.opc.packuri import PackURI

    part = slide.part
    name = PackURI(f"/ppt/notesSlides/notesSlide{part.partname.idx}.xml")
    notes = Part(name, CONTENT_TYPE.PML_NOTES_SLIDE, part.package, _written(said))
    notes.relate_to(part.package.presentation_part.notes_master_part, RELATIONSHIP_TYPE.NOTES_MASTER)
    notes.relate_to(part, RELATIONSHIP_TYPE.SLIDE)
    part.relate_to(notes, RELATIONSHIP_TYPE.NOTES_SLIDE)


def _written(said: str) -> bytes:
    lines = "".join(f"<a:p><a:r><a:t>{escape(clean(line))}</a:t></a:r></a:p>" for line in said.split("\n"))
    body = f"<p:txBody><a:bodyPr/><a:lstStyle/>{lines}</p:txBody>"
    places = (
        _PLACE.format(id=2, name="Slide Image Placeholder 1", place='type="sldImg" idx="2"', body=""),
        _PLACE.format(id=3, name="Notes Placeholder 2", place='type="body" idx="3" sz="quarter"', body=body),
        _PLACE.format(id=4, name="Slide Number Placeholder 3", place='type="sldNum" idx="5" sz="quarter"', body=""),
    )
    return (
        "<?xml version='1.0' encoding='UTF-8' standalone='yes'?>\n"
        f'<p:notes {_NAMES}><p:cSld><p:spTree><p:nvGrpSpPr><p:cNvPr id="1" name=""/><p:cNvGrpSpPr/><p:nvPr/>'
        '</p:nvGrpSpPr><p:grpSpPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="0" cy="0"/><a:chOff x="0" y="0"/>'
        f'<a:chExt cx="0" cy="0"/></a:xfrm></p:grpSpPr>{"".join(places)}</p:spTree></p:cSld>'
        "<p:clrMapOvr><a:masterClrMapping/></p:clrMapOvr></p:notes>"
    ).encode()


# --- The committee's deck: the sentence, the six side by side, a slide for each, money, what changed, decisions ----


WIDE = WIDTH - 2 * MARGIN
BODY = Area(MARGIN, 1.7, WIDE, 5.05)
MOST = 12
ROWS = 7
"""Of a table that fills a slide: in the largest of them each row takes three lines."""


def deck(material: Material) -> bytes:
    """The whole deck as a PPTX; its charts stay editable, its notes give the definitions."""
    made = empty_deck()
    for title, draw, notes in _slides(material):
        slide = made.slides.add_slide(made.slide_layouts[0])
        slide.shapes.title.text = title
        _head(slide, material)
        draw(slide)
        _foot(slide, material, len(made.slides))
        if notes:
            write_notes(slide, notes)
    _properties(made, material)
    kept = io.BytesIO()
    made.save(kept)
    return kept.getvalue()


Draw = Callable[["Slide"], None]


def _slides(material: Material) -> Iterator[tuple[str, Draw, str]]:
    """Each slide: its title, what draws it, and what its notes say."""
    fiches = fiches_of(material)
    snapshot = material.snapshot
    yield typeset(snapshot.sentence), lambda slide: _six(slide, material, fiches), _how_to_read(material)
    side_by_side = f"{together(snapshot.experiments)}, indicateur par indicateur"
    defined = _definitions(first_screen(snapshot.indicators))
    yield from _matrices(material, matrix_of(snapshot), side_by_side, "du premier écran", defined)
    defined = _definitions(asked_by_the_vote(snapshot.indicators))
    asked = "Ce que la délibération demande aussi"
    yield from _matrices(material, asked_of(snapshot), asked, "que la délibération demande aussi", defined)
    yield from slides(material)
    for fiche in fiches:
        title, draw, notes = slides_experiment.slide(material, fiche)
        yield title, draw, notes
    if machines := park_of(snapshot.cells):
        yield machines.conclusion, _one_chart(machines.chart), typeset(str(machines.chart.alternative))
    advance = typeset(advance_sentence(snapshot.ledger))
    yield typeset(money_sentence(snapshot.ledger)), lambda slide: _money(slide, material), advance
    if material.changes is not None:
        yield _changed_title(material), lambda slide: _changed(slide, material), ""
    yield "Ce qui a été décidé, ce qui est demandé", lambda slide: _decisions(slide, material), _in_full(material)


# --- what every slide has --------------------------------------------------------------------


def _head(slide: Slide, material: Material) -> None:
    line = [TextRun(material.kicker, 12, colour=LIGHT.ink_soft)]
    if material.snapshot.fictitious:
        line.append(TextRun("  ·  Données fictives", 12, True, LIGHT.late))
    text(slide, Area(MARGIN, 0.28, WIDE, 0.3), [line], name="En-tête")


def _foot(slide: Slide, material: Material, number: int) -> None:
    said = "  ·  ".join(part for part in (material.snapshot.mark, material.foot, french.number(number)) if part)
    area = Area(MARGIN, HEIGHT - 0.46, WIDE, 0.4)
    text(slide, area, [[TextRun(said, 9, colour=LIGHT.ink_soft)]], name="Pied")


def _properties(made: Presentation, material: Material) -> None:
    told = made.core_properties
    told.title, told.author, told.language = material.title, "Fabrique", "fr-FR"
    told.subject = material.snapshot.mark
    told.created = told.modified = material.at.replace(tzinfo=None)


def _how_to_read(material: Material) -> str:
    return typeset(
        f"{material.snapshot.mark}. ▲ En avance : plus de dix points au-dessus de ce qui est attendu à cette date. "
        "● Dans les temps : à moins de dix points. ▼ En retard : plus de dix points en dessous. ■ Bloqué : arrêté par "
        "une cause extérieure. ○ Non renseigné : on ne sait pas encore, ce n’est pas zéro. — Sans objet. "
        "· Non suivi : cette association ne donne pas ce chiffre."
    )


def _definitions(wanted: Iterable[Indicator]) -> str:
    return "\n".join(typeset(f"{one.label} : {one.definition}") for one in wanted)


# --- the six side by side --------------------------------------------------------------------


def _six(slide: Slide, material: Material, fiches: Sequence[Fiche]) -> None:
    found = material.snapshot.experiments
    gap, count = 0.18, max(1, len(found))
    width = (WIDE - gap * (count - 1)) / count
    for rank, (one, fiche) in enumerate(zip(found, fiches, strict=False)):
        left = MARGIN + rank * (width + gap)
        figures = card_figures(material.snapshot, one)
        slides_experiment.column(slide, Area(left, 2.0, width, 4.7), fiche, figures)


def _matrices(
    material: Material, groups: Groups, title: str, which: str, notes: str
) -> Iterator[tuple[str, Draw, str]]:
    """The slides of one matrix: as many as it takes for its rows to be read from the back of the room."""
    rows = [row for _, _, found in groups for row in found]
    count = -(-len(rows) // ROWS)
    for page in range(count):
        shown = rows[page * len(rows) // count : (page + 1) * len(rows) // count]
        rank = f" ({page + 1} sur {count})" if count > 1 else ""
        yield f"{title}{rank}", partial(_matrix, material=material, rows=shown, which=which), notes


def _matrix(slide: Slide, material: Material, rows: Sequence[DossierRow], which: str) -> None:
    names = [one.short_title for one in material.snapshot.experiments]
    written = [[row.label, *(cell_text(cell) for cell in row.cells)] for row in rows]
    table(
        slide,
        Area(MARGIN, 1.35, WIDE, min(5.3, 0.64 * (len(rows) + 1))),
        ["Indicateur", *names, "Programme"],
        written,
        name="Comparaison",
        alternative=f"Les indicateurs {which}, une ligne chacun, une colonne par expérimentation.",
        widths=[1.6, *(max(1.0, _unbroken(column) / 13) for column in list(zip(*written, strict=True))[1:])],
        numeric=range(1, len(names) + 2),
        size=12,
    )


def _unbroken(words: Iterable[str]) -> int:
    """The most characters that stay on one line, such as a date in full."""
    return max(len(part) for one in words for part in one.split(" "))


# --- money -----------------------------------------------------------------------------------


def _money(slide: Slide, material: Material) -> None:
    ledger = material.snapshot.ledger
    rows = [money_row(state) for state in ledger.lines]
    money_chart(slide, Area(MARGIN, 1.6, 4.9, 4.9), rows)
    left = MARGIN + 5.05
    written = [[f"{one.association}, {one.serves}", *one.words] for one in rows]
    written.append(["Total", french.euros(ledger.voted), amount(ledger.paid, ledger.voted), spent_words(ledger.lines)])
    table(
        slide,
        Area(left, 1.65, WIDTH - left - MARGIN, 3.7),
        ["Ligne", "Voté", "Versé", "Dépensé"],
        written,
        name="Subventions",
        alternative="Les lignes de subvention : voté, versé, dépensé.",
        widths=(1.6, 0.7, 1.1, 1.7),
        numeric=(1, 2, 3),
        size=12,
    )
    said = [("Non ventilé. ", undivided_sentence(ledger)), ("", advance_sentence(ledger))]
    lines = [[TextRun(name, 11, True), TextRun(typeset(words), 11, not name)] for name, words in said if words]
    if lines:
        text(slide, Area(left, 5.75, WIDTH - left - MARGIN, 1.0), lines, name="Non ventilé et avancé")


# --- what changed, decisions -----------------------------------------------------------------


def _changed_title(material: Material) -> str:
    day = f" (données au {french.day(material.earlier.until)})" if material.earlier else ""
    return f"Ce qui a changé {material.counted}{day}"


def _changed(slide: Slide, material: Material) -> None:
    listed = material.changes.listed if material.changes else ()
    lines = [[TextRun("• " + one.text, 15)] for one in listed[:MOST]]
    more = len(listed) - len(lines)
    if more > 0:
        lines.append(
            [TextRun(f"et {french.count(more, 'autre changement', 'autres changements')}, à lire à l’écran.", 13)]
        )
    text(slide, BODY, lines or [[TextRun("Aucun chiffre n’a changé.", 16)]], name="Changements", after=5)


def _decisions(slide: Slide, material: Material) -> None:
    half = (WIDE - 0.5) / 2
    decided = [
        [TextRun(f"{one.verdict}. ", 14, True), TextRun(typeset(one.title), 14), TextRun(f"  {DONE[one.done]}", 13)]
        for one in material.decided[-MOST:]
    ]
    asked = [
        [TextRun(typeset(f"{one.title} : "), 14, True), TextRun(typeset(one.question), 14)]
        for one in (material.meeting.points if material.meeting else ())
    ]
    _listed(slide, Area(MARGIN, 1.6, half, 5.1), "Décidé jusqu’ici", decided, "Aucune décision enregistrée.")
    right = Area(MARGIN + half + 0.5, 1.6, half, 5.1)
    _listed(slide, right, "Demandé au comité", asked, "Aucun point n’est inscrit à l’ordre du jour.")


def _in_full(material: Material) -> str:
    """What the slide may cut: each decision and each question, whole."""
    decided = [typeset(f"{one.verdict}. {one.title}. {one.text}") for one in material.decided]
    points = material.meeting.points if material.meeting else ()
    return "\n".join([*decided, *(typeset(f"{one.title} : {one.question} {one.context}") for one in points)])


def _listed(slide: Slide, area: Area, title: str, lines: Sequence[Sequence[TextRun]], nothing: str) -> None:
    head = [TextRun(title, 18, True, LIGHT.accent)]
    text(slide, area, [head, *(lines or [[TextRun(nothing, 15)]])], name=title, after=7)
