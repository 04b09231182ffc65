"""Which model is chosen: to begin with, for a task, and for this computer; never one that is further away."""

from __future__ import annotations

from dataclasses import replace

import pytest

from desktop.core.model import ModelChoice, ModelInfo
from desktop.core.models.catalogue import parse_catalogue
from desktop.core.models.choosing import Candidate, Tier, best_to_begin_with, propose, quicker_one, thinking_one
from desktop.core.models.facts import ModelFacts, Reasoning, Scale
from desktop.core.models.fit import GIB, Computer, ModelVerdict, Reason, judge
from desktop.core.place import THIS_COMPUTER, Place, PlaceKind
from desktop.core.resources import resource_path
from tests.core.models.test_fit import MACHINES

CATALOGUE = parse_catalogue(resource_path("models", "catalogue.toml").read_text(encoding="utf-8"))
SMALL = ModelInfo("small", size_on_disk=1 * GIB)
MIDDLE = ModelInfo("middle", size_on_disk=5 * GIB)
LARGE = ModelInfo("large", size_on_disk=40 * GIB)
UNKNOWN = ModelInfo("unknown")
OTHER = ModelInfo("other")
EMBEDDING = ModelInfo("embed", capabilities=frozenset({"embedding"}), size_on_disk=9 * GIB)


@pytest.mark.parametrize(
    ("models", "memory", "best"),
    [
        ([SMALL, LARGE, MIDDLE], 16 * GIB, MIDDLE),
        ([SMALL, LARGE, MIDDLE], 7 * GIB, SMALL),  # 5 GiB of weights need more than 7
        ([SMALL, LARGE, MIDDLE], 64 * GIB, LARGE),
        ([SMALL, LARGE, MIDDLE], None, LARGE),
        ([LARGE, MIDDLE], 4 * GIB, MIDDLE),  # none runs well; the smallest is the best there is
        ([UNKNOWN, SMALL], 16 * GIB, SMALL),
        ([LARGE, UNKNOWN, OTHER], 16 * GIB, UNKNOWN),
        ([UNKNOWN, OTHER], 16 * GIB, UNKNOWN),
        ([EMBEDDING, SMALL], 16 * GIB, SMALL),
        ([EMBEDDING], 16 * GIB, None),
        ([], None, None),
    ],
)
def test_best(models: list[ModelInfo], memory: int | None, best: ModelInfo | None) -> None:
    assert best_to_begin_with(models, memory) == best


LAPTOP = Computer(32 * GIB, 24 * GIB)
OFFICE = Place(PlaceKind.PRIVATE_NETWORK, "gpu-server")
CLOUD = Place(PlaceKind.INTERNET, "api.example.com")


def here(name: str) -> Candidate:
    row = CATALOGUE.find_row(name)
    assert row is not None
    return Candidate(ModelChoice("o", name), row, THIS_COMPUTER, judge(row, LAPTOP))


def away(name: str, place: Place, reasoning: Reasoning) -> Candidate:
    return Candidate(ModelChoice(place.host, name), ModelFacts(title=name, name=name, reasoning=reasoning), place, None)


LLAMA, R1, QWEN, LARGE = here("llama3.1:8b"), here("deepseek-r1:7b"), here("qwen3.5:4b"), here("deepseek-r1:70b")


def test_a_sum_gets_a_model_that_thinks() -> None:
    found = thinking_one(LLAMA, [LLAMA, R1, QWEN, LARGE])
    assert found is not None
    assert found.choice in (R1.choice, QWEN.choice)
    assert thinking_one(LLAMA, [LLAMA, LARGE]) is None
    assert thinking_one(R1, [LLAMA, QWEN]) is None
    assert thinking_one(QWEN, [R1]) is None


def test_the_one_that_was_taken_comes_first() -> None:
    for usual in (R1, QWEN):
        assert thinking_one(LLAMA, [R1, QWEN], usual.choice) is usual


def test_a_letter_gets_a_quicker_one() -> None:
    small = here("gemma4:e2b-it-qat")
    assert quicker_one(here("gpt-oss:20b"), [LLAMA, small, R1]) is small
    assert quicker_one(small, [LLAMA]) is None
    assert quicker_one(R1, [here("qwen3.5:0.8b"), LARGE]) is None


def test_words_go_no_further_than_they_do_now() -> None:
    office, cloud = away("r1", OFFICE, Reasoning.ALWAYS), away("r1", CLOUD, Reasoning.ALWAYS)
    assert thinking_one(LLAMA, [office, cloud]) is None
    general = away("llama", OFFICE, Reasoning.NEVER)
    assert thinking_one(general, [cloud, office]) is office
    assert thinking_one(away("gpt", CLOUD, Reasoning.NEVER), [office, R1]) is R1


def test_of_servers_whose_speed_is_not_known_one_that_need_not_think_is_quicker() -> None:
    r1, llama = away("r1", OFFICE, Reasoning.ALWAYS), away("llama", OFFICE, Reasoning.NEVER)
    assert quicker_one(r1, [llama]) is llama
    assert quicker_one(llama, [r1]) is None


def names(computer: Computer, language: str = "en") -> dict[Tier, str]:
    return {each.tier: each.row.name for each in propose(CATALOGUE.rows, computer, language)}


@pytest.mark.parametrize(
    ("machine", "language", "quick", "good"),
    [
        ("16 GB", "en", "gemma4:e2b-it-qat", "gemma4:e4b-it-qat"),
        ("8 GB", "zh_CN", "qwen3.5:2b", "qwen3.5:4b"),
        ("16 GB", "zh_CN", "qwen3.5:2b", "qwen3.5:4b"),
        ("64 GB + 24 GB card", "zh_CN", "qwen3.5:4b", "qwen3.8:27b"),
        ("32 GB", "en", "gemma4:e2b-it-qat", "gemma4:26b"),
        ("64 GB + 24 GB card", "en", "gemma4:e2b-it-qat", "qwen3.8:27b"),
        ("Mac 16 GB", "zh_CN", "qwen3.5:4b", "gemma4:12b-it-qat"),
    ],
)
def test_what_is_proposed(machine: str, language: str, quick: str, good: str) -> None:
    found = names(MACHINES[machine], language)
    assert (found[Tier.QUICK], found[Tier.GOOD]) == (quick, good)


@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize("machine", MACHINES)
def test_what_holds_for_every_proposal(machine: str, language: str) -> None:
    found = propose(CATALOGUE.rows, MACHINES[machine], language)
    assert len({each.row.name for each in found}) == len(found) <= 3
    for each in found:
        assert each.judgement.verdict in (ModelVerdict.RUNS_WELL, ModelVerdict.SLOW)
        assert each.row.is_sure
        assert not each.row.for_servers
        assert each.judgement.reason is not Reason.OTHER_PROGRAMS
        if not MACHINES[machine].cards:
            assert each.row.scale is Scale.PERSON
        assert each.judgement.page_seconds < 650 / 3
        assert language.partition("_")[0] in each.row.languages
        if each.tier is Tier.GOOD and any(other.judgement.verdict is ModelVerdict.RUNS_WELL for other in found):
            assert each.judgement.verdict is ModelVerdict.RUNS_WELL
    ranks = {each.tier: each.row.rank for each in found}
    assert ranks.get(Tier.GOOD, 100) > ranks.get(Tier.QUICK, 0)


def test_a_speed_that_one_model_was_lucky_with_makes_no_proposal_of_a_teams_model() -> None:
    lucky = replace(MACHINES["32 GB"], measured_bandwidth=200e9)
    assert {each.row.scale for each in propose(CATALOGUE.rows, lucky)} == {Scale.PERSON}


@pytest.mark.parametrize("free", [3, 5, 6])
def test_what_does_not_fit_as_things_are_is_not_proposed(free: int) -> None:
    for each in propose(CATALOGUE.rows, Computer(16 * GIB, free * GIB)):
        assert each.judgement.need is not None
        assert each.judgement.need <= free * GIB * 0.8


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_where_little_runs_a_very_small_one_is_proposed(language: str) -> None:
    assert names(MACHINES["4 GB"], language) == {Tier.QUICK: "qwen3.5:0.8b"}


def test_a_computer_that_nothing_runs_on_gets_no_proposal() -> None:
    assert propose(CATALOGUE.rows, Computer(2 * GIB, GIB // 2)) == ()
    assert propose(CATALOGUE.rows, Computer()) == ()
    assert propose((), MACHINES["32 GB"]) == ()
