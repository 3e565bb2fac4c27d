"""The figures that cut across the axes: money, targets, completeness, freshness, documents."""

from __future__ import annotations

import sqlalchemy as sa

from core.axes.transverse.completeness import CELLS
from core.axes.transverse.computed import days_since_deposit, on_time
from core.axes.transverse.derived import ACCOUNTS
from core.domain.indicator import Computed, Count, Direction, Indicator, Sum, au, col

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
    "parmi ceux qui ont un objectif.",
    numerator=Computed(codes=(), function=on_time),
    unit="indicateurs",
    headline="numerator",
    cumulative=False,
    source="Objectifs fixés par le comité, début et fin de l’expérimentation",
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
    definition="Jours écoulés depuis le dernier dépôt de l’association.",
    numerator=Computed(codes=(), function=days_since_deposit),
    unit="jours",
    direction=Direction.DOWN,
    cumulative=False,
    source="Date de chaque dépôt",
    rank=80,
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
)

INDICATORS = (TR1, TR2, TR3, TR4, TR5A, TR5B, TR6)
