"""The Markdown files of the repository: their links, their blocks of code, the paths that they name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted(
    [
        *ROOT.glob("*.md"),
        *(ROOT / "docs").glob("*.md"),
        *(ROOT / "docs").glob("guide/*.md"),
        *(ROOT / "docs").glob("plugins/*.md"),
        *(ROOT / "docs").glob("decisions/*.md"),
    ]
)
_FENCE = re.compile(r"^ *```(?P<kind>[^\n`]*)\n(?P<text>.*?)^ *```$", flags=re.DOTALL | re.MULTILINE)
_LINK = re.compile(r"\[[^\]]*\]\((?P<target>[^)\s]+)\)")
_OURS = re.compile(r"`((?:core|dashboard|plugins|tests|docs|bench|requirements)/[^`\s*]*)`")


@dataclass(frozen=True, slots=True)
class Block:
    """A block of code: ``kind`` is what follows the opening quotes (« sh run »)."""

    kind: str
    text: str


@cache
def read(document: Path) -> str:
    """The text of a document."""
    return document.read_text(encoding="utf-8")


def blocks(document: Path, *kinds: str) -> list[Block]:
    """The blocks of these kinds, in their order; all of them when none is named."""
    found = [Block(one["kind"].strip(), one["text"]) for one in _FENCE.finditer(read(document))]
    return [one for one in found if not kinds or one.kind in kinds]


def prose(document: Path) -> str:
    """The text without its blocks of code."""
    return _FENCE.sub("", read(document))


def links(document: Path) -> list[str]:
    """Where the document leads, pictures included."""
    return [one["target"] for one in _LINK.finditer(prose(document))]


def paths(document: Path) -> list[str]:
    """The files and folders of ours that the document names between backquotes."""
    return [path.partition("::")[0] for path in _OURS.findall(prose(document))]


def anchors(document: Path) -> set[str]:
    """The names that a link may end with, one for each heading, as code hosts make them."""
    headings = re.findall(r"^#+ (.*)$", prose(document), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
