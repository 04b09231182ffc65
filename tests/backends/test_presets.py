"""Each file of `resources/providers/` keeps its contract, and a broken one stops neither the others nor the program."""

from __future__ import annotations

import pytest

from desktop.backends.openai.request import thinking_modes
from desktop.backends.presets import PresetError, load_presets, read_preset
from desktop.core.connections.addresses import api_address
from desktop.core.connections.provider import ThinkingSwitch
from desktop.core.place import place_of_url
from desktop.core.request import ThinkingMode
from desktop.core.resources import resource_path

FILES = sorted(resource_path("providers").iterdir())


def test_every_file_is_a_preset():
    presets = load_presets()
    assert {"custom", "llama-server"} <= set(presets), "what is taken where nothing is known, and for the engine"
    assert set(presets) == {file.stem for file in FILES}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_each_file_keeps_the_contract(file):
    assert file.suffix == ".toml"
    preset = read_preset(file)
    assert preset.id == file.stem
    assert file.read_text(encoding="utf-8").startswith("# "), "says what it is about"
    if preset.address:
        assert api_address(preset.address) == preset.address
        assert preset.needs_key is not place_of_url(preset.address).is_local
        assert bool(preset.keys_page) is preset.needs_key
    modes = thinking_modes(preset)
    assert bool(modes) is (preset.thinking_switch is not ThinkingSwitch.NONE)
    if modes:
        assert modes[0] is ThinkingMode.AUTO


BROKEN = {
    "no text": ("\xff\xfe\x00", "codec can't decode"),
    "no name": ('address = "http://x"', "name is missing"),
    "unknown field": ('name = "x"\naddress = ""\ncolour = 1', "unknown field colour"),
    "unknown switch": ('name = "x"\naddress = ""\nthinking_switch = "maybe"', "thinking_switch is no"),
    "key in the open": ('name = "x"\naddress = "http://x.test"\nneeds_key = true', "https"),
    "rule without efforts": ('name = "x"\naddress = ""\n[[models]]\nnames = ["a"]', "efforts is missing"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_file_is_named_and_the_others_load(case, tmp_path, caplog):
    content, reason = BROKEN[case]
    (tmp_path / "bad.toml").write_text(content, encoding="latin-1")
    (tmp_path / "good.toml").write_text('name = "Good"\naddress = ""\nneeds_key = false\n', encoding="utf-8")
    assert set(load_presets(tmp_path)) == {"good"}
    assert "bad.toml" in caplog.text
    assert reason in caplog.text
    with pytest.raises(PresetError, match=r"bad\.toml"):
        read_preset(tmp_path / "bad.toml")


OPENAI_MODELS = {
    "gpt-4o": (),
    "gpt-4.1-mini-2025-04-14": (),
    "gpt-5-chat-latest": (),
    "o1": ("low", "medium", "high"),
    "o4-mini": ("low", "medium", "high"),
    "gpt-5": ("minimal", "low", "medium", "high"),
    "GPT-5-mini-2025-08-07": ("minimal", "low", "medium", "high"),
    "gpt-5.1": ("none", "low", "medium", "high"),
    "gpt-6-of-the-future": ("none", "low", "medium", "high"),
}


@pytest.mark.parametrize("model", OPENAI_MODELS)
def test_which_models_of_openai_think_and_which_cannot_be_kept_from_it(model):
    preset = load_presets()["openai"].for_model(model)
    modes = thinking_modes(preset)
    assert preset.efforts == OPENAI_MODELS[model]
    assert bool(modes) is bool(preset.efforts)
    assert (ThinkingMode.OFF in modes) is ("none" in preset.efforts)
