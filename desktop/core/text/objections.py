"""Objections in the user's words: that an answer is wrong, or whether the model is sure; in English and Chinese.

An objection says nothing new. A sentence beside it may ask the same once more, but a statement of the user's own makes
of the whole a correction. Words only: what the model makes of it is not judged here.
"""

from __future__ import annotations

import re
from enum import Enum, auto

from desktop.core.text.late_regex import late_regex
from desktop.core.text.plain_compare import words_of
from desktop.core.text.scripts import HAN, count_han, has_han

_LONGEST = 300  # characters: who writes more brings reasons
_PIECE = late_regex(r"[^.!?。！？，,;；：:\n…~—]+[.!?。！？，,;；：:\n…~—]*")
# Repetitions of words of filling are bounded, since two ways to read each would be thousands of ways to read all.
_AROUND = " \t\"“”'‘’「」()（）*"


def _any_of(*ways: str) -> str:
    """Return a pattern of all of these, which stand one a line."""
    lines = (line.strip() for way in ways for line in way.strip().split("\n"))
    return f"(?:{'|'.join(lines)})"


_IT = _any_of(
    r"""
    that
    this
    it
    these
    those
    they
    what you (?:say|said|wrote)
    (?:the|your|that|this) (?:last |first |new )?(?:answer|number|figure|date|name|quot(?:e|ation)|result|sum|total)
    (?:the|your|that|this) (?:last |first |new )?(?:reply|source|link|reference|clause|paragraph|address|year|price)
    """
)
_WRONG = _any_of(
    r"""
    wrong
    incorrect
    inaccurate
    false
    untrue
    mistaken
    off
    impossible
    nonsense
    rubbish
    ridiculous
    absurd
    a mistake
    an error
    made up
    invented
    hard to believe
    not (?:right|correct|true|accurate|possible|it)
    """
)
_COMPLAINT_EN = _any_of(
    r"""
    no
    nope
    nah
    no no
    no way
    wrong
    incorrect
    false
    not (?:true|right|correct)
    nonsense
    (?:oh )?really
    seriously
    huh
    what
    honestly
    for real
    (?:still|again) (?:wrong|incorrect|not right)
    wrong again
    """,
    r"(?:are )?you (?:really |quite |absolutely |completely |100 ?%? |very |still |totally ){0,6}"
    r"(?:sure|certain|positive|serious|kidding(?: me)?)"
    r"(?: (?:about|of) .{1,30}| (?:that )?(?:that|this|it)(?:['’]s| is) .{1,20})?",
    rf"{_IT}(?: still)?(?:['’]s| is| was| are| were| can(?:no|['’])t be| must be| looks?| seems?| sounds?)(?: to be)?"
    rf"(?: still| just| simply| clearly| completely| totally| all| also| plain){{0,6}} {_WRONG}",
    rf"{_IT} (?:can(?:no|['’])?t|could(?: not|n['’]t)) be(?: right| true| correct| possible)?",
    rf"{_IT} (?:do|does|did)(?: not|n['’]?t) (?:seem|look|sound|feel)(?: to be)? (?:right|correct|true|likely)",
    rf"{_IT} (?:is|was|are|were)(?:n['’]t| not)(?: quite| really)? (?:right|correct|true|possible|it|so)",
    rf"{_IT} (?:doesn['’]t|does not) (?:add up|make (?:any )?sense)",
    r"(?:it|that|this|they|he|she|there|we|you) "
    r"(?:is|are|was|were|do|does|did|has|have|can|could|would|will|should)(?:n['’]t| not)",
    rf"is {_IT} (?:really |actually )?(?:right|correct|true|so|certain|accurate)(?: really)?",
    r"i (?:really |just |still )?(?:don['’]t|do not|can['’]t|cannot) (?:believe|think|buy)"
    r"(?: (?:that|this|it|you|so))?(?:['’]?s? (?:is )?(?:right|correct|true))?",
    r"""
    i doubt (?:that|it|this|so)
    i(?:['’]m| am) not (?:so |really )?(?:sure|convinced)(?: about (?:that|this|it))?
    you(?:['’]re| are)(?: still| simply)? (?:wrong|mistaken|guessing|contradicting yourself|hallucinating|confused)
    you(?:['’]re| are)(?: just)? (?:making|inventing) (?:that|this|it|things)(?: up)?
    you (?:just |clearly )?(?:made|invented|imagined) (?:that|this|it|all that)(?: up)?
    did you (?:just )?(?:make|invent) (?:that|this|it)(?: up)?
    you(?:['’]ve| have)? got (?:that|this|it) wrong
    """,
    r"(?:(?:just now|before|earlier|a moment ago|at first|first)[, ]*)?you (?:just |first |also )?"
    r"(?:said|wrote|told me|claimed|gave)(?: (?:something|another|a different|it was|that|me)\b)?.{0,60}",
)
_LEAD_EN = (
    r"(?:(?:but|hmm+|hm|well|sorry|no|nope|wait|and|um+|uh|hey|oh|come on|then|so|now|again|excuse me|listen|look"
    r"|i think|i believe|i['’]m afraid|i feel"
    r"|i (?:looked (?:it|that) up|checked(?: it| that)?|googled it) and)\s+){0,6}"
)
_TAIL_EN = (
    r"(?:\s+(?:though|at all|again|to me|about (?:that|this|it)|i think|i believe|either|now|either way|really|no"
    r"|right|is it|my friend|sorry|then|so|please)){0,6}"
)
_COMPLAINT_ZH = _any_of(
    """
    不对
    不是(?:这样|这个)?
    (?:又|还是|仍然|全)?错
    错了
    (?:还是|又|不太|不大)不?对
    不正确
    不准确?
    有(?:误|错|问题)
    不符
    胡说(?:八道)?
    胡扯
    扯淡
    瞎扯
    不像话
    好像不太?对
    跟(?:我)?(?:记得|知道|看到)的不一样
    [瞎乱](?:说|讲|编|写|猜)
    编造
    编(?:出来)?的
    没(?:搞|弄|看|记|算|数)错
    (?:搞|弄|记|说|算|数|看|写|答|理解)错
    真的?假的?
    不会
    不可能
    不太可能
    怎么可能
    怎么会
    不至于
    开玩笑
    开什么玩笑
    我?不(?:太)?(?:相信|信|认同)
    (?:前后|自相)?矛盾
    骗[人我]
    离谱
    幻觉
    没有这(?:条|款|回事|个|句话)
    """,
    "(?:刚才|刚刚|之前|前面|上面|一开始|开始)(?:你|您)?(?:不是|还|明明|又|可){0,6}(?:说|写|讲|回答)[^。]{0,40}",
    "(?:你|您)(?:刚才|刚刚|之前|前面|上面|一开始|又)+(?:不是|还|明明|又|可){0,6}(?:说|写|讲)[^。]{0,40}",
)
# A doubt where it is asked, else a yes.
_SURE_ZH = (
    "(?:非常|真的?|很|百分之?百|百分百){0,6}"
    "(?:确定|肯定|确信|有把握|真|真的|当真|是真的|是?这样|如此|靠谱|是对的|对|正确|准确)"
)
_LEAD_ZH = (
    "(?:但是?|可是|可|嗯+|啊|哎|喂|等等|等一下|稍等|那|这个?|那个?|你的?|您的?|你们|说的|回答|答案|数字|日期|结果"
    "|引文|引用"
    "|条款?|链接|我觉得|我认为|我感觉|我看|好像|似乎|感觉|应该|是不是|有没有|能|敢|还是|还|又|都|真|就|也|在|肯定"
    "|明显|完全"
    "|根本|显然|一定|是|会|怎么|难道|请问|会不会|对|不对|不是){0,6}"
)
_TAIL_ZH = "(?:吧|啊|呀|吗|么|了|呢|哦|的|嘛|哈|哟|没有?|我|什么|过|没|这|个|数|说法|答案|不){0,6}"
_COMPLAINT = late_regex(rf"{_LEAD_EN}{_COMPLAINT_EN}{_TAIL_EN}|{_LEAD_ZH}{_COMPLAINT_ZH}{_TAIL_ZH}", re.IGNORECASE)
_DOUBT = late_regex(rf"{_LEAD_ZH}{_SURE_ZH}{_TAIL_ZH}")
_DOUBTS = late_regex(r"[?？]|[吗么]|^(?:但是?|可是?|那)?[你您](?:真的?)?(?:确定|肯定)")

# What stands beside a complaint and brings nothing: to look again, and the same question once more.
_LOOK_EN = (
    r"(?:please |so |then |now |just |can you |could you |would you |will you |you (?:should|need to|must) |and ){0,6}"
    r"(?:(?:double[- ]?)?check(?:ed)?|recheck|look|try|think|count|calculate|compute|verify|read|answer|go|confirm"
    r"|tell me)(?: (?:that|this|it|again|once more|more carefully|carefully|properly|please|over|the truth|me|your|my"
    r"|the|text|answer|numbers?|figures?|question|facts?|at|about|through|for me|more|closely|one more time)){0,6}"
)
_BESIDE_EN = _any_of(
    _LOOK_EN,
    r"(?:so |and |then |but ){0,6}(?:how (?:many|much|long|old|far|often)|what|which|when|who|where)(?: \w+){0,5}"
    r"(?: then| really| actually| exactly| now| is it| does it say)(?: \w+){0,3}",
    r"(?:so |and |then |but ){0,6}(?:which|what|how (?:many|much|long))(?: one| of (?:them|the two|these))?"
    r"(?: is it| is (?:right|true|correct)| now| then)?",
    r"where (?:does|do|did) (?:it|that|this|you|they) (?:say|get|find|take) (?:that|this|it|so|from)(?: from)?",
    r"(?:i (?:think|thought|believed?|remember|recall|heard|guess|feel|had)(?: that)?) "
    r"(?:it|that|this|they|there)?['’]?(?:s|d| is| was| were| are| had| would be)?(?: \w+){0,2} "
    r"(?:more|less|fewer|higher|lower|different|earlier|later|longer|shorter|otherwise|something else|wrong)",
    r"""
    where is (?:that|this|it) (?:from|written)
    (?:who )?says (?:who|so|that)
    why
    i (?:think|thought|believe) so
    please
    thanks
    thank you
    sorry
    hello
    hi
    okay
    ok
    hmm+
    well
    but
    again
    """,
)
_BESIDE_ZH = _any_of(
    "(?:请|麻烦|麻烦你|你|您|再|重新|仔细|认真|好好|先|帮我|给我){0,6}"
    "(?:看|看看|查|查查|检查|核对|核实|确认|算|算算|数|数数|想|想想|读|回答|说|说清楚|说说|答)"
    "(?:一?[遍下次看想]|清楚|仔细|好|一看|一想|一查|一算|原文|后|再|回答|吧|呢|啊|一遍|材料){0,6}",
    rf"(?:那|那么|所以|这|请问|你说|告诉我|它|他|她|一共|总共){0, 6}(?:到底|究竟|其实|真正|实际上?)[{HAN}]{{1,14}}",
    "(?:那|那么|所以|到底|究竟|一共|总共|是|应该是|到底是){0,6}(?:多少|几|哪一?个|什么|谁|哪里|哪一?条|什么时候)"
    "(?:[天个年月日号元人次岁小时条款对是才写的说]){0,5}",
    rf"我(?:记得|觉得|感觉|以为|印象中?|听说)[{HAN}]{{0,6}}"
    "(?:没有?这么[多少高低早晚长短大小]|更[多少高低早晚长短]|不止|没那么[多少高低早晚长短]|不是这样|不一样|不止这些)",
    """
    谢谢
    谢了
    你好
    您好
    请
    嗯+
    好
    那
    等等
    等一下
    哪里(?:写|说|规定)[了的着]?
    依据(?:呢|是什么|在哪里?)
    出处(?:呢|是什么|在哪里?)
    为什么
    """,
)
_TAIL_BESIDE = r"(?:吧|啊|呀|吗|么|了|呢|哦|的|嘛|好吗|行吗|可以吗|谢谢| please| then| now| again| will you| ok){0,6}"
_BESIDE = late_regex(rf"(?:{_BESIDE_EN}|{_BESIDE_ZH}){_TAIL_BESIDE}", re.IGNORECASE)
# They object to how the question was taken, not to the answer.
_MEANT_OTHERWISE = late_regex(
    r"\b(?:i (?:mean|meant|asked|wanted|need)|not what i|(?:didn['’]t|did not) (?:ask|mean|want)|instead|rather)\b"
    r"|我(?:是说|的意思|问的是|要的是|说的是|想要|想问)|不是我(?:要|问|想)|没(?:让|叫|要)你|不是问|不要|改成|换成"
    r"|改为|应该是",
    re.IGNORECASE,
)
_ASKS = late_regex(r"[?？]\s*$|(?:吗|呢|么)[。！？?]*$")
_BARE_NO = late_regex(r"(?:no|nope|nah|no thanks|不|不是|不用|不要|没有|不对)\W*", re.IGNORECASE)


class _Kind(Enum):
    COMPLAINT = auto()
    BESIDE = auto()
    QUESTION = auto()
    STATEMENT = auto()


def is_complaint(sentence: str) -> bool:
    """Return True if a sentence says no more than that something is wrong, or doubted, or to be looked at again."""
    if len(sentence) > _LONGEST:
        return False
    kinds = [_kind_of(piece) for piece in _pieces(sentence)]
    return _Kind.COMPLAINT in kinds and all(kind in (_Kind.COMPLAINT, _Kind.BESIDE) for kind in kinds)


def corrects(own: str) -> bool:
    """Return True if a message says that something is wrong, maybe with what is right, and asks nothing."""
    if len(own) > _LONGEST:
        return False
    kinds = [_kind_of(piece) for piece in _pieces(own)]
    return kinds[:1] == [_Kind.COMPLAINT] and _Kind.QUESTION not in kinds


def objects(own: str, said_before: str) -> bool:
    """Return True if a message objects to what was said, without a fact or a wish of the user's own.

    `said_before`: the words of the conversation above. A question among them is the same once more.
    """
    if len(own) > _LONGEST or _MEANT_OTHERWISE.search(own):
        return False
    kinds = {piece: _kind_of(piece) for piece in _pieces(own)}
    if _Kind.COMPLAINT not in kinds.values() or _Kind.STATEMENT in kinds.values():
        return False
    return all(_is_known(piece, said_before) for piece, kind in kinds.items() if kind is _Kind.QUESTION)


def is_bare_no(own: str) -> bool:
    """Return True if it is no more than a no, which may also answer a question of the model's."""
    return _BARE_NO.fullmatch(own.strip()) is not None


def _pieces(text: str) -> list[str]:
    return [piece for found in _PIECE.findall(text) if (piece := found.strip()) and re.search(r"\w", piece)]


def _kind_of(piece: str) -> _Kind:
    bare = piece.strip(_AROUND).rstrip(".!?。！？，,;；：:…~—\n").strip(_AROUND)
    if _COMPLAINT.fullmatch(bare) or (_DOUBT.fullmatch(bare) and _DOUBTS.search(piece)):
        return _Kind.COMPLAINT
    if _BESIDE.fullmatch(bare):
        return _Kind.BESIDE
    return _Kind.QUESTION if _ASKS.search(piece) else _Kind.STATEMENT


def _is_known(question: str, said_before: str) -> bool:
    """Return True if most words of a question were said before."""
    if has_han(question) and count_han(question) > 3:
        plain = re.sub(rf"[^{HAN}]|[吗呢么的了是有在吧啊]", "", question)
        parts = [plain[at : at + 2] for at in range(len(plain) - 1)]
        known = sum(part in said_before for part in parts)
    else:
        parts = [word for word in words_of(question) if len(word) > 3]
        before = set(words_of(said_before))
        known = sum(word in before or word.rstrip("s") in before for word in parts)
    return 2 * known >= len(parts)
