"""« Corriger mes lignes »: choose a row, correct it, see what was done; two versions are chosen cell by cell."""

from __future__ import annotations

import streamlit as st

from core.catalogue.keys import KEY
from core.checking import naming
from core.checking.outcome import Outcome
from core.depositing import comments, history, submit
from core.depositing.comments import About
from core.depositing.editing import Dispute, Edits, Result, settle
from core.domain import french
from core.domain.dataset import RowDict
from core.domain.programme import METROPOLE, Association
from core.errors import FabriqueError
from core.reading import grouped, problem_heading
from dashboard.addresses import address
from dashboard.components import (
    Child,
    ChooserLink,
    Html,
    answer,
    bullets,
    callout,
    choices,
    empty,
    heading,
    join,
    lead,
    link,
    note,
    page_title,
    show,
    strong,
    table,
    tag,
)
from dashboard.components import heading as title
from dashboard.components.forms import done_place, form, refused, row_form
from dashboard.components.text import plain_label
from dashboard.context import Context
from dashboard.views.history_parts import draw_comments
from dashboard.views.row_batch import draw_batch
from dashboard.views.row_editor import Bench, SaveOutcome, changed_cells, draw_grid, search_form, sought
from dashboard.views.shared import association_of, hand_of, releves_of
from dashboard.views.waiting_lines import draw_waiting, left_behind

_THEIRS, _MINE = "Garder l’autre version", "Écrire la mienne"


def draw_choice(bench: Bench) -> None:
    """The disputes of the last save, a choice for each, and the button that stores the rest."""
    edits, result = bench.memory["litige"]
    count = french.count(len(result.disputes), "cellule a changé", "cellules ont changé")
    show(
        title("Une autre personne a modifié ces lignes", 2),
        callout(
            f"Pendant que vous travailliez, {count}. Rien n’est encore enregistré : voici les versions, choisissez.",
            tone="question",
            title="Deux versions",
        ),
        _table(bench, result),
    )
    with form(bench.key("choix"), border=False):
        mine = [(one.key, one.column) for at, one in enumerate(result.disputes) if _chosen(bench, one, at)]
        show(note("Ce que vous aviez saisi ailleurs sur ces lignes est enregistré avec votre choix."))
        sent = st.form_submit_button("Enregistrer avec ces choix", type="primary")
    if sent:
        _save(bench, edits, result, mine)
    if st.button("Abandonner ma saisie", key=bench.key("choix-abandon")):
        bench.memory.pop("litige")
        st.rerun()


def _save(bench: Bench, edits: Edits, result: Result, mine: list[tuple[str, str | None]]) -> None:
    left = settle(edits, result, mine)
    if not left.count:
        bench.memory.pop("litige")
        st.rerun()
    bench.save(left, based_on=result.revision, again=lambda: bench.memory.pop("litige", None))


def _table(bench: Bench, result: Result) -> Html:
    headings = ["Ligne", "Colonne", "Vous aviez lu", "Quelqu’un a écrit", "Vous avez saisi"]
    rows = [_row(bench, one) for one in result.disputes]
    return table("Les deux versions", headings, rows, wide=True)


def _row(bench: Bench, one: Dispute) -> list[Child]:
    seen, theirs, mine = (_shown(bench, one, value) for value in (one.seen, one.theirs, one.mine))
    return [bench.name(one.key), _column(bench, one), seen, tag("div", theirs, _who(one)), mine]


def _chosen(bench: Bench, dispute: Dispute, at: int) -> bool:
    label = french.typeset(f"Ligne « {bench.name(dispute.key)} », {_column(bench, dispute)}")
    answers = [
        f"{_THEIRS} : {_shown(bench, dispute, dispute.theirs)}",
        f"{_MINE} : {_shown(bench, dispute, dispute.mine)}",
    ]
    offered = [plain_label(french.typeset(one)) for one in answers]
    return st.radio(plain_label(label), offered, index=0, key=bench.key(f"choix-{at}")) == offered[1]


def _column(bench: Bench, dispute: Dispute) -> str:
    return "la ligne entière" if dispute.column is None else problem_heading(dispute.column, bench.dataset)


def _shown(bench: Bench, dispute: Dispute, value: object) -> str:
    if dispute.column is None:
        return "retirée" if value is None else "gardée, avec ses modifications" if value is dispute.mine else "gardée"
    return naming.value(bench.context.registry, bench.dataset.by_name[dispute.column], value)


def _who(dispute: Dispute) -> Html | None:
    if dispute.by is None:
        return None
    when = french.moment(dispute.by.at)
    return note(f"{dispute.by.actor}, le {when}")


# --- What the last save did, said on top: added or changed, from which number to which, and « Annuler » beside it ---


_SHOWN = 12


def tell_done(bench: Bench) -> None:
    """Say what the last save did, until the next one; and take it back when asked."""
    done: SaveOutcome | None = bench.memory.get("fait")
    if done is None or _done_elsewhere(bench):
        bench.memory.pop("fait", None)
        return
    revision = done.outcome.revision
    if revision is None:
        bench.memory.pop("fait")
        said = join([tag("p", "Rien n’a changé : c’est ce qui était déjà enregistré."), _blank(done)])
        show(answer(said, title="Rien à enregistrer"))
        return
    title = "C’est enregistré" if done.undone is None else "C’est annulé"
    with done_place(lambda: bench.memory.pop("fait", None)), st.container(key=bench.key("fait")):
        show(answer(join(_parts(bench, done, revision)), title=title))
        pressed = done.undone is None and st.button("Annuler", key=bench.key(f"annuler-{revision}"))
    if pressed:  # outside: a refusal empties the place where the save is told
        _undo(bench, revision)


def _done_elsewhere(bench: Bench) -> bool:
    """Whether the person went to another row or page since it was said."""
    here = (bench.memory["fait"].outcome.revision, sorted(st.query_params.items()))
    before = bench.memory.setdefault("dit", here)
    if before[0] != here[0]:
        bench.memory["dit"] = before = here
    return before != here


def done_sentence(outcome: Outcome) -> str:
    """« 2 lignes sont modifiées, 1 ligne est ajoutée. »."""
    told = [
        french.count(number, f"ligne est {what}", f"lignes sont {what}s")
        for number, what in ((outcome.changed, "modifiée"), (outcome.added, "ajoutée"), (outcome.removed, "retirée"))
        if number
    ]
    return french.sentence(french.listing(told))


def _parts(bench: Bench, done: SaveOutcome, revision: int) -> list[Child]:
    number = link(f"Dépôt n° {revision}", bench.at_history(depot=str(revision)))
    parts: list[Child] = [tag("p", done.words or done_sentence(done.outcome), " ", number)]
    turns = history.turns_of(bench.context.registry, bench.context.store, revision, _SHOWN)
    parts.append(bullets(one.sentence for one in turns))
    rest = done.outcome.added + done.outcome.changed + done.outcome.removed - len(turns)
    parts += [tag("p", f"Et {french.count(rest, 'autre ligne', 'autres lignes')}.")] if rest > 0 else []
    if done.kept:
        others = french.count(
            done.kept,
            "cellule modifiée entre-temps par quelqu’un d’autre est gardée",
            "cellules modifiées entre-temps par quelqu’un d’autre sont gardées",
        )
        parts.append(tag("p", f"{others}."))
    parts.append(_blank(done))
    if len(done.outcome.warnings):
        parts.append(tag("p", "À vérifier, sans urgence :"))
        parts.append(bullets(cause.sentence for cause in grouped(done.outcome.warnings, bench.dataset)[:_SHOWN]))
    return parts


def _blank(done: SaveOutcome) -> Html | None:
    if not done.blank:
        return None
    kept = french.listing(f"« {one} »" for one in done.blank)
    return tag("p", f"Laissé vide, donc gardé : {kept}.")


def _undo(bench: Bench, revision: int) -> None:
    try:
        outcome = submit.undo(bench.scope, revision)
    except FabriqueError as error:
        details = [*getattr(error, "details", ())]
        said = join([tag("p", str(error)), bullets(details) if details else None])
        refused(callout(said, tone="attention", title="Rien n’a été annulé"))
        return
    words = french.typeset(f"Le dépôt n° {revision} est annulé.")
    bench.memory["fait"] = SaveOutcome(outcome, words, undone=revision)
    st.rerun()


# --- One row at a time: correct it, add one, take one out ------------------------------------------


_LISTED = 60


def draw_one(bench: Bench) -> None:
    """The form of the row that the address names; the list to choose from when it names none."""
    name = st.query_params.get("ligne")
    if not name:
        _choose(bench)
        return
    key = bench.key(f"ligne-{name}")
    seen = bench.seen(key, typing=_mounted(bench, key))
    row = bench.row(name, seen)
    if row is None:
        show(
            empty(
                "Cette ligne n’est plus dans les données",
                "Elle a été retirée, ou son nom a changé.",
                action=link("Voir son histoire", bench.at_history(ligne=name)),
            )
        )
        return
    show(
        heading(f"Ligne « {bench.name(name)} »", 2),
        note(link("Toute l’histoire de cette ligne", bench.at_history(ligne=name))),
    )
    _form(bench, row, key, seen)
    _removal(bench, name, key, seen)
    draw_comments(bench.context, About(bench.association.code, bench.dataset.code, name), bench.actor, key=key)


def draw_new(bench: Bench) -> None:
    """The form of a row that is not there yet."""
    key = bench.key(f"ajout-{bench.memory.get('ajouts', 0)}")
    seen = bench.seen(key, typing=_mounted(bench, key))
    sent = row_form(bench.dataset, None, key=key, button="Ajouter cette ligne")

    def again() -> None:
        bench.memory["ajouts"] = bench.memory.get("ajouts", 0) + 1

    if sent is not None:
        bench.save(Edits(added=(dict(sent),)), based_on=seen, again=again, sent=sent)


def _form(bench: Bench, row: RowDict, key: str, seen: int) -> None:
    sent = row_form(
        bench.dataset,
        row,
        key=f"{key}-{seen}",
        button="Enregistrer cette ligne",
        fixed=bench.dataset.key,
        changing=True,
    )
    if sent is None:
        return
    cells = changed_cells(row, sent)
    if not cells:
        show(note("Rien n’a changé dans ce formulaire."))
        return
    bench.save(Edits(changed={row[KEY]: cells}), based_on=seen, again=lambda: _forget(bench, key), sent=sent)


def _removal(bench: Bench, name: str, key: str, seen: int) -> None:
    with st.expander("Retirer cette ligne"):
        show(
            note(
                "La ligne quitte les données d’aujourd’hui et tous les chiffres. Son histoire reste, et le retrait "
                "s’annule."
            )
        )
        if st.button(plain_label(f"Retirer la ligne « {bench.name(name)} »"), key=f"{key}-retrait"):
            bench.save(Edits(removed=(name,)), based_on=seen, again=lambda: _forget(bench, key))


def _choose(bench: Bench) -> None:
    count, found = sought(bench, bench.context.store.latest(), 0, _LISTED)
    show(tag("div", search_form(bench, "ligne"), class_="rows-tools"))
    names = found[KEY].to_list()
    told = comments.counted(bench.context.store, bench.association.code, bench.dataset.code, actor=bench.actor)
    items = [
        tag("li", link(bench.name(one), bench.at_rows(facon="ligne", ligne=one)), _said(told.get(one, 0)))
        for one in names
    ]
    rest = count - len(names)
    more = f"Et {french.count(rest, 'autre ligne', 'autres lignes')} : précisez la recherche." if rest else ""
    show(heading("Quelle ligne ?", 2), tag("ul", items, class_="row-names"), note(more) if more else None)
    if not names:
        show(empty("Aucune ligne", "Rien ne répond à cette recherche."))


def _said(number: int) -> Html | None:
    return tag("span", f" · {french.count(number, 'commentaire')}", class_="note") if number else None


def _mounted(bench: Bench, key: str) -> bool:
    """Whether the form stood on the page at the last run: what the person sees must not change under the hand."""
    held = bench.memory.get("vu", {}).get(key)
    first = bench.dataset.columns[0].name
    return held is not None and any(f"{start}-{first}" in st.session_state for start in (f"{key}-{held}", key))


def _forget(bench: Bench, key: str) -> None:
    bench.memory.get("vu", {}).pop(key, None)


# --- « Corriger mes lignes »: a grid, the form of one row, a batch; two people who type lose nothing ----


TITLE = "Corriger mes lignes"
WAYS = {"grille": "Dans la grille", "ligne": "Une ligne", "ajout": "Ajouter une ligne", "lot": "Plusieurs à la fois"}
_WAITING = "attente"
_DRAW = {"grille": draw_grid, "ligne": draw_one, "ajout": draw_new, "lot": draw_batch, _WAITING: draw_waiting}


def draw(context: Context) -> None:
    """How many rows there are, then one way to correct them."""
    association = association_of(context)
    asked = st.query_params.get("jeu")
    if not asked:
        show(page_title(TITLE, kicker=association.name), *_choose_table(context, association))
        return
    dataset = context.registry.dataset(association.code, asked)
    bench = Bench(context, association, dataset, hand_of(context, association))
    title = page_title(TITLE, kicker=f"{association.name} · {dataset.title}", aside=_elsewhere(bench))
    show(title, _sentence(bench), _held(bench))
    tell_done(bench)
    if "litige" in bench.memory:
        draw_choice(bench)
        return
    ways = _ways(bench)
    way = st.query_params.get("facon", "grille")
    way = way if way in ways else "grille"
    show(choices("Corriger", [ChooserLink(words, bench.at_rows(facon=one), one == way) for one, words in ways.items()]))
    _DRAW[way](bench)


def _ways(bench: Bench) -> dict[str, str]:
    """The ways to correct; the rows that a deposit left behind first, when there are some."""
    left = left_behind(bench)
    return {_WAITING: f"Restées à corriger ({len(left)})", **WAYS} if left else dict(WAYS)


def _sentence(bench: Bench) -> Html:
    count = bench.context.store.count(bench.association.code, bench.dataset.code)
    told = french.count(count, "ligne est enregistrée", "lignes sont enregistrées")
    return lead(strong(told), ". Ce que vous changez ici se voit aussitôt dans les chiffres, et tout peut s’annuler.")


def _held(bench: Bench) -> Html | None:
    """What nobody changes any more, said before somebody types it: the periods whose relevé is accepted."""
    context, code = bench.context, bench.association.code
    if code == METROPOLE:
        return None
    periods = dict.fromkeys(one.period.label for one in releves_of(context) if one.association == code and one.locked)
    if not periods:
        return None
    words = "Ce qui s’est passé pendant un relevé accepté ne se modifie plus : "
    return note(f"{words}{french.listing(periods)}. ", link("Demander sa réouverture", "/echeances"))


def _elsewhere(bench: Bench) -> Html:
    deposit = address("deposer", association=bench.association.code, jeu=bench.dataset.code)
    return note(link("Déposer un fichier", deposit), " · ", link("Historique", bench.at_history()))


def _choose_table(context: Context, association: Association) -> tuple[Child, ...]:
    links = [
        link(one.title, address("lignes", association=association.code, jeu=one.code))
        for one in context.registry.datasets(association.code)
    ]
    return lead("Choisissez d’abord le tableau à corriger."), bullets(links)
