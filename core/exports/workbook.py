"""The indicators as a workbook: every figure, its parts, its target and its state; then definitions and origin."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

import xlsxwriter

from core.committee import Snapshot, reference_of
from core.domain import french
from core.domain.change import change, reference_text, since_text
from core.domain.figure_text import cause_text, counted, freshness_text, plain_mark, share_expected, wait_text
from core.domain.french import typeset
from core.domain.indicator import Indicator
from core.domain.observation import Cell, Observation, Progress, Standing
from core.domain.palette import FONT, LIGHT
from core.exports.dossier import Material
from core.exports.typesetting import height_of

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

PROGRAMME = "Programme"
ALL_PLACES = "Tous les lieux"
FIGURES = (
    ("Indicateur", 34),
    ("Code", 8),
    ("Expérimentation", 20),
    ("Lieu", 20),
    ("Nombre", 11),
    ("Unité du nombre", 16),
    ("Taux (%)", 10),
    ("Montant (€)", 13),
    ("Durée (jours)", 10),
    ("Données au", 12),
    ("Ce qui manque encore", 22),
    ("Numérateur", 12),
    ("Dénominateur", 13),
    ("S’il manque, pourquoi", 40),
    ("Objectif", 10),
    ("Part de l’objectif", 12),
    ("Part attendue", 12),
    ("Attendue quand", 40),
    ("État", 16),
    ("Cause donnée par l’association", 40),
    ("Écart", 10),
    ("Écart compté", 30),
    ("Fraîcheur", 40),
)
SHARES = (15, 16)
"""The columns of ``FIGURES`` that are shares of a target."""
TARGETS = (
    ("Expérimentation", 22),
    ("Indicateur", 34),
    ("Code", 8),
    ("Objectif", 12),
    ("Unité", 14),
    ("Pour le", 14),
    ("Décision", 50),
)
DEFINITIONS = (
    ("Indicateur", 34),
    ("Code", 8),
    ("Définition", 70),
    ("Ce qui est compté", 60),
    ("Divisé par", 50),
    ("Unité", 14),
    ("Origine", 12),
    ("Version", 9),
    ("Source", 40),
)
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
        made.sheet("Chiffres", FIGURES, figures(snapshot), shares=SHARES)
        made.sheet("Objectifs", TARGETS, targets(snapshot))
        made.sheet("Définitions", DEFINITIONS, definitions(snapshot))
        made.sheet("À propos", (("Quoi", 30), ("", 90)), about(material, made_by))
    return kept.getvalue()


def figures(snapshot: Snapshot) -> Iterator[list[Value]]:
    """One row for each figure of each experiment and of the programme, then for each place."""
    for cell in snapshot.figures:
        yield _figure(snapshot, cell)
    for observation in snapshot.places:
        yield _figure(snapshot, Cell(observation, Standing(Progress.NO_TARGET)), placed=True)


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
            one.label,
            one.code,
            typeset(one.definition),
            typeset(one.counted),
            typeset(one.related),
            one.unit,
            origin,
            one.version,
            one.source,
        ]


def about(material: Material, made_by: str) -> Iterator[list[Value]]:
    """Which figures these are, who asked for them, and how to read the sheets."""
    snapshot = material.snapshot
    yield ["Document", material.title]
    yield ["Données", snapshot.mark]
    yield [
        "Données fictives",
        "Oui : démonstration, rien de ceci ne décrit la réalité" if snapshot.fictitious else "Non",
    ]
    yield ["Calculées le", french.moment(material.at)]
    yield ["Numéro des données arrêtées", snapshot.number if snapshot.number is not None else "Non arrêtées"]
    yield ["Empreinte SHA-256", material.sha256]
    yield ["Numéro du dernier dépôt", snapshot.revision]
    yield ["Demandé par", made_by]
    yield [
        "Une unité par colonne",
        typeset(
            "« Nombre » est dans l’unité écrite à côté, « Taux (%) » en points de pourcentage (56,4 pour 56,4 %), "
            "« Montant (€) » en euros, « Durée (jours) » en jours. Le chiffre qui se lit en grand à l’écran est le "
            "nombre, ou ce que sa ligne porte d’autre."
        ),
    ]
    yield [
        "Les dates",
        typeset(
            "« Données au » est le dernier jour dont parlent les lignes comptées ; « Ce qui manque encore » dit si ce "
            "jour est plus ancien que celui du tableau, ou si un total est incomplet."
        ),
    ]
    yield ["Les écarts", typeset(f"Comptés {reference_text(reference_of(snapshot))}.")]
    if material.hidden:
        yield ["Les nombres de personnes", material.hidden]
    yield ["Une cellule vide", typeset("n’est jamais zéro : la colonne « S’il manque, pourquoi » le dit.")]
    yield ["Les parties par lieu", "ne s’additionnent pas toujours : voir la définition de chaque indicateur."]


def _figure(snapshot: Snapshot, cell: Cell, *, placed: bool = False) -> list[Value]:
    found, standing = cell.observation, cell.standing
    target = standing.target
    missing = ""
    if found.missing_because is not None:
        missing = ". ".join(part for part in (plain_mark(found.missing_because), typeset(found.reason)) if part)
    indicator = snapshot.indicator[found.indicator]
    headline = indicator.headline
    return [
        found.label,
        found.indicator,
        _whose(snapshot, found),
        _where(snapshot, found),
        *_by_unit(found, indicator),
        found.freshness.covers_until,
        wait_text(found),
        found.numerator,
        found.denominator,
        missing or (found.reason if found.hidden else ""),
        target.value if target else None,
        standing.done,
        standing.expected,
        typeset(share_expected(standing)),
        "" if placed else plain_mark(standing.progress),
        typeset(cause_text(standing)),
        change(cell, headline=headline),
        since_text(cell, headline=headline) if cell.before else "",
        typeset(freshness_text(found.freshness)),
    ]


def _by_unit(found: Observation, indicator: Indicator) -> list[Value]:
    """The number and its unit, the rate, the amount, the days: each figure in the columns of its units."""
    value = counted(found)
    if indicator.unit.startswith("€"):
        return [None, "", None, value, None]
    if indicator.unit == "jours":
        return [None, "", None, None, value]
    rate = value if found.unit == "%" else None
    number = value if rate is None and found.denominator is None else None
    if indicator.headline == "numerator" and indicator.unit != "%":
        number = counted(found, headline="numerator")
    return [found.hidden or number, indicator.unit if number is not None or found.hidden else "", rate, None, None]


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

    def sheet(self, name: str, headings: Headings, rows: Iterator[list[Value]], *, shares: Sequence[int] = ()) -> None:
        """One sheet: headings that stay and filter, and the rows, each value in its own kind."""
        page = self._book.add_worksheet(name)
        for at, (heading, width) in enumerate(headings):
            page.write_string(0, at, heading, self._head)
            page.set_column(at, at, width)
        last, widths = 0, [width for _, width in headings]
        page.set_row(0, height_of([heading for heading, _ in headings], widths))
        for last, row in enumerate(rows, 1):
            page.set_row(last, height_of(row, widths))
            for at, value in enumerate(row):
                self._write(page, last, at, value, at in shares)
        page.freeze_panes(1, 1)
        page.autofilter(0, 0, max(last, 1), len(headings) - 1)
        page.repeat_rows(0)
        page.set_landscape()
        page.set_paper(9)
        page.fit_to_pages(1, 0)

    def _write(self, page: Worksheet, row: int, at: int, value: Value, share: bool) -> None:
        if value is None:
            return
        if isinstance(value, str):
            page.write_string(row, at, value, self._text)
        elif isinstance(value, date):
            page.write_datetime(row, at, value, self._day)
        else:
            page.write_number(row, at, value, self._share if share else self._number)
