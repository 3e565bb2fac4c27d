"""Accounts: who may come in, how, and for how long.

    office.py     what the services share: the store, the rules of time, chance
    identity.py   an address, a name, a role; ``acting_for`` an association
    passwords.py  the rules of a password, argon2
    sessions.py   a session: opened, asked at every page, ended
    links.py      links that open once: invitation, new password, first set-up
    sign_in.py    by a password, or by the word of another service
    keeping.py    the list, deactivate, unlock, change

A session is a line of the store behind a secret that only the browser keeps: it can be ended
from here at any moment, and an old cookie finds nothing.
"""

from core.services.accounts.identity import acting_for
from core.services.accounts.office import Office, Rules
from core.services.accounts.sessions import Visit, visit

__all__ = ["Office", "Rules", "Visit", "acting_for", "visit"]
