"""« Par commune et quartier »: figures by place, and all that is known of one of them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

import streamlit as st

from core import reporting
from core.alerts import AlertType
from core.catalogue import places
from core.domain import french
from core.domain.dataset import RowDict
from core.domain.figure_text import foremost
from core.domain.french import fold as folded
from core.domain.indicator import Indicator
from core.domain.meeting import Decision, Meeting, Stage
from core.domain.observation import Observation
from core.domain.programme import METROPOLE, Experiment
from core.figures.sentences import by_axis, first_screen, the_rest
from dashboard.addresses import address
from dashboard.components import (
    Child,
    ChooserLink,
    Html,
    axis_chip,
    band,
    bullets,
    callout,
    choices,
    chooser_form,
    columns,
    draft_note,
    facts,
    fold,
    freshness_text,
    join,
    lead,
    link,
    note,
    page_title,
    second_section,
    section,
    show,
    suggested,
    table,
    tag,
)
from dashboard.context import Context
from dashboard.views.meeting_agenda import PATH, follow_mark, readable_meetings, verdict_mark
from dashboard.views.point_list import open_points
from dashboard.views.pressed_map import pressed_territory, tint_of
from dashboard.views.shared import (
    ReportingDate,
    at,
    kept,
    kept_at,
    moment_chooser,
    place_sentence,
    read_moment,
    releves_of,
    to_definition,
    to_experiment,
    to_figure,
    to_place,
)
from dashboard.views.territory_map import ByPlace, at_place

# --- The figures of one place, as a table: what is there first, the rest one click away ------------


ORDER = ("EQ5a", "AC6", "CO4", "CO5", "AC3a", "AC1")
"""What is told of a place, the first first."""


def figures_table(found: ByPlace, working: Sequence[Experiment], code: str, moment: ReportingDate) -> Html:
    """One row per indicator, one column per experiment that works there and one for all of them."""
    whom = [*(one.code for one in working), None]
    raised = [one for one in found.indicators if any(_raised(found, one, who, code) for who in whom)]
    first = [one for one in raised if one.code in ORDER or any(_something(found, one, who, code) for who in whom)]
    rest = [one for one in raised if one not in first]
    headings = ["Indicateur", *(one.short_title for one in working), "Ensemble à ce lieu"]

    def drawn(kept: Sequence[Indicator], caption: str) -> Html:
        rows = [_line(found, one, whom, code, moment) for one in kept]
        return table(caption, headings, rows, numeric=range(1, len(headings)))

    others = (
        fold(f"Voir les {len(rest)} autres indicateurs", drawn(rest, "Les autres chiffres de ce lieu"))
        if rest
        else None
    )
    every = (found.figure(one, who, code) for one in raised for who in whom)
    return join([drawn(first, "Les chiffres de ce lieu"), others, draft_note(every)])


def _raised(found: ByPlace, indicator: Indicator, who: str | None, code: str) -> bool:
    return found.figure(indicator, who, code).expected_here


def _something(found: ByPlace, indicator: Indicator, who: str | None, code: str) -> bool:
    one = found.figure(indicator, who, code)
    return bool(one.numerator or one.value)


def _line(
    found: ByPlace, indicator: Indicator, whom: Sequence[str | None], code: str, moment: ReportingDate
) -> list[Child]:
    cells = [_linked(found.figure(indicator, who, code), indicator, who, code, moment) for who in whom]
    return [link(indicator.label, to_definition(indicator), quiet=True), *cells]


def _linked(found: Observation, indicator: Indicator, who: str | None, code: str, moment: ReportingDate) -> Html | str:
    text = at_place(indicator, found)
    if found.missing_because is not None or not (found.numerator or found.value):
        return text
    where = to_figure(indicator, who, moment, place=code)
    return link(text, where, quiet=True) if where else text


# --- « Par commune et quartier »: the same figures, by place; « et chez moi ? » --------------------


TITLE = "Par commune et quartier"
OUTSIDE = ("AC6", "AC3a", "AC1")
"""What is followed in the communes where no experiment runs by itself."""


def draw(context: Context) -> None:
    """All the places, or the one that the address names."""
    moment, asked = read_moment(context), st.query_params.get("lieu")
    if asked:
        place = places.find(places.resolve(asked) or asked)
        head, *rest = kept_at(context, ("place", place.code), moment, lambda: list(_one(context, place, moment)))
        story = place_story(context, _working(context, place.code), place.code, moment)  # it is of who reads it
        parts = [head, story, *rest]
    else:
        tint = tint_of(st.query_params.get("carte"))
        parts = kept_at(context, ("places", tint), moment, lambda: list(_everywhere(context, tint, moment)))
    for part in parts:
        show(part)


# --- what is known by place -----------------------------------------------------------------


def _indicators(context: Context) -> list[Indicator]:
    known = tuple(context.registry.catalogue.values())
    kept = [one for one in [*first_screen(known), *the_rest(known)] if not one.code.startswith("TR")]
    return [one for _axis, _title, group in by_axis(kept) for one in group]


def _programme(context: Context) -> list[str]:
    """The places of the experiments, in the order of the columns."""
    return [place.code for one in context.registry.experiments for place in one.places if place.code != METROPOLE]


def _others(context: Context, found: ByPlace) -> list[str]:
    """The other communes that rows speak of, by name."""
    return _by_name(found.named() - set(_programme(context)))


def _by_name(codes: set[str]) -> list[str]:
    return sorted(codes, key=lambda code: folded(places.name(code)))


def _working(context: Context, code: str) -> list[Experiment]:
    return [one for one in context.registry.experiments if one.place(code) is not None]


# --- all the places -------------------------------------------------------------------------


def _everywhere(context: Context, tint: str, moment: ReportingDate) -> Iterator[Html]:
    """The choices, the map beside the places of the experiments, the other communes."""
    found = ByPlace(context, _indicators(context), moment)
    own, others = _programme(context), _others(context, found)
    said = french.count(len(own), "lieu d’expérimentation", "lieux d’expérimentation")
    more = f", et des chiffres dans {french.count(len(others), 'autre commune', 'autres communes')}" if others else ""
    yield join(
        [
            page_title(TITLE, aside=moment_chooser("lieux", moment)),
            lead(french.sentence(f"{said}{more} : choisissez un nom pour voir ce qui s’y passe")),
            _choosers(context, others, None, moment),
        ]
    )
    ground = pressed_territory(context, found, tint, moment)
    places_told = join(
        [
            _summary(context, found, own, ORDER[:4], moment, "Les lieux des expérimentations"),
            _draft_of(context, found, own, ORDER[:4]),
        ]
    )
    yield section("Les lieux des expérimentations", columns(ground, places_told))
    if others:
        half = -(-len(others) // 2)
        halves = {"Les autres communes": others[:half], "Les autres communes, suite": others[half:]}
        told = [_summary(context, found, one, OUTSIDE, moment, name) for name, one in halves.items() if one]
        yield second_section(
            "Les autres communes",
            note("Par la recherche-action, sur toute la Métropole."),
            tag("div", columns(*told), class_="halves"),
            _draft_of(context, found, others, OUTSIDE),
        )


def _choosers(context: Context, others: Sequence[str], shown: str | None, moment: ReportingDate) -> Html:
    named = [ChooserLink(places.name(code), to_place(code, moment), code == shown) for code in _programme(context)]
    silent = _by_name(set(places.every()) - {METROPOLE, *_programme(context), *others})
    names = [*(places.name(code) for code in others), *(places.name(code) for code in silent)]
    form = chooser_form(
        "lieux",
        suggested("Une autre commune", "lieu", names),
        button="Voir cette commune",
        hidden=moment.keep,
        boxed=False,
    )
    return tag("div", choices("Lieux des expérimentations", named), form, class_="choosers")


def _summary(
    context: Context, found: ByPlace, codes: Sequence[str], wanted: Sequence[str], moment: ReportingDate, caption: str
) -> Html:
    told = _told(context, wanted)
    rows = [
        [
            link(places.name(code), to_place(code, moment), quiet=True),
            *(at_place(one, found.figure(one, None, code)) for one in told),
        ]
        for code in codes
    ]
    headings = ["Lieu", *(one.label for one in told)]
    return table(caption, headings, rows, numeric=range(1, len(headings)))


def _told(context: Context, wanted: Sequence[str]) -> list[Indicator]:
    catalogue = context.registry.catalogue
    return [catalogue[code] for code in wanted if code in catalogue]


def _draft_of(context: Context, found: ByPlace, codes: Sequence[str], wanted: Sequence[str]) -> Html | None:
    """What the sign means, once for all the tables of the places."""
    return draft_note(found.figure(one, None, code) for one in _told(context, wanted) for code in codes)


# --- one place ------------------------------------------------------------------------------


def _one(context: Context, place: places.KnownPlace, moment: ReportingDate) -> Iterator[Html]:
    """What is known of a place: where it is and what is said of it first, then who works there, then its figures."""
    found = ByPlace(context, _indicators(context), moment)
    here = {one.indicator: one for one in found.figures(None, place.code)}
    working = _working(context, place.code)
    yield join(
        [
            page_title(place.name, kicker=TITLE, aside=moment_chooser("lieux", moment, lieu=place.code)),
            tag("p", f"Et chez moi, {at(place.name)} ?", class_="question"),
            lead(place_sentence(place.name, moment.until, here, ORDER)),
            _late(found, working, place.code),
            band(_about(place)),
            _choosers(context, _others(context, found), place.code, moment),
        ]
    )
    yield section("Qui y travaille, sur quels axes", _workers(working, place.code, moment))
    yield section(
        "Les chiffres de ce lieu",
        figures_table(found, working, place.code, moment),
        note("Sans objet : l’axe n’est pas prévu à ce lieu. Un chiffre mène aux lignes qui le composent."),
    )


def _late(found: ByPlace, working: Sequence[Experiment], code: str) -> Html | None:
    """What is still waited for from those who work there."""
    said = []
    for one in working:
        last = foremost(seen.freshness for seen in found.figures(one.code, code))
        if last.late:
            said.append(tag("p", f"{one.association.name} : {french.lower_first(freshness_text(last))}."))
    return callout(join(said), tone="attention", title="Données attendues") if said else None


def _about(place: places.KnownPlace) -> dict[str, str]:
    around = places.communes().get(place.insee or "")
    quartier = place.kind == places.QUARTIER
    return {
        "Commune": around.name if quartier and around else "",
        "Territoire": place.ct,
        "Code INSEE": place.arrondissement or place.insee or "",
        "Habitants": french.number(place.population) if place.population else "",
    }


def _workers(working: Sequence[Experiment], code: str, moment: ReportingDate) -> Html:
    if not working:
        return tag("p", "Aucune expérimentation ne travaille ici.")
    return facts({one.short_title: _worker(one, code, moment) for one in working})


def _worker(one: Experiment, code: str, moment: ReportingDate) -> Html:
    place = one.place(code)
    axes = [axis_chip(axis) for axis in (place.axes if place else ())]
    return tag(
        "span",
        link(one.association.name, to_experiment(one, moment)),
        axes,
        "sur toute la Métropole" if one.covers_everything else None,
        class_="chips",
    )


# --- Of one place: what happens there, what waits, which decision touched it, what comes next -----


MOST = 4
"""The lines under each question; the page that they lead to has them all."""


def place_story(context: Context, working: Sequence[Experiment], code: str, moment: ReportingDate) -> Html | None:
    """The four answers side by side, as they stand today; None where nobody works."""
    mine = [one for one in working if not one.covers_everything]
    if not mine or moment.revision is not None:
        return None
    every = readable_meetings(context)
    codes = {one.code for one in mine}
    here = [row for one in mine for row in _milestones(context, one, code, moment)]
    parts = [
        section("Ce qui s’y passe", _lines(_happening(context, mine, moment), "Rien n’est encore raconté.")),
        section("Ce qui attend", _lines(_waiting(context, mine), "Rien n’attend.")),
        section("Ce qui a été décidé", _lines(_decided(every, codes), "Aucune décision n’y a touché.")),
        section("Ce qui vient", _lines(_coming(context, every, mine, here), "Rien n’est encore daté.")),
    ]
    return columns(join(parts[:2]), join(parts[2:]))


def _lines(found: Iterator[Child], none: str) -> Html:
    lines = list(found)
    more = len(lines) - MOST
    rest = f"Et {french.number(more)} de plus, sur la page de l’expérimentation."
    shown = lines if more <= 0 else [*lines[:MOST], rest]
    return bullets(shown) if shown else tag("p", none)


def _happening(context: Context, mine: Sequence[Experiment], moment: ReportingDate) -> Iterator[Child]:
    """What each association last told of its period."""
    for one in mine:
        told = [found for found in releves_of(context) if found.experiment == one.code]
        written = next(
            (
                text
                for found in reversed(told)
                if found.period.start <= moment.until
                and (text := reporting.narrative(context.store, one.code, found.period.code)) is not None
            ),
            None,
        )
        if written is not None and written.text:
            who = link(one.association.name, to_experiment(one, moment))
            yield join([who, f" : « {written.text.strip('« »')} »"])


def _waiting(context: Context, mine: Sequence[Experiment]) -> Iterator[Child]:
    """The relevés that did not come, then the points that demand an action."""
    for one in mine:
        for found in releves_of(context):
            if found.experiment == one.code and found.awaited:
                yield link(f"Relevé du {found.period.label}, attendu depuis le {french.day(found.due)}", "/echeances")
        for alert in open_points(context, one.code):
            if alert.kind is not AlertType.LATE_DATA:
                yield link(alert.title, address("points", point=alert.code))


def _decided(every: Sequence[Meeting], codes: Collection[str]) -> Iterator[Child]:
    """The decisions about the experiments there, the last first."""
    for meeting in reversed(every):
        for one in reversed(meeting.decisions):
            point = meeting.point(one.point)
            if {one.experiment, point.experiment if point else None} & set(codes):
                yield _decision(meeting, one)


def _decision(meeting: Meeting, one: Decision) -> Html:
    where = link(f"{meeting.title} du {french.day(meeting.day)}", address(PATH, comite=str(meeting.number)))
    return join([verdict_mark(one.verdict), f" {one.text} ", where, follow_mark(one)])


def _coming(
    context: Context, every: Sequence[Meeting], mine: Sequence[Experiment], here: Sequence[RowDict]
) -> Iterator[Child]:
    """The milestones to come, with what is done next about them; the next committee, the next relevé."""
    for row in here:
        action = f" Prochaine action : {row['prochaine_action']}" if row["prochaine_action"] else ""
        yield f"{row['libelle']}, prévu le {french.day(row['date_prevue'])} ({row['statut'].lower()}).{action}"
    for meeting in every:
        if meeting.stage is not Stage.CLOSED:
            yield link(f"{meeting.title}, le {french.day(meeting.day)}", address(PATH, comite=str(meeting.number)))
    codes = {one.code for one in mine}
    mine_due = [one for one in releves_of(context) if one.experiment in codes and one.due >= context.today]
    due = sorted({(one.due, one.period.label) for one in mine_due})
    yield from (f"Relevé du {label}, pour le {french.day(day)}" for day, label in due)


def _milestones(context: Context, one: Experiment, place: str, moment: ReportingDate) -> list[RowDict]:
    """The milestones that are not over, of the place or of the whole experiment, the nearest first."""
    rows = kept(
        context,
        ("milestones", one.code),
        moment.revision,
        lambda: context.monitor.report(one.code, **moment.asked).rows("jalons"),
    )
    open_ones = [row for row in rows if row["date_reelle"] is None and row["statut"] not in ("Terminé", "Abandonné")]
    return sorted((row for row in open_ones if row["lieu"] in (None, place)), key=lambda row: row["date_prevue"])
