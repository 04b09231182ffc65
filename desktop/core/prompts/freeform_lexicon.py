"""Words by which a part is recognised in a message that was written freely, in English and Chinese."""

from __future__ import annotations

import re
from collections.abc import Iterator

from desktop.core.prompts.prompt import FieldKind
from desktop.core.text.scripts import is_chinese

_LONGEST = 600  # characters of a sentence; a longer one is no request
CLAUSE_ENDS = "，；,; \t"

_NAMES = {
    FieldKind.TASK: "task|goal|objective|instructions?|request|question|assignment|aim|statement|my question"
    "|任务|目标|指令|问题|请求|需求|任务陈述",
    FieldKind.CONTEXT: "context|background|background information|situation|insight|facts"
    "|背景|背景信息|背景资料|上下文|情况|现状|事实",
    FieldKind.EXAMPLES: "examples?|for example|e\\.g\\.|samples?|example output|示例|例子|样例|范例|例如|比如|参考示例",
    FieldKind.PERSONA: "persona|role|capacity and role|your role|act as|角色|人设|身份|你的角色",
    FieldKind.FORMAT: "format|output format|response format|answer format|response|length|structure|form"
    "|格式|输出格式|回答格式|输出形式|输出要求|字数|长度|形式",
    FieldKind.TONE: "tone|tone of voice|voice|style|writing style|tone and style|语气|口吻|风格|文风|语气风格",
    FieldKind.AUDIENCE: "audience|readers?|target audience|for whom|target group|受众|读者|目标读者|对象|给谁看",
    FieldKind.MATERIAL: "text|original|material|document|source|source text|data|mail|e-?mail|notes|content|article"
    "|文本|原文|材料|素材|资料|文档|邮件|邮件内容|内容|文章|数据|会议记录",
    FieldKind.OTHER: "constraints?|rules|notes? to consider|requirements|约束|限制|要求|注意|注意事项|规则",
}
_HEADING = re.compile(
    r"[ \t]{0,3}(?P<mark>#{1,6}[ \t]*|\*\*|__|[-*•][ \t]+(?=\*\*)|\d{1,2}[.)、][ \t]*|【"
    r"|\[)?(?:\*\*)?(?P<name>[A-Za-z][A-Za-z. -]{1,24}|[\u4e00-\u9fff]{1,8})[ \t]{0,2}(?P<close>\*\*|__|】"
    r"|\])?[ \t]*(?P<colon>[:：])?(?:\*\*)?(?P<rest>.*)"
)
_KINDS = {kind: re.compile(names, re.IGNORECASE) for kind, names in _NAMES.items()}
PAIR = re.compile(
    r"[ \t]{0,3}(?:[-*][ \t]+|\*\*)?(?P<side>input|output|reasoning|q|a|输入"
    r"|输出|推导)(?:[ \t]*\d{1,3})?(?:\*\*)?[:：](?:\*\*)?[ \t]*",
    re.IGNORECASE,
)
INPUTS = {"input", "q", "输入"}
REASONINGS = {"reasoning", "推导"}
_OPENING = re.compile(
    r"(?P<quotes>\"{3,6})(?!\")|^(?P<code>```)[^\n`]*\n|<(?P<tag>text|document|input|material|mail|email|article"
    r"|source|context)>",
    re.MULTILINE,
)

SENTENCE = re.compile(r".+?(?:(?<![.!?…])[.!?…]++[\"'”’)]*(?=\s+[^\sa-z]|\s*$)|[。！？；]+[”’」』）]*|$)", re.DOTALL)

PERSONA = re.compile(
    r"(?:(?:please )?act(?:ing)? as|you (?:lead|run|manage|work (?:as|in))\b|you are (?:an?|the|my|our)\b"
    r"|you're (?:an?|the|my|our)\b"
    r"|imagine (?:that )?you are|pretend (?:that )?(?:you are|to be)|i want you to act as|take (?:on )?the role of"
    r"|assume the role of|your role is|as an? (?:experienced|expert|senior|professional)\b|你是(?!否|不是)|你现在是"
    r"|请?你?扮演|假设你是|假如你是|请?以.{1,12}的身份|(?:请?你)?作为一?[名位个])",
    re.IGNORECASE,
)
# A persona that is only the beginning of a sentence, before what is to be done.
PERSONA_CLAUSE = re.compile(
    r"(?P<persona>(?:act(?:ing)? as|as) an? (?:[\w-]+ ){0,5}[\w-]+|(?:作为|扮演)一?[名位个]?[^，。]{1,20}"
    r"|请?以[^，。]{1,12}的身份|你是[^，。]{1,24}|You are an? (?:[\w-]+ ){0,6}[\w-]+)[,，]\s*(?P<rest>.+)",
    re.IGNORECASE | re.DOTALL,
)
CHAIN_OF_THOUGHT = re.compile(
    r"(?:please |let's |and )?(?:think|reason|work|go)(?: this| it| about it)?(?: through)? step[ -]by[ -]step"
    r"(?:,? (?:before (?:you )?answer(?:ing)?|(?:and )?then answer))?\W*"
    r"|(?:请|让我们)?先?(?:一步一步|逐步|一步步)地?(?:思考|推理|分析|想)(?:[，,]?(?:然后|之后|后)?再?(?:回答|作答))?\W*",
    re.IGNORECASE,
)
# How, for whom or as whom something is done, by how a sentence begins, or in Chinese a clause.
_ENGLISH = (
    (FieldKind.PERSONA, PERSONA),
    (
        FieldKind.FORMAT,
        re.compile(
            r"(?:please )?(?:(?:answer|reply|respond|return|output|format|present|structure|deliver|write it"
            r"|give (?:me )?(?:it|the (?:answer|result)s?))\b.{0,40}\b(?:as|in|with|using|only)\b.{0,60}\b(?:tables?"
            r"|lists?|bullets?|points?|json|csv|markdown|html|sentences?|words?|paragraphs?|lines?|columns?|sections?|format)\b"
            r"|(?:please )?(?:do not|don't|never|avoid) (?:us(?:e|ing)|writ(?:e|ing)|add(?:ing)?|includ(?:e|ing)"
            r"|mention(?:ing)?|repeat(?:ing)?|exceed(?:ing)?)\b"
            r"|use (?:at most|no more than|up to|bullet points|a table|a list|headings|markdown|short sentences"
            r"|numbered)|(?:at most|no more than|not more than|maximum|max\.?|up to|limit (?:it|the \w+) to"
            r"|keep it (?:under|below|to|short|brief))\b"
            r"|(?:the )?(?:answer|reply|text|mail|result|output|summary|response) (?:should|must|shall) (?:be|have"
            r"|contain|fit|not exceed)\b|\d{1,4} (?:words|sentences|lines|bullet points))",
            re.IGNORECASE,
        ),
    ),
    (
        FieldKind.TONE,
        re.compile(
            r".{0,40}\b(?:tone|voice)\b|(?:please )?(?:be|keep it|sound|stay|make it|write) (?:very |more |rather "
            r"|a bit )?(?:(?:polite|formal|informal|casual|warm|professional|respectful)(?:ly)?|friendly|neutral"
            r"|factual|serious|humorous)\b",
            re.IGNORECASE,
        ),
    ),
    (
        FieldKind.AUDIENCE,
        re.compile(
            r"(?:the )?(?:audience|readers?) (?:is|are|will be)\b"
            r"|(?:it is|this is|it's) (?:meant |intended )?for\b",
            re.IGNORECASE,
        ),
    ),
)
_ASKED = "(?:请|要|希望|尽量|务必|注意|整体|并且?|而且|但是?|同时|最好|另外|写得|回得|说得|保持|稍微?|略|更|比较|再)*"
_MANNERS = (
    "客气|礼貌|有礼|友好|正式|亲切|专业|口语化|幽默|严肃|诚恳|委婉|热情|温和|轻松|活泼|庄重|谦虚|坚定|坚决|真诚"
    "|平和|柔和"
    "|不卑不亢|不失礼貌|生硬|官腔|自然|大方|得体|通俗易懂|通俗|易懂|浅显|接地气"
)
_CHINESE_TONE = re.compile(
    rf"{_ASKED}(?:简短|简洁)[而又、]?(?:{_MANNERS})[。！!]?\Z|{_ASKED}(?:语气|口吻|态度|措辞|文风|风格|用词|口气)"
    rf"|{_ASKED}(?:语言|用语|文字|表达|说法)(?:要|尽量|更|比较|保持|应该?)*(?:{_MANNERS})"
    rf"|{_ASKED}(?:不要|别|不能|不)?(?:太|那么|过于)?(?:{_MANNERS})(?:一?[点些]|一下)?"
    rf"(?:[、但而又和且]*(?:不要|别|不)?(?:太|过于)?(?:{_MANNERS})(?:一?[点些])?){{0,3}}[。！!]?\Z"
)
_MANY = r"[\d一二两三四五六七八九十百千几]{1,6}"
_CHINESE_FORMAT = re.compile(
    rf"(?!.{{0,6}}(?:人数|人员|预算|费用|价格|金额|数量|成本)){_ASKED}(?:字数|篇幅|全文|长度|总长|总共|每[条点段句]|正文|标题)?.{{0,4}}?(?:不超过|不要超过|别超过|不少于"
    rf"|不多于|不低于|控制在|限制?在"
    rf"|最多|至少|最少)"
    rf"|{_ASKED}(?:大概|大约|约)?{_MANY}\s*个?(?:字|词|条|点|句话?|段|页|行)(?:以内|以下|左右|上下|以上|之内"
    rf"|内)?(?:就行|即可|就好)?[。！!]?\Z"
    rf"|{_ASKED}(?:分|列)(?:成|为)?{_MANY}(?:个?部分|条|点|段|步|栏)"
    rf"|{_ASKED}(?:用|以|按|做成|列成|整理成|写成|输出|排成|改成).{{0,12}}?(?:表格|列表|清单|要点|格式|形式|JSON"
    rf"|Markdown|CSV|分段"
    r"|小标题|编号)"
    rf"|{_ASKED}(?:分点|分条|分段|分行|分步|列表|一句话)(?:$|[^，。]{{0,8}}\Z)"
    rf"|{_ASKED}(?:简短|简洁|简练|精炼|精简|言简意赅|详细|短)(?:一?[点些]|为主|就行|即可)?[。！!]?\Z"
    rf"|{_ASKED}(?:不要|别|不用)(?:太|写得?太?)?(?:长|短|啰嗦|复杂)"
    rf"|{_ASKED}(?:不要|别|请勿|切勿|避免|不得|不能|不许)(?:再|使|出现|去)?(?:用|写|提|带|加|有|出现|重复)"
    rf"|{_ASKED}(?:带|附|有|加|写)上?(?:一?个)?(?:标题|主题|落款|编号|小标题|目录|表头|称呼)",
    re.IGNORECASE,
)
_CHINESE = (
    (FieldKind.PERSONA, PERSONA),
    (
        FieldKind.AUDIENCE,
        re.compile(
            r"(?:这?是|主要)?(?:写|发|讲|说|读|拿)?给.{1,14}?(?:看|听|读|用)的?[。！!]?\Z|(?:读者|受众|对象|收件人"
            r"|听众)(?:是|为|：)|面向.{1,16}\Z"
        ),
    ),
    (FieldKind.TONE, _CHINESE_TONE),
    (FieldKind.FORMAT, _CHINESE_FORMAT),
)
# Quoted passages are one piece; a comma between digits ("1,200") parts nothing.
_CLAUSE = re.compile(
    r"(?:“[^”]{0,200}”|「[^」]{0,200}」|《[^》]{0,100}》|（[^）]{0,200}）|\"[^\"]{0,200}\"|(?<=\d),(?=\d)|[^，；,])+"
    r"(?:[，；,]+\s*|\Z)"
)
# An example that is shown: in quotes, or behind a colon.
EXAMPLE = re.compile(
    r"(?:for example|for instance|e\.g\.|例如|比如|譬如|(?P<like>(?:参[考照]|仿照|模仿|照着?"
    r"|按照?)[^，。：:“「]{0,10}))\s?(?:[,，]?\s?(?=[\"“「])|[:：]\s?)(?P<shown>.*\S)",
    re.IGNORECASE | re.DOTALL,
)
ANNOUNCES = re.compile(
    r"(?P<words>.*(?:\b(?:this|these|following|below|here is|here's|text|e-?mail|mail|notes|sentences?|paragraph"
    r"|article)\b|下面|以下|如下|这段|这篇|这封|这位|下列|原文|内容)[^:：\n]{0,80}[:：])[ \t]*(?P<rest>.*)",
    re.IGNORECASE,
)
# Words that announce a text as an example of what is wanted.
SHOWS = re.compile(
    r"(?:照|按|参[考照]|仿|模仿).{0,12}(?:样子|格式|写法|样式|风格|范例|例子|模板|写)|\b(?:like (?:this|these"
    r"|the following)"
    r"|(?:same|this) (?:style|form|format|tone|way)|as an? (?:example|template|model|pattern)|example|template)\b",
    re.IGNORECASE,
)
LIST_ITEM = re.compile(
    r"[ \t]*(?:[-*•·]|\d{1,2}[.)、]|[一二三四五六七八九十]{1,3}、|第[\d一二三四五六七八九十]{1,3}[条项])[ \t]*\S"
)


def fenced_texts(message: str) -> Iterator[tuple[int, int, str]]:
    """Yield where each text between delimiters begins and ends, fences and all, and what stands between."""
    at = 0
    unclosed: set[str] = set()
    while opening := _OPENING.search(message, at):
        at = opening.end()
        closing = opening["quotes"] or ("\n```" if opening["code"] else f"</{opening['tag']}>")
        # Of a code block without a line, the line break in front of its end belongs to its beginning.
        start = at - 1 if opening["code"] else at
        end = -1 if closing in unclosed else message.find(closing, start)
        if end < 0:
            unclosed.add(closing)
            continue
        yield opening.start(), end + len(closing), message[at:end]
        at = end + len(closing)


def heading_in(line: str, own: dict[str, FieldKind]) -> tuple[FieldKind, str] | None:
    """Return the kind of part that a line begins, and the text behind its name. `own`: further names, in lower case."""
    found = _HEADING.fullmatch(line[:2_000])
    if not found:
        return None
    mark, name, rest = found["mark"] or "", found["name"].strip().lower(), found["rest"] + line[2_000:]
    is_decorated = mark.startswith("#") or (mark in ("**", "__", "【", "[") and found["close"])
    if not found["colon"] and (not is_decorated or (rest.strip() and mark != "【")):
        return None
    kind = own.get(name) or next((each for each, names in _KINDS.items() if names.fullmatch(name)), None)
    return (kind, rest.strip()) if kind else None


def wish_of(said: str) -> FieldKind | None:
    """Return the part for words that say how, for whom or as whom something is to be done; None for all others."""
    signs = _CHINESE if is_chinese(said) else _ENGLISH
    return next((kind for kind, sign in signs if sign.match(said)), None)


def clauses_of(sentence: str) -> list[str]:
    """Return the clauses of a Chinese sentence, each with the comma behind it; the sentence alone where it is long."""
    return [sentence] if len(sentence) > _LONGEST else _CLAUSE.findall(sentence) or [sentence]
