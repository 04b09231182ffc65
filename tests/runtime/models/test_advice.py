"""Verdicts on the models that there are, by place, and what answers show of this computer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from desktop.core.connection import Connection, ConnectionKind, Secrets
from desktop.core.events import Measured
from desktop.core.model import CacheShape, ModelChoice, ModelInfo
from desktop.core.models.catalogue import CatalogueFault, CatalogueProblem, FoundCatalogue
from desktop.core.models.computer import GIB, CardKind, Computer, GraphicsCard
from desktop.core.models.verdict import ModelVerdict, Reason, SpeedSource
from desktop.runtime.background import BackgroundTasks
from desktop.runtime.models.advice import ModelAdvice
from desktop.runtime.models.directory import ModelDirectory
from desktop.store.models import load_catalogue
from tests.runtime.conftest import services_of
from tests.support.scripted_backend import ScriptedBackend
from tests.support.waiting import PATIENCE

MS = int(PATIENCE * 1000)
HERE = Connection(kind=ConnectionKind.OLLAMA, name="Ollama", address="http://127.0.0.1:11434", id="here")
OFFICE = Connection(kind=ConnectionKind.OLLAMA, name="Office", address="http://192.168.1.7:11434", id="office")
ENGINE = Connection(kind=ConnectionKind.BUILT_IN, name="Engine", address="", id="engine")
QWEN = ModelInfo("qwen3.5:4b", family="qwen35", size_on_disk=3_400_000_000, context_length=262_144)
OWN = ModelInfo("own", family="llama", size_on_disk=5_000_000_000, cache=CacheShape(131_072), context_length=4_096)
CLOUD = ModelInfo("kimi-k2:1t-cloud", forwarded_to="ollama.com")
LAPTOP = Computer(32 * GIB, 24 * GIB)
CARD = GraphicsCard(CardKind.NVIDIA, "card", 8 * GIB, 8 * GIB, 256e9)

Make = Callable[..., ModelAdvice]


@pytest.fixture
def models(work: BackgroundTasks, qtbot: QtBot) -> ModelDirectory:
    def backend(connection: Connection, key: str) -> ScriptedBackend:
        return ScriptedBackend([], [QWEN, OWN, CLOUD])

    models = ModelDirectory(work, backend, lambda each: Secrets())
    models.set_connections([HERE, OFFICE, ENGINE])
    qtbot.waitUntil(lambda: not models.is_loading, timeout=MS)
    return models


@pytest.fixture
def make(work: BackgroundTasks, models: ModelDirectory, qtbot: QtBot) -> Make:
    def make(computer: Computer = LAPTOP, found: FoundCatalogue | None = None) -> ModelAdvice:
        advice = ModelAdvice(services_of(work, models), lambda: computer, lambda: found or load_catalogue())
        with qtbot.waitSignal(advice.changed, timeout=MS):
            advice.look()
        return advice

    return make


def measure(models: ModelDirectory, qtbot: QtBot, choice: ModelChoice, speed: float) -> None:
    with qtbot.waitSignal(models.measurements.changed, timeout=MS):
        models.measurements.tell(choice, Measured(written_per_second=speed))


def test_names_of_the_same_weights_have_one_speed(work: BackgroundTasks, qtbot: QtBot) -> None:
    listed = [replace(OWN, name=name, weights=weights) for name, weights in (("a", "1"), ("b", "1"), ("c", "2"))]
    models = ModelDirectory(work, lambda connection, key: ScriptedBackend([], listed), lambda each: Secrets())
    models.set_connections([HERE, OFFICE])
    qtbot.waitUntil(lambda: not models.is_loading, timeout=MS)
    for name, speed in (("a", 30.0), ("b", 90.0), ("a", 92.0), ("c", 7.0)):
        measure(models, qtbot, ModelChoice("here", name), speed)
    speeds = [models.measures_of(ModelChoice("here", name)).written_per_second for name in "abc"]
    assert speeds == [90, 90, 7]
    assert models.measures_of(ModelChoice(OFFICE.id, "a")).written_per_second is None  # another computer


def test_before_it_has_looked_nothing_is_known(work: BackgroundTasks, models: ModelDirectory) -> None:
    advice = ModelAdvice(services_of(work, models), lambda: LAPTOP, load_catalogue)
    judged = advice.judgement_of(ModelChoice("here", "own"))
    assert judged is not None
    assert judged.verdict is ModelVerdict.UNKNOWN
    assert advice.proposals("en") == ()
    assert advice.catalogue.rows == ()


def test_a_model_here_is_judged_with_what_the_catalogue_knows_of_it(make: Make) -> None:
    advice = make()
    row = advice.row_of(ModelChoice("here", "qwen3.5:4b"))
    assert row is not None
    judged = advice.judgement_of(ModelChoice("here", "qwen3.5:4b"))
    assert judged is not None
    assert (judged.verdict, judged.window) == (ModelVerdict.RUNS_WELL, 8_192)
    assert judged.thinking_seconds is not None
    assert judged == advice.judgement_of_row(row)
    chinese = advice.judgement_of_row(row, "zh_CN")
    assert chinese.page_seconds is not None
    assert judged.page_seconds is not None
    assert chinese.page_seconds * 650 == pytest.approx(judged.page_seconds * 450)


def test_a_model_of_which_no_catalogue_knows_is_judged_by_its_own_shape(make: Make) -> None:
    judged = make().judgement_of(ModelChoice("here", "own"))
    assert judged is not None
    assert (judged.verdict, judged.window, judged.need) == (
        ModelVerdict.SLOW, 4_096, 5_000_000_000 + 4_096 * 131_072 + 430_000_000,
    )  # fmt: skip


def test_a_model_on_another_computer_is_not_judged_by_this_one(
    make: Make, models: ModelDirectory, qtbot: QtBot
) -> None:
    advice = make()
    choice = ModelChoice("office", "own")
    judged = advice.judgement_of(choice)
    assert judged is not None
    assert (judged.verdict, judged.reason) == (ModelVerdict.UNKNOWN, Reason.COMPUTER_UNKNOWN)
    measure(models, qtbot, choice, 40.0)
    judged = advice.judgement_of(choice)
    assert judged is not None
    assert judged.verdict is ModelVerdict.RUNS_WELL
    assert advice.computer.measured_bandwidth is None


def test_a_model_that_is_forwarded_or_gone_gets_no_verdict(make: Make) -> None:
    advice = make()
    assert advice.judgement_of(ModelChoice("here", CLOUD.name)) is None
    assert advice.row_of(ModelChoice("here", CLOUD.name)) is None
    assert advice.judgement_of(ModelChoice("here", "gone")) is None


def test_what_one_model_was_measured_at_says_what_another_will_be(
    make: Make, models: ModelDirectory, qtbot: QtBot
) -> None:
    advice = make()
    measure(models, qtbot, ModelChoice("here", "own"), 12.0)
    own = advice.judgement_of(ModelChoice("here", "own"))
    assert own is not None
    assert own.speed is not None
    assert (own.speed.per_second, own.speed.source) == (12.0, SpeedSource.MEASURED)
    other = advice.judgement_of(ModelChoice("here", "qwen3.5:4b"))
    assert other is not None
    assert other.speed is not None
    assert other.speed.source is SpeedSource.FROM_THIS_COMPUTER
    assert advice.computer.measured_bandwidth == pytest.approx(5e9 / (1 / 12 - 0.002))


def test_the_engine_makes_no_use_of_a_card(make: Make) -> None:
    advice = make(Computer(32 * GIB, 24 * GIB, cards=(CARD,)))
    with_card, without = (advice.judgement_of(ModelChoice(each, "own")) for each in ("here", "engine"))
    assert with_card is not None
    assert without is not None
    assert (with_card.verdict, without.verdict) == (ModelVerdict.RUNS_WELL, ModelVerdict.SLOW)


def test_three_are_proposed(make: Make) -> None:
    advice = make()
    assert len(advice.proposals("en")) == 3
    assert advice.proposals("zh_CN")[0].row.name == "qwen3.5:2b"


def test_a_catalogue_that_cannot_be_read_is_told_of(make: Make, caplog: pytest.LogCaptureFixture) -> None:
    make(found=FoundCatalogue(load_catalogue().catalogue, (CatalogueProblem(CatalogueFault.NEWER, "m.toml", "2"),)))
    assert "m.toml" in caplog.text


def test_a_computer_that_cannot_be_looked_at_is_unknown(
    work: BackgroundTasks, models: ModelDirectory, qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> Computer:
        raise OSError("no")

    advice = ModelAdvice(services_of(work, models), fail, load_catalogue)
    with qtbot.waitSignal(advice.changed, timeout=MS):
        advice.look()
    assert not advice.is_known
    assert advice.proposals("en") == ()
