"""« Pourquoi ce programme »: what the text says of it, what the modules taught, landlords and providers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from core.catalogue import places
from core.catalogue.connecter import BUILDINGS
from core.deliberation import ACT, REASONS, USAGES, USAGES_SOURCE, Reason
from core.domain import french
from core.domain.dataset import Row
from core.domain.observation import Missing
from core.domain.plugin_phrases import known
from core.domain.programme import Experiment
from dashboard.components import (
    Child,
    Html,
    bullets,
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
    with_marks,
)
from dashboard.context import Context
from dashboard.views.shared import ReportingDate, kept, moment_chooser, read_moment, to_cell, to_experiment

TITLE = "Pourquoi ce programme"
PATH = "pourquoi"
LANDLORDS = "Bailleurs et fournisseurs d’accès, immeuble par immeuble"
TRAINED = ("AC3a", "AC3b")
"""The people who finished a module, and the days that they spent."""


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
            section("Ce que les modules apprennent", *_taught(context, moment)),
            _buildings(context, moment),
        ]
    )


# --- the words of the text ---------------------------------------------------------------------


def _said() -> Html:
    return join([_group(about, list(found)) for about, found in _by_subject()])


def _by_subject() -> Iterator[tuple[str, Sequence[Reason]]]:
    for about in dict.fromkeys(one.about for one in REASONS):
        yield about, [one for one in REASONS if one.about == about]


def _group(about: str, found: Sequence[Reason]) -> Html:
    quotes = [tag("blockquote", tag("p", f"« {one.words} »"), tag("cite", one.source.where)) for one in found]
    return tag("div", tag("h3", about, class_="h h3"), quotes, class_="quoted")


# --- the modules: what they must let people do, and the sessions held ---------------------------


def _taught(context: Context, moment: ReportingDate) -> list[Html]:
    usages = [
        tag("p", "Le texte demande que qui a suivi un module puisse aider à :"),
        bullets(USAGES),
        note(f"{USAGES_SOURCE.where}."),
    ]
    held = [
        (one, row)
        for one in context.registry.experiments
        if 3 in one.axes
        for row in _rows(context, one, "formations", moment)
        if row["date"] <= moment.until
    ]
    if not held:
        return [*usages, tag("p", "Aucune session de formation n’est encore renseignée.")]
    return [*usages, _people(context, held[0][0], moment), _sessions([row for _, row in held])]


def _people(context: Context, whose: Experiment, moment: ReportingDate) -> Html:
    """Who finished, from the figures of the experiment: they hide small counts where they must."""
    cells = context.monitor.compare(list(TRAINED), [whose.code], **moment.asked).cells
    said: list[Child] = []
    for code in TRAINED:
        indicator, cell = context.registry.indicator(code), cells[code, whose.code]
        if (number := known(cell.observation)) is None:
            continue
        text = french.number(number)
        where = to_cell(indicator, whose.code, cell, moment)
        figure = with_marks(link(text, where, quiet=True) if where else text, cell.observation)
        said += [f", {indicator.label.lower()} : " if said else f"{indicator.label} : ", figure]
    page = link(f"par durée et par public, la page {whose.short_title}", to_experiment(whose, moment))
    return tag("p", *said, " ; " if said else "", page, ".")


def _sessions(held: Sequence[Row]) -> Html:
    """The sessions by module and by length: they are counted, not the people."""
    lengths = sorted({row["duree_jours"] for row in held})
    taught = Counter((module, row["duree_jours"]) for row in held for module in _modules(row))
    order = sorted({module for module, _ in taught}, key=lambda one: (-_sum(taught, one), one))
    rows: list[list[Child]] = [
        [module, *(french.number(taught[module, days]) for days in lengths), french.number(_sum(taught, module))]
        for module in order
    ]
    whole = Counter(row["duree_jours"] for row in held)
    total = ["Sessions", *(french.number(whole[days]) for days in lengths), french.number(len(held))]
    headings = ["Module", *(french.count(days, "jour") for days in lengths), "Ensemble"]
    return table(
        "Sessions tenues, par module et par durée",
        headings,
        rows,
        numeric=range(1, len(headings)),
        total=total,
        note="Une session qui apprend deux modules compte dans les deux lignes. Source : jeu « formations », "
        "avec les mots de l’association.",
    )


def _modules(row: Row) -> list[str]:
    named = [one.strip() for one in (row["modules"] or "").split("|")]
    return [one for one in named if one] or ["Module non renseigné"]


def _sum(taught: Mapping[tuple[str, int], int], module: str) -> int:
    return sum(number for (one, _), number in taught.items() if one == module)


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
        hide_caption=True,
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


def _rows(context: Context, one: Experiment, dataset: str, moment: ReportingDate) -> Sequence[Row]:
    return context.monitor.report(one.code, **moment.asked).rows(dataset)


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
