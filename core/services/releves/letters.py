"""Letters ready to send: the reminder of what is late or comes soon, the return of a relevé for correction."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from core.domain import french
from core.domain.access import State
from core.domain.local_time import day_in_france
from core.domain.releve import Releve

SIGNED = "L’équipe de projet, Métropole Aix-Marseille-Provence"
_BEGUN = {State.DRAFT: " (brouillon commencé)", State.RETURNED: " (retourné pour correction)"}


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter as plain text: to whom, about what, what it says."""

    to: str
    subject: str
    body: str

    @property
    def text(self) -> str:
        """The whole of it, to copy or to keep."""
        return f"À : {self.to}\nObjet : {self.subject}\n\n{self.body}\n"


def reminder(registry: Any, association: str, awaited: Iterable[Releve], today: date, address: str = "") -> Letter:
    """The reminder to one association, whatever it owes in one letter."""
    name, listed = registry.association(association).name, list(awaited)
    late = [one for one in listed if one.today > one.due]
    said = [
        "Bonjour,",
        "Un relevé dit ce qu’une expérimentation a fait pendant une période : ses chiffres et votre commentaire.",
        *_part("Nous attendons encore :", registry, late, lambda one: f"attendu depuis le {french.day(one.due)}"),
        *_part(
            "Bientôt attendu :",
            registry,
            [one for one in listed if one not in late],
            lambda one: f"attendu le {french.day(one.due)}",
        ),
        "S’il n’y a rien à transmettre pour un tableau, dites-le : « rien à déclarer » est une réponse, et vaut zéro.",
        *([f"Pour déposer et transmettre : {address}"] if address else []),
        "Si une difficulté vous retarde, écrivez-la dans le commentaire du relevé : le comité la lira.",
        f"{SIGNED}, le {french.day(today)}.",
    ]
    count = french.count(len(listed), "relevé attendu", "relevés attendus")
    return _letter(name, f"Fabrique Inclusive Numérique : {count}", said)


def returned(registry: Any, releve: Releve, address: str = "") -> Letter:
    """The letter that goes with a relevé returned for correction; it must have been returned."""
    assert releve.last is not None
    name = registry.association(releve.association).name
    title = registry.experiment(releve.experiment).title
    said = [
        "Bonjour,",
        f"Nous avons relu le relevé de « {title} » pour le {releve.period.label}. Nous vous le retournons :",
        releve.last.reason,
        "Vous pouvez de nouveau le modifier. Corrigez, puis transmettez-le : l’historique garde les deux versions.",
        *([f"Pour corriger : {address}"] if address else []),
        f"{SIGNED}, le {french.day(day_in_france(releve.last.at))}.",
    ]
    return _letter(name, f"Relevé à corriger : {title}, {releve.period.label}", said)


def _part(title: str, registry: Any, rows: list[Releve], when: Callable[[Releve], str]) -> list[str]:
    if not rows:
        return []
    lines = [
        f"- {registry.experiment(one.experiment).title}, {one.period.label}, {when(one)}" + _BEGUN.get(one.state, "")
        for one in rows
    ]
    return ["\n".join([title, *lines])]


def _letter(to: str, subject: str, paragraphs: Iterable[str]) -> Letter:
    return Letter(to, french.typeset(subject), french.typeset("\n\n".join(paragraphs)))
