"""« Lignes derrière un chiffre »: the rows that a number counts; their count equals the number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import streamlit as st

from core.axes import places
from core.domain import french
from core.domain.indicator import Indicator, Sum
from core.domain.observation import Observation
from core.domain.period import Period
from core.errors import UnknownName
from core.services.commitments import EVIDENCE
from core.services.monitoring import NO_PLACE
from dashboard.components import (
    Choice,
    band,
    callout,
    choices,
    download_table,
    freshness_text,
    join,
    lead,
    link,
    mark,
    note,
    page_title,
    section,
    sentence,
    show,
    strong,
    table,
    tag,
)
from dashboard.context import Context
from dashboard.navigation import address
from dashboard.views.parts.links import PARTS, PROGRAMME, to_definition, to_experiment
from dashboard.views.parts.machines import ALL
from dashboard.views.parts.moment import Moment, moment_chooser, read_moment
from dashboard.views.parts.readable import others_note, readable

TITLE = "Lignes derrière un chiffre"
SHOWN = 500
_OURS = {one.code: one for one in EVIDENCE.values()} | ALL


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for. ``within`` limits it to the rows dated in that period."""

    indicator: Indicator
    experiment: str | None
    part: str
    place: str | None
    within: Period | None
    moment: Moment

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
    def when(self) -> dict[str, Any]:
        """For monitoring."""
        return {**self.moment.asked, "period": self.within}


def draw(context: Context) -> None:
    """The page, for the figure of its address."""
    if not st.query_params.get("indicateur"):
        show(page_title(TITLE), callout(
            join(["Choisissez d’abord un chiffre : dans la ", link("vue d’ensemble", "/"),
                  ", chaque nombre mène aux lignes qui le composent."]), title="Quel chiffre ?"))  # fmt: skip
        return
    asked = _asked(context)
    seen = _observed(context, asked)
    found = context.monitor.rows_behind(
        asked.indicator if asked.indicator.code in _OURS else asked.indicator.code,
        asked.experiment, part=PARTS[asked.part], place=asked.place, limit=None, **asked.when,
    )  # fmt: skip
    show(_head(context, asked, seen))
    show(_count(asked, seen, found))
    measure = asked.indicator.numerator if asked.part == "numerateur" else asked.indicator.denominator
    _rows(context, asked, readable(context, measure, found))


def _asked(context: Context) -> Asked:
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
    return Asked(
        indicator,
        None if experiment == PROGRAMME else experiment,
        part,
        params.get("lieu"),
        Period.parse(within) if within else None,
        read_moment(context),
    )


def _observed(context: Context, asked: Asked) -> Observation:
    code = asked.indicator if asked.indicator.code in _OURS else asked.indicator.code
    by = "place" if asked.place else None
    found = context.monitor.observe([code], [asked.experiment], by=by, **asked.when)
    if asked.place:
        found = tuple(one for one in found if one.place == asked.place)
    if not found:
        raise UnknownName(f"Aucun chiffre « {asked.indicator.label} » n’est connu à {places.name(asked.place or '')}.")
    return found[0]


def _head(context: Context, asked: Asked, seen: Observation) -> Any:
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
            lead(_sentence(seen)),
            tag("p", asked.indicator.definition, class_="prose"),
            _parts(asked, seen),
        ]
    )


def _period(asked: Asked) -> str:
    if asked.within:
        return asked.within.label
    return f"Depuis le début, jusqu’au {french.day(asked.moment.until)}"


def _sentence(seen: Observation) -> Any:
    if seen.missing_because is not None:
        return [mark(seen.missing_because), f" {seen.reason}"]
    return [f"{seen.label} : ", strong(sentence(seen)), "."]


def _parts(asked: Asked, seen: Observation) -> Any:
    """Both sides of a rate may be opened."""
    if asked.indicator.denominator is None or seen.denominator is None:
        return None
    above, below = french.number(seen.numerator or 0, 1), french.number(seen.denominator, 1)
    return choices(
        "Lignes montrées",
        [
            Choice(name, address("chiffre", **{**asked.query, "part": code}, **asked.moment.keep), code == asked.part)
            for code, name in (("numerateur", f"Ce qui est compté : {above}"), ("denominateur", f"Sur quoi : {below}"))
        ],
    )


def _count(asked: Asked, seen: Observation, found: Any) -> Any:
    """« 84 lignes = 84 », or the sum that they add up to."""
    number = seen.numerator if asked.part == "numerateur" else seen.denominator
    rows = french.count(found.count, "ligne")
    if number is None:
        return tag("p", f"{found.title} : {rows}.", class_="equal")
    if found.total is not None:
        measure = asked.indicator.numerator if asked.part == "numerateur" else asked.indicator.denominator
        verb = "dont le total est" if isinstance(measure, Sum) else "qui donne"
        return tag("p", f"{rows} {verb} ", strong(french.number(found.total, 2)), class_="equal")
    if found.count == number:
        return tag("p", strong(rows), " = ", strong(french.number(number)), class_="equal")
    return tag("p", f"{rows}, dont vient le nombre ", strong(french.number(number, 1)), class_="equal")


def _rows(context: Context, asked: Asked, found: Any) -> None:
    if not found.count:
        show(callout("Aucune ligne n’est comptée dans ce chiffre.", title="Pas de ligne"))
        return
    if not found.rows:
        show(others_note(found))
        return
    kept = _columns_with_something(found)
    headings = [found.columns[at] for at in kept]
    bodies = {one.code: one.name for one in context.registry.associations}
    rows = [[bodies.get(row[at], row[at]) if at == 0 else row[at] for at in kept] for row in found.rows]
    more = len(rows) - SHOWN
    said = (
        f"Les {french.number(SHOWN)} premières lignes ; les {french.number(more)} autres sont dans le fichier."
        if more > 0
        else ""
    )
    show(section(found.title, table(found.title, headings, rows[:SHOWN], hide_caption=True, stacked=False, note=said)))
    name = f"{asked.indicator.code}-{asked.experiment or PROGRAMME}-{asked.moment.until:%Y-%m-%d}.csv"
    label = f"Télécharger {'la ligne' if len(rows) == 1 else f'les {french.number(len(rows))} lignes'} (CSV)"
    download_table(headings, rows, name, key="lignes", label=label)
    show(
        others_note(found),
        note(
            "Les colonnes vides ne sont pas montrées. ",
            link("Comment ce chiffre est calculé", to_definition(asked.indicator)),
        ),
    )


def _columns_with_something(found: Any) -> list[int]:
    return [at for at in range(len(found.columns)) if any(row[at] for row in found.rows)]
