"""What a declaration says before any row: columns, examples, figures, versions, the project around them."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import polars as pl
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.sql import operators, visitors
from sqlalchemy.sql.elements import BinaryExpression, ColumnClause

import core.storage.schema  # noqa: F401  (how each database writes days_between)
from core.catalogue.texts import Texte
from core.contract.hookspecs import HOOKS
from core.domain import french
from core.domain.dataset import Column, Dataset
from core.domain.indicator import Indicator, Measure, Median, Sum
from core.reading.personal import heading_kind
from core.testing.findings import PluginFinding
from core.testing.subject import Subject

_TESTS = ("test_*.py", "*_test.py")
_READMES = ("README.md", "LISEZ-MOI.md", "README.rst", "README.txt")


def declared(subject: Subject) -> Iterator[PluginFinding]:
    """Everything that the declarations alone tell."""
    for dataset in subject.datasets:
        for column in subject.own_columns(dataset):
            yield from _of_column(dataset, column)
        yield from _of_rules(dataset)
    for experiment in subject.experiments:
        if not subject.registry.indicators(experiment.code):
            yield PluginFinding(
                "install",
                f"« {experiment.code} »",
                "l’expérimentation n’a aucun indicateur : elle n’aurait rien à comparer.",
                "Rendez au moins indicators_for(experiment) dans register_indicators.",
            )
    for indicator in subject.own_indicators:
        yield from _of_indicator(subject, indicator)
    yield from _versions(subject)


def _of_column(dataset: Dataset, column: Column) -> Iterator[PluginFinding]:
    where = f"« {dataset.code}.{column.name} »"
    if column.title == column.name:
        yield PluginFinding(
            "titles", where, "la colonne n’a pas de titre à montrer.", 'Donnez-lui un titre : texte("…").'
        )
    if not column.description:
        yield PluginFinding("titles", where, "la colonne n’a pas d’aide.", 'Dites ce que l’on y écrit : help="…".')
    yield from (_badly_set(where, text) for text in (column.title, column.description) if not well_set(text))
    if not column.personal_exempt and (what := heading_kind(column.title) or heading_kind(column.name)):
        yield PluginFinding(
            "persons",
            where,
            f"la colonne demande {what}.",
            "Comptez les personnes, ne les nommez pas. Pour le contact public d’un lieu : personal_exempt=True.",
        )
    read = column.kind.read(pl.Series([column.kind.example], dtype=pl.String)).values
    pattern = getattr(column.kind, "pattern", None) if type(column.kind) is Texte else None
    fits = not column.example or not pattern or re.fullmatch(pattern, column.example)
    bounded = column.example in ("", column.kind.example)  # a number outside its bounds is replaced
    if read.null_count() or not fits or not bounded:
        yield PluginFinding(
            "example",
            where,
            f"la colonne ne comprend pas son propre exemple « {column.example or column.kind.example} ».",
            "Corrigez example.",
        )


def _of_rules(dataset: Dataset) -> Iterator[PluginFinding]:
    empty = pl.DataFrame(schema={column.name: column.kind.dtype for column in dataset.columns})
    for rule in dataset.rules:
        try:
            empty.select(rule.broken)
        except pl.exceptions.PolarsError as error:
            yield PluginFinding(
                "install",
                f"la règle « {rule.code} » de « {dataset.code} »",
                f"elle ne s’applique pas à ses colonnes : {error}",
                "Écrivez broken avec pl.col(…) sur ces colonnes.",
            )


# --- Figures ---------------------------------------------------------------------------------------


def _of_indicator(subject: Subject, indicator: Indicator) -> Iterator[PluginFinding]:
    where = f"« {indicator.code} »"
    if not indicator.definition.strip():
        yield PluginFinding(
            "titles", where, "l’indicateur n’a pas de définition.", "Écrivez definition : une phrase pour tous."
        )
    if not indicator.source.strip():
        yield PluginFinding(
            "titles", where, "l’indicateur ne dit pas d’où il vient.", "Écrivez source : « Relevés de… »."
        )
    if indicator.shortlist == "socle":
        yield PluginFinding(
            "titles",
            where,
            "l’indicateur se dit « socle », suivi partout, alors que vous seuls le donnez.",
            'Écrivez shortlist="optionnel".',
        )
    told = (indicator.label, indicator.definition, indicator.note, indicator.unit)
    yield from (_badly_set(where, text) for text in told if not well_set(text))
    yield from _unit(where, indicator.unit)
    for measure in measures(indicator):
        yield from _compiles(where, measure)
    yield from _blanks(subject, where, indicator)


def measures(indicator: Indicator) -> tuple[Measure, ...]:
    """The sides of a figure that read rows."""
    return tuple(one for one in (indicator.numerator, indicator.denominator) if isinstance(one, Measure))


def _unit(where: str, unit: str) -> Iterator[PluginFinding]:
    plain = unit and not unit.startswith("€") and not unit.startswith("%")
    if plain and french.unit_of(1, unit) == unit:
        yield PluginFinding(
            "french",
            where,
            f"« 1 {unit} » : l’unité n’a pas de singulier connu.",
            "Écrivez-la au pluriel : « ordinateurs », « lieux », « jours ».",
        )


def _compiles(where: str, measure: Measure) -> Iterator[PluginFinding]:
    for expression in (measure.where, getattr(measure, "expression", None)):
        for dialect in (sqlite.dialect(), postgresql.dialect()) if expression is not None else ():
            try:
                expression.compile(dialect=dialect)  # type: ignore[union-attr]  # None was left out above
            except SQLAlchemyError as error:
                yield PluginFinding(
                    "figures", where, f"l’expression ne s’écrit pas pour {dialect.name} : {error}", "Relisez-la."
                )


def _blanks(subject: Subject, where: str, indicator: Indicator) -> Iterator[PluginFinding]:
    """An optional column that one side of a rate reads and the other does not; a sum of which nobody said anything.

    What the numerator asks to be filled is asked on purpose: « not given back yet » is not « not known ».
    """
    top, bottom = indicator.numerator, indicator.denominator
    if not isinstance(top, Measure) or not isinstance(top.source, str):
        return
    dataset = next((one for one in subject.datasets if one.code == top.source), None)
    if dataset is None:
        return
    read = {name for name in names_in(top) if name in dataset.by_name and dataset.by_name[name].nullable}
    asked = _asked_filled(top.where)
    same = isinstance(bottom, Measure) and bottom.source == top.source
    for name in sorted(read - asked - (names_in(bottom) if isinstance(bottom, Measure) and same else read)):
        yield PluginFinding(
            "blanks",
            where,
            f"une ligne où « {dataset.by_name[name].title} » est vide compte au dénominateur, jamais au numérateur.",
            f'Écrivez col("{name}").is_not(None) au dénominateur ; ou au numérateur, si vide veut dire « pas encore ».',
        )
    summed = read & _names(top.expression) if isinstance(top, Sum | Median) else set()
    if summed and isinstance(top, Sum) and top.known_if is None:
        name = sorted(summed)[0]
        yield PluginFinding(
            "blanks",
            where,
            f"quand personne ne remplit « {dataset.by_name[name].title} », la somme dit 0 et non « non renseigné ».",
            f'Écrivez known_if=Count(source="{top.source}", where=col("{name}").is_not(None)), avec la même date.',
        )


def _asked_filled(where: object) -> set[str]:
    """The columns that a condition asks to be filled, by name."""
    if where is None:
        return set()
    parts = visitors.iterate(where)  # type: ignore[arg-type]  # an SQL expression, checked at registration
    tests = (one for one in parts if isinstance(one, BinaryExpression) and one.operator is operators.is_not)
    return {one.left.name for one in tests if isinstance(one.left, ColumnClause)}


def names_in(measure: Measure) -> set[str]:
    """The columns that a measure looks at."""
    return _names(measure.where) | _names(getattr(measure, "expression", None))


def _names(expression: object) -> set[str]:
    if expression is None:
        return set()
    found = visitors.iterate(expression)  # type: ignore[arg-type]  # an SQL expression, checked at registration
    return {part.name for part in found if isinstance(part, ColumnClause)}


# --- Versions, tests, words beside the code ----------------------------------------------------------


def _versions(subject: Subject) -> Iterator[PluginFinding]:
    said = subject.manifest.schemas
    for dataset in subject.datasets:
        where = f"« {dataset.code} »"
        if dataset.code not in said:
            yield PluginFinding(
                "versions",
                where,
                "le manifeste ne dit pas sa version : un changement passerait inaperçu.",
                f"Écrivez {dataset.code} = {dataset.version} sous [schemas] dans fabrique.toml.",
            )
        steps = {step.version for step in dataset.upgrades}
        if subject.own_columns(dataset) and (lost := set(range(2, dataset.version + 1)) - steps):
            yield PluginFinding(
                "versions",
                where,
                f"rien ne mène à la version {min(lost)}.",
                f'Ajoutez Upgrade({min(lost)}, "…", …) à upgrades.',
            )


def project(subject: Subject) -> Iterator[PluginFinding]:
    """The tests of the plugin, what introduces it, a sentence for each hook; nothing when its sources are unknown."""
    if subject.sources is None:
        return
    if not any(_speaks_of(path, subject) for pattern in _TESTS for path in subject.sources.rglob(pattern)):
        yield PluginFinding(
            "tests",
            f"le dossier « {subject.sources.name} »",
            f"aucun test ne parle de « {subject.plugin.name} ».",
            "Reprenez tests/test_plugin.py de « fabrique plugin new ».",
        )
    if not any((subject.sources / name).is_file() for name in _READMES):
        yield PluginFinding(
            "readme", f"le dossier « {subject.sources.name} »", "il n’a pas de README.md.", "Écrivez-en un."
        )
    module = import_module(subject.module)
    for hook in HOOKS:
        function = getattr(module, hook, None)
        if function is not None and not inspect.getdoc(function):
            yield PluginFinding(
                "readme", hook, "la fonction ne dit pas ce qu’elle rend.", "Écrivez-lui une phrase (docstring)."
            )


def _speaks_of(path: Path, subject: Subject) -> bool:
    return subject.plugin.name in path.read_text(encoding="utf-8", errors="replace")


# --- French as it is printed ---------------------------------------------------------------------------


_APOSTROPHE = re.compile(r"[a-zàâçéèêëîïôûù]'[a-zàâçéèêëîïôûùh]", re.IGNORECASE)


def well_set(text: str) -> bool:
    """Whether a text has its apostrophes; its spaces are the core's to write."""
    return not _APOSTROPHE.search(text)


def _badly_set(where: str, text: str) -> PluginFinding:
    return PluginFinding(
        "french", where, f"« {text} » a une apostrophe droite.", "Écrivez ’ (apostrophe typographique)."
    )
