"""The user guide: beside the code in a checkout, under the environment's ``share`` once installed."""

from __future__ import annotations

import hashlib
import sys
from functools import cache
from pathlib import Path

_HERE = Path(__file__).resolve().parents[2] / "docs" / "guide"
_INSTALLED = Path(sys.prefix) / "share" / "fabrique" / "guide"


def folder() -> Path | None:
    """Where the guide's texts and pictures are, None when they were not installed."""
    return next((path for path in (_HERE, _INSTALLED) if path.is_dir()), None)


def part(name: str) -> str | None:
    """The text of one part (« association »), None when it is not there."""
    found = folder()
    path = found / f"{name}.md" if found else None
    return path.read_text(encoding="utf-8") if path and path.is_file() else None


def pictures() -> dict[str, bytes]:
    """The guide's pictures by file name."""
    found = folder()
    return {path.name: path.read_bytes() for path in sorted(found.glob("*.png"))} if found else {}


@cache
def picture_url(name: str) -> str:
    """Where the browser fetches a picture: an address that changes with its content."""
    body = pictures().get(name, b"")
    return f"/habillage/guide-{name}?v={hashlib.sha256(body).hexdigest()[:10]}"
