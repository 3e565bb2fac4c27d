"""Coming in: passwords, the sign-in, sessions and their end."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

import sqlalchemy as sa
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from core.accounts import second_factor, tries
from core.accounts.identity import Office, actor_of, digest, note, plain_email
from core.accounts.tries import NOWHERE, Counter, Origin
from core.domain.access import Actor
from core.errors import BaseDown, Conflict, Refused
from core.storage import Store, accounts
from core.storage.accounts import AccountRow, SessionRow
from core.storage.store import MACHINE
from core.storage.writing import Writing


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody who is signed in: who acts, with which account, in which session."""

    actor: Actor
    account: AccountRow
    session: SessionRow


def open_session(office: Office, account: AccountRow, connection: sa.Connection, *, device: str, at: datetime) -> str:
    """Open a session in the caller's transaction; return the secret that the browser keeps.

    It waits, and opens nothing, for who has a second factor or must set one up: see ``finish``.
    """
    return _open_session(office, account, connection, device, at, waits=second_factor.is_asked(connection, account))


def _open_session(
    office: Office,
    account: AccountRow,
    connection: sa.Connection,
    device: str,
    at: datetime,
    *,
    waits: bool,
    provider_token: str | None = None,
) -> str:
    secret = f"{place_of(account.id)}.{office.chance()}"
    accounts.forget_sessions(connection, seen_before=at - office.rules.idle, opened_before=at - office.rules.longest)
    accounts.add_session(connection, SessionRow(digest(secret), account.id, device[:60], at, at, waits, provider_token))
    if not waits:
        accounts.change_account(connection, account.id, {"signed_in_at": at})
    return secret


def cookie_name(store: Store) -> str:
    """The name of the session's cookie: browsers send cookies to every port of a machine, so it differs by store."""
    return f"fabrique_{store.journal.first_hash()[:8]}"


def place_of(account: str) -> str:
    """What the sessions of one account begin with: where several processes serve, one holds all its pages."""
    return digest(account)[:8]


def visit(office: Office, secret: str | None, *, at: datetime) -> Visit | None:
    """Who holds this secret, None when the session ended, is too old, or never was.

    One indexed select; its last use is written down at times, and never waited for.
    """
    if not secret:
        return None
    with office.store.connect() as connection:
        found = accounts.session_with_account(connection, digest(secret))
    if found is None or found[0].waits or not _holds(office, *found, at):
        return None
    session, account = found
    if at - session.seen_at > office.rules.seen_every:
        _see(office, session, at)
    return Visit(actor_of(account), account, session)


def listed(office: Office, account: str, *, at: datetime) -> list[SessionRow]:
    """The sessions of an account that still hold, the one used last first."""
    with office.store.connect() as connection:
        found = accounts.sessions_of(connection, account)
    return [one for one in found if not one.waits and _in_time(office, one, at)]


def end(office: Office, secret: str | None, *, at: datetime) -> bool:
    """Sign out; whether there was a session to end. Every tab of it is out at its next action."""
    if not secret:
        return False
    with office.store.writing(MACHINE, at) as writing:
        return accounts.end_session(writing.connection, digest(secret))


def end_one(office: Office, who: Visit, session: str, *, at: datetime) -> None:
    """End one of one's own sessions, named by its hash."""
    with office.store.writing(who.actor, at) as writing:
        own = {one.hash for one in accounts.sessions_of(writing.connection, who.account.id)}
        if session in own:
            accounts.end_session(writing.connection, session)


def end_others(office: Office, who: Visit, *, at: datetime) -> int:
    """End one's own sessions but this one; how many there were."""
    with office.store.writing(who.actor, at) as writing:
        return accounts.end_sessions_of(writing.connection, who.account.id, but=who.session.hash)


def _holds(office: Office, session: SessionRow, account: AccountRow, at: datetime) -> bool:
    return account.deactivated_at is None and _in_time(office, session, at)


def _in_time(office: Office, session: SessionRow, at: datetime) -> bool:
    """Bounded both ways: a session opened under a clock that was ahead would otherwise never grow old."""
    idle, age, early = at - session.seen_at, at - session.opened_at, -office.rules.early
    return early <= idle < office.rules.idle and early <= age < office.rules.longest


def _see(office: Office, session: SessionRow, at: datetime) -> None:
    try:
        with office.store.writing(MACHINE, at) as writing:
            accounts.see_session(writing.connection, session.hash, at)
    except (Conflict, BaseDown):
        pass  # somebody stores a large file meanwhile, or the disk is full: reading goes on, the next page will say it


# --- Passwords: the rules that one must keep, and argon2, which makes each try slow ----------------


SHORTEST, LONGEST, _GUESSES_LOG10 = 12, 200, 8
RULE = f"{SHORTEST} caractères au moins, et pas votre courriel. Une phrase se retient mieux qu’un mot compliqué."
_HASHER = PasswordHasher()


def choose(password: str, email: str) -> str:
    """What is kept of a new password.

    Raises Refused, saying which rule it breaks.
    """
    same = _same_everywhere(password)
    if len(same) < SHORTEST:
        raise Refused(f"Ce mot de passe est trop court : il faut {SHORTEST} caractères au moins.")
    if len(same) > LONGEST:
        raise Refused(f"Ce mot de passe est trop long : {LONGEST} caractères au plus.")
    if same.casefold().strip() in (email, email.partition("@")[0]):
        raise Refused("Ce mot de passe est votre courriel : choisissez-en un autre.")
    if len(set(same)) < 4:
        raise Refused("Ce mot de passe répète les mêmes caractères : choisissez-en un autre.")
    if _is_common(same, email):
        raise Refused(
            "Ce mot de passe est de ceux que l’on essaie en premier : mot courant, suite de touches, ou "
            "votre courriel. Prenez plutôt une phrase."
        )
    return _HASHER.hash(same)


def _is_common(password: str, email: str) -> bool:
    """Whether somebody who knows the lists of leaked passwords finds this one among the first hundred million."""
    from zxcvbn import zxcvbn  # its lists are large, and only a new password asks for them

    return bool(zxcvbn(password[:72], [email, *email.split("@")])["guesses_log10"] < _GUESSES_LOG10)


def agrees(kept: str | None, password: str) -> bool:
    """Whether ``password`` is the one that was kept; as slow when nothing was."""
    try:
        return _HASHER.verify(kept or _nobodys(), _same_everywhere(password)[: LONGEST + 1]) and kept is not None
    except (VerificationError, InvalidHashError):
        return False


@cache
def _nobodys() -> str:
    """The hash that is tried for who has none, so that the answer takes as long."""
    return _HASHER.hash("le mot de passe de personne")


def _same_everywhere(password: str) -> str:
    """One keyboard writes « é » as one sign, another as two: the same password."""
    return unicodedata.normalize("NFKC", password)


# --- Signing in: by a password, tried a few times only, or by the word of another service; then by a code ----


WRONG = "Courriel ou mot de passe incorrect."
_STALE = "Ce compte n’est pas, ou n’est plus, autorisé ici. Demandez un accès à la chefferie de projet."
_TOO_LATE = "Cette connexion attendait un code depuis trop longtemps. Recommencez."


def with_password(
    office: Office, email: str, password: str, *, device: str, at: datetime, origin: Origin = NOWHERE
) -> str:
    """Sign in; return the secret of the session that opens.

    Raises Refused: the same words, as slowly, whatever is wrong, but when one tries too often, be the address
    known or not. A try is counted before it is made, so that many at once are still few.
    """
    address = plain_email(email)
    with office.store.writing(MACHINE, at) as writing:
        counted = tries.counters(office, writing.connection, address, origin, at)
        tries.count(office, writing.connection, counted, at)
    with office.store.connect() as connection:
        account = accounts.account_by_email(connection, address)
    right = agrees(account.password if account else None, password)
    if account is None or not right or account.deactivated_at is not None:
        tries.wrong(office, account, counted, at)
        raise Refused(WRONG)
    return _open(office, account, device, at, counted)


def _tried_by(office: Office, who: Visit, at: datetime) -> Sequence[tries.Counter]:
    """A try of somebody who is signed in, counted before it is made. Raises Refused when it comes too soon."""
    counted = tries.of_session(office, who.account.email, who.session.hash)
    with office.store.writing(MACHINE, at) as writing:
        tries.count(office, writing.connection, counted, at)
    return counted


def confirm(office: Office, who: Visit, password: str, *, at: datetime) -> None:
    """Ask somebody who is signed in for her password again.

    Raises Refused when it is wrong, or tried too often.
    """
    counted = _tried_by(office, who, at)
    if not agrees(who.account.password, password):
        tries.wrong(office, who.account, counted, at)
        raise Refused("Ce n’est pas votre mot de passe actuel.")


def known_as(office: Office, email: str, *, device: str, at: datetime, provider_token: str | None = None) -> str:
    """Sign in somebody whose address another service vouches for; return the session's secret.

    ``provider_token`` is kept for that service's own sign-out. Raises Refused when no active account bears
    that address.
    """
    with office.store.connect() as connection:
        account = accounts.account_by_email(connection, plain_email(email))
    if account is None:
        raise Refused(_STALE)
    return _open(office, account, device, at, (), provider_token)


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody whose session waits for a second factor; ``sets_up`` when she has none yet and must."""

    account: AccountRow
    session: SessionRow
    sets_up: bool


def waiting(office: Office, secret: str | None, *, at: datetime) -> Waiting | None:
    """Who comes in once a code is given, None when no session waits under this secret."""
    with office.store.connect() as connection:
        return _waiting(office, connection, secret, at)


def finish(office: Office, secret: str, code: str, *, at: datetime, origin: Origin = NOWHERE) -> tuple[str, list[str]]:
    """Give the code that a session waits for; the secret of the one that opens, and recovery codes just made.

    Raises Refused for a wrong code, one tried too often, or a session that waited too long.
    """
    with office.store.writing(MACHINE, at) as writing:
        found = _waiting(office, writing.connection, secret, at)
        if found is None:
            raise Refused(_TOO_LATE)
        counted = tries.counters(office, writing.connection, found.account.email, origin, at, kind=tries.CODE)
        tries.count(office, writing.connection, counted, at)
    try:
        with office.store.writing(actor_of(found.account), at) as writing:
            codes = _with_code(office, writing, found, code, at)
            tries.right(writing.connection, counted, at)
            accounts.end_session(writing.connection, found.session.hash)
            device, token = found.session.device, found.session.provider_token
            opened = _open_session(
                office, found.account, writing.connection, device, at, waits=False, provider_token=token
            )
    except Refused:
        tries.wrong(office, found.account, counted, at)
        raise
    return opened, codes


def set_up_factor(office: Office, who: Visit, code: str, *, at: datetime) -> list[str]:
    """Set up one's own second factor with a first code; the recovery codes. The other sessions end.

    Raises Refused when the code is wrong, or tried too often.
    """
    counted = _tried_by(office, who, at)
    with office.store.writing(who.actor, at) as writing:
        codes = second_factor.confirm(office, writing.connection, who.account, code, at)
        tries.right(writing.connection, counted, at)
        accounts.end_sessions_of(writing.connection, who.account.id, but=who.session.hash)
        note(writing, who.account, FACTOR_SET)
    return codes


def give_up_factor(office: Office, who: Visit, code: str, *, at: datetime) -> None:
    """Take off one's own second factor, with a code of it.

    Raises Refused when the code is wrong or tried too often, or when one's role requires it.
    """
    if second_factor.state_of(office, who.account).required:
        raise Refused(
            "La double authentification est exigée de votre rôle. Pour changer de téléphone, quelqu’un d’autre de la "
            "chefferie la retire de votre compte ; vous la remettez à la connexion suivante."
        )
    counted = _tried_by(office, who, at)
    with office.store.writing(who.actor, at) as writing:
        if not second_factor.accept_code(writing.connection, who.account, code, at):
            raise Refused(second_factor.WRONG)
        tries.right(writing.connection, counted, at)
        accounts.forget_factor(writing.connection, who.account.id)
        note(writing, who.account, "double authentification retirée")


FACTOR_SET = "double authentification mise en place"


def _with_code(office: Office, writing: Writing, found: Waiting, code: str, at: datetime) -> list[str]:
    """Take the code that a session waits for; the recovery codes when it sets the factor up."""
    if found.sets_up:
        codes = second_factor.confirm(office, writing.connection, found.account, code, at)
        note(writing, found.account, FACTOR_SET)
        return codes
    if not second_factor.accept_code(writing.connection, found.account, code, at):
        raise Refused(second_factor.WRONG)
    return []


def _waiting(office: Office, connection: sa.Connection, secret: str | None, at: datetime) -> Waiting | None:
    found = accounts.session_with_account(connection, digest(secret)) if secret else None
    if found is None or not found[0].waits or not _holds(office, *found, at):
        return None
    session, account = found
    if at - session.opened_at >= office.rules.second_step:
        return None
    return Waiting(account, session, account.id not in accounts.with_factor(connection))


def _open(
    office: Office,
    account: AccountRow,
    device: str,
    at: datetime,
    counted: Sequence[Counter],
    provider_token: str | None = None,
) -> str:
    with office.store.writing(actor_of(account), at) as writing:
        now = accounts.account_by_id(writing.connection, account.id)
        if now is None or now.deactivated_at is not None:
            raise Refused(_STALE)
        tries.right(writing.connection, counted, at)
        waits = second_factor.is_asked(writing.connection, now)
        return _open_session(office, now, writing.connection, device, at, waits=waits, provider_token=provider_token)
