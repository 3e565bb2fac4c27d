"""Judging typed rows with pandera: the checks of each column and the rules of the dataset."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

import pandera.polars as pa
import polars as pl

from core.axes.columns import Kind, Texte
from core.domain import french
from core.domain.dataset import Column, Dataset, Rule
from core.domain.problem import Problem, Severity
from core.errors import PluginProblem
from core.services.reading.allowed import not_allowed
from core.services.reading.cells import shortened
from core.services.reading.problems import Findings, Part

Problems = Findings[Problem]


def judge(rows: pl.DataFrame, dataset: Dataset) -> tuple[Problems, Problems]:
    """Errors and warnings of typed rows (every column of the schema, and ``_line``)."""
    parts = judged(rows, dataset, {})
    return (
        Findings(part for part, severity in parts if severity is Severity.ERROR),
        Findings(part for part, severity in parts if severity is Severity.WARNING),
    )


def judge_typed(rows: pl.DataFrame, dataset: Dataset) -> tuple[Problems, Problems]:
    """As ``judge``, for rows that were typed and not read of a file: each value must be one that its column reads."""
    strange = not_allowed(rows, dataset)
    parts = judged(rows, dataset, {name: part.lines for name, part in strange.items()})
    return (
        Findings([*strange.values(), *(part for part, severity in parts if severity is Severity.ERROR)]),
        Findings(part for part, severity in parts if severity is Severity.WARNING),
    )


def judged(
    rows: pl.DataFrame, dataset: Dataset, unread: Mapping[str, pl.Series]
) -> list[tuple[Part[Problem], Severity]]:
    """As ``judge``, by parts; nothing is said of the cells of ``unread`` nor of the rules that read them."""
    schema, rules = _schema(dataset)
    try:
        schema.validate(rows, lazy=True)
        failures = None
    except pa.errors.SchemaErrors as error:
        failures = error.failure_cases
    found = [] if failures is None else _from_failures(failures, rows, dataset, schema, rules, unread)
    doubles = _doubles(rows, dataset, unread)
    return [*found, *([(doubles, Severity.ERROR)] if doubles else [])]


def _schema(dataset: Dataset) -> tuple[pa.DataFrameSchema, dict[tuple[str, int], Rule]]:
    """The dataset's columns with, on the first column of each rule, its check; and which check is which rule."""
    own = dataset.schema.to_schema().columns
    checks = {name: list(column.checks) for name, column in own.items()}
    rules = {}
    for rule in dataset.rules:
        where = checks[rule.columns[0]]
        rules[rule.columns[0], len(where)] = rule
        where.append(pa.Check(_keeps(rule.broken), name=rule.code, error=rule.code, ignore_na=False))
    columns = {
        name: pa.Column(column.dtype, checks[name], nullable=column.nullable, required=True, coerce=False)
        for name, column in own.items()
    }
    return pa.DataFrameSchema(columns, strict=False, coerce=False), rules


def _keeps(broken: pl.Expr) -> Callable[[pa.PolarsData], pl.LazyFrame]:
    """A plain function: pandera copies its checks in depth, and an expression that calls Python cannot be copied."""

    def kept(data: pa.PolarsData) -> pl.LazyFrame:
        return data.lazyframe.select((~broken.fill_null(False)).alias("kept"))

    return kept


def _from_failures(
    failures: pl.DataFrame,
    rows: pl.DataFrame,
    dataset: Dataset,
    schema: pa.DataFrameSchema,
    rules: Mapping[tuple[str, int], Rule],
    unread: Mapping[str, pl.Series],
) -> list[tuple[Part[Problem], Severity]]:
    found = []
    for (column, check, number), cases in failures.group_by(["column", "check", "check_number"], maintain_order=True):
        if cases["index"].null_count():
            raise _broken_check(dataset, column, check, rules.get((column, number)))
        rule = rules.get((column, number)) if number is not None else None
        failed = rows[cases["index"].cast(pl.UInt32).sort()]
        failed = _without(failed, rule.columns if rule else (column,), unread)
        if failed.is_empty():
            continue
        rank = list(dataset.by_name).index(column)
        make = _rule_problem if rule else _column_problem(dataset.by_name[column], schema, number)
        part = Part(failed["_line"], rank, partial(make, failed, rule or column, dataset))
        found.append((part, rule.severity if rule else Severity.ERROR))
    return found


def _broken_check(dataset: Dataset, column: str, check: str, rule: Rule | None) -> PluginProblem:
    """A rule that a plugin wrote breaks on these rows: the file is not to blame."""
    return PluginProblem(
        french.typeset(
            f"La règle « {rule.code if rule else check} » de « {dataset.title} », sur « {column} », s’est arrêtée : "
            "le fichier n’est pas en cause. Rien n’est enregistré ; prévenez l’auteur du plugin."
        ),
        stage="run",
    )


def _without(failed: pl.DataFrame, columns: tuple[str, ...], unread: Mapping[str, pl.Series]) -> pl.DataFrame:
    for column in columns:
        if column in unread:
            failed = failed.filter(~pl.col("_line").is_in(unread[column].implode()))
    return failed


def _rule_problem(failed: pl.DataFrame, rule: Rule, dataset: Dataset, place: int) -> Problem:
    row = failed.row(place, named=True)
    return Problem(
        row["_line"], rule.columns[0], _shown(row, rule.columns, dataset),
        french.typeset(rule.expected), french.typeset(rule.remedy), rule.severity, rule.code,
    )  # fmt: skip


def _shown(row: Mapping[str, object], columns: tuple[str, ...], dataset: Dataset) -> str:
    """The values that break a rule; with their names when there are several, the first one even if blank."""
    texts = [(dataset.by_name[name].title, _show(dataset.by_name[name].kind, row[name])) for name in columns]
    if len(texts) == 1:
        return shortened(texts[0][1])
    texts = [texts[0], *(one for one in texts[1:] if one[1])]
    return french.typeset(" ; ".join(f"{title} : {text or '(vide)'}" for title, text in texts))


def _show(kind: Kind, value: object) -> str:
    return "" if value is None else kind.show(value)


def _column_problem(column: Column, schema: pa.DataFrameSchema, number: int | None) -> Callable[..., Problem]:
    kind = column.kind
    if number is None:
        expected, code = "une valeur, qui est obligatoire", "obligatoire"
        remedy = f"Écrivez {kind.expected}, par exemple {kind.example}."
        if isinstance(kind, Texte):
            remedy = "Écrivez-la, ou retirez la ligne."
    else:
        expected, remedy, code = _check_words(column, schema.columns[column.name].checks[number])
    expected, remedy = french.typeset(expected), french.typeset(remedy)

    def make(failed: pl.DataFrame, name: str, _dataset: Dataset, place: int) -> Problem:
        line, value = failed["_line"][place], failed[name][place]
        return Problem(line, name, shortened(_show(kind, value)), expected, remedy, Severity.ERROR, code)

    return make


def _check_words(column: Column, check: pa.Check) -> tuple[str, str, str]:
    """What a column's check asks, in French: expected, remedy, code."""
    statistics = check.statistics or {}
    match check.name:
        case "greater_than_or_equal_to":
            least = column.kind.show(statistics["min_value"])
            return f"Il faut {least} au moins.", "Corrigez le nombre.", "trop_petit"
        case "less_than_or_equal_to":
            most = column.kind.show(statistics["max_value"])
            return f"Il faut {most} au plus.", "Corrigez le nombre.", "trop_grand"
        case "str_length":
            most = french.number(statistics["max_value"])
            return f"Ce texte est trop long : {most} caractères au plus.", "Raccourcissez-le.", "trop_long"
        case "str_matches":
            return "Ce texte n’a pas la forme attendue.", column.description or "Corrigez-le.", "forme"
        case _:
            return str(check.error or check.name), "Corrigez la cellule.", str(check.name)


def _doubles(rows: pl.DataFrame, dataset: Dataset, unread: Mapping[str, pl.Series]) -> Part[Problem] | None:
    """Rows that bear the same key: each names the other line."""
    key = list(dataset.key)
    known = _without(rows.select("_line", *key), tuple(key), unread)
    if not key or known.select(pl.struct(key).n_unique()).item() == known.height:
        return None
    same = known.filter(pl.struct(key).is_duplicated()).filter(~pl.all_horizontal(pl.col(key).is_null()))
    if same.is_empty():
        return None
    first, second = pl.col("_line").first().over(key), pl.col("_line").slice(1, 1).first().over(key)
    told = same.with_columns(pl.when(pl.col("_line") == first).then(second).otherwise(first).alias("_other"))
    titles = french.listing(f"« {dataset.by_name[name].title} »" for name in key)
    once = french.typeset(
        f"Deux lignes du fichier portent {'le' if len(key) == 1 else 'les'} même{'s' * (len(key) > 1)} {titles}."
    )

    def make(place: int) -> Problem:
        row = told.row(place, named=True)
        remedy = f"L’autre est la ligne {row['_other']}. Gardez-en une seule, ou corrigez celle qui est mal recopiée."
        return Problem(row["_line"], key[0], _shown(row, dataset.key, dataset), once, remedy, Severity.ERROR, "doublon")

    rank = list(dataset.by_name).index(key[0])
    return Part(told["_line"], rank, make)
