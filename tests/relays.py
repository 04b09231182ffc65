"""Counts the signals that only pass another signal on, by `python -m tests.relays`.

A relay is a `connect` whose target is a signal, or a lambda that does nothing but emit one. Each is a hop that a reader
has to walk; whoever acts should listen where the signal is said.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1] / "desktop"


def signals(trees: list[ast.Module]) -> set[str]:
    """Return the names of all signals that classes declare."""
    return {
        target.id
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call)
        if isinstance(node.value.func, ast.Name) and node.value.func.id == "Signal"
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def connections(tree: ast.Module) -> Iterator[ast.Call]:
    """Yield every `….connect(…)` of a module."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "connect":
            yield node


def is_relay(call: ast.Call, names: set[str]) -> bool:
    """Return True if a `connect` only passes its signal on to one of the signals `names`."""
    if not call.args:
        return False
    target = call.args[0]
    if isinstance(target, ast.Lambda):
        body = target.body
        return isinstance(body, ast.Call) and isinstance(body.func, ast.Attribute) and body.func.attr == "emit"
    if isinstance(target, ast.Attribute) and target.attr == "emit":
        return True
    return isinstance(target, ast.Attribute) and target.attr in names


def relays(package: Path = PACKAGE) -> dict[str, list[int]]:
    """Return the lines of the relays of each module, by its path within the package."""
    files = sorted(package.rglob("*.py"))
    trees = [ast.parse(file.read_text(encoding="utf-8")) for file in files]
    names = signals(trees)
    found = {
        file.relative_to(package).as_posix(): [call.lineno for call in connections(tree) if is_relay(call, names)]
        for file, tree in zip(files, trees, strict=True)
    }
    return {file: lines for file, lines in found.items() if lines}


if __name__ == "__main__":
    counted = relays()
    for file, lines in sorted(counted.items(), key=lambda each: -len(each[1])):
        print(f"{len(lines):4} {file}: {', '.join(map(str, lines))}")  # noqa: T201
    print(sum(map(len, counted.values())))  # noqa: T201
