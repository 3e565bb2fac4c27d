"""Takes the pictures of the documentation again: ``make screenshots``, or some by name with ``ARGS=comparer``.

The demonstration is filled in a temporary store and served on a free port; the Chromium of this
machine opens it. So the pictures show what the code draws, and fictitious data only.
"""

from __future__ import annotations

import io
import sys
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, expect, sync_playwright

from core.demonstration.people import COMMITTEE, LEAD, PEOPLE
from core.domain.access import Actor
from tests.browser.looking import look
from tests.browser.serving import serving
from tests.browser.signing import cookie
from tests.conftest import CHROMIUM_ARGUMENTS, PATIENCE
from tests.support.filled import demonstration_url
from tests.support.tools import find_chromium

FOLDER, GUIDE = Path(__file__).with_name("screenshots"), Path(__file__).with_name("guide")
HEAVIEST = 300 * 1024
"""Bytes that a picture may weigh, so that the repository stays light."""


@dataclass(frozen=True, slots=True)
class Picture:
    """What to open, at which size in pixels, seen by whom; ``name`` is the file's, without its suffix."""

    name: str
    path: str
    width: int
    height: int
    who: Actor = LEAD
    folder: Path = FOLDER

    @property
    def file(self) -> Path:
        """Where it is kept."""
        return self.folder / f"{self.name}.png"


PICTURES = (
    Picture("vue-d-ensemble", "", 1920, 1080),
    Picture("experimentation", "experimentation-ct1-frais-vallon", 1280, 1400),
    Picture("comparer", "comparer", 1280, 1000),
    Picture("lignes", "chiffre?indicateur=EQ5a&experience=ct3-pays-salonais", 1280, 800),
    Picture("telephone", "experimentation-ct6-pays-de-martigues", 390, 844),
    Picture("mes-donnees", "mes-donnees", 1280, 800, PEOPLE["point-formation"], GUIDE),
    Picture(
        "releve",
        "releve?experience=ct1-plan-d-aou&periode=2022-T2",
        1280,
        1000,
        PEOPLE["ifac"],
        GUIDE,
    ),
    Picture("vue-d-ensemble", "", 1280, 800, COMMITTEE, GUIDE),
    Picture("comparer", "comparer?mesure=objectif&indicateur=EQ5a", 1280, 900, COMMITTEE, GUIDE),
    Picture("comite", "comites?comite=4", 1280, 1000, LEAD, GUIDE),
    Picture("registres", "registres", 1280, 900, LEAD, GUIDE),
    Picture("echeances", "echeances", 1280, 900, LEAD, GUIDE),
    Picture("points", "points", 1280, 900, LEAD, GUIDE),
)


def main(wanted: list[str]) -> int:
    """Take the pictures named, all of them when none is; 1 when there is no browser."""
    chromium = find_chromium()
    if chromium is None:
        print("Aucun Chromium sur cette machine : « make test » dit comment l’installer.", file=sys.stderr)
        return 1
    expect.set_options(timeout=PATIENCE)  # a machine may be slow, and a picture waits for it
    chosen = [one for one in PICTURES if not wanted or one.name in wanted]
    with serving(demonstration_url()) as address, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=CHROMIUM_ARGUMENTS)
        for picture in chosen:
            context = browser.new_context(locale="fr-FR", timezone_id="Europe/Paris")
            context.set_default_timeout(PATIENCE)
            context.add_cookies([cookie(demonstration_url(), picture.who)])
            size = len(_taken(context.new_page(), address, picture))
            print(f"{picture.file.relative_to(FOLDER.parent)} : {size // 1024} Kio")
            context.close()
        browser.close()
    return 0


def _taken(page: Page, address: str, picture: Picture) -> bytes:
    page.set_viewport_size({"width": picture.width, "height": picture.height})
    look(page, f"{address}/{picture.path}")
    page.evaluate("document.fonts.ready")
    page.wait_for_load_state("networkidle")
    content = light(page.screenshot(animations="disabled", caret="hide"))
    picture.folder.mkdir(exist_ok=True)
    picture.file.write_bytes(content)
    return content


def light(png: bytes) -> bytes:
    """The same picture in 256 colours at most, without dithering: text stays sharp.

    Raises ValueError when it still weighs more than HEAVIEST.
    """
    made = io.BytesIO()
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    picture.quantize(256, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(made, "PNG", optimize=True)
    if made.tell() > HEAVIEST:
        raise ValueError(f"the picture weighs {made.tell()} bytes, more than {HEAVIEST}: frame less of the page")
    return made.getvalue()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
