"""Small counts of people are not shown where they could tell somebody: « moins de 5 ».

table.py     ``mask``: the cells of a table not to show, and what would give them away by subtraction
exposure.py  what a patient reader could work out
observed.py  ``conceal``: the observations of indicators whose measures declare that they count people
pages.py     which numbers of people of a page are not shown
writing.py   the blocks of a page written for a reader: the only place that turns their values into words
reader.py    ``DiscreetMonitor``: the figures of the screens, for who may not see small counts (not exported here)
figures.py   ``masked``: a whole snapshot as it may leave the restricted screens

Zero is shown: nobody is recognised in it.
"""

from core.disclosure.figures import concealed, masked, note
from core.disclosure.observed import Concealed, conceal, counts_people
from core.disclosure.pages import Audience, hidden_among, hidden_beside, hidden_numbers, page_text
from core.disclosure.table import Hidden, Total, mask, words
