"""The page docs/plugins/api.md: every public name, its docstring, and an example that was run to write it.

``python -m docs.plugin_api`` writes the page again; a test compares it with what is there.
"""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import core

FOLDER = Path(__file__).parent / "plugins"
PAGE = FOLDER / "api.md"
HEAD = """# Names of the core

Everything that a plugin may import: `from core import …`, these names and no others. Written by
`python -m docs.plugin_api` from the docstrings; each example was run, and what follows `#` is what it gave.
The examples share these lines:

"""
GROUPS: dict[str, str] = {
    "Who and where": "Association Experiment Place Citation Period voted_experiment",
    "Datasets and columns": (
        "DATASETS Schema Dataset Column Choice Reference Rule Severity Upgrade FormerDataset texte entier decimal "
        "montant jour mois oui_non liste lieu code_commune experience ligne compte"
    ),
    "Figures": (
        "CATALOGUE indicators_for Indicator Count CountDistinct Sum Median Constant Computed Derived BUILDINGS LISTED "
        "Direction col au days_between"
    ),
    "A figure as computed": (
        "Observation Cell Standing Progress Missing known known_base counted said written share rate left told so_far "
        "as_of covered_until waited_for not_yet"
    ),
    "A page": "Report Heading Prose KeyFigures Chart Series Table Callout",
    "Words and numbers of people": "Phrase phrase listed People Share Tells Figure french",
    "Hooks": "hookimpl",
}
_OF_VALUES: dict[str, str] = {
    "CATALOGUE": "The shared figures, by code: one code has one meaning everywhere.",
    "DATASETS": "The shared datasets, by code, in the order of the axes.",
    "BUILDINGS": "Each building with its agreements against its threshold: a derived dataset.",
    "LISTED": "Each actor once, with the day when it was first listed: a derived dataset.",
    "au": "The reference day of a figure, bound when it is computed.",
    "hookimpl": "Marks a function of a plugin as the answer to the hook of the same name.",
}


def page() -> str:
    """The whole page."""
    shared, examples = read_examples()
    known: dict[str, Any] = {}
    exec(compile(shared, "examples", "exec", dont_inherit=True), known)  # noqa: S102 (our own examples, run to be shown)
    parts = [f"{HEAD}```python\n{shared}\n```\n"]
    for title, names in GROUPS.items():
        parts.append(f"\n## {title}\n")
        parts += [_entry(name, examples[name], known) for name in names.split()]
    return _typeset("".join(parts))


def read_examples() -> tuple[str, dict[str, str]]:
    """The lines that all examples share, and the example of each name."""
    text = (FOLDER / "examples.py").read_text(encoding="utf-8")
    head, *found = re.split(r"^#: (\w+)\n", text.partition('"""\n\n')[2], flags=re.MULTILINE)
    return head.strip(), {name: code.strip() for name, code in zip(found[::2], found[1::2], strict=True)}


def _entry(name: str, example: str, known: dict[str, Any]) -> str:
    value = getattr(core, name)
    told = _OF_VALUES.get(name) or inspect.getdoc(value) or ""
    signature = f"({_signature(value)})" if inspect.isfunction(value) else ""
    asked = f"`{name}{signature}`\n\n" if signature else ""
    return f"\n### `{name}`\n\n{asked}{_prose(told)}\n\n{_shown(example, known)}"


def _signature(value: Any) -> str:
    return ", ".join(
        f"{one.name}={one.default!r}" if one.default is not one.empty else one.name
        for one in inspect.signature(value).parameters.values()
    )


def _prose(text: str) -> str:
    """A docstring as Markdown: its code marks single, its tables as lines of code."""
    blocks = []
    for block in text.split("\n\n"):
        table = [line for line in block.splitlines() if re.match(r"\w+(, \w+)*  +\S", line)]
        blocks.append(f"```text\n{block}\n```" if len(table) > 1 else re.sub(r"``([^`]+)``", r"`\1`", block))
    return "\n\n".join(blocks)


def _shown(example: str, known: dict[str, Any]) -> str:
    """The example, with what each of its expressions gave."""
    lines, last = [], 0
    source = example.splitlines()
    for node in ast.parse(example).body:
        end = node.end_lineno or last
        text = "\n".join(source[last:end])
        last = end
        if isinstance(node, ast.Expr):
            text = f"{text}  # {_plain(eval(text, known))}".rstrip()  # noqa: S307 (our own examples)
        else:
            exec(compile(text, "examples", "exec", dont_inherit=True), known)  # noqa: S102 (the same)
        lines.append(text)
    return "```python\n" + "\n".join(lines) + "\n```\n"


def _plain(value: Any) -> str:
    text = value if isinstance(value, str) else repr(value)
    return re.sub("[\u00a0\u202f]", " ", str(text)).replace("\n", " ")


def _typeset(text: str) -> str:
    """French marks of punctuation with their spaces, outside code."""

    def spaced(found: Iterator[str]) -> Iterator[str]:
        for rank, part in enumerate(found):
            if rank % 2:
                yield part
                continue
            bare = re.sub(r"« ", "«\u00a0", re.sub(r" »", "\u00a0»", part))
            yield re.sub(r"(?<=[\w)»]) (?=[;?!](\s|$))|(?<=\d) (?=%)", "\u00a0", re.sub(r"(?<=\w)'(?=\w)", "’", bare))

    return "".join(spaced(iter(re.split(r"(```.*?^```$|`[^`\n]+`)", text, flags=re.DOTALL | re.MULTILINE))))


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
