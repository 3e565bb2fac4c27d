"""The form and the grid that any dataset gives: French texts in, typed values out, problems beside their field."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
from streamlit.testing.v1 import AppTest

from core.catalogue.keys import with_key
from core.catalogue.lead import VERSEMENTS
from dashboard.components.fields import GridEdits, fields
from tests.dashboard.views.opening import html, plain

PAID = {
    "reference": "M-1",
    "ligne": "anonymal-ct2",
    "date": date(2021, 10, 14),
    "montant": 1_225_000,
    "nature": "avance",
}


def _form() -> None:
    import streamlit as st

    from core.catalogue.lead import VERSEMENTS
    from core.errors import RowsRefused
    from core.reading.typed_in import typed_in
    from dashboard.components.forms import row_form

    row = st.session_state.get("row")
    sent = row_form(VERSEMENTS, row, key="v", button="Enregistrer ce versement", fixed=("reference",) if row else ())
    if sent is not None:
        st.session_state["sent"] = dict(sent)
        if st.session_state.get("refuse"):
            sent.refuse(RowsRefused("Non.", typed_in(VERSEMENTS, [{"date": "hier"}]).problems))


def _grid() -> None:
    import polars as pl
    import streamlit as st

    from core.catalogue.keys import with_key
    from core.catalogue.lead import VERSEMENTS
    from dashboard.components.fields import grid, grid_reset

    if st.session_state.get("reset"):
        grid_reset("g")
    schema = {column.name: column.kind.dtype for column in VERSEMENTS.columns}
    rows = with_key(pl.DataFrame(st.session_state["rows"], schema=schema), VERSEMENTS)
    st.session_state["edits"] = grid(VERSEMENTS, rows, key="g")


def _opened(script: Any, **state: Any) -> AppTest:
    test = AppTest.from_function(script, default_timeout=60)
    for name, value in state.items():
        test.session_state[name] = value
    test.run()
    assert not test.exception, test.exception
    return test


def _typed(**state: Any) -> GridEdits:
    whole = {"edited_rows": {}, "added_rows": [], "deleted_rows": [], **state}
    two = [PAID, {**PAID, "reference": "M-2", "montant": 50}]
    return _opened(_grid, rows=two, **{"g-0": whole}).session_state["edits"]


def test_a_form_understands_what_french_people_type() -> None:
    test = _opened(_form)
    test.text_input(key="v-reference").set_value("M-7")
    test.selectbox(key="v-ligne").set_value(_words("ligne", "anonymal-ct2"))
    test.text_input(key="v-date").set_value("1er juillet 2021")
    test.text_input(key="v-montant").set_value("24 500 €")
    test.selectbox(key="v-nature").set_value("solde")
    test.button[0].click().run()

    assert test.session_state["sent"] == {
        "reference": "M-7",
        "ligne": "anonymal-ct2",
        "date": date(2021, 7, 1),
        "montant": 2_450_000,
        "nature": "solde",
    }


def test_a_problem_stands_beside_its_field_and_nothing_is_sent() -> None:
    test = _opened(_form)
    test.text_input(key="v-montant").set_value("beaucoup")
    test.text_input(key="v-date").set_value("31/02/2022")
    test.button[0].click().run()

    assert "sent" not in test.session_state
    words = plain(html(test))
    assert words.count("field-problem") == 5
    assert "Ce jour n’existe pas. Corrigez la date, par exemple 28/02/2022." in words
    assert "5 champs sont à corriger." in words


def test_what_holds_stands_in_the_form_and_a_fixed_column_does_not_change() -> None:
    test = _opened(_form, row=PAID)
    assert test.text_input(key="v-montant").value == "12250,00"
    assert test.text_input(key="v-date").value == "14/10/2021"
    assert test.text_input(key="v-reference").disabled
    test.text_input(key="v-montant").set_value("12 250,5")
    test.button[0].click().run()
    assert test.session_state["sent"] == {**PAID, "montant": 1_225_050}


def test_what_the_service_refuses_is_told_beside_the_field() -> None:
    test = _opened(_form, row=PAID, refuse=True)
    test.button[0].click().run()
    assert "Ce n’est pas une date." in plain(html(test))


def test_a_grid_gives_the_cells_that_differ_typed() -> None:
    edits = _typed(edited_rows={0: {"montant": "24 500 €", "date": "14/10/2021"}, 1: {"nature": "solde"}})
    assert edits.changed == {"M-1": {"montant": 2_450_000}, "M-2": {"nature": "solde"}}
    assert (edits.count, edits.added, edits.removed, edits.problems) == (2, (), (), ())


def test_a_grid_gives_rows_added_and_taken_out_and_a_row_whose_key_was_retyped() -> None:
    new = {
        "reference": "M-9",
        "ligne": _words("ligne", "anonymal-ct2"),
        "date": "2/3/22",
        "montant": "1",
        "nature": "solde",
    }
    edits = _typed(edited_rows={0: {"reference": "M-3"}}, added_rows=[new, {}], deleted_rows=[1])
    assert edits.removed == ("M-2", "M-1")
    assert edits.added == (
        {**PAID, "reference": "M-3"},
        {"reference": "M-9", "ligne": "anonymal-ct2", "date": date(2022, 3, 2), "montant": 100, "nature": "solde"},
    )


def test_a_grid_tells_what_it_could_not_read_row_by_row() -> None:
    edits = _typed(edited_rows={1: {"montant": "1.234"}}, added_rows=[{"reference": "M-9"}])
    assert [(one.line, one.column, one.code) for one in edits.problems][:2] == [
        (1, "montant", "nombre_ambigu"),
        (2, "ligne", "obligatoire"),
    ]
    assert edits.numbered == ("M-2", "ligne ajoutée 1")


def test_the_whole_rows_to_store_are_those_held_with_the_cells_that_changed() -> None:
    rows = with_key(pl.DataFrame([PAID], schema={one.name: one.kind.dtype for one in VERSEMENTS.columns}), VERSEMENTS)
    assert GridEdits(changed={"M-1": {"montant": 3}}).rows(rows) == [{**PAID, "montant": 3}]


def test_a_grid_forgets_what_was_typed_once_reset() -> None:
    state = {"edited_rows": {0: {"montant": "3"}}, "added_rows": [], "deleted_rows": []}
    assert not _opened(_grid, rows=[PAID], reset=True, **{"g-0": state}).session_state["edits"].count


def _words(column: str, value: Any) -> str:
    return next(one for one in fields(VERSEMENTS) if one.name == column).words(value) or ""
