"""The figures of axis 2: buildings that can be wired, agreement of residents, homes put in service."""

from __future__ import annotations

import sqlalchemy as sa

from core.catalogue.connecter import BUILDINGS, CONVENTION, eligible_dwellings
from core.domain.indicator import Count, CountDistinct, Indicator, Median, Programme, Sum, col

_eligible = col("eligible_cable", sa.Boolean).is_(True)
_diagnosed = col("date_diagnostic").is_not(None)
_eligible_dwellings = eligible_dwellings(
    {
        "eligible_cable": col("eligible_cable", sa.Boolean),
        "logements_eligibles": col("logements_eligibles", sa.BigInteger),
        "nb_logements": col("nb_logements", sa.BigInteger),
    }
)
_transfers = col("dont_transferts").is_not(None)
_fixed = sa.and_(_eligible, col("seuil").is_not(None))

CO2 = Indicator(
    code="CO2",
    label="Logements éligibles (Numérisun)",
    definition="Part des logements des immeubles diagnostiqués qui peuvent recevoir l’offre Numérisun par le câble.",
    numerator=Sum(source="immeubles", expression=_eligible_dwellings, where=_diagnosed, date="date_diagnostic"),
    denominator=Sum(source="immeubles", expression=col("nb_logements"), where=_diagnosed, date="date_diagnostic"),
    unit="%",
    axes=(2,),
    cumulative=False,
    source="Engagement « diagnostic des équipements d’un territoire en câble pour l’offre Numérisun »",
)
CO3 = Indicator(
    code="CO3",
    label="Taux d’acceptation",
    definition="Foyers qui ont donné leur accord, sur les logements des immeubles éligibles ; "
    "immeuble par immeuble, cette part se compare au seuil d’accord.",
    numerator=Sum(source="raccordements", expression=col("accords"), date="mois", people=True),
    denominator=Sum(source="immeubles", expression=col("nb_logements"), where=_eligible),
    unit="%",
    axes=(2,),
    source="Délibération : « un minimum à accepter l’offre sur l’ensemble du bâtiment »",
    declared=True,
)
CO4 = Indicator(
    code="CO4",
    label="Immeubles au seuil",
    definition="Immeubles dont les accords cumulés atteignent le seuil, "
    "parmi les immeubles éligibles dont le seuil est fixé.",
    numerator=Count(source=BUILDINGS, where=sa.and_(_fixed, col("seuil_atteint").is_not(None)), date="seuil_atteint"),
    denominator=Count(source=BUILDINGS, where=_fixed),
    unit="immeubles",
    headline="numerator",
    axes=(2,),
    source="Délibération : « un minimum à accepter l’offre sur l’ensemble du bâtiment »",
    note="Un immeuble dont le seuil n’est pas fixé garde sa part d’accords, sans verdict.",
    rank=30,
    programme=Programme.SUM,
)
CO5 = Indicator(
    code="CO5",
    label="Foyers connectés",
    definition="Foyers dont la connexion est en service, sur les logements éligibles ; "
    "les transferts d’une offre existante en font partie, et sont aussi dits à part.",
    numerator=Sum(source="raccordements", expression=col("mises_en_service"), date="mois", people=True),
    denominator=Sum(source="immeubles", expression=_eligible_dwellings),
    unit="foyers",
    headline="numerator",
    stands=True,
    axes=(2,),
    source="Engagement « médiation dans la réception de l’offre » de la délibération",
    declared=True,
    rank=40,
    programme=Programme.SUM,
)
CO6 = Indicator(
    code="CO6",
    label="Économie mensuelle par foyer",
    definition="Prix mensuel d’avant moins prix mensuel d’après, en euros : valeur médiane des immeubles.",
    numerator=Median(
        source="immeubles",
        expression=col("prix_mensuel_avant", sa.BigInteger) - col("prix_mensuel_apres", sa.BigInteger),
        where=sa.and_(col("prix_mensuel_avant").is_not(None), col("prix_mensuel_apres").is_not(None)),
    ),
    unit="€ par mois",
    axes=(2,),
    cumulative=False,
    source="Délibération : « réduire considérablement le coût d’une connexion »",
)
CO7 = Indicator(
    code="CO7",
    label="Conventions bailleur–fournisseur",
    definition="Accords signés entre un bailleur et un fournisseur d’accès ; le nombre visé est fixé par le comité.",
    numerator=CountDistinct(
        source="immeubles",
        expression=col("bailleur", sa.Text) + sa.literal(" – ") + col("fai", sa.Text),
        where=sa.and_(col("date_convention").is_not(None), sa.func.coalesce(col("mode"), CONVENTION) == CONVENTION),
        date="date_convention",
    ),
    unit="conventions",
    axes=(2,),
    source="Délibération : « une convention entre les bailleurs sociaux et le fournisseur d’accès »",
    shortlist="optionnel",
)

CO10 = Indicator(
    code="CO10",
    label="Participations aux réunions d’habitants",
    definition="Nombre de présents, additionné sur toutes les réunions : qui vient deux fois compte deux fois.",
    numerator=Sum(source="concertations", expression=col("participants"), date="date", people=True),
    unit="participations",
    axes=(2,),
    source="Engagement « concertation » de la délibération",
    declared=True,
)
CO11 = Indicator(
    code="CO11",
    label="Transferts d’une offre existante",
    definition="Parmi les foyers connectés, ceux dont la connexion remplace un abonnement qu’ils avaient.",
    numerator=Sum(
        source="raccordements",
        expression=col("dont_transferts"),
        where=_transfers,
        date="mois",
        known_if=Count(source="raccordements", where=_transfers, date="mois"),
        people=True,
    ),
    unit="foyers",
    axes=(2,),
    source="Engagement « médiation dans la réception de l’offre ou le transfert sur l’offre » de la délibération",
    shortlist="optionnel",
    declared=True,
)

INDICATORS = (CO2, CO3, CO4, CO5, CO6, CO7, CO10, CO11)
