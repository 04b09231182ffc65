"""Orders to the model in a file's text, such as "ignore your instructions and …": found by rules, in two languages.

A file is material. A model that reads one may all the same do what it says, so its user is shown such a passage. The
rules look for words that are said to a model and to hardly anybody else; they miss much, and guarantee nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from desktop.core.text.late_regex import late_regex

MOST_ORDERS = 5  # are enough to be warned by
_EXCERPT = 160  # letters, with what stands around
_UNSEEN = late_regex("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_DISGUISED = late_regex("[\uff21-\uff3a\uff41-\uff5a\U0001d400-\U0001d7ff]")  # letters that look like others

_AI = (
    r"(?:ai|a\.i\.|llms?|large language models?|language models?|chatbots?|chat ?gpt|gpt-?\d?|claude|gemini|copilot"
    r"|artificial intelligence)"
)
_AI_ROLE = r"(?:assistants?|models?|systems?|agents?|reviewers?|readers?|summari[sz]ers?|bots?|tools?)"
_TO_AI = rf"{_AI}(?: language)?(?: {_AI_ROLE})?"
# Where a sentence gives an order, and does not tell who does something, or not.
_ORDER = (
    r"(?:(?:^|[.!?:;,()\[\]{}\"“”‘—–*#>|=/]|\b(?:please|now|and|then|must|should|shall|will|just|also|instead|simply"
    r"|immediately|hereby|are to|need to|have to|want you to|ask you to|tell you to)) ?)"
)
_EARLIER = r"(?:previous|prior|earlier|preceding|foregoing|above|initial|original|existing|system|developer)"
_FILLER = r"(?:all|any|every|each|of|the|these|those|my|your|other|such|and)"
_RULES_NOUN = (
    r"(?:instructions?|prompts?|directives?|directions|guidelines|rules|commands|orders|programming|system messages?"
    r"|constraints|safety (?:rules|guidelines|instructions))"
)
_IGNORE = (
    r"(?:ignore|disregard|forget|override|bypass|discard|do not (?:follow|obey)|don['’]t (?:follow|obey)"
    r"|stop following|no longer follow)"
)
_SUMMING = r"(?:summari[sz]\w*|review\w*|evaluat\w*|translat\w*|analy[sz]\w*|process\w*|read\w*|grad\w*|rank\w*)"
_MATERIAL = r"(?:document|text|paper|article|r[ée]sum[ée]|cv|e-?mail|page|file|candidate|manuscript|submission|website)"
_SECRET = r"(?:system (?:prompt|message|instructions)|initial (?:prompt|instructions)|hidden (?:prompt|instructions))"

# Words, in lower case, of which one is in all that the pattern beside it finds: looked for first, which costs little.
_IGNORING = ("ignore", "disregard", "forget", "override", "bypass", "discard", " follow", " obey")
_MODELS = (
    *(" ai", "ai ", "a.i.", "llm", "language model", "chatbot", "gpt"),
    *("claude", "gemini", "copilot", "artificial"),
)
_ANSWERING = ("say that", "state that", "output", "respond with", "reply with", "append", "ignore", "conclude that")
_ENGLISH: tuple[tuple[tuple[str, ...], str], ...] = (
    # Ignore all previous instructions
    (_IGNORING, (rf"{_ORDER}{_IGNORE} (?:{_FILLER} )*(?:{_EARLIER} )(?:{_FILLER} |{_EARLIER} )*{_RULES_NOUN}\b")),
    (_IGNORING, (rf"{_ORDER}{_IGNORE} (?:all |any |every |all of )?your (?:\w+ ){{0,2}}{_RULES_NOUN}\b")),
    (_IGNORING, (rf"{_ORDER}{_IGNORE} (?:all|any|every)(?: of)?(?: the)? {_RULES_NOUN}\b")),
    (
        _IGNORING,
        (
            rf"{_ORDER}{_IGNORE} (?:{_FILLER} )*{_RULES_NOUN} "
            rf"(?:above|before this|you (?:were|have been|got)|given to you)\b"
        ),
    ),
    (
        _IGNORING,
        (rf"{_ORDER}{_IGNORE} (?:everything|anything|all|what) (?:above|before this|you (?:were|have been) told)\b"),
    ),
    # You are now …
    (
        ("you are now",),
        (
            rf"\byou are now (?:(?:in )?(?:dan|developer mode|god mode|jailbroken|unrestricted)\b"
            rf"|an? (?:[\w-]+ ){{0,4}}(?:{_AI}|assistant|chatbot|bot|persona)\b)"
        ),
    ),
    (
        ("no longer",),
        (rf"\byou are no longer (?:bound|restricted|limited|an? (?:\w+ ){{0,2}}(?:{_AI}|assistant|chatbot))\b"),
    ),
    (
        ("from now on",),
        (
            r"\bfrom now on,? (?:you (?:must|will|should|shall|are to|only) |always |only )?(?:only |always )?"
            r"(?:respond|reply|answer|speak|write|output)(?: only| with| in| as)\b"
        ),
    ),
    (
        ("act as", "behave as", "respond as", "answer as"),
        (
            r"\b(?:act|behave|respond|answer) as (?:if you (?:are|were) )?"
            r"(?:dan\b|an? (?:unrestricted|unfiltered|uncensored)\b"
            r"|an? (?:\w+ ){0,2}(?:ai|llm|language model|chatbot)\b)"
        ),
    ),
    # If you are an AI …
    (_MODELS, (rf"\bif you(?:['’]re| are) (?:an? |the )?(?:\w+ )?{_TO_AI}\b")),
    (_MODELS, (rf"\bas an? (?:\w+ )?{_TO_AI},? (?:reading this,? )?(?:you|please|do not|always|ignore)\b")),
    (
        _MODELS,
        (
            rf"\b(?:notes?|notice|attention|instructions?|messages?|memo|hints?|orders?) (?:to|for) "
            rf"(?:the |any |all |every )?"
            rf"(?:\w+ )?{_TO_AI}(?: reading\b| processing\b| that\b| who\b| ?[:,.\-–—!])"
        ),
    ),
    (_MODELS, (rf"\battention,? (?:all |any )?{_AI}(?: {_AI_ROLE})? ?[:,!]")),
    (_MODELS, (rf"\b(?:dear|hey|hello|hi),? {_TO_AI} ?[,:!]")),
    (
        _MODELS,
        (rf"\b(?:any|all|every) {_TO_AI} (?:reading|processing|reviewing|summari[sz]ing|parsing) (?:this|the)\b"),
    ),
    (
        _MODELS,
        (
            rf"\b{_AI}(?: {_AI_ROLE})? (?:must|should|shall) (?:now )?"
            r"(?:ignore|disregard|output|respond with|reply with|say)\b"
        ),
    ),
    # The forms in which a server writes what is not the user's
    (
        ("<|", "inst]", "sys>"),
        (r"<\|?(?:im_start|start_header_id)\|?>|<\|(?:system|user|assistant)\|>|\[/?INST\]|<</?SYS>>"),
    ),
    (
        ("system", "developer"),
        (
            r"(?:^|[\n\[<(#*\"]) ?(?:system|developer)(?: message| prompt)?[\])>*]* ?: ?"
            r"(?:you (?:are|must|will)|ignore|do not)\b"
        ),
    ),
    (("system ",), (r"\b(?:begin|new|updated|revised|real|actual|end of) system (?:prompt|message|instructions?)\b")),
    (("override",), (r"\bsystem override\b")),
    (
        ("instruction", "directive"),
        (r"(?:^|[\n.!\]>*#]) ?(?:new|updated|revised|real|actual) (?:instructions?|directives?) ?: "),
    ),
    # Say nothing of this, and show what is hidden
    (
        ("user", "human", "reader"),
        (
            r"\b(?:do not|don['’]t|never|without) "
            r"(?:tell|inform|mention|reveal|show|disclose|let|telling|informing|mentioning"
            r"|revealing|alerting)[^.\n]{0,30}\b(?:user|human|reader)"
            r"[^.\n]{0,40}\b(?:this|these|the above|hidden|your) "
            r"(?:\w+ )?(?:instructions?|prompt|note|message|text|orders?)\b"
        ),
    ),
    (
        ("instruction", "prompt"),
        (
            r"\b(?:do not|don['’]t|never) (?:tell|mention|reveal|disclose|show)[^.\n]{0,12}\b(?:this|these) (?:\w+ )?"
            r"(?:instructions?|prompt)\b[^.\n]{0,20}\b(?:user|human|reader|anyone)\b"
        ),
    ),
    (
        ("system ", "initial ", "hidden "),
        (
            rf"{_ORDER}(?:reveal|print|output|repeat|show|display|leak|disclose|tell|give|quote) (?:me |us )?"
            rf"(?:your|the) (?:full |entire |complete |exact |own )*{_SECRET}\b"
        ),
    ),
    (
        ("chat history", "conversation history", "system prompt", "user"),
        (
            r"\b(?:send|forward|post|upload|leak|exfiltrate|append) (?:\w+ ){0,4}(?:chat history|conversation history"
            r"|system prompt|user['’]?s (?:messages|secrets|api keys?|private data))\b"
        ),
    ),
    # When you are asked about this file …
    (
        _ANSWERING,
        (
            rf"\b(?:when|if|whenever|while) (?:you (?:are )?)?(?:asked to )?{_SUMMING} (?:this|the) {_MATERIAL}"
            r"[^.\n]{0,30},? "
            r"(?:always |only |also |you must |please )?"
            r"(?:say that|state that|output|respond with|reply with|append|ignore"
            r"|conclude that)\b"
        ),
    ),
    (
        ("positive", "favo", "glowing"),
        (
            r"\b(?:give|write|output|provide|produce) (?:only )?(?:an? )?(?:positive|favou?rable|glowing) "
            r"(?:review|rating|evaluation|assessment)s? only\b"
        ),
    ),
    (
        ("negatives", "weaknesses", "flaws"),
        (r"\bdo not (?:highlight|mention|raise|list) any (?:negatives|weaknesses|flaws)\b"),
    ),
)

_ZH_AI = r"(?:AI|人工智能|大模型|大语言模型|语言模型|聊天机器人|智能助手|ChatGPT|GPT|DeepSeek|通义千问|文心一言|豆包)"
_ZH_ORDER = (
    r"(?:^|[\s。！？；：，、,.!?;:（）()【】\[\]“”\"'「」《》*#>]"
    r"|请|你|您|必须|现在|需要|应该|应当|应|要|并且?|立即|马上|务必|直接|都|先)"
)
_ZH_NOT = (
    r"(?<!不要)(?<!请勿)(?<!切勿)(?<!不得)(?<!不能)(?<!不应)"
    r"(?<!不可)(?<!禁止)(?<!不会)(?<!勿)(?<!别)(?<!不需要)(?<!不应该)"
)
_ZH_IGNORE = (
    r"(?:忽略|无视|忽视|忘记|忘掉|忘却|抛开|丢弃|跳过|绕过|推翻|覆盖"
    r"|(?:不要|别|无需|不必|停止|不再)(?:再)?(?:理会|遵守|遵循|执行|听从|管))"
)
_ZH_EARLIER = r"(?:以上|上述|上面|之前|先前|此前|前面|前述|前文|原有|原来|原先|原本|既有|早先|系统|开发者)"
_ZH_YOUR = r"(?:你|您)(?:被给|收到|所有|全部|现有|原有|之前)?(?:的)?(?:所有|全部|一切)?(?:的)?"
_ZH_RULES = r"(?:指令|指示|命令|提示词|规则|设定|约束|系统提示|系统消息|人设|准则)"
_ZH_SECRET = r"(?:系统提示词|系统指令|初始指令|初始提示词|提示词|系统消息|隐藏指令)"

_ZH_IGNORING = (
    *("忽略", "无视", "忽视", "忘记", "忘掉", "忘却", "抛开", "丢弃", "跳过", "绕过", "推翻", "覆盖"),
    *("理会", "遵守", "遵循", "执行", "听从", "管"),
)
_ZH_MODELS = ("ai", "智能", "模型", "机器人", "gpt", "deepseek", "通义", "文心", "豆包")
_CHINESE: tuple[tuple[tuple[str, ...], str], ...] = (
    (
        _ZH_IGNORING,
        (
            rf"{_ZH_ORDER}{_ZH_NOT}{_ZH_IGNORE}(?:掉|了)?(?:你|您)?(?:所有|全部|一切|任何)?(?:的)?{_ZH_EARLIER}(?:给你|给出|收到)?(?:的)?"
            rf"(?:所有|全部|一切|任何)?(?:的)?(?:系统)?{_ZH_RULES}"
        ),
    ),
    (_ZH_IGNORING, (rf"{_ZH_ORDER}{_ZH_NOT}{_ZH_IGNORE}(?:掉|了)?{_ZH_YOUR}(?:系统)?{_ZH_RULES}")),
    (
        _ZH_IGNORING,
        (
            rf"{_ZH_ORDER}{_ZH_NOT}{_ZH_IGNORE}(?:掉|了)?(?:所有|全部|一切|任何)(?:的)?(?:系统)?(?:指令|指示|提示词|系统提示|设定)"
        ),
    ),
    (
        _ZH_IGNORING,
        (
            rf"{_ZH_ORDER}{_ZH_NOT}{_ZH_IGNORE}(?:掉|了)?(?:{_ZH_EARLIER}(?:的)?(?:所有|一切|全部|任何)|(?:所有|一切|全部|任何){_ZH_EARLIER})"
            r"(?:的)?(?:要求|对话|限制)"
        ),
    ),
    (
        ("你现在",),
        (rf"你现在(?:是(?!否)|扮演|将扮演|变成|进入)[^。！？\n]{{0,12}}(?:{_ZH_AI}|助手|机器人|开发者模式|DAN)"),
    ),
    (
        ("从现在",),
        (
            r"从现在(?:开始|起)[，,]?(?:你|您)(?:是(?!否)|必须|只能|只|要|将|应|需要)?[^。！？\n]{0,6}"
            r"(?:只(?:能)?(?:用|回答|回复|输出|说)|扮演|输出|用[^。\n]{1,6}(?:回答|回复))"
        ),
    ),
    (_ZH_MODELS, (rf"(?:如果|若|倘若|假如)(?:你|您)是(?:一个|一名|一款)?[^。，\n]{{0,4}}{_ZH_AI}")),
    (_ZH_MODELS, (rf"作为(?:一个|一名|一款)?[^。，\n]{{0,4}}{_ZH_AI}(?:助手|模型)?[，,]?(?:你|您|请)")),
    (
        _ZH_MODELS,
        (
            rf"(?:致|写给|告知|提醒|提示|注意)[：:，,]?\s?(?:所有|各位|任何|阅读本文的)?(?:的)?{_ZH_AI}(?:助手|模型|系统|审稿人|读者|工具)?\s?[：:，,！!]"
        ),
    ),
    (_ZH_MODELS, (rf"{_ZH_AI}(?:助手|模型|系统|工具|审稿人)?(?:请注意|必须忽略|应当忽略|须忽略|请忽略|请输出|请回复)")),
    (("指令",), (r"(?:新的?|更新后的?|真正的?)(?:系统)?指令[：:]")),
    (("系统",), (r"系统(?:提示词|指令|覆盖)[：:]")),
    (
        ("用户",),
        (
            r"(?:不要|不得|切勿|请勿|禁止|别)(?:再)?(?:向|对|把|将|让|告诉|告知|透露)[^。！？\n]{0,10}用户[^。！？\n]{0,10}"
            r"(?:这|此|本|以上|上述|该)(?:条|段|些|则)?(?:指令|指示|提示|消息|文字)"
        ),
    ),
    (
        ("用户",),
        (
            r"(?:不要|不得|切勿|请勿|别)(?:把|将)(?:这|此|本|以上|上述|该)(?:条|段|些|则)?(?:指令|指示|提示|消息|文字)"
            r"[^。！？\n]{0,6}(?:告诉|告知|透露给)用户"
        ),
    ),
    (
        ("系统", "提示词", "指令"),
        (
            rf"(?:输出|打印|泄露|透露|重复|复述|说出|告诉我|列出|显示)(?:出|一下)?(?:你|您)的[^。，\n]{{0,6}}(?:{_ZH_SECRET}|系统提示)"
        ),
    ),
    (
        ("系统", "提示词", "指令"),
        (rf"(?:输出|打印|泄露|透露|重复|复述|说出)(?:出|一下)?(?:完整的?|全部的?|所有的?)?{_ZH_SECRET}"),
    ),
    (
        ("正面", "积极", "肯定"),
        (r"只(?:能|可|需)?(?:给出|写|输出|作出|提供)(?:正面|积极|肯定)的?(?:评价|评审|评论|评审意见)"),
    ),
    (
        ("本文", "这篇", "此文", "该文", "这份"),
        (
            r"(?:总结|概括|评审|评价|翻译|阅读|分析)(?:本文|这篇|此文|该文|本文档|这份)[^。！？\n]{0,12}(?:时|的时候)[，,]?"
            r"(?:请|必须|务必|你)?(?:输出|回复|回答|说|声称|忽略|附上)"
        ),
    ),
)

_RULES = tuple((signs, late_regex(each, re.IGNORECASE | re.MULTILINE)) for signs, each in (*_ENGLISH, *_CHINESE))
_AROUND = 200  # letters around such a word, in which the whole order stands
_PIECE = 8_000  # letters looked at in one go: an expression does not let the window's thread run meanwhile
_SENTENCE_END = late_regex(r"[.!?。！？\n]")
_SIGNS_BEFORE = " \n.!?:;,。！？；：，、)）”\"'"
_BLANKS = late_regex(r"[^\S\n]+")


def orders_in(text: str) -> tuple[str, ...]:
    """Return passages of a text that give orders to a model, as excerpts, at most `MOST_ORDERS`.

    Takes its time with long texts: not for the GUI thread.
    """
    found: dict[str, None] = {}
    for piece in pieces_of_text(text, _PIECE):
        plain = _plain(piece)
        last = -1
        for start, end in sorted(_places(plain)):
            if start > last:  # the same words may be found by several rules
                excerpt, last = _excerpt(plain, start, end)
                found.setdefault(excerpt)
        if len(found) >= MOST_ORDERS:
            break
    return tuple(found)[:MOST_ORDERS]


def _plain(text: str) -> str:
    """Return a text without what hides its words from a reader or a rule."""
    plain = _UNSEEN.sub("", text).replace("İ", "I")  # the one letter that is two in lower case
    if _DISGUISED.search(plain):
        plain = unicodedata.normalize("NFKC", plain)
    return _BLANKS.sub(" ", plain)


def pieces_of_text(text: str, length: int) -> Iterator[str]:
    """Yield a text in pieces of about so many letters, each to the end of a line where there is one."""
    start = 0
    while start < len(text):
        end = min(start + length, len(text))
        if end < len(text):
            line_end = text.rfind("\n", start + length // 2, end)
            end = line_end + 1 if line_end >= 0 else end
        yield text[start:end]
        start = end


def _excerpt(text: str, start: int, end: int) -> tuple[str, int]:
    """Return the sentence with the stretch, shortened, and where it ends."""
    begin = max((each.end() for each in _SENTENCE_END.finditer(text, max(0, start - 60), start)), default=0)
    begin = max(begin, start - 60)
    after = _SENTENCE_END.search(text, end)
    stop = max(min(after.end() if after else len(text), begin + _EXCERPT), end)
    return text[begin:stop].strip(), stop


def _places(text: str) -> Iterator[tuple[int, int]]:
    lowered = text.lower()
    for signs, pattern in _RULES:
        for start, end in _surroundings(lowered, signs):
            yield from map(_span, pattern.finditer(text, start, end))


def _surroundings(text: str, signs: tuple[str, ...]) -> Iterator[tuple[int, int]]:
    """Yield the stretches of a text with one of the signs in them, in which there may be more of them."""
    places: list[int] = []
    for sign in signs:
        at = text.find(sign)
        while at >= 0:
            places.append(at)
            at = text.find(sign, at + _AROUND // 4)
    start = end = -1
    for at in sorted(places):
        if at - _AROUND > end:
            if end >= 0:
                yield start, end
            start = max(0, at - _AROUND)
        end = at + _AROUND
    if end >= 0:
        yield start, end


def _span(match: re.Match[str]) -> tuple[int, int]:
    """Return where the words stand, without the sign in front of them by which they are an order."""
    words = match[0].lstrip(_SIGNS_BEFORE)
    return match.end() - len(words), match.end()
