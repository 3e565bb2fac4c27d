"""« État des plugins »: what is installed, what it brings and takes, what broke: when, why, what to do."""

from __future__ import annotations

from functools import cache

import streamlit as st

from core.contract.failures import STAGE_WORDS, Failure, Plugin
from core.contract.loading import advice
from core.contract.registry import ONLY_READ
from core.contract.stamp import StampedLevel, module_of, package_of, read_stamp
from core.contract.walls import Suspension
from core.domain import access, french
from core.domain.access import Action
from core.domain.programme import Association
from dashboard.addresses import address
from dashboard.components import (
    Html,
    answer,
    bullets,
    callout,
    facts,
    fold,
    join,
    lead,
    link,
    note,
    page_title,
    section,
    show,
    table,
    tag,
)
from dashboard.context import Context

TITLE = "État des plugins"
_RESUMED = "plugin-repris"


def draw(context: Context) -> None:
    """The list, what each brings, then each failure with its remedy."""
    registry = context.registry
    show(page_title(TITLE), lead(plugins_sentence(registry.plugins, registry.failures)))
    if registry.failures:
        show(section("Ce qui ne fonctionne pas, et que faire", [_failure(one) for one in registry.failures]))
    _resume(context)
    show(section("Ce qui est installé", _table(context)))
    show(section("Ce que chacun apporte", [_brings(context, one) for one in registry.plugins]))
    show(section("Les données de chaque association", [_holds(context, one) for one in registry.associations]))
    show(_left(context))


def plugins_sentence(plugins: tuple[Plugin, ...], failures: tuple[Failure, ...]) -> str:
    """« 5 plugins installés ; tous fonctionnent. »."""
    broken = len({one.plugin for one in failures})
    installed = french.count(len(plugins), "plugin installé", "plugins installés")
    if not broken:
        return french.sentence(f"{installed}\u202f; {'il fonctionne' if len(plugins) == 1 else 'tous fonctionnent'}")
    verb = "a une panne" if broken == 1 else "ont une panne"
    return french.sentence(f"{installed}\u202f; {french.in_words(broken)} {verb}, les autres fonctionnent")


def _table(context: Context) -> Html:
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
            _last_error(registry.failures_of(one.name)),
            french.number(registry.failed_times(one.name)),
            _slowest(context, one),
            level_words(one),
            [
                tag("span", "▼ En panne" if one.name in broken else "● Fonctionne", class_="mark"),
                *[note(said) for said in advice(one)],
            ],
        ]
        for one in registry.plugins
    ]
    headings = [
        "Titre",
        "Nom",
        "Distribution et version",
        "Contrat",
        "Expérimentations",
        "Dernière erreur",
        "Échecs",
        "Appel le plus lent",
        "Niveau",
        "État",
    ]
    return table("Plugins installés", headings, rows, numeric=(6,), wide=True)


def level_words(one: Plugin) -> str:
    """« or », as the last check wrote it beside the plugin; « à vérifier » when its files changed since, or never."""
    if not one.experiments:
        return "à vérifier"
    found = _stamp(module_of(one))
    return found.level if found is not None and found.current else "à vérifier"


@cache
def _stamp(module: str) -> StampedLevel | None:
    """Read once: an installed plugin does not change while the server runs."""
    return read_stamp(package_of(module))


def _last_error(failures: tuple[Failure, ...]) -> str:
    return french.sentence(STAGE_WORDS[failures[-1].stage]) if failures else "aucune"


def _slowest(context: Context, one: Plugin) -> str:
    """« build_report, 0,12 s »."""
    calls = context.registry.calls_of(one.name)
    return f"{calls[0].hook}, {seconds(calls[0].slowest)}" if calls else "aucun appel"


def seconds(value: float) -> str:
    """« 0,12 s », « moins de 0,01 s »."""
    if value < 0.01:
        return f"moins de 0,01{french.NBSP}s"
    return f"{french.number(value, 2)}{french.NBSP}s"


def _brings(context: Context, one: Plugin) -> Html:
    """The hooks with their times."""
    calls = {call.hook: call for call in context.registry.calls_of(one.name)}
    hooks = [
        [
            hook,
            french.number(calls[hook].count) if hook in calls else "0",
            seconds(calls[hook].slowest) if hook in calls else "",
        ]
        for hook in one.hooks
    ]
    shown = table(f"Fonctions de {one.name}", ["Fonction", "Appels", "Le plus lent"], hooks, numeric=(1, 2))
    summary = f"{one.title or one.name} : {french.count(len(hooks), 'fonction')}"
    return fold(summary, shown if hooks else tag("p", "Ce plugin ne répond à aucune fonction."))


def _holds(context: Context, association: Association) -> Html:
    """The tables of one association, with their rows, whatever the number of plugins that share them."""
    registry, counts = context.registry, context.store.counts(association.code)
    found = [one for one in registry.datasets(association.code) if one.code in counts]
    rows = [
        [
            link(one.title, f"/dictionnaire?jeu={one.code}&association={association.code}"),
            one.code,
            str(one.version),
            french.number(counts[one.code]),
            french.listing(by.name for by in registry.plugins_of(association.code) if one.code in by.datasets),
        ]
        for one in found
    ]
    total = french.count(sum(counts[one.code] for one in found), "ligne")
    summary = f"{association.name} : {french.count(len(found), 'tableau', 'tableaux')}, {total}"
    headings = ["Tableau", "Code", "Version", "Lignes", "Plugins"]
    return fold(summary, table(f"Tableaux de {association.name}", headings, rows, numeric=(2, 3)))


def _left(context: Context) -> Html | None:
    """The tables whose plugin is gone or out of order: their rows are still read and exported."""
    registry = context.registry
    bodies = (*registry.associations, *registry.kept_associations)
    rows = [
        [
            body.name,
            link(one.title, address("mes-donnees", association=body.code)),
            one.code,
            str(one.version),
            french.number(context.store.count(body.code, one.code)),
        ]
        for body in bodies
        for one in registry.kept(body.code)
    ]
    if not rows:
        return None
    headings = ["Association", "Tableau", "Code", "Version", "Lignes"]
    told = table("Données sans extension", headings, rows, numeric=(3, 4))
    return section("Données sans extension", told, intro=f"Chacun de ces tableaux {ONLY_READ}")


def _resume(context: Context) -> None:
    """What is left alone after failing too often, and the button that asks it again at once."""
    if resumed := st.session_state.pop(_RESUMED, None):
        show(answer(f"{resumed} sera essayé de nouveau à la prochaine demande."))
    found = context.registry.suspensions
    if not found:
        return
    show(section("Ce qui est suspendu", bullets(_rests(one) for one in found)))
    for plugin in dict.fromkeys(one.plugin for one in found):
        if st.button(french.typeset(f"Reprendre {plugin} maintenant"), key=f"reprendre-{plugin}"):
            access.check(context.actor, Action.AUDIT)
            context.registry.resume(plugin)
            st.session_state[_RESUMED] = plugin
            st.rerun()


def _rests(one: Suspension) -> str:
    """« essai-3, de broken_page_raises : 3 échecs de suite, nouvel essai dans 10 minutes. »."""
    minutes = french.count(max(1, round(one.seconds / 60)), "minute")
    failures = french.count(one.failures, "échec de suite", "échecs de suite")
    return f"{one.subject}, de {one.plugin} : {failures}, nouvel essai dans {minutes}."


def _failure(one: Failure) -> Html:
    about = facts({"Quand": STAGE_WORDS[one.stage], "Pourquoi": one.reason, "Que faire": one.remedy})
    return callout(join([about]), tone="attention", title=f"{one.plugin} {one.version}".strip())
