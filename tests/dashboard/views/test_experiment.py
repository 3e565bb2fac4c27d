"""The page of an experiment: the common head, then what its plugin tells, each behind its wall."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from core.contract import Registry
from core.contract.loading import installed
from core.deliberation import EXPERIMENTS
from dashboard import context
from dashboard.addresses import experiment_path
from dashboard.context import Context
from tests.dashboard.views.opening import html, opened, said
from tests.plugins_broken import install
from tests.support.filled import demonstration_context


@pytest.mark.usefixtures("full")
def test_head_tells_who_where_how_much_and_what_is_promised() -> None:
    page = said(opened("experimentation-ct2-pays-d-aix"))
    assert "84 ordinateurs remis (objectif 100, en avance)" in page
    assert "1 immeuble au seuil d’accord (objectif 3, en retard)" in page
    assert "Convention d’objectifs, 46 000 € (article 2)" in page
    assert "Engagements : 6 sur 8 montrés par des lignes" in page
    assert "Et les quatre tâches confiées à Anonymal" in page
    assert "24 500 euros pour ANONYMAL" in page


@pytest.mark.usefixtures("full")
@pytest.mark.parametrize("code", EXPERIMENTS)
def test_no_key_figure_is_told_twice(code: str) -> None:
    """Issue 14: the plugin’s part repeated the head; what changed and what was promised stay one click away."""
    page = html(opened(experiment_path(code)))
    labels = re.findall(r'class="keyfigure__label"[^>]*>([^<]+)<', page)
    assert len(labels) == len(set(labels)) > 6
    assert re.search("chiffres? (ont|a) changé\\W: les voir|chiffres reçus n’a changé", page)
    assert "Voir les huit engagements et leurs lignes" in page


@pytest.mark.usefixtures("full")
def test_delay_carries_its_cause_and_next_action() -> None:
    page = said(opened("experimentation-ct1-plan-d-aou"))
    assert "■ Bloqué : " in page
    assert "Cause" in page and "Prochaine action" in page


@pytest.mark.usefixtures("full")
def test_late_experiment_says_so_first() -> None:
    page = said(opened("experimentation-ct6-pays-de-martigues"))
    assert "Données attendues Attendu depuis le 4 juillet 2022 ; données au 31 mars 2022" in page
    assert "Au 31 mars 2022, 6 ordinateurs remis (objectif 25, en retard)" in page, "the sentence is of its data's day"
    # The payments come from the Métropole and are known: of the others only it cannot be said.
    assert "Aucun des chiffres reçus n’a changé ; les autres sont attendus." in page
    assert "Aucun chiffre n’a changé" not in page
    assert "Rien à signaler" not in page and "relevé du 2e trimestre 2022 attendu" in page
    assert "ordinateurs remis en retard" in page and "engagements sans preuve" in page


@pytest.mark.usefixtures("full")
@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("experimentation-ct2-pays-d-aix", "Le chemin des machines"),
        ("experimentation-ct1-frais-vallon", "Les voisins"),
        ("experimentation-recherche-action", "aidants"),
    ],
)
def test_each_plugin_tells_its_own_story(path: str, words: str) -> None:
    assert words in said(opened(path))


@pytest.fixture(scope="module")
def nine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Context]:
    """The demonstration with four broken plugins installed beside the five."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(install(tmp_path_factory.mktemp("broken"))))
        assert len(list(installed())) == 9
        yield demonstration_context(Registry.load())


@pytest.fixture
def beside(nine: Context) -> None:
    """The pages of nine plugins, four of them broken."""
    context.install(nine)


@pytest.mark.usefixtures("beside")
def test_broken_page_leaves_the_head_and_the_others() -> None:
    page = said(opened("experimentation-essai-3"))
    assert "Essai 3" in page and "Aucune ligne votée pour cette expérimentation." in page
    assert "La page de cette expérimentation ne s’affiche pas aujourd’hui." in page
    assert "84 ordinateurs remis" in said(opened("experimentation-ct2-pays-d-aix"))


@pytest.mark.usefixtures("beside")
def test_each_failure_is_told_with_its_remedy() -> None:
    page = said(opened("etat-des-plugins"))
    for words in ("broken_import_fails", "Installez", "broken_misspelt_hook", "build_report", "▼ En panne"):
        assert words in page


@pytest.mark.usefixtures("beside")
def test_a_page_that_breaks_again_is_suspended_and_can_be_resumed() -> None:
    for _ in range(3):
        opened("experimentation-essai-3")
    page = opened("etat-des-plugins")
    assert "essai-3, de broken_page_raises : 3 échecs de suite, nouvel essai dans 10 minutes." in said(page)
    (button,) = [one for one in page.button if one.key == "reprendre-broken_page_raises"]
    after = said(button.click().run())
    assert "broken_page_raises sera essayé de nouveau" in after and "Ce qui est suspendu" not in after


@pytest.mark.usefixtures("full")
def test_share_of_a_divided_line_is_told() -> None:
    page = said(opened("experimentation-ct1-frais-vallon"))
    assert "Part de cette expérimentation : 12 000 € votés, 8 400 € versés et 9 480 € dépensés" in page


@pytest.mark.usefixtures("empty")
def test_line_without_key_gives_no_share() -> None:
    page = said(opened("experimentation-ct1-frais-vallon"))
    assert "aucune clé ne dit encore la part de cette expérimentation" in page
