"""Words by which a part is recognised in a message that was written freely, in English and Chinese.

What a sentence (of Chinese, a clause) says of how, for whom or as whom something is to be done is learned from
sentences that people write beside their task (`core/text/weights.py`).
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from typing import Final

from desktop.core.prompts.prompt import FieldKind
from desktop.core.resources import resource_path
from desktop.core.text.scripts import is_chinese
from desktop.core.text.weights import LearnedWeights, chinese_features, english_features

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

CHAIN_OF_THOUGHT = re.compile(
    r"(?:please |let's |and )?(?:think|reason|work|go)(?: this| it| about it)?(?: through)? step[ -]by[ -]step"
    r"(?:,? (?:before (?:you )?answer(?:ing)?|(?:and )?then answer))?\W*"
    r"|(?:请|让我们)?先?(?:一步一步|逐步|一步步)地?(?:思考|推理|分析|想)(?:[，,]?(?:然后|之后|后)?再?(?:回答|作答))?\W*",
    re.IGNORECASE,
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


def clauses_of(sentence: str) -> list[str]:
    """Return the clauses of a Chinese sentence, each with the comma behind it; the sentence alone where it is long."""
    return [sentence] if len(sentence) > _LONGEST else _CLAUSE.findall(sentence) or [sentence]


WISHES: Final = (FieldKind.PERSONA, FieldKind.AUDIENCE, FieldKind.FORMAT, FieldKind.TONE)
_LONGEST_WISH: Final = 240  # characters; a longer sentence says more than a wish
_SURE, _LIKELIEST = 0.7, 0.4  # that it is a wish at all, and of which kind
_ENDS: Final = " \t,;:.!，；：。！"
_MANY_WORDS: Final = 12


@lru_cache(maxsize=4_096)
def wish_of(said: str) -> FieldKind | None:
    """Return the part for words that say how, for whom or as whom something is to be done; None for all others."""
    if len(said) > _LONGEST_WISH:
        return None
    language = "zh" if is_chinese(said) else "en"
    spoken_for = _weights(language).of(wish_features(said, language), len(WISHES) + 1)
    highest = max(spoken_for)
    parts = [math.exp(each - highest) for each in spoken_for]
    best = max(range(len(WISHES)), key=parts.__getitem__)
    whole = sum(parts)
    is_sure = whole - parts[-1] >= _SURE * whole and parts[best] >= _LIKELIEST * whole
    return WISHES[best] if is_sure else None


def wish_features(said: str, language: str) -> Sequence[str]:
    """Return the features of a sentence or clause, one of which is how long it is."""
    said = said.strip(_ENDS)
    words = len(said) // 2 if language == "zh" else len(said.split())
    return (*(chinese_features if language == "zh" else english_features)(said), f"L{min(words, _MANY_WORDS)}")


@cache
def _weights(language: str) -> LearnedWeights:
    return LearnedWeights.from_bytes(resource_path("prompts", f"{language}_wishes.weights").read_bytes())
