"""Walking the pages as a person may, link after link, and noting every file that they offer.

The walk is made without a browser, which would take minutes: what it finds is then clicked in one.
"""

from __future__ import annotations

import ast
import re
import sys
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from core.contract import Registry
from dashboard.addresses import VIEWS, experiment_path
from dashboard.components import tables
from tests.dashboard.views.opening import html, opened

DASHBOARD = Path(tables.__file__).parents[1]
_LINK = re.compile(r'href="(/[^"#]*)')
_PATHS = {view.path for view in VIEWS}
_PAGES = ("registre", "partie", "etape")
"""Choices whose every value opens another page: all of them are looked at."""
_OFFERS = ("download", "download_table")


@dataclass(frozen=True, slots=True)
class File:
    """A file that a page offers: ``made_by`` is the function of ours that offers it."""

    address: str
    label: str
    name: str
    key: str
    made_by: str

    @property
    def kind(self) -> tuple[str, str, str]:
        """What makes two files of two pages the same thing for a test: their numbers and names apart."""
        plain = re.sub(r"«.*?»|[\d  ]+", "#", self.label)
        document = re.sub(r"[\d-]+$", "", self.key) if self.made_by.endswith("show_document") else ""
        return self.made_by, plain, document + Path(self.name).suffix


def offering_functions() -> set[str]:
    """Every function of the views that offers a file, by module and name: read in the code."""
    found = set()
    for path in sorted((DASHBOARD / "views").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and _offers(node):
                found.add(f"{_module(path)}.{node.name}")
    return found


def walk(registry: Registry, patch: pytest.MonkeyPatch, *, start: Sequence[str] = ()) -> list[File]:
    """The files that the pages of the installed context offer to its visitor, page after page.

    One address is opened for each choice that a page has: a second relevé offers what the first does. Those of
    ``start`` are opened first, for what only one row, relevé or deposit shows.
    """
    found: list[File] = []
    here = ""

    def note(label: str, *, file_name: str, key: str, **_rest: Any) -> None:
        found.append(File(here, label, file_name, key, _caller()))

    patch.setattr(tables.st, "download_button", note)
    waiting = deque([*start, *(f"/{one.path}" for one in VIEWS)])
    waiting.extend(f"/{experiment_path(one.code)}" for one in registry.experiments)
    seen: set[str] = set()
    choices: set[tuple[str, str]] = set()
    while waiting:
        here = waiting.popleft()
        if here in seen or not (here in start or _brings(here, choices)):
            continue
        seen.add(here)
        page = opened(urlsplit(here).path.lstrip("/"), **_choices(here))
        waiting.extend(one.replace("&amp;", "&") for one in _LINK.findall(html(page)))
    return found


def _brings(address: str, known: set[tuple[str, str]]) -> bool:
    """Whether an address is a page of ours, with a choice that was not looked at yet."""
    path, choices = urlsplit(address).path, parse_qsl(urlsplit(address).query)
    if path.lstrip("/") not in _PATHS and not path.startswith(f"/{experiment_path('')}"):
        return False
    named = {(path, f"{name}={value}" if name in _PAGES else name) for name, value in choices}
    if choices and named <= known:
        return False
    known |= named
    return True


def _choices(address: str) -> dict[str, str | list[str]]:
    found: dict[str, str | list[str]] = {}
    for name, value in parse_qsl(urlsplit(address).query):
        before = found.get(name)
        found[name] = value if before is None else [*([before] if isinstance(before, str) else before), value]
    return found


def _caller() -> str:
    """The first function of the views that asked for the button."""
    frame: Any = sys._getframe(1)
    while frame is not None:
        path = Path(frame.f_code.co_filename)
        if path.is_relative_to(DASHBOARD / "views"):
            return f"{_module(path)}.{frame.f_code.co_name}"
        frame = frame.f_back
    return ""


def _offers(function: ast.FunctionDef) -> bool:
    calls = (node.func for node in ast.walk(function) if isinstance(node, ast.Call))
    return any(isinstance(one, ast.Name) and one.id in _OFFERS for one in calls)


def _module(path: Path) -> str:
    return ".".join(path.relative_to(DASHBOARD / "views").with_suffix("").parts)


def kinds(files: list[File]) -> Iterator[File]:
    """One file of each kind, page by page."""
    seen: set[tuple[str, str, str]] = set()
    for one in files:
        if one.kind not in seen:
            seen.add(one.kind)
            yield one
