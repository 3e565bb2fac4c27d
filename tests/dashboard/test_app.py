"""The application: each address its page, each page behind its wall, the demonstration said everywhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from core.deliberation import EXPERIMENTS
from core.domain.access import Actor
from core.errors import Misconfigured, UnknownName
from core.figures import Comparison, Monitor
from core.figures.cache import cache_of
from dashboard import boundary, context, navigation, warming
from dashboard.addresses import View, address, experiment_path
from dashboard.components import heading, show
from dashboard.context import Context
from dashboard.views import experiment, overview
from tests.dashboard.fakes import LEAD, TODAY, FakeMonitor, fake_context
from tests.support.filled import demonstration_context

SCRIPT = Path(navigation.__file__).with_name("app.py")


def view(monkeypatch: pytest.MonkeyPatch, name: str, draw: Callable[..., None]) -> None:
    """Put a page of ours in place of the real ones."""
    monkeypatch.setitem(navigation.DRAWN, name, draw)


@pytest.fixture
def pages(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Two pages of ours, and the page of an experiment."""
    monkeypatch.setattr(navigation, "VIEWS", (View("one", "Première", ""), View("two", "Seconde", "seconde")))
    view(monkeypatch, "one", lambda _context: show(heading("Bonjour", 1)))
    view(monkeypatch, "two", _broken)
    draw = lambda _context, whose: show(heading(whose.title, 1))  # noqa: E731
    monkeypatch.setattr(experiment, "draw", draw)
    context.install(fake_context())
    yield


def _broken(_context: Context) -> None:
    raise ZeroDivisionError("secret detail")


def opened(path: str = "") -> AppTest:
    """The application at an address."""
    test = AppTest.from_file(str(SCRIPT), default_timeout=60)
    if path:
        test._page_hash = calc_hash(path)
    return test.run()


def text_of(test: AppTest) -> str:
    """All the HTML that the page shows."""
    return "\n".join(found.proto.body for found in test.get("html"))


@pytest.mark.usefixtures("pages")
def test_first_page_opens_without_address() -> None:
    test = opened()
    assert not test.exception
    assert "Bonjour" in text_of(test)


@pytest.mark.usefixtures("pages")
@pytest.mark.parametrize("code", EXPERIMENTS)
def test_each_experiment_has_its_page(code: str) -> None:
    assert heading(EXPERIMENTS[code].title, 1) in text_of(opened(experiment_path(code)))


@pytest.mark.usefixtures("pages")
def test_broken_page_says_so_in_french_with_a_reference(caplog: pytest.LogCaptureFixture) -> None:
    test = opened("seconde")
    shown = text_of(test)
    assert not test.exception
    assert "Cette page ne s’affiche pas" in shown
    assert "secret detail" not in shown
    word = shown.split("la référence ")[1].split(" ")[0]
    assert word in caplog.text
    assert "secret detail" in caplog.text


@pytest.mark.usefixtures("pages")
@pytest.mark.parametrize("path", ["", "seconde", "experimentation-recherche-action"])
def test_fictitious_data_are_said_on_every_page(path: str) -> None:
    assert "Données fictives" in text_of(opened(path))


@pytest.mark.usefixtures("pages")
def test_real_data_are_not_called_fictitious() -> None:
    context.install(fake_context(demonstration=False))
    assert "Données fictives" not in text_of(opened())


def _plugin_page() -> None:
    from dashboard.boundary import plugin_part
    from dashboard.components import heading, show

    show(heading("Frais Vallon", 1))
    plugin_part(lambda: 1 / 0, experiment="ct1-frais-vallon", others=5, frozen=2)


def test_broken_plugin_costs_only_its_part() -> None:
    shown = text_of(AppTest.from_function(_plugin_page).run())
    assert "Frais Vallon" in shown
    assert "Les cinq autres s’affichent" in shown
    assert "derniers chiffres arrêtés (n°" in shown


def test_plugin_sentence_does_not_invent_frozen_figures() -> None:
    assert "arrêtés" not in boundary.plugin_sentence(5)
    assert "autres" not in boundary.plugin_sentence(0)


def _refused_page() -> None:
    from core.errors import UnknownName
    from dashboard.boundary import page

    def draw() -> None:
        raise UnknownName("Période « 2021-T9 » inconnue.")

    page(draw, title="Essai")


def test_foreseen_error_is_said_in_its_own_words() -> None:
    assert "Période" in text_of(AppTest.from_function(_refused_page).run())
    assert issubclass(UnknownName, Exception)


def test_address_holds_the_choices() -> None:
    assert address("comparer", experience=["a", "b"], au=None) == "/comparer?experience=a&experience=b"
    assert address("") == "/"


def test_addresses_of_pages_are_all_different() -> None:
    paths = [found.path for found in navigation.VIEWS] + [experiment_path(code) for code in EXPERIMENTS]
    assert len(paths) == len(set(paths))


def test_no_page_before_the_parts_are_together() -> None:
    context._installed.clear()
    with pytest.raises(Misconfigured, match="fabrique serve"):
        context.current()


def test_monitor_is_made_anew_when_the_day_changes() -> None:
    days = iter([TODAY, TODAY, TODAY.replace(day=6)])
    made: list[object] = []

    def make(_registry: object, _store: object, today: object) -> FakeMonitor:
        made.append(today)
        return FakeMonitor()

    found = fake_context(clock=lambda: next(days), make_monitor=make)
    monitors = [found.monitor for _ in range(3)]
    assert monitors[0] is monitors[1] is not monitors[2]
    assert made == [TODAY, TODAY.replace(day=6)]


def test_what_is_made_ready_is_what_the_first_page_asks_for() -> None:
    asked: list[date] = []

    class Heard(Monitor):
        def compare(self, *codes: Any, **more: Any) -> Comparison:
            asked.append(more["until"])
            return super().compare(*codes, **more)

    here = replace(demonstration_context(), make_monitor=lambda *parts: Heard(*parts[:2], today=parts[2]))
    cache_of(here.store).clear()  # the page that another test opened may be kept whole
    here.warm()
    assert asked == [date(2022, 6, 30)]
    context.install(here)
    assert "179" in text_of(opened())
    assert date(2022, 6, 30) in asked[1:]


def test_the_first_page_is_drawn_from_what_the_start_made(monkeypatch: pytest.MonkeyPatch) -> None:
    here = demonstration_context()
    cache_of(here.store).clear()
    warming.first_page(here)
    monkeypatch.setattr(overview, "_page", lambda *_parts: pytest.fail("it was made again"))
    context.install(here)
    assert "179" in text_of(opened())


def test_failed_preparation_is_logged_and_forgiven(caplog: pytest.LogCaptureFixture) -> None:
    fake_context(make_monitor=lambda *_parts: None).warm()
    assert "could not be prepared" in caplog.text


def test_page_whose_module_is_broken_costs_only_itself(pages: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(navigation, "VIEWS", (*navigation.VIEWS, View("nowhere", "Absente", "absente")))
    assert "Bonjour" in text_of(opened())
    assert "Cette page ne s’affiche pas" in text_of(opened("absente"))


def _whole_script() -> None:
    from dashboard.boundary import script_failed

    assert script_failed(RuntimeError("secret detail"))


def test_error_outside_every_wall_is_said_in_french(caplog: pytest.LogCaptureFixture) -> None:
    shown = text_of(AppTest.from_function(_whole_script).run())
    assert "Cette page ne s’affiche pas" in shown
    assert "secret detail" not in shown
    assert "secret detail" in caplog.text


def _ended_meanwhile() -> None:
    from core.errors import Forbidden
    from dashboard.boundary import script_failed

    assert script_failed(Forbidden("Accès refusé : connectez-vous d’abord."))


def test_button_of_an_ended_session_is_refused_in_its_own_words() -> None:
    """A button's function runs before the page: its refusal is no fault of the server."""
    shown = text_of(AppTest.from_function(_ended_meanwhile).run())
    assert "connectez-vous d’abord" in shown
    assert "Cette page ne s’affiche pas" not in shown


def test_visitor_is_asked_at_every_run() -> None:
    someone: list[Actor | None] = [LEAD]
    context.install(fake_context(visitors=lambda: someone[0]))
    test = opened("etat-des-plugins")
    assert "Votre session est terminée" not in text_of(test)
    someone[0] = None
    assert "Votre session est terminée" in text_of(test.run())
