"""What must stay true of the house, read from the code itself."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import core
from core.catalogue import accompagner_figures, connecter_figures, equiper_figures, transverse_figures

HERE = Path(__file__).parent
ROOT = HERE.parent
PLUGINS = sorted(path.parent for path in (ROOT / "plugins").glob("*/__init__.py"))


def modules(*folders: str) -> list[Path]:
    return [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]


def calls(path: Path) -> Iterator[str]:
    """The dotted names of everything that a file calls."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func)


def imports(path: Path) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each absolute import of a file: the module, and the names taken from it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((alias.name, ()) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield node.module or "", tuple(alias.name for alias in node.names)


def test_every_floor_imports_only_floors_below() -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    run = subprocess.run(
        [linter, "--config", HERE / "architecture.ini", "--no-cache", "--no-logo"],
        cwd=ROOT,
        env={"PYTHONPATH": f"{ROOT}:{ROOT / 'plugins'}", "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr


@pytest.mark.parametrize("plugin", PLUGINS, ids=lambda path: path.name)
def test_a_plugin_uses_only_public_names(plugin: Path) -> None:
    for path in sorted(plugin.rglob("*.py")):
        for module, names in imports(path):
            assert not module.startswith("core."), f"{path}: {module} is not public"
            if module == "core":
                assert set(names) <= set(core.__all__), f"{path}: {set(names) - set(core.__all__)}"


@pytest.mark.parametrize("plugin", PLUGINS, ids=lambda path: path.name)
def test_a_plugin_never_holds_a_connection(plugin: Path) -> None:
    for path in sorted(plugin.rglob("*.py")):
        for called in calls(path):
            assert not re.search(r"(create_engine|\.connect|\.execute|sessionmaker)$", called), f"{path}: {called}"


def test_the_public_names_are_sorted_and_real() -> None:
    assert len(core.__all__) == len(set(core.__all__))
    for name in core.__all__:
        assert getattr(core, name) is not None


def test_the_public_names_are_the_same_for_programs_and_for_type_checkers() -> None:
    tree = ast.parse(Path(core.__file__).read_text(encoding="utf-8"))
    (typed,) = [node for node in tree.body if isinstance(node, ast.If)]
    named = {(alias.asname or alias.name) for node in typed.body for alias in node.names}  # type: ignore[attr-defined]
    assert named == set(core.__all__) == set(core._WHERE)


def test_only_the_storage_writes_sql() -> None:
    writing = re.compile(r"(^|\.)(insert|update|delete|text|exec_driver_sql|executemany)$")
    sqlalchemy = re.compile(r"^(sa|sqlalchemy|connection|conn)\.")
    for path in modules("core", "dashboard", "plugins"):
        if "core/storage" in path.as_posix():
            continue
        found = [name for name in calls(path) if writing.search(name) and sqlalchemy.search(name)]
        assert not found, f"{path} writes SQL: {found}"


def test_nobody_formats_by_hand() -> None:
    kept = [path for path in modules("core", "dashboard", "plugins", "bench") if "fmt: " in path.read_text("utf-8")]
    assert len(kept) <= 20, kept


def test_no_page_asks_the_database() -> None:
    for path in modules("dashboard", "plugins"):
        asked = [module for module, _ in imports(path) if module.split(".")[0] == "sqlalchemy"]
        assert not asked, f"{path}: ask core/ for it"


def test_every_indicator_is_declared_once() -> None:
    groups = (equiper_figures, connecter_figures, accompagner_figures, transverse_figures)
    codes = [indicator.code for group in groups for indicator in group.INDICATORS]
    assert sorted(codes) == sorted(set(codes)), [code for code in codes if codes.count(code) > 1]


def test_a_class_name_means_one_thing() -> None:
    homes: dict[str, list[str]] = {}
    for path in modules("core", "dashboard", "plugins"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef) and node.name != "Config":  # pandera's own word, inside a schema
                homes.setdefault(node.name, []).append(path.relative_to(ROOT).as_posix())
    assert not {name: files for name, files in homes.items() if len(files) > 1}


def test_the_clock_is_asked_only_at_the_edge() -> None:
    clock = re.compile(r"(date\.today|datetime\.(now|utcnow)|time\.time|random\.(random|randint|choice|shuffle))$")
    for path in (one for one in modules("core", "plugins") if "core/cli" not in one.as_posix()):
        assert not [name for name in calls(path) if clock.search(name)], path


def test_no_dashboard_file_hides_a_package() -> None:
    packages = {"core", "dashboard", "tests", *(path.name for path in PLUGINS)}
    names = {path.stem for path in (ROOT / "dashboard").glob("*")} | {
        path.name for path in (ROOT / "dashboard").iterdir() if path.is_dir()
    }
    assert not names & packages
    assert "pages" not in names


def test_loading_all_plugins_imports_no_screen() -> None:
    script = (
        "import sys; from core.contract import Registry; r = Registry.load();"
        "assert len(r.experiments) == 6, r.failures;"
        "print(sorted({'streamlit', 'plotly'} & set(sys.modules)))"
    )
    run = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.stdout.strip() == "[]", run.stdout + run.stderr


def test_nothing_dangerous_is_used() -> None:
    dangerous = re.compile(r"^(eval|exec)$|\.load_setuptools_entrypoints$|^pickle\.|^plotly\.express|^st\.line_chart$")
    for path in modules("core", "dashboard", "plugins"):
        assert not [name for name in calls(path) if dangerous.search(name)], path
        source = path.read_text(encoding="utf-8")
        assert "coerce=True" not in source, path
        assert "unsafe_allow_html=True" not in source, path
