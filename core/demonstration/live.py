"""The file that the demonstration deposits live: Point Formation's last quarter, with all its slips."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from core.demonstration import associations, buildings, receivers
from core.demonstration.files import FICTITIOUS, Cell, Sheet, workbook
from core.demonstration.filling import year
from core.demonstration.receivers import most_alike
from core.demonstration.story import COMPUTER, TODAY
from core.domain.dataset import RowDict

LIVE_FILE = "point-formation-releve-2022-T2-donnees-fictives.xlsx"
SHEETS: Mapping[str, str] = {
    "materiel": "Matériel",
    "diagnostics": "Diagnostics",
    "raccordements": "Accords",
    "depenses_a_date": "Dépenses",
}
"""The sheet of each dataset, in the order in which they are deposited."""

PRIVATE = "Tél. maman"
"""The column that makes the file refused: it speaks of people."""

_ABOVE = ("POINT FORMATION – relevé du 2e trimestre 2022", FICTITIOUS, "à envoyer à la Métropole avant le 4 juillet")
_FIRST_LINE = len(_ABOVE) + 2
_MACHINES = {
    "NUMÉRO D’INVENTAIRE": "numero_inventaire",
    "TYPE": "type",
    "Provenance": "provenance",
    "Affectation": "affectation",
    "Date de réception": "date_reception",
    "Preuve d’effacement": "preuve_effacement",
    "Statut": "statut",
    "DATE DE REMISE": "date_remise",
    "Lieu": "lieu",
    "Type de bénéficiaire": "type_beneficiaire",
    "en QPV": "en_qpv",
}
_NEEDS = {
    "LIEU": "lieu",
    "Mois": "mois",
    "DIAGNOSTICS": "diagnostics",
    "Besoin d’équipement": "besoin_equipement",
    "Besoin de connexion": "besoin_connexion",
    "Besoin d’accompagnement": "besoin_accompagnement",
}
_AGREEMENTS = {
    "Code de l’immeuble": "code_immeuble",
    "MOIS": "mois",
    "Accords": "accords",
    "Mises en service": "mises_en_service",
}
_SPENT = {"Ligne de subvention": "ligne_subvention", "Date": "date", "Montant dépensé": "montant"}
_PLACES = {"martigues": "Martigues", "port-de-bouc": "Port-de-Bouc"}
_MISSPELT = "Port de Bouc"
_YES = ("oui", "OUI", "x")


@dataclass(frozen=True, slots=True)
class Correction:
    """What has to be changed in the sheet « Matériel »: at which line (as shown), from what, to what."""

    line: int
    heading: str
    found: str
    right: str


def write_live_file(folder: Path) -> Path:
    """Write the file into ``folder`` (made when missing) and give its path."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / LIVE_FILE
    path.write_bytes(workbook([_machines(), _needs(), _agreements(), _spent()]))
    return path


def corrections() -> tuple[Correction, ...]:
    """The two numbers copied wrong and the day that does not exist, with what should stand there."""
    number, handed = "NUMÉRO D’INVENTAIRE", "DATE DE REMISE"
    given = _handed_over()
    doubled, taken = given[3], _like_another()
    last = max(range(len(given)), key=lambda index: given[index]["date_remise"])
    return (
        Correction(_FIRST_LINE + 3, number, given[2]["numero_inventaire"], doubled["numero_inventaire"]),
        Correction(_FIRST_LINE + taken[0], number, taken[1], given[taken[0]]["numero_inventaire"]),
        Correction(_FIRST_LINE + last, handed, "31/06/2022", "30/06/2022"),
    )


# --- sheets -------------------------------------------------------------------------------


def _machines() -> Sheet:
    rows = _rows()
    headings = (*_MACHINES, PRIVATE)
    lines = [[*_line(row, _MACHINES), f"06 39 98 00 {number:02d}"] for number, row in enumerate(rows)]
    for line, row in zip(lines, rows, strict=True):
        if row["statut"] != "remis":
            line[-1] = None
    yes = [line for line in lines if line[headings.index("en QPV")] == "oui"]
    for rank, line in enumerate(yes):
        line[headings.index("en QPV")] = _YES[rank % len(_YES)]
    first = next(line for line in lines if line[headings.index("Lieu")] == _PLACES["port-de-bouc"])
    first[headings.index("Lieu")] = _MISSPELT
    for slip in corrections():
        lines[slip.line - _FIRST_LINE][headings.index(slip.heading)] = slip.found
    total = ("TOTAL", f"{len(rows)} machines")
    return Sheet(SHEETS["materiel"], _ABOVE, headings, tuple(map(tuple, lines)), (total,))


def _needs() -> Sheet:
    rows = list(year().diagnostics_live)
    total: tuple[Cell, ...] = ("Total", None, *(sum(row[name] for row in rows) for name in list(_NEEDS.values())[2:]))
    return _sheet("diagnostics", _NEEDS, rows, total)


def _agreements() -> Sheet:
    rows = [row for building in buildings.at("martigues") for row in buildings.live_connections(building)]
    total = ("Total", None, sum(row["accords"] for row in rows), sum(row["mises_en_service"] for row in rows))
    return _sheet("raccordements", _AGREEMENTS, rows, total)


def _spent() -> Sheet:
    return _sheet("depenses_a_date", _SPENT, associations.spent_live())


def _sheet(dataset: str, columns: Mapping[str, str], rows: Sequence[RowDict], *below: tuple[Cell, ...]) -> Sheet:
    lines = tuple(tuple(_line(row, columns)) for row in rows)
    return Sheet(SHEETS[dataset], _ABOVE, tuple(columns), lines, below)


# --- cells --------------------------------------------------------------------------------


def _rows() -> list[RowDict]:
    """Handed over first, computers then screens; then what is left."""
    rows = receivers.rows(year().held_live, TODAY)
    return sorted(rows, key=lambda row: (row["statut"] != "remis", row["type"] == "écran"))


def _handed_over() -> list[RowDict]:
    return [row for row in _rows() if row["statut"] == "remis" and row["type"] != "écran"]


def _like_another() -> tuple[int, str]:
    """Which line bears the number of a machine handed over at Salon, and that number."""
    given = [row["numero_inventaire"] for row in _handed_over()]
    salon = [
        unit.number
        for unit in year().stock.units
        if unit.kind == COMPUTER and unit.handover and unit.handover.place == "salon"
    ]
    slip = most_alike(given[4:-1], salon)
    return given.index(slip.right), slip.wrong


def _line(row: RowDict, columns: Mapping[str, str]) -> list[Cell]:
    return [_cell(name, row[name]) for name in columns.values()]


def _cell(name: str, value: Cell | bool) -> Cell:
    """As this old workbook has it: days as text, places as said, amounts in euros."""
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, date):
        return f"{value:%m/%Y}" if name == "mois" else f"{value:%d/%m/%Y}"
    if name == "montant" and isinstance(value, int):
        return value / 100
    return _PLACES.get(value, value) if isinstance(value, str) else value
