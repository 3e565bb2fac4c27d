"""What an experiment of a plugin must be before it becomes a column."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from core.deliberation import ASSOCIATIONS, AXES
from core.domain import french
from core.domain.experiment import METROPOLE, Experiment
from core.domain.programme import Association
from core.registry.fields import AXES_REMEDY, check_filled, check_types
from core.registry.fields import problem as _problem

CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def check_experiments(
    found: tuple[Any, ...], taken: Mapping[str, str], present: Iterable[Experiment]
) -> tuple[Experiment, ...]:
    """``found``, when every one of them may stand beside those ``present``.

    ``taken`` gives the plugin that bears each code already in use. Raises PluginProblem.
    """
    standing = tuple(present)
    if not found:
        raise _problem(
            "Le plugin n’apporte aucune expérimentation.",
            "Écrivez register_experiments, avec @hookimpl, et rendez au moins une expérimentation.",
        )
    for one in found:
        _check_one(one)
    _check_codes([one.code for one in found], taken)
    _check_association({one.association for one in found}, [one.association for one in standing])
    for rank, one in enumerate(found):
        _check_alone(one, (*standing, *found[:rank]))
    return found


def _check_one(one: Any) -> None:
    if not isinstance(one, Experiment):
        raise _problem(
            f"register_experiments rend {type(one).__name__} au lieu d’une expérimentation.",
            'Rendez une liste d’Experiment, par exemple [voted_experiment("ct3-pays-salonais")].',
        )
    if not CODE.fullmatch(one.code):
        raise _problem(
            f"Le code d’expérimentation « {one.code} » ne s’écrit pas ainsi.",
            "Employez des minuscules sans accent, des chiffres et des tirets : mon-experimentation.",
        )
    named = f"L’expérimentation « {one.code} »"
    check_filled(named, one, "title", "short_title")
    check_types(named, one, {"rank": int, "territory": str})
    if not one.places:
        raise _problem(f"L’expérimentation « {one.code} » n’a aucun lieu.", "Donnez au moins un Place.")
    _check_places(one)


def _check_places(one: Experiment) -> None:
    codes = [place.code for place in one.places]
    twice = next((code for code in codes if codes.count(code) > 1), None)
    if twice:
        raise _problem(f"« {one.code} » nomme deux fois le lieu « {twice} ».", "Réunissez les deux en un seul.")
    for place in one.places:
        unknown = [axis for axis in place.axes if axis not in AXES]
        if unknown or not place.axes:
            raise _problem(
                f"À « {place.code} », « {one.code} » essaie {unknown or 'aucun axe'}.",
                AXES_REMEDY,
            )


def _check_alone(one: Experiment, others: Iterable[Experiment]) -> None:
    """The place of a row says to which experiment it belongs: two of one association may not share it."""
    for other in others:
        if other.association.code != one.association.code:
            continue
        for mine in one.places:
            for theirs in other.places:
                if mine.code == theirs.code and set(mine.axes) & set(theirs.axes):
                    raise _problem(
                        f"« {one.code} » et « {other.code} », de la même association, essaient le même axe "
                        f"au même lieu « {mine.code} » : une ligne n’appartiendrait ni à l’une ni à l’autre.",
                        "Donnez-leur des lieux ou des axes différents.",
                    )


def _check_codes(codes: list[str], taken: Mapping[str, str]) -> None:
    for code in codes:
        if codes.count(code) > 1:
            raise _problem(f"L’expérimentation « {code} » est rendue deux fois.", "Rendez-la une seule fois.")
        if code in taken:
            raise _problem(
                f"L’expérimentation « {code} » est déjà apportée par le plugin « {taken[code]} ».",
                "Donnez-lui un autre code, ou désinstallez l’un des deux plugins.",
            )


def _check_association(mine: set[Association], known: Iterable[Association]) -> None:
    if len(mine) > 1:
        raise _problem(
            f"Le plugin mêle deux associations : {french.listing(sorted(one.code for one in mine))}.",
            "Écrivez un plugin par association.",
        )
    (association,) = mine
    if not CODE.fullmatch(association.code):
        raise _problem(
            f"Le code d’association « {association.code} » ne s’écrit pas ainsi.",
            "Employez des minuscules sans accent, des chiffres et des tirets.",
        )
    if association.code == METROPOLE:
        raise _problem(
            "Le plugin se donne pour association « metropole ».",
            "Ce que tient la Métropole (objectifs, versements, clés) ne vient pas d’un plugin ; nommez l’association.",
        )
    for other in (*ASSOCIATIONS.values(), *known):
        if other.code == association.code and other.name != association.name:
            raise _problem(
                f"L’association « {association.code} » s’appelle « {other.name} », et non « {association.name} ».",
                "Reprenez le même nom, ou choisissez un autre code.",
            )
