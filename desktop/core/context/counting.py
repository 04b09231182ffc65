"""The tokens of a request, estimated for one model: an estimate that learns from what its server counts.

A model's vocabulary makes so many tokens of a letter, of a Chinese character and of a digit, its template so many of a
message and of every request. These numbers are those of an average model; by how much a model makes more or fewer
tokens of words is learnt for each script, Chinese and all others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from operator import mul

from desktop.core.message import ImagePart
from desktop.core.model import PromptCount
from desktop.core.request import ChatRequest, outgoing_text
from desktop.core.text.tokens import Letters, letters_in

_LEAST_RATIO = 0.2
_PRIOR = 35.0**2  # tokens; a few words tell more of the template than of the vocabulary
_KEPT = 6  # counts of each kind: mostly Chinese, and all others
# A count that is so far from a first estimate tells of something else: a prompt that was cut, or counted without what
# the server had read before.
_CREDIBLE = (0.5, 4.0)


@dataclass(frozen=True, slots=True)
class Weights:
    """Tokens that a model makes of a request, of each message, and of each character of a kind.

    Of digits, Qwen, Gemma and Mistral make one token each, Llama and GPT one of three.
    """

    request: float = 8.0
    message: float = 5.0
    other: float = 0.25
    wide: float = 0.67
    digit: float = 0.7

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
    """Return the weights of an average model, those of each script multiplied as its counts tell."""
    wide, other = (
        _ratio([each for each in counts if _is_wide(each)]),
        _ratio([each for each in counts if not _is_wide(each)]),
    )
    return replace(USUAL, wide=USUAL.wide * wide, other=USUAL.other * other, digit=USUAL.digit * other)


def _ratio(counts: Sequence[PromptCount]) -> float:
    """Return how many times the usual tokens words have: by least squares, as if a short text had been as usual."""
    usual = [USUAL.tokens_of(each.letters) for each in counts]
    seen = [each.tokens - USUAL.prompt_tokens(Letters(), each.messages) for each in counts]
    ratio: float = (_PRIOR + sum(map(mul, usual, seen))) / (_PRIOR + sum(map(mul, usual, usual)))
    return max(_LEAST_RATIO, ratio)


def _is_wide(count: PromptCount) -> bool:
    return count.letters.wide > count.letters.other / 4
