"""The six sums voted and the four conventions that carry them."""

from __future__ import annotations

from core.domain.programme import Citation, Convention, SubsidyLine

_PLEDGE = "Exposé, « La Métropole s’engage à soutenir ces projets »"

LINES = {
    line.code: line
    for line in (
        SubsidyLine(
            "anonymal-ct2", "anonymal", 24_500_00,
            "récupération, reformatage et redistribution sur le CT2",
            ("ct2-pays-d-aix",), (1,), Citation(_PLEDGE, "24 500 euros pour ANONYMAL"),
        ),
        SubsidyLine(
            "anonymal-ct3", "anonymal", 21_500_00,
            "récupération, reformatage et redistribution sur le CT3",
            ("ct3-pays-salonais",), (1,), Citation(_PLEDGE, "21 500 euros pour ANONYMAL"),
        ),
        SubsidyLine(
            "arsenic-equiper-connecter", "arsenic", 18_000_00,
            "actions « équiper et connecter » sur l’ensemble de la Métropole",
            (), (1, 2), Citation(_PLEDGE, "18 000 euros ARSENIC"),
        ),
        SubsidyLine(
            "arsenic-accompagner", "arsenic", 25_000_00,
            "action « accompagner » sur l’ensemble de la Métropole",
            ("recherche-action",), (3,), Citation(_PLEDGE, "25 000 euros pour ARSENIC"),
        ),
        SubsidyLine(
            "point-formation", "point-formation", 6_000_00,
            "déploiement des actions sur le CT6",
            ("ct6-pays-de-martigues",), (), Citation(_PLEDGE, "6 000 euros pour Point Formation"),
        ),
        SubsidyLine(
            "ifac", "ifac", 20_000_00,
            "déploiement des actions sur le CT1",
            ("ct1-frais-vallon", "ct1-plan-d-aou"), (), Citation(_PLEDGE, "20 000 euros pour IFAC"),
        ),
    )
}  # fmt: skip

CONVENTIONS = {
    found.association: found
    for found in (
        Convention("anonymal", 2, 46_000_00, Citation("Articles 2 et 6")),
        Convention("arsenic", 3, 43_000_00, Citation("Articles 3 et 6")),
        Convention("ifac", 4, 20_000_00, Citation("Articles 4 et 6")),
        Convention("point-formation", 5, 6_000_00, Citation("Articles 5 et 6")),
    )
}

TOTAL_CENTS = sum(line.cents for line in LINES.values())


def lines_of(experiment: str) -> tuple[SubsidyLine, ...]:
    """The lines whose voted object covers ``experiment``, wholly or with others; empty when none was voted."""
    return tuple(line for line in LINES.values() if experiment in line.experiments)
