"""The OpenAPI 3.1 document, made from the declarations."""

from __future__ import annotations

from typing import Any

from core.domain.french import typeset
from dashboard.version import installed_version
from dashboard.web.api import problems
from dashboard.web.api.endpoints import BASE, ENDPOINTS, Endpoint, Param

TITLE = "Fabrique Inclusive Numérique"
_REFUSALS = (400, 401, 403, 404, 429)
_EITHER_ALONE: list[dict[str, list[str]]] = [{"jeton": []}, {"session": []}]


def document(cookie: str = "fabrique") -> dict[str, Any]:
    """The whole description; ``cookie`` is the name of the session's cookie."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": TITLE,
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


def _operation(one: Endpoint) -> dict[str, Any]:
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


def _schema(one: Endpoint) -> dict[str, Any]:
    properties = {name: {"type": _type(kind), "description": typeset(said)} for name, (kind, said) in one.holds.items()}
    return {"type": "object", "properties": properties, "required": list(one.holds)}


def _type(kind: str) -> str | list[str]:
    return [kind.removesuffix("?"), "null"] if kind.endswith("?") else kind


def _problem() -> dict[str, Any]:
    texts = {name: {"type": "string"} for name in ("type", "title", "detail", "instance")}
    return {
        "type": "object",
        "properties": {**texts, "status": {"type": "integer"}},
        "required": ["type", "title", "status", "detail"],
    }


def _refusal(status: int) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": problems.TITLES[status], "content": {problems.MEDIA: {"schema": schema}}}
