"""Advice on what a task speaks of and nobody has given: the complaint that is to be answered, the contract to be read.

Of all that can be missing this costs most: a model without the text invents one. A task that asks to do something with
a thing of the office counts, where no material, no file, no words of the thing itself and no earlier message is there.
"""

from __future__ import annotations

import re

from desktop.core.advice.lexicon import is_english
from desktop.core.advice.piece import Advice, AdviceKey, Subject
from desktop.core.prompts.prompt import FieldKind, PromptField, PromptFramework
from desktop.core.text.scripts import count_han, is_chinese

_POINTS = 80  # characters of a task that points to something with a pronoun
_TELLS_IT = 110  # characters of a task, a Chinese one counting three times
_TOLD = 120  # characters of context that may tell of the thing without being it; a Chinese one counts three times
BRINGS_ITS_TEXT = re.compile(
    r"[:：]\s{0,8}(?:\S.{8}|(?!要|语气|口气|字数|请|不|别|用)[\u4e00-\u9fff]{5})"
    r"|[\"“”「『].{8,400}?[\"“”」』]|[:：]\s{0,8}[\"“「『'‘].{1,400}?[\"”」』'’]|\n\s{0,8}\S.{20}",
    re.DOTALL,
)

_ENGLISH_THING = (
    r"complaints?|e-?mails?|mails?|letters?|messages?|contracts?|agreements?|lease|clauses?|polic(?:y|ies)|tables?"
    r"|spreadsheets?|(?:meeting )?notes|minutes|transcripts?|reports?|articles?|documents?|texts?|paragraphs?|speech"
    r"|offers?|quotes?|quotations?|invoices?|statements?|feedback|survey|answers|comments|reviews|slides|deck|cvs?"
    r"|résumés?|resumes?|drafts?|terms|handbook|manual|regulations?|guidelines?|instructions?|specifications?|tender"
    r"|figures|numbers|data|customers?|clients?|applicants?|inquir(?:y|ies)|enquir(?:y|ies)|requests?"
)
_ENGLISH_DEED = (
    r"(?:reply|respond|answer)(?: to)?|translate|summari[sz]e|sum up|condense|shorten|proofread|correct|polish"
    r"|rewrite|rephrase|reword|edit|review|check|analy[sz]e|evaluate|tidy(?: up)?|clean up|go through"
    r"|read(?: through)?"
    r"|extract (?:\w+ ){1,5}?from|turn|convert|put|write (?:an? )?(?:\w+ ){0,2}(?:reply|answer|response) to|compare"
)
_ENGLISH_POINTS = r"the|this|that|these|those|our|my|their|his|her|a|an|both|two|all|some"
_ENGLISH_MISSING = re.compile(
    rf"\b(?:{_ENGLISH_DEED}) (?:(?:{_ENGLISH_POINTS}) )?(?:(?!and\b|or\b|that\b|as\b|how\b|about\b)[\w'’-]+ ){{0,3}}?"
    rf"(?P<thing>{_ENGLISH_THING})\b(?! (?:system|software|management|template|form|process|card|law)\b)"
    r"|\b(?:explain|interpret) (?:the|this|our|my|that) (?:[\w'’-]+ ){0,2}?(?P<explained>contract|clause|policy"
    r"|agreement|letter|invoice|statement|terms|regulations?|report|table)\b"
    r"|\bwhat (?:does|do) (?:our|the|my|this|that) (?:[\w'’-]+ ){0,3}?(?P<asked>policy|policies|rules?|contract"
    r"|manual|guidelines?|report"
    r"|regulations?|handbook|terms|lease)\b (?:say|mean|require)"
    r"|\bwhich (?:of|one of) (?:the|these|my|our) (?:\w+ )?(?P<chosen>cvs?|offers?|quotes?|texts?|versions?"
    r"|drafts?|candidates|contracts?)\b"
    r"|\b(?:fix|repair|correct|cut|shorten|improve|sort|check) (?:down )?my (?P<mine>formula|macro|code|text|draft"
    r"|article|numbers|list|data)\b"
    r"|\b(?:i've|i have|i) (?:attached|pasted|uploaded|dropped) (?:the|a|my|our) (?:\w+ )?(?P<attached>[a-z]+)\b"
    r"|\b(?:reply|respond|answer) to this (?P<whom>[a-z]+)\b"
    r"|\b(?:where|in which (?P<place>paragraph|clause|section)|on which (?P<page>page)) does it say\b"
    r"|\bis (?:it true )?what (?:he|she|it|they|the article) (?P<claimed>writes?|says?|claims?)\b"
    r"|\b(?:write|draft|take|make|prepare|do)(?: up)? (?:the |our |some )?(?:meeting )?(?P<taken>minutes)\b",
    re.IGNORECASE,
)

_CHINESE_THING = (
    "投诉|差评|来信|来函|邮件|电邮|(?<!微)信件?|短信|消息|聊天记录|合同|协议|条款|政策|制度|规定|规章|规范|标准|手册|说明书"
    "|报价单?表?|价格表|表格|表单?(?!达|示|演|扬|明|现)|数据|发票|账单|对账单|流水|清单|会议记录|记录|会议纪要"
    "|纪要|笔记"
    "|录音|逐字稿|报告|文章|稿子|[讲发]言?话?稿|新闻稿|初稿|草稿|文案|文档|文件(?!夹|柜|名)|材料|资料|简历|通知"
    "|公告|反馈"
    "|意见|问卷|评论|留言|方案|标书|招标书|申请书?|说明|要求书|段落|原文|论文|摘要|日报|周报|月报"
)
_CHINESE_DEED = (
    "回复|答复|回应|回一?[下个封]|翻译|译成?|润色|校对|改写|修改|改一?[下遍改]|改[得成为]|检查|审阅|审核|审一?下"
    "|总结|概括|归纳|汇总"
    "|整理|梳理|提炼|提取|摘录|缩短|精简|压缩|扩写|解释|解读|说明|分析|核对|对比|比较|评价|看一?[下看遍]"
    "|读一?[下遍]|读懂"
)
_CHINESE_MISSING = re.compile(
    rf"(?:{_CHINESE_DEED})(?!成|为|出|到)(?:一?[下遍个封份张]"
    rf"|[这那两几]?[个份张封条篇段])?(?:[^，。；！？\n“”\"]{{0,8}}?)"
    rf"(?P<thing>{_CHINESE_THING})(?![是有]?什么|是指|的?(?:概念|定义|意义|作用|格式|写法|模板|区别|原则|流程|系统"
    rf"|软件)|法)"
    rf"|把(?:[^，。；！？\n“”\"]{{0,10}}?)(?P<taken>{_CHINESE_THING})(?:[^，。；！？\n“”\"]{{0,6}}?)"
    rf"(?:{_CHINESE_DEED}|做成|整成|变成|写成|列成)"
    r"|(?:根据|依据)(?:上传|所附|附件)的?[^，。\n]{0,2}(?P<uploaded>[^，。\n]{2,8}?)[，,]"
    r"|(?P<article>合同|协议|制度|办法|规定|条例)第[\d一二三四五六七八九十]{1,3}条"
    r"|附件的?(?P<enclosed>[\u4e00-\u9fff]{2,4}?)(?=[，。的]|帮)"
    r"|(?:校对|润色|修改|改)(?:一[下遍])?我的(?P<own>[\u4e00-\u9fff]{2,4}?)[，。]"
    r"|(?P<offers>报价单|方案|合同|简历)(?:帮我|给我)?(?:比一?[下比]|对比)"
    rf"|(?P<named>{_CHINESE_THING}|报价)(?:[^，。；！？\n“”\"]{{0,3}})(?:{_CHINESE_DEED})(?:一?[下遍]|成|$)"
    rf"|(?:给|对|针对|就|为)[^，。；！？\n“”\"]{{0,8}}?(?P<answered>投诉|差评|来信|来函|邮件|询价|反馈|留言|评论)"
    r"[^，。；！？\n“”\"]{0,6}?(?:回信|回复|答复|回应|回一)"
    r"|这[些条份篇两几个段][^，。！？\n]{0,8}?(?P<asked>数字?|规定|条款|简历|报价|文章|话|表|合同|方案|邮件"
    r"|信)[^，。\n]{0,8}"
    r"(?:什么意思|啥意思|对不对|对吗|哪个|合适|更好|翻|改|看看)"
    r"|(?P<claimed>(?:他|她|网上|文章里?)(?:说|写)的)(?:是不是|是否|对不对|真)|(?P<mine>公式|代码"
    r"|宏)[^，。\n]{0,6}(?:报错|出错|不对|帮我改)"
    r"|这(?P<this>[篇段])(?:帮|给|替)?我?(?:翻|改|润|缩)"
    r"|(?:写|做|出|弄|起草)(?:一?[下份个篇])?(?:[^，。；！？\n“”\"]{0,6}?)(?P<minutes>会议[记纪][录要])"
    r"|(?:回复|答复|回应|回)(?:一?下|给)?(?:[这那]个?位?)?(?:[\u4e00-\u9fff]{1,6}的)?(?P<who>客户|顾客|买家|供应商|对方)(?=$|[，。！吧]"
    r"|的(?:问题|邮件|投诉))"
)
_ENGLISH_BARE = re.compile(
    r"\A(?:please |pls |can you |could you |help me )*(?P<deed>proofread|translate|summari[sz]e|correct|rewrite"
    r"|shorten|rephrase|edit|polish)"
    r"(?: (?:it|this|that))?(?: (?:please|pls|for me|into english|into german|into chinese))*[.!?]*\Z",
    re.IGNORECASE,
)
_CHINESE_BARE = re.compile(
    r"\A(?:请你?|帮我|帮忙|麻烦你?|你|给我|替我)*(?P<deed>翻译|润色|校对|整理|总结|概括|改写|回复|缩写|精简|提炼"
    r"|归纳|审阅|解读"
    r"|检查(?:一下)?错别字|整理成表格?|做成表格?|列成表格?|重新写|改通顺|改短|语气改得?[客礼正委][气貌式婉]一?点?)"
    r"(?:一[下遍]|下)?(?:成?[中英日韩法德俄]文)?(?:吧|谢谢|[，。！!,.])*\Z"
)
_ENGLISH_REFERENCE = re.compile(
    r"\b(?:this|that|these|those|the (?:following|attached|above|enclosed)) (?:text|e-?mail|mail|message|letter"
    r"|document|article|report|paragraph|sentence|code|table|list|contract|draft|file|page|passage|note|summary"
    r"|translation)s?\b|\bthe \w+ (?:below|above)\b|\bthe (?:following|attached)\b|\b(?:see|as) (?:below|attached)\b",
    re.IGNORECASE,
)
_ENGLISH_PRONOUN = re.compile(
    rf"\A\s*(?:(?:please|can you|could you|would you|now|just|help me)[ ,]+)*(?:{_ENGLISH_DEED}|fix|make|improve"
    r"|simplify|expand|explain)(?: up| out| down)? (?P<found>it|this|that|these|them)\b"
    r"(?! (?:is|was|year|week|month|day|morning|evening|time|way|quarter|summer|winter))",
    re.IGNORECASE,
)
_CHINESE_REFERENCE = re.compile(
    r"这[段篇封份张首](?:文字|话|[英中日德法韩俄]文|文章|邮件|信|合同|文件|报告|材料|资料|内容|表格?|代码|稿子?|文本|文档"
    r"|(?![\u4e00-\u9fff]))|这[些个](?:文本|文件|文档|邮件|表格|合同|报告|句子|段落|方案|内容|材料|资料|代码|文章|信)"
    r"|(?:下面|以下|下列|上面|以上|上述|附件)(?:的|中的?|里的?)?(?:这[段篇封份])?(?:文字|文本|文章|邮件|内容|材料"
    r"|资料|合同|报告|表格|段落|句子|代码|文件|文档|话)|\A(?:请|帮我|麻烦你?|把)*(?:[\u4e00-\u9fff]{0,3})它|\A(?:请"
    r"|帮我|麻烦你?)*把这个(?=翻译|改|总结|概括|润色|缩短|整理|校对)"
)
_LATER_SENTENCE = re.compile(r"[.?!]\s+\S.{24,}", re.DOTALL)
_ASKS_HOW = re.compile(
    r"\A\s*(?:how|what|why|when|which|should|is|are|can|does|do)\b|怎么|如何|怎样|为什么|什么是"
    r"|解释(?:一下)?(?!这|那|我|公司|下面|附件)[^，。]{0,8}(?:发票|账单|流水|报表)\W*\Z",
    re.IGNORECASE,
)
_ASKS_OF_IT = re.compile(
    r"\bwhat (?:does|do) (?:our|the|my|this|that) [\w'’ -]{2,40} (?:say|mean|require)\b|\bwhich (?:of"
    r"|one of) (?:the|these|my|our) "
    r"|\bdoes it say\b"
    r"|\bis (?:it true )?what (?:he|she|it|they|the article) ",
    re.IGNORECASE,
)
_ASKS_ME = re.compile(r"\A\s*(?:can|could|would) you\b", re.IGNORECASE)

_END = "\0"  # of the words that name the thing
# What lacks nothing although it speaks of a thing: any such thing, one of which is told, or one yet to be written.
_ENGLISH_LACKS_NOTHING = re.compile(
    rf"(?<!\bin )(?<!\binto )\b(?:an?|any|some) (?:(?!(?:of|to|from|for|the|my"
    rf"|our)\b)[\w'’-]+ ){{0,3}}?(?:{_ENGLISH_THING}){_END}"
    rf"|(?<!say){_END}(?:(?! (?:and|tell)\b)[^.!?,\n]){{0,40}}?\b(?:who|which|that|whose|asking|saying|about"
    rf"|because|since)(?: [^\s,.;]+){{4}}"
    r"|\b(?:give|write|make|create|draft|suggest|need|want|prepare|list|show)(?: up)?(?: me| us)?"
    r" (?:an? |some |the )?(?:\w+ )?(?:template|checklist|outline|steps|tips|ideas|advice|options)\b"
    r"|\s[-–—]+ ?[^\s,]+(?: [^\s]+){4}"
    r"|\b(?:i|we|he|she|they|you)(?:'ve| have| has)? read\b|\b(?:turn|put) (?:down|off|away|up)\b|\bconvert \d"
    r"|\b(?:do|should|must|may) (?:i|we)\b|\bhow would you\b|\b(?:please|pls),? (?-i:[A-Z])\w+ \w+ \w+ \w"
    r"|\bcompare (?!(?:the|this|these|those|both|all|my|our|two|three|following)\b)[\w-]+\0? (?:\w+\0? )?(?:and"
    r"|with|to)\b"
    r"|\battached (?:the|an?|my|our) (?:\w+ ){1,3}?to\0? (?!this\b)|\b(?:this|that) e?-?mails\b"
    rf"|\b(?:{_ENGLISH_DEED}) (?:\w+ ){{0,2}}?(?:why|what|when|whether|where|how|customers|clients|applicants)\b"
    rf"|\b(?:explain|interpret)[^.!?\n]*{_END}'?s? (?!to|for|in|of|from|on|with|and|or|me|please|so|like|as"
    rf"|that|you)[a-z]",
    re.IGNORECASE,
)
_CHINESE_LACKS_NOTHING = re.compile(
    r"[\u4e00-\u9fff] [\u4e00-\u9fff]{5}"
    r"|回[^，。]{0,12}(?:说|[，,](?!不?超过|不要|控制)[^，。]{0,6}(?:周[一二三四五六日]|\d|已|同意|可以|收到))"
    r"|模板|范文|范本|提纲|大纲|还没|没开始|技巧|方法|办法|步骤|的(?:好处|坏处|原因|区别|优缺?点|缺点|作用)|用在?(?:表格|邮件|清单)|注意(?:什么|哪些|事项)"
    r"|(?:最?容易|应该|一般|通常|需?要)[^，。]{0,8}(?:什么|哪些)"
    r"|(?:对比|比较)(?:一下)?(?![这那两三几附])[^，。\0]*\0?[^，。]{0,3}[和与跟、]"
    r"|(?P<kind>合同|协议|报告|邮件|发票|简历)\0?[和与跟及][^，。]{1,8}(?P=kind)"
)


def missing_thing(task: str) -> str:
    """Return the thing that a task is to be done with and does not bring along; empty if there is none.

    Of a task that names nothing at all ("翻译一下"), the deed.
    """
    found = _missing(task)
    return _named(found) if found else ""


def surely_missing_thing(task: str) -> str:
    """Return the same where no word of the task tells that it lacks nothing."""
    found = _missing(task)
    return _named(found) if found and not _lacks_nothing(task, found) else ""


def _lacks_nothing(task: str, found: re.Match[str] | None) -> bool:
    end = found.end() if found else len(task)
    nothing = _CHINESE_LACKS_NOTHING if is_chinese(task) else _ENGLISH_LACKS_NOTHING
    return nothing.search(f"{task[:end]}{_END}{task[end:]}") is not None


def _missing(task: str) -> re.Match[str] | None:
    if _brings_it(task):
        return None
    if _ASKS_HOW.search(task) and not _ASKS_ME.match(task) and not _ASKS_OF_IT.search(task):
        return None
    if bare := _ENGLISH_BARE.match(task.strip()):
        return bare
    if is_chinese(task):
        return _CHINESE_BARE.match(task.strip()) or _CHINESE_MISSING.search(task)
    return _ENGLISH_MISSING.search(task) if is_english(task) else None


def _named(found: re.Match[str]) -> str:
    named = found.groupdict()
    return named["deed"].lower() if "deed" in named else next(filter(None, named.values()), "")


def _brings_it(task: str) -> bool:
    """Return True if a task may bring the thing along: after a mark, or as the most of its words."""
    return BRINGS_ITS_TEXT.search(task) is not None or len(task) + 2 * count_han(task) > _TELLS_IT


def text_missing(subject: Subject) -> Advice | None:
    """Return advice for a task that surely speaks of a thing, or points to one, which is not there."""
    if subject.draft.materials or subject.draft.files or not subject.setting.is_first:
        return None
    if subject.framework.is_ready_made and material_field(subject.framework).required:
        return None  # its form asks for it anyway, and nothing is sent without
    told = "".join(text for _, text in subject.words(FieldKind.CONTEXT, FieldKind.OTHER))
    if len(told) + 2 * count_han(told) > _TOLD:
        return None
    task = subject.task
    found = _missing(task)
    if _lacks_nothing(task, found):
        return None
    thing = (found and _named(found)) or _pointed_to(task, is_alone=not told)
    return Advice(AdviceKey.TEXT_MISSING, material_field(subject.framework).key, {"found": thing}) if thing else None


def _pointed_to(task: str, *, is_alone: bool) -> str:
    """Return the words of a task that point to something which is not there; empty if there are none.

    Pronouns count only where nothing can have been named before: at the beginning of a first message.
    """
    if _brings_it(task) or not is_alone:
        return ""
    if is_chinese(task):
        found = _CHINESE_REFERENCE.search(task)
        return found[0] if found else ""
    pronoun = None if len(task) > _POINTS or _LATER_SENTENCE.search(task) else _ENGLISH_PRONOUN.search(task)
    found = _ENGLISH_REFERENCE.search(task)
    return pronoun["found"] if pronoun else found[0] if found else ""


def material_field(framework: PromptFramework) -> PromptField:
    """Return the field where material is to be given: that of a framework which has one, else the task's."""
    return next(iter(framework.of_kind(FieldKind.MATERIAL)), framework.task)
