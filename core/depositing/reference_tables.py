"""The project lead’s tables: what each holds and lacks, who changed it last; a building that changes its code."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

import polars as pl

from core.catalogue.equiper import SCREEN
from core.catalogue.keys import KEY, with_key
from core.contract import Registry
from core.contract.scope import Scope
from core.deliberation import ASSOCIATIONS, EQUIPMENT, LINES
from core.depositing import retention
from core.depositing.editing import Edits
from core.domain import access, french
from core.domain.access import Action
from core.domain.calendar import Period, day_in_france
from core.domain.dataset import Dataset, Row
from core.domain.programme import METROPOLE
from core.errors import Refused, UnknownName
from core.reading.personal import looks_personal
from core.storage import Store
from core.storage.deposits import RENAME, Deposit
from core.storage.writing import Writing

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
            one.code,
            one.title,
            one.description,
            len(held[one.code]),
            french.typeset(_MISSING.get(one.code, _nothing)(desk)),
            last.get(one.code),
        )
        for one in registry.datasets(METROPOLE)
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
                    body.code,
                    row["code_immeuble"],
                    row["_place"],
                    row["nb_logements"],
                    row["eligible_cable"],
                    row["mode"],
                    held.get("part"),
                    held.get("nombre"),
                    held.get("decision") or "",
                )
            )
    return tuple(sorted(found, key=lambda one: (one.decided, one.eligible is False, one.association, one.code)))


def orphan_thresholds(registry: Registry, store: Store) -> tuple[tuple[str, str], ...]:
    """The (association, building) of each threshold that no building bears: a code that changed, or a slip."""
    known = {(one.association, one.code) for one in buildings(registry, store)}
    held = ((row["association"], row["code_immeuble"]) for row in store.rows(METROPOLE, "seuils").to_dicts())
    return tuple(sorted(one for one in held if one not in known))


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
    orphans = orphan_thresholds(desk.registry, desk.store)
    lost = french.count(len(orphans), "seuil sans immeuble", "seuils sans immeuble") if orphans else ""
    if not lacking:
        return lost
    among = french.count(len(concerned), "immeuble éligible", "immeubles éligibles")
    return " ; ".join(filter(None, (f"{french.count(lacking, 'seuil à fixer', 'seuils à fixer')} sur {among}", lost)))


def _keys(desk: _Desk) -> str:
    """Each sum that nothing divides; the text names no experiment for some, and no key may be decided: it is told."""
    open_ = [one for one in sharings(desk.registry, desk.store) if not one.divided]
    return " ; ".join(
        f"{french.euros(LINES[one.line].cents)} non ventilés "
        f"({'clé incomplète' if one.parts else 'aucune clé'} pour la ligne "
        f"{french.of(ASSOCIATIONS[LINES[one.line].association].name)})"
        for one in open_
    )


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


# --- A building changes its code: one act, through every table that names it, the project lead's thresholds included
# It is the same building. Its past, its agreements and its threshold stay, under the new code, at every day
# that is looked at; at no moment are there two of it. What was frozen keeps the code of its day.


BUILDINGS, THRESHOLDS, CODE = "immeubles", "seuils", "code_immeuble"


def rename_building(scope: Scope, association: str, old: str, new: str) -> int:
    """Give the building ``old`` of ``association`` the code ``new``; return how many rows follow it.

    An accepted relevé does not stand in the way: nothing that it tells changes but this name. Raises
    Forbidden (the thresholds are the project lead's), UnknownName when no building bears ``old``, Refused
    when ``new`` is empty, badly written or another building's.
    """
    access.check(scope.actor, Action.STEER)
    dataset = scope.registry.dataset(association, BUILDINGS)
    code = _written(dataset, new)
    with scope.writing() as writing:
        known = writing.rows(association, BUILDINGS)[CODE].to_list()
        if old not in known:
            raise UnknownName(f"Aucun immeuble ne porte le code « {old} ».")
        if code in known:
            raise Refused(f"« {code} » est déjà le code d’un immeuble : rien n’est changé.")
        moved = sum(
            _follow(writing, association, one, old, code) for one in _naming(scope.registry, association, dataset)
        )
        return moved + _follow_threshold(scope.registry, scope.store, writing, association, old, code)


def _written(dataset: Dataset, new: str) -> str:
    said = new.strip()
    found = dataset.by_name[CODE].kind.read(pl.Series([said], dtype=pl.String)).values[0] if said else None
    if found is None:
        raise Refused("Écrivez le nouveau code de l’immeuble.")
    personal = looks_personal(said)
    if personal:
        raise Refused(f"Ce code contient {personal} : rien n’est changé.")
    return str(found)


def _naming(registry: Registry, association: str, dataset: Dataset) -> Iterable[Dataset]:
    """The table of buildings, then each table of the association that refers to it."""
    yield dataset
    for one in registry.datasets(association):
        if any(found.dataset == BUILDINGS for found in one.references):
            yield one


def _follow(writing: Writing, association: str, dataset: Dataset, old: str, new: str) -> int:
    """The rows of one table that name the building, under its new code; their number."""
    column = CODE if dataset.code == BUILDINGS else _column(dataset)
    rows = writing.rows(association, dataset.code).filter(pl.col(column) == old)
    if rows.is_empty():
        return 0
    renamed = with_key(rows.with_columns(pl.lit(new).alias(column)), dataset)
    gone = sorted(set(rows[KEY]) - set(renamed[KEY]))
    writing.save(association, dataset.code, renamed, remove=gone, action=RENAME)
    return rows.height


def _column(dataset: Dataset) -> str:
    return next(one.column for one in dataset.references if one.dataset == BUILDINGS)


def _follow_threshold(registry: Registry, store: Store, writing: Writing, association: str, old: str, new: str) -> int:
    """The threshold of the building, decided on the day it was decided: it holds for the past as it did."""
    mine = (pl.col("association") == association) & (pl.col(CODE) == old)
    rows = writing.rows(METROPOLE, THRESHOLDS).filter(mine)
    if rows.is_empty():
        return 0
    dataset = registry.dataset(METROPOLE, THRESHOLDS)
    key = rows[KEY][0]
    since = min(event.at for event in store.history(METROPOLE, THRESHOLDS, key))
    dated = rows.with_columns(pl.col("decide_le").fill_null(day_in_france(since)), pl.lit(new).alias(CODE))
    writing.save(METROPOLE, THRESHOLDS, with_key(dated, dataset), remove=[key], action=RENAME)
    return 1


# --- A target whose due date moves: the past keeps the former one ---------------------------------


def move_due_date(row: Row, due: date, decision: str, decided: date) -> Edits:
    """What writes that the target ``row`` falls due on ``due`` from the day ``decided``, by ``decision``.

    The due date is part of what names a target: the row leaves and another one comes, in one revision, which is
    how the figures know that the second follows the first (``core.figures.known``). Raises Refused when the day does
    not change, or when the decision is older than the one that it replaces.
    """
    if due == row["echeance"]:
        raise Refused(f"L’échéance est déjà le {french.day(due)} : rien n’est changé.")
    former = row["decide_le"]
    if former is not None and decided <= former:
        raise Refused(
            f"L’objectif d’avant est décidé le {french.day(former)} : la décision qui le déplace vient après. "
            "Si c’est sa date qui est fausse, corrigez-la dans le formulaire au-dessus."
        )
    kept = {name: value for name, value in row.items() if not name.startswith("_")}
    new = {**kept, "echeance": due, "decision": decision, "decide_le": decided}
    return Edits(added=(new,), removed=(row[KEY],))
