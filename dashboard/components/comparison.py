"""The comparison: rows are indicators, columns experiments, a cell is a figure and its standing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.domain.change import change, change_text, since_text
from core.domain.figure_text import (
    DRAFT_NOTE,
    apart_text,
    cause_text,
    expected_text,
    freshness_text,
    is_draft,
    lacking_text,
    shown,
    shown_cell,
    target_text,
)
from core.domain.observation import Cell, Missing, Standing
from dashboard.components.figures import draft_sign, expected_aside, figure_link, target_bar
from dashboard.components.html import Child, Html, classes, tag
from dashboard.components.text import axis_chip, link, mark


@dataclass(frozen=True, slots=True)
class MatrixColumn:
    """One experiment (or the programme): its name, what stands under it, where its name leads."""

    name: str
    under: str = ""
    address: str | None = None


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """One indicator; ``cells`` follow the columns, None where there is nothing to say.

    ``addresses`` lead each cell to the rows behind it. ``headline`` is the indicator's.
    """

    label: str
    cells: tuple[Cell | None, ...]
    unit: str = ""
    hint: str = ""
    axis: int | None = None
    headline: str = "value"
    parts: str = ""
    address: str | None = None
    addresses: tuple[str | None, ...] = ()


@dataclass(frozen=True, slots=True)
class MatrixGroup:
    """Rows under one title, usually an axis (1, 2, 3) or None for what is transverse."""

    title: str
    rows: tuple[MatrixRow, ...]
    axis: int | None = None


def matrix(
    caption: str,
    columns: Sequence[MatrixColumn],
    groups: Sequence[MatrixGroup],
    *,
    anchor: str = "matrice",
    note: str = "",
) -> Html:
    """The table of ``groups``; on a phone one column at a time, chosen above it."""
    whole = tag(
        "table",
        tag("caption", caption, class_="visually-hidden"),
        tag("thead", tag("tr", tag("th", "Indicateur", scope="col"), _heads(columns))),
        [_group(group, columns) for group in groups],
        class_="matrix__table",
    )
    return tag(
        "div",
        _picker(columns, anchor),
        whole,
        tag("p", " ".join(said), class_="note") if (said := [t for t in (_explained(groups), note) if t]) else None,
        class_="matrix",
        style=f"--columns:{len(columns)}",
    )


def cell_content(
    cell: Cell,
    *,
    headline: str = "value",
    axis: int | None = None,
    address: str | None = None,
    parts: str = "",
    about: str = "",
) -> Html:
    """What a cell of the matrix holds: figure, parts, bar, standing; quiet when nothing applies.

    ``about`` is what the figure counts and whose it is: a link must say it by itself.
    """
    figure = shown_cell(cell, headline=headline, parts=parts)
    if figure.missing is not None:
        return _missing(cell, figure.missing)
    main = tag("span", figure.main, class_="cell__main")
    standing = cell.standing
    facts = [part for part in (figure.rest, target_text(cell, headline=headline), _own_part(cell)) if part]
    return tag(
        "div",
        tag(
            "span",
            figure_link(main, figure.main, address, about, class_="cell__link") if address else main,
            draft_sign(cell.observation),
            _since(cell, headline),
            class_="cell__figure",
        ),
        tag("span", " · ".join(facts), class_="cell__rest") if facts else None,
        target_bar(standing, hue=f"axis{axis}" if axis else "ink"),
        expected_aside(standing),
        mark(standing.progress) if standing.progress.judged else None,
        _cause(standing),
        _wait(cell),
        class_=classes("cell", f"cell--{standing.progress.value}"),
        title=expected_text(standing) or None,
    )


def _cause(standing: Standing) -> Html | None:
    """Why it is late, beside the word; cut after two lines, whole for who points at it or hears it."""
    said = cause_text(standing)
    return tag("span", said, class_="cell__cause", title=said) if said else None


def _own_part(cell: Cell) -> str:
    """What a count of the programme holds beside those of its experiments."""
    seen = cell.observation
    return apart_text(seen) if any(one.numerator for one in seen.apart) and seen.denominator is None else ""


def _missing(cell: Cell, because: Missing) -> Html:
    figure = shown(cell.observation)
    return tag(
        "div",
        tag("span", figure.main, class_="mark") if cell.observation.own else mark(because),
        tag("span", figure.rest, class_="cell__rest") if figure.rest else None,
        _wait(cell) if because is Missing.NOT_REPORTED else None,
        class_=f"cell cell--missing cell--{because.value}",
        title=figure.reason or None,
    )


def _wait(cell: Cell) -> Html | None:
    """That a figure rests on data older than they should be."""
    text = lacking_text(cell.observation)
    if not text:
        return None
    return tag("span", text, class_="cell__wait", title=freshness_text(cell.observation.freshness))


def _explained(groups: Sequence[MatrixGroup]) -> str:
    """What the sign means, when one cell at least bears it."""
    cells = (cell for group in groups for row in group.rows for cell in row.cells if cell is not None)
    return DRAFT_NOTE if any(is_draft(cell.observation) for cell in cells) else ""


def _since(cell: Cell, headline: str) -> Html | None:
    """The change since the figure before, beside the figure; nothing when it is the same."""
    if not change(cell, headline=headline):
        return None
    text, since = change_text(cell, headline=headline), since_text(cell, headline=headline)
    hidden = tag("span", f" {since}", class_="visually-hidden") if since else None
    return tag("span", text, hidden, class_="cell__change", title=f"{text} {since}".strip())


def _heads(columns: Sequence[MatrixColumn]) -> list[Html]:
    return [
        tag(
            "th",
            link(column.name, column.address, quiet=True) if column.address else column.name,
            tag("span", column.under, class_="matrix__under") if column.under else None,
            scope="col",
            data_column=at,
        )
        for at, column in enumerate(columns, 1)
    ]


def _group(group: MatrixGroup, columns: Sequence[MatrixColumn]) -> Html:
    sign = axis_chip(group.axis) if group.axis else None
    title = tag("th", sign if sign else group.title, scope="rowgroup", colspan=len(columns) + 1)
    head = tag("tr", title, class_=classes("matrix__group", f"matrix__group--{group.axis or 0}"))
    return tag("tbody", head, [_row(row, group.axis, columns) for row in group.rows])


def _row(row: MatrixRow, axis: int | None, columns: Sequence[MatrixColumn]) -> Html:
    label: Child = link(row.label, row.address, quiet=True) if row.address else row.label
    head = tag(
        "th",
        tag("span", label, class_="matrix__label"),
        tag("span", row.unit, class_="matrix__unit") if row.unit else None,
        scope="row",
        title=row.hint or None,
    )
    addresses = row.addresses or (None,) * len(row.cells)
    cells = [
        tag("td", _cell(found, row, row.axis or axis, address, column.name), data_column=at)
        for at, (found, address, column) in enumerate(zip(row.cells, addresses, columns, strict=True), 1)
    ]
    return tag("tr", head, cells)


def _cell(found: Cell | None, row: MatrixRow, axis: int | None, address: str | None, column: str) -> Html | None:
    if found is None:
        return None
    about = f"{row.label}, {column}"
    return cell_content(found, headline=row.headline, axis=axis, address=address, parts=row.parts, about=about)


def _picker(columns: Sequence[MatrixColumn], anchor: str) -> Html:
    """The choice of the one column that a phone shows; hidden where all of them fit."""
    choices = [
        tag(
            "label",
            tag("input", type="radio", name=f"{anchor}-colonne", value=at, checked=at == 1),
            tag("span", column.name),
        )
        for at, column in enumerate(columns, 1)
    ]
    return tag("fieldset", tag("legend", "Expérimentation montrée"), choices, class_="matrix__picker")
