"""The steps of a machine's way, declared once as counts, so that their rows can be opened.

What every experiment reports (EQ1a, EQ5a…) keeps its own code and definition; these counts are
those of the page « Parc de matériel ». All of them speak of one day, ``au``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from core.axes.deriving import hidden, shown
from core.deliberation import ASSOCIATIONS
from core.domain.indicator import CountDistinct, Derived, Indicator, Source, au, col

_NUMBER = col("numero_inventaire")
_SCREEN = col("type") == "écran"
_KINDS = {"ordinateurs": sa.not_(_SCREEN), "ecrans": _SCREEN}
_WORDS = {"ordinateurs": "Ordinateurs", "ecrans": "Écrans"}
_OTHER = "autre association"
# A unit that another association sent was received, tested and refurbished there.
_HERE = sa.func.coalesce(col("provenance"), "") != _OTHER
_RECYCLED = col("statut") == "recyclé"


@dataclass(frozen=True, slots=True)
class Step:
    """One step: its word, what it means, and the counts of computers and of screens."""

    name: str
    meaning: str
    computers: Indicator
    screens: Indicator


def _by(column: str) -> sa.ColumnElement[bool]:
    """That the day is written and has come."""
    return sa.and_(col(column).is_not(None), col(column) <= au)


def _not_by(column: str) -> sa.ColumnElement[bool]:
    return sa.or_(col(column).is_(None), col(column) > au)


def _step(
    code: str, name: str, words: str, meaning: str, where: sa.ColumnElement[bool], date: str,
    source: Source = "materiel",
) -> Step:  # fmt: skip
    computers, screens = (_count(code, kind, words, where, date, source) for kind in _KINDS)
    return Step(name, meaning, computers, screens)


def _count(
    code: str, kind: str, words: str, where: sa.ColumnElement[bool], date: str, source: Source
) -> Indicator:  # fmt: skip
    label = f"{_WORDS[kind]} {words}"
    return Indicator(
        code=f"PARC-{code}-{kind}",
        label=label,
        definition=f"{label}, chacun compté une fois.",
        numerator=CountDistinct(source=source, expression=_NUMBER, where=sa.and_(_KINDS[kind], where), date=date),
        unit=_WORDS[kind].lower(),
        axes=(1,),
        source="Délibération, axe 1",
    )


def _in_transit(tables: Mapping[str, Any]) -> sa.Select[Any]:
    """Units that one association sent to another, which has not written them down as received."""
    sent, arrived = tables["materiel"], tables["materiel"].alias("arrive")
    receivers = [word.lower() for one in ASSOCIATIONS.values() for word in (one.code, one.name)]
    known = sa.select(arrived.c.numero_inventaire).where(
        arrived.c.provenance == _OTHER, arrived.c.date_reception.is_not(None), arrived.c.date_reception <= au
    )
    columns = shown(sent, "numero_inventaire", "type", "transfere_a", "date_transfert")
    return sa.select(*hidden(sent), *columns).where(
        sent.c.date_transfert.is_not(None),
        sa.func.lower(sent.c.transfere_a).in_(receivers),
        sent.c.numero_inventaire.not_in(known),
    )


_TRANSIT = Derived("materiel_en_transit", "Matériel en transit", ("materiel",), _in_transit)
_GONE_NOT = sa.and_(_not_by("date_remise"), _not_by("date_transfert"), sa.not_(_RECYCLED))

STEPS = (
    _step("RECU", "Reçus", "reçus de la Métropole", "Arrivés dans les locaux d’une association.",
          col("provenance") == "Métropole", "date_reception"),
    _step("TESTE", "Testés", "testés", "Essayés ; le résultat est noté.", _HERE, "date_test"),
    _step("RECOND", "Reconditionnés", "reconditionnés", "Effacés, remis en état, prêts à partir.",
          _HERE, "date_reconditionnement"),
    _step("TRANSF", "Transférés", "transférés", "Confiés à une autre association ou à un acteur relais.",
          col("date_transfert").is_not(None), "date_transfert"),
    _step("REMIS", "Remis", "remis", "Donnés à un étudiant ou à une famille.",
          col("statut").in_(("remis", "recyclé")), "date_remise"),
    _step("RECYCLE", "Recyclés", "recyclés", "Démontés pour pièces ou confiés à la filière des déchets électroniques.",
          sa.and_(_HERE, _RECYCLED), "date_test"),
)  # fmt: skip

WAITING = (
    _step("ATESTER", "À tester", "à tester", "Reçus, pas encore essayés.",
          sa.and_(_HERE, _not_by("date_test"), _GONE_NOT), "date_reception"),
    _step("AREPARER", "En attente de pièces", "en attente de pièces", "Testés, ni reconditionnés ni recyclés.",
          sa.and_(_HERE, _not_by("date_reconditionnement"), _GONE_NOT), "date_test"),
    _step("PRETS", "Prêts à l’atelier", "prêts à l’atelier", "Reconditionnés ; il leur faut un bénéficiaire.",
          sa.and_(_HERE, _GONE_NOT), "date_reconditionnement"),
    _step("TRANSIT", "En transit", "en transit", "Transférés ; leur réception n’est pas encore confirmée.",
          col("date_transfert").is_not(None), "date_transfert", _TRANSIT),
    _step("ARRIVES", "Prêts chez l’association relais", "prêts chez l’association qui les a reçus",
          "Reçus d’une autre association, ils attendent un bénéficiaire.",
          sa.and_(col("provenance") == _OTHER, _GONE_NOT), "date_reception"),
)  # fmt: skip

ALL = {one.code: one for step in (*STEPS, *WAITING) for one in (step.computers, step.screens)}
"""Every count of the page, by code."""
