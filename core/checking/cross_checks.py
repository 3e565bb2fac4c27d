"""What one file alone cannot say: equipment over all associations, buildings over all months, the annex."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import KW_ONLY, dataclass, replace
from fractions import Fraction

import polars as pl

from core.catalogue.connecter import ROUNDING
from core.catalogue.equiper import COMPUTERS, SCREEN
from core.catalogue.equiper import METROPOLE as FROM_METROPOLE
from core.checking.near import ANNEX, CEDED, MACHINES, NUMBER, ceded
from core.contract import Registry
from core.deliberation import EQUIPMENT
from core.domain import french
from core.domain.dataset import Dataset, Hand, Problem, Row, Severity
from core.domain.french import fold
from core.domain.programme import METROPOLE
from core.domain.programme import METROPOLE as LEAD
from core.storage import Store

Frames = Mapping[tuple[str, str], pl.DataFrame]
"""Rows by (association, dataset), typed, with ``_key``, ``_experiment`` and ``_place``."""
DEPENDS_ON = {
    "materiel": ("materiel",),
    "immeubles": ("immeubles", "raccordements"),
    "raccordements": ("immeubles", "raccordements"),
}
"""For each dataset that these warnings speak of, the datasets that they read."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to look at.

    ``column`` and ``subject`` name the machine or building (None: the programme as a whole);
    ``association``, ``experiment`` and ``place`` whose it is, None when several; ``people``: the row is a person’s.
    ``hand`` is to whom it is shown first, as of a rule.
    """

    code: str
    dataset: str
    found: str
    expected: str
    remedy: str
    column: str | None = None
    subject: str | None = None
    association: str | None = None
    experiment: str | None = None
    place: str | None = None
    people: bool = False
    _: KW_ONLY
    hand: Hand


def frames_for(
    registry: Registry, dataset: str, rows: Callable[[str, str], pl.DataFrame], *, only: str | None = None
) -> dict[tuple[str, str], pl.DataFrame]:
    """The rows that the warnings about ``dataset`` read, asked from ``rows`` (association, dataset).

    ``only``: those of one association.
    """
    wanted = DEPENDS_ON.get(dataset, ())
    return {
        (one.code, code): rows(one.code, code)
        for one in registry.associations
        if only in (None, one.code)
        for code in wanted
        if any(held.code == code for held in registry.datasets(one.code))
    }


def findings(
    registry: Registry,
    frames: Frames,
    thresholds: pl.DataFrame,
    *,
    only: str | None = None,
    arrived: pl.DataFrame | None = None,
) -> tuple[Finding, ...]:
    """Every finding over ``frames``; ``only`` keeps those about the equipment or the buildings of one association.

    ``thresholds`` are the rows of the project lead's dataset ``seuils``; ``arrived`` the keys of the machines that
    the Métropole ceded, with their type, when ``frames`` do not hold them all.
    """
    found = [*equipment(registry, frames, arrived)]
    for association in registry.associations:
        if only in (None, association.code):
            found += buildings(association.code, frames, thresholds)
    return tuple(_typeset(one) for one in found)


def _typeset(one: Finding) -> Finding:
    found, expected, remedy = (french.typeset(words) for words in (one.found, one.expected, one.remedy))
    return replace(one, found=found, expected=expected, remedy=remedy)


def equipment(registry: Registry, frames: Frames, arrived: pl.DataFrame | None = None) -> Iterator[Finding]:
    """More machines than the deliberation cedes, transfers that nobody confirmed, machines given twice."""
    held = [
        frame.with_columns(pl.lit(who).alias("_association"))
        for (who, code), frame in frames.items()
        if code == "materiel" and not frame.is_empty()
    ]
    if not held:
        return
    needed = [
        "numero_inventaire",
        "type",
        "provenance",
        "statut",
        "transfere_a",
        "_association",
        "_experiment",
        "_place",
    ]
    machines = pl.concat([frame.select(needed) for frame in held])
    yield from _too_many(arrived_of(machines) if arrived is None else arrived)
    yield from _unconfirmed(registry, machines)
    yield from _given_twice(registry, machines)


def arrived_of(machines: pl.DataFrame) -> pl.DataFrame:
    """The numbers of the machines that the Métropole ceded and that arrived, as ``_key``, with their type."""
    return machines.select(pl.col(NUMBER).alias("_key"), ceded()).drop_nulls(CEDED)


def _too_many(arrived: pl.DataFrame) -> Iterator[Finding]:
    for types, ceiling, word in (
        (COMPUTERS, EQUIPMENT.computers, "ordinateurs"),
        ((SCREEN,), EQUIPMENT.screens, "écrans"),
    ):
        count = arrived.filter(pl.col(CEDED).is_in(types))["_key"].n_unique()
        if count > ceiling:
            yield Finding(
                "materiel_au_dela_du_vote",
                "materiel",
                f"{french.number(count)} {word} reçus de la Métropole",
                f"La délibération cède {ceiling} {word}, pas davantage.",
                "Vérifiez les numéros en double ou mal recopiés ; sinon, prévenez la Métropole.",
                hand=Hand.COMMITTEE,
            )


def _unconfirmed(registry: Registry, machines: pl.DataFrame) -> Iterator[Finding]:
    receivers = {fold(word): one for one in registry.associations for word in (one.code, one.name)}
    sent = machines.filter((pl.col("statut") == "transféré") & pl.col("transfere_a").is_not_null())
    if sent.is_empty():
        return
    holders = machines.group_by("numero_inventaire").agg(pl.col("_association").unique().alias("holders"))
    for row in sent.join(holders, on="numero_inventaire").sort("numero_inventaire").iter_rows(named=True):
        receiver = receivers.get(fold(row["transfere_a"]))
        if receiver is None or receiver.code in row["holders"] or receiver.code == row["_association"]:
            continue
        yield Finding(
            "transfert_non_confirme",
            "materiel",
            f"{row['numero_inventaire']} transféré à {receiver.name}",
            f"{receiver.name} n’a pas confirmé la réception.",
            f"Demandez à {receiver.name} d’ajouter ce numéro à son matériel quand la machine est arrivée.",
            "numero_inventaire",
            row["numero_inventaire"],
            row["_association"],
            row["_experiment"],
            row["_place"],
            hand=Hand.ASSOCIATION,
        )


def _given_twice(registry: Registry, machines: pl.DataFrame) -> Iterator[Finding]:
    given = machines.filter(pl.col("statut") == "remis")
    twice = given.filter(pl.col("numero_inventaire").is_duplicated()).sort("numero_inventaire", "_association")
    for (number,), rows in twice.group_by("numero_inventaire", maintain_order=True):
        holders = rows["_association"].to_list()
        names = french.listing(registry.association(code).name for code in holders)
        for row in rows.iter_rows(named=True):
            yield Finding(
                "remis_deux_fois",
                "materiel",
                f"{number} remis par {names}",
                "Une machine n’est remise qu’une fois, toutes associations confondues.",
                "Relisez le numéro sur la machine et corrigez celui qui est mal recopié.",
                "numero_inventaire",
                str(number),
                row["_association"],
                row["_experiment"],
                row["_place"],
                hand=Hand.ASSOCIATION,
            )


def buildings(association: str, frames: Frames, thresholds: pl.DataFrame) -> Iterator[Finding]:
    """Buildings whose agreements or connections, over all months, go beyond what they may."""
    homes, months = frames.get((association, "immeubles")), frames.get((association, "raccordements"))
    if homes is None or months is None or homes.is_empty() or months.is_empty():
        return
    sums = months.group_by("code_immeuble").agg(pl.col("accords", "mises_en_service").sum())
    set_by_lead = thresholds.filter(pl.col("association") == association).select("code_immeuble", "part", "nombre")
    joined = homes.join(sums, on="code_immeuble").join(set_by_lead, on="code_immeuble", how="left")
    minimum = pl.coalesce("nombre", pl.col("part") * pl.col("nb_logements") / 100).alias("minimum")
    for row in joined.with_columns(minimum).sort("code_immeuble").iter_rows(named=True):
        yield from _building(association, row)


def _building(association: str, row: Row) -> Iterator[Finding]:
    agreed, served, homes = row["accords"], row["mises_en_service"], row["nb_logements"]
    name, minimum = row["code_immeuble"], row["minimum"]

    def finding(code: str, found: str, expected: str, remedy: str, hand: Hand) -> Finding:
        return Finding(
            code,
            "raccordements",
            f"{name} : {found}",
            expected,
            remedy,
            "code_immeuble",
            name,
            association,
            row["_experiment"],
            row["_place"],
            hand=hand,
        )

    if agreed > homes:
        yield finding(
            "accords_trop_nombreux",
            f"{agreed} accords cumulés pour {homes} logements",
            "Il y a plus d’accords que de logements.",
            "Donnez les nouveaux accords de chaque mois, et non le cumul.",
            Hand.ASSOCIATION,
        )
    if served > agreed:
        yield finding(
            "mises_en_service_trop_nombreuses",
            f"{served} mises en service pour {agreed} accords",
            "Il y a plus de mises en service que d’accords.",
            "Vérifiez les deux nombres, mois par mois.",
            Hand.ASSOCIATION,
        )
    if minimum is not None and served > 0 and agreed < minimum - ROUNDING:
        yield finding(
            "mise_en_service_sous_seuil",
            f"{served} mises en service avec {agreed} accords sur {homes} logements",
            f"Le seuil d’accord n’est pas atteint : il est de {french.number(minimum, 1)}.",
            "Vérifiez le nombre d’accords ; s’il est exact, expliquez-le dans le relevé.",
            Hand.COMMITTEE,
        )


def keys(rows: pl.DataFrame) -> Iterator[Finding]:
    """Lines whose recorded parts do not make a whole: their sum stays « non ventilé »."""
    for (line,), parts in rows.sort("ligne").group_by("ligne", maintain_order=True):
        whole = sum(Fraction(str(part)) for part in parts["part"])
        if whole != 100:
            yield _typeset(
                Finding(
                    "cle_incomplete",
                    "cles",
                    f"{line} : les parts font {french.percent(float(whole), 2)}",
                    "Les parts d’une ligne font 100 %.",
                    "Complétez ou corrigez les parts ; d’ici là, la ligne reste « non ventilée ».",
                    "ligne",
                    str(line),
                    LEAD,
                    hand=Hand.LEAD,
                )
            )


def as_problems(found: Iterable[Finding], rows: pl.DataFrame) -> list[Problem]:
    """The findings that touch ``rows`` (with ``_line``), as warnings at the last line that names their subject."""
    problems = []
    lines: dict[str, dict[str | None, int]] = {}
    for one in found:
        line = None
        if one.column is not None:
            if one.column not in lines:
                last = rows.group_by(one.column).agg(pl.col("_line").max())
                lines[one.column] = dict(last.iter_rows())
            line = lines[one.column].get(one.subject)
            if line is None:
                continue
        problems.append(Problem(line, one.column, one.found, one.expected, one.remedy, Severity.WARNING, one.code))
    return problems


def thresholds(rows: Callable[[str, str], pl.DataFrame]) -> pl.DataFrame:
    """The agreement thresholds that the project lead set."""
    return rows(LEAD, "seuils")


# --- The annex of the equipment: its columns are the Métropole's, prefilled for the association, and not its to type
# Once the project lead has loaded the annex, the number, the type, the serial number, the value and
# the batch of a machine are those of the annex; an association that types something else is told.


DEEDS = "lots_cession"
HELD = ("type", "numero_serie", "valeur_unitaire", "lot")
"""The columns that the annex decides."""
_REMEDY = "Remettez la valeur de l’annexe, ou laissez la cellule vide ; si l’annexe se trompe, prévenez la Métropole."


def prefilled(store: Store, association: str) -> list[dict[str, object]]:
    """The machines ceded to ``association`` that it has not entered yet, as rows to go on from.

    Empty for an association that the deliberation cedes nothing to, or while nothing is ceded.
    """
    if association != EQUIPMENT.beneficiary:
        return []
    ceded = store.rows(METROPOLE, DEEDS)["lot"]
    known = store.rows(association, MACHINES)["numero_inventaire"]
    annex = store.rows(METROPOLE, ANNEX)
    waiting = annex.filter(pl.col("lot").is_in(ceded.implode()) & ~pl.col("numero_inventaire").is_in(known.implode()))
    same = {"provenance": FROM_METROPOLE, "statut": "cédé"}
    return [row | same for row in waiting.select("numero_inventaire", *HELD).to_dicts()]


def differences(dataset: Dataset, association: str, rows: pl.DataFrame, annex: pl.DataFrame) -> Iterator[Finding]:
    """Each machine of ``rows`` that is not described as in the annex; a cell left blank says nothing else."""
    if annex.is_empty() or rows.is_empty():
        return
    listed = annex.select("numero_inventaire", pl.col(*HELD).name.suffix("_annexe"))
    both = rows.join(listed, on="numero_inventaire", how="inner").sort("numero_inventaire")
    for name in HELD:
        kind, title = dataset.by_name[name].kind, dataset.by_name[name].title
        for row in both.filter(pl.col(name) != pl.col(f"{name}_annexe")).iter_rows(named=True):
            number, said = row["numero_inventaire"], kind.show(row[f"{name}_annexe"])
            yield Finding(
                "annexe_differente",
                MACHINES,
                french.typeset(f"{number}, {title} : {kind.show(row[name])}"),
                french.typeset(f"L’annexe de la Métropole dit « {said} »."),
                french.typeset(_REMEDY),
                "numero_inventaire",
                number,
                association,
                row.get("_experiment"),
                row.get("_place"),
                hand=Hand.ASSOCIATION,
            )
