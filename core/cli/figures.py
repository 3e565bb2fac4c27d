"""Figures, documents and measures from the command line."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from core.catalogue import places
from core.cli.edge import Workshop, workshop
from core.cli.terminal import answering, document, say, table, write_file
from core.contract.schema_setup import is_fictitious
from core.domain import french
from core.domain.calendar import Period, day_in_france
from core.domain.figure_text import marked
from core.domain.french import nearest
from core.domain.observation import Missing, Observation
from core.errors import Misconfigured, Refused, UnknownName
from core.exports.csv import as_dict
from core.figures import Monitor
from core.figures.cache import cache_of
from core.figures.keeping import keep
from core.figures.verifying import refuse_stale

if TYPE_CHECKING:  # what draws documents is read only by the command that makes one
    from core.exports.documents import DocumentType
    from core.exports.legal_documents import Legal

_WORDS = {
    Missing.NOT_REPORTED: "○ non renseigné",
    Missing.NOT_APPLICABLE: "— sans objet",
    Missing.NOT_FOLLOWED: "· non suivi",
    Missing.ERROR: "calcul impossible",
}


class Breakdown(StrEnum):
    """The two breakdowns."""

    PLACE = "place"
    MONTH = "month"


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.command()(indicators)
    app.command()(export)
    of_figures = typer.Typer(
        help="Les chiffres gardés, comparés aux lignes.", no_args_is_help=True, rich_markup_mode=None
    )
    of_figures.command("verify")(verify)
    app.add_typer(of_figures, name="figures")
    app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})(bench)


def indicators(
    as_of: Annotated[
        str | None, typer.Option(metavar="DATE|NUMERO", help="Ce que l’on savait à cette date ou après ce dépôt.")
    ] = None,
    experiment: Annotated[str | None, typer.Option("--experiment", "-e", help="Une seule expérimentation.")] = None,
    period: Annotated[str | None, typer.Option(help="2021-T3 ou 2021-09 ; sans elle, depuis le début.")] = None,
    by: Annotated[Breakdown | None, typer.Option(help="place : par lieu ; month : par mois.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Répondre par un document JSON.")] = False,
) -> None:
    """Les indicateurs, calculés à partir des lignes."""
    with answering(as_json, {"revision": None, "observations": []}), workshop() as here:
        revision = revision_named(here, as_of)
        day = day_of(here, as_of, revision)
        wanted = None if experiment is None else [here.registry.experiment(experiment).code]
        found = Monitor(here.registry, here.store, today=day).observe(
            experiments=wanted,
            revision=revision,
            period=Period.parse(period) if period else None,
            by=by.value if by else None,
        )
        known = here.store.latest() if revision is None else revision
        keep(here.registry, here.store, cache_of(here.store))
    if as_json:
        document({"revision": known, "observations": [as_dict(one) for one in found]})
    else:
        _tell(found, known)


def revision_named(here: Workshop, text: str | None) -> int | None:
    """The revision that a number or a day means; None for « now ».

    Raises UnknownName when it is neither, or a revision that does not exist yet.
    """
    if text is None:
        return None
    if re.fullmatch(r"\d{1,9}", text):
        latest = here.store.latest()
        if int(text) > latest:
            raise UnknownName(f"Le dépôt n° {text} n’existe pas encore ; le dernier est le n° {latest}.")
        return int(text)
    return here.store.revision_at(_day(text))


def day_of(here: Workshop, text: str | None, revision: int | None) -> date:
    """The day from which the figures look: the day named, that of the revision named, else today.

    Ages, delays and dues are those of that day, as they were read then.
    """
    if text is None:
        return here.today
    if not re.fullmatch(r"\d{1,9}", text):
        return min(_day(text), here.today)
    made = [one.at for one in here.store.deposits(revision) if one.revision == revision]
    return day_in_france(made[-1]) if made else here.today


def _day(text: str) -> date:
    for form in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            return datetime.strptime(text, form).date()
        except ValueError:
            continue
    raise UnknownName(
        f"« {text} » n’est ni une date ni le numéro d’un dépôt. Écrivez 2021-09-30, 30/09/2021 ou un numéro."
    )


def _tell(found: tuple[Observation, ...], revision: int) -> None:
    rows = [
        (
            one.indicator,
            one.label,
            one.experiment or "programme",
            places.name(one.place) if one.place else (f"{one.month:%m/%Y}" if one.month else ""),
            in_words(one),
        )
        for one in found
    ]
    table(rows, ("Code", "Indicateur", "Expérimentation", "Part", "Valeur"))
    say(f"Dernier dépôt : n° {revision}.")


def in_words(one: Observation) -> str:
    if one.missing_because is not None:
        return _WORDS[one.missing_because]
    if one.value is None:
        return ""
    counted = f"{french.number(one.value, 2)} {french.unit_of(one.value, one.unit)}".strip()
    shown = french.percent(one.value, 1) if one.unit == "%" else counted
    if one.denominator is None or one.numerator is None:
        return marked(shown, one)
    return marked(f"{shown} ({french.out_of(one.numerator, one.denominator)})", one)


# --- Documents from the command line: the same files as on the page « Documents » ------------------


def kinds() -> Mapping[str, DocumentType | Legal]:
    """Every document that the command writes, by its code."""
    from core.exports.documents import KINDS
    from core.exports.legal_documents import LEGAL

    return {**{one.code: one for one in KINDS}, **LEGAL}


def verify() -> None:
    """Recalculer tous les chiffres à partir des lignes, et vérifier que ceux qui sont gardés n’en diffèrent pas."""
    with workshop() as here:
        checked = refuse_stale(here.registry, here.store, here.today)
    say(f"{french.count(checked, 'chiffre')} : tous sont ceux des lignes.")


def export(
    kind: Annotated[
        str,
        typer.Argument(
            metavar="KIND", help="Le document, par exemple pdf ou compte-rendu ; un autre mot les donne tous."
        ),
    ],
    out: Annotated[Path, typer.Argument(metavar="OUT", help="Le fichier à écrire.")],
    freeze: Annotated[
        int | None, typer.Option("--freeze", metavar="N", help="Les données arrêtées n° N ; sans lui, celles du jour.")
    ] = None,
    comite: Annotated[
        int | None, typer.Option("--comite", metavar="N", help="Le comité n° N ; sans lui, le dernier.")
    ] = None,
    subject: Annotated[
        str | None,
        typer.Option("--subject", metavar="CODE", help="La ligne de subvention, la convention ou l’association."),
    ] = None,
    year: Annotated[
        int | None, typer.Option("--year", metavar="AAAA", help="L’exercice du compte rendu ; sans lui, le dernier.")
    ] = None,
) -> None:
    """Écrire un document : pour le comité, pour la loi, ou en données ouvertes."""
    from core.exports.documents import Order

    found = _kind(kind)
    _check_form(found, out)
    with workshop() as here:
        order = Order(
            here.registry,
            here.store,
            here.actor(),
            here.now,
            here.settings,
            freeze=freeze,
            committee=comite,
            fictitious=is_fictitious(here.store),
            subject=subject,
            year=year,
            extension=out.suffix.lower()[1:],
        )
        made = found.make(order)
        keep(here.registry, here.store, cache_of(here.store))
    write_file(out, made)
    say(f"Écrit : {found.title}, {out} ({french.number(len(made) / 1000)} ko)")


def _kind(code: str) -> DocumentType | Legal:
    known = kinds()
    if code in known:
        return known[code]
    near = nearest(code, known)
    hint = f"Vouliez-vous dire « {near} » ?" if near else f"Choisissez parmi : {', '.join(known)}."
    raise UnknownName(f"Document « {code} » inconnu. {hint}")


def _check_form(found: DocumentType | Legal, out: Path) -> None:
    """A name without an extension is taken as it is; another form than the document’s would not open."""
    asked, forms = out.suffix.lower()[1:], found.extensions
    if asked and asked not in forms:
        ends = french.listing((f"« .{one} »" for one in forms), "ou")
        raise Refused(f"« {found.title} » ne s’écrit pas en « .{asked} » : donnez un nom qui finit par {ends}.")


# --- The project's own benchmark, which lives beside the code and not in the package ---------------


ROOT = Path(__file__).resolve().parents[2]


def bench(context: typer.Context) -> int:
    """Mesurer la vitesse ; les options sont celles des mesures."""
    if not (ROOT / "bench" / "__main__.py").exists():
        raise Misconfigured("Les mesures sont dans le dépôt du code (dossier bench/), pas dans le paquet installé.")
    return subprocess.run([sys.executable, "-m", "bench", *context.args], cwd=ROOT, check=False).returncode
