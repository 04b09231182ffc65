"""A model that does not reason is asked to think first: the real engine with the starter model."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from desktop.backends.built_in import BuiltInBackend
from desktop.backends.openai_compat import OpenAICompatBackend
from desktop.backends.presets import load_presets
from desktop.core.backend import Backend
from desktop.core.engine import EngineAddress
from desktop.core.message import MessageStatus
from desktop.core.outgoing.think_first import asking_to_think_first, cannot_reason
from desktop.core.request import ChatRequest
from desktop.engine.model_file import describe_model_file
from tests.backends.test_built_in import Bench, asked, whole

# The model is small, so that it has to be made to comply: it writes what it likes, in this form.
COMPLIANT = r'root ::= "<think>\n" [a-zA-Z ]{20,40} "\n</think>\n\n" [a-zA-Z ]{5,20}'


def compliant_client(address: EngineAddress) -> Backend:
    preset = load_presets()["llama-server"]
    preset = replace(preset, extra_body={**preset.extra_body, "grammar": COMPLIANT})
    return OpenAICompatBackend(address.base_url, address.key, preset)


def thinking_first(model: Path, text: str, max_tokens: int) -> ChatRequest:
    return asking_to_think_first(replace(asked(model, text, max_tokens=max_tokens), thinks_first=True))


@pytest.mark.engine
def test_the_starter_model_is_one_that_can_be_asked(starter_model: Path) -> None:
    assert cannot_reason(describe_model_file(starter_model))


@pytest.mark.engine
def test_what_it_thinks_comes_apart_from_what_it_answers(starter_model: Path) -> None:
    bench = Bench(starter_model)
    bench.backend = BuiltInBackend(bench.engine, lambda: (starter_model,), describe_model_file, compliant_client)

    async def work() -> None:
        _, message = await whole(bench.backend.stream(thinking_first(starter_model, "What is 2 + 2?", 60)))
        assert message.failure is None
        assert len(message.reasoning.strip()) >= 5
        assert message.text.strip()
        assert "think>" not in message.text + message.reasoning

    bench.run(work)


@pytest.mark.engine
@pytest.mark.parametrize("question", ["What is 2 + 2?", "二加二是多少？"])
def test_where_it_does_not_comply_it_has_just_answered(starter_model: Path, question: str) -> None:
    bench = Bench(starter_model)

    async def work() -> None:
        _, message = await whole(bench.backend.stream(thinking_first(starter_model, question, 12)))
        assert message.status in (MessageStatus.COMPLETE, MessageStatus.CUT_OFF)
        assert message.text.strip()
        assert not message.reasoning

    bench.run(work)
