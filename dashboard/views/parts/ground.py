"""The territory on the first screens: the places of the experiments with a figure each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from core.axes import places
from core.domain import french
from core.domain.experiment import METROPOLE, Experiment
from dashboard.components import Html, MapPlace, link, territory_map
from dashboard.context import Context
from dashboard.views.parts.kept import kept
from dashboard.views.parts.links import to_experiment, to_place
from dashboard.views.parts.moment import Moment

CODE = "EQ5a"


def territory(context: Context, experiments: Sequence[Experiment], moment: Moment) -> Html:
    """The map of the places, each with the computers handed over there."""
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
    )


def handed_over(context: Context, moment: Moment) -> Mapping[str, float]:
    """The computers handed over at each place where the number is known."""
    found = kept(
        context,
        ("handed over", moment.until),
        moment.revision,
        lambda: context.monitor.observe([CODE], [None], by="place", **moment.asked),
    )
    return {one.place: one.numerator for one in found if one.place and one.numerator is not None}


def _pin(experiment: Experiment, place: Any, figures: Mapping[str, float], moment: Moment) -> MapPlace | None:
    where = places.every()[place.code]
    if where.lat is None or where.lon is None:
        return None
    known = figures.get(place.code)
    return MapPlace(
        place.name, where.lat, where.lon, place.axes, experiment.short_title,
        to_place(place.code, moment), "" if known is None else french.number(known),
    )  # fmt: skip


def _everywhere(found: Sequence[Experiment], moment: Moment) -> list[Any]:
    said: list[Any] = ["Sur toute la Métropole : "]
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
