"""The rows of the package: from the figures frozen for a committee, or from what is known now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from core.domain.experiment import Experiment
from core.domain.indicator import Indicator
from core.domain.observation import Missing, Observation
from core.domain.saying import WORDS
from core.exports.observations import number
from core.exports.open_data import columns
from core.services import published
from core.services.ledger import Ledger, read_ledger
from core.services.masking import Concealed, Hidden
from core.services.masking.observed import counts_people
from core.services.monitoring import Monitor
from core.services.snapshots import Snapshot

Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class Source:
    """What is published: figures already masked, with the words of their definitions.

    ``mark`` says which figures these are (« Données arrêtées au 30 juin 2022 (n° 4) »).
    """

    mark: str
    until: date
    experiments: tuple[Experiment, ...]
    indicators: tuple[Indicator, ...]
    figures: tuple[Concealed, ...]
    ledger: Ledger
    below: int
    fictitious: bool = False

    @classmethod
    def frozen(cls, snapshot: Snapshot, below: int) -> Source:
        """The figures of one freeze."""
        return cls(
            snapshot.mark,
            snapshot.until,
            snapshot.experiments,
            snapshot.indicators,
            published.frozen(snapshot, below),
            snapshot.ledger,
            below,
            snapshot.fictitious,
        )

    @classmethod
    def live(
        cls, registry: Any, store: Any, monitor: Monitor, *, until: date, below: int, fictitious: bool = False
    ) -> Source:
        """What is known now, marked as not frozen."""
        from core.domain import french

        return cls(
            f"Données au {french.day(until)}, non arrêtées",
            until,
            tuple(registry.experiments),
            tuple(registry.catalogue.values()),
            published.live(registry, store, monitor, until=until, below=below),
            read_ledger(store, until=until),
            below,
            fictitious,
        )


def rows(source: Source) -> Mapping[str, Sequence[Row]]:
    """The rows of each table, by its name."""
    return {
        columns.EXPERIMENTS.name: [_experiment(one) for one in source.experiments],
        columns.LINES.name: list(_lines(source.ledger)),
        columns.FIGURES.name: list(_figures(source.figures, by_place=False)),
        columns.BY_PLACE.name: list(_figures(source.figures, by_place=True)),
        columns.DEFINITIONS.name: [_definition(one) for one in source.indicators],
    }


def _experiment(one: Experiment) -> Row:
    return {
        "code": one.code,
        "titre": one.title,
        "association": one.association.name,
        "territoire": one.territory,
        "axes": "|".join(map(str, one.axes)),
        "lieux": "|".join(place.name for place in one.places),
    }


def _lines(ledger: Ledger) -> Iterator[Row]:
    for state in ledger.lines:
        yield {
            "code": state.line.code,
            "association": state.line.association,
            "objet": state.line.purpose,
            "experimentations": "|".join(state.line.experiments),
            "vote": _euros(state.voted),
            "verse": _euros(state.paid),
            "depense": _euros(state.spent),
        }


def _figures(figures: Iterable[Concealed], *, by_place: bool) -> Iterator[Row]:
    for one in figures:
        seen = one.observation
        if (seen.place is not None) == by_place and seen.month is None:
            where = {"lieu": seen.place or ""} if by_place else {"periode": seen.period.code if seen.period else ""}
            yield {"experimentation": seen.experiment or "", "indicateur": seen.indicator, **where, **_figure(one)}


def _figure(one: Concealed) -> Row:
    seen = one.observation
    return {
        "valeur": _plain(seen.value),
        "unite": seen.unit,
        "numerateur": _plain(seen.numerator),
        "denominateur": _plain(seen.denominator),
        "absence": _absence(one, seen),
        "version": str(seen.version),
    }


def _absence(one: Concealed, seen: Observation) -> str:
    if one.hidden:
        return "moins de k" if Hidden.SMALL in (one.numerator, one.denominator) else "non montré"
    if seen.value is None and seen.missing_because is None and seen.numerator is None:
        return WORDS[Missing.NOT_REPORTED]
    return WORDS[seen.missing_because] if seen.missing_because else ""


def _definition(one: Indicator) -> Row:
    return {
        "indicateur": one.code,
        "libelle": one.label,
        "definition": one.definition,
        "unite": one.unit,
        "source": one.source,
        "origine": "déclaré" if one.declared else "calculé",
        "personnes": "true" if counts_people(one) else "false",
        "version": str(one.version),
    }


def _plain(value: float | None) -> str:
    return "" if value is None else str(number(round(value, 6)))


def _euros(cents: int | None) -> str:
    return "" if cents is None else f"{cents // 100}.{cents % 100:02d}"
