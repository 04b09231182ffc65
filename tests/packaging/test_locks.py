"""What shapes a build is taken by the sums of its files: the packages inside, and the tools that make an installer."""

from __future__ import annotations

import ast
import re

import locking
import pytest
from linux import program
from telling import SetupError

FOLDER = locking.ROOT / "packaging"
LISTS = [*(locking.FOLDER / f"{system}.txt" for system in locking.SYSTEMS), *locking.TOOLS]
# The developer's own environment, and systems to try an installer in: nothing is built of them.
NOT_OF_A_BUILD = {"environment.py", "try_install.py"}


@pytest.mark.parametrize("lock", LISTS, ids=lambda file: file.name)
def test_each_package_of_a_list_has_the_sums_of_its_files(lock):
    lines = [line.strip(" \\") for line in lock.read_text(encoding="utf-8").splitlines()]
    assert all(re.fullmatch(r"[a-z0-9-]+==\S+|--hash=sha256:[0-9a-f]{64}", line) for line in lines)
    found = locking.pinned_in(lock)
    assert found
    assert all(each.sums for each in found)


def test_a_list_of_tools_is_of_those_that_are_asked_for():
    for lock, (_, wanted) in locking.TOOLS.items():
        found = {f"{each.name}=={each.version}" for each in locking.pinned_in(lock)}
        assert set(wanted) <= found, "run dev.py lock"


def functions_that_install():
    """The functions of the recipes that have pip or uv install something, and the words in them."""
    for file in FOLDER.rglob("*.py"):
        if file.name in NOT_OF_A_BUILD:
            continue
        for each in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(each, ast.FunctionDef):
                parts = ast.walk(each)
                words = {part.value for part in parts if isinstance(part, ast.Constant) and isinstance(part.value, str)}
                if "install" in words and "apt-get" not in words:
                    yield f"{file.name}: {each.name}", words


def test_whatever_is_installed_must_have_its_sum():
    found = dict(functions_that_install())
    assert {"image.py: _environment", "program.py: _bring_packages", "work.py: _program"} <= set(found)
    assert [name for name, words in found.items() if "--require-hashes" not in words] == []


def test_no_package_stands_in_two_lists_of_a_build_in_different_versions():
    for lists in (
        program.LOCKS,
        *((locking.FOLDER / f"macos-{of}.txt", locking.MAC_TOOLS) for of in ("arm64", "x86_64")),
    ):
        found = [each for lock in lists for each in locking.pinned_in(lock)]
        assert len({each.name for each in found}) == len({(each.name, each.version) for each in found})


def test_a_list_without_the_package_stops_the_build(tmp_path):
    (tmp_path / "list.txt").write_text("shiboken6==1.0 \\\n    --hash=sha256:00\n")
    with pytest.raises(SetupError, match="pyside6-essentials"):
        locking.part_of(tmp_path / "list.txt", ["shiboken6", "pyside6-essentials"])
