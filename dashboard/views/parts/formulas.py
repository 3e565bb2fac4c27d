"""The words of a formula are written below the screens, since frozen figures keep them."""

from core.services.formulas import additive, counted, direction, held_by_lead, related

__all__ = ["additive", "counted", "direction", "held_by_lead", "related"]
