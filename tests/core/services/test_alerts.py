"""What demands an action on the fictitious 5 July 2022, and what people make of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest

from core.demonstration import TODAY, people
from core.domain.actor import Actor, Role
from core.errors import Forbidden, Refused, UnknownName
from core.services import alerts, opening, submissions
from core.services.alerts import Alert, Kind, Status
from core.services.alerts.treating import history
from core.services.monitoring import Monitor
from core.storage import Store
from tests.support.filled import NOW, copied, demonstration_url, empty_context, registry

AT = datetime(2022, 7, 5, 10, tzinfo=UTC)
LEAD = people.LEAD


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """The demonstration, in a store that these tests may write in."""
    path = tmp_path_factory.mktemp("alerts") / "fabrique.sqlite3"
    copied(demonstration_url(), path)
    with Store.open(f"sqlite:///{path}") as store:
        opening.prepare(registry(), store, at=NOW)
        yield store


@pytest.fixture(scope="module")
def found(told: Store) -> dict[str, Alert]:
    monitor = Monitor(registry(), told, today=TODAY)
    return {one.code: one for one in alerts.find(registry(), told, monitor, today=TODAY)}


def test_off_track_figures_are_told_with_their_gap(found: dict[str, Alert]) -> None:
    late = found["retard/ct1-plan-d-aou/EQ5a"]
    assert (late.association, late.why) == (
        "ifac",
        "52\u202f% de l’objectif, 67\u202f% attendus au 5\xa0juillet\xa02022.",
    )
    assert "retard/ct3-pays-salonais/EQ5a" not in found, "on time"


def test_sown_defects_are_points(found: dict[str, Alert]) -> None:
    counts = {code.split("/")[1]: len(one.subjects) for code, one in found.items() if one.kind is Kind.RULE}
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
    saved = submissions.save_rows(registry(), told, "metropole", "versements", [row], actor=LEAD, at=AT)
    [point] = beyond()
    assert (point.association, point.subjects, point.title) == ("ifac", ("ifac",), "IFAC : versements au-delà du vote")
    assert "de trop" in point.why and "votés" in point.why
    with told.writing(LEAD, AT) as writing:
        writing.undo(saved.revision or 0)
    assert beyond() == []


def test_what_is_blocked_says_its_cause(found: dict[str, Alert]) -> None:
    (blocked,) = [one for one in found.values() if one.kind is Kind.BLOCKED]
    assert blocked.experiment == "ct1-plan-d-aou" and "bailleur B" in blocked.why


def test_financial_report_that_is_late_is_asked_of_its_association(found: dict[str, Alert]) -> None:
    (report,) = [one for one in found.values() if one.kind is Kind.REPORT]
    assert (report.association, report.since) == ("ifac", date(2022, 6, 30))
    assert "5 jours" in report.why.replace("\u00a0", " ")


def test_commitments_without_rows_are_one_point_per_experiment(found: dict[str, Alert]) -> None:
    lacking = found["engagement/ct1-plan-d-aou"]
    assert lacking.title.startswith("Plan d’Aou") and len(lacking.subjects) == 3


def test_nothing_is_invented_before_any_deposit() -> None:
    empty = empty_context()
    kinds = {one.kind for one in alerts.find(empty.registry, empty.store, empty.monitor, today=empty.today)}
    assert kinds <= {Kind.COMMITMENT}, "no target, no date, no payment is known"


def test_a_point_is_taken_then_closed_and_opens_again_when_rows_change(told: Store, found: dict[str, Alert]) -> None:
    point = found["regle/famille_hors_qpv/materiel/ct2-pays-d-aix/anonymal"]
    said = {"actor": LEAD, "at": AT}
    alerts.treat(told, point, owner="Karim", note="À porter au comité", due=date(2022, 7, 7), **said)
    taken, *_ = alerts.followed(told, [point])
    assert (taken.status, taken.follow_up.owner, taken.follow_up.actor) == (Status.TAKEN, "Karim", LEAD.name)
    assert not taken.overdue(date(2022, 7, 7)) and taken.overdue(date(2022, 7, 8))
    alerts.treat(told, point, owner="Karim", note="Décision du comité", due=None, closed=True, **said)
    closed, *_ = alerts.followed(told, [point])
    assert closed.status is Status.CLOSED
    other = Alert(point.code, point.kind, point.title, point.why, subjects=(*point.subjects, "une de plus"))
    again, *_ = alerts.followed(told, [other])
    assert again.reopened and again.status is Status.TAKEN
    assert [one.closed for one in history(told, point.code)][-2:] == [False, True]
    told.journal.verify()


def test_an_end_needs_a_word(told: Store, found: dict[str, Alert]) -> None:
    with pytest.raises(Refused, match="ce qui a été fait"):
        alerts.treat(told, next(iter(found.values())), owner="", note=" ", due=None, closed=True, actor=LEAD, at=AT)


@pytest.mark.parametrize("who", [Actor("Élue", Role.COMMITTEE), Actor("Claire", Role.ASSOCIATION, "ifac")])
def test_only_the_lead_treats(told: Store, found: dict[str, Alert], who: Actor) -> None:
    with pytest.raises(Forbidden):
        alerts.treat(told, next(iter(found.values())), owner="", note="", due=None, actor=who, at=AT)
    with pytest.raises(Forbidden):
        alerts.add_risk(registry(), told, "Grève", "", None, actor=who, at=AT)


def test_a_risk_is_written_down_followed_and_dropped(told: Store) -> None:
    code = alerts.add_risk(
        registry(), told, "Départ de l’animatrice", "Contrat jusqu’en août", "ct1-frais-vallon", actor=LEAD, at=AT
    )
    *_, risk = alerts.followed(told, [])
    assert (risk.alert.code, risk.alert.kind, risk.status) == (code, Kind.RISK, Status.NEW)
    with pytest.raises(Refused, match="pourquoi"):
        alerts.drop_risk(told, code, "", actor=LEAD, at=AT)
    alerts.drop_risk(told, code, "Contrat prolongé", actor=LEAD, at=AT)
    assert code not in {one.alert.code for one in alerts.followed(told, [])}
    with pytest.raises(UnknownName):
        alerts.drop_risk(told, code, "encore", actor=LEAD, at=AT)
