"""The project lead's registers: what each holds, what is still missing in it, who changed it last."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from core.axes.equiper.schema import SCREEN
from core.deliberation import ASSOCIATIONS, EQUIPMENT, LINES
from core.domain import french
from core.domain.experiment import METROPOLE
from core.domain.period import Period
from core.registry import Registry
from core.services import retention
from core.storage import Store
from core.storage.deposits import Deposit

Rows = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Register:
    """One register: ``missing`` says what is still to be recorded, empty when nothing is."""

    code: str
    title: str
    purpose: str
    count: int
    missing: str
    last: Deposit | None


@dataclass(frozen=True, slots=True)
class Building:
    """A building as its association describes it, with the threshold that the project lead set (or none).

    ``minimum`` is the number of dwellings that must agree, None while no threshold is set.
    """

    association: str
    code: str
    place: str | None
    dwellings: int
    eligible: bool | None
    mode: str | None
    share: float | None
    number: int | None
    decision: str

    @property
    def decided(self) -> bool:
        """Whether a threshold is set."""
        return self.share is not None or self.number is not None

    @property
    def minimum(self) -> float | None:
        """The least number of agreements."""
        if self.number is not None:
            return self.number
        return None if self.share is None else self.share * self.dwellings / 100

    @property
    def key(self) -> str:
        """Its key in the register of thresholds."""
        return f"{self.association}|{self.code}"


@dataclass(frozen=True, slots=True)
class Sharing:
    """How a line that is not of a single experiment is divided; ``parts`` in percent, by experiment."""

    line: str
    experiments: tuple[str, ...]
    parts: Mapping[str, float]

    @property
    def remainder(self) -> Fraction:
        """What is left to give, in percent; negative when the parts go beyond 100."""
        return remainder(self.parts.values())

    @property
    def divided(self) -> bool:
        """Whether the parts make a whole: until then the line stays « non ventilé »."""
        return bool(self.parts) and self.remainder == 0


def remainder(parts: Iterable[float]) -> Fraction:
    """100 minus the parts, without rounding."""
    return 100 - sum((Fraction(str(part)) for part in parts), Fraction())


def registers(registry: Registry, store: Store, *, today: date) -> tuple[Register, ...]:
    """Every register, in the order of their declaration."""
    last = {one.dataset: one for one in store.deposits(association=METROPOLE) if one.revision is not None}
    held = {one.code: store.rows(METROPOLE, one.code).to_dicts() for one in registry.datasets(METROPOLE)}
    desk = _Desk(registry, store, today, held)
    return tuple(
        Register(
            one.code, one.title, one.description, len(held[one.code]), french.typeset(said(desk)), last.get(one.code)
        )
        for one in registry.datasets(METROPOLE)
        if (said := _MISSING.get(one.code, _nothing))
    )


def buildings(registry: Registry, store: Store) -> tuple[Building, ...]:
    """Every building of every association: those that still want a threshold first."""
    thresholds = {(row["association"], row["code_immeuble"]): row for row in store.rows(METROPOLE, "seuils").to_dicts()}
    found = []
    for body in registry.associations:
        if not any(one.code == "immeubles" for one in registry.datasets(body.code)):
            continue
        for row in store.rows(body.code, "immeubles").to_dicts():
            held = thresholds.get((body.code, row["code_immeuble"]), {})
            found.append(
                Building(
                    body.code, row["code_immeuble"], row["_place"], row["nb_logements"], row["eligible_cable"],
                    row["mode"], held.get("part"), held.get("nombre"), held.get("decision") or "",
                )
            )  # fmt: skip
    return tuple(sorted(found, key=lambda one: (one.decided, one.eligible is False, one.association, one.code)))


def sharings(registry: Registry, store: Store) -> tuple[Sharing, ...]:
    """Each line that was not voted for a single experiment, with the parts recorded so far.

    A line whose object names no experiment may be divided among all of them.
    """
    rows = store.rows(METROPOLE, "cles").to_dicts()
    every = tuple(one.code for one in registry.experiments)
    return tuple(
        Sharing(
            code, line.experiments or every, {row["experience"]: row["part"] for row in rows if row["ligne"] == code}
        )
        for code, line in LINES.items()
        if len(line.experiments) != 1
    )


def ceded(lots: Rows) -> tuple[int, int]:
    """How many computers and screens the deeds cede so far."""
    return sum(row["ordinateurs"] for row in lots), sum(row["ecrans"] for row in lots)


def account_due(end_of_year: date) -> date:
    """The day by which the financial report is due: six months after the end of the accounting year.

    Source: law n° 2000-321 of 12 April 2000, article 10. The end of a month stays the end of a month.
    """
    months = end_of_year.year * 12 + end_of_year.month - 1 + 6
    last = Period.month(months // 12, months % 12 + 1).end
    ends = end_of_year == Period.month(end_of_year.year, end_of_year.month).end
    return last if ends or end_of_year.day > last.day else last.replace(day=end_of_year.day)


# --- what is missing, register by register ----------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Desk:
    registry: Registry
    store: Store
    today: date
    rows: Mapping[str, Rows]

    def without(self, dataset: str) -> str:
        """« 2 expérimentations », those that the register does not name."""
        named = {row["experience"] for row in self.rows[dataset]}
        lacking = sum(one.code not in named for one in self.registry.experiments)
        return french.count(lacking, "expérimentation") if lacking else ""


def _nothing(_desk: _Desk) -> str:
    return ""


def _targets(desk: _Desk) -> str:
    lacking = desk.without("objectifs")
    return f"aucun objectif pour {lacking}" if lacking else ""


def _baselines(desk: _Desk) -> str:
    lacking = desk.without("valeurs_depart")
    return f"aucune valeur de départ pour {lacking}" if lacking else ""


def _periods(desk: _Desk) -> str:
    if not desk.rows["periodes"]:
        return "aucune période préparée"
    if all(row["fin"] < desk.today for row in desk.rows["periodes"]):
        return f"le {Period.quarter_of(desk.today).label} n’est pas préparé"
    return ""


def _dates(desk: _Desk) -> str:
    lacking = desk.without("dates_experimentations")
    return f"dates à renseigner pour {lacking}" if lacking else ""


def _thresholds(desk: _Desk) -> str:
    concerned = [one for one in buildings(desk.registry, desk.store) if one.eligible]
    lacking = sum(not one.decided for one in concerned)
    if not lacking:
        return ""
    among = french.count(len(concerned), "immeuble éligible", "immeubles éligibles")
    return f"{french.count(lacking, 'seuil à fixer', 'seuils à fixer')} sur {among}"


def _keys(desk: _Desk) -> str:
    open_ = [one for one in sharings(desk.registry, desk.store) if not one.divided and LINES[one.line].experiments]
    said = (
        f"{'clé incomplète' if one.parts else 'aucune clé'} pour la ligne "
        f"{french.of(ASSOCIATIONS[LINES[one.line].association].name)}"
        for one in open_
    )
    return french.listing(said)


def _conventions(desk: _Desk) -> str:
    held = {row["association"]: row for row in desk.rows["conventions"]}
    wanted = [
        ("convention à renseigner", [code for code in ASSOCIATIONS if code not in held]),
        ("fin d’exercice à renseigner", [code for code, row in held.items() if row["fin_exercice"] is None]),
        ("SIRET à renseigner", [code for code, row in held.items() if row["siret"] is None]),
    ]
    return " ; ".join(f"{what} pour {french.count(len(whom), 'association')}" for what, whom in wanted if whom)


def _payments(desk: _Desk) -> str:
    paid = {row["ligne"] for row in desk.rows["versements"]}
    lacking = sum(code not in paid for code in LINES)
    return f"aucun versement sur {french.count(lacking, 'ligne')}" if lacking else ""


def _documents(desk: _Desk) -> str:
    if not desk.rows["pieces"]:
        return "aucune pièce attendue n’est inscrite"
    late = sum(row["recue_le"] is None and row["echeance"] < desk.today for row in desk.rows["pieces"])
    return french.count(late, "pièce échue non reçue", "pièces échues non reçues") if late else ""


def _annex(desk: _Desk) -> str:
    screens = sum(row["type"] == SCREEN for row in desk.rows["annexe_materiel"])
    return _rest(len(desk.rows["annexe_materiel"]) - screens, screens, "à inscrire")


def _deeds(desk: _Desk) -> str:
    return _rest(*ceded(desk.rows["lots_cession"]), "à céder")


def _rest(computers: int, screens: int, verb: str) -> str:
    left = (
        (EQUIPMENT.computers - computers, "ordinateur"),
        (EQUIPMENT.screens - screens, "écran"),
    )
    said = [french.count(number, word) for number, word in left if number > 0]
    return f"{french.listing(said)} {verb}" if said else ""


def _retention(desk: _Desk) -> str:
    decided = {row["dataset"] for row in desk.rows["conservation"]}
    lacking = sum(code not in decided for code in retention.datasets(desk.registry))
    return f"durée à fixer pour {french.count(lacking, 'tableau', 'tableaux')}" if lacking else ""


_MISSING: Mapping[str, Callable[[_Desk], str]] = {
    "objectifs": _targets,
    "valeurs_depart": _baselines,
    "periodes": _periods,
    "dates_experimentations": _dates,
    "seuils": _thresholds,
    "cles": _keys,
    "conventions": _conventions,
    "versements": _payments,
    "pieces": _documents,
    "annexe_materiel": _annex,
    "lots_cession": _deeds,
    "conservation": _retention,
}
