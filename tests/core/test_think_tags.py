"""Splitting the thinking from the answer in plain text: every form of tag, cut at every place."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.core.events import ReasoningDelta, Reclassified, TextDelta
from desktop.core.think_tags import ThinkTagSplitter
from tests.core.think_dialogues import dialogue
from tests.support.examples import examples

Split = tuple[str, str]


def gather(events: Iterable[object], before: Split = ("", "")) -> Split:
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


def split(pieces: Iterable[str], starts_inside: bool = False, finish_is_stop: bool = True) -> Split:
    splitter = ThinkTagSplitter(starts_inside)
    result: Split = ("", "")
    for piece in pieces:
        result = gather(splitter.feed(piece), result)
    return gather(splitter.close(finish_is_stop), result)


def cuts(text: str) -> Iterable[list[str]]:
    """Whole, character by character, by three, and in two at every index."""
    yield [text]
    yield list(text)
    yield [text[i : i + 3] for i in range(0, len(text), 3)]
    for index in range(1, len(text)):
        yield [text[:index], text[index:]]


# name: (text, thinking, answer)
FORMS: dict[str, tuple[str, str, str]] = {
    "think": ("<think>\nfirst, then\n</think>\n\nYes.", "first, then\n", "Yes."),
    "think without line breaks": ("<think>hmm</think>Yes.", "hmm", "Yes."),
    "think after whitespace": (" \n<think>hmm</think>Yes.", "hmm", "Yes."),
    "closing alone": ("Okay, so.\nYes it is.\n</think>\n\nYes.", "Okay, so.\nYes it is.\n", "Yes."),
    "closing alone, nothing around it": ("ab</think>Ans", "ab", "Ans"),
    "closing alone after a sentence": ("So it is 4.</think>The answer is 4.", "So it is 4.", "The answer is 4."),
    "closing alone at a line's end": ("So it is 4</think>\n\nThe answer.", "So it is 4", "The answer."),
    "closing alone before the answer": ("So it is 4.\n</think>The answer.", "So it is 4.\n", "The answer."),
    "closing alone, CRLF": ("So.\r\n</think>\r\n\r\nYes.", "So.\r\n", "Yes."),
    "closing alone, trailing spaces": ("So.\n</think>  \nYes.", "So.\n", "Yes."),
    "closing alone in Chinese": ("好的，答案是四。</think>答案是四。", "好的，答案是四。", "答案是四。"),
    "closing alone, first thing": ("\n</think>\n\nYes.", "", "Yes."),
    "closing alone, very first": ("</think>\n\nYes.", "", "Yes."),
    "closing alone at the end": ("So it is 4.\n</think>", "So it is 4.\n", ""),
    "closing alone after a span like a fence": ("```x```</think>Yes", "```x```", "Yes"),
    "closing alone after code": ("x\n```py\ny\n```\nso.\n</think>\nYes", "x\n```py\ny\n```\nso.\n", "Yes"),
    "closing alone after talk of tags": ("the `</think>` tag.\n</think>\nYes", "the `</think>` tag.\n", "Yes"),
    "empty": ("<think>\n\n</think>\n\nYes.", "", "Yes."),
    "thinking": ("<thinking>hmm</thinking>\nYes.", "hmm", "Yes."),
    "thought": ("<thought>hmm</thought>\nYes.", "hmm", "Yes."),
    "Thought": ("<Thought>hmm</Thought>\nYes.", "hmm", "Yes."),
    "reason": ("<reason>hmm</reason>\nYes.", "hmm", "Yes."),
    "reasoning": ("<reasoning>hmm</reasoning>\nYes.", "hmm", "Yes."),
    "Sky-T1": (
        "<|begin_of_thought|>\n\nhmm\n\n<|end_of_thought|>\n\n<|begin_of_solution|>\n\nYes.\n\n<|end_of_solution|>",
        "hmm\n\n",
        "Yes.\n\n",
    ),
    "Kimi-VL": ("◁think▷hmm◁/think▷Yes.", "hmm", "Yes."),
    "Magistral": ("[THINK]hmm[/THINK]Yes.", "hmm", "Yes."),
    "Magistral, closing alone": ("hmm.\n[/THINK]\nYes.", "hmm.\n", "Yes."),
    "Seed": (
        "<seed:think>\na\n<seed:cot_budget_reflect>I have used 138 tokens.</seed:cot_budget_reflect>\nb\n"
        "</seed:think>Yes.",
        "a\nI have used 138 tokens.\nb\n",
        "Yes.",
    ),
    "Seed, closing alone": ("hmm.\n</seed:think>\nYes.", "hmm.\n", "Yes."),
    "harmony": (
        "<|channel|>analysis<|message|>hmm<|end|><|start|>assistant<|channel|>final<|message|>Yes.<|return|>",
        "hmm",
        "Yes.",
    ),
    "harmony with its start": (
        "<|start|>assistant<|channel|>analysis<|message|>hmm<|end|>"
        "<|start|>assistant<|channel|>final<|message|>Yes.<|end|>",
        "hmm",
        "Yes.",
    ),
    "harmony with commentary": (
        "<|channel|>analysis<|message|>hmm<|end|><|start|>assistant<|channel|>commentary<|message|> a plan<|end|>"
        "<|start|>assistant<|channel|>final<|message|>Yes.",
        "hmm a plan",
        "Yes.",
    ),
    "harmony, commentary first": (
        "<|channel|>commentary<|message|>hmm<|end|><|start|>assistant<|channel|>final<|message|>Yes.",
        "hmm",
        "Yes.",
    ),
    "harmony, no thinking": ("<|channel|>final<|message|>Yes.<|return|>", "", "Yes."),
    "Gemma": ("<|channel>thought\nhmm<channel|>Yes.", "hmm", "Yes."),
    "Gemma, empty": ("<|channel>thought\n<channel|>Yes.", "", "Yes."),
    "Gemma, no label": ("<|channel>\nhmm<channel|>Yes.", "hmm", "Yes."),
    "Gemma, empty without a label": ("<|channel><channel|>Yes.", "", "Yes."),
    "Cohere": (
        "<|START_THINKING|>hmm<|END_THINKING|><|START_RESPONSE|>Yes.<|END_RESPONSE|>",
        "hmm",
        "Yes.",
    ),
    "Cohere, no thinking": ("<|START_RESPONSE|>Yes.<|END_RESPONSE|>", "", "Yes."),
    "Granite 3.2": ("Here is my thought process:\nhmm\n\nHere is my response:\nYes.", "hmm\n\n", "Yes."),
    "Granite 3.2, short form": ("Here's my thought process: hmm Here's my response: Yes.", "hmm ", "Yes."),
    "Granite 3.3": ("<think>hmm</think><response>Yes.</response>", "hmm", "Yes."),
    "Hunyuan": ("<think>\nhmm\n</think>\n<answer>\nYes.\n</answer>", "hmm\n", "Yes.\n"),
    "Hunyuan, whitespace at the end": ("<think>\nhmm\n</think>\n<answer>\nYes.\n</answer>\n \n", "hmm\n", "Yes.\n"),
    "ERNIE": ("<think>\nhmm\n</think>\n\n<response>\nYes.\n</response>\n", "hmm\n", "Yes.\n"),
    "ERNIE, closing alone": ("hmm\n</think>\n\n<response>\nYes.\n</response>\n", "hmm\n", "Yes.\n"),
    "Apriel": (
        "Here are my reasoning steps:\nhmm\n[BEGIN FINAL RESPONSE]\nYes.\n[END FINAL RESPONSE]\n<|end|>\n",
        "hmm\n",
        "Yes.\n",
    ),
    "Apriel, opening in the prompt": (
        "hmm\n[BEGIN FINAL RESPONSE]\nYes.\n[END FINAL RESPONSE]",
        "hmm\n",
        "Yes.\n",
    ),
    "Kimi K3": (
        "<|open|>think<|sep|>hmm<|close|>think<|sep|><|open|>response<|sep|>Yes.<|close|>response<|sep|>"
        "<|close|>message<|sep|>",
        "hmm",
        "Yes.",
    ),
    "Kimi K3, opening in the prompt": (
        "hmm<|close|>think<|sep|><|open|>response<|sep|>Yes.<|close|>response<|sep|>",
        "hmm",
        "Yes.",
    ),
    "closing alone, a space behind it": ("So 4.\n</think> Yes.", "So 4.\n", "Yes."),
    "closing alone, a space behind it, in Chinese": ("是四。\n</think> 答案是四。", "是四。\n", "答案是四。"),
    "closing alone on a fence": ("Okay.\n```py\nx\n```</think>Here", "Okay.\n```py\nx\n```", "Here"),
    "closing alone in code that was left open": (
        "Okay.\n```py\nx = 1\n</think>\n\nThe answer.",
        "Okay.\n```py\nx = 1\n",
        "The answer.",
    ),
    "closing alone behind text and spaces": ("thinking   </think>text", "thinking   ", "text"),
    "closing alone behind leading spaces": ("so.\n      </think>\nYes.", "so.\n      ", "Yes."),
    "MiniMax-M3": ("<mm:think>hmm, <think>?</mm:think>Yes.", "hmm, <think>?", "Yes."),
    "MiniMax-M3, closing alone": ("hmm.</mm:think>\n\nYes.", "hmm.", "Yes."),
    "MiniMax-M3, a stray closing first": ("</mm:think>Yes.", "", "Yes."),
    "Cohere, text": (
        "<|START_THINKING|>hmm<|END_THINKING|><|START_TEXT|>Yes.<|END_TEXT|><|END_OF_TURN_TOKEN|>",
        "hmm",
        "Yes.",
    ),
    "Cohere, text alone": ("<|START_TEXT|>Yes.<|END_TEXT|>", "", "Yes."),
    "Cohere, the end of the turn alone": (
        "<|START_THINKING|>hmm<|END_THINKING|>Yes.<|END_OF_TURN_TOKEN|>",
        "hmm",
        "Yes.",
    ),
    "Glimmer": (
        " to=self<|message|>hmm<|eom|><|start|>assistant to=user<|message|>Yes.<|eot|>",
        "hmm",
        "Yes.",
    ),
    "Glimmer, no end of its own": ("to=self<|message|>hmm to=user<|message|>Yes.", "hmm", "Yes."),
    "Glimmer, to itself again": (
        " to=self<|message|>a<|eom|><|start|>assistant to=self<|message|>b<|eom|>"
        "<|start|>assistant to=user<|message|>c",
        "ab",
        "c",
    ),
    "Glimmer, no thinking": (" to=user<|message|>Yes.<|eot|>", "", "Yes."),
    "MiniCPM": ("<reserved_12>hmm<reserved_13>Yes.", "hmm", "Yes."),
    "MiniCPM around the common tags": ("<reserved_12><think>hmm</think><reserved_13> Yes.", "hmm", "Yes."),
    "MiniCPM within the common tags": ("<think><reserved_12>hmm</think><|reserved_13|>Yes.", "hmm", "Yes."),
    "behind a sentence": ("Let me see.\n<think>\nhmm\n</think>\nYes.", "hmm\n", "Let me see.\nYes."),
    "behind words, without a space": ("Before<think>hmm</think>Behind", "hmm", "BeforeBehind"),
    "Magistral behind words": ("Before[THINK]hmm[/THINK]Behind", "hmm", "BeforeBehind"),
    "Magistral, a second block": ("[THINK]a[/THINK]b\n[THINK]c[/THINK]d", "ac", "b\nd"),
    "Gemma behind words": ("Sure. <|channel>thought\nhmm<channel|>Yes.", "hmm", "Sure. Yes."),
    "Gemma, a second block": (
        "<|channel>thought\na<channel|>b <|channel>thought\nc<channel|>d",
        "ac",
        "b d",
    ),
    "Gemma, quoted in the answer": (
        "<|channel>thought\na<channel|>Write `<|channel>thought` there.",
        "a",
        "Write `<|channel>thought` there.",
    ),
    "Chinese and emoji": ("<think>想一想👩‍👩‍👧，好。</think>你好👋🏽！", "想一想👩‍👩‍👧，好。", "你好👋🏽！"),
    "second block is the answer's": ("<think>a</think>b\n<think>c</think>\nd", "a", "b\n<think>c</think>\nd"),
    "second closing is the answer's": ("<think>a</think>b\n</think>\nd", "a", "b\n</think>\nd"),
    "nested": ("<think>a<think>b</think>c</think>Ans", "a<think>b", "c</think>Ans"),
    "other tags inside": ("<think>a < b, </thinking> [/THINK]</think>c", "a < b, </thinking> [/THINK]", "c"),
    "beginnings of the closing inside": ("<think>a </thin </ < </th</think>c", "a </thin </ < </th", "c"),
    "wrapper closes in mid-answer": (
        "<think>a</think><answer>4</answer>\nNote </answer",
        "a",
        "4</answer>\nNote </answer",
    ),
    "wrapper not first": ("<think>a</think>4 <answer>b</answer>", "a", "4 <answer>b</answer>"),
    "never closed": ("<think>hmm, so", "hmm, so", ""),
    "never closed, cut in the tag": ("<think>hmm</thi", "hmm</thi", ""),
    "only opened": ("<think>", "", ""),
    "only opened and blank": ("<think>\n \n", "", ""),
}

# Texts in which nothing is a tag of thinking: they are the answer as they stand.
PLAIN: dict[str, str] = {
    "empty": "",
    "words": "Hello there.",
    "whitespace": " \n ",
    "leading whitespace": "\n\n    code\n",
    "less than": "a < b",
    "less than at the end": "a <",
    "half a tag at the end": "see <th",
    "half an opening alone": "<th",
    "half a closing alone": "</thin",
    "half a closing after a line": "so\n</thin",
    "half prose": "Here is my th",
    "prose that goes on otherwise": "Here is my thoughtful reply.",
    "not at the start": "Well. <think>a</think> b",
    "attributes": '<think class="x">a</think>',
    "upper case": "<THINK>a</THINK>b",
    "code fence with a block": "Look:\n```xml\n<think>\na\n</think>\nb\n```\ndone",
    "tilde fence": "~~~\n</think>\n~~~\n",
    "fence in a list": "1. x\n\n   ````\n   ```\n   </think>\n   ````\n",
    "fence in a quote": "> ```\n> </think>\n</think>\n> ```\n",
    "fence cut short": "```\na\n</think>\nb",
    "indented code": "Look:\n\n    </think>\n\nso",
    "backticks": "The tag `</think>` ends it.",
    "backticks, glued": "Write `a</think>b` there.",
    "double backticks": "Write `` a`</think> `` there.",
    "a sentence": "A model writes </think> when it is done.",
    "a sentence that ends with it": "The last tag is </think>.",
    "a sentence that ends with it and the line": "The last tag is </think>\nand so on",
    "a sentence that starts with it": "First.\n</think> closes the block.",
    "a sentence that starts with it in mid-line": "It ends. </think> closes the block.",
    "first words": "</think> closes the block.",
    "a colon after it": "Tags:\n</think>: the end",
    "quotes": 'It ends with "</think>" always.',
    "curly quotes": "It ends with “</think>” always.",
    "Chinese quotes": "以「</think>」结束。",
    "Chinese sentence": "使用</think>标签结束思考。",
    "brackets": "the closing tag (</think>) and more",
    "bold": "the closing **</think>** tag",
    "table": "| tag |\n|---|\n|</think>|\n",
    "list": "- <think>\n- </think>\n",
    "a sentence in Chinese that starts with it": "第一。\n</think> 标签用来结束思考。",
    "closing in code with its opening": "Okay:\n```\n<think>\na\n</think>\n\nb\n```",
    "closing in code, a paragraph behind it": "Like this:\n```\nhm\n</think>\n\nYes\n```",
    "opening in a sentence": "Use [THINK] to begin, or <|channel>thought to think.",
    "opening in backticks": "Use `[THINK]`a.",
    "opening in code": "```\n[THINK]a[/THINK]\n<|channel>thought\n```\n",
    "opening in Chinese": "使用[THINK]标签开始，用<think>标签也可以。",
    "opening between quotes": 'It writes "<think>" first, and (<|START_THINKING|>) there.',
    "opening behind two lines": "It goes so.\nTwo lines.\n<think>\nhmm\n</think>\nYes.",
    "to somebody": "to=user and to=self are names",
    "pair on one line": "It gives <think>steps</think>answer, always.",
    "pair on lines of its own": "For example\n\n<think>\nsteps\n</think>\nanswer",
    "other pair": "so.\n</thinking>\nYes",
    "magistral in a sentence": "Use [/THINK] to end.",
    "wrapper without thinking": "<answer>4</answer>",
    "closing of a wrapper": "4</answer>",
    "harmony end alone": "Yes.<|end|>",
}


@pytest.mark.parametrize("name", FORMS)
def test_form_is_split_however_it_is_cut(name: str) -> None:
    text, thinking, answer = FORMS[name]
    for pieces in cuts(text):
        assert split(pieces) == (thinking, answer), pieces


@pytest.mark.parametrize("name", PLAIN)
def test_plain_text_passes_unchanged_however_it_is_cut(name: str) -> None:
    text = PLAIN[name]
    for pieces in cuts(text):
        assert split(pieces) == ("", text), pieces


# name: (text, thinking, answer), of a reply whose prompt ended with the opening tag
PREFILLED: dict[str, tuple[str, str, str]] = {
    "closing comes": ("\nhmm\n</think>\n\nYes.", "hmm\n", "Yes."),
    "closing comes in a sentence": ("it says </think> now Yes.", "it says ", "now Yes."),
    "opening repeated": ("<think>\nhmm</think>Yes.", "hmm", "Yes."),
    "opening repeated twice": ("<think><think>hmm</think>Yes.", "<think>hmm", "Yes."),
    "nothing thought": ("\n</think>\n\nYes.", "", "Yes."),
    "magistral": ("hmm[/THINK]Yes.", "hmm", "Yes."),
    "seed": ("hmm</seed:think>Yes.", "hmm", "Yes."),
    "harmony repeated": (
        "<|channel|>analysis<|message|>hmm<|end|><|start|>assistant<|channel|>final<|message|>Yes.",
        "hmm",
        "Yes.",
    ),
    "wrapper": ("hmm\n</think>\n<answer>Yes.</answer>", "hmm\n", "Yes."),
    "answer without tags": ("Yes, it is.", "", "Yes, it is."),
    "answer behind a repeated opening": ("<think>\nYes, it is.", "", "Yes, it is."),
    "answer without tags, half a tag": ("Yes, it is </thi", "", "Yes, it is </thi"),
    "nothing": ("", "", ""),
    "blank": (" \n", "", ""),
}


@pytest.mark.parametrize("name", PREFILLED)
def test_reply_to_a_prompt_that_opened_the_thinking(name: str) -> None:
    text, thinking, answer = PREFILLED[name]
    for pieces in cuts(text):
        assert split(pieces, starts_inside=True) == (thinking, answer), pieces


def test_reply_cut_by_length_stays_thinking() -> None:
    assert split(["so, it", " is"], starts_inside=True, finish_is_stop=False) == ("so, it is", "")


def test_thinking_that_the_model_opened_itself_stays_thinking() -> None:
    assert split(["<think>so, it is"], finish_is_stop=True) == ("so, it is", "")


def test_words_that_look_like_an_opening_become_the_answer_when_nothing_closes_them() -> None:
    text = "Here is my thought process: I add them."
    assert split([text]) == ("", "I add them.")
    assert split([text], finish_is_stop=False) == ("I add them.", "")


def test_orphan_closing_changes_sides_in_the_middle_of_the_stream_and_is_remembered() -> None:
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
def test_a_fence_in_the_thinking_hides_no_closing_tag_however_it_is_cut(text: str, sides: Split) -> None:
    for pieces in cuts(text):
        assert tuple(map(str.strip, split(pieces))) == sides


def test_tagged_reply_has_no_orphan() -> None:
    splitter = ThinkTagSplitter()
    splitter.feed("<think>a</think>b")
    splitter.close()
    assert not splitter.saw_orphan_close


def test_is_reasoning_follows_the_stream() -> None:
    splitter = ThinkTagSplitter()
    assert not splitter.is_reasoning
    splitter.feed("<think>a")
    assert splitter.is_reasoning
    splitter.feed("</think>b")
    assert not splitter.is_reasoning
    assert ThinkTagSplitter(starts_inside=True).is_reasoning


def test_text_is_given_as_soon_as_it_is_certain() -> None:
    splitter = ThinkTagSplitter()
    assert splitter.feed("<think>a </") == [ReasoningDelta("a ")]
    assert splitter.feed("b") == [ReasoningDelta("</b")]
    assert splitter.feed("</think>") == []
    assert splitter.feed("c") == [TextDelta("c")]


@pytest.mark.parametrize("held", ["<thi", " \n", "\n<think", "Here is my", "</think>"])
def test_bypass_gives_back_what_was_held_and_passes_all_that_follows(held: str) -> None:
    splitter = ThinkTagSplitter()
    assert splitter.feed(held) == []
    assert splitter.bypass() == [TextDelta(held)]
    rest = "nk>a</think>\n</think>\nb"
    assert splitter.feed(rest) == [TextDelta(rest)]
    assert splitter.close() == []


def test_bypass_before_any_text_passes_all() -> None:
    splitter = ThinkTagSplitter(starts_inside=True)
    assert splitter.bypass() == []
    assert splitter.feed("<think>a") == [TextDelta("<think>a")]
    assert splitter.close() == []


def test_closing_twice_gives_nothing_more() -> None:
    splitter = ThinkTagSplitter()
    splitter.feed("a <th")
    assert splitter.close() == [TextDelta("<th")]
    assert splitter.close() == []


def test_made_replies_leak_no_thinking_and_lose_no_answer() -> None:
    """Some hundred; `CANDOR_DIALOGUES=30000` makes more of them."""
    for number in range(int(os.environ.get("CANDOR_DIALOGUES", "400"))):
        made = dialogue(number)
        thinking, answer = split([made.text], made.is_known)
        assert squeezed(answer) == squeezed(made.answer), (number, made)
        assert squeezed(thinking) == squeezed(made.thinking), (number, made)
        chance = random.Random(-number)
        for size in (1, chance.randint(2, 9)):
            pieces = [made.text[at : at + size] for at in range(0, len(made.text), size)]
            assert split(pieces, made.is_known) == (thinking, answer), (number, size, made)


def test_what_was_seen_of_a_made_reply_is_learnt() -> None:
    for number in range(0, 400, 10):  # of the family whose template opens the thinking
        made = dialogue(number)
        splitter = ThinkTagSplitter(made.is_known)
        splitter.feed(made.text)
        assert made.is_known or splitter.saw_orphan_close, made


def squeezed(text: str) -> str:
    return "".join(text.split())


TAGS = [
    *("<mm:think>", "</mm:think>", "<reserved_12>", "<|reserved_12|>", "<reserved_13>", "<|reserved_13|>"),
    *("<|START_TEXT|>", "<|END_TEXT|>", "<|END_OF_TURN_TOKEN|>", "to=self<|message|>", " to=user<|message|>"),
    *("to=user<|message|>", "<|start|>assistant to=self<|message|>", "<|start|>assistant to=user<|message|>"),
    *(" to=self<|message|>", "<|eom|>", "<|eot|>"),
    *("<think>", "</think>", "<thinking>", "</thinking>", "<thought>", "</Thought>", "<reason>", "</reason>"),
    *("<|begin_of_thought|>", "<|end_of_thought|>", "<|begin_of_solution|>", "<|end_of_solution|>"),
    *("◁think▷", "◁/think▷", "[THINK]", "[/THINK]", "<seed:think>", "</seed:think>"),
    *("<|channel>thought", "<|channel>", "<channel|>", "<|START_THINKING|>", "<|END_THINKING|>"),
    *("<|START_RESPONSE|>", "<|END_RESPONSE|>", "<|open|>think<|sep|>", "<|close|>think<|sep|>"),
    *("<|open|>response<|sep|>", "<|close|>response<|sep|>", "<|close|>message<|sep|>"),
    *("<|channel|>analysis<|message|>", "<|channel|>commentary<|message|>", "<|channel|>final<|message|>"),
    *("<|start|>assistant", "<|end|>", "<|return|>", "Here is my thought process:", "Here is my response:"),
    *("Here are my reasoning steps:", "[BEGIN FINAL RESPONSE]", "[END FINAL RESPONSE]"),
    *("<answer>", "</answer>", "<response>", "</response>"),
]
WORDS = [
    "a",
    "so.",
    "好",
    "。",
    "`",
    "```",
    "~~~",
    "<",
    "</",
    "</th",
    "[",
    "<|",
    "◁",
    "Here is",
    ">",
    '"',
    "(",
    "é👩‍👧",
]
SPACES = ["\n", " ", "\n\n", "\r\n", "    ", "\t"]
TOKENS = st.lists(st.sampled_from(TAGS + WORDS + SPACES), max_size=14)


@settings(max_examples=examples(400), deadline=None)
@given(TOKENS, st.booleans(), st.booleans(), st.data())
def test_random_cuts_give_the_result_of_the_whole(
    tokens: list[str], starts_inside: bool, finish_is_stop: bool, data: st.DataObject
) -> None:
    text = "".join(tokens)
    places = sorted(data.draw(st.sets(st.integers(0, len(text)), max_size=12)))
    pieces = [text[a:b] for a, b in zip([0, *places], [*places, len(text)], strict=True)]
    whole = split([text], starts_inside, finish_is_stop)
    assert split(pieces, starts_inside, finish_is_stop) == whole
    assert split(text, starts_inside, finish_is_stop) == whole


@settings(max_examples=examples(400), deadline=None)
@given(TOKENS, st.booleans())
def test_nothing_is_lost_but_tags_and_whitespace_and_nothing_is_invented(
    tokens: list[str], starts_inside: bool
) -> None:
    text = "".join(tokens)
    splitter = ThinkTagSplitter(starts_inside)
    events = [*splitter.feed(text), *splitter.close()]
    given_out = "".join(event.text for event in events if not isinstance(event, Reclassified))
    # Every way to read the output as the input less some tags and spaces: `ends` holds how much of the output is used.
    ends = {0: {0}}
    droppable = [*TAGS, "Here's my thought process:"]
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


NO_TAGS = st.characters(exclude_characters="<[◁H")


@settings(max_examples=examples(200), deadline=None)
@given(st.text(alphabet=NO_TAGS), st.integers(1, 7))
def test_text_without_tags_passes_unchanged(text: str, size: int) -> None:
    assert split([text[i : i + size] for i in range(0, len(text), size)]) == ("", text)


@settings(max_examples=examples(200), deadline=None)
@given(st.text(alphabet=NO_TAGS), st.text(alphabet=NO_TAGS))
def test_any_thinking_and_any_answer_are_kept_apart(thinking: str, answer: str) -> None:
    thinking, answer = thinking.lstrip(), answer.lstrip()
    assert split(f"<think>{thinking}</think>{answer}") == (thinking, answer)


LONG = {
    "thinking": ("<think>" + "so it may be, </thin or not. " * 40_000, False),
    "prefilled thinking": ("so it may be, </thin or not. " * 40_000, True),
    "answer": ("A line of `code` and more < less.\n" * 32_000, False),
    "one endless line": ("so on and on " * 85_000, False),
    "one endless line of mentioned tags": ("so </think> and ` on " * 50_000, False),
    "whitespace first": (" \n" * 500_000, False),
    "whitespace after the opening": ("<think>" + " \n" * 500_000, False),
    "whitespace after the answer": ("<think>a</think><answer>b</answer>" + " \n" * 500_000, False),
    "closing tags of a wrapper": ("<think>a</think><answer>" + "b</answer>" * 100_000, False),
    "harmony marks": ("<|channel|>analysis<|message|>" + "a<|end|>" * 120_000, False),
    "backticks": ("`" * 1_000_000, False),
    "spaces in a line": ("a\n" + " " * 1_000_000, False),
    "beginnings of tags": ("<" * 1_000_000, False),
}


def seconds(text: str, size: int, starts_inside: bool) -> float:
    """CPU time of one reply; CPU, since other programs run beside a test."""
    pieces = [text[i : i + size] for i in range(0, len(text), size)]
    splitter = ThinkTagSplitter(starts_inside)
    begin = time.process_time()
    for piece in pieces:
        splitter.feed(piece)
    splitter.close()
    return time.process_time() - begin


@pytest.mark.parametrize("size", [7, 4096, 10_000_000])
@pytest.mark.parametrize("name", LONG)
def test_a_megabyte_takes_linear_time(name: str, size: int) -> None:
    text, starts_inside = LONG[name]
    text = text[: len(text) // (4 if size < 10 else 1)]  # every piece has its price, whatever its size
    tenth = len(text) // 10
    small = min(seconds(text[:tenth], size, starts_inside) for _ in range(2))
    large = seconds(text, size, starts_inside)
    # Quadratic time would give a hundred times; a floor of a tenth of a second keeps the clock's grain out.
    assert large <= max(0.1, 30 * small)


def test_no_more_than_a_tag_is_held_back() -> None:
    splitter = ThinkTagSplitter()
    text = "so `x` </think> and <|channel|>final<|mess or [BEGIN FINAL RESPON\n" * 500
    given_out = 0
    for fed, character in enumerate(text, start=1):
        given_out += sum(len(event.text) for event in splitter.feed(character) if isinstance(event, TextDelta))
        assert fed - given_out <= 60
