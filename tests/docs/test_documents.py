"""What the documents say is there is there: links, files, commands, pictures, the ten lines."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from pathlib import Path

import pytest

import core
from core.contract import Registry
from core.demonstration.live import corrections
from core.disclosure import Audience, hidden_numbers, page_text
from core.domain.observation import Observation
from core.domain.plugin_phrases import phrase
from core.domain.report import Prose
from core.testing import blank_report, complaints
from dashboard.views.guide import PARTS
from docs.screenshots import FOLDER, GUIDE, HEAVIEST, PICTURES, Picture
from tests.core.fake_plugins import Plugins, plugins_folder
from tests.docs.reading import DOCUMENTS, ROOT, anchors, blocks, links, paths, prose, read

README, CHANGES = ROOT / "README.md", ROOT / "CHANGELOG.md"
DOCS = ROOT / "docs"
every_document = pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)


@pytest.fixture
def plugins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Plugins]:
    yield from plugins_folder(tmp_path, monkeypatch)


@every_document
def test_every_link_leads_somewhere(document: Path) -> None:
    for target in links(document):
        if target.startswith(("https://", "http://127.0.0.1")):
            continue
        path, _, anchor = target.partition("#")
        found = document.parent / path if path else document
        assert found.exists(), target
        assert not anchor or anchor in anchors(found), target


@every_document
def test_every_file_named_is_there(document: Path) -> None:
    missing = [path for path in paths(document) if not (ROOT / path).exists()]
    assert not missing


@every_document
def test_every_document_is_reached_from_the_readme(document: Path) -> None:
    """By one link, or by two through the list of a folder: the decisions."""
    first = {README, *_linked(README)}
    lists = [one for one in first if one.name == "README.md" and one != README]
    assert document in first.union(*map(_linked, lists))


def _linked(document: Path) -> set[Path]:
    """The files that a document links to."""
    return {(document.parent / target.partition("#")[0]).resolve() for target in links(document)}


@every_document
def test_every_make_command_written_exists(document: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE))
    code = [one.text for one in blocks(document)] + re.findall(r"`([^`\n]+)`", prose(document))
    written = {name for text in code for name in re.findall(r"(?:^|\n)make ([a-z]+)", text)}
    assert written <= targets


def test_the_drawing_of_the_figures_names_every_module_and_no_other() -> None:
    drawing = blocks_after(DOCS / "architecture.md", "## Inside `core/figures/`")
    # The names of a line stand before two spaces; three more are said at the right, above what the three do.
    written = re.findall(r"^[ ├└│]*([a-z][a-z, ─]*?)  ", drawing, re.MULTILINE) + re.findall(r"┌ (.+)", drawing)
    modules = {path.stem for path in (ROOT / "core/figures").glob("*.py")} - {"__init__"}
    assert {name for one in written for name in re.split(r", | ─ ", one)} == modules


def blocks_after(document: Path, title: str) -> str:
    """The first block of code under a title."""
    return read(document).partition(title)[2].split("```")[1]


def test_readme_gives_the_two_commands() -> None:
    first = blocks(README, "sh")[0].text
    assert [line.split("#")[0].strip() for line in first.splitlines()] == ["make run", "make test"]


@every_document
def test_french_is_written_with_its_spaces_and_apostrophes(document: Path) -> None:
    bare = re.sub(r"`[^`\n]*`|\]\([^)]*\)|https?://\S+", "x", prose(document))
    assert not re.findall(r"[a-zéA-Z]'[a-zéA-Z]", bare)
    assert not re.findall(r".{0,20}[\u00a0\u202f ][\u00a0\u202f]", bare), "one space, not two"
    assert not re.findall(r".{0,20}(?:«[^\u00a0]|[^\u00a0]»| [;?!](?=\s)|\d %).{0,20}", bare)


def test_ten_lines_of_the_readme_make_a_plugin(plugins: Plugins) -> None:
    source = blocks(README, "python")[0]
    guide = DOCS / "plugins/README.md"
    assert source == blocks(guide, "python")[0], "the guide and the README show the same plugin"
    entry = plugins.write(source.text, name="essai_miramas", base="", manifest=blocks(guide, "toml")[0].text)
    assert complaints(Registry.load([entry], strict=True), "essai_miramas") == ()


def test_the_page_of_the_guide_says_what_the_guide_says(plugins: Plugins) -> None:
    """The table of values, read in the guide, is what the core writes; the page shown is drawn, and hides."""
    ten, page = blocks(DOCS / "plugins/README.md", "python")[:2]
    manifest = blocks(DOCS / "plugins/README.md", "toml")[0].text
    registry = Registry.load([plugins.write(ten.text + page.text, name="miramas_deux", base="", manifest=manifest)])
    assert complaints(registry, "miramas_deux") == ()
    (experiment,) = registry.experiments
    found = registry.build_report(experiment.code, blank_report(experiment))
    figure = blank_report(experiment).figure
    whole = page_text(found, Audience(figure))
    small = page_text(found, Audience(figure, hidden_numbers(found, 5), 5))
    assert [row[1] for row in whole[1].rows] == ["3 sur 60 (5\u202f%)", "24 sur 40 (60\u202f%)"]
    assert [row[1] for row in small[1].rows] == ["moins de 5", "non montré"]
    assert "3 familles" in whole[0].text and "moins de 5 familles" in small[0].text
    assert small[2].series[0].values == (None, None)


def test_the_table_of_values_of_the_guide_is_what_the_core_writes() -> None:
    rows = [
        [cell.strip() for cell in line.split("|")[1:-1]]
        for line in read(DOCS / "plugins/README.md").splitlines()
        if line.startswith(("| `People", "| `Share", "| `Tells", "| `Figure"))
    ]
    names = {name: getattr(core, name) for name in ("People", "Share", "Tells", "Figure")}
    assert len(rows) == len(names)
    for value, shown, hidden in rows:
        block = [Prose(phrase(eval(value.strip("`"), names)))]  # noqa: S307 (our own guide)
        for said, below, instead in ((shown, 0, ""), (hidden, 5, "moins de 5")):
            seen = Observation("AC6", "Diagnostics", "", numerator=12.0, value=12.0, people=True, hidden=instead)
            numbers = hidden_numbers(block, below) if below else {}
            (made,) = page_text(block, Audience(lambda _code, seen=seen: seen, numbers, below))
            assert plain(made.text).lower() == plain(said)


def plain(text: str) -> str:
    return text.replace("\u202f", " ").replace("\u00a0", " ")


def test_corrections_of_the_visit_are_those_of_the_file() -> None:
    visit = read(DOCS / "demonstration.md")
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in visit.splitlines() if line.startswith("| ")]
    told = [(cells[0], cells[2].partition(",")[0], cells[3]) for cells in rows if cells[0].isdigit()]
    assert told == [(str(one.line), one.found, one.right) for one in corrections()]


def test_version_at_the_top_of_the_changes_is_ours() -> None:
    version = re.search(r'^version = "(.+)"', (ROOT / "pyproject.toml").read_text(encoding="utf-8"), re.MULTILINE)
    first = re.search(r"^## (\S+)", read(CHANGES), re.MULTILINE)
    assert version and first and first[1] == version[1]


@pytest.mark.parametrize("picture", PICTURES, ids=lambda one: f"{one.folder.name}/{one.name}")
def test_picture_is_there_light_and_of_its_size(picture: Picture) -> None:
    content = picture.file.read_bytes()
    assert len(content) <= HEAVIEST
    assert struct.unpack(">II", content[16:24]) == (picture.width, picture.height)


def test_every_picture_kept_is_taken_by_the_script() -> None:
    kept = {path for folder in (FOLDER, GUIDE) for path in folder.glob("*.png")}
    assert kept == {picture.file for picture in PICTURES}


def test_every_part_of_the_guide_is_one_of_the_application() -> None:
    # « figures » is one page of the documentation that the application shows too.
    assert {path.stem for path in (*GUIDE.glob("*.md"), DOCS / "figures.md")} == set(PARTS)
