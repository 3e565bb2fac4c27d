"""Figures of the demonstration recomputed in plain SQL, straight against the tables, in every scope.

Nothing here is shared with the monitor but the name of the figure: the SQL is written by hand from
the definitions of the reference, and asks SQLite itself.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest

from core.demonstration.story import CT2, CT3, CT6, FRAIS_VALLON, PLAN_D_AOU, RECHERCHE
from tests.core.demonstration.conftest import Demo
from tests.support.filled import demonstration_url

PROGRAMME = None
TODAY = "2022-07-05"
EVERYBODY = ("anonymal", "ifac", "point_formation", "arsenic")
HOLDERS = {
    "materiel": EVERYBODY[:3],
    "immeubles": EVERYBODY[:3],
    "raccordements": EVERYBODY[:3],
    "concertations": EVERYBODY[:3],
    "diagnostics": EVERYBODY,
    "formations": EVERYBODY,
    "acteurs": EVERYBODY,
    "depenses_a_date": EVERYBODY,
}
COLUMNS = {
    "materiel": "numero_inventaire, type, provenance, statut, transfere_a, date_reception, date_test, "
    "date_reconditionnement, date_transfert, date_remise, type_beneficiaire, en_qpv",
    "immeubles": "code_immeuble, nb_logements, eligible_cable, logements_eligibles, date_diagnostic, "
    "prix_mensuel_avant, prix_mensuel_apres",
    "raccordements": "code_immeuble, mois, accords, mises_en_service",
    "concertations": "participants",
    "diagnostics": "diagnostics, besoin_equipement, besoin_connexion, besoin_accompagnement, niveau_faible, "
    "niveau_moyen, niveau_autonome",
    "formations": "termine_professionnels + termine_benevoles AS finis, inscrits_professionnels + inscrits_benevoles "
    "AS inscrits",
    "acteurs": "id",
    "depenses_a_date": "ligne_subvention, date, montant",
}


@pytest.fixture(scope="module")
def tables() -> Iterator[sqlite3.Connection]:
    """The store’s file, its tables by dataset: the rows that hold today, of all associations together."""
    path = demonstration_url().removeprefix("sqlite:///")
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        for dataset, holders in HOLDERS.items():
            each = " UNION ALL ".join(
                f"SELECT '{holder}' AS association, _experiment AS experience, _place AS endroit, {COLUMNS[dataset]} "
                f"FROM d_{holder}_{dataset} WHERE _until IS NULL"
                for holder in holders
            )
            connection.execute(f"CREATE TEMP VIEW {dataset} AS {each}")
        connection.execute(GIVEN)
        connection.execute(STANDING)
        connection.execute(WAITED)
        connection.execute(CONNECTED)
        yield connection


GIVEN = """CREATE TEMP VIEW remises AS SELECT * FROM materiel
WHERE type <> 'écran' AND statut IN ('remis', 'recyclé') AND date_remise IS NOT NULL"""
# A computer ready where it is: refurbished there, or come refurbished, and not gone to somebody else.
STANDING = """CREATE TEMP VIEW prets AS SELECT DISTINCT numero_inventaire, experience, date_remise FROM materiel
WHERE type <> 'écran' AND statut <> 'recyclé' AND date_transfert IS NULL
AND (date_reconditionnement IS NOT NULL OR provenance = 'autre association')"""
WAITED = """CREATE TEMP VIEW delais AS
SELECT r.experience, julianday(r.date_remise) - julianday(MIN(m.date_reception)) AS jours
FROM remises r JOIN materiel m ON m.numero_inventaire = r.numero_inventaire
GROUP BY r.numero_inventaire, r.experience"""
CONNECTED = """CREATE TEMP VIEW mois_d_immeuble AS
SELECT i.experience, r.accords, r.mises_en_service FROM raccordements r
JOIN immeubles i ON i.association = r.association AND i.code_immeuble = r.code_immeuble"""
IN_TRANSIT = """SELECT COUNT(*) FROM materiel m WHERE type <> 'écran' AND date_transfert IS NOT NULL
AND NOT EXISTS (SELECT 1 FROM materiel a WHERE a.numero_inventaire = m.numero_inventaire
                AND a.association <> m.association)"""
ELIGIBLE = (
    "COALESCE(logements_eligibles, CASE WHEN eligible_cable THEN nb_logements ELSE 0 END) * (eligible_cable IS NOT 0)"
)
MIDDLE = """SELECT AVG({value}) FROM (SELECT {value}, ROW_NUMBER() OVER (ORDER BY {value}) AS rang,
COUNT(*) OVER () AS nombre FROM {table} WHERE {value} IS NOT NULL AND {{mine}})
WHERE rang IN ((nombre + 1) / 2, (nombre + 2) / 2)"""
PRICES = "(SELECT *, (prix_mensuel_avant - prix_mensuel_apres) / 100.0 AS gain FROM immeubles)"
SPENT = """SELECT SUM(montant) / 100.0 FROM depenses_a_date d
WHERE ligne_subvention IN ({lines}) AND date = (SELECT MAX(date) FROM depenses_a_date l
                                                WHERE l.ligne_subvention = d.ligne_subvention)"""

# By figure: what is counted, and what it is related to; {mine} keeps the rows of one experiment.
NUMERATOR = {
    "EQ2": "SELECT COUNT(*) FROM materiel WHERE type <> 'écran' AND provenance = 'Métropole' "
    "AND date_test IS NOT NULL AND {mine}",
    "EQ3": "SELECT COUNT(*) FROM materiel WHERE type <> 'écran' AND provenance = 'Métropole' "
    "AND date_reconditionnement IS NOT NULL AND {mine}",
    "EQ5a": "SELECT COUNT(DISTINCT numero_inventaire) FROM remises WHERE {mine}",
    "EQ7": "SELECT COUNT(*) FROM materiel WHERE statut = 'remis' "
    "AND (type_beneficiaire = 'étudiant' OR (type_beneficiaire = 'famille' AND en_qpv)) AND {mine}",
    "EQ11": "SELECT COUNT(*) FROM prets WHERE date_remise IS NULL AND {mine}",
    "EQ14a": "SELECT COUNT(*) FROM materiel WHERE type <> 'écran' AND date_transfert IS NOT NULL AND {mine}",
    "EQ15a": "SELECT COUNT(*) FROM materiel WHERE type <> 'écran' AND statut = 'recyclé' AND {mine}",
    "CO2": f"SELECT SUM({ELIGIBLE}) FROM immeubles WHERE date_diagnostic IS NOT NULL AND {{mine}}",
    "CO3": "SELECT SUM(accords) FROM mois_d_immeuble WHERE {mine}",
    "CO5": "SELECT SUM(mises_en_service) FROM mois_d_immeuble WHERE {mine}",
    "CO10": "SELECT SUM(participants) FROM concertations WHERE {mine}",
    "AC1": "SELECT COUNT(DISTINCT id) FROM acteurs WHERE {mine}",
    "AC3a": "SELECT SUM(finis) FROM formations WHERE {mine}",
    "AC6": "SELECT SUM(diagnostics) FROM diagnostics WHERE {mine}",
    "BE1": "SELECT SUM(besoin_equipement) FROM diagnostics WHERE {mine}",
    "CO1": "SELECT SUM(besoin_connexion) FROM diagnostics WHERE {mine}",
    "BE2": "SELECT SUM(besoin_accompagnement) FROM diagnostics WHERE {mine}",
    "NI1": "SELECT SUM(niveau_faible) FROM diagnostics WHERE {mine}",
    "NI2": "SELECT SUM(niveau_moyen) FROM diagnostics WHERE {mine}",
    "NI3": "SELECT SUM(niveau_autonome) FROM diagnostics WHERE {mine}",
}
DENOMINATOR = {
    "EQ2": "SELECT COUNT(*) FROM materiel WHERE type <> 'écran' AND provenance = 'Métropole' "
    "AND date_reception IS NOT NULL AND {mine}",
    "EQ3": NUMERATOR["EQ2"],
    "EQ5a": "SELECT COUNT(*) FROM prets WHERE {mine}",
    "EQ7": "SELECT COUNT(*) FROM materiel WHERE statut = 'remis' AND {mine}",
    "CO2": "SELECT SUM(nb_logements) FROM immeubles WHERE date_diagnostic IS NOT NULL AND {mine}",
    "CO5": f"SELECT SUM({ELIGIBLE}) FROM immeubles WHERE {{mine}}",
    "BE1": NUMERATOR["AC6"],
    "CO1": NUMERATOR["AC6"],
    "BE2": NUMERATOR["AC6"],
    "NI1": "SELECT SUM(niveau_faible + niveau_moyen + niveau_autonome) FROM diagnostics WHERE {mine}",
}
VALUE = {
    "EQ9": MIDDLE.format(value="jours", table="delais"),
    "CO6": MIDDLE.format(value="gain", table=PRICES),
}
IN_TRANSIT_TOO = {("EQ5a", "denominator"), ("EQ11", "numerator")}
EQUIPPED = (FRAIS_VALLON, PLAN_D_AOU, CT2, CT3, CT6)


def asked(tables: sqlite3.Connection, sql: str, experiment: str | None = PROGRAMME) -> float:
    mine = "1" if experiment is None else f"experience = '{experiment}'"
    ((found,),) = tables.execute(sql.format(mine=mine)).fetchall()
    return found or 0


def seen(demo: Demo, code: str, experiment: str | None, part: str = "numerator") -> float | None:
    (found,) = demo.monitor.observe([code], [experiment])
    return getattr(found, part)


@pytest.mark.parametrize("experiment", [*EQUIPPED, RECHERCHE, PROGRAMME])
@pytest.mark.parametrize("code", NUMERATOR)
def test_counts_are_those_of_the_tables(
    before: Demo, tables: sqlite3.Connection, code: str, experiment: str | None
) -> None:
    found = seen(before, code, experiment)
    if found is None:
        assert experiment == RECHERCHE and asked(tables, NUMERATOR[code], experiment) == 0, "not tried there: no row"
        return
    more = asked(tables, IN_TRANSIT) if experiment is None and (code, "numerator") in IN_TRANSIT_TOO else 0
    assert found == asked(tables, NUMERATOR[code], experiment) + more


@pytest.mark.parametrize("experiment", [*EQUIPPED, PROGRAMME])
@pytest.mark.parametrize("code", DENOMINATOR)
def test_bases_are_those_of_the_tables(
    before: Demo, tables: sqlite3.Connection, code: str, experiment: str | None
) -> None:
    more = asked(tables, IN_TRANSIT) if experiment is None and (code, "denominator") in IN_TRANSIT_TOO else 0
    found = seen(before, code, experiment, "denominator")
    assert found == asked(tables, DENOMINATOR[code], experiment) + more


@pytest.mark.parametrize("experiment", [*EQUIPPED, PROGRAMME])
@pytest.mark.parametrize("code", VALUE)
def test_medians_are_those_of_the_tables(
    before: Demo, tables: sqlite3.Connection, code: str, experiment: str | None
) -> None:
    assert (seen(before, code, experiment, "value") or 0) == pytest.approx(asked(tables, VALUE[code], experiment))


@pytest.mark.parametrize("experiment", [CT2, CT3, PROGRAMME])
def test_the_cost_of_a_computer_is_that_of_the_tables(
    before: Demo, tables: sqlite3.Connection, experiment: str | None
) -> None:
    lines = {CT2: "'anonymal-ct2'", CT3: "'anonymal-ct3'", PROGRAMME: "'anonymal-ct2', 'anonymal-ct3'"}
    spent, refurbished = (
        asked(tables, SPENT.format(lines=lines[experiment])),
        asked(tables, NUMERATOR["EQ3"], experiment),
    )
    assert seen(before, "EQ10", experiment, "value") == pytest.approx(spent / refurbished)


def test_what_the_committee_reads_is_what_the_tables_hold(tables: sqlite3.Connection) -> None:
    """The numbers of the issue, from the tables alone."""
    assert asked(tables, VALUE["EQ9"]) == 126
    assert asked(tables, NUMERATOR["CO10"]) == 456
    assert [asked(tables, NUMERATOR["EQ5a"], one) for one in (CT2, CT3)] == [84, 52]
    assert [asked(tables, DENOMINATOR["EQ5a"], one) for one in (CT2, CT3)] == [99, 89]
    assert asked(tables, IN_TRANSIT) == 14
    spent = asked(tables, SPENT.format(lines="'anonymal-ct2', 'anonymal-ct3'"))
    assert round(spent / asked(tables, NUMERATOR["EQ3"]), 2) == 147.33
    assert [asked(tables, NUMERATOR[code]) for code in ("BE1", "CO1", "BE2")] == [434, 286, 588]
    assert [asked(tables, NUMERATOR[code]) for code in ("NI1", "NI2", "NI3")] == [490, 293, 105]


PLACES = {
    "EQ5a": "SELECT endroit, COUNT(*) FROM remises GROUP BY endroit",
    "AC6": "SELECT endroit, SUM(diagnostics) FROM diagnostics GROUP BY endroit",
    "CO10": "SELECT endroit, SUM(participants) FROM concertations GROUP BY endroit",
    "AP1": "SELECT _place, COUNT(*) FROM d_arsenic_appuis WHERE _until IS NULL GROUP BY _place",
}


@pytest.mark.parametrize("code", PLACES)
def test_places_are_those_of_the_tables(before: Demo, tables: sqlite3.Connection, code: str) -> None:
    found = {one.place: one.numerator for one in before.monitor.observe([code], [PROGRAMME], by="place")}
    told = dict(tables.execute(PLACES[code]).fetchall())
    assert {place: number for place, number in found.items() if number} == told


def test_supports_of_the_whole_metropole_are_fifteen(before: Demo, tables: sqlite3.Connection) -> None:
    ((number,),) = tables.execute("SELECT COUNT(*) FROM d_arsenic_appuis WHERE _until IS NULL").fetchall()
    assert seen(before, "AP1", PROGRAMME) == number == 15


def test_money_is_that_of_the_tables(before: Demo, tables: sqlite3.Connection) -> None:
    paid = "SELECT SUM(montant) / 100.0 FROM d_metropole_versements WHERE _until IS NULL"
    every = "SELECT DISTINCT ligne_subvention FROM depenses_a_date"
    assert seen(before, "TR1", PROGRAMME) == asked(tables, paid) == 82_300
    assert seen(before, "TR2", PROGRAMME) == asked(tables, SPENT.format(lines=every)) == 89_000


# --- targets, each by the clock of its experiment --------------------------------------------

GOALS = """SELECT o.experience, o.indicateur, o.valeur, o.echeance, e.debut FROM d_metropole_objectifs o
JOIN d_metropole_dates_experimentations e ON e.experience = o.experience AND e._until IS NULL
WHERE o._until IS NULL"""
READ = {"EQ5a": "materiel", "AC6": "diagnostics", "CO4": "raccordements", "AC1": "acteurs", "AC3a": "formations"}
TOLD = """SELECT MAX(p.fin) FROM d_metropole_periodes p WHERE p._until IS NULL AND EXISTS (
SELECT 1 FROM deposits d WHERE d.association = ? AND d.dataset = ? AND date(d.at) > p.fin)"""
AT_THRESHOLD = """SELECT COUNT(*) FROM immeubles i JOIN d_metropole_seuils s
ON s._until IS NULL AND s.association = REPLACE(i.association, '_', '-') AND s.code_immeuble = i.code_immeuble
WHERE {mine} AND i.eligible_cable AND (SELECT SUM(r.accords) FROM raccordements r
      WHERE r.association = i.association AND r.code_immeuble = i.code_immeuble) >= s.part * i.nb_logements / 100"""
ASSOCIATION = {
    FRAIS_VALLON: "ifac",
    PLAN_D_AOU: "ifac",
    CT2: "anonymal",
    CT3: "anonymal",
    CT6: "point-formation",
    RECHERCHE: "arsenic",
}


def on_time(tables: sqlite3.Connection, *, own_clock: bool) -> dict[str, tuple[int, int]]:
    """By experiment, its targets less than ten points behind, and all of them."""
    found: dict[str, list[bool]] = {}
    for experiment, code, target, end, start in tables.execute(GOALS).fetchall():
        value = asked(tables, AT_THRESHOLD if code == "CO4" else NUMERATOR[code], experiment)
        ((told,),) = tables.execute(TOLD, (ASSOCIATION[experiment], READ[code])).fetchall()
        ((share,),) = tables.execute(
            "SELECT (julianday(?) - julianday(?) + 1) / (julianday(?) - julianday(?) + 1)",
            (told, begun := start if own_clock else "2021-07-01", end, begun),
        ).fetchall()
        found.setdefault(experiment, []).append(value / target - share >= -0.10)
    return {experiment: (sum(one), len(one)) for experiment, one in found.items()}


def test_targets_on_time_add_up_to_twelve_of_fifteen_by_the_clock_of_each(tables: sqlite3.Connection) -> None:
    """Pays de Martigues began in October: 30 % of its diagnostics for 39 % expected are on time."""
    own, shared = on_time(tables, own_clock=True), on_time(tables, own_clock=False)
    assert [sum(one[at] for one in own.values()) for at in (0, 1)] == [12, 15]
    assert [sum(one[at] for one in shared.values()) for at in (0, 1)] == [11, 15]


def test_targets_on_time_are_those_of_the_tables(before: Demo, tables: sqlite3.Connection) -> None:
    told = on_time(tables, own_clock=True)
    found = {one: (seen(before, "TR4", one), seen(before, "TR4", one, "denominator")) for one in told}
    assert found == told
    assert (seen(before, "TR4", PROGRAMME), seen(before, "TR4", PROGRAMME, "denominator")) == (12, 15)
