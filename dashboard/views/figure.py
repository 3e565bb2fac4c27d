"""« Lignes derrière un chiffre »: the rows that a number counts; their count equals the number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import streamlit as st

from core.catalogue import places
from core.domain import french
from core.domain.calendar import Period
from core.domain.figure_text import part_text
from core.domain.indicator import Indicator, Sum
from core.domain.observation import Observation
from core.errors import Forbidden, UnknownName
from core.exports.csv import french_csv
from core.figures import NO_PLACE, Evidence, Monitor, RowsPage
from core.figures.commitments import EVIDENCE
from core.figures.sentences import parts_of
from dashboard.addresses import address
from dashboard.components import (
    Child,
    ChooserLink,
    Html,
    apart_text,
    band,
    callout,
    choices,
    download,
    draft_note,
    draft_sign,
    freshness_text,
    join,
    lead,
    link,
    mark,
    marked,
    note,
    page_title,
    section,
    sentence,
    show,
    strong,
    tag,
)
from dashboard.context import Context
from dashboard.views.figure_rows import RowsView, rows_table
from dashboard.views.shared import (
    PARTS,
    PROGRAMME,
    During,
    ReportingDate,
    moment_chooser,
    others_note,
    read_moment,
    to_definition,
    to_experiment,
    unreadable,
)
from dashboard.views.waiting_lines import left_behind_note

TITLE = "Lignes derrière un chiffre"
COMPLETENESS = "TR5a"
_OURS = {one.code: one for one in EVIDENCE.values()}


@dataclass(frozen=True, slots=True)
class FigureAsked:
    """What the address asks for. ``within`` limits it to the rows dated in that period."""

    indicator: Indicator
    experiment: str | None
    part: str
    place: str | None
    within: Period | None
    moment: ReportingDate

    @property
    def query(self) -> dict[str, str | None]:
        """The same, for an address."""
        return {
            "indicateur": self.indicator.code,
            "experience": self.experiment or PROGRAMME,
            "lieu": self.place,
            "pendant": self.within.code if self.within else None,
        }

    @property
    def when(self) -> During:
        """For monitoring."""
        return During(**self.moment.asked, period=self.within)


def draw(context: Context) -> None:
    """The page, for the figure of its address."""
    if not st.query_params.get("indicateur"):
        show(
            page_title(TITLE),
            callout(
                join(
                    [
                        "Choisissez d’abord un chiffre : dans la ",
                        link("vue d’ensemble", "/"),
                        ", chaque nombre mène aux lignes qui le composent.",
                    ]
                ),
                title="Quel chiffre ?",
            ),
        )
        return
    asked = _asked(context)
    seen = _observed(context, asked)
    show(_head(context, asked, seen))
    measure = asked.indicator.numerator if asked.part == "numerateur" else asked.indicator.denominator
    hidden, view = unreadable(context, measure), RowsView.asked()
    try:
        found = _evidence(context.monitor, asked, view.read(hidden))
    except Forbidden as refused:
        show(callout(str(refused), title="Lignes non montrées"))
        return
    show(_count(asked, seen, found), _left_behind(context, asked))
    _rows(context, asked, found, view, hidden)


def _evidence(monitor: Monitor, asked: FigureAsked, page: RowsPage) -> Evidence:
    return monitor.rows_behind(
        asked.indicator if asked.indicator.code in _OURS else asked.indicator.code,
        asked.experiment,
        part=PARTS[asked.part],
        place=asked.place,
        page=page,
        **asked.when,
    )


def _left_behind(context: Context, asked: FigureAsked) -> Html | None:
    """Under the completeness: the rows that wait to be corrected, which it does not count."""
    if asked.indicator.code != COMPLETENESS or asked.moment.revision is not None:
        return None
    every = context.registry.experiments
    mine = [one for one in every if asked.experiment in (None, one.code)]
    return left_behind_note(context, [one.association.code for one in mine])


def _asked(context: Context) -> FigureAsked:
    params = st.query_params
    code = params["indicateur"]
    indicator = _OURS.get(code) or context.registry.indicator(code)
    experiment = params.get("experience", PROGRAMME)
    if experiment != PROGRAMME:
        context.registry.experiment(experiment)
    part = params.get("part", "numerateur")
    if part not in PARTS:
        raise UnknownName(f"Part « {part} » inconnue. Choisissez parmi : {', '.join(PARTS)}.")
    within = params.get("pendant")
    return FigureAsked(
        indicator,
        None if experiment == PROGRAMME else experiment,
        part,
        params.get("lieu"),
        Period.parse(within) if within else None,
        read_moment(context),
    )


def _observed(context: Context, asked: FigureAsked) -> Observation:
    code = asked.indicator if asked.indicator.code in _OURS else asked.indicator.code
    by = "place" if asked.place else None
    found = context.monitor.observe([code], [asked.experiment], by=by, **asked.when)
    if asked.place:
        found = tuple(one for one in found if one.place == asked.place)
    if not found:
        raise UnknownName(f"Aucun chiffre « {asked.indicator.label} » n’est connu à {places.name(asked.place or '')}.")
    return found[0]


def _head(context: Context, asked: FigureAsked, seen: Observation) -> Html:
    whose = context.registry.experiment(asked.experiment) if asked.experiment else None
    where = "" if asked.place is None else "Sans lieu" if asked.place == NO_PLACE else places.name(asked.place)
    return join(
        [
            page_title(
                asked.indicator.label, kicker=TITLE, aside=moment_chooser("chiffre", asked.moment, **asked.query)
            ),
            band(
                {
                    "Pour": link(whose.title, to_experiment(whose, asked.moment)) if whose else "Tout le programme",
                    "Lieu": where,
                    "Période": _period(asked),
                    "Données": freshness_text(seen.freshness),
                }
            ),
            lead(_sentence(seen, parts_of(asked.indicator))),
            draft_note([seen]),
            tag("p", asked.indicator.definition, class_="prose"),
            _parts(asked, seen),
        ]
    )


def _period(asked: FigureAsked) -> str:
    if asked.within:
        return asked.within.label
    return f"Depuis le début, jusqu’au {french.day(asked.moment.until)}"


def _sentence(seen: Observation, parts: str) -> list[Child]:
    if seen.own:
        return [strong(seen.own), f". {seen.reason}"]
    if seen.missing_because is not None:
        return [mark(seen.missing_because), f" {seen.reason}"]
    told = apart_text(seen, parts=parts)
    said = strong(marked(sentence(seen, parts=parts), seen))
    return [f"{seen.label} : ", said, draft_sign(seen), f" ; {told}." if told else "."]


def _parts(asked: FigureAsked, seen: Observation) -> Html | None:
    """Both sides of a rate may be opened."""
    if asked.indicator.denominator is None or seen.denominator is None:
        return None
    money = parts_of(asked.indicator)
    above, below = (part_text(seen, part, parts=money) for part in ("numerator", "denominator"))
    return choices(
        "Lignes montrées",
        [
            ChooserLink(
                name, address("chiffre", **{**asked.query, "part": code}, **asked.moment.keep), code == asked.part
            )
            for code, name in (("numerateur", f"Ce qui est compté : {above}"), ("denominateur", f"Sur quoi : {below}"))
        ],
    )


def _count(asked: FigureAsked, seen: Observation, found: Evidence) -> Html:
    """« 84 lignes = 84 », or the sum that they add up to."""
    part = "numerator" if asked.part == "numerateur" else "denominator"
    number, said = getattr(seen, part), part_text(seen, part)
    rows = french.count(found.count, "ligne")
    if number is None:
        return tag("p", f"{found.title} : {rows}.", class_="equal")
    if found.total is not None:
        measure = asked.indicator.numerator if asked.part == "numerateur" else asked.indicator.denominator
        verb = "dont le total est" if isinstance(measure, Sum) else "qui donne"
        return tag("p", f"{rows} {verb} ", strong(french.number(found.total, 2)), class_="equal")
    if found.count == number:
        return tag("p", strong(rows), " = ", strong(said), class_="equal")
    return tag("p", f"{rows}, dont vient le nombre ", strong(said), class_="equal")


def _rows(context: Context, asked: FigureAsked, found: Evidence, view: RowsView, hidden: frozenset[str]) -> None:
    if not found.count:
        show(callout("Aucune ligne n’est comptée dans ce chiffre.", title="Pas de ligne"))
        return
    if not found.listed:
        show(others_note(found))
        return
    bodies = {one.code: one.name for one in context.registry.associations}
    _, rows, kept = _written(found, bodies)
    keep = {**asked.query, "part": asked.part, **asked.moment.keep}
    show(section(found.title, rows_table(found, kept, rows, keep, view)))
    name = f"{asked.indicator.code}-{asked.experiment or PROGRAMME}-{asked.moment.until:%Y-%m-%d}.csv"
    label = f"Télécharger {'la ligne' if found.listed == 1 else f'les {french.number(found.listed)} lignes'} (CSV)"
    made = partial(_every_row, context.monitor, asked, RowsPage(hidden=hidden), bodies)
    download(label, made, name, mime="text/csv", key="lignes")
    show(
        others_note(found),
        note(
            "Les colonnes vides ne sont pas montrées. ",
            link("Comment ce chiffre est calculé", to_definition(asked.indicator)),
        ),
    )


def _every_row(monitor: Monitor, asked: FigureAsked, page: RowsPage, bodies: Mapping[str, str]) -> bytes:
    """All the rows that may be read, as CSV: read again at the click."""
    headings, rows, _ = _written(_evidence(monitor, asked, page), bodies)
    return french_csv(headings, rows)


def _written(found: Evidence, bodies: Mapping[str, str]) -> tuple[list[str], list[list[str]], list[int]]:
    """The headings and cells that hold something, associations by their names, and which columns they are."""
    kept = _columns_with_something(found)
    rows = [[bodies.get(row[at], row[at]) if at == 0 else row[at] for at in kept] for row in found.rows]
    return [found.columns[at] for at in kept], rows, kept


def _columns_with_something(found: Evidence) -> list[int]:
    return [at for at in range(len(found.columns)) if any(row[at] for row in found.rows)]
