"""Small counts of people inside sentences: « 3 foyers connectés » becomes « moins de 5 foyers connectés »."""

from __future__ import annotations

import re

from core.domain.french import NARROW, NBSP

_PAIRS = (
    ("personne a terminé", "personnes ont terminé"),
    ("foyer a donné son accord", "foyers ont donné leur accord"),
    ("mise en service", "mises en service"),
    ("journée de formation", "journées de formation"),
    ("journée-personne", "journées-personnes"),
    ("aidant formé", "aidants formés"),
    ("foyer connecté", "foyers connectés"),
    ("foyer diagnostiqué", "foyers diagnostiqués"),
    ("diagnostic réalisé", "diagnostics réalisés"),
    ("jour-personne", "jours-personnes"),
    ("foyer", "foyers"),
    ("personne", "personnes"),
    ("participation", "participations"),
    ("participant", "participants"),
    ("diagnostic", "diagnostics"),
    ("accompagnement", "accompagnements"),
    ("bénéficiaire", "bénéficiaires"),
    ("orientation", "orientations"),
    ("réorientation", "réorientations"),
    ("accord", "accords"),
    ("aidant", "aidants"),
    ("inscrit", "inscrits"),
)
"""What counts people, one and several, the longest first; those of the indicators that declare it."""
_PLURAL = dict(_PAIRS) | {several: several for _, several in _PAIRS}
_NOUN = "|".join(sorted(map(re.escape, _PLURAL), key=len, reverse=True))
_SPACE = f"[ {NBSP}{NARROW}]"
_NUMBER = rf"(?<![\w,.-])\d{{1,3}}(?:{_SPACE}?\d{{3}})*(?:,\d+)?"
_COUNTED = re.compile(rf"({_NUMBER}){_SPACE}({_NOUN})(?!\w)")
_SHARED = re.compile(rf"{_NUMBER}{_SPACE}%{_SPACE}(des personnes[^().]*)\(({_NUMBER}) sur ({_NUMBER})\)")
_CELL = re.compile(rf"^({_NUMBER})(?: sur ({_NUMBER}).*)?$")
_HEADING = re.compile(rf"(?i)^(?:{_NOUN}|ont terminé)(?!\w)")


def counts_people(words: str) -> bool:
    """Whether a heading, or the unit of a chart, counts people."""
    return _HEADING.match(words) is not None


def number_of(text: str) -> float:
    """« 1 204,5 » as a number."""
    return float(re.sub(_SPACE, "", text).replace(",", "."))


def numbers_in(cell: str) -> tuple[float, float | None] | None:
    """A cell that is « 84 » or « 84 sur 149 (56 %) », as numbers; None for anything else."""
    found = _CELL.match(cell)
    if found is None:
        return None
    return number_of(found[1]), number_of(found[2]) if found[2] else None


def speaks_of_people(text: str) -> bool:
    """Whether a number of people stands in the text."""
    return _COUNTED.search(text) is not None


def discreet(text: str, below: int) -> str:
    """The text without the counts of people from 1 to ``below`` minus one."""

    def counted(found: re.Match[str]) -> str:
        if not 0 < number_of(found[1]) < below:
            return found[0]
        return f"moins de {below} {_PLURAL[found[2]]}"

    def shared(found: re.Match[str]) -> str:
        part, whole = number_of(found[2]), number_of(found[3])
        if not any(0 < one < below for one in (part, whole, whole - part)):
            return found[0]
        return f"Une part non montrée {found[1].rstrip()}"

    return _SHARED.sub(shared, _COUNTED.sub(counted, text))
