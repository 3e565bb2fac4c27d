"""The check finds what was planted: each rule is seen broken once, and says where, why and what to do."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from core.contract import Registry
from core.testing import (
    RULES,
    PluginFinding,
    PluginLevel,
    PluginVerdict,
    check,
    checking,
    crowded_report,
    pages,
    people,
    scratch,
)
from core.testing.findings import level_without
from core.testing.subject import Subject
from tests.core.fake_plugins import MIRAMAS, Plugins, plugins_folder

Run = Callable[..., tuple[int, str, str]]
SHODDY = """
import socket
import polars as pl
import sqlalchemy as sa
from core import *

print("Bonjour")
try:
    socket.create_connection(("127.0.0.1", 9), timeout=0.2)
except OSError:
    pass

class Passages(Schema):
    code: pl.String = texte("Code", pattern=r"P[0-9]{3}", help="Le code.")
    lieu: pl.String = lieu("Lieu", help="Où.")
    date: pl.Date = jour("Date", help="Quand.")
    prenom: pl.String = texte("Prénom de l'usager", optional=True)
    note: pl.Int64 = entier("Note", optional=True, help="De 0 à 9.", at_most=9, example="12")
    autonomes: pl.Int64 = entier("Autonomes", optional=True, help="Combien.")
    inscrits: pl.Int64 = entier("Inscrits", help="Combien.")

@hookimpl
def register_datasets():
    return [Dataset("passages", "Passages", Passages, ("code",), date="date", version=2)]

def figure(code, numerator, denominator=None, **more):
    told = {"label": f"Chiffre {code}", "definition": "Un chiffre de l'essai."}
    return Indicator(code=code, numerator=numerator, denominator=denominator, **told, **more)

@hookimpl
def register_indicators(experiment):
    given = Sum(source="passages", expression=col("autonomes"), date="date")
    broken = Sum(source="passages", expression=sa.func.nowhere(col("inscrits")), date="date")
    return [
        figure("XP1", given, Sum(source="passages", expression=col("inscrits"), date="date"), unit="%"),
        figure("XP2", broken, unit="passage"),
        figure("XP3", Count(source="passages", where=col("note").is_not(None)), Count(source="passages"), unit="%"),
    ]

@hookimpl
def build_report(report):
    yield Heading("L'essai")
    yield Chart("bars", ("Miramas",), (Series("Passages", (1.0,)),), "Tout va bien", "Un dessin")
    if report.rows("passages"):
        import subprocess, sys
        subprocess.run([sys.executable, "-c", ""])
        raise ValueError("la page ne se dessine plus")
"""


@pytest.fixture
def plugins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Plugins]:
    yield from plugins_folder(tmp_path, monkeypatch)


def broken(verdict: PluginVerdict) -> dict[str, list[str]]:
    """The findings by rule, in words."""
    found: dict[str, list[str]] = {}
    for one in verdict.findings:
        found.setdefault(one.rule, []).append(one.told)
    return found


def test_a_shoddy_plugin_is_told_each_of_its_mistakes(plugins: Plugins, tmp_path: Path) -> None:
    plugins.write(SHODDY, manifest='title = "Essai"\ncontract = "2"\n')
    (tmp_path / "project").mkdir()
    told = broken(check(Registry.load(), "essai", sources=tmp_path / "project"))
    assert set(told) == {
        *("import", "persons", "example", "figures", "blanks"),
        *("versions", "tests", "french", "titles", "accessible", "opening", "readme"),
    }
    assert any("Bonjour" in one for one in told["import"]) and any("connexion" in one for one in told["import"])
    assert any("autre programme" in one for one in told["import"]), "seen on a page that has rows"
    assert any("Prénom" in one or "prenom" in one for one in told["persons"])
    assert any("Code" in one for one in told["example"]) and any("note" in one for one in told["example"])
    assert any("XP2" in one for one in told["figures"])
    assert not any("XP3" in one for one in told["blanks"]), "a blank may mean « not yet »"
    assert any("dénominateur" in one for one in told["blanks"]) and any("known_if" in one for one in told["blanks"])
    assert any("version 2" in one for one in told["versions"]) and any("manifeste" in one for one in told["versions"])
    assert any("1 passage" in one for one in told["french"]) and any("apostrophe" in one for one in told["french"])
    assert all(one.rstrip().endswith((".", ")", "told(…).", "]")) for each in told.values() for one in each)


# --- What only rows show -------------------------------------------------------------------------------------


SOUND = """
import polars as pl
import sqlalchemy as sa
from core import *

class Passages(Schema):
    code: pl.String = texte("Code", help="Le code.", pattern="P[0-9]{{3}}", example="P001")
    lieu: pl.String = lieu("Lieu", help="Où.")
    date: pl.Date = jour("Date", help="Quand.")
    {column}

RULES = ({rules})

@hookimpl
def register_datasets():
    return [Dataset("passages", "Passages", Passages, ("code",), date="date", rules=RULES)]

@hookimpl
def register_indicators(experiment):
    return [Indicator(code="XP1", label="Passages", definition="Les passages.",
        numerator=Count(source="passages", date="date"), unit="passages")]

@hookimpl
def build_report(report):
    yield Callout("Déposez « Passages ».")
    rows = report.rows("passages")
    {page}
"""
EARLY = 'pl.col("date") < pl.date(2022, 1, 1)'
PLAIN = {"column": "", "rules": "", "page": ""}


def trial_of(plugins: Plugins, **more: str) -> Iterator[PluginFinding]:
    """The findings on a store for the sound plugin with one thing changed."""
    entry = plugins.write(SOUND.format(**{**PLAIN, **more}), manifest='title = "Essai"\ncontract = "2"\n')
    registry = Registry.load([entry], strict=True)
    return checking.tried(Subject(registry, registry.plugins[0], "essai"), None)


def test_a_sound_plugin_has_nothing_to_mend_on_a_store(plugins: Plugins) -> None:
    assert [one.told for one in trial_of(plugins)] == []


@pytest.mark.parametrize(
    ("more", "rule", "words"),
    [
        ({"column": 'autre: pl.String = texte("Code", optional=True, help="Deux fois.")'}, "files", "Passages"),
        (
            {"rules": f'Rule("tard", Severity.ERROR, ("date",), {EARLY}, "En 2022.", "Oui."),'},
            "example",
            "En 2022",
        ),
        ({"page": 'rows and rows[0]["nowhere"]'}, "page", "nowhere"),
        (
            {"page": "[sum(range(20_000)) for _ in rows if len(rows) > 999]"},
            "time",
            "calcul",
        ),
    ],
)
def test_what_only_rows_show_is_told(
    plugins: Plugins, monkeypatch: pytest.MonkeyPatch, more: dict[str, str], rule: str, words: str
) -> None:
    monkeypatch.setattr(pages, "BUDGET", 0.05)
    found = broken_of(trial_of(plugins, **more))
    assert set(found) == {rule} and words in found[rule][0]


def broken_of(findings: Iterator[PluginFinding]) -> dict[str, list[str]]:
    return broken(PluginVerdict("essai", "1", tuple(findings)))


def test_a_wrong_cell_that_goes_in_is_told(plugins: Plugins, monkeypatch: pytest.MonkeyPatch) -> None:
    """No kind lets a wrong cell in; were one to, it would be seen."""
    monkeypatch.setattr(scratch, "wrong_cells", lambda dataset: [(dataset.by_name["lieu"], "Miramas")])
    assert set(broken_of(trial_of(plugins))) == {"refusals"}


def test_parts_that_do_not_make_the_total_are_told(plugins: Plugins, monkeypatch: pytest.MonkeyPatch) -> None:
    """No declared figure does so; were the core to compute one wrongly, it would be seen."""
    seen = scratch.Monitor.observe

    def doubled(self: Any, *asked: Any, by: str | None = None, **more: Any) -> Any:
        found = seen(self, *asked, by=by, **more)
        return tuple(replace(one, value=one.value * 2) if by and one.value else one for one in found)

    monkeypatch.setattr(scratch.Monitor, "observe", doubled)
    assert set(broken_of(trial_of(plugins))) == {"invariants"}


def test_figures_are_the_same_on_postgresql(plugins: Plugins, postgresql_database_url: str) -> None:
    entry = plugins.write(SOUND.format(**PLAIN), manifest='title = "Essai"\ncontract = "2"\n')
    registry = Registry.load([entry], strict=True)
    assert list(checking.tried(Subject(registry, registry.plugins[0], "essai"), postgresql_database_url)) == []
    here, there = {("XP1", "essai-miramas"): 3.0}, {("XP1", "essai-miramas"): 4.0}
    (found,) = scratch.differing(here, there)
    assert found.rule == "figures" and "PostgreSQL" in found.why


FEW = """
import polars as pl
from core import *

class Ateliers(Schema):
    code: pl.String = texte("Code", help="Le code.")
    lieu: pl.String = lieu("Lieu", help="Où.")
    familles: pl.Int64 = entier("Familles", help="Combien.")

@hookimpl
def register_datasets():
    return [Dataset("ateliers", "Ateliers", Ateliers, ("code",))]

@hookimpl
def register_indicators(experiment):
    return [Indicator(code="XP1", label="Familles", definition="Les familles.", unit="familles",
        numerator=Sum(source="ateliers", expression=col("familles"), people=True))]

@hookimpl
def build_report(report):
    number = report.figure("XP1").observation.numerator
    {page}
"""
LEAKS = {
    "in figures of its own": 'yield Prose(f"{number:.0f} familles")',
    "in letters": 'yield Prose(["aucune", "une", "deux", "trois"][int(min(number, 3))])',
    "as a bar": 'yield Chart("bars", ("Miramas",), (Series("Familles", (number,)),), "Des familles", "Un dessin")',
    "as so many rows": 'yield Table("Les familles", ("Rang",), tuple((str(at),) for at in range(int(min(number, 9)))))',
    "as a word that depends": 'yield Callout("Il en vient beaucoup." if number > 2 else "Il en vient peu.")',
    "from the rows": 'yield Prose(str(sum(row["familles"] for row in report.rows("ateliers"))))',
}


@pytest.mark.parametrize(
    "page", [*LEAKS.values(), 'yield Prose(phrase(Figure("XP1", "famille")))'], ids=[*LEAKS, "hidden"]
)
def test_whatever_moves_with_a_few_people_is_told(page: str, plugins: Plugins) -> None:
    entry = plugins.write(FEW.format(page=page), manifest='title = "Essai"\ncontract = "2"\n')
    registry = Registry.load([entry], strict=True)
    rows = [{"code": "A", "lieu": "13063", "familles": 12}, {"code": "B", "lieu": "13063", "familles": 30}]
    seen = replace(crowded_report(registry, registry.experiments[0]), rows=lambda _source: rows)
    found = list(people.try_small_counts(registry, "essai-miramas", seen))
    assert [one.rule for one in found] == (["persons"] if page in LEAKS.values() else [])
    assert all("« XP1 » compte 2 ou 3 personnes" in one.why for one in found)


# --- Levels, and the command -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rules", "level"),
    [
        ((), PluginLevel.GOLD),
        (("readme",), PluginLevel.SILVER),
        (("readme", "tests"), PluginLevel.BRONZE),
        (("figures",), None),
    ],
)
def test_a_level_takes_the_one_before_for_granted(rules: tuple[str, ...], level: PluginLevel | None) -> None:
    assert level_without(rules) is level


def test_the_command_tells_the_rules_and_fails(run: Run, plugins: Plugins) -> None:
    plugins.write(base=MIRAMAS.replace("@hookimpl\n", ""))
    status, out, _ = run("plugin", "check", "essai", "--json")
    answer = json.loads(out)
    assert status == 1 and answer["level"] is None
    assert {one["rule"] for one in answer["findings"]} == {"install"}
    assert all(one["where"] and one["why"] and one["remedy"] for one in answer["findings"])
    status, out, _ = run("plugin", "check", "essai")
    assert status == 1 and "docs/plugins/rules.md#install" in out and "aucun niveau" in out


def test_an_unknown_plugin_is_told(run: Run) -> None:
    status, _, said = run("plugin", "check", "ct9_nulle_part")
    assert status == 1 and "n’est pas installé" in said


def test_rules_are_named_once() -> None:
    assert len({rule.code for rule in RULES}) == len(RULES)
