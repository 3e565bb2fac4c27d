"""Accents that another encoding spoilt: put right when one reading only is possible, refused otherwise.

A letter is spoilt when its bytes were read in an encoding that was not theirs: « RÃ©sidence » (UTF-8
read as Windows’), « CitŽ » (Macintosh), « Cit‚ » (DOS). Each possible reading is tried, and kept when it
gives words that a French text may hold; two readings that differ are never chosen between.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NoReturn

from core.reading.packages import refuse

ACCENTS_SPOILT = (
    "Les accents de ce fichier sont abîmés{example}. "
    "Réenregistrez-le depuis votre tableur en « CSV UTF-8 », puis déposez-le de nouveau."
)
Mended = list[tuple[str, str]]
"""Words as they came, and as they are read."""

_LOWER = "àâäçéèêëîïôöùûüÿœæ"
_UPPER = _LOWER.upper()
_FOREIGN = "áãåìíñòóõúý"
_SAFE = frozenset(_LOWER + "ÉÀÇÊ’«»–€°")
_LAST = frozenset("éùûëüà")
_WITH_LAST_GRAVE = frozenset({"à", "là", "déjà", "voilà", "delà", "çà", "holà", "celà"})
_ASCII = bytes(range(128))
_NEVER = frozenset("ˆ‚‡†ƒ„˜‹›¤¦¬¯¶þÞ√├┬╔╚│┤╣║╗╝┐└┴─┼ﬁﬂ◊∆∏∫Ω≈¸˛˚˘ˇ¿¡¹\ufffd")
_SIGNS = frozenset("’‘“”«»–—…€°·ƒ‚„†‡ˆ‰‹›˜™•")
_MEANT = frozenset(_LOWER + _UPPER + _FOREIGN + _FOREIGN.upper()) | _SIGNS | frozenset(map(chr, range(0xA0, 0x100)))
_WORD = re.compile(r'[^\s;,"|/()\[\]<>=+]*[^\x00-\x7f\s;,"|/()\[\]<>=+][^\s;,"|/()\[\]<>=+]*')
_LOST = re.compile(r"[^\W\d_]\?[^\W\d_]|(?:^|(?<=[\s;,\"'’]))\?[^\W\d_]", re.MULTILINE)
_PERHAPS_LOST = re.compile(r"[^\W\d_]{2,}\?(?=[ \t]+[^\W_]|[ \t]*(?:[;,\"|\t]|$))", re.MULTILINE)
_ADDRESS = re.compile(r"://|www\.|[/&=@]|\.(?:fr|com|org|net|eu)\b", re.IGNORECASE)
_ENCODINGS = ("cp1252", "iso8859_15", "mac_roman", "cp850")
_MISREADINGS = (
    ("cp1252", "mac_roman"),
    ("cp1252", "cp850"),
    ("cp1252", "iso8859_15"),
    ("mac_roman", "cp1252"),
    ("cp850", "cp1252"),
)
_TOLD = 200


def refuse_spoilt(seen: str = "") -> NoReturn:
    """Refuse a file whose accents are spoilt beyond one reading."""
    refuse(ACCENTS_SPOILT.format(example=f" (« {seen[:40]} »)" if seen else ""))


def decoded(data: bytes) -> tuple[str, bool]:
    """The text of a file that is not in UTF-8, and whether its encoding is another than Windows’.

    Raises FileRefused when two encodings give two texts, or when none gives a text.
    """
    usual = _decode(data, "cp1252")
    if set(_decode(data.translate(None, _ASCII), "cp1252")) <= _SAFE:
        return usual, False
    strange = _implausible(usual)
    if not strange and not _doubtful(usual):
        return usual, False
    possible = {text for name in _ENCODINGS if not _implausible(text := _decode(data, name))}
    if len(possible) == 1:
        found = possible.pop()
        return found, found != usual
    if not possible and not any(set(word) & _NEVER or _has_control(word) for word in strange):
        return usual, False  # words of another language: no encoding makes French of them
    refuse_spoilt(next(iter(strange), ""))


def differences(data: bytes, text: str) -> Mended:
    """The words that Windows’ encoding would have given, and those that were read instead."""
    pairs = zip(_WORD.finditer(_decode(data, "cp1252")), _WORD.finditer(text), strict=False)
    return [pair for pair in dict.fromkeys((one[0], other[0]) for one, other in pairs) if pair[0] != pair[1]][:_TOLD]


def mended_text(text: str) -> tuple[str, Mended]:
    """A text in Unicode with its spoilt words put right.

    Raises FileRefused when a word could be read in two ways, or lost its letters.
    """
    _refuse_lost(text)
    words = _readings(text)
    if not words:
        return text, []
    return _replaced(text, words), _told(words)


def perhaps_lost(text: str) -> list[str]:
    """Words that end with « ? » without the space that French puts before it: « Cit? » is perhaps « Cité »."""
    return list(dict.fromkeys(found[0] for found in _PERHAPS_LOST.finditer(text)))[:_TOLD] if "?" in text else []


def mend(rows: list[list[str]]) -> tuple[Mended, list[str]]:
    """Put right the spoilt words of a sheet, in place; and those that perhaps lost their last letter.

    Raises FileRefused as ``mended_text`` does.
    """
    strange = [(row, n) for row in rows for n, text in enumerate(row) if not text.isascii() or "?" in text]
    text = "\n".join(row[n] for row, n in strange)
    _refuse_lost(text)
    words = _readings(text)
    for row, n in strange if words else ():
        row[n] = _replaced(row[n], words)
    return _told(words), perhaps_lost(text)


def _decode(data: bytes, encoding: str) -> str:
    """The text; a byte that the encoding does not know becomes a control, which no word holds."""
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return data.decode("latin-1").translate({byte: text for byte, text in _letters(encoding).items() if byte > 127})


@lru_cache(maxsize=8)
def _letters(encoding: str) -> dict[int, str]:
    return {byte: text for byte in range(256) if (text := bytes([byte]).decode(encoding, errors="ignore"))}


def _readings(text: str) -> dict[str, str]:
    """The spoilt words of a text, each with its only reading."""
    if _is_safe(text):
        return {}
    distinct = dict.fromkeys(found[0] for found in _WORD.finditer(_marked(text)))
    words = {word: again for word in distinct if not plausible(word) and (again := _from_utf8(word)) != word}
    left = [word for word in distinct if word not in words]
    return words | _from_one_byte([word for word in left if not plausible(word)], left)


def _is_safe(text: str) -> bool:
    return text.isascii() or is_safe(text.encode("utf-8", errors="replace"))


def is_safe(text: bytes) -> bool:
    """Whether the letters of a text in UTF-8, taken together, cannot come from a misreading."""
    return set(text.translate(None, _ASCII).decode("utf-8")) <= _SAFE


_HALF = "\ue000"
"""Stands for the space into which the second half of a spoilt « à » was turned."""


def _marked(text: str) -> str:
    return text.replace("Ã ", f"Ã{_HALF}").replace("Â ", f"Â{_HALF}")


def _unmarked(word: str) -> str:
    return word.replace(_HALF, " ")


def _from_utf8(word: str) -> str:
    """The word whose letters were UTF-8, read as another encoding, once or several times."""
    for _ in range(3):
        again = _UTF8_RUN.sub(_one_from_utf8, word)
        if again == word:
            return word
        word = again
    return word


_UTF8_RUN = re.compile(rf"[\x80-\uffff{_HALF}]{{2,}}")


def _one_from_utf8(found: re.Match[str]) -> str:
    run = found[0].replace(_HALF, "\xa0")
    for encoding in ("cp1252", "mac_roman", "cp850"):
        codes = {text: byte for byte, text in _letters(encoding).items()}
        data = bytes(codes.get(letter, ord(letter) if ord(letter) < 256 else 63) for letter in run)
        try:
            meant = data.decode("utf-8")
        except UnicodeDecodeError:
            continue
        if set(meant) <= _MEANT:
            return meant.replace("\xa0", " ")
    return found[0]


def _from_one_byte(words: Sequence[str], others: Sequence[str]) -> dict[str, str]:
    """Words of an encoding of one byte a letter, read as another; empty when they are of another language.

    Once the misreading is known, the ``others`` that it explains as well are put right with them.
    """
    if not words:
        return {}
    found: list[tuple[tuple[str, str], dict[str, str | None]]] = []
    for pair in _MISREADINGS:
        again = {word: _reread(word, *pair) for word in words}
        if all(text and plausible(text) for text in again.values()) and again not in [known for _, known in found]:
            found.append((pair, again))
    if len(found) == 1:
        pair = found[0][0]
        unsure = (word for word in others if len(word) == 1 or not _is_safe(word))
        return {word: text for word in unsure if (text := _reread(word, *pair)) and plausible(text)}
    if found or any(set(word) & _NEVER or _has_control(word) for word in words):
        refuse_spoilt(words[0])
    return {}


def _reread(word: str, misread: str, truly: str) -> str | None:
    codes = {text: byte for byte, text in _letters(misread).items()}
    data = [codes.get(letter, ord(letter) if 128 <= ord(letter) < 160 else -1) for letter in word]
    if min(data) < 0:
        return None
    return "".join(_letters(truly).get(byte, "\ufffd") for byte in data)


def _replaced(text: str, words: Mapping[str, str]) -> str:
    return _unmarked(_WORD.sub(lambda found: words.get(found[0], found[0]), _marked(text)))


def _told(words: Mapping[str, str]) -> Mended:
    return [(_unmarked(before), _unmarked(after)) for before, after in list(words.items())[:_TOLD]]


def _implausible(text: str) -> list[str]:
    return [word for word in dict.fromkeys(found[0] for found in _WORD.finditer(text)) if not plausible(word)]


def _doubtful(text: str) -> bool:
    """« … » alone between words is also the « à » of DOS."""
    return bool(re.search(r"(?<=[^\W\d_] )…(?= [^\W\d_])", text))


def _refuse_lost(text: str) -> None:
    """Letters replaced by « ? » or « � » are lost: nobody can read them."""
    if "\ufffd" in text:
        refuse_spoilt("�")
    if "?" not in text:
        return
    for found in _LOST.finditer(text):
        start = max(text.rfind(mark, 0, found.start()) for mark in " \n;\t,") + 1
        word = re.split(r"[ \n;\t,]", text[start : start + 200], maxsplit=1)[0]
        if not _ADDRESS.search(word):
            refuse_spoilt(word)


def _has_control(word: str) -> bool:
    return any("\x80" <= letter <= "\x9f" for letter in word)


@lru_cache(maxsize=20_000)
def plausible(word: str) -> bool:
    """Whether a French text may hold this word: its accents stand where French puts them."""
    around = f" {word} "
    return all(
        letter.isascii() or _stands_well(around[at - 1], letter, around[at + 1], word)
        for at, letter in enumerate(around[:-1])
        if at
    )


def _stands_well(before: str, letter: str, after: str, word: str) -> bool:
    if letter == "…" and before.isascii() and before.isalpha() and after.isascii() and after.isalpha():
        return True  # a pause: the « à » that DOS writes so stands at the end of a French word, not inside
    if letter in "¹≈":
        return _mark_stands_well(before, letter, after, word)
    if letter in _NEVER or "\x80" <= letter <= "\x9f":
        return False
    if letter in _LOWER:
        return after.isalpha() or _ends_well(letter, word)
    if letter in _UPPER:
        first = not before.isalpha() and (after.isalpha() or letter in "ÀÔ")
        return first or (before.isupper() and not after.islower())
    if letter in _FOREIGN:
        return before.islower() or after.islower()
    if letter in _FOREIGN.upper():
        return (not before.isalpha() and after.islower()) or (before.isupper() and not after.islower())
    if letter.isalpha():
        # another script is no spoilt letter, but it is not written inside a word of ours
        return not _is_latin(letter) and not any(one.isalpha() and _is_latin(one) for one in (before, after))
    return _sign_stands_well(before, letter, after)


def _ends_well(letter: str, word: str) -> bool:
    if letter not in _LAST:
        return False
    # Of « porte-à-porte » and « là-bas » too: what counts is the part that ends so.
    ended = [part for part in re.split(r"[^\w]", word.lower()) if part.endswith(letter)]
    if letter == "à":
        return _WITH_LAST_GRAVE.issuperset(ended)
    return letter != "ù" or set(ended) <= {"où"}


def _mark_stands_well(before: str, mark: str, after: str, word: str) -> bool:
    """« 12¹ », « Durée¹ », « ≈ 12 »: a note or an estimate; « ao¹t », « d¹ », « ≈ì » are a spoilt « û » or « œ »."""
    if mark == "≈":
        return not before.isalnum() and (after.isascii() and not after.isalpha())
    return not after.isalpha() and (before.isdecimal() or bool(_NOTED.fullmatch(word)))


_NOTED = re.compile(r"[^\W\d_¹]{4,}¹\W*")


def _is_latin(letter: str) -> bool:
    return ord(letter) < 0x250


def _sign_stands_well(before: str, sign: str, after: str) -> bool:
    inside = before.isalpha() and after.isalpha()
    match sign:
        case "’" | "‘" | "´" | "\xad":
            return True
        case "·":
            return inside
        case "–" | "—":
            return not (before.islower() and after.islower())
        case "€":
            return not after.isalpha()
        case "°" | "º" | "ª":
            return before in "nN " or before.isdigit()
        case "½" | "¼" | "¾":
            return not before.isalpha() and not after.isalpha()
        case "‰":
            return not before.isalpha()
        case _:
            return not inside
