"""The rows behind a figure are as many as it says, or add up to it."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from core.domain.calendar import Period
from core.errors import UnknownName
from core.figures import RowsPage
from tests.core.figures.rig import AIX, FRAIS_VALLON, LEAD, SALON, Rig, computer, diagnostics, handed_over


def filled(rig: Rig) -> None:
    rig.put(
        "anonymal",
        "materiel",
        [
            handed_over("A1", "aix", date(2021, 11, 3)),
            handed_over("A2", "gardanne", date(2022, 1, 10)),
            handed_over("A3", "salon", date(2022, 2, 3), type_beneficiaire="famille", en_qpv=True),
            computer("A4", affectation=AIX),
        ],
    )
    rig.put("ifac", "materiel", [handed_over("A1", "frais-vallon", date(2022, 4, 1), provenance="autre association")])
    rig.put(
        "anonymal", "diagnostics", [diagnostics("aix", date(2021, 11, 1), 8), diagnostics("salon", date(2022, 1, 1), 5)]
    )
    rig.put(LEAD, "cles", [part(FRAIS_VALLON, 60.0), part("ct1-plan-d-aou", 40.0)])
    payment = {"reference": "M1", "ligne": "ifac", "date": date(2021, 9, 22), "montant": 100_00, "nature": "avance"}
    rig.put(LEAD, "versements", [payment])


def part(experiment: str, share: float):
    return {"ligne": "ifac", "experience": experiment, "part": share, "decision": "Comité", "date": date(2022, 1, 20)}


@pytest.mark.parametrize("part", ["numerator", "denominator"])
@pytest.mark.parametrize("experiment", [None, AIX, SALON, FRAIS_VALLON])
def test_rows_of_a_count_are_as_many_as_it_says(rig: Rig, experiment: str | None, part: str) -> None:
    filled(rig)
    for code in ("EQ1a", "EQ5a", "EQ7", "EQ3"):
        (figure,) = rig.monitor().observe([code], [experiment])
        number = getattr(figure, part)
        if number is not None and not (code == "EQ1a" and part == "denominator"):
            assert rig.monitor().rows_behind(code, experiment, part=part).count == number, code


@pytest.mark.parametrize(
    ("place", "month"), [("aix", None), ("gardanne", None), (None, date(2021, 11, 1)), ("aix", date(2021, 11, 1))]
)
def test_rows_of_a_part_are_its_own(quick: Rig, place: str | None, month: date | None) -> None:
    filled(quick)
    assert quick.monitor().rows_behind("EQ8", AIX, place=place, month=month, part="numerator").count == 0
    assert quick.monitor().rows_behind("EQ5a", AIX, place=place, month=month).count == 1


def test_rows_of_a_sum_add_up_to_it(rig: Rig) -> None:
    filled(rig)
    found = rig.monitor().rows_behind("AC6")
    assert (found.count, found.total) == (2, 13)
    paid = rig.monitor().rows_behind("TR1", FRAIS_VALLON)
    assert (paid.count, paid.total, paid.rows[0][3]) == (1, 60.0, "60\u00a0€")


def test_rows_read_as_french_text_under_their_titles(quick: Rig) -> None:
    filled(quick)
    found = quick.monitor().rows_behind("EQ5a", SALON)
    row = dict(zip(found.columns, found.rows[0], strict=True))
    assert found.title == "Matériel"
    assert (row["Lieu"], row["Date de remise"], row["En QPV"]) == ("Salon-de-Provence", "03/02/2022", "oui")
    assert found.keys == (("anonymal", "A3"),)


@pytest.mark.parametrize("size", [1, 2, 3, 100])
@pytest.mark.parametrize("experiment", [None, AIX, FRAIS_VALLON])
def test_pages_put_together_are_every_row(rig: Rig, experiment: str | None, size: int) -> None:
    filled(rig)
    for code in ("EQ1a", "EQ5a", "EQ7", "EQ3", "EQ11", "AC6", "TR1", "TR2"):
        whole = rig.monitor().rows_behind(code, experiment)
        starts = range(0, max(whole.count, 1), size)
        pages = [rig.monitor().rows_behind(code, experiment, page=RowsPage(first, size)) for first in starts]
        assert [row for page in pages for row in page.rows] == whole.rows, code
        assert [key for page in pages for key in page.keys] == [*whole.keys], code
        assert {(page.count, page.total, page.listed) for page in pages} == {(whole.count, whole.total, whole.count)}
        beyond = rig.monitor().rows_behind(code, experiment, page=RowsPage(50 * size, size))
        assert beyond.rows == pages[-1].rows, code


def test_a_page_looks_up_the_rows_that_it_shows(quick: Rig) -> None:
    filled(quick)
    read: list[str] = []
    sa.event.listen(quick.store._engine, "before_cursor_execute", lambda *told: read.append(told[2]))
    assert len(quick.monitor().rows_behind("EQ5a", page=RowsPage(0, 2)).rows) == 2
    whole = [one for one in read if "preuve_effacement" in one.partition("FROM")[0]]
    assert whole
    assert [one for one in whole if "json_each" not in one] == []


def test_rows_that_may_not_be_read_are_counted_and_never_given(quick: Rig) -> None:
    filled(quick)
    hidden = frozenset({"anonymal"})
    for page in (RowsPage(0, 2, hidden), RowsPage(hidden=hidden)):
        found = quick.monitor().rows_behind("EQ7", page=page)
        whole = quick.monitor().rows_behind("EQ7")
        assert found.count == whole.count > found.listed == len(found.rows)
        assert {association for association, _ in found.keys} <= {"ifac"}


def test_a_period_keeps_its_rows(quick: Rig) -> None:
    filled(quick)
    assert quick.monitor().rows_behind("EQ5a", period=Period.quarter(2022, 1)).count == 2


def test_a_constant_shows_where_it_stands(quick: Rig) -> None:
    found = quick.monitor().rows_behind("EQ1a", part="denominator")
    assert (found.count, found.total) == (1, 455)


def test_a_count_has_no_denominator(quick: Rig) -> None:
    with pytest.raises(UnknownName, match="dénominateur"):
        quick.monitor().rows_behind("AC6", part="denominator")
