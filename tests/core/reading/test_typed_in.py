"""What stands beside the fields of a form: nothing that only makes sense in a spreadsheet."""

from __future__ import annotations

from core.catalogue.lead import DATASETS
from core.reading.typed_in import by_column, typed_in

PAYMENTS = next(one for one in DATASETS if one.code == "versements")


def test_an_empty_field_is_to_be_filled_and_a_wrong_one_says_what_it_wants() -> None:
    said = by_column(typed_in(PAYMENTS, [{"date": "hier"}]).problems)
    assert said["ligne"] == said["reference"] == "Remplissez ce champ\u00a0: il est obligatoire."
    assert "jj/mm/aaaa" in said["date"] and "obligatoire" not in said["date"]
