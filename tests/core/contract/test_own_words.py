"""What an author wrote is what people read: titles in definitions, names of places, the first sentence, close hooks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from core import so_far
from core.cli import figures
from core.contract import Registry
from core.domain.french import typeset, unit_of
from core.domain.observation import Observation
from core.figures import Monitor
from core.figures.definitions import counted_rows, related
from core.figures.sentences import experiment_sentence
from core.storage import Store
from core.testing.scratch import TODAY, Trial, scratch_store, try_examples
from core.testing.subject import Subject
from tests.core.fake_plugins import Plugins, plugins_folder

OWN = """
import polars as pl
import sqlalchemy as sa
from core import *

class Passages(Schema):
    code: pl.String = texte("Code", example="P1", help="Le code.")
    lieu: pl.String = lieu("Lieu", help="Où.")
    demandee_le: pl.Date = jour("Demandée le", help="Quand.")

def latest(tables):
    rows = tables["passages"]
    kept = [rows.c[name] for name in ("_key", "_association", "_experiment", "_place")]
    return sa.select(*kept, rows.c.demandee_le.label("derniere"))

LATEST = Derived("derniers", "Dernières demandes", ("passages",), latest, titles={"derniere": "Dernière demande"})

@hookimpl
def register_datasets():
    return [Dataset("passages", "Passages de l’année", Passages, ("code",), date="demandee_le")]

@hookimpl
def register_indicators(experiment):
    given = col("demandee_le").is_not(None)
    told = dict(definition="Les passages.", unit="lieux", shortlist="optionnel")
    return [
        Indicator(code="XP1", label="Passages", numerator=Count(source="passages", where=given, date="demandee_le"),
            **told),
        Indicator(code="XP3", label="Part", numerator=Count(source="passages", where=col("code") == "P1",
            date="demandee_le"), denominator=Count(source="passages", date="demandee_le"), **told),
        Indicator(code="XP2", label="Demandes", numerator=Count(source=LATEST, date="derniere"), **told),
    ]
"""


@pytest.fixture
def plugins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Plugins]:
    yield from plugins_folder(tmp_path, monkeypatch)


@pytest.fixture
def registry(plugins: Plugins) -> Registry:
    return Registry.load([plugins.write(OWN)], strict=True)


@pytest.fixture
def filled(registry: Registry) -> Iterator[Store]:
    with scratch_store() as store:
        trial = Trial(Subject(registry, registry.plugins[0], "essai"), store)
        assert list(try_examples(trial)) == []
        yield store


def test_a_definition_says_the_titles_of_the_plugin(registry: Registry) -> None:
    found = counted_rows(registry.indicator("XP1"))
    assert "Passages de l’année" in found and "demandée le" in found
    assert "demandee" not in found and related(registry.indicator("XP1")) == ""
    assert "dernière demande" in counted_rows(registry.indicator("XP2"))


def test_rows_behind_a_derived_figure_have_their_titles(registry: Registry, filled: Store) -> None:
    behind = Monitor(registry, filled, today=TODAY).rows_behind("XP2", "essai-miramas")
    assert "Dernière demande" in behind.columns


def test_the_first_sentence_tells_an_own_figure_and_no_deliberation(registry: Registry, filled: Store) -> None:
    known = Monitor(registry, filled, today=TODAY).compare()
    assert "passages" in experiment_sentence(known, registry.experiment("essai-miramas")).lower()
    with scratch_store() as empty:
        Trial(Subject(registry, registry.plugins[0], "essai"), empty)
        told = experiment_sentence(
            Monitor(registry, empty, today=TODAY).compare(), registry.experiment("essai-miramas")
        )
    assert "n’a rien déposé" in told and "délibération" not in told


@pytest.mark.parametrize(
    ("several", "one"),
    [
        ("lieux", "lieu"), ("niveaux", "niveau"), ("journaux", "journal"), ("taux", "taux"), ("jeux", "jeu"),
        ("tours d’étages", "tour d’étage"), ("écrans", "écran"), ("% de prix", "% de prix"),
    ],
)  # fmt: skip
def test_a_unit_has_its_singular(several: str, one: str) -> None:
    assert (unit_of(1, several), unit_of(2, several)) == (one, several)


def test_a_hook_far_from_all_is_given_the_list(plugins: Plugins) -> None:
    entry = plugins.write("@hookimpl\ndef registre_jeux():\n    return []\n", name="loin")
    (failure,) = Registry.load([entry]).failures
    assert "Renommez" not in failure.remedy and "register_datasets" in failure.remedy


def test_a_count_is_of_its_month_and_a_rate_since_the_start(registry: Registry, filled: Store) -> None:
    trial = Trial(Subject(registry, registry.plugins[0], "essai"), filled)
    (dataset,) = trial.subject.datasets
    later = {"code": "P2", "lieu": "13063", "demandee_le": date(2021, 11, 5)}
    trial.keep(dataset, [later])
    report = trial.monitor.report("essai-miramas")
    counts = {one.month: one.numerator for one in so_far(report.by_month("XP1"), TODAY)}
    rates = {one.month: (one.numerator, one.denominator) for one in so_far(report.by_month("XP3"), TODAY)}
    september, november = date(2021, 9, 1), date(2021, 11, 1)
    assert (counts[september], counts[november]) == (1, 1)
    assert (rates[september], rates[november]) == ((1, 1), (1, 2))
    assert "cumulative" in (type(report).__doc__ or "")


def test_places_are_named_on_the_command_line(capsys: pytest.CaptureFixture[str]) -> None:
    figures._tell((Observation("XP1", "Passages", "lieux", "essai", place="13047", value=1.0),), 3)
    assert "Istres" in (told := capsys.readouterr().out) and "13047" not in told and typeset("1 lieu") in told
