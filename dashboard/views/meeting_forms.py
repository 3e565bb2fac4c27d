"""Decisions are written during the session, and followed up afterwards."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta

import streamlit as st

from core import reporting
from core.committee import deciding, meetings
from core.committee.deciding import Proposal
from core.domain import access, french
from core.domain.access import Action
from core.domain.meeting import FOLLOW_MARKS, VERDICT_MARKS, Decision, Meeting, Stage, Verdict
from dashboard.components import Html, answer, bullets, callout, heading, join, link, show, tag
from dashboard.components.forms import form
from dashboard.context import Context
from dashboard.views import way_back
from dashboard.views.meeting_agenda import PATH, decided_table, draw_agenda, step_address
from dashboard.views.shared import read_moment
from dashboard.views.way_back import DoneAct

_VERDICTS = list(Verdict)
OTHER = ""


def draw_decide(context: Context, found: Meeting, every: Sequence[Meeting]) -> None:
    """What is decided already, then the form of the next decision."""
    rank = f"{found.number}.{len(found.decisions) + 1}"
    closed = found.stage is Stage.CLOSED
    show(heading("Écrire une décision"), decided_table(found, "Décisions") if found.decisions else None)
    if closed:
        show(
            callout("Ce comité est clos : une décision ne change que par une nouvelle, qui dit laquelle elle remplace.")
        )
    if found.stage is Stage.FROZEN:
        _offer_to_open(context, found)
    known = found.decisions if closed else meetings.all_decisions(every).values()
    proposal = _proposal(found, rank, [one for one in known if one.stands])
    if proposal is not None:
        way_back.do(
            lambda: deciding.decide(context.scope, found.number, proposal),
            DoneAct(
                f"La décision n° {rank} est enregistrée.",
                contrary="Pour revenir dessus, écrivez-en une autre et choisissez celle-ci sous « Remplace » : "
                "les deux restent lisibles.",
            ),
        )


def _proposal(found: Meeting, rank: str, replaceable: Sequence[Decision]) -> Proposal | None:
    """The form of a decision; what it says once it is sent."""
    points = {one.code: one for one in found.points}
    with st.container(key="formulaire-decider"), form("decider", border=False):
        point = st.selectbox(
            "Point de l’ordre du jour",
            [*points, OTHER],
            index=_next_point(found),
            format_func=lambda code: points[code].title if code else "Hors ordre du jour",
        )
        verdict = st.radio(
            "Issue",
            _VERDICTS,
            horizontal=True,
            format_func=lambda one: " ".join(VERDICT_MARKS[one]),
            help="« À soumettre au Bureau » : le comité propose, seule une délibération peut décider.",
        )
        # Keys of their own: once a decision is written, the next one starts from an empty form.
        text = st.text_area("Décision", key=f"texte-{rank}", help="Une phrase que les absents comprendront.")
        owner = st.text_input("Responsable", key=f"responsable-{rank}")
        due = st.date_input("Échéance", None, key=f"echeance-{rank}", format="DD/MM/YYYY", help="Vide : pas de date.")
        numbers = [OTHER, *(one.number for one in replaceable)]
        replaces = st.selectbox("Remplace", numbers, format_func=lambda number: _named(number, replaceable))
        sent = st.form_submit_button(french.typeset(f"Enregistrer la décision n° {rank}"), type="primary")
    if not sent:
        return None
    about = points.get(point)
    tied = (about.experiment, about.indicator) if about else (None, None)
    return Proposal(verdict, text, point, owner, due, *tied, replaces)


def draw_follow_up(context: Context, every: Sequence[Meeting]) -> None:
    """The decisions that wait for something, and the form that says what became of one."""
    waiting = [one for one in meetings.all_decisions(every).values() if one.to_do]
    show(heading("Suivre les décisions"))
    if not waiting:
        show(tag("p", "Toutes les décisions ont leur suite."))
        return
    numbers = {one.number: one for one in waiting}
    with st.container(key="formulaire-suivre"), form("suivre", border=False):
        number = st.selectbox("Décision", list(numbers), format_func=lambda one: _named(one, waiting))
        made = st.radio("Suite", [True, False], horizontal=True, format_func=lambda one: FOLLOW_MARKS[one][1])
        note = st.text_area("Note", help="Ce qui est fait ; sinon pourquoi, et la suite.")
        sent = st.form_submit_button("Enregistrer la suite", type="primary")
    if sent:
        way_back.do(
            lambda: deciding.follow_up(context.scope, number, made, note),
            lambda word: DoneAct(
                f"La suite de la décision n° {number} est enregistrée.",
                lambda now: deciding.take_follow_up_back(now.scope, number, word),
            ),
        )


def _offer_to_open(context: Context, found: Meeting) -> None:
    if st.button("Ouvrir la séance"):
        way_back.do(lambda: deciding.open_session(context.scope, found.number), DoneAct("La séance est ouverte."))


def _next_point(found: Meeting) -> int:
    """The first point that has no decision yet."""
    ranks = (rank for rank, one in enumerate(found.points) if not found.decisions_on(one.code))
    return next(ranks, len(found.points))


def _named(number: str, known: Sequence[Decision]) -> str:
    found = next((one for one in known if one.number == number), None)
    if found is None:
        return "Aucune décision"
    text = found.text if len(found.text) <= 90 else f"{found.text[:90].rsplit(' ', 1)[0]}…"
    return french.typeset(f"n° {number} : {text}")


# --- The steps of a committee, one form at a time: agenda, freeze, decisions, follow-up, end -------


_OPEN = (Stage.PREPARED, Stage.FROZEN, Stage.IN_SESSION)
STEPS: dict[str, tuple[str, tuple[Stage, ...]]] = {
    "preparer": ("Préparer l’ordre du jour", _OPEN),
    "arreter": ("Arrêter les données", (Stage.PREPARED, Stage.FROZEN)),
    "decider": ("Écrire les décisions", (Stage.FROZEN, Stage.IN_SESSION, Stage.CLOSED)),
    "clore": ("Clore", (Stage.FROZEN, Stage.IN_SESSION)),
    "suivre": ("Suivre les décisions", tuple(Stage)),
}
"""The steps, their titles, and when they are offered."""


def draw_step(context: Context, found: Meeting, every: Sequence[Meeting], step: str) -> None:
    """One step; the visitor must be allowed to convene."""
    access.check(context.actor, Action.CONVENE)
    way_back.tell(context, PATH)
    title, stages = STEPS[step]
    if found.stage not in stages:
        show(heading(title), callout(_not_now(found), tone="attention", title="Pas maintenant"))
        return
    forms: dict[str, Callable[[], None]] = {
        "preparer": lambda: draw_agenda(context, found),
        "arreter": lambda: _draw_freeze(context, found),
        "decider": lambda: draw_decide(context, found, every),
        "clore": lambda: _draw_close(context, found),
        "suivre": lambda: draw_follow_up(context, every),
    }
    forms[step]()


def _not_now(found: Meeting) -> str:
    """Why a step is not offered at this stage."""
    if found.stage is Stage.PREPARED:
        return "Arrêtez d’abord les données : chaque décision dit au vu de quels chiffres elle est prise."
    if found.stage is Stage.CLOSED:
        return f"Le {found.title.lower()} est clos : il ne se modifie plus."
    return "Ce comité a déjà décidé au vu de données arrêtées : elles restent celles de cette séance."


def draw_convene(context: Context) -> None:
    """The form of the next committee, for who convenes."""
    if not access.allowed(context.visitor, Action.CONVENE):
        return
    show(heading("Préparer le comité suivant"))
    with st.container(key="formulaire-convoquer"), form("convoquer", border=False):
        day = st.date_input("Jour du comité", context.today + timedelta(days=14), format="DD/MM/YYYY")
        sent = st.form_submit_button("Préparer ce comité", type="primary")
    if sent and isinstance(day, date):
        way_back.do(
            lambda: meetings.convene(context.scope, day),
            lambda number: DoneAct(
                f"Le comité n° {number} est inscrit, le {french.day(day)}.",
                contrary="Écrire son ordre du jour, ou changer son jour",
                where=step_address(Meeting(number, day), "preparer"),
            ),
        )


def _draw_freeze(context: Context, found: Meeting) -> None:
    number = 1 + sum(len(one.freezes) for one in meetings.meetings(context.store))
    moment = read_moment(context)
    show(heading("Arrêter les données"), _what_is_frozen(context, found, number))
    day = st.date_input(
        "Données jusqu’au",
        moment.until,
        max_value=context.today,
        format="DD/MM/YYYY",
        help="Le dernier jour compté ; ce qui est daté d’après n’entre pas dans les chiffres.",
    )
    lacking = reporting.lacking(context.registry, context.store, day, context.today) if isinstance(day, date) else ()
    show(_what_is_lacking(context, lacking))
    with st.container(key="formulaire-arreter"), form("arreter", border=False):
        agreed = not lacking or st.checkbox("Arrêter quand même : ces relevés seront dits manquants ou non définitifs")
        sent = st.form_submit_button(french.typeset(f"Arrêter les données (n° {number})"), type="primary")
    if sent and not agreed:
        show(
            answer(
                "Cochez la case pour arrêter les données telles qu’elles sont, ou attendez ces relevés.",
                "attention",
                title="Rien n’est arrêté",
            )
        )
    elif sent and isinstance(day, date):
        way_back.do(
            lambda: _freeze(context, found, day),
            DoneAct(
                f"Les données sont arrêtées au {french.day(day)} (n° {number}).",
                contrary="Tant qu’aucune décision n’est écrite, vous pouvez les arrêter de nouveau : "
                "les nouvelles remplacent celles-ci, qui restent lisibles.",
            ),
        )


def _what_is_lacking(context: Context, found: Sequence[reporting.Releve]) -> Html | None:
    """« 2 relevés manquent, 1 est retourné, 3 ne sont pas acceptés », and which."""
    if not found:
        return None
    title = context.registry.experiment
    named = [f"{title(one.experiment).short_title}, {one.period.label} : {one.words.lower()}" for one in found]
    return callout(bullets(named), tone="attention", title=reporting.lacking_sentence(found))


def _freeze(context: Context, found: Meeting, day: date) -> None:
    meetings.freeze(context.scope, found.number, day, fictitious=context.demonstration)


def _what_is_frozen(context: Context, found: Meeting, number: int) -> Html:
    """What the button will do, before it is pressed."""
    failed = sorted({one.plugin for one in context.registry.failures})
    again = (
        f"Remplacent, pour ce comité, les données n° {found.freeze.number}, qui restent lisibles dans le registre."
        if found.freeze
        else ""
    )
    items = [
        f"{len(context.registry.catalogue)} indicateurs, pour les {len(context.registry.experiments)} expérimentations "
        "et le programme, avec objectifs et avancement.",
        "L’argent, les engagements, les jalons, ce que racontent les associations, la page de chaque plugin.",
        "La version de chaque formule et de chaque plugin, et une empreinte qui prouve que rien n’a bougé.",
        f"Ne fonctionne pas aujourd’hui : {french.listing(failed)} ; sa page sera arrêtée vide." if failed else "",
        again,
    ]
    return join(
        [
            tag("p", f"Seront figés sous le n° {number} :"),
            bullets([one for one in items if one]),
            tag("p", "Ensuite rien ne les change : les dépôts suivants seront pour le prochain comité."),
        ]
    )


def _draw_close(context: Context, found: Meeting) -> None:
    waiting = [one.title for one in found.points if not found.decisions_on(one.code)]
    count = french.count(len(found.decisions), "décision écrite", "décisions écrites")
    show(
        heading("Clore le comité"),
        tag(
            "p",
            f"{count}. Une fois clos, le comité se lit par tous et ne se modifie plus : une décision ne change "
            "que par une nouvelle, qui dit laquelle elle remplace.",
        ),
        callout(
            join(
                [
                    f"Sans décision : {french.listing(waiting)}. ",
                    link("Écrire une décision", step_address(found, "decider")),
                ]
            ),
            tone="attention",
        )
        if waiting
        else None,
    )
    if st.button(french.typeset(f"Clore le {found.title.lower()}"), type="primary", disabled=bool(waiting)):
        way_back.do(
            lambda: deciding.close(context.scope, found.number),
            DoneAct(
                f"Le {found.title.lower()} est clos.",
                contrary="Une décision ne change plus que par une autre, qui dit laquelle elle remplace",
                where=step_address(found, "decider"),
            ),
        )
