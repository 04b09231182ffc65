"""The public workflows: well-formed, and built of the same commands that a developer types."""

from __future__ import annotations

import re
import subprocess

import build
import commands
import pytest
from environment import ROOT

FOLDER = ROOT / ".github" / "workflows"
WORKFLOWS = sorted(FOLDER.glob("*.yml"))


def test_they_are_well_formed():
    rules = ROOT / ".github" / "yamllint.yml"
    done = subprocess.run(["yamllint", "--strict", "-c", rules, FOLDER], capture_output=True, text=True, check=False)
    assert done.stdout == ""
    assert done.returncode == 0


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda file: file.name)
def test_their_steps_are_commands_of_the_project(workflow):
    called = re.findall(r"packaging/dev\.py (\S+)(?: (\S+))?", workflow.read_text(encoding="utf-8"))
    assert called
    for command, first in called:
        assert command in commands.COMMANDS
        assert command != "build" or first in build.RECIPES


def test_a_release_has_each_kind_of_installer():
    called = re.findall(r"packaging/dev\.py build (\S+)", (FOLDER / "release.yml").read_text(encoding="utf-8"))
    assert set(called) == set(build.RECIPES) - {"program"}


def test_the_tests_run_on_each_system():
    said = (FOLDER / "test.yml").read_text(encoding="utf-8")
    assert {name for name in ("ubuntu", "windows", "macos") if f"{name}-" in said} == {"ubuntu", "windows", "macos"}
