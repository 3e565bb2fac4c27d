"""« État des plugins »: what is installed, what stands, and for what broke: when, why, what to do."""

from __future__ import annotations

from typing import Any

from core.domain import french
from core.registry.failures import STAGE_WORDS, Failure
from core.registry.state import Plugin
from dashboard.components import callout, facts, join, lead, page_title, section, show, table, tag
from dashboard.context import Context

TITLE = "État des plugins"


def draw(context: Context) -> None:
    """The list, then each failure with its remedy."""
    registry = context.registry
    show(page_title(TITLE), lead(plugins_sentence(registry.plugins, registry.failures)))
    show(section("Ce qui est installé", _table(context)))
    if registry.failures:
        show(section("Ce qui ne fonctionne pas, et que faire", [_failure(one) for one in registry.failures]))


def plugins_sentence(plugins: tuple[Plugin, ...], failures: tuple[Failure, ...]) -> str:
    """« 5 plugins installés ; tous fonctionnent. »."""
    broken = len({one.plugin for one in failures})
    installed = french.count(len(plugins), "plugin installé", "plugins installés")
    if not broken:
        return french.sentence(f"{installed}\u202f; {'il fonctionne' if len(plugins) == 1 else 'tous fonctionnent'}")
    verb = "a une panne" if broken == 1 else "ont une panne"
    return french.sentence(f"{installed}\u202f; {french.in_words(broken)} {verb}, les autres sont à jour")


def _table(context: Context) -> Any:
    registry = context.registry
    broken = {one.plugin for one in registry.failures}
    names = {one.code: one.short_title for one in registry.experiments}
    rows = [
        [
            one.title or one.name,
            one.name,
            f"{one.distribution} {one.version}".strip(),
            one.contract,
            french.listing(names.get(code, code) for code in one.experiments) or "aucune",
            tag("span", "▼ En panne" if one.name in broken else "● Fonctionne", class_="mark"),
        ]
        for one in registry.plugins
    ]
    headings = ["Titre", "Nom", "Distribution et version", "Contrat", "Expérimentations", "État"]
    return table("Plugins installés", headings, rows, hide_caption=True)


def _failure(one: Failure) -> Any:
    about = facts({"Quand": STAGE_WORDS[one.stage], "Pourquoi": one.reason, "Que faire": one.remedy})
    return callout(join([about]), tone="attention", title=f"{one.plugin} {one.version}".strip())
