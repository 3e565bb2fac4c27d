"""The acknowledgement of a deposit, as a PDF: what the association keeps to show that it handed something in."""

from __future__ import annotations

from typing import Any

from core.domain import access, french
from core.domain.access import Action, On
from core.domain.actor import Actor
from core.domain.local_time import FRANCE
from core.errors import UnknownName
from core.exports.typesetting import pdf
from core.registry import Registry
from core.storage import Store
from core.storage.deposits import Deposit

TITLE = "Accusé de réception"


def acknowledgement(
    registry: Registry, store: Store, deposit: Deposit, *, actor: Actor, fictitious: bool = False
) -> bytes:
    """The PDF of one deposit, the same each time that it is asked for.

    Raises Forbidden when the data are not the actor's, UnknownName.
    """
    access.check(actor, Action.READ_ROWS, On(deposit.association))
    association = registry.association(deposit.association)
    title = f"{TITLE} – {registry.dataset(deposit.association, deposit.dataset).title} – {association.name}"
    return pdf(
        "acknowledgement", _data(registry, deposit, fictitious=fictitious), at=deposit.at, title=french.typeset(title)
    )  # fmt: skip


def acknowledgement_name(deposit: Deposit) -> str:
    """« accuse-de-reception-185.pdf »."""
    return f"accuse-de-reception-{deposit.number}.pdf"


def last_deposit(store: Store, association: str, dataset: str) -> Deposit:
    """The last deposit of a table. Raises UnknownName when there is none."""
    found = store.deposits(association=association, dataset=dataset)
    if not found:
        raise UnknownName("Aucun dépôt n’a encore été fait pour ce tableau. Déposez d’abord un fichier.")
    return found[-1]


def _data(registry: Registry, deposit: Deposit, *, fictitious: bool) -> dict[str, Any]:
    association = registry.association(deposit.association)
    dataset = registry.dataset(deposit.association, deposit.dataset)
    behalf = f", pour le compte de {association.name}" if deposit.on_behalf_of else ""
    moment = french.moment(deposit.at.astimezone(FRANCE))
    facts = [
        ("Association", association.name),
        ("Tableau", dataset.title),
        ("Reçu le", moment),
        ("Par", f"{deposit.actor}{behalf}"),
        ("Fichier", deposit.file_name or "aucun (saisie ou déclaration)"),
        ("Dépôt", f"n° {deposit.number}" + (f", révision {deposit.revision}" if deposit.revision else "")),
    ]
    return {
        "mark": f"Dépôt n° {deposit.number}",
        "fictitious": fictitious,
        "sentence": french.typeset(_sentence(deposit)),
        "facts": [[name, french.typeset(value)] for name, value in facts],
        "counts": {"headings": ["Lignes", "Nombre"], "rows": _counts(deposit)},
        "fingerprint": deposit.sha256 or "",
        "closing": french.typeset(
            "Ce document atteste le dépôt, pas l’exactitude des données. D’un classeur, seul l’onglet lu est "
            "conservé. Un dépôt s’annule depuis la page « Mes données »."
        ),
    }


def _sentence(deposit: Deposit) -> str:
    if deposit.declares_nothing:
        return f"Vous avez déclaré qu’il n’y a rien à transmettre pour {deposit.period}."
    changed = deposit.added + deposit.changed + deposit.removed
    if not changed:
        return "Votre dépôt est bien reçu. Toutes ses lignes étaient déjà enregistrées : rien n’a changé."
    return f"Votre dépôt est bien reçu : {french.count(changed, 'ligne a changé', 'lignes ont changé')}."


def _counts(deposit: Deposit) -> list[list[str]]:
    told = (
        ("Ajoutées", deposit.added),
        ("Modifiées", deposit.changed),
        ("Inchangées", deposit.unchanged),
        ("Retirées", deposit.removed),
    )
    return [[name, french.number(value)] for name, value in told]
