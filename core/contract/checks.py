"""What a plugin brings is checked before it is used: names, fields, experiments, derived tables, blocks of its page."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from core.catalogue import CATALOGUE
from core.contract import hookspecs
from core.contract.failures import RegistryTables
from core.contract.hookspecs import HOOKS, PROJECT
from core.deliberation import ASSOCIATIONS, AXES, is_voted
from core.domain import french
from core.domain.dataset import Dataset
from core.domain.french import nearest
from core.domain.indicator import Derived, Programme
from core.domain.plugin_phrases import Figure, Text, Value, parts_of
from core.domain.programme import METROPOLE, Association, Experiment
from core.domain.report import Block, Callout, Chart, KeyFigures, Prose, Table
from core.errors import PluginProblem

KINDS = ("bars", "columns", "stacked", "line", "steps")
TONES = ("info", "attention", "blocked", "question")


def check_blocks(found: tuple[Any, ...], codes: Iterable[str]) -> tuple[Block, ...]:
    """``found``, when each can be drawn; ``codes`` are the experiment's indicators.

    Raises PluginProblem (stage ``run``).
    """
    known = frozenset(codes)
    for one in found:
        _check_one(one, known)
    return found


def _check_one(one: object, codes: frozenset[str]) -> None:
    match one:
        case KeyFigures():
            _check_codes(one.codes, codes)
        case Chart():
            _check_chart(one)
            _check_values((one.conclusion, one.alternative), codes)
        case Table():
            _check_table(one)
            _check_values((cell for row in one.rows for cell in row), codes)
        case Prose():
            _check_values((one.text,), codes)
        case Callout():
            _check_values((one.text,), codes)
            if one.tone not in TONES:
                raise _problem(f"L’encadré a le ton « {one.tone} ».", _near(one.tone, TONES))
        case _ if not isinstance(one, Block):
            raise _problem(
                f"La page contient {type(one).__name__}, qui n’est pas un bloc.",
                "Rendez des Heading, Prose, KeyFigures, Chart, Table ou Callout.",
            )


def _check_codes(asked: Iterable[str], codes: frozenset[str]) -> None:
    for code in asked:
        if code not in codes:
            raise _problem(
                f"La page demande l’indicateur « {code} », que l’expérimentation n’a pas.", _near(code, codes)
            )


def _check_values(contents: Iterable[Any], codes: frozenset[str]) -> None:
    """Words and values, and the figures that they name."""
    for part in parts_of(*contents):
        if not isinstance(part, str | Value):
            raise _problem(
                f"Un texte ou une cellule de la page contient {type(part).__name__}.",
                "Donnez du texte, ou une valeur : People, Share, Tells, Figure, phrase(…).",
            )
        if isinstance(part, Figure):
            _check_codes((part.code,), codes)


def _check_chart(one: Chart) -> None:
    if one.kind not in KINDS:
        raise _problem(f"Le graphique est du genre « {one.kind} ».", _near(one.kind, KINDS))
    for series in one.series:
        if len(series.values) != len(one.categories):
            raise _problem(
                f"Dans le graphique « {one.conclusion} », « {series.name} » a {len(series.values)} valeurs "
                f"pour {len(one.categories)} catégories.",
                "Donnez une valeur par catégorie, None quand on ne sait pas.",
            )
    if not _says(one.conclusion) or not _says(one.alternative):
        raise _problem(
            "Un graphique n’a pas de conclusion ou pas de texte de remplacement.",
            "Remplissez conclusion et alternative : ils se lisent à la place du dessin.",
        )


def _check_table(one: Table) -> None:
    for row in one.rows:
        if len(row) != len(one.headings):
            raise _problem(
                f"Dans le tableau « {one.caption} », une ligne a {len(row)} cellules "
                f"pour {len(one.headings)} colonnes.",
                "Donnez une cellule par colonne, vide quand on ne sait pas.",
            )


def _says(text: Text) -> bool:
    return any(not isinstance(part, str) or part.strip() for part in parts_of(text))


def _near(word: str, known: Iterable[str]) -> str:
    words = sorted(known)
    near = nearest(word, words)
    return f"Vouliez-vous dire « {near} » ?" if near else f"Choisissez parmi : {', '.join(words)}."


def _problem(reason: str, remedy: str) -> PluginProblem:
    return PluginProblem(reason, stage="run", remedy=remedy)


# --- Fields of a plugin's values that have another type than declared: Python would only trip on them much later ----


_WORDS = {str: "un texte", int: "un nombre entier", bool: "True ou False"}
AXES_REMEDY = "Les axes sont 1 (Équiper), 2 (Connecter) et 3 (Accompagner)."


def check_types(what: str, one: object, types: Mapping[str, type]) -> None:
    """Raise PluginProblem unless each field of ``one`` is of its type; a bool is no number."""
    for name, wanted in types.items():
        value = getattr(one, name)
        if type(value) is not wanted and (wanted is not str or not isinstance(value, str)):
            raise problem(f"{what} : « {name} » vaut {value!r}.", f"Donnez-lui {_WORDS[wanted]}.")


def check_filled(what: str, one: object, *names: str) -> None:
    """Raise PluginProblem unless each of these fields is a text that says something."""
    for name in names:
        value = getattr(one, name)
        if not isinstance(value, str) or not value.strip():
            raise problem(f"{what} : « {name} » vaut {value!r}.", "Donnez-lui un texte, qui sera montré.")


def check_axes(what: str, axes: object) -> None:
    """Raise PluginProblem unless ``axes`` is a tuple of the programme's axes."""
    if not isinstance(axes, tuple):
        raise problem(f"{what} : axes vaut {axes!r}, et non un tuple.", f"{AXES_REMEDY} Écrivez axes=(1,).")
    if unknown := [axis for axis in axes if axis not in AXES]:
        raise problem(f"{what} : axes inconnus {unknown}.", AXES_REMEDY)


def check_choice(what: str, value: object, choices: Iterable[str]) -> None:
    """Raise PluginProblem unless ``value`` is among ``choices``."""
    if value not in (known := tuple(choices)):
        raise problem(f"{what} vaut « {value} ».", f"Choisissez parmi : {', '.join(known)}.")


def problem(reason: str, remedy: str) -> PluginProblem:
    """A value that a plugin brought and that cannot be taken."""
    return PluginProblem(reason, stage="contribute", remedy=remedy)


# --- Hooks whose name or arguments are wrong, found before pluggy is told of the plugin ------------


_MARK = f"{PROJECT}_impl"
_RESEMBLES = 0.85
_RESEMBLES_A_LITTLE = 0.7
"""Below, two words share a beginning and nothing more: « registre_jeux » is not « register_experiments »."""


def hooks_of(plugin: object) -> tuple[str, ...]:
    """The hooks that ``plugin`` answers, in the order of the contract."""
    marked = {name for name, _ in _marked(plugin)}
    return tuple(name for name in HOOKS if name in marked)


def check_names(plugin: object) -> None:
    """Raise PluginProblem (stage ``register``) for a misspelt, undecorated or wrongly declared hook."""
    for name, function in _marked(plugin):
        if name not in HOOKS:
            raise _misspelt(name)
        _check_arguments(name, function)
    _check_undecorated(plugin)


def _functions(plugin: object) -> Iterator[tuple[str, Callable[..., object]]]:
    for name in dir(plugin):
        value = inspect.getattr_static(plugin, name, None)
        if isinstance(value, staticmethod | classmethod):
            value = value.__func__
        if inspect.isfunction(value):
            yield name, value


def _marked(plugin: object) -> Iterator[tuple[str, Callable[..., object]]]:
    for name, function in _functions(plugin):
        options = getattr(function, _MARK, None)
        if isinstance(options, dict):
            yield options.get("specname") or name, function


def _misspelt(name: str) -> PluginProblem:
    near = nearest(name, HOOKS, _RESEMBLES_A_LITTLE)
    advice = f"Renommez-la « {near} »." if near else f"Les fonctions du contrat sont {french.listing(HOOKS)}."
    return _names_problem(f"@hookimpl marque « {name} », qui n’existe pas dans le contrat.", advice)


def _check_arguments(name: str, function: Callable[..., object]) -> None:
    asked = [
        parameter.name
        for parameter in inspect.signature(function).parameters.values()
        if parameter.default is parameter.empty and parameter.name not in ("self", "cls")
    ]
    offered = list(inspect.signature(getattr(hookspecs, name)).parameters)
    wrong = [argument for argument in asked if argument not in offered]
    if wrong:
        raise _names_problem(f"{name} demande « {wrong[0]} », que le contrat ne donne pas.", _arguments(name, offered))


def _arguments(name: str, offered: list[str]) -> str:
    if not offered:
        return f"Écrivez {name}() sans argument."
    return f"Écrivez {name}({', '.join(offered)}) ; l’argument peut aussi être omis."


def _check_undecorated(plugin: object) -> None:
    answered = hooks_of(plugin)
    for name, function in _functions(plugin):
        if hasattr(function, _MARK) or name.startswith("_") or not _is_own(plugin, function):
            continue
        near = nearest(name, HOOKS, _RESEMBLES)
        if near and near not in answered:
            again = "" if near == name else f" et renommez-la « {near} »"
            raise _names_problem(
                f"La fonction « {name} » ressemble à « {near} » mais ne porte pas @hookimpl : elle n’est pas appelée.",
                f"Ajoutez @hookimpl au-dessus d’elle{again}.",
            )


def _is_own(plugin: object, function: Callable[..., object]) -> bool:
    """Whether the function was written in the plugin, not imported from a library."""
    home = getattr(plugin, "__name__", type(plugin).__module__)
    return (function.__module__ or "").split(".")[0] == home.split(".")[0]


def _names_problem(reason: str, remedy: str) -> PluginProblem:
    return PluginProblem(reason, stage="register", remedy=remedy)


# --- What an experiment of a plugin must be before it becomes a column -----------------------------


_OUT = "hors programme voté"
CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def check_experiments(
    found: tuple[Any, ...], taken: Mapping[str, str], present: Iterable[Experiment]
) -> tuple[Experiment, ...]:
    """``found``, when every one of them may stand beside those ``present``.

    ``taken`` gives the plugin that bears each code already in use. Raises PluginProblem.
    """
    standing = tuple(present)
    if not found:
        raise problem(
            "Le plugin n’apporte aucune expérimentation.",
            "Écrivez register_experiments, avec @hookimpl, et rendez au moins une expérimentation.",
        )
    for one in found:
        _experiments_check_one(one)
    _experiments_check_codes([one.code for one in found], taken)
    _check_association({one.association for one in found}, [one.association for one in standing])
    for rank, one in enumerate(found):
        _check_alone(one, (*standing, *found[:rank]))
    return tuple(map(_out_of_the_vote, found))


def _out_of_the_vote(one: Experiment) -> Experiment:
    """Where its territory is written, an experiment that nobody voted says so: its figures are not the programme's."""
    if is_voted(one.code):
        return one
    return replace(one, territory=f"{one.territory}, {_OUT}" if one.territory else _OUT.capitalize())


def _experiments_check_one(one: object) -> None:
    if not isinstance(one, Experiment):
        raise problem(
            f"register_experiments rend {type(one).__name__} au lieu d’une expérimentation.",
            'Rendez une liste d’Experiment, par exemple [voted_experiment("ct3-pays-salonais")].',
        )
    if not CODE.fullmatch(one.code):
        raise problem(
            f"Le code d’expérimentation « {one.code} » ne s’écrit pas ainsi.",
            "Employez des minuscules sans accent, des chiffres et des tirets : mon-experimentation.",
        )
    named = f"L’expérimentation « {one.code} »"
    check_filled(named, one, "title", "short_title")
    check_types(named, one, {"rank": int, "territory": str})
    if not one.places:
        raise problem(f"L’expérimentation « {one.code} » n’a aucun lieu.", "Donnez au moins un Place.")
    _check_places(one)


def _check_places(one: Experiment) -> None:
    codes = [place.code for place in one.places]
    twice = next((code for code in codes if codes.count(code) > 1), None)
    if twice:
        raise problem(f"« {one.code} » nomme deux fois le lieu « {twice} ».", "Réunissez les deux en un seul.")
    for place in one.places:
        unknown = [axis for axis in place.axes if axis not in AXES]
        if unknown or not place.axes:
            raise problem(
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
                    raise problem(
                        f"« {one.code} » et « {other.code} », de la même association, essaient le même axe "
                        f"au même lieu « {mine.code} » : une ligne n’appartiendrait ni à l’une ni à l’autre.",
                        "Donnez-leur des lieux ou des axes différents.",
                    )


def _experiments_check_codes(codes: list[str], taken: Mapping[str, str]) -> None:
    for code in codes:
        if codes.count(code) > 1:
            raise problem(f"L’expérimentation « {code} » est rendue deux fois.", "Rendez-la une seule fois.")
        if code in taken:
            raise problem(
                f"L’expérimentation « {code} » est déjà apportée par le plugin « {taken[code]} ».",
                "Donnez-lui un autre code, ou désinstallez l’un des deux plugins.",
            )


def _check_association(mine: set[Association], known: Iterable[Association]) -> None:
    if len(mine) > 1:
        raise problem(
            f"Le plugin mêle deux associations : {french.listing(sorted(one.code for one in mine))}.",
            "Écrivez un plugin par association.",
        )
    (association,) = mine
    if not CODE.fullmatch(association.code):
        raise problem(
            f"Le code d’association « {association.code} » ne s’écrit pas ainsi.",
            "Employez des minuscules sans accent, des chiffres et des tirets.",
        )
    if association.code == METROPOLE:
        raise problem(
            "Le plugin se donne pour association « metropole ».",
            "Ce que tient la Métropole (objectifs, versements, clés) ne vient pas d’un plugin ; nommez l’association.",
        )
    for other in (*ASSOCIATIONS.values(), *known):
        if other.code == association.code and other.name != association.name:
            raise problem(
                f"L’association « {association.code} » s’appelle « {other.name} », et non « {association.name} ».",
                "Reprenez le même nom, ou choisissez un autre code.",
            )


# --- A derived dataset of a plugin is built once when it is declared, so that it does not break in a comparison ----


KEPT = ("_key", "_association", "_experiment", "_place")
SelectedFrom = Callable[[str], sa.FromClause]
"""An empty FROM clause with the columns of a source, by its code."""


def table_of(dataset: Dataset) -> sa.FromClause:
    """The columns of a dataset, and the hidden ones, with nothing behind them."""
    declared = [sa.column(column.name, column.kind.sql_type()) for column in dataset.columns]
    return sa.table(dataset.code, *declared, *(sa.column(name, sa.Text) for name in KEPT))


def table_of_core(code: str, columns: frozenset[str]) -> sa.FromClause:
    """The columns of a table of the core."""
    return sa.table(code, *(sa.column(name) for name in (*sorted(columns), *KEPT)))


def columns_of_derived(who: str, source: Derived, table: SelectedFrom) -> frozenset[str]:
    """The columns that ``source`` gives to the measures of ``who``.

    Raises PluginProblem when it is no SELECT, or loses one of the hidden columns.
    """
    made: Any = source.build({code: table(code) for code in source.datasets})
    if not isinstance(made, sa.SelectBase):
        raise problem(
            f"« {who} » lit « {source.code} », dont la fonction rend {type(made).__name__} et non un SELECT.",
            "Rendez sa.select(…) sur les tables reçues.",
        )
    names = frozenset(made.selected_columns.keys())
    if lost := [name for name in KEPT if name not in names]:
        raise problem(
            f"« {who} » lit « {source.code} », qui perd la colonne « {lost[0]} » : ses lignes n’iraient nulle part.",
            f"Gardez {', '.join(KEPT)} parmi les colonnes du SELECT.",
        )
    return names


# --- A figure that plugins bring is its association’s own: the programme has no total of it --------


def mark_as_own(state: RegistryTables) -> None:
    """Write, on each indicator that the shared catalogue does not hold, that it has no programme total."""
    titles = _titles(state)
    own = {
        code: replace(one, programme=Programme.NONE, titles=titles)
        for code, one in state.catalogue.items()
        if code not in CATALOGUE
    }
    state.catalogue.update(own)
    for experiment, found in state.indicators.items():
        state.indicators[experiment] = tuple(own.get(one.code, one) for one in found)


def _titles(state: RegistryTables) -> dict[str, str]:
    """The titles of the datasets of associations and of their columns, by code and by name."""
    every = [one for held in state.datasets.values() for one in held.values()]
    return {column.name: column.title for one in every for column in one.columns} | {
        one.code: one.title for one in every
    }
