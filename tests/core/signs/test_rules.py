"""Signs of trouble: found where they are, silent where they are not, and cheap whatever the reply is."""

from __future__ import annotations

import time

import pytest

from desktop.core.message import Message, MessageStatus, ReasoningPart, Role, TextPart, Usage
from desktop.core.sign import Sign, SignKind
from desktop.core.signs.exchange import EarlierMessage, Exchange, taken_apart
from desktop.core.signs.rules import RULES, signs_in
from desktop.core.text.scripts import count_han
from tests.core.signs.cases import Case, cases, good_turns
from tests.core.signs.table import DOCUMENT, document


def reply(text: str, **more: object) -> Message:
    return Message(role=Role.ASSISTANT, parts=(TextPart(text),), **more)  # type: ignore[arg-type]


def exchange(text: str, *said: str, is_whole: bool = True) -> Exchange:
    roles = (Role.USER, Role.ASSISTANT)
    return Exchange(
        reply(text), [EarlierMessage(roles[at % 2], each) for at, each in enumerate(said)], is_whole=is_whole
    )


def is_chinese(case: Case) -> bool:
    return count_han(case.exchange.request.own) > 0


def test_every_kind_has_a_rule_and_the_gravest_come_first() -> None:
    assert list(RULES) == list(SignKind)


@pytest.mark.parametrize("kind", SignKind)
@pytest.mark.parametrize("which", ["true", "false"])
def test_there_are_enough_cases_in_both_languages(kind: SignKind, which: str) -> None:
    found = cases(kind, which)
    assert len(found) >= 20
    chinese = sum(map(is_chinese, found))
    assert 6 <= chinese <= len(found) - 6


@pytest.mark.parametrize("kind", SignKind)
def test_it_is_found_where_it_is(kind: SignKind) -> None:
    missed = [case.name for case in cases(kind, "true") if RULES[kind](case.exchange) is None]
    assert not missed


@pytest.mark.parametrize("kind", SignKind)
def test_it_is_not_found_where_it_is_not(kind: SignKind) -> None:
    alarms = [(case.name, sign) for case in cases(kind, "false") if (sign := RULES[kind](case.exchange))]
    assert not alarms


def test_good_conversations_raise_no_alarm() -> None:
    found = list(good_turns())
    assert len(found) >= 200
    assert [(case.name, signs) for case in found if (signs := signs_in(case.exchange))] == []


def test_the_table_in_the_documents_is_current() -> None:
    assert document() == DOCUMENT.read_text(encoding="utf-8"), "run python -m tests.core.signs.table"


@pytest.mark.parametrize("kind", SignKind)
def test_its_evidence_is_short_and_stands_in_the_reply(kind: SignKind) -> None:
    for case in cases(kind, "true"):
        sign = RULES[kind](case.exchange)
        assert sign is not None
        assert len(sign.excerpt) <= 160
        assert len(sign.other) <= 160
        assert sign.kind is kind


def test_a_failed_reply_has_none() -> None:
    failed = reply("The delivery is late because of the strike at the port, and", status=MessageStatus.FAILED)
    assert signs_in(Exchange(failed, [EarlierMessage(Role.USER, "Why?")])) == ()


def test_what_is_missing_can_only_be_said_where_everything_is_known() -> None:
    asked = "Quote clause 1.\n\n<text>\n1. The supplier delivers within ten days of the order.\n</text>"
    said = "“The supplier shall deliver by the end of May”"
    assert [sign.kind for sign in signs_in(exchange(said, asked))] == [SignKind.QUOTATION]
    assert signs_in(exchange(said, asked, is_whole=False)) == ()


def test_what_was_compared_is_named() -> None:
    case = exchange("- **Warranty**: 36 months", "Terms?\n\n<text>\nWarranty: 24 months\n</text>")
    assert signs_in(case) == (Sign(SignKind.NUMBER, "Warranty**: 36 months".replace("**", ""), "Warranty: 24 months"),)


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
def test_a_message_is_taken_apart(text: str, own: str, material: tuple[str, ...]) -> None:
    taken = taken_apart(text)
    assert (taken.own, taken.material) == (own, material)


_SECONDS = 3.0  # of the processor, which may be busy with other things
# Shapes that are dear for a careless pattern; each about a megabyte.
_SHAPES = ["a" * 10**6, '"' * 10**6, "“a" * 500_000, "1,234 " * 160_000, "a: 1\n" * 200_000, "| a | 1 |\n" * 100_000,
    "The price of the goods is what it is. " * 26_000, "价格是多少，合计为三十六万元。" * 66_000, "`" * 10**6,
    "https://a.b/" * 80_000, " \n" * 500_000, "> a\n" * 250_000, "(" * 10**6, "a-" * 500_000, "the a b c d e " * 70_000,
    "1." * 500_000, "是" * 10**6, "一" * 10**6, "12 " * 330_000, "..." * 330_000]  # fmt: skip


@pytest.mark.parametrize("shape", _SHAPES, ids=lambda shape: shape[:12])
def test_a_megabyte_costs_little(shape: str) -> None:
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


def test_ten_thousand_messages_cost_little() -> None:
    earlier = [
        EarlierMessage((Role.USER, Role.ASSISTANT)[at % 2], f"Is number {at} good?\n\nYes. " * 40) for at in range(201)
    ]
    began = time.process_time()
    signs_in(Exchange(reply("No. " + "It is not good at all. " * 40), earlier, is_whole=False))
    assert time.process_time() - began < _SECONDS
