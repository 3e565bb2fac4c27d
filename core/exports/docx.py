"""Text documents of ours (DOCX): styles, headings, tables; and the minutes of a committee."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import datetime

from docx import Document
from docx.document import Document as Docx
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Cm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.table import Table, _Cell, _Row
from docx.text.run import Run

from core.domain import french
from core.domain.french import typeset
from core.domain.meeting import VERDICT_MARKS, AgendaPoint, Decision, Meeting, Verdict
from core.domain.palette import FONT, LIGHT
from core.errors import Refused

# name: size, bold, colour, space before and after (points)
_STYLES = {
    "Normal": (11, False, LIGHT.ink, 0, 6),
    "Title": (22, True, LIGHT.ink, 0, 2),
    "Subtitle": (14, False, LIGHT.ink_soft, 0, 10),
    "Heading 1": (15, True, LIGHT.accent, 16, 6),
    "Heading 2": (12, True, LIGHT.ink, 10, 3),
    "List Bullet": (11, False, LIGHT.ink, 0, 3),
    "List Number": (11, False, LIGHT.ink, 0, 3),
}
_OWN = {
    "Renseignement": (11, False, LIGHT.ink, 0, 2),
    "Décision": (12, False, LIGHT.ink, 4, 3),
    "Avertissement": (11, True, LIGHT.late, 0, 8),
}


def document(title: str, at: datetime) -> Docx:
    """An empty A4 document with our styles; ``at`` dates it."""
    made = Document()
    section = made.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(1.5)
    section.top_margin = section.bottom_margin = Cm(1.8)
    for name in _OWN:
        made.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH).base_style = made.styles["Normal"]
    for name, told in (_STYLES | _OWN).items():
        _dress(made.styles[name], *told)
    _speak_french(made)
    properties = made.core_properties
    properties.title, properties.author, properties.language = title, "Fabrique", "fr-FR"
    properties.created = properties.modified = at.replace(tzinfo=None)
    return made


def table(made: Docx, headings: Sequence[str], rows: Sequence[Sequence[str]], *, widths: Sequence[float]) -> Table:
    """A table whose first row is its head, repeated on each page and told as such; ``widths`` in centimetres."""
    drawn = made.add_table(rows=1, cols=len(headings), style="Table Grid")
    drawn.autofit = False
    _repeat(drawn.rows[0])
    for at, words in enumerate(headings):
        _fill(drawn.rows[0].cells[at], words, head=True)
    for row in rows:
        cells = drawn.add_row().cells
        for at, words in enumerate(row):
            _fill(cells[at], words)
    for column, width in zip(drawn.columns, widths, strict=True):
        column.width = Cm(width)
    for row in drawn.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Cm(width)
    return drawn


def foot(made: Docx, text: str) -> None:
    """The same words at the foot of each page, and its number."""
    paragraph = made.sections[0].footer.paragraphs[0]
    run = paragraph.add_run(f"{text} · page ")
    _small(run)
    counted = paragraph.add_run()
    _small(counted)
    for kind, words in (("begin", ""), ("", "PAGE"), ("end", "")):
        counted._r.append(_field(kind) if kind else _instruction(words))


def _dress(style: ParagraphStyle, size: float, bold: bool, colour: str, before: float, after: float) -> None:
    font = style.font
    font.name, font.size, font.bold, font.italic = FONT, Pt(size), bold, False
    font.color.rgb = RGBColor.from_string(colour.removeprefix("#"))
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for kind in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
        fonts.set(qn(kind), FONT)
    for kind in ("w:asciiTheme", "w:hAnsiTheme", "w:cstheme", "w:eastAsiaTheme"):
        fonts.attrib.pop(qn(kind), None)
    style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(after)
    for edge in style.element.findall(f".//{qn('w:pBdr')}"):
        edge.getparent().remove(edge)


def _speak_french(made: Docx) -> None:
    properties = made.styles.element.find(f".//{qn('w:rPrDefault')}/{qn('w:rPr')}")
    told = properties.find(qn("w:lang"))
    if told is None:
        told = OxmlElement("w:lang")
        properties.append(told)
    told.set(qn("w:val"), "fr-FR")


def _repeat(row: _Row) -> None:
    head = OxmlElement("w:tblHeader")
    head.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(head)


def _fill(cell: _Cell, words: str, *, head: bool = False) -> None:
    paragraph = cell.paragraphs[0]
    run = paragraph.add_run(words)
    run.font.size, run.bold = Pt(9.5), head
    paragraph.paragraph_format.space_after = Pt(2)
    if head:
        shade = OxmlElement("w:shd")
        shade.set(qn("w:val"), "clear")
        shade.set(qn("w:fill"), LIGHT.sunken.removeprefix("#"))
        cell._tc.get_or_add_tcPr().append(shade)


def _small(run: Run) -> None:
    run.font.size = Pt(8.5)
    run.font.color.rgb = RGBColor.from_string(LIGHT.ink_soft.removeprefix("#"))


def _field(kind: str) -> BaseOxmlElement:
    made = OxmlElement("w:fldChar")
    made.set(qn("w:fldCharType"), kind)
    return made


def _instruction(words: str) -> BaseOxmlElement:
    made = OxmlElement("w:instrText")
    made.text = words
    return made


# --- « Relevé de décisions » of one committee: what was seen, debated and decided, as a DOCX that people may complete


TO_WRITE = "À compléter en séance"
DECISIONS = ("N°", "Décision", "Responsable", "Pour le", "Chiffre vu", "Où on en est")


def minutes(
    meeting: Meeting, *, at: datetime, before: Sequence[Decision] = (), present: str = "", fictitious: bool = False
) -> bytes:
    """The minutes of ``meeting``; ``before`` are the decisions of the committees before that still ask for something.

    ``present`` is typed at the meeting. Raises Refused when the committee has neither agenda nor decision.
    """
    if not meeting.points and not meeting.decisions:
        raise Refused(
            f"Le {meeting.title.lower()} n’a ni ordre du jour ni décision : il n’y a rien à relever. "
            "Préparez-le d’abord."
        )

    made = document(f"Relevé de décisions – {meeting.full_title}", at)
    _head(made, meeting, present, fictitious)
    _agenda(made, meeting)
    for point in meeting.points:
        _point(made, meeting, point)
    _others(made, meeting)
    _table(made, meeting)
    _before(made, before)
    foot(made, _seen(meeting) + (" · Données fictives" if fictitious else ""))
    kept = io.BytesIO()
    made.save(kept)
    return kept.getvalue()


def _head(made: Docx, meeting: Meeting, present: str, fictitious: bool) -> None:
    made.add_paragraph("Relevé de décisions", style="Title")
    made.add_paragraph(meeting.full_title, style="Subtitle")
    if fictitious:
        made.add_paragraph("Données fictives : démonstration.", style="Avertissement")
    _named(made, "Chiffres vus", _seen(meeting))
    _named(made, "Présents", present.strip() or TO_WRITE)
    if meeting.opened_at:
        _named(made, "Séance ouverte", french.moment(meeting.opened_at))
    if meeting.closed_at:
        _named(made, "Séance close", french.moment(meeting.closed_at))


def _agenda(made: Docx, meeting: Meeting) -> None:
    made.add_heading("Ordre du jour", 1)
    if not meeting.points:
        made.add_paragraph("Aucun point n’était inscrit.")
    for point in meeting.points:
        made.add_paragraph(typeset(point.title), style="List Number")


def _point(made: Docx, meeting: Meeting, point: AgendaPoint) -> None:
    made.add_heading(typeset(point.title), 1)
    made.add_paragraph(typeset(point.question))
    if point.context:
        made.add_paragraph(typeset(point.context))
    made.add_heading("Proposition", 2)
    for option in point.options:
        made.add_paragraph(typeset(option), style="List Bullet")
    if point.status_quo:
        made.add_paragraph(typeset(f"Statu quo : {point.status_quo}"), style="List Bullet")
    made.add_heading("Débat", 2)
    made.add_paragraph(TO_WRITE)
    made.add_heading("Décision", 2)
    found = meeting.decisions_on(point.code)
    if not found:
        made.add_paragraph("Pas encore de décision.")
    for decision in found:
        _decision(made, decision)


def _others(made: Docx, meeting: Meeting) -> None:
    """The decisions that no point of the agenda asked for."""
    found = [one for one in meeting.decisions if meeting.point(one.point) is None]
    if found:
        made.add_heading("Autres décisions", 1)
    for decision in found:
        _decision(made, decision)


def _decision(made: Docx, decision: Decision) -> None:
    paragraph = made.add_paragraph(style="Décision")
    paragraph.add_run(verdict(decision)).bold = True
    paragraph.add_run(typeset(f" (n° {decision.number}). {decision.text}"))
    for name, value in (
        ("Responsable", decision.owner),
        ("Pour le", french.day(decision.due) if decision.due else ""),
        ("Chiffre vu", f"{decision.seen} (données n°{french.NBSP}{decision.freeze})" if decision.seen else ""),
        ("Remplace la décision", decision.replaces),
        ("Remplacée par la décision", decision.replaced_by),
    ):
        if value:
            _named(made, name, value)


def _table(made: Docx, meeting: Meeting) -> None:
    made.add_heading("Suites à donner", 1)
    _decisions(made, [one for one in meeting.decisions if one.stands], "Aucune décision n’est enregistrée.")


def _before(made: Docx, before: Sequence[Decision]) -> None:
    made.add_heading("Décisions des comités précédents encore à suivre", 1)
    _decisions(made, before, "Aucune.")


def _decisions(made: Docx, found: Iterable[Decision], nothing: str) -> None:
    rows = [
        [
            one.number,
            typeset(f"{verdict(one)}. {one.text}"),
            one.owner or "–",
            french.short_day(one.due) if one.due else "–",
            one.seen or "–",
            _done(one),
        ]
        for one in found
    ]
    if rows:
        table(made, DECISIONS, rows, widths=(1.1, 4.6, 3.1, 2.5, 3.2, 3.5))
    else:
        made.add_paragraph(nothing)


def verdict(decision: Decision) -> str:
    """« ✔ Validée »."""
    return " ".join(VERDICT_MARKS[decision.verdict])


def _done(decision: Decision) -> str:
    if decision.verdict is Verdict.REJECTED:
        return "sans suite"
    said = {None: "à suivre", True: "fait", False: "pas encore fait"}[decision.done]
    note = decision.follow_ups[-1].note if decision.follow_ups else ""
    return typeset(f"{said} : {note}") if note else said


def _seen(meeting: Meeting) -> str:
    return meeting.freeze.mark if meeting.freeze else "Aucune donnée arrêtée"


def _named(made: Docx, name: str, value: str) -> None:
    paragraph = made.add_paragraph(style="Renseignement")
    paragraph.add_run(typeset(f"{name} : ")).bold = True
    paragraph.add_run(typeset(value))
