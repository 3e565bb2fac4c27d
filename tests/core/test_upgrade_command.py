"""« fabrique db upgrade »: what would change is shown row by row, nothing is kept of it; then it is done and undone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.core.conftest import Run
from tests.core.fake_plugins import MIRAMAS, Plugins, plugins_folder

FIRST = """
from core import Dataset, Schema, decimal, texte, lieu
class Seances(Schema):
    code: str = texte("Code")
    lieu: str = lieu("Lieu")
    duree: float = decimal("Durée", optional=True)
@hookimpl
def register_datasets():
    return [Dataset("seances", "Séances", Seances, key=("code",))]
"""
SECOND = """
import polars as pl
from core import Dataset, FormerDataset, Schema, Upgrade, entier, texte, lieu
def in_minutes(rows):
    return rows.with_columns((pl.col("duree") * 60).cast(pl.Int64).alias("duree"))
class Seances(Schema):
    code: str = texte("Code")
    lieu: str = lieu("Lieu")
    duree: int = entier("Durée (minutes)", optional=True)
@hookimpl
def register_datasets():
    return [Dataset(CODE, "Séances", Seances, key=("code",), version=2, upgrades=STEPS, former=FORMER)]
STEPS = (Upgrade(2, "en minutes", in_minutes),)
FORMER, CODE = None, "seances"
"""
FILE = "Code;Lieu;Durée\nS-1;Miramas;2,5\nS-2;Miramas;1\n"


@pytest.fixture
def plugins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Plugins]:
    yield from plugins_folder(tmp_path, monkeypatch)


@pytest.fixture
def filled(run: Run, plugins: Plugins, tmp_path: Path) -> Plugins:
    """Two rows of the first version, in two deposits."""
    plugins.write(FIRST)
    for text in (FILE.replace("1\n", "3\n"), FILE):
        (tmp_path / "seances.csv").write_text(text, encoding="utf-8")
        status, _, err = run("import", "seances.csv", "-a", "entraide", "-d", "seances")
        assert status == 0, err
    return plugins


def becomes(plugins: Plugins, source: str) -> None:
    """The next version of the plugin is installed."""
    import sys

    sys.modules.pop("essai", None)
    written = plugins.folder / "essai" / "__init__.py"
    written.write_text(MIRAMAS + source + "# " + "x" * 97, encoding="utf-8")  # another size: no stale bytecode


def told(run: Run, *asked: str) -> tuple[int, str]:
    status, out, err = run(*asked)
    return status, (out + err).replace("\u00a0", " ").replace("\u202f", " ")


def test_the_rows_are_shown_before_and_after_and_nothing_changes(run: Run, filled: Plugins) -> None:
    assert "rien ne changerait" in told(run, "db", "upgrade", "--dry-run")[1]
    becomes(filled, SECOND)
    status, said = told(run, "db", "upgrade", "--dry-run")
    assert status == 0, said
    assert "entraide, seances : version 1 → 2 ; changent de type : duree" in said
    assert "2 lignes avant, 2 lignes après." in said
    assert "S-1 : duree = 2.5  →  duree = 150" in said and "S-2 : duree = 1.0  →  duree = 60" in said
    assert told(run, "db", "upgrade", "--dry-run")[1] == said, "it was only tried"
    assert "Les tables sont à jour" in told(run, "db", "upgrade")[1]
    assert "rien ne changerait" in told(run, "db", "upgrade", "--dry-run")[1]
    assert told(run, "undo", "2")[0] == 0, "a deposit of before the upgrade is still undone"
    assert run("rows", "s.csv", "-a", "entraide", "-d", "seances")[0] == 0
    assert Path("s.csv").read_text("utf-8-sig").splitlines()[1:] == ["S-1;13063;150", "S-2;13063;180"]
    assert run("journal", "verify")[0] == 0


def test_a_renamed_dataset_is_shown_and_keeps_its_history(run: Run, filled: Plugins) -> None:
    becomes(filled, SECOND + 'FORMER, CODE = FormerDataset("seances"), "rencontres"\n')
    status, said = told(run, "db", "upgrade", "--dry-run")
    assert status == 0 and "vient de seances" in said and "duree = 150" in said, said
    assert told(run, "db", "upgrade")[0] == 0
    assert "+2" in told(run, "history", "-a", "entraide", "-d", "rencontres")[1]
    assert run("journal", "verify")[0] == 0


def test_what_cannot_be_done_is_refused_and_says_so(run: Run, filled: Plugins) -> None:
    becomes(filled, SECOND + "STEPS = ()\n")
    for asked in (("db", "upgrade", "--dry-run"), ("db", "upgrade")):
        status, said = told(run, *asked)
        assert status == 1, said
    assert "en panne" in said and "Les tables sont à jour" not in said
    assert "Upgrade" in told(run, "db", "upgrade", "--dry-run")[1]


def test_without_a_base_there_is_nothing_to_try(run: Run, tmp_path: Path) -> None:
    status, said = told(run, "db", "upgrade", "--dry-run")
    assert status == 1 and "n’existe pas encore" in said
    assert not (tmp_path / "data").exists()


OLD = "Code;Lieu;Durée\nS-1;Miramas;3\n"
"""Hours, under the heading of the first version; the second counts minutes."""


def test_a_file_of_an_old_version_is_not_read_in_the_new_unit(run: Run, filled: Plugins, tmp_path: Path) -> None:
    run("template", "ancien.xlsx", "-a", "entraide", "-d", "seances")
    becomes(filled, SECOND)
    (tmp_path / "ancien.csv").write_text(OLD, encoding="utf-8")
    status, said = told(run, "import", "ancien.csv", "-a", "entraide", "-d", "seances")
    assert status == 1, said
    assert "version 1" in said and "fabrique template" in said and "« Durée »" in said
    assert run("rows", "s.csv", "-a", "entraide", "-d", "seances")[0] == 0
    assert "S-1;13063;150" in Path("s.csv").read_text("utf-8-sig")
    (tmp_path / "neuf.csv").write_text(OLD.replace("Durée", "Durée (minutes)"), encoding="utf-8")
    status, said = told(run, "import", "neuf.csv", "-a", "entraide", "-d", "seances")
    assert status == 0, said


def test_a_template_of_an_old_version_is_refused_and_the_new_one_offered(
    run: Run, filled: Plugins, tmp_path: Path
) -> None:
    import openpyxl

    assert run("template", "ancien.xlsx", "-a", "entraide", "-d", "seances")[0] == 0
    book = openpyxl.load_workbook(tmp_path / "ancien.xlsx")
    sheet = book.worksheets[0]
    heading = next(row[0].row for row in sheet.iter_rows() if row[0].value and str(row[0].value).startswith("Code"))
    for place, value in enumerate(("S-1", "Miramas", 3), start=1):
        sheet.cell(heading + 1, place, value)
    book.save(tmp_path / "ancien.xlsx")
    becomes(filled, SECOND)
    status, said = told(run, "import", "ancien.xlsx", "-a", "entraide", "-d", "seances")
    assert status == 1 and "version 1" in said and "modèle d’aujourd’hui" in said, said


def test_a_kept_file_of_an_old_version_is_not_misread_either(run: Run, filled: Plugins, tmp_path: Path) -> None:
    from core.cli.edge import workshop

    with workshop() as here:
        made = here.store.deposits()[0]
        (tmp_path / "garde.csv").write_bytes(here.store.file(made.sha256 or ""))
    becomes(filled, SECOND)
    status, said = told(run, "import", "garde.csv", "-a", "entraide", "-d", "seances")
    assert status == 1 and "version 1" in said, said


RENAMES = """
from core import Dataset, Schema, Upgrade, decimal, lieu, texte
class Seances(Schema):
    code: str = texte("Code")
    commune: str = lieu("Commune")
    heures: float = decimal("Heures", optional=True)
def renamed(rows):
    return rows.rename({"lieu": "commune", "duree": "heures"})
@hookimpl
def register_datasets():
    steps = (Upgrade(2, "autres titres", renamed),)
    return [Dataset("seances", "Séances", Seances, key=("code",), place="commune", version=2, upgrades=steps)]
"""


def test_a_file_of_several_old_titles_is_told_which_version_it_is_of(run: Run, filled: Plugins, tmp_path: Path) -> None:
    becomes(filled, RENAMES)
    assert told(run, "db", "upgrade")[0] == 0
    (tmp_path / "seances.csv").write_text(FILE, encoding="utf-8")
    status, said = told(run, "import", "seances.csv", "-a", "entraide", "-d", "seances")
    assert status == 1
    assert "« Lieu » et « Durée » sont des titres de la version 1 du tableau « Séances »" in said
    assert "qui en est à la version 2" in said and "fabrique template" in said
