"""Settings come from the environment once, and cannot change afterwards."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError

from core.domain.french import typeset
from core.errors import Misconfigured
from core.settings import Settings


@pytest.fixture(autouse=True)
def no_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in os.environ:
        if name.startswith("FABRIQUE_"):
            monkeypatch.delenv(name)


def test_nothing_has_to_be_set() -> None:
    found = Settings.read()
    assert (found.database_url, found.host, found.port) == ("sqlite:///data/fabrique.sqlite3", "127.0.0.1", 8501)
    assert (found.strict_plugins, found.plugin_seconds, found.today, found.actor) == (False, 10, None, None)


def test_each_setting_is_an_environment_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    given = {
        "DATABASE_URL": ("sqlite:///x", "sqlite:///x"),
        "DATABASE_READ_URL": ("postgresql:///copie", "postgresql:///copie"),
        "HOST": ("0.0.0.0", "0.0.0.0"),
        "PORT": ("80", 80),
        "WORKERS": ("4", 4),
        "STRICT_PLUGINS": ("1", True),
        "PLUGIN_SECONDS": ("2.5", 2.5),
        "TODAY": ("2022-07-05", date(2022, 7, 5)),
        "ACTOR": ("Claire", "Claire"),
        "MASK_BELOW": ("10", 10),
        "PUBLIC": ("1", True),
        "OPEN_LICENCE": ("Licence Ouverte 2.0", "Licence Ouverte 2.0"),
        "PUBLIC_URL": ("https://fabrique.exemple.fr", "https://fabrique.exemple.fr"),
        "SESSION_HOURS": ("2", 2),
        "SESSION_DAYS": ("1", 1),
        "OIDC_DISCOVERY_URL": ("https://exemple.fr/conf", "https://exemple.fr/conf"),
        "OIDC_CLIENT_ID": ("fabrique", "fabrique"),
        "OIDC_CLIENT_SECRET": ("secret", SecretStr("secret")),
        "OIDC_LABEL": ("AgentConnect", "AgentConnect"),
        "OIDC_EMAILS_SURE": ("1", True),
        "BACKUPS": ("/srv/sauvegardes", Path("/srv/sauvegardes")),
        "SECURITY_CONTACT": ("mailto:a@b.fr", "mailto:a@b.fr"),
        "OIDC_ACCOUNTS": ("a@b.fr=comite", "a@b.fr=comite"),
        "LOG_FORMAT": ("json", "json"),
        "METRICS_TOKEN": ("seize-caracteres!", SecretStr("seize-caracteres!")),
        "SMTP_HOST": ("mail.exemple.fr", "mail.exemple.fr"),
        "SMTP_PORT": ("2525", 2525),
        "SMTP_PLAIN": ("1", True),
        "SMTP_USER": ("fabrique", "fabrique"),
        "SMTP_PASSWORD": ("secret", SecretStr("secret")),
        "SMTP_FROM": ("fabrique@exemple.fr", "fabrique@exemple.fr"),
    }
    for name, (written, _) in given.items():
        monkeypatch.setenv(f"FABRIQUE_{name}", written)
    assert Settings.read().model_dump() == {name.lower(): read for name, (_, read) in given.items()}


def test_a_refused_secret_is_not_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FABRIQUE_METRICS_TOKEN", "trop-court")
    with pytest.raises(Misconfigured, match=r"FABRIQUE_METRICS_TOKEN ne convient pas\. Attendu\u00a0: Clé") as refused:
        Settings.read()
    assert "trop-court" not in str(refused.value)
    assert refused.value.__cause__ is None and refused.value.__suppress_context__


def test_an_empty_variable_is_no_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FABRIQUE_PORT", "")
    assert Settings.read().port == 8501


def test_settings_cannot_change() -> None:
    with pytest.raises(ValidationError):
        Settings.read().port = 80


@pytest.mark.parametrize(("name", "value"), [("PORT", "70000"), ("TODAY", "demain"), ("STRICT_PLUGINS", "peut-être")])
def test_a_wrong_value_names_its_variable(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(f"FABRIQUE_{name}", value)
    with pytest.raises(Misconfigured, match=typeset(f"FABRIQUE_{name} vaut « {value} »")):
        Settings.read()
