"""« État des plugins »: what is installed, what it brings and takes, what broke: when, why, what to do."""

from __future__ import annotations

from functools import cache

from core.contract.failures import STAGE_WORDS, Failure, Plugin
from core.contract.loading import advice
from core.contract.stamp import StampedLevel, module_of, package_of, read_stamp
from core.domain import french
from dashboard.components import (
    Html,
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


def draw(context: Context) -> None:
    """The list, what each brings, then each failure with its remedy."""
    registry = context.registry
    show(page_title(TITLE), lead(plugins_sentence(registry.plugins, registry.failures)))
    if registry.failures:
        show(section("Ce qui ne fonctionne pas, et que faire", [_failure(one) for one in registry.failures]))
    show(section("Ce qui est installé", _table(context)))
    show(section("Ce que chacun apporte", [_brings(context, one) for one in registry.plugins]))


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
        "Appel le plus lent",
        "Niveau",
        "État",
    ]
    return table("Plugins installés", headings, rows, hide_caption=True, wide=True)


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
    """The hooks with their times, the datasets with their rows, the indicators of its own."""
    calls = {call.hook: call for call in context.registry.calls_of(one.name)}
    hooks = [
        [
            hook,
            french.number(calls[hook].count) if hook in calls else "0",
            seconds(calls[hook].slowest) if hook in calls else "",
        ]
        for hook in one.hooks
    ]
    shown = table(
        f"Fonctions de {one.name}", ["Fonction", "Appels", "Le plus lent"], hooks, numeric=(1, 2), hide_caption=True
    )
    summary = (
        f"{one.title or one.name} : {french.count(len(one.datasets), 'tableau', 'tableaux')}, {_rows(context, one)}"
    )
    return fold(
        summary, shown if hooks else tag("p", "Ce plugin ne répond à aucune fonction."), _datasets(context, one)
    )


def _rows(context: Context, one: Plugin) -> str:
    return french.count(sum(number for _code, number in _counted(context, one)), "ligne")


def _counted(context: Context, one: Plugin) -> list[tuple[str, int]]:
    if one.association is None:
        return []
    counts = context.store.counts(one.association)
    return [(code, counts.get(code, 0)) for code in one.datasets]


def _datasets(context: Context, one: Plugin) -> Html | None:
    if not one.datasets or one.association is None:
        return None
    found = {dataset.code: dataset for dataset in context.registry.datasets(one.association)}
    rows = [
        [
            link(found[code].title, f"/dictionnaire?jeu={code}&association={one.association}"),
            code,
            str(found[code].version),
            french.number(number),
        ]
        for code, number in _counted(context, one)
        if code in found
    ]
    headings = ["Tableau", "Code", "Version", "Lignes"]
    return table(f"Tableaux de {one.name}", headings, rows, numeric=(2, 3), hide_caption=True)


def _failure(one: Failure) -> Html:
    about = facts({"Quand": STAGE_WORDS[one.stage], "Pourquoi": one.reason, "Que faire": one.remedy})
    return callout(join([about]), tone="attention", title=f"{one.plugin} {one.version}".strip())
