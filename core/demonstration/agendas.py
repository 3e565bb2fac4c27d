"""What the committees of the story are asked, what they decide, and what becomes of it: all of it invented."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from core.demonstration.story import COMMITTEES, CT2, CT3, CT6, PLAN_D_AOU
from core.domain.meeting import Point, Verdict
from core.services.meetings import Proposal

LEAD, ANONYMAL, IFAC = "Chefferie de projet", "Anonymal", "IFAC"


@dataclass(frozen=True, slots=True)
class FollowedUp:
    """What became of a decision."""

    decision: str
    done: bool
    note: str


AGENDAS: Mapping[int, tuple[Point, ...]] = {
    1: (
        Point(
            code="p1",
            title="Les objectifs de la première année",
            question="Quels nombres chaque expérimentation doit-elle atteindre au 30 juin 2022 ?",
            context="La délibération ne fixe que 455 ordinateurs et 202 écrans, pour tout le programme. Les "
            "associations ont proposé un nombre par lieu.",
            options=("Retenir les nombres proposés par les associations", "Les réduire d’un quart la première année"),
            status_quo="Aucun objectif : les chiffres se lisent sans dire s’ils avancent assez vite.",
            indicator="EQ5a",
        ),
        Point(
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
        Point(
            code="p1",
            title="La répartition de la ligne de l’IFAC",
            question="Comment partager 20\u202f000 € entre Frais Vallon et Plan d’Aou ?",
            context="La ligne couvre deux expérimentations ; sans clé, aucune des deux ne peut être rapportée à "
            "l’argent.",
            options=("60 % Frais Vallon, 40 % Plan d’Aou", "La moitié pour chacune"),
            status_quo="La somme reste « non ventilée ».",
        ),
        Point(
            code="p2",
            title="La durée du suivi",
            question="Faut-il suivre les expérimentations au-delà du 30 juin 2022 ?",
            context="Deux conventions ont été signées après l’été ; les livraisons de matériel continuent en 2022.",
            options=("Prolonger jusqu’au 31 décembre 2022", "Prolonger pour l’axe 2 seulement"),
            status_quo="Le suivi s’arrête au 30 juin 2022.",
        ),
    ),
    3: (
        Point(
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
        Point(
            code="p2",
            title="Les ordinateurs et écrans pas encore cédés",
            question="Quand céder les ordinateurs et les écrans qui restent à la Métropole ?",
            context="La délibération en prévoit 455 et 202.",
            options=("Céder le reste avant l’été", "Attendre que l’atelier ait écoulé son stock"),
            status_quo="Le reste demeure à la Métropole, sans date.",
            indicator="EQ1a",
        ),
        Point(
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
        Point(
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
        Point(
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
        Point(
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
            Verdict.ACCEPTED, "Les objectifs proposés par les associations sont retenus pour la première année.",
            point="p1", owner=LEAD, due=COMMITTEES[0], indicator="EQ5a",
        ),
        Proposal(
            Verdict.ACCEPTED, "Le seuil d’accord est de 50 % des logements, pour chaque immeuble en convention.",
            point="p2", owner=LEAD, due=date(2021, 12, 31), indicator="CO4",
        ),
    ),
    2: (
        Proposal(
            Verdict.ACCEPTED, "La ligne de l’IFAC se partage à 60 % pour Frais Vallon (12\u202f000 €) et 40 % pour "
            "Plan d’Aou (8\u202f000 €).", point="p1", owner=LEAD, due=COMMITTEES[1],
        ),
        Proposal(
            Verdict.ACCEPTED, "Le suivi est prolongé jusqu’au 31 décembre 2022, avec les mêmes objectifs.",
            point="p2", owner=LEAD, due=COMMITTEES[1],
        ),
    ),
    3: (
        Proposal(
            Verdict.REJECTED, "Remettre les deux machines de plus de 300 €.", point="p1",
            experiment=CT2, indicator="EQ5a",
        ),
        Proposal(
            Verdict.PENDING, "Le calendrier de cession du matériel restant est à proposer.", point="p2",
            owner=LEAD, due=COMMITTEES[3], indicator="EQ1a",
        ),
        Proposal(
            Verdict.PENDING, "L’essai d’un pass-connexion à Plan d’Aou attend la réponse du bailleur B.", point="p3",
            owner=IFAC, due=COMMITTEES[3], experiment=PLAN_D_AOU, indicator="CO5",
        ),
    ),
}  # fmt: skip

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
