"""« fabrique user »: accounts from the server, and a locked-out project lead back in."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from core.accounts import Office, accounts, second_factor, sign_in, visit
from core.cli import serving
from core.errors import Refused
from core.storage import Store
from tests.support.passwords import quick

Run = Callable[..., tuple[int, str, str]]
pytestmark = pytest.mark.usefixtures("ready")
URL = "sqlite:///data/fabrique.sqlite3"
NEW = "un chapeau de paille"


@pytest.fixture(autouse=True)
def quick_passwords() -> Iterator[None]:
    with quick():
        yield


def link_of(out: str) -> str:
    found = re.search(r"^http://127\.0\.0\.1:8501/invitation/([\w-]{43})$", out, flags=re.MULTILINE)
    assert found, out
    return found[1]


def accept(secret: str) -> str:
    with Store.open(URL) as store:
        return accounts.accept(Office(store), secret, NEW, device="essai", at=datetime.now(UTC))


def sign_in_with(password: str) -> None:
    with Store.open(URL) as store:
        sign_in.with_password(Office(store), "chef@ampm.fr", password, device="essai", at=datetime.now(UTC))


def test_invited_person_comes_in(run: Run) -> None:
    status, out, err = run(
        "user", "invite", "Claire@ifac.fr", "--name", "Claire", "--role", "association", "-a", "ifac"
    )
    assert (status, err) == (0, "")
    accept(link_of(out))
    status, out, _ = run("user", "list", "--json")
    (one,) = json.loads(out)["accounts"]
    assert (one["email"], one["role"], one["association"], one["active"]) == (
        "claire@ifac.fr",
        "association",
        "ifac",
        True,
    )
    assert "Actif" in run("user", "list")[1]


def test_locked_out_lead_gets_back_in(run: Run) -> None:
    accept(link_of(run("user", "invite", "chef@ampm.fr", "--name", "Karim", "--role", "chefferie")[1]))
    for _ in range(5):
        with pytest.raises(Refused):
            sign_in_with("oublié depuis longtemps")
    assert "Essais suspendus" in run("user", "list")[1]
    with pytest.raises(Refused, match="Trop d’essais faux"):
        sign_in_with(NEW)
    assert run("user", "unlock", "chef@ampm.fr")[:2] == (0, "Les essais faux sont oubliés.\n")
    sign_in_with(NEW)
    secret = link_of(run("user", "reset", "chef@ampm.fr")[1])
    with Store.open(URL) as store:
        assert visit(Office(store), accept(secret), at=datetime.now(UTC))


def test_account_is_closed_and_opened_again(run: Run) -> None:
    for name in ("chef", "autre"):
        accept(link_of(run("user", "invite", f"{name}@ampm.fr", "--name", name, "--role", "chefferie")[1]))
    assert run("user", "deactivate", "chef@ampm.fr")[0] == 0
    with pytest.raises(Refused):
        sign_in_with(NEW)
    status, _, err = run("user", "deactivate", "autre@ampm.fr")
    assert status == 1 and "dernier compte" in err
    assert run("user", "reactivate", "chef@ampm.fr")[0] == 0
    sign_in_with(NEW)


def test_lost_telephone_is_taken_off_by_who_holds_the_server(run: Run) -> None:
    accept(link_of(run("user", "invite", "chef@ampm.fr", "--name", "Karim", "--role", "chefferie")[1]))
    assert run("user", "unpair", "chef@ampm.fr")[:2] == (0, "Ce compte n’avait pas de double authentification.\n")
    with Store.open(URL) as store:
        account, at = accounts.find(Office(store), "chef@ampm.fr"), datetime.now(UTC)
        second_factor.begin(Office(store), account, at=at)
    assert run("user", "unpair", "chef@ampm.fr")[:2] == (0, "La double authentification est retirée.\n")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("invite", "a@b.fr", "--name", "A", "--role", "chef"), "Les rôles"),
        (("invite", "a@b.fr", "--name", "A", "--role", "association"), "quelle association"),
        (("invite", "a@b.fr", "--name", "A", "--role", "association", "-a", "ifca"), "ifac"),
        (("reset", "personne@b.fr"), "Aucun compte"),
    ],
)
def test_what_cannot_be_done_is_said(run: Run, arguments: tuple[str, ...], said: str) -> None:
    status, _, err = run("user", *arguments)
    assert status == 1 and said in err


def test_first_start_prints_a_link_until_there_is_a_lead(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    screens = SimpleNamespace(serve=lambda *_given, **_named: None)
    monkeypatch.setattr(serving, "importlib", SimpleNamespace(import_module=lambda _name: screens))
    first, second = (run("serve")[1] for _ in range(2))
    assert "Première mise en service" in first and "Il remplace le lien affiché avant" in second
    with Store.open(URL) as store:
        office, now = Office(store), datetime.now(UTC)
        with pytest.raises(Refused):
            accounts.look(office, link_of(first), at=now)
        accounts.accept_set_up(office, link_of(second), "chef@ampm.fr", "Karim", NEW, device="", at=now)
    assert "Première" not in run("serve")[1]
