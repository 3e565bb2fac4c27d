"""The committees of the story, their agendas, decisions and reviews: all of it invented."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from core.committee import deciding, meetings
from core.committee.deciding import Proposal
from core.contract import Registry
from core.demonstration import associations, people, story
from core.demonstration.people import ReleveStep, Step, StoryNarrative, at
from core.demonstration.story import (
    ANONYMAL,
    ARSENIC,
    COMMITTEES,
    CT2,
    CT3,
    CT6,
    FRAIS_VALLON,
    IFAC,
    PLAN_D_AOU,
    QUARTERS,
    RECHERCHE,
    TODAY,
)
from core.domain.meeting import AgendaPoint, Verdict
from core.domain.releve import ReleveAction
from core.storage import Store

LEAD_NAME, ANONYMAL_NAME, IFAC_NAME = "Chefferie de projet", "Anonymal", "IFAC"


@dataclass(frozen=True, slots=True)
class FollowedUp:
    """What became of a decision."""

    decision: str
    done: bool
    note: str


AGENDAS: Mapping[int, tuple[AgendaPoint, ...]] = {
    1: (
        AgendaPoint(
            code="p1",
            title="Les objectifs de la première année",
            question="Quels nombres chaque expérimentation doit-elle atteindre au 30 juin 2022 ?",
            context="La délibération ne fixe que 455 ordinateurs et 202 écrans, pour tout le programme. Les "
            "associations ont proposé un nombre par lieu.",
            options=("Retenir les nombres proposés par les associations", "Les réduire d’un quart la première année"),
            status_quo="Aucun objectif : les chiffres se lisent sans dire s’ils avancent assez vite.",
            indicator="EQ5a",
        ),
        AgendaPoint(
            code="p2",
            title="Le seuil d’accord par immeuble",
            question="À partir de quelle part de logements d’accord un immeuble est-il raccordé ?",
            context="La délibération parle d’un seuil d’accord des habitants sans en donner le nombre.",
            options=("50 % des logements", "Deux tiers des logements"),
            status_quo="Pas de seuil : aucun immeuble n’est dit « au seuil ».",
            indicator="CO4",
        ),
    ),
    2: (
        AgendaPoint(
            code="p1",
            title="La répartition de la ligne de l’IFAC",
            question="Comment partager 20\u202f000 € entre Frais Vallon et Plan d’Aou ?",
            context="La ligne couvre deux expérimentations ; sans clé, aucune des deux ne peut être rapportée à "
            "l’argent.",
            options=("60 % Frais Vallon, 40 % Plan d’Aou", "La moitié pour chacune"),
            status_quo="La somme reste « non ventilée ».",
        ),
        AgendaPoint(
            code="p2",
            title="La durée du suivi",
            question="Faut-il suivre les expérimentations au-delà du 30 juin 2022 ?",
            context="Deux conventions ont été signées après l’été ; les livraisons de matériel continuent en 2022.",
            options=("Prolonger jusqu’au 31 décembre 2022", "Prolonger pour l’axe 2 seulement"),
            status_quo="Le suivi s’arrête au 30 juin 2022.",
        ),
    ),
    3: (
        AgendaPoint(
            code="p1",
            title="Deux machines de plus de 300 €",
            question="Peut-on remettre deux ordinateurs d’une valeur de 340 € et 410 € ?",
            context="L’article D3212-3 limite la cession gratuite à 300 € par machine. "
            "Anonymal a mis les deux machines de côté.",
            options=("Les remettre après avis du service juridique", "Ne pas les remettre"),
            status_quo="Elles restent à l’atelier.",
            experiment=CT2,
            indicator="EQ5a",
        ),
        AgendaPoint(
            code="p2",
            title="Les ordinateurs et écrans pas encore cédés",
            question="Quand céder les ordinateurs et les écrans qui restent à la Métropole ?",
            context="La délibération en prévoit 455 et 202.",
            options=("Céder le reste avant l’été", "Attendre que l’atelier ait écoulé son stock"),
            status_quo="Le reste demeure à la Métropole, sans date.",
            indicator="EQ1a",
        ),
        AgendaPoint(
            code="p3",
            title="Un pass-connexion à Plan d’Aou",
            question="Faut-il essayer un pass-connexion là où le bailleur a suspendu les discussions ?",
            context="Le bailleur B suspend les discussions pendant des travaux ; les habitants sont d’accord.",
            options=("Essayer un pass-connexion dans un immeuble", "Relancer le bailleur"),
            status_quo="Aucune connexion à Plan d’Aou avant la fin des travaux.",
            experiment=PLAN_D_AOU,
            indicator="CO5",
        ),
    ),
    4: (
        AgendaPoint(
            code="p1",
            title="Trois remises hors quartier prioritaire",
            question="Que faire des trois ordinateurs remis à des familles de Gardanne hors quartier prioritaire ?",
            context="Les remises datent de mars ; le relevé a été retourné, puis accepté avec un commentaire "
            "d’Anonymal. La délibération réserve le matériel aux étudiants et aux familles des quartiers prioritaires.",
            options=("Accepter les trois remises, à titre d’exception", "Demander que trois autres soient compensées"),
            status_quo="Les trois remises restent comptées et signalées, sans décision.",
            experiment=CT2,
            indicator="EQ7",
        ),
        AgendaPoint(
            code="p2",
            title="Trente-sept machines prêtes à Salon",
            question="Que faire des 37 ordinateurs prêts qui attendent un bénéficiaire ?",
            context="Au Pays Salonais le goulot est le repérage des familles, pas l’atelier : il y a plus "
            "d’ordinateurs prêts que de demandes remontées.",
            options=("Les garder et élargir le repérage", "En transférer une partie à Martigues"),
            status_quo="Les machines attendent à l’atelier.",
            experiment=CT3,
            indicator="EQ5a",
        ),
        AgendaPoint(
            code="p3",
            title="La subvention non consommée de Point Formation",
            question="Que devient la part de la subvention que Point Formation n’a pas dépensée ?",
            context="La convention a été signée tard. L’exercice se termine le 31 août 2022.",
            options=(
                "Laisser l’association la dépenser jusqu’à la fin du suivi",
                "Changer le montant : à soumettre au Bureau",
            ),
            status_quo="Le compte rendu financier dira ce qui reste.",
            experiment=CT6,
        ),
    ),
}

DECISIONS: Mapping[int, tuple[Proposal, ...]] = {
    1: (
        Proposal(
            Verdict.ACCEPTED,
            "Les objectifs proposés par les associations sont retenus pour la première année.",
            point="p1",
            owner=LEAD_NAME,
            due=COMMITTEES[0],
            indicator="EQ5a",
        ),
        Proposal(
            Verdict.ACCEPTED,
            "Le seuil d’accord est de 50 % des logements, pour chaque immeuble en convention.",
            point="p2",
            owner=LEAD_NAME,
            due=date(2021, 12, 31),
            indicator="CO4",
        ),
    ),
    2: (
        Proposal(
            Verdict.ACCEPTED,
            "La ligne de l’IFAC se partage à 60 % pour Frais Vallon (12\u202f000 €) et 40 % pour "
            "Plan d’Aou (8\u202f000 €).",
            point="p1",
            owner=LEAD_NAME,
            due=COMMITTEES[1],
        ),
        Proposal(
            Verdict.ACCEPTED,
            "Le suivi est prolongé jusqu’au 31 décembre 2022, avec les mêmes objectifs.",
            point="p2",
            owner=LEAD_NAME,
            due=COMMITTEES[1],
        ),
    ),
    3: (
        Proposal(
            Verdict.REJECTED,
            "Remettre les deux machines de plus de 300 €.",
            point="p1",
            experiment=CT2,
            indicator="EQ5a",
        ),
        Proposal(
            Verdict.PENDING,
            "Le calendrier de cession du matériel restant est à proposer.",
            point="p2",
            owner=LEAD_NAME,
            due=COMMITTEES[3],
            indicator="EQ1a",
        ),
        Proposal(
            Verdict.PENDING,
            "L’essai d’un pass-connexion à Plan d’Aou attend la réponse du bailleur B.",
            point="p3",
            owner=IFAC_NAME,
            due=COMMITTEES[3],
            experiment=PLAN_D_AOU,
            indicator="CO5",
        ),
    ),
}

FOLLOW_UPS: Mapping[int, tuple[tuple[date, FollowedUp], ...]] = {
    1: (
        (date(2021, 10, 15), FollowedUp("1.1", True, "Objectifs saisis.")),
        (date(2022, 4, 22), FollowedUp("1.2", True, "Seuils saisis, immeuble par immeuble, après chaque visite.")),
    ),
    2: (
        (date(2022, 1, 21), FollowedUp("2.1", True, "Clé saisie.")),
        (date(2022, 1, 21), FollowedUp("2.2", True, "Dates et objectifs prolongés.")),
    ),
    3: (
        (date(2022, 7, 4), FollowedUp("3.2", False, "46 ordinateurs et 22 écrans ne sont pas encore cédés.")),
        (date(2022, 7, 4), FollowedUp("3.3", False, "Les discussions ont repris en mai ; rien n’est encore signé.")),
    ),
}


# --- The four committees of the story: convened, their figures frozen as they were then, decided, closed, followed up


NOTICE = timedelta(days=9)
"""How long before the day a committee is convened."""


@dataclass(frozen=True, slots=True)
class Opened:
    """The session begins."""


@dataclass(frozen=True, slots=True)
class Ended:
    """The committee is closed."""


@dataclass(frozen=True, slots=True)
class Convened:
    """A day and an agenda."""

    day: date
    points: tuple[AgendaPoint, ...]


@dataclass(frozen=True, slots=True)
class Frozen:
    """The figures are frozen up to a day."""

    until: date


CommitteeAct = Convened | Frozen | Opened | Proposal | Ended | FollowedUp


@dataclass(frozen=True, slots=True)
class Sitting:
    """One thing done for a committee."""

    at: datetime
    committee: int
    deed: CommitteeAct


def committee_steps() -> list[Sitting]:
    """The four committees; the fourth is in preparation."""
    return [step for number, day in enumerate(COMMITTEES, start=1) for step in _committee(number, day)]


def play(registry: Registry, store: Store, step: Sitting) -> None:
    """One step, through the same doors as the project lead."""
    whom = people.Whom(actor=people.LEAD, at=step.at)
    match step.deed:
        case Convened(day, points):
            meetings.convene(registry, store, day, points, **whom)
        case Frozen(until):
            meetings.freeze(registry, store, step.committee, until, fictitious=True, **whom)
        case Opened():
            deciding.open_session(store, step.committee, **whom)
        case Proposal():
            deciding.decide(store, step.committee, step.deed, **whom)
        case Ended():
            deciding.close(store, step.committee, **whom)
        case FollowedUp(decision, done, note):
            deciding.follow_up(store, decision, done, note, **whom)


def _committee(number: int, day: date) -> Iterator[Sitting]:
    """Convened nine days before, frozen the day before, held at two o'clock."""
    yield Sitting(at(day - NOTICE, 9, 30), number, Convened(day, AGENDAS[number]))
    if day > TODAY:
        return
    yield Sitting(at(day - timedelta(days=1), 18), number, Frozen(QUARTERS[number - 1].end))
    yield Sitting(at(day, 14), number, Opened())
    for rank, proposal in enumerate(DECISIONS[number]):
        yield Sitting(at(day, 14, 30 + 10 * rank), number, proposal)
    yield Sitting(at(day, 15, 30), number, Ended())
    for when, followed in FOLLOW_UPS[number]:
        yield Sitting(at(when, 10), number, followed)


# --- The relevés of the year: sent, returned, accepted, opened again, and what each association told ----


class Sender(NamedTuple):
    """Who sends what: the experiments, the days by quarter, the hour when the files are all in."""

    experiments: tuple[str, ...]
    days: dict[int, date]
    hour: int


SENDERS = {
    ANONYMAL: Sender((CT2, CT3), dict(enumerate(associations.ANONYMAL_DAYS, 1)), 12),
    IFAC: Sender((FRAIS_VALLON, PLAN_D_AOU), dict(enumerate(associations.IFAC_DAYS, 1)), 14),
    ARSENIC: Sender((RECHERCHE,), dict(enumerate(associations.ARSENIC_DAYS, 1)), 17),
    story.POINT_FORMATION: Sender((CT6,), associations.POINT_FORMATION_DAYS, 20),
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


def review_steps() -> list[Step]:
    """The whole year, in any order."""
    return [*_sent(), *_accepted(), *_returned(), *_opened_again(), *_told()]


def _sent() -> list[Step]:
    return [
        _done(day, sender.hour, experiment, quarter, ReleveAction.SENT)
        for sender in SENDERS.values()
        for quarter, day in sender.days.items()
        for experiment in sender.experiments
        if (experiment, quarter) != (DRAFT, 4)
    ]


def _accepted() -> list[Step]:
    return [
        _done(day, 10, experiment, quarter, ReleveAction.ACCEPTED)
        for association, days in ACCEPTED.items()
        for quarter, day in enumerate(days, 1)
        for experiment in SENDERS[association].experiments
        if day
    ]


def _returned() -> list[Step]:
    """Point Formation's second quarter and Anonymal's third in Pays d’Aix, each sent once more."""
    return [
        _done(date(2022, 1, 14), 10, CT6, 2, ReleveAction.RETURNED, SWAPPED),
        _done(associations.POINT_FORMATION_CORRECTED, 20, CT6, 2, ReleveAction.SENT),
        _done(date(2022, 4, 13), 10, CT2, 3, ReleveAction.RETURNED, OUTSIDE_QPV),
        _done(associations.RETURNED, 12, CT2, 3, ReleveAction.SENT),
    ]


def _opened_again() -> list[Step]:
    """Frais Vallon mends one number the day after; the proofs found in April go into an accepted relevé."""
    number, proofs = "Un numéro mal recopié en février.", "Quatre preuves d’effacement retrouvées."
    eve = date(2022, 4, 25)
    return [
        _done(associations.IFAC_DAYS[2], 17, FRAIS_VALLON, 3, ReleveAction.ASKED, number),
        _done(associations.IFAC_CORRECTED, 9, FRAIS_VALLON, 3, ReleveAction.REOPENED, number),
        _done(associations.IFAC_CORRECTED, 14, FRAIS_VALLON, 3, ReleveAction.SENT),
        _done(eve, 9, CT2, 3, ReleveAction.ASKED, proofs),
        _done(eve, 15, CT2, 3, ReleveAction.REOPENED, proofs),
        _done(associations.PROOFS, 12, CT2, 3, ReleveAction.SENT),
        _done(date(2022, 4, 27), 10, CT2, 3, ReleveAction.ACCEPTED),
    ]


def _told() -> list[Step]:
    return [
        StoryNarrative(
            at(associations.RETURNED, 11), ANONYMAL, CT2, _code(3), _GARDANNE, "", "En parler au comité n° 4."
        ),
        *(_quoted(*quote) for quote in _QUOTES),
    ]


def _quoted(association: str, experiment: str, text: str, cause: str, action: str, axis: int | None = None) -> Step:
    sender = SENDERS[association]
    day = sender.days.get(4, story.DUE_DATES[3])
    return StoryNarrative(at(day, sender.hour - 1), association, experiment, _code(4), text, cause, action, axis)


_GARDANNE = (
    "Trois familles de Gardanne hors quartier prioritaire ont reçu un ordinateur en mars. "
    "Les remises sont réelles et restent déclarées ; la décision du comité est attendue."
)
_QUOTES = (
    (
        ANONYMAL,
        CT2,
        "L’atelier tourne à quinze machines par semaine. Il nous manque un véhicule pour Pertuis.",
        "La ligne de l’expérimentation ne finance que le matériel : les immeubles d’Aix avancent tard.",
        "Demander au comité qui finance l’axe 2 à Aix.",
        2,
    ),
    (
        ANONYMAL,
        CT3,
        "Nous avons plus d’ordinateurs prêts que de demandes remontées.",
        "37 machines prêtes attendent un bénéficiaire : le goulot est le repérage, pas l’atelier.",
        "Proposer au comité de garder les machines ou de les transférer.",
        1,
    ),
    (
        story.POINT_FORMATION,
        CT6,
        "Nous sommes deux. Le fichier est prêt, je n’ai pas eu le temps.",
        "Deux salariés, quatre heures par semaine.",
        "Déposer le fichier du trimestre.",
    ),
    (IFAC, FRAIS_VALLON, "Quand une voisine montre sa box, l’étage suit.", "", ""),
    (
        IFAC,
        PLAN_D_AOU,
        "Les habitants sont d’accord ; c’est l’immeuble qui attend.",
        "Le bailleur B a suspendu les discussions de décembre à avril, pendant ses travaux.",
        "Faire trancher l’essai d’un pass-connexion, laissé en suspens par le comité n° 3.",
        2,
    ),
    (
        ARSENIC,
        RECHERCHE,
        "Les bénévoles demandent la deuxième journée ; les agents d’accueil n’en obtiennent qu’une.",
        "Cinq structures relais sur quatorze n’ont pas transmis leurs diagnostics.",
        "Relancer ces cinq structures.",
    ),
)


def _done(day: date, hour: int, experiment: str, quarter: int, deed: ReleveAction, reason: str = "") -> ReleveStep:
    return ReleveStep(at(day, hour, 30), _owner(experiment), experiment, _code(quarter), deed, reason)


def _owner(experiment: str) -> str:
    return next(code for code, sender in SENDERS.items() if experiment in sender.experiments)


def _code(quarter: int) -> str:
    return story.QUARTERS[quarter - 1].code
