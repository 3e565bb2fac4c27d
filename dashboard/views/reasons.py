"""« Pourquoi ce programme »: what the text says of it, what the modules taught, landlords and providers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from core.catalogue import places
from core.catalogue.connecter import BUILDINGS
from core.deliberation import ACT, REASONS, USAGES, USAGES_SOURCE, Reason
from core.disclosure import Audience, Hidden, hidden_beside, page_text
from core.disclosure.figures import TYPED
from core.disclosure.reader import DiscreetMonitor
from core.domain import french
from core.domain.dataset import Row
from core.domain.observation import Missing
from core.domain.plugin_phrases import People, known, plain
from core.domain.programme import Experiment
from core.domain.report import Block, Content, Report, Table
from core.errors import PluginProblem
from dashboard.components import (
    Child,
    Html,
    bullets,
    columns,
    heading,
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
from dashboard.views.shared import ReportingDate, kept_at, moment_chooser, read_moment, to_cell, to_experiment

TITLE = "Pourquoi ce programme"
PATH = "pourquoi"
LANDLORDS = "Bailleurs et fournisseurs d’accès, immeuble par immeuble"


def draw(context: Context) -> None:
    """The page, for the moment of its address."""
    moment = read_moment(context)
    show(kept_at(context, "reasons", moment, lambda: _page(context, moment)))


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


# --- What the modules must let people do, and what the sessions held taught: by module, by length, by public --


SESSIONS = "formations"
"""The table of the training sessions."""
TRAINED = ("AC3a", "AC3b")
"""The people who finished a module, and the days that they spent."""
PUBLICS = {"Professionnels": "termine_professionnels", "Bénévoles": "termine_benevoles"}
"""Who learns, as the sessions are counted: the text names no other public of a module, and no row does."""
_UNNAMED = "module non renseigné"


def modules_taught(context: Context, moment: ReportingDate) -> list[Html]:
    """The usages that the text names, then the sessions of each association that held some."""
    said = [
        tag("p", "Le texte demande que qui a suivi un module puisse aider à :"),
        bullets(USAGES),
        note(f"{USAGES_SOURCE.where}."),
    ]
    asked = [one for one in context.registry.experiments if SESSIONS in _tables(context, one)]
    reports = {one: context.monitor.report(one.code, **moment.asked) for one in asked}
    held = {one: found for one, report in reports.items() if (found := _sessions(report))}
    if not held:
        return [*said, tag("p", "Aucune session de formation n’est encore renseignée.")]
    told = (
        "Les sessions sont déposées avec les modules dans les mots de l’association, leur durée et qui les a "
        "terminées : professionnels ou bénévoles. Lequel des usages du texte chacune apprend n’est pas demandé."
    )
    return [*said, tag("p", told), *(_of(context, one, reports[one], found, moment) for one, found in held.items())]


def _tables(context: Context, one: Experiment) -> set[str]:
    """The tables that the association of an experiment hands in."""
    return {dataset.code for dataset in context.registry.datasets(one.association.code)}


def _sessions(report: Report) -> Sequence[Row]:
    """The sessions begun by the day shown."""
    return [row for row in report.rows(SESSIONS) if row["date"] <= report.until]


def _of(context: Context, one: Experiment, report: Report, held: Sequence[Row], moment: ReportingDate) -> Html:
    """What one experiment taught: in a sentence, by length and public, by module."""
    return join(
        [
            heading(one.short_title, 3),
            tag("p", _lengths_say(held), " ", *_people(context, one, moment)),
            columns(_by_public(context, one, report, held), _by_module(held)),
        ]
    )


def _lengths_say(held: Sequence[Row]) -> str:
    """« 14 sessions : 8 d’un jour, 4 de deux jours et 2 de trois jours. »."""
    lengths = Counter(row["duree_jours"] for row in held)
    told = french.listing(f"{french.number(lengths[days])} {_LENGTHS[days]}" for days in sorted(lengths))
    return french.sentence(f"{french.count(len(held), 'session')} : {told}")


_LENGTHS = {1: "d’un jour", 2: "de deux jours", 3: "de trois jours"}


def _people(context: Context, whose: Experiment, moment: ReportingDate) -> list[Child]:
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
        said += [f" ; {indicator.label.lower()} : " if said else f"{indicator.label} : ", figure]
    return [*said, ". " if said else "", link(f"La page {whose.short_title}", to_experiment(whose, moment)), "."]


# --- who finished, by length and by public ---------------------------------------------------------


def _by_public(context: Context, one: Experiment, report: Report, held: Sequence[Row]) -> Html:
    """The people who finished, as the reader may see them: a column of which nothing is shown is left out."""
    block = people_table(held)
    hidden = _unseen(context, one, report, block)
    if hidden is None:
        return note("Par durée et par public : non montré tant que la page de l’association est en panne.")
    kept = [at for at in range(len(block.headings)) if any(_is_seen(row[at], hidden) for row in block.rows)]
    (written,) = page_text([block], Audience(report.figure, hidden, context.below))
    assert isinstance(written, Table)
    rows = [[plain(row[at]) for at in kept] for row in written.rows]
    single = len(rows) == 1
    return table(
        block.caption,
        [block.headings[at] for at in kept],
        rows if single else rows[:-1],
        numeric=[rank for rank, at in enumerate(kept) if at in block.numeric],
        total=None if single else rows[-1],
        note=block.note if len(kept) == len(block.headings) else f"{block.note} {_LEFT_OUT}",
        caption_shown=True,
    )


_LEFT_OUT = "Les colonnes qui manquent ne sont pas montrées : elles feraient retrouver un nombre trop petit."


def _is_seen(cell: Content, hidden: Mapping[float, Hidden]) -> bool:
    return not isinstance(cell, People) or cell.number not in hidden


def people_table(held: Sequence[Row]) -> Table:
    """One line for each length of session, with the modules that it teaches; the last one is their sum."""
    lengths = sorted({row["duree_jours"] for row in held})
    lines = [[row for row in held if row["duree_jours"] == days] for days in lengths]
    named = [french.count(days, "jour") for days in lengths]
    rows = [_line(name, found) for name, found in zip(named, lines, strict=True)]
    if len(rows) > 1:
        rows.append(_line("Ensemble", held, named=False))
    headings = ("Durée", "Modules", "Sessions", *PUBLICS, "Ensemble")
    return Table(
        "Qui a terminé un module, par durée et par public",
        headings,
        tuple(rows),
        note="Qui suit deux modules est compté deux fois ; personne n’est nommé. Source : jeu « formations ».",
        numeric=tuple(range(2, len(headings))),
    )


def _line(name: str, held: Sequence[Row], *, named: bool = True) -> tuple[str | People, ...]:
    """What was learned, the sessions, and the people: those of each public add up to the last number."""
    finished = [sum(row[column] for row in held) for column in PUBLICS.values()]
    modules = dict.fromkeys(module for row in held for module in _modules(row))
    return (
        name,
        french.listing(modules) if named else "",
        french.number(len(held)),
        *(People(number, "personne") for number in finished),
        People(sum(finished), "personne en tout"),
    )


def _unseen(context: Context, one: Experiment, report: Report, block: Table) -> Mapping[float, Hidden] | None:
    """The numbers of people that the reader may not see beside the page of the experiment; None when it is broken."""
    monitor = context.monitor
    if not isinstance(monitor, DiscreetMonitor):
        return {}
    try:
        beside = _page_of(context, one, report)
    except PluginProblem:
        return None
    return hidden_beside([block], beside, context.below, monitor.elsewhere(report.until, one.code))


def _page_of(context: Context, one: Experiment, report: Report) -> Sequence[Block]:
    """The blocks of an experiment's page that a reader sees who may not see small counts."""
    if context.registry.contract_of(one.code) < TYPED:
        return ()
    return context.registry.build_report(one.code, report)


# --- the sessions by module ------------------------------------------------------------------------


def _by_module(held: Sequence[Row]) -> Html:
    """The sessions by module and by length: they are counted, not the people."""
    lengths = sorted({row["duree_jours"] for row in held})
    taught = Counter((module, row["duree_jours"]) for row in held for module in _modules(row))
    whole = Counter(module for row in held for module in _modules(row))
    rows: list[list[Child]] = [
        [french.capital(module), *(french.number(taught[module, days]) for days in lengths), french.number(n)]
        for module, n in sorted(whole.items(), key=lambda one: (-one[1], one[0]))
    ]
    ends = Counter(row["duree_jours"] for row in held)
    total = ["Sessions", *(french.number(ends[days]) for days in lengths), french.number(len(held))]
    headings = ["Module", *(french.count(days, "jour") for days in lengths), "Ensemble"]
    return table(
        "Sessions tenues, par module et par durée",
        headings,
        rows,
        numeric=range(1, len(headings)),
        total=total,
        note="Une session qui apprend deux modules compte dans les deux lignes.",
        caption_shown=True,
    )


def _modules(row: Row) -> list[str]:
    """The modules of a session, each once."""
    named = [one.strip() for one in (row["modules"] or "").split("|")]
    return list(dict.fromkeys(one for one in named if one)) or [_UNNAMED]
