"""« Pourquoi ce programme »: what the text says of it, what the modules taught, landlords and providers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from core.catalogue import places
from core.catalogue.connecter import BUILDINGS
from core.deliberation import ACT, REASONS, Reason
from core.domain import french
from core.domain.dataset import Row
from core.domain.observation import Missing
from core.domain.programme import Experiment
from dashboard.components import (
    Child,
    Html,
    columns,
    join,
    lead,
    link,
    mark,
    note,
    page_title,
    second_section,
    section,
    show,
    table,
    tag,
)
from dashboard.context import Context
from dashboard.views.modules_taught import modules_taught
from dashboard.views.shared import ReportingDate, kept, moment_chooser, read_moment, to_experiment

TITLE = "Pourquoi ce programme"
PATH = "pourquoi"
LANDLORDS = "Bailleurs et fournisseurs d’accès, immeuble par immeuble"


def draw(context: Context) -> None:
    """The page, for the moment of its address."""
    moment = read_moment(context)
    show(kept(context, ("reasons", moment.code, moment.until), moment.revision, lambda: _page(context, moment)))


def _page(context: Context, moment: ReportingDate) -> Html:
    return join(
        [
            page_title(TITLE, aside=moment_chooser(PATH, moment)),
            lead(
                "25 % des ménages de la Métropole n’ont pas d’ordinateur, 12 % n’ont pas de connexion : "
                "six expérimentations pour équiper, connecter et accompagner."
            ),
            section("Ce que dit la délibération", _said(), note(f"Délibération {ACT.number} du 4 juin 2021.")),
            section("Ce que les modules apprennent", *modules_taught(context, moment)),
            _buildings(context, moment),
        ]
    )


# --- the words of the text ---------------------------------------------------------------------


def _said() -> Html:
    """What lacks and what is proposed, beside the plans that it belongs to."""
    *first, last = [_group(about, list(found)) for about, found in _by_subject()]
    return columns(join(first), last)


def _by_subject() -> Iterator[tuple[str, Sequence[Reason]]]:
    for about in dict.fromkeys(one.about for one in REASONS):
        yield about, [one for one in REASONS if one.about == about]


def _group(about: str, found: Sequence[Reason]) -> Html:
    quotes = [tag("blockquote", tag("p", f"« {one.words} »"), tag("cite", one.source.where)) for one in found]
    return tag("div", tag("h3", about, class_="h h3"), quotes, class_="quoted")


# --- the buildings ------------------------------------------------------------------------------


def _buildings(context: Context, moment: ReportingDate) -> Html:
    wired = [one for one in context.registry.experiments if 2 in one.axes]
    found = [(one, row) for one in wired for row in _joined(context, one, moment)]
    if not found:
        return section(LANDLORDS, tag("p", "Aucun immeuble n’est encore renseigné."))
    rows = [[_building(one, row, moment), *_told(row)] for one, row in found]
    headings = ["Immeuble", "Lieu", "Bailleur", "Fournisseur d’accès", "Mode", "Logements", "Câble", "Seuil d’accord"]
    body = table(
        LANDLORDS,
        headings,
        rows,
        numeric=(5,),
        wide=True,
        note="Source : jeu « immeubles ». Le seuil d’accord est fixé par la Métropole, immeuble par immeuble.",
    )
    return second_section(LANDLORDS, body, first=tag("p", _buildings_say([row for _, row in found])))


def _buildings_say(rows: Sequence[Row]) -> str:
    """« 20 immeubles et 936 logements, chez 5 bailleurs ; fournisseur d’accès nommé pour 9 »."""
    homes = sum(row["nb_logements"] for row in rows)
    owners = len({row["bailleur"] for row in rows})
    named = sum(1 for row in rows if row["fai"])
    told = f"pour {french.number(named)} d’entre eux" if named else "pour aucun"
    return french.sentence(
        f"{french.count(len(rows), 'immeuble')} et {french.count(homes, 'logement')}, chez "
        f"{french.count(owners, 'bailleur')} ; le fournisseur d’accès est nommé {told}"
    )


def _joined(context: Context, one: Experiment, moment: ReportingDate) -> list[Row]:
    """The buildings of an experiment with their threshold, in the order of their names."""
    report = context.monitor.report(one.code, **moment.asked)
    known_rows = {row["code_immeuble"]: row for row in report.rows("immeubles")}
    derived = sorted(report.of_derived(BUILDINGS), key=lambda row: row["code_immeuble"])
    return [{**known_rows.get(row["code_immeuble"], {"fai": None, "mode": None}), **row} for row in derived]


def _building(one: Experiment, row: Row, moment: ReportingDate) -> Html:
    return link(row["code_immeuble"], to_experiment(one, moment), quiet=True)


def _told(row: Row) -> list[Child]:
    cable = {True: "éligible", False: "non éligible"}.get(row["eligible_cable"])
    return [
        places.name(row["lieu"]),
        row["bailleur"],
        row["fai"] or mark(Missing.NOT_REPORTED),
        row["mode"] or mark(Missing.NOT_REPORTED),
        french.number(row["nb_logements"]),
        cable or mark(Missing.NOT_REPORTED),
        _threshold(row),
    ]


def _threshold(row: Row) -> str:
    if row["eligible_cable"] is False:
        return "sans objet (pas de câble)"
    if row["seuil"] is None:
        return "non fixé"
    return f"atteint en {french.month(row['seuil_atteint'])}" if row["seuil_atteint"] else "pas encore atteint"
