"""The open data package validates, describes itself, hides small counts and starts no formula."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import frictionless
import pytest

from core.committee import take
from core.disclosure import conceal
from core.domain.observation import Observation
from core.exports import open_data
from core.exports.open_data import TABLES, PublishedFigures
from tests.support.filled import NOW, TODAY, demonstration_context, empty_context

END = date(2022, 6, 30)


def files(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def table(content: bytes, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(files(content)[f"donnees/{name}.csv"].decode())))


def valid(content: bytes, folder: Path) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        archive.extractall(folder)
    report = frictionless.Package(str(folder / "datapackage.json")).validate()
    return [error.message for task in report.tasks for error in task.errors] + [e.message for e in report.errors]


@pytest.fixture(scope="module")
def snapshot():
    context = demonstration_context()
    return take(context.registry, context.store, until=END, at=NOW, fictitious=True).numbered(4, "Comité n° 4")


@pytest.fixture(scope="module")
def frozen(snapshot) -> bytes:
    return open_data.package(PublishedFigures.frozen(snapshot, 5), at=NOW, licence="Licence Ouverte 2.0")


def test_the_package_of_frozen_figures_validates(frozen, tmp_path) -> None:
    assert valid(frozen, tmp_path) == []


def test_what_is_known_now_validates_too_and_says_that_it_is_not_frozen(tmp_path) -> None:
    context = demonstration_context()
    source = PublishedFigures.live(
        context.registry, context.store, context.monitor, until=TODAY, below=5, fictitious=True
    )
    content = open_data.package(source, at=NOW)
    assert valid(content, tmp_path) == []
    assert "non arrêtées" in json.loads(files(content)["datapackage.json"])["description"]
    assert {row["periode"] for row in table(content, "indicateurs")} >= {"", "2021-T3", "2022-T2"}


def test_an_empty_programme_is_a_correct_package(tmp_path) -> None:
    context = empty_context()
    source = PublishedFigures.live(context.registry, context.store, context.monitor, until=TODAY, below=5)
    content = open_data.package(source, at=NOW)
    assert valid(content, tmp_path) == []
    # « Non suivi » is the fifth missing value: nobody there gives the figure, whatever is handed in.
    missing = {row["absence"] for row in table(content, "indicateurs")}
    assert missing == {"non renseigné", "sans objet", "non suivi"}, "nothing is known of an empty programme"
    nothing = open_data.package(replace(source, experiments=(), indicators=(), figures=()), at=NOW)
    (tmp_path / "rien").mkdir()
    assert valid(nothing, tmp_path / "rien") == []
    assert table(nothing, "indicateurs") == []


def test_every_number_is_the_frozen_one(frozen, snapshot) -> None:
    for row in table(frozen, "indicateurs"):
        seen = snapshot.cells[row["indicateur"], row["experimentation"] or None].observation
        if row["absence"] not in ("moins de k", "non montré"):
            for name, value in (("valeur", seen.value), ("numerateur", seen.numerator)):
                assert (row[name] == "") == (value is None)
                assert value is None or float(row[name]) == pytest.approx(value, abs=1e-6)


def test_the_licence_is_the_one_chosen_or_to_confirm(frozen, snapshot) -> None:
    assert json.loads(files(frozen)["datapackage.json"])["licenses"] == [
        {"name": "etalab-2.0", "title": "Licence Ouverte 2.0"}
    ]
    unsaid = files(open_data.package(PublishedFigures.frozen(snapshot, 5), at=NOW))
    assert "licenses" not in json.loads(unsaid["datapackage.json"])
    assert "\nLicence à confirmer par la Métropole.\n" in unsaid["LISEZMOI.md"].decode()


def test_the_read_me_explains_each_column_and_what_is_hidden(frozen) -> None:
    text = files(frozen)["LISEZMOI.md"].decode()
    assert all(f"`{field.name}`" in text for one in TABLES for field in one.fields)
    assert "Données fictives" in text and "inférieur à 5" in text and "arrêtées au 30" in text


def test_a_small_count_is_hidden_in_the_files(snapshot, tmp_path) -> None:
    code = "AC3a"
    seen = [
        Observation(code, code, "personnes", one, numerator=number, value=number)
        for one, number in (("recherche-action", 3), ("ct2-pays-d-aix", 40), (None, 43))
    ]
    source = replace(PublishedFigures.frozen(snapshot, 5), figures=conceal(seen, snapshot.indicator, 5))
    content = open_data.package(source, at=NOW)
    assert valid(content, tmp_path) == []
    assert [(row["valeur"], row["absence"]) for row in table(content, "indicateurs")] == [
        ("", "moins de k"),
        ("", "non montré"),
        ("43", ""),
    ]


def test_no_cell_begins_a_formula(snapshot) -> None:
    odd = replace(snapshot.experiments[0], title="=HYPERLINK(1)", territory="@SUM(A1)")
    content = open_data.package(replace(PublishedFigures.frozen(snapshot, 5), experiments=(odd,)), at=NOW)
    row = table(content, "experimentations")[0]
    assert (row["titre"], row["territoire"]) == ("'=HYPERLINK(1)", "'@SUM(A1)")


def test_the_same_figures_give_the_same_bytes(snapshot, frozen) -> None:
    assert open_data.package(PublishedFigures.frozen(snapshot, 5), at=NOW, licence="Licence Ouverte 2.0") == frozen
