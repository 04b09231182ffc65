"""What a request calls the text that it needs and nobody gave: the contract it asks about, the mail to be answered.

Stricter than `lacking`, since a message is held for it: rather nothing is said than a request held that lacks nothing.
"""

from __future__ import annotations

import re
from typing import Final

from desktop.core.advice.missing import surely_missing_thing
from desktop.core.tasks.kinds import OfficeTask
from desktop.core.tasks.lacking import brings_text, source_asked
from desktop.core.tasks.office import recognised_task
from desktop.core.text.doubt import content_of
from desktop.core.text.languages import IN_THIS_LANGUAGE
from desktop.core.text.scripts import count_han, count_words, is_chinese

# Characters of a request that may tell all by itself, and of a question; a Chinese one counts three times.
_LONGEST: Final = 360
_LONGEST_QUESTION: Final = 150
# A text that a question points at, or of which it asks what it says.
_ENGLISH_TEXT = (
    r"complaints?|e-?mails?|mails?|letters?|messages?|contracts?|agreements?|lease|clauses?|polic(?:y|ies)|tables?|lists?"
    r"|notes?|spreadsheets?|minutes|transcripts?|recordings?|reports?|articles?|documents?|docs?|files?|pdf|texts?|speech"
    r"|paragraphs?|stud(?:y|ies)|papers?|offers?|quotes?|quotations?|bids?|invoices?|statements?|feedback"
    r"|survey|comments|reviews|slides|deck|cvs?|r[ée]sum[ée]s?|drafts?|terms|t&cs|handbook|manual|regulations?|rules"
    r"|guidelines?|instructions|specifications?|specs?|tender|figures|numbers|newsletters?|brochures?|leaflets?|memos?"
    r"|threads?|(?:e-?mail |mail )chain|circulars?|attachments?|price list|rate sheet|nda|warranty|logs?|applications?"
    r"|proposals?|judge?ment|by-?laws?|code of conduct|board pack"
)
_WORDS = r"(?:(?!(?:and|or|to|for|that|of|in|on|a|an)\b)[\w'’&-]+ ){0,3}?"
_OWN = rf"\b(?:the|our|my|their|his|her|its|your) {_WORDS}"
_PLEASE = r"\A(?:(?:please|pls|can you|could you|now|just|help me|quick|any|a|the|i need|need|give me|what['’]s)[ ,]+)*"
_ENGLISH_POINTED = re.compile(
    rf"\b(?:this|these|those|both|(?:the|an) (?:attached|enclosed|following|pasted)) {_WORDS}"
    rf"(?P<pointed>{_ENGLISH_TEXT})\b"
    rf"|\b(?:(?P<with>{_ENGLISH_TEXT}) (?:is |are )?)?(?:attached|enclosed|underneath)\b"
    rf"|\b(?:(?P<above>{_ENGLISH_TEXT}) )?(?<![\d%] )below(?=\W*\Z|[,;.:]| (?:and|into|as|to|by|from|with)\b)"
    rf"|(?<!how do i )(?<!how to )(?<!to )\b(?:check|proofread|summari[sz]e|translate|review|shorten)"
    rf" (?:my|an?) {_WORDS}(?P<read>{_ENGLISH_TEXT})\b"
    rf"|\b(?:give|explain|extract|pull|show|sum up|check|find|list)\b[^.?!\n]{{0,60}}? (?:in|from|of) {_OWN}"
    rf"(?P<ordered>{_ENGLISH_TEXT})\b"
    rf"|\b(?:summary of|(?:reply|respond|answer)(?: to)?) {_OWN}(?P<treated>{_ENGLISH_TEXT})\b"
    rf"|\bi(?:['’]ve got| have|['’]ve) (?:here )?(?:an?|some|two) {_WORDS}(?P<had>{_ENGLISH_TEXT})"
    r" (?:from|of|by|about|that)\b"
    r"|\bi(?:['’]ll| will) (?:paste|attach|send (?:you|it))\b|\bfrom my notes\b"
    r"|\bmake (?:it|this) (?:\w+er|(?:more|less) \w+)\W*\Z"
    rf"|{_PLEASE}(?:tl;?dr|short(?:er)? version|(?:main|key) (?:points|takeaways)"
    r"|(?:spelling|grammar|spell) ?(?:check|only)|typos|gist)\b"
    rf"|{_PLEASE}(?:reply|respond|answer|translate|summari[sz]e|shorten|proofread|correct|polish|rewrite|rephrase"
    r"|reword|edit|review|check|explain|fix|simplify|improve)(?: to)? (?=(?:it|this|that|these|them)\b"
    r"(?! (?:is|was|year|week|month|day|morning|evening|time|way|quarter|summer|winter)\b))",
    re.IGNORECASE,
)
_ENGLISH_ASKED = re.compile(
    rf"\b(?:in|from|of|to|by|under|per|with|at|through|about) {_OWN}(?P<within>{_ENGLISH_TEXT})\b(?! of an?\b)"
    rf"|{_OWN}(?P<saying>{_ENGLISH_TEXT}) (?:really |actually |ever )?(?:say|mention|state|require|allow|cover"
    r"|specify|give|mean|list|define|include|contain|permit|forbid)(?:s|ies)?\b",
    re.IGNORECASE,
)
_CHINESE_TEXT = (
    "投诉信?|差评|来信|来函|邮件|短信|消息|聊天记录|合同|协议|条款|政策|制度|规定|规章|规则|办法|手册|说明书|报价单|价格表|发票"
    "|账单|对账单|流水|清单|名单|会议记录|记录|会议纪要|纪要|笔记|录音|报告|文章|稿子?|讲话稿?|初稿|草稿|文案|文档|文件|材料|资料"
    "|简历|通知|公告|反馈|意见|问卷|评论|留言|方案|标书|申请书?|原文|论文|摘要|周报|月报|章程|公文|附录|白皮书|招股书"
)
_CHINESE_POINTED = re.compile(
    rf"这(?:[份封篇段张首条个串]|些|几[份封篇段张条])[^，。！？,\n]{{0,8}}?"
    rf"(?P<pointed>{_CHINESE_TEXT}|表格|数据|信|话|文字|内容|PDF|pdf)"
    r"|(?:回复?|答复|润色|翻译?|校对|改写?|缩短?|精简|压缩?|总结|概括|整理)(?:一?下)?这[份封篇段张首条个位]|[发贴传]给[你您]"
    r"|这[份封篇段](?=帮|给|替|[，,。]|\Z|有|怎|什|翻|改|写)|这张表|(?:[把看读见用]|根据|按照?|依据)附件|附件[里中的]|下文|原文"
    rf"|从[^，。\n]{{0,6}}?(?P<taken>{_CHINESE_TEXT})[里中]?[^，。\n]{{0,6}}?(?:找|提取|摘|挑|整理|汇总|生成)"
    r"|[贴附在见]下面|(?:要点|材料|内容|数据)(?:如下|[见在附]下)"
    rf"|(?<![\d字元人个天楼])(?:以下|下列|下面|上述|上传)的?[^，。！？,\n]{{0,8}}?"
    rf"(?P<below>{_CHINESE_TEXT}|表格?|数据|信|话|文字|内容|PDF|pdf)"
    r"|(?:有没有|有无|检查|查|改|挑)(?:一?[下遍])?(?:写错|打错|错)(?:的地方|别?字)|太长不[看想]"
    r"|(?:全文|主要|核心)(?:大意|内容|观点)|[翻译](?:译|成|为|一下)*(?:地道的?)?[中英日韩法德俄西]文?(?=[，,。！]|\Z)"
)
_CHINESE_ASKED = re.compile(
    rf"(?:根据|按照?|依照|看)(?:一下)?[^，。！？,\n]{{0,6}}?(?P<source>{_CHINESE_TEXT})"
    rf"|(?P<within>{_CHINESE_TEXT})(?:[里中上]面?|的?第[\d一二三四五六七八九十]{{1,3}}[条款页章]|写没写|怎么说)"
    r"|(?P<checked>合同|协议|条款|标书)[^。！？\n]{0,16}?(?:审[核查一]|把把?关|坑|陷阱|漏洞|风险点?|不利|公平|霸王|毛病)"
)
_MAKES = re.compile(
    r"\b(?:write|draft|prepare|create|design|template|usually|typically|put into|add)\b|\A\W*(?:how to|should|is it)\b"
    r"|\bshould\b|\bhow (?:do|can|should|would) (?:i|we|you)\b"
    r"|\b(?:polic(?:y|ies) of|(?:sentence|clause|paragraph) for)\b|怎么[写做弄加改发插设跟去按在称]|如何|起草|草拟"
    "|代拟|拟一?[份个]|写一?[份个篇封]|要不要|要写|模板|范文|一般|通常|常见|应该|应当|是什么|什么是|增?加|起[个几].{0,4}名",
    re.IGNORECASE,
)
# Words between quotes or on a line of their own, which may be all that there is to it; and questions about a program.
_NEEDS_NONE = re.compile(
    r"[“「『\"].{4,}?[”」』\"]|(?<!\w)['‘].{4,}?['’](?!\w)|\n|\b(?:excel|outlook|gmail|wps|in word)\b|函数|公式",
    re.IGNORECASE,
)
_PEOPLE = re.compile(r"(?:customer|client|applicant)s?\Z|[客顾]|供应商|对方", re.IGNORECASE)
_TEXT = re.compile(f"{_ENGLISH_TEXT}|{_CHINESE_TEXT}", re.IGNORECASE)


def missing_text(words: str) -> str:
    """Return what a request calls the text that it needs and does not bring along; empty if it lacks none.

    "text" or "原文" where it has no name for it.
    """
    words = words.strip()
    width = len(words) + 2 * count_han(words)
    if width > _LONGEST or brings_text(words) or _NEEDS_NONE.search(words):
        return ""
    is_han = is_chinese(words)
    thing = surely_missing_thing(words)
    if not thing or _PEOPLE.match(thing):
        pointed = (_CHINESE_POINTED if is_han else _ENGLISH_POINTED).finditer(words)
        found = max(
            pointed, key=lambda each: each.lastgroup is not None, default=None
        )  # one that names it, if there is
        if found is None and width <= _LONGEST_QUESTION and not _MAKES.search(words):
            found = source_asked(words, _CHINESE_ASKED if is_han else _ENGLISH_ASKED)
        if found is None:
            return ""
        thing = next(filter(None, found.groupdict().values()), "")
    if _TEXT.fullmatch(thing):
        return thing if thing.isupper() else thing.lower()
    return "原文" if is_han else "text"


_ON_A_TEXT = (OfficeTask.TRANSLATE, OfficeTask.REWRITE, OfficeTask.SUMMARISE, OfficeTask.MAKE_TABLE, OfficeTask.EXPLAIN)
_BRIEF: Final = 4  # words; Chinese has twice as many signs


def is_about_answer(words: str) -> bool:
    """Return True for a message on the answer above it, which asks no file: "Translate that", "More formal", "Thanks".

    It names no text, and is no question.
    """
    if words in IN_THIS_LANGUAGE.values():
        return True
    if words.rstrip().endswith(("?", "？")):
        return False
    task = recognised_task(words)
    if task not in _ON_A_TEXT:
        return not content_of(words)
    is_brief = count_words(words) <= _BRIEF * (2 if is_chinese(words) else 1)
    return missing_text(words) in ("text", "原文") or (is_brief and task in _ON_A_TEXT[:2])
