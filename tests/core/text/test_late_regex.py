"""Tests for regular expressions that are compiled when they are first used."""

from __future__ import annotations

import copy
import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from desktop.core.text.late_regex import late_regex


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The patterns that were compiled until now."""
    seen: list[str] = []
    real = re.compile
    monkeypatch.setattr(re, "compile", lambda pattern, flags=0: seen.append(pattern) or real(pattern, flags))
    return seen


def test_nothing_is_compiled_before_the_first_use(compiled: list[str]) -> None:
    word = late_regex("[a-z]+")
    assert (word.pattern, compiled) == ("[a-z]+", [])
    assert word.findall("a bc") == ["a", "bc"]
    assert word.findall("d") == ["d"]
    assert compiled == ["[a-z]+"]


def test_all_that_a_compiled_one_can_do() -> None:
    late, real = late_regex(r"(?P<a>a)(b)?", re.IGNORECASE), re.compile(r"(?P<a>a)(b)?", re.IGNORECASE)
    text = "xAB a"
    assert late.search(text, 1).span() == real.search(text, 1).span()
    assert late.match(text) is None
    assert late.fullmatch("AB")["a"] == "A"
    assert [each.span() for each in late.finditer(text)] == [each.span() for each in real.finditer(text)]
    assert late.findall(text) == real.findall(text)
    assert late.sub("-", text) == real.sub("-", text)
    assert late.subn("-", text) == real.subn("-", text)
    assert late.split(text) == real.split(text)
    assert (late.flags, late.groups, late.groupindex) == (real.flags, real.groups, real.groupindex)


def test_bytes_are_searched_as_well() -> None:
    assert late_regex(rb"\d+").findall(b"a1 22") == [b"1", b"22"]


def test_what_is_mistaken_or_missing_is_said_at_the_use() -> None:
    wrong = late_regex("(")
    with pytest.raises(re.error):
        wrong.search("")
    with pytest.raises(AttributeError):
        _ = late_regex("a").searches  # type: ignore[attr-defined]


def test_a_copy_works_before_and_after_the_first_use() -> None:
    for used in (False, True):
        late = late_regex("a", re.IGNORECASE)
        if used:
            late.search("a")
        assert copy.deepcopy(late).search("A")
        assert not used or "late_regex('a'" in repr(late)


def test_threads_may_come_first_together() -> None:
    late, together = late_regex("[a-z]+"), Barrier(8)

    def find(_: int) -> list[str]:
        together.wait(60)
        return late.findall("a b")

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(find, range(8))) == [["a", "b"]] * 8
