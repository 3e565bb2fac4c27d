"""« Mes données »: what an association handed in, what is still due, and what to do for each table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from itertools import groupby

import streamlit as st

from core.checking import waiting
from core.contract.registry import ONLY_READ
from core.depositing import HandedIn, TableStanding, TableStatus, handed_in, transfers
from core.domain import french
from core.domain.access import ReleveState
from core.domain.calendar import day_in_france
from core.domain.dataset import Dataset
from core.domain.programme import Association
from core.domain.releve import Releve
from core.exports.description import DatasetDescription
from core.exports.table_schema import as_bytes
from core.exports.takeaway import kept_csv, take_away, take_away_name
from dashboard.addresses import address
from dashboard.components import (
    Child,
    Html,
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
from dashboard.components.text import plain_label
from dashboard.context import Context
from dashboard.views.releve_acts import releve_address, state_mark
from dashboard.views.shared import association_chooser, association_of, hand_of, releves_of
from dashboard.views.upload_receipt import download_acknowledgement

TITLE = "Mes données"
_TRANSVERSE = "Pour tous les axes"
_SHOWN = 3
_UNSENT = (ReleveState.DUE, ReleveState.DRAFT, ReleveState.RETURNED)


def draw(context: Context) -> None:
    """The sentence, the tables axis by axis, everything to take away."""
    association = association_of(context)
    if not context.registry.datasets(association.code):
        _only_kept(context, association)
        return
    state = handed_in(context.registry, context.store, association.code, today=context.today)
    mine = _of_period(context, association, state)
    chooser = association_chooser(context, association)
    show(
        page_title(TITLE, kicker=association.name, aside=chooser),
        lead(*_sentence(state, mine)),
        _next(association, state),
        _returned(context, association),
        _left_behind(context, association),
        _on_the_way(context, association),
        _releves(context, state, mine),
    )
    show(_tables(association, state, waiting.counted(context.store, association.code)))
    _acknowledgements(context, association)
    _kept(context, association)
    _away(context, association)


def _only_kept(context: Context, association: Association) -> None:
    """The page of an association whose extension is gone, or out of order: what it gave is still there."""
    chooser = association_chooser(context, association)
    told = "L’extension de cette association n’est pas en service : rien ne s’y dépose, et tout s’y lit."
    show(page_title(TITLE, kicker=association.name, aside=chooser), lead(told))
    _kept(context, association)
    _away(context, association)


def _kept(context: Context, association: Association) -> None:
    """The tables that no extension declares any more: read, exported with their schema, in the history."""
    registry, store = context.registry, context.store
    found = registry.kept(association.code)
    if not found:
        return
    rows = [
        [
            one.title,
            french.number(store.count(association.code, one.code)),
            link("Historique", address("historique", association=association.code, jeu=one.code)),
        ]
        for one in found
    ]
    listed = table("Tableaux sans extension", ["Tableau", "Lignes", "Lire"], rows, numeric=(1,))
    show(section("Données gardées", listed, intro=f"Chacun de ces tableaux {ONLY_READ}"))
    with st.container(key="donnees-gardees"):
        for one in found:
            download(
                plain_label(f"Télécharger « {one.title} » (CSV)"),
                partial(kept_csv, registry, store, association.code, one.code),
                f"{one.code}.csv",
                mime="text/csv",
                key=f"garde-{one.code}",
            )
            download(
                plain_label(f"Télécharger le schéma de « {one.title} »"),
                partial(as_bytes, DatasetDescription.of(registry, association.code, one.code)),
                f"{one.code}.schema.json",
                mime="application/json",
                key=f"schema-{one.code}",
            )


def _sentence(state: HandedIn, mine: Sequence[Releve]) -> Sequence[Child]:
    """« Pour le 2e trimestre 2022, 3 tableaux sur 9 sont reçus ; 6 sont attendus depuis le 4 juillet. »."""
    asked = len(state.received) + len(state.awaited)
    received = french.count(len(state.received), f"tableau sur {asked} est reçu", f"tableaux sur {asked} sont reçus")
    start = f"Pour le {state.period.label}, "
    unsent = [one for one in mine if one.state in _UNSENT]
    if not state.awaited and unsent:
        to_send = french.count(len(unsent), "relevé reste à transmettre", "relevés restent à transmettre")
        return (start, "tous les tableaux attendus sont reçus ; ", strong(to_send), ".")
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


def _next(association: Association, state: HandedIn) -> Html:
    """Where to start: the whole file at once, then the first tables that are due."""
    whole = tag("p", link("Déposer un fichier", address("deposer", association=association.code)), class_="first-deed")
    if not state.awaited:
        return whole
    shown = [link(one.dataset.title, _deposit(association, one.dataset)) for one in state.awaited[:_SHOWN]]
    more = len(state.awaited) - len(shown)
    others = [f" et {french.count(more, 'autre')}"] if more else []
    separated = [part for one in shown for part in (one, ", ")][:-1]
    return join([whole, note("À déposer : ", *separated, *others, ".")])


def _returned(context: Context, association: Association) -> Html | None:
    """Why a relevé came back, in the Métropole's words."""
    back = [
        one for one in releves_of(context) if one.association == association.code and one.state is ReleveState.RETURNED
    ]
    return join(_motive(context, one) for one in back) if back else None


def _motive(context: Context, one: Releve) -> Html:
    name = context.registry.experiment(one.experiment).short_title
    said = one.last.reason if one.last else ""
    told = tag("p", f"« {said} » " if said else "", link("Ouvrir le relevé", releve_address(one)))
    return callout(told, "attention", title=f"Relevé à corriger : {name}, {one.period.label}")


def _left_behind(context: Context, association: Association) -> Html | None:
    """The rows that deposits left behind, table by table."""
    rows = waiting.waiting(context.store, association.code)
    if not rows:
        return None
    counts = waiting.counted(context.store, association.code)
    titles = {one.code: one.title for one in context.registry.datasets(association.code)}
    where = [
        tag(
            "li",
            link(
                f"{titles.get(code, code)} : {french.count(count, 'ligne')}",
                address("lignes", association=association.code, jeu=code, facon="attente"),
            ),
        )
        for code, count in counts.items()
    ]
    told = "Vos dépôts ont gardé les lignes valides. Celles-ci ne sont dans aucun chiffre tant qu’elles attendent."
    body = join([tag("p", told), tag("ul", where, class_="actions")])
    return callout(body, "attention", title=french.sentence(waiting.told_of(rows)).removesuffix("."))


def _acknowledgements(context: Context, association: Association) -> None:
    """The papers of the last deposits."""
    made = [one for one in context.store.deposits(association=association.code) if one.reports][-_SHOWN:]
    if not made:
        return
    mine = (*context.registry.datasets(association.code), *context.registry.kept(association.code))
    titles = {one.code: one.title for one in mine}
    show(section("Vos derniers accusés de réception"))
    actor = hand_of(context, association)
    with st.container(key="derniers-accuses"):
        for one in reversed(made):
            day = french.day(day_in_france(one.at))
            about = f"{titles.get(one.dataset, one.dataset)}, {day}"
            download_acknowledgement(context, one, actor, key=f"accuse-{one.number}", about=about)


def _of_period(context: Context, association: Association, state: HandedIn) -> list[Releve]:
    """The relevés of the period that the association owes, experiment by experiment."""
    board = (one for one in releves_of(context) if one.association == association.code)
    return [one for one in board if one.period == state.period and one.state]


def _releves(context: Context, state: HandedIn, mine: Sequence[Releve]) -> Html | None:
    """Where the relevé of the period stands, experiment by experiment: it is sent from its own page."""
    if not mine:
        return None
    title = f"Relevé du {state.period.label}" if len(mine) == 1 else f"Relevés du {state.period.label}"
    named = {context.registry.experiment(one.experiment).short_title: one for one in mine}
    return section(title, facts({name: link(state_mark(one), releve_address(one)) for name, one in named.items()}))


def _on_the_way(context: Context, association: Association) -> Html | None:
    """Machines that another association sent, and that wait to be acknowledged."""
    parcels = transfers.awaited(context.registry, context.store, receiver=association.code)
    if not parcels:
        return None
    machines = transfers.contents(row for one in parcels for row in one.machines)
    return callout(
        join([f"{machines} vous ont été transférés. ", link("En accuser réception", "/transferts"), "."]),
        title="Du matériel est en chemin",
    )


def _tables(association: Association, state: HandedIn, left: Mapping[str, int]) -> Html:
    ordered = sorted(state.tables, key=lambda one: (one.dataset.axis is None, one.dataset.axis or 0))
    return join(
        section(_name(axis), _table(association, state, axis, list(tables), left))
        for axis, tables in groupby(ordered, key=lambda one: one.dataset.axis)
    )


def _name(axis: int | None) -> Html | str:
    return _TRANSVERSE if axis is None else axis_chip(axis)


def _table(
    association: Association,
    state: HandedIn,
    axis: int | None,
    tables: Sequence[TableStanding],
    left: Mapping[str, int],
) -> Html:
    rows = [
        [
            link(one.dataset.title, _deposit(association, one.dataset)),
            _standing(one, state),
            _rows(association, one, left.get(one.dataset.code, 0)),
            _last(one),
            _actions(association, one),
        ]
        for one in tables
    ]
    caption = f"Tableaux de l’axe {axis}" if axis else "Tableaux communs aux trois axes"
    headings = ["Tableau", french.capital(state.period.label), "Lignes", "Dernier dépôt", "Faire"]
    return tag("div", table(caption, headings, rows, numeric=(2,), wide=True), class_="handed-in")


def _rows(association: Association, one: TableStanding, left: int) -> Html | str:
    """How many rows are held, and how many wait to be corrected."""
    if not left:
        return french.number(one.rows)
    where = address("lignes", association=association.code, jeu=one.dataset.code, facon="attente")
    return tag("div", french.number(one.rows), note(link(f"+ {left} à corriger", where)))


def _standing(one: TableStanding, state: HandedIn) -> Html:
    match one.standing:
        case TableStatus.RECEIVED:
            return tag("span", "Reçu", class_="standing standing--received")
        case TableStatus.NOTHING:
            return tag("span", "Rien à déclarer", class_="standing standing--received")
        case TableStatus.AWAITED:
            words = f"Attendu {_by(state)}" if state.late else "À compléter"
            return tag("span", words, class_="standing standing--awaited" if state.late else "standing")
        case _:
            yearly = one.dataset.cadence != "trimestre"
            return tag("span", "Une fois par exercice" if yearly else "Facultatif", class_="standing")


def _last(one: TableStanding) -> Html | str:
    if one.last is None:
        return "Aucun"
    day = french.day(day_in_france(one.last.at))
    nothing = note("Rien à déclarer") if one.last.declares_nothing else None
    return tag("div", day, nothing, note(one.last.actor))


def _actions(association: Association, one: TableStanding) -> Html:
    which = {"association": association.code, "jeu": one.dataset.code}
    told: list[tuple[str, str]] = [("Déposer un fichier", address("deposer", **which))]
    if one.standing is TableStatus.AWAITED:
        told.append(("Rien à déclarer", address("deposer", **which, rien="oui")))
    if one.rows:
        told.append(("Corriger", address("lignes", **which)))
    else:
        told.append(("Ajouter une ligne", address("lignes", **which, facon="ajout")))
    if one.last:
        told.append(("Historique", address("historique", **which)))
    return tag("ul", [tag("li", link(_spoken(words, one.dataset), where)) for words, where in told], class_="actions")


def _spoken(words: str, dataset: Dataset) -> Html:
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
    download(
        "Emporter toutes mes données (ZIP)",
        partial(take_away, context.scope_of(hand_of(context, association)), association.code),
        take_away_name(association.code, context.today),
        mime="application/zip",
        key="emporter",
    )
