"""« Par commune et quartier »: the same figures, by place; « et chez moi ? »."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from core.axes import places
from core.domain import french
from core.domain.experiment import METROPOLE, Experiment
from core.domain.indicator import Indicator
from core.domain.words import fold as folded
from dashboard.components import (
    Choice,
    Option,
    axis_chip,
    band,
    callout,
    choices,
    chooser_form,
    columns,
    facts,
    freshness_text,
    join,
    lead,
    link,
    note,
    page_title,
    section,
    select,
    show,
    table,
    tag,
)
from dashboard.context import Context
from dashboard.views.parts.by_place import ByPlace
from dashboard.views.parts.ground import territory
from dashboard.views.parts.groups import by_axis, first_screen, the_rest
from dashboard.views.parts.here import ORDER, at_place, figures_table
from dashboard.views.parts.links import to_experiment, to_place
from dashboard.views.parts.moment import Moment, moment_chooser, read_moment
from dashboard.views.parts.sentences import at, place_sentence

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


def _everywhere(context: Context, found: ByPlace, moment: Moment) -> None:
    own, others = _programme(context), _others(context, found)
    said = french.count(len(own), "lieu d’expérimentation", "lieux d’expérimentation")
    more = f", et des chiffres dans {french.count(len(others), 'autre commune', 'autres communes')}" if others else ""
    show(
        page_title(TITLE, aside=moment_chooser("lieux", moment)),
        lead(french.sentence(f"{said}{more} : choisissez un nom pour voir ce qui s’y passe")),
        _choosers(context, others, None, moment),
    )
    ground = territory(context, context.registry.experiments, moment)
    places_told = _summary(context, found, own, ORDER[:4], moment, "Les lieux des expérimentations")
    show(section("Les lieux des expérimentations", columns(ground, places_told)))
    if others:
        show(section("Les autres communes", _summary(context, found, others, OUTSIDE, moment, "Les autres communes"),
                     note("Par la recherche-action, sur toute la Métropole.")))  # fmt: skip


def _choosers(context: Context, others: Sequence[str], shown: str | None, moment: Moment) -> Any:
    named = [Choice(places.name(code), to_place(code, moment), code == shown) for code in _programme(context)]
    silent = _by_name(set(places.every()) - {METROPOLE, *_programme(context), *others})
    groups = [
        (title, [Option(code, places.name(code), code == shown) for code in codes])
        for title, codes in (("Avec des chiffres", others), ("Sans chiffre encore", silent))
        if codes
    ]
    form = chooser_form(
        "lieux", select("Une autre commune", "lieu", [Option("", "Toutes", shown is None), *groups]),
        button="Voir cette commune", hidden=moment.keep, boxed=False,
    )  # fmt: skip
    return tag("div", choices("Lieux des expérimentations", named), form, class_="choosers")


def _summary(
    context: Context, found: ByPlace, codes: Sequence[str], wanted: Sequence[str], moment: Moment, caption: str
) -> Any:
    catalogue = context.registry.catalogue
    told = [catalogue[code] for code in wanted if code in catalogue]
    rows = [
        [
            link(places.name(code), to_place(code, moment), quiet=True),
            *(at_place(one, found.figure(one, None, code)) for one in told),
        ]
        for code in codes
    ]
    headings = ["Lieu", *(one.label for one in told)]
    return table(caption, headings, rows, numeric=range(1, len(headings)), hide_caption=True)


# --- one place ------------------------------------------------------------------------------


def _one(context: Context, found: ByPlace, place: places.KnownPlace, moment: Moment) -> None:
    here = {one.indicator: one for one in found.figures(None, place.code)}
    working = _working(context, place.code)
    show(
        page_title(place.name, kicker=TITLE, aside=moment_chooser("lieux", moment, lieu=place.code)),
        tag("p", f"Et chez moi, {at(place.name)} ?", class_="question"),
        lead(place_sentence(place.name, french.day(moment.until), here, ORDER)),
        _late(found, working, place.code),
        band(_about(place)),
        _choosers(context, _others(context, found), place.code, moment),
    )
    show(section("Qui y travaille, sur quels axes", _workers(working, place.code, moment)))
    show(section(
        "Les chiffres de ce lieu", figures_table(found, working, place.code, moment),
        note("Sans objet : l’axe n’est pas prévu à ce lieu. Un chiffre mène aux lignes qui le composent."),
    ))  # fmt: skip


def _late(found: ByPlace, working: Sequence[Experiment], code: str) -> Any:
    """What is still waited for from those who work there."""
    said = []
    for one in working:
        fresh = [seen.freshness for seen in found.figures(one.code, code)]
        waits = [(each.expected_since, each) for each in fresh if each.expected_since and each.covers_until]
        if waits:
            _, last = max(waits, key=lambda wait: wait[0])
            said.append(tag("p", f"{one.association.name} : {_lower(freshness_text(last))}."))
    return callout(join(said), tone="attention", title="Données attendues") if said else None


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def _about(place: places.KnownPlace) -> dict[str, Any]:
    around = places.communes().get(place.insee or "")
    quartier = place.kind == places.QUARTIER
    return {
        "Commune": around.name if quartier and around else "",
        "Territoire": place.ct,
        "Code INSEE": place.arrondissement or place.insee or "",
        "Habitants": french.number(place.population) if place.population else "",
    }


def _workers(working: Sequence[Experiment], code: str, moment: Moment) -> Any:
    if not working:
        return tag("p", "Aucune expérimentation ne travaille ici.")
    return facts({one.short_title: _worker(one, code, moment) for one in working})


def _worker(one: Experiment, code: str, moment: Moment) -> Any:
    place = one.place(code)
    axes = [axis_chip(axis) for axis in (place.axes if place else ())]
    return tag(
        "span",
        link(one.association.name, to_experiment(one, moment)),
        axes,
        "sur toute la Métropole" if one.covers_everything else None,
        class_="chips",
    )
