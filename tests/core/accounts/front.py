"""Short calls to the account services, for their tests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from core.accounts import Office, Visit, accounts, sign_in, visit
from core.accounts import sign_in as sessions
from core.domain.access import Actor, Role

NOON = datetime(2021, 9, 1, 12, tzinfo=UTC)
LEAD = Actor("Chefferie", Role.LEAD)
PASSWORD = "un chapeau de paille"
EMAIL = "claire@ifac.fr"


@dataclass
class Front:
    """The office, and the instant at which things are done."""

    office: Office
    now: datetime = NOON

    def later(self, **time: float) -> None:
        self.now += timedelta(**time)

    def invite(self, email: str = EMAIL, role: Role = Role.ASSOCIATION, association: str | None = "ifac") -> str:
        return accounts.invite(self.office, email, "Claire", role, association, actor=LEAD, at=self.now)

    def accept(self, link: str, password: str = PASSWORD) -> str:
        return accounts.accept(self.office, link, password, device="Firefox sur Linux", at=self.now)

    def somebody(self, email: str = EMAIL, role: Role = Role.ASSOCIATION, association: str | None = "ifac") -> str:
        """The session of somebody who just chose her password."""
        return self.accept(self.invite(email, role, association))

    def sign_in(self, password: str = PASSWORD, email: str = EMAIL) -> str:
        return sign_in.with_password(self.office, email, password, device="Edge", at=self.now)

    def visit(self, secret: str | None) -> Visit | None:
        return visit(self.office, secret, at=self.now)

    def known(self, secret: str) -> Visit:
        found = self.visit(secret)
        assert found is not None
        return found

    def account(self, email: str = EMAIL) -> str:
        return accounts.find(self.office, email).id

    def sessions(self, email: str = EMAIL) -> int:
        return len(sessions.listed(self.office, self.account(email), at=self.now))

    def journal(self) -> list[tuple[str, str]]:
        return [(line.action, line.actor) for line in reversed(self.office.store.journal.lines())]
