"""The commitments as pages show them, with where each leads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from core.domain.experiment import Experiment
from core.domain.programme import Commitment
from core.services.commitments import Kept, Standing, evidence_code, matrix
from dashboard.components import Promise
from dashboard.context import Context
from dashboard.navigation import address
from dashboard.views.parts.kept import kept
from dashboard.views.parts.moment import Moment

Standings = Mapping[tuple[str, str], Standing]


def standings(context: Context, moment: Moment) -> Standings:
    """The standing of each (commitment, experiment)."""
    return kept(
        context,
        ("commitments", moment.until),
        moment.revision,
        lambda: matrix(context.monitor, context.registry.experiments, **moment.asked),
    )


def promises(
    found: Standings, commitments: Sequence[Commitment], experiment: Experiment, moment: Moment
) -> list[Promise]:
    """Those of one experiment, in the order of the deliberation."""
    return [
        promise(found[one.code, experiment.code], moment) for one in commitments if (one.code, experiment.code) in found
    ]


def promise(standing: Standing, moment: Moment) -> Promise:
    """A commitment with the address of the rows that show it."""
    if standing.state is not Kept.SHOWN:
        return Promise(standing)
    code = evidence_code(standing.commitment)
    return Promise(standing, address("chiffre", indicateur=code, experience=standing.experiment, **moment.keep))
