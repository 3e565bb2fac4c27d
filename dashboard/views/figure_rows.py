"""The rows behind a figure on screen: those columns first that prove it, sorted, filtered, a hundred a page."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from core.domain import french
from core.figures import Evidence, RowsPage
from dashboard.addresses import address
from dashboard.components import Child, Html, chooser_form, join, link, note, table, tag

PATH = "chiffre"
A_PAGE, COLUMNS = 100, 8
Address = dict[str, str | None]
_DAY = re.compile(r"(\d\d)/(\d\d)/(\d{4})")
_SIGNS = {False: ("▲", "croissant"), True: ("▼", "décroissant")}


@dataclass(frozen=True, slots=True)
class RowsView:
    """How the rows are looked at, as the address says it: the words sought, the column that sorts, the page."""

    words: str = ""
    by: str = ""
    falling: bool = False
    page: int = 1
    whole: bool = False

    @classmethod
    def asked(cls) -> RowsView:
        """From the address; what is no number is the first page."""
        text = st.query_params.get("page", "1")
        page = int(text) if text.isascii() and text.isdecimal() else 1
        params = st.query_params
        return cls(
            params.get("q", "").strip(),
            params.get("tri", ""),
            params.get("sens") == "desc",
            page,
            params.get("colonnes") == "toutes",
        )

    def read(self, hidden: frozenset[str]) -> RowsPage:
        """What has to be read: this page, or every row when they are to be sorted or searched."""
        if self.words or self.by:
            return RowsPage(hidden=hidden)
        return RowsPage((max(self.page, 1) - 1) * A_PAGE, A_PAGE, hidden)

    def to(self, keep: Address, **other: str | None) -> str:
        """The address of the same rows, looked at otherwise."""
        mine: Address = {
            "q": self.words or None,
            "tri": self.by or None,
            "sens": "desc" if self.falling else None,
            "colonnes": "toutes" if self.whole else None,
        }
        return address(PATH, **{**keep, **mine, **other})


def rows_table(
    found: Evidence, columns: Sequence[int], rows: Sequence[Sequence[str]], keep: Address, view: RowsView
) -> Html:
    """The rows of this page under headings that sort; ``columns`` are those of ``found`` that ``rows`` give.

    ``rows`` are those of ``view.read``: its page, or every row.
    """
    headings = [found.columns[at] for at in columns]
    order = _order(found, columns)
    shown = order if view.whole else order[:COLUMNS]
    kept = [row for row in rows if _holds(row, view.words)]
    if view.by in headings:
        at = headings.index(view.by)
        kept = sorted(kept, key=lambda row: _sort_key(row[at]), reverse=view.falling)
    whole = len(rows) == found.listed
    count = len(kept) if whole else found.listed
    pages = max(1, -(-count // A_PAGE))
    page = min(max(view.page, 1), pages)
    listed = kept[(page - 1) * A_PAGE : page * A_PAGE] if whole else kept
    names = [headings[at] for at in shown]
    body = table(
        found.title,
        [_sorting(name, view, keep) for name in names],
        [[row[at] for at in shown] for row in listed],
        stacked=False,
        labels=names,
    )
    return join([_filter(view, keep, count, found.listed), body, _around(view, keep, page, pages, len(order))])


def _order(found: Evidence, columns: Sequence[int]) -> list[int]:
    """What proves the figure first, the row's own name before whose it is; then the rest."""
    first = [at for at, column in enumerate(columns) if column in found.proving]
    named = first[:1] or ([1] if len(columns) > 1 else [])
    order = [*named, 0, *first, *range(len(columns))]
    return list(dict.fromkeys(order))


def _holds(row: Sequence[str], words: str) -> bool:
    return not words or french.fold(words) in french.fold(" ".join(row))


def _sort_key(text: str) -> tuple[int, str | float, str]:
    """Blank cells last; a day by its date, a number by its value, words without their accents."""
    plain = text.replace(french.NBSP, "").replace(french.NARROW, "").strip()
    if not plain:
        return 3, "", ""
    if day := _DAY.fullmatch(plain):
        return 1, "".join(reversed(day.groups())), ""
    number = plain.removesuffix("€").removesuffix("%").replace(" ", "").replace(",", ".")
    try:
        return 0, float(number), ""
    except ValueError:
        return 2, french.fold(plain), plain


def _sorting(name: str, view: RowsView, keep: Address) -> Child:
    """A heading that sorts by its column, and turns the order when it does already."""
    current = view.by == name
    falling = current and not view.falling
    sign, word = _SIGNS[view.falling] if current else ("", "")
    where = view.to(keep, tri=name, sens="desc" if falling else None)
    said = tag("span", f" {sign}", aria_hidden="true") if sign else None
    heard = tag("span", f", tri {word}" if word else ", trier", class_="visually-hidden")
    return tag("span", link([name, heard], where, quiet=True), said)


def _filter(view: RowsView, keep: Address, kept: int, every: int) -> Html:
    field = tag(
        "div",
        tag("label", "Chercher dans ces lignes", for_="lignes-q", class_="field__label"),
        tag("input", type="search", id="lignes-q", name="q", value=view.words, class_="text-input", autocomplete="off"),
        class_="field field--one",
    )
    hidden = {**keep, "tri": view.by or None, "sens": "desc" if view.falling else None}
    form = chooser_form(PATH, field, button="Chercher", hidden=hidden, boxed=False)
    if not view.words:
        return form
    told = french.count(kept, "ligne trouvée", "lignes trouvées")
    back = link("Toutes les lignes", view.to(keep, q=None))
    return join([form, note(f"{told} sur {french.number(every)} pour « {view.words} ». ", back)])


def _around(view: RowsView, keep: Address, page: int, pages: int, columns: int) -> Html:
    """The other pages, the other columns."""
    parts: list[Child] = []
    if pages > 1:
        parts.append(f"Page {page} sur {pages}. ")
        if page > 1:
            parts += [link("Lignes précédentes", view.to(keep, page=str(page - 1))), " "]
        if page < pages:
            parts += [link("Lignes suivantes", view.to(keep, page=str(page + 1))), " "]
    if columns > COLUMNS:
        more = columns - COLUMNS
        words = "Seulement les premières colonnes" if view.whole else f"Voir les {more} autres colonnes"
        parts.append(link(words, view.to(keep, colonnes=None if view.whole else "toutes", page=str(page))))
    return note(*parts) if parts else note("Toutes les lignes et toutes les colonnes sont là.")
