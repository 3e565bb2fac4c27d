"""Words whose accents another encoding spoilt, and that have one reading only."""

from __future__ import annotations

import pytest

from core.errors import FileRefused
from core.reading.accents import decoded


@pytest.mark.parametrize("encoding", ["mac_roman", "cp850", "cp437"])
@pytest.mark.parametrize("words", ["porte-à-porte", "vis-à-vis", "tête-à-tête", "là-bas", "celui-là", "à définir"])
def test_a_grave_accent_between_hyphens_is_put_right(encoding: str, words: str) -> None:
    text = f"réunion;{words}\n"
    assert decoded(text.encode(encoding)) == (text, True)


def test_a_word_that_french_does_not_end_so_is_still_refused() -> None:
    with pytest.raises(FileRefused):
        decoded("réunion;portà-bas\n".encode("mac_roman"))
