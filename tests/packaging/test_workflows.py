"""The public workflows: well-formed, and built of the same commands that a developer types."""

from __future__ import annotations

import re
import subprocess

import commands
import installers
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
        assert command != "build" or first in installers.RECIPES


def test_a_release_has_each_kind_of_installer():
    called = re.findall(r"packaging/dev\.py build (\S+)", (FOLDER / "release.yml").read_text(encoding="utf-8"))
    assert set(called) == set(installers.RECIPES) - {"program"}


def steps(workflow):
    """The steps of a workflow's jobs, each as its text."""
    return re.split(r"^ {6}- ", workflow.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]


def jobs(workflow):
    """The jobs of a workflow by name, each as its text."""
    parts = re.split(
        r"^ {2}([a-z-]+):$", workflow.read_text(encoding="utf-8").split("\njobs:\n")[1], flags=re.MULTILINE
    )
    return dict(zip(parts[1::2], parts[2::2], strict=True))


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda file: file.name)
def test_the_steps_of_others_are_pinned_to_what_cannot_be_moved(workflow):
    used = re.findall(r"\buses: (.*)", workflow.read_text(encoding="utf-8"))
    assert used
    for each in used:
        assert re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40}  # v\d+\.\d+\.\d+|\./\.github/workflows/\w+\.yml", each)


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda file: file.name)
def test_secrets_are_told_to_steps_of_a_tag_only(workflow):
    for step in steps(workflow):
        assert "secrets." not in step or "\n        if: github.ref_type == 'tag'\n" in step


def test_a_release_is_tested_before_anything_is_made_of_it():
    of_release = jobs(FOLDER / "release.yml")
    assert 'test "$GITHUB_REF_NAME" = ' in of_release["version"]
    assert of_release["test"].startswith("\n    needs: version\n    uses: ./.github/workflows/test.yml\n")
    making = [text for text in of_release.values() if "dev.py build" in text]
    assert len(making) == 3
    assert all("    needs: test\n" in text for text in making)
    assert "\n  workflow_call:\n" in (FOLDER / "test.yml").read_text(encoding="utf-8")
