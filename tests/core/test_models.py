"""Which model is proposed: the catalogue, what fits a computer, how long an answer may be, and thinking."""

from __future__ import annotations

import contextlib
import csv
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core.message import user_message
from desktop.core.model import CacheShape, MeasuredMemory, Measures, ModelChoice, ModelInfo
from desktop.core.models.choosing import (
    Candidate,
    CatalogueError,
    CatalogueFault,
    Tier,
    best_to_begin_with,
    parse_catalogue,
    propose,
    quicker_one,
    thinking_one,
)
from desktop.core.models.facts import (
    ModelFacts,
    Reasoning,
    Scale,
    facts_of,
    off_changes_prompt,
    thinking_modes,
    thinks,
)
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
from desktop.core.models.window import ANSWER_TOKENS, answer_limit, limit_in_force, limit_to_send
from desktop.core.place import THIS_COMPUTER, Place, PlaceKind
from desktop.core.request import ChatRequest, GenerationParams, PartialReply, Thinking, ThinkingMode, room_for_reply
from desktop.core.resources import resource_path
from tests.core.tables import table

# --- The catalogue that ships inside, the second one of an administrator, and files that are neither ---------------

ROWS = table("models/names.toml")

TEXT = resource_path("models", "catalogue.toml").read_text(encoding="utf-8")
CATALOGUE = parse_catalogue(TEXT)
ROW = TEXT[TEXT.index("[[models]]") : TEXT.index("[[models]]", TEXT.index("[[models]]") + 1)]


@pytest.mark.parametrize("row", CATALOGUE.rows, ids=lambda row: row.name)
def test_every_row_is_plausible(row):
    assert set(row.about) == {"en", "zh"}
    assert len(row.about["en"].split()) <= 25
    assert len(row.about["zh"]) <= 40
    assert re.search("[一-鿿]", row.about["zh"])
    assert re.fullmatch(r"20\d\d-\d\d(-\d\d)?", row.since)
    assert all(re.fullmatch("[a-z]{2}", each) for each in row.languages)
    assert 0 < row.read <= row.size
    assert row.active is None or row.active < row.parameters
    # A file has from a third to two bytes for each weight; what sees has a part more.
    assert 0.3 < row.size / row.parameters < 2.1
    assert row.cache is not None or not row.is_sure
    assert (row.scale is Scale.DATA_CENTRE) == (row.size > 150e9)
    assert row.good_for


@pytest.mark.parametrize(("name", "found"), ROWS["rows"])
def test_a_row_by_a_servers_name(name, found):
    row = CATALOGUE.find_row(name)
    assert (row.name if row else "") == found


def second(text):
    return CATALOGUE.merged_with(parse_catalogue("form = 1\n" + text))


def test_an_administrator_adds_rows_changes_some_and_hides_others():
    own = ROW.replace("qwen3.5:0.8b", "house:7b") + ROW.replace("qwen3.5:0.8b", "qwen3:8b").replace(
        "rank = 8", "rank = 99"
    )
    merged = second('hide = ["deepseek-r1:1.5b", "nothing"]\n' + own)
    assert merged.find_row("house:7b") is not None
    assert merged.find_row("qwen3:8b").rank == 99
    assert merged.find_row("deepseek-r1:1.5b") is None
    assert len(merged.rows) == len(CATALOGUE.rows) + 1 - 1
    assert merged.as_of == CATALOGUE.as_of


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("form = 2\nanything = 1", CatalogueFault.NEWER),
        ("", CatalogueFault.BROKEN),
        ("form = ", CatalogueFault.BROKEN),
        ("form = 1\nmodels = 3", CatalogueFault.BROKEN),
        ("form = 1\nmodels = [3]", CatalogueFault.BROKEN),
        ("form = 1\nhide = 'x'", CatalogueFault.BROKEN),
        ("form = 1\n" + ROW + ROW, CatalogueFault.BROKEN),
        ("form = 1\n" + ROW.replace("rank = 8", "rank = 800"), CatalogueFault.BROKEN),
        ("form = 1\n" + ROW.replace("sees = true", "sees = 1"), CatalogueFault.BROKEN),
        ("form = 1\n" + ROW.replace('"switched"', '"sometimes"'), CatalogueFault.BROKEN),
        ("form = 1\n" + ROW.replace("cache.fixed", "cache.other"), CatalogueFault.BROKEN),
        ("form = 1\n" + ROW.replace("sees = true", "sees = true\ncolour = 1"), CatalogueFault.BROKEN),
        ("form = 1\n" + ROW.replace("bytes = 1_000", "bytes = -1_000"), CatalogueFault.BROKEN),
    ],
)
def test_a_file_that_cannot_be_used_says_so(text, fault):
    with pytest.raises(CatalogueError) as raised:
        parse_catalogue(text)
    assert raised.value.fault is fault
    assert str(raised.value)


@given(st.text(max_size=200))
def test_any_text_is_a_catalogue_or_a_fault(text):
    with contextlib.suppress(CatalogueError):
        parse_catalogue("form = 1\n" + text)


# --- Verdicts ------------------------------------------------------------------------------------------------------

TABLE = Path(__file__).with_name("models") / "verdicts.csv"


def card(kind, total, free, data_sheet):
    return GraphicsCard(kind, "card", total * GIB, None if free is None else int(free * GIB), data_sheet)


COMPUTERS = {
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
    judged = judge(found, COMPUTERS[row["machine"]], int(row["window"]))
    assert judged.need is not None
    assert judged.need / 1e9 == pytest.approx(float(row["need_gb"]), rel=0.01)
    reason = "" if row["reason"] == "quiet" else row["reason"]
    assert (judged.verdict, judged.reason or "") == (row["verdict"], reason)
    assert judged.is_quiet_better == (row["reason"] == "quiet")
    if judged.verdict is not ModelVerdict.TOO_LARGE:
        assert judged.speed is not None
        assert judged.speed.per_second == pytest.approx(float(row["tokens_a_second"]), rel=0.03)


def test_what_was_measured_stands_before_what_is_computed():
    computer = COMPUTERS["16 GB"]
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
        ({"cache": None}, COMPUTERS["16 GB"], Measures(), "unknown", Reason.NEED_UNKNOWN, None),
        ({"size": None}, COMPUTERS["16 GB"], Measures(), "unknown", Reason.NEED_UNKNOWN, None),
        ({}, Computer(), Measures(), "unknown", Reason.COMPUTER_UNKNOWN, DENSE.need(8_192)),
        ({}, COMPUTERS["64 GB + 24 GB card"].without_cards(), Measures(), "slow", Reason.SPEED, DENSE.need(8_192)),
        # As quick as one reads.
        ({}, COMPUTERS["16 GB"], Measures(written=(5.3,)), "slow", Reason.SPEED, DENSE.need(8_192)),
        ({}, COMPUTERS["16 GB"], Measures(written=(5.9,)), "slow", Reason.SPEED, DENSE.need(8_192)),
        ({}, COMPUTERS["16 GB"], Measures(written=(6.0,)), "runs_well", None, DENSE.need(8_192)),
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
    assert COMPUTERS["64 GB + 24 GB card"].without_cards().room_on_cards == 0


def test_thinking_has_its_own_time():
    assert judge(DENSE, COMPUTERS["16 GB"]).thinking_seconds is None
    thinking = judge(replace(DENSE, reasoning=Reasoning.ALWAYS), COMPUTERS["16 GB"], thinking_tokens=2_000)
    assert thinking.thinking_seconds == pytest.approx(2_000 / thinking.speed.per_second)


def test_the_bandwidth_that_an_answer_shows_predicts_the_same_answer():
    shown = bandwidth_shown(DENSE, 8.0)
    computer = replace(COMPUTERS["16 GB"], measured_bandwidth=shown)
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
    half = judge(replace(DENSE, read=2_500_000_000), replace(COMPUTERS["16 GB"], measured_bandwidth=shown)).speed
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


# --- Which model is chosen -----------------------------------------------------------------------------------------

CASES = table("models/choosing.toml")


CHOICES = parse_catalogue(resource_path("models", "catalogue.toml").read_text(encoding="utf-8"))
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
    row = CHOICES.find_row(name)
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
    return {each.tier: each.row.name for each in propose(CHOICES.rows, computer, language)}


@pytest.mark.parametrize(
    ("machine", "language", "quick", "good"),
    CASES["what_is_proposed"],
)
def test_what_is_proposed(machine, language, quick, good):
    found = names(COMPUTERS[machine], language)
    assert (found[Tier.QUICK], found[Tier.GOOD]) == (quick, good)


@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize("machine", COMPUTERS)
def test_what_holds_for_every_proposal(machine, language):
    found = propose(CHOICES.rows, COMPUTERS[machine], language)
    assert len({each.row.name for each in found}) == len(found) <= 3
    for each in found:
        assert each.judgement.verdict in (ModelVerdict.RUNS_WELL, ModelVerdict.SLOW)
        assert each.row.is_sure
        assert not each.row.for_servers
        assert each.judgement.reason is not Reason.OTHER_PROGRAMS
        if not COMPUTERS[machine].cards:
            assert each.row.scale is Scale.PERSON
        assert each.judgement.page_seconds < 650 / 3
        assert language.partition("_")[0] in each.row.languages
        if each.tier is Tier.GOOD and any(other.judgement.verdict is ModelVerdict.RUNS_WELL for other in found):
            assert each.judgement.verdict is ModelVerdict.RUNS_WELL
    ranks = {each.tier: each.row.rank for each in found}
    assert ranks.get(Tier.GOOD, 100) > ranks.get(Tier.QUICK, 0)


def test_what_is_not_proposed():
    lucky = replace(COMPUTERS["32 GB"], measured_bandwidth=200e9)  # with one model; a team's is none for a person
    assert {each.row.scale for each in propose(CHOICES.rows, lucky)} == {Scale.PERSON}
    for free in (3, 5, 6):
        for each in propose(CHOICES.rows, Computer(16 * GIB, free * GIB)):
            assert each.judgement.need is not None
            assert each.judgement.need <= free * GIB * 0.8
    for language in ("en", "zh_CN"):
        assert names(COMPUTERS["4 GB"], language) == {Tier.QUICK: "qwen3.5:0.8b"}
    for weak in (Computer(2 * GIB, GIB // 2), Computer()):
        assert propose(CHOICES.rows, weak) == ()
    assert propose((), COMPUTERS["32 GB"]) == ()


# --- At which length the answers of which models end, and who sees to it -------------------------------------------

THINKS = ChatRequest("m", (user_message("Hi"),))
ANSWERS = replace(THINKS, cannot_reason=True)


@pytest.mark.parametrize(
    ("model", "parameters"),
    [
        ("SmolLM2 135M", 134_515_008),
        ("Gemma 3 270M", 268_098_176),
        ("Qwen2.5 0.5B", 494_032_768),
        ("Qwen3 0.6B", 751_632_384),
    ],
)
def test_very_small_models_have_a_limit_on_this_computer(model, parameters):
    info = ModelInfo(model, parameters=parameters)
    assert answer_limit(info, THIS_COMPUTER) == ANSWER_TOKENS
    assert answer_limit(info, Place(PlaceKind.PRIVATE_NETWORK, "gpu.lan")) is None
    assert answer_limit(info, Place(PlaceKind.INTERNET, "api.example.com")) is None


def test_a_server_is_told_where_nothing_but_an_answer_can_come():
    assert limit_to_send(ANSWERS, 500) == 500
    assert limit_to_send(THINKS, 500) is None
    assert limit_to_send(ANSWERS, None) is None
    assert limit_to_send(replace(ANSWERS, params=GenerationParams(max_tokens=9)), 500) == 9
    sent = replace(ANSWERS, params=GenerationParams(max_tokens=500))
    assert room_for_reply(sent, counts_thinking=True) == 500


@pytest.mark.parametrize(("used", "was_ours"), [(500, True), (None, True), (120, False)])
def test_a_full_context_is_not_taken_for_the_limit(used, was_ours):
    limit = limit_in_force(replace(ANSWERS, params=GenerationParams(max_tokens=500)), 500)
    assert limit is not None
    assert limit.was_reached(used) is was_ours
    assert not limit.is_reached(9_000, has_thought=True), "that is its server's to see to"


def test_only_what_is_certain_to_be_answer_counts():
    limit = limit_in_force(THINKS, 500)
    assert limit is not None
    assert not limit.is_reached(9_000, has_thought=False), "it may yet turn out to be thinking"
    assert not limit.is_reached(499, has_thought=True)
    assert limit.is_reached(500, has_thought=True)
    assert not limit.was_reached(500)


@pytest.mark.parametrize(
    ("request_", "is_certain"),
    [
        (replace(THINKS, thinking=Thinking(ThinkingMode.OFF)), True),
        (replace(THINKS, thinking=Thinking(ThinkingMode.OFF), thinks_first=True), False),
        (replace(THINKS, partial_reply=PartialReply("The answer has", "Hm")), True),
        (replace(THINKS, partial_reply=PartialReply("", "Hm")), False),
    ],
    ids=["thinking is off", "asked to think first", "the answer has begun", "it has only thought"],
)
def test_what_follows_is_answer_where_no_thinking_can_come(request_, is_certain):
    limit = limit_in_force(request_, 500)
    assert limit is not None
    assert limit.is_reached(500, has_thought=False) is is_certain


def test_a_limit_that_was_asked_for_takes_its_place():
    assert limit_in_force(replace(THINKS, params=GenerationParams(max_tokens=8_192)), 500) is None
    assert limit_in_force(THINKS, None) is None


# --- What templates of known models tell of their thinking; each is the part of the real one that matters ----------

REASONING = table("models/reasoning.toml")


AUTO, OFF, ON = ThinkingMode.AUTO, ThinkingMode.OFF, ThinkingMode.ON
LOW, MEDIUM, HIGH = ThinkingMode.LOW, ThinkingMode.MEDIUM, ThinkingMode.HIGH

TEMPLATES = {
    "Qwen3": (
        "{%- if message.reasoning_content is string %}{%- endif %}{%- if add_generation_prompt %}"
        "{%- if enable_thinking is defined and enable_thinking is false %}"
        "{{- '<think>\\n\\n</think>\\n\\n' }}{%- endif %}",
        (AUTO, OFF, ON),
    ),
    "Qwen3-Thinking-2507": (
        "{%- if message.reasoning_content is string %}{%- endif %}"
        "{%- if add_generation_prompt %}{{- '<|im_start|>assistant\\n<think>\\n' }}{%- endif %}",
        (AUTO,),
    ),
    "DeepSeek-R1": (
        "{% if '</think>' in content %}{% set content = content.split('</think>')[-1] %}{% endif %}"
        "{% if add_generation_prompt %}{{'<｜Assistant｜><think>\\n'}}{% endif %}",
        (AUTO,),
    ),
    "DeepSeek-V3.1": (
        "{% if not thinking is defined %}{% set thinking = false %}{% endif %}"
        "{%- if not thinking %}{{'</think>'}}{%- else %}{{'<think>'}}{%- endif %}",
        (AUTO, OFF, ON),
    ),
    "Granite 3.3": (
        "{%- if thinking %}{%- set system_message = system_message + ' Write your thoughts between <think></think>' %}"
        "{%- endif %}",
        (AUTO, OFF, ON),
    ),
    "gpt-oss": (
        "{%- if reasoning_effort is not defined %}{%- set reasoning_effort = 'medium' %}{%- endif %}"
        "{%- if message.thinking %}"
        "{{- '<|start|>assistant<|channel|>analysis<|message|>' + message.thinking }}{%- endif %}",
        (AUTO, LOW, MEDIUM, HIGH),
    ),
    "strengths and a switch": (
        "{%- if enable_thinking %}<think>{{ reasoning_effort }}{%- endif %}",
        (AUTO, OFF, LOW, MEDIUM, HIGH),
    ),
    "Magistral": ("{%- if block['type'] == 'thinking' %}[THINK]{{ block['thinking'] }}[/THINK]{%- endif %}", (AUTO,)),
    "Seed-OSS": ("{%- if thinking_budget == 0 %}<seed:think></seed:think>{%- endif %}", (AUTO,)),
    "a model that does not think": ("{{ messages }} I was thinking of you. {{ 'thinking' }}", (OFF,)),
    "none": ("", (OFF,)),
}


@pytest.mark.parametrize("model", TEMPLATES)
def test_what_can_be_chosen(model):
    template, modes = TEMPLATES[model]
    assert thinking_modes(template) == modes
    assert thinks(template) is (modes != (OFF,))


@pytest.mark.parametrize(
    ("template", "changes"),
    REASONING["where_a_prompt_says_that_thinking_is_off"],
)
def test_where_a_prompt_says_that_thinking_is_off(template, changes):
    assert off_changes_prompt(template) is changes
