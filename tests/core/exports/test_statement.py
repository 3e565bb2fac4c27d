"""The acknowledgement of a relevé: read back from the PDF, refused to others, absent before any sending."""

from __future__ import annotations

import io
import re

import pypdf
import pytest

from core import reporting
from core.demonstration.people import PEOPLE
from core.domain.access import Actor
from core.errors import Forbidden, UnknownName
from core.exports.receipts import statement, statement_name
from tests.support.filled import LEAD, demonstration_context


def made(experiment: str, period: str, actor: Actor = LEAD) -> bytes:
    context = demonstration_context()
    found = reporting.state_of(context.registry, context.store, experiment, period, context.today)
    assert statement_name(found) == f"releve-{experiment}-{period}.pdf"
    return statement(context.scope_of(actor), found, fictitious=True)


def words(content: bytes) -> str:
    pages = pypdf.PdfReader(io.BytesIO(content)).pages
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in pages))


def test_it_says_when_it_was_sent_and_what_it_holds() -> None:
    text = words(made("ct3-pays-salonais", "2022-T2", PEOPLE["anonymal"]))
    for said in (
        "Votre relevé est bien transmis à la Métropole, le 1er juillet 2022 à 12 h 30",
        "Diagnostics des besoins",
        "Rien à déclarer",
        "Nous avons plus d’ordinateurs prêts que de demandes remontées.",
        "Données fictives",
    ):
        assert said in text, said


def test_the_last_sending_is_acknowledged() -> None:
    assert "26 avril 2022 à 12 h 30" in words(made("ct2-pays-d-aix", "2022-T1"))


def test_another_association_has_none_and_nothing_sent_has_none() -> None:
    with pytest.raises(Forbidden):
        made("ct3-pays-salonais", "2022-T2", PEOPLE["ifac"])
    with pytest.raises(UnknownName, match="pas encore été transmis"):
        made("ct6-pays-de-martigues", "2022-T2")
