"""« Relevé de décisions » of one committee: what was seen, debated and decided, as a DOCX that people may complete."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from core.domain import french
from core.domain.french import typeset
from core.domain.local_time import FRANCE
from core.domain.meeting import VERDICT_MARKS, Decision, Meeting, Point, Verdict
from core.errors import Refused

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
            typeset(
                f"Le {meeting.title.lower()} n’a ni ordre du jour ni décision : il n’y a rien à relever. "
                "Préparez-le d’abord."
            )
        )
    from core.exports import writing

    made = writing.document(f"Relevé de décisions – {meeting.full_title}", at)
    _head(made, meeting, present, fictitious)
    _agenda(made, meeting)
    for point in meeting.points:
        _point(made, meeting, point)
    _others(made, meeting)
    _table(made, meeting)
    _before(made, before)
    writing.foot(made, _seen(meeting) + (" · Données fictives" if fictitious else ""))
    kept = io.BytesIO()
    made.save(kept)
    return kept.getvalue()


def _head(made: Any, meeting: Meeting, present: str, fictitious: bool) -> None:
    made.add_paragraph("Relevé de décisions", style="Title")
    made.add_paragraph(meeting.full_title, style="Subtitle")
    if fictitious:
        made.add_paragraph("Données fictives : démonstration.", style="Avertissement")
    _named(made, "Chiffres vus", _seen(meeting))
    _named(made, "Présents", present.strip() or TO_WRITE)
    if meeting.opened_at:
        _named(made, "Séance ouverte", french.moment(meeting.opened_at.astimezone(FRANCE)))
    if meeting.closed_at:
        _named(made, "Séance close", french.moment(meeting.closed_at.astimezone(FRANCE)))


def _agenda(made: Any, meeting: Meeting) -> None:
    made.add_heading("Ordre du jour", 1)
    if not meeting.points:
        made.add_paragraph("Aucun point n’était inscrit.")
    for point in meeting.points:
        made.add_paragraph(typeset(point.title), style="List Number")


def _point(made: Any, meeting: Meeting, point: Point) -> None:
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


def _others(made: Any, meeting: Meeting) -> None:
    """The decisions that no point of the agenda asked for."""
    found = [one for one in meeting.decisions if meeting.point(one.point) is None]
    if found:
        made.add_heading("Autres décisions", 1)
    for decision in found:
        _decision(made, decision)


def _decision(made: Any, decision: Decision) -> None:
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


def _table(made: Any, meeting: Meeting) -> None:
    made.add_heading("Suites à donner", 1)
    _decisions(made, [one for one in meeting.decisions if one.stands], "Aucune décision n’est enregistrée.")


def _before(made: Any, before: Sequence[Decision]) -> None:
    made.add_heading("Décisions des comités précédents encore à suivre", 1)
    _decisions(made, before, "Aucune.")


def _decisions(made: Any, found: Iterable[Decision], nothing: str) -> None:
    from core.exports import writing

    rows = [
        [
            one.number, typeset(f"{verdict(one)}. {one.text}"), one.owner or "–",
            french.short_day(one.due) if one.due else "–", one.seen or "–", _done(one),
        ]
        for one in found
    ]  # fmt: skip
    if rows:
        writing.table(made, DECISIONS, rows, widths=(1.1, 4.6, 3.1, 2.5, 3.2, 3.5))
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


def _named(made: Any, name: str, value: str) -> None:
    paragraph = made.add_paragraph(style="Renseignement")
    paragraph.add_run(typeset(f"{name} : ")).bold = True
    paragraph.add_run(typeset(value))
