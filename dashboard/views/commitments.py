"""« Engagements »: what the associations promised, experiment by experiment, and the rows that show it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial
from typing import TypeVar

from core.deliberation import ANONYMAL_DUTIES, COMMITMENTS
from core.domain import french
from core.domain.observation import Observation
from core.domain.programme import Commitment, Experiment
from core.figures.commitments import CommitmentStatus, Kept, evidence_code, matrix, proofs
from dashboard.addresses import address
from dashboard.components import (
    Html,
    Promise,
    columns,
    draft_note,
    fold,
    heading,
    join,
    lead,
    link,
    note,
    page_title,
    promise_legend,
    promise_mark,
    section,
    show,
    table,
    tag,
)
from dashboard.context import Context
from dashboard.views.shared import ReportingDate, kept, moment_chooser, read_moment, to_experiment

TITLE = "Engagements"
T = TypeVar("T")
Standings = Mapping[tuple[str, str], CommitmentStatus]
Proofs = Mapping[tuple[str, str | None], Observation]


def draw(context: Context) -> None:
    """The eight commitments by experiment, then Anonymal's four duties."""
    moment = read_moment(context)
    found, seen = standings(context, moment), proofs_of(context, moment)
    experiments = context.registry.experiments
    anonymal = [one for one in experiments if one.association.code == "anonymal"]
    show(
        page_title(TITLE, aside=moment_chooser("engagements", moment)),
        lead(commitments_sentence(found, experiments, moment.until)),
    )
    show(
        section(
            f"Les {french.in_words(len(COMMITMENTS))} engagements des associations",
            _table(found, seen, COMMITMENTS, experiments, moment, "Engagements, expérimentation par expérimentation"),
            note(
                "« Sans objet » ne vient que du texte : 2, 5 et 6 valent « dans le cas de l’axe 2 » ; "
                "7 suppose l’axe 1. "
                "Un nombre de lignes mène à ces lignes."
            ),
        )
    )
    if anonymal:
        show(
            section(
                f"Les {french.in_words(len(ANONYMAL_DUTIES))} tâches confiées à Anonymal avec le matériel",
                _table(found, seen, ANONYMAL_DUTIES, anonymal, moment, "Tâches d’Anonymal"),
            )
        )
    show(draft_note(seen.values()), _texts(), fold("Lire les marques", promise_legend()))


def commitments_sentence(found: Standings, experiments: Sequence[Experiment], until: date) -> str:
    """« Au 30 juin 2022, 35 des 40 engagements attendus sont montrés par des lignes ; 6 ne sont pas renseignés. »."""
    states = [
        found[one.code, experiment.code].state
        for one in COMMITMENTS
        for experiment in experiments
        if (one.code, experiment.code) in found
    ]
    asked = sum(state is not Kept.NOT_APPLICABLE for state in states)
    shown, unknown = states.count(Kept.SHOWN), states.count(Kept.NOT_REPORTED)
    tail = ""
    if unknown:
        tail = " ; un n’est pas renseigné" if unknown == 1 else f" ; {french.number(unknown)} ne sont pas renseignés"
    said = "est montré" if shown < 2 else "sont montrés"
    return french.sentence(
        f"Au {french.day(until)}, {shown} des {asked} engagements attendus {said} par des lignes{tail}"
    )


def _table(
    found: Standings,
    seen: Proofs,
    commitments: Sequence[Commitment],
    experiments: Sequence[Experiment],
    moment: ReportingDate,
    caption: str,
) -> Html:
    heads = ["Engagement", *(link(one.short_title, to_experiment(one, moment), quiet=True) for one in experiments)]
    rows = [
        [_named(rank, one), *(_cell(found, seen, one, experiment, moment) for experiment in experiments)]
        for rank, one in enumerate(commitments, 1)
    ]
    names = ["Engagement", *(one.short_title for one in experiments)]
    return table(caption, heads, rows, labels=names, wide=True)


def _named(rank: int, commitment: Commitment) -> Html:
    return join([tag("span", f"{rank}. {commitment.title}", title=commitment.text)])


def _cell(
    found: Standings, seen: Proofs, commitment: Commitment, experiment: Experiment, moment: ReportingDate
) -> Html | None:
    standing = found.get((commitment.code, experiment.code))
    return promise_mark(promise(standing, seen, moment)) if standing else None


def _texts() -> Html:
    """The words of the deliberation, one by one, with where they stand."""
    groups = {"Les associations": COMMITMENTS, "Anonymal, avec le matériel": ANONYMAL_DUTIES}
    return section("Le texte", columns(*(_text(name, commitments) for name, commitments in groups.items())))


def _text(whose: str, commitments: Sequence[Commitment]) -> Html:
    """The words of one list, and once where they stand."""
    said = tag("ol", [tag("li", one.text) for one in commitments], class_="ranked")
    return join([heading(whose, 3), said, note(french.listing(dict.fromkeys(one.source.where for one in commitments)))])


# --- The commitments as pages show them, with where each leads -------------------------------------


def standings(context: Context, moment: ReportingDate) -> Standings:
    """The standing of each (commitment, experiment)."""
    return _asked_once(context, "commitments", moment, matrix)


def proofs_of(context: Context, moment: ReportingDate) -> Proofs:
    """The counts of rows behind the standings, with their day and what they lack."""
    return _asked_once(context, "proofs", moment, proofs)


def _asked_once(context: Context, name: str, moment: ReportingDate, ask: Callable[..., T]) -> T:
    key = (name, moment.until)
    make = partial(ask, context.monitor, context.registry.experiments, **moment.asked)
    return kept(context, key, moment.revision, make)


def promises(
    found: Standings, seen: Proofs, commitments: Sequence[Commitment], experiment: Experiment, moment: ReportingDate
) -> list[Promise]:
    """Those of one experiment, in the order of the deliberation."""
    return [
        promise(found[one.code, experiment.code], seen, moment)
        for one in commitments
        if (one.code, experiment.code) in found
    ]


def promise(standing: CommitmentStatus, seen: Proofs, moment: ReportingDate) -> Promise:
    """A commitment with the address of the rows that show it, and their marks."""
    if standing.state not in (Kept.SHOWN, Kept.NOTHING_YET):
        return Promise(standing)
    code = evidence_code(standing.commitment)
    found = seen.get((code, standing.experiment))
    if standing.state is Kept.NOTHING_YET:
        return Promise(standing, seen=found)
    return Promise(standing, address("chiffre", indicateur=code, experience=standing.experiment, **moment.keep), found)
