"""What a dataset of a plugin must be before it becomes a table."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from core.domain.dataset import Dataset
from core.domain.words import nearest
from core.errors import PluginProblem

CODE = re.compile(r"[a-z][a-z0-9_]{0,39}")


class Clash(PluginProblem):
    """Two plugins of one association declare one dataset differently; ``other`` is the first of them."""

    def __init__(self, message: str, *, other: str, dataset: str, remedy: str) -> None:
        super().__init__(message, stage="contribute", remedy=remedy)
        self.other = other
        self.dataset = dataset


def check_datasets(found: tuple[Any, ...], present: Mapping[str, Dataset]) -> tuple[Dataset, ...]:
    """``found``, when each is well declared; ``present`` are those that the association already has.

    Raises PluginProblem, for the first thing that is wrong.
    """
    for one in found:
        _check_one(one)
    codes = [one.code for one in found]
    twice = next((code for code in codes if codes.count(code) > 1), None)
    if twice:
        raise _problem(f"Le jeu de données « {twice} » est rendu deux fois.", "Rendez-le une seule fois.")
    known = {**present, **{one.code: one for one in found}}
    for one in found:
        _check_references(one, known)
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
    for aspect in ("axis", "place", "place_through", "assigned", "date", "programme_wide", "references", "cadence"):
        if getattr(one, aspect) != getattr(other, aspect):
            return f"{aspect} : {getattr(one, aspect)} et {getattr(other, aspect)}"
    rules = ([(r.code, r.severity) for r in d.rules] for d in (one, other))
    return None if next(rules) == next(rules) else "règles différentes"


def _shape(dataset: Dataset, name: str) -> tuple[Any, ...] | None:
    column = dataset.by_name.get(name)
    if column is None:
        return None
    choices = getattr(column.kind, "choices", None)
    return type(column.kind), choices, column.nullable, column.required, column.personal_exempt


def _check_one(one: Any) -> None:
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
    _check_kinds(one)
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


def _check_kinds(one: Dataset) -> None:
    try:
        hidden = next((name for name in one.by_name if not re.fullmatch(r"[a-z][a-z0-9_]*", name)), None)
    except TypeError as error:
        raise _problem(
            f"Une colonne de « {one.code} » n’a pas de genre : {error}",
            "Déclarez chaque colonne avec texte(…), entier(…), jour(…), liste(…) ou une autre fonction de core ; "
            "un Config redéfini doit hériter de celui du schéma parent.",
        ) from error
    if hidden:
        raise _problem(
            f"« {one.code} » a une colonne nommée « {hidden} ».",
            "Un nom de colonne commence par une lettre, en minuscules sans accent : c’est ce que l’on tape.",
        )


def _columns_named(one: Dataset) -> Iterator[tuple[str, str]]:
    yield from (("clé (key)", name) for name in one.key)
    yield from (("référence (references)", reference.column) for reference in one.references)
    yield from ((f"colonne de la règle {rule.code}", name) for rule in one.rules for name in rule.columns)
    if one.date:
        yield "date", one.date
    if one.assigned:
        yield "affectation (assigned)", one.assigned
    if one.place_through:
        yield "lieu indirect (place_through)", one.place_through.column
    elif one.place and not one.programme_wide:
        yield "lieu (place)", one.place


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


def _problem(reason: str, remedy: str) -> PluginProblem:
    return PluginProblem(reason, stage="contribute", remedy=remedy)
