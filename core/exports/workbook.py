"""The indicators as a workbook: every figure, its parts, its target and its state; then definitions and origin."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import xlsxwriter

from core.domain import french
from core.domain.figures import freshness_text
from core.domain.french import typeset
from core.domain.local_time import FRANCE
from core.domain.marks import plain_mark
from core.domain.observation import Observation, Standing
from core.domain.palette import FONT, LIGHT
from core.exports.dossier.material import Material
from core.services.snapshots import Snapshot

PROGRAMME = "Programme"
ALL_PLACES = "Tous les lieux"
FIGURES = (
    ("Indicateur", 34), ("Code", 8), ("Expérimentation", 20), ("Lieu", 20), ("Valeur", 12), ("Unité", 14),
    ("Numérateur", 12), ("Dénominateur", 12), ("S’il manque, pourquoi", 40), ("Objectif", 10),
    ("Part de l’objectif", 12), ("Part attendue à cette date", 12), ("État", 16), ("Fraîcheur", 40),
)  # fmt: skip
TARGETS = (
    ("Expérimentation", 22), ("Indicateur", 34), ("Code", 8), ("Objectif", 12), ("Unité", 14), ("Pour le", 14),
    ("Décision", 50),
)  # fmt: skip
DEFINITIONS = (
    ("Indicateur", 34), ("Code", 8), ("Définition", 70), ("Ce qui est compté", 60), ("Divisé par", 50), ("Unité", 14),
    ("Origine", 12), ("Version", 9), ("Source", 40),
)  # fmt: skip
Value = str | float | int | date | None
Headings = Sequence[tuple[str, int]]


def workbook(material: Material, *, made_by: str) -> bytes:
    """The workbook of one snapshot; numbers are numbers, shares of a target are percentages, no text is a formula."""
    kept = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(kept, options) as book:
        made = _Writer(book)
        snapshot = material.snapshot
        book.set_properties(
            {"title": material.title, "author": "Fabrique", "created": material.at.replace(tzinfo=None)}
        )
        made.sheet("Chiffres", FIGURES, figures(snapshot), shares=(10, 11))
        made.sheet("Objectifs", TARGETS, targets(snapshot))
        made.sheet("Définitions", DEFINITIONS, definitions(snapshot))
        made.sheet("À propos", (("Quoi", 30), ("", 90)), about(material, made_by))
    return kept.getvalue()


def figures(snapshot: Snapshot) -> Iterator[list[Value]]:
    """One row for each figure of each experiment and of the programme, then for each place."""
    for cell in snapshot.figures:
        yield _figure(snapshot, cell.observation, cell.standing)
    for observation in snapshot.places:
        yield _figure(snapshot, observation, None)


def targets(snapshot: Snapshot) -> Iterator[list[Value]]:
    """The numbers that the committee set."""
    for cell in snapshot.figures:
        found, target = cell.observation, cell.standing.target
        if target is not None:
            name = _whose(snapshot, found)
            unit = _target_unit(snapshot, found)
            yield [name, found.label, found.indicator, target.value, unit, target.until, target.decision]


def _target_unit(snapshot: Snapshot, found: Observation) -> str:
    """« ordinateurs » for a target set on the number, although the figure is also a share."""
    indicator = snapshot.indicator.get(found.indicator)
    return indicator.unit if indicator and indicator.headline == "numerator" else found.unit


def definitions(snapshot: Snapshot) -> Iterator[list[Value]]:
    """One row for each indicator, with its formula in words."""
    for one in snapshot.formulas:
        origin = "Déclaré" if one.declared else "Calculé"
        yield [
            one.label, one.code, typeset(one.definition), typeset(one.counted), typeset(one.related), one.unit, origin,
            one.version, one.source,
        ]  # fmt: skip


def about(material: Material, made_by: str) -> Iterator[list[Value]]:
    """Which figures these are, who asked for them, and how to read the sheets."""
    snapshot = material.snapshot
    yield ["Document", material.title]
    yield ["Données", snapshot.mark]
    yield [
        "Données fictives",
        "Oui : démonstration, rien de ceci ne décrit la réalité" if snapshot.fictitious else "Non",
    ]
    yield ["Calculées le", french.moment(material.at.astimezone(FRANCE))]
    yield ["Numéro des données arrêtées", snapshot.number if snapshot.number is not None else "Non arrêtées"]
    yield ["Empreinte SHA-256", material.sha256]
    yield ["Révision de la base", snapshot.revision]
    yield ["Demandé par", made_by]
    yield ["Les taux", typeset("La colonne « Valeur » est en points de pourcentage (56,4 pour 56,4 %).")]
    if material.hidden:
        yield ["Les nombres de personnes", material.hidden]
    yield ["Une cellule vide", typeset("n’est jamais zéro : la colonne « S’il manque, pourquoi » le dit.")]
    yield ["Les parties par lieu", "ne s’additionnent pas toujours : voir la définition de chaque indicateur."]


def _figure(snapshot: Snapshot, found: Observation, standing: Standing | None) -> list[Value]:
    target = standing.target if standing else None
    missing = ""
    if found.missing_because is not None:
        missing = ". ".join(part for part in (plain_mark(found.missing_because), typeset(found.reason)) if part)
    return [
        found.label, found.indicator, _whose(snapshot, found), _where(snapshot, found),
        found.hidden or (None if found.missing_because is not None else found.value), found.unit, found.numerator,
        found.denominator, missing or (found.reason if found.hidden else ""), target.value if target else None,
        standing.done if standing else None,
        standing.expected if standing else None, _state(standing), typeset(freshness_text(found.freshness)),
    ]  # fmt: skip


def _state(standing: Standing | None) -> str:
    return plain_mark(standing.progress) if standing else ""


def _whose(snapshot: Snapshot, found: Observation) -> str:
    experiment = snapshot.experiment(found.experiment or "")
    return experiment.short_title if experiment else PROGRAMME


def _where(snapshot: Snapshot, found: Observation) -> str:
    if found.place is None:
        return ALL_PLACES
    experiment = snapshot.experiment(found.experiment or "")
    place = experiment.place(found.place) if experiment else None
    return place.name if place and place.code == found.place else found.place


class _Writer:
    """The sheets of one workbook, dressed as the rest."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self._book = book
        base = {"font_name": FONT, "font_size": 11, "font_color": LIGHT.ink, "valign": "top"}
        self._text = book.add_format({**base, "text_wrap": True})
        self._number = book.add_format({**base, "num_format": "#,##0.##"})
        self._share = book.add_format({**base, "num_format": "0 %"})
        self._day = book.add_format({**base, "num_format": "dd/mm/yyyy", "align": "left"})
        head = {
            "bold": True,
            "bg_color": LIGHT.sunken,
            "bottom": 2,
            "bottom_color": LIGHT.line_strong,
            "text_wrap": True,
        }
        self._head = book.add_format({**base, **head})

    def sheet(
        self, name: str, headings: Headings, rows: Iterator[list[Value]], *, shares: Sequence[int] = ()
    ) -> None:  # fmt: skip
        """One sheet: headings that stay and filter, and the rows, each value in its own kind."""
        page = self._book.add_worksheet(name)
        for at, (heading, width) in enumerate(headings):
            page.write_string(0, at, heading, self._head)
            page.set_column(at, at, width)
        last = 0
        for last, row in enumerate(rows, 1):
            for at, value in enumerate(row):
                self._write(page, last, at, value, at in shares)
        page.freeze_panes(1, 1)
        page.autofilter(0, 0, max(last, 1), len(headings) - 1)
        page.repeat_rows(0)
        page.set_landscape()
        page.set_paper(9)
        page.fit_to_pages(1, 0)

    def _write(self, page: Any, row: int, at: int, value: Value, share: bool) -> None:
        if value is None:
            return
        if isinstance(value, str):
            page.write_string(row, at, value, self._text)
        elif isinstance(value, date):
            page.write_datetime(row, at, value, self._day)
        else:
            page.write_number(row, at, value, self._share if share else self._number)
