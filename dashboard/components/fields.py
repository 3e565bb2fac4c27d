"""One column as people type it: its words, its list of choices, the widget of its field."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from core.axes.columns import Choice, CodeCommune, Coded, Decimal, Entier, Liste, Montant, OuiNon, Texte
from core.domain.dataset import Column, Dataset
from core.domain.french import NBSP, typeset

BLANK = "Non renseigné"
_AREA = 1000  # a text that may be longer has several lines


@dataclass(frozen=True)
class Field:
    """A column on the screen; ``options`` gives the words of each value when one chooses among few."""

    column: Column
    options: Mapping[Any, str] | None = None

    @property
    def name(self) -> str:
        """The column's name."""
        return self.column.name

    @property
    def several(self) -> bool:
        """Whether a cell may hold several values of its list."""
        return isinstance(self.column.kind, Liste) and self.column.kind.multiple

    @property
    def label(self) -> str:
        """« Montant (en euros) », « Bailleur (facultatif) »."""
        unit = " (en euros)" if isinstance(self.column.kind, Montant) else ""
        return typeset(f"{self.column.title}{unit}{' (facultatif)' if self.column.nullable else ''}")

    @property
    def hint(self) -> str:
        """What stands under the field: what it means, and how it is written when nothing else shows it."""
        said = [self.column.description.strip()]
        if self.options is None and not isinstance(self.column.kind, Texte):
            said.append(f"On attend {self.column.kind.expected}, par exemple {self.column.kind.example}.")
        return typeset(" ".join(part for part in said if part))

    @property
    def number(self) -> bool:
        """Whether cells are aligned as numbers."""
        return isinstance(self.column.kind, Entier | Montant | Decimal)

    def words(self, value: Any) -> str | None:
        """The value as it stands in the field, None when blank."""
        if value is None:
            return None
        if self.options is not None and not self.several:
            return self.options.get(value) or self.column.kind.show(value)
        return self.column.kind.write(value)

    def text(self, words: Any) -> str | None:
        """What the column's own reading gets for what stands in the field."""
        if words is None or words == "":
            return None
        if isinstance(words, list | tuple):
            return "|".join(self.text(one) or "" for one in words) or None
        value = self._values.get(words)
        return str(words) if value is None else self.column.kind.write(value)

    @property
    def _values(self) -> dict[str, Any]:
        return {words: value for value, words in (self.options or {}).items()}

    def widget(self, value: Any, key: str) -> str | None:
        """Draw the field with ``value`` in it; return the text that stands there."""
        if self.several:
            return self.text(self._many(value, key))
        if self.options is not None:
            return self.text(self._one(value, key))
        words, longest = self.words(value) or "", getattr(self.column.kind, "max_length", None)
        if (longest or 0) >= _AREA:
            return st.text_area(self.label, words, key=key, max_chars=longest)
        return st.text_input(self.label, words, key=key, max_chars=longest, autocomplete="off")

    def _one(self, value: Any, key: str) -> str | None:
        offered = [*self.options.values()]
        words = self.words(value)
        offered += [words] if words is not None and words not in offered else []
        blank = [BLANK] if self.column.nullable else []
        if isinstance(self.column.kind, OuiNon):
            at = [*offered, *blank].index(words or BLANK) if words or blank else None
            chosen = st.radio(self.label, [*offered, *blank], index=at, key=key, horizontal=True)
        else:
            at = [*blank, *offered].index(words or BLANK) if words or blank else None
            chosen = st.selectbox(self.label, [*blank, *offered], index=at, key=key, placeholder="Choisissez")
        return None if chosen == BLANK else chosen

    def _many(self, value: Any, key: str) -> list[str]:
        chosen = [self.options.get(one, one) for one in (value or "").split("|") if one]
        return st.multiselect(self.label, [*self.options.values()], default=chosen, key=key, placeholder="Choisissez")


def fields(
    dataset: Dataset, *, hidden: Iterable[str] = (), choices: Mapping[str, Sequence[Choice | str]] | None = None
) -> list[Field]:
    """The fields of a dataset in order, without the ``hidden`` ones; ``choices`` closes the list of a column."""
    given = choices or {}
    return [Field(one, _options(one, given.get(one.name))) for one in dataset.columns if one.name not in set(hidden)]


def _options(column: Column, given: Sequence[Choice | str] | None) -> Mapping[Any, str] | None:
    kind = column.kind
    if given is not None:
        listed = [one if isinstance(one, Choice) else Choice(one, kind.show(one)) for one in given]
        return {one.value: one.label for one in listed}
    if isinstance(kind, OuiNon):
        return {True: "oui", False: "non"}
    if isinstance(kind, Coded) and not isinstance(kind, CodeCommune):
        return {code: kind.listed(code).replace("  ", NBSP) for code in kind.codes}
    return None
