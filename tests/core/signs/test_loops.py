"""Loops in growing texts are noticed, and nothing else is."""

from __future__ import annotations

import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core.signs.loops import Loop, LoopDetector
from tests.core.tables import table, whole

FOUND = table("signs/looping_texts.toml")
LOOPS, GOOD = ({name: whole(text, FOUND["texts"]) for name, text in FOUND[each].items()} for each in ("loops", "good"))


def noticed(text, size=7):
    """What is told of a text that arrives in pieces, with the character after which it was told left out."""
    detector = LoopDetector()
    told = [detector.feed(text[at : at + size]) for at in range(0, len(text), size)]
    return [loop for loop in told if loop is not None]


@pytest.mark.parametrize("name", LOOPS)
def test_a_loop_is_told_once(name):
    text = LOOPS[name]
    (loop,) = noticed(text)
    assert 0 <= loop.start < loop.start + loop.length < len(text)
    once = text[loop.start : loop.start + loop.length]
    if "counted" not in name:
        assert text[loop.start :].startswith(once * 2)


@pytest.mark.parametrize("name", GOOD)
def test_no_false_alarm(name):
    assert noticed(GOOD[name]) == []


@pytest.mark.parametrize("name", LOOPS)
def test_pieces_make_no_difference(name):
    text = LOOPS[name]
    assert noticed(text, 1) == noticed(text, 7) == noticed(text, len(text))


RUNAWAY = ["_37", "the ", "ok", "哈", "a1b2-"]
FOUR_TIMES = ["The price of the goods is fixed for a year. ", "我们会尽快为您处理这个问题。", "[Your Company Name] "]


@pytest.mark.parametrize("letters", RUNAWAY)
def test_letters_without_an_end_are_noticed_within_300_characters(letters):
    good = "The answer to your question is: "
    endless = letters * 300
    assert noticed((good + endless)[: len(good) + 300], 1)


@pytest.mark.parametrize("words", FOUR_TIMES)
def test_pieces_are_noticed_from_the_fourth_round_on(words):
    assert noticed("Good. " + words * 4 + "\n", 1)
    assert not noticed("Good. " + words * 3 + "\n", 1)


def test_where_it_began():
    good, sentence = "A good thought, and an end. ", "Let me check the second clause again. "
    assert noticed(good + sentence * 14) == [Loop(len(good), len(sentence))]
    assert LoopDetector(start=1000).feed(sentence * 14) == Loop(1000, 38)
    assert len(noticed("It is 4 now, so let me know if you need anything else from me. " * 60)) == 1


def test_another_loop_is_told_again():
    first, second = "Let me check the second clause again. " * 14, "And now the third one, which is longer. " * 14
    assert len(noticed(first + "Well. " + second)) == 2


WORDS = ["the", "a", "contract", "price", "of", "and", "that", "is", "not", "for", "day", "invoice", "if", "then", "we"]
WORDS += ["must", "be", "paid", "late", "sum", "first", "clause", "check", "wait", "so", "but", "let", "me", "think"]


KINDS = ("{words}. ", "- {words}\n", "| {n} | {a} | {b} {n} |\n", "Wait, {words}. ", "Step {n}: {a} + {n} = {b}\n")


@st.composite
def good_texts(draw):
    """Prose, lists and tables at random: words come back all the time, whole rounds do not."""
    generator = random.Random(draw(st.integers(0, 2**32)))
    pieces = []
    for kind in draw(st.lists(st.sampled_from(KINDS), min_size=1, max_size=60)):
        words = generator.choices(WORDS, k=generator.randint(3, 20))
        number = generator.randint(0, 999)
        pieces.append(kind.format(words=" ".join(words).capitalize(), n=number, a=words[0], b=words[1]))
    return "".join(pieces)


@given(good_texts())
def test_random_good_text_never_alarms(text):
    assert noticed(text, 50) == []


@given(good_texts(), st.lists(st.sampled_from(WORDS), min_size=3, max_size=80), st.integers(1, 30))
def test_the_same_sentence_again_and_again_always_does(before, words, size):
    sentence = f"{' '.join(words)}. "
    times = max(5, 3 + 500 // len(sentence))
    loops = noticed(f"{before}\n{sentence * times}", size)
    assert loops
    assert loops[0].length <= len(sentence) + 1  # a line break may stand for a space


def test_each_character_costs_the_same():
    generator = random.Random(1)
    detector = LoopDetector()
    spent = []
    for _ in range(4):
        text = " ".join(f"{word}{generator.randint(0, 10**6)}" for word in generator.choices(WORDS, k=4_000))
        began = time.thread_time()
        assert detector.feed(text) is None
        spent.append(time.thread_time() - began)
    assert spent[-1] < 2 * spent[0]
