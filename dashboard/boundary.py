"""The wall around a page: what breaks inside costs that page only, and says so in French."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable
from typing import Any

from core.errors import FabriqueError
from dashboard.components import callout, heading, show

logger = logging.getLogger("fabrique.dashboard")

PLUGIN_SENTENCE = (
    "La page de cette expérimentation ne s’affiche pas aujourd’hui. Les autres sont à jour ; "
    "ses chiffres, eux, restent visibles dans la vue d’ensemble."
)


def reference() -> str:
    """A short word that the person quotes and that the server's log holds."""
    return secrets.token_hex(3).upper()


def page(draw: Callable[[], None], *, title: str) -> None:
    """Draw a page; if it raises, show what happened with a reference, and log the rest."""
    try:
        draw()
    except FabriqueError as error:
        logger.warning("page %s: %s", title, error)
        show(callout(str(error), tone="attention"))
    except Exception:
        word = reference()
        logger.exception("page %s failed, reference %s", title, word)
        show(heading("Cette page ne s’affiche pas", level=1), callout(_apology(word), tone="blocked"))


def plugin_part(draw: Callable[[], Any], *, experiment: str) -> Any:
    """Draw what a plugin brings to its page; the rest of the page stays if it raises.

    Returns what ``draw`` returns, None when it broke.
    """
    try:
        return draw()
    except Exception:
        word = reference()
        logger.exception("plugin page of %s failed, reference %s", experiment, word)
        show(callout(f"{PLUGIN_SENTENCE} (référence {word})", tone="blocked"))
        return None


def _apology(word: str) -> str:
    return (
        "Une erreur imprévue l’arrête. Rien n’a été modifié et les autres pages fonctionnent. "
        f"Rechargez la page ; si cela continue, transmettez la référence {word} à l’équipe du projet."
    )
