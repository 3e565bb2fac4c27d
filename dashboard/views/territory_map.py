"""The territory on the first screens, the places of the experiments with a figure each; and figures by place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from core.catalogue import places
from core.domain import french
from core.domain.figure_text import INCOMPLETE, is_incomplete, marked, signed
from core.domain.indicator import Constant, Indicator
from core.domain.observation import Observation
from core.domain.plugin_phrases import known, written
from core.domain.programme import METROPOLE, Experiment, Place
from core.figures import NO_PLACE
from core.figures.sentences import axis_of
from dashboard.components import Child, Html, MapPlace, link, not_there, sentence, shown, territory_map, with_marks
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


# --- Figures by place: asked once for all of them, and how one is written where it stands ---------


Key = tuple[str, str | None, str]


class ByPlace:
    """Observations by (indicator, experiment or None for all, place), up to one moment."""

    def __init__(self, context: Context, indicators: Sequence[Indicator], moment: ReportingDate) -> None:
        self.indicators = tuple(indicators)
        self._known: Mapping[str, Indicator] = {one.code: one for one in indicators}
        self._monitor, self._moment = context.monitor, moment
        listed = context.monitor.observe(list(self._known), by="place", **moment.asked)
        self._found: dict[Key, Observation] = {(o.indicator, o.experiment, o.place or ""): o for o in listed}

    def figure(self, indicator: Indicator, experiment: str | None, place: str) -> Observation:
        """The figure there; where no row speaks of the place it is still 0, unknown or without object."""
        key = (indicator.code, experiment, place)
        if key not in self._found:
            self._found[key] = self._monitor.at_place(indicator.code, experiment, place, **self._moment.asked)
        return self._found[key]

    def named(self) -> set[str]:
        """The places that a row speaks of."""
        known = {place for (_, _, place), one in self._found.items() if one.numerator or one.value}
        return known - {NO_PLACE, ""}

    def figures(self, experiment: str | None, place: str) -> Iterable[Observation]:
        """All the figures of an experiment at a place."""
        return [self.figure(one, experiment, place) for one in self.indicators]


def at_place(indicator: Indicator, found: Observation) -> Html | str:
    """A figure at a place. Machines have a place once they are handed over only: there, no rate of axis 1."""
    if alone(indicator) and known(found) is not None:
        return with_marks(written(known(found)), found)
    if found.missing_because is not None:
        return not_there(found)
    return with_marks(sentence(found) if found.denominator is not None else shown(found).text, found)


def alone(indicator: Indicator) -> bool:
    """Whether only the number says something at a place."""
    if isinstance(indicator.denominator, Constant):
        return True  # « 1 sur 92 communes » says nothing on the page of one
    return axis_of(indicator) == 1 and indicator.headline == "numerator" and indicator.denominator is not None
