"""« Jetons »: a key is given, shown once, listed without itself, withdrawn."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.accounts import tokens
from core.contract import schema_setup
from core.storage import Store
from dashboard import context as installed
from dashboard.context import Context
from tests.dashboard.views.opening import opened, said
from tests.support.filled import LEAD, NOW, TODAY, empty_copy, registry


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(empty_copy(tmp_path)) as found:
        schema_setup.prepare(registry(), found, at=NOW)
        installed.install(Context(registry(), found, lambda: TODAY, visitors=lambda: LEAD, _now=lambda: NOW))
        yield found


def test_a_key_is_given_shown_once_and_withdrawn(store: Store) -> None:
    page = opened("jetons")
    page.text_input(key="jeton-nom").input("Portail de données")
    page.checkbox(key="jeton-lignes").check()
    page.button[0].click().run()
    secret = page.code[0].value
    assert tokens.holder(store, secret, at=NOW) is not None
    assert "1 jeton ouvre l’interface de programmation" in said(page) and "Portail de données" in said(page)
    again = opened("jetons")
    assert secret not in said(again) and not again.code
    again.button[1].click().run()
    assert "Révoqué" in said(again) and tokens.holder(store, secret, at=NOW) is None


def test_a_key_without_a_name_is_refused_where_one_stands(store: Store) -> None:
    page = opened("jetons")
    page.button[0].click().run()
    assert "Donnez au jeton un nom" in said(page)
    assert tokens.tokens(store) == ()
