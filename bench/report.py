"""What was measured, on what kind of machine, as a piece of Markdown; and its place in the documentation."""

from __future__ import annotations

import os
import platform
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from pathlib import Path

from bench.measure import Ratio, table
from core.domain import french

PAGE = Path(__file__).parents[1] / "docs" / "benchmarks.md"
START, END = "<!-- figures: written by fabrique bench --write -->", "<!-- end of figures -->"
QUIET = 1.5  # load average above which somebody else is at work too
LIBRARIES = ("streamlit", "sqlalchemy", "polars", "pandera", "psycopg")


@dataclass(frozen=True, slots=True)
class Machine:
    """The kind of machine, without its name, and how busy it was before anything was measured."""

    system: str
    processors: int
    load: float | None

    @classmethod
    def now(cls) -> Machine:
        """This machine, at this moment."""
        load = os.getloadavg()[0] if hasattr(os, "getloadavg") else None
        return cls(f"{platform.system()} {platform.machine()}", os.cpu_count() or 1, load)

    @property
    def words(self) -> str:
        """« Linux x86_64, 2 processeurs »."""
        return f"{self.system}, {french.count(self.processors, 'processeur', 'processeurs')}"

    @property
    def busy(self) -> bool:
        """Whether somebody else was at work."""
        return self.load is not None and self.load > QUIET


def written(machine: Machine, ratios: Sequence[Ratio]) -> str:
    """The conditions in one paragraph, then the table, then what is not held."""
    libraries = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    load = "inconnue" if machine.load is None else french.number(machine.load, 1)
    said = [
        f"Mesuré le {french.day(date.today())} : {machine.words}, Python {platform.python_version()}, "
        f"SQLite {sqlite3.sqlite_version}, {libraries}. Charge de la machine au départ : {load}.",
        table(ratios),
    ]
    if machine.busy:
        said.insert(1, "**La machine travaillait aussi à autre chose : ces chiffres sont à refaire au calme.**")
    broken = [f"« {one.name} »" for one in ratios if not one.kept]
    if broken:
        said.append(f"Borne dépassée : {french.listing(broken)}.")
    elif any(one.bound is not None for one in ratios):
        said.append("Toutes les bornes sont tenues.")
    return french.typeset("\n\n".join(said))


def publish(text: str, page: Path = PAGE) -> None:
    """Put the figures in their place in ``page``. Raises ValueError when the page has no such place."""
    before, start, rest = page.read_text(encoding="utf-8").partition(START)
    _, end, after = rest.partition(END)
    if not (start and end):
        raise ValueError(f"{page.name} has no place for the figures, between {START} and {END}")
    page.write_text(f"{before}{START}\n\n{text}\n\n{END}{after}", encoding="utf-8")
