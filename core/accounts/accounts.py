"""Keeping the accounts: who they are, what they may do, the links that open them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypedDict

import sqlalchemy as sa

from core.accounts import sign_in, tries
from core.accounts.identity import Office, actor_of, changing, check_place, digest, email_of, name_of, note, plain_email
from core.accounts.sign_in import Visit
from core.domain import access, french
from core.domain.access import Action, Actor, Role
from core.domain.calendar import FRANCE, day_in_france
from core.errors import Refused, UnknownName
from core.storage import accounts
from core.storage.accounts import AccountRow, InvitationRow
from core.storage.store import MACHINE
from core.storage.writing import Writing


@dataclass(frozen=True, slots=True)
class AccountStatus:
    """An account and where it stands: a link that waits until then, wrong tries that make one wait until then."""

    account: AccountRow
    waits_until: datetime | None = None
    locked_until: datetime | None = None
    has_factor: bool = False


class Identity(TypedDict):
    """Who somebody is, as the project lead may change it."""

    name: str
    role: str
    association: str | None


def state_of(one: AccountStatus) -> str:
    """Where an account stands, in words: « Actif », « Essais suspendus jusqu’à 14 h 20 »…"""
    if one.account.deactivated_at is not None:
        return "Désactivé"
    if one.locked_until is not None:
        until = one.locked_until.astimezone(FRANCE)
        return f"Essais suspendus jusqu’à {until.hour} h {until.minute:02d}"
    if one.waits_until is not None:
        return f"Lien valable jusqu’au {french.day(day_in_france(one.waits_until))}"
    return "Actif" if one.account.password or one.account.signed_in_at else "Sans mot de passe"


def listed(office: Office, *, actor: Actor, at: datetime) -> list[AccountStatus]:
    """Every account, by name. Raises Forbidden."""
    access.check(actor, Action.ADMINISTER)
    with office.store.connect() as connection:
        links, wrong = accounts.invitations_of(connection), accounts.all_attempts(connection)
        with_factor = accounts.with_factor(connection)
        found = accounts.all_accounts(connection)
    return [
        AccountStatus(
            one,
            links[one.id].expires_at if one.id in links and links[one.id].expires_at > at else None,
            tries.slowed_until(office, one.email, wrong, at),
            one.id in with_factor,
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
    with changing(office, account, actor, at) as (writing, found):
        if found.deactivated_at is None:
            _refuse_the_last_lead(writing, found)
            _write(writing, found, "compte désactivé", {"deactivated_at": at})
            accounts.end_sessions_of(writing.connection, found.id)
            accounts.forget_browsers_of(writing.connection, found.id)
            accounts.forget_invitations_of(writing.connection, found.id)


def reactivate(office: Office, account: str, *, actor: Actor, at: datetime) -> None:
    """Let somebody in again. Raises Forbidden, UnknownName."""
    with changing(office, account, actor, at) as (writing, found):
        if found.deactivated_at is not None:
            _write(writing, found, "compte réactivé", {"deactivated_at": None})


def remove(office: Office, account: str, *, actor: Actor, at: datetime) -> None:
    """Forget a deactivated account: its address, its name. What it did stays in history, under the name of then.

    Raises Forbidden, UnknownName, and Refused while the account is active.
    """
    with changing(office, account, actor, at) as (writing, found):
        if found.deactivated_at is None:
            raise Refused("Ce compte est ouvert : désactivez-le d’abord.")
        accounts.remove_account(writing.connection, found.id)
        accounts.forget_attempts_about(writing.connection, digest(found.email))
        note(writing, found, "compte retiré")


def unlock(office: Office, account: str, *, actor: Actor, at: datetime) -> bool:
    """Forget the wrong passwords of somebody; whether there were some. Raises Forbidden, UnknownName."""
    with changing(office, account, actor, at) as (writing, found):
        if not accounts.forget_attempts_about(writing.connection, digest(found.email)):
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
    given = Identity(name=name_of(name), role=str(role), association=association)
    with changing(office, account, actor, at) as (writing, found):
        if Role(found.role) is Role.LEAD and role is not Role.LEAD:
            _refuse_the_last_lead(writing, found)
        changed = {key: value for key, value in given.items() if getattr(found, key) != value}
        if changed:
            accounts.change_account(writing.connection, found.id, changed)
            note(writing, replace(found, **given), "compte modifié", fields=sorted(changed))


def change_password(office: Office, who: Visit, old: str, new: str, *, at: datetime) -> None:
    """Change one's own password; the other sessions end, and no browser is known any more.

    Raises Refused when the old one is wrong or the new one breaks a rule. A wrong one counts as
    at the sign-in, so that an open screen is no place to guess.
    """
    sign_in.confirm(office, who, old, at=at)
    if sign_in.agrees(who.account.password, new):
        raise Refused("Le nouveau mot de passe est celui d’avant : choisissez-en un autre.")
    kept = sign_in.choose(new, who.account.email)
    with office.store.writing(who.actor, at) as writing:
        accounts.change_account(writing.connection, who.account.id, {"password": kept})
        accounts.end_sessions_of(writing.connection, who.account.id, but=who.session.hash)
        accounts.forget_browsers_of(writing.connection, who.account.id)
        accounts.forget_attempts_about(writing.connection, digest(who.account.email))
        note(writing, who.account, "mot de passe changé")


def _write(writing: Writing, account: AccountRow, action: str, changes: Mapping[str, object]) -> None:
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


# --- Links that open once: an invitation, a new password, the first set-up. Only their hash is kept ----


INVITATION, RESET, SET_UP = "invitation", "réinitialisation", "première mise en service"
GONE = (
    "Ce lien ne fonctionne plus : il a déjà servi, il est trop ancien, ou un plus récent l’a remplacé. "
    "Demandez-en un autre à la chefferie de projet."
)


@dataclass(frozen=True, slots=True)
class Link:
    """A link that still opens, and the account that it is for, None for the first set-up."""

    kind: str
    expires_at: datetime
    account: AccountRow | None


def invite(
    office: Office, email: str, name: str, role: Role, association: str | None = None, *, actor: Actor, at: datetime
) -> str:
    """Make an account that waits for its password; return the secret of the link that gives it.

    Raises Forbidden, and Refused for a bad address or one that has an account already.
    """
    access.check(actor, Action.ADMINISTER)
    check_place(role, association)
    account = _new(office, email, name, role, association, at)
    with office.store.writing(actor, at) as writing:
        _add(writing.connection, account)
        note(writing, account, "compte invité")
        return _link(office, writing.connection, INVITATION, account.id, at)


def open_account(office: Office, email: str, actor: Actor, *, at: datetime) -> None:
    """Make an account without a password for somebody whom the installation itself knows; idempotent.

    For the demonstration's people and for those whom another service signs in. Raises Refused
    for a bad address.
    """
    check_place(actor.role, actor.association)
    account = _new(office, email, actor.name, actor.role, actor.association, at)
    with office.store.connect() as connection:
        if accounts.account_by_email(connection, account.email) is not None:
            return
    with office.store.writing(MACHINE, at) as writing:
        if accounts.account_by_email(writing.connection, account.email) is None:
            accounts.add_account(writing.connection, account)
            note(writing, account, "compte ouvert")


def new_link(office: Office, account: str, *, actor: Actor, at: datetime) -> str:
    """A new link to choose a password, for who lost hers or let the invitation grow old.

    The password of before still works until the link is used. Raises Forbidden, UnknownName,
    and Refused when the account is deactivated.
    """
    with changing(office, account, actor, at) as (writing, found):
        if found.deactivated_at is not None:
            raise Refused("Ce compte est désactivé : réactivez-le d’abord.")
        note(writing, found, "lien de mot de passe")
        return _link(office, writing.connection, RESET if found.password else INVITATION, found.id, at)


def set_up(office: Office, *, at: datetime) -> str | None:
    """The secret of the link that makes the first project lead; None when there is one already."""
    with office.store.writing(MACHINE, at) as writing:
        if accounts.someone_is(writing.connection, Role.LEAD):
            accounts.forget_invitations_of(writing.connection, None)
            return None
        return _link(office, writing.connection, SET_UP, None, at)


def look(office: Office, secret: str, *, at: datetime) -> Link:
    """What a link opens.

    Raises Refused when it opens nothing any more.
    """
    with office.store.connect() as connection:
        return _look(office, connection, secret, at)


def accept(office: Office, secret: str, password: str, *, device: str, at: datetime) -> str:
    """Choose a password with a link, which ends; return the secret of the session that opens.

    The sessions of before end. Raises Refused for a link that opens nothing or a bad password.
    """
    link = look(office, secret, at=at)
    if link.account is None:
        raise Refused(GONE)
    kept = sign_in.choose(password, link.account.email)
    with office.store.writing(actor_of(link.account), at) as writing:
        account = _use(office, writing.connection, secret, at).account
        if account is None:
            raise Refused(GONE)
        accounts.change_account(writing.connection, account.id, {"password": kept})
        accounts.end_sessions_of(writing.connection, account.id)
        accounts.forget_browsers_of(writing.connection, account.id)
        accounts.forget_attempts_about(writing.connection, digest(account.email))
        note(writing, account, "mot de passe choisi", link=link.kind)
        return sign_in.open_session(office, account, writing.connection, device=device, at=at)


def accept_set_up(
    office: Office, secret: str, email: str, name: str, password: str, *, device: str, at: datetime
) -> str:
    """Make the first project lead with the set-up link; return the secret of the session that opens.

    Raises Refused for a link that opens nothing, a bad address, name or password.
    """
    account = _new(office, email, name, Role.LEAD, None, at)
    if look(office, secret, at=at).account is not None:
        raise Refused(GONE)
    account = replace(account, password=sign_in.choose(password, account.email))
    with office.store.writing(actor_of(account), at) as writing:
        if _use(office, writing.connection, secret, at).account is not None or accounts.someone_is(
            writing.connection, Role.LEAD
        ):
            raise Refused(GONE)
        _add(writing.connection, account)
        note(writing, account, "première mise en service")
        return sign_in.open_session(office, account, writing.connection, device=device, at=at)


def _new(office: Office, email: str, name: str, role: Role, association: str | None, at: datetime) -> AccountRow:
    identifier = digest(office.chance())[:16]
    return AccountRow(identifier, email_of(email), name_of(name), str(role), association, None, at)


def _add(connection: sa.Connection, account: AccountRow) -> None:
    if accounts.account_by_email(connection, account.email) is not None:
        raise Refused("Ce courriel a déjà un compte.")
    accounts.add_account(connection, account)


def _link(office: Office, connection: sa.Connection, kind: str, account: str | None, at: datetime) -> str:
    secret = office.chance()
    accounts.add_invitation(connection, InvitationRow(digest(secret), kind, account, at + office.rules.link))
    return secret


def _look(office: Office, connection: sa.Connection, secret: str, at: datetime) -> Link:
    found = accounts.invitation(connection, digest(secret))
    # Bounded both ways: a link made under a clock that was ahead would otherwise open for longer than it may.
    if found is None or not at < found.expires_at <= at + office.rules.link + office.rules.early:
        raise Refused(GONE)
    account = None if found.account is None else accounts.account_by_id(connection, found.account)
    if account is not None and account.deactivated_at is not None:
        raise Refused(GONE)
    return Link(found.kind, found.expires_at, account)


def _use(office: Office, connection: sa.Connection, secret: str, at: datetime) -> Link:
    link = _look(office, connection, secret, at)
    accounts.forget_invitation(connection, digest(secret))
    return link
