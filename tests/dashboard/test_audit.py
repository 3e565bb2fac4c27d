"""The audit of accessibility is whole, shows what it says, and the page says nothing else."""

from __future__ import annotations

import ast
import re
from fractions import Fraction
from pathlib import Path

import pytest

from dashboard.components.conformity import (
    CRITERIA,
    Audit,
    AuditedCriterion,
    AuditVerdict,
    Conformity,
    audit,
    mention,
    read,
    statement,
)

ROOT = Path(__file__).parents[2]
C, NC, NA, NE = AuditVerdict.MET, AuditVerdict.FAILED, AuditVerdict.NOT_CONCERNED, AuditVerdict.NOT_JUDGED
PAGES = "".join(
    f'[[page]]\ncode = "{code}"\ntitle = "Page {code}"\naddress = "/"\nrole = "personne"\n' for code in "VD"
)


def made(*verdicts: str) -> Audit:
    """An audit of two pages, one criterion for each « V D »."""
    lines = ["date = 2026-11-30", 'how = "ici"', PAGES]
    for at, pair in enumerate(verdicts, 1):
        told = [f'{one} = "{page}"' for page, one in zip("VD", pair.split(), strict=True) if one != "NE"]
        if pair.split()[0] == pair.split()[1] != "NE":
            told = [f'{pair.split()[0]} = "V D"']
        lines += ["[[criterion]]", f'number = "1.{at}"', 'about = "x"', 'evidence = "y"', *told]
    return read("\n".join(lines))


def test_every_criterion_is_there_once_and_in_order() -> None:
    wanted = [f"{theme}.{at}" for theme, count in enumerate(CRITERIA, 1) for at in range(1, count + 1)]
    assert len(wanted) == 106
    assert [one.number for one in audit().criteria] == wanted


def test_every_verdict_has_its_evidence_and_every_failure_says_for_whom() -> None:
    for one in audit().criteria:
        assert one.evidence and one.about, one.number
        assert one.has(NC) == bool(one.who and one.meanwhile and one.source), one.number


def test_tests_that_are_named_exist() -> None:
    for named in {name for one in audit().criteria for name in one.tests}:
        path, _, function = named.partition("::")
        tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
        assert not function or function in {one.name for one in ast.walk(tree) if isinstance(one, ast.FunctionDef)}


def test_what_nobody_judged_is_not_met() -> None:
    found = made("C NE", "C C", "NC C", "NA NA", "C NA", "NE NE")
    assert [one.whole for one in found.criteria] == [NE, C, NC, NA, C, NE]
    assert found.rate() == Fraction(2, 3)
    assert [found.rate(page) for page in found.pages] == [Fraction(3, 4), Fraction(1)]


@pytest.mark.parametrize(
    ("verdicts", "state"),
    [
        (("C C", "C NA"), Conformity.FULL),
        (("C C", "C NC"), Conformity.PARTIAL),
        (("C C", "C NC", "NC NC"), Conformity.NONE),
        (("C C", "C C", "C NE"), Conformity.NONE),
        (("NA NA",), Conformity.NONE),
    ],
)
def test_state_is_worked_out_and_an_audit_that_is_not_complete_claims_nothing(
    verdicts: tuple[str, ...], state: Conformity
) -> None:
    assert made(*verdicts).state is state


@pytest.mark.parametrize("line", ['C = "V"\nNC = "V D"', 'C = "V Z"'])
def test_page_has_one_verdict_and_is_of_the_sample(line: str) -> None:
    text = (
        f'date = 2026-11-30\nhow = "ici"\n{PAGES}[[criterion]]\nnumber = "1.1"\nabout = "x"\nevidence = "y"\n{line}\n'
    )
    with pytest.raises(ValueError, match=r"1\.1"):
        read(text)


def test_the_page_says_every_failure_and_every_gap_with_the_computed_rate() -> None:
    found, said = audit(), re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", str(statement())))
    assert mention() == f"Accessibilité : {found.state}"
    assert f"Ce service est {found.state}" in said
    assert f"{round(found.rate() * 100)} % sont respectés" in said
    gaps, failures = (
        section(said, "jugé partout", "Critère par critère"),
        section(said, "va pas encore", "jugé partout"),
    )
    for one in found.criteria:
        assert in_table(one, failures) == (one.whole is NC)
        assert in_table(one, gaps) == one.has(NE)


def section(said: str, begin: str, end: str) -> str:
    return said.partition(begin)[2].partition(end)[0]


def in_table(one: AuditedCriterion, text: str) -> bool:
    return re.sub(r"\s+", " ", f" {one.number} {one.about} ") in text
