"""What demands an action: found in figures, relevés, money and rows, or due by law."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from core import reporting
from core.alerts.alert import Alert, AlertType
from core.alerts.attention import PointToTreat, points_to_treat
from core.catalogue.lead import FINANCIAL_REPORT as REPORT
from core.checking import waiting
from core.contract import Registry
from core.deliberation import ASSOCIATIONS, CONVENTIONS, LINES
from core.depositing.reference_tables import orphan_thresholds
from core.domain import french
from core.domain.calendar import AGREEMENT_THRESHOLD, is_published, publication_due, report_due
from core.domain.dataset import Hand, Row, RowDict
from core.domain.figure_text import delay_text
from core.domain.observation import Cell, Progress
from core.domain.programme import METROPOLE, Experiment
from core.figures import Monitor
from core.figures.commitments import CommitmentStatus, Kept, matrix
from core.money.ledger import Ledger, read_ledger
from core.reading.problems import expectation
from core.storage import Store
from core.storage.rows import RowsWanted

SOON = 30
"""Days before its due date that a missing document is announced."""


def awaited(day: date, today: date) -> str:
    """« Attendu le 30 juin 2022, il y a 5 jours ; pas reçu. »."""
    if day >= today:
        return f"Dû le {french.day(day)}, pas encore reçu."
    return f"Attendu le {french.day(day)}, il y a {french.count((today - day).days, 'jour')} ; pas reçu."


def reports(agreements: Sequence[Row], documents: Sequence[Row], today: date) -> Iterator[Alert]:
    """The financial report of each subsidy, six months after the year of its agreement, while no row tells of it."""
    for row in agreements:
        code, end = row["association"], row["fin_exercice"]
        if end is None or (report_due(end) - today).days > SOON:
            continue
        told = [one for one in documents if _tells(one, code, end.year)]
        lines = [line for line in LINES.values() if line.association == code]
        left = [line for line in lines if all(one["ligne"] not in (None, line.code) for one in told)]
        if not left:
            continue
        of_lines = f" ({french.listing(line.purpose for line in left)})" if told else ""
        yield Alert(
            f"{AlertType.REPORT}/loi/{code}/{end.year}",
            AlertType.REPORT,
            f"{ASSOCIATIONS[code].name} : {REPORT} {end.year}{of_lines}",
            f"{awaited(report_due(end), today)} L’exercice finit le {french.day(end)}, et le compte rendu est dû dans "
            "les six mois (loi du 12 avril 2000, article 10).",
            "Relancez l’association ; quand le document arrive, inscrivez-le dans « Pièces attendues et reçues ».",
            None,
            code,
            tuple(line.code for line in left),
            since=report_due(end),
            names=tuple(line.purpose for line in left),
        )


def publications(agreements: Sequence[Row], today: date) -> Iterator[Alert]:
    """The essential data of each agreement above the threshold, three months after its signature.

    Nothing records a publication: the point is closed by whoever published, with the place and the day.
    """
    for row in agreements:
        code, day = row["association"], publication_due(row["date_signature"])
        voted = CONVENTIONS[code].cents
        if not is_published(voted) or (day - today).days > SOON:
            continue
        late = f"depuis {french.count((today - day).days, 'jour')}" if day < today else "bientôt"
        yield Alert(
            f"{AlertType.PUBLICATION}/{code}/{row['date_signature'].isoformat()}",
            AlertType.PUBLICATION,
            f"{ASSOCIATIONS[code].name} : données de la convention à publier",
            f"À publier le {french.day(day)} au plus tard, {late} : trois mois après la signature, pour une subvention "
            f"de plus de {french.euros(AGREEMENT_THRESHOLD)} (décrets 2001-495 et 2017-779). "
            f"{french.euros(voted)} votés, convention signée le {french.day(row['date_signature'])}.",
            "Téléchargez le fichier dans « Documents », publiez-le, puis closez ce point en écrivant où et quand.",
            None,
            code,
            since=day,
        )


def _tells(document: Row, association: str, year: int) -> bool:
    return document["association"] == association and document["type"] == REPORT and document["exercice"] == year


# --- The alerts that the state of the programme gives by itself, on a day --------------------------


@dataclass(frozen=True, slots=True)
class FindingScope:
    """From where one looks: the programme, its figures, the day, its money on that day."""

    registry: Registry
    store: Store
    monitor: Monitor
    today: date
    ledger: Ledger
    below: int = 0

    def rows(self, dataset: str) -> list[RowDict]:
        """What the project lead holds."""
        return self.store.rows(METROPOLE, dataset).to_dicts()


def find(registry: Registry, store: Store, monitor: Monitor, *, today: date, below: int = 0) -> tuple[Alert, ...]:
    """Every alert of the day, kind after kind, in the order of the experiments; no count of people under ``below``."""
    sight = FindingScope(registry, store, monitor, today, read_ledger(store, until=today), below)
    parts = (
        _late_data,
        _left_behind,
        _off_track,
        _blocked,
        _rules,
        _orphans,
        _overpaid,
        _commitments,
        _documents,
        _reports,
        _unpaid,
        _publications,
        _plugins,
    )
    return tuple(alert for part in parts for alert in part(sight))


def _late_data(sight: FindingScope) -> Iterator[Alert]:
    for one in reporting.board(sight.registry, sight.store, sight.today):
        if one.awaited:
            name = sight.registry.experiment(one.experiment).short_title
            yield Alert(
                f"{AlertType.LATE_DATA}/{one.subject}",
                AlertType.LATE_DATA,
                f"{name} : relevé du {one.period.label} attendu",
                f"Attendu depuis le {french.day(one.due)}, soit {french.count(one.days_late, 'jour')} de retard.",
                "Relancez l’association, ou saisissez ses chiffres pour son compte.",
                one.experiment,
                one.association,
                since=one.due,
            )


def _left_behind(sight: FindingScope) -> Iterator[Alert]:
    """Rows that a deposit left behind: what the figures do not count, and who has to correct them."""
    for association in sight.registry.associations:
        for code, count in waiting.counted(sight.store, association.code).items():
            title = sight.registry.dataset(association.code, code).title
            yield Alert(
                f"{AlertType.LATE_DATA}/a-corriger/{association.code}/{code}",
                AlertType.LATE_DATA,
                f"{association.name} : {french.count(count, 'ligne', 'lignes')} de « {title} » à corriger",
                "Le dépôt a gardé les lignes valides ; celles-ci attendent, et les chiffres ne les comptent pas.",
                "L’association les corrige ou les laisse tomber, depuis « Mes données ».",
                None,
                association.code,
                dataset=code,
            )


def _off_track(sight: FindingScope) -> Iterator[Alert]:
    compared = sight.monitor.compare(until=sight.today)
    for experiment in compared.experiments:
        for indicator in compared.indicators:
            cell = compared.cells[indicator.code, experiment.code]
            if cell.standing.progress is Progress.LATE:
                yield Alert(
                    f"{AlertType.OFF_TRACK}/{experiment.code}/{indicator.code}",
                    AlertType.OFF_TRACK,
                    f"{experiment.short_title} : {french.lower_first(indicator.label)} en retard",
                    delay_text(cell.standing),
                    _next(cell),
                    experiment.code,
                    experiment.association.code,
                )


def _next(cell: Cell) -> str:
    if cell.standing.cause:
        return "Écrivez avec l’association la prochaine action, et qui la suit."
    return "Cherchez la cause avec l’association, puis écrivez la prochaine action."


_STOPPED = RowsWanted(equal={"statut": "Bloqué"})


def _blocked(sight: FindingScope) -> Iterator[Alert]:
    for association in sight.registry.associations:
        if all(one.code != "jalons" for one in sight.registry.datasets(association.code)):
            continue
        for row in sight.store.rows(association.code, "jalons", wanted=_STOPPED).to_dicts():
            if row["date_reelle"] is None:
                yield _milestone(sight, association.code, row)


def _milestone(sight: FindingScope, association: str, row: RowDict) -> Alert:
    code = row["_experiment"]
    name = sight.registry.experiment(code).short_title if code else sight.registry.association(association).name
    return Alert(
        f"{AlertType.BLOCKED}/{association}/{row['_key']}",
        AlertType.BLOCKED,
        f"{name} : {row['libelle']}",
        f"Cause : {row['cause'] or 'à écrire'}",
        f"Prochaine action : {row['prochaine_action'] or 'à écrire'}",
        code,
        association,
        (str(row["_key"]),),
        "jalons",
        names=(row["libelle"],),
    )


def _rules(sight: FindingScope) -> Iterator[Alert]:
    for point in (one.masked(sight.below) for one in points_to_treat(sight.registry, sight.store)):
        yield Alert(
            code_of(point),
            AlertType.RULE,
            _placed(sight, point),
            f"{point.rows}. {expectation(point.expected)}",
            point.remedy,
            point.experiment,
            point.association,
            point.subjects,
            point.dataset,
            names=point.names,
            shown_to=point.hand,
        )


def code_of(point: PointToTreat) -> str:
    """The name of the alert that a point makes."""
    whose = "/".join(part or "programme" for part in (point.experiment, point.association))
    return f"{AlertType.RULE}/{point.code}/{point.dataset}/{whose}"


def _placed(sight: FindingScope, point: PointToTreat) -> str:
    """« Pays d’Aix : remises à une famille hors quartier prioritaire »."""
    if point.experiment is None:
        return point.title
    return f"{sight.registry.experiment(point.experiment).short_title} : {french.lower_first(point.title)}"


def _orphans(sight: FindingScope) -> Iterator[Alert]:
    for association, building in orphan_thresholds(sight.registry, sight.store):
        yield Alert(
            f"{AlertType.RULE}/seuil_sans_immeuble/seuils/{association}/{building}",
            AlertType.RULE,
            f"{_body(association)} : seuil sans immeuble ({building})",
            f"Un seuil d’accord est fixé pour « {building} », et aucun immeuble ne porte ce code.",
            "Si l’immeuble a changé de code, renommez-le dans le registre des seuils ; sinon, retirez ce seuil.",
            None,
            association,
            (building,),
            "seuils",
            shown_to=Hand.LEAD,
        )


def _overpaid(sight: FindingScope) -> Iterator[Alert]:
    for state in sight.ledger.lines:
        if state.to_pay < 0:
            line = state.line
            yield Alert(
                f"{AlertType.RULE}/versements_au_dela_du_vote/versements/{line.code}",
                AlertType.RULE,
                f"{_body(line.association)} : versements au-delà du vote",
                f"{french.euros(state.paid or 0)} versés pour {french.euros(state.voted)} votés, "
                f"soit {french.euros(-state.to_pay)} de trop.",
                "Vérifiez les versements inscrits ; la délibération n’accorde pas davantage.",
                None,
                line.association,
                (line.code,),
                "versements",
                names=(line.purpose,),
                shown_to=Hand.COMMITTEE,
            )


def _commitments(sight: FindingScope) -> Iterator[Alert]:
    found = matrix(sight.monitor, sight.registry.experiments, until=sight.today)
    starts = {row["experience"]: row["debut"] for row in sight.rows("dates_experimentations")}
    for experiment in sight.registry.experiments:
        mine = [one for (_, code), one in found.items() if code == experiment.code]
        lacking = [one.commitment.title for one in mine if one.state in (Kept.NOTHING_YET, Kept.NOT_REPORTED)]
        if lacking and _begun(starts.get(experiment.code), mine, sight.today):
            yield _lacking(experiment, lacking)


def _begun(start: date | None, mine: list[CommitmentStatus], today: date) -> bool:
    """Whether something can be asked: its first day has come or, while nobody wrote it, rows were handed in."""
    if start is not None:
        return start <= today
    return any(one.state in (Kept.SHOWN, Kept.NOTHING_YET) for one in mine)


def _lacking(experiment: Experiment, lacking: list[str]) -> Alert:
    number = french.count(len(lacking), "engagement sans preuve", "engagements sans preuve")
    return Alert(
        f"{AlertType.COMMITMENT}/{experiment.code}",
        AlertType.COMMITMENT,
        f"{experiment.short_title} : {number}",
        f"{french.listing(lacking)}.",
        "Demandez à l’association les lignes qui le montrent, ou ce qui l’empêche.",
        experiment.code,
        experiment.association.code,
        tuple(lacking),
    )


def _documents(sight: FindingScope) -> Iterator[Alert]:
    for row in sight.rows("pieces"):
        if row["recue_le"] is None and (row["echeance"] - sight.today).days <= SOON:
            yield Alert(
                f"{AlertType.REPORT}/{row['_key']}",
                AlertType.REPORT,
                f"{_body(row['association'])} : {row['type']} {row['exercice']}",
                awaited(row["echeance"], sight.today),
                "Relancez l’association : sans cette pièce, le solde ne peut pas être versé.",
                None,
                row["association"],
                since=row["echeance"],
            )


def _reports(sight: FindingScope) -> Iterator[Alert]:
    return reports(sight.rows("conventions"), sight.rows("pieces"), sight.today)


def _publications(sight: FindingScope) -> Iterator[Alert]:
    return publications(sight.rows("conventions"), sight.today)


def _unpaid(sight: FindingScope) -> Iterator[Alert]:
    paid = {
        LINES[row["ligne"]].association
        for row in sight.rows("versements")
        if row["montant"] > 0 and row["date"] <= sight.today
    }
    for row in sight.rows("conventions"):
        code, signed = row["association"], row["date_signature"]
        if signed <= sight.today and code not in paid:
            days = french.count((sight.today - signed).days, "jour")
            yield Alert(
                f"{AlertType.UNPAID}/{code}",
                AlertType.UNPAID,
                f"{_body(code)} : rien n’est versé",
                f"Convention signée le {french.day(signed)}, il y a {days}.",
                "Vérifiez le versement avec les finances, puis inscrivez-le.",
                None,
                code,
                since=signed,
            )


def _plugins(sight: FindingScope) -> Iterator[Alert]:
    for failure in sight.registry.failures:
        yield Alert(
            f"{AlertType.PLUGIN}/{failure.plugin}/{failure.stage}",
            AlertType.PLUGIN,
            f"{failure.plugin} en panne",
            str(failure.reason),
            str(failure.remedy),
        )


def _body(code: str) -> str:
    found = ASSOCIATIONS.get(code)
    return found.name if found else code
