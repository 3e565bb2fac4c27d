"""The deliberation as one plain document, as ``fabrique programme --json`` prints it."""

from __future__ import annotations

from dataclasses import asdict

from core.deliberation import (
    ACT,
    ANONYMAL_DUTIES,
    ASSOCIATIONS,
    AXES,
    AXIS_2_FORMS,
    BUDGET_LINE,
    COMMITMENTS,
    CONTEXT,
    CONVENTIONS,
    EQUIPMENT,
    EXPERIMENTS,
    LINES,
    QUESTIONS,
    TOTAL_CENTS,
    lines_of,
)
from core.domain.programme import Citation, Commitment, Experiment, SubsidyLine


def programme_document() -> dict[str, object]:
    """Every fact of the deliberation, amounts in whole euros, each with where it stands."""
    return {
        "deliberation": {
            "number": ACT.number,
            "report": ACT.report,
            "title": ACT.title,
            "session": ACT.session.isoformat(),
            "received": ACT.received.isoformat(),
            "body": ACT.body,
        },
        "budget_line": asdict(BUDGET_LINE),
        "axes": [asdict(axis) for axis in AXES.values()],
        "experiments": [_experiment(found) for found in EXPERIMENTS.values()],
        "associations": [asdict(found) for found in ASSOCIATIONS.values()],
        "conventions": [
            {
                "association": found.association,
                "article": found.article,
                "amount": found.cents // 100,
                "source": asdict(found.source),
            }
            for found in CONVENTIONS.values()
        ],
        "subsidy_lines": [_line(found) for found in LINES.values()],
        "total": TOTAL_CENTS // 100,
        "commitments": [_commitment(found) for found in COMMITMENTS],
        "anonymal_duties": [_commitment(found) for found in ANONYMAL_DUTIES],
        "equipment": _equipment(),
        "context": [asdict(found) for found in CONTEXT],
        "axis_2_forms": list(AXIS_2_FORMS),
        "questions": list(QUESTIONS),
    }


def _source(found: Citation | None) -> dict[str, str] | None:
    return asdict(found) if found else None


def _experiment(found: Experiment) -> dict[str, object]:
    return {
        "code": found.code,
        "title": found.title,
        "territory": found.territory,
        "association": found.association.code,
        "axes": list(found.axes),
        "places": [{"code": p.code, "name": p.name, "insee": p.insee, "axes": list(p.axes)} for p in found.places],
        "subsidy_lines": [line.code for line in lines_of(found.code)],
        "source": _source(found.source),
    }


def _line(found: SubsidyLine) -> dict[str, object]:
    return {
        "code": found.code,
        "association": found.association,
        "amount": found.cents // 100,
        "purpose": found.purpose,
        "experiments": list(found.experiments),
        "axes": list(found.axes),
        "allocated": len(found.experiments) == 1,
        "source": asdict(found.source),
    }


def _commitment(found: Commitment) -> dict[str, object]:
    return {
        "code": found.code,
        "title": found.title,
        "text": found.text,
        "axis": found.axis,
        "source": asdict(found.source),
    }


def _equipment() -> dict[str, object]:
    found = EQUIPMENT
    return {
        "computers": found.computers,
        "screens": found.screens,
        "beneficiary": found.beneficiary,
        "unit_value_ceiling": found.unit_value_ceiling_cents // 100,
        "rule": found.rule,
        "resale": found.resale,
        "source": asdict(found.source),
    }
