"""The six sums voted: what was voted, paid and spent, line by line, on one scale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.domain import french
from core.domain.observation import Missing
from dashboard.components.html import Html, classes, tag
from dashboard.components.text import link, mark


@dataclass(frozen=True, slots=True)
class MoneyLine:
    """One subsidy line, in cents; ``paid`` and ``spent`` are None when nothing says them.

    ``serves`` is what the line pays for (« Pays d’Aix »); ``undivided`` marks a sum voted for
    several experiments, or for none of them alone, and not yet shared by a decided key; ``spent_note``
    is the day of what was spent, when it is older than the one shown.
    """

    name: str
    association: str
    voted: int
    paid: int | None = None
    spent: int | None = None
    serves: str = ""
    undivided: bool = False
    source: str = ""
    address: str | None = None
    spent_note: str = ""


def money_table(lines: Sequence[MoneyLine], *, caption: str, spent_note: str = "") -> Html:
    """A table whose bars share one scale: the longest is the largest sum voted.

    ``spent_note`` says what the total of the spendings lacks, or which part of it is older.
    """
    largest = max((line.voted for line in lines), default=1) or 1
    head = tag(
        "tr",
        tag("th", "Ligne de subvention", scope="col"),
        tag("th", _key(), scope="col", class_="money__scale"),
        [tag("th", name, scope="col", class_="number") for name in ("Voté", "Versé", "Dépensé")],
    )
    return tag(
        "div",
        tag(
            "table",
            tag("caption", caption, class_="visually-hidden"),
            tag("thead", head),
            tag("tbody", [_line(line, largest) for line in lines]),
            tag("tfoot", _total(lines, spent_note)) if len(lines) > 1 or spent_note else None,
            class_="table table--stacked money",
        ),
        class_="table-wrap",
    )


def _line(line: MoneyLine, largest: int) -> Html:
    name = link(line.name, line.address, quiet=True) if line.address else line.name
    under = " · ".join(part for part in (line.association, line.serves) if part)
    return tag(
        "tr",
        tag(
            "th",
            tag("span", name, class_="money__name"),
            tag("span", under, class_="money__under"),
            tag("span", "Non ventilé", class_="tag") if line.undivided else None,
            scope="row",
            title=line.source or None,
        ),
        tag("td", _bars(line, largest), class_="money__scale"),
        tag("td", french.euros(line.voted), class_="number", data_label="Voté"),
        tag("td", _amount(line.paid, line.voted), class_="number", data_label="Versé"),
        tag("td", _amount(line.spent, line.voted, line.spent_note), class_="number", data_label="Dépensé"),
    )


def _amount(cents: int | None, voted: int, aside: str = "") -> Html:
    if cents is None:
        return mark(Missing.NOT_REPORTED)
    share = f"{french.percent(100 * cents / voted)} du voté" if voted else ""
    known = tag("span", share, class_="money__share") if share else None
    lacking = tag("span", aside, class_="money__share money__aside") if aside else None
    return tag("span", french.euros(cents), known, lacking, class_="money__amount")


def _bars(line: MoneyLine, largest: int) -> Html:
    style = f"--voted:{line.voted / largest:.4f};--paid:{_of(line.paid, line)};--spent:{_of(line.spent, line)}"
    inside = [tag("span", class_="money__paid"), tag("span", class_="money__spent")]
    return tag("span", tag("span", inside, class_="money__voted"), class_="money__bar", style=style, aria_hidden="true")


def _of(cents: int | None, line: MoneyLine) -> str:
    return f"{min(1.0, (cents or 0) / line.voted) if line.voted else 0:.4f}"


def _total(lines: Sequence[MoneyLine], spent_note: str) -> Html:
    voted = sum(line.voted for line in lines)
    known = {
        kind: [getattr(line, kind) for line in lines if getattr(line, kind) is not None] for kind in ("paid", "spent")
    }
    amounts = [
        tag("td", _amount(sum(found) if found else None, voted, aside), class_="number", data_label=label)
        for label, found, aside in (("Versé", known["paid"], ""), ("Dépensé", known["spent"], spent_note))
    ]
    return tag(
        "tr",
        tag("th", "Total voté", scope="row"),
        tag("td", class_="money__scale"),
        tag("td", french.euros(voted), class_="number", data_label="Voté"),
        amounts,
    )


def _key() -> Html:
    names = (("voted", "voté"), ("paid", "versé"), ("spent", "dépensé"))
    return tag(
        "span",
        [
            tag("span", tag("span", class_=classes("swatch", f"swatch--{kind}"), aria_hidden="true"), name)
            for kind, name in names
        ],
        class_="money__key",
    )
