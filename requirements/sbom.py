"""`make sbom`: what Fabrique is made of, as a CycloneDX 1.6 document: the pinned packages and their hashes.

The same requirements give the same document, byte for byte: no hour, no machine in it.
"""

from __future__ import annotations

import json
import sys
import tomllib
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement

from requirements.pins import HERE, RUNTIME, Pin, normal, pins

_PROJECT = HERE.parent / "pyproject.toml"


def main(arguments: list[str]) -> int:
    """Write the document where the first argument says."""
    out = Path(arguments[0])
    out.parent.mkdir(parents=True, exist_ok=True)
    made = document(pins(RUNTIME), tomllib.loads(_PROJECT.read_text(encoding="utf-8"))["project"])
    out.write_text(json.dumps(made, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"{out} : {len(made['components'])} paquets.")
    return 0


def document(pinned: Sequence[Pin], project: dict[str, Any]) -> dict[str, Any]:
    """The whole document; its number is that of its content."""
    us = f"pkg:pypi/{normal(project['name'])}@{project['version']}"
    components = [_component(one) for one in pinned]
    named = json.dumps([us, components], sort_keys=True)
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, named)}",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": us,
                "name": project["name"],
                "version": project["version"],
                "purl": us,
                "licenses": [{"license": {"id": project["license"]}}],
            }
        },
        "components": components,
        "dependencies": [{"ref": us, "dependsOn": sorted(_asked(pinned, project))}],
    }


def _component(one: Pin) -> dict[str, Any]:
    told: dict[str, Any] = {
        "type": "library",
        "bom-ref": _address(one),
        "name": one.name,
        "version": one.version,
        "purl": _address(one),
        "hashes": [{"alg": "SHA-256", "content": sha256} for sha256 in one.hashes],
    }
    if one.marker:
        told["properties"] = [{"name": "fabrique:marker", "value": one.marker}]
    return told


def _asked(pinned: Sequence[Pin], project: dict[str, Any]) -> set[str]:
    """The packages that the project itself asks for; the others come with them."""
    optional = [one for group in project["optional-dependencies"].values() for one in group]
    names = {normal(Requirement(one).name) for one in [*project["dependencies"], *optional]}
    return {_address(one) for one in pinned if one.name in names}


def _address(one: Pin) -> str:
    return f"pkg:pypi/{one.name}@{one.version}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
