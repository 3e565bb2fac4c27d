"""A PDF from a Typst source of ours and plain data: tagged, archivable, the same bytes for the same data."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from core.domain.calendar import FRANCE
from core.domain.palette import LIGHT
from core.errors import FabriqueError

if TYPE_CHECKING:
    import typst

SOURCES = Path(__file__).parent / "typst"
FONTS = Path(__file__).parents[1] / "data" / "fonts"
# Readable by assistive technology, and kept for decades.
STANDARDS: tuple[Literal["ua-1"], Literal["a-2a"]] = ("ua-1", "a-2a")
# Stands for a character that no font of ours can draw; the foot of the page then says so.
UNDRAWN = "□"
_TRIES = 60
_PIECE = 12
_LONG_WORD = re.compile(r"(?![0-9a-f]{64}\b)[^\s\u200b]{33,}")
_PARTED = "\u200b"
"""Where a line may end without anything being seen."""


def pdf(source: str, data: Mapping[str, object], *, at: datetime, title: str) -> bytes:
    """The PDF/UA-1 and PDF/A-2a document that ``source`` (« dossier » is ``typst/dossier.typ``) draws from ``data``.

    ``data`` is plain JSON values, read in the source as ``data``; ``at`` (aware) dates the document, so
    that the same data give the same bytes; ``title`` is its title. A character that no font of ours draws
    is written « □ », and the foot of each page says why. Raises FabriqueError, in French, when the source
    does not exist or the document cannot be made, Overflowing when a part of it is too tall for its page.
    """
    path = SOURCES / f"{source}.typ"
    if not path.is_file():
        raise FabriqueError(f"Le document « {source} » n’existe pas. Signalez ce message à la Métropole.")
    text = json.dumps(_given(data, at, title), ensure_ascii=False).encode("utf-8", "replace").decode()
    undrawn: set[str] = set()
    for _ in range(_TRIES):
        try:
            return _compiled(path, _without(text, undrawn), at, bool(undrawn))
        except _Undrawn as missing:
            undrawn |= _alike(missing.character, text)
    raise _refused(title, "trop de caractères qu’aucune police ne sait écrire")


class Overflowing(FabriqueError):
    """A part does not fit in its place; ``part`` is the name that the source gave with ``panic("overflow: …")``."""

    def __init__(self, part: str) -> None:
        super().__init__(f"La partie « {part} » ne tient pas dans sa page. Signalez ce message à la Métropole.")
        self.part = part


class _Undrawn(Exception):
    """A character has no drawing in our fonts."""

    def __init__(self, character: str) -> None:
        super().__init__(character)
        self.character = character


def _given(data: Mapping[str, object], at: datetime, title: str) -> dict[str, object]:
    """What the source reads: the data, and what every document says or needs."""
    day = at.astimezone(FRANCE)
    said = _breakable(dict(data))
    return {"title": title, "date": [day.year, day.month, day.day], "colours": LIGHT.by_name, "data": said}


def _breakable(value: object) -> object:
    """The same data, in which a word longer than a column may be parted: it would run off the page."""
    if isinstance(value, str):
        return _LONG_WORD.sub(lambda found: _PARTED.join(re.findall(f".{{1,{_PIECE}}}", found.group())), value)
    if isinstance(value, Mapping):
        return {name: _breakable(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_breakable(one) for one in value]
    return value


def _compiled(path: Path, text: str, at: datetime, undrawn: bool) -> bytes:
    import typst

    inputs = {"given": text, "undrawn": UNDRAWN if undrawn else ""}
    compiler = typst.Compiler(path, root=SOURCES, font_paths=_fonts(), sys_inputs=inputs)
    try:
        made = compiler.compile(format="pdf", pdf_standards=list(STANDARDS), timestamp=int(at.timestamp()))
    except typst.TypstError as error:
        _tell_undrawn(error.message)
        _tell_overflowing(error.message)
        _written_down(path.name, error.diagnostic)
        raise _refused(path.stem, "la mise en page s’est arrêtée") from error
    assert isinstance(made, bytes)
    return made


def _written_down(source: str, diagnostic: str) -> None:
    """Keep what the typesetter said for who maintains the product; loaded then only, since it seldom happens."""
    import logging

    logging.getLogger("fabrique.exports").exception("typst refused %s: %s", source, diagnostic)


@cache
def _fonts() -> typst.Fonts:
    """Our family first; the three that Typst carries lend what it lacks (Greek, Hebrew, Arabic, Cyrillic)."""
    import typst

    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[FONTS])


def _tell_undrawn(message: str) -> None:
    """Raise _Undrawn when the compiler complains about one character: without drawing, or of private use."""
    if not any(words in message for words in ("could not be displayed", "contains the codepoint")):
        return
    quoted = message.split('`"', 1)[1].split('"`', 1)[0]
    raise _Undrawn(_unescaped(quoted))


def _tell_overflowing(message: str) -> None:
    """Raise Overflowing when a source says that one of its parts is too tall."""
    _, found, part = message.partition("overflow: ")
    if found:
        raise Overflowing(part.rstrip('"'))


def _unescaped(quoted: str) -> str:
    r"""« \u{e000} » is how the compiler writes what it cannot print."""
    if quoted.startswith("\\u{"):
        return chr(int(quoted[3:].split("}", 1)[0], 16))
    return quoted.removeprefix("\\")[:1]


def _alike(character: str, text: str) -> set[str]:
    """The characters of ``text`` of the same writing: the compiler names one at a time."""
    script = _script(character)
    return {character} | {one for one in set(text) if ord(one) > 0x2FF and _script(one) == script}


def _script(character: str) -> str:
    return unicodedata.name(character, character).split(" ")[0].split("-")[0]


def _without(text: str, undrawn: set[str]) -> str:
    """The JSON with those characters replaced; a control character is written there with an escape."""
    for one in undrawn:
        text = text.replace(json.dumps(one)[1:-1] if ord(one) < 0x20 else one, UNDRAWN)
    return text


def _refused(title: str, reason: str) -> FabriqueError:
    return FabriqueError(
        f"Le document « {title} » n’a pas pu être fabriqué : {reason}. "
        "Les chiffres de l’écran ne changent pas ; signalez ce message à la Métropole."
    )


# --- How tall the rows of a spreadsheet are: said in the file, since not every reader works it out for wrapped text -


LINE = 15.0
"""Points for one line of text of 11 points."""
_TALLEST = 409.0


def height_of(texts: Sequence[object], widths: Sequence[float], *, line: float = LINE) -> float:
    """The height in points of a row whose cells hold ``texts``, wrapped in columns of ``widths`` characters."""
    lines = (_lines(text, width) for text, width in zip(texts, widths, strict=False) if isinstance(text, str) and text)
    return min(_TALLEST, line * max(lines, default=1))


def _lines(text: str, width: float) -> int:
    """The lines that a text takes: our font is a little wider than the character that widths are counted in."""
    room = max(1.0, width / 1.1)
    return sum(max(1, -int(-len(part) // room)) for part in text.split("\n"))
