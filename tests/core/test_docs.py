"""Every hook, setting, command, option, key and error is documented, and the ten lines run."""

from __future__ import annotations

import inspect
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from core import errors
from core.cli.program import app
from core.contract import FailureStage, Registry, hookspecs
from core.settings import Settings
from core.testing import complaints
from tests.core.fake_plugins import Plugins, plugins_folder

DOCS = Path(__file__).resolve().parents[2] / "docs"
PLUGINS, COMMAND, SETTINGS = (
    re.sub("[\u00a0\u202f]", " ", (DOCS / name).read_text(encoding="utf-8"))
    for name in ("plugins/README.md", "command.md", "settings.md")
)


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", text, flags=re.DOTALL)


@pytest.fixture
def plugins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Plugins]:
    yield from plugins_folder(tmp_path, monkeypatch)


def test_the_ten_lines_make_a_plugin(plugins: Plugins) -> None:
    source = blocks(PLUGINS, "python")[0]
    manifest, project = blocks(PLUGINS, "toml")
    assert len([line for line in source.splitlines() if line and not line.startswith("@")]) <= 10
    assert tomllib.loads(project)["project"]["entry-points"]["fabrique.experiments"]
    entry = plugins.write(source, name="essai_miramas", base="", manifest=manifest)
    registry = Registry.load([entry], strict=True)
    assert complaints(registry, "essai_miramas") == ()


@pytest.mark.parametrize("hook", hookspecs.HOOKS)
def test_each_hook_is_documented_with_its_arguments(hook: str) -> None:
    arguments = ", ".join(inspect.signature(getattr(hookspecs, hook)).parameters)
    assert f"`{hook}({arguments})`" in PLUGINS


@pytest.mark.parametrize("stage", [stage.value for stage in FailureStage])
def test_each_stage_of_failure_is_documented(stage: str) -> None:
    assert f"| `{stage}` |" in PLUGINS


@pytest.mark.parametrize("name", list(Settings.model_fields))
def test_each_setting_is_documented_as_it_is(name: str) -> None:
    field = Settings.model_fields[name]
    default = {None: "vide", False: "`0`"}.get(field.default, f"`{field.default}`")
    row = next(line for line in SETTINGS.splitlines() if line.startswith(f"| `FABRIQUE_{name.upper()}` |"))
    assert row.split("|")[2].strip() == default
    said = row.split("|")[3].replace("`", "").strip()
    assert said == re.sub("[\u00a0\u202f]", " ", field.description)


def test_no_setting_is_documented_that_does_not_exist() -> None:
    named = set(re.findall(r"FABRIQUE_([A-Z_]+)", PLUGINS + COMMAND + SETTINGS))
    assert named == {name.upper() for name in Settings.model_fields}


def commands() -> Iterator[tuple[str, Any]]:
    from typer.main import get_command

    for name, command in get_command(app).commands.items():
        inner = getattr(command, "commands", None)
        if inner:
            yield from ((f"{name} {under}", one) for under, one in inner.items())
        else:
            yield name, command


@pytest.mark.parametrize(
    ("name", "command"), list(commands()), ids=lambda value: value if isinstance(value, str) else ""
)
def test_each_command_and_option_is_documented(name: str, command: Any) -> None:
    row = next(line for line in COMMAND.splitlines() if re.match(rf"\| `{name}[ `]", line))
    for parameter in command.params:
        shown = [word for word in parameter.opts if word in row]
        assert shown or str(parameter.metavar) in row or parameter.name == "help", parameter.opts
    assert command.help and command.help.strip().endswith((".", "mesures."))


def errors_of_the_tree() -> list[str]:
    return [
        name
        for name, found in vars(errors).items()
        if isinstance(found, type) and issubclass(found, Exception) and found.__module__ == errors.__name__
    ]


@pytest.mark.parametrize("name", errors_of_the_tree())
def test_each_error_is_documented(name: str) -> None:
    assert f"| `{name}` |" in COMMAND


KEYS = (
    "revision observations experiment indicator label unit place period numerator denominator value "
    "missing_because added changed unchanged removed rejected problems line column found expected remedy "
    "severity contract plugins name distribution version status stage reason experiments associations "
    "conventions subsidy_lines commitments equipment error"
)


@pytest.mark.parametrize("key", KEYS.split(" "))
def test_each_json_key_is_documented(key: str) -> None:
    assert f"`{key}`" in COMMAND
