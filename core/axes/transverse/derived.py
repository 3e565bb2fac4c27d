"""The accounts of each line and accounting year, beside the subsidy that pays for a part of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from core.domain.indicator import Derived


def _with_accounts(tables: Mapping[str, Any]) -> sa.Select[Any]:
    """One row per line (per part, when a key divides it) and accounting year whose products are known.

    Products are accounts 70 to 78 and the association's own resources; voluntary
    contributions (87) are told apart and never added.
    """
    accounts, voted = tables["comptes"], tables["lignes"]
    is_product = sa.or_(accounts.c.compte.like("7%"), accounts.c.compte == "prop")
    products = (
        sa.select(
            accounts.c.ligne_subvention,
            accounts.c.exercice,
            sa.cast(sa.func.sum(accounts.c.realisation), sa.BigInteger).label("produits"),
        )
        .where(is_product, accounts.c.realisation.is_not(None))
        .group_by(accounts.c.ligne_subvention, accounts.c.exercice)
        .subquery("produits")
    )
    whole = sa.func.sum(voted.c.montant).over(partition_by=voted.c.ligne)
    parts = sa.select(voted, sa.cast(whole, sa.BigInteger).label("vote")).subquery("parts")
    return sa.select(
        (parts.c["_key"] + "|" + sa.cast(products.c.exercice, sa.Text)).label("_key"),
        parts.c["_association"].label("_association"),
        parts.c["_experiment"].label("_experiment"),
        parts.c["_place"].label("_place"),
        parts.c.ligne.label("ligne"),
        products.c.exercice.label("exercice"),
        parts.c.montant.label("montant"),
        (products.c.produits * parts.c.montant // parts.c.vote).label("realisation"),
    ).join_from(parts, products, products.c.ligne_subvention == parts.c.ligne)


ACCOUNTS = Derived("subvention_et_produits", "Subvention et produits", ("comptes", "lignes"), _with_accounts)
