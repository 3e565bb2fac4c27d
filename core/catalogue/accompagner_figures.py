"""The figures of axis 3: actors, people trained, needs diagnosed, support given."""

from __future__ import annotations

import sqlalchemy as sa

from core.catalogue.accompagner import LISTED, PATTERNS, REQUIRED
from core.domain.indicator import Count, CountDistinct, Indicator, Programme, Sum, au, col, days_between

_FRESH_DAYS = 365
_id = col("id")
_complete = sa.and_(
    *(col(name).is_not(None) for name in REQUIRED),
    *(col(name, sa.Text).regexp_match(f"^{PATTERNS[name]}$") for name in ("pivot", "code_postal")),
)
_fresh = days_between(col("date_maj"), au) <= _FRESH_DAYS
_finished = col("termine_professionnels", sa.BigInteger) + col("termine_benevoles", sa.BigInteger)
_enrolled = col("inscrits_professionnels", sa.BigInteger) + col("inscrits_benevoles", sa.BigInteger)
_supports = col("individuels", sa.BigInteger) + col("participations_ateliers", sa.BigInteger)
_followed, _anonymous = col("beneficiaires_suivis", sa.BigInteger), col("beneficiaires_anonymes", sa.BigInteger)
_oriented = col("orientations").is_not(None)
_helped = sa.or_(_followed.is_not(None), _anonymous.is_not(None))
_MODULES = "Délibération, axe 3 : modules de 1, 2 ou 3 jours"
_COOP = "Règle de La Coop de la médiation numérique"

AC1 = Indicator(
    code="AC1",
    label="Acteurs recensés",
    definition="Lieux et structures de médiation numérique recensés aux colonnes du standard national, "
    "chacun compté une fois.",
    numerator=CountDistinct(source=LISTED, expression=_id, date="date_recensement"),
    unit="acteurs",
    source="Délibération, axe 3 et engagement « cartographie des acteurs »",
    note="Une fiche est datée de sa dernière mise à jour.",
)
AC2 = Indicator(
    code="AC2",
    label="Qualité de la cartographie",
    definition="Part des fiches dont tous les champs demandés par le standard national sont remplis "
    "et qui ont été mises à jour depuis moins de douze mois.",
    numerator=CountDistinct(source=LISTED, expression=_id, where=sa.and_(_complete, _fresh), date="date_recensement"),
    denominator=CountDistinct(source=LISTED, expression=_id, date="date_recensement"),
    unit="%",
    cumulative=False,
    source="Standard des lieux de médiation numérique, La MedNum",
    programme=Programme.RATIO,
)
AC3A = Indicator(
    code="AC3a",
    label="Aidants formés",
    definition="Professionnels et bénévoles qui ont terminé un module de 1, 2 ou 3 jours ; "
    "qui suit deux modules compte deux fois.",
    numerator=Sum(source="formations", expression=_finished, date="date", people=True),
    unit="personnes",
    source=_MODULES,
    declared=True,
    rank=60,
)
AC3B = Indicator(
    code="AC3b",
    label="Journées de formation",
    definition="Durée de chaque session, en jours, multipliée par le nombre de personnes qui l’ont terminée.",
    numerator=Sum(
        source="formations", expression=col("duree_jours", sa.BigInteger) * _finished, date="date", people=True
    ),
    unit="jours-personnes",
    source=_MODULES,
    declared=True,
)
AC4 = Indicator(
    code="AC4",
    label="Taux d’achèvement",
    definition="Part des personnes inscrites à un module qui l’ont terminé.",
    numerator=Sum(source="formations", expression=_finished, date="date", people=True),
    denominator=Sum(source="formations", expression=_enrolled, date="date", people=True),
    unit="%",
    cumulative=False,
    source="Pratique de la formation",
    declared=True,
)
AC6 = Indicator(
    code="AC6",
    label="Diagnostics réalisés",
    definition="Échanges avec un habitant sur son équipement, sa connexion et ses besoins d’accompagnement ; "
    "aucun nom n’est transmis.",
    numerator=Sum(source="diagnostics", expression=col("diagnostics"), date="mois", people=True),
    unit="diagnostics",
    source="Délibération, axe 3 et engagement « diagnostic »",
    declared=True,
    rank=50,
)
AC7 = Indicator(
    code="AC7",
    label="Accompagnements",
    definition="Accompagnements individuels et participations aux ateliers : "
    "un atelier de 10 personnes compte pour 10 accompagnements.",
    numerator=Sum(source="accompagnements", expression=_supports, date="mois", people=True),
    unit="accompagnements",
    axes=(3,),
    source=_COOP,
    shortlist="optionnel",
    declared=True,
)
AC8 = Indicator(
    code="AC8",
    label="Bénéficiaires",
    definition="Personnes suivies, plus une par accompagnement anonyme ; "
    "doublons possibles entre structures et entre associations.",
    numerator=Sum(
        source="accompagnements",
        expression=sa.func.coalesce(_followed, 0) + sa.func.coalesce(_anonymous, 0),
        where=_helped,
        date="mois",
        known_if=Count(source="accompagnements", where=_helped, date="mois"),
        people=True,
    ),
    unit="personnes",
    axes=(3,),
    source=_COOP,
    shortlist="optionnel",
    declared=True,
    note="Doublons possibles.",
)
AC10 = Indicator(
    code="AC10",
    label="Réorientations",
    definition="Personnes orientées vers une autre structure, sur les accompagnements des structures "
    "qui donnent ce nombre.",
    numerator=Sum(source="accompagnements", expression=col("orientations"), where=_oriented, date="mois", people=True),
    denominator=Sum(source="accompagnements", expression=_supports, where=_oriented, date="mois", people=True),
    unit="orientations",
    headline="numerator",
    axes=(3,),
    source=_COOP,
    shortlist="optionnel",
    declared=True,
    programme=Programme.SUM,
)

INDICATORS = (AC1, AC2, AC3A, AC3B, AC4, AC6, AC7, AC8, AC10)
