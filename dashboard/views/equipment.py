"""« Parc de matériel »: one park for the whole programme, from the Métropole to the beneficiary."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from core.catalogue.equiper_figures import (
    AT_RELAYS,
    EQ1A,
    EQ1B,
    EQ5A,
    EQ5B,
    EQ11,
    EQ11B,
    ON_THE_ROAD,
    RECYCLED,
    REFURBISHED,
    TESTED,
    TO_BE_REPAIRED,
    TO_BE_TESTED,
    TRANSFERRED,
    Step,
)
from core.deliberation import EQUIPMENT
from core.domain import french
from core.domain.figure_text import aside, common_day, counted, marked, signed
from core.domain.indicator import Indicator
from core.domain.observation import Observation
from core.domain.plugin_phrases import written
from core.domain.programme import Experiment
from core.figures.coverage import merged
from core.figures.park import park
from dashboard.components import (
    Html,
    callout,
    columns,
    download_table,
    draft_note,
    heading,
    join,
    lead,
    link,
    not_there,
    note,
    page_title,
    second_section,
    section,
    show,
    shown,
    table,
    with_marks,
)
from dashboard.components.pictures import park_bar
from dashboard.context import Context
from dashboard.views.point_list import points_about, points_list
from dashboard.views.shared import ReportingDate, kept_at, moment_chooser, read_moment, to_experiment, to_figure

RECEIVED = Step("Reçus", "Arrivés dans les locaux d’une association.", EQ1A, EQ1B)
GIVEN = Step("Remis", "Donnés à un étudiant ou à une famille.", EQ5A, EQ5B)
READY = Step("Prêts, sans bénéficiaire", "Prêts là où ils sont ; il leur faut un étudiant ou une famille.", EQ11, EQ11B)

STEPS = (RECEIVED, TESTED, REFURBISHED, TRANSFERRED, GIVEN, RECYCLED)
WAITING = (TO_BE_TESTED, TO_BE_REPAIRED, READY)
"""What waits: a machine is in one of these only."""
ELSEWHERE = (ON_THE_ROAD, AT_RELAYS)
"""Those of the ready ones that no association holds: they count for the programme only."""


# --- « Parc de matériel »: one park for the whole programme, from the Métropole to the beneficiary ----


TITLE = "Parc de matériel"
Counts = Mapping[tuple[str, str | None], Observation]


def draw(context: Context) -> None:
    """The way of the machines, what waits, who holds what."""
    moment = read_moment(context)
    counts, parts = kept_at(context, "equipment", moment, lambda: _page(context, moment))
    for part in parts:
        show(part)
    if _known(counts, RECEIVED.computers) is not None:
        _file(context, counts, moment)
        show(_to_treat(context, moment))


def _page(context: Context, moment: ReportingDate) -> tuple[Counts, Sequence[Html | None]]:
    """What is counted, and what the page says of it above its file."""
    counts = _counts(context, moment)
    head = join([page_title(TITLE, aside=moment_chooser("materiel", moment)), lead(park_sentence(counts, moment))])
    if _known(counts, RECEIVED.computers) is None:
        return counts, [head, _nothing()]
    return counts, [
        head,
        _park(counts, moment),
        columns(_voted(counts), section("Ce qui attend", _waiting(counts, moment)), wide="right"),
        join([_by_experiment(context, counts, moment), draft_note(counts.values())]),
    ]


def park_sentence(counts: Counts, moment: ReportingDate) -> str:
    """« Au 30 juin 2022, 409 ordinateurs reçus sur 455 votés, 262 reconditionnés, 179 remis. »."""
    received, ready, given = (_known(counts, step.computers) for step in (RECEIVED, REFURBISHED, GIVEN))
    voted = french.number(EQUIPMENT.computers)
    if received is None:
        return (
            f"La délibération cède {voted} ordinateurs et {french.number(EQUIPMENT.screens)} écrans ; "
            "aucune association n’a encore dit ce qu’elle a reçu."
        )
    said = [f"{french.count(received, 'ordinateur reçu', 'ordinateurs reçus')} sur {voted} votés"]
    said += [f"{written(ready)} reconditionnés"] if ready is not None else []
    said += [f"{written(given)} remis"] if given is not None else []
    first = counts[STEPS[0].computers.code, None]
    day, rests = common_day([first], moment.until), aside(first, moment.until)
    after = f" ({rests})" if rests and day == moment.until else ""
    return french.sentence(f"Au {french.day(day)}, {french.listing(said)}{after}")


def _counts(context: Context, moment: ReportingDate) -> Counts:
    every = [one for step in (*STEPS, *WAITING, *ELSEWHERE) for one in (step.computers, step.screens)]
    found = context.monitor.observe([one.code for one in every], **moment.asked)
    return {(one.indicator, one.experiment): one for one in found}


def _known(counts: Counts, indicator: Indicator, experiment: str | None = None) -> float | None:
    found = counts.get((indicator.code, experiment))
    return None if found is None else counted(found, headline=indicator.headline)


def _nothing() -> Html:
    return callout(
        join(
            [
                "Le matériel se dépose dans « Mes données », tableau « Matériel ». ",
                f"Source des nombres votés : {EQUIPMENT.source.where}.",
            ]
        ),
        title="Par où commencer",
    )


def _park(counts: Counts, moment: ReportingDate) -> Html | None:
    """Each computer voted at the one place where it is."""
    found = park({code: one for (code, whom), one in counts.items() if whom is None})
    if found is None:
        return None
    known = {one.computers.code: one.computers for one in (*STEPS, *WAITING, *ELSEWHERE)}
    return park_bar(found, lambda code: to_figure(known[code], None, moment), level=2)


def _voted(counts: Counts) -> Html:
    """What is not ceded yet, against the numbers of the text."""
    rows = []
    for word, voted, indicator in (
        ("Ordinateurs", EQUIPMENT.computers, RECEIVED.computers),
        ("Écrans", EQUIPMENT.screens, RECEIVED.screens),
    ):
        received = _known(counts, indicator)
        share = "" if received is None else f"{french.percent(100 * received / voted)}"
        left = "" if received is None else french.number(voted - received)
        said = with_marks(_number(received), counts[indicator.code, None])
        rows.append([word, french.number(voted), said, share, left])
    ceiling = french.euros(EQUIPMENT.unit_value_ceiling_cents)
    body = table(
        "Ce que la délibération cède",
        ["Matériel", "Votés", "Reçus", "Part", "Pas encore cédés"],
        rows,
        numeric=(1, 2, 3, 4),
        note=f"{EQUIPMENT.source.where}. Valeur unitaire : {ceiling} au plus ; {EQUIPMENT.resale}.",
    )
    return section("Ce que la délibération cède", body)


def _waiting(counts: Counts, moment: ReportingDate) -> Html:
    rows = [
        [
            step.name if step in WAITING else f"dont {step.name.lower()}",
            _linked(counts, step.computers, None, moment),
            _linked(counts, step.screens, None, moment),
            step.meaning,
        ]
        for step in (*WAITING, *ELSEWHERE)
    ]
    total = ["Ensemble", *(_together(counts, kind) for kind in ("computers", "screens")), ""]
    return table(
        "Ce qui attend, et où",
        ["Étape", "Ordinateurs", "Écrans", "Ce que cela veut dire"],
        rows,
        numeric=(1, 2),
        total=total,
    )


def _together(counts: Counts, kind: str) -> Html:
    """The sum of what waits, with the marks of its parts: it lacks what they lack."""
    parts = [counts[getattr(step, kind).code, None] for step in WAITING]
    total = sum(_known(counts, getattr(step, kind)) or 0 for step in WAITING)
    whole = replace(parts[0], numerator=total, value=total, freshness=merged(one.freshness for one in parts))
    return with_marks(french.number(total), whole)


def _by_experiment(context: Context, counts: Counts, moment: ReportingDate) -> Html:
    experiments = [one for one in context.registry.experiments if 1 in one.axes]
    parts = [
        _held(counts, experiments, moment, "Ordinateurs", "computers"),
        _held(counts, experiments, moment, "Écrans", "screens"),
    ]
    return second_section(
        "Par expérimentation",
        *parts,
        note(
            "Anonymal reçoit et remet en état pour tous : ses machines transférées sont remises ailleurs. "
            "Une machine ne compte qu’à un endroit, celui où elle est ; "
            "en transit, elle ne compte que pour le programme."
        ),
    )


def _held(counts: Counts, experiments: Sequence[Experiment], moment: ReportingDate, title: str, kind: str) -> Html:
    rows = [
        [
            link(one.short_title, to_experiment(one, moment), quiet=True),
            *(_linked(counts, getattr(step, kind), one.code, moment) for step in (*STEPS, READY)),
        ]
        for one in experiments
    ]
    total = ["Programme", *(_linked(counts, getattr(step, kind), None, moment) for step in (*STEPS, READY))]
    headings = [title, *(step.name for step in (*STEPS, READY))]
    body = table(f"{title} par expérimentation", headings, rows, numeric=range(1, len(headings)), total=total)
    return join([heading(title, 3), body])


def _linked(counts: Counts, indicator: Indicator, experiment: str | None, moment: ReportingDate) -> Html | str:
    found = counts.get((indicator.code, experiment))
    if found is None:
        return ""
    if found.missing_because is not None:
        return not_there(found)
    said = shown(found, headline="numerator").text
    number = link(said, to_figure(indicator, experiment, moment) or "/", quiet=True) if found.value else said
    return with_marks(number, found)


def _number(value: float | None) -> str:
    return "○ Non renseigné" if value is None else french.number(value)


def _written(counts: Counts, indicator: Indicator, experiment: str | None) -> str:
    """A cell of the file, with what the figure lacks."""
    said = _number(_known(counts, indicator, experiment))
    found = counts.get((indicator.code, experiment))
    return said if found is None else marked(signed(said, found), found)


def _file(context: Context, counts: Counts, moment: ReportingDate) -> None:
    steps: tuple[Step, ...] = (*STEPS, *WAITING, *ELSEWHERE)
    headings = ["Expérimentation", *(one.label for step in steps for one in (step.computers, step.screens))]
    whom = [(one.short_title, one.code) for one in context.registry.experiments if 1 in one.axes]
    rows = [
        [name, *(_written(counts, one, code) for step in steps for one in (step.computers, step.screens))]
        for name, code in [*whom, ("Programme", None)]
    ]
    download_table(
        headings, rows, f"parc-{moment.until:%Y-%m-%d}.csv", key="parc-csv", label="Télécharger le parc (CSV)"
    )


def _to_treat(context: Context, moment: ReportingDate) -> Html | None:
    found = points_about(context, moment, datasets=("materiel",))
    return section("À vérifier", points_list(context, found)) if found else None
