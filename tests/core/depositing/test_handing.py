"""A file is looked at, then stored as it was looked at, and no other."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from core import depositing
from core.contract.scope import Scope
from core.depositing import NOT_OURS, FileHandedIn, Preview, TableStatus
from core.domain.access import Actor, Role
from core.errors import Conflict, FileRefused, Forbidden, Refused, UnknownName
from tests.core.desk import AT, WHO, Desk, who
from tests.support.scopes import acting

MATERIEL = (
    "numero_inventaire;type;statut;date_reception\nA-1;ordinateur fixe;reçu;16/09/2021\nA-2;écran;reçu;16/09/2021\n"
)
CLAIRE = who("anonymal")


def look(desk: Desk, text: str, name: str = "releve.csv") -> Preview:
    file = FileHandedIn.of(text.encode(), name)
    return depositing.preview(Scope(desk.registry, desk.store, CLAIRE, AT), file, "anonymal", "materiel")


def store(desk: Desk, looked: Preview, **given: object) -> object:
    return depositing.confirm(Scope(desk.registry, desk.store, CLAIRE, AT), looked, "anonymal", "materiel", **given)


def remember(desk: Desk, headings: dict[str, str]) -> None:
    depositing.remember(Scope(desk.registry, desk.store, CLAIRE, AT), "anonymal", "materiel", headings)


def test_looking_stores_nothing_and_confirming_stores_those_rows(desk: Desk) -> None:
    looked = look(desk, MATERIEL)
    assert (looked.ready, looked.refusal) == (2, "")
    assert desk.store.deposits() == [] and desk.rows() == {}
    store(desk, looked)
    assert set(desk.rows()) == {"A-1", "A-2"}
    assert desk.store.file(looked.sha256) == MATERIEL.encode()


def test_other_bytes_than_those_looked_at_are_refused(desk: Desk) -> None:
    looked = look(desk, MATERIEL)
    swapped = replace(looked, file=FileHandedIn.of(MATERIEL.replace("A-2", "A-9").encode(), "releve.csv"))
    with pytest.raises(FileRefused, match="pas le fichier qui a été vérifié"):
        store(desk, swapped)
    assert desk.rows() == {}


def test_what_changed_meanwhile_asks_to_look_again(desk: Desk) -> None:
    looked = look(desk, MATERIEL)
    desk.submit(MATERIEL.replace("A-2", "A-3"))
    with pytest.raises(Conflict, match="ont changé depuis la vérification"):
        store(desk, looked)
    assert set(desk.rows()) == {"A-1", "A-3"}


def test_what_another_association_stores_meanwhile_stops_nobody(desk: Desk) -> None:
    looked = look(desk, MATERIEL)
    desk.submit(MATERIEL, "ifac")
    store(desk, looked)
    assert set(desk.rows()) == {"A-1", "A-2"}


def test_each_stage_of_a_long_work_is_told(desk: Desk) -> None:
    told: list[str] = []
    file = FileHandedIn.of(MATERIEL.encode(), "releve.csv")
    looked = depositing.preview(
        Scope(desk.registry, desk.store, CLAIRE, AT), file, "anonymal", "materiel", step=told.append
    )
    assert told == ["Lecture du fichier", "Vérification des lignes", "Comparaison avec ce qui est enregistré"]
    store(desk, looked, step=told.append)
    assert told[-1] == "Enregistrement"


def test_another_association_may_not_look(desk: Desk) -> None:
    file = FileHandedIn.of(MATERIEL.encode(), "releve.csv")
    with pytest.raises(Forbidden):
        depositing.preview(Scope(desk.registry, desk.store, CLAIRE, AT), file, "ifac", "materiel")


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\marie\\relevé T4.xlsx", "relevé T4.xlsx"),
        ("a\x00b\u202ecsv.exe", "abcsv.exe"),
        ("..", "fichier"),
        ("", "fichier"),
        ("x" * 300 + ".ods", "x" * 116 + ".ods"),
    ],
)
def test_a_name_is_never_a_path(given: str, kept: str) -> None:
    assert FileHandedIn.of(b"", given).name == kept


# --- headings -----------------------------------------------------------------------------


def test_a_close_spelling_is_asked_about_once(desk: Desk) -> None:
    text = MATERIEL.replace("numero_inventaire", "Numéro d’inventzire")
    assert look(desk, text).asked == ("Numéro d’inventzire",)
    remember(desk, {"Numéro d’inventzire": "numero_inventaire"})
    looked = look(desk, text)
    assert looked.asked == () and looked.ready == 2


def test_a_file_that_lacks_a_column_says_which_heading_to_name(desk: Desk) -> None:
    text = MATERIEL.replace("numero_inventaire", "Étiquette verte")
    looked = look(desk, text)
    assert looked.outcome is None and "Il manque la colonne" in looked.refusal
    assert looked.asked == ("Étiquette verte",)
    assert looked.titles is not None and "numero_inventaire" in looked.titles.missing
    remember(desk, {"Étiquette verte": "numero_inventaire"})
    assert look(desk, text).ready == 2


def test_a_column_said_to_be_none_of_ours_is_no_longer_asked_about(desk: Desk) -> None:
    lines = MATERIEL.splitlines()
    text = "\n".join([f"{lines[0]};Remarque interne", *(f"{line};vu" for line in lines[1:])])
    assert look(desk, text).asked == ("Remarque interne",)
    remember(desk, {"Remarque interne": NOT_OURS})
    assert look(desk, text).asked == ()


def test_a_guess_said_to_be_none_of_ours_is_not_guessed_again(desk: Desk) -> None:
    text = MATERIEL.replace("type;", "type;Lieux;").replace("fixe;", "fixe;Mars;").replace("écran;", "écran;Mars;")
    remember(desk, {"Lieux": NOT_OURS})
    looked = look(desk, text)
    assert looked.outcome is not None and looked.outcome.reading is not None
    assert "Lieux" not in looked.outcome.reading.headings


def test_what_was_learnt_can_be_forgotten_and_is_another_tables_business(desk: Desk) -> None:
    remember(desk, {"Étiquette verte": "numero_inventaire"})
    assert depositing.remembered(desk.store, "anonymal", "diagnostics") == {}
    depositing.forget(acting(desk.store, CLAIRE, AT), "anonymal", "materiel", "étiquette VERTE")
    assert depositing.remembered(desk.store, "anonymal", "materiel") == {}
    assert len(desk.store.entries("titres", "anonymal/materiel")) == 2


def test_a_heading_that_speaks_of_people_is_never_learnt(desk: Desk) -> None:
    with pytest.raises(Refused, match="n’est jamais lue"):
        remember(desk, {"Prénom": "lieu"})
    with pytest.raises(UnknownName):
        remember(desk, {"Étiquette": "pas_une_colonne"})


def test_another_association_teaches_nothing(desk: Desk) -> None:
    with pytest.raises(Forbidden):
        depositing.remember(Scope(desk.registry, desk.store, CLAIRE, AT), "ifac", "materiel", {"A": "type"})
    with pytest.raises(Forbidden):
        depositing.forget(acting(desk.store, CLAIRE, AT), "ifac", "materiel", "A")


# --- where an association stands ----------------------------------------------------------


def standings(desk: Desk, today: date = date(2022, 7, 5)) -> dict[str, TableStatus]:
    state = depositing.handed_in(desk.registry, desk.store, "anonymal", today=today)
    return {one.dataset.code: one.standing for one in state.tables}


def test_a_table_is_awaited_until_something_is_handed_in_or_declared(desk: Desk) -> None:
    assert standings(desk)["materiel"] is TableStatus.AWAITED
    assert standings(desk)["accompagnements"] is TableStatus.OPTIONAL
    desk.submit(MATERIEL)
    # Machines of September 2021, typed in July 2022: they tell nothing of the second quarter, whatever the hour.
    assert standings(desk)["materiel"] is TableStatus.AWAITED
    desk.submit(MATERIEL, period="2022-T2")
    assert standings(desk)["materiel"] is TableStatus.RECEIVED, "handed in for that quarter"
    assert standings(desk, date(2022, 10, 3))["materiel"] is TableStatus.AWAITED


def test_nothing_to_declare_is_known_for_its_period(desk: Desk) -> None:
    from core.depositing import submit

    submit.declare_nothing(Scope(desk.registry, desk.store, CLAIRE, AT), "anonymal", "materiel", "2022-T2")
    assert standings(desk)["materiel"] is TableStatus.NOTHING


def test_the_period_is_the_last_one_over_with_the_day_set_by_the_lead(desk: Desk) -> None:
    state = depositing.handed_in(desk.registry, desk.store, "anonymal", today=date(2022, 7, 5))
    assert (state.period.code, state.due, state.late) == ("2022-T2", None, False)
    period = {"code": "2022-T2", "debut": date(2022, 4, 1), "fin": date(2022, 6, 30), "echeance": date(2022, 7, 4)}
    desk.save("metropole", "periodes", period)
    state = depositing.handed_in(desk.registry, desk.store, "anonymal", today=date(2022, 7, 5))
    assert (state.due, state.late) == (date(2022, 7, 4), True)


def test_the_lead_hands_in_for_an_association(desk: Desk) -> None:
    karim = Actor(WHO.name, Role.LEAD, on_behalf_of="anonymal")
    file = FileHandedIn.of(MATERIEL.encode(), "releve.csv")
    looked = depositing.preview(Scope(desk.registry, desk.store, karim, AT), file, "anonymal", "materiel")
    depositing.confirm(Scope(desk.registry, desk.store, karim, AT), looked, "anonymal", "materiel")
    (deposit,) = desk.store.deposits()
    assert (deposit.actor, deposit.on_behalf_of) == ("Karim", "anonymal")
