"""What several pages share: the period of the address, links to figures, what is kept of the store, who acts."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypedDict, TypeVar

import streamlit as st

from core import reporting
from core.accounts import acting_for
from core.catalogue import places
from core.checking import naming
from core.contract.scope import Scope
from core.disclosure import conceal
from core.domain import access, french
from core.domain.access import Action, Actor, On, Role
from core.domain.calendar import Period, last_over, periods_begun
from core.domain.dataset import Dataset, RowDict
from core.domain.figure_text import INCOMPLETE, aside, by_day, is_incomplete
from core.domain.indicator import AnyMeasure, Computed, Constant, Indicator
from core.domain.observation import Cell, Missing, Observation
from core.domain.plugin_phrases import known, said
from core.domain.programme import METROPOLE, Association, Experiment
from core.domain.releve import Releve
from core.errors import Forbidden, UnknownName
from core.figures.cache import cache_of
from core.figures.evidence import Evidence
from core.figures.sentences import (
    NOUNS,
)
from core.money.ledger import Ledger, read_ledger
from core.storage import event_log
from core.storage.deposits import Deposit, last_number
from dashboard.addresses import address, experiment_path
from dashboard.components import ChooserLink, Html, MatrixColumn, choices, fold, join, link, note
from dashboard.context import Context

T = TypeVar("T")


def kept(context: Context, name: Hashable, revision: int | None, make: Callable[[], T]) -> T:
    """What ``make`` gives, made once per state of the store and of the plugins, for readers who see the same.

    Raises Forbidden when the visitor left or changed while it was made: it may be what nobody, or another, sees.
    """
    visitor = context.visitor
    with context.store.connect() as connection:
        known = last_number(connection), event_log.last_number(connection)

    def made() -> T:
        found = make()
        if context.visitor != visitor:
            raise Forbidden(access.SIGN_IN)
        return found

    discreet = context.is_discreet_for(visitor)
    return cache_of(context.store).get(
        ("page", id(context.registry), context.today, discreet, name, revision, known), made
    )


def rows(context: Context, dataset: str, revision: int | None = None) -> list[RowDict]:
    """The rows of one dataset that the project lead holds."""
    return kept(
        context,
        ("rows", dataset),
        revision,
        lambda: context.store.rows(METROPOLE, dataset, revision).to_dicts(),
    )


def ledger(context: Context, until: date, revision: int | None = None) -> Ledger:
    """The six lines at the end of a day."""
    return kept(
        context,
        ("ledger", until),
        revision,
        lambda: read_ledger(context.store, until=until, revision=revision),
    )


def releves_of(context: Context) -> tuple[Releve, ...]:
    """Where each relevé of a period that has begun stands today."""
    return kept(context, "relevés", None, lambda: reporting.board(context.registry, context.store, context.today))


def last_deposit(context: Context, revision: int | None = None) -> Deposit | None:
    """The last deposit of an association: its day and its number are told together."""
    return kept(context, "last deposit", revision, lambda: _last_deposit(context, revision))


def _last_deposit(context: Context, revision: int | None) -> Deposit | None:
    found = [one for one in context.store.deposits(revision) if one.association != METROPOLE]
    return max(found, key=lambda one: (one.at, one.number), default=None)


# --- Which day a page speaks of, read from its address and offered as a choice ---------------------
# ``?periode=2022-T2`` shows the figures at the end of that period, ``?periode=aujourd-hui`` those
# of today, ``?revision=41`` those that were known then.


TODAY = "aujourd-hui"


class MomentAsked(TypedDict):
    """The last day that counts, and the last deposit (None: all that is known), as monitoring asks them."""

    until: date
    revision: int | None


class During(MomentAsked):
    """The same, and the period to which the figures are bound (None: since the start)."""

    period: Period | None


@dataclass(frozen=True, slots=True)
class ReportingDate:
    """The day shown, the period that it ends, and the periods that may be chosen, oldest first."""

    today: date
    periods: tuple[Period, ...]
    period: Period | None
    revision: int | None = None
    freeze: int | None = None
    """The number of the frozen figures that it is, of a side of « Comparer »."""
    day: date | None = None
    """The day that it is, of a side of « Comparer », when that is no end of a period: no other page has such a day."""

    @property
    def until(self) -> date:
        """The last day that counts."""
        if self.day is not None:
            return self.day
        return min(self.period.end, self.today) if self.period else self.today

    @property
    def is_last(self) -> bool:
        """Whether it is what one sees without choosing: the last period that is over, as it is known now."""
        return self.revision is None and self.period == last_over(self.periods, self.today)

    @property
    def code(self) -> str | None:
        """What the address says of it; None while there is nothing to choose between."""
        return self.period.code if self.period else (TODAY if self.periods else None)

    @property
    def keep(self) -> dict[str, str | None]:
        """What an address must say for another page to speak of the same moment, or of its own for a free day."""
        if self.day is not None:
            return {}
        return {"periode": self.code, "revision": None if self.revision is None else str(self.revision)}

    @property
    def asked(self) -> MomentAsked:
        """The same, as monitoring asks it."""
        return MomentAsked(until=self.until, revision=self.revision)

    @property
    def quarter(self) -> Period:
        """The period that the day falls in."""
        return self.period or Period.quarter_of(self.until)

    @property
    def before(self) -> date:
        """The day with which the figures are compared: the end of the period before."""
        return Period.quarter_of(date.fromordinal(self.until.toordinal() + 1)).previous.previous.end


def kept_at(context: Context, name: Hashable, moment: ReportingDate, make: Callable[[], T]) -> T:
    """The same as ``kept`` for what ``name`` and the moment decide: a page, or the whole of what it shows."""
    return kept(context, (name, moment.code, moment.until), moment.revision, make)


def read_moment(context: Context) -> ReportingDate:
    """The moment of the address; else the last period that is over, if anything is known, else today.

    Raises UnknownName when the address names a period that is not one.
    """
    today = context.today
    periods = known_periods(context)
    asked, revision = st.query_params.get("periode"), st.query_params.get("revision")
    return ReportingDate(today, periods, _chosen(asked, periods, today), _revision(revision))


def first_moment(context: Context) -> ReportingDate:
    """The moment that a page shows before anybody chooses one."""
    periods = known_periods(context)
    return ReportingDate(context.today, periods, last_over(periods, context.today))


def known_periods(context: Context) -> tuple[Period, ...]:
    """The periods begun: those that the project lead set, else the quarters since the first start."""
    held = [Period(row["debut"], row["fin"], row["code"]) for row in rows(context, "periodes")]
    starts = [row["debut"] for row in rows(context, "dates_experimentations")]
    return periods_begun(held, starts, context.today)


def moment_chooser(path: str, moment: ReportingDate, **others: str | Iterable[str] | None) -> Html | None:
    """The periods as links, the one shown marked; None while there is nothing to choose between."""
    if not moment.periods:
        return None
    over = [period for period in moment.periods if period.end <= moment.today]
    recent = over[-LAST_PERIODS:]
    if moment.period in over and moment.period not in recent:
        recent = [moment.period, *recent]

    def to(period: Period) -> ChooserLink:
        return ChooserLink(label_of(period), address(path, periode=period.code, **others), period == moment.period)

    now = ChooserLink("Aujourd’hui", address(path, periode=TODAY, **others), moment.period is None)
    shown = choices("Période", [*map(to, recent), now])
    older = [period for period in over if period not in recent]
    return join([shown, _by_year(older, to)]) if older else shown


LAST_PERIODS = 4
"""The periods offered at once; those before are one click away, year by year."""


def _by_year(older: Sequence[Period], to: Callable[[Period], ChooserLink]) -> Html:
    years = sorted({period.start.year for period in older}, reverse=True)
    rows = [choices(str(year), [to(one) for one in older if one.start.year == year]) for year in years]
    return fold("Périodes plus anciennes", *rows)


def label_of(period: Period) -> str:
    """« T2 2022 », short enough for a choice."""
    return f"T{period.code[-1]} {period.start.year}" if period.is_quarter else period.label


def _chosen(asked: str | None, periods: tuple[Period, ...], today: date) -> Period | None:
    if asked == TODAY:
        return None
    if asked:
        return next((period for period in periods if period.code == asked), None) or Period.parse(asked)
    return last_over(periods, today)


def _revision(text: str | None) -> int | None:
    if not text:
        return None
    if not text.isascii() or not text.isdecimal():
        raise UnknownName(f"Dépôt n° « {text} » inconnu. Écrivez un nombre, par exemple 41.")
    return int(text)


# --- Where a figure, an experiment, a place lead, with the moment kept -----------------------------


PROGRAMME = "programme"
PARTS = {"numerateur": "numerator", "denominateur": "denominator"}


def to_figure(
    indicator: Indicator, experiment: str | None, moment: ReportingDate, *, place: str | None = None, **more: str | None
) -> str | None:
    """The rows behind a figure; None when it is made of other figures and has no rows of its own."""
    if isinstance(indicator.numerator, Computed | Constant):
        return None
    return address(
        "chiffre",
        indicateur=indicator.code,
        experience=experiment or PROGRAMME,
        lieu=place,
        **more,
        **moment.keep,
    )


def to_cell(indicator: Indicator, experiment: str | None, cell: Cell | None, moment: ReportingDate) -> str | None:
    """The rows behind a cell that shows a figure."""
    if cell is None or cell.observation.missing_because is not None:
        return None
    return to_figure(indicator, experiment, moment)


def to_experiment(experiment: Experiment, moment: ReportingDate) -> str:
    """The page of an experiment."""
    return address(experiment_path(experiment.code), **moment.keep)


def to_place(code: str, moment: ReportingDate) -> str:
    """The page of a commune or quartier."""
    return address("lieux", lieu=code, **moment.keep)


def to_places(experiment: Experiment, moment: ReportingDate) -> dict[str, str]:
    """The page of each place of an experiment; the Métropole as a whole has none, nor what the gazetteer ignores."""
    known = places.every().keys() - {METROPOLE}
    return {one.code: to_place(one.code, moment) for one in experiment.places if one.code in known}


def to_definition(indicator: Indicator) -> str:
    """The card that says what an indicator means."""
    return address("definitions", indicateur=indicator.code)


def columns_of(experiments: Sequence[Experiment], moment: ReportingDate) -> list[MatrixColumn]:
    """One column per experiment."""
    return [
        MatrixColumn(found.short_title, found.association.name, to_experiment(found, moment)) for found in experiments
    ]


# --- What leaves a page, as a file or for a room, does not show small counts of people -------------


def least(context: Context) -> int:
    """The first number of people that may be shown."""
    return context.below


def discreet(context: Context, figures: Mapping[T, Observation]) -> dict[T, Observation]:
    """The same figures, without small counts of people nor what gives them away."""
    shown = conceal(figures.values(), context.registry.catalogue, least(context))
    return {key: one.observation for key, one in zip(figures, shown, strict=True)}


# --- Of the rows behind a figure, those that the visitor may read: an association reads its own ----


_OF_THE_METROPOLE = frozenset({"lignes", "versements_ventiles"})
"""What the vote and the Métropole say of the money: everybody reads it on « Subventions »."""


def unreadable(context: Context, measure: AnyMeasure | Computed | None) -> frozenset[str]:
    """The associations whose rows are counted by a measure and not shown to the visitor."""
    if getattr(measure, "source", None) in _OF_THE_METROPOLE:
        return frozenset()
    bodies = (one.code for one in context.registry.associations)
    return frozenset(one for one in bodies if not access.allowed(context.visitor, Action.READ_ROWS, On(one)))


def others_note(found: Evidence) -> Html | None:
    """« 165 lignes d’autres associations sont comptées et ne sont pas montrées. », or None."""
    count = found.count - found.listed
    if not count:
        return None
    rows = french.count(count, "ligne", "lignes")
    return note(
        f"{rows} d’autres associations, que vous ne pouvez pas lire, "
        f"{'est comptée et n’est pas montrée' if count == 1 else 'sont comptées et ne sont pas montrées'}."
    )


# --- Whose data a page is about, and who acts on them: an association on its own, the lead in its stead ----


def association_of(context: Context) -> Association:
    """The association that the address names, else the visitor's own, else the first one.

    Raises Forbidden when its data are not the visitor's to hand in, UnknownName.
    """
    visitor = context.actor
    asked = st.query_params.get("association")
    code = asked or visitor.association or context.registry.associations[0].code
    access.check(visitor, Action.DEPOSIT, On(code))
    return context.registry.association(code)


def hand_of(context: Context, association: Association) -> Actor:
    """Who acts: the visitor, for the account of the association when it is not his own."""
    visitor = context.actor
    if association.code == METROPOLE:
        return visitor
    return acting_for(visitor, association.code) if visitor.role is Role.LEAD else visitor


@dataclass(frozen=True)
class TableInHand:
    """One table of one association, and who acts on it."""

    context: Context
    association: Association
    dataset: Dataset
    actor: Actor

    @property
    def scope(self) -> Scope:
        """What is done here is done with this."""
        return self.context.scope_of(self.actor)

    def name(self, key: str) -> str:
        """A row as people call it: « Martigues, juin 2022 »."""
        return naming.name_of(self.context.registry, self.dataset, key)

    def at_rows(self, **choices: str | None) -> str:
        """The address where these rows are corrected."""
        return address("lignes", association=self.association.code, jeu=self.dataset.code, **choices)

    def at_history(self, **choices: str | None) -> str:
        """The address of the history of this table."""
        return address("historique", association=self.association.code, jeu=self.dataset.code, **choices)


def tables_link(association: Association) -> Html:
    """The page of the tables that a deposit is for: those of an association, or the registers of the Métropole."""
    if association.code == METROPOLE:
        return link("Registres", address("registres"))
    return link("Mes données", address("mes-donnees", association=association.code))


def association_chooser(context: Context, current: Association) -> Html | None:
    """The associations side by side, for the lead; nothing for an association."""
    if context.actor.role is not Role.LEAD:
        return None
    offered = [
        ChooserLink(one.name, address("mes-donnees", association=one.code), one.code == current.code)
        for one in (*context.registry.associations, *context.registry.kept_associations)
    ]
    return choices("Saisir pour le compte de", offered)


# --- The first sentence of a page about one experiment or one place, written from its figures ------


def at(name: str) -> str:
    """« à Pertuis », « aux Pennes-Mirabeau », « au Puy »: a name that begins with its article."""
    if name.startswith("Les "):
        return f"aux {name[4:]}"
    return f"au {name[3:]}" if name.startswith("Le ") else f"à {name}"


def place_sentence(name: str, until: date, found: Mapping[str, Observation], order: Sequence[str]) -> str:
    """« Au 30 juin 2022, à Port-de-Bouc : 7 ordinateurs remis, 12 diagnostics réalisés. ».

    A sentence for each day that the figures speak of.
    """
    told = [code for code in order if code in found and _is_told(found[code], first=code == order[0])]
    if told:
        days = by_day(((code, found[code]) for code in told), until)
        return " ".join(
            _of_day(day, "" if rank else f", {at(name)}", ones) for rank, (day, ones) in enumerate(days.items())
        )
    if any(one.missing_because is Missing.NOT_REPORTED for one in found.values()):
        return f"Au {french.day(until)}, les chiffres ne sont pas encore renseignés {at(name)}."
    return f"Au {french.day(until)}, aucune ligne ne nomme {name}."


def _is_told(observation: Observation, *, first: bool) -> bool:
    """What is known at a place; a zero is told of the first figure only, so that the sentence stays short."""
    number = known(observation) if observation.expected_here else None
    return number is not None and bool(number or first)


def _of_day(day: date, where: str, found: Sequence[tuple[str, Observation]]) -> str:
    """The sentence of one day; « incomplet » once where all of its figures are."""
    whole = all(is_incomplete(one) for _, one in found)
    told = french.listing(_told(one, code, "" if whole else aside(one, day)) for code, one in found)
    return french.sentence(f"Au {french.day(day)}{where}{f' ({INCOMPLETE})' if whole else ''} : {told}")


def _told(observation: Observation, code: str, rests: str) -> str:
    return f"{said(observation, *NOUNS[code])}{f' ({rests})' if rests else ''}"
