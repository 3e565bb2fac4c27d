"""« Mes données »: what an association handed in, what is still due, and what to do for each table."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from core.domain import french
from core.domain.dataset import Dataset
from core.domain.local_time import FRANCE
from core.domain.programme import Association
from core.exports.takeaway import take_away, take_away_name
from core.services import transfers
from core.services.intake import HandedIn, Standing, TableStanding, handed_in
from dashboard.components import (
    axis_chip,
    callout,
    download,
    facts,
    join,
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
from dashboard.navigation import address
from dashboard.views.parts.kept import releves_of
from dashboard.views.parts.releve_words import releve_address, state_mark
from dashboard.views.parts.whose import association_chooser, association_of, hand_of

TITLE = "Mes données"
_TRANSVERSE = "Pour tous les axes"
_SHOWN = 3


def draw(context: Context) -> None:
    """The sentence, the tables axis by axis, everything to take away."""
    association = association_of(context)
    state = handed_in(context.registry, context.store, association.code, today=context.today)
    chooser = association_chooser(context, "mes-donnees", association)
    show(
        page_title(TITLE, kicker=association.name, aside=chooser),
        lead(*_sentence(state)),
        _next(association, state),
        _on_the_way(context, association),
        _releves(context, association, state),
    )
    show(_tables(association, state))
    _away(context, association)


def _sentence(state: HandedIn) -> Sequence[Any]:
    """« Pour le 2e trimestre 2022, 3 tableaux sur 9 sont reçus ; 6 sont attendus depuis le 4 juillet. »."""
    asked = len(state.received) + len(state.awaited)
    received = french.count(len(state.received), f"tableau sur {asked} est reçu", f"tableaux sur {asked} sont reçus")
    start = f"Pour le {state.period.label}, "
    if not state.awaited:
        return (start, strong("tout ce qui était attendu est reçu"), ". Merci.")
    return (start, received, " ; ", strong(_waited(state)), ".")


def _waited(state: HandedIn) -> str:
    count = len(state.awaited)
    if state.due is None:
        return french.count(count, "reste à déposer", "restent à déposer")
    return f"{french.count(count, 'est attendu', 'sont attendus')} {_by(state)}"


def _by(state: HandedIn) -> str:
    """« depuis le 4 juillet 2022 » once the day is over, « pour le 4 juillet 2022 » until then."""
    return "" if state.due is None else f"{'depuis' if state.late else 'pour'} le {french.day(state.due)}"


def _next(association: Association, state: HandedIn) -> Any:
    """Where to start: the first tables that are due."""
    if not state.awaited:
        return None
    shown = [link(one.dataset.title, _deposit(association, one.dataset)) for one in state.awaited[:_SHOWN]]
    more = len(state.awaited) - len(shown)
    others = [f" et {french.count(more, 'autre')}"] if more else []
    separated = [part for one in shown for part in (one, ", ")][:-1]
    return note("À déposer : ", *separated, *others, ".")


def _releves(context: Context, association: Association, state: HandedIn) -> Any:
    """Where the relevé of the period stands, experiment by experiment: it is sent from its own page."""
    board = [one for one in releves_of(context) if one.association == association.code]
    mine = [one for one in board if one.period == state.period and one.state]
    if not mine:
        return None
    title = f"Relevé du {state.period.label}" if len(mine) == 1 else f"Relevés du {state.period.label}"
    named = {context.registry.experiment(one.experiment).short_title: one for one in mine}
    return section(title, facts({name: link(state_mark(one), releve_address(one)) for name, one in named.items()}))


def _on_the_way(context: Context, association: Association) -> Any:
    """Machines that another association sent, and that wait to be acknowledged."""
    parcels = transfers.awaited(context.registry, context.store, receiver=association.code)
    if not parcels:
        return None
    machines = transfers.contents(row for one in parcels for row in one.machines)
    return callout(
        join([f"{machines} vous ont été transférés. ", link("En accuser réception", "/transferts"), "."]),
        title="Du matériel est en chemin",
    )


def _tables(association: Association, state: HandedIn) -> Any:
    ordered = sorted(state.tables, key=lambda one: (one.dataset.axis is None, one.dataset.axis or 0))
    return join(
        section(_name(axis), _table(association, state, axis, list(tables)))
        for axis, tables in groupby(ordered, key=lambda one: one.dataset.axis)
    )


def _name(axis: int | None) -> Any:
    return _TRANSVERSE if axis is None else axis_chip(axis)


def _table(association: Association, state: HandedIn, axis: int | None, tables: Sequence[TableStanding]) -> Any:
    rows = [
        [
            link(one.dataset.title, _deposit(association, one.dataset)),
            _standing(one, state),
            french.number(one.rows),
            _last(one),
            _actions(association, one),
        ]
        for one in tables
    ]
    caption = f"Tableaux de l’axe {axis}" if axis else "Tableaux communs aux trois axes"
    headings = ["Tableau", state.period.label[:1].upper() + state.period.label[1:], "Lignes", "Dernier dépôt", "Faire"]
    return tag("div", table(caption, headings, rows, numeric=(2,), hide_caption=True, wide=True), class_="handed-in")


def _standing(one: TableStanding, state: HandedIn) -> Any:
    match one.standing:
        case Standing.RECEIVED:
            return tag("span", "Reçu", class_="standing standing--received")
        case Standing.NOTHING:
            return tag("span", "Rien à déclarer", class_="standing standing--received")
        case Standing.AWAITED:
            words = f"Attendu {_by(state)}" if state.late else "À compléter"
            return tag("span", words, class_="standing standing--awaited" if state.late else "standing")
        case _:
            yearly = one.dataset.cadence != "trimestre"
            return tag("span", "Une fois par exercice" if yearly else "Facultatif", class_="standing")


def _last(one: TableStanding) -> Any:
    if one.last is None:
        return "Aucun"
    day = french.day(one.last.at.astimezone(FRANCE).date())
    return tag("div", day, note(one.last.actor))


def _actions(association: Association, one: TableStanding) -> Any:
    which = {"association": association.code, "jeu": one.dataset.code}
    told: list[tuple[str, str]] = [("Déposer un fichier", address("deposer", **which))]
    if one.standing is Standing.AWAITED:
        told.append(("Rien à déclarer", address("deposer", **which, rien="oui")))
    if one.rows:
        told.append(("Corriger", address("lignes", **which)))
    if one.last:
        told.append(("Historique", address("historique", **which)))
    return tag("ul", [tag("li", link(_spoken(words, one.dataset), where)) for words, where in told], class_="actions")


def _spoken(words: str, dataset: Dataset) -> Any:
    """The words of the link, and for who only hears links, of which table."""
    return join([words, tag("span", f" : {dataset.title}", class_="visually-hidden")])


def _deposit(association: Association, dataset: Dataset) -> str:
    return address("deposer", association=association.code, jeu=dataset.code)


def _away(context: Context, association: Association) -> None:
    show(
        section(
            "Emporter toutes mes données",
            tag(
                "p",
                "Une archive : un tableur par tableau, qui se redépose tel quel, et vos fichiers tels que conservés.",
            ),
        )
    )
    actor, now = hand_of(context, association), context.now
    download(
        "Emporter toutes mes données (ZIP)",
        lambda: take_away(context.registry, context.store, association.code, actor=actor, at=now),
        take_away_name(association.code, context.today),
        mime="application/zip",
        key="emporter",
    )
