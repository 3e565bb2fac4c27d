"""A plugin tried on an empty store: its example, the files made for it, its wrong cells, its figures."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING
from uuid import uuid4
from xml.sax.saxutils import escape

import sqlalchemy as sa
import xlsxwriter

from core.catalogue.choices import Ligne
from core.checking.outcome import Outcome
from core.contract import schema_setup
from core.contract.scope import Scope
from core.depositing import submit
from core.domain import french
from core.domain.access import Actor, Role
from core.domain.dataset import Column, Dataset, RowDict
from core.domain.programme import METROPOLE
from core.errors import FabriqueError, FileRefused, RowsRefused
from core.exports.description import DatasetDescription
from core.exports.template import workbook
from core.exports.template_cells import Styles, TypedCell
from core.figures import Monitor
from core.reading import sentence
from core.settings import sqlite_url
from core.storage import Store
from core.testing.findings import PluginFinding
from core.testing.rows import RowMaker, example_row, typed_row, wrong_cells
from core.testing.subject import Subject

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

AT = datetime(2022, 7, 5, 9, tzinfo=UTC)
TODAY = date(2022, 7, 5)
_SOME = 12
_TOLD = 3
"""Problems shown for one table: the others are of the same kind."""


@contextmanager
def scratch_store(postgres: str | None = None) -> Iterator[Store]:
    """An empty store that is gone afterwards: an SQLite file, or a schema of its own on a PostgreSQL server."""
    if postgres is None:
        with TemporaryDirectory() as folder, Store.open(sqlite_url(Path(folder) / "essai.sqlite3")) as store:
            yield store
        return
    name = f"fabrique_essai_{uuid4().hex[:12]}"
    url = sa.make_url(postgres)
    bound = sa.create_engine(url.set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    try:
        with bound.connect() as connection:
            connection.execute(sa.schema.CreateSchema(name))
        aside = url.update_query_dict({"options": f"-csearch_path={name}"})
        try:
            with Store.open(aside.render_as_string(hide_password=False)) as store:
                yield store
        finally:
            with bound.connect() as connection:
                connection.execute(sa.schema.DropSchema(name, cascade=True))
    finally:
        bound.dispose()


@dataclass
class Trial:
    """A plugin and the store on which it is tried; ``rows`` are the good ones found so far, by dataset."""

    subject: Subject
    store: Store
    rows: dict[str, list[RowDict]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        schema_setup.prepare(self.subject.registry, self.store, at=AT)

    @property
    def monitor(self) -> Monitor:
        """The figures of this store on the day of the trial."""
        return Monitor(self.subject.registry, self.store, today=TODAY)

    def about(self, dataset: Dataset) -> DatasetDescription:
        """The dataset as the association hands it in."""
        return DatasetDescription.of(self.subject.registry, self.subject.association, dataset.code)

    def keep(self, dataset: Dataset, rows: Sequence[RowDict], *, dry_run: bool = False) -> Outcome:
        """Store rows as somebody types them."""
        who, registry = self.subject.association, self.subject.registry
        return submit.save_rows(Scope(registry, self.store, _actor(who), AT), who, dataset.code, rows, dry_run=dry_run)

    def hand_in(self, dataset: Dataset, content: bytes, name: str, *, dry_run: bool = False) -> Outcome:
        """Hand in a file."""
        who, registry = self.subject.association, self.subject.registry
        return submit.submit(
            Scope(registry, self.store, _actor(who), AT), content, name, who, dataset.code, dry_run=dry_run
        )


def _actor(association: str) -> Actor:
    return Actor("vérification", Role.LEAD, on_behalf_of=association)


# --- The example of each template --------------------------------------------------------------------


def try_examples(trial: Trial) -> Iterator[PluginFinding]:
    """Store the example of each template, and tell why one is refused."""
    for dataset in trial.subject.datasets:
        if _without_line(trial, dataset):
            continue
        row = example_row(trial.about(dataset))
        blank = next((one for one in dataset.columns if one.required and row[one.name] is None), None)
        if blank is not None:
            yield PluginFinding(
                "example",
                f"« {dataset.title} », « {blank.title} »",
                f"l’exemple du modèle n’est pas accepté ({blank.kind.expected}).",
                'Donnez-en un à la colonne : example="…".',
            )
            continue
        try:
            _granted(trial, dataset, row)
            trial.keep(dataset, [row])
        except RowsRefused as error:
            yield from _refused("example", dataset, error)
        else:
            trial.rows[dataset.code] = [row]


def _without_line(trial: Trial, dataset: Dataset) -> bool:
    """Whether each row names a subsidy line and the association has none: the vote gives them, no plugin can."""
    about = trial.about(dataset)
    return any(isinstance(one.kind, Ligne) and one.required and not about.allowed(one) for one in dataset.columns)


def _granted(trial: Trial, dataset: Dataset, row: RowDict) -> None:
    """The leave that the Métropole gives to hand in rows of an axis that the association does not try there."""
    place = row.get(dataset.place or "")
    tried = any(one.tries(dataset.axis, place) for one in trial.subject.experiments)
    if dataset.axis is None or tried or not place or dataset.programme_wide:
        return
    given = {"association": trial.subject.association, "dataset": dataset.code, "lieu": place}
    submit.save_rows(
        Scope(trial.subject.registry, trial.store, _actor(METROPOLE), AT), METROPOLE, "autorisations", [given]
    )


def _refused(rule: str, dataset: Dataset, error: RowsRefused) -> Iterator[PluginFinding]:
    for problem in error.problems[:_TOLD]:
        column = dataset.by_name.get(problem.column or "")
        yield PluginFinding(
            rule,
            f"« {dataset.title} »{f', « {column.title} »' if column else ''}",
            sentence(problem),
            'Donnez à la colonne un exemple qui suive ses règles : example="…".',
        )


# --- Good rows through every kind of file, and wrong cells refused ------------------------------------


def try_files(trial: Trial) -> Iterator[PluginFinding]:
    """Fill the store with generated rows; a table with columns of the plugin's own goes through every kind of file.

    The first file adds the rows, the others, which say the same, change nothing.
    """
    for dataset in trial.subject.datasets:
        rows = good_rows(trial, dataset, _SOME)
        if not rows:
            continue  # its example was refused, and that is told
        if trial.subject.own_columns(dataset):
            for rank, (kind, (content, name)) in enumerate(written(trial.about(dataset), rows).items()):
                yield from _taken_back(trial, dataset, kind, content, name, 0 if rank else len(rows))
        else:
            trial.keep(dataset, rows)
        trial.rows[dataset.code].extend(rows)


def good_rows(trial: Trial, dataset: Dataset, count: int) -> list[RowDict]:
    """Generated rows that the dataset accepts."""
    if dataset.code not in trial.rows:
        return []
    maker = RowMaker(trial.about(dataset), trial.rows)
    held = {tuple(row[name] for name in dataset.key) for row in trial.rows[dataset.code]}
    rows = [row for row in maker.rows(4 * count + len(held)) if tuple(row[name] for name in dataset.key) not in held]
    if not rows:
        return []
    wrong = {one.line for one in trial.keep(dataset, rows, dry_run=True).errors}
    return [row for line, row in enumerate(rows, start=1) if line not in wrong][:count]


def _taken_back(
    trial: Trial, dataset: Dataset, kind: str, content: bytes, name: str, new: int
) -> Iterator[PluginFinding]:
    where = f"« {dataset.title} », {kind}"
    remedy = "Vérifiez le genre de la colonne, et que son titre ne ressemble pas à celui d’une autre."
    try:
        outcome = trial.hand_in(dataset, content, name)
    except FileRefused as error:
        yield PluginFinding("files", where, str(error), remedy)
        return
    if outcome.refused:
        yield PluginFinding("files", where, sentence(outcome.errors[0]), remedy)
    elif (outcome.added, outcome.changed) != (new, 0):
        changed = f"{outcome.added} lignes ajoutées et {outcome.changed} modifiées au lieu de {new} et 0."
        yield PluginFinding("files", where, f"les lignes relues ne sont pas celles écrites : {changed}", remedy)


def try_refusals(trial: Trial) -> Iterator[PluginFinding]:
    """Hand in, for each column of the plugin's own, cells that it must refuse, and tell which went in."""
    for dataset in trial.subject.datasets:
        own = {column.name for column in trial.subject.own_columns(dataset)}
        wanted = [(column, text) for column, text in wrong_cells(dataset) if column.name in own]
        rows = good_rows(trial, dataset, len(wanted)) if wanted else []
        tried = list(zip(wanted, rows, strict=False))
        refused = _lines_refused(trial, dataset, [_spoilt(dataset, row, *cell) for cell, row in tried])
        for line, ((column, text), _) in enumerate(tried, start=2):
            if line not in refused:
                shown = f"« {text} »" if text else "une cellule vide"
                yield PluginFinding(
                    "refusals",
                    f"« {dataset.title} », « {column.title} »",
                    f"{shown} est accepté.",
                    "Donnez à la colonne ses bornes, sa liste ou sa forme (at_least, at_most, liste, pattern).",
                )


def _spoilt(dataset: Dataset, row: RowDict, column: Column, text: str) -> list[str]:
    line = typed_row(dataset, row)
    line[list(dataset.by_name).index(column.name)] = text
    return line


def _lines_refused(trial: Trial, dataset: Dataset, lines: list[list[str]]) -> set[int | None]:
    """Which lines of a file are refused, counted as the spreadsheet shows them."""
    if not lines:
        return set()
    try:
        outcome = trial.hand_in(dataset, semicolons(dataset, lines), "faux.csv", dry_run=True)
    except FileRefused:
        return set(range(2, len(lines) + 2))
    return {one.line for one in outcome.errors}


# --- The figures of these rows ---------------------------------------------------------------------


def try_figures(trial: Trial) -> Iterator[PluginFinding]:
    """Compute every figure of the plugin, whole, by place and by month, and tell those that fail."""
    for experiment, code, by in _asked(trial):
        try:
            found = trial.monitor.observe([code], [experiment], by=by)
        except FabriqueError as error:
            yield _failed(code, experiment, str(error))
            return
        for one in found:
            if one.missing_because is not None and one.missing_because.value == "error":
                yield _failed(code, experiment, one.reason)


def _asked(trial: Trial) -> Iterator[tuple[str, str, str | None]]:
    for experiment in trial.subject.experiments:
        for indicator in trial.subject.registry.indicators(experiment.code):
            yield from ((experiment.code, indicator.code, by) for by in (None, "place", "month"))


def _failed(code: str, experiment: str, reason: str) -> PluginFinding:
    return PluginFinding(
        "figures",
        f"« {code} » à « {experiment} »",
        f"le calcul échoue. {reason}",
        "Relisez son expression : elle est exécutée par SQLite et par PostgreSQL.",
    )


FigureValues = dict[tuple[str, str | None], float | None]
"""Values by indicator and experiment; None is the programme."""


def figures_of(trial: Trial) -> FigureValues:
    """Every figure of its experiments, and each of the programme, by code and experiment."""
    wanted = [*(one.code for one in trial.subject.experiments), None]
    return {(one.indicator, one.experiment): one.value for one in trial.monitor.observe(None, wanted)}


def differing(here: FigureValues, there: FigureValues) -> Iterable[PluginFinding]:
    """The figures that two databases do not give alike."""
    for (code, experiment), value in here.items():
        other = there.get((code, experiment))
        if value != other and not (value is not None and other is not None and abs(value - other) < 1e-9):
            yield PluginFinding(
                "figures",
                f"« {code} » {f'à « {experiment} »' if experiment else 'du programme'}",
                f"SQLite donne {_number(value)}, PostgreSQL {_number(other)}.",
                "N’employez que des expressions qui disent la même chose sur les deux bases.",
            )


def _number(value: float | None) -> str:
    return "rien" if value is None else french.number(value, 3)


# --- Generated rows as the files that people hand in: the filled template, CSV, XLSX and ODS ------


_MADE = datetime(2022, 7, 1)
_ODS_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
_ODS_NAMES = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
)
_ODS_MANIFEST = (
    '<?xml version="1.0" encoding="UTF-8"?><manifest:manifest '
    'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.2">'
    f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{_ODS_TYPE}"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
)


def written(about: DatasetDescription, rows: Sequence[RowDict]) -> dict[str, tuple[bytes, str]]:
    """The same rows in each kind of file, by its name in words: (content, file name)."""
    lines = [typed_row(about.dataset, row) for row in rows]
    code = about.dataset.code
    return {
        "le modèle rempli": (_template(about, lines), f"{code}-modele.xlsx"),
        "un CSV": (semicolons(about.dataset, lines), f"{code}.csv"),
        "un XLSX": (_xlsx(about.dataset, lines), f"{code}.xlsx"),
        "un ODS": (_ods(about.dataset, lines), f"{code}.ods"),
    }


def semicolons(dataset: Dataset, lines: Sequence[Sequence[str]]) -> bytes:
    """A CSV with the titles of a dataset, as French spreadsheets write it."""
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=";", lineterminator="\r\n")
    writer.writerow([column.title for column in dataset.columns])
    writer.writerows(lines)
    return stream.getvalue().encode("utf-8-sig")


def _template(about: DatasetDescription, lines: Sequence[Sequence[str]]) -> bytes:
    def below(sheet: Worksheet, styles: Styles) -> None:
        _fill(sheet, about.dataset, lines, styles)

    return workbook(about, created=_MADE, below=below)


def _xlsx(dataset: Dataset, lines: Sequence[Sequence[str]]) -> bytes:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Données")
        for place, column in enumerate(dataset.columns):
            sheet.write_string(0, place, column.title)
        _fill(sheet, dataset, lines, Styles(book))
    return stream.getvalue()


def _fill(sheet: Worksheet, dataset: Dataset, lines: Sequence[Sequence[str]], styles: Styles) -> None:
    for at, line in enumerate(lines, start=1):
        for place, (column, text) in enumerate(zip(dataset.columns, line, strict=True)):
            TypedCell(column, text).write(sheet, at, place, styles)


def _ods(dataset: Dataset, lines: Sequence[Sequence[str]]) -> bytes:
    table = [[column.title for column in dataset.columns], *lines]
    body = "".join(f"<table:table-row>{''.join(map(_ods_cell, line))}</table:table-row>" for line in table)
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {_ODS_NAMES} office:version="1.2">'
        f'<office:body><office:spreadsheet><table:table table:name="Données">{body}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("mimetype", _ODS_TYPE, zipfile.ZIP_STORED)
        packed.writestr("META-INF/manifest.xml", _ODS_MANIFEST)
        packed.writestr("content.xml", content)
    return stream.getvalue()


def _ods_cell(text: str) -> str:
    if not text:
        return "<table:table-cell/>"
    return f'<table:table-cell office:value-type="string"><text:p>{escape(text)}</text:p></table:table-cell>'
