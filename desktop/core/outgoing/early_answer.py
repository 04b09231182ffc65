"""Words for getting an answer from thinking that is not at its end: how it is closed, and how it is asked for.

Which of these a server understands, and in which order they are tried, is `messages`; how they are written on the wire
is the protocols' business.
"""

from __future__ import annotations

import re

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
