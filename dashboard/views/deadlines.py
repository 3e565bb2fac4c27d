"""« Échéances »: what each association owes and when, and the reminders ready to send."""

from __future__ import annotations

from collections.abc import Sequence

from core import reporting
from core.domain import access, french
from core.domain.access import Action, ReleveState
from core.domain.releve import Releve
from core.reporting import reminders
from core.reporting.reminders import Reminder, Server
from dashboard.addresses import address, experiment_path
from dashboard.components import (
    Child,
    Html,
    download,
    empty,
    fold,
    heading,
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
from dashboard.components.forms import count_button
from dashboard.context import Context
from dashboard.views import way_back
from dashboard.views.releve_acts import cell, draw_requests, late_words, may_read, releve_address, state_mark
from dashboard.views.shared import kept, releves_of
from dashboard.views.way_back import DoneAct


def draw_reminders(context: Context) -> None:
    """The list, then what may be done with it."""
    found = reminders.reminders(context.registry, context.store, context.today, address=_address(context))
    show(heading("Rappels", 2))
    if not found:
        show(tag("p", "Aucun relevé n’est en retard ni attendu dans les deux semaines : rien à rappeler."))
        return
    show(_table(context, found), tag("div", [_letter(context, one) for one in found]))
    letters = "\n\n".join(one.letter.text for one in found).encode()
    download("Télécharger les lettres de rappel", letters, "rappels.txt", mime="text/plain", key="rappels")
    _sending(context, found)


def _address(context: Context) -> str:
    return (context.settings.public_url or "") if context.settings else ""


def _table(context: Context, found: tuple[Reminder, ...]) -> Html:
    body = [
        [
            context.registry.association(one.association).name,
            french.listing(context.registry.experiment(r.experiment).short_title for r in one.releves),
            french.day(min(r.due for r in one.releves)),
            ", ".join(one.addresses) or "aucun compte actif",
            "Envoyé aujourd’hui" if one.sent_today else "À envoyer",
        ]
        for one in found
    ]
    headings = ["Association", "Relevés attendus", "Le plus ancien", "Adresses", "Rappel"]
    return table("À qui écrire", headings, body)


def _letter(context: Context, one: Reminder) -> Html:
    name = context.registry.association(one.association).name
    return fold(f"Lire la lettre à {name}", tag("pre", one.letter.text, class_="letter"))


def _sending(context: Context, found: tuple[Reminder, ...]) -> None:
    server = reminders.server_of(context.settings) if context.settings else None
    if server is None:
        show(note("Aucun serveur de courriel n’est réglé : copiez les lettres, ou téléchargez-les."))
        return
    waiting = [one for one in found if one.addresses and not one.sent_today]
    why = "Aucun rappel à envoyer : les rappels du jour sont partis, ou aucune adresse n’est connue."
    if count_button(f"Envoyer les rappels ({len(waiting)})", len(waiting), why=why, key="envoyer-rappels"):
        sent = DoneAct("Les rappels sont partis ; ils ne partiront pas deux fois aujourd’hui.")
        way_back.do(lambda: _send(context, found, server), sent)


def _send(context: Context, found: tuple[Reminder, ...], server: Server) -> None:
    reminders.send(context.scope, found, server)


# --- « Échéances »: what is awaited, from whom, for when; who keeps the calendar; reminders and requests ----


TITLE = "Échéances"
_OWED = (ReleveState.DUE, ReleveState.DRAFT, ReleveState.RETURNED)


def draw(context: Context) -> None:
    """The sentence, the board, what comes next, who is on time; then what the project lead does."""
    board = releves_of(context)
    show(page_title(TITLE, aside=_editor(context)))
    if not board:
        told = "La Métropole n’a pas encore fixé les périodes et leurs échéances."
        show(empty("Aucun relevé n’est attendu", told))
        return
    way_back.tell(context, "echeances")
    show(lead(*_sentence(context, board)))
    show(section("Les relevés, période par période", _board(context, board)))
    show(section("Ce qui est attendu", _next(context, board)))
    show(section("Qui tient le calendrier", _punctuality(context)))
    if access.allowed(context.visitor, Action.REVIEW):
        draw_requests(context, [one for one in board if one.asked])
        draw_reminders(context)


def _editor(context: Context) -> Html | None:
    if not access.allowed(context.visitor, Action.STEER):
        return None
    return link("Modifier les périodes et les échéances", address("registres", registre="periodes"))


def _sentence(context: Context, board: Sequence[Releve]) -> list[Child]:
    over = [one for one in board if one.period.end < context.today and one.state is not None]
    if not over:
        return ["La première période n’est pas finie : ", strong("rien n’est encore en attente"), "."]
    last = max(one.period for one in over)
    now = [one for one in over if one.period == last]
    sent = sum(one.state in (ReleveState.SUBMITTED, ReleveState.APPROVED) for one in now)
    owed = [one for one in over if one.state in _OWED]
    verb = "relevés sont transmis" if sent > 1 else "relevé est transmis"
    said: list[Child] = [f"Pour le {last.label}, ", strong(f"{sent} {verb} sur {len(now)}"), ". "]
    return [*said, *_owed(context, owed)]


def _owed(context: Context, owed: Sequence[Releve]) -> list[Child]:
    if not owed:
        return ["Rien n’est en attente."]
    names = [context.registry.experiment(one.experiment).short_title for one in owed]
    named = french.listing(dict.fromkeys(names))
    return [f"{'Reste à recevoir' if len(owed) == 1 else 'Restent à recevoir'} : ", strong(named), "."]


def _board(context: Context, board: Sequence[Releve]) -> Html:
    periods = sorted({one.period for one in board})
    by_place = {(one.experiment, one.period): one for one in board}
    body = [
        [
            tag(
                "div",
                link(experiment.short_title, f"/{experiment_path(experiment.code)}"),
                tag("span", experiment.association.name, class_="matrix__under"),
            ),
            *(cell(context, by_place[experiment.code, period]) for period in periods),
        ]
        for experiment in context.registry.experiments
    ]
    due = {one.period: one.due for one in board}
    headings = [f"{period.label}, attendu le {french.day(due[period])}" for period in periods]
    return table(
        "L’état de chaque relevé",
        ["Expérimentation", *headings],
        body,
        wide=True,
        labels=["", *(period.label for period in periods)],
        note="Un relevé accepté est verrouillé : ses données ne se modifient plus, sauf réouverture. "
        "Le retard se compte jusqu’à la première transmission.",
    )


def _next(context: Context, board: Sequence[Releve]) -> Html:
    owed = sorted((one for one in board if one.state in _OWED), key=lambda one: (one.due, one.experiment))
    if not owed:
        return tag("p", "Tous les relevés des périodes ouvertes sont transmis.")
    return table(
        "Les relevés attendus",
        ["Expérimentation", "De qui", "Période", "Pour le", "État", "Retard"],
        [_awaited(context, one) for one in owed],
    )


def _awaited(context: Context, one: Releve) -> list[Child]:
    experiment = context.registry.experiment(one.experiment)
    name = experiment.short_title
    return [
        link(name, releve_address(one)) if may_read(context, one) else name,
        experiment.association.name,
        one.period.label,
        french.day(one.due),
        state_mark(one),
        late_words(one),
    ]


def _punctuality(context: Context) -> Html:
    found = kept(
        context, "ponctualité", None, lambda: reporting.punctuality(context.registry, context.store, context.today)
    )
    body = [[context.registry.association(one.association).name, *_kept(one)] for one in found]
    return tag(
        "div",
        table(
            "Relevés à temps et tableaux remis, par association",
            ["Association", "Relevés à temps", "Tableaux remis", "Retards, en jours"],
            body,
        ),
        note(
            "Ne comptent que les relevés dont l’échéance est passée, ou déjà transmis. "
            "Un tableau facultatif ne compte pas."
        ),
    )


def _kept(one: reporting.Punctuality) -> list[str]:
    if not one.due:
        return ["aucun n’est encore dû", "", ""]
    on_time = f"{french.count(one.on_time, 'relevé')} à temps sur {one.due}"
    handed = f"{french.out_of(one.handed, one.asked)} ({french.percent(100 * one.handed / one.asked)})"
    late = french.listing(str(days) for days in one.days_late) or "aucun"
    return [on_time, handed if one.asked else "", late]
