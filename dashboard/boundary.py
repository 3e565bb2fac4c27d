"""The wall around a page: what breaks inside costs that page only, and says so in French."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable
from typing import TypeVar

from core.domain import french
from core.errors import BaseDown, FabriqueError, Forbidden
from dashboard.components import callout, heading, show
from dashboard.components.forms import no_done_place

logger = logging.getLogger("fabrique.dashboard")

T = TypeVar("T")


def plugin_sentence(others: int, frozen: int | None = None) -> str:
    """What is said when a plugin's page breaks: how many stand, and which of its figures stay visible.

    ``frozen`` is the number of its last frozen figures, None while none were frozen.
    """
    rest = f"Les {french.in_words(others)} autres s’affichent ; " if others > 1 else ""
    stay = f"ses derniers chiffres arrêtés (n° {frozen})" if frozen else "le haut de la page et ses chiffres"
    said = f"{rest}{stay} restent visibles."
    return f"La page de cette expérimentation ne s’affiche pas aujourd’hui. {french.capital(said)}"


def reference() -> str:
    """A short word that the person quotes and that the server's log holds."""
    return secrets.token_hex(3).upper()


def page(draw: Callable[[], None], *, title: str) -> None:
    """Draw a page; if it raises, show what happened with a reference, and log the rest."""
    no_done_place()
    try:
        draw()
    except Forbidden as error:
        logger.info("page %s: refused", title)
        show(heading("Accès refusé", level=1), callout(str(error), tone="attention", title=title))
    except FabriqueError as error:
        logger.warning("page %s: %s%s", title, error, _detail(error))
        show(heading(title, level=1), callout(str(error), tone="attention"))
    except Exception:
        word = reference()
        logger.exception("page %s failed, reference %s", title, word)
        show(heading("Cette page ne s’affiche pas", level=1), callout(_apology(word), tone="blocked"))


def script_failed(error: Exception) -> bool:
    """What the server does with an error that no wall held: the same apology, instead of the framework's English."""
    if isinstance(error, FabriqueError):
        logger.info("script stopped: %s%s", error, _detail(error))
        show(callout(str(error), tone="attention"))
        return True
    word = reference()
    logger.error("script failed, reference %s", word, exc_info=error)
    show(heading("Cette page ne s’affiche pas", level=1), callout(_apology(word), tone="blocked"))
    return True


def plugin_part(draw: Callable[[], T], *, experiment: str, others: int = 5, frozen: int | None = None) -> T | None:
    """Draw what a plugin brings to its page; the rest of the page stays if it raises.

    Returns what ``draw`` returns, None when it broke.
    """
    try:
        return draw()
    except Exception:
        word = reference()
        logger.exception("plugin page of %s failed, reference %s", experiment, word)
        sentence = plugin_sentence(others, frozen)
        show(callout(f"{sentence} Référence : {word}.", title="Page indisponible"))
        return None


def _detail(error: FabriqueError) -> str:
    """What the driver of the base said: for the log, never for the page."""
    return f" ({error.detail})" if isinstance(error, BaseDown) else ""


def _apology(word: str) -> str:
    return (
        "Une erreur imprévue l’arrête. Rien n’a été modifié et les autres pages fonctionnent. "
        f"Rechargez la page ; si cela continue, transmettez la référence {word} à l’équipe du projet."
    )
