"""The facts on a model: those of its row, corrected by what its server tells."""

from __future__ import annotations

from desktop.core.model import ModelInfo
from desktop.core.models.catalogue import Scale, parse_catalogue
from desktop.core.models.demand import Reasoning
from desktop.core.models.facts import facts_of, facts_of_row
from desktop.core.request import ThinkingMode
from desktop.core.resources import resource_path

CATALOGUE = parse_catalogue(resource_path("models", "catalogue.toml").read_text(encoding="utf-8"))


def test_what_the_server_tells_counts_more() -> None:
    row = CATALOGUE.find_row("qwen3:8b")
    assert row is not None
    model = ModelInfo(
        "qwen3:8b-q8_0",
        quantization="Q8_0",
        size_on_disk=8_900_000_000,
        context_length=40_960,
        sees=False,
        capabilities=frozenset({"completion", "thinking"}),
        thinking_modes=(ThinkingMode.AUTO, ThinkingMode.OFF),
    )
    facts = facts_of(model, row)
    assert (facts.stored, facts.size, facts.context, facts.sees) == ("Q8_0", 8_900_000_000, 40_960, False)
    assert [(each.bits, each.size) for each in facts.steps if each.is_default] == [(8, 8_900_000_000)]
    assert facts.reasoning is Reasoning.SWITCHED
    assert facts.speaks("zh_CN")
    assert not facts.has_experts


def test_a_row_alone_is_enough() -> None:
    row = CATALOGUE.find_row("qwen3:235b")
    assert row is not None
    facts = facts_of_row(row)
    assert facts.has_experts
    assert facts.scale is Scale.DATA_CENTRE or facts.scale is Scale.TEAM
    assert facts.steps == row.steps


def test_of_a_model_without_a_row_only_what_is_told_is_said() -> None:
    facts = facts_of(ModelInfo("own", parameters=70_000_000_000, active_parameters=3_000_000_000), None)
    assert facts.scale is Scale.TEAM
    assert facts.has_experts
    assert facts.steps == ()
    assert facts.speaks("en") is None
    unknown = facts_of(ModelInfo("own"), None)
    assert (unknown.scale, unknown.context, unknown.sees) == (None, None, None)
    odd = facts_of(ModelInfo("own", parameters=1_000_000_000, quantization="Q99_Z"), None)
    assert odd.steps == ()


def test_the_starter_model_is_known_by_its_file() -> None:
    row = CATALOGUE.find_row("/home/li/.cache/candor/models/SmolLM2-135M-Instruct.Q4_1.gguf")
    assert row is not None
    assert not facts_of_row(row).speaks("zh_CN")
