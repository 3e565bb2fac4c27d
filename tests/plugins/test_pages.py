from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from core.domain.observation import Freshness
from core.domain.report import Callout, Table
from tests.plugins.pages import (
    AIX,
    FRAIS_VALLON,
    MARTIGUES,
    PLAN_D_AOU,
    RECHERCHE,
    SALON,
    building,
    charts,
    draw,
    page,
    plain,
    report,
)

WORKSHOP = {
    "EQ1a": (229.0, None),
    "EQ2": (219.0, 229.0),
    "EQ3": (149.0, 219.0),
    "EQ5a": (84.0, 99.0),
    "EQ6": (53.0, 118.0),
    "EQ7": (132.0, 135.0),
    "EQ8": (0.0, None),
    "EQ11": (15.0, None),
    "EQ14a": (50.0, None),
    "EQ15a": (58.0, None),
}
TOWNS = {"aix": 46.0, "pertuis": 17.0, "gardanne": 21.0}


# --- Anonymal: machines -------------------------------------------------------------------


def test_aix_tells_how_many_machines_work_again() -> None:
    funnel = charts(report(AIX, WORKSHOP, places=TOWNS))[0]
    assert plain(funnel.conclusion) == "L’atelier remet en état 68 % des ordinateurs testés (149 sur 219)"
    assert funnel.series[0].values == (229, 219, 149, 84, 50)


def test_aix_tells_what_the_machines_wait_for() -> None:
    (waiting,) = [block for block in draw(report(AIX, WORKSHOP, places=TOWNS)) if isinstance(block, Table)]
    assert [row[1] for row in waiting.rows] == ["10", "12", "15"]


def test_aix_says_unknown_rather_than_zero() -> None:
    partial = {"EQ1a": (5.0, None), "EQ5a": (0.0, 0.0)}
    (waiting,) = [block for block in draw(report(AIX, partial)) if isinstance(block, Table)]
    assert {row[1] for row in waiting.rows} == {"non renseigné"}
    assert "(" not in page(report(AIX, partial)).splitlines()[1]


@pytest.mark.parametrize(
    ("towns", "conclusion"),
    [
        (TOWNS, "Aix-en-Provence reçoit 55 % des ordinateurs remis (46 sur 84)"),
        (
            TOWNS | {"pertuis": 0.0},
            "Aix-en-Provence reçoit 69 % des ordinateurs remis (46 sur 67) ; rien encore à Pertuis",
        ),
        (dict.fromkeys(TOWNS, 0.0), "Rien encore dans les trois villes"),
        # Nothing received is not nothing done.
        ({}, "Les remises par ville ne sont pas encore renseignées"),
    ],
)
def test_aix_compares_its_three_towns(towns: dict[str, float], conclusion: str) -> None:
    assert plain(charts(report(AIX, WORKSHOP, places=towns))[1].conclusion) == conclusion


def test_aix_reports_families_outside_the_qpv() -> None:
    warned = [block.text for block in draw(report(AIX, WORKSHOP)) if isinstance(block, Callout)]
    assert plain(warned[0]).startswith("3 remises ont été faites à une famille")
    conform = WORKSHOP | {"EQ7": (135.0, 135.0)}
    assert not [block for block in draw(report(AIX, conform)) if isinstance(block, Callout)]


def test_a_chart_by_month_stops_where_knowledge_stops() -> None:
    months = [(date(2022, 5, 1), (73.0, 141.0)), (date(2022, 6, 1), (84.0, 149.0)), (date(2022, 7, 1), (None, None))]
    found = charts(report(AIX, WORKSHOP, months=months, target=100))[2]
    assert len(found.categories) == 2
    assert found.reference == ("Objectif du comité", 100)


def test_salon_finds_that_machines_wait_for_families() -> None:
    figures = WORKSHOP | {"EQ5a": (52.0, 89.0), "EQ11": (37.0, None)}
    months = [(date(2022, month, 1), (total, None)) for month, total in ((3, 28.0), (4, 36.0), (5, 44.0), (6, 52.0))]
    found = page(report(SALON, figures, months=months, target=70))
    assert "37 ordinateurs prêts attendent un bénéficiaire, pour 52 remis" in found
    assert "c’est le repérage des familles qui retient les machines" in found
    assert "Salon atteint 74 % de son objectif de remises (52 sur 70)" in found


def test_salon_does_not_blame_anybody_when_machines_leave() -> None:
    months = [(date(2022, month, 1), (total, None)) for month, total in ((3, 8.0), (4, 36.0), (5, 44.0), (6, 52.0))]
    figures = WORKSHOP | {"EQ5a": (52.0, 89.0), "EQ11": (37.0, None)}
    assert "repérage" not in page(report(SALON, figures, months=months))


# --- IFAC: buildings and neighbours -------------------------------------------------------


def test_frais_vallon_counts_buildings_at_their_threshold() -> None:
    towers = [building("FV-01", 60, 38), building("FV-04", 50, 22), building("FV-05", 48, 17)]
    (found,) = charts(report(FRAIS_VALLON, buildings=towers))
    assert plain(found.conclusion) == (
        "1 immeuble sur 3 atteint son seuil d’accord ; il manque 3 accords à FV-04, le plus proche"
    )
    assert found.reference == ("Seuil d’accord", 50.0)
    assert "FV-04 : 22 sur 50 (44 %), il manque 3 accords." in plain(found.alternative)


def test_connections_under_the_threshold_are_pointed_out() -> None:
    found = page(report(FRAIS_VALLON, buildings=[building("FV-04", 50, 22, mises_en_service=2)]))
    assert "FV-04 compte 2 mises en service alors que son seuil d’accord n’est pas atteint" in found


def test_a_building_not_visited_is_never_zero() -> None:
    unknown = building("PA-04", 36, eligible_cable=None, seuil=None, dernier_mois=None)
    refused = building("PA-03", 42, eligible_cable=False, seuil=None, dernier_mois=None)
    asked = report(PLAN_D_AOU, buildings=[unknown, refused])
    (table,) = [block for block in draw(asked) if isinstance(block, Table)]
    cells = {row[0]: row[3:] for row in table.rows}
    assert cells["PA-04"] == ("non renseigné", "câble non vérifié", "non renseigné")
    assert cells["PA-03"] == ("sans objet", "sans objet (pas de câble)", "sans objet")
    assert "Le câble de PA-04 n’a pas encore été vérifié." in page(asked)
    assert not charts(asked)


def test_buildings_without_threshold_get_no_verdict() -> None:
    (found,) = charts(report(PLAN_D_AOU, buildings=[building("PA-01", 46, 30, seuil=None, seuil_atteint=None)]))
    assert "n’a pas encore fixé de seuil" in found.conclusion
    assert found.reference is None


@pytest.mark.parametrize(
    ("present", "conclusion"),
    [
        ({"T1": 20, "T2": 12}, "T1 réunit le plus de monde : 20 participations"),
        ({"T1": 12, "T2": 12}, "T1 et T2 réunissent le plus de monde : 12 participations chacun"),
    ],
)
def test_meetings_are_told_by_building(present: dict[str, int], conclusion: str) -> None:
    meetings = [
        {"code_immeuble": code, "participants": people, "date": date(2022, 3, 1)} for code, people in present.items()
    ]
    (found,) = charts(report(FRAIS_VALLON, rows={"concertations": meetings}))
    assert plain(found.conclusion) == conclusion


def test_machines_that_have_not_come_are_said_so() -> None:
    assert "Aucune machine n’est encore arrivée d’Anonymal." in page(report(PLAN_D_AOU, {"EQ5a": (0.0, 0.0)}))


# --- Point Formation: few figures ---------------------------------------------------------


def test_martigues_opens_with_what_is_waited_for() -> None:
    late = Freshness(datetime(2022, 4, 23, tzinfo=UTC), date(2022, 3, 31), date(2022, 7, 4))
    blocks = draw(report(MARTIGUES, {"EQ5a": (6.0, 10.0)}, freshness=late))
    assert isinstance(blocks[1], Callout)
    assert plain(blocks[1].text) == (
        "Le relevé est attendu depuis le 4 juillet 2022. Les chiffres de cette page s’arrêtent au 31 mars 2022."
    )


def test_martigues_shows_unknown_quarters_as_such() -> None:
    asked = report(MARTIGUES, {"EQ5a": (6.0, 10.0)}, periods={"2022-T1": 6.0, "2022-T2": None, "2022-T3": None})
    (table,) = [block for block in draw(asked) if isinstance(block, Table)]
    assert table.headings[1:] == ("1er trimestre 2022", "2e trimestre 2022")
    assert table.rows[0] == ("Ordinateurs remis", "6", "non renseigné")


# --- ARSENIC: people who learn to help ----------------------------------------------------


def session(days: int, finished: tuple[int, int], day: date = date(2022, 3, 1)) -> dict[str, object]:
    professionals, volunteers = finished
    return {
        "date": day,
        "duree_jours": days,
        "inscrits_professionnels": professionals + 1,
        "inscrits_benevoles": volunteers + 1,
        "termine_professionnels": professionals,
        "termine_benevoles": volunteers,
    }


@pytest.mark.parametrize(
    ("sessions", "conclusion"),
    [
        (
            [session(1, (6, 2)), session(2, (5, 1)), session(3, (1, 1))],
            "50 % des personnes formées (8 sur 16) ont suivi plus d’un jour",
        ),
        ([session(1, (6, 2))], "Tous les modules terminés durent un jour"),
        ([session(2, (0, 0))], "Personne n’a encore terminé de module"),
    ],
)
def test_research_tells_how_long_people_learn(sessions: list[dict[str, object]], conclusion: str) -> None:
    (found,) = charts(report(RECHERCHE, {"AC3a": (16.0, None)}, rows={"formations": sessions}))
    assert plain(found.conclusion) == conclusion


def test_sessions_after_the_day_are_not_told() -> None:
    later = session(1, (6, 2), date(2022, 9, 1))
    assert "Aucune session de formation n’est encore renseignée" in page(
        report(RECHERCHE, rows={"formations": [later]})
    )


def test_research_tells_who_is_there_to_help() -> None:
    kinds = ["association"] * 3 + ["service public"] + [None]
    actors = [{"type_acteur": kind, "relais": "oui", "date_recensement": date(2022, 3, 1)} for kind in kinds]
    figures = {"AC1": (5.0, None), "AR1": (2.0, 92.0), "AC2": (4.0, 5.0)}
    found = page(report(RECHERCHE, figures, actors=actors))
    assert "5 acteurs recensés, dans 2 communes sur 92. Fiches complètes et à jour : 4 sur 5 (80 %)." in found
    assert "Les acteurs associatifs sont les plus nombreux : 3 sur 5 (60 %)" in found
    assert "type non renseigné" in found


def test_optional_support_is_unknown_until_given() -> None:
    assert "ce n’est pas zéro, c’est inconnu" in page(report(RECHERCHE, {"AC6": (40.0, None)}))
    given = {"AC6": (40.0, None), "AC7": (12.0, None)}
    assert "40 diagnostics et 12 accompagnements." in page(report(RECHERCHE, given))
