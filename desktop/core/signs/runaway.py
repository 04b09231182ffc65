"""Signs of an answer that does not get anywhere: it goes round in circles, says an earlier answer once more, or is left
with blanks where the words should stand.
"""

from __future__ import annotations

import re

from desktop.core.message import Role
from desktop.core.sign import Sign, SignKind, excerpt
from desktop.core.signs.exchange import Exchange, taken_apart
from desktop.core.signs.loops import LoopDetector
from desktop.core.text.late_regex import late_regex
from desktop.core.text.plain_compare import jaccard, squeezed, weight

# A model that does not find its way out ends in its loop. Looked at are so many characters of each side's end.
_LOOPED_AT = 40_000
_MOST_ANSWERS = 40
_COMPARED = 20_000  # characters of each
# "Done, thank you for asking." may be said twice.
_LEAST_WEIGHT = 80
_SAME_REQUEST = 0.6
_LEAST_BLANKS = 3

_WANTS_REPETITION = late_regex(
    r"\b(?:repeat\w*|(?:\d+|two|three|four|five|six|ten|twelve|twenty|fifty|a hundred|many|several) times"
    r"|over and over"
    r"|lorem ipsum|filler|dummy|test data|mantra|numbered|chants?)\b"
    r"|重复|[\d一二三四五六十百两多][遍次]|反复|占位|编号|测试数据|口号",
    re.IGNORECASE,
)
_WANTS_SONG = late_regex(r"\b(?:songs?|lyrics|chorus|refrain|poem|rap|rhyme)\b|歌|诗|绕口令", re.IGNORECASE)
_WANTS_IT_AGAIN = late_regex(
    r"\b(?:again|repeat|once more|same|resend|copy|as it was|complete|full|whole|revert|undo|go back|original|"
    r"previous|paste|continue)\b|再|重复|重新|一样|原样|复制|全文|完整|恢复|撤销|原来|上一版|刚才|继续|还是",
    re.IGNORECASE,
)
_WANTS_BLANKS = late_regex(
    r"\b(?:templates?|placeholders?|blanks?|brackets?|form|forms|boilerplate|skeleton|fill(?:ed)? in|fillable|sample"
    r"|reusable|format|look like|generic|outline)\b|格式|怎么写|模板|模版|范本|范文|样本|空着|留空|空白|占位|填空"
    r"|[去来自己再]填"
    r"|表(?![示明达演现扬])|通用|框架|【|\[",
    re.IGNORECASE,
)
# No task to do, no footnote, no link; a heading in such brackets stands at the head of its line.
_BLANK = late_regex(
    r"\[(?!\d+\]|\.+\]|sic\])([^\[\]\n]{2,60})\](?![(:])|【([^【】\n]{1,30})】|<[A-Z][\w' ]{1,30}>"
    r"|\{\{[\w ]{2,30}\}\}|(?<![A-Za-z])XX+(?![A-Za-z])"
)
_HEADING = late_regex(
    r"^[ \t>*#]*【[^【】\n]{1,30}】(?=[ \t]*\S)|^[ \t>*#]*【[^【】\n]{1,30}】[ \t*]*\n(?=[^\n【])", re.MULTILINE
)


def loop(exchange: Exchange) -> Sign | None:
    """Return a sign where it says the same over and over, in its answer or in its thinking."""
    reply = exchange.reply
    is_song = _WANTS_SONG.search(exchange.request.own) is not None
    was_wanted = _WANTS_REPETITION.search(exchange.request.own) is not None
    for in_thinking, text in ((False, "" if was_wanted else reply.text), (True, reply.reasoning)):
        end = text[-_LOOPED_AT:]
        if found := LoopDetector(is_strict=not in_thinking and is_song).feed(end):
            again = end[found.start : found.start + found.length]
            return Sign(SignKind.LOOP, excerpt(again), in_thinking=in_thinking)
    return None


def unfilled(exchange: Exchange) -> Sign | None:
    """Return a sign for three blanks and more in an answer, where nobody spoke of a template, nor gave one."""
    if _WANTS_BLANKS.search(exchange.background):
        return None
    found = [blank[0] for blank in _BLANK.finditer(_HEADING.sub("", exchange.prose))]
    return Sign(SignKind.UNFILLED, excerpt(" ".join(found))) if len(found) >= _LEAST_BLANKS else None


def repeats_earlier(exchange: Exchange) -> Sign | None:
    """Return a sign for the very words of an earlier answer, to another question that did not ask for it."""
    own = exchange.request.own
    text = exchange.reply.text[:_COMPARED]
    if weight(text) < _LEAST_WEIGHT or _WANTS_IT_AGAIN.search(own):
        return None
    whole, earlier = squeezed(text), exchange.earlier
    for said, asked in list(zip(earlier[-2::-1], earlier[-3::-1], strict=False))[:_MOST_ANSWERS]:
        if said.role is not Role.ASSISTANT or asked.role is not Role.USER:
            continue
        question = taken_apart(asked.text[:_COMPARED]).own
        if squeezed(said.text[:_COMPARED]) == whole and not _is_same(question, own):
            return Sign(SignKind.REPEATS_EARLIER, excerpt(text), excerpt(question))
    return None


def _is_same(one: str, other: str) -> bool:
    pairs = [{text[at : at + 2] for at in range(len(text) - 1)} for text in (squeezed(one), squeezed(other))]
    return squeezed(one) == squeezed(other) or jaccard(*pairs) >= _SAME_REQUEST
