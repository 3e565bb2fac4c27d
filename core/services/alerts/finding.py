"""The alerts that the state of the programme gives by itself, on a day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from core.deliberation import ASSOCIATIONS
from core.domain import french
from core.domain.experiment import METROPOLE, Experiment
from core.domain.observation import Cell, Progress
from core.registry import Registry
from core.services import releves
from core.services.alerts.alert import Alert, Kind
from core.services.attention import Point, points_to_treat
from core.services.commitments import Kept, matrix
from core.services.ledger import Ledger, read_ledger
from core.services.reading.wording import expectation
from core.storage import Store

SOON = 30
"""Days before its due date that a missing document is announced."""


@dataclass(frozen=True, slots=True)
class Sight:
    """From where one looks: the programme, its figures, the day, its money on that day."""

    registry: Registry
    store: Store
    monitor: Any
    today: date
    ledger: Ledger

    def rows(self, dataset: str) -> list[dict[str, Any]]:
        """What the project lead holds."""
        return self.store.rows(METROPOLE, dataset).to_dicts()


def find(registry: Registry, store: Store, monitor: Any, *, today: date) -> tuple[Alert, ...]:
    """Every alert of the day, kind after kind, in the order of the experiments."""
    sight = Sight(registry, store, monitor, today, read_ledger(store, until=today))
    parts = (_late_data, _off_track, _blocked, _rules, _overpaid, _commitments, _documents, _unpaid, _plugins)
    return tuple(alert for part in parts for alert in part(sight))


def _late_data(sight: Sight) -> Iterator[Alert]:
    for one in releves.board(sight.registry, sight.store, sight.today):
        if one.awaited:
            name = sight.registry.experiment(one.experiment).short_title
            yield Alert(
                f"{Kind.LATE_DATA}/{one.subject}",
                Kind.LATE_DATA,
                f"{name} : relevé du {one.period.label} attendu",
                f"Attendu depuis le {french.day(one.due)}, soit {french.count(one.days_late, 'jour')} de retard.",
                "Relancez l’association, ou saisissez ses chiffres pour son compte.",
                one.experiment,
                one.association,
                since=one.due,
            )


def _off_track(sight: Sight) -> Iterator[Alert]:
    compared = sight.monitor.compare(until=sight.today)
    for experiment in compared.experiments:
        for indicator in compared.indicators:
            cell = compared.cells[indicator.code, experiment.code]
            if cell.standing.progress is Progress.LATE:
                yield Alert(
                    f"{Kind.OFF_TRACK}/{experiment.code}/{indicator.code}",
                    Kind.OFF_TRACK,
                    f"{experiment.short_title} : {indicator.label.lower()} en retard",
                    _gap(cell, compared.until),
                    "Cherchez la cause avec l’association, puis écrivez la prochaine action.",
                    experiment.code,
                    experiment.association.code,
                )


def _gap(cell: Cell, day: date) -> str:
    standing = cell.standing
    done, expected = (french.percent(100 * (value or 0)) for value in (standing.done, standing.expected))
    return f"{done} de l’objectif, {expected} attendus au {french.day(day)}."


def _blocked(sight: Sight) -> Iterator[Alert]:
    for association in sight.registry.associations:
        if all(one.code != "jalons" for one in sight.registry.datasets(association.code)):
            continue
        for row in sight.store.rows(association.code, "jalons").to_dicts():
            if row["statut"] == "Bloqué" and row["date_reelle"] is None:
                yield _milestone(sight, association.code, row)


def _milestone(sight: Sight, association: str, row: dict[str, Any]) -> Alert:
    code = row["_experiment"]
    name = sight.registry.experiment(code).short_title if code else sight.registry.association(association).name
    return Alert(
        f"{Kind.BLOCKED}/{association}/{row['_key']}",
        Kind.BLOCKED,
        f"{name} : {row['libelle']}",
        f"Cause : {row['cause'] or 'à écrire'}",
        f"Prochaine action : {row['prochaine_action'] or 'à écrire'}",
        code,
        association,
        (str(row["_key"]),),
        "jalons",
    )


def _rules(sight: Sight) -> Iterator[Alert]:
    for point in points_to_treat(sight.registry, sight.store):
        whose = "/".join(part or "programme" for part in (point.experiment, point.association))
        yield Alert(
            f"{Kind.RULE}/{point.code}/{point.dataset}/{whose}",
            Kind.RULE,
            _placed(sight, point),
            f"{french.count(point.count, 'ligne')}. {expectation(point.expected)}",
            point.remedy,
            point.experiment,
            point.association,
            point.subjects,
            point.dataset,
        )


def _placed(sight: Sight, point: Point) -> str:
    """« Pays d’Aix : remises à une famille hors quartier prioritaire »."""
    if point.experiment is None:
        return point.title
    return f"{sight.registry.experiment(point.experiment).short_title} : {point.title[:1].lower()}{point.title[1:]}"


def _overpaid(sight: Sight) -> Iterator[Alert]:
    for state in sight.ledger.lines:
        if state.to_pay < 0:
            line = state.line
            yield Alert(
                f"{Kind.RULE}/versements_au_dela_du_vote/versements/{line.code}",
                Kind.RULE,
                f"{_body(line.association)} : versements au-delà du vote",
                f"{french.euros(state.paid or 0)} versés pour {french.euros(state.voted)} votés, "
                f"soit {french.euros(-state.to_pay)} de trop.",
                "Vérifiez les versements inscrits ; la délibération n’accorde pas davantage.",
                None,
                line.association,
                (line.code,),
                "versements",
            )


def _commitments(sight: Sight) -> Iterator[Alert]:
    found = matrix(sight.monitor, sight.registry.experiments, until=sight.today)
    for experiment in sight.registry.experiments:
        lacking = [
            one.commitment.title
            for (_, code), one in found.items()
            if code == experiment.code and one.state in (Kept.NOTHING_YET, Kept.NOT_REPORTED)
        ]
        if lacking:
            yield _lacking(experiment, lacking)


def _lacking(experiment: Experiment, lacking: list[str]) -> Alert:
    number = french.count(len(lacking), "engagement sans preuve", "engagements sans preuve")
    return Alert(
        f"{Kind.COMMITMENT}/{experiment.code}",
        Kind.COMMITMENT,
        f"{experiment.short_title} : {number}",
        f"{french.listing(lacking)}.",
        "Demandez à l’association les lignes qui le montrent, ou ce qui l’empêche.",
        experiment.code,
        experiment.association.code,
        tuple(lacking),
    )


def _documents(sight: Sight) -> Iterator[Alert]:
    for row in sight.rows("pieces"):
        if row["recue_le"] is None and (row["echeance"] - sight.today).days <= SOON:
            yield Alert(
                f"{Kind.REPORT}/{row['_key']}",
                Kind.REPORT,
                f"{_body(row['association'])} : {row['type']} {row['exercice']}",
                _awaited(row["echeance"], sight.today),
                "Relancez l’association : sans cette pièce, le solde ne peut pas être versé.",
                None,
                row["association"],
                since=row["echeance"],
            )


def _awaited(due: date, today: date) -> str:
    if due >= today:
        return f"Dû le {french.day(due)}, pas encore reçu."
    return f"Attendu le {french.day(due)}, il y a {french.count((today - due).days, 'jour')} ; pas reçu."


def _unpaid(sight: Sight) -> Iterator[Alert]:
    for row in sight.rows("conventions"):
        code, signed = row["association"], row["date_signature"]
        if signed <= sight.today and not any(state.paid for state in sight.ledger.of_association(code)):
            days = french.count((sight.today - signed).days, "jour")
            yield Alert(
                f"{Kind.UNPAID}/{code}",
                Kind.UNPAID,
                f"{_body(code)} : rien n’est versé",
                f"Convention signée le {french.day(signed)}, il y a {days}.",
                "Vérifiez le versement avec les finances, puis inscrivez-le.",
                None,
                code,
                since=signed,
            )


def _plugins(sight: Sight) -> Iterator[Alert]:
    for failure in sight.registry.failures:
        yield Alert(
            f"{Kind.PLUGIN}/{failure.plugin}/{failure.stage}",
            Kind.PLUGIN,
            f"{failure.plugin} en panne",
            str(failure.reason),
            str(failure.remedy),
        )


def _body(code: str) -> str:
    found = ASSOCIATIONS.get(code)
    return found.name if found else code
