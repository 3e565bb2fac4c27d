"""The territory on the first screens: the places of the experiments with a figure each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from core.catalogue import places
from core.domain import french
from core.domain.figure_text import INCOMPLETE, is_incomplete, marked, signed
from core.domain.observation import Observation
from core.domain.plugin_phrases import known, written
from core.domain.programme import METROPOLE, Experiment, Place
from dashboard.components import Child, Html, MapPlace, link, territory_map
from dashboard.components.map import MapCommune, MapDot, town_hall
from dashboard.context import Context
from dashboard.views.shared import ReportingDate, kept, to_experiment, to_place

CODE = "EQ5a"


def territory(
    context: Context,
    experiments: Sequence[Experiment],
    moment: ReportingDate,
    communes: Sequence[MapCommune] = (),
    dots: Sequence[MapDot] = (),
    dots_name: str = "",
) -> Html:
    """The map of the places, each with the computers handed over there; ``communes`` are tinted and pressed."""
    figures = handed_over(context, moment)
    pins = [
        _pin(experiment, place, figures, moment)
        for experiment in experiments
        for place in experiment.places
        if place.code in places.every() and place.code != METROPOLE
    ]
    everywhere = [found for found in experiments if found.covers_everything]
    return territory_map(
        [pin for pin in pins if pin is not None],
        caption="Les lieux des expérimentations",
        alternative=_words(experiments),
        everywhere=_everywhere(everywhere, moment) if everywhere else None,
        figure_name="Ordinateurs remis",
        communes=communes,
        dots=dots,
        dots_name=dots_name,
    )


def handed_over(context: Context, moment: ReportingDate) -> Mapping[str, tuple[str, str]]:
    """The computers handed over at each place where the number is known, with what it lacks: whole, and for a pin."""
    found = kept(
        context,
        ("handed over", moment.until),
        moment.revision,
        lambda: context.monitor.observe([CODE], [None], by="place", **moment.asked),
    )
    return {one.place: _both(written(known(one)), one) for one in found if one.place and known(one) is not None}


def _both(text: str, figure: Observation) -> tuple[str, str]:
    """« 6, incomplet, au 31 mars 2022 » for the table of the map, « 6, incomplet » for its pin."""
    if is_incomplete(figure):
        return marked(text, figure), f"{text}, {INCOMPLETE}"
    told = signed(text, figure)
    return marked(told, figure), marked(told, figure, day=french.short_day)


def _pin(
    experiment: Experiment, place: Place, figures: Mapping[str, tuple[str, str]], moment: ReportingDate
) -> MapPlace | None:
    where = places.every()[place.code]
    # The places of the vote have points of their own; any other commune stands at its « mairie ».
    spot = (where.lat, where.lon) if where.lat is not None and where.lon is not None else town_hall(where.insee)
    if spot is None:
        return None
    return MapPlace(
        place.name,
        *spot,
        place.axes,
        experiment.short_title,
        to_place(place.code, moment),
        *figures.get(place.code, ("", "")),
    )


def _everywhere(found: Sequence[Experiment], moment: ReportingDate) -> list[Child]:
    said: list[Child] = ["Sur toute la Métropole : "]
    for rank, one in enumerate(found):
        said += [", " if rank else "", link(f"{one.short_title} ({one.association.name})", to_experiment(one, moment))]
    return [*said, "."]


def _words(experiments: Sequence[Experiment]) -> str:
    parts = [
        f"{found.short_title} à {french.listing(place.name for place in found.places)}"
        for found in experiments
        if not found.covers_everything
    ]
    return f"Carte de la Métropole : {' ; '.join(parts)}."
