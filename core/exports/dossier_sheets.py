"""The sheets of the dossier, experiment by experiment, their figures written by the functions of the screen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from core.committee import FrozenNarrative, FrozenPage, Snapshot
from core.deliberation import ANONYMAL_DUTIES, ASSOCIATIONS, COMMITMENTS, convention_text
from core.disclosure import Audience, page_text
from core.domain import french
from core.domain.change import change_text
from core.domain.figure_text import (
    DRAFT_SIGN,
    MISSING_MARKS,
    PROGRESS_MARKS,
    delay_text,
    foremost,
    freshness_text,
    is_draft,
    lacking_text,
    shown_cell,
    target_text,
    wait_text,
)
from core.domain.french import typeset
from core.domain.indicator import Indicator
from core.domain.observation import Cell, Freshness, Progress, title_of
from core.domain.programme import Commitment, Experiment
from core.domain.report import Block, KeyFigures
from core.exports.dossier import Material, MovedFigure
from core.figures.commitments import PROMISE_MARKS, CommitmentStatus, Kept
from core.figures.sentences import (
    SUBJECTS,
    asked_by_the_vote,
    axis_of,
    axis_states,
    by_axis,
    card_codes,
    delays,
    first_screen,
    parts_of,
)
from core.money.ledger import LineState, part_sentence, purpose, serves, spending_aside, total


@dataclass(frozen=True, slots=True)
class ShownState:
    """A state: shape, word, the name of its colour, and what it is about (« équipement »)."""

    shape: str
    word: str
    tone: str = ""
    about: str = ""

    @property
    def text(self) -> str:
        """« ▲ En avance équipement »."""
        return " ".join(part for part in (self.shape, self.word, self.about) if part)


@dataclass(frozen=True, slots=True)
class DossierFigure:
    """One figure of one experiment (or of the programme), in words.

    ``main`` is the large part, ``rest`` what follows it, ``goal`` the target; ``done`` and ``expected`` are
    shares of the target (1 = reached), None without a target. ``missing`` is the state of a value that is
    not there, with its ``reason``. ``wait`` is what the figure rests on; ``partial``: an older day than the one asked
    for, or not everybody's data, which no drawing may leave out; ``sign`` marks one that is not final.
    """

    code: str
    label: str
    axis: int | None
    main: str
    rest: str = ""
    goal: str = ""
    change: str = ""
    wait: str = ""
    partial: bool = False
    sign: str = ""
    reason: str = ""
    said: str = ""
    missing: ShownState | None = None
    standing: ShownState | None = None
    done: float | None = None
    expected: float | None = None


def figure_of(indicator: Indicator, cell: Cell) -> DossierFigure:
    """The words of one cell of the comparison."""
    what = shown_cell(cell, headline=indicator.headline, parts=parts_of(indicator))
    wait = wait_text(cell.observation)
    partial = bool(lacking_text(cell.observation))
    if what.missing is not None:
        shape, _ = MISSING_MARKS[what.missing]
        missing = ShownState(shape, what.main, what.missing.value)
        return DossierFigure(
            indicator.code,
            indicator.label,
            axis_of(indicator),
            what.main,
            what.rest,
            wait=wait,
            partial=partial,
            reason=typeset(what.reason),
            missing=missing,
        )
    standing = cell.standing
    return DossierFigure(
        code=indicator.code,
        label=indicator.label,
        axis=axis_of(indicator),
        main=what.main,
        rest=what.rest,
        goal=target_text(cell, headline=indicator.headline),
        change=change_text(cell, headline=indicator.headline),
        wait=wait,
        partial=partial,
        sign=f"{french.NBSP}{DRAFT_SIGN}" if is_draft(cell.observation) else "",
        said=typeset(delay_text(standing)),
        standing=state_of(standing.progress) if standing.progress.judged else None,
        done=standing.done,
        expected=standing.expected,
    )


def state_of(progress: Progress, about: str = "") -> ShownState:
    """« ▲ En avance », with what it is about."""
    shape, word = PROGRESS_MARKS[progress]
    return ShownState(shape, word, progress.value, about)


# --- The sheets of the dossier: the synthesis and one sheet for each experiment, in words, from a snapshot ----


KEY_FIGURES = 6
BROKEN = "La page de cette expérimentation ne s’affiche pas aujourd’hui."


@dataclass(frozen=True, slots=True)
class DossierPromise:
    """One commitment: its short title, its shape, and the number of rows or the word of its state."""

    title: str
    shape: str
    word: str
    state: str


@dataclass(frozen=True, slots=True)
class MoneyRow:
    """One subsidy line in words, with its amounts in cents (None: not recorded) for its bar."""

    name: str
    association: str
    serves: str
    undivided: bool
    voted: int
    paid: int | None
    spent: int | None
    words: tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Fiche:
    """The sheet of one experiment."""

    code: str
    title: str
    short: str
    kicker: str
    association: str
    places: tuple[tuple[str, tuple[int, ...]], ...]
    sentence: str
    states: tuple[ShownState, ...]
    figures: tuple[DossierFigure, ...]
    fresh: str
    late: bool
    convention: str
    money: tuple[MoneyRow, ...]
    shares: tuple[str, ...]
    promises: tuple[DossierPromise, ...]
    tasks: tuple[DossierPromise, ...]
    kept: str
    blocks: tuple[Block, ...]
    shown: dict[str, DossierFigure]
    problem: str
    quote: FrozenNarrative | None
    changes: tuple[MovedFigure, ...]
    treat: tuple[tuple[str, str], ...]
    stopped: tuple[tuple[str, str], ...]
    delays: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class DossierRow:
    """One indicator over the experiments and the programme."""

    label: str
    cells: tuple[DossierFigure | None, ...]


def fiches_of(material: Material) -> list[Fiche]:
    """One sheet for each experiment, those whose plugin did not load included, as they were last frozen."""
    found = [fiche_of(material, one) for one in material.snapshot.experiments]
    earlier = material.earlier
    if earlier is not None:
        past = Material(earlier)
        said = french.typeset(f"{BROKEN} {_standing_in(earlier)}")
        found += [replace(fiche_of(past, one), problem=said) for one in material.missing]
    return found


def fiche_of(material: Material, experiment: Experiment) -> Fiche:
    """Everything that the sheet of ``experiment`` tells."""
    snapshot, code = material.snapshot, experiment.code
    fresh = _freshness(snapshot, experiment)
    page, problem, told = _page(material, code)
    return Fiche(
        code=code,
        title=experiment.title,
        short=experiment.short_title,
        kicker=" · ".join(part for part in (experiment.territory, experiment.association.name) if part),
        association=experiment.association.name,
        places=tuple((place.name, place.axes) for place in experiment.places),
        sentence=typeset(snapshot.sentences.get(code, "")),
        states=states_of(snapshot, experiment),
        figures=tuple(key_figures(snapshot, experiment)),
        fresh=typeset(freshness_text(fresh)),
        late=fresh.late,
        convention=convention_text(experiment.association.code),
        money=tuple(money_row(state) for state in snapshot.ledger.of_experiment(code)),
        shares=tuple(_shares(snapshot, code)),
        promises=promises(snapshot, experiment, COMMITMENTS),
        tasks=promises(snapshot, experiment, ANONYMAL_DUTIES),
        kept=_kept(snapshot, experiment),
        blocks=page_text(page.blocks, Audience(lambda asked: told.cells[asked, code])),
        shown=_shown(told, code, page.blocks),
        problem=problem,
        quote=snapshot.narratives.get(code),
        changes=tuple(material.moved(experiment)),
        treat=tuple(_treat(snapshot, code)),
        stopped=tuple(_stopped(snapshot, code)),
        delays=tuple((f"En retard, {SUBJECTS[axis]}", said) for axis, said in delays(snapshot, experiment)),
    )


def _page(material: Material, code: str) -> tuple[FrozenPage, str, Snapshot]:
    """What its plugin tells; when it breaks, what it told when figures were last frozen, and says so."""
    page = material.snapshot.pages.get(code, FrozenPage(problem="absente"))
    if not page.problem:
        return page, "", material.snapshot
    earlier = material.earlier
    frozen = earlier.pages.get(code) if earlier else None
    if earlier is None or frozen is None or not frozen.blocks:
        return page, french.typeset(f"{BROKEN} Le haut de la page et ses chiffres restent justes."), material.snapshot
    return frozen, french.typeset(f"{BROKEN} {_standing_in(earlier)}"), earlier


def _standing_in(earlier: Snapshot) -> str:
    day = french.day(earlier.until)
    return f"Ce qui suit reprend ses derniers chiffres arrêtés, au {day} (n°{french.NBSP}{earlier.number})."


def states_of(snapshot: Snapshot, experiment: Experiment) -> tuple[ShownState, ...]:
    """One state per axis that it tries, with its subject."""
    return tuple(state_of(one.progress, SUBJECTS[one.axis]) for one in axis_states(snapshot, experiment))


def card_figures(snapshot: Snapshot, experiment: Experiment) -> list[DossierFigure]:
    """The three figures that matter for its axes."""
    followed = snapshot.indicators_of(experiment.code)
    by_code = {one.code: one for one in followed}
    found = [code for code in card_codes(experiment, followed) if (code, experiment.code) in snapshot.cells]
    return [figure_of(by_code[code], snapshot.cells[code, experiment.code]) for code in found]


def key_figures(snapshot: Snapshot, experiment: Experiment) -> Iterator[DossierFigure]:
    """The figures of the head of its sheet: those of its column, then the others of the first screen."""
    followed = snapshot.indicators_of(experiment.code)
    by_code = {one.code: one for one in followed}
    more = [one.code for one in first_screen(followed) if _something(snapshot.cells[one.code, experiment.code])]
    wanted = dict.fromkeys([*card_codes(experiment, followed), *more])
    raised = [code for code in wanted if _raised(snapshot.cells.get((code, experiment.code)))]
    for code in raised[:KEY_FIGURES]:
        yield figure_of(by_code[code], snapshot.cells[code, experiment.code])


Groups = list[tuple[str, int | None, list[DossierRow]]]


def matrix_of(snapshot: Snapshot) -> Groups:
    """The indicators of the first screen, axis by axis, over the experiments then the programme."""
    return _groups(snapshot, first_screen(snapshot.indicators))


def asked_of(snapshot: Snapshot) -> Groups:
    """What the vote asks beside them: on paper and on slides, a table of its own, since one page holds no more rows."""
    return _groups(snapshot, asked_by_the_vote(snapshot.indicators))


def _groups(snapshot: Snapshot, wanted: Iterable[Indicator]) -> Groups:
    whom = [*(one.code for one in snapshot.experiments), None]
    return [(title, axis, [_row(snapshot, one, whom) for one in found]) for axis, title, found in by_axis(list(wanted))]


def promises(snapshot: Snapshot, experiment: Experiment, wanted: Iterable[Commitment]) -> tuple[DossierPromise, ...]:
    """The marks of these commitments, in the order of the deliberation."""
    keys = ((one.code, experiment.code) for one in wanted)
    return tuple(_promise(snapshot.commitments[key]) for key in keys if key in snapshot.commitments)


def money_row(state: LineState) -> MoneyRow:
    """One subsidy line."""
    return MoneyRow(
        name=typeset(purpose(state)),
        association=ASSOCIATIONS[state.line.association].name,
        serves=typeset(serves(state)),
        undivided=not state.allocated,
        voted=state.voted,
        paid=state.paid,
        spent=state.spent,
        words=(french.euros(state.voted), amount(state.paid, state.voted), spent_words([state])),
    )


def amount(cents: int | None, voted: int) -> str:
    """« 32 200 € (70 %) », « ○ Non renseigné »."""
    if cents is None:
        return "○ Non renseigné"
    return f"{french.euros(cents)} ({french.percent(100 * cents / voted)})" if voted else french.euros(cents)


def spent_words(lines: Sequence[LineState]) -> str:
    """What was spent of some lines, with its older part and what it lacks."""
    spent = amount(total(one.spent for one in lines), sum(one.voted for one in lines))
    return ", ".join(filter(None, (spent, spending_aside(lines))))


def _row(snapshot: Snapshot, indicator: Indicator, whom: list[str | None]) -> DossierRow:
    cells = [snapshot.cells.get((indicator.code, one)) for one in whom]
    return DossierRow(indicator.label, tuple(figure_of(indicator, cell) if cell else None for cell in cells))


def _promise(standing: CommitmentStatus) -> DossierPromise:
    shape, word = PROMISE_MARKS[standing.state]
    said = french.count(standing.evidence, "ligne") if standing.state is Kept.SHOWN else word
    return DossierPromise(standing.commitment.title, shape, said, standing.state.value)


def _kept(snapshot: Snapshot, experiment: Experiment) -> str:
    found = [
        snapshot.commitments[one.code, experiment.code]
        for one in COMMITMENTS
        if (one.code, experiment.code) in snapshot.commitments
    ]
    asked = [one for one in found if one.state is not Kept.NOT_APPLICABLE]
    kept = sum(one.state is Kept.SHOWN for one in asked)
    return f"{french.number(kept)} sur {french.number(len(asked))} montrés par des lignes"


def _raised(cell: Cell | None) -> bool:
    return cell is not None and cell.observation.expected_here


def _something(cell: Cell) -> bool:
    """Whether there is more to show than a zero."""
    return bool(cell.observation.numerator or cell.observation.value)


def _freshness(snapshot: Snapshot, experiment: Experiment) -> Freshness:
    """How recent the figures of its column are: the oldest wait first."""
    codes = card_codes(experiment, snapshot.indicators_of(experiment.code))
    cells = [snapshot.cells.get((code, experiment.code)) for code in codes]
    return foremost(cell.observation.freshness for cell in cells if cell is not None)


def _shares(snapshot: Snapshot, code: str) -> Iterator[str]:
    """What falls to the experiment of a line that serves several."""
    for state in snapshot.ledger.of_experiment(code):
        if len(state.line.experiments) < 2:
            continue
        if state.part(state.voted, code) is None:
            yield "Non ventilé : aucune clé ne dit encore la part de cette expérimentation."
            continue
        yield f"Part de cette expérimentation : {part_sentence(state, code)}."


def _shown(snapshot: Snapshot, code: str, blocks: tuple[Block, ...]) -> dict[str, DossierFigure]:
    """The figures that the plugin's own page asks for."""
    asked = [one for block in blocks if isinstance(block, KeyFigures) for one in block.codes]
    cells, known = snapshot.cells, snapshot.indicator
    return {one: figure_of(known[one], cells[one, code]) for one in asked if one in known and (one, code) in cells}


def _treat(snapshot: Snapshot, code: str) -> Iterator[tuple[str, str]]:
    for point in snapshot.points:
        if point.experiment == code:
            yield point.title, point.rows


def _stopped(snapshot: Snapshot, code: str) -> Iterator[tuple[str, str]]:
    for one in snapshot.milestones.get(code, ()):
        cause, action = (text.rstrip(".") or "à écrire" for text in (one.cause, one.next_action))
        yield title_of(one.state, one.due, snapshot.until, one.title), f"Cause : {cause}. Prochaine action : {action}."
