"""What a committee does in front of the screen: opens, compares, goes down to the rows, shares the address."""

from __future__ import annotations

import io
import re

import pytest
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader

from tests.browser.conftest import new_context
from tests.browser.looking import holds, look, no_longer, settled, sized, until

pytestmark = pytest.mark.browser


def test_first_screen_says_where_the_six_stand(screen: Page, demonstration: str) -> None:
    sized(screen, 1920, 1080)
    look(screen, demonstration)
    expect(screen.get_by_text("179 ordinateurs remis (objectif 250, incomplet)")).to_be_in_viewport()
    for name in ("Frais Vallon", "Plan d’Aou", "Pays d’Aix", "Pays Salonais", "Pays de Martigues", "Recherche-action"):
        expect(screen.locator(".card__name", has_text=name)).to_be_in_viewport()
    tops = {round(box["y"]) for card in screen.locator(".card").all() if (box := card.bounding_box())}
    assert len(tops) == 1, "the six stand side by side"
    sized(screen, 1280, 800)


def test_a_click_on_a_number_opens_as_many_rows(screen: Page, demonstration: str) -> None:
    look(screen, demonstration)
    screen.locator(".matrix__table").first.get_by_role("link", name=re.compile("^84, Ordinateurs remis")).click()
    expect(screen.locator(".equal")).to_have_text(re.compile(r"84\slignes = 84"))
    expect(screen.locator(".table tbody tr")).to_have_count(84)
    assert "/chiffre?indicateur=EQ5a&experience=ct2-pays-d-aix" in screen.url


def test_rows_can_be_downloaded_for_a_french_spreadsheet(screen: Page, demonstration: str) -> None:
    look(screen, f"{demonstration}/chiffre?indicateur=EQ5a&experience=ct3-pays-salonais")
    with screen.expect_download() as waited:
        screen.get_by_role("button", name=re.compile("Télécharger les 52")).click()
    lines = waited.value.path().read_bytes().decode("utf-8-sig").splitlines()
    assert len(lines) == 53
    assert lines[0].startswith("Association;Numéro d’inventaire;")


def test_period_changes_the_figures_and_the_address(screen: Page, demonstration: str) -> None:
    look(screen, demonstration)
    screen.get_by_role("link", name="T4 2021", exact=True).click()
    expect(screen.get_by_text("Au 31 décembre 2021, 27 ordinateurs remis")).to_be_visible()
    assert screen.url.endswith("/?periode=2021-T4")
    screen.go_back()
    expect(screen.get_by_text("179 ordinateurs remis (objectif 250, incomplet)")).to_be_visible()


def test_comparison_is_restored_by_its_address_in_a_new_tab(screen: Page, browser: Browser, demonstration: str) -> None:
    look(screen, f"{demonstration}/comparer")
    for name in ("Frais Vallon", "Plan d’Aou", "Pays de Martigues", "Recherche-action"):
        screen.get_by_label(name, exact=True).uncheck()
    screen.get_by_label("Départ").select_option("2021-T4")
    expect(screen.get_by_text("Entre le 31 décembre 2021 et le 30 juin 2022")).to_be_visible()
    settled(screen)
    context = new_context(browser)
    context.add_cookies(screen.context.cookies())
    other = look(context.new_page(), screen.url)
    expect(other.get_by_text("Entre le 31 décembre 2021 et le 30 juin 2022")).to_be_visible()
    assert other.locator("main .stHtml").all_inner_texts() == screen.locator("main .stHtml").all_inner_texts()
    context.close()


def test_comparison_is_four_screens_of_a_phone_and_one_row_of_a_wide_one(
    as_committee: Page, demonstration: str
) -> None:
    sized(as_committee, 390, 844)
    look(as_committee, f"{demonstration}/comparer")
    assert no_longer(as_committee, 4000)
    as_committee.get_by_role("button", name="Tout voir : le tableau, Ordinateurs remis").click()
    expect(as_committee.get_by_role("table", name="Ordinateurs remis", exact=True)).to_be_visible()
    sized(as_committee, 1280, 800)
    tops = (
        as_committee.locator(".panels")
        .first.locator(".panel")
        .evaluate_all("all => all.map((one) => Math.round(one.getBoundingClientRect().top))")
    )
    assert len(tops) == 5 and len(set(tops)) == 1, "nothing for what is without object"


def test_a_curve_is_read_month_by_month_by_the_mouse_and_by_the_keys(as_committee: Page, demonstration: str) -> None:
    """The six tell the same month together, and what they tell stands in the table under them."""
    look(as_committee, f"{demonstration}/comparer")
    chart = as_committee.locator(".multiples").first
    told, plots = chart.locator(".panel__told"), chart.locator(".panel__plot")
    words = "all => all.map((row) => [...row.cells].map((one) => one.textContent))"
    rows = chart.locator("tbody tr").evaluate_all(words)

    def says(row: list[str]) -> str:
        return f"{row[1].replace('○', 'non renseigné')} en {row[0]}"

    expect(told).to_have_count(0)
    plots.first.hover(position={"x": 1, "y": 20})
    expect(told).to_have_count(plots.count())
    expect(told.first).to_have_text(says(rows[0]))
    as_committee.locator(".lead").hover()
    expect(told).to_have_count(0)
    months = chart.get_by_label("Lire mois par mois")
    months.focus()
    expect(told.first).to_have_text(says(rows[-1]))
    as_committee.keyboard.press("ArrowLeft")
    expect(told.first).to_have_text(says(rows[-2]))
    name = chart.locator(".panel__name").first.inner_text()
    spoken = re.escape(f"{rows[-2][0]} : {name} {rows[-2][1]}")
    expect(months).to_have_attribute("aria-valuetext", re.compile(f"^{spoken}"))
    as_committee.keyboard.press("Tab")
    expect(told).to_have_count(0)


def test_frozen_figures_are_compared_with_those_of_today(as_committee: Page, demonstration: str) -> None:
    look(as_committee, f"{demonstration}/comparer")
    as_committee.get_by_label("Départ").select_option("arret-1")
    as_committee.get_by_label("Arrivée").select_option("arret-3")
    lead = as_committee.locator(".lead")
    expect(lead).to_have_text(re.compile(r"Entre les données n°\s1 du 30\sseptembre\s2021 et les données n°\s3"))
    settled(as_committee)
    as_committee.get_by_label("Arrivée").select_option("aujourd-hui")
    expect(lead).to_have_text(re.compile(r"Entre les données n°\s1 du 30\sseptembre\s2021 et le 5\sjuillet"))


def test_elected_member_finds_her_commune(screen: Page, demonstration: str) -> None:
    look(screen, f"{demonstration}/lieux")
    screen.get_by_label("Une autre commune").fill("Aubagne")
    screen.get_by_role("button", name="Voir cette commune").click()
    expect(screen.get_by_text(re.compile(r"Et chez moi, à Aubagne"))).to_be_visible()
    expect(screen.get_by_text("40 diagnostics réalisés")).to_be_visible()


def test_a_commune_is_pressed_on_the_map(screen: Page, demonstration: str) -> None:
    look(screen, f"{demonstration}/lieux")
    screen.get_by_role("link", name="Diagnostics réalisés", exact=True).click()
    expect(screen.get_by_text("Diagnostics réalisés :")).to_be_visible()
    settled(screen)
    box = screen.locator('a.commune[title^="Aubagne"]').first
    box.scroll_into_view_if_needed()
    x, y = box.evaluate(
        """one => {
            const { left, top, width, height } = one.getBoundingClientRect(), steps = [...Array(200).keys()];
            const points = steps.flatMap((down) => steps.map((right) => [width * right / 200, height * down / 200]));
            return points.find(([x, y]) => document.elementFromPoint(left + x, top + y) === one);
        }"""
    )
    box.click(position={"x": x, "y": y})
    expect(screen.get_by_role("heading", level=1, name="Aubagne")).to_be_visible()


def test_phone_shows_one_experiment_at_a_time(screen: Page, demonstration: str) -> None:
    sized(screen, 390, 844)
    look(screen, demonstration)
    screen.get_by_role("button", name="Tout voir : Indicateur par indicateur").click()
    table = screen.locator(".matrix").first
    expect(table.locator('th[data-column="1"]').first).to_be_visible()
    expect(table.locator('th[data-column="3"]').first).to_be_hidden()
    table.get_by_text("Pays d’Aix", exact=True).first.click()
    expect(table.locator('th[data-column="3"]').first).to_be_visible()
    sized(screen, 1280, 800)


def test_the_whole_programme_is_four_screens_of_a_phone(as_committee: Page, demonstration: str) -> None:
    """9 600 px before: what comes second is one touch away, and there for paper and for who asks for it by its name."""
    sized(as_committee, 390, 844)
    look(as_committee, demonstration)
    assert no_longer(as_committee, 4000)
    row = as_committee.locator(".card", has_text="Pays d’Aix")
    expect(row.get_by_text("En retard")).to_be_visible()
    expect(row.get_by_text("Cause : La ligne de l’expérimentation")).to_be_hidden()
    row.get_by_role("button", name="Tout voir : Pays d’Aix").press("Enter")
    expect(row.get_by_text("Cause : La ligne de l’expérimentation")).to_be_visible()
    row.get_by_role("button", name="Replier : Pays d’Aix").press("Enter")
    expect(row.get_by_text("Cause : La ligne de l’expérimentation")).to_be_hidden()
    as_committee.emulate_media(media="print")
    expect(as_committee.get_by_role("table", name="Les lignes de subvention")).to_be_visible()
    as_committee.emulate_media(media="null")
    expect(as_committee.get_by_role("table", name="Les lignes de subvention")).to_be_hidden()
    look(as_committee, f"{demonstration}/#indicateurs")
    expect(as_committee.locator(".matrix").first).to_be_visible()
    sized(as_committee, 1280, 800)
    expect(as_committee.get_by_role("button", name=re.compile("Tout voir"))).to_have_count(0)


def test_a_sheet_of_paper_says_when_and_from_where_it_was_printed(as_committee: Page, demonstration: str) -> None:
    look(as_committee, f"{demonstration}/subventions")
    as_committee.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    printed = as_committee.locator(".printed")
    expect(printed).to_contain_text(re.compile(r"Imprimé le \d+ \S+ \d{4} · .*/subventions"))
    expect(as_committee.locator("details:not([open])")).to_have_count(0)
    as_committee.evaluate("window.dispatchEvent(new Event('afterprint'))")
    expect(printed).to_have_count(0)


def test_a_committee_is_printed_on_few_sheets_and_its_annexes_by_who_unfolds_them(
    as_committee: Page, demonstration: str
) -> None:
    page = look(as_committee, f"{demonstration}/comites?comite=3")
    short = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
    assert len(short.pages) <= 9
    said = _said(short)
    assert "Ordre du jour" in said and "Comment ces chiffres ont été comptés (à déplier avant d’imprimer)" in said
    page.get_by_text("Comment ces chiffres ont été comptés").click()
    long = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
    assert len(long.pages) > len(short.pages)
    assert "(à déplier avant d’imprimer)" in _said(long)
    expect(page.locator("details.fold--annex:not([open])")).to_have_count(2)


def test_the_six_and_the_computers_voted_stand_on_one_sheet(as_committee: Page, demonstration: str) -> None:
    page = look(as_committee, demonstration)
    paper = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
    (sheet,) = [one for one in paper.pages if "Où en sont les six" in _words(one.extract_text())]
    assert "Les 455 ordinateurs votés" in _words(sheet.extract_text())


def _said(paper: PdfReader) -> str:
    return _words(" ".join(one.extract_text() for one in paper.pages))


def _words(text: str) -> str:
    return " ".join(text.split())


def test_what_a_plugin_tells_is_one_touch_away_on_a_phone(as_committee: Page, demonstration: str) -> None:
    sized(as_committee, 390, 844)
    look(as_committee, f"{demonstration}/experimentation-ct2-pays-d-aix")
    told = as_committee.get_by_role("heading", name="Le chemin des machines")
    expect(told).to_be_hidden()
    as_committee.get_by_role("button", name="Tout voir : Ce que raconte Anonymal").click()
    expect(told).to_be_visible()
    sized(as_committee, 1280, 800)
    expect(told).to_be_visible()


def test_an_experiment_is_three_screens_and_a_half(as_committee: Page, demonstration: str) -> None:
    """5 240 px before; no drawing is wider than it is read, and the tables of half a page stay within it."""
    look(as_committee, f"{demonstration}/experimentation-ct2-pays-d-aix")
    drawings = as_committee.locator('[class*="st-key-graphique-"]')
    expect(drawings).to_have_count(3)
    assert no_longer(as_committee, 2850)
    sized(as_committee, 1920, 1080)
    assert all((box := one.bounding_box()) and box["width"] <= 720 for one in drawings.all())
    sized(as_committee, 1280, 800)
    halves = "[...document.querySelectorAll('.columns > div')]"
    assert holds(as_committee, f"{halves}.length && {halves}.every((one) => one.scrollWidth <= one.clientWidth + 1)")


def test_empty_programme_tells_the_vote_and_what_to_do(screen: Page, nothing_yet: str) -> None:
    look(screen, nothing_yet)
    expect(screen.get_by_text("Par où commencer")).to_be_visible()
    expect(screen.get_by_text(re.compile(r"115\s000\s€")).first).to_be_visible()
    expect(screen.locator(".fictitious")).to_have_count(0)


def test_what_is_asked_is_one_click_from_the_landing(as_committee: Page, demonstration: str) -> None:
    look(as_committee, demonstration)
    asked = as_committee.get_by_role("region", name="Pour le comité")
    expect(asked.get_by_role("link", name="3 questions")).to_be_in_viewport()
    asked.get_by_role("link", name="Trente-sept machines prêtes à Salon").click()
    expect(as_committee.get_by_role("heading", level=1, name="Comité n° 4")).to_be_visible()
    point = as_committee.locator(".agenda", has_text="Trente-sept machines prêtes à Salon")
    expect(point).to_be_in_viewport()
    expect(point).to_be_focused()


def test_copied_link_keeps_the_period_that_nobody_chose(as_committee: Page, demonstration: str) -> None:
    as_committee.context.grant_permissions(["clipboard-read", "clipboard-write"])
    look(as_committee, f"{demonstration}/materiel")
    as_committee.get_by_role("button", name="Copier le lien de cette vue").click()
    expect(as_committee.get_by_role("button", name="Lien copié")).to_be_visible()
    expect(as_committee.locator("body > [role=status]")).to_have_text("Lien copié")
    assert as_committee.evaluate("navigator.clipboard.readText()") == f"{demonstration}/materiel?periode=2022-T2"


def test_the_room_reads_in_light_and_goes_to_both_ends(as_committee: Page, demonstration: str) -> None:
    as_committee.emulate_media(color_scheme="dark")
    try:
        look(as_committee, f"{demonstration}/projection?comite=3&diapo=5")
        slide = as_committee.locator(".slide")
        expect(slide).to_have_css("background-color", "rgb(251, 249, 245)")
        as_committee.keyboard.press("End")
        expect(as_committee.get_by_text("18 sur 18")).to_be_visible()
        as_committee.keyboard.press("Home")
        expect(as_committee.get_by_text("1 sur 18", exact=True)).to_be_visible()
    finally:
        as_committee.emulate_media(color_scheme="null")


def test_the_room_chooses_a_slide_in_the_list(as_committee: Page, demonstration: str) -> None:
    look(as_committee, f"{demonstration}/projection?comite=3&diapo=5")
    as_committee.keyboard.press("l")
    every = as_committee.get_by_role("navigation", name="Diapositives").get_by_role("list")
    expect(every.get_by_role("link")).to_have_count(18)
    expect(every.get_by_role("link", name=re.compile("^5. "))).to_be_focused()
    as_committee.keyboard.press("Escape")
    expect(every).to_be_hidden()
    as_committee.keyboard.press("l")
    expect(every).to_be_visible()
    every.get_by_role("link", name=re.compile("Communes et quartiers")).click()
    expect(as_committee.get_by_role("heading", level=1, name=re.compile("8 lieux"))).to_be_visible()
    as_committee.get_by_role("button", name="Plein écran").click()
    until(as_committee, "document.fullscreenElement !== null")
    as_committee.keyboard.press("f")
    until(as_committee, "document.fullscreenElement === null")


def test_nothing_of_a_slide_is_cut(as_committee: Page, demonstration: str) -> None:
    """On a projector and on a laptop, from the first slide to the last."""
    look(as_committee, f"{demonstration}/projection?comite=3&diapo=1")
    for rank in range(1, 19):
        expect(as_committee.locator(".slide")).to_have_attribute("data-rank", str(rank))
        settled(as_committee)
        for width, height in ((1920, 1080), (1280, 800)):
            sized(as_committee, width, height)
            foot = as_committee.locator(".slide__foot").bounding_box()
            ends = as_committee.locator(".slide__body > *").evaluate_all(
                "all => Math.max(...all.map((one) => one.getBoundingClientRect().bottom))"
            )
            assert foot and ends <= foot["y"] + 1, (rank, width)
            assert foot["y"] + foot["height"] <= height, (rank, width)
        as_committee.keyboard.press("ArrowRight")


def test_one_key_leads_to_the_search(as_committee: Page, demonstration: str) -> None:
    look(as_committee, f"{demonstration}/materiel")
    as_committee.keyboard.press("/")
    expect(as_committee.get_by_label("Que cherchez-vous ?")).to_be_focused()
    as_committee.keyboard.type("port-de")
    as_committee.keyboard.press("Enter")
    expect(as_committee.get_by_role("link", name="Port-de-Bouc", exact=True)).to_be_visible()
