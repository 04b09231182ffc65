"""Verdicts: the table that was computed apart from the code, and what is measured, missing or unknown."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import pytest

from desktop.core.model import CacheShape, MeasuredMemory, Measures, ModelInfo
from desktop.core.models.catalogue import parse_catalogue
from desktop.core.models.facts import ModelFacts, Reasoning, Scale, facts_of
from desktop.core.models.fit import (
    GIB,
    CardKind,
    Computer,
    GraphicsCard,
    ModelVerdict,
    Reason,
    SpeedSource,
    bandwidth_shown,
    judge,
)
from desktop.core.request import ThinkingMode
from desktop.core.resources import resource_path

TABLE = Path(__file__).with_name("verdicts.csv")


def card(kind, total, free, data_sheet):
    return GraphicsCard(kind, "card", total * GIB, None if free is None else int(free * GIB), data_sheet)


MACHINES = {
    "4 GB": Computer(4 * GIB, 2 * GIB),
    "8 GB": Computer(8 * GIB, 5 * GIB),
    "16 GB": Computer(16 * GIB, 10 * GIB),
    "32 GB": Computer(32 * GIB, 24 * GIB, measured_bandwidth=33e9),
    "16 GB + 8 GB card": Computer(16 * GIB, 10 * GIB, cards=(card(CardKind.NVIDIA, 8, 7.4, 256e9),)),
    "64 GB + 24 GB card": Computer(64 * GIB, 50 * GIB, cards=(card(CardKind.NVIDIA, 24, 23.3, 1008e9),)),
    "Mac 16 GB": Computer(16 * GIB, 10 * GIB, cards=(card(CardKind.APPLE, 16, None, 120e9),)),
    "Mac 48 GB": Computer(48 * GIB, 36 * GIB, cards=(card(CardKind.APPLE, 48, None, 273e9),)),
}
DENSE = ModelFacts(name="x", title="X", size=5_000_000_000, cache=CacheShape(100_000), read=5_000_000_000)
QUICK = Measures(written=(9.0,), memory=MeasuredMemory(8_192, 7_000_000_000))


@pytest.fixture(scope="module")
def catalogue():
    return parse_catalogue(resource_path("models", "catalogue.toml").read_text(encoding="utf-8"))


def rows():
    """The need from printed tables of cache sizes, the words from the rules in `docs/models.md`, both by hand."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("row", rows(), ids=lambda row: f"{row['machine']} {row['model']} {row['window']}")
def test_the_table(row, catalogue):
    found = catalogue.find_row(row["model"])
    assert found is not None
    judged = judge(found, MACHINES[row["machine"]], int(row["window"]))
    assert judged.need is not None
    assert judged.need / 1e9 == pytest.approx(float(row["need_gb"]), rel=0.01)
    reason = "" if row["reason"] == "quiet" else row["reason"]
    assert (judged.verdict, judged.reason or "") == (row["verdict"], reason)
    assert judged.is_quiet_better == (row["reason"] == "quiet")
    if judged.verdict is not ModelVerdict.TOO_LARGE:
        assert judged.speed is not None
        assert judged.speed.per_second == pytest.approx(float(row["tokens_a_second"]), rel=0.03)


def test_what_was_measured_stands_before_what_is_computed():
    computer = MACHINES["16 GB"]
    assert judge(DENSE, computer).verdict is ModelVerdict.SLOW
    measured = judge(DENSE, computer, measures=QUICK)
    assert (measured.verdict, measured.need) == (ModelVerdict.RUNS_WELL, 7_000_000_000)
    assert measured.speed is not None
    assert measured.speed.source is SpeedSource.MEASURED
    assert measured.page_seconds == pytest.approx(650 / 9)
    assert judge(DENSE, computer, 4_096, QUICK).need == DENSE.need(4_096), "it was measured with another window"
    assert judge(DENSE, computer, measures=Measures(written=(1.0,))).verdict is ModelVerdict.TOO_SLOW


@pytest.mark.parametrize(
    ("change", "computer", "measures", "verdict", "reason", "need"),
    [
        ({}, None, Measures(), "unknown", Reason.COMPUTER_UNKNOWN, 5_000_000_000 + 8_192 * 100_000 + 430_000_000),
        ({}, None, Measures(written=(20.0,)), "runs_well", None, 5_000_000_000 + 8_192 * 100_000 + 430_000_000),
        ({"cache": None}, MACHINES["16 GB"], Measures(), "unknown", Reason.NEED_UNKNOWN, None),
        ({"size": None}, MACHINES["16 GB"], Measures(), "unknown", Reason.NEED_UNKNOWN, None),
        ({}, Computer(), Measures(), "unknown", Reason.COMPUTER_UNKNOWN, DENSE.need(8_192)),
        ({}, MACHINES["64 GB + 24 GB card"].without_cards(), Measures(), "slow", Reason.SPEED, DENSE.need(8_192)),
        # As quick as one reads.
        ({}, MACHINES["16 GB"], Measures(written=(5.3,)), "slow", Reason.SPEED, DENSE.need(8_192)),
        ({}, MACHINES["16 GB"], Measures(written=(5.9,)), "slow", Reason.SPEED, DENSE.need(8_192)),
        ({}, MACHINES["16 GB"], Measures(written=(6.0,)), "runs_well", None, DENSE.need(8_192)),
    ],
)
def test_a_verdict_needs_what_it_is_made_of(
    change,
    computer,
    measures,
    verdict,
    reason,
    need,
):
    judged = judge(replace(DENSE, **change), computer, measures=measures)
    assert (judged.verdict, judged.reason, judged.need) == (verdict, reason, need)


def test_what_lies_outside_of_the_card_is_told_and_an_unknown_card_has_no_speed():
    unknown = judge(DENSE, Computer(16 * GIB, 10 * GIB, cards=(card(CardKind.AMD, 12, 11.0, None),)))
    assert (unknown.verdict, unknown.speed, unknown.page_seconds) == (ModelVerdict.FITS, None, None)
    judged = judge(DENSE, Computer(16 * GIB, 10 * GIB, cards=(card(CardKind.NVIDIA, 4, 4.0, 200e9),)))
    assert (judged.verdict, judged.outside) == (ModelVerdict.RUNS_WELL, judged.need - 3 * GIB)
    assert MACHINES["64 GB + 24 GB card"].without_cards().room_on_cards == 0


def test_thinking_has_its_own_time():
    assert judge(DENSE, MACHINES["16 GB"]).thinking_seconds is None
    thinking = judge(replace(DENSE, reasoning=Reasoning.ALWAYS), MACHINES["16 GB"], thinking_tokens=2_000)
    assert thinking.thinking_seconds == pytest.approx(2_000 / thinking.speed.per_second)


def test_the_bandwidth_that_an_answer_shows_predicts_the_same_answer():
    shown = bandwidth_shown(DENSE, 8.0)
    computer = replace(MACHINES["16 GB"], measured_bandwidth=shown)
    again = judge(DENSE, computer)
    assert again.speed is not None
    assert again.speed.per_second == pytest.approx(8.0)
    assert again.speed.source is SpeedSource.FROM_THIS_COMPUTER
    assert bandwidth_shown(DENSE, 0.0) is None
    assert bandwidth_shown(DENSE, 1e9) is None
    assert bandwidth_shown(replace(DENSE, read=None), 8.0) is None


@pytest.mark.parametrize("family", ["gpt-oss", "gemma4", "qwen3next"])
def test_a_measured_speed_promises_no_more_of_others_than_their_size_explains(family):
    shown = bandwidth_shown(replace(DENSE, family=family), 8.0)
    half = judge(replace(DENSE, read=2_500_000_000), replace(MACHINES["16 GB"], measured_bandwidth=shown)).speed
    assert half is not None
    assert half.per_second <= 2 * 8.0


def test_what_a_server_tells_counts_more_than_a_row_which_completes_it(catalogue):
    row = catalogue.find_row("gpt-oss:20b")
    assert row is not None
    modes = (ThinkingMode.AUTO, ThinkingMode.LOW, ThinkingMode.MEDIUM, ThinkingMode.HIGH)
    told = ModelInfo(
        "gpt-oss:20b", capabilities=frozenset({"completion", "thinking"}), family="gptoss", thinking_modes=modes,
        size_on_disk=13_780_154_624, quantization="Q8_0", context_length=40_960, sees=False,
    )  # fmt: skip
    facts = facts_of(told, row)
    assert (facts.reasoning, facts.slowness, facts.read, facts.cache) == (Reasoning.ALWAYS, 1.1, row.read, row.cache)
    assert (facts.stored, facts.size, facts.context, facts.sees) == ("Q8_0", 13_780_154_624, 40_960, False)
    assert [(each.bits, each.size) for each in facts.steps if each.is_default] == [(8, 13_780_154_624)]
    assert facts.speaks("en")
    assert facts_of(replace(told, size_on_disk=2 * 13_780_154_624), row).read == 2 * row.read


@pytest.mark.parametrize(
    ("name", "change", "reasoning"),
    [
        ("deepseek-r1:7b", {}, Reasoning.ALWAYS),
        ("deepseek-r1:7b", {"temperature": 0.6}, Reasoning.SWITCHED),
        ("deepseek-r1:7b", {"capabilities": frozenset()}, Reasoning.ALWAYS),
        ("qwen3:30b", {"capabilities": frozenset({"completion"}), "thinking_modes": (ThinkingMode.OFF,)}, "never"),
    ],
)
def test_a_model_that_always_thinks_is_known_as_one_before_its_server_was_asked(name, change, reasoning, catalogue):
    modes = (ThinkingMode.AUTO, ThinkingMode.OFF, ThinkingMode.ON)
    listed = ModelInfo(name, capabilities=frozenset({"completion", "thinking"}), thinking_modes=modes)
    assert facts_of(replace(listed, **change), catalogue.find_row(name)).reasoning == reasoning


def test_of_a_model_without_a_row_only_what_is_told_is_said():
    told = ModelInfo("x", parameters=30_000_000_000, active_parameters=3_000_000_000, size_on_disk=18_000_000_000)
    facts = facts_of(told)
    assert (facts.read, facts.slowness, facts.scale, facts.has_experts) == (1_800_000_000, 1.5, Scale.TEAM, True)
    assert facts.speaks("en") is None
    unknown = facts_of(ModelInfo("x"))
    assert unknown == ModelFacts(name="x", title="x")
    assert unknown.steps == facts_of(ModelInfo("x", parameters=9, quantization="Q99_Z")).steps == ()
