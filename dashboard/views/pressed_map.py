"""The map that is pressed: each commune opens its page, tinted by one figure that a switch chooses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

from core.catalogue import places
from core.domain import french
from core.domain.dataset import Row
from core.domain.figure_text import INCOMPLETE, lacking_text
from core.domain.indicator import Indicator
from core.domain.plugin_phrases import known
from core.domain.programme import METROPOLE
from dashboard.addresses import address
from dashboard.components import Child, ChooserLink, Html, choices, note, tag
from dashboard.components.map import MapCommune, MapDot
from dashboard.context import Context
from dashboard.views.shared import ReportingDate, kept, to_place
from dashboard.views.territory_map import ByPlace, at_place, territory

SHADES: Mapping[str, tuple[str, str]] = {
    "acteurs": ("AC1", "Acteurs recensés"),
    "diagnostics": ("AC6", "Diagnostics réalisés"),
    "ordinateurs": ("EQ5a", "Ordinateurs remis"),
}
"""What may tint the communes: its word in the address, its indicator, its name."""
ACTORS = "acteurs"
"""The first tint, and the table of the actors."""
FIRST = ACTORS
DOTS = "Les acteurs recensés qui donnent leur position"
_STEPS = 4


def tint_of(asked: str | None) -> str:
    """The figure that tints the communes: the one that the address names, else the first."""
    return asked if asked is not None and asked in SHADES else FIRST


def pressed_territory(context: Context, found: ByPlace, chosen: str, moment: ReportingDate) -> Html:
    """The switch, the map, and what its tints mean."""
    code, title = SHADES[chosen]
    indicator = context.registry.indicator(code)
    seen = {insee: _of_commune(found, indicator, own) for insee, own in _places_of().items()}
    bounds = _bounds([number for number, _ in seen.values() if number])
    communes = [
        MapCommune(insee, known_one.name, to_place(_places_of()[insee][0], moment), _step(number, bounds), told)
        for insee, (number, told) in seen.items()
        if (known_one := places.communes().get(insee)) is not None
    ]
    links = [
        ChooserLink(name, address("lieux", carte=word, **moment.keep), word == chosen)
        for word, (_, name) in SHADES.items()
    ]
    name = ("actors with a point", moment.until)
    actors = kept(context, name, moment.revision, lambda: _actors(context, moment)) if chosen == ACTORS else None
    dots = actors[0] if actors else ()
    ground = territory(context, context.registry.experiments, moment, communes, dots, DOTS)
    told = _dots_told(*actors) if actors else None
    return tag("div", choices("La teinte dit", links), ground, _key(title, bounds), told, class_="section")


def _actors(context: Context, moment: ReportingDate) -> tuple[Sequence[MapDot], int]:
    """The actors listed whose card gives a point of the map, by name, and how many are listed in all, each once."""
    rows = {
        row["id"]: row
        for one in context.registry.associations
        if any(dataset.code == ACTORS for dataset in context.registry.datasets(one.code))
        for row in context.store.rows(one.code, ACTORS, moment.revision).iter_rows(named=True)
        if row["date_maj"] is None or row["date_maj"] <= moment.until
    }
    placed = [row for row in rows.values() if row["latitude"] is not None and row["longitude"] is not None]
    dots = [_dot(row) for row in sorted(placed, key=lambda row: french.fold(row["nom"] or row["id"]))]
    return [one for one in dots if one.is_here], len(rows)


def _dot(row: Row) -> MapDot:
    """Its name, what kind of actor it is, and the day on which its card was checked."""
    kind = row["type_acteur"] or "type non renseigné"
    relay = {"oui": ", acteur relais", "possible": ", relais possible"}.get(row["relais"], "")
    day = f"fiche du {french.day(row['date_maj'])}" if row["date_maj"] else "fiche sans date"
    return MapDot(row["nom"] or row["id"], f"{kind}{relay}, {day}", row["latitude"], row["longitude"])


def _dots_told(dots: Sequence[MapDot], listed: int) -> Html | None:
    """How many actors have their own point; the others are known by their commune only."""
    if not listed:
        return None
    if not dots:
        return note("Aucune fiche d’acteur ne donne sa latitude et sa longitude : chacun est compté dans sa commune.")
    count = french.count(len(dots), "acteur a son point", "acteurs ont leur point")
    return note(
        f"{count} sur la carte, sur {french.number(listed)} recensés : ceux dont la fiche donne la position. "
        "Un point dit qui il est quand on le montre, le touche ou l’atteint au clavier."
    )


@cache
def _places_of() -> Mapping[str, tuple[str, ...]]:
    """The places of each commune by INSEE code: itself, then its quartiers."""
    every = [one for one in places.every().values() if one.insee and one.code != METROPOLE]
    communes = {one.insee: one.code for one in every if one.kind != places.QUARTIER}
    quartiers = [one for one in every if one.kind == places.QUARTIER]
    return {
        insee: (code, *(one.code for one in quartiers if one.insee == insee))
        for insee, code in communes.items()
        if insee
    }


def _of_commune(found: ByPlace, indicator: Indicator, own: Sequence[str]) -> tuple[int, Child]:
    """The number of a commune with its quartiers, and how it is said; a hidden part hides the whole."""
    seen = [found.figure(indicator, None, code) for code in own]
    if len(own) == 1:
        return int(known(seen[0]) or 0), at_place(indicator, seen[0])
    if any(one.hidden for one in seen):
        return 0, "non montré"
    number = int(sum(known(one) or 0 for one in seen))
    lacking = f", {INCOMPLETE}" if any(lacking_text(one) for one in seen) else ""
    return number, f"{french.number(number)}{lacking}, avec {french.listing(places.name(code) for code in own[1:])}"


def _bounds(numbers: Sequence[int]) -> tuple[int, ...]:
    """The largest number of each tint: as many communes in one as in another, as far as equal numbers allow."""
    ordered = sorted(numbers)
    if not ordered:
        return ()
    ends = (ordered[min(len(ordered) - 1, len(ordered) * step // _STEPS)] for step in range(1, _STEPS))
    return tuple(sorted({*ends, ordered[-1]}))


def _step(number: int, bounds: Sequence[int]) -> int:
    """0 for none, then from the lightest tint to the darkest."""
    return next((at for at, end in enumerate(bounds, 1) if number <= end), 0) if number else 0


def _key(title: str, bounds: Sequence[int]) -> Html:
    if not bounds:
        return note(f"{title} : aucune commune n’en a encore.")
    starts = [1, *(end + 1 for end in bounds[:-1])]
    steps = [
        tag("li", tag("span", class_=f"tint tint--{at}", aria_hidden="true"), _range(start, end))
        for at, (start, end) in enumerate(zip(starts, bounds, strict=True), 1)
    ]
    return tag("ul", tag("li", f"{title} :"), steps, tag("li", "sans teinte : aucun, ou non montré"), class_="map__key")


def _range(start: int, end: int) -> str:
    return french.number(end) if start == end else f"{french.number(start)} à {french.number(end)}"
