"""A service of its own for a measure: started, waited for, signed in to, stopped."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from core.accounts import Office, accounts, cookie_name
from core.accounts.sign_in import known_as
from core.contract import Registry
from core.contract.schema_setup import prepare
from core.demonstration.people import LEAD, email_of
from core.storage import Store

ROOT = Path(__file__).parents[1]
FABRIQUE = (sys.executable, "-c", "from core.cli import main; main()")
"""The command, whether or not it is installed."""
COMPILED = str(Path(tempfile.gettempdir()) / "fabrique-mesures-compilees")
"""Where what these processes compile is kept from one to the next, of the framework in front as well."""
HEALTH = "/_stcore/health"
_TICK = os.sysconf("SC_CLK_TCK")


def filled(folder: Path) -> str:
    """The address of the demonstration in ``folder``, filled there unless it is."""
    path = folder / "demonstration.sqlite3"
    base = f"sqlite:///{path}"
    if not path.exists():
        subprocess.run([*FABRIQUE, "demo", "--fill-only"], env=env(base), check=True, capture_output=True)
    return base


@contextmanager
def serving(command: tuple[str, ...], base: str, port: int, *, ready: str = HEALTH) -> Iterator[int]:
    """The process of a server that answers at ``ready``, until the end of the block."""
    process = subprocess.Popen(command, cwd=ROOT, env=env(base), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait(f"http://127.0.0.1:{port}{ready}")
        yield process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def signed_in(base: str) -> tuple[str, str]:
    """The cookie of a session of the demonstration’s project lead: its name, its value."""
    now = datetime.now(UTC)
    with Store.open(base) as store:
        prepare(Registry.load(), store, at=now)
        office = Office(store)
        accounts.open_account(office, email_of(LEAD), LEAD, at=now)
        return cookie_name(store), known_as(office, email_of(LEAD), device="mesure", at=now)


def processor(process: int) -> float:
    """Processor seconds of a process so far; 0 where the system does not tell them this way."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / _TICK


def free_port() -> int:
    """One that nobody listens to."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def env(base: str = "") -> dict[str, str]:
    """The environment of a process that opens this base. What is compiled is kept, as an installation keeps it."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "PYTHONPYCACHEPREFIX": COMPILED, "FABRIQUE_DATABASE_URL": base}


def _wait(address: str) -> None:
    until = time.monotonic() + 120
    while time.monotonic() < until:
        try:
            urllib.request.urlopen(address, timeout=1).close()
        except OSError:
            time.sleep(0.02)
        else:
            return
    raise TimeoutError("The server did not start within two minutes.")
