"""What a plugin's page must be made of before it is drawn."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from core.domain.report import Block, Callout, Chart, KeyFigures, Table
from core.domain.words import nearest
from core.errors import PluginProblem

KINDS = ("bars", "columns", "stacked", "line", "steps")
TONES = ("info", "attention", "blocked", "question")


def check_blocks(found: tuple[Any, ...], codes: Iterable[str]) -> tuple[Block, ...]:
    """``found``, when each can be drawn; ``codes`` are the experiment's indicators.

    Raises PluginProblem (stage ``run``).
    """
    known = frozenset(codes)
    for one in found:
        _check_one(one, known)
    return found


def _check_one(one: Any, codes: frozenset[str]) -> None:
    match one:
        case KeyFigures():
            for code in one.codes:
                if code not in codes:
                    raise _problem(
                        f"La page demande l’indicateur « {code} », que l’expérimentation n’a pas.", _near(code, codes)
                    )
        case Chart():
            _check_chart(one)
        case Table():
            _check_table(one)
        case Callout():
            if one.tone not in TONES:
                raise _problem(f"L’encadré a le ton « {one.tone} ».", _near(one.tone, TONES))
        case _ if not isinstance(one, Block):
            raise _problem(
                f"La page contient {type(one).__name__}, qui n’est pas un bloc.",
                "Rendez des Heading, Prose, KeyFigures, Chart, Table ou Callout.",
            )


def _check_chart(one: Chart) -> None:
    if one.kind not in KINDS:
        raise _problem(f"Le graphique est du genre « {one.kind} ».", _near(one.kind, KINDS))
    for series in one.series:
        if len(series.values) != len(one.categories):
            raise _problem(
                f"Dans le graphique « {one.conclusion} », « {series.name} » a {len(series.values)} valeurs "
                f"pour {len(one.categories)} catégories.",
                "Donnez une valeur par catégorie, None quand on ne sait pas.",
            )
    if not one.conclusion.strip() or not one.alternative.strip():
        raise _problem(
            "Un graphique n’a pas de conclusion ou pas de texte de remplacement.",
            "Remplissez conclusion et alternative : ils se lisent à la place du dessin.",
        )


def _check_table(one: Table) -> None:
    for row in one.rows:
        if len(row) != len(one.headings):
            raise _problem(
                f"Dans le tableau « {one.caption} », une ligne a {len(row)} cellules "
                f"pour {len(one.headings)} colonnes.",
                "Donnez une cellule par colonne, vide quand on ne sait pas.",
            )


def _near(word: str, known: Iterable[str]) -> str:
    words = sorted(known)
    near = nearest(word, words)
    return f"Vouliez-vous dire « {near} » ?" if near else f"Choisissez parmi : {', '.join(words)}."


def _problem(reason: str, remedy: str) -> PluginProblem:
    return PluginProblem(reason, stage="run", remedy=remedy)
