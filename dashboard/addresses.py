"""The pages of ours: their French names and addresses, one per experiment read from the registry."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from core.contract import Registry
from core.domain.access import Action, Role

EXPERIMENTS = "Expérimentations"
PROGRAMME = "Programme"
FOLLOW_UP = "Suivi"
METROPOLE = "Métropole"
ACCOUNT = "Mon compte"
_PREFIX = "experimentation-"


@dataclass(frozen=True, slots=True)
class View:
    """A page of ours: ``module`` is a module of ``dashboard.views`` with ``draw(context)``.

    ``path`` is its address, empty for the first page; ``section`` the menu that it is under, empty
    for the bar itself, where it stands in any case for the role ``bar_of``; ``action`` what one must
    be allowed to do to open it. A ``hidden`` page has an address and no place in the menu.
    """

    module: str
    title: str
    path: str
    section: str = ""
    action: Action = Action.READ
    hidden: bool = False
    bar_of: Role | None = None


VIEWS = (
    View("overview", "Vue d’ensemble", ""),
    View("preparing", "Avant le comité", "avant-le-comite", action=Action.CONVENE),
    View("compare", "Comparer", "comparer"),
    View("my_data", "Mes données", "mes-donnees", action=Action.DEPOSIT),
    View("places", "Par commune et quartier", "lieux", PROGRAMME),
    View("needs", "Besoins et niveaux", "besoins", PROGRAMME),
    View("equipment", "Parc de matériel", "materiel", PROGRAMME),
    View("money", "Subventions", "subventions", PROGRAMME),
    View("commitments", "Engagements", "engagements", PROGRAMME),
    View("reasons", "Pourquoi ce programme", "pourquoi", PROGRAMME),
    View("definitions", "Définitions", "definitions", PROGRAMME),
    View("search", "Chercher", "chercher", PROGRAMME),
    View("deadlines", "Échéances", "echeances", FOLLOW_UP),
    View("releve", "Relevé", "releve", hidden=True),
    View("points", "Points à traiter", "points", FOLLOW_UP),
    View("meetings", "Comités", "comites", FOLLOW_UP, bar_of=Role.COMMITTEE),
    View("transfers", "Transferts de matériel", "transferts", FOLLOW_UP),
    View("documents", "Documents", "documents", FOLLOW_UP, Action.EXPORT),
    View("accounts", "Comptes", "comptes", METROPOLE, Action.ADMINISTER),
    View("tokens", "Jetons", "jetons", METROPOLE, Action.ADMINISTER),
    View("reference_tables", "Registres", "registres", METROPOLE, Action.STEER),
    View("journal", "Journal", "journal", METROPOLE, Action.AUDIT),
    View("personal_data", "Données personnelles", "donnees-personnelles", hidden=True),
    View("accessibility", "Accessibilité", "accessibilite", hidden=True),
    View("deposit", "Déposer un fichier", "deposer", action=Action.DEPOSIT, hidden=True),
    View("projection", "Projection", "projection", hidden=True),
    View("remote_control", "Télécommande", "telecommande", hidden=True),
    View("my_rows", "Corriger mes lignes", "lignes", action=Action.DEPOSIT, hidden=True),
    View("history", "Historique", "historique", action=Action.READ_ROWS, hidden=True),
    View("guide", "Guide", "guide", ACCOUNT),
    View("dictionary", "Dictionnaire des données", "dictionnaire", hidden=True),
    View("figure", "Lignes derrière un chiffre", "chiffre", hidden=True),
    View("plugins", "État des plugins", "etat-des-plugins", METROPOLE, Action.AUDIT),
    View("my_account", "Mon compte", "mon-compte", ACCOUNT),
)


def address(path: str, **choices: str | Iterable[str] | None) -> str:
    """The address of a page with its view state: « /comparer?experience=a&experience=b »."""
    pairs = [
        (name, one)
        for name, value in choices.items()
        if value is not None
        for one in ([value] if isinstance(value, str) else value)
    ]
    return f"/{path}?{urlencode(pairs)}" if pairs else f"/{path}"


def experiment_path(code: str) -> str:
    """The address, without its slash, of an experiment's page."""
    return f"{_PREFIX}{code}"


def addresses(registry: Registry) -> frozenset[str]:
    """The addresses, without their slash, that a page of ours answers to."""
    return frozenset([*(view.path for view in VIEWS), *(experiment_path(one.code) for one in registry.experiments)])
