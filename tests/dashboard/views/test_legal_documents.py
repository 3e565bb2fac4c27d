"""On « Documents »: each legal file is offered, or says what it lacks; each one can be made."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator

import pypdf
import pytest

from core.contract import schema_setup
from core.domain.access import Actor, Role
from core.exports.documents import Order
from core.storage import Store
from dashboard.context import Context
from dashboard.views.documents import OfferedDocument, legal_sections
from tests.core.desk import Desk
from tests.support.filled import LEAD, NOW, TODAY, demonstration_context, registry

IFAC = Actor("Animation", Role.ASSOCIATION, "ifac")


def offered(context: Context, freeze: int | None = None) -> list[OfferedDocument]:
    order = Order(
        context.registry,
        context.store,
        context.actor,
        NOW,
        context.settings,
        freeze=freeze,
        fictitious=context.demonstration,
    )
    return [one for section in legal_sections(context, order) for one in section.documents]


@pytest.fixture
def ready(sqlite_database_url: str) -> Iterator[Context]:
    """An empty programme in which the Métropole recorded what publication asks for."""
    from tests.core.exports.legal.conftest import SIRETS, agreement, payment

    with Store.open(sqlite_database_url) as store:
        schema_setup.prepare(registry(), store, at=NOW)
        desk = Desk(registry(), store)
        desk.save("metropole", "conventions", *(agreement(one) for one in SIRETS))
        days = [payment(line, TODAY) for line in ("anonymal-ct2", "arsenic-accompagner", "ifac", "point-formation")]
        desk.save("metropole", "versements", *days)
        yield Context(registry(), store, lambda: TODAY, visitors=lambda: LEAD)


def test_the_demonstration_says_what_publication_lacks_and_where_to_write_it() -> None:
    found = {one.title: one for one in offered(demonstration_context())}
    lacking = found["Données essentielles des subventions (SCDL 2.1.1)"].unavailable.replace("\u00a0", " ")
    assert "dans Registres, « Conventions signées », le SIRET de la Métropole, le SIRET ou le RNA" in lacking
    assert "Anonymal" not in lacking  # all four lack it: no name is needed
    places = found["Lieux de médiation numérique (standard national 1.0.2)"]
    assert "131 fiches complètes" in places.purpose.replace("\u202f", " ")
    incomplete = found["Fiches de médiation à compléter"].make().decode().splitlines()
    assert len(incomplete) == 1 + 33 and "manquant" in incomplete[1]


def test_the_report_of_the_first_line_is_made_in_both_forms_and_the_letter_too() -> None:
    found = [one for one in offered(demonstration_context()) if not one.unavailable]
    made = {one.file_name: one.make() for one in found}
    assert made["compte-rendu-financier-anonymal-ct2.pdf"][:5] == b"%PDF-"
    assert made["compte-rendu-financier-anonymal-ct2.xlsx"][:2] == b"PK"
    letter = pypdf.PdfReader(io.BytesIO(made["etat-de-versement-anonymal-ct2.pdf"]))
    assert "46" in letter.pages[0].extract_text()
    archive = zipfile.ZipFile(io.BytesIO(made["fabrique-donnees-ouvertes-donnees-3.zip"]))
    assert "datapackage.json" in archive.namelist()  # of the last committee that is closed


def test_frozen_figures_are_opened_under_their_number() -> None:
    found = next(one for one in offered(demonstration_context(), freeze=1) if one.format == "ZIP")
    assert found.file_name == "fabrique-donnees-ouvertes-donnees-1.zip"
    archive = zipfile.ZipFile(io.BytesIO(found.make()))
    assert "(n°\u00a01)" in archive.read("LISEZMOI.md").decode()


def test_once_all_is_recorded_the_essential_data_are_offered(ready: Context) -> None:
    found = {one.key.split("-2")[0]: one for one in offered(ready)}
    assert found["subventions"].unavailable == ""
    assert "non arrêtées" in found["open-data"].purpose
    assert found["subventions"].make().startswith(b"nomAttribuant,idAttribuant")
    assert "le SIRET de l’association (pour Point Formation)" in found["subventions-reglementaire"].unavailable
    assert "pas encore déposé de comptes" in found["compte-rendu-anonymal-ct2-pdf"].unavailable


def test_an_association_sees_its_own_subsidies_and_actors_only() -> None:
    context = demonstration_context(visitor=IFAC)
    found = offered(context)
    assert {one.file_name for one in found if "versement" in one.file_name} == {"etat-de-versement-ifac.pdf"}
    assert "anonymal" not in " ".join(one.key for one in found)
