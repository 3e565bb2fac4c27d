"""Documents from the command line: the same files as on the page « Documents »."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from core.cli.edge import workshop
from core.cli.output import say
from core.domain import french
from core.domain.words import nearest
from core.errors import Refused, UnknownName
from core.services.opening import is_fictitious


def kinds() -> Mapping[str, Any]:
    """Every document that the command writes, by its code."""
    from core.exports.documents import KINDS
    from core.exports.legal.documents import LEGAL

    return {**{one.code: one for one in KINDS}, **LEGAL}


def add_to(app: typer.Typer) -> None:
    """Add this command."""
    app.command()(export)


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
            here.registry, here.store, here.actor(), here.now, here.today, freeze=freeze, committee=comite,
            fictitious=is_fictitious(here.store), subject=subject, year=year, extension=out.suffix.lower()[1:],
            below=here.settings.mask_below, licence=here.settings.open_licence,
        )  # fmt: skip
        made = found.make(order)
    _write(out, made)
    say(f"Écrit : {found.title}, {out} ({french.number(len(made) / 1000)} ko)")


def _kind(code: str) -> Any:
    known = kinds()
    if code in known:
        return known[code]
    near = nearest(code, known)
    hint = f"Vouliez-vous dire « {near} » ?" if near else f"Choisissez parmi : {', '.join(known)}."
    raise UnknownName(french.typeset(f"Document « {code} » inconnu. {hint}"))


def _check_form(found: Any, out: Path) -> None:
    """A name without an extension is taken as it is; another form than the document’s would not open."""
    asked, forms = out.suffix.lower()[1:], found.extensions
    if asked and asked not in forms:
        ends = french.listing((f"« .{one} »" for one in forms), "ou")
        raise Refused(
            french.typeset(f"« {found.title} » ne s’écrit pas en « .{asked} » : donnez un nom qui finit par {ends}.")
        )


def _write(out: Path, made: bytes) -> None:
    try:
        out.write_bytes(made)
    except OSError as error:
        raise Refused(f"« {out} » ne s’écrit pas : vérifiez que le dossier existe et que vous y avez droit.") from error
