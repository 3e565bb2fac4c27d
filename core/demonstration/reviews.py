"""The relevés of the year: sent, returned, accepted, opened again, and what each association told."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from core.demonstration import anonymal, arsenic, ifac, point_formation, story
from core.demonstration.steps import Done, Step, Told, at
from core.demonstration.story import ANONYMAL, ARSENIC, CT2, CT3, CT6, FRAIS_VALLON, IFAC, PLAN_D_AOU, RECHERCHE
from core.domain.releve import Deed


class Sender(NamedTuple):
    """Who sends what: the experiments, the days by quarter, the hour when the files are all in."""

    experiments: tuple[str, ...]
    days: dict[int, date]
    hour: int


SENDERS = {
    ANONYMAL: Sender((CT2, CT3), dict(enumerate(anonymal.DAYS, 1)), 12),
    IFAC: Sender((FRAIS_VALLON, PLAN_D_AOU), dict(enumerate(ifac.DAYS, 1)), 14),
    ARSENIC: Sender((RECHERCHE,), dict(enumerate(arsenic.DAYS, 1)), 17),
    story.POINT_FORMATION: Sender((CT6,), point_formation.DAYS, 20),
}
ACCEPTED = {
    ANONYMAL: (date(2021, 10, 12), date(2022, 1, 18), date(2022, 4, 20)),
    IFAC: (date(2021, 10, 12), date(2022, 1, 26), date(2022, 4, 20)),
    ARSENIC: (date(2021, 10, 12), date(2022, 1, 18), date(2022, 4, 20)),
    story.POINT_FORMATION: (None, date(2022, 1, 27), date(2022, 4, 29)),
}
"""The days on which the first three quarters were accepted, before each committee when they came in time."""
DRAFT = PLAN_D_AOU
"""The experiment whose last relevé was begun and is not sent."""
SWAPPED = "Jours et mois inversés dans les dates de visite et de réunion."
OUTSIDE_QPV = "Trois familles de Gardanne habitent hors quartier prioritaire : expliquez ces remises."


def steps() -> list[Step]:
    """The whole year, in any order."""
    return [*_sent(), *_accepted(), *_returned(), *_opened_again(), *_told()]


def _sent() -> list[Step]:
    return [
        _done(day, sender.hour, experiment, quarter, Deed.SENT)
        for sender in SENDERS.values()
        for quarter, day in sender.days.items()
        for experiment in sender.experiments
        if (experiment, quarter) != (DRAFT, 4)
    ]


def _accepted() -> list[Step]:
    return [
        _done(day, 10, experiment, quarter, Deed.ACCEPTED)
        for association, days in ACCEPTED.items()
        for quarter, day in enumerate(days, 1)
        for experiment in SENDERS[association].experiments
        if day
    ]


def _returned() -> list[Step]:
    """Point Formation's second quarter and Anonymal's third in Pays d’Aix, each sent once more."""
    return [
        _done(date(2022, 1, 14), 10, CT6, 2, Deed.RETURNED, SWAPPED),
        _done(point_formation.CORRECTED, 20, CT6, 2, Deed.SENT),
        _done(date(2022, 4, 13), 10, CT2, 3, Deed.RETURNED, OUTSIDE_QPV),
        _done(anonymal.RETURNED, 12, CT2, 3, Deed.SENT),
    ]


def _opened_again() -> list[Step]:
    """Frais Vallon mends one number the day after; the proofs found in April go into an accepted relevé."""
    number, proofs = "Un numéro mal recopié en février.", "Quatre preuves d’effacement retrouvées."
    eve = date(2022, 4, 25)
    return [
        _done(ifac.DAYS[2], 17, FRAIS_VALLON, 3, Deed.ASKED, number),
        _done(ifac.CORRECTED, 9, FRAIS_VALLON, 3, Deed.REOPENED, number),
        _done(ifac.CORRECTED, 14, FRAIS_VALLON, 3, Deed.SENT),
        _done(eve, 9, CT2, 3, Deed.ASKED, proofs),
        _done(eve, 15, CT2, 3, Deed.REOPENED, proofs),
        _done(anonymal.PROOFS, 12, CT2, 3, Deed.SENT),
        _done(date(2022, 4, 27), 10, CT2, 3, Deed.ACCEPTED),
    ]


def _told() -> list[Step]:
    return [
        Told(at(anonymal.RETURNED, 11), ANONYMAL, CT2, _code(3), _GARDANNE, "", "En parler au comité n° 4."),
        *(_quoted(*quote) for quote in _QUOTES),
    ]


def _quoted(association: str, experiment: str, text: str, cause: str, action: str) -> Step:
    sender = SENDERS[association]
    day = sender.days.get(4, story.DUE_DATES[3])
    return Told(at(day, sender.hour - 1), association, experiment, _code(4), text, cause, action)


_GARDANNE = (
    "Trois familles de Gardanne hors quartier prioritaire ont reçu un ordinateur en mars. "
    "Les remises sont réelles et restent déclarées ; la décision du comité est attendue."
)
_QUOTES = (
    (
        ANONYMAL, CT2, "L’atelier tourne à quinze machines par semaine. Il nous manque un véhicule pour Pertuis.",
        "La ligne de l’expérimentation ne finance que le matériel : les immeubles d’Aix avancent tard.",
        "Demander au comité qui finance l’axe 2 à Aix.",
    ),
    (
        ANONYMAL, CT3, "Nous avons plus d’ordinateurs prêts que de demandes remontées.",
        "37 machines prêtes attendent un bénéficiaire : le goulot est le repérage, pas l’atelier.",
        "Proposer au comité de garder les machines ou de les transférer.",
    ),
    (
        story.POINT_FORMATION, CT6, "Nous sommes deux. Le fichier est prêt, je n’ai pas eu le temps.",
        "Deux salariés, quatre heures par semaine.", "Déposer le fichier du trimestre.",
    ),
    (IFAC, FRAIS_VALLON, "Quand une voisine montre sa box, l’étage suit.", "", ""),
    (
        IFAC, PLAN_D_AOU, "Les habitants sont d’accord ; c’est l’immeuble qui attend.",
        "Le bailleur B a suspendu les discussions de décembre à avril, pendant ses travaux.",
        "Faire trancher l’essai d’un pass-connexion, laissé en suspens par le comité n° 3.",
    ),
    (
        ARSENIC, RECHERCHE,
        "Les bénévoles demandent la deuxième journée ; les agents d’accueil n’en obtiennent qu’une.",
        "Cinq structures relais sur quatorze n’ont pas transmis leurs diagnostics.", "Relancer ces cinq structures.",
    ),
)  # fmt: skip


def _done(day: date, hour: int, experiment: str, quarter: int, deed: Deed, reason: str = "") -> Done:
    return Done(at(day, hour, 30), _owner(experiment), experiment, _code(quarter), deed, reason)


def _owner(experiment: str) -> str:
    return next(code for code, sender in SENDERS.items() if experiment in sender.experiments)


def _code(quarter: int) -> str:
    return story.QUARTERS[quarter - 1].code
