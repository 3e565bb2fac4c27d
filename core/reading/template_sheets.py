"""The sheets that our own template adds beside the one to fill, and the files of an older version of a table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from core.domain import french
from core.domain.french import fold
from core.errors import FileRefused

if TYPE_CHECKING:  # the reading process, which needs none of it, starts light
    from core.domain.dataset import Dataset

NOTES, EXAMPLE, LISTS = "Lisez-moi", "Exemple", "Listes"
REASONS = "À corriger"
"""The last column of the rejected rows that we hand back: read by people, never by us."""
VERSION = "Version du tableau"
"""What stands, in the notes, before the version of the dataset that the template was made for."""
_BESIDE = frozenset(fold(name) for name in (NOTES, EXAMPLE, LISTS))


def offered(names: Sequence[str]) -> tuple[str, ...]:
    """The sheets among which to choose: those of the template left out.

    A workbook of one sheet is read whatever its name; a template whose sheet was emptied has
    none to read, and its example is not taken for data.
    """
    if len(names) == 1:
        return tuple(names)
    return tuple(name for name in names if fold(name) not in _BESIDE)


def version_in(notes: Sequence[Sequence[str]]) -> int | None:
    """The version of the dataset that the notes of a template name, when they name one."""
    for row in notes:
        filled = [text.strip() for text in row if text.strip()]
        if len(filled) > 1 and filled[0] == VERSION and filled[1].isdigit():
            return int(filled[1])
    return None


def is_reasons(heading: str) -> bool:
    """Whether a heading is that of the reasons that we wrote ourselves."""
    return fold(heading) == fold(REASONS)


def is_free(name: str) -> bool:
    """Whether a sheet to fill may bear this name."""
    return fold(name) not in _BESIDE


# --- A file made for an older version of its table: its values may not mean what they would today --


def refuse_old_file(headings: Mapping[str, str], dataset: Dataset, former: Iterable[Dataset], association: str) -> None:
    """Raise FileRefused when a heading is the title that a column had in a version of before, and has no more.

    ``headings`` gives the column that each is read as; ``former`` are the older declarations, the newest
    first. A template says its version itself, and is refused by it.
    """
    for old in former:
        titles = {fold(one.title): one.title for one in old.columns}
        for heading, name in headings.items():
            now = dataset.by_name[name]
            # The code of a column, as programs write it, is the same in every version.
            if fold(heading) in titles and fold(heading) != fold(now.title) and heading != name:
                raise FileRefused(_said(heading, now.title, old.version, dataset, association))


def of_old_file(refusal: FileRefused, dataset: Dataset, former: Iterable[Dataset], association: str) -> FileRefused:
    """The same refusal, or one that names the older version whose titles the file bears where today's are missing."""
    today = {fold(word) for one in dataset.columns for word in (one.title, one.name)}
    for old in former:
        titles = {fold(one.title) for one in old.columns}
        gone = [heading for heading in refusal.headings if fold(heading) in titles and fold(heading) not in today]
        if gone:
            return FileRefused(_gone(gone, old.version, dataset, association))
    return refusal


def _gone(headings: Sequence[str], version: int, dataset: Dataset, association: str) -> str:
    named = french.listing(f"« {one} »" for one in headings)
    are = "est un titre" if len(headings) == 1 else "sont des titres"
    return (
        f"{named} {are} de la version {version} du tableau « {dataset.title} », qui en est à la version "
        f"{dataset.version}. {_take_todays(dataset, association)}"
    )


def _take_todays(dataset: Dataset, association: str) -> str:
    return (
        "Rien n’est lu. Prenez le modèle d’aujourd’hui (« Déposer », ou « fabrique template MODELE.xlsx "
        f"-a {association} -d {dataset.code} »), recopiez-y vos lignes telles qu’il les demande, puis déposez-le."
    )


def _said(heading: str, title: str, version: int, dataset: Dataset, association: str) -> str:
    return (
        f"« {heading} » est un titre de la version {version} du tableau « {dataset.title} », qui en est à la version "
        f"{dataset.version} : la colonne s’appelle maintenant « {title} » et ses valeurs ne veulent plus dire la même "
        f"chose. {_take_todays(dataset, association)}"
    )
