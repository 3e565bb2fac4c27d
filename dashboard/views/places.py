"""« Par commune et quartier »: the same figures, by place; « et chez moi ? »."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from core.axes import places
from core.domain import french
from core.domain.experiment import METROPOLE, Experiment
from core.domain.indicator import Indicator
from core.domain.observation import Missing, Observation
from core.services.monitoring import NO_PLACE
from dashboard.components import (
    Choice, Option, axis_chip, band, choices, chooser_form, facts, join, lead, link, mark, note, page_title, section,
    select, sentence, show, table, tag,
)  # fmt: skip
from dashboard.context import Context
from dashboard.views.parts.ground import territory
from dashboard.views.parts.groups import by_axis, first_screen, the_rest
from dashboard.views.parts.links import to_definition, to_experiment, to_figure, to_place
from dashboard.views.parts.moment import Moment, moment_chooser, read_moment
from dashboard.views.parts.sentences import place_sentence

TITLE = "Par commune et quartier"
ORDER = ("EQ5a", "AC6", "CO4", "CO5", "AC3a", "AC1")
Figures = Mapping[tuple[str, str | None, str], Observation]


def draw(context: Context) -> None:
    """All the places, or the one that the address names."""
    moment = read_moment(context)
    code = st.query_params.get("lieu")
    found = _figures(context, moment)
    if code is None:
        _everywhere(context, found, moment)
        return
    place = places.find(places.resolve(code) or code)
    _one(context, found, place, moment)


# --- what is known by place -----------------------------------------------------------------


def _indicators(context: Context) -> list[Indicator]:
    known = tuple(context.registry.catalogue.values())
    return [one for one in [*first_screen(known), *the_rest(known)] if not one.code.startswith("TR")]


def _figures(context: Context, moment: Moment) -> Figures:
    codes = [one.code for one in _indicators(context)]
    found = context.monitor.observe(codes, by="place", **moment.asked)
    return {(one.indicator, one.experiment, one.place or ""): one for one in found}


def _named(found: Figures) -> list[str]:
    """The places that rows speak of, those of the programme first."""
    known = {place for (_, _, place), one in found.items() if one.value is not None or one.numerator}
    return sorted(known - {NO_PLACE, ""}, key=lambda code: (places.every()[code].lat is None, places.name(code)))


def _programme(context: Context) -> list[str]:
    return [
        place.code for one in context.registry.experiments for place in one.places if place.code != METROPOLE
    ]


# --- all the places -------------------------------------------------------------------------


def _everywhere(context: Context, found: Figures, moment: Moment) -> None:
    listed = _named(found)
    others = [code for code in listed if code not in _programme(context)]
    said = f"{french.count(len(_programme(context)), 'lieu d’expérimentation', 'lieux d’expérimentation')}"
    more = f", et des chiffres dans {french.count(len(others), 'autre commune', 'autres communes')}" if others else ""
    show(
        page_title(TITLE, aside=moment_chooser("lieux", moment)),
        lead(french.sentence(f"{said}{more}\u202f: choisissez un nom pour voir ce qui s’y passe")),
        _choosers(context, listed, None, moment),
    )
    show(section("Les lieux des expérimentations", territory(context, context.registry.experiments, moment)))
    show(section("Lieu par lieu", _summary(context, found, listed, moment)))


def _choosers(context: Context, listed: Sequence[str], shown: str | None, moment: Moment) -> Any:
    named = [Choice(places.name(code), to_place(code, moment), code == shown) for code in _programme(context)]
    others = [Option(code, one.name, code == shown) for code, one in sorted(places.every().items(), key=lambda pair: pair[1].name)
              if code not in _programme(context) and code != METROPOLE]  # fmt: skip
    some = [one for one in others if one.value in listed]
    rest = [one for one in others if one.value not in listed]
    groups: list[Any] = [("Avec des chiffres", some)] if some else []
    form = chooser_form(
        "lieux", select("Une autre commune", "lieu", [*groups, ("Sans chiffre encore", rest)]),
        button="Voir cette commune", hidden=moment.keep,
    )  # fmt: skip
    return join([choices("Lieux des expérimentations", named), form])


def _summary(context: Context, found: Figures, listed: Sequence[str], moment: Moment) -> Any:
    catalogue = context.registry.catalogue
    codes = [code for code in ORDER if code in catalogue]
    rows = [
        [
            link(places.name(code), to_place(code, moment), quiet=True),
            french.listing(one.short_title for one in _working(context, code) if not one.covers_everything) or "—",
            *(_figure(found.get((indicator, None, code))) for indicator in codes),
        ]
        for code in [*_programme(context), *(one for one in listed if one not in _programme(context))]
    ]
    headings = ["Lieu", "Expérimentation", *(catalogue[code].label for code in codes)]
    return table(
        "Chiffres par lieu", headings, rows, numeric=range(2, len(headings)), hide_caption=True, wide=True,
        note="« Sans objet » : l’axe n’est pas prévu à ce lieu.",
    )  # fmt: skip


# --- one place ------------------------------------------------------------------------------


def _one(context: Context, found: Figures, place: places.KnownPlace, moment: Moment) -> None:
    here = {code: one for (code, experiment, where), one in found.items() if where == place.code and experiment is None}
    working = _working(context, place.code)
    show(
        page_title(place.name, kicker=TITLE, aside=moment_chooser("lieux", moment, lieu=place.code)),
        tag("p", f"Et chez moi, à {place.name} ?", class_="question"),
        lead(place_sentence(place.name, french.day(moment.until), here, ORDER)),
        band(_about(place)),
    )
    show(_choosers(context, _named(found), place.code, moment))
    show(section("Qui y travaille, sur quels axes", _workers(context, working, place.code, moment)))
    show(section("Les chiffres de ce lieu", _table(context, found, working, place.code, moment),
                 note("Sans objet : l’axe n’est pas prévu à ce lieu. Un chiffre mène aux lignes qui le composent.")))  # fmt: skip


def _about(place: places.KnownPlace) -> dict[str, Any]:
    around = places.communes().get(place.insee or "")
    quartier = place.kind == places.QUARTIER
    return {
        "Commune": around.name if quartier and around else "",
        "Territoire": place.ct,
        "Code INSEE": place.arrondissement or place.insee or "",
        "Habitants": french.number(place.population) if place.population else "",
    }


def _working(context: Context, code: str) -> list[Experiment]:
    return [one for one in context.registry.experiments if one.place(code) is not None]


def _workers(context: Context, working: Sequence[Experiment], code: str, moment: Moment) -> Any:
    if not working:
        return tag("p", "Aucune expérimentation ne travaille ici.")
    return facts(
        {
            one.short_title: join(
                [
                    link(one.association.name, to_experiment(one, moment)),
                    " · ",
                    tag("span", [axis_chip(axis) for axis in _axes(one, code)], class_="chips"),
                    " sur toute la Métropole" if one.covers_everything else "",
                ]
            )
            for one in working
        }
    )


def _table(context: Context, found: Figures, working: Sequence[Experiment], code: str, moment: Moment) -> Any:
    rows: list[Sequence[Any]] = []
    for _axis, _title, indicators in by_axis(_indicators(context)):
        rows += [_line(found, one, working, code, moment) for one in indicators if _told(found, one, code)]
    columns = [*(one.short_title for one in working), "Ensemble à ce lieu"]
    return table("Les chiffres de ce lieu", ["Indicateur", *columns], rows, numeric=range(1, len(columns) + 1), hide_caption=True)


def _told(found: Figures, indicator: Indicator, code: str) -> bool:
    return any(key[0] == indicator.code and key[2] == code for key in found)


def _line(found: Figures, indicator: Indicator, working: Sequence[Experiment], code: str, moment: Moment) -> list[Any]:
    cells = [
        _linked(found.get((indicator.code, who, code)), indicator, who, code, moment)
        for who in [*(one.code for one in working), None]
    ]
    return [link(indicator.label, to_definition(indicator), quiet=True), *cells]


def _linked(found: Observation | None, indicator: Indicator, who: str | None, code: str, moment: Moment) -> Any:
    text = _figure(found)
    if found is None or found.missing_because is not None:
        return text
    where = to_figure(indicator, who, moment, place=code)
    return link(text, where, quiet=True) if where else text


def _figure(found: Observation | None) -> Any:
    if found is None:
        return mark(Missing.NOT_APPLICABLE)
    if found.missing_because is not None:
        return tag("span", mark(found.missing_because), title=found.reason or None)
    return sentence(found)


def _axes(experiment: Experiment, code: str) -> tuple[int, ...]:
    place = experiment.place(code)
    return place.axes if place else ()
