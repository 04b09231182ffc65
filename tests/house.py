"""Measures the house: rooms, circles, relays, docstrings and sizes, by `python -m tests.house [FOLDER]`.

FOLDER is the package `desktop` of any revision, so that two can be compared. Nothing is judged here; the tests do that.
"""

from __future__ import annotations

import ast
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from tests.relays import PACKAGE, relays

LONG_FUNCTION = 50  # lines
LONG_FILE = 400  # lines
QUESTIONS = ("What", "Whether", "Where", "How", "Which", "Why", "Who", "When")


def modules_of_rooms(package: Path) -> Counter[str]:
    """Return how many modules each folder holds, by its path within the package."""
    files = (file for file in package.rglob("*.py") if file.name != "__init__.py")
    return Counter(file.parent.relative_to(package).as_posix() for file in files)


def imports_of(package: Path) -> dict[str, set[str]]:
    """Return the modules that each module imports, also those that a type checker alone would follow."""
    names = {_name_of(package, file): file for file in package.rglob("*.py")}
    found = {}
    for name, file in names.items():
        named: set[str] = set()
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            match node:
                case ast.Import(aliases):
                    named |= {alias.name for alias in aliases}
                case ast.ImportFrom(str(module), aliases, 0):
                    named |= {module, *(f"{module}.{alias.name}" for alias in aliases)}
        found[name] = named & names.keys() - {name}
    return found


def modules_in_circles(package: Path) -> list[str]:
    """Return the modules that import each other in a circle, or are imported by such through others of them alone."""
    waiting = dict(imports_of(package))
    while free := [name for name, wanted in waiting.items() if not wanted & waiting.keys()]:
        for name in free:
            del waiting[name]
    while free := [name for name in waiting if not any(name in wanted for wanted in waiting.values())]:
        for name in free:
            del waiting[name]
    return sorted(waiting)


def docstrings(package: Path) -> Iterator[str]:
    """Yield the docstring of each function and class that has one."""
    for file in package.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and (
                said := ast.get_docstring(node)
            ):
                yield said


def compiled_by_imports(package: Path) -> list[str]:
    """Return the places where importing a module compiles a regular expression."""
    found = []
    for file in package.rglob("*.py"):
        if "re.compile(" in (source := file.read_text(encoding="utf-8")):
            calls = (node for node in _run_by_import(ast.parse(source)) if isinstance(node, ast.Call))
            name = file.relative_to(package).as_posix()
            found += [f"{name}:{call.lineno}" for call in calls if ast.unparse(call.func) == "re.compile"]
    return found


def _run_by_import(node: ast.AST) -> Iterator[ast.AST]:
    """Yield what an import of a module runs: all but the bodies of functions."""
    for child in ast.iter_child_nodes(node):
        if not (isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) and child is not node.args):
            yield child
            yield from _run_by_import(child)


def lengths_of_functions(package: Path) -> Iterator[tuple[str, int]]:
    """Yield each function with its lines, decorators and docstring among them."""
    for file in package.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield f"{file.relative_to(package)}:{node.name}", (node.end_lineno or node.lineno) - node.lineno + 1


def _name_of(package: Path, file: Path) -> str:
    parts = file.relative_to(package.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def report(package: Path) -> list[str]:
    """Return the figures, a line each."""
    rooms = modules_of_rooms(package)
    said = list(docstrings(package))
    asking = sum(words.startswith(QUESTIONS) for words in said)
    long = [(name, lines) for name, lines in lengths_of_functions(package) if lines > LONG_FUNCTION]
    sizes = {file: len(file.read_text(encoding="utf-8").splitlines()) for file in package.rglob("*.py")}
    over = {file.relative_to(package).as_posix(): lines for file, lines in sizes.items() if lines > LONG_FILE}
    return [
        f"modules: {sum(rooms.values())} in {len(rooms)} folders; the largest: "
        + ", ".join(f"{room} {count}" for room, count in rooms.most_common(4)),
        f"modules in circles: {len(modules_in_circles(package))}",
        f"signals that only pass another on: {sum(map(len, relays(package).values()))}",
        f"docstrings: {len(said)}, of which {asking} begin with a question word ({100 * asking / len(said):.1f} %)",
        f"lines: {sum(sizes.values())}",
        f"functions over {LONG_FUNCTION} lines: {len(long)} " + ", ".join(f"{name} {lines}" for name, lines in long),
        f"files over {LONG_FILE} lines: {len(over)} " + ", ".join(f"{name} {lines}" for name, lines in over.items()),
    ]


if __name__ == "__main__":
    print("\n".join(report(Path(sys.argv[1]) if len(sys.argv) > 1 else PACKAGE)))  # noqa: T201
