"""Finding lines of the journal: by words, by person, by what they are about, between two days."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from core.domain.local_time import start_of
from core.storage.deposits import end_of_day
from core.storage.journal import Line, line_of
from core.storage.tables import journal, utc


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which lines are looked for; what is left empty does not restrict.

    ``words`` must each be found in the person, the action, the subject or the details, whatever
    the case; ``meant`` gives for a word the subjects that it means besides (« matériel » means
    « anonymal/materiel »). ``about`` are subjects, or what stands before their « / »; days are
    those of France, both included.
    """

    words: tuple[str, ...] = ()
    meant: tuple[tuple[str, tuple[str, ...]], ...] = ()
    actor: str = ""
    about: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """Some of the lines found, the newest first, and how many there are in all."""

    total: int
    lines: tuple[Line, ...]


def search(connection: sa.Connection, wanted: Wanted, *, limit: int, offset: int = 0) -> Found:
    """The lines that ``wanted`` describes, ``limit`` of them after the ``offset`` newest ones."""
    kept = sa.and_(sa.true(), *_conditions(wanted))
    total = connection.scalar(sa.select(sa.func.count()).select_from(journal).where(kept)) or 0
    ordered = sa.select(journal).where(kept).order_by(journal.c.number.desc()).limit(limit).offset(offset)
    return Found(total, tuple(line_of(row) for row in connection.execute(ordered)))


def actors(connection: sa.Connection) -> list[str]:
    """Who ever wrote a line, in the order of the alphabet."""
    return sorted(connection.scalars(sa.select(journal.c.actor).distinct()))


def _conditions(wanted: Wanted) -> Iterable[sa.ColumnElement[bool]]:
    meant = dict(wanted.meant)
    for word in wanted.words:
        yield sa.or_(*_says(word), *_is_about(meant.get(word, ())))
    if wanted.actor:
        yield journal.c.actor == wanted.actor
    if wanted.about:
        yield sa.or_(*_is_about(wanted.about), journal.c.on_behalf_of.in_(wanted.about))
    if wanted.since:
        yield journal.c.at >= utc(start_of(wanted.since))
    if wanted.until:
        yield journal.c.at < end_of_day(wanted.until)


def _says(word: str) -> Iterable[sa.ColumnElement[bool]]:
    """Both databases lower plain letters only in the same way: an accented capital is tried as such."""
    columns = (journal.c.actor, journal.c.on_behalf_of, journal.c.action, journal.c.subject, journal.c.details)
    spellings = {word, word.lower(), word.upper(), word.capitalize()}
    return (column.icontains(one, autoescape=True) for column in columns for one in sorted(spellings))


def _is_about(subjects: Iterable[str]) -> Iterable[sa.ColumnElement[bool]]:
    for one in subjects:
        yield journal.c.subject == one
        yield journal.c.subject.startswith(f"{one}/", autoescape=True)
