"""« Expérimentation »: who, where, which axes, how much, where it stands; then what its plugin tells."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from core.deliberation import ANONYMAL_DUTIES, COMMITMENTS, CONVENTIONS
from core.domain import french
from core.domain.experiment import Experiment
from core.domain.indicator import Indicator
from core.services.ledger import LineState
from dashboard import boundary
from dashboard.components import (
    KeyFigure,
    callout,
    columns,
    facts,
    freshness_text,
    heading,
    join,
    key_figures,
    lead,
    link,
    money_table,
    note,
    page_title,
    places_with_axes,
    promise_strip,
    section,
    show,
    show_blocks,
    tag,
)
from dashboard.context import Context
from dashboard.navigation import experiment_path
from dashboard.views.parts.cards import freshness_of
from dashboard.views.parts.changes import changes_table
from dashboard.views.parts.groups import axis_of, card_codes, first_screen, parts_of
from dashboard.views.parts.kept import ledger
from dashboard.views.parts.last_frozen import last_frozen, show_last_frozen
from dashboard.views.parts.links import to_cell
from dashboard.views.parts.moment import Moment, moment_chooser, read_moment
from dashboard.views.parts.points import blocked, points_about, points_list
from dashboard.views.parts.promised import promises, standings
from dashboard.views.parts.purse import money_lines
from dashboard.views.parts.releve_told import last_told
from dashboard.views.parts.sentences import experiment_sentence

MOST = 6
"""The key figures of the common head; the plugin has its own after them."""


def draw(context: Context, experiment: Experiment) -> None:
    """The common head, then the plugin's own blocks."""
    moment = read_moment(context)
    compared = context.monitor.compare(**moment.asked)
    show(_head(context, compared, experiment, moment))
    show(_figures(context, compared, experiment, moment), _promises(context, experiment, moment))
    show(_facts(context, experiment, moment))
    show(columns(_changes(context, compared, experiment, moment), _to_treat(context, experiment, moment)))
    show(last_told(context, experiment, moment))
    show(tag("p", f"Ce que raconte {experiment.association.name}", class_="own"))
    frozen = last_frozen(context, experiment)
    told = boundary.plugin_part(
        lambda: _own_page(context, experiment, moment),
        experiment=experiment.code,
        others=len(context.registry.experiments) - 1,
        frozen=frozen.number if frozen else None,
    )
    if not told and frozen is not None:
        show_last_frozen(context, experiment, frozen)


def _head(context: Context, compared: Any, experiment: Experiment, moment: Moment) -> Any:
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
            late or tag("p", freshness_text(fresh), class_="fresh"),
        ]
    )


def _facts(context: Context, experiment: Experiment, moment: Moment) -> Any:
    lines = ledger(context, **moment.asked).of_experiment(experiment.code)
    who = facts(
        {
            "Association": experiment.association.name,
            "Lieux et axes": places_with_axes(experiment),
            "Convention": _convention(experiment),
            "Source": experiment.source.where if experiment.source else "",
        }
    )
    if not lines:
        money: Any = callout("Aucune ligne votée pour cette expérimentation.", title="Subvention")
    else:
        money = join([
            money_table(money_lines(lines), caption="Lignes de subvention de cette expérimentation"),
            [_share(state, experiment) for state in lines],
            [note(f"{state.line.source.where} : « {state.line.source.words} »") for state in lines],
        ])  # fmt: skip
    return columns(
        section("Qui, où, quels axes", who),
        section("Avec quel argent", money, _question(experiment), _beside(context, experiment, moment)),
        wide="right",
    )


def _share(state: LineState, experiment: Experiment) -> Any:
    """What falls to this experiment of a line that a key divides, or that it waits for a key."""
    if len(state.line.experiments) < 2:
        return None
    voted = state.part(state.voted, experiment.code)
    if voted is None:
        return note(
            tag("span", "Non ventilé", class_="tag"), " aucune clé ne dit encore la part de cette expérimentation."
        )
    parts = [f"{french.euros(voted)} votés"]
    for cents, word in ((state.paid, "versés"), (state.spent, "dépensés")):
        part = state.part(cents, experiment.code)
        parts += [f"{french.euros(part)} {word}"] if part is not None else []
    return tag("p", "Part de cette expérimentation : ", tag("strong", french.listing(parts)), ".")


def _convention(experiment: Experiment) -> str:
    found = CONVENTIONS.get(experiment.association.code)
    if found is None:
        return "aucune convention votée"
    return f"Convention d’objectifs, {french.euros(found.cents)} (article{french.NBSP}{found.article})"


def _question(experiment: Experiment) -> Any:
    """Anonymal's lines name axis 1 only, where axis 2 is tried too."""
    if experiment.association.code != "anonymal" or 2 not in experiment.axes:
        return None
    return note("La ligne ne nomme que l’axe 1. ", link("Voir la question posée", "/subventions"))


def _beside(context: Context, experiment: Experiment, moment: Moment) -> Any:
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


def _promises(context: Context, experiment: Experiment, moment: Moment) -> Any:
    found = standings(context, moment)
    eight = promises(found, COMMITMENTS, experiment, moment)
    four = promises(found, ANONYMAL_DUTIES, experiment, moment)
    shown_ones = sum(one.standing.state == "shown" for one in eight)
    asked = sum(one.standing.state != "not_applicable" for one in eight)
    return section(
        f"Engagements : {shown_ones} sur {asked} montrés par des lignes",
        promise_strip(eight, name="Les huit engagements"),
        [heading("Et les quatre tâches confiées à Anonymal", 3), promise_strip(four, name="Tâches d’Anonymal")]
        if four
        else None,
        note(link("Voir tous les engagements", "/engagements")),
    )


def _followed(context: Context, compared: Any, experiment: Experiment) -> list[Indicator]:
    known = {one.code for one in compared.indicators}
    return [one for one in context.registry.indicators(experiment.code) if one.code in known]


def _figures(context: Context, compared: Any, experiment: Experiment, moment: Moment) -> Any:
    followed = _followed(context, compared, experiment)
    by_code = {one.code: one for one in followed}
    first = card_codes(experiment, followed)
    more = [one.code for one in first_screen(followed) if _something(compared, one.code, experiment)]
    wanted = [code for code in dict.fromkeys([*first, *more]) if _raised(compared, code, experiment)]
    found = [key_figure(compared, by_code[code], experiment, moment) for code in wanted]
    return section("Chiffres clés", key_figures(found[:MOST]))


def key_figure(compared: Any, indicator: Indicator, experiment: Experiment, moment: Moment) -> KeyFigure:
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
        since=f"depuis le {french.day(moment.before)}",
    )


def _raised(compared: Any, code: str, experiment: Experiment) -> bool:
    cell = compared.cells.get((code, experiment.code))
    return cell is not None and cell.observation.missing_because != "not_applicable"


def _something(compared: Any, code: str, experiment: Experiment) -> bool:
    """Whether there is more to show than a zero."""
    found = compared.cells[code, experiment.code].observation
    return bool(found.numerator or found.value)


def _changes(context: Context, compared: Any, experiment: Experiment, moment: Moment) -> Any:
    followed = _followed(context, compared, experiment)
    first: Sequence[Indicator] = first_screen(followed)
    rest = [one for one in followed if one.rank is None]
    found = changes_table(compared, experiment, [*first, *rest], moment)
    said = f"Ce qui a changé depuis le {french.day(moment.before)}"
    return section(said, found or tag("p", "Aucun chiffre n’a changé."))


def _to_treat(context: Context, experiment: Experiment, moment: Moment) -> Any:
    """What the accepted rows leave to look at, and the milestones that are stopped."""
    found = points_about(context, moment, experiment=experiment.code)
    stopped = blocked(context, experiment, moment)
    body = [*stopped, points_list(context, found, named=False) if found else None]
    return section("À traiter", *body) if any(body) else section("À traiter", tag("p", "Rien à signaler."))


def _own_page(context: Context, experiment: Experiment, moment: Moment) -> bool:
    """What the plugin tells; always True, since a plugin that breaks raises."""
    report = context.monitor.report(experiment.code, period=moment.period, **moment.asked)
    blocks = context.registry.build_report(experiment.code, report)
    if not blocks:
        return True
    by_code = {one.code: one for one in context.registry.indicators(experiment.code)}
    compared = context.monitor.compare(list(by_code), [experiment.code], **moment.asked)
    show_blocks(blocks, lambda code: key_figure(compared, by_code[code], experiment, moment), key=experiment.code)
    return True
