"""The estimate of a request's tokens, and how it learns. With real counts: `tests/backends/test_openai_counting.py`."""

from __future__ import annotations

import pytest

from desktop.core.context.counting import USUAL, Weights, letters_of_request, weights_from, with_count
from desktop.core.message import AttachmentPart, Message, ReasoningPart, Role, TextPart, user_message
from desktop.core.model import PromptCount
from desktop.core.request import ChatRequest, PartialReply
from desktop.core.text.tokens import Letters, letters_in

TRUE = Weights(30.0, 4.0, 0.22, 1.7, 1.0)


def counted(letters, messages, weights=TRUE):
    return PromptCount(letters, messages, round(weights.prompt_tokens(letters, messages)))


def test_characters_are_told_apart():
    assert letters_in("Pay 1,250 € by 3 May") == Letters(15, 0, 5)
    assert letters_in("三月 14 日前付款。") == Letters(2, 7, 2)
    assert letters_in("") == Letters()


def test_a_very_long_text_is_measured_by_samples():
    text = "The rent of 1,250 is due. 租金应于每月支付。" * 20_000
    letters, exact = letters_in(text), letters_in(text[:35_000])
    assert letters.total == len(text)
    assert letters.wide / letters.total == pytest.approx(exact.wide / exact.total, rel=0.02)
    assert letters.digits / letters.total == pytest.approx(exact.digits / exact.total, rel=0.02)


def test_a_request_counts_with_all_that_goes_out_and_nothing_else():
    said = user_message("abc", attached=[AttachmentPart("n.txt", "text/plain", "12")])
    thought = Message(role=Role.ASSISTANT, parts=(ReasoningPart("never sent"), TextPart("de")))
    request = ChatRequest("m", (said, thought), system="f", partial_reply=PartialReply("g", "h"))
    letters, messages = letters_of_request(request)
    assert messages == 4
    assert letters.digits == 2
    assert letters_of_request(ChatRequest("m", (user_message("abc"), thought)))[0] == Letters(5)


@pytest.mark.parametrize("kind", ["other", "wide", "digits"])
def test_three_turns_are_enough(kind):
    counts: tuple[PromptCount, ...] = ()
    for turn, length in enumerate((120, 900, 1_600)):
        counts = with_count(counts, counted(Letters(**{kind: length}), 2 * turn + 1))
    letters = Letters(**{kind: 4_000})
    assert weights_from(counts).prompt_tokens(letters, 7) == pytest.approx(TRUE.prompt_tokens(letters, 7), rel=0.05)


def test_each_language_keeps_its_own_counts():
    counts = with_count((), counted(Letters(wide=500), 1))
    for turn in range(20):
        counts = with_count(counts, counted(Letters(other=300 * turn + 100), turn + 1))
    assert counts[0].letters.wide == 500
    assert len(counts) == 7
    assert counts[-1].letters.other == 5_800


@pytest.mark.parametrize("share", [0.2, 9.0])
def test_a_count_of_something_else_is_not_learnt_from(share):
    letters = Letters(other=4_000)
    assert with_count((), PromptCount(letters, 1, round(share * USUAL.prompt_tokens(letters, 1)))) == ()
