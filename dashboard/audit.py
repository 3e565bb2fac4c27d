"""The audit of accessibility as it was made: ``data/rgaa.toml``, read once, and what follows from it.

Nothing here is a claim: a criterion that nobody judged on a page is told as such, the rates and the state
are worked out from the verdicts.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from fractions import Fraction
from functools import cache
from importlib.resources import files
from typing import Any

REFERENCE = "RGAA 4.1.2"
CRITERIA = (9, 2, 3, 13, 8, 2, 5, 10, 4, 14, 13, 11, 12)
"""How many criteria each of the thirteen themes has: 106 in all."""
_HALF = Fraction(1, 2)


class AuditVerdict(StrEnum):
    """What was found of one criterion on one page, by the letters that auditors use."""

    MET = "C"
    FAILED = "NC"
    NOT_CONCERNED = "NA"
    NOT_JUDGED = "NE"


class Conformity(StrEnum):
    """The three states that the law knows, as they are written."""

    FULL = "totalement conforme"
    PARTIAL = "partiellement conforme"
    NONE = "non conforme"


@dataclass(frozen=True, slots=True)
class AuditedPage:
    """A page of the sample: its letter in the file, what it is, its addresses, for whom it was opened."""

    code: str
    title: str
    address: str
    role: str


@dataclass(frozen=True, slots=True)
class AuditedCriterion:
    """One criterion: our short wording, the verdict of each page, what shows it.

    ``tests`` prove part of it at each version. For one that fails: for ``who``, what there is ``meanwhile``, and
    whose fault it is (``source``).
    """

    number: str
    about: str
    verdicts: Mapping[str, AuditVerdict]
    evidence: str
    tests: Sequence[str] = ()
    who: str = ""
    meanwhile: str = ""
    source: str = ""

    def has(self, verdict: AuditVerdict) -> bool:
        """Whether a page of the sample got this verdict."""
        return verdict in self.verdicts.values()

    @property
    def whole(self) -> AuditVerdict:
        """The verdict over the sample: one page that fails, or was not judged, decides for all."""
        order = (AuditVerdict.FAILED, AuditVerdict.NOT_JUDGED, AuditVerdict.MET)
        return next((one for one in order if self.has(one)), AuditVerdict.NOT_CONCERNED)


@dataclass(frozen=True, slots=True)
class Audit:
    """What was looked at, when and how, criterion by criterion."""

    on: date
    how: str
    pages: Sequence[AuditedPage]
    criteria: Sequence[AuditedCriterion] = field(default_factory=tuple)

    def of(self, verdict: AuditVerdict) -> list[AuditedCriterion]:
        """The criteria that have this verdict over the sample."""
        return [one for one in self.criteria if one.whole is verdict]

    def rate(self, page: AuditedPage | None = None) -> Fraction:
        """The share of what is met, of what is met or fails: over the sample, or on one page.

        What was not judged, or concerns nothing there, is on neither side.
        """
        found = [one.whole if page is None else one.verdicts[page.code] for one in self.criteria]
        met, failed = found.count(AuditVerdict.MET), found.count(AuditVerdict.FAILED)
        return Fraction(met, met + failed) if met + failed else Fraction(0)

    @property
    def complete(self) -> bool:
        """Whether every criterion was judged on every page."""
        return not any(one.has(AuditVerdict.NOT_JUDGED) for one in self.criteria)

    @property
    def state(self) -> Conformity:
        """What may be said of it; without a complete audit the rule is to say « non conforme »."""
        if not self.complete or self.rate() < _HALF:
            return Conformity.NONE
        return Conformity.FULL if self.rate() == 1 else Conformity.PARTIAL


@cache
def audit() -> Audit:
    """The audit of this version. Raises ValueError when the file gives a page two verdicts, or one that is none."""
    return read(files("dashboard").joinpath("data/rgaa.toml").read_text(encoding="utf-8"))


def read(text: str) -> Audit:
    """The audit that a file tells. Raises ValueError when it gives a page two verdicts, or a page that is none."""
    found = tomllib.loads(text)
    pages = [AuditedPage(**one) for one in found["page"]]
    codes = [one.code for one in pages]
    criteria = [_criterion(one, codes) for one in found["criterion"]]
    return Audit(found["date"], found["how"], tuple(pages), tuple(criteria))


def _criterion(told: dict[str, Any], codes: Sequence[str]) -> AuditedCriterion:
    given = [(page, verdict) for verdict in AuditVerdict for page in told.pop(verdict, "").split()]
    verdicts = dict.fromkeys(codes, AuditVerdict.NOT_JUDGED) | dict(given)
    if len(dict(given)) < len(given) or set(verdicts) != set(codes):
        raise ValueError(f"rgaa.toml, {told['number']}: a page has two verdicts, or is not of the sample")
    return AuditedCriterion(verdicts=verdicts, **told)
