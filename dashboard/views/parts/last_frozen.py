"""When a plugin's page breaks, what it told in the last frozen figures stays visible, marked as such."""

from __future__ import annotations

from core.domain.experiment import Experiment
from core.domain.meeting import Freeze
from core.services import meetings
from dashboard.components import KeyFigure, heading, key_figures, link, show, show_blocks, tag
from dashboard.context import Context
from dashboard.navigation import address
from dashboard.views.parts.frozen import frozen_band
from dashboard.views.parts.groups import axis_of, card_codes, parts_of
from dashboard.views.parts.meeting_words import PATH, readable_meetings


def last_frozen(context: Context, experiment: Experiment) -> Freeze | None:
    """The last frozen figures of an experiment that the visitor may read."""
    return meetings.last_freeze(readable_meetings(context), experiment.code)


def show_last_frozen(context: Context, experiment: Experiment, frozen: Freeze) -> None:
    """What the plugin told then; its key figures alone when it was broken on that day too."""
    found = meetings.snapshot_of(context.store, frozen)
    to_it = link(f"Ouvrir le comité n° {frozen.committee}", address(PATH, comite=str(frozen.committee)))
    show(heading("Derniers chiffres arrêtés"), frozen_band(frozen), tag("p", to_it))

    def figure(code: str) -> KeyFigure:
        one, cell = found.indicator[code], found.cells[code, experiment.code]
        return KeyFigure(one.label, cell, axis_of(one), one.headline, parts_of(one), hint=one.definition)

    blocks = found.pages[experiment.code].blocks
    if blocks:
        show_blocks(blocks, figure, key=f"{experiment.code}-{frozen.number}")
        return
    codes = card_codes(experiment, found.indicators_of(experiment.code))
    show(key_figures([figure(code) for code in codes if (code, experiment.code) in found.cells]))
