"""« Accessibilité »: what the service says of its own accessibility, made from its audit (``dashboard/audit.py``)."""

from __future__ import annotations

from fractions import Fraction

from core.domain import french
from dashboard.audit import REFERENCE, Audit, AuditedCriterion, AuditVerdict, audit
from dashboard.components.html import Child, Html, join
from dashboard.components.tables import table
from dashboard.components.text import lead, note, prose, second_section, section, strong

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
