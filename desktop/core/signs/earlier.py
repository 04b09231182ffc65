"""Signs against what was said earlier: the same answer to another question, the opposite to the same yes/no question.

Looks at the last `MOST_ANSWERS` answers, and nothing before them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from desktop.core.message import Role
from desktop.core.sign import Sign, SignKind, excerpt
from desktop.core.signs.exchange import EarlierMessage, Exchange, taken_apart
from desktop.core.signs.yes_no import answers_yes, question_in, same_question
from desktop.core.text.late_regex import late_regex
from desktop.core.text.plain_compare import jaccard, sentences, squeezed, weight

MOST_ANSWERS = 40
_COMPARED = 20_000  # characters of each
# "Done, thank you for asking." may be said twice.
_LEAST_WEIGHT = 80
_ALIKE = 0.92

_WANTS_IT_AGAIN = late_regex(
    r"\b(?:again|repeat|once more|same|resend|copy|as it was|complete|full|whole|revert|undo|go back|original|"
    r"previous|paste|continue)\b|再|重复|重新|一样|原样|复制|全文|完整|恢复|撤销|原来|上一版|刚才|继续|还是",
    re.IGNORECASE,
)
_CHANGES = late_regex(
    r"\b(?:change|replace|add|remove|delete|correct|shorten|shorter|longer|make|rewrite|fix|update|translate|turn|"
    r"put|insert|move|use|swap|drop|without|with|format|bold|table|list|tone|polite|formal|write|instead)\b"
    r"|改|加|删|换|缩|修|润|翻译|去掉|插入|移|用|格式|表格|列表|语气|正式|写|补|调整|精简|扩",
    re.IGNORECASE,
)
_NEW_FACTS = late_regex(
    r"\b(?:now|new|changed?|updated?|actually|instead|assum\w+|suppose|if|since|but|wrong|mistake|correction|"
    r"meanwhile|turns out|in fact|however|recheck|look again|after all|different)\b"
    r"|现在|新|改|更新|其实|实际上|假设|如果|但|错|更正|后来|目前|已经|变|重新|再看|补充|刚刚|不过|另外",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Turn:
    """Question of the user, the answer to it, and what was said after that."""

    question: str
    answer: str
    after: tuple[EarlierMessage, ...]


def repeats_earlier(exchange: Exchange) -> Sign | None:
    """Return a sign for all but the very words of an earlier answer, to another question that did not ask for it."""
    own = exchange.request.own
    text = exchange.reply.text[:_COMPARED]
    if weight(text) < _LEAST_WEIGHT or _WANTS_IT_AGAIN.search(own):
        return None
    whole, parts = squeezed(text), set(map(squeezed, sentences(text)))
    for turn in _turns(exchange):
        if _is_same_request(turn.question, own):
            continue
        is_same = squeezed(turn.answer) == whole
        if not is_same and not _CHANGES.search(own):
            is_same = len(parts) > 2 and jaccard(parts, set(map(squeezed, sentences(turn.answer)))) >= _ALIKE
        if is_same:
            return Sign(SignKind.REPEATS_EARLIER, excerpt(text), excerpt(turn.question))
    return None


def opposite(exchange: Exchange) -> Sign | None:
    """Return a sign where an earlier answer to the same question was the opposite, and nothing has changed."""
    question = question_in(exchange.request.own)
    says_yes = answers_yes(exchange.answer)
    if not question or says_yes is None or exchange.request.material:
        return None
    for turn in _turns(exchange):
        said_yes = answers_yes(turn.answer)
        if said_yes is None or not same_question(question, question_in(turn.question)):
            continue
        if said_yes is says_yes or _has_news(turn.after, question):
            return None
        return Sign(SignKind.OPPOSITE, excerpt(_first(exchange.answer)), excerpt(_first(turn.answer)))
    return None


def _turns(exchange: Exchange) -> Iterator[_Turn]:
    """Yield the earlier turns, the latest first."""
    earlier = exchange.earlier
    count = 0
    for at in range(len(earlier) - 1, 0, -1):
        said, asked = earlier[at], earlier[at - 1]
        if said.role is not Role.ASSISTANT or asked.role is not Role.USER:
            continue
        yield _Turn(taken_apart(asked.text[:_COMPARED]).own, said.text[:_COMPARED], tuple(earlier[at + 1 :]))
        count += 1
        if count == MOST_ANSWERS:
            return


def _is_same_request(one: str, other: str) -> bool:
    if squeezed(one) == squeezed(other):
        return True
    pairs = [{text[at : at + 2] for at in range(len(text) - 1)} for text in (squeezed(one), squeezed(other))]
    return jaccard(*pairs) >= 0.6


def _has_news(after: tuple[EarlierMessage, ...], question: str) -> bool:
    """Return True if the user has said, since then, what may have changed the answer."""
    for said in after:
        if said.role is not Role.USER:
            continue
        request = taken_apart(said.text[:_COMPARED])
        if request.material or _NEW_FACTS.search(request.own.replace(question, "")):
            return True
    return False


def _first(text: str) -> str:
    found = sentences(text[:1000])
    return found[0] if found else text
