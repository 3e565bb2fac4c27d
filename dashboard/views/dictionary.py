"""« Dictionnaire des données »: what each table holds, column by column, and what is judged on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, time
from functools import partial

import streamlit as st

from core.domain import french
from core.domain.dataset import Column, Dataset, Severity
from core.domain.french import fold as folded
from core.domain.french import nearest
from core.domain.programme import METROPOLE
from core.errors import UnknownName
from core.exports.description import (
    ALWAYS_REFUSED,
    Allowed,
    DatasetDescription,
    bounds_words,
    key_words,
    kind_words,
    reference_words,
    rules,
)
from core.exports.table_schema import as_bytes, cell_example, example
from core.exports.template import file_name, template
from dashboard.addresses import address
from dashboard.components import (
    Child,
    ChooserLink,
    Html,
    Option,
    axis_chip,
    band,
    bullets,
    choices,
    chooser_form,
    download,
    fold,
    join,
    lead,
    link,
    note,
    page_title,
    second_section,
    section,
    select,
    show,
    table,
    tag,
)
from dashboard.context import Context

TITLE = "Dictionnaire des données"
PATH = "dictionnaire"
AT_A_GLANCE = 8
"""Values of a list that stand in the table; a longer list is one click away."""
_CADENCES = {"trimestre": "Chaque trimestre", "exercice": "Une fois par exercice"}
_REFUSED = "Tant qu’elle n’est pas corrigée, la ligne n’entre pas dans les données."
_KEPT = "La ligne entre dans les données, elle est comptée, et le point est suivi."
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def draw(context: Context) -> None:
    """Every table, or the one that the address names."""
    code, association = st.query_params.get("jeu"), st.query_params.get("association")
    if code:
        holders = _holders(context, code)
        _one(context, DatasetDescription.of(context.registry, association or holders[0], code), holders)
    else:
        _all(context)


# --- who hands in what ----------------------------------------------------------------------


def _associations(context: Context) -> list[str]:
    return [*(one.code for one in context.registry.associations), METROPOLE]


def _holders(context: Context, code: str) -> list[str]:
    """The associations that hand in the dataset, the Métropole last; raises UnknownName when nobody does."""
    datasets = context.registry.datasets
    found = [one for one in _associations(context) if any(code == dataset.code for dataset in datasets(one))]
    if not found:
        close = nearest(code, [one for group in _known(context) for one in group])
        hint = f"Vouliez-vous dire « {close} » ?" if close else "Choisissez-en un dans le dictionnaire des données."
        raise UnknownName(f"Le tableau « {code} » n’existe pas. {hint}")
    return found


def _known(context: Context) -> tuple[dict[str, Dataset], dict[str, Dataset]]:
    """The datasets of associations, by axis then by title; those of the Métropole in their own order."""
    theirs: dict[str, Dataset] = {}
    for one in context.registry.associations:
        theirs |= {found.code: theirs.get(found.code, found) for found in context.registry.datasets(one.code)}
    ordered = sorted(theirs.values(), key=lambda one: (one.axis or 9, folded(one.title)))
    held = {one.code: one for one in context.registry.datasets(METROPOLE)}
    return {one.code: one for one in ordered}, held


def _to(code: str, association: str | None = None) -> str:
    return address(PATH, jeu=code, association=association)


def _names(context: Context, codes: list[str]) -> str:
    return french.listing(context.registry.association(code).name for code in codes)


# --- all of them ----------------------------------------------------------------------------


def _all(context: Context) -> None:
    theirs, held = _known(context)
    show(
        page_title(TITLE),
        lead(
            f"{french.count(len(theirs), 'tableau rempli', 'tableaux remplis')} par les associations, "
            f"{len(held)} par la Métropole : ce que chaque colonne veut dire, et ce qui est vérifié."
        ),
        _listed("Remplis par les associations", theirs, lambda one: _names(context, _holders(context, one.code))),
        _listed("Tenus par la Métropole", held, None),
        note(link("Définitions des chiffres", "/definitions")),
    )


def _listed(title: str, found: dict[str, Dataset], whose: Callable[[Dataset], str] | None) -> Html:
    headings = ["Tableau", "Ce qu’il contient", "Colonnes", *(["Rempli par", "Quand"] if whose else [])]
    rows: list[list[Child]] = [
        [
            link(one.title, _to(one.code)),
            _first_sentence(one.description),
            len(one.columns),
            *([whose(one), _when(one)] if whose else []),
        ]
        for one in found.values()
    ]
    return section(title, table(title, headings, rows, numeric=(2,)))


def _first_sentence(text: str) -> str:
    first, stop, _rest = text.partition(". ")
    return f"{first}." if stop else text


def _when(one: Dataset) -> str:
    return "Facultatif, aucun relevé n’est attendu" if one.optional else _CADENCES.get(one.cadence, one.cadence)


# --- one of them ----------------------------------------------------------------------------


def _one(context: Context, about: DatasetDescription, holders: list[str]) -> None:
    show(_head(context, about, holders))
    _files(context, about)
    show(
        _columns(about),
        section("Comment une ligne se reconnaît", tag("p", key_words(about.dataset), class_="prose"), _links(about)),
        _judged(about, "Ce qui est refusé", Severity.ERROR, _REFUSED, _always_refused()),
        _judged(about, "Ce qui est gardé, et signalé", Severity.WARNING, _KEPT),
        note(link("Tous les tableaux", f"/{PATH}"), " · ", link("Définitions des chiffres", "/definitions")),
    )


def _head(context: Context, about: DatasetDescription, holders: list[str]) -> Html:
    one, mine = about.dataset, about.association
    versions = [
        ChooserLink(context.registry.association(code).name, _to(one.code, code), code == mine.code) for code in holders
    ]
    held = mine.code == METROPOLE
    return join(
        [
            page_title(one.title, kicker=TITLE, aside=_chooser(context, one)),
            lead(_first_sentence(one.description) or one.title),
            tag("p", one.description.removeprefix(_first_sentence(one.description)).strip(), class_="prose"),
            band(
                {
                    "Rempli par": _names(context, holders),
                    "Quand": "Tenu à jour par la Métropole" if held else _when(one),
                    "Axe": axis_chip(one.axis) if one.axis else None,
                    "Nom court": tag("code", one.code, translate="no"),
                    "Version": str(one.version),
                }
            ),
            choices("Le tableau de", versions) if len(versions) > 1 else None,
        ]
    )


def _chooser(context: Context, shown: Dataset) -> Html:
    groups = [
        (title, [Option(one.code, one.title, one.code == shown.code) for one in found.values()])
        for title, found in zip(("Associations", "Métropole"), _known(context), strict=True)
    ]
    return chooser_form(PATH, select("Un autre tableau", "jeu", groups), button="Voir ce tableau", boxed=False)


def _files(context: Context, about: DatasetDescription) -> None:
    """The template and the description for other tools, made at the click."""
    code, whose = about.dataset.code, about.association.code
    created = datetime.combine(context.today, time())
    with st.container(horizontal=True):
        download(
            "Télécharger le modèle (XLSX)",
            partial(template, context.registry, whose, code, created=created),
            file_name(about),
            mime=_XLSX,
            key=f"modele-{whose}-{code}",
        )
        download(
            "Télécharger la description (JSON)",
            partial(as_bytes, about),
            f"{code}-{whose}.json",
            mime="application/json",
            key=f"schema-{whose}-{code}",
        )
    show(
        note(
            "Le modèle est un tableur prêt à remplir : listes, aide, exemple. "
            "La description (JSON Table Schema) sert aux outils qui vérifient ou publient des fichiers."
        )
    )


# --- its columns ----------------------------------------------------------------------------


def _columns(about: DatasetDescription) -> Html:
    typed = example(about)
    rows = [_row(about, column, cell_example(about, column, typed)) for column in about.dataset.columns]
    headings = ["Titre", "Remplissage", "Ce qu’on écrit", "Aide", "Exemple"]
    required = sum(column.required for column in about.dataset.columns)
    said = (
        f"{french.count(len(rows), 'colonne')}, dont {french.in_words(required, feminine=True)} "
        f"{'obligatoire' if required < 2 else 'obligatoires'}. "
        "Dans un fichier, le titre et le nom court conviennent l’un et l’autre ; l’ordre des colonnes est libre."
    )
    return section("Les colonnes", table("Les colonnes", headings, rows), intro=said)


def _row(about: DatasetDescription, column: Column, sample: str) -> list[Child]:
    filled = tag("strong", "Obligatoire") if column.required else "Facultatif"
    return [
        join([column.title, tag("br"), tag("code", column.name, translate="no")]),
        filled,
        tag("div", _written(about, column)),
        column.description or None,
        sample or None,
    ]


def _written(about: DatasetDescription, column: Column) -> Iterator[Html | str]:
    """The kind, its limits, the values of its list."""
    yield kind_words(column, several=about.several(column))
    if bounds := bounds_words(column):
        yield join([tag("br"), tag("span", bounds, class_="note")])
    values = about.allowed(column)
    if len(values) > AT_A_GLANCE:
        yield fold(french.count(len(values), "valeur"), bullets(map(_value, values)))
    elif values and [one.written for one in values] != ["oui", "non"]:
        yield bullets(map(_value, values))


def _value(one: Allowed) -> Html:
    """The value as written, then what it means when that says more."""
    if one.written != one.code and one.meaning:
        return join([tag("strong", one.code, translate="no"), f" {one.meaning}"])
    more = one.meaning if one.meaning and one.meaning != one.written else ""
    return join([tag("strong", one.written), f" : {french.lower_first(more)}" if more else None])


# --- what is judged -------------------------------------------------------------------------


def _links(about: DatasetDescription) -> Html | None:
    found = reference_words(about)
    return bullets(found) if found else None


def _judged(about: DatasetDescription, title: str, severity: Severity, intro: str, common: Child = None) -> Html | None:
    rows = [[one.columns, one.expected, one.remedy] for one in rules(about.dataset, severity)]
    if not rows and common is None:
        return None
    headings = ["Colonnes", "Ce qui est attendu", "Que faire"]
    told = table(title, headings, rows) if rows else None
    return second_section(title, common, told, first=tag("p", intro, class_="section__intro"))


def _always_refused() -> Html:
    """What is refused in every table."""
    return bullets(join([tag("strong", what), f" : {french.lower_first(why)}"]) for what, why in ALWAYS_REFUSED)
