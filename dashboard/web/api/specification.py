"""The addresses of the API, each declared once: the routes, the OpenAPI document and the page follow."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from core.contract.product import installed_version
from core.domain.access import Action
from core.domain.french import typeset
from dashboard.components.html import Html, join, tag
from dashboard.components.tables import table
from dashboard.components.text import heading
from dashboard.web.api import answers, caller
from dashboard.web.api.answers import Ask
from dashboard.web.api.caller import ProblemDetails
from dashboard.web.sign_in_pages import PageDress, page

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

    def read(self, text: str | int | None) -> object:
        """The value of what was written. Raises Problem 400, saying what was expected."""
        if isinstance(text, int):
            text = str(text)
        if text is None or text == "":
            if self.required:
                raise ProblemDetails(400, f"Il manque « {self.name} » : {self.said}")
            return self.usual
        if self.listed and text not in self.listed:
            raise ProblemDetails(
                400, f"« {self.name} » vaut « {text[:60]} » ; choisissez parmi : {', '.join(self.listed)}."
            )
        return self._whole(text) if self.type == "integer" else text

    def schema(self) -> dict[str, object]:
        """The parameter's JSON Schema."""
        bounds = {"minimum": self.least, "maximum": self.most, "default": self.usual}
        listed = {"enum": list(self.listed)} if self.listed else {}
        return {"type": self.type, **listed, **{name: value for name, value in bounds.items() if value is not None}}

    def _whole(self, text: str) -> int:
        try:
            value = int(text)
        except ValueError:
            raise ProblemDetails(
                400, f"« {self.name} » doit être un nombre entier ; nous lisons « {text[:60]} »."
            ) from None
        if (self.least is not None and value < self.least) or (self.most is not None and value > self.most):
            upper = f" à {self.most}" if self.most is not None else " ou plus"
            raise ProblemDetails(400, f"« {self.name} » doit être un nombre de {self.least}{upper}.")
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

    def read(self, path: Mapping[str, Any], query: Mapping[str, str]) -> dict[str, object]:
        """The values given. Raises Problem 400 for one that is wrong, or that nothing bears."""
        names = {one.name for one in self.params if one.where == "query"}
        if strange := sorted(set(query) - names):
            listed = f" ; il y a : {', '.join(sorted(names))}" if names else ""
            raise ProblemDetails(400, f"« {strange[0][:60]} » n’est pas un paramètre de cette adresse{listed}.")
        return {one.name: one.read((path if one.where == "path" else query).get(one.name)) for one in self.params}


_EXPERIMENT = Param("experiment", "Code d’une expérimentation.", example="ct2-pays-d-aix")
_INDICATOR = Param("indicator", "Code d’un indicateur.", example="EQ5a")
_AS_OF = Param(
    "as_of", "Numéro du dépôt après lequel relire ; sans lui, tout ce qui est connu.", "integer", least=0, most=10**9
)
_PAGE = (
    Param("limit", "Nombre d’éléments.", "integer", least=1, most=MOST, usual=USUAL),
    Param("offset", "Combien en sauter.", "integer", least=0, most=10**7, usual=0),
)
_ABOUT = {"revision": ("integer", "Numéro du dernier dépôt.")}
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
        "/programme",
        "programme",
        "La délibération du 4 juin 2021, comme données.",
        answers.programme,
        {
            **_ABOUT,
            "experiments": ("array", "Expérimentations."),
            "associations": ("array", "Associations."),
            "conventions": ("array", "Conventions."),
            "subsidy_lines": ("array", "Lignes de subvention, en euros."),
            "commitments": ("array", "Engagements."),
            "equipment": ("object", "Matériel."),
        },
        published=True,
    ),
    Endpoint(
        "/experiments",
        "experiments",
        "Les expérimentations installées, leurs lieux et leurs axes.",
        answers.experiments,
        {**_ABOUT, "experiments": ("array", "Expérimentations.")},
        published=True,
    ),
    Endpoint(
        "/definitions",
        "definitions",
        "Ce que compte chaque indicateur.",
        answers.definitions,
        {**_PAGED, "definitions": ("array", "Définitions.")},
        _PAGE,
        published=True,
    ),
    Endpoint(
        "/indicators",
        "indicators",
        "Les indicateurs, comme « fabrique indicators --json ».",
        answers.indicators,
        {**_PAGED, "observations": ("array", "Chiffres.")},
        (
            _EXPERIMENT,
            _INDICATOR,
            Param("period", "Trimestre ou mois.", example="2021-T3"),
            Param("by", "Par lieu ou par mois.", listed=("place", "month")),
            _AS_OF,
            *_PAGE,
        ),
    ),
    Endpoint(
        "/ledger",
        "ledger",
        "Voté, versé, dépensé, reste à verser, ligne par ligne, en euros.",
        answers.ledger,
        {**_ABOUT, "lines": ("array", "Lignes de subvention.")},
    ),
    Endpoint(
        "/commitments",
        "commitments",
        "Les engagements, et le nombre de lignes qui les montrent.",
        answers.promises,
        {**_ABOUT, "commitments": ("array", "Engagements, par expérimentation.")},
    ),
    Endpoint(
        "/freezes",
        "freezes",
        "Les données arrêtées pour les comités.",
        answers.freezes,
        {**_ABOUT, "freezes": ("array", "Données arrêtées.")},
        published=True,
    ),
    Endpoint(
        "/freezes/{number}",
        "freeze",
        "Des données arrêtées : leur phrase, leur empreinte, l’argent.",
        answers.freeze,
        {
            **_ABOUT,
            "number": ("integer", "Numéro."),
            "until": ("string", "Dernier jour compté."),
            "sha256": ("string", "Empreinte."),
            "sentence": ("string", "Ce qu’elles disent."),
            "lines": ("array", "Lignes de subvention."),
        },
        (_FREEZE,),
        published=True,
    ),
    Endpoint(
        "/freezes/{number}/indicators",
        "frozen_indicators",
        "Les chiffres de données arrêtées, au chiffre près.",
        answers.frozen_indicators,
        {**_PAGED, "observations": ("array", "Chiffres.")},
        (_FREEZE, _EXPERIMENT, _INDICATOR, *_PAGE),
        published=True,
    ),
    Endpoint(
        "/deposits",
        "deposits",
        "Qui a déposé quoi et quand ; pour qui lit les lignes.",
        answers.deposits,
        {**_PAGED, "deposits": ("array", "Dépôts, le dernier d’abord.")},
        (Param("association", "Code d’une association.", example="ifac"), *_PAGE),
    ),
    Endpoint(
        "/rows",
        "rows",
        "Les lignes d’un jeu de données ; pour qui lit les lignes.",
        answers.rows,
        {**_PAGED, "rows": ("array", "Lignes, aux colonnes du dictionnaire.")},
        (
            Param("association", "Code d’une association.", required=True, example="ifac"),
            Param("dataset", "Code d’un jeu de données.", required=True, example="immeubles"),
            _AS_OF,
            *_PAGE,
        ),
    ),
)


# --- The OpenAPI 3.1 document, made from the declarations ------------------------------------------


API_TITLE = "Fabrique Inclusive Numérique"
_REFUSALS = (400, 401, 403, 404, 429)
_EITHER_ALONE: list[dict[str, list[str]]] = [{"jeton": []}, {"session": []}]


def document(cookie: str = "fabrique") -> dict[str, object]:
    """The whole description; ``cookie`` is the name of the session's cookie."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": API_TITLE,
            "version": installed_version(),
            "description": typeset(
                "Les mêmes chiffres que les écrans, en lecture seule. Sans droit de lire les lignes, les petits "
                "nombres de personnes sont masqués : « masked » dit alors ce qui se lit à leur place."
            ),
        },
        "servers": [{"url": BASE}],
        "paths": {one.path: {"get": _operation(one)} for one in ENDPOINTS},
        "components": {
            "schemas": {"Problem": _problem()},
            "responses": {f"Problem{status}": _refusal(status) for status in _REFUSALS},
            "securitySchemes": {
                "jeton": {"type": "http", "scheme": "bearer"},
                "session": {"type": "apiKey", "in": "cookie", "name": cookie},
            },
        },
    }


def _operation(one: Endpoint) -> dict[str, object]:
    return {
        "operationId": one.name,
        "summary": typeset(one.summary),
        "parameters": [_parameter(param) for param in one.params],
        "security": [*_EITHER_ALONE, {}] if one.published else _EITHER_ALONE,
        "responses": {
            "200": {
                "description": "La réponse.",
                "headers": {"ETag": {"description": "Change avec les données.", "schema": {"type": "string"}}},
                "content": {"application/json": {"schema": _schema(one)}},
            },
            "304": {"description": "Rien n’a changé depuis l’ETag donné."},
            **{str(status): {"$ref": f"#/components/responses/Problem{status}"} for status in _REFUSALS},
        },
    }


def _parameter(one: Param) -> dict[str, Any]:
    example = {"example": one.example} if one.example else {}
    told = {"name": one.name, "in": one.where, "description": typeset(one.said), "schema": one.schema(), **example}
    return {**told, "required": True} if one.required else told


def _schema(one: Endpoint) -> dict[str, object]:
    properties = {name: {"type": _type(kind), "description": typeset(said)} for name, (kind, said) in one.holds.items()}
    return {"type": "object", "properties": properties, "required": list(one.holds)}


def _type(kind: str) -> str | list[str]:
    return [kind.removesuffix("?"), "null"] if kind.endswith("?") else kind


def _problem() -> dict[str, object]:
    texts = {name: {"type": "string"} for name in ("type", "title", "detail", "instance")}
    return {
        "type": "object",
        "properties": {**texts, "status": {"type": "integer"}},
        "required": ["type", "title", "status", "detail"],
    }


def _refusal(status: int) -> dict[str, object]:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": caller.TITLES[status], "content": {caller.MEDIA: {"schema": schema}}}


# --- The API told in French, for who will write to it ----------------------------------------------


PAGE_TITLE = "Interface de programmation"


def api_page(dress: PageDress, *, public: bool) -> str:
    """The whole page; ``public`` tells whether anybody is answered."""
    opened = (
        "Les adresses marquées « ouvert » répondent à tous, avec les seuls chiffres arrêtés pour un comité clos."
        if public
        else "Toutes les adresses demandent un jeton ou une session."
    )
    described = tag("a", f"{BASE}/openapi.json", href=f"{BASE}/openapi.json", class_="link")
    told = tag(
        "p",
        "Les mêmes chiffres que les écrans, en JSON et en lecture seule, pour un portail de données ou un tableur. "
        "La description complète, lisible par une machine, est dans ",
        described,
        " (OpenAPI 3.1).",
    )
    rows = [_row(one, public) for one in ENDPOINTS]
    addresses = table(
        "Les adresses", ("Adresse", "Ce qu’elle donne", "Paramètres", "Accès"), rows, wide=True, caption_shown=True
    )
    return page(
        dress, PAGE_TITLE, tag("div", told, tag("p", opened), _how(), addresses, _parameters(), _rules(), class_="api")
    )


def _how() -> Html:
    sample = f"curl -H 'Authorization: Bearer fab_…' 'https://…{BASE}/indicators?indicator=EQ5a'"
    command = tag("code", "fabrique token create")
    return join(
        [
            heading("Demander", 2),
            tag("p", "La Métropole donne un jeton (page « Jetons », ou ", command, "). Il s’envoie dans un en-tête :"),
            tag("pre", tag("code", sample), class_="sample", tabindex="0"),
        ]
    )


def _rules() -> Html:
    said = (
        "Un chiffre absent vaut null, et « missing_because » dit pourquoi : not_reported (pas encore renseigné), "
        "not_applicable (la question ne se pose pas là), not_followed (l’association ne donne pas ce chiffre), error ; "
        "zéro est une valeur.",
        "Un taux est en points de pourcentage, un montant en euros.",
        "Un jeton qui ne lit pas les lignes reçoit les petits nombres masqués : « masked » dit alors « moins de 5 », "
        "ou « non montré » pour ce qui les ferait retrouver.",
        f"Une réponse porte au plus {MOST} éléments ; « next_offset » dit où commence la suite.",
        "« ETag » change avec les données : renvoyez-le dans « If-None-Match » pour ne rien recharger.",
        "Une demande refusée répond en français, au format « problem details » (application/problem+json).",
        "Trop de demandes à la suite sont refusées (429) ; « Retry-After » dit combien de secondes attendre.",
    )
    return join([heading("Lire", 2), tag("ul", [tag("li", one) for one in said])])


def _row(one: Endpoint, public: bool) -> tuple[Html, str, Html, str]:
    named = [tag("code", param.name) for param in one.params if param.where == "query"]
    given = tag("span", [[", " if rank else "", name] for rank, name in enumerate(named)] or "aucun")
    opened = "ouvert" if public and one.published else "jeton ou session"
    return tag("code", f"{BASE}{one.path}"), one.summary, given, opened


def _parameters() -> Html:
    """Each parameter once: it means the same wherever it is."""
    every = {param.name: param for one in ENDPOINTS for param in one.params}
    rows = [(tag("code", param.name), param.said, _values(param)) for param in every.values()]
    return table("Les paramètres", ("Nom", "Sens", "Valeurs"), rows, wide=True, caption_shown=True)


def _values(param: Param) -> str:
    if param.listed:
        return " ou ".join(param.listed)
    if param.name == "limit":
        return f"de {param.least} à {param.most}, {param.usual} si rien n’est dit"
    return "nombre entier" if param.type == "integer" else f"par exemple {param.example}"
