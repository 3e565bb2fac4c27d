"""One thing written in several ways is one thing, and it is told; likely figures are told with what they are beside."""

from __future__ import annotations

from datetime import date

import pytest

from core.checking.outcome import Outcome
from tests.core.desk import BUILDING, MACHINE, Desk

ONCE = "numero_inventaire;type;statut\n{};écran;cédé\n"
WRITINGS = ["met-pc-0002", "MET PC 0002", "Met–Pc–0002", "METPC0002", "met_pc.0002"]


def understood(outcome: Outcome) -> list[tuple[str, str]]:
    return [(one.found, one.understood) for one in outcome.repairs]


def warned(outcome: Outcome) -> list[str]:
    return [one.code for one in outcome.warnings]


def test_a_machine_written_otherwise_is_the_one_that_is_stored(desk: Desk) -> None:
    desk.submit(ONCE.format("MET-PC-0002"))
    for writing in WRITINGS:
        again = desk.submit(ONCE.format(writing))
        assert (again.added, again.unchanged) == (0, 1), writing
        assert understood(again) == [(writing, "MET-PC-0002")]
    assert list(desk.rows()) == ["MET-PC-0002"]


@pytest.mark.parametrize("writing", WRITINGS)
def test_a_machine_written_twice_in_a_file_is_a_double(desk: Desk, writing: str) -> None:
    found = desk.submit(ONCE.format("MET-PC-0002") + f"{writing};écran;cédé\n", dry_run=True)
    assert [one.code for one in found.errors] == ["doublon", "doublon"]


def test_accents_and_apostrophes_make_no_other_building(desk: Desk) -> None:
    head = "code_immeuble;lieu;bailleur;nb_logements\n"
    desk.submit(f"{head}Tour de l’Étang;salon;Office;12\n", "anonymal", "immeubles")
    found = desk.submit(f"{head}TOUR DE L'ETANG;salon;Office;12\n", "anonymal", "immeubles")
    assert (found.added, found.unchanged) == (0, 1)
    assert understood(found) == [("TOUR DE L'ETANG", "Tour de l’Étang")]


def test_a_building_is_the_same_for_what_names_it(desk: Desk) -> None:
    desk.save("point-formation", "immeubles", BUILDING)
    months = "code_immeuble;mois;accords;mises_en_service\nma 01;09/2021;3;1\n"
    found = desk.submit(months, "point-formation", "raccordements")
    assert found.added == 1 and understood(found) == [("ma 01", "MA-01")]


def test_a_threshold_is_that_of_the_building_as_its_association_writes_it(desk: Desk) -> None:
    desk.save("point-formation", "immeubles", BUILDING)
    text = "association;code_immeuble;part;decision\npoint-formation;ma 01;60;Comité 1\n"
    found = desk.submit(text, "metropole", "seuils")
    assert found.added == 1 and ("ma 01", "MA-01") in understood(found)


def test_a_machine_of_another_association_keeps_its_number(desk: Desk) -> None:
    desk.submit(ONCE.format("MET-PC-0002"), "anonymal")
    found = desk.submit(ONCE.format("met pc 0002"), "ifac")
    assert understood(found) == [("met pc 0002", "MET-PC-0002")]
    assert list(desk.rows("ifac")) == ["MET-PC-0002"]


def test_a_writing_may_be_corrected_by_hand(desk: Desk) -> None:
    desk.save("anonymal", "materiel", MACHINE | {"numero_inventaire": "met-1"})
    done = desk.save("anonymal", "materiel", MACHINE | {"numero_inventaire": "MET-1"}, removals=["met-1"])
    assert (done.added, done.removed) == (1, 1)
    assert list(desk.rows()) == ["MET-1"]


def test_zeros_in_front_are_two_numbers_and_it_is_asked_whether_they_are_one(desk: Desk) -> None:
    desk.submit(ONCE.format("0042"))
    found = desk.submit(ONCE.format("42"))
    assert found.added == 1
    assert "zeros_en_tete" in warned(found)


def test_zeros_are_what_is_told_of_a_number_in_other_capitals_too(desk: Desk) -> None:
    desk.submit(ONCE.format("MA-02"))
    found = desk.submit(ONCE.format("ma-2"))
    assert found.added == 1
    assert [one.expected for one in found.warnings if one.code == "zeros_en_tete"] == [
        "Seuls des zéros le séparent de «\u00a0MA-02\u00a0»."
    ]


@pytest.mark.parametrize("call", ["*", "**", " *", "¹"])
def test_a_key_that_only_sends_to_a_note_is_told(desk: Desk, call: str) -> None:
    """« R-1* » with its note under the table is the meeting R-1, or another: the person says."""
    desk.submit(ONCE.format("MA-02"))
    found = desk.submit(ONCE.format(f"MA-02{call}"))
    assert [(one.code, one.found) for one in found.warnings if one.code == "appel_de_note"] == [
        ("appel_de_note", f"MA-02{call}")
    ]
    assert "appel_de_note" not in warned(desk.submit(ONCE.format("MA-03")))


MEETING = "code_reunion;date;lieu;participants\n{};{};frais-vallon;{}\n"


@pytest.mark.parametrize(
    ("day", "code"), [("30/06/2032", "date_a_venir"), ("01/10/1921", "date_avant_programme"), ("05/07/2022", None)]
)
def test_days_to_come_and_before_the_programme_are_told(desk: Desk, day: str, code: str | None) -> None:
    found = desk.submit(MEETING.format("R1", day, 4), "ifac", "concertations", dry_run=True)
    assert found.added == 1
    assert [one for one in warned(found) if one.startswith("date_")] == ([code] if code else [])


def test_a_day_that_is_only_planned_may_be_to_come(desk: Desk) -> None:
    text = "code_jalon;libelle;date_prevue;statut\nJ1;Visite;30/06/2032;En cours\n"
    assert not warned(desk.submit(text, "ifac", "jalons", dry_run=True))


def test_a_quantity_far_above_all_others_is_told_with_the_highest(desk: Desk) -> None:
    for n in range(4):
        desk.submit(MEETING.format(f"R{n}", "14/09/2021", 20 + n), "ifac", "concertations")
    found = desk.submit(MEETING.format("R9", "14/09/2021", 5_000_000), "ifac", "concertations", dry_run=True)
    said = [one.expected for one in found.warnings if one.code == "quantite_inhabituelle"]
    assert len(said) == 1 and "23" in said[0]
    assert not warned(desk.submit(MEETING.format("R9", "14/09/2021", 60), "ifac", "concertations", dry_run=True))


def test_more_homes_than_the_building_has_is_told(desk: Desk) -> None:
    desk.save("point-formation", "immeubles", BUILDING)
    row = {
        "code_immeuble": "MA-01",
        "mois": date(2021, 9, 1),
        "foyers_contactes": 41,
        "accords": 3,
        "mises_en_service": 1,
    }
    found = desk.save("point-formation", "raccordements", row, dry_run=True)
    assert [(one.code, one.column) for one in found.warnings] == [("plus_que_de_logements", "foyers_contactes")]
    assert "40" in found.warnings[0].expected


@pytest.mark.parametrize("other", ["MET-PC-OOO2", "MET-PC-000Z2", "MET-PC-0OO2", "MET-PC-0O02"])
def test_a_letter_that_looks_like_a_figure_is_told(desk: Desk, other: str) -> None:
    desk.submit(ONCE.format("MET-PC-0002"))
    found = desk.submit(ONCE.format(other))
    assert found.added == 1
    assert ("lettre_pour_chiffre" in warned(found)) == ("Z" not in other)
    said = [one.expected for one in found.warnings if one.code == "lettre_pour_chiffre"]
    assert all("MET-PC-0002" in one for one in said)


def test_roman_and_other_names_are_not_taken_for_figures(desk: Desk) -> None:
    head = "code_immeuble;lieu;bailleur;nb_logements\n"
    rows = "".join(f"{name};salon;Office;12\n" for name in ("Tour II", "Tour 11", "Tour L", "Tour I", "Tour B"))
    found = desk.submit(head + rows, "anonymal", "immeubles")
    assert found.added == 5 and "lettre_pour_chiffre" not in warned(found)
