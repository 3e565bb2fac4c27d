"""Figures of every axis: needs and levels found by diagnostics, money, freshness, completeness."""

from __future__ import annotations

import sqlalchemy as sa

from core.catalogue.transverse import ACCOUNTS, CELLS, days_since_deposit, on_time
from core.domain.indicator import Computed, Count, Direction, Indicator, Programme, Sum, au, col

_SOURCE = "Délibération, engagement « diagnostic des besoins »"
_LEVELS = tuple(col(name, sa.BigInteger) for name in ("niveau_faible", "niveau_moyen", "niveau_autonome"))
_level_known = sa.or_(*(level.is_not(None) for level in _LEVELS))


def _sum(
    expression: sa.ColumnElement[int],
    where: sa.ColumnElement[bool] | None = None,
    slice: tuple[str, str | None] | None = None,
) -> Sum:
    known = None if where is None else Count(source="diagnostics", where=where, date="mois")
    return Sum(
        source="diagnostics", expression=expression, where=where, date="mois", known_if=known, people=True, slice=slice
    )


def _need(code: str, what: str, column: str, *, version: int = 1, note: str = "") -> Indicator:
    return Indicator(
        code=code,
        label=f"Besoins {what}",
        definition=f"Diagnostics qui concluent à un besoin {what}, sur tous les diagnostics.",
        numerator=_sum(col(column, sa.BigInteger)),
        denominator=_sum(col("diagnostics", sa.BigInteger)),
        unit="besoins",
        headline="numerator",
        stands=True,
        source=_SOURCE,
        version=version,
        declared=True,
        note=note,
        programme=Programme.SUM,
    )


def _level(code: str, word: str, level: sa.ColumnElement[int], shortlist: str) -> Indicator:
    every = sum((sa.func.coalesce(one, 0) for one in _LEVELS[1:]), sa.func.coalesce(_LEVELS[0], 0))
    return Indicator(
        code=code,
        label=f"Niveau {word}",
        definition=f"Diagnostics au niveau d’acculturation {word}, sur ceux dont le niveau est connu.",
        numerator=_sum(sa.func.coalesce(level, 0), _level_known, ("niveaux", word)),
        denominator=_sum(every, _level_known, ("niveaux", None)),
        unit="diagnostics",
        headline="numerator",
        stands=True,
        source="Délibération : « niveau d’acculturation », « niveau d’illectronisme »",
        shortlist=shortlist,
        declared=True,
        programme=Programme.SUM,
    )


BE1 = _need("BE1", "d’équipement", "besoin_equipement")
CO1 = _need(
    "CO1",
    "de connexion",
    "besoin_connexion",
    version=2,
    note="Version 2 : ce code comptait tous les diagnostics, comme « Diagnostics réalisés ».",
)
BE2 = _need("BE2", "d’accompagnement", "besoin_accompagnement")
NI1 = _level("NI1", "faible", _LEVELS[0], "socle")
NI2 = _level("NI2", "moyen", _LEVELS[1], "optionnel")
NI3 = _level("NI3", "autonome", _LEVELS[2], "optionnel")

NEEDS = (BE1, CO1, BE2, NI1, NI2, NI3)


# --- The figures that cut across the axes: money, targets, completeness, freshness, documents ------


_voted = Sum(source="lignes", expression=col("montant"))
_due = col("echeance") <= au

TR1 = Indicator(
    code="TR1",
    label="Versé",
    definition="Part de la subvention votée que la Métropole a versée.",
    numerator=Sum(source="versements_ventiles", expression=col("montant"), date="date"),
    denominator=_voted,
    unit="%",
    source="Délibération et conventions",
    rank=70,
    programme=Programme.SUM,
    apart="non ventilé",
)
TR2 = Indicator(
    code="TR2",
    label="Dépensé",
    definition="Part de la subvention votée que l’association déclare avoir dépensée à ce jour.",
    numerator=Sum(source="depenses_ventilees", expression=col("montant")),
    denominator=_voted,
    unit="%",
    source="Cerfa 15059, colonne « % »",
    declared=True,
    rank=71,
    programme=Programme.SUM,
    apart="non ventilé",
)
TR3 = Indicator(
    code="TR3",
    label="Poids de la subvention",
    definition="Subvention votée rapportée aux produits réalisés de l’action, contributions volontaires exclues, "
    "une fois par exercice.",
    numerator=Sum(source=ACCOUNTS, expression=col("montant")),
    denominator=Sum(source=ACCOUNTS, expression=col("realisation")),
    unit="%",
    source="Cerfa 15059 : « La subvention représente … % du total des produits »",
    shortlist="optionnel",
    declared=True,
)
TR4 = Indicator(
    code="TR4",
    label="Objectifs dans les temps",
    definition="Indicateurs dont l’écart à ce qui est attendu à cette date est d’au plus dix points, ou en avance, "
    "parmi ceux qui ont un objectif ; le programme additionne ceux des expérimentations.",
    numerator=Computed(codes=(), function=on_time),
    unit="indicateurs",
    headline="numerator",
    cumulative=False,
    version=2,
    note="Version 2 : le programme ne comptait que ses propres objectifs.",
    source="Objectifs fixés par le comité, début et fin de l’expérimentation",
    programme=Programme.SUM,
)
TR5A = Indicator(
    code="TR5a",
    label="Complétude",
    definition="Part des champs attendus qui sont remplis : les champs obligatoires "
    "et ceux que l’état de la ligne implique.",
    numerator=Sum(source=CELLS, expression=col("remplis")),
    denominator=Sum(source=CELLS, expression=col("attendus")),
    unit="%",
    cumulative=False,
    source="Proposé",
)
TR5B = Indicator(
    code="TR5b",
    label="Fraîcheur",
    definition="Jours écoulés depuis le dernier dépôt de l’association ; le programme est aussi vieux "
    "que la plus ancienne des expérimentations qui doivent rendre.",
    numerator=Computed(codes=(), function=days_since_deposit),
    unit="jours",
    direction=Direction.DOWN,
    cumulative=False,
    version=2,
    note="Version 2 : le programme montrait le dépôt le plus récent.",
    source="Date de chaque dépôt",
    rank=80,
    programme=Programme.WORST,
)
TR6 = Indicator(
    code="TR6",
    label="Pièces reçues",
    definition="Comptes rendus financiers, rapports d’activité et comptes approuvés reçus, "
    "parmi ceux dont l’échéance est passée.",
    numerator=Count(source="pieces", where=sa.and_(_due, col("recue_le") <= au)),
    denominator=Count(source="pieces", where=_due),
    unit="pièces",
    headline="numerator",
    source="Cerfa 15059 ; loi n° 2000-321, article 10",
    rank=81,
    programme=Programme.POOLED,
)

AP1 = Indicator(
    code="AP1",
    label="Appuis sur toute la Métropole",
    definition="Visites techniques, dépôts relais et mises en relation "
    "de la ligne « équiper et connecter » de 18 000 €.",
    numerator=Count(source="appuis", date="date"),
    unit="appuis",
    source="Délibération : ARSENIC, « équiper et connecter »",
    programme_only=True,
)

INDICATORS = (*NEEDS, TR1, TR2, TR3, TR4, TR5A, TR5B, TR6, AP1)
