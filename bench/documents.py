"""The dossier and the deck of a committee, each against the least document of its kind.

The PDF is typeset in a new process, as its rival is: an empty page with the same fonts and standards, by the
same typesetter. Reading the figures is left out of both. The deck is made beside an empty one of as many slides.
"""

from __future__ import annotations

import io
import json
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from bench.measure import Ratio, compare
from bench.service import env
from core.contract import Registry
from core.contract.scope import Scope
from core.demonstration import filling
from core.demonstration.people import LEAD
from core.exports.dossier import Material, live
from core.exports.dossier_paper import data_of
from core.exports.slides_deck import deck
from core.exports.slides_kit import empty_deck
from core.exports.typesetting import FONTS, STANDARDS
from core.storage import Store

AT, QUARTER = datetime(2022, 7, 5, 9, tzinfo=UTC), date(2022, 6, 30)
"""The documents of the quarter that has just ended, as their page offers them."""
_OURS = """
import json, sys
from datetime import UTC, datetime
from core.exports.dossier_layout import fitted
data = json.load(open(sys.argv[1], encoding="utf-8"))
made = fitted(data, at=datetime(2022, 7, 5, 9, tzinfo=UTC), title="Dossier")
assert made.startswith(b"%PDF") and len(data["fiches"]) == 6
"""
_THEIRS = '''
import sys, typst
fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[sys.argv[2]])
page = b"""#set document(title: "Vide", date: datetime(year: 2022, month: 7, day: 5))
#set text(lang: "fr", font: "Fabrique Lisible")
Vide"""
made = typst.Compiler(page, font_paths=fonts).compile(format="pdf", pdf_standards=sys.argv[3].split(","))
assert made.startswith(b"%PDF")
'''


def run(folder: Path, *, runs: int = 21, figures: Material | None = None) -> list[Ratio]:
    """Both documents of ``figures``, by default of the demonstration filled in ``folder``."""
    material = figures or _material(folder)
    data = folder / "dossier.json"
    data.write_text(json.dumps(data_of(material)), encoding="utf-8")
    slides = len(_presented(deck(material)).slides)
    return [
        compare(
            "Dossier du comité (PDF), contre une page vide",
            lambda: _python(_OURS, data),
            lambda: _python(_THEIRS, data),
            bound=5.0,
            runs=runs,
            note="un processus neuf à chaque fois, mêmes polices, mêmes normes",
        ),
        compare(
            "Diaporama du comité (PPTX), contre un diaporama vide",
            lambda: deck(replace(material)),  # which keeps nothing of the run before
            lambda: _empty(slides),
            bound=5.0,
            runs=runs,
            note=f"{slides} pages de part et d’autre",
        ),
    ]


def _material(folder: Path) -> Material:
    registry = Registry.load()
    with Store.open(f"sqlite:///{folder / 'documents.sqlite3'}") as store:
        filling.fill(registry, store)
        return live(Scope(registry, store, LEAD, AT), until=QUARTER, fictitious=True)


def _python(code: str, data: Path) -> None:
    subprocess.run([sys.executable, "-c", code, str(data), str(FONTS), ",".join(STANDARDS)], env=env(), check=True)


def _empty(slides: int) -> bytes:
    """As many slides of our template, each with its title and nothing else."""
    made = empty_deck()
    for _ in range(slides):
        made.slides.add_slide(made.slide_layouts[0]).shapes.title.text = "Vide"
    kept = io.BytesIO()
    made.save(kept)
    return kept.getvalue()


def _presented(data: bytes) -> Any:
    from pptx import Presentation

    return Presentation(io.BytesIO(data))
