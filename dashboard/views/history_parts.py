"""What the pages of the past share: the filter of the address, words, what is said of a deposit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import streamlit as st

from core.checking import naming
from core.checking.naming import name_of
from core.checking.outcome import Outcome
from core.contract import Registry
from core.depositing import comments, editing
from core.depositing.comments import About, Comment
from core.domain import access, french
from core.domain.access import Action, Actor, On, Role
from core.domain.dataset import Dataset
from core.domain.programme import METROPOLE
from core.errors import Conflict, FabriqueError
from core.reading import problem_heading
from core.storage import Store
from core.storage.deposits import NOTHING, UNDO, UPGRADE, Deposit
from core.storage.rows import CellChange
from dashboard.components import (
    Child,
    Html,
    answer,
    bullets,
    callout,
    download,
    heading,
    join,
    link,
    note,
    show,
    table,
    tag,
)
from dashboard.components.forms import form, refused
from dashboard.components.text import plain_label
from dashboard.context import Context
from dashboard.views.shared import TableInHand

# --- Comments and evidence about a table, a row or a deposit: read, written, taken back ------------


_MEGABYTE = 1024 * 1024


def draw_comments(context: Context, about: About, actor: Actor, *, key: str) -> None:
    """The comments in order, each with its evidence, then the field to write another."""
    found = comments.listed(context.store, about, actor=actor)
    show(heading("Commentaires et pièces", 2))
    if not found:
        show(note("Personne n’a encore rien écrit ici."))
    may_write = _may_write(actor, about)
    for one in found:
        _draw(context, about, one, actor, f"{key}-dit-{one.number}", may_write)
    if may_write:
        _write(context, about, actor, f"{key}-dire")


def _may_write(actor: Actor, about: About) -> bool:
    if about.association == METROPOLE:
        return access.allowed(actor, Action.STEER)
    return access.allowed(actor, Action.DEPOSIT, On(about.association))


def _draw(context: Context, about: About, one: Comment, actor: Actor, key: str, may_write: bool) -> None:
    show(_told(context, one))
    if not one.stands:
        return
    with st.container(horizontal=True, key=f"piece-{key}"):
        if one.file is not None:
            name = one.file
            download(
                plain_label(f"Télécharger « {name} » ({_size(one.size)})"),
                partial(_evidence, context.store, about, one.number, actor),
                name,
                mime=comments.mime(name),
                key=f"{key}-piece",
            )
        theirs = actor.role is Role.ASSOCIATION and one.role != Role.ASSOCIATION and one.on_behalf_of is None
        if may_write and not theirs and st.button("Retirer ce commentaire", key=f"{key}-retrait", type="tertiary"):
            _act(lambda: comments.take_back(context.scope_of(actor), about, one.number))


def _evidence(store: Store, about: About, number: int, actor: Actor) -> bytes:
    return comments.file(store, about, number, actor=actor)[0]


def _told(context: Context, one: Comment) -> Html:
    when = french.moment(one.at)
    who = naming.who(context.registry, one.actor, one.on_behalf_of)
    if one.taken_back is not None:
        gone = french.moment(one.taken_back)
        words: Child = tag("p", f"Commentaire retiré par {one.by} le {gone}.", class_="note")
    elif one.purged:
        words = tag("p", "Commentaire supprimé à la fin de sa durée de conservation.", class_="note")
    else:
        words = [tag("p", line) for line in one.text.splitlines() if line.strip()]
    return tag("article", tag("p", f"{who}, le {when}", class_="said__who"), words, class_="said")


def _write(context: Context, about: About, actor: Actor, key: str) -> None:
    turn = st.session_state.setdefault(f"{key}-tour", 0)  # an empty field again once it was sent
    start, key = key, f"{key}-{turn}"
    with st.container(key=f"formulaire-{key}"), form(key):
        text = st.text_area("Commentaire", key=f"{key}-texte", max_chars=comments.LONGEST)
        show(tag("p", "Ni nom, ni téléphone, ni adresse d’une personne.", class_="field-hint"))
        file = st.file_uploader(
            "Pièce jointe (facultatif)",
            type=list(comments.TYPES),
            key=f"{key}-piece",
            max_upload_size=comments.LARGEST // _MEGABYTE,
        )
        sent = st.form_submit_button("Ajouter ce commentaire")
    if sent:
        given = (file.getvalue(), file.name) if file is not None else None

        def act() -> None:
            comments.add(context.scope_of(actor), about, text, file=given)
            st.session_state[f"{start}-tour"] = turn + 1

        _act(act)


def _act(act: Callable[[], object]) -> None:
    try:
        act()
    except FabriqueError as error:
        refused(callout(str(error), tone="attention"))
        return
    st.rerun()


def _size(number: int) -> str:
    if number >= _MEGABYTE:
        return f"{french.number(number / _MEGABYTE, 1)} Mo"
    return f"{french.number(max(1, round(number / 1024)))} ko"


# --- Whose history is read, and by whom ------------------------------------------------------------


_DONE = "historique-fait"


class HistoryFilter(TableInHand):
    """The history of one table of one association, as ``actor`` may read it and perhaps change it."""

    @property
    def may_change(self) -> bool:
        """Whether the person may take things back."""
        if self.only_read:
            return False
        if self.association.code == METROPOLE:
            return access.allowed(self.actor, Action.STEER)
        return access.allowed(self.actor, Action.DEPOSIT, On(self.association.code))

    @property
    def only_read(self) -> bool:
        """Whether no extension declares this table any more."""
        return self.dataset in self.context.registry.kept(self.association.code)

    def meant(self, words: str) -> str:
        """The key of the row that people name so; the words themselves when they name none, or several."""
        keys = self.context.store.keys(self.association.code, self.dataset.code)
        return naming.named(self.context.registry, self.dataset, words, keys) or words

    def deposits(self) -> list[Deposit]:
        """The deposits of this table, the oldest first."""
        return self.context.store.deposits(association=self.association.code, dataset=self.dataset.code)

    def key(self, name: str) -> str:
        """The name of a widget of this history."""
        return f"historique-{self.association.code}-{self.dataset.code}-{name}"

    def take_back(self, act: Callable[[], Outcome]) -> None:
        """Take something back; then draw again with what was done, or say what stands in the way."""
        try:
            done = act()
        except FabriqueError as error:
            details = bullets(error.details) if isinstance(error, Conflict) and error.details else None
            said = join([tag("p", str(error)), details])
            refused(callout(said, tone="attention", title="Rien n’a été annulé"))
            return
        st.session_state[_DONE] = done
        st.rerun()

    def tell_done(self) -> None:
        """Say, once, what was taken back."""
        done: Outcome | None = st.session_state.pop(_DONE, None)
        if done is None or done.revision is None:
            return
        told = [
            french.count(count, singular, plural)
            for count, singular, plural in (
                (done.added, "ligne est revenue", "lignes sont revenues"),
                (done.changed, "ligne a repris sa valeur d’avant", "lignes ont repris leur valeur d’avant"),
                (done.removed, "ligne est retirée", "lignes sont retirées"),
            )
            if count
        ]
        said = french.sentence(french.listing(told) or "La déclaration est annulée")
        onwards = link(f"Voir l’annulation (dépôt n° {done.revision})", self.at_history(depot=str(done.revision)))
        show(answer(join([tag("p", said, " ", onwards)]), title="C’est annulé"))


# --- A deposit in words: what was done, by whom, when, on how many rows ----------------------------


DONE = {
    "import": "Dépôt d’un fichier",
    "saisie": "Saisie",
    editing.ACTION: "Correction",
    editing.BATCH: "Saisie par lot",
    NOTHING: "Rien à déclarer",
    UNDO: "Annulation",
    UPGRADE: "Mise à niveau du tableau",
}
"""What each kind of deposit is called."""
_UNCHANGED = "sans-changement-"


def what(deposit: Deposit) -> str:
    """« Dépôt d’un fichier », « Annulation »."""
    return DONE.get(deposit.action, deposit.action.capitalize())


def when(deposit: Deposit) -> str:
    """« 4 juillet 2022 à 9 h 12 », in France."""
    return french.moment(deposit.at)


def who(context: Context, deposit: Deposit) -> str:
    """« Karim, pour le compte d’Anonymal »."""
    return naming.who(context.registry, deposit.actor, deposit.on_behalf_of)


def at(deposit: Deposit) -> str:
    """What the address of a deposit says of it: its number, else its rank among those that changed nothing."""
    return str(deposit.revision) if deposit.revision is not None else f"{_UNCHANGED}{deposit.number}"


def counted(deposit: Deposit) -> str:
    """« 12 lignes ajoutées et 3 modifiées »; what else became of it when no row changed."""
    numbers = ((deposit.added, "ajoutée"), (deposit.changed, "modifiée"), (deposit.removed, "retirée"))
    told = [(number, word) for number, word in numbers if number]
    if told:
        (first, word), *others = told
        start = french.count(first, f"ligne {word}", f"lignes {word}s")
        return french.listing([start, *(french.count(number, other) for number, other in others)])
    return deposit.period or "" if deposit.declares_nothing else "aucune ligne changée"


def cells_table(
    registry: Registry,
    dataset: Dataset,
    cells: Sequence[CellChange],
    *,
    caption: str,
    row_history: Callable[[str], str] | None = None,
) -> Html | None:
    """From which value to which, cell by cell; ``row_history`` puts the row of each first, linked to its own.

    A side on which every cell is blank (a row that comes or goes) is left out.
    """
    told = [one for one in cells if one.column in dataset.by_name]
    sides = [
        (title, values)
        for title, values in (("Avant", [one.before for one in told]), ("Après", [one.after for one in told]))
        if any(value is not None for value in values)
    ]
    body = [
        [
            *([link(name_of(registry, dataset, one.key), row_history(one.key), quiet=True)] if row_history else []),
            problem_heading(one.column, dataset),
            *(naming.value(registry, dataset.by_name[one.column], values[at]) for _, values in sides),
        ]
        for at, one in enumerate(told)
    ]
    headings = [*(["Ligne"] if row_history else []), "Colonne", *(title for title, _ in sides)]
    return table(caption, headings, body) if body else None
