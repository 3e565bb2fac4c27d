"""Subsidy lines as tables that a measure may read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql import visitors

from core.deliberation import LINES
from core.domain.dataset import Row
from core.domain.indicator import au
from core.domain.programme import SubsidyLine

AXES_SEPARATOR = "|"
_DESCRIBING = frozenset({"ligne", "association", "axes"})


@dataclass(frozen=True, slots=True)
class Keys:
    """The parts of each line: experiment → share; empty when nothing divides it."""

    shares: Mapping[str, Mapping[str, Fraction]]

    @classmethod
    def of(cls, rows: Iterable[Row]) -> Keys:
        """From the recorded keys (``ligne``, ``experience``, ``part`` in percent)."""
        recorded: dict[str, dict[str, Fraction]] = {}
        for row in rows:
            recorded.setdefault(row["ligne"], {})[row["experience"]] = Fraction(str(row["part"])) / 100
        return cls({code: _shares(line, recorded.get(code, {})) for code, line in LINES.items()})

    def undivided(self, experiment: str) -> tuple[SubsidyLine, ...]:
        """The lines that cover ``experiment`` with others, and that no key divides."""
        return tuple(line for code, line in LINES.items() if experiment in line.experiments and not self.shares[code])


def _shares(line: SubsidyLine, recorded: Mapping[str, Fraction]) -> Mapping[str, Fraction]:
    if len(line.experiments) == 1:
        return {line.experiments[0]: Fraction(1)}
    return recorded if recorded and sum(recorded.values()) == 1 else {}


def voted(keys: Keys) -> sa.Select[object]:
    """One row per line (per part when it is divided): what the deliberation grants, undated."""
    table = _parts(keys)
    amounts = sa.select(
        table.c.ligne.label("_key"),
        table.c.ligne.label("ligne"),
        table.c.vote.label("montant"),
        sa.cast(sa.null(), sa.Date).label("date"),
        sa.cast(sa.null(), sa.Text).label("nature"),
    ).distinct()
    return _divided(keys, amounts)


def payments(keys: Keys, rows: sa.FromClause) -> sa.Select[object]:
    """One row per payment (per part), dated."""
    amounts = sa.select(rows.c["_key"], rows.c.ligne, rows.c.montant, rows.c.date, rows.c.nature)
    return _divided(keys, amounts)


def spending(keys: Keys, rows: sa.FromClause) -> sa.Select[object]:
    """One row per line (per part): the last amount declared as spent up to the day of the figure."""
    rank = sa.func.row_number().over(partition_by=rows.c.ligne_subvention, order_by=rows.c.date.desc())
    ranked = sa.select(rows, rank.label("_rank")).where(rows.c.date <= au).subquery()
    amounts = sa.select(
        ranked.c.ligne_subvention.label("_key"),
        ranked.c.ligne_subvention.label("ligne"),
        ranked.c.montant,
        ranked.c.date,
        sa.cast(sa.null(), sa.Text).label("nature"),
    ).where(ranked.c["_rank"] == 1)
    return _divided(keys, amounts)


def uses_day(statement: Any) -> bool:
    """Whether a statement or expression reads the day of the figure."""
    return any(isinstance(part, sa.BindParameter) and part.key == au.key for part in visitors.iterate(statement))


def speaks_of_lines(condition: Any) -> bool:
    """Whether a condition reads nothing but what describes a line."""
    return all(
        part.name in _DESCRIBING
        for part in visitors.iterate(condition)
        if isinstance(part, sa.ColumnClause) and not part.is_literal
    )


def _divided(keys: Keys, amounts: sa.Select[object]) -> sa.Select[object]:
    """``amounts`` (_key, ligne, montant, date, nature) divided by the keys, to the cent."""
    sums, parts = amounts.subquery(), _parts(keys)
    product = sums.c.montant * parts.c.units
    base = product // parts.c.whole
    of_sum = sums.c["_key"]
    given = sa.cast(sa.func.sum(base).over(partition_by=of_sum), sa.BigInteger)
    rank = sa.func.row_number().over(partition_by=of_sum, order_by=((product % parts.c.whole).desc(), parts.c.rank))
    exact = (
        sa.select(
            sums,
            parts.c.association,
            parts.c.experiment,
            parts.c.axes,
            parts.c.rank,
            base.label("_base"),
            (sums.c.montant - given).label("_left"),
            rank.label("_rank"),
        )
        .select_from(sums.join(parts, parts.c.ligne == sums.c.ligne))
        .subquery()
    )
    amount = exact.c["_base"] + sa.case((exact.c["_rank"] <= exact.c["_left"], 1), else_=0)
    key = sa.case((exact.c.rank > 0, exact.c["_key"] + "|" + exact.c.experiment), else_=exact.c["_key"])
    return sa.select(
        key.label("_key"),
        exact.c.association.label("_association"),
        exact.c.experiment.label("_experiment"),
        sa.cast(sa.null(), sa.Text).label("_place"),
        exact.c.ligne,
        exact.c.association,
        exact.c.axes,
        amount.label("montant"),
        exact.c.date,
        exact.c.nature,
    )


def _parts(keys: Keys) -> sa.Subquery:
    """One row per line and part: units out of a whole; rank 0 when the line is in one piece."""
    rows = []
    for code, line in LINES.items():
        shares: dict[str | None, Fraction] = dict(sorted(keys.shares[code].items())) or {None: Fraction(1)}
        whole = lcm(*(share.denominator for share in shares.values()))
        divided = len(shares) > 1
        for rank, (experiment, share) in enumerate(shares.items(), start=1 if divided else 0):
            rows.append(_part(line, experiment, int(share * whole), whole, rank))
    return sa.union_all(*rows).subquery("parts")


def _part(
    line: SubsidyLine, experiment: str | None, units: int, whole: int, rank: int
) -> sa.Select[*tuple[object, ...]]:
    return sa.select(
        sa.literal(line.code, sa.Text).label("ligne"),
        sa.literal(line.association, sa.Text).label("association"),
        sa.literal(line.cents, sa.BigInteger).label("vote"),
        sa.literal(AXES_SEPARATOR.join(map(str, line.axes)), sa.Text).label("axes"),
        sa.cast(sa.literal(experiment, sa.Text), sa.Text).label("experiment"),
        sa.literal(units, sa.BigInteger).label("units"),
        sa.literal(whole, sa.BigInteger).label("whole"),
        sa.literal(rank, sa.Integer).label("rank"),
    )
