"""What a minute must tell: where each experiment stands, axis by axis, and one sentence for all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from core.catalogue import CATALOGUE
from core.deliberation import AXIS_NAMES
from core.domain import french
from core.domain.figure_text import aside, common_day, delay_text, target_text
from core.domain.figure_text import sentence as in_full
from core.domain.indicator import Indicator, Sum
from core.domain.observation import Cell, Observation, Progress
from core.domain.plugin_phrases import said
from core.domain.programme import Experiment

SUBJECTS = {1: "équipement", 2: "connexion", 3: "accompagnement"}
"""What an axis is about, in one word after a state: « En retard, équipement »."""
# The figure that speaks for an axis: the first one with a target, else the first one known.
SPEAKING = {1: ("EQ5a",), 2: ("CO4", "CO5"), 3: ("AC3a", "AC1", "AC6")}


class Compared(Protocol):
    """A comparison: experiments in their order, and the cell of each (indicator, experiment)."""

    @property
    def experiments(self) -> Sequence[Experiment]: ...

    @property
    def cells(self) -> Mapping[tuple[str, str | None], Cell]: ...

    @property
    def until(self) -> date: ...


@dataclass(frozen=True, slots=True)
class AxisState:
    """Where one experiment stands on one axis, and the figure that says so."""

    axis: int
    code: str
    cell: Cell

    @property
    def progress(self) -> Progress:
        """Ahead, on time, late, blocked, or without a target."""
        return self.cell.standing.progress


def axis_states(compared: Compared, experiment: Experiment) -> tuple[AxisState, ...]:
    """One state per axis that the experiment tries; an axis without any figure is left out."""
    return tuple(
        state for axis in experiment.axes if (state := _axis_state(compared, experiment.code, axis)) is not None
    )


def delays(compared: Compared, experiment: Experiment) -> tuple[tuple[int, str], ...]:
    """For each axis that is late: how far, on which clock, and the cause that the association gives.

    « 24 % de l’objectif, 39 % attendus au 31 mars 2022 (du … au …). Cause : deux salariés. » What was frozen
    before causes were kept says none.
    """
    late = [state for state in axis_states(compared, experiment) if state.progress is Progress.LATE]
    return tuple((state.axis, delay_text(state.cell.standing)) for state in late)


def stops(compared: Compared, experiment: Experiment) -> tuple[tuple[int, str], ...]:
    """For each axis that is stopped, by what: « Convention bailleur : travaux. Prochaine action : … »."""
    found = [state for state in axis_states(compared, experiment) if state.progress is Progress.BLOCKED]
    return tuple((state.axis, state.cell.standing.reason) for state in found if state.cell.standing.reason)


def late_since(compared: Compared, before: Compared | None) -> tuple[tuple[Experiment, int], ...]:
    """The axes that are late and were not in the figures of ``before``; all that are late when there are none.

    What was hidden then is left out: nothing says whether it was late already.
    """
    return tuple(
        (one, state.axis)
        for one in compared.experiments
        for state in axis_states(compared, one)
        if is_late([state]) and not _may_have_been_late(before, one, state.axis)
    )


def _may_have_been_late(before: Compared | None, experiment: Experiment, axis: int) -> bool:
    then = [one for one in axis_states(before, experiment) if one.axis == axis] if before is not None else []
    return is_late(then) or any(one.cell.observation.hidden for one in then)


def is_late(states: Sequence[AxisState]) -> bool:
    """Whether one axis at least is more than the tolerance behind."""
    return any(state.progress is Progress.LATE for state in states)


def is_blocked(states: Sequence[AxisState]) -> bool:
    """Whether one axis at least is stopped by an outside cause."""
    return any(state.progress is Progress.BLOCKED for state in states)


def overview_sentence(compared: Compared) -> str:
    """The first thing that the committee reads, from the figures of the comparison."""
    given, received = _known(compared, "EQ5a"), _known(compared, "EQ1a")
    if given is None and received is None and not _anything(compared):
        return (
            f"{together(compared.experiments)} expérimentations sont votées ; aucune association "
            "n’a encore déposé de données : tout ce qui suit vient de la délibération."
        )
    cell = compared.cells.get(("EQ5a", None))
    day = common_day([one for one in (given, received) if one is not None], compared.until)
    return french.sentence(f"Au {french.day(day)}, {_equipment_facts(cell, day)}{_delays(compared)}")


def together(shown: Sequence[Experiment]) -> str:
    """« Les six »: how many are shown, as a title names them."""
    return f"Les {french.in_words(len(shown))}"


def _equipment_facts(given: Cell | None, day: date) -> str:
    """« 179 ordinateurs remis (objectif 250, incomplet) »: the same number to relate it to as on the card."""
    if given is None or given.observation.numerator is None:
        return "les remises d’ordinateurs ne sont pas encore renseignées"
    handed = said(given.observation, "ordinateur remis", "ordinateurs remis")
    beside = ", ".join(filter(None, (target_text(given, headline="numerator"), aside(given.observation, day))))
    return f"{handed} ({beside})" if beside else handed


def _delays(compared: Compared) -> str:
    states = [axis_states(compared, experiment) for experiment in compared.experiments]
    late, blocked = sum(map(is_late, states)), sum(map(is_blocked, states))
    if not any(one.progress.judged for found in states for one in found):
        if any(one.cell.standing.target for found in states for one in found):
            return "\u202f; aucun chiffre ne se compare encore aux objectifs fixés"
        return "\u202f; le comité n’a pas encore fixé d’objectif"
    said = [_late_words(late)] if late or not blocked else []
    if blocked:
        said.append(_blocked_words(blocked))
    return "\u202f; " + ", ".join(said)


def _late_words(count: int) -> str:
    if not count:
        return "aucune expérimentation n’a plus de dix points de retard"
    verb = "a" if count == 1 else "ont"
    return f"{french.in_words(count, feminine=True)} {_experiments(count)} {verb} plus de dix points de retard"


def _blocked_words(count: int) -> str:
    return f"{french.in_words(count, feminine=True)} {'est bloquée' if count == 1 else 'sont bloquées'}"


def _experiments(count: int) -> str:
    return "expérimentation" if count < 2 else "expérimentations"


def _axis_state(compared: Compared, experiment: str, axis: int) -> AxisState | None:
    found = [
        AxisState(axis, code, compared.cells[code, experiment])
        for code in SPEAKING[axis]
        if (code, experiment) in compared.cells
    ]
    judged = [state for state in found if state.progress.judged]
    aimed = [state for state in found if state.cell.standing.target is not None]
    known = [state for state in found if state.cell.observation.missing_because is None]
    return next(iter([*judged, *aimed, *known, *found]), None)


def _known(compared: Compared, code: str) -> Observation | None:
    cell = compared.cells.get((code, None))
    if cell is None or cell.observation.numerator is None:
        return None
    return cell.observation


def _anything(compared: Compared) -> bool:
    return any(cell.observation.freshness.deposited for cell in compared.cells.values())


# --- The first sentence about one experiment, written from its figures, for its page and for documents ----


NOUNS = {
    "EQ1a": ("ordinateur reçu de la Métropole", "ordinateurs reçus de la Métropole"),
    "EQ5a": ("ordinateur remis", "ordinateurs remis"),
    "EQ5b": ("écran remis", "écrans remis"),
    "CO4": ("immeuble au seuil d’accord", "immeubles au seuil d’accord"),
    "CO5": ("foyer connecté", "foyers connectés"),
    "AC1": ("acteur recensé", "acteurs recensés"),
    "AC3a": ("aidant formé", "aidants formés"),
    "AC6": ("diagnostic réalisé", "diagnostics réalisés"),
}
_WORDS = {
    Progress.AHEAD: "en avance",
    Progress.ON_TIME: "dans les temps",
    Progress.LATE: "en retard",
    Progress.BLOCKED: "bloqué",
}


def experiment_sentence(compared: Compared, experiment: Experiment) -> str:
    """« Au 30 juin 2022, 84 ordinateurs remis (objectif 100, en avance) ; 1 immeuble… ».

    The day is the one that the figures speak of; those that speak of another one say which.
    """
    codes = [(state.code, state.cell) for state in axis_states(compared, experiment)]
    more = compared.cells.get(("AC6", experiment.code))
    if more is not None and "AC6" not in [code for code, _ in codes]:
        codes.append(("AC6", more))
    known = [(code, cell) for code, cell in codes if counted(code, cell.observation)]
    if not known:
        return _nothing_known(compared, experiment)
    day = common_day([cell.observation for _, cell in known], compared.until)
    return french.sentence(f"Au {french.day(day)}, {' ; '.join(_said(code, cell, day) for code, cell in known)}")


def counted(code: str, observation: Observation) -> str:
    """« 84 ordinateurs remis », or nothing when the number is not known."""
    one, several = NOUNS.get(code, (observation.label.lower(), observation.label.lower()))
    if observation.hidden:
        return f"{several} : {observation.hidden}"
    value = leading(observation)
    if value is None:
        return ""
    return french.count(value, one, several)


def leading(observation: Observation) -> float | None:
    """The number that a sentence says: the numerator of a rate, else the value."""
    if observation.missing_because is not None:
        return None
    return observation.numerator if observation.denominator is not None else observation.value


def _said(code: str, cell: Cell, day: date) -> str:
    target, word = cell.standing.target, _WORDS.get(cell.standing.progress, "")
    goal = f"objectif {french.number(target.value, 1)}" if target else ""
    told = ", ".join(part for part in (goal, word, aside(cell.observation, day)) if part)
    text = counted(code, cell.observation)
    return f"{text} ({told})" if told else text


def _nothing_known(compared: Compared, experiment: Experiment) -> str:
    """What is said when none of the figures that speak for the axes is known: nothing came, or other things did."""
    mine = [cell.observation for (_, whom), cell in compared.cells.items() if whom == experiment.code]
    own = next((one for one in mine if one.indicator not in CATALOGUE and counted(one.indicator, one)), None)
    if own is not None and not own.hidden:
        day = common_day([own], compared.until)
        return french.sentence(f"Au {french.day(day)}, {own.label[:1].lower()}{own.label[1:]} : {in_full(own)}")
    if any(one.freshness.deposited for one in mine):
        return "Les chiffres qui disent l’avancement ne sont pas encore renseignés ; d’autres données sont déposées."
    told = "de la délibération" if experiment.source is not None else "de son extension"
    return f"Aucun chiffre n’est encore connu : l’association n’a rien déposé. Ce qui suit vient {told}."


# --- Indicators in the order of the screens and of the documents: the first-screen set by axis, then the rest ----


TRANSVERSE = "Subvention et suivi"
NEEDS = "Besoins et niveaux"
_FAMILIES = {"EQ": 1, "CO": 2, "AC": 3, "TR": None, "BE": None, "NI": None, "AP": None}
_NEEDS = ("BE1", "CO1", "BE2", "NI1", "NI2", "NI3")
_ASKED = ("EQ11", *_NEEDS[:4], "CO2", "CO6", "CO10", "AP1")
_CARD = {1: ("EQ5a",), 2: ("CO4",), 3: ("AC3a", "AC1")}
_CARD_ALWAYS = ("AC6", "CO5", "EQ1a")
_MONEY = ("montant", "realisation", "prevision")
MOST = 3


def axis_of(indicator: Indicator) -> int | None:
    """The axis under which an indicator is read: that of its family, else the first of its axes."""
    family = indicator.code[:2]
    if family in _FAMILIES:
        return _FAMILIES[family]
    return indicator.axes[0] if indicator.axes else None


def parts_of(indicator: Indicator) -> str:
    """« € » when both sides of the rate are sums of money."""
    column = getattr(indicator.numerator.expression, "name", "") if isinstance(indicator.numerator, Sum) else ""
    return "€" if indicator.denominator is not None and column in _MONEY else ""


def first_screen(indicators: Iterable[Indicator]) -> list[Indicator]:
    """Those of the first screen, in its order."""
    return sorted((one for one in indicators if one.rank is not None), key=lambda one: one.rank or 0)


def asked_by_the_vote(indicators: Iterable[Indicator]) -> list[Indicator]:
    """What the deliberation asks beside the first screen: needs, levels, Numérisun, savings, meetings, supports."""
    known = {one.code: one for one in indicators}
    return [known[code] for code in _ASKED if code in known]


def needs(indicators: Iterable[Indicator]) -> list[Indicator]:
    """What the diagnostics found: needs, and levels of acculturation."""
    known = {one.code: one for one in indicators}
    return [known[code] for code in _NEEDS if code in known]


def the_rest(indicators: Iterable[Indicator]) -> list[Indicator]:
    """The other ones that everybody follows."""
    return [one for one in indicators if one.rank is None and one.shortlist == "socle"]


def by_axis(indicators: Sequence[Indicator]) -> list[tuple[int | None, str, list[Indicator]]]:
    """The indicators under their axis: (axis, title, indicators), empty groups left out."""
    titles: list[tuple[int | None, str]] = [*AXIS_NAMES.items(), (None, TRANSVERSE)]
    needs = [one for one in indicators if one.code in _NEEDS]
    others = [one for one in indicators if one.code not in _NEEDS]
    grouped = [(axis, title, [one for one in others if axis_of(one) == axis]) for axis, title in titles]
    grouped.insert(len(AXIS_NAMES), (None, NEEDS, needs))
    return [(axis, title, found) for axis, title, found in grouped if found]


def card_codes(experiment: Experiment, followed: Sequence[Indicator]) -> tuple[str, ...]:
    """The three figures that matter for the axes that an experiment tries.

    One that nobody voted speaks by its own figures first: those of the programme may not be asked of it.
    """
    known = [one.code for one in followed]
    own = [code for code in known if code not in CATALOGUE] if experiment.source is None else []
    wanted = [*own, *(code for axis in experiment.axes for code in _CARD[axis])]
    found = [code for code in (*wanted, *_CARD_ALWAYS) if code in known and _concerns(experiment, followed, code)]
    return tuple(dict.fromkeys([*found, *known]))[:MOST]


def _concerns(experiment: Experiment, followed: Sequence[Indicator], code: str) -> bool:
    axes = next(one.axes for one in followed if one.code == code)
    return not axes or bool(set(axes) & set(experiment.axes))
