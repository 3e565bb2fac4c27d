"""For plugin authors: does a plugin keep the contract, and how far may it be trusted?

« fabrique plugin check NAME » asks every rule; in a test of the plugin::

    from core.testing import assert_level

    def test_the_plugin_reaches_its_level():
        assert_level("my_plugin", "or")        # the name of its entry point

The rules, with an example of each: docs/plugins/rules.md.
"""

from core.testing.checking import assert_conforms, assert_level, check, complaints, told
from core.testing.findings import RULES, PluginFinding, PluginLevel, PluginRule, PluginVerdict
from core.testing.pages import blank_report, crowded_report, page_failures

__all__ = [
    "RULES",
    "PluginFinding",
    "PluginLevel",
    "PluginRule",
    "PluginVerdict",
    "assert_conforms",
    "assert_level",
    "blank_report",
    "check",
    "complaints",
    "crowded_report",
    "page_failures",
    "told",
]
