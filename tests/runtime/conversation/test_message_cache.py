"""No more words are in memory than the limit, but always those that are wanted."""

from __future__ import annotations

from desktop.core.message import Message, ReasoningPart, Role, TextPart
from desktop.runtime.conversation.path import MessageCache


def _message(name: str, length: int) -> Message:
    return Message(role=Role.ASSISTANT, id=name, parts=(ReasoningPart("t" * 5), TextPart("x" * (length - 5))))


def _held(messages: MessageCache, names: str) -> str:
    return "".join(name for name in names if messages.get(name) is not None)


def test_what_was_used_longest_ago_goes_first() -> None:
    messages = MessageCache(limit=30)
    for name in "abc":
        messages.insert_message(_message(name, 10))
    assert messages.use("ax") == ["x"]
    messages.insert_message(_message("d", 10))
    messages.shrink(())
    assert _held(messages, "abcd") == "acd"


def test_what_is_wanted_stays_however_long_it_is() -> None:
    messages = MessageCache(limit=30)
    for name, length in (("a", 10), ("b", 100), ("c", 10)):
        messages.insert_message(_message(name, length))
    messages.shrink({"b"})
    assert _held(messages, "abc") == "b"
    messages.shrink(())
    assert _held(messages, "abc") == ""


def test_a_message_that_grows_counts_once() -> None:
    messages = MessageCache(limit=30)
    messages.insert_message(_message("a", 10))
    for length in (10, 15, 20):
        messages.insert_message(_message("b", length))
    messages.shrink(())
    assert _held(messages, "ab") == "ab"
