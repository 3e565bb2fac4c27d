"""What was let in with a warning is found again until it is mended, under words that people read."""

from __future__ import annotations

import ast
from pathlib import Path

import polars as pl
import pytest

from core.alerts.attention import RULE_BROKEN, TITLES, points_to_treat
from core.catalogue import DATASETS, lead
from core.checking import cross_checks, reference_table_checks
from core.checking import cross_checks as annex
from core.contract import Registry, schema_setup
from core.domain.dataset import Hand, Severity
from core.errors import PluginProblem
from core.storage import Store
from tests.core.desk import AT, MACHINE, WHO, Desk
from tests.core.fake_plugins import plugins_folder

GENERIC = ("_manquant", "_forme", "_hors_liste", "_longue", "_hors_metropole", "_sans_type")


def warned() -> set[str]:
    return {
        rule.code for dataset in (*DATASETS.values(), *lead.DATASETS) for rule in dataset.rules_of(Severity.WARNING)
    }


def found_over_associations() -> set[str]:
    """The codes written in the modules that look over all associations, and at the annex."""
    trees = [
        ast.parse(Path(module.__file__).read_text(encoding="utf-8"))
        for module in (cross_checks, annex, reference_table_checks)
    ]
    calls = [
        node
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("inding")
    ]
    return {call.args[0].value for call in calls if call.args and isinstance(call.args[0], ast.Constant)}


def test_every_particular_warning_has_its_title() -> None:
    particular = {code for code in warned() if not code.endswith(GENERIC)} | found_over_associations()
    assert particular | {RULE_BROKEN} == set(TITLES)


def test_the_committee_sees_the_rules_of_the_vote_and_each_body_the_others() -> None:
    """Each rule says itself whom it is shown to; whoever typed the rows mends what breaks neither law nor vote."""
    hands: dict[str, set[Hand]] = {}
    for datasets, typist in ((DATASETS.values(), Hand.ASSOCIATION), (lead.DATASETS, Hand.LEAD)):
        for rule in (one for dataset in datasets for one in dataset.rules_of(Severity.WARNING)):
            hands.setdefault(rule.code, set()).add(rule.hand)
            assert rule.hand in (typist, Hand.COMMITTEE), rule.code
    assert {code for code, found in hands.items() if found == {Hand.COMMITTEE}} == {
        "depense_superieure_au_vote",
        "famille_hors_qpv",
        "famille_qpv_non_renseigne",
        "prix_non_nul",
        "remise_sans_preuve_effacement",
        "valeur_superieure_a_300",
    }


def test_a_point_says_to_whom_it_is_shown(desk: Desk) -> None:
    desk.save("anonymal", "materiel", MACHINE | {"valeur_unitaire": 340_00})
    desk.save("arsenic", "acteurs", {"id": "x", "commune": "Aubagne"})
    hands = {point.code: point.hand for point in points_to_treat(desk.registry, desk.store)}
    assert hands["valeur_superieure_a_300"] is Hand.COMMITTEE
    assert hands["adresse_manquant"] is Hand.ASSOCIATION


def test_a_point_lasts_until_its_row_is_mended(desk: Desk) -> None:
    desk.save("anonymal", "materiel", MACHINE | {"valeur_unitaire": 340_00})
    (point,) = points_to_treat(desk.registry, desk.store)
    assert (point.code, point.title, point.subjects) == (
        "valeur_superieure_a_300",
        "Machines d’une valeur de plus de 300 €",
        ("A-1",),
    )
    desk.save("anonymal", "materiel", MACHINE | {"valeur_unitaire": 290_00})
    assert points_to_treat(desk.registry, desk.store) == ()
    assert len(points_to_treat(desk.registry, desk.store, revision=1)) == 1


@pytest.mark.parametrize("code", ["adresse_manquant"])
def test_a_general_warning_is_titled_by_its_column_and_what_it_lacks(desk: Desk, code: str) -> None:
    desk.save("arsenic", "acteurs", {"id": "x", "commune": "Aubagne"})
    titles = {point.code: point.title for point in points_to_treat(desk.registry, desk.store)}
    assert titles[code] == "Adresse à compléter"


BROKEN_RULE = """
import polars as pl
from core import Dataset, Rule, Schema, Severity, lieu, texte
class Fiches(Schema):
    code: str = texte("Code")
    lieu: str = lieu("Lieu")
def oops(column):
    if len(column):
        raise ZeroDivisionError
    return column.is_null()
RULE = Rule("r", Severity.WARNING, ("code",), pl.col("code").map_batches(oops, return_dtype=pl.Boolean), "e", "f")
@hookimpl
def register_datasets():
    return [Dataset("fiches", "Fiches", Fiches, key=("code",), rules=(RULE,))]
"""


def test_a_rule_that_breaks_costs_no_other_point(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sqlite_database_url: str
) -> None:
    for plugins in plugins_folder(tmp_path, monkeypatch):
        registry = Registry.load([plugins.write(BROKEN_RULE)], strict=True)
        with Store.open(sqlite_database_url) as store:
            schema_setup.prepare(registry, store, at=AT)
            row = {"code": "A", "lieu": "13063", "_key": "A", "_place": "13063", "_experiment": "essai-miramas"}
            with store.writing(WHO, AT) as writing:
                writing.save("entraide", "fiches", pl.DataFrame([row]))
            with pytest.raises(PluginProblem, match="n’est pas en cause"):
                Desk(registry, store).submit("code;lieu\nB;13063\n", "entraide", "fiches")
            (point,) = points_to_treat(registry, store)
    assert (point.code, point.dataset, point.association) == ("regle_en_panne", "fiches", "entraide")
    assert point.subjects == ("r",)
