"""The rules that a plugin is measured by, their three levels, and what breaks one of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum

from core.domain import french


class PluginLevel(StrEnum):
    """How far a plugin may be trusted: each level takes the one before for granted."""

    BRONZE = "bronze"
    SILVER = "argent"
    GOLD = "or"


LEVEL_WORDS = {
    PluginLevel.BRONZE: "s’installe, compte juste, ne nuit à personne",
    PluginLevel.SILVER: "évolue, est testée, tient son temps",
    PluginLevel.GOLD: "se lit bien, est accessible, est documentée",
}


@dataclass(frozen=True, slots=True)
class PluginRule:
    """One rule: the code under which docs/plugins/rules.md explains it, its level, and what it says in French."""

    code: str
    level: PluginLevel
    title: str


RULES: tuple[PluginRule, ...] = (
    PluginRule("install", PluginLevel.BRONZE, "Le manifeste, l’import et les fonctions du contrat sont reçus"),
    PluginRule("import", PluginLevel.BRONZE, "S’importe sans réseau, sans écran et sans rien afficher"),
    PluginRule("persons", PluginLevel.BRONZE, "Aucune colonne ne nomme une personne, aucun petit nombre n’échappe"),
    PluginRule("example", PluginLevel.BRONZE, "La ligne d’exemple suit les règles du tableau"),
    PluginRule("files", PluginLevel.BRONZE, "Modèle, CSV, XLSX et ODS se relisent à l’identique"),
    PluginRule("refusals", PluginLevel.BRONZE, "Une cellule fausse est refusée"),
    PluginRule("figures", PluginLevel.BRONZE, "Chaque chiffre se calcule, le même sur chaque base"),
    PluginRule("invariants", PluginLevel.BRONZE, "Les parties font le total, et rien ne touche aux autres"),
    PluginRule("blanks", PluginLevel.BRONZE, "Une cellule vide ne fausse ni une part ni un total"),
    PluginRule("page", PluginLevel.BRONZE, "La page se dessine vide, entamée et remplie"),
    PluginRule("versions", PluginLevel.SILVER, "Chaque tableau a sa version, et chaque version son passage"),
    PluginRule("store", PluginLevel.SILVER, "La base donnée suit ce que le plugin déclare"),
    PluginRule("tests", PluginLevel.SILVER, "Le plugin a des tests à lui"),
    PluginRule("time", PluginLevel.SILVER, "Tient son temps, même avec beaucoup de lignes"),
    PluginRule("french", PluginLevel.GOLD, "Le français est complet : accords, apostrophes, espaces"),
    PluginRule("titles", PluginLevel.GOLD, "Chaque colonne et chaque chiffre à lui se présente"),
    PluginRule("accessible", PluginLevel.GOLD, "Chaque graphique et chaque tableau se lit sans le voir"),
    PluginRule("opening", PluginLevel.GOLD, "Sans données, la page dit quoi faire d’abord"),
    PluginRule("readme", PluginLevel.GOLD, "Un LISEZ-MOI et une phrase par fonction"),
)
BY_CODE = {rule.code: rule for rule in RULES}


@dataclass(frozen=True, slots=True)
class PluginFinding:
    """What breaks a rule: where, why, and how to mend it, each in French."""

    rule: str
    where: str
    why: str
    remedy: str

    @property
    def told(self) -> str:
        """The finding in one line."""
        return french.typeset(f"{self.where} : {self.why} {self.remedy}")


@dataclass(frozen=True, slots=True)
class PluginVerdict:
    """What a check found. ``unasked`` are the rules that nothing was given for (a store, the sources)."""

    plugin: str
    version: str
    findings: tuple[PluginFinding, ...]
    unasked: tuple[str, ...] = ()

    @property
    def level(self) -> PluginLevel | None:
        """The highest level of which no rule is broken, None when one of the first level is."""
        return level_without({one.rule for one in self.findings})


def level_without(broken: Collection[str]) -> PluginLevel | None:
    """The highest level such that none of its rules, nor of those below, is among ``broken``."""
    reached = None
    for level in PluginLevel:
        if any(rule.code in broken for rule in RULES if rule.level is level):
            break
        reached = level
    return reached


def ranked(findings: Iterable[PluginFinding]) -> tuple[PluginFinding, ...]:
    """Findings in the order of the rules, each once."""
    order = {rule.code: rank for rank, rule in enumerate(RULES)}
    return tuple(sorted(dict.fromkeys(findings), key=lambda one: order[one.rule]))
