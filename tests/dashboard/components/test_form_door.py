"""There is one door to a form, which the keyboard does not push: a test of the code, and one of what is drawn."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).parents[3]
DOOR = ROOT / "dashboard/components/forms.py"
FILES = sorted(path for folder in ("dashboard", "plugins", "core") for path in (ROOT / folder).rglob("*.py"))


def other_doors(tree: ast.AST) -> Iterator[int]:
    """The lines that make a form by another way, or give a button a key of the keyboard."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("streamlit"):
            yield from (node.lineno for one in node.names if one.name == "form")
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Attribute) and node.func.attr == "form":
                yield node.lineno
            yield from (node.lineno for one in node.keywords if one.arg in ("enter_to_submit", "shortcut"))


def test_nobody_makes_a_form_otherwise() -> None:
    found = {
        str(path.relative_to(ROOT)): lines
        for path in FILES
        if path != DOOR and (lines := list(other_doors(ast.parse(path.read_text(encoding="utf-8")))))
    }
    assert found == {}, "use dashboard.components.forms.form"
    assert len(list(other_doors(ast.parse(DOOR.read_text(encoding="utf-8"))))) == 2, "the door itself"


@pytest.mark.parametrize(
    "line",
    [
        "st.form('a')",
        "with st.container().form('a'): pass",
        "from streamlit import form",
        "st.form_submit_button('a', shortcut='Enter')",
        "form('a', enter_to_submit=True)",
    ],
)
def test_another_door_would_be_seen(line: str) -> None:
    assert list(other_doors(ast.parse(line)))


def _page() -> None:
    import streamlit as st

    from dashboard.components.forms import form

    with form("motif", border=False):
        st.text_area("Motif")
        st.form_submit_button("Accepter")


def test_the_keyboard_sends_nothing() -> None:
    page = AppTest.from_function(_page).run()
    [block] = [one.proto.form for one in page.main.children.values() if one.proto.WhichOneof("type") == "form"]
    assert block.form_id == "motif" and not block.enter_to_submit
