"""A new plugin from six answers: an installable distribution whose tests pass and whose page reads well."""

from __future__ import annotations

import keyword
import re
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import invalidate_caches
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from string import Template
from typing import NamedTuple

from core.catalogue import CATALOGUE, DATASETS, places
from core.contract.hookspecs import CONTRACT
from core.deliberation import ASSOCIATIONS
from core.domain import french
from core.domain.dataset import Dataset
from core.domain.french import fold, nearest
from core.domain.indicator import Derived, Indicator
from core.domain.programme import METROPOLE
from core.errors import Refused, UnknownName

KINDS: Mapping[str, str] = {
    "texte": "pl.String",
    "entier": "pl.Int64",
    "montant": "pl.Int64",
    "decimal": "pl.Float64",
    "jour": "pl.Date",
    "mois": "pl.Date",
    "oui_non": "pl.Boolean",
}
"""The kinds of a new column, with the type of its values."""
_SUMMED = ("entier", "montant", "decimal")
_FAMILIES = ("EQ", "CO", "AC", "TR", "BE", "NI", "AP")


class OwnColumn(NamedTuple):
    """A column to add: the shared dataset that gets it, its title, its kind."""

    dataset: str
    title: str
    kind: str

    @property
    def name(self) -> str:
        """What the column is called in the code."""
        return _identifier(self.title)


class OwnFigure(NamedTuple):
    """A figure to add: what the screen calls it, and what it counts, in the plural."""

    label: str
    unit: str


@dataclass(frozen=True, slots=True)
class ProjectAnswers:
    """The six answers, understood: whose plugin, where, on which axes, over which rows, with what of its own."""

    name: str
    association: str
    places: tuple[str, ...]
    axes: tuple[int, ...]
    datasets: tuple[str, ...]
    column: OwnColumn | None = None
    figure: OwnFigure | None = None


# --- What people type, understood -----------------------------------------------------------------------


def read_name(text: str) -> str:
    """The name of the package: letters without accents, digits and « _ ». Raises Refused."""
    if not re.fullmatch(r"[a-z][a-z0-9_]{1,39}", text):
        raise Refused(
            f"« {text} » ne peut pas nommer une extension : minuscules sans accent, chiffres et « _ ». "
            f"Par exemple : {_identifier(text) or 'essai_miramas'}."
        )
    if _taken(text):
        raise Refused(f"« {text} » est déjà le nom d’autre chose en Python : ajoutez-lui un mot.")
    return text


def _taken(name: str) -> bool:
    """Whether Python, or a package that is installed, has that name already."""
    if keyword.iskeyword(name) or name in sys.stdlib_module_names:
        return True
    found = find_spec(name)
    invalidate_caches()  # the folder that was looked at may hold that package a moment later
    return found is not None and found.origin is not None  # a folder of that name is no package


def read_text(text: str) -> str:
    """Words that are written as they stand in the code and on screen, with French apostrophes. Raises Refused."""
    if not text.strip() or re.search(r'["\\\x00-\x1f$]', text):
        raise Refused(f"« {text} » ne peut pas être écrit tel quel : ôtez guillemets droits et signes.")
    return text.strip().replace("'", "’")


def read_places(text: str) -> tuple[str, ...]:
    """« Miramas, Istres »: the codes of these places. Raises UnknownName."""
    found = []
    for part in _parts(text):
        code = places.resolve(part)
        if code is None:
            near = nearest(part, [one.name for one in places.every().values()])
            hint = f"Vouliez-vous dire « {near} » ?" if near else "Donnez une commune de la Métropole."
            raise UnknownName(f"Le lieu « {part} » n’existe pas. {hint}")
        found.append(code)
    return _some(tuple(dict.fromkeys(found)), "un lieu")


def read_axes(text: str) -> tuple[int, ...]:
    """« 1, 3 »: these axes. Raises Refused."""
    found = _some(tuple(dict.fromkeys(_parts(text))), "un axe")
    if any(part not in ("1", "2", "3") for part in found):
        raise Refused("Les axes sont 1 (Équiper), 2 (Connecter) et 3 (Accompagner) : par exemple « 1, 3 ».")
    return tuple(sorted(map(int, found)))


def read_datasets(text: str, axes: Iterable[int]) -> tuple[str, ...]:
    """« materiel, diagnostics »: these shared datasets, and those that they name. Raises UnknownName, Refused."""
    found = _some(tuple(dict.fromkeys(map(_shared, _parts(text)))), "un tableau")
    tried = set(axes)
    for code in found:
        axis = DATASETS[code].axis
        if axis is not None and axis not in tried:
            raise Refused(
                f"« {code} » est un tableau de l’axe {axis}, que l’expérimentation n’essaie pas. "
                "Ajoutez l’axe, ou ôtez le tableau."
            )
    return tuple(dict.fromkeys(one for code in found for one in (*_named_by(DATASETS[code]), code)))


def usual_datasets(axes: Iterable[int]) -> tuple[str, ...]:
    """What an association of these axes hands in most often: one dataset for each, and its milestones."""
    by_axis = {1: "materiel", 2: "immeubles", 3: "diagnostics"}
    return (*(by_axis[axis] for axis in axes), "jalons")


def read_column(text: str, datasets: Iterable[str]) -> OwnColumn | None:
    """« materiel/Étagère/texte »; None for a blank. Raises Refused, UnknownName."""
    if not text.strip():
        return None
    parts = [part.strip() for part in text.split("/")]
    if len(parts) != 3 or not all(parts):
        raise Refused("Une colonne s’écrit TABLEAU/TITRE/GENRE : materiel/Étagère/texte.")
    column = OwnColumn(_shared(parts[0]), read_text(parts[1]), parts[2])
    if column.dataset not in tuple(datasets):
        raise Refused(f"« {column.dataset} » n’est pas parmi les tableaux choisis.")
    if column.kind not in KINDS:
        raise Refused(f"Le genre « {column.kind} » n’existe pas : {', '.join(KINDS)}.")
    if not column.name or column.name in DATASETS[column.dataset].by_name:
        raise Refused(f"« {column.title} » est déjà dans « {column.dataset} » : un autre titre.")
    return column


def read_figure(text: str) -> OwnFigure | None:
    """« Tablettes prêtées/tablettes »; None for a blank. Raises Refused."""
    if not text.strip():
        return None
    parts = [part.strip() for part in text.split("/")]
    if len(parts) != 2 or not all(parts):
        raise Refused("Un chiffre s’écrit LIBELLÉ/UNITÉS : Tablettes prêtées/tablettes.")
    if not all(map(_identifier, parts)):
        raise Refused(f"« {text.strip()} » n’a pas de mot pour nommer le chiffre et son unité.")
    if french.unit_of(1, parts[1]) == parts[1]:
        raise Refused(f"Écrivez l’unité « {parts[1]} » au pluriel : « tablettes », « lieux ».")
    return OwnFigure(*map(read_text, parts))


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _some(found: tuple[str, ...], what: str) -> tuple[str, ...]:
    if not found:
        raise Refused(f"Donnez {what} au moins.")
    return found


def _shared(code: str) -> str:
    if code in DATASETS:
        return code
    near = nearest(code, DATASETS)
    hint = f"Vouliez-vous dire « {near} » ?" if near else f"Choisissez parmi : {', '.join(DATASETS)}."
    raise UnknownName(f"Le tableau « {code} » n’est pas un jeu partagé. {hint}")


def _named_by(dataset: Dataset) -> tuple[str, ...]:
    through = (dataset.place_through.dataset,) if dataset.place_through else ()
    return tuple(one for one in (*through, *(ref.dataset for ref in dataset.references)) if one != dataset.code)


def _read_by(indicator: Indicator) -> tuple[str, ...]:
    source = getattr(indicator.numerator, "source", "")
    return source.datasets if isinstance(source, Derived) else (source,)


def _of(name: str) -> str:
    """« d’IFAC », « de Point Formation »."""
    return f"d’{name}" if fold(name)[:1] in "aeiouyh" else f"de {name}"


def _identifier(text: str) -> str:
    found = re.sub(r"^[0-9_]+", "", fold(text).replace(" ", "_"))[:40]
    return f"{found}_" if keyword.iskeyword(found) else found


# --- The files ---------------------------------------------------------------------------------------------


def write_project(answers: ProjectAnswers, folder: Path) -> tuple[Path, ...]:
    """Write the distribution in a new folder and give its files. Raises Refused when something is there already."""
    if folder.exists() and any(folder.iterdir()):
        raise Refused(f"Le dossier {folder} n’est pas vide : rien n’est écrit. Donnez un autre nom.")
    written = []
    for path, text in project_files(answers).items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
        written.append(target)
    return tuple(written)


def project_files(answers: ProjectAnswers) -> dict[str, str]:
    """Each file of the distribution, by its path."""
    words = _words(answers)
    own = answers.column is not None
    sources = {
        "pyproject.toml": "pyproject",
        "README.md": "readme",
        f"{answers.name}/__init__.py": "package",
        f"{answers.name}/fabrique.toml": "manifest",
        f"{answers.name}/datasets.py": "datasets_own" if own else "datasets_shared",
        f"{answers.name}/indicators.py": "indicators_own" if answers.figure else "indicators_shared",
        f"{answers.name}/report.py": "report",
        "tests/test_plugin.py": "tests",
    }
    return {path: _template(source).substitute(words) for path, source in sources.items()}


def _template(name: str) -> Template:
    return Template(files("core").joinpath(f"testing/project/{name}.txt").read_text(encoding="utf-8"))


def _words(answers: ProjectAnswers) -> dict[str, str]:
    named = [places.every()[code] for code in answers.places]
    title = french.listing(one.name for one in named)
    association = next((one for one in ASSOCIATIONS.values() if fold(one.name) == fold(answers.association)), None)
    return {
        "name": answers.name,
        "title": title,
        "short_title": named[0].name,
        "distribution": f"fabrique-{answers.name.replace('_', '-')}",
        "experiment_code": answers.name.replace("_", "-").strip("-"),
        "association_code": association.code if association else fold(answers.association).replace(" ", "-"),
        "association_name": association.name if association else answers.association,
        "of_association": _of(answers.association),
        "contract": str(CONTRACT),
        "places": "\n".join(_place(code, answers.axes) for code in answers.places),
        "schemas": "\n".join(f"{code} = {DATASETS[code].version}" for code in answers.datasets),
        "handed_in": _handed_in(answers),
        **_column_words(answers),
        **_figure_words(answers),
        **_page_words(answers),
    }


def _place(code: str, axes: tuple[int, ...]) -> str:
    place = places.every()[code]
    tried = f"({', '.join(map(str, axes))},)" if len(axes) == 1 else f"({', '.join(map(str, axes))})"
    insee = f', insee="{place.insee}"' if place.insee and place.kind != METROPOLE else ""
    return f'        Place("{code}", "{place.name}", axes={tried}{insee}),'


def _handed_in(answers: ProjectAnswers) -> str:
    """The tuple of datasets: on one line when there is only one."""
    found = [_dataset(code, answers.column) for code in answers.datasets]
    return f"({found[0]},)" if len(found) == 1 else "\n".join(["(", *(f"    {one}," for one in found), ")"])


def _dataset(code: str, column: OwnColumn | None) -> str:
    own = column is not None and column.dataset == code
    return f'replace(DATASETS["{code}"], schema={_class_name(column)})' if own and column else f'DATASETS["{code}"]'


def _class_name(column: OwnColumn) -> str:
    return f"Own{''.join(part.title() for part in column.dataset.split('_'))}"


def _column_words(answers: ProjectAnswers) -> dict[str, str]:
    column = answers.column
    if column is None:
        return {}
    return {
        "own_dataset": column.dataset,
        "class_name": _class_name(column),
        "column_name": column.name,
        "column_title": column.title,
        "column_type": KINDS[column.kind],
        "column_help": f"À remplir par {answers.association} ; vide quand on ne sait pas.",
        "kind": column.kind,
    }


# --- The figure and the page ---------------------------------------------------------------------------------


def figure_code(name: str) -> str:
    """« essai_miramas » gives « EM1 »; the families of the shared catalogue keep their letters."""
    letters = "".join(part[0] for part in name.split("_") if part)[:2].upper().ljust(2, "X")
    return f"{'X' if letters in _FAMILIES or f'{letters}1' in CATALOGUE else ''}{letters}1"


def _figure_words(answers: ProjectAnswers) -> dict[str, str]:
    figure = answers.figure
    if figure is None:
        return {}
    dataset = DATASETS[answers.column.dataset if answers.column else answers.datasets[0]]
    axes = f"({dataset.axis},)" if dataset.axis else "()"
    date = f'"{dataset.date}"' if dataset.date else "None"
    name = _identifier(figure.label).upper()
    lines = [
        *_known(answers.column),
        f"{name} = Indicator(",
        f'    code="{figure_code(answers.name)}",',
        f'    label="{figure.label}",',
        f'    definition="{_definition(figure, answers.column, dataset)}",',
        *_numerator(answers.column, dataset.code, date),
        f'    unit="{figure.unit}",',
        f"    axes={axes},",
        f'    source="Relevés {_of(answers.association)}",',
        '    shortlist="optionnel",',
        "    declared=True,",
        ")",
    ]
    summed = answers.column is not None and answers.column.kind in _SUMMED
    imports = ["Count", "Indicator", *(["Sum"] if summed else []), *(["col"] if answers.column else [])]
    return {"figure_name": name, "declaration": "\n".join(lines), "imports": ", ".join(imports)}


def _known(column: OwnColumn | None) -> list[str]:
    if column is None:
        return []
    return [
        "# A row where the cell is blank says nothing: it counts on neither side.",
        f'_GIVEN = col("{column.name}").is_not(None)',
        "",
    ]


def _definition(figure: OwnFigure, column: OwnColumn | None, dataset: Dataset) -> str:
    if column is None:
        return f"Lignes du jeu « {dataset.title} »."
    if column.kind in _SUMMED:
        return f"Total de « {column.title} » dans le jeu « {dataset.title} », là où il est donné."
    said = "oui" if column.kind == "oui_non" else "rempli"
    return f"Lignes du jeu « {dataset.title} » où « {column.title} » est {said}."


def _numerator(column: OwnColumn | None, dataset: str, date: str) -> list[str]:
    """The measure. It counts people until its author says otherwise: small numbers are then hidden where they must."""
    people = "        people=True,  # of persons or homes; take it out for machines and buildings"
    if column is None:
        return ["    numerator=Count(", f'        source="{dataset}",', f"        date={date},", people, "    ),"]
    known = f'        known_if=Count(source="{dataset}", where=_GIVEN, date={date}),'
    if column.kind in _SUMMED:
        head = ["    numerator=Sum(", f'        source="{dataset}",', f'        expression=col("{column.name}"),']
        return [*head, "        where=_GIVEN,", f"        date={date},", people, known, "    ),"]
    kept = f'col("{column.name}").is_(True)' if column.kind == "oui_non" else "_GIVEN"
    head = ["    numerator=Count(", f'        source="{dataset}",', f"        where={kept},", f"        date={date},"]
    return [*head, people, known, "    ),"]


def _page_words(answers: ProjectAnswers) -> dict[str, str]:
    """The figure that the page opens with: its own, else the first shared one that its rows give."""
    if answers.figure is not None:
        dataset = answers.column.dataset if answers.column else answers.datasets[0]
        code, label, unit = figure_code(answers.name), answers.figure.label, answers.figure.unit
    else:
        found, dataset = _shared_figure(answers.datasets)
        code, label, unit = found.code, found.label, found.unit
    return {
        "page_figure": code,
        "page_title": label,
        "page_dataset": DATASETS[dataset].title,
        "page_singular": french.unit_of(1, unit),
        "page_plural": unit,
        "page_plural_title": french.capital(unit),
        "page_axis": str(DATASETS[dataset].axis or answers.axes[0]),
    }


def _shared_figure(datasets: Iterable[str]) -> tuple[Indicator, str]:
    counts = [one for one in CATALOGUE.values() if one.denominator is None or one.headline == "numerator"]
    counted = sorted(counts, key=lambda one: (one.rank is None, one.rank))  # those of the first screen first
    for code in datasets:
        for one in counted:
            if code in _read_by(one) and french.unit_of(1, one.unit) != one.unit:
                return one, code
    raise Refused("Aucun chiffre partagé ne vient de ces tableaux seuls : ajoutez-en un, ou donnez un chiffre à vous.")
