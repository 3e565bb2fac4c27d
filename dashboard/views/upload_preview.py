"""A file before it is stored: what is expected, what headings mean, what is left aside, what would change."""

from __future__ import annotations

from functools import partial

import streamlit as st

from core import depositing
from core.checking.outcome import Outcome, unjudged
from core.depositing import NOT_OURS, Preview
from core.domain import french
from core.domain.dataset import Column, Dataset
from core.domain.programme import METROPOLE
from core.errors import FabriqueError
from core.exports.description import DatasetDescription
from core.exports.rejects import problem_list, rejected_rows, rejects_name
from core.exports.template import file_name, filled_register, prefilled_template
from core.reading import LeftAside, likely, problem_heading
from dashboard.addresses import address
from dashboard.components import (
    Child,
    Html,
    answer,
    band,
    bullets,
    download,
    fold,
    heading,
    join,
    lead,
    link,
    note,
    show,
    strong,
    table,
)
from dashboard.components import heading as title
from dashboard.components.forms import form
from dashboard.components.text import plain_label
from dashboard.views.upload_draft import Draft
from dashboard.views.upload_problems import (
    MISSING,
    changes_part,
    errors_part,
    missing_names,
    repairs_part,
    warnings_part,
)

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def draw_expected(draft: Draft) -> None:
    """The columns asked for, those that may lack, and the way to the template and the dictionary."""
    required = [one for one in draft.dataset.columns if one.required]
    optional = [one for one in draft.dataset.columns if not one.required]
    where = address("dictionnaire", jeu=draft.dataset.code, association=draft.association.code)
    told: list[Child] = ["Titres attendus : ", strong(_titles(required)), "."]
    if optional:
        told.append(f" {french.count(len(optional), 'autre est facultatif', 'autres sont facultatifs')}.")
    told.append(" Votre propre tableur convient, ses titres dans n’importe quel ordre.")
    show(note(*told), fold("Toutes les colonnes", _table(draft), note(link("Le dictionnaire de ce tableau", where))))
    _template(draft)


def _titles(columns: list[Column]) -> str:
    return french.listing(f"« {one.title} »" for one in columns)


def _table(draft: Draft) -> Html:
    rows = [
        [one.title, "obligatoire" if one.required else "facultatif", one.kind.expected, one.kind.example]
        for one in draft.dataset.columns
    ]
    headings = ["Colonne", "Faut-il la remplir ?", "Ce qu’on y écrit", "Exemple"]
    return join([table("Les colonnes de ce tableau", headings, rows)])


def _template(draft: Draft) -> None:
    context, dataset = draft.context, draft.dataset
    about = DatasetDescription.of(context.registry, draft.association.code, dataset.code)
    made = context.now.replace(tzinfo=None)
    filled = partial(filled_register, context.registry, context.store, dataset.code, created=made)
    blank = partial(
        prefilled_template, context.registry, context.store, draft.association.code, dataset.code, created=made
    )
    of_metropole = draft.association.code == METROPOLE
    download(
        "Télécharger le registre, tel qu’il est" if of_metropole else "Télécharger le modèle",
        filled if of_metropole else blank,
        file_name(about),
        mime=_XLSX,
        key=draft.key("modele"),
    )


# --- What a heading means, asked once: guessed by close spelling, or unknown. The answer is remembered ----


_SHOWN = 12
_NOT_OURS = "Ne pas lire cette colonne"


def ask_headings(draft: Draft) -> None:
    """The headings to ask about, each with a list of columns; nothing when all are plain."""
    looked = draft.looked
    if looked is None or not looked.asked:
        return
    show(title("Vos titres de colonnes", 2))
    with form(draft.key("titres"), border=False):
        answers = {one: _asked(draft, looked, one) for one in looked.asked[:_SHOWN]}
        sent = st.form_submit_button("Retenir ces réponses", key=draft.key("retenir"))
    if sent:
        _remember(draft, {one: column for one, column in answers.items() if column is not None})


def _asked(draft: Draft, looked: Preview, written: str) -> str | None:
    """One heading; the answer is the name of a column, « none of ours », or None when nobody answered."""
    assert looked.titles is not None
    meant = looked.titles.columns.get(written)
    taken = {column for text, column in looked.titles.columns.items() if text != written}
    offered = [NOT_OURS, *(column.name for column in draft.dataset.columns if column.name not in taken)]
    chosen = meant or likely(written, [one for one in draft.dataset.columns if one.name in offered])
    if meant:
        words = f"Nous avons compris « {written} » comme « {problem_heading(meant, draft.dataset)} ». Est-ce juste ? "
    else:
        words = f"Votre colonne « {written} » n’est pas reconnue. À quoi correspond-elle ? "
    return st.selectbox(
        plain_label(f"{words}Nous nous en souviendrons."),
        offered,
        index=offered.index(chosen) if chosen in offered else None,
        format_func=lambda name: french.typeset(_named(name, draft.dataset)),
        key=draft.key(f"titre-{written}"),
        placeholder="Choisissez une colonne, ou laissez sans réponse",
    )


def _named(column: str, dataset: Dataset) -> str:
    return _NOT_OURS if column == NOT_OURS else dataset.by_name[column].title


def _remember(draft: Draft, answers: dict[str, str]) -> None:
    if answers:
        try:
            depositing.remember(draft.scope, draft.association.code, draft.dataset.code, answers)
        except FabriqueError as error:
            draft.complain(error)
            st.rerun()
        draft.look()
    st.rerun()


def remembered_headings(draft: Draft) -> None:
    """The headings learnt for this table, each of which may be forgotten."""
    context = draft.context
    found = depositing.remembered(context.store, draft.association.code, draft.dataset.code)
    if not found:
        return
    with st.expander(f"Titres retenus ({len(found)})"):
        show(note("Ces titres de vos fichiers sont compris sans que nous vous le redemandions."))
        for written, column in list(found.items())[:40]:
            meant = "colonne non lue" if column == NOT_OURS else _named(column, draft.dataset)
            if st.button(plain_label(f"Oublier « {written} » ({meant})"), key=draft.key(f"oublier-{written}")):
                depositing.forget(draft.scope, draft.association.code, draft.dataset.code, written)
                st.rerun()


# --- The rows of a file that were not read as data: each with its line and why, to take back in ----


_left_aside_SHOWN, _LISTED = 500, 8


def draw_left_aside(draft: Draft, looked: Preview, title: str = "Lignes laissées de côté") -> None:
    """What stands beside the table, and the lines of it to read after all."""
    aside = left_aside(looked)[:_left_aside_SHOWN]
    if not aside and not looked.taken_back:
        return
    listed = bullets([_left_aside_named(one.line, one) for one in aside[:_LISTED]])
    show(heading(title, 2), note(_words(len(aside))), listed if aside else None)
    by_line = {one.line: one for one in aside}
    lines = sorted({*by_line, *looked.taken_back})
    chosen = st.multiselect(
        "Lignes à lire comme des données",
        options=lines,
        default=list(looked.taken_back),
        format_func=lambda line: _left_aside_named(line, by_line.get(line)),  # a list of choices reads no Markdown
        key=draft.key("reprendre"),
        placeholder="Aucune",
    )
    if sorted(chosen) != sorted(looked.taken_back) and st.button("Relire le fichier", key=draft.key("relire")):
        draft.look(chosen)
        st.rerun()


def left_aside(looked: Preview) -> tuple[LeftAside, ...]:
    """The rows of a file that was looked at, or of one sheet, that are not read as data."""
    reading = looked.outcome.reading if looked.outcome else None
    return reading.left_aside if reading else ()


def _words(count: int) -> str:
    if not count:
        return "Toutes les lignes choisies sont lues comme des données."
    told = french.count(count, "ligne n’est pas lue", "lignes ne sont pas lues")
    return f"{told} : notes, totaux, titres répétés ou autre tableau. Si c’en sont, il n’y a rien à faire."


def _left_aside_named(line: int, aside: LeftAside | None) -> str:
    return french.typeset(f"Ligne {line} : « {aside.text} », {aside.said}" if aside else f"Ligne {line}")


# --- A file that was looked at: what is ready, what is to correct, what would change, and the button that stores it -


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
    draw_downloads(draft, outcome)
    ask_headings(draft)
    show(warnings_part(told), repairs_part(told))
    draw_left_aside(draft, looked)
    if outcome.diff is not None:
        show(changes_part(draft.context.registry, outcome.diff, draft.dataset))
    show(kept_part(draft, outcome))
    removals = draw_missing(draft, outcome)
    _decide(draft, looked, outcome, removals)


def _draw_unclear(draft: Draft, looked: Preview) -> None:
    """A file that lacks a column, perhaps because one of its headings was not understood."""
    show(
        lead(strong("Rien n’est encore enregistré."), " Des titres de colonnes manquent ou ne sont pas reconnus."),
        answer(looked.refusal, "attention"),
    )
    ask_headings(draft)
    _elsewhere(draft)


def _sentence(looked: Preview, outcome: Outcome) -> tuple[Child, ...]:
    """« Rien n’est encore enregistré. 38 lignes sont prêtes, 4 sont à corriger. »."""
    start = strong("Rien n’est encore enregistré.")
    if outcome.errors and outcome.errors[0].line is None:
        return (start, " Ce fichier ne peut pas l’être tel quel.")
    ready = french.count(looked.ready, "ligne est prête", "lignes sont prêtes")
    if not outcome.rejected:
        return (start, f" {ready}, aucune n’est à corriger.")
    several = outcome.rejected > 1
    return (start, f" {ready}, {french.number(outcome.rejected)} {'sont' if several else 'est'} à corriger.")


def _counts(draft: Draft, outcome: Outcome) -> Html:
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


def draw_downloads(draft: Draft, outcome: Outcome) -> None:
    """The rows to correct, ready to come back, and the whole list of problems."""
    if not outcome.errors and not outcome.warnings:
        return
    context, file = draft.context, draft.file
    assert file is not None
    with st.container(horizontal=True, key=draft.key("telecharger")):
        if outcome.rejected:
            download(
                f"Télécharger {_the_rows(outcome.rejected)} à corriger (XLSX)",
                partial(
                    rejected_rows,
                    context.registry,
                    draft.association.code,
                    draft.dataset.code,
                    outcome,
                    created=context.now.replace(tzinfo=None),
                ),
                rejects_name(file.name),
                mime=_XLSX,
                key=draft.key("rejets"),
            )
        download(
            "Télécharger la liste des remarques (CSV)",
            partial(problem_list, outcome, draft.dataset),
            f"{rejects_name(file.name).removesuffix('-a-corriger.xlsx')}-remarques.csv",
            mime="text/csv",
            key=draft.key("remarques"),
        )
    if outcome.rejected:
        show(note("Corrigez dans ce tableur, enregistrez-le, puis déposez-le : ses lignes complètent les autres."))


def kept_part(draft: Draft, outcome: Outcome) -> Html | None:
    """What will be kept of the file: which sheet, which columns; and those that will not."""
    reading = outcome.reading
    if reading is None:
        return None
    sheet = f"L’onglet « {reading.sheet} », et" if reading.sheet else "De ce fichier,"
    names = [draft.dataset.by_name[name].title for name in reading.headings.values()]
    columns = french.listing(f"« {one} »" for one in names)
    left = french.listing(f"« {one} »" for one in reading.unknown)
    others = f" {'La colonne' if len(reading.unknown) == 1 else 'Les colonnes'} {left} " + (
        "n’est pas lue, et n’est pas conservée." if len(reading.unknown) == 1 else "ne sont pas lues, ni conservées."
    )
    which = french.count(len(names), "colonne", "colonnes")
    told = f"{sheet} {'sa' if len(names) == 1 else 'ses'} {which} : {columns}.{others if reading.unknown else ''}"
    return fold("Ce qui sera conservé du fichier", note(told))


def absent(outcome: Outcome) -> bool:
    """Whether rows are absent from the file, or nobody can tell."""
    missing = outcome.diff.missing if outcome.diff else None
    return bool(outcome.unnamed) or (missing is not None and not missing.is_empty())


def draw_missing(draft: Draft, outcome: Outcome, *, title: str = "") -> tuple[str, ...]:
    """The rows that the file does not have, and which of them to remove: none until chosen.

    ``title`` names the table, among others of one workbook.
    """
    diff = outcome.diff
    headed = heading(title, 3) if title else heading("Lignes absentes du fichier", 2)
    if outcome.unnamed:
        show(headed, note(unjudged(outcome.unnamed, draft.dataset)))
        return ()
    if diff is None or diff.missing is None or diff.missing.is_empty():
        return ()
    count, names = diff.missing.height, missing_names(draft.context.registry, diff, draft.dataset)
    what = french.count(
        count, "ligne déjà enregistrée manque dans ce fichier", "lignes déjà enregistrées manquent dans ce fichier"
    )
    several = count > 1
    question = (
        "Faut-il les supprimer ? Sans réponse, elles sont gardées."
        if several
        else ("Faut-il la supprimer ? Sans réponse, elle est gardée.")
    )
    show(headed, join([note(f"{what}. {question}")]))
    with st.container(key=draft.key("lignes-absentes")):
        chosen = st.multiselect(
            plain_label(f"Lignes à supprimer de « {title} »" if title else "Lignes à supprimer"),
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
        keep = st.checkbox(plain_label(_keep_words(looked.ready, outcome.rejected)), key=draft.key("garder"))
    stopped = whole or not looked.ready or bool(outcome.rejected and not keep)
    if stopped:
        show(note(_why_stopped(outcome, looked, whole)))
    with st.container(horizontal=True, key=draft.key("decider")):
        if looked.ready and not whole:
            pressed = st.button(
                plain_label(_button(outcome, looked.ready, len(removals))),
                type="primary",
                key=draft.key("enregistrer"),
                disabled=stopped,
            )
            if pressed:
                draft.store(keep_valid=keep, removals=removals)
                st.rerun()
    _elsewhere(draft)


def _keep_words(ready: int, rejected: int) -> str:
    rest = "l’autre reste" if rejected == 1 else f"les {french.number(rejected)} autres restent"
    return f"Garder {_the_rows(ready)} {'valides' if ready > 1 else 'valide'} ; {rest} à corriger"


def _the_rows(count: int) -> str:
    """« la ligne », « les 38 lignes »."""
    return "la ligne" if count == 1 else f"les {french.number(count)} lignes"


def _why_stopped(outcome: Outcome, looked: Preview, whole: bool) -> str:
    if outcome.reading and outcome.reading.asked:
        return "Répondez d’abord, plus haut, à la question sur vos titres de colonnes."
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
