"""Signs of an answer that does not get anywhere: it goes round in circles, says an earlier answer once more, or is left
with blanks where the words should stand.
"""

from __future__ import annotations

import re
from collections import Counter

from desktop.core.claims.claim import Shown
from desktop.core.claims.finding import claims_of
from desktop.core.claims.measures import decimal_of
from desktop.core.sign import Sign, SignKind, excerpt
from desktop.core.signs.exchange import Exchange
from desktop.core.signs.loops import LoopDetector
from desktop.core.text.plain_compare import jaccard, squeezed, weight
from desktop.core.text.scripts import HAN

# A model that does not find its way out ends in its loop. Looked at are so many characters of each side's end.
_LOOPED_AT = 40_000
_MOST_ANSWERS = 40
_COMPARED = 20_000  # characters of each
# "Done, thank you for asking." may be said twice.
_LEAST_WEIGHT = 80
_SAME_REQUEST = 0.6
_LEAST_BLANKS = 3

# Pieces of sentences, rows of tables; of forms and of tables of words lines are the same rightly.
_PIECE = re.compile(r"[ \t]*\|[^\n]*|[^.!?;,。！？；，、\n|]+[.!?;,。！？；，、]?")
_FORM = re.compile(r"[:：_][ \t]*$|^[ \t]*\|[^\d\n]*$", re.MULTILINE)
_CUT_ROW = re.compile(r"\n\|(?:[^|\n]+\|){2,}[ \t]*\n\|[^|\n]*(?:\|[^|\n]*)?\Z")
_LEAST_PIECE = 8  # letters: no values between commas
_AGAIN, _LEAST_AGAIN = 1.25, 120  # times each at the end, and letters in all
_ORDINAL = re.compile(
    r"^\s*(?:第?[一二三四五六七八九十百\d]{1,4}[是则、.)）]|首先|其次|再次|最后|此外|另外|同时"
    r"|(?:first|second|third|fourth|final|last)(?:ly)?\b|moreover|furthermore|in addition)",
    re.IGNORECASE,
)

_WANTS_REPETITION = re.compile(
    r"\b(?:repeat\w*|(?:\d+|two|three|four|five|six|ten|twelve|twenty|fifty|a hundred|many|several) times"
    r"|over and over"
    r"|lorem ipsum|filler|dummy|test data|mantra|numbered|chants?)\b"
    r"|重复|[\d一二三四五六十百两多][遍次]|反复|占位|编号|测试数据|口号",
    re.IGNORECASE,
)
_WANTS_IT_AGAIN = re.compile(
    r"\b(?:again|repeat|once more|same|resend|copy|as it was|complete|full|whole|revert|undo|go back|original|"
    r"previous|paste|continue)\b|再|重复|重新|一样|原样|复制|全文|完整|恢复|撤销|原来|上一版|刚才|继续|还是",
    re.IGNORECASE,
)
_WANTS_NONE = re.compile(
    r"\b(?:no|not an?|without(?: any)?|don['’]t \w+(?: any| an?)?|do not \w+(?: any| an?)?) (?:templates?|placeholders?"
    r"|blanks?|brackets?)|(?:不要|不用|别用?|不是|不留)(?:模板|模版|空白|占位\w*)",
    re.IGNORECASE,
)
_WANTS_BLANKS = re.compile(
    r"\b(?:templates?|placeholders?|blanks?|brackets?|form|forms|boilerplate|skeleton|fill(?:ed)? in|fillable|sample"
    r"|reusable|format|look like|generic|outline|myself)\b"
    r"|格式|怎么写|模板|模版|范本|范文|样本|空着|留空|空白|占位|填空"
    r"|[去来自己再]填"
    r"|表(?![示明达演现扬])|通用|框架|【|\[",
    re.IGNORECASE,
)
# No task to do, no footnote, no link; a heading in such brackets stands at the head of its line.
_BLANK = re.compile(
    r"\[(?!\d+\]|\.+\]|sic\])([^\[\]\n]{2,60})\](?![(:])|【([^【】\n]{1,30})】|<[A-Z][\w' ]{1,30}>"
    rf"|\{{\{{[\w ]{{2,30}}\}}\}}|(?<=[{HAN}，])_{{3,}}|_{{3,}}(?=[{HAN}])"
    r"|(?<![A-Za-z])X(?:X+|(?=[年月日]))(?![A-Za-z])|×{2,}"
)
_HEADING = re.compile(
    r"^[ \t>*#]*【[^【】\n]{1,30}】(?=[ \t]*\S)|^[ \t>*#]*【[^【】\n]{1,30}】[ \t*]*\n(?=[^\n【])", re.MULTILINE
)


def loop(exchange: Exchange) -> Sign | None:
    """Return a sign where it says the same over and over, in its answer or in its thinking."""
    reply = exchange.reply
    was_wanted = _WANTS_REPETITION.search(exchange.request.own) is not None or _are_copies(exchange)
    for in_thinking, text in ((False, "" if was_wanted else reply.text), (True, reply.reasoning)):
        end = text[-_LOOPED_AT:]
        if found := LoopDetector().feed(end):
            again = end[found.start : found.start + found.length]
            return Sign(SignKind.LOOP, excerpt(again), in_thinking=in_thinking)
    if not was_wanted and (piece := _said_again(exchange.prose)):
        return Sign(SignKind.LOOP, excerpt(piece))
    return None


def _said_again(prose: str) -> str:
    """Return a piece of the end, where all that stands there was said before, in whatever order."""
    if _CUT_ROW.search(prose):  # a table that broke off is no form: its cells should bring something new
        pieces = [cell for cell in re.split(r"[|\n]", prose) if cell.strip()]
    else:
        pieces = [each for each in _PIECE.findall(_FORM.split(prose)[-1]) if weight(each) >= _LEAST_PIECE]
    keys = [squeezed(_ORDINAL.sub("", each)) for each in pieces]
    keys[-1:] = [next((key for key in keys if key.startswith(last)), last) for last in keys[-1:]]  # it may be cut off
    firsts = {key: at for at, key in reversed(tuple(enumerate(keys)))}
    last_new = max(firsts.values(), default=0)
    end = keys[last_new + 1 :]
    is_again = len(end) >= _AGAIN * len(set(end)) and weight("".join(end)) >= _LEAST_AGAIN
    return pieces[last_new + 1].strip() if is_again else ""


def _are_copies(exchange: Exchange) -> bool:
    """Return True if a line of the user's stands there as often as they wanted it."""
    lines = Counter(line.strip() for line in exchange.answer.splitlines() if line.strip())
    ((line, count),) = lines.most_common(1) or [("", 0)]
    own = exchange.request.own
    is_wanted = count > 1 and squeezed(line) in squeezed(own)
    return is_wanted and count in {decimal_of(claim) for claim in claims_of([Shown(own)])[0]}


def unfilled(exchange: Exchange) -> Sign | None:
    """Return a sign for three blanks and more in an answer, where nobody spoke of a template, nor gave one."""
    background = _WANTS_NONE.sub(" ", exchange.background)
    if _WANTS_BLANKS.search(background):
        return None
    found = [blank[0] for blank in _BLANK.finditer(_HEADING.sub("", exchange.prose)) if blank[0] not in background]
    return Sign(SignKind.UNFILLED, excerpt(" ".join(found))) if len(found) >= _LEAST_BLANKS else None


def repeats_earlier(exchange: Exchange) -> Sign | None:
    """Return a sign for the very words of an earlier answer, to another question that did not ask for it."""
    own = exchange.request.own
    text = exchange.reply.text[:_COMPARED]
    if weight(text) < _LEAST_WEIGHT or _WANTS_IT_AGAIN.search(own):
        return None
    for question, said in exchange.turns[:_MOST_ANSWERS]:
        if squeezed(said[:_COMPARED]) == squeezed(text) and not _is_same(question, own):
            return Sign(SignKind.REPEATS_EARLIER, excerpt(text), excerpt(question))
    return None


def _is_same(one: str, other: str) -> bool:
    pairs = [{text[at : at + 2] for at in range(len(text) - 1)} for text in (squeezed(one), squeezed(other))]
    return squeezed(one) == squeezed(other) or jaccard(*pairs) >= _SAME_REQUEST
