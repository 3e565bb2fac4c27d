"""A dataset in plain French: what its columns hold, how a row is known again, what is judged.

The template, the JSON Table Schema and the dictionary page all read it here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from core.catalogue import accompagner, places
from core.catalogue.accompagner import Acteurs
from core.catalogue.choices import CodeCommune, Coded, Compte, Experience, Lieu, Ligne, Liste, OuiNon
from core.catalogue.dates import Jour, Mois
from core.catalogue.numbers import Decimal, Entier, Montant
from core.catalogue.texts import CodePostal, Siret, Texte
from core.contract import Registry
from core.deliberation import LINES
from core.domain import french
from core.domain.column_type import ColumnType
from core.domain.dataset import Column, Dataset, Rule, Severity
from core.domain.programme import METROPOLE, Association, Experiment

_WORDS: tuple[tuple[type[ColumnType], str], ...] = (
    (Siret, "SIRET"),
    (CodePostal, "Code postal"),
    (Texte, "Texte"),
    (Entier, "Nombre entier"),
    (Montant, "Montant en euros"),
    (Decimal, "Nombre, décimales permises"),
    (Jour, "Date"),
    (Mois, "Mois"),
    (OuiNon, "Oui ou non"),
    (Lieu, "Lieu"),
    (CodeCommune, "Commune, par son code INSEE"),
    (Experience, "Expérimentation"),
    (Ligne, "Ligne de subvention"),
    (Compte, "Compte du compte rendu financier"),
)
_CLOSED = (Liste, OuiNon, Ligne, Compte)
ALWAYS_REFUSED: tuple[tuple[str, str], ...] = (
    (
        "Données personnelles",
        "Aucun nom, prénom, téléphone, courriel, adresse ou date de naissance d’une personne. Le fichier entier "
        "serait refusé, et il ne serait pas conservé : les bénéficiaires se comptent, ils ne se nomment pas.",
    ),
    ("Cellule obligatoire vide", "La ligne est refusée tant qu’elle n’est pas complétée."),
    ("Valeur illisible", "Une date qui n’existe pas, un mot à la place d’un nombre, une valeur hors de la liste."),
    ("Ligne en double", "Deux lignes d’un même fichier qui désignent la même chose."),
    ("Formule", "Seules les valeurs sont lues."),
)
"""What stops a row, or the whole file, in every dataset: what, and why."""


@dataclass(frozen=True, slots=True)
class Allowed:
    """One value that a column may hold: what is written in the cell, its code, what it means."""

    written: str
    code: str
    meaning: str = ""


@dataclass(frozen=True)
class DatasetDescription:
    """One dataset as one association hands it in.

    ``own`` are the experiments of the association, ``others`` all its datasets by code.
    """

    dataset: Dataset
    association: Association
    own: tuple[Experiment, ...]
    others: Mapping[str, Dataset]

    @classmethod
    def of(cls, registry: Registry, association: str, dataset: str) -> DatasetDescription:
        """The dataset ``dataset`` of ``association``, declared still or not; raises UnknownName."""
        found = registry.readable(association, dataset)
        # The project lead speaks of every experiment.
        mine = (one for one in registry.experiments if association in (METROPOLE, one.association.code))
        others = {one.code: one for one in registry.datasets(association)}
        return cls(found, registry.association(association), tuple(mine), others)

    def allowed(self, column: Column) -> tuple[Allowed, ...]:
        """The values of a list, in order; empty when the column has none."""
        kind = column.kind
        if national := self.national(column):
            return tuple(Allowed(value, value) for value in national)
        match kind:
            case OuiNon():
                return Allowed("oui", "oui"), Allowed("non", "non")
            case Liste():
                return tuple(Allowed(one.label, one.value, one.description) for one in kind.choices)
            case Experience():
                return tuple(Allowed(f"{one.code} – {one.title}", one.code, one.title) for one in self.own)
            case Ligne():
                return _coded(kind, self._lines)
            case Lieu():
                return _coded(kind, self._places)
            case Coded():
                return _coded(kind, kind.codes)
        return ()

    def national(self, column: Column) -> tuple[str, ...]:
        """The list of the national standard for a column of the actors, several values allowed."""
        known = issubclass(self.dataset.schema, Acteurs) and column.name in Acteurs.to_schema().columns
        return accompagner.LISTS.get(column.name, ()) if known else ()

    def several(self, column: Column) -> bool:
        """Whether a cell may hold several values of the list, separated by « | »."""
        return bool(self.national(column)) or (isinstance(column.kind, Liste) and column.kind.multiple)

    def closed(self, column: Column) -> bool:
        """Whether a value outside the list is refused as it stands."""
        return isinstance(column.kind, _CLOSED) and not self.several(column)

    @property
    def places(self) -> tuple[str, ...]:
        """Where its experiments run, the whole Métropole apart."""
        return tuple(dict.fromkeys(p.code for one in self.own for p in one.places if p.code != METROPOLE))

    @property
    def _places(self) -> Iterable[str]:
        return dict.fromkeys((*self.places, *places.every()))

    @property
    def _lines(self) -> Iterable[str]:
        return (code for code, line in LINES.items() if self.association.code in (METROPOLE, line.association))


def _coded(kind: Coded, codes: Iterable[str]) -> tuple[Allowed, ...]:
    found = ((code, kind.listed(code), kind.codes[code]) for code in codes)
    return tuple(Allowed(listed, code, "" if listed == label else label) for code, listed, label in found)


def kind_words(column: Column, *, several: bool = False) -> str:
    """« Date », « Montant en euros », « Une valeur de la liste »."""
    if several:
        return "Une ou plusieurs valeurs de la liste"
    if isinstance(column.kind, Liste):
        return "Une valeur de la liste"
    return next(
        (words for kind, words in _WORDS if isinstance(column.kind, kind)), french.sentence(column.kind.expected)
    )


def bounds_words(column: Column) -> str:
    """« De 1 à 3 », « 0 € au moins », « 60 caractères au plus »; empty when nothing limits the cell."""
    kind = column.kind
    if type(kind) is Texte:
        return f"{french.number(kind.max_length)} caractères au plus"
    least, most = (_bound(kind, getattr(kind, name, None)) for name in ("at_least", "at_most"))
    if least and most:
        return f"De {least} à {most}"
    if least:
        return f"{least} au moins"
    return f"{most} au plus" if most else ""


def _bound(kind: ColumnType, value: float | None) -> str:
    """A bound as read; a number of four figures is most often a year, and a year has no space."""
    if value is None:
        return ""
    return str(value) if isinstance(kind, Entier) and abs(value) < 10_000 else kind.show(value)


def obligation(column: Column) -> str:
    """« Obligatoire » or « Facultatif »."""
    return "Obligatoire" if column.required else "Facultatif"


def titles(dataset: Dataset, names: Iterable[str]) -> list[str]:
    """« Numéro d’inventaire », between the marks of a quotation."""
    return [french.typeset(f"« {dataset.by_name[name].title} »") for name in names]


def key_words(dataset: Dataset) -> str:
    """How a row is known again, and what happens when it is handed in twice."""
    one = len(dataset.key) == 1
    named = french.listing(titles(dataset, dataset.key))
    known = f"Une ligne se reconnaît à {named}" + ("." if one else ", pris ensemble.")
    return french.typeset(
        f"{known} Deux lignes d’un même fichier ne peuvent pas {'le porter' if one else 'les porter'} à l’identique ; "
        "une ligne déjà transmise est mise à jour, jamais comptée deux fois."
    )


def reference_words(about: DatasetDescription) -> tuple[str, ...]:
    """What must exist in another dataset of the association."""
    return tuple(
        french.typeset(
            f"{titles(about.dataset, [one.column])[0]} doit exister dans « {about.others[one.dataset].title} » : "
            "transmettez d’abord cet autre tableau."
        )
        for one in about.dataset.references
    )


@dataclass(frozen=True, slots=True)
class RuleDescription:
    """A rule as people read it: the columns it looks at, what is expected, what to do."""

    columns: str
    expected: str
    remedy: str


def rules(dataset: Dataset, severity: Severity) -> tuple[RuleDescription, ...]:
    """The rules of one strength; those that ask the same thing of several columns are told once."""
    groups: dict[tuple[str, str], list[Rule]] = {}
    for rule in dataset.rules_of(severity):
        groups.setdefault((rule.expected, rule.remedy), []).append(rule)
    return tuple(_judged(dataset, together) for together in groups.values())


def _judged(dataset: Dataset, together: Sequence[Rule]) -> RuleDescription:
    first = together[0]
    looked_at = dict.fromkeys(rule.columns[0] for rule in together) if len(together) > 1 else first.columns
    return RuleDescription(
        french.listing(dataset.by_name[name].title for name in looked_at),
        french.typeset(french.sentence(first.expected)),
        french.typeset(first.remedy),
    )
