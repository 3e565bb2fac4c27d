"""What the associations undertake: eight duties for all, four more for Anonymal."""

from __future__ import annotations

from core.domain.programme import Citation, Commitment

_ALL = Citation("Exposé, « Les associations s’engagent à »")
_ANONYMAL = Citation("Exposé, axe 1, « qui aurait aussi en charge »")

COMMITMENTS = (
    Commitment(
        "E1",
        "Diagnostic des besoins des habitants : besoin connexion, besoin équipement, "
        "besoin accompagnement et niveau d’acculturation",
        "Diagnostic des besoins", None, _ALL, ("diagnostics",),
    ),
    Commitment(
        "E2",
        "Diagnostic des équipements d’un territoire en câble pour l’offre Numérisun "
        "(dans le cas du déploiement de l’axe 2)",
        "Diagnostic du câble", 2, _ALL, ("immeubles",),
    ),
    Commitment(
        "E3", "Cartographie des acteurs du territoire de la médiation et potentiels relais",
        "Cartographie des acteurs", None, _ALL, ("acteurs",),
    ),
    Commitment(
        "E4", "Communication de la démarche auprès des habitants",
        "Communication", None, _ALL, ("communication",),
    ),
    Commitment(
        "E5",
        "Animation de la concertation habitant qui doivent être un minimum à accepter l’offre "
        "sur l’ensemble du bâtiment (dans le cas de l’axe 2)",
        "Concertation des habitants", 2, _ALL, ("concertations", "immeubles"),
    ),
    Commitment(
        "E6", "Médiation dans la réception de l’offre ou le transfert sur l’offre (dans le cas de l’axe 2)",
        "Médiation de l’offre", 2, _ALL, ("raccordements",),
    ),
    Commitment(
        "E7", "Equipement et médiation autour d’un équipement",
        "Équipement", None, _ALL, ("materiel",), needs_axis=1,
    ),
    Commitment(
        "E8", "Formation et transfert de compétence",
        "Formation", None, _ALL, ("formations",),
    ),
)  # fmt: skip

ANONYMAL_DUTIES = (
    Commitment(
        "A1", "La centralisation des différents diagnostics des besoins",
        "Centralisation des diagnostics", 1, _ANONYMAL, ("diagnostics",),
    ),
    Commitment(
        "A2", "La récupération, le reconditionnement et la distribution du matériel sur les territoires ciblés",
        "Récupération, reconditionnement, distribution", 1, _ANONYMAL, ("materiel",),
    ),
    Commitment(
        "A3", "L’accompagnement autour de l’équipement",
        "Accompagnement autour de l’équipement", 1, _ANONYMAL, ("accompagnements",),
    ),
    Commitment(
        "A4",
        "Le transfert de compétences de médiation et l’acheminement du matériel auprès d’acteurs relais",
        "Transfert vers les acteurs relais", 1, _ANONYMAL, ("formations", "materiel"),
    ),
)  # fmt: skip
