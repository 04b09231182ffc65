"""Signs of trouble: found where they are, silent where they are not, and cheap whatever the reply is."""

from __future__ import annotations

import time

import pytest

from desktop.core.message import Message, MessageStatus, ReasoningPart, Role, TextPart, Usage
from desktop.core.sign import Sign, SignKind
from desktop.core.signs.exchange import EarlierMessage, Exchange, taken_apart
from desktop.core.signs.rules import RULES, signs_in
from tests.core.signs.cases import FOLDER, cases, good_turns
from tests.core.signs.measure import LABELS, NONE, agreed, signs_of

# All but what is known from how the reply came.
TOLD_BY_WORDS = [kind for kind in SignKind if kind is not SignKind.BEGAN_AGAIN]


def reply(text, **more):
    return Message(role=Role.ASSISTANT, parts=(TextPart(text),), **more)  # type: ignore[arg-type]


def exchange(text, *said, is_whole=True):
    roles = (Role.USER, Role.ASSISTANT)
    return Exchange(
        reply(text), [EarlierMessage(roles[at % 2], each) for at, each in enumerate(said)], is_whole=is_whole
    )


@pytest.mark.parametrize("kind", TOLD_BY_WORDS)
def test_it_is_found_where_it_is(kind):
    for case in cases(kind, "true"):
        sign = RULES[kind](case.exchange)
        assert sign is not None, case.name
        assert sign.kind is kind
        assert max(len(sign.excerpt), len(sign.other)) <= 160


@pytest.mark.parametrize("kind", TOLD_BY_WORDS)
def test_it_is_not_found_where_it_is_not(kind):
    alarms = [(case.name, sign) for case in cases(kind, "false") if (sign := RULES[kind](case.exchange))]
    assert not alarms


def test_good_conversations_raise_no_alarm():
    found = list(good_turns())
    assert len(found) >= 200
    assert [(case.name, signs) for case in found if (signs := signs_in(case.exchange))] == []


def test_what_others_labelled_is_noticed_and_nothing_else():
    wrong = {NONE: 0, "missed": 0}
    for conversation in agreed([FOLDER / "labelled.json", FOLDER / "labelled_last.json"], None):
        kinds = {LABELS[sign.kind] for sign in signs_of(conversation) if sign.kind in LABELS}
        if conversation["label"] == NONE:
            wrong[NONE] += bool(kinds)
        else:
            wrong["missed"] += conversation["label"] not in kinds
    assert wrong[NONE] <= 1
    assert wrong["missed"] <= 12


def test_a_reply_that_began_again_is_known_from_how_it_came():
    asked, text = [EarlierMessage(Role.USER, "A story!")], "Once upon a time, there lived a fox."
    assert signs_in(Exchange(reply(text), asked)) == ()
    assert signs_in(Exchange(reply(text), asked, began_again=True)) == (Sign(SignKind.BEGAN_AGAIN, text),)


def test_a_failed_reply_has_none():
    failed = reply("The delivery is late because of the strike at the port, and", status=MessageStatus.FAILED)
    assert signs_in(Exchange(failed, [EarlierMessage(Role.USER, "Why?")])) == ()


def test_what_nobody_gave_can_only_be_said_where_everything_is_known():
    said = "A text message counts: *Harrow Logistics Ltd v Penfold* [2014] EWCA Civ 1187."
    assert [sign.kind for sign in signs_in(exchange(said, "Does it count?"))] == [SignKind.UNGIVEN]
    assert signs_in(exchange(said, "Does it count?", is_whole=False)) == ()
    assert signs_in(exchange(said, "What of Harrow Logistics Ltd v Penfold [2014] EWCA Civ 1187?")) == ()


@pytest.mark.parametrize(
    ("text", "own", "material"),
    [
        ("Sum it up.\n\n<text>\nOne.\nTwo.\n</text>\nIn German.", "Sum it up.\n\nIn German.", ("One.\nTwo.",)),
        ('Sum it up.\n"""\nOne.\n"""', "Sum it up.", ("One.",)),
        ("\"\"\"\" plan.txt\na \"\"\" b\n\"\"\"\"\n\nSum it up.", "Sum it up.", ('a """ b',)),
        ("Why?\n```python\nx = 1\n```", "Why?", ("x = 1",)),
        ("Sum it up: " + "The board met. " * 20, "Sum it up:", (("The board met. " * 20).strip(),)),
        ("总结一下：" + "董事会周二开会。" * 10, "总结一下：", ("董事会周二开会。" * 10,)),
        ("A quotation opens\n\"\"\"\nand never closes", "A quotation opens\n\"\"\"\nand never closes", ()),
        ("What is the time?", "What is the time?", ()),
    ],
)  # fmt: skip
def test_a_message_is_taken_apart(text, own, material):
    taken = taken_apart(text)
    assert (taken.own, taken.material) == (own, material)


def test_a_context_in_a_prompt_in_parts_is_no_material():
    asked = "# Task\nWrite three slogans\n\n# Context\n" + "A small bakery in Leeds that sells sourdough. " * 5
    assert taken_apart(asked).material == ()


def test_what_came_one_after_another_is_shown_with_its_unit_once():
    said = ["How many days?", "You get 5 days.", "That's wrong.", "Sorry. You get 15 days.", "Are you sure?"]
    (sign,) = signs_in(exchange("I apologise. You get 20 days.", *said))
    assert (sign.kind, sign.other) == (SignKind.GAVE_IN, "5 days → 15 days → 20 days")
    (sign,) = signs_in(exchange("抱歉，是20天。", "几天？", "是5天。", "不对", "抱歉，是15天。", "你确定吗？"))
    assert sign.other == "5天 → 15天 → 20天"


def test_a_fact_of_the_user_breaks_the_chain():
    said = ["How many days?", "You get 5 days.", "No, it is 15 days.", "You are right, 15 days.", "Are you sure?"]
    (sign,) = signs_in(exchange("I apologise. You get 20 days.", *said))
    assert sign.other == "15 days → 20 days"


def test_only_a_first_answer_is_asked_for_in_another_language():
    english = "The spare parts left on Monday, and they should be with you by Thursday if all goes well."
    (sign,) = signs_in(exchange(english, "备件什么时候到？"))
    assert sign.other == "zh"
    (sign,) = signs_in(exchange(english, "你好，在吗？", "您好，请讲。", "备件什么时候到？"))
    assert sign.other == ""


@pytest.mark.parametrize(
    "shape", ["是不是" * 99, "no really sorry " * 18, "算算看" * 99, "那到底" * 99, "did not " * 37]
)
def test_an_objection_is_seen_at_once(shape):
    began = time.process_time()
    signs_in(exchange("Yes.", "Why?", "So.", shape + "x"))
    assert time.process_time() - began < 1.0


_SECONDS = 3.0  # of the processor, which may be busy with other things
# Shapes that are dear for a careless pattern; each about a megabyte.
_SHAPES = ["a" * 10**6, '"' * 10**6, "“a" * 500_000, "1,234 " * 160_000, "a: 1\n" * 200_000, "| a | 1 |\n" * 100_000,
    "The price of the goods is what it is. " * 26_000, "价格是多少，合计为三十六万元。" * 66_000, "`" * 10**6,
    "https://a.b/" * 80_000, " \n" * 500_000, "> a\n" * 250_000, "(" * 10**6, "a-" * 500_000, "the a b c d e " * 70_000,
    "1." * 500_000, "是" * 10**6, "一" * 10**6, "12 " * 330_000, "..." * 330_000]  # fmt: skip


@pytest.mark.parametrize("shape", _SHAPES, ids=lambda shape: shape[:12])
def test_a_megabyte_costs_little(shape):
    """A tenth or two of a second; a pattern that looks at each place again and again takes ten seconds and more."""
    asked = "Is it so? Quote it.\n\n<text>\nWarranty: 24 months. The price of the goods is 5 euros.\n</text>"
    long = Message(role=Role.ASSISTANT, parts=(ReasoningPart(shape), TextPart(shape)), usage=Usage(prompt_tokens=9))
    earlier = [
        EarlierMessage(Role.USER, asked),
        EarlierMessage(Role.ASSISTANT, "Yes. " + shape[:5000]),
        EarlierMessage(Role.USER, asked),
    ]
    began = time.process_time()
    signs_in(Exchange(long, earlier))
    assert time.process_time() - began < _SECONDS


@pytest.mark.parametrize("shape", ["1", "一", "a"])
def test_a_long_number_costs_little_in_each_place(shape):
    long, short = shape * 200_000, "The price of the goods is 5 euros, as it says. " * 3
    began = time.process_time()
    for reply, *earlier in ([short, short, short, long], [long, short, short, short], [short, long, long, short]):
        signs_in(exchange(reply, *earlier))
    assert time.process_time() - began < _SECONDS


def test_ten_thousand_messages_cost_little():
    earlier = [
        EarlierMessage((Role.USER, Role.ASSISTANT)[at % 2], f"Is number {at} good?\n\nYes. " * 40) for at in range(201)
    ]
    began = time.process_time()
    signs_in(Exchange(reply("No. " + "It is not good at all. " * 40), earlier, is_whole=False))
    assert time.process_time() - began < _SECONDS
