"""What is said of a file as a whole: headings to confirm, columns that nobody asks for, titles among the rows."""

from __future__ import annotations

import polars as pl

from core.domain import french
from core.domain.dataset import Dataset, Problem, Severity
from core.reading.apart import SheetBelow
from core.reading.headings import Matched
from core.reading.judging import shortened


def to_confirm(matched: Matched, dataset: Dataset) -> list[Problem]:
    """The headings that may mean something else than the column whose words they bear."""
    return [
        Problem(
            None,
            matched.columns[position],
            matched.headings[position],
            french.typeset(
                f"Le titre de cette colonne dit plus que « {dataset.by_name[matched.columns[position]].title} » : "
                "ce qu’elle contient est peut-être autre chose."
            ),
            french.typeset("Dites ce qu’il veut dire, ou donnez à la colonne le titre du modèle."),
            Severity.ERROR,
            "titre_a_confirmer",
        )
        for position in sorted(matched.asked)
    ]


def of_the_file(source: SheetBelow, matched: Matched) -> list[Problem]:
    """Warnings on the file itself: headings that nobody asks for, the old Excel format."""
    said = [
        Problem(
            None,
            None,
            shortened(matched.headings[position]),
            french.typeset("Cette colonne n’est pas demandée : elle n’a pas été lue."),
            "Vérifiez son titre si elle devait l’être.",
            Severity.WARNING,
            "colonne_inconnue",
        )
        for position in matched.unknown
    ]
    if source.format == "xls":
        said.append(
            Problem(
                None,
                None,
                "",
                french.typeset("Ce fichier est au format Excel 97-2003 (.xls)."),
                french.typeset("Nous l’avons lu, mais vérifiez les dates avant d’enregistrer."),
                Severity.WARNING,
                "format_xls",
            )
        )
    return said


def of_one_cell(rows: pl.DataFrame) -> list[Problem]:
    """One complaint for a title or a note among the rows, and not one for each cell that it lacks."""
    return [
        Problem(
            line,
            None,
            shortened(text),
            french.typeset("Cette ligne n’a qu’une cellule : un titre, une note, ou une ligne à compléter ?"),
            french.typeset("Retirez-la si ce n’est pas une donnée, et vérifiez que ce qui suit se lit comme le reste."),
            Severity.ERROR,
            "une_seule_cellule",
        )
        for line, text in rows.iter_rows()
    ]
