"""Passages that were pasted into a freely written message without any mark: a mail, notes, a text in another language.

By the look of their lines and by what was asked for above them. Where it is not plain, nothing is taken for pasted.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from desktop.core.prompts.clauses import kind_of
from desktop.core.prompts.freeform_lexicon import ANNOUNCES, LIST_ITEM
from desktop.core.prompts.prompt import FieldKind
from desktop.core.text.late_regex import late_regex
from desktop.core.text.scripts import count_han, is_chinese

_LOOKED_AT = 4_000  # characters of a passage that show its language
_WINDOW = 40  # lines that show what a passage is
_FEW = 4  # lines by which notes are known
_LONG_BLOCK = 120  # characters, of which a Chinese one counts three times: more than one adds by hand below a request
_SHORT_ORDER = 100
_WISHES = (FieldKind.FORMAT, FieldKind.TONE, FieldKind.AUDIENCE, FieldKind.PERSONA)

_MAIL = late_regex(
    r"[ \t]*(?:(?:From|To|Subject|Date|Sent|Cc|Betreff|发件人|收件人|主题|抄送|发送时间|日期)[:：]\s*\S"
    r"|(?:Dear|Hi|Hello|Hey)\b[^.!?\n]{0,48}[,!:]?\s*\Z"
    r"|(?:尊敬的|亲爱的)[^，。！？\n]{1,24}[：:，,！!]?\s*\Z|[^，。！？\n]{1,12}(?:您好|你好)[：:，,！!。]?\s*\Z)",
    re.IGNORECASE,
)
# What is asked for of a text that others wrote.
_DEED = late_regex(
    r"\b(?:summari[sz]e|sum up|minutes|translate|proofread|correct|edit|polish|rewrite|shorten|tidy|clean up"
    r"|extract|sort|turn"
    r"|convert|table|analy[sz]e|review|reply|respond|answer)\b"
    r"|纪要|整理|总结|概括|归纳|翻译|译成|润色|校对|改写|提取|提炼|汇总|梳理|列成|转成|做成表|缩短|精简|回复|答复"
    r"|分析|审|核对",
    re.IGNORECASE,
)
_ANNOUNCED = late_regex(
    r"(?P<words>.{0,60}(?:summari[sz]e|minutes|translate|proofread|rewrite|shorten|纪要|整理|总结|概括|归纳|翻译"
    r"|译成[中英]文|润色|校对|改写"
    r"|汇总|梳理)(?!.{0,30}(?:points|steps|rules|要点|包括|包含|要求"
    r"|如下几点))[^:：\n]{0,24}[:：])[ \t]*(?P<rest>.*)",
    re.IGNORECASE,
)
_RECORDS = late_regex(
    r".*(?:记录|笔记|内容|数据|原文|资料|材料|留言|邮件|意见|清单)(?:如下|在下面)[:：]\s*|.*\b(?:notes|figures|data"
    r"|answers|comments)"
    r"(?: are)? (?:below|as follows)[:：]\s*",
    re.IGNORECASE,
)
_LEAST_IN_LINE = 30  # characters, of which a Chinese one counts three times
_NOTE = late_regex(r"[ \t]*[^\s:：，。]{1,10}[:：]\s*\S|.*[^\s。.！!？?：:]\s*\Z")
_ORDER_BEHIND = late_regex(
    r"(?:please |can you |could you )*(?:reply|answer|translate|summari[sz]e|proofread|rewrite|explain|shorten|turn"
    r"|write|draft|make)\b"
    r"|(?:请|帮我|麻烦你?|给我)*(?:回复|答复|翻译|总结|概括|润色|校对|改写|解释|整理|写|起草|把|帮)",
    re.IGNORECASE,
)


def announced(line: str) -> tuple[str, str] | None:
    """Return the words of a line that announce a text behind their colon, and what of it stands there."""
    if found := ANNOUNCES.fullmatch(line):
        return found["words"], found["rest"]
    found = _ANNOUNCED.fullmatch(line)
    if found is None or (found["rest"].strip() and _weight(found["rest"]) < _LEAST_IN_LINE):
        return None
    return found["words"], found["rest"]


def speaks_of_a_text(line: str) -> bool:
    """Return True if a line announces a text by what is to be done with it: items below it are that text."""
    return _ANNOUNCED.fullmatch(line) is not None or _RECORDS.fullmatch(line) is not None


def pasted_until(lines: Sequence[str], at: int, said: str, begins_part: Callable[[str], bool]) -> int:
    """Return the line before which a passage ends that begins at line `at`; `at` where none begins there.

    `said` are the words above it.
    """
    near = min(len(lines), at + _WINDOW)
    end = next((each for each in range(at, near) if begins_part(lines[each])), near)
    if not (_is_mail(lines, at, end, said) or _is_foreign(lines, at, end, said) or _is_notes(lines, at, end, said)):
        return at
    if end == near:
        end = next((each for each in range(near, len(lines)) if begins_part(lines[each])), len(lines))
    return without_orders(lines, at, end)


def _weight(text: str) -> int:
    return len(text) + 2 * count_han(text)


def _is_mail(lines: Sequence[str], at: int, end: int, said: str) -> bool:
    return _MAIL.match(lines[at][:200]) is not None and end - at >= 2 and (bool(said.strip()) or end - at >= 3)


def _is_foreign(lines: Sequence[str], at: int, end: int, said: str) -> bool:
    """Return True if a passage is in the other language than the words above it."""
    if not said.strip():
        return False
    text = "\n".join(lines[at:end])[:_LOOKED_AT]
    if is_chinese(said):
        return not count_han(text) and sum(map(str.isalpha, text)) >= 20 and bool(re.search(r"[a-z] [a-z]", text))
    return not count_han(said) and is_chinese(text) and count_han(text) >= 8


def _is_notes(lines: Sequence[str], at: int, end: int, said: str) -> bool:
    """Return True if what follows a request looks like notes, or like a long text, rather than like wishes."""
    if not _DEED.search(said):
        return False
    filled = [line for line in lines[at:end] if line.strip()]
    if len(filled) < 2 and _weight("".join(filled)) < _LONG_BLOCK:
        return False
    first = filled[:_FEW]
    if any(kind_of(line) in (*_WISHES, FieldKind.TASK) and not LIST_ITEM.match(line) for line in first[:2]):
        return False
    notes = sum(1 for line in first if LIST_ITEM.match(line) or _NOTE.match(line[:400]))
    is_apart = at > 0 and not lines[at - 1].strip()
    return notes >= 2 or (is_apart and _weight("".join(filled)) >= _LONG_BLOCK)


def without_orders(lines: Sequence[str], at: int, end: int) -> int:
    """Return where a passage ends, without the order and the wishes that stand below it.

    A blank line parts them, or that the passage is a list and they are no item of it.
    """
    last = end
    for each in range(end - 1, at, -1):
        line, above = lines[each].strip(), lines[each - 1]
        if line:
            says = is_chinese(line) and kind_of(line) in _WISHES
            is_order = len(line) <= _SHORT_ORDER and _ORDER_BEHIND.match(line) is not None
            is_apart = not above.strip() or (LIST_ITEM.match(above) is not None and not LIST_ITEM.match(line))
            if not (says or is_order) or not is_apart:
                break
            last = each
    return last
