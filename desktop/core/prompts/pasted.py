"""A text that was pasted into a freely written message without any mark: a mail, notes, a clause, rows of figures.

The request stands above it, below it, or on both sides; the text is one run of lines, taken whole. It ends where own
words surely go on: behind a signature or a closing quote, in another language, with an order or a remark. Where that is
not plain, nothing is taken for pasted: a model reads a message as it was typed better than one that was cut wrongly.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from desktop.core.prompts.freeform_lexicon import (
    ANNOUNCES,
    EXAMPLE,
    LIST_ITEM,
    wish_of,
)
from desktop.core.text.scripts import count_han, is_chinese

_LOOKED_AT = 4_000  # characters of a paragraph that show what it is
_SOME = 30  # characters, of which a Chinese one counts three times; what is announced in a line is longer
_SHORT_ORDER, _LONG_ORDER = 100, 500
_SHORT_NAME = 40  # characters; a shorter line without a clause may be a name
_SHORT_LINE = 60  # of an address
_SHORT_SIGNATURE = 14  # a name below a letter, such as 欧阳娜娜 or Anna Schneider

_MAIL = re.compile(
    r"[ \t]*(?:(?:From|To|Subject|Date|Sent|Cc|Betreff|发件人|收件人|主题|抄送|发送时间|日期)[:：]\s*\S"
    r"|(?:Dear|Hi|Hello|Hey)\b[^.!?\n]{0,48}[,!:]?\s*\Z"
    r"|(?:尊敬的|亲爱的)[^，。！？\n]{1,24}[：:，,！!]?\s*\Z|[^。！？\n]{1,16}(?:您好|你好)[：:，,！!。]?\s*\Z"
    r"|[^，。！？\n]{1,12}(?:总|经理|主任|老师|先生|女士|老板)[：:，,]?\s*\Z)",
    re.IGNORECASE,
)
_SIGNED = re.compile(
    r"^\W*(?:(?:(?:kind|best|warm|many) )*(?:regards|wishes|best)"
    r"|yours(?: (?:faithfully|sincerely|truly))?|sincerely|cheers"
    r"|(?:many )?thanks|此致|敬礼|顺?祝.{0,6}|盼复|特此.{0,4}|谢谢(?:大家|各位)?)\W*$",
    re.IGNORECASE | re.MULTILINE,
)
_THANKS = re.compile(r"(?:\A|\n)\W*(?:(?:many )?thanks|thank you|谢谢[你您]?了?)\W*\Z", re.IGNORECASE)
_RULE = re.compile(r"[ \t]*(?:[-_*=–—][ \t]*){2,}\Z")
_ASKS = re.compile(r"\b(?:can|could|would) (?:yo)?u\b|\b(?:please|pls|plz|need)\b|帮|请|麻烦|你看", re.IGNORECASE)
# What is asked for of a text that others wrote.
_WORKED_ON = re.compile(
    r"\b(?:summari[sz]e|summary|sum up|minutes|translate|translation|proof[ -]?read|correct|edit|polish|rewrite"
    r"|rephrase|shorten"
    r"|tidy|clean up|extract|sort|turn|convert|table|analy[sz]e|review|compare|check|improve|feedback"
    r"|comment on|make (?:this|it|them)|put (?:this|it|them)"
    r"|side by side|which (?:one|of)|who (?:would|should)|works? out|calculate|how much|charge|sums?\b|explain(?:ed)?"
    r"|plain english"
    r"|(?:from|of) (?:these|my|the|our) (?:\w+ )?(?:notes|points|figures|data))\b"
    r"|纪要|整理|总结|概括|归纳|翻译|译成|翻[成译]|英译|中译|润色|校对|改写|改[得短长成正一下]|提取|提炼|汇总|梳理|列成|转成|做成表"
    r"|对不[对上]|成表|缩[短成写]|精简|压[缩到]|分析|审|看看|看一?下|核对|检查|比较|对比|[讲说]成|[有么]?坑|风险|解读|[周日月]报|错别字|病句|[选买]哪|哪[家个款]|算|成[^，。]{0,3}表|列个?[^，。]{0,4}表|解释|通顺|点评|提.{0,3}意见",
    re.IGNORECASE,
)
_ANSWERED = re.compile(
    r"\b(?:reply|respond|answer|write back)\b|回复|答复|回信|回应|回一?[下个封条]|回[他她]|[怎咋]么?回"
    r"|[帮替]我回(?=[：:，,。])",
    re.IGNORECASE,
)
_POINTS = re.compile(
    r"\b(?:this|these|below|following|underneath|attached)\b|附件|这一?[个句段份篇封条几些两张]|这[么样]写|下面|以下|如下|原文",
    re.IGNORECASE,
)
_QUESTION = re.compile(r"[?？]")
_QUOTES = {'"': '"', "“": "”", "「": "」"}
_OPENS_QUOTE = re.compile(r"[ \t]*(?:[^\s\"“「][^\"“「\n]{0,30}[:：][ \t]*)?(?P<mark>[\"“「])")
# How an order to a model begins. What is asked of somebody else ("please reply by Friday") is part of their mail.
_ORDERS = re.compile(
    r"\W*(?:[\w' ]{2,24}[,:] (?=please |pls ))?(?:(?:please|pls|plz|now|and|then|so|can you|could you|would you"
    r"|help me(?: to)?|i need(?: you)? to"
    r"|i want you to"
    r"|your (?:task|job) is to)[, ]+)*"
    r"(?:reply|respond|answer|translate|summari[sz]e|sum up|proof[ -]?read|rewrite|rephrase|explain|shorten|turn"
    r"|write|draft|make"
    r"|put|create|prepare|compare|check|review|correct|fix|polish|improve|edit|convert|extract|list|tidy|format|generate"
    r"|compose|calculate|work out|add|analy[sz]e|give me|give (?:your |some )?(?:feedback|advice)|tell me|need an?"
    r"|plan(?! ?:)|outline|suggest|announce|invite|describe|decline|apologi[sz]e"
    r"|remind|design|propose|recommend|organi[sz]e|evaluate|assess|highlight|brainstorm|think of|come up with"
    r"|thank(?! you| ?s)"
    r"|find(?! attached| enclosed| our| below)|sort|rank|combine|merge|count|show me)\b"
    r"|(?:请|帮我|帮忙|麻烦|劳烦|你|您|给我|给(?![你您]).{1,6}?|替我|能不能|可以|现在|根据.{1,12}?|按.{1,12}?|用.{1,8}?|以上|上面|把|将)*"
    r"(?:回复|答复|回一?[下个封条]|回(?:邮件|信|微信|消息)|想[个一几\d]|策划|翻译|译成|翻成|总结(?!里)|概括|归纳|润色|校对|改写|改[成得短一]|解释|解读|整理|写|起草|草拟|拟"
    r"|做成?|生成|制作|列[出成]|汇总|梳理|提炼|提取|缩[短成写]|精简|核对|检查|审核|审一?下|比较|对比|分析|计算|算一?下|转成"
    r"|(?<=把).{0,12}?改|(?<=把).{1,20}?(?:[整理做写译翻改列成]{2}|翻译)|(?<=将).{1,20}?(?:[整理做写译翻改列成]{2}|翻译))",
    re.IGNORECASE,
)
# A remark on the text above it, in the writer's own words.
_REMARKS = re.compile(
    r"\W*(?:(?:oh|and|also|but|ps|ok|so),? )*(?:don['’]?t|do not|no need|just|only|leave|keep|use|make|put|mention"
    r"|i (?:think|want|need|find)|max\b|at most|not too|if there"
    r"|(?:three|two|\d+) (?:or \w+ )?(?:words|sentences|lines))\b"
    r"|回[:：]|跟[他她]说|告诉[他她]|(?!.*您).{0,40}(?:就行|就好)(?:[。！!~]?\Z|，)"
    r"|要求[:：]|(?:就是)?(?:别(?!的)|不[要用](?![^，。]{0,6}您)|那句|这句|意思|原文|译文|另外|对了|帮我|只[要翻给改])|主要说",
    re.IGNORECASE,
)
_YOU = re.compile(r"\byou(?:r|rs)?\b|[你您]|贵[司方公]", re.IGNORECASE)
_FOR_US = re.compile(r"\W*(?:(?:oh|and|also|but),? )*(?:we|i|our|my)\b|我们?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Part:
    """Paragraph of a message, or lines at its edge that are the writer's own."""

    start: int
    end: int
    text: str
    is_below_rule: bool = False

    @property
    def is_mail(self) -> bool:
        return _is_mail(self.text.partition("\n")[0])

    @property
    def is_rows(self) -> bool:
        return "\n" in self.text and all(map(_is_row, self.text.split("\n")[1:]))

    @property
    def is_signed(self) -> bool:
        return _SIGNED.search(self.text) is not None


def announced(line: str) -> tuple[str, str] | None:
    """Return the words of a line that announce a text behind their colon, and what of it stands there."""
    found = ANNOUNCES.fullmatch(line)
    if found is None or re.search(r"[。！？]|[.!?]\s", found["words"]):
        return None  # the colon belongs to a later sentence
    words, rest = found["words"], found["rest"].strip()
    if rest[:1] in _QUOTES and _QUOTES[rest[0]] in rest[1:] and rest.rstrip(".。 ")[-1] not in _QUOTES.values():
        return None  # own words go on behind the quote
    is_quoted = rest[:1] in _QUOTES and rest[-1:] == _QUOTES[rest[:1]] and not set(rest[1:-1]) & {rest[0], rest[-1]}
    return words, rest[1:-1] if is_quoted else found["rest"]


def begins_with_order(line: str) -> bool:
    """Return True if a line tells a model what to do, by how it begins."""
    return _ORDERS.match(line) is not None


def is_rule(line: str) -> bool:
    """Return True for a line that only parts what stands above and below it."""
    return _RULE.match(line) is not None


def holds_own_words(text: str) -> bool:
    """Return True if a sentence within a text of one line is the writer's; one with "please" may be the text's."""
    sentences = re.split(r"(?<=[.!?])\s+|(?<=[。！？；])", text)
    return any(_FOR_US.match(each) or any(map(is_own, (each, *re.split("[,，]", each)))) for each in sentences[1:])


def block_in(lines: Sequence[str]) -> range:
    """Return the lines of the one text that was pasted, taken whole; none where it is not plain which they are."""
    parts = _parts(lines)
    if len(parts) < 2:
        return range(0)
    top = _top(parts)
    bottom = _bottom(parts, top)
    block, own = parts[top:bottom], [each.text for each in (*parts[:top], *parts[bottom:])]
    if not any(orders(each) or _QUESTION.search(each) for each in own) or not _works_on(block, "\n".join(own)):
        return range(0)
    lead = parts[0].text if top else ""
    if _may_go_on(block, parts[bottom:]) or _is_in_doubt(block, lead, has_end=bottom < len(parts)):
        return range(0)
    return range(block[0].start, block[-1].end)


def _parts(lines: Sequence[str]) -> list[_Part]:
    """Return the paragraphs; what is asked in lines directly above or below a text stands by itself."""
    ends = [at for at, line in enumerate([*lines, ""]) if not line.strip() or is_rule(line)]
    places = [(a + 1, b) for a, b in pairwise([-1, *ends]) if a + 1 < b]
    if not places:
        return []
    first, last = places[0], places[-1]
    top, bottom = first[0], last[1]
    if _asks(lines[top]):
        top += 1
        while top < first[1] and _speaks(lines[top]) and lines[top].lstrip()[0] not in _QUOTES:
            top += 1
    begin = max(last[0], top)
    if begin < bottom and is_chinese(lines[begin]) != is_chinese(lines[first[0]]):
        bottom = _other_language(lines, begin, bottom)
    while bottom - 1 > begin and _stands_below("\n".join(lines[begin : bottom - 1]), lines[bottom - 1]):
        bottom -= 1
    quotes = _below_quotes(lines, top)
    found = []
    for start, end in places:
        cuts = sorted({start, end, *(each for each in (top, bottom, *quotes) if start < each < end)})
        for a, b in pairwise(cuts):
            found.append(_Part(a, b, "\n".join(lines[a:b])[:_LOOKED_AT], a > 0 and is_rule(lines[a - 1])))
    return found


def _other_language(lines: Sequence[str], begin: int, end: int) -> int:
    """Return where lines of another language than the first begin, which go on to the end; `end` for a name there."""
    is_other = [is_chinese(each) != is_chinese(lines[begin]) for each in lines[begin:end]]
    above = is_other.index(True) if True in is_other else end - begin
    text = lines[begin : begin + above]
    are_rows = all(_may_be_name(each) or (_is_row(each) and each.rstrip()[-1] not in ".!?。！？") for each in text)
    if are_rows or not all(is_other[above:]):
        return end
    is_name = _weight(lines[end - 1]) <= _SHORT_SIGNATURE and not _speaks(lines[end - 1])
    return end if is_name or _SIGNED.search(text[-1]) else begin + above


def _below_quotes(lines: Sequence[str], top: int) -> list[int]:
    """Return the lines below quotes that begin and end with a line."""
    found, closing = [], ""
    for at in range(top, len(lines)):
        line = lines[at]
        if not closing and (opening := _OPENS_QUOTE.match(line)):
            closing, line = _QUOTES[opening["mark"]], line[opening.end() :]
        if closing and line.rstrip().endswith(closing):
            closing = ""
            found.append(at + 1)
    return found


def _top(parts: Sequence[_Part]) -> int:
    """Return how many parts at the beginning are the request."""
    first, last = parts[0], parts[-1]
    line = first.text.partition("\n")[0]
    if _begins_text(first) or len(first.text) > _LONG_ORDER:
        return 0
    if _asks(line):
        return 1
    if _asks(last.text):
        return 1 if _is_marked(parts[1]) and len(parts) > 2 else 0
    return 1 if orders(line) or _is_marked(parts[1]) else 0


def _bottom(parts: Sequence[_Part], top: int) -> int:
    """Return the number of the part below the text."""
    quoted = _quote_end(parts, top)
    if quoted > top:
        return quoted
    bottom = len(parts)
    while bottom > top + 1 and _is_request(parts[top : bottom - 1], parts[bottom - 1], has_lead=top > 0):
        bottom -= 1
    return bottom


def _is_request(above: Sequence[_Part], part: _Part, *, has_lead: bool) -> bool:
    """Return True if a part that stands below a text surely speaks to the model, and not to the reader of the text."""
    if _begins_text(part) or len(part.text) > _LONG_ORDER:
        return False
    block, is_letter = "\n".join(each.text for each in above), _is_letter(above)
    if not is_letter and not _YOU.search(block) and (thanks := _THANKS.search(part.text)):
        part = replace(part, text=part.text[: thanks.start()])
        if not part.text:
            return True
    if part.is_signed:
        return False
    if is_chinese(part.text) != is_chinese(above[0].text):
        return True
    if any(each.is_signed for each in above):
        return _speaks(part.text) or _FOR_US.match(part.text) is not None
    if part.is_below_rule or not is_letter:
        return _stands_below(block, part.text)
    return _speaks(part.text) and not (has_lead and _YOU.search(part.text))


def _stands_below(block: str, text: str) -> bool:
    """Return True if words below a text speak to the model, of the writer, or of rows and are none themselves."""
    if _speaks(text):
        return True
    if LIST_ITEM.match(text) or _is_mail(text):
        return False
    if not _FOR_US.search(block) and any(map(_FOR_US.match, re.split(r"(?<=[.!?])\s+|(?<=[。！？；])", text))):
        return True
    rows = list(filter(None, block.split("\n")))
    has_rows = len(rows) > 1 and 3 * sum(map(_is_row, rows)) >= 2 * len(rows)
    return has_rows and not any(map(str.isdigit, text))


def _may_go_on(block: Sequence[_Part], below: Sequence[_Part]) -> bool:
    """Return True if what stands directly below a quote may be of the same text: it is longer, or quotes on."""
    if not below or below[0].start > block[-1].end or _quote_end(block, 0) < len(block) or _speaks(below[0].text):
        return False
    text, rest = ("\n".join(each.text for each in parts) for parts in (block, below))
    return _weight(rest) > _weight(text) or any(map(_OPENS_QUOTE.match, rest.split("\n")))


def _is_in_doubt(block: Sequence[_Part], lead: str, *, has_end: bool) -> bool:
    """Return True if words of the request may stand in what was taken for a text, which then ends as texts do not."""
    first, last = block[0], block[-1]
    is_letter = _is_letter(block)
    if not lead and not is_letter and _says(first.text, of_several=len(block) > 1):
        return True
    if last.is_signed or _quote_end(block, 0) == len(block):
        return False
    if len(block) == 1 or (len(block) == 2 and _may_be_name(first.text)):
        may_be_order = _asks(last.text) and _weight(last.text) < _weight(lead)
        return not has_end and (may_be_order or (_speaks(last.text) and not _asks(lead)))
    if any(each.is_signed for each in block):
        return not _may_be_name(last.text) and not _is_address(last.text)
    if last.is_rows or _begins_text(last):
        return False
    if _speaks(last.text) or (not is_letter and any(_asks(each.text) for each in block)):
        return True
    return not has_end and not (is_letter and (_YOU.search(last.text) or _may_be_name(last.text)))


def _may_be_name(text: str) -> bool:
    return _weight(text) <= _SHORT_NAME


def _is_address(text: str) -> bool:
    """Return True if lines may stand below a signature: a name, an office, a firm."""
    lines = text.split("\n")
    return len(lines) > 1 and all(
        _weight(each) <= _SHORT_LINE and each.rstrip()[-1] not in ".!?。！？" for each in lines
    )


def _says(text: str, *, of_several: bool) -> bool:
    """Return True if a paragraph above a text may be the writer's: it asks, is a sentence, or tells of oneself."""
    line = text.partition("\n")[0]
    return bool(_QUESTION.search(line)) or (of_several and line.rstrip()[-1:] in ".!。！")


def _works_on(block: Sequence[_Part], asked: str) -> bool:
    """Return True if what is asked for is done with a text, and this may be it."""
    text = "\n".join(each.text for each in block)
    if _WORKED_ON.search(asked) or _POINTS.search(asked) or _is_marked(block[0]):
        return True
    return bool(_ANSWERED.search(asked)) and bool(_YOU.search(text) or is_chinese(text) != is_chinese(asked))


def _quote_end(parts: Sequence[_Part], at: int) -> int:
    """Return where passages end that stand in quotes; `at` where there is none."""
    end = at
    while end < len(parts) and (opening := _OPENS_QUOTE.match(parts[end].text)):
        closing = _QUOTES[opening["mark"]]
        ends = (each for each in range(end, len(parts)) if parts[each].text.rstrip().endswith(closing))
        last = next(ends, None)
        if last is None or _weight(parts[end].text) < _SOME:
            break
        end = last + 1
    return end


def _begins_text(part: _Part) -> bool:
    return _is_marked(part) or LIST_ITEM.match(part.text) is not None


def _is_marked(part: _Part) -> bool:
    """Return True if a text shows by its beginning that it is one: a mail, a quote."""
    return part.is_mail or _OPENS_QUOTE.match(part.text) is not None


def _is_letter(parts: Sequence[_Part]) -> bool:
    return any(each.is_mail for each in parts[:3])


def _is_row(line: str) -> bool:
    return LIST_ITEM.match(line) is not None or (len(line) <= _SHORT_ORDER and any(map(str.isdigit, line)))


def _asks(text: str) -> bool:
    """Return True if words surely ask the model for something."""
    if _is_mail(text.partition("\n")[0]) or LIST_ITEM.match(text):
        return False
    if any(map(begins_with_order, re.split("[,，.。!！?？]", text[:_LONG_ORDER]))):
        return True
    points = _POINTS.search(text)
    if orders(text):
        return bool(points or _ASKS.search(text) or _QUESTION.search(text))
    return bool(points and (_QUESTION.search(text) or text.rstrip().endswith((":", "："))))


def orders(text: str) -> bool:
    """Return True if words name what is to be done with a text."""
    return bool(_WORKED_ON.search(text) or _ANSWERED.search(text)) or begins_with_order(text)


def _speaks(text: str) -> bool:
    """Return True if words surely speak to the model: they say what is to be done, or how."""
    said = text.strip()
    if len(said) > _LONG_ORDER or LIST_ITEM.match(said):
        return False
    sentences = re.split(r"(?<=[.!?])\s+|(?<=[。！？；])|\n", said)
    return any(
        begins_with_order(each) or _REMARKS.match(each) or is_own(each) or is_own(re.split("[,，]", each)[0])
        for each in sentences
        if each
    )


def _is_mail(line: str) -> bool:
    """Return True if a line is the head of a mail or its greeting."""
    return _MAIL.match(line[:200]) is not None


def is_own(line: str) -> bool:
    """Return True if a line says what is to be done, or how."""
    said = line.strip()
    if len(said) > _SHORT_ORDER or LIST_ITEM.match(said):
        return False
    if EXAMPLE.match(said):
        return True
    return begins_with_order(said) or wish_of(said) is not None


def _weight(text: str) -> int:
    return len(text) + 2 * count_han(text)
