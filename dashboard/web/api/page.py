"""The API told in French, for who will write to it."""

from __future__ import annotations

from dashboard.components.html import Html, join, tag
from dashboard.components.tables import table
from dashboard.components.text import heading
from dashboard.web.api.endpoints import BASE, ENDPOINTS, MOST, Endpoint, Param
from dashboard.web.sign_in_pages import Dress, page

TITLE = "Interface de programmation"


def api_page(dress: Dress, *, public: bool) -> str:
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
    addresses = table("Les adresses", ("Adresse", "Ce qu’elle donne", "Paramètres", "Accès"), rows, wide=True)
    return page(
        dress, TITLE, tag("div", told, tag("p", opened), _how(), addresses, _parameters(), _rules(), class_="api")
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
        "Un chiffre absent vaut null, et « missing_because » dit pourquoi ; zéro est une valeur.",
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
    return table("Les paramètres", ("Nom", "Sens", "Valeurs"), rows, wide=True)


def _values(param: Param) -> str:
    if param.listed:
        return " ou ".join(param.listed)
    if param.name == "limit":
        return f"de {param.least} à {param.most}, {param.usual} si rien n’est dit"
    return "nombre entier" if param.type == "integer" else f"par exemple {param.example}"
