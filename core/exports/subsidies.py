"""The essential data of the four conventions: SCDL « subventions » 2.1.1, and the regulatory format.

Sources: OpenDataFrance, SCDL subventions 2.1.1; décret 2017-779 and arrêté du 17 novembre 2017.
One row per beneficiary. The sums and the decision come from the deliberation, the rest from what
the project lead recorded; nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from core.catalogue.texts import valid_siret
from core.deliberation import ACT, ASSOCIATIONS, CONVENTIONS, EQUIPMENT, LINES
from core.domain.dataset import Row
from core.domain.programme import Convention
from core.exports import csv
from core.exports.csv import Gap
from core.money.ledger import LEAD, RowSource

GRANTOR = "Métropole Aix-Marseille-Provence"
TITLE = "Données essentielles des subventions"
COLUMNS = (
    "nomAttribuant",
    "idAttribuant",
    "dateConvention",
    "referenceDecision",
    "nomBeneficiaire",
    "idBeneficiaire",
    "rnaBeneficiaire",
    "objet",
    "montant",
    "nature",
    "conditionsVersement",
    "datesPeriodeVersement",
    "idRAE",
    "notificationUE",
    "pourcentageSubvention",
    "dispositifAide",
)
"""The columns of SCDL 2.1.1, in order."""
REGULATORY = tuple(name for name in COLUMNS if name not in ("rnaBeneficiaire", "dispositifAide"))
"""The columns of the regulatory format, in order."""
LONGEST = 256
FICTITIOUS = "[Données fictives] "
"""Before the purpose of each row of a demonstration: the format has no column to say it."""
_MONEY, _MONEY_AND_GOODS = "aide en numéraire", "aide en numéraire;aide en nature"
_ONE_ONLY = "versement unique"


@dataclass(frozen=True, slots=True)
class Subsidy:
    """One row to be published, before it is written; None and "" where nothing is recorded."""

    beneficiary: str
    name: str
    signed: date | None
    siret: str
    rna: str
    grantor: str
    purpose: str
    cents: int
    nature: str
    conditions: str
    payments: tuple[date, ...]
    notified: bool | None


def subsidies(store: RowSource, revision: int | None = None) -> tuple[Subsidy, ...]:
    """The four, in the order of the deliberation."""
    signed = {row["association"]: row for row in store.rows(LEAD, "conventions", revision).to_dicts()}
    paid = store.rows(LEAD, "versements", revision).sort("date").to_dicts()
    return tuple(_subsidy(one, signed.get(code, {}), paid) for code, one in CONVENTIONS.items())


def gaps(found: Sequence[Subsidy], *, regulatory: bool = False) -> tuple[Gap, ...]:
    """What is compulsory and not recorded, beneficiary by beneficiary."""
    return tuple(gap for one in found for gap in _gaps(one, regulatory))


def scdl(store: RowSource, revision: int | None = None, *, fictitious: bool = False) -> bytes:
    """The SCDL 2.1.1 file. Raises Refused, naming what is missing, while it cannot be published."""
    found = subsidies(store, revision)
    csv.refuse(TITLE, gaps(found))
    return csv.table(COLUMNS, [_written(one, "/", fictitious) for one in found])


def regulatory(store: RowSource, revision: int | None = None, *, fictitious: bool = False) -> bytes:
    """The regulatory file: 14 columns, « _ » between two dates, no RNA in place of a SIRET.

    Raises Refused, naming what is missing, while it cannot be published.
    """
    found = subsidies(store, revision)
    csv.refuse(f"{TITLE} (format réglementaire)", gaps(found, regulatory=True))
    return csv.table(REGULATORY, [_written(one, "_", fictitious) for one in found])


def _subsidy(convention: Convention, row: Row, paid: Sequence[Row]) -> Subsidy:
    code = convention.association
    lines = [line for line in LINES.values() if line.association == code]
    codes = {line.code for line in lines}
    mine = [one for one in paid if one["ligne"] in codes and one["montant"] > 0]  # what is given back is no payment
    return Subsidy(
        beneficiary=code,
        name=ASSOCIATIONS[code].name,
        signed=row.get("date_signature"),
        siret=row.get("siret") or "",
        rna=row.get("rna") or "",
        grantor=row.get("siret_attribuant") or "",
        purpose=row.get("objet") or " ; ".join(line.purpose for line in lines),
        cents=convention.cents,
        nature=_MONEY_AND_GOODS if code == EQUIPMENT.beneficiary else _MONEY,
        conditions=row.get("conditions") or _conditions(mine),
        payments=tuple(dict.fromkeys(one["date"] for one in mine)),
        notified=row.get("notification_ue"),
    )


def _conditions(paid: Sequence[Mapping[str, object]]) -> str:
    """« unique » or « échelonné », as the payments recorded say; empty while there is none."""
    if not paid:
        return ""
    return "unique" if all(one["nature"] == _ONE_ONLY for one in paid) else "échelonné"


def _gaps(one: Subsidy, regulatory: bool) -> list[Gap]:
    held = csv.CONVENTIONS
    wanted = [
        (not valid_siret(one.grantor), "le SIRET de la Métropole", f"{held}, colonne « SIRET de la Métropole »"),
        (one.signed is None, "la date de la convention", f"{held}, colonne « Date de signature »"),
        (not _identified(one, regulatory), *_identity(held, regulatory)),
        (len(one.purpose) > LONGEST, f"un objet de {LONGEST} caractères au plus", f"{held}, colonne « Objet »"),
        (not one.conditions, "les conditions de versement", f"{held}, colonne « Conditions de versement »"),
        (not one.payments, "la date d’un versement", csv.PAYMENTS),
        (
            one.notified is None,
            "si l’aide est notifiée à la Commission européenne",
            f"{held}, colonne « Aide notifiée à l’Union européenne »",
        ),
    ]
    return [Gap(one.name, what, where) for missing, what, where in wanted if missing]


def _identified(one: Subsidy, regulatory: bool) -> bool:
    if one.siret:
        return valid_siret(one.siret)
    return bool(one.rna) and not regulatory


def _identity(held: str, regulatory: bool) -> tuple[str, str]:
    if regulatory:
        return "le SIRET de l’association", f"{held}, colonne « SIRET »"
    return "le SIRET ou le RNA de l’association", f"{held}, colonne « SIRET » ou « RNA »"


def _written(one: Subsidy, between: str, fictitious: bool) -> dict[str, str]:
    """The cells of the file; the gaps were refused before. Fictitious data say so in the purpose of each row."""
    dates = sorted({min(one.payments), max(one.payments)})
    assert one.signed is not None
    return {
        "nomAttribuant": GRANTOR,
        "idAttribuant": one.grantor,
        "dateConvention": one.signed.isoformat(),
        "referenceDecision": ACT.number,
        "nomBeneficiaire": one.name,
        "idBeneficiaire": one.siret,
        "rnaBeneficiaire": one.rna,
        "objet": f"{FICTITIOUS}{one.purpose}"[:LONGEST] if fictitious else one.purpose,
        "montant": f"{one.cents // 100}.{one.cents % 100:02d}",
        "nature": one.nature,
        "conditionsVersement": one.conditions,
        "datesPeriodeVersement": between.join(day.isoformat() for day in dates),
        "notificationUE": "oui" if one.notified else "non",
        "pourcentageSubvention": "1.00",
    }
