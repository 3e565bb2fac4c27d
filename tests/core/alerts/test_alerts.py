"""What demands an action on the fictitious 5 July 2022, and what people make of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from core import alerts
from core.alerts import Alert, AlertType, Status, finding
from core.alerts.follow_up import history
from core.contract import schema_setup
from core.contract.scope import Scope
from core.demonstration import TODAY, people
from core.depositing import submit
from core.domain import french
from core.domain.access import Actor, Role
from core.errors import Forbidden, Refused, UnknownName
from core.figures import Monitor
from core.storage import Store
from tests.support.filled import NOW, copied, demonstration_url, empty_context, empty_url, registry
from tests.support.scopes import acting

AT = datetime(2022, 7, 5, 10, tzinfo=UTC)
LEAD = people.LEAD


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """The demonstration, in a store that these tests may write in."""
    path = tmp_path_factory.mktemp("alerts") / "fabrique.sqlite3"
    copied(demonstration_url(), path)
    with Store.open(f"sqlite:///{path}") as store:
        schema_setup.prepare(registry(), store, at=NOW)
        yield store


@pytest.fixture(scope="module")
def found(told: Store) -> dict[str, Alert]:
    monitor = Monitor(registry(), told, today=TODAY)
    return {one.code: one for one in alerts.find(registry(), told, monitor, today=TODAY)}


def test_off_track_figures_are_told_with_their_gap(found: dict[str, Alert]) -> None:
    late = found["retard/ct1-plan-d-aou/EQ5a"]
    days = [french.day(day) for day in (date(2022, 6, 24), date(2021, 7, 1), date(2022, 12, 31))]
    # The share is that of the last day told, with the dates that it is counted on: it was that of the page (67 %).
    clock = "52\u202f% de l’objectif, 65\u202f% attendus au {} (du {} au {}).".format(*days)
    assert late.association == "ifac"
    # What its narrative says stops the connection, not these: it was told here of another axis than the one late.
    assert late.why == f"{clock} Cause non donnée."
    assert "Cause : La ligne de l’expérimentation ne finance que" in found["retard/ct2-pays-d-aix/CO4"].why
    martigues = found["retard/ct6-pays-de-martigues/EQ5a"]
    assert f"39\u202f% attendus au {french.day(date(2022, 3, 31))}" in martigues.why
    assert "retard/ct6-pays-de-martigues/AC6" not in found, "on time by its own clock"
    assert "retard/ct3-pays-salonais/EQ5a" not in found, "on time"


def test_sown_defects_are_points(found: dict[str, Alert]) -> None:
    counts = {code.split("/")[1]: len(one.subjects) for code, one in found.items() if one.kind is AlertType.RULE}
    assert counts["famille_hors_qpv"] == 3
    assert counts["valeur_superieure_a_300"] == 2
    assert counts["remise_sans_preuve_effacement"] == 2
    assert counts["transfert_non_confirme"] == 14 + 9


def test_payments_beyond_the_vote_are_a_point(told: Store) -> None:
    def beyond() -> list[Alert]:
        known = alerts.find(registry(), told, Monitor(registry(), told, today=TODAY), today=TODAY)
        return [one for one in known if "versements_au_dela_du_vote" in one.code]

    assert beyond() == []
    row = {"ligne": "ifac", "date": date(2022, 7, 4), "montant": 800_000, "nature": "solde", "reference": "M-99"}
    saved = submit.save_rows(Scope(registry(), told, LEAD, AT), "metropole", "versements", [row])
    [point] = beyond()
    assert (point.association, point.subjects, point.title) == ("ifac", ("ifac",), "IFAC : versements au-delà du vote")
    assert "de trop" in point.why and "votés" in point.why
    with told.writing(LEAD, AT) as writing:
        writing.undo(saved.revision or 0)
    assert beyond() == []


def test_what_is_blocked_says_its_cause(found: dict[str, Alert]) -> None:
    (blocked,) = [one for one in found.values() if one.kind is AlertType.BLOCKED]
    assert blocked.experiment == "ct1-plan-d-aou" and "bailleur B" in blocked.why


def test_financial_report_that_is_late_is_asked_of_its_association(found: dict[str, Alert]) -> None:
    (report,) = [one for one in found.values() if one.kind is AlertType.REPORT]
    assert (report.association, report.since) == ("ifac", date(2022, 6, 30))
    assert "5 jours" in report.why.replace("\u00a0", " ")


def test_commitments_without_rows_are_one_point_per_experiment(found: dict[str, Alert]) -> None:
    lacking = found["engagement/ct1-plan-d-aou"]
    assert lacking.title.startswith("Plan d’Aou") and len(lacking.subjects) == 3


def test_nothing_is_invented_before_any_deposit() -> None:
    empty = empty_context()
    kinds = {one.kind for one in alerts.find(empty.registry, empty.store, empty.monitor, today=empty.today)}
    assert kinds == set(), "no target, no date, no payment is known: nothing has begun, nothing is asked"


def agreement(association: str, signed: date, end: date | None = None) -> dict[str, object]:
    return {"association": association, "date_signature": signed, "fin_exercice": end}


def document(association: str, year: int, line: str | None = None, kind: str = finding.REPORT) -> dict[str, object]:
    return {"association": association, "type": kind, "exercice": year, "ligne": line}


def test_a_financial_report_falls_due_by_law_without_a_typed_row() -> None:
    signed = agreement("ifac", date(2021, 9, 14), date(2021, 12, 31))
    assert list(finding.reports([signed], [], date(2022, 5, 30))) == [], "more than a month ahead"
    [point] = finding.reports([signed], [], TODAY)
    assert (point.kind, point.association, point.since) == (AlertType.REPORT, "ifac", date(2022, 6, 30))
    assert "loi du 12 avril 2000, article 10" in point.why
    assert list(finding.reports([signed], [document("ifac", 2021)], TODAY)) == [], "a typed row has its own point"
    assert list(finding.reports([signed], [document("ifac", 2020)], TODAY)) == [point], "of another year"
    assert list(finding.reports([signed], [document("ifac", 2021, kind="rapport d’activité")], TODAY)) == [point]
    assert list(finding.reports([agreement("ifac", date(2021, 9, 14))], [], TODAY)) == [], "no year is known"


def test_each_line_of_an_agreement_owes_its_report() -> None:
    signed = agreement("anonymal", date(2021, 9, 14), date(2021, 12, 31))
    [point] = finding.reports([signed], [document("anonymal", 2021, "anonymal-ct2")], TODAY)
    assert point.subjects == ("anonymal-ct3",)


def test_an_agreement_above_the_threshold_is_published_within_three_months() -> None:
    signed = [agreement(code, date(2021, 9, 30)) for code in ("anonymal", "arsenic", "ifac", "point-formation")]
    assert list(finding.publications(signed, date(2021, 11, 29))) == []
    points = {one.association: one for one in finding.publications(signed, TODAY)}
    assert set(points) == {"anonymal", "arsenic"}, "20 000 and 6 000 euros are below 23 000"
    assert points["anonymal"].since == date(2021, 12, 31), "the end of a month stays the end of a month"
    assert "décrets 2001-495 et 2017-779" in points["anonymal"].why


def test_the_demonstration_has_its_two_agreements_to_publish(found: dict[str, Alert]) -> None:
    assert {one.association for one in found.values() if one.kind is AlertType.PUBLICATION} == {"anonymal", "arsenic"}


def test_nothing_is_asked_of_an_experiment_before_its_first_day(tmp_path: Path) -> None:
    """Nobody handed anything in; two experiments have their dates, one of them in the future."""
    copied(empty_url(), tmp_path / "vide.sqlite3")
    with Store.open(f"sqlite:///{tmp_path / 'vide.sqlite3'}") as store:
        schema_setup.prepare(registry(), store, at=NOW)
        rows = [
            {"experience": code, "debut": start, "fin": date(2022, 12, 31)}
            for code, start in (("ct1-frais-vallon", date(2021, 9, 1)), ("ct1-plan-d-aou", date(2022, 8, 1)))
        ]
        submit.save_rows(Scope(registry(), store, LEAD, AT), "metropole", "dates_experimentations", rows)
        known = alerts.find(registry(), store, Monitor(registry(), store, today=TODAY), today=TODAY)
        assert {one.experiment for one in known if one.kind is AlertType.COMMITMENT} == {"ct1-frais-vallon"}


def test_a_point_is_taken_then_closed_and_opens_again_when_rows_change(told: Store, found: dict[str, Alert]) -> None:
    point = found["regle/famille_hors_qpv/materiel/ct2-pays-d-aix/anonymal"]
    said = {"actor": LEAD, "now": AT}
    alerts.treat(acting(told, **said), point, owner="Karim", note="À porter au comité", due=date(2022, 7, 7))
    taken, *_ = alerts.followed(told, [point])
    assert (taken.status, taken.follow_up.owner, taken.follow_up.actor) == (Status.TAKEN, "Karim", LEAD.name)
    assert not taken.overdue(date(2022, 7, 7)) and taken.overdue(date(2022, 7, 8))
    alerts.treat(acting(told, **said), point, owner="Karim", note="Décision du comité", due=None, closed=True)
    closed, *_ = alerts.followed(told, [point])
    assert closed.status is Status.CLOSED
    other = Alert(point.code, point.kind, point.title, point.why, subjects=(*point.subjects, "une de plus"))
    again, *_ = alerts.followed(told, [other])
    assert again.reopened and again.status is Status.TAKEN
    assert [one.closed for one in history(told, point.code)][-2:] == [False, True]
    told.journal.verify()


def test_a_word_is_taken_back_once_and_only_while_it_is_the_last(told: Store, found: dict[str, Alert]) -> None:
    """« Annuler » pressed twice, or in two tabs, neither brings back what it undid nor undoes what was said before."""
    point, lead = found["regle/famille_hors_qpv/materiel/ct2-pays-d-aix/anonymal"], acting(told, LEAD, AT)
    before = history(told, point.code)
    first = alerts.treat(lead, point, owner="Karim", note="", due=None)
    second = alerts.assign(lead, alerts.followed(told, [point])[:1], owner="Inès", due=None)
    with pytest.raises(Refused, match="écrit depuis"):
        alerts.take_back(lead, first)
    alerts.take_back(lead, second)
    with pytest.raises(Refused, match="déjà annulé"):
        alerts.take_back(lead, second)
    assert alerts.followed(told, [point])[0].follow_up.owner == "Karim"
    alerts.take_back(lead, first)
    assert history(told, point.code) == before


def test_an_end_needs_a_word(told: Store, found: dict[str, Alert]) -> None:
    with pytest.raises(Refused, match="ce qui a été fait"):
        alerts.treat(acting(told, LEAD, AT), next(iter(found.values())), owner="", note=" ", due=None, closed=True)


@pytest.mark.parametrize("who", [Actor("Élue", Role.COMMITTEE), Actor("Claire", Role.ASSOCIATION, "ifac")])
def test_only_the_lead_treats(told: Store, found: dict[str, Alert], who: Actor) -> None:
    with pytest.raises(Forbidden):
        alerts.treat(acting(told, who, AT), next(iter(found.values())), owner="", note="", due=None)
    with pytest.raises(Forbidden):
        alerts.add_risk(Scope(registry(), told, who, AT), "Grève", "", None)


def test_a_risk_is_written_down_followed_and_dropped(told: Store) -> None:
    code = alerts.add_risk(
        Scope(registry(), told, LEAD, AT), "Départ de l’animatrice", "Contrat jusqu’en août", "ct1-frais-vallon"
    )
    *_, risk = alerts.followed(told, [])
    assert (risk.alert.code, risk.alert.kind, risk.status) == (code, AlertType.RISK, Status.NEW)
    with pytest.raises(Refused, match="pourquoi"):
        alerts.drop_risk(acting(told, LEAD, AT), code, "")
    alerts.drop_risk(acting(told, LEAD, AT), code, "Contrat prolongé")
    assert code not in {one.alert.code for one in alerts.followed(told, [])}
    with pytest.raises(UnknownName):
        alerts.drop_risk(acting(told, LEAD, AT), code, "encore")
    alerts.restore_risk(acting(told, LEAD, AT), code)
    assert alerts.followed(told, [])[-1].alert.title == risk.alert.title
    alerts.drop_risk(acting(told, LEAD, AT), code, "Contrat prolongé")
    with pytest.raises(UnknownName):
        alerts.restore_risk(acting(told, LEAD, AT), "risque/99")
