"""The room on the disk of an Ollama on this computer: found in the usual places, or not known."""

from __future__ import annotations

from pathlib import Path

from desktop.backends.ollama_models import free_for_models


def test_the_folder_that_is_named_counts(tmp_path: Path) -> None:
    assert (free_for_models({"OLLAMA_MODELS": str(tmp_path)}) or 0) > 0
    assert free_for_models({"OLLAMA_MODELS": str(tmp_path / "nothing")}, tmp_path) is None


def test_the_usual_place_else(tmp_path: Path) -> None:
    nowhere = tmp_path / "service"
    assert free_for_models({}, tmp_path, nowhere) is None
    (tmp_path / ".ollama" / "models").mkdir(parents=True)
    assert (free_for_models({}, tmp_path, nowhere) or 0) > 0
