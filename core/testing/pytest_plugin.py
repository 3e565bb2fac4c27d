"""For pytest: each rule of the check as a test of its own.

``pytest -p core.testing.pytest_plugin``, with ``fabrique_plugin = "my_plugin"`` in the configuration; then::

    def test_the_plugin_keeps_the_rule(plugin_findings):
        assert plugin_findings == ()
"""

from __future__ import annotations

import pytest

from core.contract import Registry
from core.domain.report import Block
from core.testing import RULES, PluginVerdict, blank_report, check


def pytest_addoption(parser: pytest.Parser) -> None:
    """The name of the plugin, in the configuration or on the command line."""
    parser.addini("fabrique_plugin", "The name of the plugin under test: that of its entry point.")
    parser.addoption("--fabrique-plugin", help="The name of the plugin under test: that of its entry point.")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """One test for each rule, wherever findings are asked for."""
    if "plugin_findings" in metafunc.fixturenames:
        metafunc.parametrize("plugin_rule", [rule.code for rule in RULES])


@pytest.fixture
def plugin_rule() -> str:
    """The rule under test; each one in its turn."""
    raise pytest.UsageError("plugin_rule is set for each test that asks for plugin_findings")


@pytest.fixture(scope="session")
def plugin_verdict(pytestconfig: pytest.Config) -> PluginVerdict:
    """What the check found, once for all tests."""
    return check(Registry.load(), plugin_name(pytestconfig))


@pytest.fixture
def plugin_findings(plugin_rule: str, plugin_verdict: PluginVerdict) -> tuple[str, ...]:
    """What breaks one rule, a French sentence each."""
    return tuple(one.told for one in plugin_verdict.findings if one.rule == plugin_rule)


@pytest.fixture(scope="session")
def blank_page(pytestconfig: pytest.Config) -> tuple[Block, ...]:
    """The page of the plugin's first experiment when nothing was handed in yet."""
    registry = Registry.load(strict=True)
    experiment = next(one for one in registry.plugins if one.name == plugin_name(pytestconfig)).experiments[0]
    return registry.build_report(experiment, blank_report(registry.experiment(experiment)))


def plugin_name(config: pytest.Config) -> str:
    """The plugin under test; raises UsageError when nobody said which."""
    name = config.getoption("--fabrique-plugin") or config.getini("fabrique_plugin")
    if not name:
        raise pytest.UsageError('say which plugin: fabrique_plugin = "…" in the configuration of pytest')
    return str(name)
