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
from tests.core.tables import table

CASES = table("models/choosing.toml")


CATALOGUE = parse_catalogue(resource_path("models", "catalogue.toml").read_text(encoding="utf-8"))
SIZES = {"small": 1, "middle": 5, "large": 40, "embed": 9}
EMBEDS = {"embed": frozenset({"embedding"})}


@pytest.mark.parametrize(
    ("names", "memory", "best"),
    [
        ("small large middle", 16, "middle"),
        ("small large middle", 7, "small"),  # 5 GiB of weights need more than 7
        ("small large middle", 64, "large"),
        ("small large middle", None, "large"),
        ("large middle", 4, "middle"),  # none runs well; the smallest is the best there is
        ("unknown small", 16, "small"),
        ("large unknown other", 16, "unknown"),
        ("unknown other", 16, "unknown"),
        ("embed small", 16, "small"),
        ("embed", 16, None),
        ("", None, None),
    ],
)
def test_best(names, memory, best):
    models = [
        ModelInfo(
            each, size_on_disk=SIZES[each] * GIB if each in SIZES else None, capabilities=EMBEDS.get(each, frozenset())
        )
        for each in names.split()
    ]
    found = best_to_begin_with(models, memory and memory * GIB)
    assert (found.name if found else None) == best


LAPTOP = Computer(32 * GIB, 24 * GIB)
OFFICE = Place(PlaceKind.PRIVATE_NETWORK, "gpu-server")
CLOUD = Place(PlaceKind.INTERNET, "api.example.com")


def here(name):
    row = CATALOGUE.find_row(name)
    assert row is not None
    return Candidate(ModelChoice("o", name), row, THIS_COMPUTER, judge(row, LAPTOP))


def away(name, place, reasoning):
    return Candidate(ModelChoice(place.host, name), ModelFacts(title=name, name=name, reasoning=reasoning), place, None)


LLAMA, R1, QWEN, LARGE = here("llama3.1:8b"), here("deepseek-r1:7b"), here("qwen3.5:4b"), here("deepseek-r1:70b")


def test_a_sum_gets_a_model_that_thinks_and_a_letter_a_quicker_one():
    found = thinking_one(LLAMA, [LLAMA, R1, QWEN, LARGE])
    assert found in (R1, QWEN)
    for usual in (R1, QWEN):
        assert thinking_one(LLAMA, [R1, QWEN], usual.choice) is usual
    small = here("gemma4:e2b-it-qat")
    assert quicker_one(here("gpt-oss:20b"), [LLAMA, small, R1]) is small
    nothing = [thinking_one(LLAMA, [LLAMA, LARGE]), thinking_one(R1, [LLAMA, QWEN]), thinking_one(QWEN, [R1])]
    nothing += [quicker_one(small, [LLAMA]), quicker_one(R1, [here("qwen3.5:0.8b"), LARGE])]
    assert nothing == [None] * 5


def test_words_go_no_further_than_they_do_now():
    office, cloud = away("r1", OFFICE, Reasoning.ALWAYS), away("r1", CLOUD, Reasoning.ALWAYS)
    assert thinking_one(LLAMA, [office, cloud]) is None
    general = away("llama", OFFICE, Reasoning.NEVER)
    assert thinking_one(general, [cloud, office]) is office
    assert thinking_one(away("gpt", CLOUD, Reasoning.NEVER), [office, R1]) is R1
    # Where no speed is known, one that need not think is quicker.
    assert (quicker_one(office, [general]), quicker_one(general, [office])) == (general, None)


def names(computer, language="en"):
    return {each.tier: each.row.name for each in propose(CATALOGUE.rows, computer, language)}


@pytest.mark.parametrize(
    ("machine", "language", "quick", "good"),
    CASES["what_is_proposed"],
)
def test_what_is_proposed(machine, language, quick, good):
    found = names(MACHINES[machine], language)
    assert (found[Tier.QUICK], found[Tier.GOOD]) == (quick, good)


@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize("machine", MACHINES)
def test_what_holds_for_every_proposal(machine, language):
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


def test_what_is_not_proposed():
    lucky = replace(MACHINES["32 GB"], measured_bandwidth=200e9)  # with one model; a team's is none for a person
    assert {each.row.scale for each in propose(CATALOGUE.rows, lucky)} == {Scale.PERSON}
    for free in (3, 5, 6):
        for each in propose(CATALOGUE.rows, Computer(16 * GIB, free * GIB)):
            assert each.judgement.need is not None
            assert each.judgement.need <= free * GIB * 0.8
    for language in ("en", "zh_CN"):
        assert names(MACHINES["4 GB"], language) == {Tier.QUICK: "qwen3.5:0.8b"}
    for weak in (Computer(2 * GIB, GIB // 2), Computer()):
        assert propose(CATALOGUE.rows, weak) == ()
    assert propose((), MACHINES["32 GB"]) == ()
