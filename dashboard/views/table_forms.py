"""The tables of the Métropole that need more: annex, periods, thresholds, a building’s new code."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import streamlit as st

from core.catalogue.equiper import SCREEN
from core.deliberation import EQUIPMENT
from core.depositing.editing import Edits
from core.depositing.reference_tables import Building, buildings, orphan_thresholds, rename_building
from core.domain import french
from core.domain.calendar import Period, period_name, quarters_between
from core.domain.dataset import RowDict
from core.domain.french import fold
from core.domain.observation import Missing
from core.domain.programme import METROPOLE
from core.reading.typed_in import by_column, typed_in
from dashboard.addresses import address
from dashboard.components import (
    Child,
    Html,
    answer,
    callout,
    chooser_form,
    empty,
    heading,
    link,
    mark,
    note,
    section,
    show,
    table,
    tag,
)
from dashboard.components.forms import form
from dashboard.context import Context
from dashboard.views import way_back
from dashboard.views.table_editing import PATH, Editor, edit, to_row
from dashboard.views.table_saving import Several, decide, offer_removal, place, rows, save, seen, turn
from dashboard.views.way_back import DoneAct

CODE = "annexe_materiel"
PAGE = 50


def draw_annex(context: Context) -> None:
    """How many machines are listed, the list, one more."""
    held = rows(context, CODE)
    _count(held)
    if held:
        _list(held)
    edit(context, Editor(CODE, "Ajouter une machine"), held, name=lambda row: row["numero_inventaire"])


def _count(held: list[dict[str, object]]) -> None:
    screens = sum(row["type"] == SCREEN for row in held)
    body = [
        ["Ordinateurs", french.number(len(held) - screens), french.number(EQUIPMENT.computers)],
        ["Écrans", french.number(screens), french.number(EQUIPMENT.screens)],
    ]
    shown = table("L’annexe", ["Matériel", "Inscrits", "Votés"], body, numeric=(1, 2))
    told = (
        "Le numéro, le type, le numéro de série, la valeur et le lot sont alors ceux de la Métropole : ils sont "
        "préremplis dans le modèle de l’association, et une différence est signalée."
    )
    show(section("L’annexe à la délibération", shown, note(told)))


def _list(held: list[RowDict]) -> None:
    asked = st.query_params.get("q", "")
    found = [row for row in held if not asked or fold(asked) in fold(" ".join(_texts(row)))]
    at = max(int(st.query_params.get("page", "1")), 1) if st.query_params.get("page", "1").isdecimal() else 1
    last = max(-(-len(found) // PAGE), 1)
    at = min(at, last)
    field = tag(
        "label",
        tag("span", "Chercher une machine", class_="field__label"),
        tag("input", type="search", name="q", value=asked, class_="text-input"),
        class_="field field--one",
    )
    search = chooser_form(PATH, field, button="Chercher", hidden={"registre": CODE})
    if not found:
        show(section("Les machines", search, empty("Aucune machine ne correspond", "Essayez un autre numéro.")))
        return
    body = [
        [*_texts(row), to_row(CODE, row["_key"], about=row["numero_inventaire"])]
        for row in found[(at - 1) * PAGE : at * PAGE]
    ]
    headings = ["Numéro", "Type", "Numéro de série", "Lot", "Valeur", "Changer"]
    shown = table("Les machines de l’annexe", headings, body, numeric=(4,), wide=True)
    show(section("Les machines", search, shown, _pages(len(found), at, last, asked)))


def _pages(total: int, at: int, last: int, asked: str) -> Html:
    def to(page: int, word: str) -> Html:
        return link(word, address(PATH, registre=CODE, q=asked or None, page=str(page)))

    said = f"{french.count(total, 'machine')}, page {at} sur {last}. "
    before = to(at - 1, "Précédentes") if at > 1 else None
    after = to(at + 1, "Suivantes") if at < last else None
    return note(said, before, " " if before and after else None, after)


def _texts(row: RowDict) -> list[str]:
    value = row["valeur_unitaire"]
    return [
        row["numero_inventaire"],
        row["type"],
        row["numero_serie"] or "",
        row["lot"] or "",
        "" if value is None else french.euros(value),
    ]


# --- The periods for which figures are due, and the quarters prepared together; no due date is made up ----


_BETWEEN = "periodes-entre"


def draw_periods(context: Context) -> None:
    """What is expected and when, the quarters to prepare, one period by itself."""
    held = sorted(rows(context, "periodes"), key=lambda row: (row["debut"], row["fin"]))
    if held:
        body = [
            [
                period_name(row["code"]),
                french.day(row["debut"]),
                french.day(row["fin"]),
                french.day(row["echeance"]),
                to_row("periodes", row["_key"], about=period_name(row["code"])),
            ]
            for row in held
        ]
        headings = ["Période", "Du", "Au", "Relevé attendu le", "Changer"]
        show(section("Ce qui est attendu, et quand", table("Périodes", headings, body)))
    else:
        show(empty("Aucune période n’est préparée", "Les associations ne savent pas encore quand transmettre."))
    _prepare(context, {row["code"] for row in held})
    edit(context, Editor("periodes", "Ajouter une période"), held, name=lambda row: period_name(row["code"]))


def _prepare(context: Context, known: set[str]) -> None:
    """Two days, then one due date for each quarter between them that is not there yet."""
    show(heading("Préparer les trimestres", 2))
    with st.container(key="formulaire-trimestres"), form("trimestres-form"):
        first = st.text_input("Du (jj/mm/aaaa)", key="trimestres-du", autocomplete="off")
        last = st.text_input("Au (jj/mm/aaaa)", key="trimestres-au", autocomplete="off")
        pressed = st.form_submit_button("Proposer les trimestres")
    if pressed:
        st.session_state[_BETWEEN] = _between(context, first, last)
    if between := st.session_state.get(_BETWEEN):
        _due_dates(context, [one for one in quarters_between(*between) if one.code not in known])


def _between(context: Context, first: str, last: str) -> tuple[date, date] | None:
    """The two days as typed; None, with what is wrong, when they are not two days in order."""
    dataset = context.registry.dataset(METROPOLE, "periodes")
    typed = typed_in(dataset, [{"code": "2021-T1", "debut": first, "fin": last, "echeance": last}])
    problems = by_column(typed.problems)
    if wrong := [
        french.typeset(f"{dataset.by_name[name].title} : {problems[name]}")
        for name in ("debut", "fin")
        if name in problems
    ]:
        show(answer(" ".join(wrong), "attention"))
        return None
    return typed.rows[0]["debut"], typed.rows[0]["fin"]


def _due_dates(context: Context, proposed: list[Period]) -> None:
    if not proposed:
        show(answer("Tous les trimestres entre ces deux jours sont déjà préparés.", title="Rien à préparer"))
        return
    based_on = seen(context, f"trimestres-{turn()}")
    with st.container(key="formulaire-echeances"), form("echeances-form"):
        typed = {
            one: st.text_input(
                french.typeset(f"{one.label} : relevé attendu le (jj/mm/aaaa)"),
                key=f"echeance-{turn()}-{one.code}",
                autocomplete="off",
            )
            for one in proposed
        }
        count = french.count(len(proposed), "trimestre")
        pressed = st.form_submit_button(f"Enregistrer {count}", type="primary")
    if pressed:
        _store(context, typed, based_on)


def _store(context: Context, typed: dict[Period, str], based_on: int) -> None:
    dataset = context.registry.dataset(METROPOLE, "periodes")
    write = dataset.by_name["debut"].kind.write
    texts = [
        {"code": one.code, "debut": write(one.start), "fin": write(one.end), "echeance": due}
        for one, due in typed.items()
    ]
    read = typed_in(dataset, texts)
    if read.problems:
        listed = list(typed)
        wrong = {one.line: one for one in read.problems if one.line and one.column == "echeance"}
        said = [
            f"{listed[line - 1].label} : {french.sentence(one.expected)} {one.remedy}" for line, one in wrong.items()
        ]
        show(answer(" ".join(said) or "Corrigez les dates.", "attention"))
        return
    st.session_state.pop(_BETWEEN, None)
    done = french.count(len(texts), "trimestre est préparé", "trimestres sont préparés")
    save(context, "periodes", Edits(added=read.rows), said=done, based_on=based_on)


# --- A building changes its code; and the thresholds that no building bears any more ---------------


def draw_orphans(context: Context) -> None:
    """Each threshold whose building is not there, with what takes it out."""
    for association, code in orphan_thresholds(context.registry, context.store):
        name = context.registry.association(association).name
        said = f"Un seuil est fixé pour « {code} » ({name}), et aucun immeuble ne porte ce code."
        show(callout(said, tone="attention", title="Seuil sans immeuble"))
        key = f"{association}|{code}"
        if st.button(f"Retirer le seuil de {code}", key=f"retirer-orphelin-{METROPOLE}-{key}"):
            based_on = seen(context, f"retirer-{key}")
            save(context, "seuils", Edits(removed=(key,)), said="Le seuil est retiré.", based_on=based_on)


def draw_renaming(context: Context, found: Sequence[Building]) -> None:
    """The form that gives a building another code, in every table at once."""
    show(heading("Changer le code d’un immeuble", 2, anchor="code"))
    way_back.tell(context, PATH)
    show(note("Ses accords, ses réunions et son seuil suivent : c’est le même immeuble, jamais compté deux fois."))
    by_key = {one.key: one for one in found}
    with form("changer-code", border=False):
        chosen = st.selectbox(
            "Immeuble", sorted(by_key), format_func=lambda key: f"{by_key[key].code}, {place(by_key[key].place)}"
        )
        new = st.text_input("Nouveau code", max_chars=60)
        sent = st.form_submit_button("Changer le code")
    if sent and chosen:
        _rename(context, by_key[chosen], new.strip())


def _rename(context: Context, one: Building, new: str) -> None:
    """Give the building its new code; « Annuler » gives it the former one, in every table again."""

    def renamed(now: Context, old: str, code: str) -> int:
        return rename_building(now.scope, one.association, old, code)

    def done(moved: int) -> DoneAct:
        rows = french.count(moved, "ligne suit", "lignes suivent")
        said = f"« {one.code} » s’appelle maintenant « {new} » ; {rows}."
        return DoneAct(said, lambda now: renamed(now, new, one.code))

    way_back.do(lambda: renamed(context, one.code, new), done)


# --- The threshold of agreement of each building; one decision may be applied to several -----------


_WORDS = Several(
    "Immeubles concernés",
    button=("Fixer le seuil de {} immeuble", "Fixer le seuil de {} immeubles"),
    again=("Modifier le seuil de {} immeuble", "Modifier le seuil de {} immeubles"),
    fixed=("{} seuil est fixé", "{} seuils sont fixés"),
    changed=("{} seuil est modifié", "{} seuils sont modifiés"),
)


def draw_thresholds(context: Context) -> None:
    """Every building, those without a threshold first; then the decision, applied to those chosen."""
    found = buildings(context.registry, context.store)
    if not found:
        show(empty("Aucun immeuble n’est encore décrit", "Les seuils se fixent une fois les immeubles transmis."))
        return
    body = [_row(context, one) for one in found]
    headings = ["Immeuble", "Lieu", "Logements", "Éligible au câble", "Seuil d’accord", "Décision", "Changer"]
    shown = table("Immeubles", headings, body, numeric=(2,), wide=True)
    show(section("Les immeubles, ceux sans seuil d’abord", shown))
    draw_orphans(context)
    show(heading("Fixer un seuil", 2, anchor="saisie"))
    asked = st.query_params.get("ligne")
    chosen = [asked] if asked else [one.key for one in found if one.eligible and not one.decided]
    offered = {one.key: {"association": one.association, "code_immeuble": one.code} for one in found}
    decide(context, "seuils", offered, {one.key: _name(one) for one in found}, chosen, _WORDS)
    if asked and any(one.key == asked and one.decided for one in found):
        offer_removal(context, "seuils", asked)
    draw_renaming(context, found)


def _name(one: Building) -> str:
    """« FV-01, Frais Vallon », and what is decided of it when something is."""
    if not one.decided:
        return f"{one.code}, {place(one.place)}"
    held = french.percent(one.share, 2) if one.share is not None else french.count(one.number or 0, "logement")
    return f"{one.code}, {place(one.place)} (seuil : {held})"


def _row(context: Context, one: Building) -> list[Child]:
    verb = "Changer" if one.decided else "Fixer"
    return [
        one.code,
        place(one.place),
        french.number(one.dwellings),
        mark(Missing.NOT_REPORTED) if one.eligible is None else ("oui" if one.eligible else "non"),
        threshold(one),
        one.decision,
        to_row("seuils", one.key, verb, f"le seuil de {one.code}"),
    ]


def threshold(one: Building) -> Html | str:
    """« 50 % des logements, soit 22 », or that nothing is fixed."""
    if one.share is not None and one.minimum is not None:
        least = -(-one.minimum // 1)  # as many agreements as needed: a part of one is one more
        return f"{french.percent(one.share, 2)} des logements, soit {french.number(least)}"
    if one.number is not None:
        return french.count(one.number, "logement")
    if one.eligible is False:
        return mark(Missing.NOT_APPLICABLE)
    return tag("strong", "à fixer") if one.eligible else "en attente du diagnostic"
