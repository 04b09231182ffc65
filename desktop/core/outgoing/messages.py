"""The messages of a conversation that are sent to a model, and their form. Never the thinking of earlier replies."""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import replace

from desktop.core.message import AnswerWay, Message, Part, ReasoningPart, Role, TextPart, user_message
from desktop.core.outgoing.asking import asking_to_answer, closed_thinking
from desktop.core.outgoing.continuation import asking_to_go_on
from desktop.core.place import Place
from desktop.core.request import ChatRequest, PartialReply, Thinking, ThinkingMode, outgoing_text


def outgoing(path: Iterable[Message], left_out: Container[str] = ()) -> tuple[Message, ...]:
    """Return the messages of a path as a model should see them.

    Without those that are `left_out`, by their ids, because the user chose so, and replies without words (failed,
    stopped at once, thought without answering). Of a file without text its name is sent. Passages of folders go with
    the last message alone. Two messages of a kind in a row become one, since many chat templates refuse them.
    """
    sent: list[Message] = []
    messages = list(path)
    for message in (*(each.without_passages for each in messages[:-1]), *messages[-1:]):
        if message.id in left_out:
            continue
        pictures = message.pictures
        text = outgoing_text(message)
        if not text.strip() and not pictures:
            text = "\n".join(part.name for part in message.files)
            if not text:
                continue
        if sent and sent[-1].role is message.role:
            before = sent.pop()
            text = f"{before.text}\n\n{text}" if text else before.text
            pictures = (*before.pictures, *pictures)
        sent.append(replace(message, parts=(TextPart(text), *pictures)))
    return tuple(sent)


def partial_reply_of(reply: Message, model: str, place: Place | None) -> PartialReply:
    """Return what is sent of a reply to be continued: its thinking to the model and place that it came from only."""
    own = reply.own_reasoning if (reply.model, reply.place) == (model, place) else ""
    return PartialReply(reply.text, own, withholds_thinking=len(own) < len(reply.reasoning))


def parts_for(reply: Message, model: str, place: Place | None) -> tuple[Part, ...]:
    """Return the parts of a reply that `model` at `place` goes on with: others' thinking in it is marked for good."""
    if (reply.model, reply.place) == (model, place):
        return reply.parts
    return tuple(replace(part, elsewhere=True) if isinstance(part, ReasoningPart) else part for part in reply.parts)


def ways_to_go_on(
    request: ChatRequest, *, from_last_character: bool, with_thinking: bool, from_tags: bool = False
) -> list[ChatRequest]:
    """Return the requests that may bring the rest of a reply, the best first; the request itself where none was begun.

    `from_last_character`: the server can go on with a given beginning. `with_thinking`: also where thinking belongs to
    it; all others are asked not to think any more, since an answer that has begun needs no further thought.
    `from_tags`: it understands thinking that is closed by a tag in the text. The last way needs nothing of a server: a
    message asks for the rest, or all is asked again where no word was said.
    """
    partial_reply = request.partial_reply
    if partial_reply is None:
        return [request]
    if partial_reply.answer_by and not partial_reply.has_words:
        return _ways_to_answer(
            request, partial_reply, with_thinking=from_last_character and with_thinking, from_tags=from_tags
        )
    ways: list[ChatRequest] = []
    thinks_on = (
        partial_reply.reasoning.strip()
        and request.thinking.mode is not ThinkingMode.OFF
        and not partial_reply.answer_by
    )
    if from_last_character and with_thinking and thinks_on:
        ways.append(request)
    if from_last_character and partial_reply.has_words:
        ways.append(
            replace(request, thinking=Thinking(ThinkingMode.OFF), partial_reply=PartialReply(partial_reply.text))
        )
    return [
        *ways,
        _asked(
            replace(request, thinking=Thinking(ThinkingMode.OFF)) if partial_reply.answer_by else request, partial_reply
        ),
    ]


def _ways_to_answer(
    request: ChatRequest, partial_reply: PartialReply, *, with_thinking: bool, from_tags: bool
) -> list[ChatRequest]:
    """Return the requests that may bring the answer to what was thought so far, and no more thinking."""
    unthinking = replace(request, thinking=Thinking(ThinkingMode.OFF))
    ways: list[ChatRequest] = []
    if partial_reply.reasoning.strip() and AnswerWay.CONTINUED in partial_reply.answer_by:
        if with_thinking:
            ways.append(request)
        if from_tags:
            ways.append(replace(unthinking, partial_reply=PartialReply(closed_thinking(partial_reply.reasoning))))
    if not partial_reply.reasoning.strip():
        return [*ways, replace(unthinking, partial_reply=None)]
    question = next((outgoing_text(each) for each in reversed(request.messages) if each.role is Role.USER), "")
    notes = user_message(asking_to_answer(question, partial_reply.reasoning))
    return [*ways, replace(unthinking, messages=outgoing((*request.messages, notes)), partial_reply=None)]


def _asked(request: ChatRequest, partial_reply: PartialReply) -> ChatRequest:
    if not partial_reply.has_words:
        return replace(request, partial_reply=None)
    question = next((outgoing_text(each) for each in reversed(request.messages) if each.role is Role.USER), "")
    reply = Message(role=Role.ASSISTANT, parts=(TextPart(partial_reply.text),))
    asking = user_message(asking_to_go_on(question, partial_reply.text))
    return replace(request, messages=(*request.messages, reply, asking), partial_reply=None)
