"""The task of the office that a first line asks for, recognised by rules in English and Chinese while it is written.

No model is asked. The rules look at what a line orders (the verb) and at what it orders it for (the thing); the first
that fits counts, from the special to the general. Silence is right where a line is a question about a task, tells
something, or is in a language that is not known here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from desktop.core.advice.lexicon import is_english
from desktop.core.text.scripts import count_han, is_chinese

_LOOKED_AT: Final = 160  # characters of the first line: what is ordered stands at its beginning
_LEAST_ENGLISH, _LEAST_CHINESE = 8, 3  # characters; less may become anything


class OfficeTask(StrEnum):
    """Task of the office, by its key."""

    ANSWER_COMPLAINT = "answer_complaint"
    ANSWER_MAIL = "answer_mail"
    MINUTES = "minutes"
    TRANSLATE = "translate"
    PROOFREAD = "proofread"
    CHECK_CONTRACT = "check_contract"
    CHECK_FIGURES = "check_figures"
    CHECK_FACTS = "check_facts"
    COMPARE = "compare"
    MAKE_TABLE = "make_table"
    SUMMARISE = "summarise"
    EXPLAIN_POLICY = "explain_policy"
    ASK_DOCUMENT = "ask_document"
    REWRITE = "rewrite"
    WEEKLY_REPORT = "weekly_report"
    YEARLY_REVIEW = "yearly_review"
    SLIDES = "slides"
    NOTICE = "notice"
    INVITATION = "invitation"
    SPEECH = "speech"
    JOB_ADVERT = "job_advert"
    PRODUCT_TEXT = "product_text"
    CONTRACT_CLAUSE = "contract_clause"
    FORMULA = "formula"
    QUESTIONS = "questions"
    NAMES = "names"
    IDEAS = "ideas"
    PLAN = "plan"
    WRITE_MAIL = "write_mail"
    EXPLAIN = "explain"


@dataclass(frozen=True, slots=True)
class _Rule:
    task: OfficeTask
    english: re.Pattern[str]
    chinese: re.Pattern[str]


def _rule(task: OfficeTask, english: str, chinese: str) -> _Rule:
    return _Rule(task, re.compile(english, re.IGNORECASE), re.compile(chinese, re.IGNORECASE))


_WRITE = r"\b(?:write|draft|compose|prepare|create|make|give me|i need|put together|help (?:me )?with|produce|do)\b"
_NEAR = r"[^.?!\n]{0,40}?"
_WRITES = "(?:写|起草|草拟|拟|做|制作|准备|出|弄|编|来|生成|搞|要)"
_DICHT = "[^，。；！？\n]{0,12}?"
_REPLY = r"\b(?:reply|respond|answer|write back|react)\b|\b(?:reply|response|answer)\b"

_RULES: Final = (
    _rule(
        OfficeTask.ANSWER_COMPLAINT,
        rf"(?:{_REPLY}){_NEAR}\b(?:complaints?|complain\w*|angry|unhappy|dissatisfied|bad review|negative review)\b"
        r"|\b(?:handle|deal with|appease)\b[^.?!\n]{0,30}?\b(?:complaint|angry (?:customer|client|guest))"
        r"|\bcomplaint\b[^.?!\n]{0,30}?\b(?:reply|response|answer)\b"
        r"|\bapologi[sz]e to\b[^.?!\n]{0,20}\b(?:customer|client|guest)",
        f"(?:回复|答复|回应|处理|回一?[下封]|安抚|应对){_DICHT}(?:投诉|差评|抱怨|不满|生气)"
        f"|(?:投诉|差评|抱怨)[^。！？\n]{{0,30}}?(?:回复|答复|回信|回应|怎么回|回一)|给{_DICHT}(?:客户|顾客"
        f"|客人){_DICHT}道歉",
    ),
    _rule(
        OfficeTask.ANSWER_MAIL,
        r"\b(?:reply|respond|write back|answer)\b(?: to)?(?: \w+){0,4}? (?:e-?mails?|mails?|letters?|messages?"
        r"|inquiry"
        r"|enquiry|request|customer|client|supplier|boss|him|her|them)\b|\bwrite (?:an?|the) (?:\w+ ){0,2}(?:reply"
        r"|response|answer)\b"
        r"|\b(?:decline|turn down|accept|confirm)\b[^.?!\n]{0,24}?\b(?:offer|invitation|request|appointment"
        r"|meeting|proposal)\b",
        f"(?:回复|答复|回一?[下封个]|回){_DICHT}(?:邮件|来信|来函|信|消息|微信|短信|询价|客户|供应商|领导|对方|同事)"
        f"|(?:邮件|来信|来函|消息|询价){_DICHT}(?:回复|答复|怎么回|回一[下封])|写{_DICHT}(?:回信|回复|回函)"
        f"|(?:婉拒|谢绝|拒绝){_DICHT}(?:邀请|报价|请求|要求)",
    ),
    _rule(
        OfficeTask.MINUTES,
        r"\bminutes\b(?! (?:ago|later|long|late|each|per|early|before"
        r"|after))(?<!\d minutes)(?<!few minutes)(?<!five minutes)"
        r"|\b(?:write up|summari[sz]e|protocol)\b[^.?!\n]{0,20}?\b(?:meeting|call)\b|\bmeeting notes\b",
        f"会议[纪记][要录]|(?:整理|总结|{_WRITES}){_DICHT}(?:会议|例会|开会)(?:内容|记录|的?要点|笔记)"
        f"|把{_DICHT}会议{_DICHT}(?:整理|写成|变成)",
    ),
    _rule(
        OfficeTask.TRANSLATE,
        r"\btranslat\w+\b|\b(?:put|turn|render) (?:this|it|that|the \w+)(?: \w+){0,3} into (?:english|chinese"
        r"|german|french|spanish|japanese)"
        r"|\binto (?:english|chinese|german|french|spanish|japanese|italian|korean)\b",
        "翻译|译成|译为|译一下|[翻变]成?(?:中|英|日|韩|法|德|俄)[文语]",
    ),
    _rule(
        OfficeTask.CHECK_CONTRACT,
        r"\b(?:check|review|look (?:at|through|over)|go through|examine|read)\b[^.?!\n]{0,30}?\b(?:contract"
        r"|agreement|lease|terms|nda|clauses?)\b"
        r"|\b(?:risks?|traps?|pitfalls)\b[^.?!\n]{0,16}?\b(?:contract|agreement|lease|clause)",
        f"(?:审|检查|看|核对|把关|找){_DICHT}(?:合同|协议|条款|租约)|(?:合同|协议|条款){_DICHT}(?:风险|漏洞"
        f"|审|把关|看看|检查|坑)",
    ),
    _rule(
        OfficeTask.ASK_DOCUMENT,
        r"\b(?:what|when|who|where|how|does|is)\b[^.\n]{0,40}\b(?:in|according to|does) (?:the|this"
        r"|that) (?:document|contract|report|file|text|mail|pdf|attachment)\b"
        r"|\b(?:find|look up|search)\b[^.?!\n]{0,30}\bin (?:the|this|that) (?:document|contract|report|file|text"
        r"|pdf|attachment)\b"
        r"|\banswer (?:my |the )?questions? (?:about|on|from) (?:the|this|that)\b",
        f"(?:根据|按照?|依据|从){_DICHT}(?:文件|文档|合同|报告|资料|材料|附件|PDF){_DICHT}(?:回答|找|告诉|说明|查)"
        "|(?:这份|这个|文件|文档|合同|报告|附件)里?(?:写的|提到|说的)?[^，。]{0,12}(?:是多少|在哪|是什么|什么时候"
        "|有没有)",
    ),
    _rule(
        OfficeTask.CHECK_FIGURES,
        r"\b(?:check|verify|recalculate|go over|audit)\b[^.?!\n]{0,24}?\b(?:figures|numbers|sums?|totals?"
        r"|calculation|invoice|arithmetic|balance)\b"
        r"|\b(?:calculate|add up|work out|compute)\b[^.?!\n]{2,}|\bhow (?:much|many)\b[^.\n]{0,30}\b(?:total"
        r"|altogether|in all|cost)\b",
        f"(?:核对|检查|复核|验算|核算|对一?下){_DICHT}(?:数字|数据|金额|账|总额|计算|发票|对账单)|计算"
        f"|算一?[下算出]|(?:总共|一共|合计){_DICHT}多少",
    ),
    _rule(
        OfficeTask.CHECK_FACTS,
        r"\b(?:fact[- ]?check|check (?:the |these |my |whether )?(?:facts|statements|claims)|is it true"
        r"|verify (?:the |these )?(?:facts|claims|statements))\b"
        r"|\bcheck (?:if|whether)\b[^.?!\n]{0,40}\b(?:true|correct|right)\b",
        f"(?:核实|查证|求证|核查|辨别){_DICHT}(?:事实|说法|信息|内容|真假|消息|来源)?|是真的吗|(?:说法"
        f"|消息){_DICHT}(?:对不对|是否属实|真假)",
    ),
    _rule(
        OfficeTask.COMPARE,
        r"\bcompare\b|\bcomparison (?:of|between)\b|\b(?:differences?|what(?:'s| is) different) between\b"
        r"|\bwhich (?:of the|offer|quote|supplier)\b",
        f"(?:比较|对比){_DICHT}|(?:哪个|哪家|哪份){_DICHT}(?:更|好|便宜|合适)|(?:区别|不同|差异)在哪|有什么(?:区别"
        f"|不同|差别)",
    ),
    _rule(
        OfficeTask.FORMULA,
        r"\b(?:excel|spreadsheet|sheets) (?:formula|function|macro)\b|\bformula\b[^.?!\n]{0,30}\b(?:excel|column"
        r"|cell|sum|count|date)"
        r"|\b(?:vlookup|xlookup|sumifs?|countifs?|pivot table|vba|macro|regex|sql query)\b|\bin excel\b"
        r"|\bwrite an? (?:\w+ )?formula\b",
        "(?:Excel|表格|WPS)[^，。]{0,10}(?:公式|函数|宏)|公式[^，。]{0,10}(?:怎么写|写一个|计算)|VLOOKUP|SUMIFS?"
        "|数据透视表|(?:写|给)[^，。]{0,8}(?:公式|函数|正则|SQL)",
    ),
    _rule(
        OfficeTask.MAKE_TABLE,
        r"\b(?:into|as|make|create|build|put .{0,24}? in) (?:an? |the )?(?:\w+ )?(?:table|spreadsheet|csv"
        r"|list of columns)\b|\btabulate\b"
        r"|\b(?:clean|tidy) up\b[^.?!\n]{0,16}\b(?:table|spreadsheet|data|list)\b",
        f"(?:整理|做|列|转|变|汇总|填|写){_DICHT}成?(?:表格|表|Excel|清单)(?!达|示|演|扬|明)|(?:表格|报价单?表?"
        f"|名单|数据){_DICHT}整理|整理一?下?{_DICHT}(?:数据|名单|报价)",
    ),
    _rule(
        OfficeTask.EXPLAIN_POLICY,
        rf"\b(?:explain|what does|summari[sz]e|understand|interpret)\b{_NEAR}\b(?:polic(?:y|ies)|regulations?"
        rf"|rules|guidelines?|handbook|directive)\b",
        f"(?:解释|解读|说明|讲|看懂|介绍){_DICHT}(?:政策|制度|规定|办法|条例|规范|细则|流程规定)|(?:政策|制度|规定"
        f"|办法|细则){_DICHT}(?:解释|解读|什么意思|讲讲|说明)",
    ),
    _rule(
        OfficeTask.PROOFREAD,
        r"\bproof-?read\b|\b(?:correct|fix|check)\b[^.?!\n]{0,24}?\b(?:spelling|grammar|typos?|mistakes|errors"
        r"|punctuation|language)\b"
        r"|\bcorrect (?:my|this|the) (?:\w+ )?(?:text|mail|e-?mail|letter|draft|english)\b",
        f"校对|(?:改|检查|找|纠正|看看有没有){_DICHT}(?:错别字|语病|语法|错字|病句|拼写|标点)",
    ),
    _rule(
        OfficeTask.WEEKLY_REPORT,
        r"\b(?:weekly|daily|monthly|status|progress|sales|quarterly) (?:report|update|summary)\b"
        r"|\breport\b[^.?!\n]{0,24}\b(?:this|last) (?:week|month|quarter)\b",
        "[周日月季]报(?!价)|(?:本周|这周|上周|本月|每周|每日|今天)的?工作(?:总结|汇报|报告|小结)|工作汇报|进度报告"
        "|述职报告",
    ),
    _rule(
        OfficeTask.YEARLY_REVIEW,
        r"\b(?:year[- ]end|annual|yearly|half[- ]year(?:ly)?) (?:review|report|summary)\b|\b(?:self[- ]assessment"
        r"|self[- ]review|performance review|appraisal)\b",
        "年终总结|年度总结|(?:半年|全年|年中|上半年|下半年|今年|一年|个人)[^，。]{0,6}(?:工作)?总结"
        "|总结[^，。]{0,8}(?:今年|全年|上半年|下半年|年度)|自我(?:评价|鉴定|评估)|绩效自评",
    ),
    _rule(
        OfficeTask.SUMMARISE,
        r"\bsummari[sz]e\b|\bsum up\b|\bsummary of\b|\b(?:key|main) points (?:of|from)\b|\btl;?dr\b|\bcondense\b"
        r"|\bin a nutshell\b|\bdigest of\b",
        f"总结一?下?(?!会)(?!.{{0,6}}(?:工作|今年|全年|上半年|下半年|年度))|概括|归纳|提炼|摘要|(?:提取"
        f"|列出){_DICHT}(?:要点|重点)|缩写",
    ),
    _rule(
        OfficeTask.REWRITE,
        r"\b(?:rewrite|rephrase|reword|polish|improve|shorten|simplify|paraphrase|tone down|edit)\b[^.?!\n]{2,}"
        r"|\bmake (?:this|it|that|my \w+|the \w+)(?: \w+){0,3} (?:shorter|longer|friendlier|politer|more \w+"
        r"|less \w+|clearer|simpler|better|formal)\b",
        f"润色|改写|重写|缩短|精简|扩写|(?:改|写)得(?:更|正式|客气|礼貌|简短|通顺|委婉)|(?:改|修改"
        f"|优化)一?下?{_DICHT}(?:文案|稿子?|邮件|措辞|文字|这段|语气|表达)"
        "|(?:换|改)(?:个|一?种)(?:说法|语气|表达)",
    ),
    _rule(
        OfficeTask.SLIDES,
        r"\b(?:slides?|presentation|power ?point|ppt|deck|keynote)\b",
        "PPT|幻灯片|演示文稿|汇报(?:的)?(?:大纲|提纲|材料)|讲稿大纲",
    ),
    _rule(
        OfficeTask.JOB_ADVERT,
        r"\bjob (?:advert\w*|ad|posting|description|offer)\b|\bvacancy\b|\bjob profile\b|\brecruitment ad",
        f"招聘(?:启事|广告|文案|信息|要求|JD)?|岗位(?:职责|描述|说明|要求)|职位(?:描述|说明)|{_WRITES}{_DICHT}JD",
    ),
    _rule(
        OfficeTask.INVITATION,
        rf"{_WRITE}{_NEAR}\binvitations?\b|\binvite\b[^.?!\n]{{2,}}|\binvitation (?:to|for|letter|card|text)\b",
        f"邀请函|邀请信|请柬|请帖|{_WRITES}{_DICHT}邀请|邀请{_DICHT}(?:客户|同事|嘉宾|参加|出席)",
    ),
    _rule(
        OfficeTask.SPEECH,
        rf"{_WRITE}{_NEAR}\b(?:speech|toast|opening remarks|eulogy|welcome address|laudatory)\b|\ba toast\b"
        rf"|\bspeech (?:for"
        rf"|about|on)\b",
        "发言稿|演讲稿|讲话稿|致辞|祝酒词|主持(?:词|稿)|开场白|演讲[^，。]{0,4}(?:稿|内容)",
    ),
    _rule(
        OfficeTask.NOTICE,
        rf"{_WRITE}{_NEAR}\b(?:notice|announcement|circular|out[- ]of[- ]office|press release"
        rf"|newsletter)\b"
        r"|\bmemo(?:randum)? (?:on|about|to|for)\b|\bannounce\b[^.?!\n]{2,}|\b(?:tell|inform|notify) (?:all |the "
        r"|our |every)?(?:staff|employees|team"
        r"|colleagues|tenants|everyone)\b",
        f"(?:{_WRITES}|发){_DICHT}(?:通知|公告|通告|公文|启事|告示|请示|通报|新闻稿|函)(?!我)|通知(?:全体|大家"
        f"|各部门|同事|员工|所有人)|(?:放假|停电|会议|搬家|调休|涨价)(?:的)?通知",
    ),
    _rule(
        OfficeTask.PRODUCT_TEXT,
        rf"{_WRITE}{_NEAR}\b(?:product (?:text|description|page)|advert\w*|ad copy|slogan|tag ?line|flyer|brochure"
        rf"|social media post|"
        r"linkedin post|landing page|marketing (?:text|copy))\b|\b(?:ad copy|slogan|flyer|linkedin post"
        r"|social media post) (?:for|about|on)\b",
        "(?:产品|商品)(?:介绍|描述|文案|说明)|广告(?:语|词|文案)|宣传(?:语|文案|稿|册)|朋友圈文案|小红书"
        "|公众号(?:文章|推文|文案)|推文|海报文案|标语|文案",
    ),
    _rule(
        OfficeTask.CONTRACT_CLAUSE,
        rf"{_WRITE}{_NEAR}\b(?:contract|agreement|clauses?|nda|terms (?:and|of)|power of attorney|waiver)\b",
        f"{_WRITES}{_DICHT}(?:合同|协议|条款|授权书|委托书|承诺书|保密协议|声明)",
    ),
    _rule(
        OfficeTask.QUESTIONS,
        rf"{_WRITE}{_NEAR}\b(?:questionnaire|survey|interview questions|quiz|test questions|checklist)\b"
        rf"|\bquestions (?:for|to ask)\b"
        r"|\b(?:interview|survey|quiz) questions\b",
        f"问卷|面试(?:题|问题)|{_WRITES}{_DICHT}(?:[道个]题|试题|考题|测验|检查清单|提问)|(?:提|想"
        f"|列)[^，。]{{0,6}}问题",
    ),
    _rule(
        OfficeTask.NAMES,
        r"\b(?:names?|titles?|headlines?|subject lines?|slogans?|mottos?) for\b|\b(?:name|title|headline"
        r"|subject line)\b[^.?!\n]{0,20}\b(?:ideas|suggestions)\b",
        "起[个一]?[^，。]{0,8}(?:名字|名称|标题|名)|取[个一]?[^，。]{0,8}(?:名字|名称|标题)|想[^，。]{0,10}(?:名字"
        "|名称|标题|主题词|口号)|(?:邮件|文章|活动)(?:的)?(?:标题|主题)",
    ),
    _rule(
        OfficeTask.IDEAS,
        r"\b(?:brainstorm|ideas? (?:for|on|about|how)|suggest(?:ions)?(?: for)?|proposals? for)\b|\bcome up with\b",
        "头脑风暴|(?:想|出|给|提)[^，。]{0,8}(?:点子|主意|创意|建议|想法|办法|活动)|有(?:什么|哪些)(?:好)?(?:点子"
        "|主意|创意|建议|想法|办法)",
    ),
    _rule(
        OfficeTask.PLAN,
        rf"\b(?:plan|schedule|organi[sz]e|draw up a plan|timetable|agenda|roadmap|project plan"
        rf"|itinerary)\b[^.?!\n]{{2,}}|{_WRITE}{_NEAR}\b(?:plan|agenda|schedule|timetable|concept)\b",
        f"(?:制定|安排|规划|策划|{_WRITES}){_DICHT}(?:计划|方案|日程|行程|议程|时间表|排班)|(?:策划|规划"
        f"|安排)一?[下个次场]",
    ),
    _rule(
        OfficeTask.WRITE_MAIL,
        rf"{_WRITE}{_NEAR}\b(?:e-?mails?|mails?|letters?|message|reminder|thank[- ]you note|cover letter"
        rf"|sick note)\b|\bwrite to (?:my|our|the|mr|ms|mrs|all|a)\b"
        r"|\b(?:e-?mail|mail|letter|message) to\b|\bremind\b[^.?!\n]{0,24}\b(?:customer|client|supplier|colleague"
        r"|boss|him|her|them)\b",
        f"(?:{_WRITES}|发){_DICHT}(?:邮件|信|函|短信|微信|消息|请假条|催款|感谢信|道歉信|辞职信|推荐信|求职信)"
        f"|给{_DICHT}(?:写|发)[^，。]{{0,6}}(?:信|邮件|消息|短信)|催{_DICHT}(?:付款|回复|交货|货款)",
    ),
    _rule(
        OfficeTask.EXPLAIN,
        r"\bexplain\b[^?\n]{2,}|\bdescribe how\b|\bteach me\b|\bin (?:plain|simple) (?:words|terms|english)\b"
        r"|\bfor (?:a )?beginners?\b",
        "解释|讲解|科普|用(?:大白话|通俗|简单)[^，。]{0,6}(?:讲|说|解释)|(?:给|向)[^，。]{0,8}(?:讲|说明"
        "|介绍)(?:一下|清楚)?",
    ),
)

# A question about a task is answered, not done; "can you …" is a polite order.
_ABOUT = re.compile(
    r"\A\s*(?:how (?:do|can|should|would|to|does)|what (?:(?:is|are)(?! the (?:risks?|differences?|traps"
    r"|pitfalls))|does \w+ mean|should)|why|who (?:is|was|are)"
    r"|when (?:is|was|did)"
    r"|is there|are there|do you (?:know|think|like)|have you|did you|tell me about|i (?:think|like|am|was|have"
    r"|had|feel)|thanks|thank you|hi\b|hello\b|"
    r"yes\b|no\b|ok\b|okay\b|sorry\b)",
    re.IGNORECASE,
)
_ABOUT_CHINESE = re.compile(
    r"怎么(?:才能|样|办|说)|如何|什么是|是什么(?!意思)|为什么|谁是|你(?:是谁|好|会|能做)|吗[？?]?$|谢谢|好的"
    r"|对不起|我(?:觉得|认为|喜欢|今天|昨天|刚)|听说|哈哈|\A.{0,3}多少钱[？?]?$"
)
_CODE = re.compile(r"[{};]\s*$|\bdef \w+\(|\bimport \w+|</?\w+>|=>|\{\{", re.MULTILINE)


def recognised_task(text: str) -> OfficeTask | None:
    """Return the task that the first line of a message asks for; None if it is none of these, or not sure."""
    line = next((each for each in text[: 4 * _LOOKED_AT].splitlines() if each.strip()), "").strip()[:_LOOKED_AT]
    if _CODE.search(line):
        return None
    if is_chinese(line):
        if len(line) < _LEAST_CHINESE or count_han(line) < 3 or _ABOUT_CHINESE.search(line):
            return None
        return next((each.task for each in _RULES if each.chinese.search(line)), None)
    if len(line) < _LEAST_ENGLISH or not is_english(line) or _ABOUT.match(line):
        return None
    return next((each.task for each in _RULES if each.english.search(line)), None)
