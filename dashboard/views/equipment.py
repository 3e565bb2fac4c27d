"""« Parc de matériel »: one park for the whole programme, from the Métropole to the beneficiary."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from core.deliberation import EQUIPMENT
from core.domain import french
from core.domain.experiment import Experiment
from core.domain.indicator import Indicator
from core.domain.observation import Observation
from core.domain.report import Chart, Series
from dashboard.components import (
    callout,
    columns,
    download_table,
    heading,
    join,
    lead,
    link,
    mark,
    note,
    page_title,
    section,
    show,
    show_chart,
    table,
)
from dashboard.context import Context
from dashboard.views.parts.links import to_experiment, to_figure
from dashboard.views.parts.machines import ALL, STEPS, WAITING, Step
from dashboard.views.parts.moment import Moment, moment_chooser, read_moment
from dashboard.views.parts.points import points_about, points_list

TITLE = "Parc de matériel"
Counts = Mapping[tuple[str, str | None], Observation]


def draw(context: Context) -> None:
    """The way of the machines, what waits, who holds what."""
    moment = read_moment(context)
    counts = _counts(context, moment)
    show(page_title(TITLE, aside=moment_chooser("materiel", moment)), lead(park_sentence(counts, moment)))
    if _known(counts, STEPS[0].computers) is None:
        show(_nothing())
        return
    show_chart(_chart(counts, moment), key="parc", level=2)
    show(columns(_voted(counts), section("Ce qui attend", _waiting(counts, moment)), wide="right"))
    show(_by_experiment(context, counts, moment))
    _file(context, counts, moment)
    show(_to_treat(context, moment))


def park_sentence(counts: Counts, moment: Moment) -> str:
    """« Au 30 juin 2022, 409 ordinateurs reçus sur 455 votés, 262 reconditionnés, 179 remis. »."""
    received, ready, given = (_known(counts, step.computers) for step in (STEPS[0], STEPS[2], STEPS[4]))
    voted = french.number(EQUIPMENT.computers)
    if received is None:
        return (
            f"La délibération cède {voted} ordinateurs et {french.number(EQUIPMENT.screens)} écrans ; "
            "aucune association n’a encore dit ce qu’elle a reçu."
        )
    said = [f"{french.count(received, 'ordinateur reçu', 'ordinateurs reçus')} sur {voted} votés"]
    said += [f"{french.number(ready)} reconditionnés"] if ready is not None else []
    said += [f"{french.number(given)} remis"] if given is not None else []
    return french.sentence(f"Au {french.day(moment.until)}, {french.listing(said)}")


def _counts(context: Context, moment: Moment) -> Counts:
    found = context.monitor.observe(list(ALL.values()), **moment.asked)
    return {(one.indicator, one.experiment): one for one in found}


def _known(counts: Counts, indicator: Indicator, experiment: str | None = None) -> float | None:
    found = counts.get((indicator.code, experiment))
    return found.value if found is not None and found.missing_because is None else None


def _nothing() -> Any:
    return callout(
        join(["Le matériel se dépose dans « Mes données », tableau « Matériel ». ",
              f"Source des nombres votés : {EQUIPMENT.source.where}."]),
        title="Par où commencer",
    )  # fmt: skip


def _chart(counts: Counts, moment: Moment) -> Chart:
    values = tuple(_known(counts, step.computers) for step in STEPS)
    waiting = sum(_known(counts, step.computers) or 0 for step in WAITING)
    given = _known(counts, STEPS[4].computers) or 0
    title = (
        f"{french.count(given, 'ordinateur est remis', 'ordinateurs sont remis')} ; "
        f"{french.number(waiting)} attendent encore"
    )
    told = french.listing(
        f"{french.number(value)} {step.name.lower()}"
        for step, value in zip(STEPS, values, strict=True)
        if value is not None
    )
    return Chart(
        "bars",
        tuple(step.name for step in STEPS),
        (Series("Ordinateurs", values, "axis1"),),
        french.typeset(title),
        french.typeset(f"Au {french.day(moment.until)}, sur {EQUIPMENT.computers} ordinateurs votés : {told}."),
        "ordinateurs, toutes associations, chacun compté une fois",
        "données des associations, jeu « matériel »",
        (f"{EQUIPMENT.computers} votés", float(EQUIPMENT.computers)),
    )


def _voted(counts: Counts) -> Any:
    """What is not ceded yet, against the numbers of the text."""
    rows = []
    for word, voted, indicator in (
        ("Ordinateurs", EQUIPMENT.computers, STEPS[0].computers),
        ("Écrans", EQUIPMENT.screens, STEPS[0].screens),
    ):
        received = _known(counts, indicator)
        share = "" if received is None else f"{french.percent(100 * received / voted)}"
        left = "" if received is None else french.number(voted - received)
        rows.append([word, french.number(voted), _number(received), share, left])
    ceiling = french.euros(EQUIPMENT.unit_value_ceiling_cents)
    body = table(
        "Ce que la délibération cède",
        ["Matériel", "Votés", "Reçus", "Part", "Pas encore cédés"],
        rows,
        numeric=(1, 2, 3, 4),
        hide_caption=True,
        note=f"{EQUIPMENT.source.where}. Valeur unitaire : {ceiling} au plus ; {EQUIPMENT.resale}.",
    )
    return section("Ce que la délibération cède", body)


def _waiting(counts: Counts, moment: Moment) -> Any:
    rows = [
        [
            step.name,
            _linked(counts, step.computers, None, moment),
            _linked(counts, step.screens, None, moment),
            step.meaning,
        ]
        for step in WAITING
    ]
    total = ["Ensemble", *(_sum(counts, kind) for kind in ("computers", "screens")), ""]
    return table(
        "Ce qui attend, et où", ["Étape", "Ordinateurs", "Écrans", "Ce que cela veut dire"], rows, numeric=(1, 2),
        hide_caption=True, total=total,
    )  # fmt: skip


def _sum(counts: Counts, kind: str) -> str:
    return french.number(sum(_known(counts, getattr(step, kind)) or 0 for step in WAITING))


def _by_experiment(context: Context, counts: Counts, moment: Moment) -> Any:
    experiments = [one for one in context.registry.experiments if 1 in one.axes]
    parts = [
        _held(counts, experiments, moment, "Ordinateurs", "computers"),
        _held(counts, experiments, moment, "Écrans", "screens"),
    ]
    return section(
        "Par expérimentation",
        columns(*parts),
        note(
            "Anonymal reçoit et remet en état pour tous : ses machines transférées sont remises ailleurs. "
            "Une machine compte une fois dans le programme, même si deux associations l’ont écrite."
        ),
    )


def _held(counts: Counts, experiments: Sequence[Experiment], moment: Moment, title: str, kind: str) -> Any:
    rows = [
        [
            link(one.short_title, to_experiment(one, moment), quiet=True),
            *(_linked(counts, getattr(step, kind), one.code, moment) for step in STEPS),
        ]
        for one in experiments
    ]
    total = ["Programme", *(_linked(counts, getattr(step, kind), None, moment) for step in STEPS)]
    headings = [title, *(step.name for step in STEPS)]
    body = table(
        f"{title} par expérimentation", headings, rows, numeric=range(1, len(headings)), hide_caption=True, total=total
    )
    return join([heading(title, 3), body])


def _linked(counts: Counts, indicator: Indicator, experiment: str | None, moment: Moment) -> Any:
    value = _known(counts, indicator, experiment)
    if value is None:
        found = counts.get((indicator.code, experiment))
        return mark(found.missing_because) if found is not None and found.missing_because else ""
    if not value:
        return "0"
    return link(french.number(value), to_figure(indicator, experiment, moment) or "/", quiet=True)


def _number(value: float | None) -> str:
    return "○ Non renseigné" if value is None else french.number(value)


def _file(context: Context, counts: Counts, moment: Moment) -> None:
    steps: tuple[Step, ...] = (*STEPS, *WAITING)
    headings = ["Expérimentation", *(one.label for step in steps for one in (step.computers, step.screens))]
    whom = [(one.short_title, one.code) for one in context.registry.experiments if 1 in one.axes]
    rows = [
        [name, *(_number(_known(counts, one, code)) for step in steps for one in (step.computers, step.screens))]
        for name, code in [*whom, ("Programme", None)]
    ]
    download_table(
        headings, rows, f"parc-{moment.until:%Y-%m-%d}.csv", key="parc-csv", label="Télécharger le parc (CSV)"
    )


def _to_treat(context: Context, moment: Moment) -> Any:
    found = points_about(context, moment, datasets=("materiel",))
    return section("À vérifier", points_list(context, found)) if found else None
