"""Accounts: who may come in, how, and for how long.

    identity.py       what the services share: the store, the rules of time, chance; an address, a name, a role
    sign_in.py        coming in by a password, by the word of another service, then by a code; sessions
    tries.py          how often one may try, from where, and the browsers that are known
    second_factor.py  the codes of a telephone, recovery codes, for whom they are required
    accounts.py       the list, invitations and other links that open once, deactivate, change
    provider.py       another service that vouches for people
    tokens.py         keys for programs
    remote.py         the slide that a telephone turned to, for the pages that project it

A session is a line of the store behind a secret that only the browser keeps: it can be ended
from here at any moment, and an old cookie finds nothing.
"""

from core.accounts.identity import Office, Rules, acting_for
from core.accounts.sign_in import Visit, cookie_name, visit
