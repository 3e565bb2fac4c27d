"""Whose account is closed, and which points she leaves without anybody."""

from __future__ import annotations

from core.alerts import Alert, AlertFollowUp, AlertType, Followed, is_closed, left_by


def owned(code: str, owner: str, *, closed: bool = False) -> Followed:
    alert = Alert(code, AlertType.RULE, "Titre", "Pourquoi")
    return Followed(alert, AlertFollowUp(owner=owner, closed=closed, seen=alert.print))


def test_an_owner_is_known_however_her_name_is_typed() -> None:
    assert is_closed(" karim  BENALI", {"karim benali"})
    assert not is_closed("", {"karim benali"}) and not is_closed("Équipe projet", {"karim benali"})


def test_what_somebody_leaves_is_what_is_not_closed() -> None:
    found = [owned("a", "Karim Benali"), owned("b", "karim benali", closed=True), owned("c", "Claire")]
    assert [one.alert.code for one in left_by("Karim Benali", found)] == ["a"]
