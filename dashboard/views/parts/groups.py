"""Indicators in the order of the screens, which is that of the documents too: see ``core.services.groups``."""

from core.services.groups import TRANSVERSE, axis_of, by_axis, card_codes, first_screen, parts_of, the_rest

__all__ = ["TRANSVERSE", "axis_of", "by_axis", "card_codes", "first_screen", "parts_of", "the_rest"]
