"""Splitting the thinking from the answer in plain text: every form of tag, cut at every place."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.core.events import ReasoningDelta, Reclassified, TextDelta
from desktop.core.think_tags import ThinkTagSplitter
from tests.core.tables import table, whole
from tests.support.examples import examples

_WORDS: dict[str, list[str]] = table("think_dialogues.toml")
_THOUGHTS, _THOUGHTS_ZH, _ANSWERS, _ANSWERS_ZH, _CODE, _TALK, _BEHIND = _WORDS.values()


@dataclass(frozen=True)
class Dialogue:
    """A reply. `is_known`: the program has learnt, or been told, that the prompt opens the thinking."""

    family: str
    text: str
    thinking: str
    answer: str
    is_known: bool = False


def dialogue(number):
    """The reply of this number."""
    chance = random.Random(number)
    family = list(_FAMILIES)[number % len(_FAMILIES)]
    return _FAMILIES[family](chance, family)


def _thought(chance):
    chinese = chance.random() < 0.4
    said = chance.sample(_THOUGHTS_ZH if chinese else _THOUGHTS, chance.randint(1, 5))
    # As thinking begins, which it is known by where nothing else tells.
    said.sort(key=lambda each: each not in (_THOUGHTS_ZH[0], _THOUGHTS[0]))
    pieces = [said[0]]
    for each in said[1:]:
        pieces += [chance.choice(["\n", "\n\n", "" if chinese else " "]), each]
    text = "".join(pieces)
    if chance.random() < 0.3:
        text += f"\n\n{chance.choice(_CODE)}" + chance.choice(["\n", "\n\nThat works.", "\n\n这样就可以。"])
    return text


def _reply(chance):
    said = chance.sample(_ANSWERS_ZH if chance.random() < 0.4 else _ANSWERS, chance.randint(1, 3))
    if chance.random() < 0.3:
        said.append(chance.choice(_CODE))
    if chance.random() < 0.2:
        said.append(chance.choice(_TALK))
    return "\n\n".join(said)


def _pair(opening, closing, *, before="", behind=""):
    def make(chance, family):
        thinking, answer = _thought(chance), _reply(chance)
        after = chance.choice(_BEHIND)
        space = chance.choice(["\n", "", " "])
        lead = chance.choice(["", "", "\n", "\n\n"])
        text = f"{lead}{opening}{space}{thinking}{chance.choice(['', chr(10)])}{closing}{after}{before}{answer}{behind}"
        return Dialogue(family, text, thinking, answer)

    return make


def _prefilled(closing, *, before="", behind=""):
    """The opening tag is in the prompt; in half of the replies that is known."""

    def make(chance, family):
        thinking, answer = _thought(chance), _reply(chance)
        is_known = chance.random() < 0.5
        # Behind a sentence that was not finished, only a line break says that the tag is not mentioned.
        is_finished = thinking[-1] in ".!?。！？`~"
        end = chance.choice(["\n", "\n\n", "\n  ", *([""] if is_finished else [])])
        if not is_known and chance.random() < 0.1:
            thinking, end = _open_code(chance, thinking)
        after = chance.choice(_BEHIND)
        if end.startswith("\n") and "```" in thinking and thinking.count("```") % 2:
            after = "\n\n"  # of a block that was left open, only a new paragraph tells
            answer = chance.choice([*_ANSWERS_ZH, *_ANSWERS])
        return Dialogue(family, f"{thinking}{end}{closing}{after}{before}{answer}{behind}", thinking, answer, is_known)

    return make


def _open_code(chance, thinking):
    """Thinking that ends with its code: closed right before the tag, or never."""
    opening = _THOUGHTS_ZH[0] if chance.random() < 0.4 else _THOUGHTS[0]
    if chance.random() < 0.5:
        return f"{opening}\n```python\nx = 1\n```", ""
    return f"{opening}\n```python\nx = 1", "\n"


def _glimmer(chance, family):
    thoughts = [_thought(chance) for _ in range(chance.randint(1, 2))]
    answer = _reply(chance)
    start = "<|start|>assistant"
    between = f"<|eom|>{start} to=self<|message|>"
    text = f" to=self<|message|>{between.join(thoughts)}<|eom|>{start} to=user<|message|>{answer}<|eot|>"
    return Dialogue(family, text, "".join(thoughts), answer)


def _harmony(chance, family):
    thinking, answer = _thought(chance), _reply(chance)
    text = f"<|channel|>analysis<|message|>{thinking}<|end|><|start|>assistant<|channel|>final<|message|>{answer}"
    return Dialogue(family, text + chance.choice(["", "<|return|>", "<|end|>"]), thinking, answer)


def _gemma(chance, family):
    """One block, or two with a part of the answer between them."""
    thinking, answer = _thought(chance), _reply(chance)
    text = f"<|channel>thought\n{thinking}\n<channel|>{answer}"
    if chance.random() < 0.3 and "```" not in answer and "~~~" not in answer:
        more, rest = _thought(chance), _reply(chance)
        return Dialogue(
            family, f"{text}\n<|channel>thought\n{more}\n<channel|>{rest}", f"{thinking}\n{more}", f"{answer}\n{rest}"
        )
    return Dialogue(family, text, thinking, answer)


_FAMILIES: dict[str, Callable[[random.Random, str], Dialogue]] = {
    "DeepSeek-R1": _prefilled("</think>"),
    "Qwen3": _pair("<think>", "</think>"),
    "gpt-oss": _harmony,
    "Magistral": _pair("[THINK]", "[/THINK]"),
    "Gemma 4": _gemma,
    "Command A": _pair(
        "<|START_THINKING|>", "<|END_THINKING|>", before="<|START_TEXT|>", behind="<|END_TEXT|><|END_OF_TURN_TOKEN|>"
    ),
    "Kimi-VL": _prefilled("◁/think▷"),
    "Seed-OSS": _pair("<seed:think>", "</seed:think>"),
    "MiniMax-M3": _prefilled("</mm:think>"),
    "Muse Glimmer": _glimmer,
}


Split = tuple[str, str]


def gather(events, before=("", "")):
    """(thinking, answer) of a list of events."""
    thinking, answer = before
    for event in events:
        match event:
            case ReasoningDelta(text):
                assert text, "an empty delta was given"
                thinking += text
            case TextDelta(text):
                assert text, "an empty delta was given"
                answer += text
            case Reclassified():
                assert thinking or answer, "nothing was there to change sides"
                thinking, answer = answer, thinking
            case _:
                raise AssertionError(event)
    return thinking, answer


def split(pieces, starts_inside=False, finish_is_stop=True):
    splitter = ThinkTagSplitter(starts_inside)
    result: Split = ("", "")
    for piece in pieces:
        result = gather(splitter.feed(piece), result)
    return gather(splitter.close(finish_is_stop), result)


def cuts(text):
    """Whole, character by character, by three, and in two at every index."""
    yield [text]
    yield list(text)
    yield [text[i : i + 3] for i in range(0, len(text), 3)]
    for index in range(1, len(text)):
        yield [text[:index], text[index:]]


CASES = table("think_tags.toml")
FORMS, PREFILLED, PLAIN, PIECES = (CASES[name] for name in ("forms", "prefilled", "plain", "pieces"))


@pytest.mark.parametrize("name", FORMS)
def test_form_is_split_however_it_is_cut(name):
    text, *sides = FORMS[name]
    for pieces in cuts(text):
        assert split(pieces) == tuple(sides), pieces


@pytest.mark.parametrize("name", PLAIN)
def test_plain_text_passes_unchanged_however_it_is_cut(name):
    text = PLAIN[name]
    for pieces in cuts(text):
        assert split(pieces) == ("", text), pieces


def test_orphan_closing_changes_sides_in_the_middle_of_the_stream_and_is_remembered():
    splitter = ThinkTagSplitter()
    assert splitter.feed("So it is 4.\n") == [TextDelta("So it is 4.\n")]
    assert not splitter.saw_orphan_close
    assert splitter.feed("</think>\n\nFour") == [Reclassified(), TextDelta("Four")]
    assert splitter.saw_orphan_close
    assert splitter.feed("\n</think>\n") == [TextDelta("\n</think>\n")]
    assert splitter.close() == []


@pytest.mark.parametrize(
    ("text", "sides"),
    [
        ("Okay, so\n```\nx\n</think>\r\n\r\nYes", ("Okay, so\n```\nx", "Yes")),
        ("Okay, so\n- ```sh\n  ls\n  ```\n</think>Yes", ("Okay, so\n- ```sh\n  ls\n  ```", "Yes")),
    ],
)
def test_a_fence_in_the_thinking_hides_no_closing_tag_however_it_is_cut(text, sides):
    for pieces in cuts(text):
        assert tuple(map(str.strip, split(pieces))) == sides


def test_text_is_given_as_soon_as_it_is_certain():
    splitter = ThinkTagSplitter()
    assert not splitter.is_reasoning
    assert splitter.feed("<think>a </") == [ReasoningDelta("a ")]
    assert splitter.is_reasoning
    assert splitter.feed("b") == [ReasoningDelta("</b")]
    assert splitter.feed("</think>") == []
    assert splitter.feed("c") == [TextDelta("c")]
    assert not splitter.is_reasoning
    assert ThinkTagSplitter(starts_inside=True).is_reasoning


@pytest.mark.parametrize("held", ["<thi", " \n", "\n<think", "Here is my", "</think>"])
def test_bypass_gives_back_what_was_held_and_passes_all_that_follows(held):
    splitter = ThinkTagSplitter()
    assert splitter.feed(held) == []
    assert splitter.bypass() == [TextDelta(held)]
    rest = "nk>a</think>\n</think>\nb"
    assert splitter.feed(rest) == [TextDelta(rest)]
    assert splitter.close() == []


def test_made_replies_leak_no_thinking_and_lose_no_answer():
    """Some hundred; `CANDOR_DIALOGUES=30000` makes more of them."""
    for number in range(int(os.environ.get("CANDOR_DIALOGUES", "400"))):
        made = dialogue(number)
        thinking, answer = split([made.text], made.is_known)
        assert squeezed(answer) == squeezed(made.answer), (number, made)
        assert squeezed(thinking) == squeezed(made.thinking), (number, made)
        splitter = ThinkTagSplitter(made.is_known)
        splitter.feed(made.text)
        assert number % 10 or made.is_known or splitter.saw_orphan_close, made  # the template opened its thinking
        chance = random.Random(-number)
        for size in (1, chance.randint(2, 9)):
            pieces = [made.text[at : at + size] for at in range(0, len(made.text), size)]
            assert split(pieces, made.is_known) == (thinking, answer), (number, size, made)


def squeezed(text):
    return "".join(text.split())


TOKENS = st.lists(st.sampled_from([*PIECES["tags"], *PIECES["words"], *PIECES["spaces"]]), max_size=14)


@settings(max_examples=examples(400), deadline=None)
@given(TOKENS, st.booleans())
def test_nothing_is_lost_but_tags_and_whitespace_and_nothing_is_invented(tokens, starts_inside):
    text = "".join(tokens)
    splitter = ThinkTagSplitter(starts_inside)
    events = [*splitter.feed(text), *splitter.close()]
    given_out = "".join(event.text for event in events if not isinstance(event, Reclassified))
    # Every way to read the output as the input less some tags and spaces: `ends` holds how much of the output is used.
    ends = {0: {0}}
    droppable = [*PIECES["tags"], "Here's my thought process:"]
    for index in range(len(text)):
        used = ends.pop(index, set())
        for end in used:
            if given_out[end : end + 1] == text[index]:
                ends.setdefault(index + 1, set()).add(end + 1)
            if text[index].isspace():
                ends.setdefault(index + 1, set()).add(end)
            for tag in droppable:
                if text.startswith(tag, index):
                    ends.setdefault(index + len(tag), set()).add(end)
    assert len(given_out) in ends.get(len(text), set())


def seconds(text, size, starts_inside):
    """CPU time of one reply; CPU, since other programs run beside a test."""
    pieces = [text[i : i + size] for i in range(0, len(text), size)]
    splitter = ThinkTagSplitter(starts_inside)
    begin = time.process_time()
    for piece in pieces:
        splitter.feed(piece)
    splitter.close()
    return time.process_time() - begin


@pytest.mark.parametrize("size", [7, 4096, 10_000_000])
@pytest.mark.parametrize("name", CASES["long"])
def test_a_long_text_takes_linear_time(name, size):
    text, starts_inside = whole(CASES["long"][name][0]), CASES["long"][name][1]
    text = text[: len(text) // 4]
    tenth = len(text) // 10
    small = min(seconds(text[:tenth], size, starts_inside) for _ in range(2))
    large = seconds(text, size, starts_inside)
    # Quadratic time would give a hundred times; a floor of a tenth of a second keeps the clock's grain out.
    assert large <= max(0.1, 30 * small)


def test_no_more_than_a_tag_is_held_back():
    splitter = ThinkTagSplitter()
    text = "so `x` </think> and <|channel|>final<|mess or [BEGIN FINAL RESPON\n" * 500
    given_out = 0
    for fed, character in enumerate(text, start=1):
        given_out += sum(len(event.text) for event in splitter.feed(character) if isinstance(event, TextDelta))
        assert fed - given_out <= 60
