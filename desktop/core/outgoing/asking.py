"""Words that ask for thinking before an answer, and for an answer from thinking that is not at its end.

A model that does not reason by itself is asked for a section `<think>…</think>` at the beginning of its text, where it
is split off as any other; one that does not comply has just answered. Nothing of this is stored with the messages.

Which of these a server understands, and in which order they are tried, is `messages`; how they are written on the wire
is the protocols' business.
"""

from __future__ import annotations

import re
from dataclasses import replace

from desktop.core.message import Role, TextPart
from desktop.core.model import ModelInfo
from desktop.core.request import ChatRequest, ThinkingMode, outgoing_text
from desktop.core.text.scripts import is_chinese
from desktop.core.text.tokens import estimate_tokens

# What is given back of the thinking where it can only be given as notes, in tokens: read within a second by a model
# that reads a thousand tokens a second, and enough for the last conclusions.
MOST_OF_NOTES = 1_000
_MOST_LETTERS = 4 * MOST_OF_NOTES  # no token of running text has more, so that no more need be looked at
# Where the notes may begin, the best first: a paragraph, a line, a sentence, a word.
_BEGINNINGS = (re.compile(r"\n\s*\n"), re.compile(r"\n"), re.compile(r"(?<=[.!?])\s|(?<=[。！？])"), re.compile(r"\s"))
# The quotation must not be closed by what is quoted.
_QUOTES = re.compile('"+')


def closed_thinking(reasoning: str) -> str:
    """Return the beginning of a reply in which the thinking is over, in the tags that most templates have."""
    return f"<think>\n{reasoning.strip()}\n</think>\n\n"


def asking_to_answer(question: str, reasoning: str) -> str:
    """Return what is added to the question, in its language: the notes, and that they are to be answered from."""
    notes = end_of_thinking(reasoning)
    fence = '"' * max(3, 1 + max(map(len, _QUOTES.findall(notes)), default=0))
    if is_chinese(question or notes):
        return (
            f"你已经思考过这个问题。下面是你思考笔记的最后一部分：\n{fence}\n{notes}\n{fence}\n"
            "请根据这些笔记立即给出最终回答：不要再继续思考，也不要提到这些笔记。"
        )
    return (
        f"You have thought about this already. These are your notes, their last part:\n{fence}\n{notes}\n{fence}\n"
        "Give the final answer now, from these notes: do not think any further, and do not mention the notes."
    )


def end_of_thinking(reasoning: str) -> str:
    """Return the last part of the thinking, about `MOST_OF_NOTES` tokens, from the beginning of a paragraph or line."""
    whole = reasoning.strip()
    end = whole[-_MOST_LETTERS:]
    if (excess := estimate_tokens(end) / MOST_OF_NOTES) > 1:
        end = end[-int(len(end) / excess) :]
    if len(end) == len(whole):
        return end
    for beginning in _BEGINNINGS:
        # In the first half only: half of the notes are worth more than a fine beginning.
        if found := beginning.search(end, 0, len(end) // 2):
            return end[found.end() :].strip()
    return end


def cannot_reason(model: ModelInfo | None) -> bool:
    """Return True if a model is known not to reason by itself. Of one that nothing is known of, nothing is claimed."""
    if model is None or not model.can_chat or "thinking" in model.capabilities:
        return False
    return bool(model.capabilities) or model.thinking_modes == (ThinkingMode.OFF,)


def modes_of(model: ModelInfo) -> tuple[ThinkingMode, ...]:
    """Return the choices that the user has: those of the model; one that cannot reason may be asked to think first."""
    return (ThinkingMode.OFF, ThinkingMode.ON) if cannot_reason(model) else model.thinking_modes


def asking_to_think_first(request: ChatRequest) -> ChatRequest:
    """Return the request with its last message asking for thinking, where this is wanted.

    It asks in the language of that message, and stands with the question and not in the system's text, where small
    models overlook it. An answer that has begun, or is asked for now, needs no further thought.
    """
    partial_reply = request.partial_reply
    if not request.thinks_first or (partial_reply is not None and (partial_reply.has_words or partial_reply.answer_by)):
        return request
    at = next((at for at in reversed(range(len(request.messages))) if request.messages[at].role is Role.USER), None)
    if at is None:
        return request
    question = outgoing_text(request.messages[at])
    pictures = request.messages[at].pictures
    asking = replace(request.messages[at], parts=(TextPart(thinking_first(question)), *pictures))
    messages = (*request.messages[:at], asking, *request.messages[at + 1 :])
    return replace(request, messages=messages, thinks_first=False)


def thinking_first(question: str) -> str:
    """Return a question that asks for thinking before the answer."""
    return f"{question}\n\n{_words_for(question)}"


def _words_for(question: str) -> str:
    if is_chinese(question):
        return (
            "请先思考，再回答。先写 <think>，逐步写出你的思考，然后写 </think>；在这之后才写给我的回答，"
            "回答里不要重复思考过程。"
        )
    return (
        "Think before you answer. Begin with <think>, write down your thinking step by step, and close it with "
        "</think>. Only after that write the answer for me, without repeating the thinking."
    )
