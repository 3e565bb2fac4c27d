"""What may be done with a relevé, its state in words, and the answers typed with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import streamlit as st

from core import reporting
from core.accounts import acting_for
from core.contract.scope import Scope
from core.deliberation import AXIS_NAMES
from core.domain import access, french
from core.domain.access import Action, Actor, On, ReleveState, Role
from core.domain.releve import Releve, ReleveAction
from core.errors import FabriqueError, Forbidden
from core.exports.receipts import statement, statement_name
from core.reporting import Narrative, ReportTable, reminders
from dashboard.addresses import address
from dashboard.components import Html, answer, callout, download, heading, link, note, show, tag
from dashboard.components.forms import form, refused
from dashboard.context import Context
from dashboard.views.way_back import DoneAct, Undo, do

_SHAPES = {
    ReleveState.DUE: "□",
    ReleveState.DRAFT: "◧",
    ReleveState.SUBMITTED: "→",
    ReleveState.RETURNED: "↩",
    ReleveState.APPROVED: "✓",
}


def state_mark(found: Releve) -> Html:
    """« → Transmis le 4 juillet 2022 », « □ Attendu depuis le … », « — Sans objet »."""
    shape = "—" if found.state is None else _SHAPES[found.state]
    kind = "none" if found.state is None else found.state.value
    late = " releve--late" if found.awaited else ""
    return tag(
        "span",
        tag("span", shape, class_="releve__shape", aria_hidden="true"),
        tag("span", found.words, class_="releve__word"),
        class_=f"releve releve--{kind}{late}",
    )


def late_words(found: Releve) -> str:
    """« 12 jours après l’échéance, pas encore transmis », that the due date was changed since, or nothing."""
    moved = f"échéance changée le {french.day(found.due_changed)}" if found.due_changed else ""
    if not found.days_late:
        return moved
    days = f"{french.count(found.days_late, 'jour')} après l’échéance"
    said = [days, "" if found.sent else "pas encore transmis", moved]
    return ", ".join(part for part in said if part)


def releve_address(found: Releve) -> str:
    """The address of its page."""
    return address("releve", experience=found.experiment, periode=found.period.code)


def may_read(context: Context, found: Releve) -> bool:
    """Whether the visitor may open its page."""
    return access.allowed(context.visitor, Action.READ_ROWS, On(found.association))


def cell(context: Context, found: Releve) -> Html:
    """What the board shows: the state, and the delay under it; it leads to the relevé."""
    state = state_mark(found)
    reachable = found.state is not None and may_read(context, found)
    late = late_words(found)
    asked = tag("span", "Réouverture demandée", class_="tag") if found.asked else None
    return tag(
        "div",
        link(state, releve_address(found), quiet=True) if reachable else state,
        tag("span", late, class_="releve__late") if late else None,
        asked,
        class_="releve-cell",
    )


# --- What is done with a relevé on screen: one button for each thing that may be done, and its reason ----

# A step of a relevé is said to the other side, and its reason with it: it is taken back by another step, with its own.


_REOPEN = "Rouvrir ce relevé"
_CHANGED_MIND = f"Pour revenir dessus : « {_REOPEN} », ci-dessous, avec un motif que l’association lira."


def draw_requests(context: Context, asked: Sequence[Releve]) -> None:
    """The requests to open a relevé again, each to grant or to refuse with a reason."""
    if not asked:
        return
    show(heading(f"Réouvertures demandées ({len(asked)})", 2))
    for one in asked:
        draw_request(context, one)


def draw_request(context: Context, one: Releve) -> None:
    """One request: who asks, why, and the two answers."""
    assert one.asked is not None
    title = f"{context.registry.experiment(one.experiment).title}, {one.period.label}"
    when = french.moment(one.asked.at)
    show(
        tag(
            "div",
            tag("p", link(title, releve_address(one))),
            callout(one.asked.reason, "question", title=f"{one.asked.actor}, le {when}"),
        )
    )
    with form(f"reouverture-{one.subject}", border=False):
        reason = st.text_area("Votre réponse", help="Le motif, que l’association lira.", height=80)
        with st.container(horizontal=True):
            granted = st.form_submit_button(_REOPEN, type="primary")
            turned_down = st.form_submit_button("Refuser la réouverture")
    asked = (context.scope, one.experiment, one.period.code)
    if granted:
        done = DoneAct("Le relevé est rouvert : l’association peut le modifier.")
        do(lambda: reporting.reopen(*asked, reason), done)
    if turned_down:
        done = DoneAct("La réouverture est refusée, avec votre motif.", contrary=f"« {_REOPEN} » reste possible.")
        do(lambda: reporting.refuse_reopening(*asked, reason), done)


# --- The buttons of one relevé: each says what happens, and asks for a reason where one is due -----


_HEAD = "Ce que vous pouvez faire"


def draw_acts(context: Context, found: Releve) -> None:
    """What this person may do now with this relevé, and the papers to keep."""
    # What is sent goes with what is written, in the form of the narrative.
    offered = [
        deed for deed in ReleveAction if deed is not ReleveAction.SENT and reporting.may(context.visitor, deed, found)
    ]
    if offered:
        show(heading(_HEAD, 2))
    if ReleveAction.ACCEPTED in offered or ReleveAction.RETURNED in offered:
        _review(context, found, offered)
    if ReleveAction.REFUSED in offered:
        draw_request(context, found)
    elif ReleveAction.REOPENED in offered and found.state is ReleveState.APPROVED:
        _with_reason(context, found, reporting.reopen, _REOPEN, "Le relevé est rouvert.", "rouvrir")
    if ReleveAction.ASKED in offered:
        ask = "Demander la réouverture" if found.locked else "Demander à reprendre ce relevé"
        _with_reason(
            context, found, reporting.ask_reopening, ask, "Votre demande est envoyée à la Métropole.", "demander"
        )
    _papers(context, found)


def _review(context: Context, found: Releve, offered: Sequence[ReleveAction]) -> None:
    with form("relire", border=False):
        said = st.text_area("Motif ou remarque", help="Obligatoire pour un retour ; l’association le lira.", height=100)
        with st.container(horizontal=True):
            accepted = ReleveAction.ACCEPTED in offered and st.form_submit_button("Accepter le relevé", type="primary")
            returned = ReleveAction.RETURNED in offered and st.form_submit_button("Retourner pour correction")
    show(
        note("Accepté, le relevé est verrouillé. Retourné, l’association peut de nouveau le modifier."),
        note(
            "Le comité lit le récit tel quel : en acceptant, vous confirmez l’avoir lu et qu’il ne donne "
            f"aucun nombre de personnes inférieur à {context.below}."
        ),
    )
    if accepted:
        done = DoneAct("Le relevé est accepté : ses données sont verrouillées.", contrary=_CHANGED_MIND)
        do(lambda: reporting.accept(*_asked(context, found), note=said), done)
    if returned:
        done = DoneAct(
            "Le relevé est retourné à l’association, avec votre motif. La lettre est prête.",
            contrary="L’association le transmet de nouveau quand elle l’a relu, corrigé ou non.",
        )
        do(lambda: reporting.give_back(*_asked(context, found), said), done)


def _with_reason(context: Context, found: Releve, act: Callable[..., object], label: str, done: str, key: str) -> None:
    with form(key, border=False):
        reason = st.text_area("Motif", height=80, help="Pourquoi, en une phrase.")
        pressed = st.form_submit_button(label, type="primary" if key == "demander" else "secondary")
    if pressed:
        do(lambda: act(*_asked(context, found), reason), DoneAct(done))


def _papers(context: Context, found: Releve) -> None:
    if found.sent and access.allowed(context.actor, Action.READ_HISTORY, On(found.association)):
        download(
            "Télécharger l’accusé de réception (PDF)",
            partial(statement, context.scope, found, fictitious=context.demonstration),
            statement_name(found),
            mime="application/pdf",
            key="accuse",
        )
    if found.state is ReleveState.RETURNED and context.actor.role is Role.LEAD:
        text = reminders.returned(context.registry, found, _public(context, found)).text.encode()
        download("Télécharger la lettre de retour", text, "retour.txt", mime="text/plain", key="retour")


def _public(context: Context, found: Releve) -> str:
    """The page's whole address, when the server knows its own."""
    base = context.settings.public_url if context.settings else None
    return f"{base}{address('releve', experience=found.experiment, periode=found.period.code)}" if base else ""


def _asked(context: Context, found: Releve) -> tuple[Scope, str, str]:
    return context.scope, found.experiment, found.period.code


# --- What an association writes of a period, and the sending of its relevé, which takes along what is written ----


_SAVE, _SEND, _SEND_ANYWAY, _NOT_YET = (
    "Enregistrer le commentaire",
    "Transmettre le relevé",
    "Transmettre quand même",
    "Ne pas transmettre encore",
)


@dataclass(frozen=True, slots=True)
class _Typed:
    """What stands in the fields; ``axis`` is the one that the cause concerns, None for all."""

    text: str
    cause: str
    axis: int | None
    action: str

    @property
    def empty(self) -> bool:
        return not (self.text.strip() or self.cause.strip() or self.action.strip())


WHEN_SENT = (
    "« Transmettre le relevé » vient ici dès qu’un tableau de la période est déposé, ou que vous avez dit qu’il n’y a "
    "rien à déclarer."
)
"""Why the button that the guide names is not there yet."""


def draw_writing(context: Context, found: Releve, last: Narrative | None, parts: Sequence[ReportTable]) -> None:
    """The fields, and under them the buttons: each of them keeps what was typed."""
    sends = reporting.may(context.visitor, ReleveAction.SENT, found)
    lacking = [one.dataset.title for one in parts if one.missing]
    asking = f"transmettre-{found.subject}"
    asked = sends and bool(lacking) and bool(st.session_state.get(asking))
    lead = context.actor.role is Role.LEAD
    show(heading("Ce que raconte l’association" if lead else "Ce que vous racontez de cette période", 2))
    with form("recit", border=False):
        typed = _Typed(
            st.text_area("Comment la période s’est passée", last.text if last else "", height=120),
            st.text_area("S’il y a du retard, sa cause", last.cause if last else "", height=80),
            _axis(context, found, last),
            st.text_area("La prochaine action", last.next_action if last else "", height=80),
        )
        show(note("Sans nom de personne, ni téléphone. Le comité lit ce commentaire avec les chiffres."))
        show(note(_few_people(context, found)))
        if asked:
            show(_question(lacking, sum(not one.optional for one in parts)))
        pressed = _buttons(asked=asked, sends=sends)
    if sends:
        show(note("Transmettre prévient la Métropole, avec ce commentaire ; vous pourrez demander à le reprendre."))
    elif found.state is ReleveState.DUE and not lead:
        show(note(WHEN_SENT))
    if pressed == _SAVE:
        do(lambda: _write(context, found, typed), DoneAct("Le commentaire est enregistré.", _as_written(found, last)))
    elif pressed == _NOT_YET:
        st.session_state.pop(asking, None)
        done = DoneAct("Le relevé n’est pas transmis ; le commentaire est gardé.", _as_written(found, last))
        do(lambda: typed.empty or _write(context, found, typed), done)
    elif pressed == _SEND and lacking:
        st.session_state[asking] = True
        _keep(context, found, typed)
    elif pressed in (_SEND, _SEND_ANYWAY):
        st.session_state.pop(asking, None)
        done = DoneAct(
            "Le relevé est transmis, avec son commentaire ; un accusé de réception est disponible.",
            contrary="Pour revenir dessus : « Demander à reprendre ce relevé », ci-dessous ; la Métropole le rouvre.",
        )
        do(lambda: _send(context, found, typed), done)


def _as_written(found: Releve, last: Narrative | None) -> Undo | None:
    """What writes again the comment that stood before; None when there was none: it is corrected where it stands."""
    if last is None:
        return None
    before = _Typed(last.text, last.cause, last.axis, last.next_action)
    return lambda now: _write(now, found, before)


def _axis(context: Context, found: Releve, last: Narrative | None) -> int | None:
    """Which axis is late for that cause; nothing is asked where one axis alone is tried."""
    offered = [None, *context.registry.experiment(found.experiment).axes]
    if len(offered) < 3:
        return None
    before = last.axis if last else None
    return st.selectbox(
        "L’axe que cette cause retarde",
        offered,
        index=offered.index(before) if before in offered else 0,
        format_func=lambda axis: "Tous les axes" if axis is None else f"Axe {axis} : {AXIS_NAMES[axis]}",
    )


def _few_people(context: Context, found: Releve) -> str:
    """What to keep out of a text: nobody hides the numbers in it; and which figures of the period are so small."""
    asked = context.registry.indicators(found.experiment)
    until = min(found.period.end, context.today)
    seen = context.monitor.observe([one.code for one in asked], [found.experiment], until=until, period=found.period)
    few = [one.label for one in seen if one.people and 0 < (one.numerator or 0) < context.below]
    said = f"N’y écrivez aucun nombre de personnes inférieur à {context.below}, ni en chiffres ni en lettres : "
    said += "le texte est lu tel quel par le comité, à qui ces nombres sont cachés."
    return f"{said} Sur cette période : {french.listing(few)}." if few else said


def _buttons(*, asked: bool, sends: bool) -> str:
    """The name of the button that was pressed, empty for none."""
    names = [_SAVE] if not sends else [_SEND_ANYWAY, _NOT_YET] if asked else [_SEND, _SAVE]
    with st.container(horizontal=True):
        pressed = [
            st.form_submit_button(one, type="primary" if one == _SEND else "secondary", key=f"recit-{at}-{asked}")
            for at, one in enumerate(names)
        ]
    return next((name for name, done in zip(names, pressed, strict=True) if done), "")


def _question(lacking: Sequence[str], of: int) -> Html:
    said = (
        f"{french.count(len(lacking), 'tableau', 'tableaux')} sur {of} "
        f"{'manque' if len(lacking) == 1 else 'manquent'} : {french.listing(lacking)}. Transmettre quand même ?"
    )
    return answer(said, "question", title="Ce relevé est incomplet")


def _keep(context: Context, found: Releve, typed: _Typed) -> None:
    """Keep what was typed, then ask; what may not be kept is said first, and nothing is asked."""
    try:
        if not typed.empty:
            _write(context, found, typed)
    except Forbidden:
        raise
    except FabriqueError as error:
        st.session_state.pop(f"transmettre-{found.subject}", None)
        refused(callout(str(error), tone="attention"))
        return
    st.rerun()


def _send(context: Context, found: Releve, typed: _Typed) -> None:
    if not typed.empty:
        _write(context, found, typed)
    reporting.transmit(context.scope_of(_hand(context, found)), found.experiment, found.period.code)


def _write(context: Context, found: Releve, typed: _Typed) -> Narrative:
    return reporting.tell(
        context.scope_of(_hand(context, found)),
        found.experiment,
        found.period.code,
        typed.text,
        cause=typed.cause,
        axis=typed.axis,
        next_action=typed.action,
    )


def _hand(context: Context, found: Releve) -> Actor:
    """Who writes and sends: the visitor, in the association’s stead when it is the project lead."""
    actor = context.actor
    return acting_for(actor, found.association) if actor.role is Role.LEAD else actor
