"""How large the house is: files, functions, complexity, `Any`; the table of docs/architecture.md.

python -m bench.house            this project
python -m bench.house PATH …     other folders, measured the same way
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

OURS = ("core", "dashboard", "plugins")
ROOT = Path(__file__).resolve().parents[1]
_LOOPS = (ast.For, ast.AsyncFor, ast.While, ast.comprehension)
_BRANCHES = (*_LOOPS, ast.If, ast.IfExp, ast.ExceptHandler, ast.match_case, ast.Assert)
Function = ast.FunctionDef | ast.AsyncFunctionDef
SCOPE, INSTANTS = {"registry", "store", "actor", "settings"}, {"at", "now", "instant"}


@dataclass(frozen=True, slots=True)
class House:
    """What is counted of some folders. Lines are those of the files; functions are measured from ``def`` to the end."""

    files: tuple[int, ...]
    functions: tuple[int, ...]
    complexities: tuple[int, ...]
    annotations: int
    anything: int
    """Annotations that name ``Any``."""
    through_alias: int
    """Those that name, without it, an alias that holds ``Any`` (a row, whose cells only its dataset knows)."""
    carriers: int
    """Functions that take, one by one, three or more of the things that one scope holds."""

    def row(self) -> str:
        """A row of the table, in Markdown."""
        share, through = (
            100 * count / self.annotations if self.annotations else 0.0 for count in (self.anything, self.through_alias)
        )
        return " | ".join(
            (
                f"{len(self.files)} / {sum(self.files)}",
                f"{part(self.files, 50)} / {part(self.files, 90)}",
                f"{part(self.functions, 50)} / {part(self.functions, 90)} / {max(self.functions, default=0)}",
                f"{part(self.complexities, 90)} / {max(self.complexities, default=0)}",
                f"{share:.1f} % (+ {through:.1f} % through an alias)",
                str(self.carriers),
            )
        )


def measure(folders: Sequence[Path]) -> House:
    """Count the Python files under ``folders``."""
    files, functions, complexities, annotations, anything, through, carriers = [], [], [], 0, 0, 0, 0
    paths = sorted(path for folder in folders for path in folder.rglob("*.py"))
    texts = [path.read_text(encoding="utf-8") for path in paths]
    trees = [ast.parse(text) for text in texts]
    aliases = {name for tree in trees for name in aliases_of(tree)}
    for text, tree in zip(texts, trees, strict=True):
        files.append(len(text.splitlines()))
        for node in ast.walk(tree):
            if isinstance(node, Function):
                functions.append((node.end_lineno or node.lineno) - node.lineno + 1)
                complexities.append(complexity(node))
                carriers += carries(node)
            for said in annotations_of(node):
                annotations += 1
                named = {one.id for one in ast.walk(said) if isinstance(one, ast.Name)}
                anything += "Any" in named
                through += "Any" not in named and not named.isdisjoint(aliases)
    return House(tuple(files), tuple(functions), tuple(complexities), annotations, anything, through, carriers)


def aliases_of(tree: ast.Module) -> Iterator[str]:
    """The names that a module gives to types which hold ``Any``."""
    for node in tree.body:
        if isinstance(node, ast.Assign) and any(
            isinstance(one, ast.Name) and one.id == "Any" for one in ast.walk(node)
        ):
            yield from (target.id for target in node.targets if isinstance(target, ast.Name))


def complexity(function: Function) -> int:
    """The ways through a function (McCabe): one, and one more for each branch, loop, case and « and », « or »."""
    inner = sum(isinstance(node, _BRANCHES) for node in ast.walk(function))
    return 1 + inner + sum(len(node.values) - 1 for node in ast.walk(function) if isinstance(node, ast.BoolOp))


def carries(function: Function) -> bool:
    """Whether a function takes three or more of what ``core.contract.scope.Scope`` holds."""
    taken = function.args
    named = {one.arg for one in (*taken.posonlyargs, *taken.args, *taken.kwonlyargs)}
    return len(named & SCOPE) + bool(named & INSTANTS) >= 3


def annotations_of(node: ast.AST) -> Iterator[ast.expr]:
    """What a node says of types: parameters, results, variables."""
    if isinstance(node, Function) and node.returns is not None:
        yield node.returns
    said = node.annotation if isinstance(node, ast.arg | ast.AnnAssign) else None
    if said is not None:
        yield said


def part(values: Sequence[int], percent: int) -> int:
    """The value under which ``percent`` of them are."""
    return sorted(values)[min(len(values) - 1, len(values) * percent // 100)] if values else 0


def main(folders: Sequence[str]) -> None:
    """Write the table."""
    print(
        "| | files / lines | file p50 / p90 | function p50 / p90 / max | complexity p90 / max | `Any` in annotations "
        "| three of a scope, one by one |"
    )
    print("|---|---|---|---|---|---|---|")
    measured = [(one, [Path(one)]) for one in folders] or [("Fabrique", [ROOT / one for one in OURS])]
    for name, paths in measured:
        print(f"| {name} | {measure(paths).row()} |")


if __name__ == "__main__":
    main(sys.argv[1:])
