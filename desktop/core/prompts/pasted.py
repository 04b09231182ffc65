"""Passages that were pasted into a freely written message without any mark: a mail, notes, a clause, rows of figures.

A message is the writer's own words with blocks of material between, before or behind them. A block ends where own words
go on: behind a signature or a closing quote, in another language, with an order or a remark. Where it is not plain,
nothing is taken for pasted.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from desktop.core.prompts.clauses import kind_of
from desktop.core.prompts.freeform_lexicon import (
    ANNOUNCES,
    AUDIENCE,
    EXAMPLE,
    FORMAT,
    LIST_ITEM,
    PERSONA,
    TONE,
    heading_in,
)
from desktop.core.prompts.prompt import FieldKind
from desktop.core.text.late_regex import late_regex
from desktop.core.text.scripts import count_han, is_chinese

_LOOKED_AT = 4_000  # characters of a paragraph that show what it is
_SOME, _MUCH = 30, 120  # characters, of which a Chinese one counts three times: what is announced, and what is not
_SHORT_ORDER, _LONG_ORDER = 100, 500
_SHORT_LINE = 6  # characters; a shorter one is a name, or the foot of a table
_WISHES = (FieldKind.FORMAT, FieldKind.TONE, FieldKind.AUDIENCE, FieldKind.PERSONA)

_MAIL = late_regex(
    r"[ \t]*(?:(?:From|To|Subject|Date|Sent|Cc|Betreff|发件人|收件人|主题|抄送|发送时间|日期)[:：]\s*\S"
    r"|(?:Dear|Hi|Hello|Hey)\b[^.!?\n]{0,48}[,!:]?\s*\Z"
    r"|(?:尊敬的|亲爱的)[^，。！？\n]{1,24}[：:，,！!]?\s*\Z|[^，。！？\n]{1,12}(?:您好|你好)[：:，,！!。]?\s*\Z"
    r"|[\u4e00-\u9fff]{1,4}(?:总|经理|主任|老师|先生|女士|老板)[：:，,]?\s*\Z)",
    re.IGNORECASE,
)
_SIGNED = late_regex(
    r"^\W*(?:(?:(?:kind|best|warm|many) )*(?:regards|wishes)|yours(?: (?:faithfully|sincerely|truly))?|sincerely|cheers"
    r"|(?:many )?thanks|此致|敬礼|顺?祝.{0,6}|谢谢)\W*$",
    re.IGNORECASE | re.MULTILINE,
)
# A paragraph that is a name alone, as below a mail; and the heading of a text in brackets.
_NAME_ALONE = late_regex(r"\W*[A-Z][\w.'’-]+(?: [A-Z][\w.'’-]*){0,2}\W*\Z")
_HEADED = late_regex(r"[ \t]*(?:【[^】\n]{1,20}】|\[[^\]\n]{1,20}\])[ \t]*$", re.MULTILINE)
_RULE = late_regex(r"[ \t]*(?:[-_*=–—][ \t]*){2,}\Z")
_SIGNATURE = late_regex(r"[ \t]*(?:[–—]{1,2}|--)[ \t]*\S")
_GREETING = late_regex(r"\W*(?:(?:dear|hi|hello|hey)\b|.{0,6}(?:你好|您好)|亲爱的|尊敬的)", re.IGNORECASE)
# What is asked for of a text that others wrote: all that stands beside it is that text, or says how it is to be done.
_WORKED_ON = late_regex(
    r"\b(?:summari[sz]e|summary|sum up|minutes|translate|translation|proof[ -]?read|correct|edit|polish|rewrite"
    r"|rephrase|shorten"
    r"|tidy|clean up|extract|sort|turn|convert|table|analy[sz]e|review|compare|check|improve|feedback"
    r"|comment on|make (?:this|it)|put (?:this|it)"
    r"|side by side|which (?:one|of)|who (?:would|should)|works? out|calculate|how much|charge|sums?\b|explain"
    r"|plain english"
    r"|(?:from|of) (?:these|my|the|our) (?:\w+ )?(?:notes|points|figures|data))\b"
    r"|纪要|整理|总结|概括|归纳|翻译|译成|翻[成译]|英译|中译|润色|校对|改写|改[得短长成正一下]|提取|提炼|汇总|梳理|列成|转成|做成表"
    r"|对不[对上]|成表|缩[短成写]|精简|压缩|分析|审|核对|检查|比较|对比|[有么]?坑|风险|解读|[周日月]报|错别字|病句|[选买]哪|哪[家个款]|算|成[^，。]{0,3}表|列个?[^，。]{0,4}表|解释|通顺|点评|提.{0,3}意见",
    re.IGNORECASE,
)
_ANSWERED = late_regex(
    r"\b(?:reply|respond|answer|write back)\b|回复|答复|回信|回应|回一?[下个封条]|[怎咋]么?回", re.IGNORECASE
)
_POINTS = late_regex(
    r"\b(?:this|these|below|following|underneath|attached)\b|附件|这[个段份篇封条几些两张]|这[么样]写|下面|以下|如下|原文",
    re.IGNORECASE,
)
_LISTS = late_regex(r"\b(?:points|includ\w+|mention\w*|rules|steps)\b|包括|包含|要求|要点|规则|如下几点", re.IGNORECASE)
_CONDITIONS = late_regex(
    r"(?:要求|条件|注意事项?|规则|requirements?|conditions?|rules)(?:如下|是)?\s*[:：]\Z", re.IGNORECASE
)
_ASKS_BEHIND = late_regex(r"(?:看看|看一下|看下|问一下|问问|想问|请问|问题是?)\s*[:：]\Z")
_QUESTION = late_regex(r"[?？]")
_ANNOUNCED = late_regex(
    r"(?P<words>.{0,60}(?:summari[sz]e|summary|minutes|translate|proof[ -]?read|rewrite|shorten|compare|\btable"
    r"|weekly report|纪要|整理|总结"
    r"|概括|归纳|翻译|[译翻]成[中英日]文|润色|校对|改写|汇总|梳理|做成表格?|列成表格?|比较|对比|核对|检查|审|看看|看一下|[周日月]报"
    r"|改[短得])(?!.{0,30}(?:points|steps|rules|要点|包括|包含|要求|如下几点))[^:：\n]{0,24}[:：])[ \t]*(?P<rest>.*)",
    re.IGNORECASE,
)
_QUOTED = late_regex(
    r"(?P<words>.{0,80}(?:\b(?:this|these|the following)\b"
    r"|这[个段句条篇])[^\"“”]{0,60})[\"“](?P<rest>[^\"“”]{12,})[\"”](?P<behind>[^\"“”]{0,60})",
    re.IGNORECASE,
)
_QUOTES = {'"': '"', "“": "”", "「": "」"}
_OPENS_QUOTE = late_regex(r"[ \t]*(?:[^\s\"“「][^\"“「\n]{0,30}[:：][ \t]*)?(?P<mark>[\"“「])")
# How an order to a model begins. What is asked of somebody else ("please reply by Friday") is part of their mail.
_ORDERS = late_regex(
    r"\W*(?:[\w' ]{2,24}[,:] (?=please |pls ))?(?:(?:please|pls|plz|now|and|then|so|can you|could you|would you"
    r"|help me(?: to)?|i need(?: you)? to"
    r"|i want you to"
    r"|your (?:task|job) is to)[, ]+)*"
    r"(?:reply|respond|answer|translate|summari[sz]e|sum up|proof[ -]?read|rewrite|rephrase|explain|shorten|turn"
    r"|write|draft|make"
    r"|put|create|prepare|compare|check|review|correct|fix|polish|improve|edit|convert|extract|list|tidy|format|generate"
    r"|compose|calculate|add|analy[sz]e|give me|give (?:your |some )?(?:feedback|advice)|tell me|need an?"
    r"|plan(?! ?:)|outline|suggest|announce|invite|describe|decline|apologi[sz]e"
    r"|remind|design|propose|recommend|organi[sz]e|evaluate|assess|highlight|brainstorm|think of|come up with"
    r"|thank(?! you| ?s)"
    r"|find(?! attached| enclosed| our| below)|sort|rank|combine|merge|count)\b"
    r"|(?:请|帮我|帮忙|麻烦|劳烦|你|您|给我|替我|能不能|可以|现在|根据.{1,12}?|按.{1,12}?|用.{1,8}?|以上|上面|把|将)*"
    r"(?:回复|答复|回一?[下个封条]|回(?:邮件|信|微信|消息)|想[个一几\d]|策划|翻译|译成|翻成|总结|概括|归纳|润色|校对|改写|改[成得短一]|解释|解读|整理|写|起草|草拟|拟"
    r"|做成?|生成|制作|列[出成]|汇总|梳理|提炼|提取|缩[短成写]|精简|核对|检查|审核|审一?下|比较|对比|分析|计算|算一?下|转成"
    r"|(?<=把).{0,12}?改|(?<=把).{1,20}?(?:[整理做写译翻改列成]{2}|翻译)|(?<=将).{1,20}?(?:[整理做写译翻改列成]{2}|翻译))",
    re.IGNORECASE,
)
_TO_OTHERS = late_regex(
    r"\W*(?:please|kindly|could you|can you|请|烦请|麻烦).{0,60}?(?:\b(?:asap|by (?:\w+day|return|\d)|to us|let us know"
    r"|your (?:earliest|offer|order|reply))\b|尽快|尽早|贵[司方公]|之前回|前(?:回复|答复))",
    re.IGNORECASE,
)
_ADDED = late_regex(
    r"(?!.*\d)(?:(?:(?:and|also|then|please) )*(?:add|sort|total|with|keep|leave out|use|mention|columns?)\b"
    r"|另外|对了|哦|(?:最后|顺便|再|并|还要)*(?:加[上一个]?|[列要用做][个成]?表|按.{1,8}排|合计|排序|标出))",
    re.IGNORECASE,
)


# What is to be answered, or will do, below a text.
_WISHED = late_regex(r"回[:：]|跟[他她]说|告诉[他她]|(?!.*您).{0,40}(?:就行|就好)[。！!~]?\Z")
# A remark on the text above it, in the writer's own words.
_REMARKS = late_regex(
    r"\W*(?:(?:oh|and|also|but|ps|ok|so),? )*(?:don['’]?t|do not|no need|just|only|leave|keep|use|make|put|mention"
    r"|his|he|she|they|i (?:think|want|need|find)"
    r"|max\b|at most|not too|if there|(?:three|two|\d+) (?:or \w+ )?(?:words|sentences|lines))\b"
    r"|(?!.*(?:各位|大家|敬请|特此|您)).*(?:别|不要|不用|不能[动改]|就行|就好|那句|这句|意思|原文|另外|对了|帮我|麻烦|只[要翻给改]"
    r"|字以内|译文|编号|保留|留着|最后|结论|签名|落款|不写|统一|情况|重点|主要|说清)|[她他]",
    re.IGNORECASE,
)
_ASKS_KINDLY = late_regex(r"\W*(?:please|kindly|请|烦请)", re.IGNORECASE)
_WHICH = late_regex(r"\W*(?:which|what|how)\b|哪|怎么|多少", re.IGNORECASE)
_YOU = late_regex(r"\byou(?:r|rs)?\b|[你您]|贵[司方公]", re.IGNORECASE)
_FOR_US = late_regex(r"\W*(?:(?:oh|and|also|but),? )*(?:we|i|our|my)\b|我们?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Paragraph:
    """Lines of a message from one blank line or rule to the next, or to where an order begins or ends."""

    start: int
    end: int
    text: str
    is_own: bool = False
    is_ruled_off: bool = False

    @property
    def is_mail(self) -> bool:
        return not self.is_own and _is_mail(self.text.partition("\n")[0])

    @property
    def is_rows(self) -> bool:
        return "\n" in self.text or LIST_ITEM.match(self.text) is not None


def announced(line: str) -> tuple[str, str] | None:
    """Return the words of a line that announce a text behind their colon, and what of it stands there."""
    found = ANNOUNCES.fullmatch(line) or _ANNOUNCED.fullmatch(line)
    if found is not None and re.search(r"[。！？]|[.!?]\s", found["words"]):
        return None  # the colon belongs to a later sentence
    found = found or _QUOTED.fullmatch(line)
    if found is None:
        return None
    if _CONDITIONS.search(found["words"]) or (_ASKS_BEHIND.search(found["words"]) and _QUESTION.search(found["rest"])):
        return None
    words, rest = found["words"] + found.groupdict().get("behind", "").strip(".。 "), found["rest"].strip()
    if rest and _weight(rest) < _SOME and found.re.pattern != ANNOUNCES.pattern:
        return None
    if rest[:1] in _QUOTES and _QUOTES[rest[0]] in rest[1:] and rest.rstrip(".。 ")[-1] not in _QUOTES.values():
        return None  # own words go on behind the quote
    is_quoted = rest[:1] in _QUOTES and rest[-1:] == _QUOTES[rest[:1]] and not set(rest[1:-1]) & {rest[0], rest[-1]}
    return words, rest[1:-1] if is_quoted else found["rest"]


def begins_with_order(line: str) -> bool:
    """Return True if a line tells a model what to do, by how it begins."""
    return _ORDERS.match(line) is not None and not _TO_OTHERS.match(line[:_LOOKED_AT])


def is_rule(line: str) -> bool:
    """Return True for a line that only parts what stands above and below it."""
    return _RULE.match(line) is not None


def holds_own_words(text: str) -> bool:
    """Return True if a sentence within a text of one line is the writer's; one with "please" may be the text's."""
    sentences = re.split(r"(?<=[.!?])\s+|(?<=[。！？；])", text)
    return any(
        _FOR_US.match(each)
        or _WHICH.match(each)
        or (not _ASKS_KINDLY.match(each) and any(map(is_own, (each, *re.split("[,，]", each)))))
        for each in sentences[1:]
    )


def blocks_in(lines: Sequence[str], said: str = "") -> dict[int, int]:
    """Return where each block of material begins, and the line before which it ends; `said` are the words above."""
    paragraphs = _paragraphs(lines, said)
    asked = "\n".join([said, *(each.text for each in paragraphs if each.is_own)]).strip()
    blocks: dict[int, int] = {}
    at = 0
    while asked and at < len(paragraphs):
        end = at if paragraphs[at].is_own else _block_end(paragraphs, at, asked, is_first=not blocks)
        if end > at:
            blocks[paragraphs[at].start] = paragraphs[end - 1].end
        at = end + 1  # what ends a block is none
    return blocks


def _paragraphs(lines: Sequence[str], said: str) -> list[_Paragraph]:
    """Return the paragraphs, of which those that order or wish for something are own words."""
    found: list[_Paragraph] = []
    at, has_order = 0, bool(said.strip())
    while at < len(lines):
        end = at
        while end < len(lines) and lines[end].strip() and not is_rule(lines[end]):
            end += 1
        if end > at:
            found += _parted(lines, at, end, has_order=has_order)
            found[-1] = replace(found[-1], is_ruled_off=end < len(lines) and is_rule(lines[end]))
            has_order |= any(each.is_own for each in found[-3:])
        at = max(end, at + 1)
    leads = len(found) > 1 and not found[0].is_mail and not found[0].is_rows
    if leads and not has_order and _weight(found[0].text) < _weight(found[1].text):
        found[0] = replace(found[0], is_own=True)
    return found


def _parted(lines: Sequence[str], start: int, end: int, *, has_order: bool) -> list[_Paragraph]:
    """Return a paragraph without the orders and wishes that stand directly above and below its text."""
    first, last = start, end
    if not _is_mail(lines[start]) and _opens(lines[start], has_order=has_order):
        first += 1
        while first < end and is_own(lines[first]):
            first += 1
    has_order |= first > start and _orders(lines[start])
    while last > first + 1 and _goes_on(lines[last - 1], "\n".join(lines[first : last - 1]), has_order=has_order):
        last -= 1
    places = ((start, first, True), (first, last, False), (last, end, True))
    return [_Paragraph(a, b, "\n".join(lines[a:b])[:_LOOKED_AT], is_own) for a, b, is_own in places if a < b]


def _opens(line: str, *, has_order: bool) -> bool:
    """Return True if a line is an order or a wish, or announces what stands below it."""
    if LIST_ITEM.match(line) or len(line) > _LONG_ORDER:
        return False
    if has_order:
        heading = heading_in(line, {})
        return is_own(line) or (heading is not None and heading[0] is not FieldKind.MATERIAL)
    asks = line.rstrip().endswith((":", "：")) or (_QUESTION.search(line) and not _GREETING.match(line))
    return _orders(line) or bool(asks and _POINTS.search(line))


def _orders(line: str) -> bool:
    return bool(_WORKED_ON.search(line) or _ANSWERED.search(line)) or begins_with_order(line)


def _goes_on(line: str, text: str, *, has_order: bool) -> bool:
    """Return True if a line at the end of a text orders something, adds to the order above, or alone speaks of us."""
    said = line.strip()
    if has_order and len(said) <= _SHORT_ORDER and _FOR_US.match(said) and not _FOR_US.search(text[:_LOOKED_AT]):
        return True
    if has_order and (_ends_rows(said, text) or _WISHED.match(said)):
        return True
    if has_order:
        first = re.split(r"[,，。;；]", said, maxsplit=1)[0]
        return len(said) <= _SHORT_ORDER and (_ADDED.match(said) is not None or kind_of(first) in _WISHES)
    return len(said) <= _LONG_ORDER and begins_with_order(said)


def _ends_rows(line: str, text: str) -> bool:
    """Return True if a line stands below the items of a list, or rows of figures, and is none of them."""
    head, *rows = text.split("\n")
    if len(rows) < 2 or len(line) < _SHORT_LINE or _is_mail(head):
        return False
    if all(map(LIST_ITEM.match, rows)):
        return LIST_ITEM.match(line) is None
    is_none = not any(map(str.isdigit, line)) or _REMARKS.match(line) is not None
    return is_none and all(any(map(str.isdigit, each)) for each in rows)


def _block_end(paragraphs: Sequence[_Paragraph], at: int, asked: str, *, is_first: bool) -> int:
    """Return the number of the paragraph before which a block ends that begins at this one; this one if none does."""
    block = paragraphs[at]
    end = _mail_end(paragraphs, at) if block.is_mail else _quote_end(paragraphs, at)
    if end > at or (not block.is_mail and not _is_block(paragraphs, at, asked, is_first=is_first)):
        return end
    end = at + 1
    while end < len(paragraphs) and not _ends_block(paragraphs, at, end, asked):
        end += 1
    return end


def _is_block(paragraphs: Sequence[_Paragraph], at: int, asked: str, *, is_first: bool) -> bool:
    text, above = paragraphs[at].text, paragraphs[at - 1] if at else None
    if _HEADED.match(text):
        return True
    if is_chinese(asked) != is_chinese(text) and (count_han(text) >= 8 or re.search(r"[a-z] [a-z]", text)):
        return True
    if not (_WORKED_ON.search(asked) or _POINTS.search(asked) or (_ANSWERED.search(asked) and _YOU.search(text))):
        return False  # no text is spoken of, and what is to be answered speaks to its reader
    if above and LIST_ITEM.match(text) and above.text.rstrip().endswith((":", "：")) and _LISTS.search(above.text):
        return False  # what the text that is asked for is to hold
    if paragraphs[at].is_rows:
        return True
    below = paragraphs[at + 1] if at + 1 < len(paragraphs) else None
    if not above and below and not below.is_own and (below.is_rows or text.rstrip().endswith((":", "："))):
        return True  # their heading
    if above is not None and above.text.rstrip().endswith((":", "：")):
        return True
    touches = (above and above.end == paragraphs[at].start) or (below and below.start == paragraphs[at].end)
    is_announced = touches or _POINTS.search(asked) or _GREETING.match(text)
    return is_first and _weight(text) >= (_SOME if is_announced else _MUCH)


def _mail_end(paragraphs: Sequence[_Paragraph], at: int) -> int:
    """Return where a mail ends that is signed, or ruled off; `at` where it is neither."""
    for end in range(at, len(paragraphs)):
        signed = _SIGNED.search(paragraphs[end].text)
        is_name = _NAME_ALONE.match(paragraphs[end].text) and not _GREETING.match(paragraphs[end].text)
        if signed is None and end > at and is_name:
            return end + 1
        if signed is None and not paragraphs[end].is_ruled_off:
            continue
        follows = end + 1 < len(paragraphs) and not paragraphs[end].is_ruled_off and not paragraphs[end + 1].is_own
        has_no_name = signed is not None and not paragraphs[end].text[signed.end() :].strip()
        has_name_below = follows and has_no_name and len(paragraphs[end + 1].text) <= _SHORT_ORDER
        return end + 2 if has_name_below else end + 1
    return at


def _quote_end(paragraphs: Sequence[_Paragraph], at: int) -> int:
    """Return where passages end that stand in quotes; `at` where there is none."""
    end = at
    while end < len(paragraphs) and (opening := _OPENS_QUOTE.match(paragraphs[end].text)):
        closing = _QUOTES[opening["mark"]]
        ends = (each for each in range(end, len(paragraphs)) if paragraphs[each].text.rstrip().endswith(closing))
        last = next(ends, None)
        if last is None or _weight(paragraphs[end].text) < _SOME:
            break
        end = last + 1
    return end


def _ends_block(paragraphs: Sequence[_Paragraph], begin: int, at: int, asked: str) -> bool:
    """Return True if a paragraph below the beginning of a block is the writer's own words again."""
    block, text = paragraphs[begin], paragraphs[at].text
    if paragraphs[at].is_own or is_chinese(text) != is_chinese(block.text):
        return True
    if _SIGNATURE.match(text):
        return False
    if block.is_rows and not block.is_mail and (not paragraphs[at].is_rows or _FOR_US.match(text)):
        return True
    if (text[0].islower() and not block.text[0].islower()) or (len(text) <= 300 and _REMARKS.match(text)):
        return True
    is_last = at == len(paragraphs) - 1
    return bool(is_last and _ANSWERED.search(asked) and _YOU.search(block.text) and not _YOU.search(text))


def _is_mail(line: str) -> bool:
    """Return True if a line is the head of a mail or its greeting; one that greets and orders is none."""
    greets = _GREETING.match(line) and (_WORKED_ON.search(line) or _ANSWERED.search(line))
    return _MAIL.match(line[:200]) is not None and not greets


def is_own(line: str) -> bool:
    """Return True if a line says what is to be done, or how."""
    said = line.strip()
    if len(said) > _SHORT_ORDER or LIST_ITEM.match(said) or _TO_OTHERS.match(said) or _GREETING.match(said):
        return False
    if _ADDED.match(said) or EXAMPLE.match(said):
        return True
    if is_chinese(said):
        return begins_with_order(said) or kind_of(said) in _WISHES
    return begins_with_order(said) or any(each.match(said) for each in (FORMAT, TONE, AUDIENCE, PERSONA))


def _weight(text: str) -> int:
    return len(text) + 2 * count_han(text)
