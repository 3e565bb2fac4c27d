"""Figures from the command line."""

from __future__ import annotations

import re
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated

import typer

from core.cli.edge import Workshop, workshop
from core.cli.output import answering, document, say, table
from core.domain import french
from core.domain.local_time import FRANCE
from core.domain.observation import Missing, Observation
from core.domain.period import Period
from core.errors import UnknownName
from core.exports.observations import as_dict
from core.services.monitoring import Monitor

_WORDS = {
    Missing.NOT_REPORTED: "○ non renseigné",
    Missing.NOT_APPLICABLE: "— sans objet",
    Missing.ERROR: "calcul impossible",
}


class Part(StrEnum):
    """The two breakdowns."""

    PLACE = "place"
    MONTH = "month"


def add_to(app: typer.Typer) -> None:
    """Add this command."""
    app.command()(indicators)


def indicators(
    as_of: Annotated[
        str | None, typer.Option(metavar="DATE|REVISION", help="Ce que l’on savait à cette date ou à cette révision.")
    ] = None,
    experiment: Annotated[str | None, typer.Option("--experiment", "-e", help="Une seule expérimentation.")] = None,
    period: Annotated[str | None, typer.Option(help="2021-T3 ou 2021-09 ; sans elle, depuis le début.")] = None,
    by: Annotated[Part | None, typer.Option(help="place : par lieu ; month : par mois.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Répondre par un document JSON.")] = False,
) -> None:
    """Les indicateurs, calculés à partir des lignes."""
    with answering(as_json, {"revision": None, "observations": []}), workshop() as here:
        revision = revision_named(here, as_of)
        day = day_of(here, as_of, revision)
        wanted = None if experiment is None else [here.registry.experiment(experiment).code]
        found = Monitor(here.registry, here.store, today=day).observe(
            experiments=wanted,
            revision=revision,
            period=Period.parse(period) if period else None,
            by=by.value if by else None,
        )
        known = here.store.latest() if revision is None else revision
    if as_json:
        document({"revision": known, "observations": [as_dict(one) for one in found]})
    else:
        _tell(found, known)


def revision_named(here: Workshop, text: str | None) -> int | None:
    """The revision that a number or a day means; None for « now ».

    Raises UnknownName when it is neither, or a revision that does not exist yet.
    """
    if text is None:
        return None
    if re.fullmatch(r"\d{1,9}", text):
        latest = here.store.latest()
        if int(text) > latest:
            raise UnknownName(f"La révision {text} n’existe pas encore ; la dernière est la {latest}.")
        return int(text)
    return here.store.revision_at(_day(text))


def day_of(here: Workshop, text: str | None, revision: int | None) -> date:
    """The day from which the figures look: the day named, that of the revision named, else today.

    Ages, delays and dues are those of that day, as they were read then.
    """
    if text is None:
        return here.today
    if not re.fullmatch(r"\d{1,9}", text):
        return min(_day(text), here.today)
    made = [one.at for one in here.store.deposits(revision) if one.revision == revision]
    return made[-1].astimezone(FRANCE).date() if made else here.today


def _day(text: str) -> date:
    for form in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            return datetime.strptime(text, form).date()
        except ValueError:
            continue
    raise UnknownName(f"« {text} » n’est ni une date ni une révision. Écrivez 2021-09-30, 30/09/2021 ou un numéro.")


def _tell(found: tuple[Observation, ...], revision: int) -> None:
    rows = [
        (one.indicator, one.label, one.experiment or "programme",
         one.place or (f"{one.month:%m/%Y}" if one.month else ""), _value(one))
        for one in found
    ]  # fmt: skip
    table(rows, ("Code", "Indicateur", "Expérimentation", "Part", "Valeur"))
    say(f"Révision {revision}.")


def _value(one: Observation) -> str:
    if one.missing_because is not None:
        return _WORDS[one.missing_because]
    if one.value is None:
        return ""
    counted = f"{french.number(one.value, 2)} {french.unit_of(one.value, one.unit)}".strip()
    shown = french.percent(one.value, 1) if one.unit == "%" else counted
    if one.denominator is None or one.numerator is None:
        return shown
    return f"{shown} ({french.out_of(one.numerator, one.denominator)})"
