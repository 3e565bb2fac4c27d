"""The version of Fabrique that runs, as it was installed."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version


def installed_version() -> str:
    """« 0.1.0 »; « 0 » when the sources run without having been installed."""
    try:
        return version("fabrique-inclusive")
    except PackageNotFoundError:
        return "0"
