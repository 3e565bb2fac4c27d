"""What was done, in words: the changes of a deposit, and the lines of the journal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from core.catalogue.keys import KEY
from core.catalogue.texts import Texte
from core.checking import naming
from core.contract import Registry
from core.contract.scope import Scope
from core.domain import access, french
from core.domain.access import ROLE_WORDS, Action
from core.domain.calendar import period_name
from core.domain.dataset import Column, Dataset, Row
from core.domain.french import fold
from core.domain.programme import METROPOLE
from core.errors import JournalBroken, RowsBroken, UnknownName
from core.reading.problems import problem_heading
from core.storage import Store
from core.storage.history import LinesWanted
from core.storage.journal import JournalLine, Verified
from core.storage.rows import CellChange, Diff
from core.storage.sealing import sentence

SHOWN = 12
"""Rows told one by one."""


@dataclass(frozen=True, slots=True)
class Turn:
    """What happened to one row: its name, « ajoutée », « modifiée » or « retirée », and its cells in words."""

    key: str
    name: str
    what: str
    cells: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        """« M-1 : montant 17 200 € au lieu de 19 600 €. », « M-1 : ligne ajoutée. »."""
        return french.typeset(f"{self.name} : {'; '.join(self.cells) or f'ligne {self.what}'}.".replace("; ", " ; "))


def turns(registry: Registry, dataset: Dataset, diff: Diff, most: int = SHOWN) -> tuple[Turn, ...]:
    """What ``diff`` does, changed rows first, at most ``most`` of them."""
    return tuple(one for _, one in zip(range(most), _turns(registry, dataset, diff, most), strict=False))


def turns_of(registry: Registry, store: Store, revision: int, most: int = SHOWN) -> tuple[Turn, ...]:
    """What the deposit ``revision`` did. Raises UnknownName when there is none."""
    done, diff = store.changes(revision)
    return turns(registry, registry.readable(done.association, done.dataset), diff, most)


def cell(registry: Registry, dataset: Dataset, change: CellChange) -> str:
    """« montant 17 200 € au lieu de 19 600 € », « SIRET vidé, au lieu de « 434… » »."""
    column = dataset.by_name[change.column]
    title = problem_heading(change.column, dataset)
    before, after = (_written(registry, column, one) for one in (change.before, change.after))
    if change.after is None and not _says_blank(column):
        return f"{title} vidé, au lieu de {before}"
    if change.before is None and not _says_blank(column):
        return f"{title} {after}, vide jusque-là"
    return f"{title} {after} au lieu de {before}"


def _written(registry: Registry, column: Column, value: object) -> str:
    """A value inside a sentence: what people wrote freely stands between its marks."""
    words = naming.value(registry, column, value)
    return f"« {words} »" if isinstance(column.kind, Texte) and not column.kind.names else words


def _says_blank(column: Column) -> bool:
    """Whether a blank has a meaning of its own (« tout le programme »)."""
    return column.kind.name == "experience"


def _turns(registry: Registry, dataset: Dataset, diff: Diff, most: int) -> Iterator[Turn]:
    names = naming.keys_named(registry, dataset, diff.changed.head(most))
    cells: dict[str, list[str]] = {key: [] for key in names}
    for one in diff.cells(most):
        if one.column in dataset.by_name:
            cells[one.key].append(cell(registry, dataset, one))
    for key, name in names.items():
        yield Turn(key, name, "modifiée", tuple(cells[key]))
    gone = diff.missing if diff.missing is not None else diff.added.clear()
    for rows, what in ((diff.added, "ajoutée"), (gone, "retirée")):
        for row in rows.head(most).iter_rows(named=True):
            yield Turn(row[KEY], naming.row_name(registry, dataset, row), what)


# --- The journal told in French: what happened, to what, by whom; found by words, people and days ----


PAGE = 50
_DEPOSIT = "dépôt/"
ACTIONS: Mapping[str, str] = {
    "import": "Fichier déposé",
    "saisie": "Saisie à l’écran",
    "annulation": "Annulation",
    "rien à déclarer": "Rien à déclarer",
    "mise à niveau": "Mise à niveau du jeu de données",
    "changement de code": "Changement du code d’un immeuble",
    "accusé de réception": "Accusé de réception",
    "données fictives": "Base marquée fictive",
    "lignes_a_corriger": "Lignes restées à corriger",
    "purge": "Suppression à la fin de la durée de conservation",
    "schéma": "Tables préparées",
    "scellé": "Données scellées",
    "heure qui recule": "Heure du serveur qui recule",
}
"""The words of an action, where its own name is not plain enough."""


@dataclass(frozen=True, slots=True)
class LineInWords:
    """One line of the journal in words."""

    line: JournalLine
    what: str
    about: str
    counts: str
    who: str = ""


@dataclass(frozen=True, slots=True)
class LinesPage:
    """Some lines told, the newest first; ``at`` of ``last`` pages, of ``total`` lines."""

    total: int
    at: int
    last: int
    lines: tuple[LineInWords, ...]


def look(
    scope: Scope,
    *,
    words: str = "",
    who: str = "",
    association: str = "",
    since: date | None = None,
    until: date | None = None,
    page: int = 1,
) -> LinesPage:
    """The lines that hold every word, by ``who``, about ``association``, between two days; one page of them.

    A page beyond the last is the last. Raises Forbidden unless the actor audits.
    """
    access.check(scope.actor, Action.AUDIT)
    store, registry = scope.store, scope.registry
    split = tuple(words.split())
    meant = tuple((word, _subjects(registry, word)) for word in split)
    wanted = LinesWanted(split, meant, who, _about(registry, association), since, until)
    at = max(page, 1)
    found = store.search_journal(wanted, limit=PAGE, offset=(at - 1) * PAGE)
    last = max(-(-found.total // PAGE), 1)
    if at > last:
        at = last
        found = store.search_journal(wanted, limit=PAGE, offset=(at - 1) * PAGE)
    numbers = _numbers(store, found.lines)
    return LinesPage(found.total, at, last, tuple(tell(registry, line, numbers) for line in found.lines))


def verify(scope: Scope) -> Verified:
    """Recompute the chain and what it seals, for who audits. Raises Forbidden, or what ``recompute`` raises."""
    access.check(scope.actor, Action.AUDIT)
    return recompute(scope.registry, scope.store)


def recompute(registry: Registry, store: Store) -> Verified:
    """Recompute the chain and what it seals. Raises JournalBroken, with its tables and rows in people’s words."""
    try:
        return store.journal.verify()
    except RowsBroken as error:
        raise _named(registry, error) from error


def in_words(found: Verified) -> str:
    """What was verified, and what could not be: « 12 lignes du journal et 340 lignes de données… »."""
    lines = french.count(found.lines, "ligne du journal", "lignes du journal")
    rows = french.count(found.rows, "ligne de données", "lignes de données")
    said = f"{lines} et {rows}, versions passées comprises : aucune n’a été modifiée, ajoutée ni retirée."
    if found.late:
        said += (
            f" Ce qui a été déposé jusqu’au dépôt n° {found.late} n’avait pas été scellé alors : "
            "ce qui lui est arrivé avant ne peut pas être vérifié."
        )
    return french.typeset(said)


def _named(registry: Registry, error: RowsBroken) -> JournalBroken:
    try:
        dataset = registry.readable(error.association, error.dataset)
    except UnknownName:
        return error
    where = f"« {dataset.title} » de {_bodies(registry).get(error.association, error.association)}"
    rows = [(naming.name_of(registry, dataset, key), what) for key, what in error.rows]
    return JournalBroken(sentence(where, error.revision, rows, gone=error.gone))


def tell(registry: Registry, line: JournalLine, numbers: Mapping[str, str] | None = None) -> LineInWords:
    """A line in words; ``numbers`` gives what the deposits that it speaks of are called."""
    what = ACTIONS.get(line.action, french.sentence(line.action).rstrip("."))
    about = _account(registry, line) if line.subject.startswith("compte/") else _subject(registry, line.subject)
    about = (numbers or {}).get(line.subject, about)
    return LineInWords(line, what, about, _counts(line.details), naming.who(registry, line.actor, line.on_behalf_of))


def _numbers(store: Store, lines: Sequence[JournalLine]) -> dict[str, str]:
    """« Dépôt n° 14 » for each « dépôt/15 » of the lines: a comment names a deposit by its rank."""
    asked = {line.subject for line in lines if line.subject.startswith(_DEPOSIT)}
    if not asked:
        return {}
    called = {f"{_DEPOSIT}{one.number}": french.sentence(naming.deposit(one)).rstrip(".") for one in store.deposits()}
    return {one: called[one] for one in asked if one in called}


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
        tables = (*registry.datasets(code), *registry.kept(code))
        found += [f"{code}/{one.code}" for one in tables if text in fold(one.title)]
    found += [one.code for one in registry.experiments if text in fold(one.title)]
    return tuple(found)


def _bodies(registry: Registry) -> dict[str, str]:
    bodies = (*registry.associations, *registry.kept_associations)
    return {one.code: one.name for one in bodies} | {METROPOLE: "Métropole"}


def _subject(registry: Registry, subject: str) -> str:
    """« Anonymal, Matériel », « CT3 Pays Salonais, 2022-T2 »; the subject as it is when nothing names it."""
    first, _, rest = subject.partition("/")
    named = _bodies(registry) | {one.code: one.short_title for one in registry.experiments}
    if first not in named:
        return french.typeset(_numbered(subject) or (_point(registry, rest) if rest else subject))
    title = _title(registry, first, rest) if rest else ""
    return f"{named[first]}, {title}" if title else named[first]


def _numbered(subject: str) -> str:
    """« Comité n° 3 », « Risque n° 1 »; nothing for what has no number."""
    kind, _, number = subject.replace("-", "/", 1).partition("/")
    word = {"comite": "Comité", "risque": "Risque"}.get(kind)
    return f"{word} n° {number}" if word and number.isdecimal() else ""


def _point(registry: Registry, rest: str) -> str:
    """« Point à traiter, Matériel, Pays d’Aix »: what its code holds that has a name; its rule is on its own page."""
    tables = {one.code: one.title for body in _bodies(registry) for one in registry.datasets(body)}
    named = tables | {one.code: one.short_title for one in registry.experiments}
    return ", ".join(["Point à traiter", *(named[part] for part in rest.split("/") if part in named)])


def _title(registry: Registry, body: str, rest: str) -> str:
    """« Matériel », « Matériel, MET-PC-0115 », « 2e trimestre 2022 »."""
    code, _, key = rest.partition("/")
    try:
        dataset = registry.readable(body, code)
    except UnknownName:
        return period_name(rest)
    return f"{dataset.title}, {naming.name_of(registry, dataset, key)}" if key else dataset.title


def _account(registry: Registry, line: JournalLine) -> str:
    """« Un compte : association IFAC »: whose it is in the programme, never who."""
    role = next((words for one, words in ROLE_WORDS.items() if one.value == line.details.get("role")), "")
    named = _bodies(registry).get(str(line.details.get("association")), "")
    return french.typeset("Un compte : " + " ".join(part for part in (role, named) if part))


def _counts(details: Row) -> str:
    """« 12 ajoutées, 3 modifiées ; fichier « remises.csv » »."""
    words = (("added", "ajoutée"), ("changed", "modifiée"), ("unchanged", "inchangée"), ("removed", "retirée"))
    rows = ", ".join(
        french.count(details[name], word)
        for name, word in words
        if isinstance(details.get(name), int) and details[name]
    )
    rest = [
        f"fichier « {details['file']} »" if details.get("file") else "",
        period_name(details["period"]) if details.get("period") else "",
        f"annule le dépôt n° {details['undoes']}" if details.get("undoes") else "",
        f"jusqu’au dépôt n° {details['sealed']['through']}" if details.get("sealed") else "",
        f"inscription {details['entry']}" if details.get("entry") else "",
    ]
    return french.typeset(" ; ".join(part for part in (rows, *rest) if part))
