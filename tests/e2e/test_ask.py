"""`--ask`: the window asks the starter model by itself, and the terminal hears what has come of it."""

from __future__ import annotations

import json

import pytest
from PySide6.QtGui import QImage

pytestmark = pytest.mark.window

_PATIENCE = 150  # seconds; an engine that shares its processors is slow
_QUESTION = "Name three colours."


def ends_with(program, status):
    """Return what it printed."""
    assert program.process.wait(_PATIENCE) == status, program.log
    return program.log


@pytest.mark.engine
def test_the_answer_is_printed_and_the_window_is_kept_as_a_picture(launch, candor_home, tmp_path):
    picture = tmp_path / "window.png"
    settings = candor_home / "settings.json"
    usual = {"connection_id": "work", "model": "a model of the company"}
    settings.parent.mkdir(parents=True, exist_ok=True)
    settings.write_text(json.dumps({"default_choice": usual}), encoding="utf-8")
    program = launch(arguments=("--ask", _QUESTION, "--picture", str(picture)), waits=False)
    said = ends_with(program, 0)
    assert json.loads(settings.read_text(encoding="utf-8"))["default_choice"] == usual
    asked, answer = program.messages()
    assert (asked.text, answer.status) == (_QUESTION, "complete")
    assert said.index(f"Asked:   {_QUESTION}") < said.index(f"Answer:  {answer.text.strip()}")
    assert f"Picture: {picture}" in said
    assert QImage(str(picture)).width() > 400


def test_without_the_starter_model_it_says_so_and_fails(launch, tmp_path):
    program = launch(arguments=("--ask", _QUESTION), waits=False, XDG_CACHE_HOME=str(tmp_path))
    assert "candor: the starter model is not on this computer." in ends_with(program, 1)


def test_beside_another_window_nothing_is_asked(launch):
    first = launch()
    second = launch(arguments=("--ask", _QUESTION), waits=False)
    assert "Candor is open already" in ends_with(second, 1)
    assert first.process.poll() is None
    assert first.messages() == []


def test_a_window_that_is_closed_early_is_no_success(launch, tmp_path):
    program = launch(arguments=("--ask", _QUESTION), XDG_CACHE_HOME=str(tmp_path))
    program.process.terminate()
    assert "candor: the" in ends_with(program, 1)
