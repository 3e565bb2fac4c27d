"""What associations hand in, from the command line: a file, or that there is nothing to declare."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from core.cli.edge import Workshop, workshop
from core.cli.output import SHOWN, Refusal, answering, complain, document, problem_as_dict, say
from core.domain import french
from core.domain.dataset import Dataset
from core.domain.problem import Problem, Severity
from core.errors import FileRefused
from core.services import submissions
from core.services.reading import grouped, repair_sentence, sentence
from core.services.submissions import Outcome

Association = Annotated[str, typer.Option("--association", "-a", help="Code de l’association.")]
DatasetCode = Annotated[str, typer.Option("--dataset", "-d", help="Code du jeu de données.")]
AsJson = Annotated[bool, typer.Option("--json", help="Répondre par un document JSON.")]
# Of how many repairs are the distinct writings looked for, and how many of these are told.
_LOOKED_AT, _WRITINGS = 1_000, 10
_EMPTY: dict[str, Any] = {
    "revision": None, "added": 0, "changed": 0, "unchanged": 0, "removed": 0, "rejected": 0, "kept": 0, "problems": [],
}  # fmt: skip


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.command("import")(import_file)
    app.command("declare-nothing")(declare_nothing)


def import_file(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Le fichier : CSV, XLSX, XLS ou ODS.")],
    association: Association,
    dataset: DatasetCode,
    sheet: Annotated[str | None, typer.Option(help="L’onglet à lire ; les autres ne sont pas gardés.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Vérifier sans rien enregistrer.")] = False,
    keep_valid: Annotated[bool, typer.Option("--keep-valid", help="Garder les lignes valides.")] = False,
    as_json: AsJson = False,
) -> None:
    """Lire un fichier, le vérifier et l’enregistrer. En entier, ou pas du tout."""
    with answering(as_json, _EMPTY), workshop() as here:
        declared = here.registry.dataset(association, dataset)
        outcome = _submitted(here, file, association, dataset, sheet, dry_run, keep_valid)
    if as_json:
        document(_as_document(outcome))
    else:
        _tell(outcome, declared, dry_run)
    if outcome.refused:
        raise Refusal("")


def declare_nothing(
    period: Annotated[str, typer.Argument(metavar="PERIOD", help="2021-T3 ou 2021-09.")],
    association: Association,
    dataset: DatasetCode,
) -> None:
    """Inscrire « rien à déclarer » pour une période. Un vrai zéro, à la date du jour."""
    with workshop() as here:
        actor = here.actor(association)
        outcome = submissions.declare_nothing(
            here.registry, here.store, association, dataset, period, actor=actor, at=here.now
        )
    say(f"Rien à déclarer pour {period} : inscrit (révision {outcome.revision}).")


def _submitted(
    here: Workshop, file: Path, association: str, dataset: str, sheet: str | None, dry_run: bool, keep_valid: bool
) -> Outcome:
    try:
        return submissions.submit(
            here.registry,
            here.store,
            _content(file),
            file.name,
            association,
            dataset,
            actor=here.actor(association),
            at=here.now,
            sheet=sheet,
            dry_run=dry_run,
            keep_valid=keep_valid,
        )
    except FileRefused as error:
        what, _, remedy = str(error).partition(". ")
        whole = Problem(None, None, "", f"{what}.", remedy, code="fichier_refuse")
        return Outcome(errors=(whole,), refused=True)


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except FileNotFoundError:
        raise FileRefused(f"Le fichier « {file} » n’existe pas. Vérifiez son chemin.") from None
    except IsADirectoryError:
        raise FileRefused(f"« {file} » est un dossier. Donnez un fichier.") from None
    except OSError as error:
        raise FileRefused(f"« {file} » ne se lit pas : {error.strerror}. Vérifiez vos droits.") from error


def _as_document(outcome: Outcome) -> dict[str, Any]:
    counts = {name: getattr(outcome, name) for name in _EMPTY if name != "problems"}
    repairs = [
        {"line": one.line, "column": one.column, "found": one.found, "understood": one.understood}
        for one in outcome.repairs
    ]
    missing = None if outcome.diff is None or outcome.diff.missing is None else outcome.diff.missing["_key"].to_list()
    return {**counts, "problems": [problem_as_dict(one) for one in outcome.problems], "repairs": repairs,
            "missing": missing}  # fmt: skip


def _tell(outcome: Outcome, dataset: Dataset, dry_run: bool) -> None:
    _tell_problems(outcome, dataset)
    if outcome.refused:
        would = "Rien ne serait enregistré" if dry_run else "Rien n’est enregistré"
        total = f" : {_to_mend(outcome)} sur {outcome.reading.total_rows}" if outcome.reading else ""
        complain(f"{would}{total}. Un fichier refusé n’est pas gardé.")
        return
    _tell_repairs(outcome, dataset)
    done = "Rien n’est encore enregistré" if dry_run else "Rien n’a changé"
    if outcome.revision is not None:
        done = f"Enregistré (révision {outcome.revision})"
    say(f"{done}. Lignes : {_counts(outcome)}.{_followed_up(outcome)}")
    if outcome.kept:
        stay = french.count(
            outcome.kept,
            "ligne enregistrée n’est pas dans ce fichier : elle reste",
            "lignes enregistrées ne sont pas dans ce fichier : elles restent",
        )
        say(f"{stay}.")


def _tell_problems(outcome: Outcome, dataset: Dataset) -> None:
    if len(outcome.problems) > SHOWN:
        for cause in grouped(outcome.problems, dataset):
            complain(f"  {_mark(cause.severity)}{cause.sentence}")
    else:
        for one in sorted(outcome.problems, key=lambda one: (not one.stops, one.line or 0)):
            complain(f"  {_mark(one.severity)}{sentence(one, dataset)}")


def _tell_repairs(outcome: Outcome, dataset: Dataset) -> None:
    """How cells written otherwise than expected were understood: how many, and the first writings."""
    if not outcome.repairs:
        return
    said = {(one.column, one.found): repair_sentence(one, dataset) for one in reversed(outcome.repairs[:_LOOKED_AT])}
    cells = french.count(len(outcome.repairs), "cellule écrite autrement, et comprise ainsi",
                         "cellules écrites autrement, et comprises ainsi")  # fmt: skip
    say(f"{cells} :")
    for one in list(reversed(said.values()))[:_WRITINGS]:
        say(f"  {one}")
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
    return french.listing((
        french.count(outcome.added, "ajoutée"), french.count(outcome.changed, "modifiée"),
        french.count(outcome.unchanged, "inchangée"), french.count(outcome.rejected, "à corriger", "à corriger"),
    ))  # fmt: skip
