"""The journal told in French: what happened, to what, by whom; found by words, people and days."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from core.domain import access, french
from core.domain.access import Action
from core.domain.actor import ROLE_WORDS, Actor
from core.domain.experiment import METROPOLE
from core.domain.period import Period
from core.domain.words import fold
from core.errors import UnknownName
from core.registry import Registry
from core.storage import Store
from core.storage.journal import Line, Verified
from core.storage.journal_search import Wanted

PAGE = 50
ACTIONS: Mapping[str, str] = {
    "import": "Fichier déposé",
    "saisie": "Saisie à l’écran",
    "annulation": "Annulation",
    "rien à déclarer": "Rien à déclarer",
    "mise à niveau": "Mise à niveau du jeu de données",
    "accusé de réception": "Accusé de réception",
    "données fictives": "Base marquée fictive",
    "purge": "Suppression à la fin de la durée de conservation",
    "schéma": "Tables préparées",
}
"""The words of an action, where its own name is not plain enough."""


@dataclass(frozen=True, slots=True)
class Told:
    """One line of the journal in words."""

    line: Line
    what: str
    about: str
    counts: str


@dataclass(frozen=True, slots=True)
class Page:
    """Some lines told, the newest first; ``at`` of ``last`` pages, of ``total`` lines."""

    total: int
    at: int
    last: int
    lines: tuple[Told, ...]


def look(
    registry: Registry,
    store: Store,
    *,
    actor: Actor | None,
    words: str = "",
    who: str = "",
    association: str = "",
    since: date | None = None,
    until: date | None = None,
    page: int = 1,
) -> Page:
    """The lines that hold every word, by ``who``, about ``association``, between two days; one page of them.

    A page beyond the last is the last. Raises Forbidden unless the actor audits.
    """
    access.check(actor, Action.AUDIT)
    split = tuple(words.split())
    meant = tuple((word, _subjects(registry, word)) for word in split)
    wanted = Wanted(split, meant, who, _about(registry, association), since, until)
    at = max(page, 1)
    found = store.search_journal(wanted, limit=PAGE, offset=(at - 1) * PAGE)
    last = max(-(-found.total // PAGE), 1)
    if at > last:
        at = last
        found = store.search_journal(wanted, limit=PAGE, offset=(at - 1) * PAGE)
    return Page(found.total, at, last, tuple(tell(registry, line) for line in found.lines))


def verify(store: Store, *, actor: Actor | None) -> Verified:
    """Recompute the chain. Raises Forbidden unless the actor audits, JournalBroken at the first broken line."""
    access.check(actor, Action.AUDIT)
    return store.journal.verify()


def tell(registry: Registry, line: Line) -> Told:
    """A line in words."""
    what = ACTIONS.get(line.action, french.sentence(line.action).rstrip("."))
    about = _account(registry, line) if line.subject.startswith("compte/") else _subject(registry, line.subject)
    return Told(line, what, about, _counts(line.details))


def _about(registry: Registry, association: str) -> tuple[str, ...]:
    """What concerns an association: what it hands in, and its experiments."""
    if not association:
        return ()
    mine = (one.code for one in registry.experiments if one.association.code == association)
    return (association, *mine)


def _subjects(registry: Registry, word: str) -> tuple[str, ...]:
    """The subjects whose names in French hold ``word``: associations, datasets, experiments."""
    text, found = fold(word), []
    for code, name in _bodies(registry).items():
        if text in fold(name):
            found.append(code)
        found += [f"{code}/{one.code}" for one in registry.datasets(code) if text in fold(one.title)]
    found += [one.code for one in registry.experiments if text in fold(one.title)]
    return tuple(found)


def _bodies(registry: Registry) -> dict[str, str]:
    return {one.code: one.name for one in registry.associations} | {METROPOLE: "Métropole"}


def _subject(registry: Registry, subject: str) -> str:
    """« Anonymal, Matériel », « CT3 Pays Salonais, 2022-T2 »; the subject as it is when nothing names it."""
    first, _, rest = subject.partition("/")
    named = _bodies(registry) | {one.code: one.short_title for one in registry.experiments}
    if first not in named:
        return subject
    try:
        title = registry.dataset(first, rest).title if rest else ""
    except UnknownName:
        title = _period(rest)
    return f"{named[first]}, {title}" if title else named[first]


def _account(registry: Registry, line: Line) -> str:
    """« Un compte : association IFAC »: whose it is in the programme, never who."""
    role = next((words for one, words in ROLE_WORDS.items() if one.value == line.details.get("role")), "")
    named = _bodies(registry).get(str(line.details.get("association")), "")
    return french.typeset("Un compte : " + " ".join(part for part in (role, named) if part))


def _period(code: str) -> str:
    try:
        return Period.parse(code).label
    except UnknownName:
        return code


def _counts(details: Mapping[str, Any]) -> str:
    """« 12 ajoutées, 3 modifiées ; fichier « remises.csv » »."""
    words = (("added", "ajoutée"), ("changed", "modifiée"), ("unchanged", "inchangée"), ("removed", "retirée"))
    rows = ", ".join(
        french.count(details[name], word)
        for name, word in words
        if isinstance(details.get(name), int) and details[name]
    )
    rest = [
        f"fichier « {details['file']} »" if details.get("file") else "",
        _period(details["period"]) if details.get("period") else "",
        f"annule la révision {details['undoes']}" if details.get("undoes") else "",
        f"inscription {details['entry']}" if details.get("entry") else "",
    ]
    return french.typeset(" ; ".join(part for part in (rows, *rest) if part))
