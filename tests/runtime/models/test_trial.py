"""The trial of a model's speed: what is sent, what is noted, and where it is not done."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from desktop.core.connection import Connection, ConnectionKind, Secrets
from desktop.core.errors import StreamBroken
from desktop.core.events import Failed, Finished, FinishReason, Measured, TextDelta
from desktop.core.model import Measures, ModelChoice, ModelInfo
from desktop.runtime.background import BackgroundTasks
from desktop.runtime.models.advice import ModelTrial
from desktop.runtime.models.directory import ModelDirectory
from tests.runtime.conftest import services_of
from tests.support.scripted_backend import Hold, ScriptedBackend
from tests.support.waiting import PATIENCE

MS = int(PATIENCE * 1000)
HERE = Connection(kind=ConnectionKind.OLLAMA, name="here", address="http://127.0.0.1:1", id="here")
FAR = Connection(kind=ConnectionKind.OPENAI_COMPAT, name="far", address="https://models.example.com", id="far")
SMALL = ModelInfo("small", size_on_disk=98_000_000)
LARGE = ModelInfo("large", size_on_disk=9_000_000_000)
MIDDLE = ModelInfo("middle", size_on_disk=3_000_000_000)
CHOICE = ModelChoice("here", "middle")
WORDS = [TextDelta("word ")] * 200
STOP = Finished(FinishReason.STOP)


class Case:
    def __init__(self, work: BackgroundTasks, script: Sequence[Any], qtbot: QtBot) -> None:
        self.backend = ScriptedBackend(script, [SMALL, LARGE, MIDDLE])
        self.models = ModelDirectory(work, lambda connection, key: self.backend, lambda each: Secrets())
        self.models.set_connections([HERE, FAR])
        qtbot.waitUntil(lambda: not self.models.is_loading, timeout=MS)
        self.trial = ModelTrial(services_of(work, self.models))
        self.ended: list[Any] = []
        self.trial.ended.connect(lambda choice, failure: self.ended.append(failure))

    @property
    def speed(self) -> float | None:
        return self.models.measurements.measures_of(CHOICE).written_per_second


@pytest.fixture
def make(work: BackgroundTasks, qtbot: QtBot) -> Callable[..., Case]:
    return lambda *script: Case(work, script, qtbot)


def test_what_the_server_tells_is_noted(make: Callable[..., Case], qtbot: QtBot) -> None:
    case = make(*WORDS[:20], Measured(written_per_second=12.5), STOP)
    assert case.trial.start_trial(CHOICE)
    assert case.trial.running == CHOICE
    assert not case.trial.start_trial(CHOICE)
    qtbot.waitUntil(lambda: case.speed == 12.5, timeout=MS)
    qtbot.waitUntil(lambda: case.ended == [None], timeout=MS)
    (request,) = case.backend.requests
    assert request.params.max_tokens == 100
    assert request.params.context_length is None
    assert case.trial.running is None


def test_a_model_is_timed_with_the_window_that_answers_have(make: Callable[..., Case], qtbot: QtBot) -> None:
    case = make(*WORDS, STOP)
    case.models.measurements.known = {CHOICE: Measures(window=16_384)}
    case.trial.start_trial(CHOICE)
    qtbot.waitUntil(lambda: case.ended == [None], timeout=MS)
    assert case.backend.requests[0].params.context_length == 16_384


def test_words_are_timed_where_the_server_tells_nothing(make: Callable[..., Case], qtbot: QtBot) -> None:
    case = make(*WORDS, Hold())
    case.trial.start_trial(CHOICE)
    qtbot.waitUntil(lambda: case.speed is not None, timeout=MS)
    assert case.speed is not None
    assert case.speed > 0
    assert case.backend.was_cancelled


def test_too_few_words_tell_nothing(make: Callable[..., Case], qtbot: QtBot) -> None:
    case = make(*WORDS[:3], STOP)
    case.trial.start_trial(CHOICE)
    qtbot.waitUntil(lambda: case.ended == [None], timeout=MS)
    assert case.speed is None


def test_a_failure_is_told(make: Callable[..., Case], qtbot: QtBot) -> None:
    case = make(Failed(StreamBroken(reason="eof")))
    case.trial.start_trial(CHOICE)
    qtbot.waitUntil(lambda: bool(case.ended), timeout=MS)
    assert case.ended[0].kind == "stream_broken"


def test_it_can_be_ended(make: Callable[..., Case], qtbot: QtBot) -> None:
    case = make(Hold())
    case.trial.start_trial(CHOICE)
    qtbot.waitUntil(lambda: bool(case.backend.requests), timeout=MS)
    case.trial.cancel()
    qtbot.waitUntil(lambda: case.backend.was_cancelled, timeout=MS)
    assert case.trial.running is None
    assert case.ended == []


def test_nothing_is_sent_over_the_internet_for_it(make: Callable[..., Case]) -> None:
    case = make(STOP)
    assert not case.trial.start_trial(ModelChoice("far", "middle"))
    assert not case.trial.start_trial(ModelChoice("here", "gone"))
    assert case.backend.requests == []


def test_the_model_that_is_best_timed_is_small_and_not_too_small(make: Callable[..., Case]) -> None:
    case = make(STOP)
    assert case.trial.candidate == CHOICE
