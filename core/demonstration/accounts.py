"""The accounts of the demonstration: one for each role, without a password, opened by one click on this machine."""

from __future__ import annotations

from datetime import datetime

from core.demonstration.people import COMMITTEE, LEAD, PEOPLE
from core.domain.actor import Actor
from core.services.accounts import Office
from core.services.accounts.links import open_account

EMAILS: dict[str, Actor] = {
    "chefferie@demonstration.invalid": LEAD,
    "comite@demonstration.invalid": COMMITTEE,
    **{f"{code}@demonstration.invalid": actor for code, actor in PEOPLE.items()},
}
"""Who bears which address; « .invalid » is nobody's, by the standard of names."""


def open_accounts(office: Office, *, at: datetime) -> None:
    """Make the accounts that are not there yet; idempotent."""
    for email, actor in EMAILS.items():
        open_account(office, email, actor, at=at)


def email_of(actor: Actor) -> str:
    """The address of a person of the demonstration."""
    return next(email for email, one in EMAILS.items() if one == actor)
