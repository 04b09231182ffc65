"""Lines, events and JSON lines come out the same however the bytes are cut."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.backends.wire.framing import (
    Comment,
    LineSplitter,
    NdjsonDecoder,
    ServerEvent,
    SseDecoder,
    TextMender,
    parse_json,
)
from desktop.core.errors import ProtocolError
from desktop.core.text.clean_text import encodable


def sse(content: bytes, size: int | None = None) -> list[ServerEvent | Comment]:
    decoder = SseDecoder()
    events = []
    for start in range(0, len(content), size or max(1, len(content))):
        events += decoder.feed(content[start : start + (size or len(content))])
    return events + decoder.close()


SSE_CASES = {
    "plain": (b"data: a\n\ndata: b\n\n", [ServerEvent("a"), ServerEvent("b")]),
    "without space": (b"data:a\n\n", [ServerEvent("a")]),
    "only one space is dropped": (b"data:  a\n\n", [ServerEvent(" a")]),
    "crlf": (b"data: a\r\n\r\ndata: b\r\n\r\n", [ServerEvent("a"), ServerEvent("b")]),
    "bom": (b"\xef\xbb\xbfdata: a\n\n", [ServerEvent("a")]),
    "several data lines": (b"data: a\ndata: b\n\n", [ServerEvent("a\nb")]),
    "name": (b"event: error\ndata: a\n\ndata: b\n\n", [ServerEvent("a", "error"), ServerEvent("b")]),
    "id and retry": (b"id: 1\nretry: 5\ndata: a\n\nid: 2\n\n", [ServerEvent("a")]),
    "comment": (b": keep-alive\n\ndata: a\n\n", [Comment("keep-alive"), ServerEvent("a")]),
    "comment without text": (b":\n\n", [Comment("")]),
    "comment inside an event": (b"data: a\n: x\ndata: b\n\n", [Comment("x"), ServerEvent("a\nb")]),
    "no blank line at the end": (b"data: a\n\ndata: b\n", [ServerEvent("a"), ServerEvent("b")]),
    "no line break at the end": (b"data: a\n\ndata: b", [ServerEvent("a"), ServerEvent("b")]),
    "old error field": (b'error: {"code":500}\n\n', [ServerEvent('{"code":500}')]),
    "bare JSON": (b'data: a\n{"error":"x"}\n', [ServerEvent("a"), ServerEvent('{"error":"x"}')]),
    "separators of Unicode": (
        "data: a\u2028b\u2029c\u0085d\x0be\x0cf\x1cg\n\n".encode(),
        [ServerEvent("a\u2028b\u2029c\u0085d\x0be\x0cf\x1cg")],
    ),
    "broken UTF-8": (b"data: a\xff\xfeb\n\n", [ServerEvent("a\ufffd\ufffdb")]),
    "many bytes": ("data: 汉字 🙂\n\n".encode(), [ServerEvent("汉字 🙂")]),
    "unknown field": (b"hello\nfoo: bar\n\n", []),
    "empty": (b"", []),
}


@pytest.mark.parametrize("case", SSE_CASES)
@pytest.mark.parametrize("size", [None, 1, 2, 3, 7])
def test_events(case: str, size: int | None) -> None:
    content, expected = SSE_CASES[case]
    assert sse(content, size) == expected


@given(st.lists(st.text(alphabet=st.characters(exclude_characters="\r\n")), max_size=8), st.integers(1, 9))
def test_lines_of_any_text_survive_any_cut(lines: list[str], size: int) -> None:
    lines = [line.encode("utf-8", "replace").decode().lstrip("\ufeff") for line in lines]
    content = "".join(line + "\n" for line in lines).encode()
    splitter = LineSplitter()
    found = [line for at in range(0, len(content), size) for line in splitter.feed(content[at : at + size])]
    assert found + splitter.close() == lines


def test_json_lines_skip_blank_ones_and_keep_the_last() -> None:
    decoder = NdjsonDecoder()
    assert decoder.feed(b'\xef\xbb\xbf{"a":1}\r\n\r\n\n{"b"') == ['{"a":1}']
    assert decoder.feed(b":2}") == []
    assert decoder.close() == ['{"b":2}']


def test_a_line_without_end_is_refused() -> None:
    splitter = LineSplitter(limit=100)
    for _ in range(10):
        splitter.feed(b"x" * 10)
    with pytest.raises(ProtocolError) as caught:
        splitter.feed(b"x")
    assert caught.value.reason == "garbled"


def test_an_event_without_end_is_refused() -> None:
    decoder = SseDecoder(limit=100)
    for _ in range(10):
        decoder.feed(b"data: xxxxxxxxxx\n")
    with pytest.raises(ProtocolError):
        decoder.feed(b"data: x\n")


def test_a_long_line_in_small_pieces_costs_linear_time() -> None:
    splitter = LineSplitter()
    for _ in range(200_000):
        splitter.feed(b"0123456789")
    assert len(splitter.close()[0]) == 2_000_000


@pytest.mark.parametrize("text", ["[" * 100_000, "{", "", "nope", "1" * 10_000])
def test_json_that_is_none_gives_one_kind_of_error(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_json(text)


def test_numbers_that_are_none_are_accepted() -> None:
    assert parse_json('{"a": NaN}').keys() == {"a"}


@pytest.mark.parametrize(
    ("text", "sent"),
    [("plain", "plain"), ("a\0b", "a\ufffdb"), ("a\ud83db", "a\ufffdb"), ("\ud83d\ude42", "🙂"), ("汉", "汉")],
)
def test_what_is_sent_has_a_form_in_utf8(text: str, sent: str) -> None:
    assert encodable(text) == sent
    assert encodable(text).encode()


def test_pairs_that_were_cut_are_joined() -> None:
    mender = TextMender()
    assert mender.feed("a\ud83d") == "a"
    assert mender.feed("\ude42b") == "🙂b"
    assert mender.feed("\udc00\0") == "\ufffd\ufffd"
    assert mender.feed("\ud83d") == ""
    assert mender.close() == "\ufffd"
    assert mender.close() == ""
