"""Frozen figures on screen: what changed, the comparison and the money, from a snapshot and nothing else."""

from __future__ import annotations

from collections.abc import Sequence

from core.committee import FIGURE_CHANGES, Change, Changes, Snapshot, reference_of
from core.domain import french
from core.domain.calendar import Period
from core.domain.change import nothing_changed, reference_text
from core.domain.meeting import Freeze
from core.figures.sentences import asked_by_the_vote, first_screen, the_rest, together
from core.money.fairness import undivided_sentence
from core.money.ledger import money_sentence
from dashboard.components import Child, Html, fold, join, note, second_section, section, table, tag
from dashboard.views.money import money_of
from dashboard.views.overview import indicator_matrix
from dashboard.views.shared import ReportingDate

MOST = 10
"""The changes that a committee is told at once; the others are one click away."""


def frozen_band(frozen: Freeze) -> Html:
    """« Données arrêtées au 30 juin 2022 (n° 4) », when, by whom, and their print."""
    when = french.moment(frozen.at)
    return tag(
        "p",
        tag("strong", frozen.mark),
        f" le {when} par {frozen.by}. Ces chiffres ne bougent plus, quoi qu’il soit déposé depuis. ",
        tag("span", f"Empreinte {frozen.sha256[:12]}…", title=frozen.sha256, class_="frozen__print"),
        class_="frozen",
    )


def moment_of(found: Snapshot) -> ReportingDate:
    """The moment of frozen figures: links lead to the rows as they were known then."""
    quarter = Period.quarter_of(found.until)
    period = quarter if quarter.end == found.until else None
    return ReportingDate(found.made_on, (quarter,), period, found.revision)


def figures_section(found: Snapshot) -> Html:
    """The comparison, the money, and how each figure was counted; each change is counted from what the figures say."""
    moment = moment_of(found)
    leading = [*first_screen(found.indicators), *asked_by_the_vote(found.indicators)]
    rest = [one for one in the_rest(found.indicators) if one not in leading]
    counted = f"Les écarts (+, −) sont comptés {reference_text(reference_of(found))}."
    name = f"arrete-{found.number}"
    return second_section(
        f"{together(found.experiments)} côte à côte",
        indicator_matrix(
            found,
            leading,
            moment,
            anchor=name,
            note=counted,
            caption=f"{found.mark} : les expérimentations, indicateur par indicateur",
        ),
        fold(
            "Les autres indicateurs suivis",
            indicator_matrix(
                found, rest, moment, caption=f"{found.mark} : les autres indicateurs", anchor=f"{name}-suite"
            ),
        )
        if rest
        else None,
        fold(
            "L’argent à cette date",
            tag("p", money_sentence(found.ledger)),
            money_of(found.ledger, f"{found.mark} : les lignes de subvention"),
            note(undivided_sentence(found.ledger)) if undivided_sentence(found.ledger) else None,
        ),
        fold("Comment ces chiffres ont été comptés", _formulas(found), _plugins(found), annex=True),
    )


def changes_section(found: Changes, chooser: Html | None = None) -> Html:
    """What changed since another committee: states first, then what moved most; ``chooser`` offers the others."""
    title = f"Ce qui a changé {reference_text(reference_of(found.after))}"
    if not found.listed:
        said = nothing_changed(one.observation for one in found.after.figures)
        return section(title, chooser, tag("p", said), anchor="changements")
    first, rest = found.listed[:MOST], found.listed[MOST:]
    return section(
        title,
        chooser,
        changes_list(first),
        fold(f"Voir les {len(rest)} autres changements", changes_list(rest), annex=True) if rest else None,
        fold("Les deux chiffres, l’un à côté de l’autre", _both(found), annex=True),
        anchor="changements",
    )


def changes_list(found: Sequence[Change]) -> Html:
    """The changes as sentences."""
    return tag(
        "ul", [tag("li", one.text, class_=f"change change--{one.kind.value}") for one in found], class_="changed"
    )


def _both(found: Changes) -> Html:
    rows = [[one.label, _whose(found.after, one), one.before, one.now] for one in found.of_kind(*FIGURE_CHANGES)]
    headings = ["Indicateur", "Expérimentation", _side(found.before), _side(found.after)]
    return table("Les chiffres qui ont bougé", headings, rows, numeric=(2, 3))


def _side(found: Snapshot) -> str:
    """« Au 30 juin 2022 (n° 5) »: two committees may look at the same day."""
    numbered = f" (n°{french.NBSP}{found.number})" if found.number else ""
    return f"Au {french.day(found.until)}{numbered}"


def _whose(found: Snapshot, one: Change) -> str:
    whom = found.experiment(one.experiment) if one.experiment else None
    return whom.short_title if whom else "Programme"


def _formulas(found: Snapshot) -> Html:
    rows: list[list[Child]] = [
        [one.label, one.code, str(one.version), join([one.counted, " ", one.related and f"Rapporté à : {one.related}"])]
        for one in found.formulas
    ]
    return table("Formules", ["Indicateur", "Code", "Version", "Formule"], rows, numeric=(2,))


def _plugins(found: Snapshot) -> Html:
    named = french.listing(f"{one.name} {one.version}{' (en panne)' if one.failure else ''}" for one in found.plugins)
    return note(f"Plugins ce jour-là : {named}. Dernier dépôt : n° {found.revision}.")
