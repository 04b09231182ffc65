"""The filling of a model's window: what of it is taken, by what, and what is left."""

from __future__ import annotations

from dataclasses import replace

from desktop.core.context.counting import Weights, letters_of_request
from desktop.core.context.window import WindowRange
from desktop.core.request import ChatRequest, Thinking, ThinkingMode

# Tokens that are kept free: a page and a half for an answer, and the thinking that usual questions get.
_TO_ANSWER = 1_024
_TO_THINK = 2_048


def room_to_keep(thinking: Thinking, *, can_think: bool = True, max_tokens: int | None = None) -> int:
    """Return the tokens to keep free for a reply: for its answer, and its thinking where it thinks."""
    answer = max_tokens or _TO_ANSWER
    if not can_think or thinking.mode is ThinkingMode.OFF:
        return answer
    return answer + (thinking.budget or _TO_THINK)


def room_for(request: ChatRequest) -> int:
    """Return the tokens to keep free for the reply to a request."""
    return room_to_keep(request.thinking, can_think=not request.is_for_answer, max_tokens=request.params.max_tokens)


def with_window(request: ChatRequest, windows: WindowRange | None, weights: Weights) -> ChatRequest:
    """Return the same request, asking for a window that holds it; `windows` is None where none can be asked for."""
    if windows is None:
        return request
    tokens = weights.prompt_tokens(*letters_of_request(request)) + room_for(request)
    largest = max(windows.unasked, min(windows.asked or 0, windows.most))
    params = replace(request.params, context_length=windows.window_for(tokens), largest_context=largest)
    return replace(request, params=params)
