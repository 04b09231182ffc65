"""The names of public methods and classes in desktop/ and packaging/, by which a reader follows calls.

A generic verb alone says nothing where it is called: `start_generation` and `insert_message` are found, `begin` and
`add` are not. What feeds a parser (`feed`, `close`, `append`) is named as in the standard library, and not counted. A
class has its name for itself.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = ("desktop", "packaging")

# How many public methods may have this name. No number may grow.
MOST = {
    **dict.fromkeys(("add", "begin", "do", "give", "give_up", "go", "handle", "hold", "learn", "let_go"), 0),
    **dict.fromkeys(("make", "process", "put", "take", "work"), 0),
    "run": 3,
}


def public_methods_in(source: str) -> Iterator[tuple[str, str]]:
    """Yield the class and the name of each method of a module's public classes."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            for each in node.body:
                if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef) and not each.name.startswith("_"):
                    yield node.name, each.name


def public_classes_in(source: str) -> list[str]:
    """Return the names of a module's public classes."""
    classes = [node for node in ast.parse(source).body if isinstance(node, ast.ClassDef)]
    return [each.name for each in classes if not each.name.startswith("_")]


@pytest.fixture(scope="module")
def methods() -> dict[str, list[str]]:
    """The public methods of the program by name, each as `path: Class`."""
    found: dict[str, list[str]] = {}
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*.py")):
            for owner, name in public_methods_in(path.read_text(encoding="utf-8")):
                found.setdefault(name, []).append(f"{path.relative_to(ROOT).as_posix()}: {owner}")
    return found


def test_methods_are_read() -> None:
    source = "class A:\n def begin(self): ...\n async def put(self): ...\n def _add(self): ..."
    source += "\nclass _B:\n def take(self): ..."
    assert list(public_methods_in(source)) == [("A", "begin"), ("A", "put")]


def test_there_are_methods(methods: dict[str, list[str]]) -> None:
    assert Counter({name: len(where) for name, where in methods.items()}).total() > 1000


@pytest.mark.parametrize("verb", MOST)
def test_generic_verbs_are_no_names(methods: dict[str, list[str]], verb: str) -> None:
    where = methods.get(verb, [])
    assert len(where) <= MOST[verb], f"say in the name what `{verb}` is done to:\n" + "\n".join(where)


def test_each_public_class_of_the_program_has_a_name_of_its_own() -> None:
    found: dict[str, list[str]] = {}
    for path in sorted((ROOT / "desktop").rglob("*.py")):
        for name in public_classes_in(path.read_text(encoding="utf-8")):
            found.setdefault(name, []).append(path.relative_to(ROOT).as_posix())
    assert len(found) > 300
    assert {name: where for name, where in found.items() if len(where) > 1} == {}
