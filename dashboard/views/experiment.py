"""The page of an experiment: where it stands, what changed, what was promised; then the plugin’s own part."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from core.alerts import Alert, AlertType
from core.committee import meetings
from core.deliberation import ANONYMAL_DUTIES, COMMITMENTS, convention_text
from core.disclosure import Audience, hidden_numbers, page_text
from core.disclosure.figures import TYPED, WITHHELD
from core.disclosure.reader import DiscreetMonitor
from core.domain import french
from core.domain.change import has_moved, nothing_changed
from core.domain.figure_text import DRAFT_NOTE, is_draft, signed
from core.domain.indicator import Indicator
from core.domain.meeting import Freeze
from core.domain.observation import Cell
from core.domain.programme import Experiment
from core.domain.report import Block
from core.errors import Forbidden
from core.figures import Comparison
from core.figures.commitments import Kept
from core.figures.sentences import NEEDS, axis_of, card_codes, experiment_sentence, first_screen, needs, parts_of
from core.money.ledger import LineState, part_sentence, spending_aside
from dashboard import boundary
from dashboard.addresses import address, experiment_path
from dashboard.components import (
    Child,
    Html,
    KeyFigure,
    Promise,
    callout,
    change_text,
    columns,
    fold,
    freshness_text,
    heading,
    join,
    key_figures,
    lead,
    link,
    marked,
    money_table,
    note,
    page_title,
    places_with_axes,
    promise_strip,
    second_section,
    section,
    sentence,
    show,
    show_blocks,
    table,
    tag,
    without_figures,
)
from dashboard.components.text import opener
from dashboard.context import Context
from dashboard.views.commitments import promises, proofs_of, standings
from dashboard.views.frozen import frozen_band
from dashboard.views.meeting_agenda import PATH, readable_meetings, seen_snapshot
from dashboard.views.money import money_lines
from dashboard.views.overview import freshness_of
from dashboard.views.point_list import blocked, open_points, points_about, points_list
from dashboard.views.releve import last_told
from dashboard.views.shared import ReportingDate, ledger, moment_chooser, read_moment, to_cell, to_places
from dashboard.views.waiting_lines import left_behind_note


def changes(compared: Comparison, experiment: Experiment, indicators: Sequence[Indicator]) -> list[list[Child]]:
    """A row for each figure that moved, with both values and the difference."""
    return [row for one in indicators if (row := _row(compared, experiment, one))]


def changes_table(rows: Sequence[Sequence[Child]], moment: ReportingDate) -> Html:
    """The figures that moved."""
    before, now = french.day(moment.before), french.day(moment.until)
    headings = ["Indicateur", f"Au {before}", f"Au {now}", "Écart"]
    return table(f"Ce qui a changé depuis le {before}", headings, rows, numeric=(1, 2, 3))


def unchanged(compared: Comparison, experiment: Experiment, indicators: Sequence[Indicator]) -> str:
    """What is said when no figure moved."""
    cells = [compared.cells.get((one.code, experiment.code)) for one in indicators if one.cumulative]
    return nothing_changed(cell.observation for cell in cells if cell is not None)


def _row(compared: Comparison, experiment: Experiment, indicator: Indicator) -> list[Child] | None:
    cell = compared.cells.get((indicator.code, experiment.code))
    if cell is None or cell.before is None or not indicator.cumulative or not cell.before.expected_here:
        return None
    if not has_moved(cell, headline=indicator.headline):
        return None
    change = change_text(cell, headline=indicator.headline)
    parts = parts_of(indicator)
    return [
        indicator.label,
        sentence(cell.before, parts=parts),
        marked(signed(sentence(cell.observation, parts=parts), cell.observation), cell.observation),
        change,
    ]


# --- When a plugin's page breaks, what it told in the last frozen figures stays visible, marked as such ----


def last_frozen(context: Context, experiment: Experiment) -> Freeze | None:
    """The last frozen figures of an experiment that the visitor may read."""
    return meetings.last_freeze(readable_meetings(context), experiment.code)


def show_last_frozen(context: Context, experiment: Experiment, frozen: Freeze) -> None:
    """What the plugin told then; its key figures alone when it was broken on that day too."""
    found = seen_snapshot(context, meetings.snapshot_of(context.store, frozen))
    to_it = link(f"Ouvrir le comité n° {frozen.committee}", address(PATH, comite=str(frozen.committee)))
    show(heading("Derniers chiffres arrêtés"), frozen_band(frozen), tag("p", to_it))

    def figure(code: str) -> KeyFigure:
        one, cell = found.indicator[code], found.cells[code, experiment.code]
        return KeyFigure(one.label, cell, axis_of(one), one.headline, parts_of(one), hint=one.definition)

    blocks = found.pages[experiment.code].blocks
    if blocks:
        told = page_text(blocks, Audience(lambda code: found.cells[code, experiment.code]))
        show_blocks(told, figure, key=f"{experiment.code}-{frozen.number}")
        return
    codes = card_codes(experiment, found.indicators_of(experiment.code))
    show(key_figures([figure(code) for code in codes if (code, experiment.code) in found.cells]))


# --- « Expérimentation »: who, where, which axes, how much, where it stands; then what its plugin tells ----


_SHOWN_APART = (AlertType.RULE, AlertType.BLOCKED)
"""Points that this page shows with their rows or their cause."""
MOST = 6
"""The key figures of the common head; the plugin has its own after them."""


def draw(context: Context, experiment: Experiment) -> None:
    """The common head, then the plugin’s own blocks, without the figures that the head has shown."""
    moment = read_moment(context)
    compared = context.monitor.compare(**moment.asked)
    first = _codes_of_the_head(context, compared, experiment)
    show(_head(context, compared, experiment, moment))
    show(
        _figures(context, compared, experiment, first, moment),
        _needs(context, compared, experiment, moment),
        columns(
            join(
                [
                    _money(context, experiment, moment),
                    _promises(context, experiment, moment),
                    _changes(context, compared, experiment, moment),
                ]
            ),
            join([_to_treat(context, experiment, moment), last_told(context, experiment, moment)]),
            wide="answer",
        ),
    )
    show(_own_title(f"Ce que raconte {experiment.association.name}"))
    frozen = last_frozen(context, experiment)
    told = boundary.plugin_part(
        lambda: _own_page(context, experiment, first, moment),
        experiment=experiment.code,
        others=len(context.registry.experiments) - 1,
        frozen=frozen.number if frozen else None,
    )
    if not told and frozen is not None:
        show_last_frozen(context, experiment, frozen)


def _own_title(words: str) -> Html:
    """What stands above the plugin’s part, which waits behind its button on a phone."""
    return tag("div", tag("p", words, class_="own"), opener(words), class_="folding own-part", data_folds="closed")


def _head(context: Context, compared: Comparison, experiment: Experiment, moment: ReportingDate) -> Html:
    fresh = freshness_of(compared, experiment, card_codes(experiment, _followed(context, compared, experiment)))
    late = callout(freshness_text(fresh), tone="attention", title="Données attendues") if fresh.late else None
    return join(
        [
            page_title(
                experiment.title,
                kicker=" · ".join(part for part in (experiment.territory, experiment.association.name) if part),
                aside=moment_chooser(experiment_path(experiment.code), moment),
            ),
            lead(experiment_sentence(compared, experiment)),
            _who_and_where(experiment, "" if fresh.late else freshness_text(fresh), moment),
            late,
            left_behind_note(context, [experiment.association.code]) if moment.revision is None else None,
        ]
    )


def _who_and_where(experiment: Experiment, fresh: str, moment: ReportingDate) -> Html:
    """Its places with their axes, the convention, and how recent the data are, in one line."""
    day = tag("p", fresh, class_="fresh") if fresh else None
    return tag(
        "div",
        places_with_axes(experiment, to_places(experiment, moment)),
        tag("p", convention_text(experiment.association.code)),
        day,
        class_="whereabouts",
    )


def _money(context: Context, experiment: Experiment, moment: ReportingDate) -> Html:
    lines = ledger(context, **moment.asked).of_experiment(experiment.code)
    where = experiment.source.where if experiment.source else ""
    quotes = [f"{state.line.source.where} : « {state.line.source.words} »" for state in lines]
    told = [f"L’expérimentation : {where}." if where else "", *quotes]
    if not lines:
        money = callout("Aucune ligne votée pour cette expérimentation.", title="Subvention")
    else:
        money = join(
            [
                money_table(
                    money_lines(lines),
                    caption="Lignes de subvention de cette expérimentation",
                    spent_note=spending_aside(lines),
                ),
                [_share(state, experiment) for state in lines],
            ]
        )
    said = [one for one in told if one]
    return second_section(
        "Avec quel argent",
        money,
        _question(experiment),
        _beside(context, experiment, moment),
        fold("Ce que dit la délibération", *map(note, said)) if said else None,
    )


def _share(state: LineState, experiment: Experiment) -> Html | None:
    """What falls to this experiment of a line that a key divides, or that it waits for a key."""
    if len(state.line.experiments) < 2:
        return None
    voted = state.part(state.voted, experiment.code)
    if voted is None:
        return note(
            tag("span", "Non ventilé", class_="tag"), " aucune clé ne dit encore la part de cette expérimentation."
        )
    return tag("p", "Part de cette expérimentation : ", tag("strong", part_sentence(state, experiment.code)), ".")


def _question(experiment: Experiment) -> Html | None:
    """Anonymal's lines name axis 1 only, where axis 2 is tried too."""
    if experiment.association.code != "anonymal" or 2 not in experiment.axes:
        return None
    return note("La ligne ne nomme que l’axe 1. ", link("Voir la question posée", "/subventions"))


def _beside(context: Context, experiment: Experiment, moment: ReportingDate) -> Html | list[Html]:
    """What the association receives for no experiment of its own."""
    lines = ledger(context, **moment.asked).of_association(experiment.association.code)
    return [
        note(
            f"{experiment.association.name} reçoit aussi {french.euros(one.voted)} : {one.line.purpose}. ",
            tag("span", "Non ventilé", class_="tag"),
        )
        for one in lines
        if not one.line.experiments and not one.allocated
    ]


def _promises(context: Context, experiment: Experiment, moment: ReportingDate) -> Html:
    found, seen = standings(context, moment), proofs_of(context, moment)
    eight = promises(found, seen, COMMITMENTS, experiment, moment)
    four = promises(found, seen, ANONYMAL_DUTIES, experiment, moment)
    shown_ones = sum(one.standing.state == "shown" for one in eight)
    asked = sum(one.standing.state != "not_applicable" for one in eight)
    drafts = any(is_draft(one.seen) for one in (*eight, *four) if one.seen is not None)
    strips = [
        promise_strip(eight, name=f"Les {french.in_words(len(eight))} engagements"),
        [
            heading(f"Et les {french.in_words(len(four))} tâches confiées à Anonymal", 3),
            promise_strip(four, name="Tâches d’Anonymal"),
        ]
        if four
        else None,
        note(f"{DRAFT_NOTE} " if drafts else None, link("Voir tous les engagements", "/engagements")),
    ]
    return section(
        f"Engagements : {shown_ones} sur {asked} montrés par des lignes",
        _not_shown([*eight, *four]),
        fold(f"Voir les {french.in_words(len(eight))} engagements et leurs lignes", *strips),
    )


def _not_shown(found: Sequence[Promise]) -> Html | None:
    """« Sans ligne encore : formation. Non renseigné : … »: the commitments that nothing shows yet."""
    said = []
    for state, words in ((Kept.NOTHING_YET, "Aucune ligne encore"), (Kept.NOT_REPORTED, "Non renseigné")):
        names = [one.standing.commitment.title.lower() for one in found if one.standing.state is state]
        said += [f"{words} : {french.listing(names)}."] if names else []
    return tag("p", " ".join(said)) if said else None


def _followed(context: Context, compared: Comparison, experiment: Experiment) -> list[Indicator]:
    known = {one.code for one in compared.indicators}
    return [one for one in context.registry.indicators(experiment.code) if one.code in known]


def _codes_of_the_head(context: Context, compared: Comparison, experiment: Experiment) -> tuple[str, ...]:
    """The key figures of the common head: those of the card, then the others that have something to show."""
    followed = _followed(context, compared, experiment)
    more = [one.code for one in first_screen(followed) if _something(compared, one.code, experiment)]
    wanted = dict.fromkeys([*card_codes(experiment, followed), *more])
    return tuple(code for code in wanted if _raised(compared, code, experiment))[:MOST]


def _figures(
    context: Context, compared: Comparison, experiment: Experiment, codes: Sequence[str], moment: ReportingDate
) -> Html:
    by_code = {one.code: one for one in _followed(context, compared, experiment)}
    found = [key_figure(compared, by_code[code], experiment, moment) for code in codes]
    return section("Chiffres clés", key_figures(found, one_line=True))


def _needs(context: Context, compared: Comparison, experiment: Experiment, moment: ReportingDate) -> Html | None:
    """What the diagnostics found there; nothing before the first one."""
    found = [
        key_figure(compared, one, experiment, moment)
        for one in needs(_followed(context, compared, experiment))
        if _something(compared, one.code, experiment)
    ]
    return second_section(NEEDS, key_figures(found, one_line=True, small=True)) if found else None


def key_figure(compared: Comparison, indicator: Indicator, experiment: Experiment, moment: ReportingDate) -> KeyFigure:
    """One figure, with the rows behind it and what it was before."""
    cell = compared.cells[indicator.code, experiment.code]
    return KeyFigure(
        label=indicator.label,
        cell=cell,
        axis=axis_of(indicator),
        headline=indicator.headline,
        parts=parts_of(indicator),
        address=to_cell(indicator, experiment.code, cell, moment),
        hint=indicator.definition,
    )


def _raised(compared: Comparison, code: str, experiment: Experiment) -> bool:
    cell = compared.cells.get((code, experiment.code))
    return cell is not None and cell.observation.expected_here


def _something(compared: Comparison, code: str, experiment: Experiment) -> bool:
    """Whether there is more to show than a zero."""
    found = compared.cells[code, experiment.code].observation
    return bool(found.numerator or found.value)


def _changes(context: Context, compared: Comparison, experiment: Experiment, moment: ReportingDate) -> Html:
    followed = _followed(context, compared, experiment)
    first: Sequence[Indicator] = first_screen(followed)
    rest = [one for one in followed if one.rank is None]
    rows = changes(compared, experiment, [*first, *rest])
    said = f"Ce qui a changé depuis le {french.day(moment.before)}"
    if not rows:
        return section(said, tag("p", unchanged(compared, experiment, [*first, *rest])))
    moved = french.count(len(rows), "chiffre a changé", "chiffres ont changé")
    # The key figures above say by how much theirs did: the table is one click away.
    return section(said, fold(f"{moved} : les voir", changes_table(rows, moment)))


def _to_treat(context: Context, experiment: Experiment, moment: ReportingDate) -> Html:
    """What the accepted rows leave to look at, and the milestones that are stopped."""
    found = points_about(context, moment, experiment=experiment.code)
    stopped = blocked(context, experiment, moment)
    alerts = [one for one in open_points(context, experiment.code) if one.kind not in _SHOWN_APART]
    body = [*stopped, points_list(context, found, named=False) if found else None, _alerts(alerts)]
    return section("À traiter", *body) if any(body) else section("À traiter", tag("p", "Rien à signaler."))


def _alerts(found: Sequence[Alert]) -> Html | None:
    """What else demands an action today: a relevé that is waited for, a target that is late, no row for a promise."""
    if not found:
        return None
    rows = [tag("li", tag("strong", one.title), f". {one.why}", class_="point") for one in found]
    return tag("ul", rows, class_="points")


def _audience(
    context: Context, blocks: Sequence[Block], experiment: Experiment, compared: Comparison, moment: ReportingDate
) -> Audience:
    """For whom the plugin's blocks are written: who may not see small counts reads them as in the documents."""

    def figure(code: str) -> Cell:
        return compared.cells[code, experiment.code]

    if not isinstance(context.monitor, DiscreetMonitor):
        return Audience(figure)
    if context.registry.contract_of(experiment.code) < TYPED:
        raise Forbidden(WITHHELD)
    gone = context.monitor.elsewhere(moment.until, experiment.code)
    return Audience(figure, hidden_numbers(blocks, context.below, gone), context.below)


def _own_page(context: Context, experiment: Experiment, first: Collection[str], moment: ReportingDate) -> bool:
    """What the plugin tells beside the figures ``first``; always True, since a plugin that breaks raises."""
    report = context.monitor.report(experiment.code, period=moment.period, **moment.asked)
    blocks = context.registry.build_report(experiment.code, report)
    if not blocks:
        return True
    by_code = {one.code: one for one in context.registry.indicators(experiment.code)}
    compared = context.monitor.compare(list(by_code), [experiment.code], **moment.asked)
    told = page_text(blocks, _audience(context, blocks, experiment, compared, moment))
    beside = without_figures(told, first)
    show_blocks(beside, lambda code: key_figure(compared, by_code[code], experiment, moment), key=experiment.code)
    return True
