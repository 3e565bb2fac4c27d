"""The committee's deck: the sentence, the six side by side, a slide for each, money, what changed, decisions."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from core.domain import french
from core.domain.french import typeset
from core.domain.palette import LIGHT
from core.exports.dossier.material import Material
from core.exports.dossier.paper import DONE
from core.exports.dossier.sheets import Fiche, amount, card_figures, fiches_of, matrix_of, money_row
from core.exports.slides import comparing, experiment
from core.exports.slides.placing import Area, Run, table, text
from core.exports.slides.speaking import write_notes
from core.exports.slides.template import HEIGHT, MARGIN, WIDTH, empty_deck
from core.services.purse import money_sentence, undivided_sentence

WIDE = WIDTH - 2 * MARGIN
BODY = Area(MARGIN, 1.7, WIDE, 5.05)
MOST = 12


def deck(material: Material) -> bytes:
    """The whole deck as a PPTX; its charts stay editable, its notes give the definitions."""
    made = empty_deck()
    for title, draw, notes in _slides(material):
        slide = made.slides.add_slide(made.slide_layouts[0])
        slide.shapes.title.text = title
        _head(slide, material)
        draw(slide)
        _foot(slide, material, len(made.slides))
        if notes:
            write_notes(slide, notes)
    _properties(made, material)
    kept = io.BytesIO()
    made.save(kept)
    return kept.getvalue()


Draw = Callable[[Any], None]


def _slides(material: Material) -> Iterator[tuple[str, Draw, str]]:
    """Each slide: its title, what draws it, and what its notes say."""
    fiches = fiches_of(material)
    snapshot = material.snapshot
    yield typeset(snapshot.sentence), lambda slide: _six(slide, material, fiches), _how_to_read(material)
    yield "Les six, indicateur par indicateur", lambda slide: _matrix(slide, material), _first_definitions(material)
    yield from comparing.slides(material)
    for fiche in fiches:
        title, draw, notes = experiment.slide(material, fiche)
        yield title, draw, notes
    yield typeset(money_sentence(snapshot.ledger)), lambda slide: _money(slide, material), ""
    if material.changes is not None:
        yield _changed_title(material), lambda slide: _changed(slide, material), ""
    yield "Ce qui a été décidé, ce qui est demandé", lambda slide: _decisions(slide, material), ""


# --- what every slide has --------------------------------------------------------------------


def _head(slide: Any, material: Material) -> None:
    line = [Run(material.kicker, 12, colour=LIGHT.ink_soft)]
    if material.snapshot.fictitious:
        line.append(Run("  ·  Données fictives", 12, True, LIGHT.late))
    text(slide, Area(MARGIN, 0.28, WIDE, 0.3), [line], name="En-tête")


def _foot(slide: Any, material: Material, number: int) -> None:
    said = "  ·  ".join(part for part in (material.snapshot.mark, material.hidden, french.number(number)) if part)
    area = Area(MARGIN, HEIGHT - 0.42, WIDE, 0.25)
    text(slide, area, [[Run(said, 11, colour=LIGHT.ink_soft)]], name="Pied")


def _properties(made: Any, material: Material) -> None:
    told = made.core_properties
    told.title, told.author, told.language = material.title, "Fabrique", "fr-FR"
    told.subject = material.snapshot.mark
    told.created = told.modified = material.at.replace(tzinfo=None)


def _how_to_read(material: Material) -> str:
    return typeset(
        f"{material.snapshot.mark}. ▲ En avance : plus de dix points au-dessus de ce qui est attendu à cette date. "
        "● Dans les temps : à moins de dix points. ▼ En retard : plus de dix points en dessous. ■ Bloqué : arrêté par "
        "une cause extérieure. ○ Non renseigné : on ne sait pas encore, ce n’est pas zéro. — Sans objet."
    )


def _first_definitions(material: Material) -> str:
    wanted = [one for one in material.snapshot.indicators if one.rank is not None]
    return "\n".join(typeset(f"{one.label} : {one.definition}") for one in wanted)


# --- the six side by side --------------------------------------------------------------------


def _six(slide: Any, material: Material, fiches: Sequence[Fiche]) -> None:
    found = material.snapshot.experiments
    gap, count = 0.18, max(1, len(found))
    width = (WIDE - gap * (count - 1)) / count
    for rank, (one, fiche) in enumerate(zip(found, fiches, strict=False)):
        left = MARGIN + rank * (width + gap)
        figures = card_figures(material.snapshot, one)
        experiment.column(slide, Area(left, 2.0, width, 4.7), fiche, figures)


def _matrix(slide: Any, material: Material) -> None:
    names = [one.short_title for one in material.snapshot.experiments]
    rows = [
        [row.label, *(comparing.cell_text(cell) for cell in row.cells)]
        for _, _, found in matrix_of(material.snapshot)
        for row in found
    ]
    area = Area(MARGIN, 1.35, WIDE, 5.5)
    widths = [1.6] + [1.0] * (len(names) + 1)
    table(
        slide, area, ["Indicateur", *names, "Programme"], rows, name="Comparaison",
        alternative="Les indicateurs du premier écran, une ligne chacun, une colonne par expérimentation.",
        widths=widths, numeric=range(1, len(names) + 2), size=10,
    )  # fmt: skip


# --- money -----------------------------------------------------------------------------------


def _money(slide: Any, material: Material) -> None:
    ledger = material.snapshot.ledger
    rows = [money_row(state) for state in ledger.lines]
    comparing.money_chart(slide, Area(MARGIN, 1.6, 6.1, 4.9), rows)
    written = [[f"{one.association}, {one.serves}", *one.words] for one in rows]
    written.append(
        ["Total", french.euros(ledger.voted), amount(ledger.paid, ledger.voted), amount(ledger.spent, ledger.voted)]
    )
    table(
        slide, Area(6.85, 1.65, WIDTH - 6.85 - MARGIN, 3.9), ["Ligne", "Voté", "Versé", "Dépensé"], written,
        name="Subventions", alternative="Les six lignes de subvention : voté, versé, dépensé.",
        widths=(1.7, 0.8, 1.1, 1.1), numeric=(1, 2, 3), size=11,
    )  # fmt: skip
    undivided = typeset(undivided_sentence(ledger))
    if undivided:
        area = Area(6.85, 5.75, WIDTH - 6.85 - MARGIN, 0.9)
        text(slide, area, [[Run("Non ventilé. ", 11, True), Run(undivided, 11)]], name="Non ventilé")


# --- what changed, decisions -----------------------------------------------------------------


def _changed_title(material: Material) -> str:
    day = french.day(material.earlier.until) if material.earlier else ""
    return f"Ce qui a changé depuis les données du {day}"


def _changed(slide: Any, material: Material) -> None:
    listed = material.changes.listed if material.changes else ()
    lines = [[Run("• " + one.text, 15)] for one in listed[:MOST]]
    more = len(listed) - MOST
    if more > 0:
        lines.append([Run(f"et {french.count(more, 'autre changement', 'autres changements')}, dans le dossier.", 13)])
    text(slide, BODY, lines or [[Run("Aucun chiffre n’a changé.", 16)]], name="Changements", after=5)


def _decisions(slide: Any, material: Material) -> None:
    half = (WIDE - 0.5) / 2
    decided = [
        [Run(f"{one.verdict}. ", 14, True), Run(typeset(one.title), 14), Run(f"  {DONE[one.done]}", 13)]
        for one in material.decided[-MOST:]
    ]
    asked = [
        [Run(typeset(f"{one.title} : "), 14, True), Run(typeset(one.question), 14)]
        for one in (material.meeting.points if material.meeting else ())
    ]
    _listed(slide, Area(MARGIN, 1.6, half, 5.1), "Décidé jusqu’ici", decided, "Aucune décision enregistrée.")
    right = Area(MARGIN + half + 0.5, 1.6, half, 5.1)
    _listed(slide, right, "Demandé au comité", asked, "Aucun point n’est inscrit à l’ordre du jour.")


def _listed(slide: Any, area: Area, title: str, lines: Sequence[Sequence[Run]], nothing: str) -> None:
    head = [Run(title, 18, True, LIGHT.accent)]
    text(slide, area, [head, *(lines or [[Run(nothing, 15)]])], name=title, after=7)
