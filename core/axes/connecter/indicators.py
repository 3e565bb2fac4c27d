"""The figures of axis 2: buildings that can be wired, agreement of residents, homes put in service."""

from __future__ import annotations

import sqlalchemy as sa

from core.axes.connecter.derived import BUILDINGS, eligible_dwellings
from core.axes.connecter.schema import CONVENTION
from core.domain.indicator import Count, CountDistinct, Indicator, Median, Sum, col

_eligible = col("eligible_cable", sa.Boolean).is_(True)
_diagnosed = col("date_diagnostic").is_not(None)
_eligible_dwellings = eligible_dwellings(
    {
        "eligible_cable": col("eligible_cable", sa.Boolean),
        "logements_eligibles": col("logements_eligibles", sa.BigInteger),
        "nb_logements": col("nb_logements", sa.BigInteger),
    }
)
_fixed = sa.and_(_eligible, col("seuil").is_not(None))

CO1 = Indicator(
    code="CO1",
    label="Foyers diagnostiqués (connexion)",
    definition="Diagnostics des besoins menés avec des habitants : chacun porte aussi sur la connexion.",
    numerator=Sum(source="diagnostics", expression=col("diagnostics"), date="mois", people=True),
    unit="foyers",
    source="Engagement « diagnostic » de la délibération",
    declared=True,
)
CO2 = Indicator(
    code="CO2",
    label="Logements éligibles",
    definition="Part des logements des immeubles diagnostiqués qui peuvent recevoir l’offre par le câble.",
    numerator=Sum(source="immeubles", expression=_eligible_dwellings, where=_diagnosed, date="date_diagnostic"),
    denominator=Sum(source="immeubles", expression=col("nb_logements"), where=_diagnosed, date="date_diagnostic"),
    unit="%",
    axes=(2,),
    cumulative=False,
    source="Offre Numérisun : logement collectif raccordé au service antenne",
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
)
CO5 = Indicator(
    code="CO5",
    label="Foyers connectés",
    definition="Foyers mis en service, transferts compris, sur les logements éligibles.",
    numerator=Sum(source="raccordements", expression=col("mises_en_service"), date="mois", people=True),
    denominator=Sum(source="immeubles", expression=_eligible_dwellings),
    unit="foyers",
    headline="numerator",
    stands=True,
    axes=(2,),
    source="Engagement « médiation dans la réception de l’offre » de la délibération",
    declared=True,
    rank=40,
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
    shortlist="optionnel",
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

INDICATORS = (CO1, CO2, CO3, CO4, CO5, CO6, CO7)
