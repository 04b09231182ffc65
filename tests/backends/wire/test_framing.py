"""Lines, events and JSON lines come out the same however the bytes are cut."""

from __future__ import annotations

import pytest

from desktop.backends.wire.framing import StreamMark, TextMender, ValueDecoder, parse_json
from desktop.core.errors import ProtocolError

DONE, ALIVE = StreamMark.DONE, StreamMark.ALIVE


def values_in(content, size=None):
    """The values of a body that comes in pieces of a size; of what is no JSON, its words."""
    decoder, found = ValueDecoder(), []
    size = size or max(1, len(content))
    for start in range(0, len(content), size):
        found += decoder.feed(content[start : start + size])
    found += decoder.close()
    return [each.detail if isinstance(each, ProtocolError) else each for each in found]


A, B = {"a": 1}, {"b": 2}
CASES = {
    "plain": (b'data: {"a":1}\n\ndata: {"b":2}\n\n', [A, B]),
    "crlf": (b'data: {"a":1}\r\n\r\ndata: {"b":2}\r\n\r\n', [A, B]),
    "bom": (b'\xef\xbb\xbfdata: {"a":1}\n\n', [A]),
    "several data lines": (b'data: {"a":\ndata: 1}\n\n', [A]),
    "an error by its name": (b"event: error\ndata: no\n\ndata: no\n\n", [{"error": "no"}]),
    "an error in JSON": (b'event: error\ndata: {"a":1}\n\n', [A]),
    "id and retry": (b'id: 1\nretry: 5\ndata: {"a":1}\n\nid: 2\n\n', [A]),
    "comment": (b': keep-alive\n\ndata: {"a":1}\n\n', [ALIVE, A]),
    "comment inside an event": (b'data: {"a":\n: x\ndata: 1}\n\n', [ALIVE, A]),
    "no blank line at the end": (b'data: {"a":1}\n\ndata: {"b":2}\n', [A, B]),
    "no line break at the end": (b'data: {"a":1}\n\ndata: {"b":2}', [A, B]),
    "the mark at the end": (b'data: {"a":1}\n\ndata: [DONE]\n\n', [A, DONE]),
    "old error field": (b'error: {"code":500}\n\n', [{"code": 500}]),
    "bare JSON in a stream": (b'data: {"a":1}\n{"error":"x"}\n', [A, {"error": "x"}]),
    "separators of Unicode": ('data: {"a":"b\u2028c\u2029d\u0085e"}\n\n'.encode(), [{"a": "b\u2028c\u2029d\u0085e"}]),
    "broken UTF-8": (b'data: {"a":"\xff\xfeb"}\n\n', [{"a": "\ufffd\ufffdb"}]),
    "many bytes": ('data: {"a":"汉字 🙂"}\n\n'.encode(), [{"a": "汉字 🙂"}]),
    "data that is no JSON": (b'data: ping\n\ndata: 7\n\ndata:\n\ndata: {"a":1}\n\n', [7, A]),
    "broken JSON": (b'data: {"a":1}\n\ndata: {"b\n\n', [A, '{"b']),
    "unknown field": (b"hello\nfoo: bar\n\n", []),
    "empty": (b"", []),
    "lines": (b'\xef\xbb\xbf{"a":1}\r\n\r\n\n{"b":2}', [A, B]),
    "a broken line": (b'{"a":1}\n{"b', [A, '{"b']),
    "one value": (b'\n {"a":1}', [A, DONE]),
    "one value on several lines": (b'{\n  "a":\n\n  1\n}\n', [A, DONE]),
    "one value that is broken": (b'{\n  "a":', ['{\n"a":', DONE]),
    "a list": (b'[{"a":1}]', [[A], DONE]),
    "words": (b'"no such model"', [{"error": "no such model"}, DONE]),
    "a page": (b"<html>\n{}\n</html>", []),
}


@pytest.mark.parametrize("case", CASES)
def test_values_come_out_the_same_however_the_bytes_are_cut(case):
    content, expected = CASES[case]
    for size in (None, 1, 2, 3, 7):
        assert values_in(content, size) == expected, size


@pytest.mark.parametrize("piece", [b"xxxxxxxxxx", b"data: xxxxxxxxxx\n", b"<xxxxxxxxxxxxx>\n"])
def test_what_never_ends_is_refused(piece):
    decoder = ValueDecoder(limit=100)
    with pytest.raises(ProtocolError, match="more than 100 bytes"):
        decoder.feed(piece * 11)


def test_a_long_line_in_small_pieces_costs_linear_time():
    decoder = ValueDecoder()
    decoder.feed(b'data: {"a":"')
    for _ in range(50_000):
        decoder.feed(b"0123456789")
    assert len(decoder.feed(b'"}\n\n')[0]["a"]) == 500_000


@pytest.mark.parametrize("text", ["[" * 100_000, "{", "", "nope", "1" * 10_000])
def test_json_that_is_none_gives_one_kind_of_error(text):
    with pytest.raises(ValueError, match=r"."):
        parse_json(text)


def test_numbers_that_are_none_are_accepted():
    assert parse_json('{"a": NaN}').keys() == {"a"}


def test_pairs_that_were_cut_are_joined():
    mender = TextMender()
    assert mender.feed("a\ud83d") == "a"
    assert mender.feed("\ude42b") == "🙂b"
    assert mender.feed("\udc00\0") == "\ufffd\ufffd"
    assert mender.feed("\ud83d") == ""
    assert mender.close() == "\ufffd"
    assert mender.close() == ""
