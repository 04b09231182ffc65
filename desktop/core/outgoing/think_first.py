"""Thinking for models that do not reason by themselves: the request asks for a section of thinking before the answer.

The section comes as `<think>…</think>` at the beginning of the text, where it is split off as any other. A model that
does not comply has just answered. Nothing of this is stored with the messages.
"""

from __future__ import annotations

from dataclasses import replace

from desktop.core.message import Role, TextPart
from desktop.core.model import ModelInfo
from desktop.core.request import ChatRequest, ThinkingMode, outgoing_text
from desktop.core.text.scripts import is_chinese


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
