"""« Accessibilité »: what the service says of its own accessibility, made from its audit, and that audit."""

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

from core.domain import french
from dashboard.components.html import Child, Html, join
from dashboard.components.tables import table
from dashboard.components.text import lead, note, prose, second_section, section, strong

# --- The audit as it was made: ``data/rgaa.toml``, read once, and what follows from it -------------
# Nothing here is a claim: a criterion that nobody judged on a page is told as such, the rates and the state
# are worked out from the verdicts.


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


# --- What the service says of it ------------------------------------------------------------------

TITLE = "Accessibilité"
_WORDS = {
    AuditVerdict.MET: "conforme",
    AuditVerdict.FAILED: "non conforme",
    AuditVerdict.NOT_CONCERNED: "non applicable",
    AuditVerdict.NOT_JUDGED: "non évalué",
}


def mention() -> str:
    """What the first page and the sign-in say: « Accessibilité : … »."""
    return f"Accessibilité : {audit().state}"


def statement() -> Html:
    """The state of conformity, the rates, what fails and what was not judged, whom to tell; under ``TITLE``."""
    found = audit()
    parts: list[Child] = [
        lead("Ce service est ", strong(found.state), " au référentiel général d’amélioration de l’accessibilité."),
        prose(_why(found)),
        section(
            "Ce qui a été regardé",
            _pages(found),
            note(f"Regardé {found.how}. Les lettres servent plus bas."),
        ),
        section("Ce qui ne va pas encore", _failing(found)),
        second_section("Ce qui n’a pas été jugé partout", _not_judged(found)),
        second_section(
            "Critère par critère",
            _all(found),
            note(
                "Nos résumés ; les textes qui font foi sont ceux du référentiel, publié par la direction "
                "interministérielle du numérique."
            ),
        ),
        section(
            "Signaler une difficulté",
            prose(
                "Écrivez à la personne qui vous a ouvert ce service : elle vous donnera l’information d’une autre "
                "façon. Si aucune réponse satisfaisante n’arrive, vous pouvez saisir le Défenseur des droits."
            ),
        ),
    ]
    return join(parts)


def _why(found: Audit) -> str:
    met, failed, unknown = (
        len(found.of(one)) for one in (AuditVerdict.MET, AuditVerdict.FAILED, AuditVerdict.NOT_JUDGED)
    )
    said = (
        f"Audit du {french.day(found.on)} ({REFERENCE}), mené par l’équipe du projet sur {len(found.pages)} pages : "
        f"{met} critères respectés partout où ils s’appliquent, {failed} qui ne le sont pas, {unknown} pas encore "
        f"jugés sur toutes les pages, sur {len(found.criteria)}. Parmi ceux qui sont jugés et s’appliquent, "
        f"{_percent(found.rate())} sont respectés."
    )
    if not found.complete:
        said += " Tant que l’audit n’est pas complet, la règle est de se dire non conforme."
    return (
        f"{said}\n\nCe texte décrit le logiciel. La déclaration d’accessibilité revient à l’organisme qui le met en "
        "service, après son propre audit."
    )


def _percent(rate: Fraction) -> str:
    return french.percent(float(rate * 100))


def _pages(found: Audit) -> Html:
    rows = [
        (f"{page.code} : {page.title}", _role(page.role), _percent(found.rate(page)), str(_count(found, page.code)))
        for page in found.pages
    ]
    headings = ["Page", "Ouverte par", "Critères respectés", "Non évalués"]
    return table("Pages regardées", headings, rows, numeric=(2, 3), wide=True)


def _role(role: str) -> str:
    return "sans compte" if role == "personne" else role


def _count(found: Audit, page: str) -> int:
    return sum(one.verdicts[page] is AuditVerdict.NOT_JUDGED for one in found.criteria)


def _failing(found: Audit) -> Html:
    rows = [
        (f"{one.number} {one.about}", one.evidence, one.who, one.meanwhile) for one in found.of(AuditVerdict.FAILED)
    ]
    headings = ["Critère", "Ce qui a été vu", "Pour qui", "En attendant"]
    return table("Non-conformités", headings, rows, wide=True)


def _not_judged(found: Audit) -> Html:
    rows = [
        (f"{one.number} {one.about}", _not_judged_on(one), one.evidence)
        for one in found.criteria
        if one.has(AuditVerdict.NOT_JUDGED)
    ]
    return table("Critères non évalués", ["Critère", "Pages", "Ce qui est su"], rows, wide=True)


def _not_judged_on(one: AuditedCriterion) -> str:
    if set(one.verdicts.values()) == {AuditVerdict.NOT_JUDGED}:
        return "toutes"
    return ", ".join(page for page, verdict in one.verdicts.items() if verdict is AuditVerdict.NOT_JUDGED)


def _all(found: Audit) -> Html:
    rows = [(f"{one.number} {one.about}", _WORDS[one.whole], one.evidence) for one in found.criteria]
    return table("Les 106 critères", ["Critère", "Sur l’ensemble", "Preuve"], rows, wide=True)
