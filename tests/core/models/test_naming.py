"""The names of models as their makers write them, read from those of files and servers."""

from __future__ import annotations

import pytest

from desktop.core.model import ModelInfo
from desktop.core.models.catalogue import parse_catalogue
from desktop.core.models.naming import own_name, shown_name, with_own_names
from desktop.core.resources import resource_path
from tests.core.tables import table

CASES = table("models/names.toml")

CATALOGUE = parse_catalogue(resource_path("models", "catalogue.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("name", "own"), CASES["own"])
def test_own_names(name, own):
    assert own_name(name) == own
    assert own_name(f"{name}{'-x' * 100}") == ""


def test_they_are_those_of_the_catalogue():
    others = {row.name for row in CATALOGUE.rows if own_name(row.name) != row.title}
    assert others <= {"mistral-small3.2:24b"}  # whose size its maker does not name


def test_of_other_files_the_folders_are_left_away():
    assert shown_name("/home/li/house-style-q4.gguf") == "house-style-q4"
    assert shown_name("house-style:latest") == "house-style:latest"


def test_models_of_one_server_can_be_told_apart():
    names = ("qwen3:8b", "qwen3:8b-q8_0", "qwen3:4b", "own:latest")
    models = with_own_names([*map(ModelInfo, names), ModelInfo("qwen3:14b", label="Ours")])
    assert [each.title for each in models] == [
        "Qwen3 8B (qwen3:8b)",
        "Qwen3 8B (qwen3:8b-q8_0)",
        "Qwen3 4B",
        "own:latest",
        "Ours",
    ]
