"""The tokens of a reply that were spent on thinking: counted by the server, or else estimated."""

from __future__ import annotations

from desktop.core.message import Message, Usage
from desktop.core.text.tokens import estimate_tokens, whole_tokens


def has_hidden_thinking(message: Message) -> bool:
    """Return True if the model thought, by its server's count, and the provider showed nothing of it."""
    return bool(message.usage and message.usage.reasoning_tokens) and not message.reasoning.strip()


def reasoning_tokens(usage: Usage | None, reasoning_estimate: float, text_estimate: float) -> int:
    """Return the tokens of thinking: the server's count, else its total shared out by the estimates, else the estimate.

    A count of nought beside thinking that arrived comes from a server that does not count it.
    """
    if usage is not None and usage.reasoning_tokens is not None and (usage.reasoning_tokens or not reasoning_estimate):
        return usage.reasoning_tokens
    total = reasoning_estimate + text_estimate
    if usage is not None and usage.completion_tokens and total > 0:
        return whole_tokens(usage.completion_tokens * reasoning_estimate / total)
    return whole_tokens(reasoning_estimate)


def reasoning_tokens_of(message: Message) -> int:
    """Return the tokens of thinking in a stored message, as `reasoning_tokens` does."""
    return reasoning_tokens(message.usage, estimate_tokens(message.reasoning), estimate_tokens(message.text))


def reasoning_share_of(message: Message) -> float | None:
    """Return the share of thinking in a stored reply's tokens, from 0 to 1; None where there are none."""
    return reasoning_share(reasoning_tokens_of(message), message.usage, estimate_tokens(message.text))


def reasoning_share(reasoning: int, usage: Usage | None, answer_estimate: float) -> float | None:
    """Return the share of so many tokens of thinking in a reply, from 0 to 1; None where there are none."""
    counted = (usage.completion_tokens if usage is not None else None) or 0
    total = counted if counted > reasoning else reasoning + answer_estimate  # a count may be of the thinking alone
    return min(1.0, reasoning / total) if total else None
