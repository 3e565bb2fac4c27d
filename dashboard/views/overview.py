"""« Vue d’ensemble »: the six side by side, then figure by figure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from core.checking import naming
from core.committee.snapshot import Snapshot
from core.deliberation import EQUIPMENT
from core.domain import access, french
from core.domain.access import Action, Actor, On
from core.domain.calendar import day_in_france
from core.domain.change import since_text
from core.domain.figure_text import foremost
from core.domain.indicator import Indicator
from core.domain.observation import Freshness
from core.domain.programme import Experiment
from core.figures import Comparison
from core.figures.park import park_of
from core.figures.sentences import (
    SUBJECTS,
    asked_by_the_vote,
    axis_of,
    axis_states,
    by_axis,
    card_codes,
    delays,
    first_screen,
    overview_sentence,
    parts_of,
    stops,
    the_rest,
    together,
)
from core.money.fairness import undivided_sentence
from core.money.ledger import advance_sentence, money_sentence
from core.storage.deposits import Deposit
from dashboard.components import (
    Card,
    CardFigure,
    CardTrend,
    Html,
    MatrixColumn,
    MatrixGroup,
    MatrixRow,
    band,
    bullets,
    callout,
    cards,
    change_text,
    columns,
    fold,
    join,
    lead,
    legend,
    link,
    matrix,
    note,
    page_title,
    second_section,
    section,
    show,
    tag,
)
from dashboard.components.conformity import mention
from dashboard.components.pictures import park_bar
from dashboard.context import Context
from dashboard.views.landing import is_member, member_strip
from dashboard.views.money import ADVANCE_NOTE, money_of
from dashboard.views.shared import (
    ReportingDate,
    columns_of,
    first_moment,
    kept_at,
    last_deposit,
    least,
    ledger,
    moment_chooser,
    read_moment,
    to_cell,
    to_definition,
    to_experiment,
    to_figure,
    to_places,
)
from dashboard.views.territory_map import territory

Line = tuple[tuple[date, float | None], ...]


def cards_of(context: Context, compared: Comparison, moment: ReportingDate) -> list[Card]:
    """One card per experiment, in the order of the columns."""
    codes = {one.code: _codes(context, compared, one) for one in compared.experiments}
    first = tuple((one, found[0]) for one, found in codes.items() if found)
    lines = _lines(context, first, moment)
    return [_card(compared, one, codes[one.code], lines.get(one.code, ()), moment) for one in compared.experiments]


def _codes(context: Context, compared: Comparison, experiment: Experiment) -> tuple[str, ...]:
    known = {one.code for one in compared.indicators}
    followed = [one for one in context.registry.indicators(experiment.code) if one.code in known]
    return tuple(code for code in card_codes(experiment, followed) if (code, experiment.code) in compared.cells)


def _lines(context: Context, first: Sequence[tuple[str, str]], moment: ReportingDate) -> dict[str, Line]:
    """The first figure of each experiment, month by month."""
    ask = context.monitor.series
    return {one: tuple(ask(code, [one], **moment.asked)[one]) for one, code in first}


def _card(
    compared: Comparison, experiment: Experiment, codes: Sequence[str], line: Line, moment: ReportingDate
) -> Card:
    known = {one.code: one for one in compared.indicators}
    return Card(
        experiment=experiment,
        address=to_experiment(experiment, moment),
        states=tuple((state.progress, SUBJECTS[state.axis]) for state in axis_states(compared, experiment)),
        figures=tuple(_figure(compared, known[code], experiment, moment) for code in codes),
        freshness=freshness_of(compared, experiment, codes),
        delays={SUBJECTS[axis]: text for axis, text in (*delays(compared, experiment), *stops(compared, experiment))},
        trend=_trend(compared, known[codes[0]], experiment, line) if codes else None,
        places=to_places(experiment, moment),
    )


def freshness_of(compared: Comparison, experiment: Experiment, codes: Sequence[str]) -> Freshness:
    """How recent the figures ``codes`` of an experiment are, in one line: the oldest wait first."""
    return foremost(
        compared.cells[code, experiment.code].observation.freshness
        for code in codes
        if (code, experiment.code) in compared.cells
    )


def _figure(compared: Comparison, indicator: Indicator, experiment: Experiment, moment: ReportingDate) -> CardFigure:
    cell = compared.cells[indicator.code, experiment.code]
    return CardFigure(
        label=indicator.label,
        cell=cell,
        axis=axis_of(indicator),
        headline=indicator.headline,
        parts=parts_of(indicator),
        address=to_cell(indicator, experiment.code, cell, moment),
    )


def _trend(compared: Comparison, indicator: Indicator, experiment: Experiment, line: Line) -> CardTrend | None:
    cell = compared.cells[indicator.code, experiment.code]
    change = change_text(cell, headline=indicator.headline)
    if not change:
        return None
    text = f"{indicator.label} : {change} {since_text(cell, headline=indicator.headline)}"
    return CardTrend(text, line, f"{indicator.label}, {experiment.short_title}, mois par mois")


# --- The comparison table of the first screen: indicators by axis, the six, and the programme ------


def indicator_matrix(
    compared: Comparison | Snapshot,
    indicators: Sequence[Indicator],
    moment: ReportingDate,
    *,
    caption: str,
    anchor: str,
    note: str = "",
) -> Html:
    """One row per indicator, one column per experiment and one for the programme."""
    columns = [
        *columns_of(compared.experiments, moment),
        MatrixColumn("Programme", f"{together(compared.experiments)} ensemble"),
    ]
    groups = [
        MatrixGroup(title, tuple(_row(compared, one, moment) for one in found), axis)
        for axis, title, found in by_axis(indicators)
    ]
    return matrix(caption, columns, groups, anchor=anchor, note=note)


def _row(compared: Comparison | Snapshot, indicator: Indicator, moment: ReportingDate) -> MatrixRow:
    whom = [*(found.code for found in compared.experiments), None]
    cells = tuple(compared.cells.get((indicator.code, one)) for one in whom)
    return MatrixRow(
        label=indicator.label,
        cells=cells,
        hint=indicator.definition,
        axis=axis_of(indicator),
        headline=indicator.headline,
        parts=parts_of(indicator),
        address=to_definition(indicator),
        addresses=tuple(to_cell(indicator, one, cell, moment) for one, cell in zip(whom, cells, strict=True)),
    )


# --- « Vue d’ensemble »: the six experiments side by side, on one screen ---------------------------


TITLE = "Vue d’ensemble"


def draw(context: Context) -> None:
    """The page, for the moment of its address."""
    moment = read_moment(context)
    head, body = _drawn(context, moment, is_member(context) and moment.is_last)
    show(head, _failures(context, moment), _first_steps(context), body)


def prepare(context: Context) -> None:
    """Have ready what the page shows before anybody chooses a moment, for who sees the same as this visitor."""
    _drawn(context, first_moment(context), False)


def _drawn(context: Context, moment: ReportingDate, member: bool) -> tuple[Html, Html]:
    """The same for everybody who sees the same until something is written: drawn once."""
    return kept_at(context, ("overview", member), moment, lambda: _page(context, moment, member))


def _page(context: Context, moment: ReportingDate, member: bool) -> tuple[Html, Html]:
    """What stands above the first steps of a new programme, and what stands under them."""
    compared = context.monitor.compare(**moment.asked)
    body = [
        section(f"Où en sont {together(compared.experiments).lower()}", cards(cards_of(context, compared, moment))),
        _park(compared, moment),
        _figures(context, compared, moment),
        _money_and_map(context, compared, moment),
        _foot(),
    ]
    return _head(context, compared, moment, member), join(body)


def _head(context: Context, compared: Comparison, moment: ReportingDate, member: bool) -> Html:
    return join(
        [
            member_strip(context, compared, moment) if member else None,
            page_title(TITLE, aside=moment_chooser("", moment)),
            band(_band(context, compared, moment)),
            lead(overview_sentence(compared)),
        ]
    )


def _band(context: Context, compared: Comparison, moment: ReportingDate) -> dict[str, str]:
    """Which period, up to what day, from which deposits, and whether the figures may still move."""
    last = last_deposit(context, moment.revision)
    return {
        "Période": moment.period.label if moment.period else "Aujourd’hui",
        "Données au": f"{french.day(moment.until)}, depuis le début",
        "État": "Chiffres du jour, non arrêtés"
        if moment.revision is None
        else f"Tels que connus après le dépôt n° {moment.revision}",
        "Dernier dépôt": _told(last) if last else "aucun",
    }


def _told(deposit: Deposit) -> str:
    """« 15 novembre 2022 (dépôt n° 185) »: both of the same deposit."""
    return f"{french.day(day_in_france(deposit.at))} ({naming.deposit(deposit)})"


def _failures(context: Context, moment: ReportingDate) -> Html | None:
    if not context.registry.failures:
        return None
    compared = context.monitor.compare(**moment.asked)
    names = french.listing(sorted({one.plugin for one in context.registry.failures}))
    return callout(
        join(
            [
                "Ne fonctionne pas aujourd’hui : ",
                names,
                f". {_others(compared)} ",
                link("Voir pourquoi et que faire", "/etat-des-plugins"),
            ]
        ),
        tone="attention",
    )


def _others(compared: Comparison) -> str:
    """What is said of the experiments that work: that their page is there, and whose data are waited for."""
    waited = [
        one.short_title
        for one in compared.experiments
        if any(cell.observation.freshness.late for (_, whom), cell in compared.cells.items() if whom == one.code)
    ]
    if not waited:
        return "Les autres expérimentations s’affichent et sont à jour."
    return f"Les autres expérimentations s’affichent ; données attendues : {french.listing(waited)}."


def _first_steps(context: Context) -> Html | None:
    """What the visitor can do while nothing was ever deposited."""
    if context.store.latest():
        return None
    said, steps = _steps(context.visitor)
    return callout(
        join([tag("p", "Aucun fichier n’a encore été déposé. ", said), bullets(steps) if steps else None]),
        title="Par où commencer",
    )


def _steps(visitor: Actor | None) -> tuple[str, list[Html]]:
    """A sentence and the pages that come first, for who is looking."""
    if access.allowed(visitor, Action.STEER):
        return "Dans l’ordre :", [
            join([link("Registres", "/registres"), " : le début et la fin des expérimentations, les périodes."]),
            join([link("Comptes", "/comptes"), " : les invitations des associations et du comité."]),
            join(
                [
                    link("Mes données", "/mes-donnees"),
                    " : un dépôt pour le compte d’une association, si elle est empêchée.",
                ]
            ),
        ]
    if visitor is not None and access.allowed(visitor, Action.DEPOSIT, On(visitor.association)):
        return "", [join([link("Mes données", "/mes-donnees"), " : votre premier fichier, ou « rien à déclarer »."])]
    return "Les chiffres apparaîtront au premier dépôt d’une association.", []


def _figures(context: Context, compared: Comparison, moment: ReportingDate) -> Html:
    leading = [*first_screen(compared.indicators), *asked_by_the_vote(compared.indicators)]
    first = indicator_matrix(
        compared,
        leading,
        moment,
        caption="Les expérimentations, indicateur par indicateur",
        anchor="matrice",
        note="Chaque chiffre mène aux lignes qui le composent ; chaque indicateur, à sa définition. "
        "« au 31 mars 2022 » sous un chiffre : la suite de ces données est attendue ; "
        "« incomplet » : un total auquel elle manque.",
    )
    rest = [one for one in the_rest(compared.indicators) if one not in leading]
    others = indicator_matrix(compared, rest, moment, caption="Les autres indicateurs suivis", anchor="suite")
    count = french.count(len(rest), "autre indicateur suivi", "autres indicateurs suivis")
    return second_section(
        "Indicateur par indicateur",
        first,
        fold(f"Voir {'l’' if len(rest) == 1 else 'les '}{count}", others) if rest else None,
        fold("Lire les marques", legend(least(context))),
        anchor="indicateurs",
    )


def _park(compared: Comparison, moment: ReportingDate) -> Html | None:
    """Where the computers voted are; None while it is not known."""
    found = park_of(compared.cells)
    if found is None:
        return None
    known = {one.code: one for one in compared.indicators}
    drawn = park_bar(found, lambda code: to_figure(known[code], None, moment))
    return section(f"Les {EQUIPMENT.computers} ordinateurs votés", drawn)


def _money_and_map(context: Context, compared: Comparison, moment: ReportingDate) -> Html:
    state = ledger(context, **moment.asked)
    advance = advance_sentence(state)
    told = tag("p", tag("strong", advance), " ", ADVANCE_NOTE, class_="section__intro") if advance else None
    money = second_section(
        "L’argent",
        money_of(state, "Les lignes de subvention", short=True),
        note(tag("strong", "Non ventilé. "), undivided_sentence(state)) if undivided_sentence(state) else None,
        note("Sommes votées : délibération du 4 juin 2021. ", link("Voir les subventions", "/subventions")),
        first=join([tag("p", money_sentence(state), class_="section__intro"), told]),
    )
    ground = second_section(
        "Les lieux",
        tag("p", "À côté de chaque nom, les ordinateurs remis.", class_="section__intro"),
        territory(context, compared.experiments, moment),
    )
    return columns(money, ground, wide="left")


def _foot() -> Html:
    """What a public service says at the foot of its first page."""
    return tag(
        "p",
        link(mention(), "/accessibilite", quiet=True),
        " · ",
        link("Données personnelles", "/donnees-personnelles", quiet=True),
        class_="foot",
    )
