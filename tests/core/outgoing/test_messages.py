"""What is sent of a conversation, and in which ways the rest of a reply may be asked for."""

from __future__ import annotations

import pytest

from desktop.core.message import AnswerWay, AttachmentPart, Message, ReasoningPart, Role, TextPart, user_message
from desktop.core.outgoing.asking import asking_to_answer
from desktop.core.outgoing.continuation import asking_to_go_on
from desktop.core.outgoing.messages import outgoing, partial_reply_of, ways_to_go_on
from desktop.core.place import THIS_COMPUTER, Place, PlaceKind
from desktop.core.request import ChatRequest, PartialReply, Thinking, ThinkingMode
from tests.core.tables import table

CASES = table("outgoing/messages.toml")["cases"]
QUESTION = user_message("What is it?")


def reply(text, reasoning=""):
    parts = (ReasoningPart(reasoning), TextPart(text))
    return Message(role=Role.ASSISTANT, parts=parts, model="m", place=THIS_COMPUTER)


def test_thinking_and_wordless_replies_stay_here():
    path = [QUESTION, reply("It is", "secret"), user_message("And?"), reply("", "secret"), user_message("So?")]
    sent = outgoing(path)
    assert [(each.role, each.text, each.reasoning) for each in sent] == [
        (Role.USER, "What is it?", ""),
        (Role.ASSISTANT, "It is", ""),
        (Role.USER, "And?\n\nSo?", ""),
    ]


def test_no_two_messages_of_a_kind_follow_each_other():
    scan = user_message("", attached=[AttachmentPart("scan.pdf", "application/pdf", "")])
    sent = outgoing([QUESTION, reply("It is"), scan, reply("I see"), user_message(""), reply("nothing.")])
    assert [(each.role, each.text) for each in sent] == [
        (Role.USER, "What is it?"),
        (Role.ASSISTANT, "It is"),
        (Role.USER, "scan.pdf"),
        (Role.ASSISTANT, "I see\n\nnothing."),
    ]


@pytest.mark.parametrize(
    ("model", "place", "reasoning"),
    [
        ("m", THIS_COMPUTER, "thought"),
        ("other", THIS_COMPUTER, ""),
        ("m", Place(PlaceKind.INTERNET, "x.test"), ""),
        ("m", None, ""),
    ],
)
def test_thinking_goes_back_to_where_it_came_from_only(model, place, reasoning):
    assert partial_reply_of(reply("It is", "thought"), model, place) == PartialReply("It is", reasoning, not reasoning)
    assert partial_reply_of(reply("It is"), model, place) == PartialReply("It is")


@pytest.mark.parametrize("name", CASES)
def test_the_best_way_to_the_rest_or_to_an_answer_comes_first(name):
    case = CASES[name]
    by = tuple(map(AnswerWay, case.get("by", ())))
    partial_reply = PartialReply(
        case.get("text", ""), case.get("thought", ""), withholds_thinking="withholds" in case, answer_by=by
    )
    thinking = Thinking(ThinkingMode(case.get("mode", "auto")))
    continued = None if name == "nothing is continued" else partial_reply
    ways = ways_to_go_on(
        ChatRequest("m", (QUESTION,), thinking=thinking, partial_reply=continued),
        from_last_character=case.get("from_last_character", True),
        with_thinking=case.get("with_thinking", True),
        from_tags=case.get("from_tags", False),
    )
    said = {
        "": [QUESTION.text],
        "GO ON": [QUESTION.text, "It is", asking_to_go_on(QUESTION.text, "It is")],
        "NOTES": [f"{QUESTION.text}\n\n{asking_to_answer(QUESTION.text, 'It is')}"],
    }
    assert len(ways) == len(case["ways"])
    for way, (text, thought, mode, asked) in zip(ways, case["ways"], strict=True):
        rest = way.partial_reply
        assert (rest.text, rest.reasoning) == (text, thought) if rest else text == "-"
        assert way.thinking.mode == mode
        assert asked == "*" or [each.text for each in way.messages] == said[asked]
