"""What Fabrique is made of: the inventory, and the audit by advisories that are given, without a network."""

from __future__ import annotations

import json
import re
import socket
import zipfile
from pathlib import Path
from typing import Any

import pytest

from requirements import audit, sbom
from requirements.pins import DEV, RUNTIME, Pin, pins

PINNED = Pin("starlette", "1.10.2", None, ())


def advisory(name: str = "Starlette", **affected: Any) -> dict[str, Any]:
    package = {"ecosystem": "PyPI", "name": name}
    return {
        "id": "OSV-1",
        "modified": "2026-11-01T00:00:00Z",
        "summary": "s",
        "affected": [{"package": package, **affected}],
    }


def between(*events: tuple[str, str], kind: str = "ECOSYSTEM") -> dict[str, Any]:
    return {"ranges": [{"type": kind, "events": [{name: version} for name, version in events]}]}


def test_every_pin_has_its_version_and_hashes() -> None:
    found = pins(DEV)
    assert {"streamlit", "pyotp", "argon2-cffi", "pytest"} <= {one.name for one in found}
    assert len(found) == len(re.findall(r"^[\w.-]+(?:\[.*\])?==", DEV.read_text(encoding="utf-8"), re.MULTILINE))
    assert all(one.hashes and one.version for one in found)


def test_line_that_pins_nothing_is_no_requirement(tmp_path: Path) -> None:
    loose = tmp_path / "loose.txt"
    loose.write_text("streamlit>=1\n", encoding="utf-8")
    with pytest.raises(ValueError, match="streamlit"):
        pins(loose)


@pytest.mark.parametrize(
    ("affected", "flawed"),
    [
        (between(("introduced", "0")), True),
        (between(("introduced", "0"), ("fixed", "1.10.3")), True),
        (between(("introduced", "0"), ("fixed", "1.10.2")), False),
        (between(("introduced", "1.10.3")), False),
        (between(("introduced", "0"), ("last_affected", "1.10.2")), True),
        (between(("introduced", "0"), ("last_affected", "1.10.1")), False),
        (between(("introduced", "0"), ("fixed", "1.2"), ("introduced", "1.10"), ("fixed", "1.11")), True),
        (between(("fixed", "1.2"), ("introduced", "0")), False),
        (between(("introduced", "0"), kind="GIT"), False),
        ({"versions": ["1.10.2"]}, True),
        ({"versions": ["1.10.20", "1.1"]}, False),
    ],
)
def test_version_is_judged_by_the_events_of_its_range(affected: dict[str, Any], flawed: bool) -> None:
    assert bool(list(audit.judged([PINNED], [advisory(**affected)]))) is flawed


def test_what_is_not_ours_or_was_withdrawn_names_nobody() -> None:
    everywhere = between(("introduced", "0"))
    elsewhere = advisory(**everywhere)
    elsewhere["affected"][0]["package"]["ecosystem"] = "npm"
    told = [advisory("another", **everywhere), elsewhere, {**advisory(**everywhere), "withdrawn": "2026-01-01"}]
    assert not list(audit.judged([PINNED], told))


@pytest.mark.parametrize("how", ["folder", "zip", "file", "list"])
def test_flaw_is_told_whatever_the_advisories_come_in(
    how: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket, "socket", lambda *_given, **_named: pytest.fail("no network is asked"))
    pinned = next(one for one in pins(DEV) if one.name == "starlette")
    told = advisory("star_lette".replace("_", ""), **between(("introduced", "0"), ("fixed", "999.1")))
    source = tmp_path / "given.json"
    source.write_text(json.dumps([told] if how == "list" else told), encoding="utf-8")
    if how == "zip":
        source = tmp_path / "given.zip"
        with zipfile.ZipFile(source, "w") as archive:
            archive.writestr("OSV-1.json", json.dumps(told))
    assert audit.main([str(tmp_path if how == "folder" else source)]) == 1
    said = capsys.readouterr().out
    assert f"starlette {pinned.version} : OSV-1, s (corrigé en 999.1)" in said and "2026-11-01" in said


def test_nothing_to_judge_by_is_not_a_good_answer(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "other.json").write_text("{}", encoding="utf-8")
    for given in ([], [""], [str(tmp_path)], [str(tmp_path / "gone")]):
        assert audit.main(given) == 2
    assert "ADVISORIES" in capsys.readouterr().err


def test_inventory_holds_each_pinned_package_and_is_the_same_twice(tmp_path: Path) -> None:
    first, second = tmp_path / "a" / "one.json", tmp_path / "two.json"
    assert sbom.main([str(first)]) == sbom.main([str(second)]) == 0
    assert first.read_bytes() == second.read_bytes()
    made = json.loads(first.read_text(encoding="utf-8"))
    assert (made["bomFormat"], made["specVersion"], made["version"]) == ("CycloneDX", "1.6", 1)
    assert re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", made["serialNumber"])
    found = {(one["name"], one["version"]): one for one in made["components"]}
    assert list(found) == [(one.name, one.version) for one in pins(RUNTIME)]
    assert all(one["purl"] == f"pkg:pypi/{one['name']}@{one['version']}" and one["hashes"] for one in found.values())
    refs = {one["bom-ref"] for one in made["components"]}
    (ours,) = made["dependencies"]
    assert ours["ref"] == made["metadata"]["component"]["bom-ref"] and set(ours["dependsOn"]) < refs
    assert any(ref.startswith("pkg:pypi/psycopg@") for ref in ours["dependsOn"])
