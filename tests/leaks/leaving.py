"""Everything that leaves the restricted screens for a committee, an association, a program or the public, as text."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pypdf

from core.committee.meetings import meetings, snapshot_of
from core.contract import Registry
from core.domain import access
from core.exports.documents import KINDS, Order
from core.exports.legal_documents import LEGAL
from core.money.fairness import FairMeasure
from core.settings import Settings
from core.storage import Store
from dashboard import context as context_of_pages
from dashboard.addresses import VIEWS, experiment_path
from dashboard.context import Context
from dashboard.views.projection import slides
from dashboard.views.slide_figures import Deck, masked
from dashboard.web.api import answers
from dashboard.web.api.answers import Ask
from dashboard.web.api.caller import Caller
from tests.dashboard.views.opening import html, opened
from tests.leaks.few_people import ACCOUNTS, AT, COMMITTEE, LAST, TODAY

API = ("indicators", "promises", "freezes", "freeze", "frozen_indicators")


def bounded(below: int) -> Settings:
    """Settings that hide every number under ``below``, however large."""
    return Settings.model_construct(mask_below=below)


def documents(registry: Registry, store: Store, below: int) -> dict[str, bytes]:
    """Each file that somebody of the committee may take away, frozen and of the day."""
    asked = Order(registry, store, COMMITTEE, AT, bounded(below), until=LAST)
    made = {}
    for freeze in (1, 2, None):
        for kind in KINDS:
            order = replace(asked, freeze=freeze, committee=freeze or 2)
            made[f"{kind.code} {freeze or 'du jour'}"] = kind.make(order)
        made[f"open-data {freeze or 'publié'}"] = LEGAL["open-data"].make(replace(asked, freeze=freeze))
    for subject in ACCOUNTS.values():
        for extension in ("pdf", "xlsx"):
            order = replace(asked, subject=subject, extension=extension)
            made[f"compte-rendu {subject} {extension}"] = LEGAL["compte-rendu"].make(order)
    return made


def room(store: Store, below: int) -> dict[str, str]:
    """Each slide of the last committee, as the projector draws it."""
    first, last = meetings(store)
    deck = Deck(last, (first, last), *(masked(snapshot_of(store, one.freeze), below) for one in (last, first)), first)
    return {f"projecteur {at} {one.name}": f"{one.title} {one.body}" for at, one in enumerate(slides(deck), 1)}


def answered(registry: Registry, store: Store, below: int) -> dict[str, str]:
    """What the API says to a key that reads totals only."""
    settings = bounded(below)
    context = Context(registry, store, lambda: TODAY, settings=settings, visitors=lambda: None)
    caller = Caller("jeton", COMMITTEE, rows=False)
    nothing = dict.fromkeys(("indicator", "experiment", "period", "by", "as_of", "association", "dataset"))
    given: dict[str, Any] = {**nothing, "number": 2, "limit": 100_000, "offset": 0}
    found = {}
    for name in API:
        for by in (None, "place") if name == "indicators" else (None,):
            ask = Ask(context, caller, {**given, "by": by})
            found[f"api {name} {by or ''}"] = json.dumps(getattr(answers, name)(ask), default=str, ensure_ascii=False)
    for period in ("2022-T1", "2022-T2"):
        ask = Ask(context, caller, {**given, "period": period})
        found[f"api indicators {period}"] = json.dumps(answers.indicators(ask), default=str, ensure_ascii=False)
    return found


def text_of(data: bytes) -> str:
    """All that a reader could find in a file: its pages, its parts, and the files inside it."""
    if data.startswith(b"%PDF"):
        return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages)
    if data.startswith(b"PK"):
        return "\n".join(_inside(data))
    return data.decode("utf-8", errors="replace")


def _inside(data: bytes) -> Iterator[str]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in archive.namelist():
            if not name.endswith(("png", "jpg", "ttf", "woff2", "/")):
                yield text_of(archive.read(name))


def words_of(text: str) -> str:
    """The text without marks, with single plain spaces."""
    bare = re.sub(r"<[^>]+>", " ", text)
    return re.sub(r"\s+", " ", bare.replace("\u202f", " ").replace("\u00a0", " ")).strip()


def everything(registry: Registry, store: Store, below: int) -> dict[str, str]:
    """Each thing that leaves, as text, by its name."""
    files = {name: text_of(data) for name, data in documents(registry, store, below).items()}
    return {**files, **room(store, below), **answered(registry, store, below)}


def screens(registry: Registry, store: Store, below: int) -> dict[str, str]:
    """Each page that a member of the committee may open, in each state that its address gives."""
    settings = bounded(below)
    before = context_of_pages._installed[:]
    context_of_pages.install(Context(registry, store, lambda: TODAY, settings=settings, visitors=lambda: COMMITTEE))
    try:
        return {f"écran {path} {choices}": _page(path, choices) for path, choices in _addresses(registry, store)}
    finally:
        context_of_pages._installed[:] = before


def _addresses(registry: Registry, store: Store) -> Iterator[tuple[str, dict[str, str]]]:
    whom = [one.code for one in registry.experiments]
    yield from ((view.path, {}) for view in VIEWS if access.allowed(COMMITTEE, view.action))
    yield from ((path, {"periode": "2022-T1"}) for path in ("", "lieux", "engagements", "besoins"))
    yield from ((experiment_path(code), {"periode": "2022-T2"}) for code in whom)
    yield experiment_path(whom[2]), {"periode": "2022-T1"}
    yield from (("lieux", {"lieu": code}) for code in (registry.experiments[2].places[0].code, "13055"))
    for at, code in enumerate(one.code for one in registry.catalogue.values() if one.people):
        yield "chiffre", {"indicateur": code, "experience": ("programme", whom[2])[at % 2]}
        yield "comparer", {"indicateur": code, "a": "2022-T1", "lecture": ("depuis-le-debut", "pendant")[at % 2]}
    yield from (("comparer", {"indicateur": "AC6", "mesure": one.value}) for one in FairMeasure)
    yield from (("chiffre", {"indicateur": code, "experience": whom[2]}) for code in ("EQ5a", "CO4", "PREUVE-E4"))
    yield from (("comites", {"comite": str(one.number)}) for one in meetings(store))
    yield from (("projection", {"comite": "2", "diapo": str(at)}) for at in (3, 9, 10, 11))
    yield from (("releve", {"experience": code, "periode": "2022-T2"}) for code in whom[2:4])
    yield from (("historique", {"association": "anonymal", "jeu": one}) for one in ("diagnostics", "materiel"))


def _page(path: str, choices: dict[str, str]) -> str:
    """All that the browser is sent, pictures and their data too; what breaks or is refused is a page as well."""
    test = opened(path, **choices)
    return "\n".join([html(test), *(str(one.proto) for kind in ("plotly_chart", "markdown") for one in test.get(kind))])
