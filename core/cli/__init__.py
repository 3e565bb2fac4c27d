"""The command ``fabrique``: the only place, with the screens, that asks the clock and the environment."""

from core.cli.program import main
