"""What pages are made of. Every function returns escaped HTML; ``show`` puts it on the page.

    from dashboard.components import show, page_title, lead, strong, section, matrix, …

Words and layout (text.py)
    page_title(title, *, kicker="", aside=None)   heading(text, level=2, *, anchor=None, kicker="")
    lead(*parts)  strong(text)  prose(text)  note(*parts)  bullets(items)  link(text, address, *, quiet=False)
    band({name: value})      facts side by side under the title     facts({name: value})  one under the other
    section(title, *children, level=2, anchor=None, intro="")      columns(*children, wide="even"|"left"|"right")
    second_section(title, *children, first=None, anchor=None)      folded on a phone   opener(what)
    callout(text, tone="info"|"attention"|"blocked"|"question", *, title="")
    answer(text, tone="info", *, title="")   what came of an act: read aloud and brought into view   announced(*parts)
    fold(summary, *children, opened=False)   empty(title, text, *, action=None)   fictitious_banner()
Building (html.py)
    tag(name, *children, **attributes) -> Html   join(children) -> Html   show(*parts)
    Text is escaped; only what ``tag`` built passes as it is.
States (marks.py)
    mark(Progress | Missing, *, about="") -> Html    plain_mark(state) -> str    legend(below)
    axis_chip(1|2|3, *, quiet=False)
Figures (figures.py), as plain text
    shown(observation, *, headline="value"|"numerator", unit=False, parts=""|"€") -> Shown(main, rest, missing, reason)
    sentence(observation, *, parts="") -> « 84 sur 149 (56 %) »      freshness_text(freshness)
    target_text(cell, *, headline="value")   change_text(cell, *, headline="value")
    since_text(cell, *, headline="value")    wait_text(observation)   marked(text, observation)
Marks beside a figure (figures.py)
    with_marks(said, observation)   draft_sign(observation)   draft_note(observations)
Figures as pictures and lists (keyfigures.py, experiment_cards.py)
    bar(done, expected=None, *, hue="ink"|"axis1"…)  target_bar(standing, *, hue)  expected_text(standing)
    expected_aside(standing)   the words of a bar, for who does not see it, where they are not written beside
    key_figures([KeyFigure(label, cell, axis, headline, parts, address, hint)])
    cards([Card(experiment, address, states, figures=(CardFigure(label, cell, axis, headline, parts, address),),
                freshness, trend=CardTrend(text, points, name), warning)])
    places_with_axes(experiment, addresses)
Commitments (promises.py)
    promise_strip([Promise(standing, address)], *, name)   promise_mark(promise)   promise_legend()
Tables (tables.py, comparison.py, money.py)
    table(caption, headings, rows, *, numeric=(), note="", hide_caption=False, total=None, stacked=True,
          labels=None)
    table_of(report.Table)
    matrix(caption, [MatrixColumn(name, under, address)],
           [MatrixGroup(title, rows, axis)], *, note="")
    MatrixRow(label, cells, unit, hint, axis, headline, parts, address, addresses)
    cell_content(cell, *, headline, axis, address, parts)
    money_table([MoneyLine(name, association, voted, paid, spent, serves, undivided, source, address)], *, caption)
Pictures (charts.py, small_multiples.py, map.py)
    show_chart(report.Chart, *, key, level=3)       draws at once: heading, marks, source, summary, data
    multiples([Panel(name, ((day, value), …), target, address)], *, conclusion, unit, alternative, source, hue)
    territory_map([MapPlace(name, latitude, longitude, axes, experiment, address, figure)], *, caption, alternative)
Blocks of a plugin (blocks.py)
    show_blocks(blocks, figure, *, key)             figure(code) -> KeyFigure      without_figures(blocks, codes)
Choices that live in the address (choosers.py)
    choices(name, [ChooserLink(label, address, current)])      links side by side, one of them current
    chooser_form(path, *fields, button, hidden)           checkboxes(legend, name, [Option(value, label, chosen)])
    select(label, name, [Option | (group, [Option])])      suggested(label, name, words)
    day_field(label, name, day, *, last, first)
Files (downloads.py)
    download(label, bytes | partial(function, all it needs), file_name, *, mime, key)
    download_table(headings, rows, file_name, *, key)
"""

from core.domain.change import change_text, since_text
from core.domain.figure_text import (
    Shown,
    apart_text,
    expected_text,
    freshness_text,
    marked,
    plain_mark,
    sentence,
    shown,
    shown_cell,
    target_text,
    wait_text,
)
from dashboard.components.blocks import show_blocks, without_figures
from dashboard.components.charts import data_table, figure, show_chart
from dashboard.components.choosers import (
    ChooserLink,
    Option,
    checkboxes,
    choices,
    chooser_form,
    day_field,
    select,
    suggested,
)
from dashboard.components.comparison import MatrixColumn, MatrixGroup, MatrixRow, cell_content, matrix
from dashboard.components.figures import (
    KeyFigure,
    bar,
    draft_note,
    draft_sign,
    expected_aside,
    key_figures,
    target_bar,
    with_marks,
)
from dashboard.components.html import Child, Html, join, show, tag
from dashboard.components.map import MapPlace, places_table, territory_map
from dashboard.components.money import MoneyLine, money_table
from dashboard.components.overview import (
    Card,
    CardFigure,
    CardTrend,
    Promise,
    cards,
    places_with_axes,
    promise_legend,
    promise_mark,
    promise_strip,
)
from dashboard.components.pictures import Panel, multiples
from dashboard.components.tables import Made, download, download_table, table, table_of
from dashboard.components.text import (
    announced,
    answer,
    axis_chip,
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
    legend,
    link,
    mark,
    not_there,
    note,
    page_title,
    prose,
    second_section,
    section,
    strong,
)

__all__ = [
    "Card",
    "CardFigure",
    "CardTrend",
    "Child",
    "ChooserLink",
    "Html",
    "KeyFigure",
    "Made",
    "MapPlace",
    "MatrixColumn",
    "MatrixGroup",
    "MatrixRow",
    "MoneyLine",
    "Option",
    "Panel",
    "Promise",
    "Shown",
    "announced",
    "answer",
    "apart_text",
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
    "day_field",
    "download",
    "download_table",
    "draft_note",
    "draft_sign",
    "empty",
    "expected_aside",
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
    "marked",
    "matrix",
    "money_table",
    "multiples",
    "not_there",
    "note",
    "page_title",
    "places_table",
    "places_with_axes",
    "plain_mark",
    "promise_legend",
    "promise_mark",
    "promise_strip",
    "prose",
    "second_section",
    "section",
    "select",
    "sentence",
    "show",
    "show_blocks",
    "show_chart",
    "shown",
    "shown_cell",
    "since_text",
    "strong",
    "suggested",
    "table",
    "table_of",
    "tag",
    "target_bar",
    "target_text",
    "territory_map",
    "wait_text",
    "with_marks",
    "without_figures",
]
