"""Keeping the accounts: who they are, what they may do, whether they may still come in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from core.domain import access, french
from core.domain.access import Action
from core.domain.actor import Actor, Role
from core.domain.local_time import FRANCE
from core.errors import Refused, UnknownName
from core.services.accounts import passwords, sign_in
from core.services.accounts.identity import check_place, name_of, note, plain_email
from core.services.accounts.office import Office, digest
from core.services.accounts.sessions import Visit
from core.storage import accounts
from core.storage.accounts import AccountRow
from core.storage.writing import Writing


@dataclass(frozen=True, slots=True)
class Standing:
    """An account and where it stands: a link that waits until then, a lock until then, or neither."""

    account: AccountRow
    waits_until: datetime | None = None
    locked_until: datetime | None = None


def state_of(one: Standing) -> str:
    """Where an account stands, in words: « Actif », « Verrouillé jusqu’à 14 h 20 »…"""
    if one.account.deactivated_at is not None:
        return "Désactivé"
    if one.locked_until is not None:
        until = one.locked_until.astimezone(FRANCE)
        return f"Verrouillé jusqu’à {until.hour} h {until.minute:02d}"
    if one.waits_until is not None:
        return f"Lien valable jusqu’au {french.day(one.waits_until.astimezone(FRANCE).date())}"
    return "Actif" if one.account.password or one.account.signed_in_at else "Sans mot de passe"


def listed(office: Office, *, actor: Actor, at: datetime) -> list[Standing]:
    """Every account, by name. Raises Forbidden."""
    access.check(actor, Action.ADMINISTER)
    with office.store.connect() as connection:
        links, tries = accounts.invitations_of(connection), accounts.all_attempts(connection)
        found = accounts.all_accounts(connection)
    return [
        Standing(
            one,
            links[one.id].expires_at if one.id in links and links[one.id].expires_at > at else None,
            sign_in.locked_until(office, tries.get(digest(one.email)), at),
        )
        for one in found
    ]


def find(office: Office, email: str) -> AccountRow:
    """The account of an address.

    Raises UnknownName when nobody bears it.
    """
    with office.store.connect() as connection:
        found = accounts.account_by_email(connection, plain_email(email))
    if found is None:
        raise UnknownName(f"Aucun compte n’a le courriel « {email} ». La liste : fabrique user list.")
    return found


def deactivate(office: Office, account: str, *, actor: Actor, at: datetime) -> None:
    """Keep somebody out: her sessions end now, her links stop working.

    Raises Forbidden, UnknownName, and Refused for the last active project lead.
    """
    with _changing(office, account, actor, at) as (writing, found):
        if found.deactivated_at is None:
            _refuse_the_last_lead(writing, found)
            _write(writing, found, "compte désactivé", {"deactivated_at": at})
            accounts.end_sessions_of(writing.connection, found.id)
            accounts.forget_invitations_of(writing.connection, found.id)


def reactivate(office: Office, account: str, *, actor: Actor, at: datetime) -> None:
    """Let somebody in again. Raises Forbidden, UnknownName."""
    with _changing(office, account, actor, at) as (writing, found):
        if found.deactivated_at is not None:
            _write(writing, found, "compte réactivé", {"deactivated_at": None})


def remove(office: Office, account: str, *, actor: Actor, at: datetime) -> None:
    """Forget a deactivated account: its address, its name. What it did stays in history, under the name of then.

    Raises Forbidden, UnknownName, and Refused while the account is active.
    """
    with _changing(office, account, actor, at) as (writing, found):
        if found.deactivated_at is None:
            raise Refused("Ce compte est ouvert : désactivez-le d’abord.")
        accounts.remove_account(writing.connection, found.id)
        accounts.forget_attempt(writing.connection, digest(found.email))
        note(writing, found, "compte retiré")


def unlock(office: Office, account: str, *, actor: Actor, at: datetime) -> bool:
    """Forget the wrong passwords of somebody; whether there were some. Raises Forbidden, UnknownName."""
    with _changing(office, account, actor, at) as (writing, found):
        if not accounts.forget_attempt(writing.connection, digest(found.email)):
            return False
        _write(writing, found, "compte déverrouillé", {})
        return True


def change(
    office: Office, account: str, name: str, role: Role, association: str | None, *, actor: Actor, at: datetime
) -> None:
    """Change who somebody is; what she may do changes at her next page.

    Raises Forbidden, UnknownName, and Refused for a bad choice or the last active project lead.
    """
    check_place(role, association)
    given = {"name": name_of(name), "role": str(role), "association": association}
    with _changing(office, account, actor, at) as (writing, found):
        if Role(found.role) is Role.LEAD and role is not Role.LEAD:
            _refuse_the_last_lead(writing, found)
        changed = {key: value for key, value in given.items() if getattr(found, key) != value}
        if changed:
            accounts.change_account(writing.connection, found.id, changed)
            note(writing, replace(found, **given), "compte modifié", fields=sorted(changed))


def change_password(office: Office, who: Visit, old: str, new: str, *, at: datetime) -> None:
    """Change one's own password; the other sessions end.

    Raises Refused when the old one is wrong or the new one breaks a rule. A wrong one counts as
    at the sign-in, so that an open screen is no place to guess.
    """
    sign_in.confirm(office, who.account, old, at=at)
    if passwords.agrees(who.account.password, new):
        raise Refused("Le nouveau mot de passe est celui d’avant : choisissez-en un autre.")
    kept = passwords.choose(new, who.account.email)
    with office.store.writing(who.actor, at) as writing:
        accounts.change_account(writing.connection, who.account.id, {"password": kept})
        accounts.end_sessions_of(writing.connection, who.account.id, but=who.session.hash)
        accounts.forget_attempt(writing.connection, digest(who.account.email))
        note(writing, who.account, "mot de passe changé")


@contextmanager
def _changing(office: Office, account: str, actor: Actor, at: datetime) -> Iterator[tuple[Writing, AccountRow]]:
    access.check(actor, Action.ADMINISTER)
    with office.store.writing(actor, at) as writing:
        found = accounts.account_by_id(writing.connection, account)
        if found is None:
            raise UnknownName("Ce compte n’existe pas.")
        yield writing, found


def _write(writing: Writing, account: AccountRow, action: str, changes: Mapping[str, Any]) -> None:
    if changes:
        accounts.change_account(writing.connection, account.id, changes)
    note(writing, account, action)


def _refuse_the_last_lead(writing: Writing, account: AccountRow) -> None:
    if Role(account.role) is not Role.LEAD or account.deactivated_at is not None:
        return
    others = [
        one
        for one in accounts.all_accounts(writing.connection)
        if one.role == str(Role.LEAD) and one.deactivated_at is None and one.id != account.id
    ]
    if not others:
        raise Refused("C’est le dernier compte de la chefferie de projet : invitez d’abord quelqu’un d’autre.")
