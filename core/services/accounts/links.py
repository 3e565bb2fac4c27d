"""Links that open once: an invitation, a new password, the first set-up. Only their hash is kept."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

import sqlalchemy as sa

from core.domain import access
from core.domain.access import Action
from core.domain.actor import Actor, Role
from core.errors import Refused, UnknownName
from core.services.accounts import passwords, sessions
from core.services.accounts.identity import actor_of, check_place, email_of, name_of, note
from core.services.accounts.office import Office, digest
from core.storage import accounts
from core.storage.accounts import AccountRow, InvitationRow
from core.storage.store import MACHINE

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
    access.check(actor, Action.ADMINISTER)
    with office.store.writing(actor, at) as writing:
        found = accounts.account_by_id(writing.connection, account)
        if found is None:
            raise UnknownName("Ce compte n’existe pas.")
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
        return _look(connection, secret, at)


def accept(office: Office, secret: str, password: str, *, device: str, at: datetime) -> str:
    """Choose a password with a link, which ends; return the secret of the session that opens.

    The sessions of before end. Raises Refused for a link that opens nothing or a bad password.
    """
    link = look(office, secret, at=at)
    if link.account is None:
        raise Refused(GONE)
    kept = passwords.choose(password, link.account.email)
    with office.store.writing(actor_of(link.account), at) as writing:
        account = _use(writing.connection, secret, at).account
        if account is None:
            raise Refused(GONE)
        accounts.change_account(writing.connection, account.id, {"password": kept})
        accounts.end_sessions_of(writing.connection, account.id)
        accounts.forget_attempt(writing.connection, digest(account.email))
        note(writing, account, "mot de passe choisi", link=link.kind)
        return sessions.open_session(office, account, writing.connection, device=device, at=at)


def accept_set_up(
    office: Office, secret: str, email: str, name: str, password: str, *, device: str, at: datetime
) -> str:
    """Make the first project lead with the set-up link; return the secret of the session that opens.

    Raises Refused for a link that opens nothing, a bad address, name or password.
    """
    account = _new(office, email, name, Role.LEAD, None, at)
    if look(office, secret, at=at).account is not None:
        raise Refused(GONE)
    account = replace(account, password=passwords.choose(password, account.email))
    with office.store.writing(actor_of(account), at) as writing:
        if _use(writing.connection, secret, at).account is not None or accounts.someone_is(
            writing.connection, Role.LEAD
        ):
            raise Refused(GONE)
        _add(writing.connection, account)
        note(writing, account, "première mise en service")
        return sessions.open_session(office, account, writing.connection, device=device, at=at)


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


def _look(connection: sa.Connection, secret: str, at: datetime) -> Link:
    found = accounts.invitation(connection, digest(secret))
    if found is None or found.expires_at <= at:
        raise Refused(GONE)
    account = None if found.account is None else accounts.account_by_id(connection, found.account)
    if account is not None and account.deactivated_at is not None:
        raise Refused(GONE)
    return Link(found.kind, found.expires_at, account)


def _use(connection: sa.Connection, secret: str, at: datetime) -> Link:
    link = _look(connection, secret, at)
    accounts.forget_invitation(connection, digest(secret))
    return link
