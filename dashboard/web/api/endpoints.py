"""The addresses of the API, each declared once: the routes, the OpenAPI document and the page follow."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from core.domain.access import Action
from dashboard.web.api import answers
from dashboard.web.api.answers import Ask
from dashboard.web.api.problems import Problem

BASE = "/api/v1"
USUAL, MOST = 200, 1000


@dataclass(frozen=True, slots=True)
class Param:
    """One value that may be given in the address; ``where`` is « query » or « path »."""

    name: str
    said: str
    type: str = "string"
    where: str = "query"
    required: bool = False
    listed: tuple[str, ...] = ()
    least: int | None = None
    most: int | None = None
    usual: int | None = None
    example: str = ""

    def read(self, text: str | int | None) -> Any:
        """The value of what was written. Raises Problem 400, saying what was expected."""
        if isinstance(text, int):
            text = str(text)
        if text is None or text == "":
            if self.required:
                raise Problem(400, f"Il manque « {self.name} » : {self.said}")
            return self.usual
        if self.listed and text not in self.listed:
            raise Problem(400, f"« {self.name} » vaut « {text[:60]} » ; choisissez parmi : {', '.join(self.listed)}.")
        return self._whole(text) if self.type == "integer" else text

    def schema(self) -> dict[str, Any]:
        """The parameter's JSON Schema."""
        bounds = {"minimum": self.least, "maximum": self.most, "default": self.usual}
        listed = {"enum": list(self.listed)} if self.listed else {}
        return {"type": self.type, **listed, **{name: value for name, value in bounds.items() if value is not None}}

    def _whole(self, text: str) -> int:
        try:
            value = int(text)
        except ValueError:
            raise Problem(400, f"« {self.name} » doit être un nombre entier ; nous lisons « {text[:60]} ».") from None
        if (self.least is not None and value < self.least) or (self.most is not None and value > self.most):
            upper = f" à {self.most}" if self.most is not None else " ou plus"
            raise Problem(400, f"« {self.name} » doit être un nombre de {self.least}{upper}.")
        return value


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One address.

    ``published``: answered to anybody when FABRIQUE_PUBLIC is on. ``answer`` works on an Ask;
    ``holds`` are the stable keys of the answer, with their type and meaning.
    """

    path: str
    name: str
    summary: str
    answer: Callable[[Ask], dict[str, Any]]
    holds: Mapping[str, tuple[str, str]]
    params: tuple[Param, ...] = ()
    published: bool = False
    action: Action = Action.READ

    def read(self, path: Mapping[str, Any], query: Mapping[str, str]) -> dict[str, Any]:
        """The values given. Raises Problem 400 for one that is wrong, or that nothing bears."""
        names = {one.name for one in self.params if one.where == "query"}
        if strange := sorted(set(query) - names):
            listed = f" ; il y a : {', '.join(sorted(names))}" if names else ""
            raise Problem(400, f"« {strange[0][:60]} » n’est pas un paramètre de cette adresse{listed}.")
        return {one.name: one.read((path if one.where == "path" else query).get(one.name)) for one in self.params}


_EXPERIMENT = Param("experiment", "Code d’une expérimentation.", example="ct2-pays-d-aix")
_INDICATOR = Param("indicator", "Code d’un indicateur.", example="EQ5a")
_AS_OF = Param("as_of", "Révision à relire ; sans elle, tout ce qui est connu.", "integer", least=0, most=10**9)
_PAGE = (
    Param("limit", "Nombre d’éléments.", "integer", least=1, most=MOST, usual=USUAL),
    Param("offset", "Combien en sauter.", "integer", least=0, most=10**7, usual=0),
)
_ABOUT = {"revision": ("integer", "Dernière révision des données.")}
_PAGED = {
    **_ABOUT,
    "total": ("integer", "Nombre d’éléments en tout."),
    "limit": ("integer", "Nombre d’éléments demandé."),
    "offset": ("integer", "Éléments sautés."),
    "next_offset": ("integer?", "Où commence la suite ; absente à la fin."),
}
_FREEZE = Param("number", "Numéro des données arrêtées.", "integer", where="path", required=True, least=1, most=10**6)

ENDPOINTS = (
    Endpoint(
        "/programme", "programme", "La délibération du 4 juin 2021, comme données.", answers.programme,
        {**_ABOUT, "experiments": ("array", "Expérimentations."), "associations": ("array", "Associations."),
         "conventions": ("array", "Conventions."), "subsidy_lines": ("array", "Lignes de subvention, en euros."),
         "commitments": ("array", "Engagements."), "equipment": ("object", "Matériel.")},
        published=True,
    ),
    Endpoint(
        "/experiments", "experiments", "Les expérimentations installées, leurs lieux et leurs axes.",
        answers.experiments, {**_ABOUT, "experiments": ("array", "Expérimentations.")}, published=True,
    ),
    Endpoint(
        "/definitions", "definitions", "Ce que compte chaque indicateur.", answers.definitions,
        {**_PAGED, "definitions": ("array", "Définitions.")}, _PAGE, published=True,
    ),
    Endpoint(
        "/indicators", "indicators", "Les indicateurs, comme « fabrique indicators --json ».", answers.indicators,
        {**_PAGED, "observations": ("array", "Chiffres.")},
        (_EXPERIMENT, _INDICATOR, Param("period", "Trimestre ou mois.", example="2021-T3"),
         Param("by", "Par lieu ou par mois.", listed=("place", "month")), _AS_OF, *_PAGE),
    ),
    Endpoint(
        "/ledger", "ledger", "Voté, versé, dépensé, reste à verser, ligne par ligne, en euros.", answers.ledger,
        {**_ABOUT, "lines": ("array", "Lignes de subvention.")},
    ),
    Endpoint(
        "/commitments", "commitments", "Les engagements, et le nombre de lignes qui les montrent.", answers.promises,
        {**_ABOUT, "commitments": ("array", "Engagements, par expérimentation.")},
    ),
    Endpoint(
        "/freezes", "freezes", "Les données arrêtées pour les comités.", answers.freezes,
        {**_ABOUT, "freezes": ("array", "Données arrêtées.")}, published=True,
    ),
    Endpoint(
        "/freezes/{number}", "freeze", "Des données arrêtées : leur phrase, leur empreinte, l’argent.", answers.freeze,
        {**_ABOUT, "number": ("integer", "Numéro."), "until": ("string", "Dernier jour compté."),
         "sha256": ("string", "Empreinte."), "sentence": ("string", "Ce qu’elles disent."),
         "lines": ("array", "Lignes de subvention.")},
        (_FREEZE,), published=True,
    ),
    Endpoint(
        "/freezes/{number}/indicators", "frozen_indicators", "Les chiffres de données arrêtées, au chiffre près.",
        answers.frozen_indicators, {**_PAGED, "observations": ("array", "Chiffres.")},
        (_FREEZE, _EXPERIMENT, _INDICATOR, *_PAGE), published=True,
    ),
    Endpoint(
        "/deposits", "deposits", "Qui a déposé quoi et quand ; pour qui lit les lignes.", answers.deposits,
        {**_PAGED, "deposits": ("array", "Dépôts, le dernier d’abord.")},
        (Param("association", "Code d’une association.", example="ifac"), *_PAGE),
    ),
    Endpoint(
        "/rows", "rows", "Les lignes d’un jeu de données ; pour qui lit les lignes.", answers.rows,
        {**_PAGED, "rows": ("array", "Lignes, aux colonnes du dictionnaire.")},
        (Param("association", "Code d’une association.", required=True, example="ifac"),
         Param("dataset", "Code d’un jeu de données.", required=True, example="immeubles"), _AS_OF, *_PAGE),
    ),
)  # fmt: skip
