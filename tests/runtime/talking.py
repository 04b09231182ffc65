"""Long conversations that are opened, as the tests of paths and versions need them."""

from __future__ import annotations

from desktop.core.model import ModelChoice
from tests.runtime.conftest import answer
from tests.support.long_conversation import put_long_conversation


def long_bench(make_bench, count):
    """A chat over a stored conversation of `count` messages, which is not open yet."""
    bench = make_bench(answer("It is\nfour."))
    put_long_conversation(bench.database, count)
    with bench.signal(bench.chat.conversations_changed):
        bench.chat.load()
    return bench


def open_first(bench):
    """Open the oldest conversation, ready to talk; its end is there, the rest may not be."""
    bench.open(bench.chat.conversations[-1].id)
    bench.chat.choose_model(ModelChoice("here", "scripted"))
    return bench.chat.path


def open_whole(bench):
    """The same, and wait for the rest."""
    path = open_first(bench)
    bench.wait(lambda: path.is_whole)
    return path
