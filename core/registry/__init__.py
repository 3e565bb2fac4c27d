"""Plugins: found by their entry points, loaded and asked one by one, each inside a wall."""

from core.registry.failures import STAGE_WORDS, Failure, Stage
from core.registry.registry import Registry
from core.registry.state import Plugin

__all__ = ["STAGE_WORDS", "Failure", "Plugin", "Registry", "Stage"]
