"""The screens of an association whose extension was removed: its rows, their schema, their history."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.metadata import entry_points
from pathlib import Path

import pytest

from core.committee.meetings import meetings, snapshot_of
from core.contract import Registry, schema_setup
from core.contract.hookspecs import GROUP
from core.demonstration import TODAY, people
from core.domain.access import Actor
from core.storage import Store
from dashboard import context
from dashboard.context import Context
from tests.dashboard.views.opening import opened, said
from tests.dashboard.views.test_lead_pages import ELECTED
from tests.support.filled import LEAD, copied, demonstration_url

GONE, WHOSE = "ct6_point_formation", "point-formation"
AT = datetime(2022, 7, 5, 8, tzinfo=UTC)


@pytest.fixture(scope="module")
def without(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Registry, Store]]:
    """The demonstration once one of its plugins was uninstalled."""
    registry = Registry.load([one for one in entry_points(group=GROUP) if one.name != GONE], strict=True)
    path: Path = copied(demonstration_url(), tmp_path_factory.mktemp("sans") / "demonstration.sqlite3")
    with Store.open(f"sqlite:///{path}") as store:
        schema_setup.prepare(registry, store, at=AT)
        yield registry, store


def seen_by(without: tuple[Registry, Store], visitor: Actor) -> None:
    context.install(Context(*without, lambda: TODAY, demonstration=True, visitors=lambda: visitor))


def test_the_association_reads_what_it_gave(without: tuple[Registry, Store]) -> None:
    seen_by(without, people.PEOPLE[WHOSE])
    page = opened("mes-donnees")
    words = said(page)
    assert "Données gardées" in words and "L’extension de cette association n’est pas en service" in words
    registry, store = without
    first = registry.kept(WHOSE)[0]
    assert f"{first.title} {store.rows(WHOSE, first.code).height} Historique" in words
    labels = {one.proto.label for one in page.get("download_button")}
    assert any("CSV" in one for one in labels) and any("schéma" in one for one in labels), labels
    past = said(opened("historique", association=WHOSE, jeu=first.code))
    assert "n’est plus déclaré par aucune extension en service" in past


def test_one_deposit_opens_and_is_not_undone(without: tuple[Registry, Store]) -> None:
    seen_by(without, people.PEOPLE[WHOSE])
    registry, store = without
    first = next(one for one in registry.kept(WHOSE) if store.deposits(association=WHOSE, dataset=one.code))
    made = store.deposits(association=WHOSE, dataset=first.code)[0]
    page = opened("historique", association=WHOSE, jeu=first.code, depot=str(made.number))
    assert "Ce qui a changé" in said(page)
    assert not [one for one in page.button if "Annuler ce dépôt" in one.label]


def test_the_lead_finds_them_and_nobody_else_does(without: tuple[Registry, Store]) -> None:
    seen_by(without, LEAD)
    assert "Données sans extension" in said(opened("etat-des-plugins"))
    assert "Données gardées" in said(opened("mes-donnees", association=WHOSE))
    first = without[0].kept(WHOSE)[0].code
    for visitor in (ELECTED, people.PEOPLE["ifac"]):
        seen_by(without, visitor)
        assert "Accès refusé" in said(opened("historique", association=WHOSE, jeu=first))


@pytest.mark.parametrize("path", ["", "comparer", "journal", "comites", "engagements", "points"])
def test_the_other_pages_stand(without: tuple[Registry, Store], path: str) -> None:
    seen_by(without, LEAD)
    page = said(opened(path))
    assert "Cette page ne s’affiche pas" not in page and "ce nom n’existe pas" not in page


def test_frozen_figures_keep_their_definitions(without: tuple[Registry, Store]) -> None:
    store = without[1]
    frozen = snapshot_of(store, next(one for meeting in meetings(store) for one in meeting.freezes))
    assert "ct6-pays-de-martigues" in {one.code for one in frozen.experiments}
    for one in frozen.indicators_of("ct6-pays-de-martigues"):
        assert one.definition and one.label
