"""Signs that a conversation goes wrong, and loops."""

from __future__ import annotations

import random
import time
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core.message import (
    AttachmentPart,
    Message,
    MessageStatus,
    ReasoningPart,
    Role,
    Sign,
    SignKind,
    TextPart,
    Usage,
    user_message,
)
from desktop.core.signs import from_memory
from desktop.core.signs.ending import Loop, LoopDetector
from desktop.core.signs.exchange import EarlierMessage, Exchange, exchange_of, taken_apart
from desktop.core.signs.rules import RULES, signs_in
from tests.core.signs.cases import FOLDER, cases, good_turns
from tests.core.signs.measure import LABELS, NONE, agreed, signs_of
from tests.core.tables import table, whole

# --- Signs of trouble ----------------------------------------------------------------------------------------------

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


@pytest.mark.parametrize(
    ("name", "most_false", "most_missed"), [("", 0, 0), ("_last", 0, 12), ("_since", 4, 5), ("_newest", 4, 17)]
)
def test_what_others_labelled_is_noticed_and_nothing_else(name, most_false, most_missed):
    false = missed = 0
    for conversation in agreed([FOLDER / f"labelled{name}.json.xz"], None):
        kinds = {LABELS[sign.kind] for sign in signs_of(conversation) if sign.kind in LABELS}
        if conversation["label"] == NONE:
            false += bool(kinds)
        else:
            missed += conversation["label"] not in kinds
    assert false <= most_false
    assert missed <= most_missed


def test_a_reply_that_began_again_is_known_from_how_it_came():
    asked, text = [EarlierMessage(Role.USER, "A story!")], "Once upon a time, there lived a fox."
    assert signs_in(Exchange(reply(text), asked)) == ()
    assert signs_in(Exchange(reply(text), asked, began_again=True)) == (Sign(SignKind.BEGAN_AGAIN, text),)


PASSAGES = AttachmentPart("Lease.pdf", "application/pdf", "The lessee pays the rent in advance. " * 300, folder="f1")
GIVEN = replace(PASSAGES, folder="")


@pytest.mark.parametrize(
    ("first", "counted_first", "second", "counted", "is_cut"),
    [
        (GIVEN, 2_300, None, 61, False),  # a server that counts only what is new
        (GIVEN, 500, None, 61, True),
        (GIVEN, 2_300, GIVEN, 61, True),
        (PASSAGES, 500, None, 61, False),  # which do not go again
        (PASSAGES, 500, PASSAGES, 2_300, False),
        (PASSAGES, 500, PASSAGES, 61, True),
    ],
)
def test_what_was_cut_is_reckoned_from_what_was_sent(first, counted_first, second, counted, is_cut):
    path = [
        user_message("What is the rent?", attached=[first]),
        reply("It is 900.", usage=Usage(prompt_tokens=counted_first)),
        user_message("When is it paid?", attached=[second] if second else []),
    ]
    found = signs_in(exchange_of(reply("In advance.", usage=Usage(prompt_tokens=counted)), path, is_whole=True))
    assert [sign.kind for sign in found] == [SignKind.CONTEXT_CUT] * is_cut


def test_what_the_user_left_out_was_not_cut():
    path = [user_message("Read this.", attached=[GIVEN]), reply("Done."), user_message("When is it paid?")]
    asked = exchange_of(reply("In advance.", usage=Usage(prompt_tokens=61)), path, is_whole=True, left_out=[path[0].id])
    assert signs_in(asked) == ()


def test_a_failed_reply_has_none():
    failed = reply("The delivery is late because of the strike at the port, and", status=MessageStatus.FAILED)
    assert signs_in(Exchange(failed, [EarlierMessage(Role.USER, "Why?")])) == ()


def test_what_nobody_gave_can_only_be_said_where_everything_is_known():
    said = "A text message counts: *Harrow Logistics Ltd v Penfold* [2014] EWCA Civ 1187."
    assert [sign.kind for sign in signs_in(exchange(said, "Does it count?"))] == [SignKind.UNGIVEN]
    assert signs_in(exchange(said, "Does it count?", is_whole=False)) == ()
    assert signs_in(exchange(said, "What of Harrow Logistics Ltd v Penfold [2014] EWCA Civ 1187?")) == ()


@pytest.mark.parametrize(
    ("is_known", "text", "known"),
    [
        (True, "Donoghue v. Stevenson was decided then", from_memory.names_known),
        (True, "see Jane Austen, *Emma*, ch. 3", from_memory.names_known),
        (False, "Emma wrote it", from_memory.names_known),
        (True, "《论语·学而》里说", from_memory.names_known),
        (True, "费孝通. 乡土中国[M]. 北京: 人民出版社, 2008", from_memory.names_known),
        (False, "复旦大学的学者", from_memory.names_known),
        (False, "*The Quiet Executive*", from_memory.names_known),
        (True, "Nature", from_memory.is_known_journal),
        (False, "Nature of the Firm Today", from_memory.is_known_journal),
        (True, "en.wikipedia.org", from_memory.is_known_site),
        (True, "docs.nobody.io", from_memory.is_known_site),
        (False, "notwikipedia.org", from_memory.is_known_site),
        (True, "fear itself: “The only thing we have to fear is fear itself”", from_memory.is_known_quotation),
        (False, "The manager who listens saves the firm a month", from_memory.is_known_quotation),
    ],
)
def test_what_well_read_people_know(is_known, text, known):
    assert known(text) is is_known


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


# --- Loops in growing texts are noticed, and nothing else is -------------------------------------------------------

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


@pytest.mark.parametrize("letters", RUNAWAY)
def test_letters_without_an_end_are_noticed_within_300_characters(letters):
    good = "The answer to your question is: "
    endless = letters * 300
    assert noticed((good + endless)[: len(good) + 300], 1)


def test_where_it_began():
    good, sentence = "A good thought, and an end. ", "Let me check the second clause again. "
    assert noticed(good + sentence * 14) == [Loop(len(good), len(sentence))]
    assert LoopDetector(start=1000).feed(sentence * 14) == Loop(1000, 38)
    assert len(noticed("It is 4 now, so let me know if you need anything else from me. " * 60)) == 1


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
