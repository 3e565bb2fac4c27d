"""A whole workbook that was looked at: one table for all its sheets, what is to correct in each, one button."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.depositing.submit import told_doubles
from core.domain import french
from core.reading import SheetFound
from dashboard.components import Child, Html, answer, bullets, fold, heading, join, lead, note, show, strong, table, tag
from dashboard.components.forms import form
from dashboard.components.text import plain_label
from dashboard.views.upload_draft import NOT_READ, Draft, Whole
from dashboard.views.upload_preview import (
    absent,
    ask_headings,
    draw_downloads,
    draw_left_aside,
    draw_missing,
    kept_part,
    left_aside,
)
from dashboard.views.upload_problems import changes_part, errors_part, repairs_part, warnings_part

_NOT_READ = "Ne pas lire cet onglet"
_ALL_READ = "Aucune ligne laissée de côté"


def draw_sheets(whole: Whole) -> None:
    """The sheets of which the table is not sure, each with the likeliest already chosen."""
    titles = {one.code: one.title for one in whole.datasets}
    asked = whole.unsure
    show(lead(strong("Rien n’est encore enregistré."), _where_asked(asked)))
    if whole.doubled:
        show(bullets([told_doubles(sheets, titles[code]) for code, sheets in whole.doubled.items()]))
    with form(whole.key("onglets"), border=False):
        answers = {one.sheet: _asked(whole, one.sheet, one.tables, titles) for one in asked}
        if st.form_submit_button("Vérifier ces onglets", type="primary", key=whole.key("verifier")):
            whole.chosen |= answers
            whole.look()
            st.rerun()
    _others(whole)


def _where_asked(asked: Sequence[SheetFound]) -> str:
    """« Dites où vont deux onglets », and why when it is their headings that do not tell."""
    if len(asked) == 1:
        return f" Dites où va {_an(1)} : ses titres ne suffisent pas à le dire."
    why = "" if all(one.sure for one in asked) else " : leurs titres ne suffisent pas à le dire"
    return f" Dites où vont {_an(len(asked))}{why}."


def _an(count: int) -> str:
    return "l’onglet suivant" if count == 1 else f"{french.in_words(count)} onglets"


def _asked(whole: Whole, sheet: str | None, likely: Sequence[str], titles: dict[str, str]) -> str:
    offered = [*likely, *(code for code in titles if code not in likely), NOT_READ]
    return st.selectbox(
        plain_label(f"Onglet « {sheet} »" if sheet else "Ce fichier"),
        offered,
        format_func=lambda code: french.typeset(titles.get(code, _NOT_READ)),
        key=whole.key(f"onglet-{sheet}"),
    )


def draw_whole(whole: Whole) -> None:
    """The sentence, every sheet in one table, what each needs, the decision."""
    show(lead(*_sentence(whole)), _summary(whole))
    quiet = []
    for draft in whole.drafts:
        if _asks(draft):
            _draw_sheet(whole, draft)
        else:
            quiet.append(_quiet(draft))
    show(tag("div", quiet, class_="whole-sheets"))
    _draw_aside(whole)
    _decide(whole, _draw_absent(whole))


def _sentence(whole: Whole) -> tuple[Child, ...]:
    start = strong("Rien n’est encore enregistré.")
    ready = french.count(_ready(whole), "ligne est prête", "lignes sont prêtes")
    refused = [one for one in whole.drafts if _refused(one)]
    tables = french.count(len(whole.drafts) - len(refused), "tableau", "tableaux")
    rejected = _rejected(whole)
    rest = f", {french.count(rejected, 'est', 'sont')} à corriger" if rejected else ", aucune n’est à corriger"
    told = f" {ready} dans {tables}{rest}."
    if refused:
        told += f" {french.count(len(refused), 'onglet est refusé', 'onglets sont refusés')}."
    return (start, told)


def _summary(whole: Whole) -> Html:
    rows = [_row(one) for one in whole.drafts]
    headings = ["Onglet", "Tableau", "Nouvelles", "Modifiées", "Inchangées", "À corriger"]
    aside = [sheet for sheet, code in whole.chosen.items() if code == NOT_READ and sheet]
    names = french.listing(f"« {one} »" for one in aside)
    left = f"{'Onglet non lu, et non conservé' if len(aside) == 1 else 'Onglets non lus, et non conservés'} : {names}."
    return table(
        "Ce que contient le classeur", headings, rows, numeric=(2, 3, 4, 5), wide=True, note=left if aside else ""
    )


def _row(draft: Draft) -> list[Child]:
    looked = draft.looked
    sheet = (looked.file.sheet if looked else None) or "–"
    outcome = looked.outcome if looked else None
    if outcome is None:
        return [sheet, draft.dataset.title, "", "", "", strong("Refusé")]
    counts = (outcome.added, outcome.changed, outcome.unchanged, outcome.rejected)
    return [sheet, draft.dataset.title, *(french.number(one) for one in counts)]


def _asks(draft: Draft) -> bool:
    """Whether a sheet needs an answer or a correction."""
    looked, told = draft.looked, draft.told
    return looked is None or told is None or looked.outcome is None or bool(told.errors or looked.asked)


def _draw_sheet(whole: Whole, draft: Draft) -> None:
    """One sheet that needs something: what is wrong, its papers, what its headings mean."""
    looked, told = draft.looked, draft.told
    assert looked is not None and told is not None
    if looked.outcome is None:
        show(heading(_title(draft), 2), answer(looked.refusal, "attention", title="Onglet refusé"))
        ask_headings(draft)
        if st.button(plain_label(f"{_NOT_READ} : « {looked.file.sheet} »"), key=draft.key("sans")):
            whole.leave_out([looked.file.sheet])
            st.rerun()
        return
    show(heading(_title(draft), 2), errors_part(told, level=3))
    draw_downloads(draft, looked.outcome)
    ask_headings(draft)
    show(fold("Voir ce qui va changer", _details(draft)))


def _quiet(draft: Draft) -> Html:
    """One sheet of which nothing is asked: what it changes is one click away."""
    return fold(_folded(_title(draft), len(draft.told.warnings) if draft.told else 0), _details(draft))


def _title(draft: Draft) -> str:
    sheet = draft.looked.file.sheet if draft.looked else None
    return draft.dataset.title + (f", onglet « {sheet} »" if sheet else "")


def _details(draft: Draft) -> Html:
    looked, told = draft.looked, draft.told
    assert looked is not None and told is not None and looked.outcome is not None
    changes = (
        None
        if looked.outcome.diff is None
        else changes_part(draft.context.registry, looked.outcome.diff, draft.dataset)
    )
    return join([warnings_part(told), repairs_part(told), changes, kept_part(draft, looked.outcome)])


def _draw_aside(whole: Whole) -> None:
    """The rows that are not read as data, sheet by sheet, in one fold: to read after all, if they are."""
    found = [(draft, draft.looked) for draft in whole.drafts if draft.looked is not None]
    found = [(draft, looked) for draft, looked in found if left_aside(looked) or looked.taken_back]
    if not found:
        return
    count = sum(len(left_aside(looked)) for _, looked in found)
    title = french.count(count, "ligne laissée de côté", "lignes laissées de côté") if count else _ALL_READ
    with st.expander(plain_label(title), expanded=any(looked.taken_back for _, looked in found)):
        for draft, looked in found:
            draw_left_aside(draft, looked, _title(draft))


def _draw_absent(whole: Whole) -> dict[str, tuple[str, ...]]:
    """The rows that the workbook does not have, table by table, in one fold: none is removed until chosen."""
    told = [(one, one.looked.outcome) for one in whole.drafts if one.looked is not None]
    found = [(draft, outcome) for draft, outcome in told if outcome is not None and absent(outcome)]
    if not found:
        return {}
    frames = [outcome.diff.missing for _, outcome in found if outcome.diff is not None]
    count = sum(frame.height for frame in frames if frame is not None)
    lines = french.count(count, "ligne déjà enregistrée manque", "lignes déjà enregistrées manquent")
    title = f"{lines} dans ce classeur ; sans réponse, tout est gardé" if count else "Lignes absentes du classeur"
    with st.expander(plain_label(title)):
        return {draft.dataset.code: draw_missing(draft, outcome, title=draft.dataset.title) for draft, outcome in found}


def _folded(title: str, warned: int) -> str:
    return f"{title} : " + (french.count(warned, "avertissement") + ", et ce" if warned else "ce") + " qui va changer"


def _decide(whole: Whole, removals: dict[str, tuple[str, ...]]) -> None:
    ready, rejected, removed = _ready(whole), _rejected(whole), sum(map(len, removals.values()))
    refused = any(_refused(one) for one in whole.drafts)
    show(heading("Enregistrer", 2))
    keep = False
    if rejected and ready and not refused:
        valid = french.count(ready, "ligne valide", "lignes valides")
        rest = f"{french.count(rejected, 'attend', 'attendent')} d’être corrigée{'s' if rejected > 1 else ''}"
        keep = st.checkbox(plain_label(f"Garder {valid} ; {rest}"), key=whole.key("garder"))
    stopped = refused or not ready or bool(rejected and not keep)
    if stopped:
        show(note(_why_stopped(refused=refused, ready=ready)))
    with st.container(horizontal=True, key=whole.key("decider")):
        label = plain_label(_button(whole, ready, removed))
        if ready and st.button(label, type="primary", key=whole.key("enregistrer"), disabled=stopped):
            whole.store(keep, removals)
            st.rerun()
        _others(whole)


def _why_stopped(*, refused: bool, ready: int) -> str:
    if refused:
        return "Un onglet est refusé : corrigez-le dans votre classeur, ou dites de ne pas le lire."
    if not ready:
        return "Corrigez le classeur, puis déposez-le de nouveau. Rien n’en est conservé."
    return "Tant qu’il reste des lignes à corriger, rien n’est enregistré, sauf si vous gardez les lignes valides."


def _button(whole: Whole, ready: int, removed: int) -> str:
    """« Enregistrer 42 lignes dans 4 tableaux »."""
    gone = f" et supprimer {french.count(removed, 'ligne')}" if removed else ""
    taken = sum(not _refused(one) for one in whole.drafts)
    tables = french.count(taken, "tableau", "tableaux")
    return f"Enregistrer {french.count(ready, 'ligne')} dans {tables}{gone}"


def _others(whole: Whole) -> None:
    if st.button("Choisir un autre fichier", key=whole.key("autre")):
        whole.again()
        st.rerun()


def _refused(draft: Draft) -> bool:
    """Whether the sheet cannot be stored at all as it is."""
    outcome = draft.looked.outcome if draft.looked else None
    return outcome is None or bool(outcome.errors and outcome.errors[0].line is None)


def _ready(whole: Whole) -> int:
    return sum(one.looked.ready for one in whole.drafts if one.looked is not None)


def _rejected(whole: Whole) -> int:
    outcomes = [one.looked.outcome for one in whole.drafts if one.looked is not None]
    return sum(one.rejected for one in outcomes if one is not None)
