"""What each address answers, as plain data; the figures are those of the screens, never computed again here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from core.committee.meetings import meetings, snapshot_of
from core.contract import Registry
from core.disclosure import Concealed, concealed, published
from core.domain.access import Action
from core.domain.calendar import Period
from core.domain.indicator import Indicator
from core.domain.meeting import Freeze, Meeting, Stage
from core.domain.observation import Observation
from core.domain.programme import METROPOLE, Experiment
from core.errors import UnknownName
from core.exports.csv import as_dict
from core.exports.programme import programme_document
from core.figures import commitments
from core.figures import definitions as formulas
from core.money.ledger import LineState, read_ledger
from core.storage import Store
from core.storage.deposits import TOLD, Deposit
from dashboard.context import Context
from dashboard.web.api.caller import Caller, ProblemDetails

MASKED_MONTHS = (
    "Les mois ne sont pas donnés quand les petits nombres sont masqués : demandez des trimestres ou des lieux."
)
MASKED_PAST = (
    "L’état après un dépôt passé n’est pas donné quand les petits nombres sont masqués : demandez des données arrêtées."
)
MASKED_PLACES = "Les lieux sont donnés depuis le début, sans période, quand les petits nombres sont masqués."


@dataclass(frozen=True, slots=True)
class Ask:
    """A request understood: who, and with which values (absent ones are None)."""

    context: Context
    caller: Caller
    given: Mapping[str, Any]

    @property
    def store(self) -> Store:
        """The store."""
        return self.context.store

    @property
    def registry(self) -> Registry:
        """The registry."""
        return self.context.registry

    @property
    def below(self) -> int:
        """The first count of people that is shown where small ones are masked."""
        return self.context.settings.mask_below if self.context.settings else 5

    def about(self, **content: object) -> dict[str, object]:
        """An answer with what every answer says: the revision, and that the data are fictitious when they are."""
        fictitious = {"fictitious": True} if self.context.demonstration else {}
        return {"revision": self.store.latest(), **fictitious, **content}

    def page(self, name: str, items: Sequence[object], **more: object) -> dict[str, object]:
        """A bounded part of a list."""
        limit, offset = self.given["limit"], self.given["offset"]
        following = offset + limit if offset + limit < len(items) else None
        told = {"total": len(items), "limit": limit, "offset": offset, "next_offset": following}
        return self.about(**more, **told, **{name: items[offset : offset + limit]})


def programme(ask: Ask) -> dict[str, object]:
    """The deliberation."""
    return ask.about(**programme_document())


def experiments(ask: Ask) -> dict[str, object]:
    """The experiments installed."""
    return ask.about(experiments=[_experiment(one) for one in ask.registry.experiments])


def definitions(ask: Ask) -> dict[str, object]:
    """The indicators, as cards."""
    return ask.page("definitions", [_definition(one) for one in ask.registry.catalogue.values()])


def indicators(ask: Ask) -> dict[str, object]:
    """The figures as known now, or at a revision."""
    found = _masked(ask) if ask.caller.masked else [Concealed(one) for one in _plain(ask)]
    kept = [one for one in found if _wanted(ask, one.observation, ask.registry.experiments)]
    masked = {"mask_below": ask.below} if ask.caller.masked else {}
    return ask.page("observations", [_observation(one) for one in kept], as_of=ask.given["as_of"], **masked)


def ledger(ask: Ask) -> dict[str, object]:
    """The money, line by line."""
    found = read_ledger(ask.store, until=ask.context.today)
    return ask.about(lines=[_line(one) for one in found.lines if ask.caller.sees(one.line.association)])


def promises(ask: Ask) -> dict[str, object]:
    """The commitments, experiment by experiment."""
    seen = [one for one in ask.registry.experiments if ask.caller.sees(one.association.code)]
    found = commitments.matrix(ask.context.monitor, seen, until=ask.context.today)
    return ask.about(
        commitments=[
            {
                "commitment": one.commitment.code,
                "title": one.commitment.title,
                "experiment": one.experiment,
                "state": one.state.value,
                "evidence": one.evidence,
            }
            for one in found.values()
        ]
    )


def freezes(ask: Ask) -> dict[str, object]:
    """The figures frozen for committees."""
    return ask.about(freezes=[_freeze(meeting, one) for meeting, one in _frozen(ask)])


def freeze(ask: Ask) -> dict[str, object]:
    """One freeze: what it says, and the money of that day."""
    meeting, one = _one_freeze(ask)
    snapshot = snapshot_of(ask.store, one)
    lines = [_line(state) for state in snapshot.lines if ask.caller.sees(state.line.association)]
    return ask.about(**_freeze(meeting, one), mark=snapshot.mark, sentence=snapshot.sentence, lines=lines)


def frozen_indicators(ask: Ask) -> dict[str, object]:
    """The figures of one freeze, to the last digit; totals, and places for those of the first screen."""
    _, one = _one_freeze(ask)
    snapshot = snapshot_of(ask.store, one)
    every = [*(cell.observation for cell in snapshot.figures), *snapshot.places]
    found = concealed(snapshot, ask.below) if ask.caller.masked else [Concealed(seen) for seen in every]
    kept = [one for one in found if _wanted(ask, one.observation, snapshot.experiments)]
    masked = {"mask_below": ask.below} if ask.caller.masked else {}
    return ask.page("observations", [_observation(one) for one in kept], freeze=one.number, **masked)


def deposits(ask: Ask) -> dict[str, object]:
    """Who handed what in; for the owner of the data and those who read rows."""
    association = ask.given["association"]
    if association is not None:
        _known_association(ask, association)
        ask.caller.check(Action.READ_ROWS, association)
    found = ask.store.deposits(association=association)
    kept = [one for one in found if association or ask.caller.may(Action.READ_ROWS, one.association)]
    return ask.page("deposits", [_deposit(one) for one in reversed(kept)])


def rows(ask: Ask) -> dict[str, object]:
    """The rows of one dataset, for the owner of the data and those who read rows."""
    association, code = ask.given["association"], ask.given["dataset"]
    _known_association(ask, association)
    ask.caller.check(Action.READ_ROWS, association)
    dataset = ask.registry.readable(association, code)
    held = ask.store.rows(association, code, ask.given["as_of"])
    money = {one.name for one in dataset.columns if one.kind.name == "montant"}
    shown = [{name: _value(row[name], name in money) for name in dataset.by_name} for row in held.to_dicts()]
    return ask.page("rows", shown, association=association, dataset=code, as_of=ask.given["as_of"])


def _plain(ask: Ask) -> Iterable[Observation]:
    given = ask.given
    period = Period.parse(given["period"]) if given["period"] else None
    return ask.context.monitor.observe(
        [given["indicator"]] if given["indicator"] else None,
        [ask.registry.experiment(given["experiment"]).code] if given["experiment"] else None,
        revision=given["as_of"],
        period=period,
        by=given["by"],
    )


def _masked(ask: Ask) -> list[Concealed]:
    """A part of the whole table, which was masked together."""
    given, today = ask.given, ask.context.today
    for refused, why in (
        (given["by"] == "month", MASKED_MONTHS),
        (given["as_of"] is not None, MASKED_PAST),
        (given["by"] == "place" and given["period"], MASKED_PLACES),
    ):
        if refused:
            raise ProblemDetails(403, why)
    period = Period.parse(given["period"]).code if given["period"] else None
    known = [one.code for one in published.quarters(ask.store, today)]
    if period is not None and period not in known:
        raise ProblemDetails(
            403, f"Avec les petits nombres masqués, les périodes données sont : {', '.join(known) or 'aucune'}."
        )
    every = published.live(ask.registry, ask.store, ask.context.monitor, until=today, below=ask.below)
    by_place = given["by"] == "place"
    return [
        one
        for one in every
        if (one.observation.place is not None) == by_place
        and (one.observation.period.code if one.observation.period else None) == period
    ]


def _wanted(ask: Ask, one: Observation, known: Iterable[Experiment]) -> bool:
    """Whether an observation was asked for, and is of an association that the caller reads.

    ``known`` are the experiments of its day: those of frozen figures may be gone since.
    """
    given = ask.given
    if given["experiment"] and one.experiment != given["experiment"]:
        return False
    if given["indicator"] and one.indicator != given["indicator"]:
        return False
    if not ask.caller.associations:
        return True
    if one.experiment is None:
        return False
    return any(one.experiment == each.code and ask.caller.sees(each.association.code) for each in known)


def _observation(one: Concealed) -> dict[str, object]:
    return {**as_dict(one.observation), "masked": one.said or None}


def _frozen(ask: Ask) -> list[tuple[Meeting, Freeze]]:
    every = meetings(ask.store)
    # Anybody reads what a committee has looked at and closed, not what it is still preparing.
    told = [one for one in every if one.stage is Stage.CLOSED] if ask.caller.public else every
    found = [(meeting, one) for meeting in told for one in meeting.freezes]
    return sorted(found, key=lambda pair: pair[1].number)


def _one_freeze(ask: Ask) -> tuple[Meeting, Freeze]:
    number = ask.given["number"]
    found = next((pair for pair in _frozen(ask) if pair[1].number == number), None)
    if found is None:
        raise UnknownName(
            f"Aucunes données arrêtées ne portent le n° {number} ; « /freezes » donne celles qui existent."
        )
    return found


def _freeze(meeting: Meeting, one: Freeze) -> dict[str, object]:
    return {
        "number": one.number,
        "until": one.until.isoformat(),
        "meeting": meeting.full_title,
        "frozen_at": one.at.isoformat(),
        "revision_frozen": one.revision,
        "sha256": one.sha256,
    }


def _experiment(one: Experiment) -> dict[str, object]:
    places = [{"code": p.code, "name": p.name, "insee": p.insee, "axes": list(p.axes)} for p in one.places]
    return {
        "code": one.code,
        "title": one.title,
        "short_title": one.short_title,
        "association": one.association.code,
        "territory": one.territory,
        "axes": list(one.axes),
        "places": places,
    }


def _definition(one: Indicator) -> dict[str, object]:
    return {
        "code": one.code,
        "label": one.label,
        "definition": one.definition,
        "unit": one.unit,
        "axes": list(one.axes),
        "counted": formulas.counted_rows(one),
        "related": formulas.related(one),
        "programme": one.programme,
        "source": one.source,
        "declared": one.declared,
        "counts_people": one.people,
        "version": one.version,
        "note": one.note,
    }


def _line(one: LineState) -> dict[str, object]:
    return {
        "code": one.line.code,
        "association": one.line.association,
        "purpose": one.line.purpose,
        "voted": one.voted / 100,
        "paid": None if one.paid is None else one.paid / 100,
        "spent": None if one.spent is None else one.spent / 100,
        "spent_on": one.spent_on.isoformat() if one.spent_on else None,
        "to_pay": one.to_pay / 100,
        "shares": {code: float(share) for code, share in one.shares.items()},
        "key_decision": one.key_decision,
    }


def _deposit(one: Deposit) -> dict[str, object]:
    return {name: _cell(getattr(one, name)) for name in ("number", *TOLD)}


def _cell(value: object) -> object:
    return value.isoformat() if isinstance(value, date | datetime) else value


def _value(value: Any, money: bool) -> object:
    """A cell; an amount is kept in cents and answered in euros."""
    return value / 100 if money and value is not None else _cell(value)


def _known_association(ask: Ask, code: str) -> None:
    if code != METROPOLE:
        ask.registry.association(code)
