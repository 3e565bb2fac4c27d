"""What pages are made of. Every function returns escaped HTML; ``show`` puts it on the page.

    from dashboard.components import show, page_title, lead, strong, section, matrix, …

Words and layout (text.py)
    page_title(title, *, kicker="", aside=None)   heading(text, level=2, *, anchor=None, kicker="")
    lead(*parts)  strong(text)  prose(text)  note(*parts)  bullets(items)  link(text, address, *, quiet=False)
    band({name: value})      facts side by side under the title     facts({name: value})  one under the other
    section(title, *children, level=2, anchor=None, intro="")      columns(*children, wide="even"|"left"|"right")
    callout(text, tone="info"|"attention"|"blocked"|"question", *, title="")
    fold(summary, *children, opened=False)   empty(title, text, *, action=None)   fictitious_banner()
Building (html.py)
    tag(name, *children, **attributes) -> Html   join(children) -> Html   show(*parts)
    Text is escaped; only what ``tag`` built passes as it is.
States (marks.py)
    mark(Progress | Missing, *, about="", size="") -> Html    plain_mark(state) -> str    legend()
    axis_chip(1|2|3, *, quiet=False)
Figures (figures.py), as plain text
    shown(observation, *, headline="value"|"numerator", unit=False, parts=""|"€") -> Shown(main, rest, missing, reason)
    sentence(observation, *, parts="") -> « 84 sur 149 (56 %) »      freshness_text(freshness)
    target_text(cell, *, headline="value")   change_text(cell, *, headline="value")
Figures as pictures and lists (keyfigures.py, experiment_cards.py)
    bar(done, expected=None, *, hue="ink"|"axis1"…|"accent")  target_bar(standing, *, hue)  expected_text(standing)
    key_figures([KeyFigure(label, cell, axis, headline, parts, address, hint, since)])
    cards([Card(experiment, address, states, figures=(CardFigure(label, cell, axis, headline, parts, address),),
                freshness, trend=Trend(text, points, name), warning)])
    places_with_axes(experiment)
Commitments (promises.py)
    promise_strip([Promise(standing, address)], *, name)   promise_mark(promise)   promise_legend()
Tables (tables.py, comparison.py, money.py)
    table(caption, headings, rows, *, numeric=(), note="", hide_caption=False, total=None, stacked=True,
          labels=None)
    table_of(report.Table)   table_csv(headings, rows) -> bytes
    matrix(caption, [MatrixColumn(name, under, address)],
           [MatrixGroup(title, rows, axis)], *, note="", since="")
    MatrixRow(label, cells, unit, hint, axis, headline, parts, address, addresses)
    cell_content(cell, *, headline, axis, address, parts, since)
    money_table([MoneyLine(name, association, voted, paid, spent, serves, undivided, source, address)], *, caption)
Pictures (charts.py, small_multiples.py, map.py)
    show_chart(report.Chart, *, key, level=3)       draws at once: heading, marks, source, summary, data
    multiples([Panel(name, ((day, value), …), target, address)], *, conclusion, unit, alternative, source, hue)
    territory_map([MapPlace(name, latitude, longitude, axes, experiment, address, figure)], *, caption, alternative)
Blocks of a plugin (blocks.py)
    show_blocks(blocks, figure, *, key)             figure(code) -> KeyFigure
Choices that live in the address (choosers.py)
    choices(name, [Choice(label, address, current)])      links side by side, one of them current
    chooser_form(path, *fields, button, hidden)           checkboxes(legend, name, [Option(value, label, chosen)])
    select(label, name, [Option | (group, [Option])])
Files (downloads.py)
    download(label, data, file_name, *, mime, key)   download_table(headings, rows, file_name, *, key)
"""

from dashboard.components.bars import bar, expected_text, target_bar
from dashboard.components.blocks import show_blocks
from dashboard.components.charts import data_table, show_chart
from dashboard.components.choosers import Choice, Option, checkboxes, choices, chooser_form, select
from dashboard.components.comparison import MatrixColumn, MatrixGroup, MatrixRow, cell_content, matrix
from dashboard.components.downloads import download, download_table
from dashboard.components.drawing import figure
from dashboard.components.experiment_cards import Card, CardFigure, Trend, cards, places_with_axes
from dashboard.components.figures import Shown, change_text, freshness_text, sentence, shown, target_text, wait_text
from dashboard.components.html import Html, join, show, tag
from dashboard.components.keyfigures import KeyFigure, key_figures
from dashboard.components.map import MapPlace, places_table, territory_map
from dashboard.components.marks import axis_chip, legend, mark, plain_mark
from dashboard.components.money import MoneyLine, money_table
from dashboard.components.promises import Promise, promise_legend, promise_mark, promise_strip
from dashboard.components.small_multiples import Panel, multiples
from dashboard.components.tables import table, table_csv, table_of
from dashboard.components.text import (
    band,
    bullets,
    callout,
    columns,
    empty,
    facts,
    fictitious_banner,
    fold,
    heading,
    lead,
    link,
    note,
    page_title,
    prose,
    section,
    strong,
)

__all__ = [
    "Card",
    "CardFigure",
    "Choice",
    "Html",
    "KeyFigure",
    "MapPlace",
    "MatrixColumn",
    "MatrixGroup",
    "MatrixRow",
    "MoneyLine",
    "Option",
    "Panel",
    "Promise",
    "Shown",
    "Trend",
    "axis_chip",
    "band",
    "bar",
    "bullets",
    "callout",
    "cards",
    "cell_content",
    "change_text",
    "checkboxes",
    "choices",
    "chooser_form",
    "columns",
    "data_table",
    "download",
    "download_table",
    "empty",
    "expected_text",
    "facts",
    "fictitious_banner",
    "figure",
    "fold",
    "freshness_text",
    "heading",
    "join",
    "key_figures",
    "lead",
    "legend",
    "link",
    "mark",
    "matrix",
    "money_table",
    "multiples",
    "note",
    "page_title",
    "places_table",
    "places_with_axes",
    "plain_mark",
    "promise_legend",
    "promise_mark",
    "promise_strip",
    "prose",
    "section",
    "select",
    "sentence",
    "show",
    "show_blocks",
    "show_chart",
    "shown",
    "strong",
    "table",
    "table_csv",
    "table_of",
    "tag",
    "target_bar",
    "target_text",
    "territory_map", "wait_text",
]  # fmt: skip
