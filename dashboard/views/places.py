"""« Par commune et quartier »: figures by place, and all that is known of one of them."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.catalogue import places
from core.domain import french
from core.domain.figure_text import foremost
from core.domain.french import fold as folded
from core.domain.indicator import Indicator
from core.domain.observation import Observation
from core.domain.programme import METROPOLE, Experiment
from core.figures.sentences import by_axis, first_screen, the_rest
from dashboard.components import (
    Child,
    ChooserLink,
    Html,
    axis_chip,
    band,
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
from dashboard.views.place_figures import ByPlace, at_place
from dashboard.views.place_story import place_story
from dashboard.views.pressed_map import pressed_territory
from dashboard.views.shared import (
    ReportingDate,
    at,
    moment_chooser,
    place_sentence,
    read_moment,
    to_definition,
    to_experiment,
    to_figure,
    to_place,
)

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
    moment = read_moment(context)
    found = ByPlace(context, _indicators(context), moment)
    code = st.query_params.get("lieu")
    if code:
        _one(context, found, places.find(places.resolve(code) or code), moment)
    else:
        _everywhere(context, found, moment)


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


def _everywhere(context: Context, found: ByPlace, moment: ReportingDate) -> None:
    own, others = _programme(context), _others(context, found)
    said = french.count(len(own), "lieu d’expérimentation", "lieux d’expérimentation")
    more = f", et des chiffres dans {french.count(len(others), 'autre commune', 'autres communes')}" if others else ""
    show(
        page_title(TITLE, aside=moment_chooser("lieux", moment)),
        lead(french.sentence(f"{said}{more} : choisissez un nom pour voir ce qui s’y passe")),
        _choosers(context, others, None, moment),
    )
    ground = pressed_territory(context, found, st.query_params.get("carte"), moment)
    places_told = join(
        [
            _summary(context, found, own, ORDER[:4], moment, "Les lieux des expérimentations"),
            _draft_of(context, found, own, ORDER[:4]),
        ]
    )
    show(section("Les lieux des expérimentations", columns(ground, places_told)))
    if others:
        half = -(-len(others) // 2)
        halves = {"Les autres communes": others[:half], "Les autres communes, suite": others[half:]}
        told = [_summary(context, found, one, OUTSIDE, moment, name) for name, one in halves.items() if one]
        show(
            second_section(
                "Les autres communes",
                note("Par la recherche-action, sur toute la Métropole."),
                tag("div", columns(*told), class_="halves"),
                _draft_of(context, found, others, OUTSIDE),
            )
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


def _one(context: Context, found: ByPlace, place: places.KnownPlace, moment: ReportingDate) -> None:
    here = {one.indicator: one for one in found.figures(None, place.code)}
    working = _working(context, place.code)
    show(
        page_title(place.name, kicker=TITLE, aside=moment_chooser("lieux", moment, lieu=place.code)),
        tag("p", f"Et chez moi, {at(place.name)} ?", class_="question"),
        lead(place_sentence(place.name, moment.until, here, ORDER)),
        _late(found, working, place.code),
        band(_about(place)),
        _choosers(context, _others(context, found), place.code, moment),
    )
    show(place_story(context, working, place.code, moment))
    show(section("Qui y travaille, sur quels axes", _workers(working, place.code, moment)))
    show(
        section(
            "Les chiffres de ce lieu",
            figures_table(found, working, place.code, moment),
            note("Sans objet : l’axe n’est pas prévu à ce lieu. Un chiffre mène aux lignes qui le composent."),
        )
    )


def _late(found: ByPlace, working: Sequence[Experiment], code: str) -> Html | None:
    """What is still waited for from those who work there."""
    said = []
    for one in working:
        last = foremost(seen.freshness for seen in found.figures(one.code, code))
        if last.late:
            said.append(tag("p", f"{one.association.name} : {_lower(freshness_text(last))}."))
    return callout(join(said), tone="attention", title="Données attendues") if said else None


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


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
