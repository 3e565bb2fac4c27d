"""`make audit`: which pinned packages a file of advisories says are flawed. Nothing is asked of the network.

Advisories are given as OSV documents (ossf.github.io/osv-schema): a folder of them, one file, or a ZIP, as
their publishers offer for download.
"""

from __future__ import annotations

import json
import sys
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from packaging.version import InvalidVersion, Version

from requirements.pins import DEV, Pin, normal, pins

NONE_GIVEN = (
    "Donnez les avis : make audit ADVISORIES=dossier (documents OSV de l’écosystème PyPI : un dossier de fichiers "
    ".json, un seul fichier, ou une archive .zip). Rien n’est demandé au réseau."
)


@dataclass(frozen=True, slots=True)
class Flaw:
    """A pinned package that an advisory names."""

    pin: Pin
    code: str
    summary: str
    fixed: tuple[str, ...]

    @property
    def text(self) -> str:
        """One line."""
        remedy = f"corrigé en {', '.join(self.fixed)}" if self.fixed else "sans version corrigée"
        return f"{self.pin.name} {self.pin.version} : {self.code}, {self.summary} ({remedy})"


def main(arguments: list[str]) -> int:
    """0 when no advisory names a pinned package, 1 when one does, 2 when there is nothing to judge by."""
    given = [one for one in arguments if one]
    found = [one for source in given for one in documents(Path(source))]
    told = [one for one in found if any(True for _ in _of_pypi(one))]
    if not told:
        print(NONE_GIVEN, file=sys.stderr)
        return 2
    flaws = list(judged(pins(DEV), told))
    for one in flaws:
        print(one.text)
    last = max((str(one.get("modified", "")) for one in told), default="")[:10] or "?"
    print(f"{len(told)} avis lus, le dernier du {last} ; paquets touchés : {len({one.pin.name for one in flaws})}.")
    return 1 if flaws else 0


def documents(source: Path) -> Iterator[Mapping[str, Any]]:
    """The advisories of a folder, of a ZIP or of one file, which may hold a list of them."""
    if source.is_dir():
        texts: Iterable[str] = (one.read_text(encoding="utf-8") for one in sorted(source.rglob("*.json")))
    elif zipfile.is_zipfile(source):
        with zipfile.ZipFile(source) as archive:
            texts = [archive.read(name).decode() for name in sorted(archive.namelist()) if name.endswith(".json")]
    else:
        texts = [source.read_text(encoding="utf-8")] if source.is_file() else []
    for text in texts:
        found = json.loads(text)
        yield from found if isinstance(found, list) else [found]


def judged(pinned: Iterable[Pin], told: Iterable[Mapping[str, Any]]) -> Iterator[Flaw]:
    """The pinned packages that advisories name; one that was withdrawn names nobody."""
    by_name = {one.name: one for one in pinned}
    for advisory in told:
        if advisory.get("withdrawn"):
            continue
        for affected in _of_pypi(advisory):
            pin = by_name.get(normal(affected["package"]["name"]))
            if pin is not None and is_affected(pin.version, affected):
                summary = str(advisory.get("summary") or advisory.get("details") or "").strip().partition("\n")[0]
                yield Flaw(pin, str(advisory["id"]), summary[:160], tuple(_fixed(affected)))


def is_affected(version: str, affected: Mapping[str, Any]) -> bool:
    """Whether a version is listed, or stands between where a flaw came in and where it was mended."""
    here = Version(version)
    if any(_version(one) == here for one in affected.get("versions", ())):
        return True
    ranges = [one for one in affected.get("ranges", ()) if one.get("type") in ("ECOSYSTEM", "SEMVER")]
    return any(_is_within(here, one.get("events", ())) for one in ranges)


def _is_within(here: Version, events: Iterable[Mapping[str, str]]) -> bool:
    """The events of a range in the order of versions: each one that stands before ``here`` opens or ends the flaw."""
    flawed = False
    for version, kind in sorted((_version(value), kind) for one in events for kind, value in one.items()):
        if kind == "introduced" and version <= here:
            flawed = True
        elif (kind in ("fixed", "limit") and version <= here) or (kind == "last_affected" and version < here):
            flawed = False
    return flawed


def _version(text: str) -> Version:
    """A version as it is compared; « 0 » is before all, one that no rule reads is before all too: it stays flawed."""
    try:
        return Version(text)
    except InvalidVersion:
        return Version("0")


def _fixed(affected: Mapping[str, Any]) -> list[str]:
    events = [event for one in affected.get("ranges", ()) for event in one.get("events", ())]
    return sorted({event["fixed"] for event in events if "fixed" in event and "." in event["fixed"]}, key=_version)


def _of_pypi(advisory: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """What an advisory says of packages of ours: those of Python."""
    for one in advisory.get("affected", ()):
        if str(one.get("package", {}).get("ecosystem", "")).partition(":")[0] == "PyPI":
            yield one


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
