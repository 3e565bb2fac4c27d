"""A refusal as « problem details » (RFC 9457), in French."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from starlette.responses import JSONResponse, Response

from core.domain.french import typeset

MEDIA = "application/problem+json"
TITLES = {
    400: "Demande mal formée",
    401: "Jeton ou session manquants",
    403: "Accès refusé",
    404: "Adresse ou code inconnus",
    405: "Lecture seule",
    429: "Trop de demandes",
    500: "Erreur imprévue",
}


@dataclass
class Problem(Exception):
    """What stops a request: ``detail`` is one French sentence that says what to do."""

    status: int
    detail: str
    headers: Mapping[str, str] = field(default_factory=dict)

    def answer(self, path: str) -> Response:
        """The response."""
        told = {
            "type": "about:blank",
            "title": TITLES[self.status],
            "status": self.status,
            "detail": typeset(self.detail),
            "instance": path,
        }
        headers = {"cache-control": "no-store", **self.headers}
        return JSONResponse(told, status_code=self.status, headers=headers, media_type=MEDIA)
