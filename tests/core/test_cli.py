"""The command: French words, stable keys, one document, an honest exit status."""

from __future__ import annotations

import json
import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from core.cli.program import COMMANDS, CommandsByName

MATERIEL = """numero_inventaire;type;statut;date_reception
A-1;ordinateur fixe;reçu;16/09/2021
A-2;écran;reçu;16/09/2021
"""
IMPORT_KEYS = {"revision", "added", "changed", "unchanged", "removed", "rejected", "problems"}
PROBLEM_KEYS = {"line", "column", "found", "expected", "remedy", "severity"}
OBSERVATION_KEYS = {
    "experiment",
    "indicator",
    "label",
    "unit",
    "place",
    "period",
    "numerator",
    "denominator",
    "value",
    "missing_because",
}
PLUGIN_KEYS = {"name", "distribution", "version", "status", "stage", "reason", "experiments"}
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def machines(tmp_path: Path, ready: None) -> Path:
    path = tmp_path / "machines.csv"
    path.write_text(MATERIEL, encoding="utf-8")
    return path


def imported(run: Run, file: Path | str, *more: str) -> tuple[int, dict[str, Any]]:
    status, out, _ = run("import", str(file), "-a", "anonymal", "-d", "materiel", "--json", *more)
    return status, json.loads(out)


def test_the_programme_is_the_deliberation(run: Run) -> None:
    status, out, _ = run("programme", "--json")
    told = json.loads(out)
    assert status == 0
    counted = ("experiments", "conventions", "subsidy_lines", "commitments", "associations")
    assert [len(told[key]) for key in counted] == [6, 4, 6, 8, 4]
    assert sum(line["amount"] for line in told["subsidy_lines"]) == 115_000
    alone = [line["code"] for line in told["subsidy_lines"] if len(line["experiments"]) != 1]
    assert alone == ["arsenic-equiper-connecter", "ifac"]
    assert (told["equipment"]["computers"], told["equipment"]["screens"]) == (455, 202)


def test_the_programme_reads_in_french(run: Run) -> None:
    _, out, _ = run("programme")
    assert "115\u202f000\u00a0€" in out and "non ventilé" in out


def test_the_plugins_are_listed_with_stable_keys(run: Run) -> None:
    status, out, _ = run("plugins", "--json")
    told = json.loads(out)
    assert status == 0 and told["contract"] == 2
    assert len(told["plugins"]) >= 5
    for one in told["plugins"]:
        assert set(one) >= PLUGIN_KEYS
        assert (one["status"], one["stage"], one["advice"]) == ("ok", None, []), one


def test_a_first_import_makes_the_store(run: Run, tmp_path: Path) -> None:
    (tmp_path / "machines.csv").write_text(MATERIEL, encoding="utf-8")
    assert imported(run, "machines.csv")[1]["revision"] == 1
    assert (tmp_path / "data" / "fabrique.sqlite3").exists()


def test_a_file_is_imported_with_stable_keys(run: Run, machines: Path) -> None:
    status, told = imported(run, machines)
    assert (status, told["revision"], told["added"], told["problems"]) == (0, 1, 2, [])
    assert set(told) >= IMPORT_KEYS
    assert imported(run, machines)[1]["unchanged"] == 2


def test_a_dry_run_stores_nothing(run: Run, machines: Path) -> None:
    status, told = imported(run, machines, "--dry-run")
    assert (status, told["revision"], told["added"]) == (0, None, 2)
    assert imported(run, machines)[1]["revision"] == 1


def test_a_bad_row_is_refused_with_its_problem(run: Run, machines: Path) -> None:
    machines.write_text(MATERIEL + "A-3;écran;reçu;31/02/2022\n", encoding="utf-8")
    status, told = imported(run, machines)
    assert (status, told["revision"], told["added"], told["rejected"]) == (1, None, 0, 1)
    (problem,) = told["problems"]
    assert set(problem) >= PROBLEM_KEYS
    assert (problem["line"], problem["found"], problem["severity"]) == (4, "31/02/2022", "error")
    kept, told = imported(run, machines, "--keep-valid")
    assert (kept, told["revision"], told["added"], told["rejected"]) == (0, 1, 2, 1)


def test_a_bad_row_reads_in_french(run: Run, machines: Path) -> None:
    machines.write_text(MATERIEL + "A-3;écran;reçu;31/02/2022\n", encoding="utf-8")
    status, out, err = run("import", str(machines), "-a", "anonymal", "-d", "materiel")
    assert (status, out) == (1, "")
    assert "Ligne 4" in err and "31/02/2022" in err and "Rien n’est enregistré" in err


def test_what_was_understood_and_what_stays_is_told(run: Run, machines: Path) -> None:
    imported(run, machines)
    machines.write_text("numero_inventaire;type;statut;lieu\nA-1;ordinateur fixe;cédé;Salon\n", encoding="utf-8")
    _, out, _ = run("import", str(machines), "-a", "anonymal", "-d", "materiel")
    assert "1 cellule écrite autrement" in out and "compris «\u00a0Salon-de-Provence\u00a0»" in out
    assert "1 ligne enregistrée n’est pas dans ce fichier\u00a0: elle reste." in out


def test_a_refusal_foreseen_is_told_as_one(run: Run, machines: Path) -> None:
    machines.write_text(MATERIEL + "A-3;écran;reçu;31/02/2022\n", encoding="utf-8")
    status, out, err = run("import", str(machines), "-a", "anonymal", "-d", "materiel", "--dry-run")
    assert (status, out) == (1, "")
    assert "Rien ne serait enregistré\u00a0: 1 ligne à corriger sur 3. Un fichier refusé n’est pas gardé." in err


def test_an_import_tells_what_it_adds_and_what_it_changes(run: Run, tmp_path: Path, ready: None) -> None:
    file = tmp_path / "versements.csv"
    row = "M-1;Point Formation;02/11/2021;{};avance\n"
    for amount in ("600", "500"):
        file.write_text("reference;ligne;date;montant;nature\n" + row.format(amount), encoding="utf-8")
        status, out, _ = run("import", str(file), "-a", "metropole", "-d", "versements")
        assert status == 0
    told = out.replace("\u202f", " ").replace("\xa0", " ")
    assert "Enregistré (dépôt n° 2, que « fabrique undo 2 » annule)" in told
    assert "0 ajoutée, 1 modifiée" in told
    assert "M-1 : montant 500 € au lieu de 600 €." in told
    listed = run("history")[1].replace("\xa0", " ")
    assert "pour le compte de la Métropole" in listed and "la Métropole, Versements" in listed
    assert run("undo", "2")[0] == 0


def test_a_conflict_names_the_rows(run: Run, machines: Path) -> None:
    imported(run, machines)
    machines.write_text(MATERIEL.replace("écran", "ordinateur portable"), encoding="utf-8")
    imported(run, machines)
    status, _, err = run("undo", "1")
    assert status == 1 and "A-2" in err and "dépôt n°\xa02" in err


def test_a_dataset_that_nobody_has_is_refused(run: Run, ready: None) -> None:
    status, _, err = run("history", "-d", "materiels")
    assert status == 1 and "materiel\u00a0»" in err


BADLY_TYPED = [
    (["history", "trop"], "«\u00a0trop\u00a0» est de trop."),
    (["history", "-a"], "L’option «\u00a0-a\u00a0» attend une valeur."),
    (["history", "--json=3"], "L’option «\u00a0--json\u00a0» ne prend pas de valeur."),
    (["historique"], "La commande «\u00a0historique\u00a0» n’existe pas."),
]


@pytest.mark.parametrize(("arguments", "said"), BADLY_TYPED)
def test_what_is_badly_typed_is_said_in_french(run: Run, arguments: list[str], said: str) -> None:
    status, _, err = run(*arguments)
    assert status == 2 and said in err


@pytest.mark.parametrize("arguments", [[], ["import"], ["journal"], ["journal", "verify"]])
def test_the_help_holds_no_english_of_the_library(run: Run, arguments: list[str]) -> None:
    status, out, _ = run(*arguments, "--help")
    assert status == 0 and "Afficher cette aide." in out
    assert not re.search(r"Usage:|Options:|Commands|Show this|required|default", out)


WHOLE_FILES = [
    ("vide", b""),
    ("zero.xlsx", b""),
    ("titres.csv", b"numero_inventaire;type;statut\n"),
    ("bruit.csv", bytes(range(256)) * 40),
    ("bruit.xlsx", b"PK\x03\x04" + bytes(range(256))),
    ("prive.csv", "numero_inventaire;type;statut;Tél. maman\nA-1;écran;reçu;0612345678\n".encode()),
]


@pytest.mark.parametrize(("name", "content"), WHOLE_FILES)
def test_a_file_refused_as_a_whole_says_why(run: Run, ready: None, tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    status, told = imported(run, name)
    assert (status, told["revision"]) == (1, None)
    (problem,) = told["problems"]
    # A personal column is told with the line of its heading, since somebody has to find it.
    where = (1, "Tél. maman") if name == "prive.csv" else (None, None)
    assert (problem["line"], problem["column"]) == where and problem["expected"]
    status, out, err = run("import", name, "-a", "anonymal", "-d", "materiel")
    assert (status, out) == (1, "") and "Traceback" not in err
    assert run("history", "--json")[1].count('"number"') == 0


def test_a_whole_workbook_is_one_revision(run: Run, ready: None, tmp_path: Path) -> None:
    made = openpyxl.Workbook()
    machines, actions = made.active, made.create_sheet("Actions")
    machines.title = "Parc"
    for row in (line.split(";") for line in MATERIEL.splitlines()):
        machines.append(row)
    for row in (["code_action", "date", "lieu", "canal"], ["C-1", "16/09/2021", "salon", "affichage"]):
        actions.append(row)
    made.create_sheet("Notice").append(["Une ligne par machine."])
    made.save(tmp_path / "tout.xlsx")
    for more in (("--all-sheets", "--dry-run"), ("--all-sheets",)):
        status, out, err = run("import", str(tmp_path / "tout.xlsx"), "-a", "anonymal", "--json", *more)
        told = json.loads(out)
        assert (status, told["added"], told["sheets_left_aside"]) == (0, 3, ["Notice"]), err
        assert [(one["sheet"], one["dataset"]) for one in told["sheets"]] == [
            ("Parc", "materiel"),
            ("Actions", "communication"),
        ]
    assert {one["revision"] for one in told["sheets"]} == {told["revision"]} == {1}
    assert run("undo", "1")[0] == 0
    _, out, _ = run("import", str(tmp_path / "tout.xlsx"), "-a", "anonymal")
    assert "Onglet « Parc » : « Matériel »" in plain(out) and "« Notice »" in plain(out)


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


@pytest.mark.parametrize("path", ["absent.csv", "."])
def test_a_path_that_is_no_file_is_refused(run: Run, ready: None, path: str) -> None:
    assert imported(run, path)[0] == 1


UNKNOWN = [
    (("import", "f.csv", "-a", "anonimal", "-d", "materiel"), "anonymal"),
    (("import", "f.csv", "-a", "anonymal", "-d", "materiels"), "materiel"),
    (("declare-nothing", "2021-T3", "-a", "ifacc", "-d", "materiel"), "ifac"),
    (("declare-nothing", "2021-T9", "-a", "ifac", "-d", "materiel"), "2021-T3"),
    (("indicators", "-e", "ct6-pays-de-martigue"), "ct6-pays-de-martigues"),
    (("indicators", "--period", "été"), "2021-T3"),
    (("indicators", "--as-of", "hier"), "2021-09-30"),
    (("indicators", "--as-of", "999"), "999"),
    (("history", "-a", "arsenix"), "arsenic"),
    (("undo", "99"), "99"),
]


@pytest.mark.parametrize(("arguments", "near"), UNKNOWN)
def test_an_unknown_name_is_refused_with_the_nearest(
    run: Run, ready: None, arguments: tuple[str, ...], near: str
) -> None:
    status, out, err = run(*arguments)
    assert (status, out) == (1, "") and near in err


def test_a_refusal_still_gives_one_document(run: Run, ready: None) -> None:
    status, out, err = run("indicators", "-e", "ct9", "--json")
    told = json.loads(out)
    assert (status, told["observations"], told["revision"]) == (1, [], None)
    assert told["error"] in err


BADLY_TYPED = [
    ((), "fabrique"),
    (("importer",), "« importer »"),
    (("import",), "FILE"),
    (("import", "f.csv"), "--association"),
    (("plugins", "--jsn"), "--jsn"),
    (("indicators", "--by", "jour"), "--by"),
    (("undo", "zéro"), "NUMERO"),
    (("serve", "--port", "99999"), "--port"),
]


@pytest.mark.parametrize(("arguments", "named"), BADLY_TYPED)
def test_a_badly_typed_command_is_a_usage_error(run: Run, arguments: tuple[str, ...], named: str) -> None:
    status, out, err = run(*arguments)
    assert (status, out) == (2, "")
    assert named in err.replace("\u00a0", " ")


def test_indicators_have_stable_keys(run: Run, machines: Path) -> None:
    imported(run, machines)
    status, out, _ = run("indicators", "--json")
    told = json.loads(out)
    assert (status, told["revision"]) == (0, 1)
    assert all(set(one) >= OBSERVATION_KEYS for one in told["observations"])
    assert {one["experiment"] for one in told["observations"]} >= {None, "recherche-action"}
    assert {one["missing_because"] for one in told["observations"]} <= {
        None,
        "not_reported",
        "not_applicable",
        "not_followed",
        "error",
    }


def test_indicators_are_read_as_of_a_revision(run: Run, machines: Path) -> None:
    imported(run, machines)
    machines.write_text(MATERIEL + "A-3;écran;reçu;16/09/2021\n", encoding="utf-8")
    imported(run, machines)
    past = json.loads(run("indicators", "--json", "--as-of", "1")[1])
    now = json.loads(run("indicators", "--json")[1])
    assert (past["revision"], now["revision"]) == (1, 2)


@pytest.mark.parametrize(
    "more", [("--by", "place"), ("--by", "month"), ("--period", "2021-T3"), ("--period", "2021-09")]
)
def test_indicators_can_be_broken_down(run: Run, machines: Path, more: tuple[str, ...]) -> None:
    imported(run, machines)
    status, out, _ = run("indicators", "-e", "ct2-pays-d-aix", "--json", *more)
    found = json.loads(out)["observations"]
    assert status == 0 and {one["experiment"] for one in found} <= {"ct2-pays-d-aix"}
    if more[0] == "--period":
        assert {one["period"] for one in found} == {more[1]}


def test_history_tells_who_and_from_which_file(run: Run, machines: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FABRIQUE_ACTOR", "Claire")
    imported(run, machines)
    run("declare-nothing", "2021-T3", "-a", "ifac", "-d", "materiel")
    told = json.loads(run("history", "--json")[1])
    assert [one["action"] for one in told["deposits"]][1] == "import"
    (deposit,) = [one for one in told["deposits"] if one["association"] == "anonymal"]
    assert (deposit["actor"], deposit["on_behalf_of"], deposit["file_name"]) == ("Claire", "anonymal", "machines.csv")
    assert "machines.csv" in run("history")[1]
    assert run("history", "-a", "arsenic")[1].startswith("Rien")


def test_a_deposit_is_undone_by_its_number(run: Run, machines: Path) -> None:
    imported(run, machines)
    status, out, _ = run("undo", "1")
    assert status == 0 and "dépôt n°\xa02" in out
    assert run("undo", "1")[0] == 1


def test_the_journal_verifies_until_it_is_touched(run: Run, machines: Path, tmp_path: Path) -> None:
    imported(run, machines)
    assert run("journal", "verify")[0] == 0
    with sqlite3.connect(tmp_path / "data" / "fabrique.sqlite3") as base:
        for (trigger,) in base.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            base.execute(f"DROP TRIGGER {trigger}")
        base.execute("UPDATE journal SET actor = 'personne' WHERE number = 2")
    base.close()
    status, out, err = run("journal", "verify")
    assert (status, out) == (1, "") and "2" in err


def test_a_row_changed_in_its_table_is_found(run: Run, machines: Path, tmp_path: Path) -> None:
    imported(run, machines)
    assert "lignes de données" in run("journal", "verify")[1]
    with closing(sqlite3.connect(tmp_path / "data" / "fabrique.sqlite3")) as base, base:
        base.execute("UPDATE d_anonymal_materiel SET valeur_unitaire = 1")
    status, out, err = run("journal", "verify")
    assert (status, out) == (1, "") and "« Matériel » de Anonymal, dépôt n° 1" in err.replace("\xa0", " ")


def test_upgrading_twice_changes_nothing(run: Run) -> None:
    first, second = run("db", "upgrade"), run("db", "upgrade")
    assert first == second and first[0] == 0


def test_a_wrong_setting_is_named(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FABRIQUE_DATABASE_URL", "mysql://serveur/base")
    status, _, err = run("history")
    assert status == 1 and "FABRIQUE_DATABASE_URL" in err
    monkeypatch.setenv("FABRIQUE_PORT", "beaucoup")
    status, _, err = run("history")
    assert status == 1 and "FABRIQUE_PORT" in err


def test_the_demonstration_refuses_a_store_with_data(run: Run, machines: Path) -> None:
    imported(run, machines)
    status, _, err = run("demo", "--fill-only")
    assert status == 1 and "contient déjà des données" in err


def test_the_command_starts_without_the_screens(tmp_path: Path) -> None:
    script = (
        "import sys; from core.cli import main; status = main(['programme']);"
        "print(status, sorted({'streamlit', 'plotly', 'dashboard'} & set(sys.modules)))"
    )
    told = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert told.stdout.splitlines()[-1] == "0 []", told.stderr


def test_output_is_utf8_whatever_the_terminal(tmp_path: Path) -> None:
    script = "import sys; from core.cli import main; sys.exit(main(['programme']))"
    told = subprocess.run(
        [sys.executable, "-c", script],
        cwd=tmp_path,
        capture_output=True,
        check=False,
        env={**os.environ, "PYTHONIOENCODING": "cp1252"},
    )
    assert told.returncode == 0
    assert "Délibération" in told.stdout.decode("utf-8")


def test_every_command_says_what_it_does(run: Run) -> None:
    _, out, _ = run("--help")
    listed = re.findall(r"^  ([a-z-]+)  ", out, flags=re.MULTILINE)
    assert {
        "serve",
        "demo",
        "import",
        "declare-nothing",
        "indicators",
        "programme",
        "plugins",
        "history",
        "undo",
        "journal",
        "db",
        "bench",
    } <= set(listed)


def test_help_reads_nothing_of_the_product() -> None:
    script = (
        "import sys; from core.cli import main; status = main(['--help']);"
        "print(sorted({'sqlalchemy', 'polars', 'pandera', 'core.storage', 'core.contract'} & set(sys.modules)))"
    )
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    assert told.splitlines()[-1] == "[]"


def test_the_list_says_each_command_that_its_module_holds_and_no_other() -> None:
    made = CommandsByName()
    assert all(made[name].name == name for name in COMMANDS)
    assert set(made._made) == set(COMMANDS)
