"""The workbook of indicators: each figure of the snapshot as a number, why it is missing in words, no formula."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from core.domain.figure_text import plain_mark
from core.domain.indicator import Indicator
from core.domain.observation import Observation
from core.exports.dossier import Material
from core.exports.workbook import DEFINITIONS, FIGURES, TARGETS, workbook
from tests.core.exports.documents import book_of, made, material, words

AT = {name: at for at, (name, _) in enumerate(FIGURES)}


@pytest.fixture(scope="module")
def book() -> Any:
    return book_of(made("xlsx"))


def rows_of(sheet: Any) -> list[tuple[Any, ...]]:
    return list(sheet.iter_rows(min_row=2, values_only=True))


def assert_one_unit_a_column(row: tuple[Any, ...], found: Observation, indicator: Indicator) -> None:
    """« Valeur » held 89,89 (%) above 229 (ordinateurs): each unit has its column, and its name beside it."""
    number, rate, euros, days = (row[AT[name]] for name in ("Nombre", "Taux (%)", "Montant (€)", "Durée (jours)"))
    assert rate == (pytest.approx(found.value) if found.unit == "%" and found.value is not None else None)
    for held, mine in ((euros, indicator.unit.startswith("€")), (days, indicator.unit == "jours")):
        assert held == (pytest.approx(found.value) if mine and found.value is not None else None)
    assert (number is None) == (row[AT["Unité du nombre"]] in ("", None))
    if number is not None and not found.hidden:
        assert number in (pytest.approx(found.numerator), pytest.approx(found.value))
        assert row[AT["Unité du nombre"]] == indicator.unit


def test_has_four_sheets_with_their_headings(book: Any) -> None:
    assert book.sheetnames == ["Chiffres", "Objectifs", "Définitions", "À propos"]
    for name, headings in (("Chiffres", FIGURES), ("Objectifs", TARGETS), ("Définitions", DEFINITIONS)):
        assert [cell.value for cell in book[name][1]] == [heading for heading, _ in headings]


def test_each_figure_is_the_snapshot_s(book: Any) -> None:
    snapshot, rows = material().snapshot, rows_of(book["Chiffres"])
    assert len(rows) == len(snapshot.figures) + len(snapshot.places)
    for row, cell in zip(rows, snapshot.figures, strict=False):
        found = cell.observation
        assert row[AT["Code"]] == found.indicator
        assert_one_unit_a_column(row, found, snapshot.indicator[found.indicator])
        for name, number in (("Numérateur", found.numerator), ("Dénominateur", found.denominator)):
            assert row[AT[name]] == (pytest.approx(number) if number is not None else None)
        assert row[AT["État"]] == plain_mark(cell.standing.progress)
        if found.missing_because is not None:
            assert row[AT["S’il manque, pourquoi"]].startswith(plain_mark(found.missing_because))


def test_targets_and_definitions_are_told(book: Any) -> None:
    snapshot = material().snapshot
    targets = {(row[0], row[2]): row[3] for row in rows_of(book["Objectifs"])}
    assert targets["Pays d’Aix", "EQ5a"] == 100
    assert all(isinstance(row[5], datetime) for row in rows_of(book["Objectifs"]))
    assert {row[4] for row in rows_of(book["Objectifs"]) if row[2] == "EQ5a"} == {"ordinateurs"}, "30 is no percentage"
    assert {row[1] for row in rows_of(book["Définitions"])} == set(snapshot.indicator)


def test_says_where_it_comes_from(book: Any) -> None:
    told = {row[0]: row[1] for row in book["À propos"].iter_rows(values_only=True)}
    assert told["Numéro des données arrêtées"] == 3 and told["Empreinte SHA-256"] == material().sha256
    assert words(told["Données"]) == "Données arrêtées au 31 mars 2022 (n° 3)"
    assert told["Données fictives"].startswith("Oui")
    assert told["Demandé par"]


def test_a_text_that_looks_like_a_formula_stays_a_text() -> None:
    snapshot = material().snapshot
    first, *others = snapshot.formulas
    bad = replace(first, label='=HYPERLINK("x")', definition="@SUM(1)", source="+1", counted="-2+3")
    cell = snapshot.figures[0]
    named = replace(cell, observation=replace(cell.observation, label="=1+1"))
    changed = replace(snapshot, formulas=(bad, *others), figures=(named, *snapshot.figures[1:]))
    book = book_of(workbook(Material(changed), made_by="=cmd|' /C calc'!A0"))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [one for one in cells if one.data_type == "f"]
    assert any(one.value == "=1+1" for one in cells) and any(one.value == "@SUM(1)" for one in cells)


def test_an_export_without_any_figure_is_a_correct_workbook() -> None:
    empty = material(empty=True).snapshot
    book = book_of(workbook(Material(replace(empty, figures=(), places=())), made_by="x"))
    assert rows_of(book["Chiffres"]) == [] and rows_of(book["Objectifs"]) == []
