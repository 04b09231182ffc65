"""A sign of trouble: a kind, and the evidence for it. Never a score, and never a guess at who wrote something.

Values only, which are stored with the reply. The rules that find signs stand in `signs`; the sentences that the user
reads are chosen by kind in the window.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum


class SignKind(StrEnum):
    """Fault that a reply can have, the gravest first. In brackets: which of a `Sign`'s values it has.

    The words are stored with replies, and in the settings where a kind is switched off.
    """

    GAVE_IN = "gave_in"  # to an objection without a reason (excerpt; other: the values one after another, if any)
    CONTEXT_CUT = "context_cut"  # the server read far less than was sent (counts: tokens counted, tokens sent at least)
    NO_ANSWER = "no_answer"  # it thought, and said nothing
    BEGAN_AGAIN = "began_again"  # instead of going on with what it had begun (excerpt)
    LOOP = "loop"  # (excerpt; in_thinking)
    CUT_OFF = "cut_off"  # by a limit (answer_limit, if ours), or in the middle of a sentence (excerpt)
    OPPOSITE = "opposite"  # of an earlier answer to the same yes/no question (excerpt, other)
    UNFILLED = "unfilled"  # blanks in an answer that was to be finished (excerpt)
    REPEATS_EARLIER = "repeats_earlier"  # an earlier answer, to another question (excerpt, other: that question)
    OTHER_LANGUAGE = "other_language"  # than the user's (excerpt; other: the user's, of a first answer: "zh")
    UNGIVEN = "ungiven"  # a source that the model has from its memory (excerpt)


def kinds_off(stored: Collection[str]) -> frozenset[str]:
    """Return the kinds that are not shown; of a user who had switched all off before blanks were a kind, those too."""
    all_kinds = frozenset(each.value for each in SignKind)
    return frozenset(stored) | (all_kinds if all_kinds - {SignKind.UNFILLED} <= set(stored) else frozenset())


@dataclass(frozen=True, slots=True)
class Sign:
    """Sign of trouble. `excerpt` stands in the reply, `other` in what it was compared with; both are short.

    `answer_limit`: the tokens at which the program ended the answer because its model is very small.
    """

    kind: SignKind
    excerpt: str = ""
    other: str = ""
    counts: tuple[int, int] | None = None
    in_thinking: bool = False
    answer_limit: int | None = None


_LONGEST_EXCERPT = 160  # characters: two lines


def excerpt(text: str) -> str:
    """Return a text as evidence: in one line, shortened."""
    flat = " ".join(text[: 4 * _LONGEST_EXCERPT].split())
    return flat if len(flat) <= _LONGEST_EXCERPT else f"{flat[: _LONGEST_EXCERPT - 1].rstrip()}…"


def tail_excerpt(text: str) -> str:
    """Return the end of a text as evidence."""
    flat = " ".join(text[-_LONGEST_EXCERPT:].split())
    return flat if len(text) <= _LONGEST_EXCERPT else f"…{flat[-_LONGEST_EXCERPT // 2 :].lstrip()}"


def has_kind(signs: Iterable[Sign], kind: SignKind) -> bool:
    """Return True if a sign of this kind is among them."""
    return any(sign.kind is kind for sign in signs)


def answer_limit_in(signs: Iterable[Sign]) -> int | None:
    """Return the limit of the program's own that is among these signs, in tokens; None where there is none."""
    return next((sign.answer_limit for sign in signs if sign.answer_limit), None)
