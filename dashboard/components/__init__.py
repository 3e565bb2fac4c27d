"""What pages are made of. Every function returns escaped HTML; ``show`` puts it on the page.

from dashboard.components import show, page_title, lead, strong, section, matrix, …

html.py          tag, join, show: HTML built here passes as it is, every other text is escaped
text.py          titles, the first sentence, notes, callouts, folds, marks of state, axes
figures.py       a figure with its marks, the bar of a target, key figures
overview.py      the cards of the experiments, the strip of commitments
tables.py        tables, and the files that leave a page
comparison.py    the matrix: figures by experiment          money.py      the six lines
charts.py        the charts of a page, drawn at once        pictures.py   small multiples, the computers as one bar
map.py           the map and its table
blocks.py        the blocks of a plugin’s page
choosers.py      choices that live in the address           forms.py, fields.py   what is typed
conformity.py    what the service says of its accessibility
"""

from core.domain.change import change_text
from core.domain.figure_text import (
    apart_text,
    freshness_text,
    marked,
    plain_mark,
    sentence,
    shown,
)
from dashboard.components.blocks import show_blocks, without_figures
from dashboard.components.charts import show_chart
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
from dashboard.components.comparison import MatrixColumn, MatrixGroup, MatrixRow, matrix
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
from dashboard.components.map import MapPlace, territory_map
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
