"""Words by which advice recognises what is said in a prompt, in English and Chinese. Lists, and queries on them.

Words that are nouns as well ("list", "plan", "通知") count as verbs only where a clause begins with them.
"""

from __future__ import annotations

import re

from desktop.core.text.late_regex import late_regex
from desktop.core.text.scripts import count_han, is_chinese

_VERBS = (
    "abbreviate|add|adapt|advise|analy[sz]e|anonymi[sz]e|apologi[sz]e|argue|arrange|ask|assess|brainstorm|build"
    "|calculate|choose|classify|collect|combine|compare|complete|compose|compute|condense|confirm|consider|continue"
    "|convert|convince|correct|create|decide|decline|define|demonstrate|describe|develop|discuss|edit|eliminate"
    "|evaluate|expand|explain|extend|extract|find|finish|fix|generate|get|give|help|identify|illustrate|imagine"
    "|improve|include|inform|interpret|invent|invite|keep|let|look|make|merge|modify|organi[sz]e|paraphrase|persuade"
    "|polish|prepare|prioriti[sz]e|proofread|propose|provide|put|rate|read|recommend|reduce|refactor|remind|remove"
    "|rephrase|replace|respond|restructure|review|revise|reword|rewrite|say|schedule|search|select|separate|shorten"
    "|show|simplify|solve|sort|split|suggest|summari[sz]e|tag|take|teach|tell|thank|think|transcribe|transform|translate"
    "|turn|use|verify|work out|draw up|set up|plan backwards|write|figure out"
)
_NOUNS_TOO = (
    "answer|budget|change|check|comment|count|cut|debug|design|digest|draft|email|e-mail|estimate|fill|format"
    "|formulate|group|highlight|list|mail|mark|name|number|order|outline|plan|practise|present|proof|query|question"
    "|quiz|quote|rank|reply|report|research|score|sketch|state|structure|sum|tabulate|test|update"
)
_POLITE = (
    r"(?:(?:please|kindly|now|then|first|also|finally|next|and|or|but|so|just|you should|i (?:want|need"
    r"|would like) you to|i'd like you to|help me(?: to)?|(?:can|could|would|will) you(?: please)?)[ ,]{1,3}){0,5}"
)
_CLAUSE = r"(?:^|[.!?:;,\n—–-]\s{0,4}|\b(?:and|then|to|or|not)\s{1,4})"
_ENGLISH_VERB = late_regex(rf"\b(?:{_VERBS})\b", re.IGNORECASE)
_ENGLISH_VERB_FIRST = late_regex(
    rf"{_CLAUSE}{_POLITE}(?:(?:reply|answer) to|(?:{_NOUNS_TOO})\s{{1,4}}(?:all|an?|any|both|each|every|her|his|how"
    rf"|if|it|its|column"
    r"|me|my|our|out|some|that|the|their|them|these|this|those|up|us|what|when|where|whether|which|who|why|your"
    r"|\d{1,6}|one|two|three|four|five|six|seven|eight|nine|ten))\b",
    re.IGNORECASE,
)
_ENGLISH_QUESTION = late_regex(
    r"\?|^[ \t]{0,8}(?:need|what|why|how|who|whom|whose|where|when|which|is|are|do|does|did|can|could|should"
    r"|would|will"
    r"|may|has|have)\b|\b(?:i|we) (?:need|want|would like|wonder)\b",
    re.IGNORECASE | re.MULTILINE,
)
_CHINESE_VERB = late_regex(
    "写|起草|草拟|拟定?|翻译[成为]|译[成为]|概括|归纳|提炼|解释|讲|描述|列出|列举|罗列|整理|比较|对比|检查|校对|改"
    "|润色|优化|扩充|缩短|回复|答复|回信|计算|算|制定|制作|做|生成|创建|创作|策划|提出|给|推荐|找|查|核实|核对|提取"
    "|转换|转成|分类|分成|排序|排列|评价|评估|判断|帮|请|告诉|教|取|补充|续|填|拆分|合并|删|标出|标注|画|编写|编一|想"
    "|模拟|扮演|拒绝|催|把|将|让|用|区分|识别|调整|精简|简化|替换|添加|加上|使|起[个一名]|审[阅核]|翻译一|梳理"
)
_CHINESE_VERB_FIRST = late_regex(
    r"(?:^|[，。；！？：\n、]|然后|并且?|再)\s{0,4}(?:翻译|总结|分析|介绍|说明|设计|规划|计划|安排|建议|通知|邀请"
    r"|感谢|确认|回答|问|道歉|汇总|报告|统计|预测|研究|讨论|准备)(?=[\u4e00-\u9fff“《\"])"
)
_CHINESE_QUESTION = late_regex(
    r"[？?]|吗|呢|什么|怎么|怎样|如何|为何|多少|哪|谁|几[个天月年]|是否|能否|可否|有没有|是不是|要不要"
)

_ENGLISH_WORDS = late_regex(
    r"\b(?:the|an?|of|to|for|and|in|on|with|my|our|your|this|is|about|from|by|at|please)\b", re.IGNORECASE
)
_OTHER_WORDS = late_regex(
    r"\b(?:der|die|das|und|den|dem|eine?|für|bitte|nicht|ich|ist|wie|zum|zur|auf|le|la|les|des|une|et|pour|ce|cet|cette"
    r"|je|mon|ma|votre|el|los|una|para|por|os|uma|duas|il|di|che|per|gli|questa|questo|een|het|voor|deze|nie|jest)\b",
    re.IGNORECASE,
)
# Who names a thing of the office and nothing else wants it written.
_ENGLISH_THING_WANTED = late_regex(
    r"\A\W*(?!the \w+\W*\Z)(?:an? |the |some |short |my |our |\d+ )*(?:[\w'’-]+ ){0,4}?(?:notice|letter|mail"
    r"|e-?mail|message|memo|agenda|slides?"
    r"|slogan|motto|ad|advert\w*|sign|poster|flyer|text|poem|formula|macro|invitation|speech|toast|checklist|list"
    r"|plan|schedule"
    r"|timetable|outline|summary|minutes|translation|quiz|survey|questionnaire|names?|titles?|ideas?|report|post"
    r"|caption"
    r"|description|announcement|reminder|presentation|reply|answer|questions|clause|nda|recipe|article|blurb"
    r"|headline|review|appraisal|template|table|regex)\b"
    r"|\A\W*(?:congratulate|sort|rank|sign off|bring|invite|welcome|warn|say)\b",
    re.IGNORECASE,
)
_CHINESE_THING_WANTED = late_regex(
    "文案|议程|信(?![息任心])|函|通知|公告|告示|标语|口号|邀请|祝贺|致辞|发言|讲稿|PPT|海报|清单|计划|方案|报告"
    "|总结|纪要|名字|标题|请假条|贺词|条款|公式"
    "|简介|介绍|说明书?|日程|大纲|提纲|问卷|题|短信|翻译|表格|周报|日报|月报|述职|检讨|声明|合同|协议|牌子?[：:，]"
    "|门口贴|贴的|多[高大远久重长深快]|对不对|[0-9一二两三四五六七八九十百]+字"
)
_WORDS = late_regex(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")

# What is asked for, by words that begin a clause. Two of different kinds are two tasks.
_ENGLISH_DELIVERABLES = {
    "summarise": late_regex(r"(?:summari[sz]e|condense|sum up)\b", re.IGNORECASE),
    "translate": late_regex(r"translate\b", re.IGNORECASE),
    "write": late_regex(
        r"(?:write|draft|compose|prepare)\s{1,4}(?:an?|the|my|our|one|two|three|another|some|\d+)\b|(?:reply|answer"
        r"|respond) to\b",
        re.IGNORECASE,
    ),
    "correct": late_regex(r"(?:correct|proofread)\b|fix\s{1,4}(?:the|my|our|all|any|this|these)\b", re.IGNORECASE),
    "compare": late_regex(r"compare\b", re.IGNORECASE),
    "calculate": late_regex(r"(?:calculate|compute)\b", re.IGNORECASE),
    "plan": late_regex(r"(?:plan|organi[sz]e|schedule)\s{1,4}(?:an?|the|my|our)\b", re.IGNORECASE),
}
_ENGLISH_STARTS = late_regex(
    rf"(?:^|[.!?;:,\n]\s{{0,4}}|\b(?:and|then|also)\s{{1,4}})(?:[-*•]\s{{0,4}}"
    rf"|\(?\d{{1,2}}[.)]\s{{0,4}})?{_POLITE}(?=([a-z]+[^.!?;\n]{{0,40}}))",
    re.IGNORECASE,
)
_CHINESE_DELIVERABLES = {
    "概括": late_regex(r"(?:总结|概括|归纳)(?!会)"),
    "翻译": late_regex(r"翻译|译成|译为"),
    "撰写": late_regex(r"(?:撰写|起草|草拟|写)(?![明上出清在得成“道])|回复|答复|发一?[封条份]"),
    "校对": late_regex(r"校对|改正|修改错|纠正"),
    "比较": late_regex(r"比较|对比"),
    "计算": late_regex(r"计算|算出|算一"),
    "制定": late_regex(r"(?:制定|规划)(?!的)"),
}
_CHINESE_POLITE = "(?:请你?|帮我|麻烦你?|你|先|再|并|也|要|还|顺便|最后)"
_CHINESE_STARTS = late_regex(
    r"(?:^|[，。；！？\n、]|然后|接着|之后|并且?|再|同时|另外|还要|最后)\s{0,4}(?:\d{1,2}[.、）)]\s{0,4})?"
    rf"{_CHINESE_POLITE}{{0,3}}(?:[把将对给为][^，。；\n]{{1,24}}?|根据[^，。；\n]{{1,16}}?)?{_CHINESE_POLITE}?"
    r"(?=([\u4e00-\u9fff]{2,8}))"
)


def is_english(text: str) -> bool:
    """Return True if English rules may be applied: a Latin text without the small words of other languages."""
    letters = [each for each in text[:2_000] if each.isalpha()]
    if not letters or is_chinese(text) or sum(map(str.isascii, letters)) < 0.9 * len(letters):
        return False
    return len(_OTHER_WORDS.findall(text[:2_000])) <= len(_ENGLISH_WORDS.findall(text[:2_000]))


# What is said between two people, and asks for nothing.
_SMALL_TALK = late_regex(
    r"\A\W*(?:thanks?|thank you|thx|cheers|hi|hello|hey|good (?:morning|afternoon|evening)|ok(?:ay)?|great|perfect"
    r"|super|wow|sorry|bye"
    r"|yes|no|exactly|got it|i see)\b[^\n?]{0,60}\Z"
    "|\\A\\W*(?:在吗|在不在|你好|您好|早上好|下午好|晚上好|早|嗨|哈喽|谢谢|多谢|感谢|辛苦|好的|好吧|好|行|收到"
    "|明白|知道了|嗯|哦|对|不是|不用|再见|拜拜"
    "|哈哈)[^\\n？?请帮写]{0,16}\\Z",
    re.IGNORECASE,
)


_SAID = 100  # characters; what is longer tells a case

_SAYS_NOTHING = late_regex(
    r"\A\W*(?:the \w+|(?:can you |could you |please )*(?:i )?(?:need )?help(?: me)?(?: with| on)?(?: some\w*| my"
    r"| this| excel| \w+){0,2}(?: for work)?"
    r"|(?:please |can you )?(?:do|change) something (?:about|with) (?:the|my|this) \w+)\W*\Z"
    "|\\A(?:报告|合同|邮件|表格|文件|方案|PPT|表格怎么办|帮帮我|求助|(?:你?能"
    "|可以)?帮我?[弄搞处理]{1,2}一?下[^，。]{0,6}(?:东西|事情?|问题)[吗？?]?"
    "|(?:老板|领导|经理)让我(?:处理|弄|搞)一?下[^，。]{0,6})[。！？?!]?\\Z",
    re.IGNORECASE,
)


# Somebody's day, told to a listener.
_FEELINGS = late_regex(
    r"\b(?:such a|what a) (?:bad|terrible|awful|long|great|good) day\b|\bi(?:'m| am) (?:so )?(?:tired|sad|angry"
    r"|bored|stressed|exhausted|happy)\b"
    "|好难过|好累|累死|好烦|烦死|无语|郁闷|心情(?:不好|很差)|开心|气死|被[^，。]{1,6}骂了",
    re.IGNORECASE,
)


def is_small_talk(text: str) -> bool:
    """Return True for a greeting, thanks, a yes or no, or how somebody feels: nothing to give advice on."""
    return _SMALL_TALK.match(text) is not None or (len(text) < _SAID and _FEELINGS.search(text) is not None)


def asks_for_something(text: str) -> bool:
    """Return True if the text has a verb or a question, names what is wanted, or is in a language not known here."""
    if _SAYS_NOTHING.match(text):
        return False
    if is_chinese(text):
        patterns = (_CHINESE_VERB, _CHINESE_VERB_FIRST, _CHINESE_QUESTION, _CHINESE_THING_WANTED)
    elif is_english(text):
        patterns = (_ENGLISH_VERB, _ENGLISH_VERB_FIRST, _ENGLISH_QUESTION, _ENGLISH_THING_WANTED)
    else:
        return True
    return any(pattern.search(text) for pattern in patterns)


_CHINESE_QUESTION_WORD = late_regex("多[高大远久重长深快少]|对不对|什么|怎么|哪|吗|几[个天月年点]")


def wants_a_text(text: str) -> bool:
    """Return True if the text begins with the name of a thing that is to be written ("agenda for a meeting")."""
    if is_chinese(text):
        found = _CHINESE_THING_WANTED.search(text)
        return count_han(text) <= 12 and found is not None and _CHINESE_QUESTION_WORD.search(text) is None
    return word_count(text) <= 8 and is_english(text) and _ENGLISH_THING_WANTED.match(text) is not None


def deliverables(text: str) -> list[str]:
    """Return the things asked for, one of each kind, in the words of the text where it is English."""
    chinese = is_chinese(text)
    starts, kinds = (_CHINESE_STARTS, _CHINESE_DELIVERABLES) if chinese else (_ENGLISH_STARTS, _ENGLISH_DELIVERABLES)
    found: dict[str, str] = {}
    for clause in starts.finditer(text):
        for kind, pattern in kinds.items():
            if match := pattern.match(clause[1]):
                found.setdefault(kind, match[0] if chinese else match[0].split()[0].lower())
    return list(found.values())


def word_count(text: str) -> int:
    """Return the number of words; of Chinese, two characters count as one."""
    if is_chinese(text):
        return count_han(text) // 2
    return len(_WORDS.findall(text))
