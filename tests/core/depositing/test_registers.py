"""What the project lead's registers still lack, in words; what follows from what they hold."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from core.deliberation import ASSOCIATIONS, EXPERIMENTS
from core.depositing import reference_tables, retention
from core.domain import calendar
from core.domain.french import NBSP
from tests.core.desk import AT, BUILDING, Desk
from tests.support.filled import demonstration_context

TODAY = AT.date()


def missing(desk: Desk) -> dict[str, str]:
    found = reference_tables.registers(desk.registry, desk.store, today=TODAY)
    return {one.code: plain(one.missing) for one in found}


ARSENIC = "18 000 € non ventilés (aucune clé pour la ligne d’ARSENIC)"


def plain(text: str) -> str:
    return text.replace(NBSP, " ").replace("\u202f", " ")


def test_empty_registers_say_what_they_lack(desk: Desk) -> None:
    assert missing(desk) == {
        "objectifs": "aucun objectif pour 6 expérimentations",
        "valeurs_depart": "aucune valeur de départ pour 6 expérimentations",
        "periodes": "aucune période préparée",
        "dates_experimentations": "dates à renseigner pour 6 expérimentations",
        "seuils": "",
        "cles": f"{ARSENIC} ; 20 000 € non ventilés (aucune clé pour la ligne d’IFAC)",
        "conventions": "convention à renseigner pour 4 associations",
        "versements": "aucun versement sur 6 lignes",
        "pieces": "aucune pièce attendue n’est inscrite",
        "autorisations": "",
        "annexe_materiel": "455 ordinateurs et 202 écrans à inscrire",
        "lots_cession": "455 ordinateurs et 202 écrans à céder",
        "conservation": f"durée à fixer pour {len(retention.datasets(desk.registry))} tableaux",
    }


def test_the_demonstration_lacks_what_its_story_says() -> None:
    context = demonstration_context()
    found = {one.code: one for one in reference_tables.registers(context.registry, context.store, today=context.today)}
    assert found["seuils"].missing == "2 seuils à fixer sur 14 immeubles éligibles"
    assert plain(found["cles"].missing) == ARSENIC  # 18 000 € of the vote are of nobody: it is told
    assert found["dates_experimentations"].missing == ""
    assert found["lots_cession"].missing == "46 ordinateurs et 22 écrans à céder"
    assert found["pieces"].missing == "1 pièce échue non reçue"
    assert found["periodes"].missing == "le 3e trimestre 2022 n’est pas préparé"
    assert found["objectifs"].last is not None
    assert found["objectifs"].last.actor == context.actor.name


def test_a_building_waits_until_its_threshold_is_set(desk: Desk) -> None:
    desk.save("point-formation", "immeubles", BUILDING | {"eligible_cable": True, "date_diagnostic": date(2022, 1, 1)})
    assert missing(desk)["seuils"] == "1 seuil à fixer sur 1 immeuble éligible"
    threshold = {"association": "point-formation", "code_immeuble": "MA-01", "part": 50.0, "decision": "Comité n° 1"}
    desk.save("metropole", "seuils", threshold)
    [one] = reference_tables.buildings(desk.registry, desk.store)
    assert (one.key, one.decided, one.minimum) == ("point-formation|MA-01", True, 20)
    assert missing(desk)["seuils"] == ""


def test_a_line_is_divided_when_its_parts_make_a_whole(desk: Desk) -> None:
    def part(experiment: str, share: float) -> None:
        row = {"ligne": "ifac", "experience": experiment, "part": share, "decision": "Comité n° 2", "date": TODAY}
        desk.save("metropole", "cles", row)

    part("ct1-frais-vallon", 33.3)
    one, arsenic = reference_tables.sharings(desk.registry, desk.store)[::-1]
    assert (arsenic.line, len(arsenic.experiments), arsenic.divided) == ("arsenic-equiper-connecter", 6, False)
    assert (one.divided, one.remainder) == (False, Fraction("66.7"))
    assert missing(desk)["cles"] == f"{ARSENIC} ; 20 000 € non ventilés (clé incomplète pour la ligne d’IFAC)"
    part("ct1-plan-d-aou", 66.7)
    assert reference_tables.sharings(desk.registry, desk.store)[1].divided
    assert missing(desk)["cles"] == ARSENIC


@pytest.mark.parametrize(
    ("end", "due"),
    [
        (date(2021, 12, 31), date(2022, 6, 30)),
        (date(2022, 6, 30), date(2022, 12, 31)),
        (date(2022, 8, 31), date(2023, 2, 28)),
        (date(2022, 3, 15), date(2022, 9, 15)),
        (date(2022, 8, 30), date(2023, 2, 28)),
    ],
)
def test_the_financial_report_is_due_six_months_later(end: date, due: date) -> None:
    assert calendar.report_due(end) == due


def test_every_experiment_with_dates_is_no_longer_missing(desk: Desk) -> None:
    rows = [{"experience": code, "debut": date(2021, 7, 1), "fin": date(2022, 12, 31)} for code in EXPERIMENTS]
    desk.save("metropole", "dates_experimentations", *rows[:4])
    assert missing(desk)["dates_experimentations"] == "dates à renseigner pour 2 expérimentations"
    desk.save("metropole", "dates_experimentations", *rows)
    assert missing(desk)["dates_experimentations"] == ""


def test_a_convention_says_which_of_its_facts_are_unknown(desk: Desk) -> None:
    rows = [{"association": code, "date_signature": date(2021, 7, 12)} for code in ASSOCIATIONS]
    desk.save("metropole", "conventions", *rows)
    assert missing(desk)["conventions"] == (
        "fin d’exercice à renseigner pour 4 associations ; SIRET à renseigner pour 4 associations"
    )
