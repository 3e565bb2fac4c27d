"""An observation as French text, written by ``core.domain.figures`` for the screen as for every document."""

from core.domain.figures import Shown, change_text, freshness_text, sentence, shown, target_text, wait_text

__all__ = ["Shown", "change_text", "freshness_text", "sentence", "shown", "target_text", "wait_text"]
