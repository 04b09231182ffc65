"""Passages that were pasted into a freely written message without any mark: a mail, notes, a text in another language.

By the look of their lines and by what was asked for above them. Where it is not plain, nothing is taken for pasted.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from desktop.core.prompts.clauses import clauses_of, kind_of
from desktop.core.prompts.freeform_lexicon import ANNOUNCES, AUDIENCE, FORMAT, LIST_ITEM, PAIR, PERSONA, SENTENCE, TONE
from desktop.core.prompts.prompt import FieldKind
from desktop.core.text.late_regex import late_regex
from desktop.core.text.scripts import count_han, is_chinese

_LOOKED_AT = 4_000  # characters of a passage that show its language
_WINDOW = 40  # lines that show what a passage is
_FEW = 4  # lines by which notes are known
_LONG_BLOCK = 120  # characters, of which a Chinese one counts three times: more than one adds by hand below a request
_LISTS = late_regex(r"\b(?:points|includ\w+|mention\w*|rules|steps)\b|包括|包含|要求|要点|如下几点", re.IGNORECASE)
_SOME = 60  # characters as well: more than a remark
_SHORT_ORDER, _LONG_ORDER = 100, 500
_WISHES = (FieldKind.FORMAT, FieldKind.TONE, FieldKind.AUDIENCE, FieldKind.PERSONA)

_MAIL = late_regex(
    r"[ \t]*(?:(?:From|To|Subject|Date|Sent|Cc|Betreff|发件人|收件人|主题|抄送|发送时间|日期)[:：]\s*\S"
    r"|(?:Dear|Hi|Hello|Hey)\b[^.!?\n]{0,48}[,!:]?\s*\Z"
    r"|(?:尊敬的|亲爱的)[^，。！？\n]{1,24}[：:，,！!]?\s*\Z|[^，。！？\n]{1,12}(?:您好|你好)[：:，,！!。]?\s*\Z"
    r"|[\u4e00-\u9fff]{1,4}(?:总|经理|主任|老师|先生|女士|老板)[：:，,]?\s*\Z)",
    re.IGNORECASE,
)
_GREETING = late_regex(r"\W*(?:(?:dear|hi|hello|hey)\b|.{0,6}(?:你好|您好)|亲爱的|尊敬的)", re.IGNORECASE)
# What is asked for of a text that others wrote: all that stands beside it is that text, or says how it is to be done.
_WORKED_ON = late_regex(
    r"\b(?:summari[sz]e|summary|sum up|minutes|translate|translation|proofread|correct|edit|polish|rewrite"
    r"|rephrase|shorten"
    r"|tidy|clean up|extract|sort|turn|convert|table|analy[sz]e|review|compare|check|improve|feedback"
    r"|comment on|make (?:this|it)|put (?:this|it)"
    r"|(?:from|of) (?:these|my|the|our) (?:\w+ )?(?:notes|points|figures|data))\b"
    r"|纪要|整理|总结|概括|归纳|翻译|译成|翻[成译]|英译|中译|润色|校对|改写|改[得短长成正一下]|提取|提炼|汇总|梳理|列成|转成|做成表"
    r"|成表|缩短|精简|压缩|分析|审|核对|检查|比较|对比|[有么]?坑|风险|解读|[周日月]报|错别字|病句|通顺|点评|提.{0,3}意见",
    re.IGNORECASE,
)
_ANSWERED = late_regex(
    r"\b(?:reply|respond|answer|write back)\b|回复|答复|回信|回应|回一?[下个封条]|[怎咋]么?回", re.IGNORECASE
)
_POINTS = late_regex(
    r"\b(?:this|these|below|following|underneath|attached)\b|附件|这[个段份篇封条几些两张]|下面|以下|如下|原文",
    re.IGNORECASE,
)
_POINTS_UP = late_regex(
    r"\b(?:this|these|above|it)\b|上面|以上|上述|这[个段份篇封条几些两张]|\A[请帮我]*(?:整理|做成|列成)"
)
_ANNOUNCED = late_regex(
    r"(?P<words>.{0,60}(?:summari[sz]e|summary|minutes|translate|proofread|rewrite|shorten|compare|\btable"
    r"|weekly report|纪要|整理|总结"
    r"|概括|归纳|翻译|[译翻]成[中英日]文|润色|校对|改写|汇总|梳理|做成表格?|列成表格?|比较|对比|核对|检查|审|看看|看一下|[周日月]报"
    r"|改[短得])(?!.{0,30}(?:points|steps|rules|要点|包括|包含|要求|如下几点))[^:：\n]{0,24}[:：])[ \t]*(?P<rest>.*)",
    re.IGNORECASE,
)
_RECORDS = late_regex(
    r".*(?:记录|笔记|内容|数据|原文|资料|材料|留言|邮件|意见|清单)(?:如下|在下面)[:：]\s*|.*\b(?:notes|figures|data"
    r"|answers|comments)"
    r"(?: are)? (?:below|as follows)[:：]\s*",
    re.IGNORECASE,
)
_QUOTED = late_regex(
    r"(?P<words>.{0,80}(?:\b(?:this|these|the following)\b"
    r"|这[个段句条篇])[^\"“”]{0,60})[\"“](?P<rest>[^\"“”]{12,})[\"”](?P<behind>[^\"“”]{0,60})",
    re.IGNORECASE,
)
_QUOTES = {'"': '"', "“": "”", "「": "」"}
_ENGLISH_SENTENCE = late_regex(r".+?(?:[.!?]+(?:\s+|\Z)|\Z)", re.DOTALL)
_RECKONS = late_regex(r"(?:再|最后|请|帮我|并)*(?:算|求|标[出注]|合计)")
_CHOOSES = late_regex(r"\bcompare\b|比较|对比|哪", re.IGNORECASE)
_FOR_US = late_regex(r"(?:we|i|our)\b|我们?", re.IGNORECASE)
_LEAST_IN_LINE = 30  # characters, of which a Chinese one counts three times
_NOTE = late_regex(r"[ \t]*[^\s:：，。]{1,10}[:：]\s*\S|.*[^\s。.！!？?：:]\s*\Z")
# How an order to a model begins. What is asked of somebody else ("please reply by Friday") is part of their mail.
_ORDERS = late_regex(
    r"\W*(?:[\w' ]{2,24}[,:] (?=please |pls ))?(?:(?:please|pls|plz|now|and|then|so|can you|could you|would you"
    r"|help me(?: to)?|i need(?: you)? to"
    r"|i want you to"
    r"|your (?:task|job) is to)[, ]+)*"
    r"(?:reply|respond|answer|translate|summari[sz]e|sum up|proofread|rewrite|rephrase|explain|shorten|turn"
    r"|write|draft|make"
    r"|put|create|prepare|compare|check|review|correct|fix|polish|improve|edit|convert|extract|list|tidy|format|generate"
    r"|compose|calculate|add|analy[sz]e|give me|give (?:your |some )?(?:feedback|advice)|tell me|need an?"
    r"|plan(?! ?:)|outline|suggest|announce|invite|describe|decline|apologi[sz]e"
    r"|remind|design|propose|recommend|organi[sz]e|evaluate|assess|highlight|brainstorm|think of|come up with"
    r"|thank(?! you| ?s)"
    r"|find(?! attached| enclosed| our| below)|sort|rank|combine|merge|count)\b"
    r"|(?:请|帮我|帮忙|麻烦|劳烦|你|您|给我|替我|能不能|可以|现在|根据.{1,12}?|按.{1,12}?|用.{1,8}?|以上|上面|把|将)*"
    r"(?:回复|答复|回一?[下个封条]|回(?:邮件|信|微信|消息)|想[个一几\d]|策划|翻译|译成|翻成|总结|概括|归纳|润色|校对|改写|改[成得短一]|解释|解读|整理|写|起草|草拟|拟"
    r"|做成?|生成|制作|列[出成]|汇总|梳理|提炼|提取|缩写|缩短|精简|核对|检查|审核|审一?下|比较|对比|分析|计算|算一?下|转成"
    r"|(?<=把).{0,12}?改|(?<=把).{1,20}?(?:[整理做写译翻改列成]{2}|翻译)|(?<=将).{1,20}?(?:[整理做写译翻改列成]{2}|翻译))",
    re.IGNORECASE,
)
_TO_OTHERS = late_regex(
    r"\W*(?:please|kindly|could you|can you|请|烦请|麻烦).{0,60}?(?:\b(?:asap|by (?:\w+day|return|\d)|to us|let us know"
    r"|your (?:earliest|offer|order|reply))\b|尽快|尽早|贵[司方公]|之前回|前(?:回复|答复))",
    re.IGNORECASE,
)
_ADDED = late_regex(
    r"(?!.*\d)(?:(?:(?:and|also|then|please) )*(?:add|sort|total|with|keep|leave out|use)\b"
    r"|(?:最后|另外|顺便|再|并|还要)*(?:加[上一个]?|按.{1,8}排|合计|排序|标出))",
    re.IGNORECASE,
)


def announced(line: str) -> tuple[str, str] | None:
    """Return the words of a line that announce a text behind their colon, and what of it stands there."""
    if found := ANNOUNCES.fullmatch(line):
        return found["words"], found["rest"]
    found = _ANNOUNCED.fullmatch(line) or _QUOTED.fullmatch(line)
    if found is None or (found["rest"].strip() and _weight(found["rest"]) < _LEAST_IN_LINE):
        return None
    words, rest = found["words"] + found.groupdict().get("behind", "").strip(".。 "), found["rest"].strip()
    is_quoted = rest[:1] in _QUOTES and rest[-1:] == _QUOTES[rest[:1]] and not set(rest[1:-1]) & {rest[0], rest[-1]}
    return words, rest[1:-1] if is_quoted else found["rest"]


def begins_with_order(line: str) -> bool:
    """Return True if a line tells a model what to do, by how it begins."""
    return _ORDERS.match(line) is not None and not _TO_OTHERS.match(line[:_LOOKED_AT])


def speaks_of_a_text(line: str) -> bool:
    """Return True if a line announces a text by what is to be done with it: items below it are that text."""
    return _ANNOUNCED.fullmatch(line) is not None or _RECORDS.fullmatch(line) is not None


def pasted_until(lines: Sequence[str], at: int, said: str, begins_part: Callable[[str], bool]) -> int:
    """Return the line before which a passage ends that begins at line `at`; `at` where none begins there.

    `said` are the words above it.
    """
    near = min(len(lines), at + _WINDOW)
    end = next((each for each in range(at, near) if begins_part(lines[each])), near)
    looks = (_is_mail, _is_foreign, _is_worked_on) if said.strip() else (_is_mail, _is_above_order)
    if end == at or PAIR.match(lines[at]) or not any(looks_like(lines, at, end, said) for looks_like in looks):
        return at
    if end == near:
        end = next((each for each in range(near, len(lines)) if begins_part(lines[each])), len(lines))
    return without_orders(lines, at, end, has_order=bool(said.strip()))


def without_own_words(text: str, words: str) -> tuple[str, str]:
    """Return a text that stands in one line with the `words` that announce it, and what is wished for behind it."""
    sentences, own = (SENTENCE if is_chinese(text) else _ENGLISH_SENTENCE).findall(text), ""
    chooses = _CHOOSES.search(words) is not None
    while len(sentences) > 1 and _ends_request(sentences[-1].strip(), chooses):
        own = sentences.pop() + own
    if own or not is_chinese(text):
        return "".join(sentences).rstrip(), own
    clauses = clauses_of(text)
    while len(clauses) > 1 and (
        kind_of(clauses[-1]) in (FieldKind.FORMAT, FieldKind.TONE) or _RECKONS.match(clauses[-1])
    ):
        own = clauses.pop() + own
    return "".join(clauses).rstrip("，,；; "), own


def _ends_request(sentence: str, chooses: bool) -> bool:
    """Return True if a sentence behind a text is none of it; what begins with "please" may be the text's own."""
    is_asked = re.match(r"(?:please|kindly|请|烦请)", sentence, re.IGNORECASE) is not None
    return (_is_own(sentence) and not is_asked) or (chooses and _FOR_US.match(sentence) is not None)


def _weight(text: str) -> int:
    return len(text) + 2 * count_han(text)


def _is_mail(lines: Sequence[str], at: int, end: int, said: str) -> bool:
    return _MAIL.match(lines[at][:200]) is not None and end - at >= 2 and (bool(said.strip()) or end - at >= 3)


def _is_foreign(lines: Sequence[str], at: int, end: int, said: str) -> bool:
    """Return True if a passage is in the other language than the words above it."""
    text = "\n".join(lines[at:end])[:_LOOKED_AT]
    if is_chinese(said):
        return not count_han(text) and sum(map(str.isalpha, text)) >= 20 and bool(re.search(r"[a-z] [a-z]", text))
    return not count_han(said) and is_chinese(text) and count_han(text) >= 8


def _is_worked_on(lines: Sequence[str], at: int, end: int, said: str) -> bool:
    """Return True if what follows is what the words above ask to work on or to answer, rather than how."""
    is_worked_on, is_answered = _WORKED_ON.search(said) is not None, _ANSWERED.search(said) is not None
    filled = [line for line in lines[at:end] if line.strip()]
    if _is_own(filled[0]):
        return False
    is_long = not LIST_ITEM.match(filled[0]) and (len(filled) > 1 or _weight(filled[0]) >= _SOME)
    announces = said.rstrip().endswith((":", "：")) and not _LISTS.search(said)
    if is_worked_on or (announces and is_long) or (_POINTS.search(said) and (is_answered or is_long)):
        return True
    if not is_answered:
        return False
    # An answer may also be told what it is to say.
    notes = sum(1 for line in filled[:_FEW] if LIST_ITEM.match(line) or _NOTE.match(line[:400]))
    is_apart = at > 0 and not lines[at - 1].strip()
    if is_apart and _GREETING.match(filled[0]):
        return True
    return notes >= 2 or (is_apart and _weight("".join(filled)) >= _LONG_BLOCK)


def _is_above_order(lines: Sequence[str], at: int, end: int, _: str) -> bool:
    """Return True if a passage with which a message begins is what the order below it is about."""
    last = without_orders(lines, at, end, has_order=False)
    filled = [line for line in lines[at:last] if line.strip()]
    order = " ".join(lines[last:end])
    if (
        not order
        or not filled
        or (filled[0].rstrip().endswith((":", "：")) and not _MAIL.match(filled[0]))
        or _is_own(filled[0])
    ):
        return False
    is_much = len(filled) > 1 or _weight(filled[0]) >= _SOME or _POINTS_UP.search(order)
    return bool(is_much) and bool(_WORKED_ON.search(order) or _ANSWERED.search(order))


def _is_own(line: str) -> bool:
    """Return True if a line says what is to be done, or how."""
    said = line.strip()
    if len(said) > _SHORT_ORDER or LIST_ITEM.match(said) or _TO_OTHERS.match(said) or _GREETING.match(said):
        return False
    if _ADDED.match(said):
        return True
    if is_chinese(said):
        return kind_of(said) in (*_WISHES, FieldKind.TASK)
    return begins_with_order(said) or any(each.match(said) for each in (FORMAT, TONE, AUDIENCE, PERSONA))


def without_orders(lines: Sequence[str], at: int, end: int, *, has_order: bool) -> int:
    """Return where a passage ends, without the order and the wishes that stand below it.

    Where an order stands above (`has_order`), a blank line parts them, or that the passage is a list and they are no
    item of it, or they add to that order.
    """
    last, found_order = end, has_order
    for each in range(end - 1, at, -1):
        line, above = lines[each].strip(), lines[each - 1]
        if line:
            is_apart = not above.strip() or (LIST_ITEM.match(above) is not None and not LIST_ITEM.match(line))
            is_order = len(line) <= (_SHORT_ORDER if has_order else _LONG_ORDER) and begins_with_order(line)
            adds = not is_apart and has_order and _ADDED.match(line) is not None and len(line) <= _SHORT_ORDER
            if not adds and (not (_is_own(line) or is_order) or (has_order and not is_apart)):
                break
            found_order |= is_order
            last = each
    return last if found_order else end
