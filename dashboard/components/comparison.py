"""The comparison: rows are indicators, columns experiments, a cell is a figure and its standing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.domain.figures import NOT_FINAL
from core.domain.observation import Cell, Missing, Progress
from dashboard.components.bars import expected_text, target_bar
from dashboard.components.figures import change_text, freshness_text, shown, target_text, wait_text
from dashboard.components.html import Child, Html, classes, tag
from dashboard.components.marks import axis_chip, mark
from dashboard.components.text import link

_SIGN = "°"
_MEANING = "° Non définitif : compte un relevé que la Métropole n’a pas encore accepté."


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
    since: str = "",
) -> Html:
    """The table of ``groups``; on a phone one column at a time, chosen above it.

    ``since`` tells what changes are counted from (« depuis le 31 mars 2022 »).
    """
    whole = tag(
        "table",
        tag("caption", caption, class_="visually-hidden"),
        tag("thead", tag("tr", tag("th", "Indicateur", scope="col"), _heads(columns))),
        [_group(group, columns, since) for group in groups],
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
    since: str = "",
) -> Html:
    """What a cell of the matrix holds: figure, parts, bar, standing; quiet when nothing applies."""
    figure = shown(cell.observation, headline=headline, parts=parts)
    if figure.missing is not None:
        return _missing(cell, figure.missing)
    main = tag("span", figure.main, class_="cell__main")
    standing = cell.standing
    facts = [part for part in (figure.rest, target_text(cell, headline=headline)) if part]
    return tag(
        "div",
        tag(
            "span",
            tag("a", main, href=address, target="_self", class_="cell__link") if address else main,
            _draft(cell),
            _since(cell, headline, since),
            class_="cell__figure",
        ),
        tag("span", " · ".join(facts), class_="cell__rest") if facts else None,
        target_bar(standing, hue=f"axis{axis}" if axis else "ink"),
        mark(standing.progress) if standing.progress is not Progress.NO_TARGET else None,
        _wait(cell),
        class_=classes("cell", f"cell--{standing.progress.value}"),
        title=expected_text(standing) or None,
    )


def _missing(cell: Cell, because: Missing) -> Html:
    figure = shown(cell.observation)
    return tag(
        "div",
        mark(because),
        tag("span", figure.rest, class_="cell__rest") if figure.rest else None,
        _wait(cell) if because is Missing.NOT_REPORTED else None,
        class_=f"cell cell--missing cell--{because.value}",
        title=figure.reason or None,
    )


def _wait(cell: Cell) -> Html | None:
    """That a figure rests on data older than they should be."""
    text = wait_text(cell.observation)
    if not text or text == NOT_FINAL:
        return None
    return tag("span", text, class_="cell__wait", title=freshness_text(cell.observation.freshness))


def _draft(cell: Cell) -> Html | None:
    """The sign of a figure that counts data not accepted yet; its words stand under the table."""
    if wait_text(cell.observation) != NOT_FINAL:
        return None
    words = tag("span", f" {NOT_FINAL}", class_="visually-hidden")
    sign = tag("span", _SIGN, aria_hidden="true")
    return tag("span", sign, words, class_="cell__draft", title=freshness_text(cell.observation.freshness))


def _explained(groups: Sequence[MatrixGroup]) -> str:
    """What the sign means, when one cell at least bears it."""
    cells = (cell for group in groups for row in group.rows for cell in row.cells if cell is not None)
    drawn = any(cell.observation.value is not None and wait_text(cell.observation) == NOT_FINAL for cell in cells)
    return _MEANING if drawn else ""


def _since(cell: Cell, headline: str, since: str) -> Html | None:
    """The change since the figure before, beside the figure; nothing when it is the same."""
    change = change_text(cell, headline=headline)
    if not change or change == "stable":
        return None
    hidden = tag("span", f" {since}", class_="visually-hidden") if since else None
    return tag("span", change, hidden, class_="cell__change", title=f"{change} {since}".strip())


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


def _group(group: MatrixGroup, columns: Sequence[MatrixColumn], since: str) -> Html:
    sign = axis_chip(group.axis) if group.axis else None
    title = tag("th", sign if sign else group.title, scope="rowgroup", colspan=len(columns) + 1)
    head = tag("tr", title, class_=classes("matrix__group", f"matrix__group--{group.axis or 0}"))
    return tag("tbody", head, [_row(row, group.axis, since) for row in group.rows])


def _row(row: MatrixRow, axis: int | None, since: str) -> Html:
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
        tag("td", _cell(found, row, row.axis or axis, address, since), data_column=at)
        for at, (found, address) in enumerate(zip(row.cells, addresses, strict=True), 1)
    ]
    return tag("tr", head, cells)


def _cell(
    found: Cell | None, row: MatrixRow, axis: int | None, address: str | None, since: str
) -> Html | None:  # fmt: skip
    if found is None:
        return None
    return cell_content(
        found, headline=row.headline, axis=axis, address=address, parts=row.parts, since=since
    )  # fmt: skip


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
