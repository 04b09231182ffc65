"""Verdicts on the models that there are, by place, what answers show of this computer, and the timing of a model."""

from __future__ import annotations

from dataclasses import replace

import pytest

from desktop.core.errors import StreamBroken
from desktop.core.events import Failed, Finished, FinishReason, Measured, TextDelta
from desktop.core.model import CacheShape, Measures, ModelChoice, ModelInfo
from desktop.core.models.choosing import CatalogueFault, CatalogueProblem, FoundCatalogue
from desktop.core.models.fit import GIB, CardKind, Computer, GraphicsCard, ModelVerdict, Reason, SpeedSource
from desktop.runtime.models.advice import ModelAdvice, ModelTrial
from desktop.store.models import load_catalogue
from tests.runtime.conftest import FAR, FILES, HERE, NEAR, services_of
from tests.support.scripted_backend import Hold, ScriptedBackend

QWEN = ModelInfo("qwen3.5:4b", family="qwen35", size_on_disk=3_400_000_000, context_length=262_144)
OWN = ModelInfo("own", family="llama", size_on_disk=5_000_000_000, cache=CacheShape(131_072), context_length=4_096)
CLOUD = ModelInfo("kimi-k2:1t-cloud", forwarded_to="ollama.com")
LAPTOP = Computer(32 * GIB, 24 * GIB)
CARD = GraphicsCard(CardKind.NVIDIA, "card", 8 * GIB, 8 * GIB, 256e9)
QWEN_HERE, OWN_HERE, OWN_NEAR = ModelChoice("here", QWEN.name), ModelChoice("here", "own"), ModelChoice("near", "own")


@pytest.fixture
def models(offer):
    return offer([HERE, NEAR, FILES], lambda _: ScriptedBackend([], [QWEN, OWN, CLOUD]))


@pytest.fixture
def make(work, models, qtbot):
    def make(computer=LAPTOP, found=None):
        advice = ModelAdvice(services_of(work, models), lambda: computer, lambda: found or load_catalogue())
        with qtbot.waitSignal(advice.changed):
            advice.look()
        return advice

    return make


def measure(models, qtbot, choice, speed):
    with qtbot.waitSignal(models.measurements.changed):
        models.measurements.tell(choice, Measured(written_per_second=speed))


def judged(advice, choice):
    found = advice.judgement_of(choice)
    assert found is not None
    return found


def test_names_of_the_same_weights_have_one_speed(offer, qtbot):
    listed = [replace(OWN, name=name, weights=weights) for name, weights in (("a", "1"), ("b", "1"), ("c", "2"))]
    models = offer([HERE, NEAR], lambda _: ScriptedBackend([], listed))
    for name, speed in (("a", 30.0), ("b", 90.0), ("a", 92.0), ("c", 7.0)):
        measure(models, qtbot, ModelChoice("here", name), speed)
    speeds = [models.measures_of(ModelChoice("here", name)).written_per_second for name in "abc"]
    assert speeds == [90, 90, 7]
    assert models.measures_of(ModelChoice("near", "a")).written_per_second is None  # another computer


def test_a_model_here_is_judged_by_the_catalogue_or_its_own_shape(make):
    advice = make()
    row, found = advice.row_of(QWEN_HERE), judged(advice, QWEN_HERE)
    assert row is not None
    assert (found.verdict, found.window) == (ModelVerdict.RUNS_WELL, 8_192)
    assert found.thinking_seconds is not None
    assert found == advice.judgement_of_row(row)
    chinese = advice.judgement_of_row(row, "zh_CN")
    assert chinese.page_seconds is not None
    assert found.page_seconds is not None
    assert chinese.page_seconds * 650 == pytest.approx(found.page_seconds * 450)
    own = judged(advice, OWN_HERE)
    need = 5_000_000_000 + 4_096 * 131_072 + 430_000_000
    assert (own.verdict, own.window, own.need) == (ModelVerdict.SLOW, 4_096, need)
    assert len(advice.proposals("en")) == 3
    assert advice.proposals("zh_CN")[0].row.name == "qwen3.5:2b"


def test_a_model_on_another_computer_is_not_judged_by_this_one(make, models, qtbot):
    advice = make()
    found = judged(advice, OWN_NEAR)
    assert (found.verdict, found.reason) == (ModelVerdict.UNKNOWN, Reason.COMPUTER_UNKNOWN)
    measure(models, qtbot, OWN_NEAR, 40.0)
    assert judged(advice, OWN_NEAR).verdict is ModelVerdict.RUNS_WELL
    assert advice.computer.measured_bandwidth is None
    forwarded = ModelChoice("here", CLOUD.name)
    assert advice.row_of(forwarded) is None
    assert [advice.judgement_of(each) for each in (forwarded, ModelChoice("here", "gone"))] == [None, None]


def test_what_one_model_was_measured_at_says_what_another_will_be(make, models, qtbot):
    advice = make()
    measure(models, qtbot, OWN_HERE, 12.0)
    own, other = judged(advice, OWN_HERE).speed, judged(advice, QWEN_HERE).speed
    assert own is not None
    assert other is not None
    assert (own.per_second, own.source) == (12.0, SpeedSource.MEASURED)
    assert other.source is SpeedSource.FROM_THIS_COMPUTER
    assert advice.computer.measured_bandwidth == pytest.approx(5e9 / (1 / 12 - 0.002))


def test_the_engine_makes_no_use_of_a_card(make):
    advice = make(Computer(32 * GIB, 24 * GIB, cards=(CARD,)))
    found = [judged(advice, ModelChoice(each, "own")).verdict for each in ("here", "files")]
    assert found == [ModelVerdict.RUNS_WELL, ModelVerdict.SLOW]


def test_what_cannot_be_read_or_looked_at_is_told_of_in_the_log(make, work, models, qtbot, caplog):
    make(found=FoundCatalogue(load_catalogue().catalogue, (CatalogueProblem(CatalogueFault.NEWER, "m.toml", "2"),)))
    assert "m.toml" in caplog.text

    def fail():
        raise OSError("no")

    advice = ModelAdvice(services_of(work, models), fail, load_catalogue)
    with qtbot.waitSignal(advice.changed):
        advice.look()
    assert not advice.is_known
    assert advice.proposals("en") == ()


SMALL, LARGE, MIDDLE = (ModelInfo(name, size_on_disk=n) for name, n in (("s", 98e6), ("l", 9e9), ("middle", 3e9)))
MIDDLE_HERE = ModelChoice("here", "middle")
WORDS = [TextDelta("word ")] * 200
STOP = Finished(FinishReason.STOP)


class Trial:
    """A trial of a model here, and the kinds of failures with which it ended."""

    def __init__(self, work, offer, script):
        self.backend = ScriptedBackend(script, [SMALL, LARGE, MIDDLE])
        self.models = offer([HERE, FAR], lambda _: self.backend)
        self.trial = ModelTrial(services_of(work, self.models))
        self.ended: list[str] = []
        self.trial.ended.connect(lambda choice, failure: self.ended.append(failure.kind if failure else ""))

    @property
    def speed(self):
        return self.models.measurements.measures_of(MIDDLE_HERE).written_per_second


@pytest.mark.parametrize(
    ("script", "speeds", "failure"),
    [
        ([*WORDS[:20], Measured(written_per_second=12.5), STOP], (12.5, 12.5), ""),  # the server's own word
        ([*WORDS, Hold()], (1e-9, 1e9), ""),
        ([*WORDS[:3], STOP], None, ""),  # too few to tell anything
        ([Failed(StreamBroken(reason="eof"))], None, "stream_broken"),
    ],
)
def test_a_model_is_timed(work, offer, qtbot, script, speeds, failure):
    case = Trial(work, offer, script)
    case.models.measurements.known = {MIDDLE_HERE: Measures(window=16_384)}
    assert case.trial.start_trial(MIDDLE_HERE)
    assert case.trial.running == MIDDLE_HERE
    assert not case.trial.start_trial(MIDDLE_HERE)
    qtbot.waitUntil(lambda: case.ended == [failure])
    qtbot.waitUntil(lambda: (case.speed is not None) == (speeds is not None))
    assert speeds is None or speeds[0] <= (case.speed or 0) <= speeds[1]
    assert case.trial.running is None
    [request] = case.backend.requests
    assert (request.params.max_tokens, request.params.context_length) == (100, 16_384)  # as answers have


def test_a_trial_can_be_ended_and_sends_nothing_over_the_internet(work, offer, qtbot):
    case = Trial(work, offer, [Hold()])
    for elsewhere in (ModelChoice("far", "middle"), ModelChoice("here", "gone")):
        assert not case.trial.start_trial(elsewhere)
    assert case.backend.requests == []
    case.trial.start_trial(MIDDLE_HERE)
    qtbot.waitUntil(lambda: bool(case.backend.requests))
    case.trial.cancel()
    qtbot.waitUntil(lambda: case.backend.was_cancelled)
    assert (case.trial.running, case.ended) == (None, [])
