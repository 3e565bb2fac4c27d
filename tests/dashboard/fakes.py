"""A registry and a monitor that hold constant figures: pages can be drawn without a store."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from core.deliberation import EXPERIMENTS
from core.domain.access import Actor, Role
from core.domain.indicator import Count, Indicator
from core.domain.observation import Cell, ChangeReference, Freshness, Missing, Observation, Progress, Standing, Target
from core.domain.programme import Experiment
from dashboard.context import Context

TODAY = date(2022, 7, 5)
END = date(2022, 12, 31)
DEPOSITED = datetime(2022, 7, 4, 9, 12)
EXPECTED = 0.67

LEAD = Actor("Karim", Role.LEAD)
COLUMNS = tuple(EXPERIMENTS)
"""Frais Vallon, Plan d'Aou, Aix, Salon, Martigues, recherche-action."""


def indicator(code: str, label: str, unit: str = "", **more: Any) -> Indicator:
    """An indicator whose measure is never computed here."""
    return Indicator(
        code=code, label=label, definition=f"{label}, comptés.", numerator=Count(source="materiel"), unit=unit, **more
    )


def observation(code: str = "EQ5a", experiment: str | None = None, **more: Any) -> Observation:
    """An observation with sensible defaults."""
    values = {"label": code, "unit": "", "freshness": Freshness(DEPOSITED, date(2022, 6, 30))}
    return Observation(indicator=code, experiment=experiment, **{**values, **more})


def standing(value: float | None, target: float | None, *, expected: float = EXPECTED) -> Standing:
    """Where ``value`` stands after 67 % of the time."""
    if target is None or value is None:
        return Standing(Progress.NO_TARGET)
    gap = 100 * (value / target - expected)
    progress = Progress.AHEAD if gap > 10 else Progress.LATE if gap < -10 else Progress.ON_TIME
    return Standing(progress, Target(target, END), value / target, expected, gap)


def cell(value: float | None, *, of: float | None = None, target: float | None = None, **more: Any) -> Cell:
    """A cell: a count, a rate when ``of`` is given, or a missing value with ``missing_because``."""
    before = more.pop("before", None)
    fields = {"numerator": value, "value": value, **more}
    if of is not None:
        fields |= {"denominator": of, "value": 100 * value / of if of and value is not None else None, "unit": "%"}
    found = observation(**fields)
    return Cell(
        found,
        standing(fields["numerator"], target),
        None if before is None else observation(numerator=before, value=before),
        None if before is None else ChangeReference(date(2022, 3, 31)),
    )


NOT_THERE = Missing.NOT_APPLICABLE
UNKNOWN = Missing.NOT_REPORTED

INDICATORS = (
    indicator("EQ1a", "Ordinateurs reçus de la Métropole", "ordinateurs", axes=(1,), rank=2),
    indicator("EQ5a", "Ordinateurs remis", "%", axes=(1,), rank=1, headline="numerator"),
    indicator("EQ7", "Conformité de la cible", "%", axes=(1,), rank=3),
    indicator("EQ8", "Absence de revente", "remises payantes", axes=(1,), rank=4),
    indicator("CO4", "Bâtiments au seuil", "%", axes=(2,), rank=5, headline="numerator"),
    indicator("CO5", "Foyers connectés", "%", axes=(2,), rank=6, headline="numerator"),
    indicator("AC6", "Diagnostics réalisés", "diagnostics", rank=7),
    indicator("AC3a", "Aidants formés", "personnes", axes=(3,), rank=8),
    indicator("TR1", "Taux de versement", "%", rank=9),
    indicator("TR5b", "Fraîcheur", "jours", rank=10),
)

_ROWS: dict[str, list[Any]] = {
    "EQ1a": [NOT_THERE, NOT_THERE, (229,), (180,), NOT_THERE, NOT_THERE],
    "EQ5a": [(24, 28, 30, 10), (13, 22, 25, 0), (84, 149, 100, 50), (52, 113, 70, 28), (6, 10, 25, 6), NOT_THERE],
    "EQ7": [(24, 24), (13, 13), (81, 84), (52, 52), (6, 6), NOT_THERE],
    "EQ8": [(0,), (0,), (0,), (0,), UNKNOWN, NOT_THERE],
    "CO4": [(3, 5, 4), (0, 2, 2), (1, 3, 3), (1, 2, 1), (None, 0), NOT_THERE],
    "CO5": [(89, 264), (0, 90), (18, 146), (21, 92), (0, 84), NOT_THERE],
    "AC6": [(128, None, 150), (71, None, 100), (168, None, 200), (112, None, 140), (24, None, 80), (385, None, 600)],
    "AC3a": [NOT_THERE, NOT_THERE, NOT_THERE, NOT_THERE, NOT_THERE, (121, None, 160)],
    "TR1": [(8400, 12000), (5600, 8000), (17150, 24500), (15050, 21500), (6000, 6000), (17500, 25000)],
    "TR5b": [(3,), (3,), (1,), (1,), (93,), (2,)],
}


def _made(code: str, experiment: str, raw: Any) -> Cell:
    unit = next(one.unit for one in INDICATORS if one.code == code)
    late = experiment == "ct6-pays-de-martigues"
    fresh = (
        Freshness(datetime(2022, 4, 23), date(2022, 3, 31), date(2022, 7, 4))
        if late
        else Freshness(DEPOSITED, date(2022, 6, 30))
    )
    common: dict[str, Any] = {"code": code, "experiment": experiment, "unit": unit, "freshness": fresh}
    if isinstance(raw, Missing):
        return cell(None, missing_because=raw, reason="L’axe n’est pas prévu à ce lieu.", **common)
    value, of, target, before = (*raw, None, None, None)[:4]
    if value is None:
        return cell(None, of=of, missing_because=UNKNOWN, reason="Le seuil n’est pas fixé.", **common)
    return cell(value, of=of, target=target, before=before, **common)


@dataclass(frozen=True)
class FakeComparison:
    """What ``Monitor.compare`` returns."""

    experiments: tuple[Experiment, ...]
    indicators: tuple[Indicator, ...]
    cells: dict[tuple[str, str | None], Cell]
    revision: int = 42
    until: date = TODAY


@dataclass
class FakeMonitor:
    """Constant figures, those of the demonstration's story or near them."""

    asked: list[Any] = field(default_factory=list)

    def compare(self, codes: Sequence[str] | None = None, experiments: Any = None, **more: Any) -> FakeComparison:
        """The cells of the six experiments and of the programme."""
        self.asked.append((codes, experiments, more))
        cells = {
            (code, column): _made(code, column, raw)
            for code, raws in _ROWS.items()
            for column, raw in zip(COLUMNS, raws, strict=True)
        }
        programme = {
            "EQ1a": cell(409, of=455, code="EQ1a"),
            "EQ5a": cell(179, of=262, target=250, code="EQ5a", unit="%"),
        }
        return FakeComparison(
            tuple(EXPERIMENTS.values()), INDICATORS, cells | {(code, None): made for code, made in programme.items()}
        )

    def series(self, code: str, experiments: Sequence[str], **_more: Any) -> dict[str, list[tuple[date, float | None]]]:
        """Cumulative values by month."""
        months = [date(2021, 7 + at, 1) if at < 6 else date(2022, at - 5, 1) for at in range(12)]
        found = {}
        for experiment in experiments:
            last = self.compare().cells[code, experiment].observation.value
            numerator = self.compare().cells[code, experiment].observation.numerator
            end = numerator if numerator is not None else last
            late = experiment == "ct6-pays-de-martigues"
            found[experiment] = [
                (month, None if end is None or (late and at > 8) else float(round(end * (at / 11) ** 1.6)))
                for at, month in enumerate(months)
            ]
        return found


class FakeRegistry:
    """The six experiments of the deliberation, nothing broken."""

    experiments = tuple(EXPERIMENTS.values())
    failures: tuple[Any, ...] = ()
    plugins: tuple[Any, ...] = ()

    def experiment(self, code: str) -> Experiment:
        """One of the six."""
        return EXPERIMENTS[code]


class FakeStore:
    """A store that answers."""

    copy = None

    def latest(self) -> int:
        """The last revision."""
        return 42


def fake_context(**more: Any) -> Context:
    """A context of constant figures, on 5 July 2022."""
    monitor = FakeMonitor()
    values = {
        "demonstration": True,
        "clock": lambda: TODAY,
        "make_monitor": lambda *_parts: monitor,
        "visitors": lambda: LEAD,
    }
    return Context(FakeRegistry(), FakeStore(), **{**values, **more})
