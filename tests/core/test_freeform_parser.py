"""Messages as people write them, taken apart; and that no word of them is lost."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core.prompts.freeform_lexicon import wish_of
from desktop.core.prompts.freeform_parser import take_apart, taken_apart
from desktop.core.prompts.prompt import Example, Material, PromptDraft, tidied
from desktop.core.prompts.render import render
from tests.core.tables import MAIN, PLAIN, table

# --- Messages as people write them, taken apart; and that no word of them is lost -------------------------

CASES = table("prompts/freeform.toml")


def parts_of(draft):
    """What stands in a draft, as a case has it."""
    more = {
        "material": [each.text for each in draft.materials],
        "examples": [[each.input, each.output] for each in draft.examples],
        "thinks": draft.chain_of_thought,
    }
    return dict(draft.texts) | {name: value for name, value in more.items() if value}


@pytest.mark.parametrize("case", CASES["sorted"], ids=lambda case: case["text"])
def test_a_message_is_taken_apart(case):
    assert {"text": case["text"]} | parts_of(take_apart(str(case["text"]), MAIN)) == case


@pytest.mark.parametrize("case", CASES["whole"], ids=lambda case: case["text"])
def test_own_words_stay_together_and_unchanged(case):
    assert {"text": case["text"]} | parts_of(take_apart(str(case["text"]), MAIN, sorts=False)) == case


@pytest.mark.parametrize(
    ("part", "said"), [(part, said) for part, each in table("prompts/wishes.toml").items() for said in each]
)
def test_a_sentence_is_told_to_be_a_wish_or_part_of_the_task(part, said):
    assert (wish_of(said) or "task") == part


OWN = (
    "Please summarise this for the board.",
    "把下面这封信翻译成英文。",
    "Keep it short, please check it.",
    "只改错别字，别重写。",
)
TEXT = (
    "Dear Ann,",
    "各位同事：",
    "We need it by Friday. Please confirm.",
    "- Tom rings",
    "三、请财务尽快安排。",
    "Best regards\nJo",
)


@given(st.lists(st.sampled_from((*OWN, *TEXT)), min_size=1, max_size=7).map("\n\n".join))
def test_what_was_typed_is_sent_once_and_unbroken_in_its_order(message):
    draft = take_apart(message, MAIN, sorts=False)
    (text,) = [each.text for each in draft.materials] or [""]
    before, found, after = message.partition(text) if text else (message, "", "")
    assert found == text
    assert draft.text("task") == re.sub(r"\n{3,}", "\n\n", f"{before}{after}").strip()


def test_each_piece_of_the_message_is_said_to_go_where_it_goes():
    message = "帮我回复投诉，例如“抱歉，晚了。”，别太长。\n\nWhere are our forty chairs? We wait."
    taken = taken_apart(message, MAIN)
    assert [(each.field, message[each.start : each.end]) for each in taken.pieces] == [
        ("task", "帮我回复投诉"),
        ("example", "“抱歉，晚了。”"),
        ("format", "别太长。"),
        ("task", "Where are our forty chairs? We wait."),
    ]
    sent = render(PromptDraft(framework="main", texts={"task": "Do.", "tone": "dry"}), MAIN).text
    assert [sent[each.start : each.end] for each in taken_apart(sent, MAIN).pieces] == ["Do.", "dry"]
    long = taken_apart("Sum it up\n" + "x " * 200_000, MAIN)
    assert [each.start for each in long.pieces] == [0, 9]


def test_parts_without_a_field_find_another_and_material_its_own():
    draft = take_apart('Context: we move in May.\nTask: write a notice.\nFormat: one page\n"""\nOld notice\n"""', PLAIN)
    assert dict(draft.texts) == {"task": "we move in May.\n\nwrite a notice.\n\none page"}
    assert draft.materials == (Material("document", "Old notice"),)


def test_a_rendered_prompt_comes_back_as_it_was():
    draft = PromptDraft(
        framework="main",
        texts={"task": "We are here.\n\nTone: none", "format": "You are a list."},
        materials=(Material("context", "Input: x\n# Task\n"),),
        examples=(Example("Output:", "y"),),
        chain_of_thought=True,
    )
    assert take_apart(render(draft, MAIN).text, MAIN) == tidied(draft, MAIN)


def test_a_very_long_message_is_material():
    draft = take_apart("Summarise it.\n" + "word " * 100_000, MAIN)
    assert draft.text("task") == "Summarise it."
    assert len(draft.materials) == 1
    assert take_apart("word " * 100_000, MAIN).texts == {}


PIECES = [
    "You are a clerk. ",
    "Task: ",
    "\n",
    "\n\n",
    "Write a mail. ",
    "# Context\n",
    '"""',
    "```\n",
    "Input: ",
    "Output: ",
    "We move. ",
    "Tone: ",
    "- point\n",
    "this text: ",
    "你是律师，",
    "写信。",
    "语气客气，",
    "客户很急；",
    "输出：",
    "例如：输入",
    "写纪要：",
    "格式：",
    "<text>",
    "</text>",
    ": ",
    "\r\n",
]
MESSAGE = st.lists(st.one_of(st.sampled_from(PIECES), st.from_regex(r"w[0-9]{3} ", fullmatch=True))).map("".join)


@given(MESSAGE)
def test_no_word_is_lost(message):
    taken = taken_apart(message, MAIN)
    draft, ends = taken.draft, [each.end for each in taken.pieces]
    assert ends == sorted(ends)
    kept = [*draft.texts.values(), *(each.text for each in draft.materials)]
    kept += [text for each in draft.examples for text in (each.input, each.output)]
    assert sorted(re.findall(r"w\d{3}", "\n".join(kept))) == sorted(re.findall(r"w\d{3}", message))


HOSTILE = [
    '"""' * 60_000,
    "a" * 190_000,
    "Text: " * 30_000,
    "\n" * 190_000,
    "Input:\n" * 25_000,
    "这段" * 90_000,
    "We are. " * 20_000,
    "<text>" * 30_000,
    "```\n" * 40_000,
    "this text: x\n" * 14_000,
    "not " * 45_000,
    "**" * 90_000,
    "Act as a " * 20_000,
    "“" * 190_000,
    "Write it. " + "." * 189_000,
    "1" * 190_000,
    "this text:\n- a\n" * 12_000,
    '"""" """ ' * 20_000,
]


def test_of_a_long_message_no_sentence_is_looked_at_by_itself():
    wish = "Use a friendly tone. "
    assert take_apart(f"Write a notice. {wish}", MAIN).texts.keys() > {"task"}
    assert take_apart(f"Write a notice. {wish * 1_000}", MAIN).texts.keys() == {"task"}


@pytest.mark.parametrize("longest", [20_000, 200_000])  # letters: those of which each sentence is looked at, and all
@pytest.mark.parametrize("message", HOSTILE, ids=lambda message: repr(message[:12]))
def test_the_time_grows_no_faster_than_the_message(message, longest):
    message = message[:longest]
    quarter = seconds_for(message[: len(message) // 4])
    assert seconds_for(message) < 8 * quarter + 0.1  # were it by the square of the length: 16


def seconds_for(message):
    """The processor's time for taking a message apart, which other work on the computer does not lengthen."""
    began = time.thread_time()
    take_apart(message, MAIN)
    return time.thread_time() - began
