"""A plugin that does not answer, or breaks again and again, is given up, left alone, and asked again."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from time import perf_counter

import pytest

from core.contract import FailureStage, Registry
from core.contract.walls import CoreGate, PluginLimits, TooLong, Walls
from core.domain.report import Report
from core.errors import PluginProblem
from core.testing import blank_report
from tests.core.fake_plugins import MIRAMAS, Plugins, plugins_folder

QUICK = PluginLimits(seconds=0.2, in_a_row=3, rest=600)
LOOPS = """
import builtins
@hookimpl
def build_report(report):
    while getattr(builtins, "essai_tourne", True):
        try:
            report.figure("AC6")
        except Exception:
            pass
    return []
"""


@pytest.fixture
def plugins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Plugins]:
    yield from plugins_folder(tmp_path, monkeypatch)


def page(registry: Registry, report: Report | None = None) -> object:
    (experiment,) = registry.experiments
    return registry.build_report(experiment.code, report or blank_report(experiment))


def alive(name: str = "plugin essai") -> list[threading.Thread]:
    return [one for one in threading.enumerate() if one.name == name]


def test_a_page_that_never_ends_is_given_up_and_stopped(plugins: Plugins) -> None:
    registry = Registry.load([plugins.write(LOOPS)], limits=QUICK)
    began = perf_counter()
    with pytest.raises(PluginProblem, match="pas répondu à temps"):
        page(registry)
    assert perf_counter() - began < 5
    (failure,) = registry.failures
    assert failure.stage is FailureStage.RUN and "0,2" in failure.reason and "FABRIQUE_PLUGIN_SECONDS" in failure.remedy
    for one in alive():
        one.join(5)
    assert alive() == [], "its loop is stopped, although it catches every Exception"


def test_a_module_that_never_ends_costs_itself_only(plugins: Plugins) -> None:
    stuck = plugins.write("while True:\n    pass\n", name="coince")
    registry = Registry.load([stuck, plugins.write()], limits=QUICK)
    assert [one.code for one in registry.experiments] == ["essai-miramas"]
    assert [(one.plugin, one.stage) for one in registry.failures] == [("coince", FailureStage.LOAD)]


def test_the_core_is_not_stopped_halfway(plugins: Plugins) -> None:
    source = """
    @hookimpl
    def build_report(report):
        report.rows("materiel")
        raise AssertionError("the time was over")
    """
    registry = Registry.load([plugins.write(source)], limits=QUICK)
    (experiment,) = registry.experiments
    go_on, whole = threading.Event(), []

    def rows(_dataset: str) -> tuple[()]:
        go_on.wait(10)
        whole.append(True)
        return ()

    with pytest.raises(PluginProblem, match="pas répondu à temps"):
        page(registry, replace(blank_report(experiment), rows=rows))
    with pytest.raises(PluginProblem, match="pas encore rendue"):
        page(registry)
    go_on.set()
    for one in alive():
        one.join(5)
    assert whole == [True] and alive() == []


def failing(plugins: Plugins, clock: Callable[[], float]) -> Registry:
    source = """
    asked, broken = [], [True]
    @hookimpl
    def build_report(report):
        asked.append(1)
        if broken:
            raise ValueError("toujours")
        return []
    """
    registry = Registry.load([plugins.write(source)])
    registry._state.walls.clock = clock
    return registry


def test_a_page_that_breaks_again_and_again_is_left_alone_then_asked_again(plugins: Plugins) -> None:
    now = [0.0]
    registry = failing(plugins, lambda: now[0])
    import essai

    for _ in range(5):
        with pytest.raises(PluginProblem):
            page(registry)
    assert len(essai.asked) == 3
    (suspension,) = registry.suspensions
    assert (suspension.plugin, suspension.subject, suspension.failures) == ("essai", "essai-miramas", 3)
    with pytest.raises(PluginProblem, match="suspendu après 3 échecs de suite") as raised:
        page(registry)
    assert "toujours" in str(raised.value) and "10" in raised.value.remedy
    assert "toujours" in registry.failures[0].reason, "the failure keeps its own reason"
    now[0] = 601
    with pytest.raises(PluginProblem, match="toujours"):
        page(registry)
    assert registry.suspensions, "one more failure sends it back"
    essai.broken.clear()
    registry.resume("essai")
    assert page(registry) == () and registry.suspensions == () == registry.failures


def test_a_success_forgets_the_failures_before(plugins: Plugins) -> None:
    registry = failing(plugins, lambda: 0.0)
    import essai

    for broken in (True, True, False, True, True):
        essai.broken[:] = [True] if broken else []
        try:
            page(registry)
        except PluginProblem:
            continue
    assert registry.suspensions == () and len(essai.asked) == 5


def test_what_was_raised_is_raised_where_it_was_asked() -> None:
    walls = Walls(QUICK)
    assert walls.within("essai", "page", lambda: 3) == 3
    with pytest.raises(ZeroDivisionError):
        walls.within("essai", "page", lambda: 1 // 0)
    with pytest.raises(SystemExit):
        walls.within("essai", "page", lambda: (_ for _ in ()).throw(SystemExit(1)))


TWO_PAGES = """
from threading import Event
go_on, asked = Event(), []
@hookimpl
def register_experiments():
    return [here(), here("essai-saine", places=(Place("13047", "Istres", (1,), "13047"),))]
@hookimpl
def build_report(report):
    asked.append(report.experiment.code)
    if report.experiment.code == "essai-miramas":
        go_on.wait(20)  # never comes back to Python
    return []
"""
BASE = MIRAMAS.rpartition("@hookimpl")[0]


def test_a_slow_page_costs_no_failure_to_its_healthy_sister(plugins: Plugins) -> None:
    registry = Registry.load([plugins.write(TWO_PAGES, base=BASE)], limits=QUICK)
    slow, sound = (registry.experiment(code) for code in ("essai-miramas", "essai-saine"))
    import essai

    for _ in range(5):
        with pytest.raises(PluginProblem, match="pas répondu à temps"):
            registry.build_report(slow.code, blank_report(slow))
        assert registry.build_report(sound.code, blank_report(sound)) == ()
    essai.go_on.set()
    assert essai.asked.count(slow.code) == 1, "it is not asked again while it is stuck"
    assert registry.suspensions == () and [one.experiment for one in registry.failures] == [slow.code]
    for one in alive():
        one.join(5)


def test_who_waits_for_what_another_asked_starts_no_thread_and_has_no_failure(plugins: Plugins) -> None:
    registry = Registry.load([plugins.write(TWO_PAGES, base=BASE)], limits=QUICK)
    slow = registry.experiment("essai-miramas")
    import essai

    told: list[str] = []

    def ask() -> None:
        try:
            registry.build_report(slow.code, blank_report(slow))
        except PluginProblem as problem:
            told.append(str(problem))

    askers = [threading.Thread(target=ask) for _ in range(8)]
    for one in askers:
        one.start()
    for one in askers:
        one.join(5)
    assert len(told) == 8 and len(alive()) == 1 and essai.asked == [slow.code]
    assert registry.suspensions == () and registry.failed_times("essai") == 1
    essai.go_on.set()
    for one in alive():
        one.join(5)


def test_a_gate_that_is_closed_lets_nobody_in() -> None:
    gate = CoreGate()
    assert gate.guard(lambda: 3)() == 3
    gate.close()
    with pytest.raises(TooLong):
        gate.guard(lambda: 3)()
