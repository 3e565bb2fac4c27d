"""The deliberation as one plain document, as ``fabrique programme --json`` prints it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from core.deliberation import commitments, facts, money
from core.domain.experiment import Experiment
from core.domain.programme import Citation, Commitment, SubsidyLine


def as_document() -> dict[str, Any]:
    """Every fact of the deliberation, amounts in whole euros, each with where it stands."""
    return {
        "deliberation": {
            "number": facts.ACT.number,
            "report": facts.ACT.report,
            "title": facts.ACT.title,
            "session": facts.ACT.session.isoformat(),
            "received": facts.ACT.received.isoformat(),
            "body": facts.ACT.body,
        },
        "budget_line": asdict(facts.BUDGET_LINE),
        "axes": [asdict(axis) for axis in facts.AXES.values()],
        "experiments": [_experiment(found) for found in facts.EXPERIMENTS.values()],
        "associations": [asdict(found) for found in facts.ASSOCIATIONS.values()],
        "conventions": [
            {
                "association": found.association,
                "article": found.article,
                "amount": found.cents // 100,
                "source": asdict(found.source),
            }
            for found in money.CONVENTIONS.values()
        ],
        "subsidy_lines": [_line(found) for found in money.LINES.values()],
        "total": money.TOTAL_CENTS // 100,
        "commitments": [_commitment(found) for found in commitments.COMMITMENTS],
        "anonymal_duties": [_commitment(found) for found in commitments.ANONYMAL_DUTIES],
        "equipment": _equipment(),
        "context": [asdict(found) for found in facts.CONTEXT],
        "axis_2_forms": list(facts.AXIS_2_FORMS),
        "questions": list(facts.QUESTIONS),
    }


def _source(found: Citation | None) -> dict[str, str] | None:
    return asdict(found) if found else None


def _experiment(found: Experiment) -> dict[str, Any]:
    return {
        "code": found.code,
        "title": found.title,
        "territory": found.territory,
        "association": found.association.code,
        "axes": list(found.axes),
        "places": [{"code": p.code, "name": p.name, "insee": p.insee, "axes": list(p.axes)} for p in found.places],
        "subsidy_lines": [line.code for line in money.lines_of(found.code)],
        "source": _source(found.source),
    }


def _line(found: SubsidyLine) -> dict[str, Any]:
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


def _commitment(found: Commitment) -> dict[str, Any]:
    return {
        "code": found.code,
        "title": found.title,
        "text": found.text,
        "axis": found.axis,
        "source": asdict(found.source),
    }


def _equipment() -> dict[str, Any]:
    found = facts.EQUIPMENT
    return {
        "computers": found.computers,
        "screens": found.screens,
        "beneficiary": found.beneficiary,
        "unit_value_ceiling": found.unit_value_ceiling_cents // 100,
        "rule": found.rule,
        "resale": found.resale,
        "source": asdict(found.source),
    }
