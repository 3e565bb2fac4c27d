"""From texts to typed cells: what was understood, repaired, refused, and which rows hold."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

import polars as pl

from core.catalogue.fitting import check_words, strange
from core.catalogue.keys import alike
from core.catalogue.texts import Texte
from core.domain import french
from core.domain.column_type import Cells, ColumnType, Complaint
from core.domain.dataset import Column, Dataset, Problem, Repair, Rule, Severity
from core.domain.schemas import pa
from core.errors import PluginProblem
from core.reading.problems import Findings, ProblemBatch
from core.reading.units import Conversion, counts_time, in_own_unit

_SHOWN = 80


@dataclass
class Typed:
    """Rows typed: ``frame`` has ``_line`` and every column of the schema.

    ``unread`` gives, by column, the lines whose cell could not be read, ``misread`` those cells.
    """

    frame: pl.DataFrame
    problems: list[ProblemBatch[Problem]] = field(default_factory=list)
    repairs: list[ProblemBatch[Repair]] = field(default_factory=list)
    unread: dict[str, pl.Series] = field(default_factory=dict)
    misread: dict[str, pl.Series] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Manner:
    """How a file writes its cells: the unit of a heading, by column; whether its bare days are counted from 1904.

    ``distinct`` are the texts of the columns in which one cell sheds light on the others; ``habit`` a text of
    one of them that shows in which order its author writes a day.
    """

    units: Mapping[str, Conversion] = field(default_factory=dict)
    from_1904: bool = False
    distinct: Mapping[str, Sequence[str]] = field(default_factory=dict)
    habit: str | None = None


_USUAL = Manner()
_BARE_DAY = re.compile(r"\d{5}([.,]\d+)?")


def type_rows(texts: pl.DataFrame, dataset: Dataset, manner: Manner = _USUAL) -> Typed:
    """Type rows of trimmed texts: ``_line`` and, by schema name, the columns that the file has."""
    distinct = _texts_to_compare(texts, dataset)
    manner = replace(manner, distinct=distinct, habit=_habit(distinct, distinct, dataset))
    typed = _typed(texts, dataset, manner)
    if manner.habit is None and typed.misread:
        # A day that stands in another column than its own, in a row that was cut, shows its author's order too.
        elsewhere = {name: cells.unique().sort().to_list() for name, cells in typed.misread.items()}
        if (habit := _habit(distinct, elsewhere, dataset)) is not None:
            typed = _typed(texts, dataset, replace(manner, habit=habit))
    return typed


def _habit(compared: Mapping[str, Sequence[str]], texts: Mapping[str, Sequence[str]], dataset: Dataset) -> str | None:
    """Among ``texts``, one that shows how the author of the file writes what the columns ``compared`` hold."""
    kinds = {type(kind): kind for kind in (dataset.by_name[name].kind for name in compared)}
    found = (kind.habit(known) for known in texts.values() for kind in kinds.values())
    return next((habit for habit in found if habit), None)


def _typed(texts: pl.DataFrame, dataset: Dataset, manner: Manner) -> Typed:
    typed = Typed(texts.select("_line"))
    columns = {}
    for rank, column in enumerate(dataset.columns):
        if column.name in texts.columns:
            columns[column.name] = _type_column(typed, texts, column, rank, manner)
        else:
            columns[column.name] = pl.repeat(None, texts.height, dtype=column.kind.dtype(), eager=True)
    typed.frame = typed.frame.with_columns(**columns)
    return typed


def _texts_to_compare(texts: pl.DataFrame, dataset: Dataset) -> dict[str, list[str]]:
    """By column, its distinct texts, where the reading of one depends on the others."""
    return {
        column.name: texts[column.name].drop_nulls().unique().sort().to_list()
        for column in dataset.columns
        if column.name in texts.columns and type(column.kind).doubtful is not ColumnType.doubtful
    }


def _type_column(typed: Typed, texts: pl.DataFrame, column: Column, rank: int, manner: Manner) -> pl.Series:
    raw = texts[column.name]
    unit = manner.units.get(column.name)
    values, repaired = column.kind.read(unit.apply(raw) if unit else raw)
    if not unit:
        values, repaired = _with_own_units(raw, values, repaired, column)
    doubts = _doubts(column, manner)
    if doubts:
        asked = raw.is_in(list(doubts)).fill_null(False)
        values = pl.select(pl.when(~asked).then(values).alias(raw.name))[raw.name]
        repaired = repaired & ~asked
    failed = raw.is_not_null() & values.is_null()
    if failed.any():
        blank = _said_blank(raw, failed, column)
        _add_repairs(typed, texts, raw, blank, rank, lambda _place: "cellule vide")
        failed = failed & ~blank
        if unit:
            doubts = _in_another_unit(raw, failed, column, unit) | doubts
        _add_problems(typed, texts, raw, failed, column, rank, doubts)
    if unit:
        repaired = values.is_not_null()
    if repaired.any():
        repaired = repaired if unit else _unlike(raw, values, repaired, column)
        meant = values.filter(repaired)
        _add_repairs(typed, texts, raw, repaired, rank, lambda place: column.kind.show(meant[place]))
    return values


def _with_own_units(raw: pl.Series, values: pl.Series, repaired: pl.Series, column: Column) -> Cells:
    """The cells that could not be read as numbers and say their unit: « 2 jours »."""
    if not counts_time(column):
        return Cells(values, repaired)
    failed = raw.is_not_null() & values.is_null()
    meant = {text: number for text in raw.filter(failed).unique() if (number := in_own_unit(text, column))}
    if not meant:
        return Cells(values, repaired)
    numbers = raw.replace_strict(list(meant), list(meant.values()), default=None, return_dtype=pl.String)
    read = column.kind.read(numbers).values
    both = pl.select(pl.when(failed).then(read).otherwise(values).alias(raw.name))[raw.name]
    return Cells(both, repaired | (failed & read.is_not_null()))


def _doubts(column: Column, manner: Manner) -> dict[str, Complaint]:
    """The texts that could be read and are not: the other cells of the column, or the file, make them doubtful."""
    kind, distinct = column.kind, manner.distinct.get(column.name)
    if distinct is None:
        return {}
    doubts = dict(kind.doubtful(distinct, manner.habit))
    if manner.from_1904:
        why = Complaint(
            "jour_1904",
            "Ce classeur compte les jours depuis 1904 : ce nombre ne dit pas un jour certain.",
            f"Mettez la cellule au format « Date », ou écrivez la date, par exemple {kind.example}.",
        )
        doubts |= {text: why for text in distinct if _BARE_DAY.fullmatch(text)}
    return doubts


def _in_another_unit(raw: pl.Series, failed: pl.Series, column: Column, unit: Conversion) -> dict[str, Complaint]:
    """The cells under a heading in k€ that are no plain number: « 3 150 € » has a unit of its own."""
    why = Complaint(
        "unite",
        f"Le titre de cette colonne dit « {unit.given.label} » : il faut un nombre seul.",
        "Écrivez le nombre sans unité, ou donnez un titre sans unité.",
    )
    read = column.kind.read(raw).values
    return dict.fromkeys(raw.filter(failed & read.is_not_null()).unique(), why)


def _unlike(raw: pl.Series, values: pl.Series, repaired: pl.Series, column: Column) -> pl.Series:
    """Among repaired cells, those not written as they are shown (« septembre 2021 » is)."""
    pairs = pl.DataFrame({"raw": raw, "value": values}).filter(repaired).unique()
    alike = [raw for raw, value in pairs.iter_rows() if raw in (column.kind.show(value), column.kind.write(value))]
    return repaired & ~raw.is_in(alike).fill_null(False)


def _said_blank(raw: pl.Series, failed: pl.Series, column: Column) -> pl.Series:
    """Cells that say « nothing here »: « - », « NC »."""
    signs = [text for text in raw.filter(failed).unique() if column.kind.says_nothing(text)]
    return failed & raw.is_in(signs).fill_null(False)


def _add_problems(
    typed: Typed,
    texts: pl.DataFrame,
    raw: pl.Series,
    failed: pl.Series,
    column: Column,
    rank: int,
    doubts: Mapping[str, Complaint],
) -> None:
    if not failed.any():
        return
    lines, found = texts["_line"].filter(failed), raw.filter(failed)
    typed.unread[column.name], typed.misread[column.name] = lines, found
    known = dict(doubts)

    def make(place: int) -> Problem:
        text = found[place]
        why = known.get(text) or known.setdefault(text, column.kind.complaint(text))
        return Problem(
            lines[place],
            column.name,
            shortened(text),
            french.typeset(why.expected),
            french.typeset(why.remedy),
            Severity.ERROR,
            why.code,
        )

    typed.problems.append(ProblemBatch(lines, rank, make))


def _add_repairs(
    typed: Typed, texts: pl.DataFrame, raw: pl.Series, chosen: pl.Series, rank: int, meant: Callable[[int], str]
) -> None:
    if not chosen.any():
        return
    lines, found, name = texts["_line"].filter(chosen), raw.filter(chosen), raw.name
    typed.repairs.append(
        ProblemBatch(lines, rank, lambda place: Repair(lines[place], name, shortened(found[place]), meant(place)))
    )


def shortened(text: str) -> str:
    """A cell's text as a message shows it."""
    flat = re.sub(r"[ \t\r\n]+", " ", text).strip()
    return flat if len(flat) <= _SHOWN else f"{flat[:_SHOWN]}…"


# --- Typed values that their column would not have read in a file: not in its list, not a real SIRET, not a month ---


def not_allowed(rows: pl.DataFrame, dataset: Dataset) -> dict[str, ProblemBatch[Problem]]:
    """By column, the cells whose value is not one that reading gives; numbers and free texts have their bounds.

    Each distinct value is read once.
    """
    found = {}
    for rank, column in enumerate(dataset.columns):
        if odd := strange(rows[column.name], column):
            found[column.name] = _part(rows, column, rank, odd)
    return found


def _part(rows: pl.DataFrame, column: Column, rank: int, odd: list[object]) -> ProblemBatch[Problem]:
    cells = rows.filter(pl.col(column.name).is_in(odd)).select("_line", column.name)
    lines, found = cells["_line"], cells[column.name]

    def make(place: int) -> Problem:
        text = found[place] if found.dtype == pl.String else f"{found[place]:%d/%m/%Y}"
        why = column.kind.complaint(text)
        return Problem(
            lines[place],
            column.name,
            shortened(text),
            french.typeset(why.expected),
            french.typeset(why.remedy),
            Severity.ERROR,
            why.code,
        )

    return ProblemBatch(lines, rank, make)


# --- Judging typed rows with pandera: the checks of each column and the rules of the dataset -------


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


REQUIRED = "obligatoire"
"""What groups the cells that have to be filled."""


def judged(
    rows: pl.DataFrame, dataset: Dataset, unread: Mapping[str, pl.Series]
) -> list[tuple[ProblemBatch[Problem], Severity]]:
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
) -> list[tuple[ProblemBatch[Problem], Severity]]:
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
        part = ProblemBatch(failed["_line"], rank, partial(make, failed, rule or column, dataset))
        found.append((part, rule.severity if rule else Severity.ERROR))
    return found


def _broken_check(dataset: Dataset, column: str, check: str, rule: Rule | None) -> PluginProblem:
    """A rule that a plugin wrote breaks on these rows: the file is not to blame."""
    return PluginProblem(
        f"La règle « {rule.code if rule else check} » de « {dataset.title} », sur « {column} », s’est arrêtée : "
        "le fichier n’est pas en cause. Rien n’est enregistré ; prévenez l’auteur du plugin.",
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
        row["_line"],
        rule.columns[0],
        _shown(row, rule.columns, dataset),
        french.typeset(rule.expected),
        french.typeset(rule.remedy),
        rule.severity,
        rule.code,
    )


def _shown(row: Mapping[str, object], columns: tuple[str, ...], dataset: Dataset) -> str:
    """The values that break a rule; with their names when there are several, the first one even if blank."""
    texts = [(dataset.by_name[name].title, _show(dataset.by_name[name].kind, row[name])) for name in columns]
    if len(texts) == 1:
        return shortened(texts[0][1])
    texts = [texts[0], *(one for one in texts[1:] if one[1])]
    return french.typeset(" ; ".join(f"{title} : {text or '(vide)'}" for title, text in texts))


def _show(kind: ColumnType, value: object) -> str:
    return "" if value is None else kind.show(value)


def _column_problem(column: Column, schema: pa.DataFrameSchema, number: int | None) -> Callable[..., Problem]:
    kind = column.kind
    if number is None:
        expected, code = "Cette case est obligatoire.", REQUIRED
        remedy = f"Écrivez {kind.expected}, par exemple {kind.example}."
        if isinstance(kind, Texte):
            remedy = "Écrivez-la, ou retirez la ligne."
    else:
        expected, remedy, code = check_words(column, schema.columns[column.name].checks[number])
    expected, remedy = french.typeset(expected), french.typeset(remedy)

    def make(failed: pl.DataFrame, name: str, _dataset: Dataset, place: int) -> Problem:
        line, value = failed["_line"][place], failed[name][place]
        return Problem(line, name, shortened(_show(kind, value)), expected, remedy, Severity.ERROR, code)

    return make


def _doubles(rows: pl.DataFrame, dataset: Dataset, unread: Mapping[str, pl.Series]) -> ProblemBatch[Problem] | None:
    """Rows that bear the same key, however each was written: each names the other line."""
    key = list(dataset.key)
    known = _without(rows.select("_line", *key), tuple(key), unread)
    if not key:
        return None
    known = known.with_columns(alike(dataset).alias("_alike"))
    if known["_alike"].n_unique() == known.height:
        return None
    same = known.filter(pl.col("_alike").is_duplicated()).filter(~pl.all_horizontal(pl.col(key).is_null()))
    if same.is_empty():
        return None
    first, second = (pl.col("_line").slice(at, 1).first().over("_alike") for at in (0, 1))
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
    return ProblemBatch(told["_line"], rank, make)
