"""What is judged on one row of equipment; what looks over several rows or associations is elsewhere."""

from __future__ import annotations

import polars as pl

from core.axes.equiper.schema import FAMILY, SCREEN
from core.axes.judging import before_any, blank, stop, warn
from core.deliberation import EQUIPMENT
from core.domain.dataset import Rule

CEILING = EQUIPMENT.unit_value_ceiling_cents

# Each date, and those that cannot come after it: a machine is received, tested and erased,
# refurbished, entrusted to somebody else, handed over.
_ORDER = {
    "date_test": ("date_reception",),
    "date_effacement": ("date_reception",),
    "date_reconditionnement": ("date_reception", "date_test", "date_effacement"),
    "date_transfert": ("date_reception", "date_test", "date_effacement", "date_reconditionnement"),
    "date_remise": ("date_reception", "date_test", "date_effacement", "date_reconditionnement", "date_transfert"),
}
_WORDS = {
    "date_reception": "la réception",
    "date_test": "le test",
    "date_effacement": "l’effacement",
    "date_reconditionnement": "le reconditionnement",
    "date_transfert": "le transfert",
    "date_remise": "la remise",
}
# The status, the date that it implies, and what to do when the machine came ready.
_IMPLIED = {
    "reçu": ("date_reception", "Remplissez la date de réception."),
    "testé": ("date_test", "Remplissez la date de test, ou remettez le statut à « reçu »."),
    "reconditionné": (
        "date_reconditionnement",
        "Remplissez la date de reconditionnement. Si la machine est arrivée déjà reconditionnée, écrivez « reçu ».",
    ),
    "transféré": ("date_transfert", "Remplissez la date de transfert, ou corrigez le statut."),
    "remis": ("date_remise", "Remplissez la date de remise, ou corrigez le statut."),
}
DATE_OF = {status: date for status, (date, _remedy) in _IMPLIED.items()}
"""The date that each status implies."""

_remis = pl.col("statut") == "remis"
_is_computer = pl.col("type") != SCREEN
_to_family = _remis & (pl.col("type_beneficiaire") == FAMILY)


def _order(date: str, earlier: tuple[str, ...]) -> Rule:
    steps = " et ".join([", ".join(_WORDS[name] for name in earlier[:-1]), _WORDS[earlier[-1]]]).removeprefix(" et ")
    return stop(
        f"{date}_trop_tot",
        (date, *reversed(earlier)),
        before_any(date, earlier),
        f"{_WORDS[date]} le même jour ou après {steps}",
        "Vérifiez ces dates sur le bon ou sur l’étiquette, et corrigez celle qui est fausse.",
    )


def _implied(status: str, date: str, remedy: str) -> Rule:
    return stop(
        f"{date}_manquante",
        (date, "statut"),
        (pl.col("statut") == status) & blank(date),
        f"une date, puisque le statut est « {status} »",
        remedy,
    )


STOPS = (
    *(_order(date, earlier) for date, earlier in _ORDER.items()),
    *(_implied(status, date, remedy) for status, (date, remedy) in _IMPLIED.items()),
    stop(
        "remise_sans_lieu",
        ("lieu", "statut"),
        _remis & blank("lieu"),
        "le lieu de la remise",
        "Indiquez la commune ou le quartier où la machine a été remise.",
    ),
    stop(
        "remise_sans_beneficiaire",
        ("type_beneficiaire", "statut"),
        _remis & blank("type_beneficiaire"),
        "« étudiant » ou « famille »",
        "Indiquez le type de bénéficiaire. « Remis » ne se dit que d’un étudiant ou d’une famille ; "
        "pour un acteur relais, écrivez « transféré ».",
    ),
)

WARNINGS = (
    warn(
        "valeur_superieure_a_300",
        ("valeur_unitaire",),
        pl.col("valeur_unitaire") > CEILING,
        "300 € au plus (article D3212-3 du code général de la propriété des personnes publiques)",
        "Vérifiez la valeur ; si elle est exacte, mettez la machine de côté et prévenez la Métropole.",
    ),
    warn(
        "prix_non_nul",
        ("prix_cession",),
        pl.col("prix_cession") != 0,
        "0 € : la délibération exclut toute revente",
        "Si la machine a été donnée, écrivez 0. Sinon, prévenez la Métropole.",
    ),
    warn(
        "famille_hors_qpv",
        ("en_qpv", "type_beneficiaire"),
        _to_family & ~pl.col("en_qpv"),
        "« oui » : la délibération réserve le matériel aux familles des quartiers prioritaires",
        "Vérifiez l’adresse du jour de la remise ; si la famille habite ailleurs, expliquez-le dans le relevé.",
    ),
    warn(
        "famille_qpv_non_renseigne",
        ("en_qpv", "type_beneficiaire"),
        _to_family & blank("en_qpv"),
        "« oui » ou « non » quand la machine est remise à une famille",
        "Indiquez si la famille habite un quartier prioritaire ; sans réponse, la remise n’est pas comptée conforme.",
    ),
    warn(
        "remise_sans_preuve_effacement",
        ("preuve_effacement", "statut"),
        _remis & _is_computer & blank("preuve_effacement"),
        "le numéro du certificat d’effacement, pour tout ordinateur remis",
        "Ajoutez le numéro du certificat (celui du lot suffit) ; s’il n’existe pas, prévenez la Métropole.",
    ),
    warn(
        "transfert_sans_destinataire",
        ("transfere_a", "statut"),
        (pl.col("statut") == "transféré") & blank("transfere_a"),
        "l’association ou la structure qui a reçu la machine",
        "Indiquez à qui la machine est confiée, pour que la réception puisse être confirmée.",
    ),
    warn(
        "date_de_remise_sans_statut",
        ("statut", "date_remise"),
        pl.col("date_remise").is_not_null() & ~pl.col("statut").is_in(["remis", "recyclé"]),
        "le statut « remis », puisqu’une date de remise est donnée",
        "Écrivez « remis », ou effacez la date de remise : sans ce statut, la machine n’est pas comptée remise.",
    ),
)
