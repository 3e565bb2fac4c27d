"""A file that was looked at: what is ready, what is to correct, what would change, and the button that stores it."""

from __future__ import annotations

from typing import Any

import streamlit as st

from core.domain import french
from core.exports.rejects import problem_list, rejected_rows, rejects_name
from core.services.intake import Preview
from core.services.submissions import Outcome
from dashboard.components import band, callout, download, heading, join, lead, note, show, strong
from dashboard.components.plain_label import plain_label
from dashboard.views.parts.changes_told import MISSING, changes_part, missing_names
from dashboard.views.parts.draft import Draft
from dashboard.views.parts.headings_asked import ask_headings
from dashboard.views.parts.problems_told import errors_part, repairs_part, warnings_part

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def draw_looked(draft: Draft) -> None:
    """Everything about a file that was looked at, in the order in which one decides."""
    looked, told = draft.looked, draft.told
    assert looked is not None and told is not None
    if looked.outcome is None:
        _draw_unclear(draft, looked)
        return
    outcome = looked.outcome
    show(lead(*_sentence(looked, outcome)), _counts(draft, outcome))
    show(errors_part(told))
    _downloads(draft, outcome)
    ask_headings(draft)
    show(warnings_part(told), repairs_part(told))
    if outcome.diff is not None:
        show(changes_part(outcome.diff, draft.dataset))
    removals = _missing(draft, outcome)
    _decide(draft, looked, outcome, removals)


def _draw_unclear(draft: Draft, looked: Preview) -> None:
    """A file that lacks a column, perhaps because one of its headings was not understood."""
    show(
        lead(strong("Rien n’est encore enregistré."), " Des titres de colonnes manquent ou ne sont pas reconnus."),
        callout(looked.refusal, tone="attention"),
    )
    ask_headings(draft)
    _elsewhere(draft)


def _sentence(looked: Preview, outcome: Outcome) -> tuple[Any, ...]:
    """« Rien n’est encore enregistré. 38 lignes sont prêtes, 4 sont à corriger. »."""
    start = strong("Rien n’est encore enregistré.")
    if outcome.errors and outcome.errors[0].line is None:
        return (start, " Ce fichier ne peut pas l’être tel quel.")
    ready = french.count(looked.ready, "ligne est prête", "lignes sont prêtes")
    if not outcome.rejected:
        return (start, f" {ready}, aucune n’est à corriger.")
    several = outcome.rejected > 1
    return (start, f" {ready}, {french.number(outcome.rejected)} {'sont' if several else 'est'} à corriger.")


def _counts(draft: Draft, outcome: Outcome) -> Any:
    file = draft.file
    assert file is not None
    sheet = f", onglet « {outcome.reading.sheet} »" if outcome.reading and outcome.reading.sheet else ""
    return band(
        {
            "Fichier": f"{file.name}{sheet}",
            "Nouvelles": french.number(outcome.added),
            "Modifiées": french.number(outcome.changed),
            "Inchangées": french.number(outcome.unchanged),
            "À corriger": french.number(outcome.rejected),
        }
    )


def _downloads(draft: Draft, outcome: Outcome) -> None:
    """The rows to correct, ready to come back, and the whole list of problems."""
    if not outcome.errors and not outcome.warnings:
        return
    context, file = draft.context, draft.file
    assert file is not None
    with st.container(horizontal=True, key=draft.key("telecharger")):
        if outcome.rejected:
            download(
                f"Télécharger {_the(outcome.rejected, 'ligne')} à corriger (XLSX)",
                lambda: rejected_rows(
                    context.registry, draft.association.code, draft.dataset.code, outcome,
                    created=context.now.replace(tzinfo=None),
                ),
                rejects_name(file.name),
                mime=_XLSX,
                key=draft.key("rejets"),
            )  # fmt: skip
        download(
            "Télécharger la liste des remarques (CSV)",
            lambda: problem_list(outcome, draft.dataset),
            f"{rejects_name(file.name).removesuffix('-a-corriger.xlsx')}-remarques.csv",
            mime="text/csv",
            key=draft.key("remarques"),
        )
    if outcome.rejected:
        show(note("Corrigez dans ce tableur, enregistrez-le, puis déposez-le : ses lignes complètent les autres."))


def _missing(draft: Draft, outcome: Outcome) -> tuple[str, ...]:
    """The rows that the file does not have, and which of them to remove: none until chosen."""
    diff = outcome.diff
    if diff is None or diff.missing is None or diff.missing.is_empty():
        return ()
    count, names = diff.missing.height, missing_names(diff, draft.dataset)
    what = french.count(
        count, "ligne déjà enregistrée manque dans ce fichier", "lignes déjà enregistrées manquent dans ce fichier"
    )
    several = count > 1
    question = "Faut-il les supprimer ? Sans réponse, elles sont gardées." if several else (
        "Faut-il la supprimer ? Sans réponse, elle est gardée."
    )  # fmt: skip
    show(heading("Lignes absentes du fichier", 2), join([note(f"{what}. {question}")]))
    with st.container(key=draft.key("lignes-absentes")):
        chosen = st.multiselect(
            "Lignes à supprimer",
            options=list(names),
            format_func=lambda key: names[key],
            key=draft.key("suppressions"),
            placeholder="Aucune : tout est gardé",
        )
    if count > MISSING:
        show(note(f"Les {MISSING} premières seulement sont proposées ; les autres se suppriment dans « Corriger »."))
    return tuple(chosen)


def _decide(draft: Draft, looked: Preview, outcome: Outcome, removals: tuple[str, ...]) -> None:
    """The choice to keep the valid rows alone, and the button that says what it stores."""
    show(heading("Enregistrer", 2))
    whole = bool(outcome.errors and outcome.errors[0].line is None)
    keep = False
    if outcome.rejected and looked.ready and not whole:
        keep = st.checkbox(
            plain_label(_keep_words(looked.ready, outcome.rejected)), key=draft.key("garder")
        )  # fmt: skip
    stopped = whole or not looked.ready or bool(outcome.rejected and not keep)
    if stopped:
        show(note(_why_stopped(outcome, looked, whole)))
    with st.container(horizontal=True, key=draft.key("decider")):
        if looked.ready and not whole:
            pressed = st.button(
                plain_label(_button(outcome, looked.ready, len(removals))),
                type="primary", key=draft.key("enregistrer"), disabled=stopped,
            )  # fmt: skip
            if pressed:
                draft.store(keep_valid=keep, removals=removals)
                st.rerun()
    _elsewhere(draft)


def _keep_words(ready: int, rejected: int) -> str:
    rest = "l’autre reste" if rejected == 1 else f"les {french.number(rejected)} autres restent"
    return f"Garder {_the(ready, 'ligne')} {'valides' if ready > 1 else 'valide'} ; {rest} à corriger"


def _the(count: int, word: str) -> str:
    """« la ligne », « les 38 lignes »."""
    return f"la {word}" if count == 1 else f"les {french.number(count)} {word}s"


def _why_stopped(outcome: Outcome, looked: Preview, whole: bool) -> str:
    if whole or not looked.ready:
        return "Corrigez le fichier, puis déposez-le de nouveau. Rien n’en est conservé."
    return "Tant qu’il reste des lignes à corriger, rien n’est enregistré, sauf si vous gardez les lignes valides."


def _button(outcome: Outcome, ready: int, removed: int) -> str:
    """« Enregistrer 42 lignes »; what is removed is said too."""
    if not outcome.added and not outcome.changed and not removed:
        return f"Confirmer {_rows(ready)}, sans changement"
    gone = f" et supprimer {_rows(removed)}" if removed else ""
    return f"Enregistrer {_rows(ready)}{gone}"


def _rows(count: int) -> str:
    return french.count(count, "ligne")


def _elsewhere(draft: Draft) -> None:
    """Another sheet of the same file, or another file."""
    with st.container(horizontal=True, key=draft.key("autrement")):
        if len(draft.sheets) > 1 and st.button("Lire un autre onglet", key=draft.key("autre-onglet")):
            draft.looked = None
            st.rerun()
        if st.button("Choisir un autre fichier", key=draft.key("autre-fichier")):
            draft.again()
            st.rerun()
