"""The tables of accounts: who may come in, the open sessions, the links that open once, the wrong passwords.

No secret is kept as it is: passwords under argon2, session ids and links under SHA-256. These
tables hold the state of today; what was changed, by whom and when, is in the journal.
"""

from __future__ import annotations

import sqlalchemy as sa

from core.storage.tables import CORE, Moment

accounts = sa.Table(
    "accounts",
    CORE,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("email", sa.Text, nullable=False, unique=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("association", sa.Text),
    sa.Column("password", sa.Text),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("deactivated_at", Moment),
    sa.Column("signed_in_at", Moment),
)
"""One line a person; without a password until she chose one, or when another service signs her in."""

sessions = sa.Table(
    "sessions",
    CORE,
    sa.Column("hash", sa.Text, primary_key=True),
    sa.Column("account", sa.Text, sa.ForeignKey(accounts.c.id), nullable=False, index=True),
    sa.Column("device", sa.Text, nullable=False),
    sa.Column("opened_at", Moment, nullable=False),
    sa.Column("seen_at", Moment, nullable=False),
)
"""The open sessions; one that ends is deleted, so an old cookie finds nothing."""

invitations = sa.Table(
    "invitations",
    CORE,
    sa.Column("hash", sa.Text, primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("account", sa.Text, sa.ForeignKey(accounts.c.id), index=True),
    sa.Column("expires_at", Moment, nullable=False),
)
"""Links that open once; one that served is deleted. The set-up link has no account yet."""

attempts = sa.Table(
    "sign_in_attempts",
    CORE,
    sa.Column("email_hash", sa.Text, primary_key=True),
    sa.Column("failures", sa.Integer, nullable=False),
    sa.Column("last_at", Moment, nullable=False),
)
"""Wrong passwords in a row for an address, known or not: the answer must not tell which."""
