"""« Relevé »: what an association sends for a quarter, and what the Métropole does with it."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core import reporting
from core.domain import access, french
from core.domain.access import Action, On
from core.domain.calendar import day_in_france
from core.domain.programme import Experiment
from core.domain.releve import Releve, ReleveAction, ReleveEvent
from core.exports.receipts import words_of
from core.figures.sentences import axis_of, card_codes, parts_of
from core.reporting import Narrative, ReportTable
from dashboard.addresses import address, experiment_path
from dashboard.components import (
    Child,
    Html,
    KeyFigure,
    callout,
    empty,
    facts,
    fold,
    join,
    key_figures,
    lead,
    link,
    note,
    page_title,
    section,
    show,
    strong,
    table,
    tag,
)
from dashboard.context import Context
from dashboard.views import way_back
from dashboard.views.releve_acts import draw_acts, draw_writing, late_words, state_mark
from dashboard.views.shared import ReportingDate, kept


def draw_told(context: Context, found: Releve, parts: Sequence[ReportTable]) -> None:
    """The form for who may still write, and send what is written with it; the words for the others."""
    written = reporting.narratives(context.store, found.experiment, found.period.code)
    owner = On(found.association, found.association, state=found.state)
    if access.allowed(context.visitor, Action.DEPOSIT, owner):
        draw_writing(context, found, written[-1] if written else None, parts)
    elif written:
        show(section("Ce que raconte l’association", told(written[-1])))
    if len(written) > 1:
        show(fold("Les versions précédentes", _before(written)))


def told(one: Narrative) -> Html:
    """The words of one narrative: how it went, the cause of a delay, what comes next."""
    cause = f"La cause, axe {one.axis}" if one.axis else "La cause"
    parts = ((cause, one.cause), ("La prochaine action", one.next_action))
    return tag(
        "div",
        tag("blockquote", tag("p", one.text), class_="told__text") if one.text else None,
        [tag("p", tag("strong", f"{name} : "), said) for name, said in parts if said],
        tag("p", f"Écrit par {one.actor}, le {french.moment(one.at)}", class_="note"),
        class_="told",
    )


def last_told(context: Context, experiment: Experiment, moment: ReportingDate) -> Html | None:
    """What the association last told of a period that had begun at ``moment``; nothing for a past revision."""
    if moment.revision is not None:
        return None
    board = kept(context, "relevés", None, lambda: reporting.board(context.registry, context.store, context.today))
    mine = [one for one in board if one.experiment == experiment.code and one.period.start <= moment.until]
    for one in reversed(mine):
        written = reporting.narrative(context.store, one.experiment, one.period.code)
        if written is not None:
            return section(f"Ce qu’en dit {experiment.association.name}, au {one.period.label}", told(written))
    return None


def _before(written: list[Narrative]) -> Html:
    body = [[french.moment(one.at), one.actor, one.text, one.cause, one.next_action] for one in reversed(written[:-1])]
    headings = ["Quand", "Écrit par", "Commentaire", "Cause", "Prochaine action"]
    return table("Les versions précédentes", headings, body)


# --- « Relevé »: what was handed in for one experiment and period, what is told of it, and what to do with it ----


_MOST = 6


def draw(context: Context) -> None:
    """The relevé that the address names; only its association, the committee and the project lead open it."""
    found = _named(context)
    if found is None:
        back = link("Voir les échéances", address("echeances"))
        show(
            page_title("Relevé"), empty("Choisissez d’abord un relevé", "Ouvrez-le depuis les échéances.", action=back)
        )
        return
    access.check(context.actor, Action.READ_ROWS, On(found.association))
    experiment = context.registry.experiment(found.experiment)
    show(
        page_title(
            f"Relevé du {found.period.label}",
            kicker=f"{experiment.title} · {experiment.association.name}",
            aside=link("Toutes les échéances", address("echeances")),
        )
    )
    way_back.tell(context, "releve")
    if found.state is None:
        show(lead("Ce relevé est ", strong("sans objet"), " : l’expérimentation ne courait pas sur cette période."))
        return
    show(lead(*_sentence(found)), _reason(context, found), _facts(context, found))
    parts = reporting.contents(context.registry, context.store, found)
    show(_contents(context, found, parts))
    draw_told(context, found, parts)
    draw_acts(context, found)
    show(_figures(context, found), _history(context, found))


def _named(context: Context) -> Releve | None:
    experiment, period = st.query_params.get("experience", ""), st.query_params.get("periode", "")
    if not experiment or not period:
        return None
    return reporting.state_of(context.registry, context.store, experiment, period, context.today)


def _sentence(found: Releve) -> list[Child]:
    """The mark alone has no full stop, which would stand alone on the second line of a phone."""
    locked = "ses données ne se modifient plus, sauf réouverture" if found.locked else ""
    more = [part for part in (late_words(found), locked) if part]
    return [strong(state_mark(found)), *(f" ; {part}" for part in more), "." if more else ""]


def _reason(context: Context, found: Releve) -> Html | None:
    """Why it stands so, in the words of whoever did it last; a request that one may answer stands below.

    Why it was returned stays, until it is accepted: who corrects and who checks read the same reason.
    """
    done = reporting.history(context.store, found.experiment, found.period.code)
    if not done or reporting.may(context.visitor, ReleveAction.REFUSED, found):
        return _motive(_returned(done))
    last, returned = done[-1], _returned(done)
    return join([_motive(returned) if returned is not last else None, _motive(last)])


def _returned(done: Sequence[ReleveEvent]) -> ReleveEvent | None:
    """The last return, unless the relevé was accepted since."""
    ends = (ReleveAction.RETURNED, ReleveAction.ACCEPTED)
    last = next((one for one in reversed(done) if one.deed in ends), None)
    return last if last and last.deed is ReleveAction.RETURNED else None


def _motive(one: ReleveEvent | None) -> Html | None:
    if one is None or not one.reason:
        return None
    tone = "attention" if one.deed in (ReleveAction.RETURNED, ReleveAction.REFUSED) else "info"
    when = french.day(day_in_france(one.at))
    return callout(one.reason, tone, title=f"{one.deed.capitalize()} par {one.actor}, le {when}")


def _facts(context: Context, found: Releve) -> Html:
    experiment = context.registry.experiment(found.experiment)
    sent = french.moment(found.first_sent) if found.first_sent else "pas encore"
    return facts(
        {
            "Attendu le": _due(found),
            "Transmis la première fois": sent,
            "Expérimentation": link(experiment.title, f"/{experiment_path(experiment.code)}"),
        }
    )


def _due(found: Releve) -> str:
    """The due date that holds for it: that of its first sending, whatever was changed since."""
    said = french.day(found.due)
    if found.due_changed is None:
        return said
    return f"{said} (échéance changée le {french.day(found.due_changed)})"


def _contents(context: Context, found: Releve, parts: Sequence[ReportTable]) -> Html:
    missing = [one.dataset.title for one in parts if one.missing]
    left = sum(one.waiting for one in parts)
    title = f"Ce qui manque : {french.listing(missing)}" if missing else "Tout ce qui est attendu est là"
    if left:
        title += f" ; {french.count(left, 'ligne attend', 'lignes attendent')} d’être corrigée{'s' if left > 1 else ''}"
    body = [
        [
            one.dataset.title,
            french.number(one.rows),
            tag("strong", words_of(one)) if one.missing or one.waiting else words_of(one),
        ]
        for one in parts
    ]
    hand_in = None
    if access.allowed(context.visitor, Action.DEPOSIT, On(found.association, found.association, state=found.state)):
        hand_in = note(link("Déposer un fichier", address("mes-donnees", association=found.association)))
    headings = ["Tableau", "Lignes de la période", "Ce qui a été dit"]
    return section(title, table("Ce que le relevé contient", headings, body, numeric=(1,)), hand_in)


def _figures(context: Context, found: Releve) -> Html | None:
    experiment = context.registry.experiment(found.experiment)
    followed = context.registry.indicators(experiment.code)
    by_code = {one.code: one for one in followed}
    codes = card_codes(experiment, followed)[:_MOST]
    # Since the start, up to the period's end: the value, its rate, its target and its share speak of the same rows;
    # what the period alone brought is the change.
    until = min(found.period.end, context.today)
    compared = context.monitor.compare(codes, [experiment.code], until=until)
    shown = [
        KeyFigure(
            by_code[code].label,
            compared.cells[code, experiment.code],
            axis_of(by_code[code]),
            by_code[code].headline,
            parts_of(by_code[code]),
            hint=by_code[code].definition,
        )
        for code in codes
    ]
    return section(f"Chiffres au {french.day(until)}", key_figures(shown)) if shown else None


def _history(context: Context, found: Releve) -> Html | None:
    events = reporting.history(context.store, found.experiment, found.period.code)
    if not events:
        return None
    body = [
        [
            french.moment(one.at),
            one.deed.capitalize(),
            one.actor + (" (pour le compte de l’association)" if one.on_behalf_of else ""),
            one.reason,
        ]
        for one in reversed(events)
    ]
    return section("Ce qui a été fait", table("Ce qui a été fait", ["Quand", "Quoi", "Par", "Motif"], body))
