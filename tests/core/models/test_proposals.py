"""Three models for a computer: what is proposed on which, and that nothing is that would not do."""

from __future__ import annotations

from dataclasses import replace

import pytest

from desktop.core.models.catalogue import Scale, parse_catalogue
from desktop.core.models.computer import GIB, Computer
from desktop.core.models.proposals import Tier, propose
from desktop.core.models.verdict import ModelVerdict, Reason
from desktop.core.resources import resource_path
from tests.core.models.test_verdict import MACHINES

CATALOGUE = parse_catalogue(resource_path("models", "catalogue.toml").read_text(encoding="utf-8"))


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
