"""The tables of the Métropole that are one list each: agreements, dates, payments, targets and their like."""

from __future__ import annotations

from datetime import timedelta

import streamlit as st

from core.catalogue.keys import KEY
from core.deliberation import ASSOCIATIONS, CONVENTIONS, LINES
from core.depositing import retention
from core.depositing.reference_tables import move_due_date
from core.domain import french
from core.domain.calendar import report_due
from core.domain.column_type import Choice
from core.domain.dataset import Dataset, Row, RowDict
from core.domain.observation import Missing
from core.domain.programme import METROPOLE
from core.errors import Refused
from dashboard.addresses import address
from dashboard.components import Child, Html, bullets, empty, heading, link, mark, note, section, show, table, tag
from dashboard.components.forms import row_form
from dashboard.context import Context
from dashboard.views.table_editing import PATH, Editor, edit, to_row
from dashboard.views.table_saving import (
    Several,
    associations,
    by_cell,
    decide,
    decision,
    experiment,
    indicators,
    label,
    line,
    matrix,
    offer_removal,
    ordered,
    place,
    rows,
    save,
    seen,
    turn,
)


def draw_agreements(context: Context) -> None:
    """Each agreement, filled or not, with its consequence; then the form."""
    held = {row["association"]: row for row in rows(context, "conventions")}
    body = [_row(code, found.cents, held.get(code)) for code, found in CONVENTIONS.items()]
    headings = ["Association", "Voté", "Signée le", "Fin de l’exercice", "Ce qui en découle", "SIRET", "Changer"]
    told = "Le compte rendu financier est dû dans les six mois qui suivent la fin de l’exercice (loi du 12 avril 2000)."
    shown = table("Conventions", headings, body, numeric=(1,), wide=True)
    show(section("Les conventions d’objectifs", shown, note(told)))
    editor = Editor("conventions", "Renseigner une convention")
    edit(context, editor, held.values(), name=lambda row: ASSOCIATIONS[row["association"]].name)


def _row(code: str, cents: int, row: RowDict | None) -> list[Child]:
    name, unknown = ASSOCIATIONS[code].name, mark(Missing.NOT_REPORTED)
    if row is None:
        return [name, french.euros(cents), unknown, unknown, "", unknown, ""]
    end = row["fin_exercice"]
    return [
        name,
        french.euros(cents),
        french.day(row["date_signature"]),
        french.day(end) if end else unknown,
        _consequence(row),
        row["siret"] or unknown,
        to_row("conventions", row["_key"], about=name),
    ]


def _consequence(row: RowDict) -> Html:
    end = row["fin_exercice"]
    due = (
        f"compte rendu financier dû le {french.day(report_due(end))}"
        if end
        else "échéance du compte rendu financier inconnue tant que la fin de l’exercice manque"
    )
    rest = f"part non dépensée : {row['reliquat']}" if row["reliquat"] else ""
    return tag("span", due, tag("span", rest, class_="cell__under") if rest else None)


# --- When each of the six experiments starts and ends: what the share of time elapsed is computed from ----


def draw_dates(context: Context) -> None:
    """Six rows, filled or not, then the form."""
    held = {row["experience"]: row for row in rows(context, "dates_experimentations")}
    body = [_dates_row(context, one.code, one.short_title, held.get(one.code)) for one in context.registry.experiments]
    headings = ["Expérimentation", "Début", "Fin", "Temps écoulé", "Changer"]
    told = "Tant que les dates manquent, « en avance » et « en retard » ne peuvent pas être dits."
    show(section("Les expérimentations", table("Dates", headings, body), note(told)))
    asked = st.query_params.get("ligne")
    missing = [one.code for one in context.registry.experiments if one.code not in held]
    show(heading("Fixer les dates", 2, anchor="saisie"))
    show(note("Toutes celles qui sont choisies reçoivent les mêmes dates ; pour d’autres dates, recommencez."))
    names = {one.code: one.short_title for one in context.registry.experiments}
    offered = {code: {"experience": code} for code in names}
    decide(context, _DATES, offered, names, [asked] if asked else missing, _DATES_WORDS)
    if asked is not None and asked in held:
        offer_removal(context, _DATES, asked)


_DATES = "dates_experimentations"
_DATES_WORDS = Several(
    "Quelles expérimentations",
    ("Fixer les dates de {} expérimentation", "Fixer les dates de {} expérimentations"),
    ("Modifier les dates de {} expérimentation", "Modifier les dates de {} expérimentations"),
    ("les dates de {} expérimentation sont fixées", "les dates de {} expérimentations sont fixées"),
    ("les dates de {} expérimentation sont modifiées", "les dates de {} expérimentations sont modifiées"),
)


def _dates_row(context: Context, code: str, title: str, row: RowDict | None) -> list[Child]:
    if row is None:
        unknown = mark(Missing.NOT_REPORTED)
        return [title, unknown, unknown, "", ""]
    whole = (row["fin"] - row["debut"]).days + 1
    spent = min(max((context.today - row["debut"]).days + 1, 0), whole)
    return [
        title,
        french.day(row["debut"]),
        french.day(row["fin"]),
        french.percent(100 * spent / whole),
        to_row("dates_experimentations", row["_key"], about=title),
    ]


# --- The documents that associations owe: expected when, received when -----------------------------


def draw_documents(context: Context) -> None:
    """Those that are late first, then those to come, then those received; then the form."""
    held = sorted(rows(context, "pieces"), key=lambda row: (row["recue_le"] is not None, row["echeance"]))
    if held:
        body = [_documents_row(context, row) for row in held]
        headings = ["Association", "Document", "Exercice", "Attendu le", "Reçu", "Changer"]
        show(section("Ce qui est dû, et ce qui est arrivé", table("Pièces", headings, body)))
    else:
        show(empty("Aucune pièce n’est inscrite", "Inscrivez les documents que chaque convention demande."))
    edit(context, Editor("pieces", "Ajouter une pièce attendue"), held, name=_name)


def _name(row: Row) -> str:
    return f"{row['type']} {row['exercice']}, {ASSOCIATIONS[row['association']].name}"


def _documents_row(context: Context, row: RowDict) -> list[Child]:
    what = row["type"] if row["ligne"] is None else f"{row['type']} ({line(row['ligne'])})"
    return [
        ASSOCIATIONS[row["association"]].name,
        french.sentence(what).rstrip("."),
        str(row["exercice"]),
        french.day(row["echeance"]),
        _received(context, row),
        to_row("pieces", row["_key"], "Modifier" if row["recue_le"] else "Noter la réception", _name(row)),
    ]


def _received(context: Context, row: RowDict) -> Html | str:
    if row["recue_le"]:
        return f"le {french.day(row['recue_le'])}"
    if row["echeance"] < context.today:
        return tag("strong", f"attendu depuis le {french.day(row['echeance'])}")
    return "à venir"


# --- The grants: what an association may hand in where it runs no experiment, in words -------------


def draw_grants(context: Context) -> None:
    """What each grant lets one do, then the form."""
    held = rows(context, "autorisations")
    rule = "Sans autorisation, une association remplit ses tableaux aux lieux de ses propres expérimentations."
    if held:
        words = {row["_key"]: allows(context, row) for row in held}
        said = [
            tag("span", told, " ", to_row("autorisations", key, "Retirer ou voir", told)) for key, told in words.items()
        ]
        show(section("Ce qui est permis en plus", bullets(said), note(rule)))
    else:
        show(empty("Aucune autorisation n’est donnée", rule))
    choices = {"association": associations(context), "dataset": _datasets(context)}
    editor = Editor("autorisations", "Donner une autorisation", choices=choices)
    edit(context, editor, held, name=lambda row: allows(context, row).rstrip("."))


def allows(context: Context, row: Row) -> str:
    """« ARSENIC peut remplir « Immeubles » à Aix : ces lignes comptent pour « Pays d’Aix ». »."""
    name = {one.code: one.name for one in context.registry.associations}.get(row["association"], row["association"])
    dataset = _known(context).get(row["dataset"])
    title = dataset.title if dataset else row["dataset"]
    owner = next(
        (
            one.short_title
            for one in context.registry.experiments
            if not one.covers_everything and one.tries(dataset.axis if dataset else None, row["lieu"])
        ),
        None,
    )
    follows = f" : ces lignes comptent pour « {owner} »" if owner else ""
    return french.typeset(f"{name} peut remplir « {title} » à {place(row['lieu'])}{follows}.")


def _known(context: Context) -> dict[str, Dataset]:
    found: dict[str, Dataset] = {}
    for body in context.registry.associations:
        found |= {one.code: one for one in context.registry.datasets(body.code) if not one.programme_wide}
    return found


def _datasets(context: Context) -> list[Choice]:
    return [Choice(code, one.title) for code, one in _known(context).items() if code != METROPOLE]


# --- The payments: each sum paid on one of the six lines, and what is left to pay ------------------


def draw_payments(context: Context) -> None:
    """The payments by day, what is left line by line, then the form."""
    held = sorted(rows(context, "versements"), key=lambda row: (row["date"], row["reference"]))
    if held:
        body = [
            [
                french.day(row["date"]),
                line(row["ligne"]),
                row["nature"],
                row["reference"],
                french.euros(row["montant"]),
                to_row("versements", row["_key"], about=row["reference"]),
            ]
            for row in held
        ]
        headings = ["Date", "Ligne", "Nature", "Référence", "Montant", "Changer"]
        total = ["Total", "", "", "", french.euros(sum(row["montant"] for row in held)), ""]
        shown = table("Versements", headings, body, numeric=(4,), total=total, wide=True)
        show(section("Ce qui a été versé", shown))
    else:
        show(empty("Aucun versement n’est inscrit", "Inscrivez chaque somme versée, avec son numéro de mandat."))
    show(section("Ce qui reste à verser", _left(held)))
    edit(context, Editor("versements", "Ajouter un versement"), held, name=lambda row: row["reference"])


def _rest(cents: int) -> str:
    """What is left, or by how much the payments exceed the vote: that is a point to treat too."""
    return french.euros(cents) if cents >= 0 else f"{french.euros(-cents)} de trop"


def _left(held: list[RowDict]) -> Html:
    paid = {code: sum(row["montant"] for row in held if row["ligne"] == code) for code in LINES}
    body = [
        [line(code), french.euros(one.cents), french.euros(paid[code]), _rest(one.cents - paid[code])]
        for code, one in LINES.items()
    ]
    return table(
        "Reste à verser, ligne par ligne", ["Ligne", "Voté", "Versé", "Reste"], body, numeric=(1, 2, 3), wide=True
    )


# --- The baselines: where each figure stood before the start ---------------------------------------


def draw_baselines(context: Context) -> None:
    """The matrix, then the form."""
    held = rows(context, "valeurs_depart")
    cells = by_cell(held)
    if held:
        grid = matrix(
            context,
            "Les valeurs de départ",
            ordered(context, (row["indicateur"] for row in held)),
            lambda code, who: [_start(context, row) for row in cells.get((code, who), [])],
        )
        show(section("D’où l’on part", grid))
    else:
        told = "Sans elle, un chiffre dit où l’on en est, mais pas le chemin parcouru."
        show(empty("Aucune valeur de départ n’est inscrite", told))
    editor = Editor("valeurs_depart", "Ajouter une valeur de départ", choices={"indicateur": indicators(context)})
    edit(context, editor, held, name=lambda row: _of_what(context, row))


def _of_what(context: Context, row: Row) -> str:
    """« Ordinateurs remis, Pays d’Aix »: what a target or a baseline is of."""
    return f"{label(context, row['indicateur'])}, {experiment(context, row['experience'])}"


def _start(context: Context, row: Row) -> Html:
    number = to_row("valeurs_depart", row["_key"], french.number(row["valeur"], 2), _of_what(context, row))
    source = tag("span", row["source"], class_="cell__under") if row["source"] else None
    return tag("span", number, f" au {french.day(row['date'])}", source)


# --- The targets: a number, a day and a decision for each indicator and experiment, the baseline beside ----


_PRESS = "Cliquez un nombre pour le changer, le retirer ou en déplacer l’échéance."


def draw_targets(context: Context) -> None:
    """The matrix, then the form."""
    held = rows(context, "objectifs")
    cells, starts = by_cell(held), by_cell(rows(context, "valeurs_depart"))
    if held:
        grid = matrix(
            context,
            "Les objectifs, indicateur par indicateur",
            ordered(context, (row["indicateur"] for row in held)),
            lambda code, who: [*_goals(context, cells.get((code, who), [])), *_starts(starts.get((code, who), []))],
        )
        show(section("Ce que le comité a fixé", grid, note(_PRESS)))
    else:
        told = (
            "La délibération n’en donne pas : inscrivez ceux que le comité décide. "
            "D’ici là, les chiffres se lisent « sans objectif »."
        )
        show(empty("Aucun objectif n’est inscrit", told))
    asked = next((row for row in held if row[KEY] == st.query_params.get("ligne")), None)
    if asked is not None and st.query_params.get("acte") == MOVING:
        draw_moving(context, asked, _of_what(context, asked))
        return
    editor = Editor("objectifs", "Ajouter un objectif", choices={"indicateur": indicators(context)})
    edit(context, editor, held, name=lambda row: _of_what(context, row))
    if asked is not None:
        show(to_moving(asked, _of_what(context, asked)))


def _goals(context: Context, found: list[Row]) -> list[Child]:
    return [_goal(context, row) for row in sorted(found, key=lambda row: row["echeance"])]


def _goal(context: Context, row: Row) -> Html:
    about = f"l’objectif de {label(context, row['indicateur'])}, {experiment(context, row['experience'])}"
    number = to_row("objectifs", row["_key"], french.number(row["valeur"], 2), about)
    ceiling = " au plus" if row["sens"] == "baisse" else ""
    when = f"{ceiling} au {french.short_day(row['echeance'])}"
    return tag("span", number, when, tag("span", decision(dict(row)), class_="cell__under"))


def _starts(found: list[Row]) -> list[Child]:
    said = (f"départ : {french.number(row['valeur'], 2)} au {french.short_day(row['date'])}" for row in found)
    return [tag("span", one, class_="cell__under") for one in said]


# --- How long the past of each dataset is kept; without a duration, nothing is ever removed --------


_WORDS = Several(
    "Tableaux concernés",
    button=("Fixer la durée de {} tableau", "Fixer la durée de {} tableaux"),
    again=("Modifier la durée de {} tableau", "Modifier la durée de {} tableaux"),
    fixed=("{} durée est fixée", "{} durées sont fixées"),
    changed=("{} durée est modifiée", "{} durées sont modifiées"),
)


def draw_durations(context: Context) -> None:
    """Every dataset with its duration, or without; what the next purge would remove; the form."""
    held = {row["dataset"]: row for row in rows(context, retention.RETENTION)}
    titles = retention.datasets(context.registry)
    body = [
        [
            title,
            french.count(held[code]["duree_mois"], "mois", "mois") if code in held else mark(Missing.NOT_REPORTED),
            decision(held[code]) if code in held else "",
            to_row(retention.RETENTION, code, "Changer" if code in held else "Fixer", f"la durée de {title}"),
        ]
        for code, title in titles.items()
    ]
    shown = table("Durées de conservation", ["Tableau", "Durée", "Décision", "Changer"], body)
    show(section("Combien de temps le passé est gardé", shown, note(*_explained())))
    asked = st.query_params.get("ligne")
    show(heading("Fixer une durée", 2, anchor="saisie"))
    names = {
        code: f"{title} ({french.count(held[code]['duree_mois'], 'mois', 'mois')})" if code in held else title
        for code, title in titles.items()
    }
    offered = {code: {"dataset": code} for code in titles}
    decide(context, retention.RETENTION, offered, names, [asked] if asked else [], _WORDS)
    if asked is not None and asked in held:
        offer_removal(context, retention.RETENTION, asked)


def _explained() -> list[Child]:
    return [
        "La personne qui tient le serveur lance la suppression par la commande « fabrique purge » : les versions "
        "remplacées et les fichiers plus anciens que la durée partent pour de bon, les lignes en cours restent. ",
        link("Ce qui est conservé, et pourquoi", "/donnees-personnelles"),
    ]


# --- The due date of a target is moved: the new day, the decision, and the day from which it holds --


MOVING = "echeance"
"""The act, in an address."""
_TARGETS = "objectifs"
_KEPT = ("experience", "indicateur", "valeur", "sens")
_ASKED = ("echeance", "decision", "decide_le")
_MEANS = (
    "L’objectif d’avant tient jusqu’à la veille de la décision : les trimestres passés gardent le leur, et qui était "
    "en retard le reste. Une échéance mal recopiée, elle, se corrige en retirant l’objectif et en l’ajoutant de "
    "nouveau."
)


def to_moving(row: Row, about: str) -> Html:
    """The link to the form, for the target that is shown."""
    where = address(PATH, registre=_TARGETS, ligne=row[KEY], acte=MOVING)
    return tag("p", link("Déplacer l’échéance", where), tag("span", f" {about}", class_="visually-hidden"))


def draw_moving(context: Context, row: Row, called: str) -> None:
    """The form that moves the due date of ``called``, alone on the page."""
    show(heading(f"Déplacer l’échéance : {called}", 2, anchor="saisie"), note(_MEANS))
    show(tag("p", f"Aujourd’hui : {french.number(row['valeur'], 2)} au {french.day(row['echeance'])}."))
    key = f"deplacer-{turn()}-{row[KEY]}"
    based_on = seen(context, key)
    sent = row_form(
        context.registry.dataset(METROPOLE, _TARGETS),
        {**row, **dict.fromkeys(_ASKED)},
        key=key,
        button="Déplacer l’échéance",
        hidden=_KEPT,
        required={"decide_le": "Le jour de la décision : l’objectif d’avant tient jusqu’à la veille."},
    )
    if sent is None:
        return
    try:
        edits = move_due_date(row, sent["echeance"], sent["decision"], sent["decide_le"])
    except Refused as error:
        sent.refuse(error)
        return
    eve = sent["decide_le"] - timedelta(days=1)
    done = (
        f"l’échéance est le {french.day(sent['echeance'])}, par décision du {french.day(sent['decide_le'])} ; "
        f"celle du {french.day(row['echeance'])} tient jusqu’au {french.day(eve)}"
    )
    save(context, _TARGETS, edits, said=done, based_on=based_on, sent=sent)
