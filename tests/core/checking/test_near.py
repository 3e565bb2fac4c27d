"""What is judged beside the rows that a file may speak of is what is judged beside every row."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from core.checking import near
from core.checking.near import Foreseen, Held, JudgementScope
from core.checking.outcome import Outcome
from tests.core.desk import BUILDING, Desk

HEAD = "numero_inventaire;type;statut;provenance;valeur_unitaire\n"
STORED = "".join(f"MET-PC-{n:04};écran;reçu;Métropole;{n + 10}\n" for n in range(30))
FILES = {
    "known, written otherwise, and new": HEAD + "met pc 0002;écran;reçu;Métropole;12\nMET-PC-99;écran;cédé;;5000\n",
    "zeros and letters": HEAD + "MET-PC-2;écran;cédé;Métropole;2\nMET-PC-OOO3;écran;cédé;Métropole;2\n",
    "of another association": HEAD + "IF-2;écran;cédé;Métropole;2\nif-1;écran;cédé;Métropole;2\n",
    "columns left out, a line refused": "numero_inventaire;type;statut\nMET-PC-0004;écran;cédé\nmet pc 5;rien;cédé\n",
}


def told(outcome: Outcome) -> tuple[object, ...]:
    assert outcome.diff is not None and outcome.diff.missing is not None
    return (
        list(outcome.problems),
        list(outcome.repairs),
        outcome.diff.cells(),
        outcome.diff.added.to_dicts(),
        outcome.diff.missing["_key"].to_list(),
        (outcome.kept, outcome.unchanged),
    )


@pytest.fixture
def filled(desk: Desk) -> Desk:
    desk.submit(HEAD.replace("type;statut", "type;date_reception;statut") + STORED.replace("écran;", "écran;2/3/2022;"))
    desk.submit("numero_inventaire;type;statut;provenance\nIF-1;écran;cédé;\nIF 2;écran;cédé;\n", "ifac")
    return desk


@pytest.mark.parametrize("file", FILES.values(), ids=FILES.keys())
def test_near_rows_say_what_every_row_says(filled: Desk, file: str, monkeypatch: pytest.MonkeyPatch) -> None:
    found = told(filled.submit(file, dry_run=True))
    monkeypatch.setattr(near, "_named", lambda *_: {})  # of a table of which nothing is named, every row is read
    assert told(filled.submit(file, dry_run=True)) == found
    monkeypatch.undo()
    monkeypatch.setattr(near, "_MANY", 1)  # a long file
    assert told(filled.submit(file, dry_run=True)) == found


def test_more_machines_than_voted_are_counted_over_every_row(filled: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    screens = "".join(f"E{n};écran;2/3/2022;reçu;Métropole;20\n" for n in range(400))
    head = HEAD.replace("type;statut", "type;date_reception;statut")
    filled.submit(head + screens)
    file = head + "E5;écran;2/3/2022;reçu;Métropole;20\nN1;écran;2/3/2022;reçu;Métropole;20\n"
    (one,) = [one for one in filled.submit(file, dry_run=True).warnings if one.code == "materiel_au_dela_du_vote"]
    assert one.found.startswith("431 "), "30, then 400, then one that is new"


def test_a_second_look_reads_no_row_that_the_file_does_not_name(filled: Desk) -> None:
    file = FILES["known, written otherwise, and new"]
    filled.submit(file, dry_run=True)
    read: list[str] = []
    sa.event.listen(filled.store._engine, "before_cursor_execute", lambda *one: read.append(one[2]))
    filled.submit(file, dry_run=True)
    machines = [one for one in read if "FROM d_anonymal_materiel" in one]
    assert machines and [one for one in machines if "json_each" not in one] == []


def test_after_a_deposit_what_is_kept_is_what_the_rows_say(filled: Desk) -> None:
    def glance() -> object:
        return Held(filled.store, filled.registry).glance("anonymal", "materiel").sort("_key").to_dicts()

    glance()
    filled.submit(HEAD + "MET-PC-0003;écran;cédé;Métropole;999\nN1;écran;cédé;;5\n", removals=["MET-PC-0007"])
    moved = glance()
    filled.store.memory._held.clear()
    assert moved == glance()


def test_what_a_sheet_would_add_is_seen_at_a_glance_by_the_next(filled: Desk) -> None:
    foreseen = Foreseen(filled.store, filled.registry)
    before = foreseen.glance("anonymal", "materiel").height
    scope, dataset = filled.scope("anonymal"), filled.registry.dataset("anonymal", "materiel")
    desk = JudgementScope(
        scope.registry, scope.store, scope.actor, scope.now, scope.settings, association="anonymal", dataset=dataset
    )
    foreseen.add(desk, filled.submit(HEAD + "N1;écran;cédé;;5\n", dry_run=True).diff)
    assert foreseen.glance("anonymal", "materiel").height == before + 1


def test_the_months_of_a_building_are_looked_at_together(desk: Desk) -> None:
    """A file that names one month is judged beside the others."""
    desk.save("point-formation", "immeubles", BUILDING)
    head = "code_immeuble;mois;foyers_contactes;accords;mises_en_service\n"
    desk.submit(f"{head}MA-01;05/2022;40;40;0\n", "point-formation", "raccordements")
    file = f"{head}MA-01;06/2022;5;5;0\n"
    found = desk.submit(file, "point-formation", "raccordements", dry_run=True)
    assert "accords_trop_nombreux" in [one.code for one in found.warnings]
