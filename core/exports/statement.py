"""The acknowledgement of a relevé, as a PDF for its association: when it was sent, and what it holds now."""

from __future__ import annotations

from typing import Any

from core.domain import access, french
from core.domain.access import Action, On
from core.domain.actor import Actor
from core.domain.local_time import FRANCE
from core.domain.releve import Deed, Event, Releve
from core.errors import UnknownName
from core.exports.typesetting import pdf
from core.registry import Registry
from core.services import releves
from core.services.releves import Part
from core.storage import Store

TITLE = "Accusé de réception d’un relevé"


def statement(registry: Registry, store: Store, found: Releve, *, actor: Actor, fictitious: bool = False) -> bytes:
    """The PDF of the last sending of a relevé.

    Raises Forbidden when the data are not the actor's, UnknownName when it was never sent.
    """
    access.check(actor, Action.READ_ROWS, On(found.association))
    sent = [one for one in releves.history(store, found.experiment, found.period.code) if one.deed is Deed.SENT]
    if not sent:
        raise UnknownName("Ce relevé n’a pas encore été transmis : il n’y a pas d’accusé de réception.")
    title = f"{TITLE} – {registry.experiment(found.experiment).title} – {found.period.label}"
    data = _data(registry, store, found, sent[-1], fictitious=fictitious)
    return pdf("releve", data, at=sent[-1].at, title=french.typeset(title))


def statement_name(found: Releve) -> str:
    """« releve-ct6-pays-de-martigues-2022-T2.pdf »."""
    return f"releve-{found.experiment}-{found.period.code}.pdf"


def _data(registry: Registry, store: Store, found: Releve, sent: Event, *, fictitious: bool) -> dict[str, Any]:
    association = registry.association(found.association).name
    moment = french.moment(sent.at.astimezone(FRANCE))
    behalf = f", pour le compte de {association}" if sent.on_behalf_of else ""
    facts = [
        ("Association", association),
        ("Expérimentation", registry.experiment(found.experiment).title),
        ("Période", found.period.label),
        ("Attendu le", french.day(found.due)),
        ("Transmis le", moment),
        ("Par", f"{sent.actor}{behalf}"),
    ]
    held = [(part.dataset.title, *_said(part)) for part in releves.contents(registry, store, found)]
    told = releves.narrative(store, found.experiment, found.period.code)
    return {
        "mark": f"Inscription n° {sent.number}",
        "fictitious": fictitious,
        "sentence": french.typeset(f"Votre relevé est bien transmis à la Métropole, le {moment}."),
        "facts": [[name, french.typeset(value)] for name, value in facts],
        "parts": {"headings": ["Tableau", "Lignes", "Ce qui a été dit"], "rows": [list(row) for row in held]},
        "told": _told(told),
        "closing": french.typeset(
            "Ce document atteste la transmission. Le relevé peut encore être repris : demandez-le depuis sa page. "
            "Une fois accepté par la Métropole, il ne se modifie plus."
        ),
    }


def _said(part: Part) -> tuple[str, str]:
    return french.number(part.rows), french.typeset(words_of(part))


def words_of(part: Part) -> str:
    """What was said of one table: « Déposé le 5 juillet 2022 », « Rien à déclarer », « Manque »."""
    if part.nothing:
        return "Rien à déclarer"
    if part.last is not None:
        return f"Déposé le {french.day(part.last.astimezone(FRANCE).date())}"
    if part.rows:
        return "Déposé plus tôt"
    return "Facultatif" if part.optional else "Manque"


def _told(told: releves.Narrative | None) -> list[list[str]]:
    if told is None:
        return []
    parts = (
        ("Commentaire", told.text),
        ("Cause d’un retard", told.cause),
        ("Prochaine action", told.next_action),
    )
    return [[title, french.typeset(said)] for title, said in parts if said]
