"""What a dataset of a plugin must be before it becomes a table."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import polars as pl

from core.catalogue import DATASETS as SHARED
from core.catalogue import lead
from core.contract.checks import AXES_REMEDY, check_choice, check_filled, check_types
from core.contract.checks import problem as _problem
from core.contract.indicators import CORE_TABLES
from core.deliberation import AXES
from core.domain.dataset import Dataset, Rule
from core.domain.french import nearest
from core.errors import PluginProblem

CODE = re.compile(r"[a-z][a-z0-9_]{0,39}")
_RESERVED = frozenset({*CORE_TABLES, *(one.code for one in lead.DATASETS)})
_CADENCES = ("trimestre", "exercice")
# PostgreSQL cuts names at 63 bytes, and keeps these for itself.
_LONGEST = 50
_OF_POSTGRESQL = frozenset({"tableoid", "xmin", "cmin", "xmax", "cmax", "ctid"})


class Clash(PluginProblem):
    """Two plugins of one association declare one dataset differently; ``other`` is the first of them."""

    def __init__(self, message: str, *, other: str, dataset: str, remedy: str) -> None:
        super().__init__(message, stage="contribute", remedy=remedy)
        self.other = other
        self.dataset = dataset


def check_declared(found: tuple[Any, ...]) -> None:
    """Raise PluginProblem, for the first thing that is wrong, unless each of ``found`` is well declared, once."""
    for one in found:
        _check_one(one)
    codes = [one.code for one in found]
    twice = next((code for code in codes if codes.count(code) > 1), None)
    if twice:
        raise _problem(f"Le jeu de données « {twice} » est rendu deux fois.", "Rendez-le une seule fois.")


def check_datasets(found: tuple[Dataset, ...], present: Mapping[str, Dataset]) -> tuple[Dataset, ...]:
    """``found``, when they stand together and with ``present``, those that the association already has.

    Raises PluginProblem, for the first thing that is wrong.
    """
    known = {**present, **{one.code: one for one in found}}
    for one in found:
        _check_references(one, known)
        _check_former(one, known)
    return found


def check_manifest(found: Iterable[Dataset], expected: Mapping[str, int]) -> None:
    """Raise PluginProblem when a dataset has another version than the manifest says."""
    for one in found:
        if expected.get(one.code, one.version) != one.version:
            raise _problem(
                f"Le manifeste attend « {one.code} » en version {expected[one.code]}, "
                f"le plugin l’enregistre en version {one.version}.",
                f"Adaptez le plugin à la version {one.version}, puis écrivez {one.code} = {one.version} "
                "sous [schemas] dans fabrique.toml.",
            )


def check_agreement(
    found: Iterable[Dataset], present: Mapping[str, Dataset], owners: Mapping[str, str], plugin: str
) -> None:
    """Raise Clash when the association already has one of these datasets, declared otherwise."""
    for one in found:
        other = present.get(one.code)
        difference = other is not None and difference_between(other, one)
        if difference:
            raise Clash(
                f"« {one.code} » est déclaré autrement par le plugin « {owners[one.code]} » de la même "
                f"association : {difference}.",
                other=owners[one.code],
                dataset=one.code,
                remedy=f"Déclarez le même schéma et la même version dans « {owners[one.code]} » et « {plugin} ».",
            )


def difference_between(one: Dataset, other: Dataset) -> str | None:
    """The first difference between two declarations of one dataset, in French; None when they agree."""
    if one is other:
        return None
    if one.version != other.version:
        return f"version {one.version} et version {other.version}"
    if one.key != other.key:
        return f"clé {' + '.join(one.key)} et clé {' + '.join(other.key)}"
    for name in (*one.by_name, *other.by_name):
        if _shape(one, name) != _shape(other, name):
            return f"colonne « {name} »"
    for aspect in (
        "axis",
        "place",
        "place_through",
        "assigned",
        "date",
        "events",
        "undated",
        "refreshed",
        "programme_wide",
        "references",
        "cadence",
    ):
        if getattr(one, aspect) != getattr(other, aspect):
            return f"{aspect} : {getattr(one, aspect)} et {getattr(other, aspect)}"
    rules = ([(r.code, r.severity) for r in d.rules] for d in (one, other))
    return None if next(rules) == next(rules) else "règles différentes"


def _shape(dataset: Dataset, name: str) -> tuple[object, ...] | None:
    column = dataset.by_name.get(name)
    if column is None:
        return None
    choices = getattr(column.kind, "choices", None)
    return type(column.kind), choices, column.nullable, column.required, column.personal_exempt


def _check_one(one: object) -> None:
    if not isinstance(one, Dataset):
        raise _problem(
            f"register_datasets rend {type(one).__name__} au lieu d’un jeu de données.",
            'Rendez une liste de Dataset, par exemple [DATASETS["materiel"]].',
        )
    if not CODE.fullmatch(one.code):
        raise _problem(
            f"Le code de jeu de données « {one.code} » ne s’écrit pas ainsi.",
            "Employez des minuscules sans accent, des chiffres et des « _ », quarante signes au plus.",
        )
    if one.code in _RESERVED:
        raise _problem(
            f"« {one.code} » est tenu par la Métropole : un plugin ne peut pas l’enregistrer.",
            "Donnez un autre code à votre jeu de données.",
        )
    _check_fields(one)
    _check_kinds(one)
    _check_rules(one)
    _check_shared(one)
    if not one.key:
        raise _problem(f"« {one.code} » n’a pas de clé.", "Dites par quelles colonnes une ligne se reconnaît (key=…).")
    for use, name in _columns_named(one):
        if name not in one.by_name:
            near = nearest(name, one.by_name)
            hint = f" Vouliez-vous dire « {near} » ?" if near else ""
            raise _problem(
                f"« {one.code} » n’a pas de colonne « {name} », donnée comme {use}.{hint}",
                f"Les colonnes sont : {', '.join(one.by_name)}.",
            )


def _check_fields(one: Dataset) -> None:
    named = f"Le jeu « {one.code} »"
    check_filled(named, one, "title")
    check_types(named, one, {"description": str, "version": int, "programme_wide": bool, "optional": bool})
    check_choice(f"{named} : cadence", one.cadence, _CADENCES)
    if one.axis is not None and one.axis not in AXES:
        raise _problem(f"{named} : axe {one.axis!r} inconnu.", AXES_REMEDY)


def _check_rules(one: Dataset) -> None:
    """A rule that cannot be applied to its own columns would only break when a file comes."""
    empty = pl.DataFrame(schema={column.name: column.kind.dtype for column in one.columns})
    shared = SHARED[one.code].rules if one.code in SHARED else ()
    for rule in one.rules:
        if not isinstance(rule, Rule):
            raise _problem(f"« {one.code} » a une règle qui est {type(rule).__name__}.", "Rendez des Rule.")
        if any(rule is known for known in shared):
            continue
        try:
            empty.filter(rule.broken)
        except (pl.exceptions.PolarsError, TypeError) as error:
            raise _problem(
                f"La règle « {rule.code} » de « {one.code} » ne s’applique pas à ses colonnes : {error}",
                f"Écrivez broken avec polars : pl.col(…) sur les colonnes {', '.join(one.by_name)}.",
            ) from error


def _check_shared(one: Dataset) -> None:
    """A shared dataset keeps its columns everywhere: what looks over all associations reads them."""
    shared = SHARED.get(one.code)
    if shared is None:
        return
    changed = next((name for name in shared.by_name if _reads(one, name) != _reads(shared, name)), None)
    if changed or one.key != shared.key:
        raise _problem(
            f"« {one.code} » est un jeu partagé, et votre déclaration en change « {changed or ' + '.join(one.key)} ».",
            f'Faites hériter votre schéma de DATASETS["{one.code}"].schema et ajoutez-y vos colonnes, '
            "ou donnez un autre code à votre jeu.",
        )


def _reads(dataset: Dataset, name: str) -> tuple[object, ...] | None:
    """What another reader of the column relies on."""
    column = dataset.by_name.get(name)
    return None if column is None else (type(column.kind), getattr(column.kind, "choices", None))


def _check_kinds(one: Dataset) -> None:
    try:
        names = (*one.by_name, *_left_out(one))
        hidden = next((name for name in names if not _is_column(name)), None)
    except TypeError as error:
        raise _problem(
            f"Une colonne de « {one.code} » n’a pas de genre : {error}",
            "Déclarez chaque colonne avec texte(…), entier(…), jour(…), liste(…) ou une autre fonction de core ; "
            "un Config redéfini doit hériter de celui du schéma parent.",
        ) from error
    if hidden:
        raise _problem(
            f"« {one.code} » a une colonne nommée « {hidden} ».",
            "Un nom de colonne commence par une lettre, en minuscules sans accent, sans « __ », cinquante signes au "
            "plus : c’est ce que l’on tape.",
        )


def _left_out(one: Dataset) -> Iterator[str]:
    """Columns whose names begin with « _ »: pandera takes them for private, and would forget them without a word."""
    for declared in getattr(one.schema, "__mro__", ()):
        yield from (
            name
            for name, given in vars(declared).items()
            if name.startswith("_") and "kind" in (getattr(given, "metadata", None) or {})
        )


def _is_column(name: str) -> bool:
    """Two « _ » are the core's: « duree__2 » is where the second form of « duree » is stored."""
    fits = re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*_?", name) is not None and len(name) <= _LONGEST
    return fits and name not in _OF_POSTGRESQL


def _columns_named(one: Dataset) -> Iterator[tuple[str, str]]:
    yield from (("clé (key)", name) for name in one.key)
    yield from (("référence (references)", reference.column) for reference in one.references)
    yield from ((f"colonne de la règle {rule.code}", name) for rule in one.rules for name in rule.columns)
    if one.date:
        yield "date", one.date
    yield from (("events", name) for name in one.events)
    yield from (("undated", name) for name in one.undated)
    if one.refreshed:
        yield "refreshed", one.refreshed
    if one.assigned:
        yield "affectation (assigned)", one.assigned
    if one.place_through:
        yield "lieu indirect (place_through)", one.place_through.column
    elif one.place and not one.programme_wide:
        yield "lieu (place)", one.place


def takes_over(one: Dataset, other: Dataset) -> PluginProblem | None:
    """Why ``one`` cannot take the table that it says it had, when ``other`` stands; None when it takes none of its.

    A dataset takes the place of its former code, its past included: both cannot stand, unless it is only a part
    of it, and no two can have been the same one.
    """
    if one.former is None or one.former.apply is not None or one.code == other.code:
        return None
    former = one.former.dataset
    if former == other.code:
        return _problem(
            f"« {one.code} » dit s’être appelé « {former} », qui est encore enregistré : il en prendrait la table.",
            f"N’enregistrez plus « {former} », ou donnez une étape (apply) qui en prend une partie.",
        )
    if other.former is not None and other.former.apply is None and other.former.dataset == former:
        return _problem(
            f"« {one.code} » et « {other.code} » disent tous deux s’être appelés « {former} » : un seul a sa table.",
            "Gardez former dans celui qui continue ce tableau ; donnez à l’autre une étape (apply), ou rien.",
        )
    return None


def _check_former(one: Dataset, known: Mapping[str, Dataset]) -> None:
    problem = next(filter(None, (takes_over(one, other) for other in known.values())), None)
    if problem is not None:
        raise problem


def _check_references(one: Dataset, known: Mapping[str, Dataset]) -> None:
    through = (one.place_through,) if one.place_through else ()
    for reference in (*one.references, *through):
        if reference.dataset not in known:
            near = nearest(reference.dataset, known)
            hint = f"Vouliez-vous dire « {near} » ? Sinon e" if near else "E"
            raise _problem(
                f"« {one.code} » renvoie à « {reference.dataset} », que l’association n’a pas.",
                f"{hint}nregistrez aussi « {reference.dataset} » dans register_datasets.",
            )
