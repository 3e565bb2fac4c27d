"""What the entries of the event log say, typed: one frozen value for each kind, kept with the format of its writing.

A room declares its kinds beside the rules that use them. What an earlier format wrote is upgraded when it is read:
entries are chained by their prints, and never rewritten.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Generic, Protocol, TypeVar

from pydantic import TypeAdapter, ValidationError

from core.errors import JournalBroken, Refused
from core.storage.event_log import Entry

T = TypeVar("T")
FORMAT = 2
"""1: keys in French, and no format beside them. 2: the fields of the value, in English."""
_FORMAT = "format"

Content = Mapping[str, object]
Step = Callable[[Content], Content]
"""Reads the content of an earlier format as the fields of the value of today."""


class Withdrawable(Protocol):
    """What may be put aside by a later word on the same thing."""

    @property
    def withdrawn(self) -> bool:
        """Whether it is that later word: it says nothing, and the last one before it stands no more."""


W = TypeVar("W", bound=Withdrawable)


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


# --- A word is taken back: by its number, while it is the last that stands, and once ----------------


def standing(kind: EventType[W], entries: Iterable[Entry]) -> list[tuple[Entry, W]]:
    """What stands of the words on one thing, the oldest first: each withdrawal puts the last one before it aside."""
    found: list[tuple[Entry, W]] = []
    for entry in entries:
        said = kind.read(entry)
        if said.withdrawn:
            del found[-1:]
        else:
            found.append((entry, said))
    return found


def refuse_unless_last(stands: Iterable[tuple[Entry, object]], number: int) -> None:
    """Raises Refused unless the entry ``number`` is the last of those that stand.

    Taking back twice changes nothing more, and what somebody said since is not lost.
    """
    numbers = [entry.number for entry, _ in stands]
    if number not in numbers:
        raise Refused("C’est déjà annulé : ce qui valait avant vaut de nouveau.")
    if number != numbers[-1]:
        raise Refused("Autre chose a été écrit depuis : c’est ce qui vaut. Écrivez de nouveau ce qui doit valoir.")
