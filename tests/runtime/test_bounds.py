"""A reply without end: it is ended at the bound, kept, and said; the connection is closed."""

from __future__ import annotations

import pytest

from desktop.core.bounds import REPLY_LETTERS
from desktop.core.events import ReasoningDelta, TextDelta
from desktop.core.message import MessageStatus
from tests.support.scripted_backend import Hold, ScriptedBackend

MILLION = 1 << 20
WITHOUT_END = {
    "many pieces": [*[TextDelta("word " * (MILLION // 5))] * 5, Hold()],
    "one piece": [TextDelta("a" * (REPLY_LETTERS + 1)), Hold()],
    "thinking and answer": [ReasoningDelta("a" * 3 * MILLION), TextDelta("b" * 3 * MILLION), Hold()],
}


@pytest.mark.parametrize("case", WITHOUT_END)
def test_a_reply_without_end_is_ended_and_kept(case, make_bench):
    backend = ScriptedBackend(WITHOUT_END[case])
    bench = make_bench(backend)
    reply = bench.ask("Tell me everything.")
    assert (reply.status, reply.failure and reply.failure.reason) == (MessageStatus.FAILED, "too_long")
    assert len(reply.text) + len(reply.reasoning) == REPLY_LETTERS
    assert backend.was_cancelled
    bench.drain()
    store = bench.stored()
    assert store.path(store.conversations()[0].id)[-1].text == reply.text
