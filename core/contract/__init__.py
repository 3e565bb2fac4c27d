"""Plugins: found by their entry points, loaded and asked one by one, each inside a wall."""

from core.contract.failures import STAGE_WORDS, Failure, FailureStage, Plugin
from core.contract.registry import Registry
