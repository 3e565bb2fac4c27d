"""Who may take which legal document: each role, with its own data and with another's."""

from __future__ import annotations

import pytest

from core.alerts.finding import publications
from core.deliberation import ASSOCIATIONS
from core.domain.access import Actor, Role
from core.errors import Forbidden, Refused
from core.exports.documents import Order
from core.exports.legal_documents import LEGAL, published_before
from tests.core.desk import AT

ROLES = {
    "lead": Actor("Karim", Role.LEAD),
    "committee": Actor("Élue", Role.COMMITTEE),
    "ifac": Actor("Claire", Role.ASSOCIATION, "ifac"),
    "anonymal": Actor("Zoé", Role.ASSOCIATION, "anonymal"),
    "public": Actor("", Role.PUBLIC),
}
ALL = set(ROLES)
WHO = {
    ("subventions", None): ALL - {"public"},
    ("subventions-reglementaire", None): ALL - {"public"},
    ("mediation", None): ALL - {"public"},
    ("mediation", "ifac"): {"lead", "committee", "ifac"},
    ("mediation-a-completer", "ifac"): {"lead", "committee", "ifac"},
    ("compte-rendu", "ifac"): {"lead", "committee", "ifac"},
    ("compte-rendu", "anonymal-ct2"): {"lead", "committee", "anonymal"},
    ("versements", "ifac"): {"lead", "committee", "ifac"},
    ("open-data", None): ALL - {"public"},
}


@pytest.mark.parametrize(("kind", "subject"), WHO)
@pytest.mark.parametrize("who", ROLES)
def test_the_policy_covers_every_document(signed, kind, subject, who) -> None:
    order = Order(signed.registry, signed.store, ROLES[who], AT, subject=subject, extension="xlsx")
    if who not in WHO[kind, subject]:
        with pytest.raises(Forbidden):
            LEGAL[kind].make(order)
        return
    try:
        assert LEGAL[kind].make(order)
    except Forbidden:
        raise
    except Refused as refused:  # it may be taken, and lacks something that it names
        assert len(str(refused)) > 40


def test_every_document_is_in_the_matrix() -> None:
    assert {kind for kind, _ in WHO} == set(LEGAL)


def test_publication_is_due_three_months_after_the_signature(signed) -> None:
    from datetime import date

    from tests.core.exports.legal.conftest import agreement

    signed.save("metropole", "conventions", agreement("arsenic", date_signature=date(2021, 11, 30)))
    order = Order(signed.registry, signed.store, ROLES["lead"], AT)
    due = {name: day.replace("\u00a0", " ") for name, day in published_before(order)}
    assert due == {"Anonymal": "12 octobre 2021", "ARSENIC": "28 février 2022"}  # the two others: under 23 000 €
    told = publications(signed.store.rows("metropole", "conventions").to_dicts(), date(2022, 2, 20))
    assert {ASSOCIATIONS[one.association].name for one in told if one.association} == set(due)
