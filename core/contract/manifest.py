"""The manifest of a plugin, ``fabrique.toml``, read without importing the plugin.

::

    title = "Pays Salonais (Anonymal)"
    contract = "2"            # or a range: "1-2"
    product = "0.1-0.4"       # optional: the versions of Fabrique that it was tried with

    [schemas]                 # optional: the versions that the plugin was written for
    materiel = 1
"""

from __future__ import annotations

import importlib.util
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from core.contract.product import Release, release
from core.errors import PluginProblem

NAME = "fabrique.toml"
_REMEDY = f'Ajoutez au dossier du plugin un fichier {NAME} avec deux lignes : title = "…" et contract = "1".'


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a plugin says of itself before anybody runs it.

    ``contract`` is the first and the last version of the contract that it was written for;
    ``product`` the first and the last minor version of Fabrique, None for any; ``schemas`` the version of
    each dataset that it expects, by code.
    """

    title: str
    contract: tuple[int, int]
    schemas: Mapping[str, int] = field(default_factory=dict)
    product: tuple[Release, Release] | None = None

    def suits(self, version: str) -> bool:
        """Whether it was written for this version of Fabrique; a version that says nothing suits everybody."""
        found = release(version)
        return self.product is None or found is None or self.product[0] <= found <= self.product[1]

    @property
    def product_text(self) -> str:
        """« 0.1 », « 0.1 à 0.4 »; empty when any version suits."""
        if self.product is None:
            return ""
        first, last = (f"{major}.{minor}" for major, minor in self.product)
        return first if first == last else f"{first} à {last}"

    def newest(self, oldest: int, latest: int) -> int | None:
        """The newest version of the contract that it was written for, from ``oldest`` to ``latest``; None for none."""
        first, last = self.contract
        return min(last, latest) if first <= latest and last >= oldest else None

    @property
    def contract_text(self) -> str:
        """« 1 » or « 1 à 2 »."""
        first, last = self.contract
        return str(first) if first == last else f"{first} à {last}"


def read_manifest(module: str) -> Manifest:
    """The manifest beside ``module`` (an importable name), which stays unimported.

    Raises PluginProblem (stage ``load``) when the module or its manifest is missing or wrong.
    """
    folder = _folder(module)
    path = folder / NAME
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise _problem(f"Le dossier {folder.name} ne contient pas de fichier {NAME}.", _REMEDY) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise _problem(f"{NAME} est illisible : {error}", f"Corrigez {NAME} (format TOML, en UTF-8).") from error
    return parse_manifest(document)


def parse_manifest(document: Mapping[str, object]) -> Manifest:
    """A manifest from the content of the file; raises PluginProblem when it says too little."""
    title = document.get("title")
    if not isinstance(title, str) or not title.strip():
        raise _problem(f"{NAME} ne donne pas de titre (title).", _REMEDY)
    return Manifest(
        title.strip(),
        _contract(document.get("contract")),
        _schemas(document.get("schemas", {})),
        _product(document.get("product")),
    )


def _contract(value: object) -> tuple[int, int]:
    found = re.fullmatch(r"\s*(\d+)\s*(?:-\s*(\d+)\s*)?", str(value))
    if not found:
        raise _problem(
            f"{NAME} ne dit pas pour quel contrat le plugin est écrit (contract = {value!r}).",
            'Écrivez contract = "1", ou une étendue : contract = "1-2".',
        )
    first = int(found[1])
    return first, int(found[2] or first)


def _product(value: object) -> tuple[Release, Release] | None:
    if value is None:
        return None
    found = re.fullmatch(r"\s*(\d+\.\d+)\s*(?:-\s*(\d+\.\d+)\s*)?", str(value))
    first, last = (release(found[1]), release(found[2] or found[1])) if found else (None, None)
    if not isinstance(value, str) or first is None or last is None or first > last:
        raise _problem(
            f"{NAME} ne dit pas pour quelles versions de Fabrique le plugin est écrit (product = {value!r}).",
            'Écrivez product = "0.1", ou une étendue : product = "0.1-0.4". Sans cette ligne, toutes conviennent.',
        )
    return first, last


def _schemas(value: Any) -> dict[str, int]:
    right = isinstance(value, Mapping) and all(type(version) is int for version in value.values())
    if not right:
        raise _problem(
            f"Dans {NAME}, [schemas] doit donner un numéro de version par jeu de données.",
            "Écrivez par exemple : materiel = 1.",
        )
    return dict(value)


def _folder(module: str) -> Path:
    """The folder of ``module``; only the top-level name is looked up, since a dotted one would import it."""
    top, *rest = module.split(".")
    spec = importlib.util.find_spec(top)
    if spec is None:
        raise _problem(
            f"Le module « {top} » est introuvable.",
            "Réinstallez la distribution : son point d’entrée nomme un module qu’elle ne contient pas.",
        )
    places = list(spec.submodule_search_locations or [])
    if not places:
        return Path(spec.origin or ".").parent
    folder = Path(places[0]).joinpath(*rest)
    return folder if folder.is_dir() else folder.parent


def _problem(reason: str, remedy: str) -> PluginProblem:
    return PluginProblem(reason, stage="load", remedy=remedy)
