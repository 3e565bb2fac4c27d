"""Two people changed the same cells: both versions are shown, the person chooses cell by cell."""

from __future__ import annotations

from typing import Any

import streamlit as st

from core.domain import french
from core.domain.local_time import FRANCE
from core.services.editing import Dispute, Edits, Result, settle
from core.services.reading import heading
from dashboard.components import callout, note, show, table, tag
from dashboard.components import heading as title
from dashboard.components.plain_label import plain_label
from dashboard.views.parts.rows.bench import Bench

_THEIRS, _MINE = "Garder l’autre version", "Écrire la mienne"
_BLANK = "(vide)"


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
    )  # fmt: skip
    with st.form(bench.key("choix"), border=False):
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


def _table(bench: Bench, result: Result) -> Any:
    headings = ["Ligne", "Colonne", "Vous aviez lu", "Quelqu’un a écrit", "Vous avez saisi"]
    rows = [_row(bench, one) for one in result.disputes]
    return table("Les deux versions", headings, rows, hide_caption=True, wide=True)


def _row(bench: Bench, one: Dispute) -> list[Any]:
    seen, theirs, mine = (_shown(bench, one, value) for value in (one.seen, one.theirs, one.mine))
    return [one.key, _column(bench, one), seen, tag("div", theirs, _who(one)), mine]


def _chosen(bench: Bench, dispute: Dispute, at: int) -> bool:
    label = french.typeset(f"Ligne « {dispute.key} », {_column(bench, dispute)}")
    answers = [
        f"{_THEIRS} : {_shown(bench, dispute, dispute.theirs)}",
        f"{_MINE} : {_shown(bench, dispute, dispute.mine)}",
    ]
    offered = [plain_label(french.typeset(one)) for one in answers]
    return st.radio(plain_label(label), offered, index=0, key=bench.key(f"choix-{at}")) == offered[1]


def _column(bench: Bench, dispute: Dispute) -> str:
    return "la ligne entière" if dispute.column is None else heading(dispute.column, bench.dataset)


def _shown(bench: Bench, dispute: Dispute, value: Any) -> str:
    if dispute.column is None:
        return "retirée" if value is None else "gardée, avec ses modifications" if value is dispute.mine else "gardée"
    return _BLANK if value is None else bench.dataset.by_name[dispute.column].kind.show(value)


def _who(dispute: Dispute) -> Any:
    if dispute.by is None:
        return None
    when = french.moment(dispute.by.at.astimezone(FRANCE))
    return note(f"{dispute.by.actor}, le {when}")
