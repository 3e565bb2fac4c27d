"""Frozen figures on screen: what changed, the comparison and the money, from a snapshot and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from core.domain import french
from core.domain.local_time import FRANCE
from core.domain.meeting import Freeze
from core.domain.period import Period
from core.services.groups import first_screen, the_rest
from core.services.purse import money_sentence, undivided_sentence
from core.services.snapshots import Change, Changes, Kind, Snapshot
from dashboard.components import Html, fold, join, note, section, table, tag
from dashboard.views.parts.matrix import indicator_matrix
from dashboard.views.parts.moment import Moment
from dashboard.views.parts.purse import money_of

MOST = 10
"""The changes that a committee is told at once; the others are one click away."""


def frozen_band(frozen: Freeze) -> Html:
    """« Données arrêtées au 30 juin 2022 (n° 4) », when, by whom, and their print."""
    when = french.moment(frozen.at.astimezone(FRANCE))
    return tag(
        "p",
        tag("strong", frozen.mark),
        f" le {when} par {frozen.by}. Ces chiffres ne bougent plus, quoi qu’il soit déposé depuis. ",
        tag("span", f"Empreinte {frozen.sha256[:12]}…", title=frozen.sha256, class_="frozen__print"),
        class_="frozen",
    )


def moment_of(found: Snapshot) -> Moment:
    """The moment of frozen figures: links lead to the rows as they were known then."""
    quarter = Period.quarter_of(found.until)
    period = quarter if quarter.end == found.until else None
    return Moment(found.made_on, (quarter,), period, found.revision)


def figures_section(found: Snapshot) -> Html:
    """The comparison, the money, and how each figure was counted."""
    moment = moment_of(found)
    rest = the_rest(found.indicators)
    name = f"arrete-{found.number}"
    return section(
        "Les six côte à côte",
        indicator_matrix(
            found, first_screen(found.indicators), moment, anchor=name,
            caption=f"{found.mark} : les six expérimentations, indicateur par indicateur",
        ),
        fold("Les autres indicateurs suivis", indicator_matrix(
            found, rest, moment, caption=f"{found.mark} : les autres indicateurs", anchor=f"{name}-suite",
        )) if rest else None,
        fold("L’argent à cette date", tag("p", money_sentence(found.ledger)),
             money_of(found.ledger, f"{found.mark} : les six lignes de subvention"),
             note(undivided_sentence(found.ledger)) if undivided_sentence(found.ledger) else None),
        fold("Comment ces chiffres ont été comptés", _formulas(found), _plugins(found)),
    )  # fmt: skip


def changes_section(found: Changes, since: str) -> Html:
    """What changed since the committee before: states first, then what moved most."""
    if not found.listed:
        return section(f"Ce qui a changé depuis le {since}", tag("p", "Aucun chiffre n’a changé."))
    first, rest = found.listed[:MOST], found.listed[MOST:]
    return section(
        f"Ce qui a changé depuis le {since}",
        changes_list(first),
        fold(f"Voir les {len(rest)} autres changements", changes_list(rest)) if rest else None,
        fold("Les deux chiffres, l’un à côté de l’autre", _both(found)),
    )


def changes_list(found: Sequence[Change]) -> Html:
    """The changes as sentences."""
    return tag(
        "ul", [tag("li", one.text, class_=f"change change--{one.kind.value}") for one in found], class_="changed"
    )


def _both(found: Changes) -> Html:
    rows = [
        [one.label, _whose(found.after, one), one.before, one.now]
        for one in found.of_kind(Kind.FIGURE, Kind.KNOWN, Kind.LOST)
    ]
    headings = ["Indicateur", "Expérimentation", _side(found.before), _side(found.after)]
    return table("Les chiffres qui ont bougé", headings, rows, numeric=(2, 3), hide_caption=True)


def _side(found: Snapshot) -> str:
    """« Au 30 juin 2022 (n° 5) »: two committees may look at the same day."""
    numbered = f" (n°{french.NBSP}{found.number})" if found.number else ""
    return f"Au {french.day(found.until)}{numbered}"


def _whose(found: Snapshot, one: Change) -> str:
    whom = found.experiment(one.experiment) if one.experiment else None
    return whom.short_title if whom else "Programme"


def _formulas(found: Snapshot) -> Html:
    rows: list[Sequence[Any]] = [
        [one.label, one.code, str(one.version), join([one.counted, " ", one.related and f"Rapporté à : {one.related}"])]
        for one in found.formulas
    ]
    return table("Formules", ["Indicateur", "Code", "Version", "Formule"], rows, numeric=(2,), hide_caption=True)


def _plugins(found: Snapshot) -> Html:
    named = french.listing(f"{one.name} {one.version}{' (en panne)' if one.failure else ''}" for one in found.plugins)
    return note(f"Plugins ce jour-là : {named}. Révision {french.number(found.revision)}.")
