"""What the modules must let people do, and what the sessions held taught: by module, by length, by public."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from core.deliberation import USAGES, USAGES_SOURCE
from core.disclosure import Audience, Hidden, hidden_beside, page_text
from core.disclosure.figures import TYPED
from core.disclosure.reader import DiscreetMonitor
from core.domain import french
from core.domain.dataset import Row
from core.domain.plugin_phrases import People, known, plain
from core.domain.programme import Experiment
from core.domain.report import Block, Content, Report, Table
from core.errors import PluginProblem
from dashboard.components import Child, Html, bullets, columns, heading, join, link, note, table, tag, with_marks
from dashboard.context import Context
from dashboard.views.shared import ReportingDate, to_cell, to_experiment

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
        [module[:1].upper() + module[1:], *(french.number(taught[module, days]) for days in lengths), french.number(n)]
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
