"""How much the tests notice: faults put into random places of the program, each against the tests that run there.

    python -m tests.mutants --seed 1 --count 100 backends runtime store engine prompts parts .

A room is a folder of `desktop/`, `.` the modules beside them. Which tests run a line is measured once, with coverage;
a fault is killed if one of these fails. Everything happens in a copy of the checkout.
"""

from __future__ import annotations

import argparse
import ast
import json
import random
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parents[1]
_SECONDS = 240  # for the tests of one fault; one that runs for ever is killed, as a fault is
_MOST = 60  # tests of one fault
_SWAPPED: dict[type[ast.AST], Any] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In, ast.And: ast.Or, ast.Or: ast.And,
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.FloorDiv, ast.Div: ast.Mult,
}  # fmt: skip


@dataclass(frozen=True)
class Fault:
    """One changed place: `number` counts the places of its module."""

    path: str
    number: int
    line: int
    end: int
    what: str


class _Changer(ast.NodeTransformer):
    """Counts the places that can be changed, and changes one of them, if it is to."""

    def __init__(self, path, wanted=-1):
        self.path, self.wanted, self.faults = path, wanted, list[Fault]()

    def visit(self, node):
        self.generic_visit(node)
        found = _fault_of(node)
        if found is None:
            return node
        what, changed = found
        place: Any = node.test if isinstance(node, ast.If) else node
        self.faults.append(Fault(self.path, len(self.faults), place.lineno, place.end_lineno or place.lineno, what))
        return ast.copy_location(changed, node) if self.faults[-1].number == self.wanted else node


def _fault_of(node):
    """Return what can be wrong at a place, and the node that is wrong so."""
    match node:
        case ast.Compare(left, [first, *rest], others) if type(first) in _SWAPPED:
            return f"comparison {type(first).__name__}", ast.Compare(left, [_SWAPPED[type(first)](), *rest], others)
        case ast.BoolOp(op, values):
            return type(op).__name__, ast.BoolOp(_SWAPPED[type(op)](), values)
        case ast.BinOp(left, op, right) if type(op) in _SWAPPED:
            return f"operator {type(op).__name__}", ast.BinOp(left, _SWAPPED[type(op)](), right)
        case ast.UnaryOp(ast.Not(), operand):
            return "not", operand
        case ast.Constant(bool(value)):
            return str(value), ast.Constant(not value)
        case ast.Constant(int(value)):
            return str(value), ast.Constant(value + 1)
        case ast.If(test, body, otherwise) if ast.unparse(test) != "TYPE_CHECKING":
            return "condition", ast.If(ast.UnaryOp(ast.Not(), test), body, otherwise)
        case ast.Return(ast.expr() as value) if not (isinstance(value, ast.Constant) and value.value is None):
            return "return None", ast.Return(ast.Constant(None))
        case ast.Expr(ast.Call(function)) if not ast.unparse(function).startswith("_log."):
            return "call left out", ast.Pass()
    return None


def modules(rooms):
    """The modules of some rooms, as paths from the checkout."""
    for room in rooms:
        folder = HERE / "desktop" / room
        for path in sorted(folder.glob("*.py") if room == "." else folder.rglob("*.py")):
            yield path.relative_to(HERE).as_posix()


def chosen(rooms, seed, count):
    """Some of all faults, the same for a seed as long as the modules are the same."""
    faults = []
    for path in modules(rooms):
        changer = _Changer(path)
        changer.visit(ast.parse((HERE / path).read_text("utf-8")))
        faults += changer.faults
    return random.Random(seed).sample(faults, min(count, len(faults)))


def tests_by_line(copy, tests, kept):
    """Which tests run each line, by module; kept in a file, since it takes minutes."""
    if not kept.exists():
        data = copy / "coverage.json"
        settings = copy / "mutants.coveragerc"
        settings.write_text("[run]\nsource = desktop\nrelative_files = true\n")
        measured = ["--cov=desktop", "--cov-context=test", f"--cov-config={settings}", "--cov-report="]
        run = [sys.executable, "-m", "pytest", "-q", "-n", "2", "-rfE", *measured, *tests]
        said = subprocess.run(run, cwd=copy, stdout=subprocess.PIPE, text=True).stdout
        failing = {line.split()[1] for line in said.splitlines() if line.startswith(("FAILED ", "ERROR "))}
        report = ["-m", "coverage", "json", f"--rcfile={settings}", "--show-contexts", "-q", "-o", str(data)]
        subprocess.run([sys.executable, *report], cwd=copy, check=True)
        files = json.loads(data.read_text())["files"]
        kept.write_text(json.dumps({path: _without(each["contexts"], failing) for path, each in files.items()}))
    found: dict[str, dict[str, list[str]]] = json.loads(kept.read_text())
    return found


def _without(lines, failing):
    """The tests of each line by their names, but for those which fail without a fault."""
    named = {line: {test.split("|")[0] for test in tests if test} - failing for line, tests in lines.items()}
    return {line: sorted(tests) for line, tests in named.items()}


def tests_of(fault, lines, seed):
    """The tests that run the place of a fault; where it is run at import alone, those that run its module at all."""
    here = {test for line in range(fault.line, fault.end + 1) for test in lines.get(str(line), [])}
    names = sorted(here or {test for tests in lines.values() for test in tests})
    return random.Random(seed).sample(names, min(_MOST, len(names)))


def is_killed(copy, fault, tests):
    """Return True if a test fails with this fault in the copy."""
    path = copy / fault.path
    tree = _Changer(fault.path, fault.number).visit(ast.parse((HERE / fault.path).read_text("utf-8")))
    path.write_text(ast.unparse(ast.fix_missing_locations(tree)), "utf-8")
    names = copy / "names"
    names.write_text("\n".join(tests))
    try:
        run = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", f"@{names}"]
        return subprocess.run(run, cwd=copy, capture_output=True, timeout=_SECONDS).returncode != 0
    except subprocess.TimeoutExpired:
        return True
    finally:
        shutil.copyfile(HERE / fault.path, path)


def main():
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("rooms", nargs="+")
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--count", type=int, default=100)
    asked.add_argument("--measured", type=Path, default=Path(tempfile.gettempdir()) / "candor-tests-by-line.json")
    given = asked.parse_args()
    tests = ["tests/" + room for room in given.rooms if room != "." and (HERE / "tests" / room).is_dir()]
    if "." in given.rooms:
        tests += [path.relative_to(HERE).as_posix() for path in sorted((HERE / "tests").glob("test_*.py"))]
    with tempfile.TemporaryDirectory(prefix="candor-mutants-") as folder:
        copy = Path(folder) / "candor"
        shutil.copytree(HERE, copy, ignore=shutil.ignore_patterns(".git", ".venv", "build", "dist", ".*_cache"))
        lines = tests_by_line(copy, tests, given.measured)
        alive = 0
        faults = chosen(given.rooms, given.seed, given.count)
        for done, fault in enumerate(faults, 1):
            asked_of = tests_of(fault, lines.get(fault.path, {}), given.seed)
            killed = bool(asked_of) and is_killed(copy, fault, asked_of)
            alive += not killed
            words = "killed" if killed else "ALIVE" if asked_of else "ALIVE (no test runs there)"
            print(f"{done}/{len(faults)} {words}: {fault.path}:{fault.line} {fault.what}", flush=True)
    print(f"{len(faults) - alive} of {len(faults)} killed (seed {given.seed})")


if __name__ == "__main__":
    main()
