"""The other model for a task: one that thinks, or a quicker one, never further away than the present one."""

from __future__ import annotations

from desktop.core.model import ModelChoice
from desktop.core.models.catalogue import parse_catalogue
from desktop.core.models.computer import GIB, Computer
from desktop.core.models.demand import Reasoning
from desktop.core.models.facts import ModelFacts, facts_of_row
from desktop.core.models.other_model import Candidate, quicker_one, thinking_one
from desktop.core.models.verdict import judge
from desktop.core.place import THIS_COMPUTER, Place, PlaceKind
from desktop.core.resources import resource_path

CATALOGUE = parse_catalogue(resource_path("models", "catalogue.toml").read_text(encoding="utf-8"))
LAPTOP = Computer(32 * GIB, 24 * GIB)
OFFICE = Place(PlaceKind.PRIVATE_NETWORK, "gpu-server")
CLOUD = Place(PlaceKind.INTERNET, "api.example.com")


def here(name: str) -> Candidate:
    row = CATALOGUE.find_row(name)
    assert row is not None
    return Candidate(ModelChoice("o", name), facts_of_row(row), THIS_COMPUTER, judge(row.demand, LAPTOP))


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
