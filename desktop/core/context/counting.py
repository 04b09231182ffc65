"""The tokens of a request, estimated for one model: an estimate that learns from what its server counts.

A model's vocabulary makes so many tokens of a letter, of a Chinese character and of a digit, its template so many of a
message and of every request. These five numbers begin as those of an average model, and are fitted to the counts that
have come back, each of them the more the better the counts tell it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from desktop.core.message import ImagePart
from desktop.core.model import PromptCount
from desktop.core.request import ChatRequest, outgoing_text
from desktop.core.text.tokens import Letters, letters_in

# Of current vocabularies and templates, and how far one of them may be from that: a request, a message, a letter, a
# Chinese character, a digit (one token each for Qwen, Gemma and Mistral, one for three of them for Llama and GPT).
_USUAL = (8.0, 5.0, 0.25, 0.67, 0.7)
_SPREAD = (12.0, 4.0, 0.06, 0.25, 0.35)
_LEAST = (0.0, 0.0, 0.05, 0.1, 0.1)
# Share of a count that the five numbers cannot explain: some texts have longer words than others.
_NOISE = 0.02
_KEPT = 6  # counts of each kind: mostly Chinese, and all others
# A count that is so far from a first estimate tells of something else: a prompt that was cut, or counted without what
# the server had read before.
_CREDIBLE = (0.5, 4.0)


@dataclass(frozen=True, slots=True)
class Weights:
    """Tokens that a model makes of a request, of each message, and of each character of a kind."""

    request: float = _USUAL[0]
    message: float = _USUAL[1]
    other: float = _USUAL[2]
    wide: float = _USUAL[3]
    digit: float = _USUAL[4]

    def tokens_of(self, letters: Letters) -> float:
        """Return the estimated tokens of words alone; not rounded, so that those of pieces add up."""
        return letters.other * self.other + letters.wide * self.wide + letters.digits * self.digit

    def tokens_in(self, text: str) -> float:
        """Return the estimated tokens of a text."""
        return self.tokens_of(letters_in(text))

    def prompt_tokens(self, letters: Letters, messages: int) -> float:
        """Return the estimated tokens of a request, with what the template adds."""
        return self.request + messages * self.message + self.tokens_of(letters)


USUAL = Weights()


def letters_of_request(request: ChatRequest) -> tuple[Letters, int]:
    """Return what a request is made of, and its number of messages."""
    texts = [outgoing_text(message) for message in request.messages]
    if request.system:
        texts.append(request.system)
    if request.partial_reply is not None:
        texts += [request.partial_reply.text + request.partial_reply.reasoning]
    return sum(map(letters_in, texts), Letters()), len(texts)


def has_pictures(request: ChatRequest) -> bool:
    """Return True if a request holds pictures, whose tokens letters tell nothing of."""
    return any(isinstance(part, ImagePart) for message in request.messages for part in message.parts)


def with_count(counts: Sequence[PromptCount], new: PromptCount) -> tuple[PromptCount, ...]:
    """Return the counts with a new one, without the oldest of its kind if there are enough; unchanged if it is odd."""
    expected = USUAL.prompt_tokens(new.letters, new.messages)
    least, most = _CREDIBLE
    if not least * expected <= new.tokens <= most * expected:
        return tuple(counts)
    alike = [each for each in counts if _is_wide(each) == _is_wide(new)]
    left_out = alike[: len(alike) + 1 - _KEPT] if len(alike) >= _KEPT else []
    return (*(each for each in counts if each not in left_out and each != new), new)


def weights_from(counts: Sequence[PromptCount]) -> Weights:
    """Return the weights that explain the counts best, starting from those of an average model.

    A linear regression whose unknowns are expected near the usual values (Bayesian, with normal distributions): with
    few counts it stays near these, and what no count tells anything of stays as it is.
    """
    size = len(_USUAL)
    matrix = [[1 / _SPREAD[i] ** 2 if i == j else 0.0 for j in range(size)] for i in range(size)]
    target = [0.0] * size
    for each in counts:
        row = (1.0, each.messages, each.letters.other, each.letters.wide, each.letters.digits)
        weight = 1 / max(1.0, _NOISE * each.tokens) ** 2
        missing = each.tokens - sum(a * b for a, b in zip(row, _USUAL, strict=True))
        for i in range(size):
            target[i] += weight * row[i] * missing
            for j in range(size):
                matrix[i][j] += weight * row[i] * row[j]
    shift = _solved(matrix, target)
    return Weights(*(max(least, usual + by) for least, usual, by in zip(_LEAST, _USUAL, shift, strict=True)))


def _is_wide(count: PromptCount) -> bool:
    return count.letters.wide > count.letters.other / 4


def _solved(matrix: list[list[float]], target: list[float]) -> list[float]:
    """Return the solution of linear equations whose matrix is symmetric and positive: elimination without pivots."""
    size = len(target)
    rows = [[*row, value] for row, value in zip(matrix, target, strict=True)]
    for i in range(size):
        for below in rows[i + 1 :]:
            factor = below[i] / rows[i][i]
            for j in range(i, size + 1):
                below[j] -= factor * rows[i][j]
    found = [0.0] * size
    for i in reversed(range(size)):
        known = sum(rows[i][j] * found[j] for j in range(i + 1, size))
        found[i] = (rows[i][size] - known) / rows[i][i]
    return found
