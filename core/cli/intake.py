"""``fabrique import``: a file or a whole workbook handed in from the command line, and what is said of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from core import depositing
from core.checking.outcome import Outcome, refused_whole, unjudged
from core.cli.edge import Workshop, workshop
from core.cli.terminal import SHOWN, AsJson, Refusal, answering, complain, document, say
from core.contract import Registry
from core.depositing import FileHandedIn, remembered, submit
from core.depositing.history import Turn, turns
from core.depositing.submit import SheetToStore
from core.domain import french
from core.domain.dataset import Dataset, Problem, Severity
from core.errors import FileRefused, UnknownName
from core.reading import SheetFound, grouped, refuse_nothing, repair_sentence, sentence
from core.reading.apart import readers

COUNTS = ("added", "changed", "unchanged", "removed", "rejected", "kept")
EMPTY: dict[str, Any] = {"revision": None, **dict.fromkeys(COUNTS, 0), "problems": []}
# Of how many repairs are the distinct writings looked for, and how many of these are told.
_LOOKED_AT, _WRITINGS = 1_000, 10


def content(file: Path) -> bytes:
    """The bytes of a file of this machine. Raises FileRefused, saying why it cannot be read."""
    try:
        return file.read_bytes()
    except FileNotFoundError:
        raise FileRefused(f"Le fichier « {file} » n’existe pas. Vérifiez son chemin.") from None
    except IsADirectoryError:
        raise FileRefused(f"« {file} » est un dossier. Donnez un fichier.") from None
    except OSError as error:
        raise FileRefused(f"« {file} » ne se lit pas : {error.strerror}. Vérifiez vos droits.") from error


def problem_as_dict(one: Problem) -> dict[str, object]:
    """A problem with its stable keys."""
    return {
        "line": one.line,
        "column": one.column,
        "found": one.found,
        "expected": one.expected,
        "remedy": one.remedy,
        "severity": one.severity.value,
        "code": one.code,
    }


def as_document(outcome: Outcome) -> dict[str, Any]:
    """An outcome under its stable keys."""
    counts = {name: getattr(outcome, name) for name in EMPTY if name != "problems"}
    repairs = [
        {"line": one.line, "column": one.column, "found": one.found, "understood": one.understood}
        for one in outcome.repairs
    ]
    missing = None if outcome.diff is None or outcome.diff.missing is None else outcome.diff.missing["_key"].to_list()
    aside = outcome.reading.left_aside if outcome.reading else ()
    return {
        **counts,
        "problems": [problem_as_dict(one) for one in outcome.problems],
        "repairs": repairs,
        "missing": missing,
        "left_aside": [{"line": one.line, "text": one.text, "reason": one.reason} for one in aside],
        "headings_to_confirm": list(outcome.reading.asked) if outcome.reading else [],
    }


def tell(registry: Registry, outcome: Outcome, dataset: Dataset | None, dry_run: bool) -> None:
    """An outcome in French; ``dataset`` is None when the file was refused before any table was known."""
    _tell_problems(outcome, dataset)
    _tell_how_to_confirm(outcome)
    if outcome.refused:
        would = "Rien ne serait enregistré" if dry_run else "Rien n’est enregistré"
        total = f" : {_to_mend(outcome)} sur {outcome.reading.total_rows}" if outcome.reading else ""
        complain(f"{would}{total}. Un fichier refusé n’est pas gardé.")
        return
    _tell_repairs(outcome, dataset)
    done = "Rien n’est encore enregistré" if dry_run else "Rien n’a changé"
    if outcome.revision is not None:
        done = f"Enregistré (dépôt n° {outcome.revision}, que « fabrique undo {outcome.revision} » annule)"
    say(f"{done}. Lignes : {_counts(outcome)}.{_followed_up(outcome)}")
    for one in _turns(registry, outcome, dataset):
        say(f"  {one.sentence}")
    if outcome.unnamed and dataset is not None:
        say(unjudged(outcome.unnamed, dataset))
    if outcome.kept:
        stay = french.count(
            outcome.kept,
            "ligne enregistrée n’est pas dans ce fichier : elle reste",
            "lignes enregistrées ne sont pas dans ce fichier : elles restent",
        )
        say(f"{stay}.")


def _turns(registry: Registry, outcome: Outcome, dataset: Dataset | None) -> list[Turn]:
    """The rows that are changed, from which value to which; what is added is only counted."""
    if outcome.diff is None or dataset is None or not outcome.changed:
        return []
    return [one for one in turns(registry, dataset, outcome.diff, SHOWN) if one.cells]


def _tell_how_to_confirm(outcome: Outcome) -> None:
    for one in outcome.reading.asked if outcome.reading else ():
        column = outcome.reading.headings[one] if outcome.reading else ""
        confirm, drop = f'--heading "{one}={column}"', f'--heading "{one}="'
        complain(f"  Pour confirmer : {confirm} ; pour ne pas le lire : {drop}.")


def _tell_problems(outcome: Outcome, dataset: Dataset | None) -> None:
    if len(outcome.problems) > SHOWN:
        for cause in grouped(outcome.problems, dataset):
            complain(f"  {_mark(cause.severity)}{cause.sentence}")
    else:
        for one in sorted(outcome.problems, key=lambda one: (not one.stops, one.line or 0)):
            complain(f"  {_mark(one.severity)}{sentence(one, dataset)}")


def _tell_repairs(outcome: Outcome, dataset: Dataset | None) -> None:
    """How cells written otherwise than expected were understood: how many, and the first writings."""
    if outcome.reading and outcome.reading.left_aside:
        say("Lignes laissées de côté (pour en reprendre une : --take-back LIGNE) :")
        for one in outcome.reading.left_aside[:_WRITINGS]:
            say(f"  Ligne {one.line} : « {one.text} », {one.said}.")
    if not outcome.repairs:
        return
    said = {(one.column, one.found): repair_sentence(one, dataset) for one in reversed(outcome.repairs[:_LOOKED_AT])}
    cells = french.count(
        len(outcome.repairs),
        "cellule écrite autrement, et comprise ainsi",
        "cellules écrites autrement, et comprises ainsi",
    )
    say(f"{cells} :")
    for telling in list(reversed(said.values()))[:_WRITINGS]:
        say(f"  {telling}")
    if len(said) > _WRITINGS:
        say("  …")


def _followed_up(outcome: Outcome) -> str:
    count = len(outcome.warnings)
    return f" {french.count(count, 'avertissement')}." if count else ""


def _mark(severity: Severity) -> str:
    return "" if severity is Severity.ERROR else "(avertissement) "


def _to_mend(outcome: Outcome) -> str:
    return french.count(outcome.rejected, "ligne à corriger", "lignes à corriger")


def _counts(outcome: Outcome) -> str:
    return french.listing(
        (
            french.count(outcome.added, "ajoutée"),
            french.count(outcome.changed, "modifiée"),
            french.count(outcome.unchanged, "inchangée"),
            french.count(outcome.rejected, "à corriger", "à corriger"),
        )
    )


# --- A whole file from the command line: each sheet goes to the table that its headings tell, in one revision ----


Handed = Mapping[SheetToStore, Outcome]


def import_workbook(
    file: Path,
    association: str,
    dataset: str | None,
    sheet: str | None,
    dry_run: bool,
    keep_valid: bool,
    as_json: bool,
) -> None:
    """Treat every sheet of a file at once; raises Refusal when something stopped it."""
    with answering(as_json, {**EMPTY, "sheets": []}), workshop() as here:
        aside: list[SheetFound] = []
        try:
            parts, aside = _parts(here, file, association, dataset, sheet, keep_valid)
            outcomes = _sheets_submitted(here, file, association, parts, dry_run)
        except FileRefused as error:
            parts, outcomes = [SheetToStore("")], (refused_whole(error),)
        handed = dict(zip(parts, outcomes, strict=True))
        if as_json:
            document(_document(handed, aside))
        else:
            _tell(here, association, handed, aside, dry_run)
    if any(one.refused for one in outcomes):
        raise Refusal("")


def _parts(
    here: Workshop, file: Path, association: str, dataset: str | None, sheet: str | None, keep_valid: bool
) -> tuple[list[SheetToStore], list[SheetFound]]:
    """The sheets to read, each with its table; and those left aside."""
    handed = FileHandedIn.of(content(file), file.name)
    found = depositing.sheets_found(here.registry, here.store, handed, association)
    if sheet is not None:
        found = tuple(one for one in found if one.sheet == sheet)
    if dataset is not None:
        found = tuple(SheetFound(one.sheet, (dataset,), True) for one in found if dataset in one.tables)
    refuse_nothing(found, here.registry.datasets(association))
    _refuse_unsure(here, association, found)
    learnt = {
        code: depositing.remembered(here.store, association, code) for code in {one.table for one in found if one.table}
    }
    parts = [
        SheetToStore(one.table, one.sheet, keep_valid, matching=learnt[one.table])
        for one in found
        if one.table is not None
    ]
    return parts, [one for one in found if one.table is None]


def _refuse_unsure(here: Workshop, association: str, found: Sequence[SheetFound]) -> None:
    for one in found:
        if one.tables and not one.sure:
            offered = french.listing((f"« -d {code} »" for code in one.tables), "ou")
            where = f"L’onglet « {one.sheet} »" if one.sheet else "Ce fichier"
            raise FileRefused(
                f"{where} n’a pas tous les titres d’un tableau, ou va à plusieurs. "
                f"Dites lequel : {offered}, avec « --sheet » s’il le faut."
            )


def _sheets_submitted(
    here: Workshop, file: Path, association: str, parts: Sequence[SheetToStore], dry_run: bool
) -> tuple[Outcome, ...]:
    return submit.submit_workbook(
        here.scope(association), content(file), file.name, association, parts, dry_run=dry_run
    )


def _document(handed: Handed, aside: Sequence[SheetFound]) -> dict[str, Any]:
    """The totals under their stable keys, then each sheet with its own."""
    outcomes = list(handed.values())
    totals = {name: sum(getattr(one, name) for one in outcomes) for name in COUNTS}
    revision = next((one.revision for one in outcomes if one.revision is not None), None)
    sheets = [
        {"sheet": part.sheet, "dataset": part.dataset or None, "refused": one.refused, **as_document(one)}
        for part, one in handed.items()
    ]
    problems = [
        {**problem, "sheet": told["sheet"], "dataset": told["dataset"]}
        for told in sheets
        for problem in told["problems"]
    ]
    return {
        "revision": revision,
        **totals,
        "problems": problems,
        "sheets": sheets,
        "sheets_left_aside": [one.sheet for one in aside],
    }


def _tell(here: Workshop, association: str, handed: Handed, aside: Sequence[SheetFound], dry_run: bool) -> None:
    for part, outcome in handed.items():
        declared = here.registry.dataset(association, part.dataset) if part.dataset else None
        if declared is not None and (part.sheet or len(handed) > 1):
            say(f"{f'Onglet « {part.sheet} »' if part.sheet else 'Fichier'} : « {declared.title} »")
        tell(here.registry, outcome, declared, dry_run)
    if aside:
        names = french.listing(f"« {one.sheet} »" for one in aside)
        say(f"{'Onglet laissé' if len(aside) == 1 else 'Onglets laissés'} de côté, sans titre connu : {names}.")
    if len(handed) > 1 and any(one.refused for one in handed.values()):
        say("Un onglet arrête tout le dépôt : rien n’est enregistré d’aucun.")


# --- What associations hand in, from the command line: a file, or that there is nothing to declare ----


Association = Annotated[str, typer.Option("--association", "-a", help="Code de l’association.")]
DatasetCode = Annotated[str, typer.Option("--dataset", "-d", help="Code du jeu de données.")]


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.command("import")(import_file)
    app.command("declare-nothing")(declare_nothing)


def import_file(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Le fichier : CSV, XLSX, XLS ou ODS.")],
    association: Association,
    dataset: Annotated[
        str | None, typer.Option("--dataset", "-d", help="Code du jeu de données ; sans lui, les titres le disent.")
    ] = None,
    sheet: Annotated[str | None, typer.Option(help="L’onglet à lire ; les autres ne sont pas gardés.")] = None,
    all_sheets: Annotated[
        bool, typer.Option("--all-sheets", help="Lire chaque onglet, dans le tableau que disent ses titres.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Vérifier sans rien enregistrer.")] = False,
    keep_valid: Annotated[bool, typer.Option("--keep-valid", help="Garder les lignes valides.")] = False,
    heading: Annotated[
        list[str] | None,
        typer.Option("--heading", metavar="TITRE=COLONNE", help="Ce que veut dire un titre ; rien après « = » : rien."),
    ] = None,
    take_back: Annotated[
        list[int] | None,
        typer.Option("--take-back", metavar="LIGNE", help="Lire cette ligne, laissée de côté, comme une donnée."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Lire un fichier, le vérifier et l’enregistrer. En entier, ou pas du tout.

    Sans jeu de données, chaque onglet va dans le tableau que disent ses titres, et le tout est un seul dépôt.
    """
    readers().start(1)  # ready by the time the store is open
    if all_sheets or dataset is None:
        import_workbook(file, association, dataset, sheet, dry_run, keep_valid, as_json)
        return
    with answering(as_json, EMPTY), workshop() as here:
        declared = here.registry.dataset(association, dataset)
        matching = remembered(here.store, association, dataset) | _meanings(declared, heading or ())
        asked = _Asked(sheet, dry_run, keep_valid, matching, frozenset(take_back or ()))
        outcome = _submitted(here, file, association, dataset, asked)
    if as_json:
        document(as_document(outcome))
    else:
        tell(here.registry, outcome, declared, dry_run)
    if outcome.refused:
        raise Refusal("")


def declare_nothing(
    period: Annotated[str, typer.Argument(metavar="PERIOD", help="2021-T3 ou 2021-09.")],
    association: Association,
    dataset: DatasetCode,
) -> None:
    """Inscrire « rien à déclarer » pour une période. Un vrai zéro, à la date du jour."""
    with workshop() as here:
        outcome = submit.declare_nothing(here.scope(association), association, dataset, period)
    say(f"Rien à déclarer pour {period} : inscrit (dépôt n° {outcome.revision}).")


@dataclass(frozen=True, slots=True)
class _Asked:
    """How the person wants the file to be read and kept."""

    sheet: str | None
    dry_run: bool
    keep_valid: bool
    matching: Mapping[str, str]
    take_back: frozenset[int]


def _meanings(dataset: Dataset, given: Sequence[str]) -> dict[str, str]:
    """« Montant (prévisionnel)=montant » as a heading and its column. Raises UnknownName."""
    found = {}
    for one in given:
        heading, _, column = one.rpartition("=")
        if column and column not in dataset.by_name:
            raise UnknownName(f"« {dataset.code} » n’a pas de colonne « {column} ».")
        found[heading] = column
    return found


def _submitted(here: Workshop, file: Path, association: str, dataset: str, asked: _Asked) -> Outcome:
    try:
        return submit.submit(
            here.scope(association),
            content(file),
            file.name,
            association,
            dataset,
            sheet=asked.sheet,
            dry_run=asked.dry_run,
            keep_valid=asked.keep_valid,
            matching=asked.matching,
            take_back=asked.take_back,
        )
    except FileRefused as error:
        return refused_whole(error)
