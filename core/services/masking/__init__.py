"""Small counts of people are not shown where they could tell somebody: « moins de 5 ».

``mask`` hides the small cells of a table and, besides them, what would give them away by
subtraction. ``conceal`` does it for the observations of indicators whose measures declare that
they count people. Zero is shown: nobody is recognised in it.
"""

from core.services.masking.observed import Concealed, conceal
from core.services.masking.table import Hidden, Total, mask, words

__all__ = ["Concealed", "Hidden", "Total", "conceal", "mask", "words"]
