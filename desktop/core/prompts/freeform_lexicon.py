"""Words by which a part is recognised in a message that was written freely, in English and Chinese."""

from __future__ import annotations

import re
from collections.abc import Iterator

from desktop.core.prompts.prompt import FieldKind

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
# A pair within one line; without colons only where an example is announced.
INLINE_PAIR = re.compile(
    r"(?:(?:例如|比如|示例|例子|样例|for example|e\.g\.|examples?)[:：,，]?\s{0,4})?(?:输入"
    r"|input)\s?\d{0,2}[:：]\s{0,4}"
    r"(?P<input>[^\n]{1,400}?)[，,；;。.→>\s-]{0,6}(?:输出"
    r"|output)\s?\d{0,2}[:：]\s{0,4}(?P<output>[^\n。；;]{1,400})[。；;]?"
    r"|(?:例如"
    r"|比如)[:：,，]?\s{0,4}输入(?P<said>[^\n]{1,200}?)[，,；;。→\s]{0,4}输出(?P<wished>[^\n。；;]{1,200})[。；;]?",
    re.IGNORECASE,
)

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
    r"(?:please |let's |and )?(?:think|reason|work|go)(?: this| it| about it)?(?: through)? step[ -]by[ -]step.{0,60}"
    r"|(?:请|让我们)?先?(?:一步一步|逐步|一步步)地?(?:思考|推理|分析|想).{0,30}",
    re.IGNORECASE | re.DOTALL,
)
TONE = re.compile(
    r".{0,40}\b(?:tone|voice)\b|(?:please )?(?:be|keep it|sound|stay|make it|write) (?:very |more |rather "
    r"|a bit )?(?:polite(?:ly)?|friendly|formal(?:ly)?|informal(?:ly)?|casual(?:ly)?|warm(?:ly)?|professional(?:ly)?"
    r"|neutral|factual|serious|humorous|respectful(?:ly)?)\b|.{0,16}(?:语气|口吻)|(?:要|写得|请|尽量|保持)(?:更"
    r"|比较)?(?:礼貌|友好|正式|亲切|专业|客气|口语化|幽默|严肃)",
    re.IGNORECASE,
)
FORMAT = re.compile(
    r"(?:please )?(?:(?:answer|reply|respond|return|output|format|present|structure|deliver|write it"
    r"|give (?:me )?(?:it|the (?:answer|result)s?))\b.{0,40}\b(?:as|in|with|using|only)\b.{0,60}\b(?:tables?|lists?"
    r"|bullets?|points?|json|csv|markdown|html|sentences?|words?|paragraphs?|lines?|columns?|sections?|format)\b"
    r"|(?:please )?(?:do not|don't|never|avoid) (?:us(?:e|ing)|writ(?:e|ing)|add(?:ing)?|includ(?:e|ing)"
    r"|mention(?:ing)?|repeat(?:ing)?|exceed(?:ing)?)\b"
    r"|use (?:at most|no more than|up to|bullet points|a table|a list|headings|markdown"
    r"|short sentences|numbered)|(?:at most|no more than"
    r"|not more than|maximum|max\.?|up to|limit (?:it|the \w+) to|keep it (?:under|below|to|short|brief))\b"
    r"|(?:the )?(?:answer|reply|text|mail|result|output|summary|response) (?:should|must|shall) (?:be|have|contain"
    r"|fit|not exceed)\b|\d{1,4} (?:words|sentences|lines|bullet points))|(?:请?用|请?以|按).{0,16}(?:表格|列表|清单"
    r"|格式|形式|要点|JSON|Markdown|句话)(?!.{0,4}(?:写|说明|概括|总结|介绍|解释|回答我))|(?:字数|篇幅|全文|长度|每条"
    r"|每点)?.{0,4}(?:不超过|控制在|不少于|最多|以内)|分点|分条|输出|格式",
    re.IGNORECASE,
)
AUDIENCE = re.compile(
    r"(?:the )?(?:audience|readers?) (?:is|are|will be)\b|(?:it is|this is|it's) (?:meant |intended )?for\b|读者是"
    r"|对象是|受众是|(?:这是)?(?:写)?给.{1,16}看的",
    re.IGNORECASE,
)
CONTEXT = re.compile(
    r"(?:we|our|my|i am|i'm|i work|i have|i had|i was|he|she|they|there (?:is|are|was|were)|it is|it was|this is"
    r"|the (?:customer|client|company|supplier|meeting|project|deadline|contract|order|reason|situation|team|event"
    r"|budget|guy|man|woman|lady|boss|reason|problem|issue)|(?:customer|client|guest)(?:'s)? (?:complaint"
    r"|complains|says|said|wants)"
    r"|last|yesterday|today|since|on (?:monday|tuesday|wednesday|thursday|friday))\b(?!.{0,200}\?)(?! (?:need"
    r"|want|would like|wonder))|(?:我们|我是|我在|我的|我有|他|她|客户|对方|公司|由于|因为|目前|现在|昨天|上周"
    r"|上个?月|今年|去年|本周|下周|这是|项目|供应商|会议|截止)(?!.{0,80}[？?吗])(?!(?:想|需要|要|希望))",
    re.IGNORECASE,
)
# An example that is shown: in quotes, or behind a colon.
EXAMPLE = re.compile(
    r"(?:for example|for instance|e\.g\.|例如|比如|譬如|(?:参[考照]|仿照|模仿|照着?"
    r"|按照?)[^，。：:“「]{0,10})\s?(?:[,，]?\s?(?=[\"“「])|[:：]\s?)(?P<shown>.*\S)",
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
