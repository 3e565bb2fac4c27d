"""What the entries of the event log say, typed: one frozen value for each kind, kept with the format of its writing.

A room declares its kinds beside the rules that use them. What an earlier format wrote is upgraded when it is read:
entries are chained by their prints, and never rewritten.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Generic, Protocol, TypeVar

from pydantic import TypeAdapter, ValidationError

from core.errors import JournalBroken
from core.storage.event_log import Entry

T = TypeVar("T")
FORMAT = 2
"""1: keys in French, and no format beside them. 2: the fields of the value, in English."""
_FORMAT = "format"

Content = Mapping[str, object]
Step = Callable[[Content], Content]
"""Reads the content of an earlier format as the fields of the value of today."""


class Writes(Protocol):
    """What adds entries in a transaction."""

    def enter(self, kind: str, subject: str, content: Content) -> int:
        """Add an entry; return its number."""


class EventType(Generic[T]):
    """The entries of one kind: what they say is a frozen dataclass, whose blank fields are not written."""

    def __init__(self, kind: str, said: type[T], upgrade: Step = dict) -> None:
        self.kind = kind
        self._adapter = TypeAdapter(said)
        self._upgrade = upgrade

    def enter(self, writing: Writes, subject: str, said: T) -> int:
        """Add an entry that says ``said``; return its number."""
        return writing.enter(self.kind, subject, self.content(said))

    def content(self, said: T) -> Content:
        """What is kept of it: plain JSON, with its format."""
        fields: dict[str, object] = self._adapter.dump_python(said, mode="json")
        return {_FORMAT: FORMAT, **{name: value for name, value in fields.items() if value is not None}}

    def read(self, entry: Entry) -> T:
        """What an entry says, whichever format wrote it. Raises JournalBroken when it says something else."""
        content = entry.content
        try:
            said = content if _FORMAT in content else self._upgrade(content)
            return self._adapter.validate_python({name: one for name, one in said.items() if one is not None})
        except (ValidationError, KeyError) as error:
            raise JournalBroken(
                f"L’inscription {entry.number} (« {self.kind} ») ne se lit pas : elle a été écrite par une version "
                "plus récente, ou modifiée. Mettez Fabrique à jour, sinon comparez avec une sauvegarde."
            ) from error


def renamed(content: Content, names: Mapping[str, str]) -> Content:
    """The content with today’s names for those of before; a name that is not told stays."""
    return {names.get(name, name): value for name, value in content.items()}
