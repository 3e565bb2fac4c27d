"""The dossier on paper: each number of the snapshot, on the page where it is expected, in a document for everybody."""

from __future__ import annotations

import pytest

from core.committee import FIGURE_CHANGES
from core.deliberation import EXPERIMENTS
from core.exports.dossier_layout import fitted
from core.exports.dossier_paper import MOST_MOVED, data_of, dossier_pdf
from core.exports.dossier_sheets import (
    Groups,
    asked_of,
    card_figures,
    fiches_of,
    figure_of,
    key_figures,
    matrix_of,
    money_row,
)
from tests.core.exports.documents import made, material, pdf_of, tight, words


@pytest.fixture(scope="module")
def pages() -> list[str]:
    return [page.extract_text() for page in pdf_of(made("pdf")).pages]


def test_first_page_has_every_figure_of_the_first_screen(pages: list[str]) -> None:
    said, snapshot = tight(pages[0]), material().snapshot
    for one in snapshot.experiments:
        for figure in card_figures(snapshot, one):
            assert tight(f"{figure.main}{figure.rest}") in said, (one.code, figure)
    assert_told(said, matrix_of(snapshot))


def test_what_the_vote_asks_beside_is_a_table_after_the_six(pages: list[str]) -> None:
    groups = asked_of(material().snapshot)
    assert {row.label for _, _, rows in groups for row in rows} >= {"Besoins d’équipement", "Niveau faible"}
    assert "Ce que la délibération demande aussi" in words(pages[7])
    assert_told(tight(pages[7]), groups)


def assert_told(said: str, groups: Groups) -> None:
    for _, _, rows in groups:
        for row in rows:
            assert tight(row.label) in said
            for cell in row.cells:
                assert cell is None or cell.missing is not None or tight(cell.main) in said, (row.label, cell)


def test_first_page_says_the_sentence_and_the_money(pages: list[str]) -> None:
    snapshot = material().snapshot
    assert tight(snapshot.sentence) in tight(pages[0])
    for state in snapshot.ledger.lines:
        assert all(tight(amount) in tight(pages[0]) for amount in money_row(state).words)


@pytest.mark.parametrize("rank", range(6))
def test_each_experiment_has_one_page_with_its_figures(pages: list[str], rank: int) -> None:
    snapshot = material().snapshot
    experiment = snapshot.experiments[rank]
    said = tight(pages[rank + 1])
    assert tight(experiment.title) in said
    for figure in key_figures(snapshot, experiment):
        expected = figure.main + figure.rest + (f"·{figure.goal}" if figure.rest and figure.goal else figure.goal)
        assert tight(expected) in said, figure
    fiche = fiches_of(material())[rank]
    for promise in fiche.promises:
        assert tight(promise.title) in said and tight(promise.word) in said


def test_no_sheet_shows_a_figure_twice() -> None:
    for sheet in data_of(material())["fiches"]:
        head = [figure["label"] for figure in sheet["figures"]]
        told = [figure["label"] for unit in sheet["units"] for block in unit for figure in block.get("figures", ())]
        assert head and not set(head) & set(told), (sheet["code"], head, told)


def test_no_page_is_left_almost_blank(pages: list[str]) -> None:
    assert all(len(page) > 700 for page in pages[:-1]), [len(page) for page in pages]


def test_what_a_plugin_draws_is_on_its_page(pages: list[str]) -> None:
    assert "FV-04" in pages[1] and "immeubles sur 5" in words(pages[1])


def test_decisions_and_what_changed_are_told(pages: list[str]) -> None:
    rest = words(" ".join(pages[7:]))
    assert "Décidé la dernière fois" in rest and tight("✓ Faite : Clé saisie.") in tight(rest)
    assert "Peut-on remettre deux ordinateurs d’une valeur de 340 € et 410 € ?" in rest
    assert "Ce qui a changé depuis le comité n° 2" in rest
    assert material().changes is not None
    assert words(material().changes.listed[0].text) in rest


def test_of_the_figures_that_moved_the_largest_are_printed_and_the_others_counted(pages: list[str]) -> None:
    found, rest = material().changes, tight(" ".join(pages[7:]))
    assert found is not None
    figures, printed = found.of_kind(*FIGURE_CHANGES), tight(" ".join(data_of(material())["changes"]))
    assert len(figures) > MOST_MOVED
    assert all(tight(one.text) in rest for one in found.listed if one not in figures[MOST_MOVED:])
    assert not any(tight(one.text) in printed for one in figures[MOST_MOVED:])
    assert tight(f"et {len(figures) - MOST_MOVED} autres chiffres, à lire à l’écran.") in rest


def test_the_first_page_holds_on_one_however_many_rows_it_has() -> None:
    data = data_of(material())
    first = data["matrix"][0]
    first["rows"] = [*first["rows"], *first["rows"][:5]]
    found = pdf_of(fitted(data, at=material().at, title="Essai"))
    assert tight(data["fiches"][0]["title"]) in tight(found.pages[1].extract_text())


def test_each_page_bears_the_number_of_its_figures(pages: list[str]) -> None:
    for rank, text in enumerate(pages, 1):
        assert "Données arrêtées au 31 mars 2022 (n° 3)" in words(text)
        assert "Données fictives" in text
        assert f"Page {rank} sur {len(pages)}" in words(text)


def test_document_is_tagged_titled_and_its_charts_have_a_text() -> None:
    found = pdf_of(made("pdf"))
    assert found.trailer["/Root"]["/MarkInfo"]["/Marked"] and found.trailer["/Root"]["/Lang"] == "fr-FR"
    assert found.metadata is not None and found.metadata.title == words(material().title).replace("n° ", "n°\u00a0")
    texts = [one for one in _alternatives(found) if "Part des logements d’accord" in one]
    assert texts


def test_same_figures_give_the_same_document() -> None:
    assert dossier_pdf(material()) == made("pdf")


def test_live_figures_say_that_they_may_still_change() -> None:
    text = words(pdf_of(made("pdf", freeze=None)).pages[0].extract_text())
    assert "Données au 5 juillet 2022, non arrêtées" in text
    snapshot = material(freeze=None).snapshot
    for one in snapshot.experiments:
        for code in ("EQ5a", "AC6"):
            cell = snapshot.cells[code, one.code]
            figure = figure_of(snapshot.indicator[code], cell)
            assert figure.missing is not None or tight(figure.main) in tight(text)


def test_a_programme_without_data_gives_a_correct_document() -> None:
    found = pdf_of(made("pdf", empty=True))
    text = words(" ".join(page.extract_text() for page in found.pages))
    assert "aucune association n’a encore déposé de données" in text
    assert "115 000 €" in text and "Non renseigné" in text and "Données fictives" not in text
    for one in EXPERIMENTS.values():
        assert words(one.title) in text
    assert "Aucune décision enregistrée" in text


def _alternatives(found: object) -> list[str]:
    """The alternative texts of the tree of tags."""
    told: list[str] = []
    waiting = [found.trailer["/Root"]["/StructTreeRoot"]]  # type: ignore[attr-defined]
    while waiting:
        node = waiting.pop()
        node = node.get_object() if hasattr(node, "get_object") else node
        if isinstance(node, list):
            waiting.extend(node)
        elif isinstance(node, dict):
            told += [str(node["/Alt"])] if "/Alt" in node else []
            waiting += [node["/K"]] if "/K" in node else []
    return told
