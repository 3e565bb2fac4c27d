"""Everything that a plugin can do wrong: named, with its stage, its reason and the remedy."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.contract import Failure, FailureStage, Registry
from core.contract.product import installed_version
from core.domain.french import typeset
from core.errors import PluginProblem
from core.testing import blank_report
from tests.core.fake_plugins import MANIFEST, MIRAMAS, Plugins, plugins_folder

DATASET = """
from core import Dataset, Schema, texte, jour, lieu, Reference
class Fiches(Schema):
    code: str = texte("Code")
    lieu: str = lieu("Lieu")
def fiches(**changes):
    return Dataset(**{"code": "fiches", "title": "Fiches", "schema": Fiches, "key": ("code",), **changes})
@hookimpl
def register_datasets():
    return ANSWER
"""
INDICATOR = """
from core import Count, Computed, DATASETS, Indicator, col
@hookimpl
def register_datasets():
    return [DATASETS["materiel"]]
def figure(**changes):
    given = {"code": "X1", "label": "Machines", "definition": "Toutes.", "numerator": Count(source="materiel")}
    return Indicator(**{**given, **changes})
@hookimpl
def register_indicators(experiment):
    return ANSWER
"""
ELSEWHERE = MIRAMAS.replace("essai-", "autre-").replace("13063", "13047")
"""A second experiment of the same association, in another commune."""
REPLACE = "from dataclasses import replace\n"
E = "@hookimpl\ndef register_experiments():\n    "


def dataset(answer: str) -> str:
    """A plugin source whose datasets are ``answer``."""
    return DATASET.replace("ANSWER", answer)


def indicator(answer: str) -> str:
    """A plugin source whose indicators are ``answer``."""
    return INDICATOR.replace("ANSWER", answer)


def measure(numerator: str) -> str:
    """A plugin source with one indicator, counted by ``numerator``."""
    return indicator(f"[figure(numerator={numerator})]")


def derived(select: str, date: str = "None") -> str:
    """A plugin source with one indicator, counted over ``select`` of a derived dataset."""
    made = f"Derived('d', 'D', ('materiel',), lambda tables: {select})"
    return "import sqlalchemy as sa\nfrom core import Derived\n" + measure(f"Count(source={made}, date={date})")


CASES = [
    # stage, source, what the reason says, what the remedy says
    ("load", "import paquet_absent", "paquet_absent", "Installez « paquet_absent »"),
    ("load", "1 / 0", "ZeroDivisionError", "auteur"),
    ("load", "def (", "SyntaxError", "auteur"),
    ("load", "raise SystemExit(3)", "SystemExit", "auteur"),
    ("register", "@hookimpl\ndef register_dataset():\n    return []", "register_dataset", "register_datasets"),
    ("register", "@hookimpl\ndef build_raport(report):\n    return []", "build_raport", "build_report"),
    ("register", "@hookimpl\ndef abracadabra():\n    return []", "abracadabra", "register_experiments"),
    ("register", "def register_datasets():\n    return []", "ne porte pas @hookimpl", "Ajoutez @hookimpl"),
    ("register", "def build_repport(report):\n    return []", "build_repport", "renommez-la « build_report »"),
    ("register", "@hookimpl\ndef build_report(rapport):\n    return []", "« rapport »", "build_report(report)"),
    ("register", "@hookimpl\ndef register_datasets(a):\n    return []", "« a »", "sans argument"),
    ("contribute", E + "return []", "aucune expérimentation", "register_experiments"),
    ("contribute", E + "return None", "aucune expérimentation", "au moins une"),
    ("contribute", E + "return here()", "TypeError", "auteur"),
    ("contribute", E + "return ['essai']", "rend str", "Experiment"),
    ("contribute", E + "yield here()\n    raise KeyError('oups')", "KeyError", "auteur"),
    ("contribute", E + "while True: yield here()", "plus de 10000", "termine"),
    ("contribute", E + "return [here(), here()]", "deux fois", "une seule fois"),
    ("contribute", E + "return [here('Été')]", "« Été »", "minuscules"),
    ("contribute", E + "return [here(places=())]", "aucun lieu", "Place"),
    ("contribute", E + "return [here(places=(Place('13063', 'M', (4,)),))]", "[4]", "1 (Équiper)"),
    ("contribute", E + "return [here(), here('b', 'autre')]", "autre et entraide", "un plugin par association"),
    ("contribute", E + "return [here(association='metropole')]", "metropole", "nommez l’association"),
    ("contribute", E + "return [here(association='ifac')]", "« IFAC »", "même nom"),
    ("contribute", dataset("[fiches(), fiches()]"), "deux fois", "une seule fois"),
    ("contribute", dataset("['fiches']"), "rend str", "Dataset"),
    ("contribute", dataset("[fiches(code='Fiches !')]"), "« Fiches ! »", "minuscules"),
    ("contribute", dataset("[fiches(key=())]"), "pas de clé", "key="),
    ("contribute", dataset("[fiches(key=('codes',))]"), "« codes »", "code, lieu"),
    ("contribute", dataset("[fiches(date='jour')]"), "« jour »", "code, lieu"),
    ("contribute", dataset("[fiches(place='ville')]"), "« ville »", "code, lieu"),
    ("contribute", dataset('[fiches(references=(Reference("code", "imeubles"),))]'), "« imeubles »", "Enregistrez"),
    ("contribute", dataset("[fiches()]").replace(' = texte("Code")', ""), "fiches.code", "texte(…)"),
    (
        "contribute",
        dataset("[fiches()]").replace("    lieu: str", "    _key: str = texte('Clé')\n    lieu: str"),
        "« _key »",
        "lettre",
    ),
    (
        "contribute",
        dataset("[fiches()]").replace("    lieu: str", "    x__2: str = texte('X')\n    lieu: str"),
        "« x__2 »",
        "« __ »",
    ),
    ("contribute", indicator("[figure(), figure()]"), "deux fois", "une seule fois"),
    ("contribute", indicator("['EQ5a']"), "rend str", "Indicator"),
    ("contribute", measure("3"), "int", "Count"),
    (
        "contribute",
        measure("Count(source='materiel', where=DATASETS['materiel'].schema.statut == 'remis')"),
        "vaut toujours False",
        'col("statut") == "remis"',
    ),
    ("contribute", measure("Count(source='materiel', where='remis')"), "str", "col("),
    ("contribute", measure("Count(source='materiels')"), "« materiels »", "« materiel »"),
    (
        "contribute",
        measure("Count(source='materiel', where=col('statu') == 'remis')"),
        "« statu »",
        "« statut »",
    ),
    ("contribute", measure("Count(source='materiel', date='date_remis')"), "« date_remis »", "« date_remise »"),
    ("contribute", measure("Computed(codes=('ZZ9',), function=max)"), "« ZZ9 »", "Choisissez"),
    ("load", "class Fin(BaseException): pass\nraise Fin('fin')", "Fin", "auteur"),
    ("load", "class Muet(Exception):\n    def __str__(self): raise ValueError\nraise Muet", "Muet", "auteur"),
    ("load", "from core.errors import PluginProblem\nraise PluginProblem('non', stage='ailleurs')", "non", ""),
    ("contribute", E + "raise GeneratorExit", "GeneratorExit", "auteur"),
    ("contribute", E + "def f(): return f()\n    return f()", "RecursionError", "auteur"),
    ("contribute", REPLACE + E + "return [replace(here(), rank=None)]", "rank", "nombre entier"),
    ("contribute", REPLACE + E + "return [replace(here(), title='')]", "title", "texte"),
    ("contribute", dataset("[fiches(code='versements')]"), "« versements »", "autre code"),
    ("contribute", dataset("[fiches(code='lignes')]"), "« lignes »", "autre code"),
    ("contribute", dataset("[fiches(code='materiel')]"), "« numero_inventaire »", "hérit"),
    ("contribute", dataset("[fiches(axis=4)]"), "axe 4", "1 (Équiper)"),
    ("contribute", dataset("[fiches(version='1')]"), "version", "nombre entier"),
    ("contribute", dataset("[fiches(cadence='semaine')]"), "« semaine »", "trimestre"),
    ("contribute", dataset("[fiches(rules=('toujours',))]"), "str", "Rule"),
    (
        "contribute",
        "from core import Rule, Severity\nimport polars as pl\n"
        + dataset("[fiches(rules=(Rule('r', Severity.WARNING, ('code',), pl.col('cote') > 1, 'e', 'f'),))]"),
        "« r »",
        "colonnes",
    ),
    ("contribute", indicator("[figure(code='')]"), "code", "lettres"),
    ("contribute", indicator("[figure(label=None)]"), "label", "texte"),
    ("contribute", indicator("[figure(axes=(7,))]"), "[7]", "1 (Équiper)"),
    ("contribute", indicator("[figure(axes=1)]"), "axes", "1 (Équiper)"),
    ("contribute", indicator("[figure(headline='grand')]"), "« grand »", "numerator"),
    (
        "contribute",
        indicator("[figure(denominator=Computed(codes=(), function=max))]"),
        "dénominateur",
        "numérateur",
    ),
    (
        "contribute",
        "from core import Constant\n" + indicator("[figure(denominator=Constant(value='92', citation='x'))]"),
        "« 92 »",
        "nombre",
    ),
    (
        "contribute",
        measure("Count(source='materiel', known_if=Count(source='materiel', where=col('lots').is_not(None)))"),
        "« lots »",
        "« lot »",
    ),
    ("contribute", derived("None"), "NoneType", "sa.select"),
    ("contribute", derived("tables['materiels']"), "materiels", "auteur"),
    ("contribute", derived("sa.select(tables['materiel'].c.lieu)"), "« _key »", "_experiment"),
    ("contribute", derived("sa.select(*tables['materiel'].c)", date="'jour'"), "« jour »", "Choisissez"),
    ("contribute", measure("Count(source='lignes', where=col('montants') > 0)"), "« montants »", "« montant »"),
]


@pytest.fixture
def plugins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Plugins]:
    logging.disable(logging.CRITICAL)
    yield from plugins_folder(tmp_path, monkeypatch)
    logging.disable(logging.NOTSET)


def only_failure(registry: Registry) -> Failure:
    (failure,) = registry.failures
    return failure


@pytest.mark.parametrize(("stage", "source", "reason", "remedy"), CASES)
def test_each_failure_is_named_with_its_remedy(
    plugins: Plugins, stage: str, source: str, reason: str, remedy: str
) -> None:
    sound = plugins.write(name="sain")
    broken = plugins.write(
        source.replace("here()", "here('casse')"), name="casse", base=MIRAMAS.replace('"essai-miramas"', '"casse"')
    )
    registry = Registry.load([broken, sound])
    failure = only_failure(registry)
    assert (failure.plugin, failure.distribution, failure.version) == ("casse", "dist-casse", "1.2")
    assert failure.stage == stage
    assert typeset(reason) in failure.reason, failure.reason
    assert typeset(remedy) in failure.remedy, failure.remedy
    assert [one.code for one in registry.experiments] == ["essai-miramas"]


@pytest.mark.parametrize(("stage", "source", "reason", "remedy"), CASES[:1] + CASES[4:5] + CASES[11:12])
def test_strict_mode_raises_instead(plugins: Plugins, stage: str, source: str, reason: str, remedy: str) -> None:
    with pytest.raises(PluginProblem) as raised:
        Registry.load([plugins.write(source)], strict=True)
    assert raised.value.stage == stage


@pytest.mark.parametrize(
    ("manifest", "reason"),
    [
        (None, "fabrique.toml"),
        ("title = ", "illisible"),
        ('contract = "1"', "titre"),
        ('title = "Essai"', "contrat"),
        ('title = "Essai"\ncontract = "un"', "'un'"),
        ('title = "Essai"\ncontract = "3-4"', "3 à 4"),  # 2 is understood now
        (MANIFEST + '[schemas]\nmateriel = "un"', "numéro de version"),
    ],
)
def test_a_wrong_manifest_stops_before_the_import(plugins: Plugins, manifest: str | None, reason: str) -> None:
    registry = Registry.load([plugins.write(name="essai_jamais_importe", manifest=manifest)])
    failure = only_failure(registry)
    assert failure.stage == "load" and reason in failure.reason and failure.remedy
    assert "essai_jamais_importe" not in sys.modules


def test_a_manifest_written_for_another_schema_is_refused(plugins: Plugins) -> None:
    source = "from core import DATASETS\n@hookimpl\ndef register_datasets():\n    return [DATASETS['materiel']]"
    failure = only_failure(Registry.load([plugins.write(source, manifest=MANIFEST + "[schemas]\nmateriel = 7")]))
    assert "version 7" in failure.reason and "materiel = 1" in failure.remedy


def test_an_entry_point_without_module_is_told(plugins: Plugins) -> None:
    entry = plugins.write(name="parti")
    (plugins.folder / "parti" / "__init__.py").unlink()
    (plugins.folder / "parti" / "fabrique.toml").unlink()
    (plugins.folder / "parti").rmdir()
    assert "introuvable" in only_failure(Registry.load([entry])).reason


def test_unreadable_metadata_hide_no_other_plugin(plugins: Plugins) -> None:
    plugins.write(name="sain")
    plugins.write(name="illisible")
    (listed,) = plugins.folder.glob("dist_illisible*/entry_points.txt")
    listed.write_text("[fabrique.experiments]\nune ligne sans signe égal\n", encoding="utf-8")
    registry = Registry.load()
    assert {one.plugin for one in registry.failures} == {"dist-illisible"}
    assert only_failure(registry).stage == "load"
    assert "essai-miramas" in {one.code for one in registry.experiments}


def test_a_duplicate_experiment_names_its_owner(plugins: Plugins) -> None:
    registry = Registry.load([plugins.write(name="un"), plugins.write(name="zwei")])
    failure = only_failure(registry)
    assert failure.plugin == "zwei" and typeset("« un »") in failure.reason
    assert len(registry.experiments) == 1


def test_two_plugins_of_one_name_are_told_apart(plugins: Plugins, tmp_path: Path) -> None:
    first = plugins.write()
    (tmp_path / "autre").mkdir()
    second = Plugins(tmp_path / "autre").write(distribution="autre-essai")
    registry = Registry.load([first, second])
    assert only_failure(registry).stage == "register"
    assert len(registry.experiments) == 1


def test_one_code_keeps_one_meaning(plugins: Plugins) -> None:
    source = indicator("[figure(label=LABEL)]")
    first = plugins.write("LABEL = 'Machines'\n" + source, name="un")
    second = plugins.write("LABEL = 'Réunions'\n" + source, name="zwei", base=ELSEWHERE)
    failure = only_failure(Registry.load([first, second]))
    assert failure.plugin == "zwei" and typeset("« Machines »") in failure.reason


def test_one_meaning_may_be_declared_twice(plugins: Plugins) -> None:
    answer = "[figure(numerator=Count(source='materiel', where=(col('statut') == 'remis') & col('lot').is_(None)))]"
    source = INDICATOR.replace("ANSWER", answer)
    first = plugins.write(source, name="un")
    second = plugins.write(source, name="zwei", base=ELSEWHERE)
    assert Registry.load([first, second]).failures == ()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("version=2", "version 1 et version 2"),
        ("key=('code', 'lieu')", "clé code"),
        ("axis=2", "axis"),
    ],
)
def test_a_dataset_clash_is_told_to_both(plugins: Plugins, change: str, said: str) -> None:
    first = plugins.write(dataset("[fiches()]"), name="un")
    second = plugins.write(DATASET.replace("ANSWER", f"[fiches({change})]"), name="zwei", base=ELSEWHERE)
    registry = Registry.load([first, second])
    told = {one.plugin: one for one in registry.failures}
    assert set(told) == {"un", "zwei"}
    assert said in told["zwei"].reason and typeset("« un »") in told["zwei"].reason
    assert typeset("« zwei »") in told["un"].reason and "reste en place" in told["un"].reason
    assert [one.code for one in registry.experiments] == ["essai-miramas"]


PAGES = [
    ("raise ValueError('page')", "ValueError", "auteur"),
    ("return [1]", "int", "Heading"),
    ("return 'texte'", "str", "Heading"),
    ("yield Prose('un')\n    1 / 0", "ZeroDivisionError", "auteur"),
    ("return [KeyFigures(('EQ99',))]", "« EQ99 »", ""),
    ("return [Chart('bars', ('a',), (Series('s', (1.0, 2.0)),), 'Conclusion', 'Texte')]", "2 valeurs pour 1", "None"),
    ("return [Chart('camembert', (), (), 'Conclusion', 'Texte')]", "camembert", "bars"),
    ("return [Chart('bars', (), (), '', 'Texte')]", "conclusion", "alternative"),
    ("return [Table('Titre', ('a', 'b'), (('1',),))]", "1 cellules pour 2", "vide"),
    ("return [Callout('Texte', 'alerte')]", "alerte", "info"),
]


@pytest.mark.parametrize(("body", "reason", "remedy"), PAGES)
def test_a_page_that_breaks_is_kept_as_data(plugins: Plugins, body: str, reason: str, remedy: str) -> None:
    names = "Callout, Chart, KeyFigures, Prose, Series, Table"
    source = f"from core import {names}\n@hookimpl\ndef build_report(report):\n    {body}\n"
    registry = Registry.load([plugins.write(source)], strict=True)
    (experiment,) = registry.experiments
    with pytest.raises(PluginProblem) as raised:
        registry.build_report(experiment.code, blank_report(experiment))
    failure = only_failure(registry)
    assert raised.value.stage == failure.stage == FailureStage.RUN
    assert failure.experiment == experiment.code
    assert typeset(reason) in failure.reason and typeset(remedy) in failure.remedy


def test_a_page_drawn_again_forgets_its_failure(plugins: Plugins) -> None:
    source = """
    calls = []
    @hookimpl
    def build_report(report):
        calls.append(1)
        if len(calls) == 1:
            raise ValueError("la première fois")
        return []
    """
    registry = Registry.load([plugins.write(source)])
    (experiment,) = registry.experiments
    with pytest.raises(PluginProblem):
        registry.build_report(experiment.code, blank_report(experiment))
    assert registry.build_report(experiment.code, blank_report(experiment)) == ()
    assert registry.failures == ()


def test_a_withdrawn_plugin_leaves_what_others_share(plugins: Plugins) -> None:
    source = dataset("[fiches()]")
    first = plugins.write(source, name="un")
    second = plugins.write(source, name="zwei", base=ELSEWHERE)
    third = plugins.write(name="trois", base=MIRAMAS.replace("essai-", "tiers-").replace("entraide", "voisins"))
    # The schemas are two classes with the same columns: one dataset for the association.
    registry = Registry.load([first, second, third], strict=True)
    registry._strict = False
    registry.withdraw("un", PluginProblem("La table ne suit pas.", stage="contribute", remedy="Reculez."))
    assert [one.code for one in registry.experiments] == ["autre-miramas", "tiers-miramas"]
    assert [one.code for one in registry.datasets("entraide")] == ["fiches"]
    registry.withdraw("zwei", PluginProblem("La table ne suit pas.", stage="contribute", remedy="Reculez."))
    assert [one.code for one in registry.associations] == ["voisins"]
    assert {one.plugin for one in registry.failures} == {"un", "zwei"}


def test_a_withdrawn_plugin_takes_its_figures_away(plugins: Plugins) -> None:
    first = plugins.write(indicator("[figure()]"), name="un")
    registry = Registry.load([first], strict=True)
    registry._strict = False
    assert "X1" in registry.catalogue
    registry.withdraw("un", PluginProblem("La table ne suit pas.", stage="contribute", remedy="Reculez."))
    assert "X1" not in registry.catalogue
    assert "EQ5a" in registry.catalogue


def test_two_experiments_of_one_association_share_no_place(plugins: Plugins) -> None:
    first = plugins.write(name="un")
    second = plugins.write(name="zwei", base=MIRAMAS.replace("essai-", "autre-"))
    elsewhere = plugins.write(name="trois", base=MIRAMAS.replace("essai-", "tiers-").replace("entraide", "voisins"))
    registry = Registry.load([first, second, elsewhere])
    failure = only_failure(registry)
    assert failure.plugin == "zwei"
    assert "13063" in failure.reason and "essai-miramas" in failure.reason
    assert [one.code for one in registry.experiments] == ["essai-miramas", "tiers-miramas"]


def test_a_plugin_of_another_version_of_the_product_is_refused_before_it_is_imported(plugins: Plugins) -> None:
    manifest = 'title = "Essai de demain"\ncontract = "2"\nproduct = "98.1-99.4"\n'
    registry = Registry.load([plugins.write("raise RuntimeError('imported')", manifest=manifest)])
    failure = only_failure(registry)
    assert failure.stage is FailureStage.LOAD
    assert "98.1 à 99.4" in failure.reason and f"version {installed_version()}" in failure.reason.replace("\u00a0", " ")
    assert registry.plugins[0].title == "Essai de demain", "it is named by its title, not by its module"
