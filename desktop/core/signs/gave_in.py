"""Signs that an answer is not what it was before, and nothing but the user's doubt stands between the two.

It is the answer that is looked at: it admits a fault, or has another value for what it said. In which words the user
doubted does not matter, as long as they bring no value, name or reason that the new answer takes over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from desktop.core.claims.claim import Finding, Kind, Shown
from desktop.core.claims.dates import may_be_same
from desktop.core.claims.differences import compare
from desktop.core.claims.finding import claims_of
from desktop.core.message import Role
from desktop.core.sign import Sign, SignKind, excerpt
from desktop.core.signs.exchange import Exchange, Request, taken_apart
from desktop.core.text.doubt import content_of
from desktop.core.text.late_regex import late_regex
from desktop.core.text.markdown import without_code
from desktop.core.text.plain_compare import jaccard, sentences, squeezed, weight, words_of
from desktop.core.text.scripts import HAN

_COMPARED = 8_000  # characters of an answer: more of them share their numbers by chance
_BEGINNING = 500  # where an answer admits something
_LONGEST_DOUBT = 330  # letters: who writes more brings reasons
_LONGEST_CHAIN = 4  # values
_VALUES = (Kind.NUMBER, Kind.DATE)
_NEAR = 0.05

_REGRETS = late_regex(
    r"\b(?:(?:i(?:['’]m| am)? )?(?:\w+ )?(?:apologi[sz]e|sorry)|apologies|correction:|on reflection"
    r"|thanks? (?:you )?for (?:flagging|pointing|catching|"
    r"correcting|the correction|letting me know|double[- ]checking))\b|抱歉|对不起|不好意思|感谢[您你]?的?提醒"
    r"|谢谢[您你]?的?提醒",
    re.IGNORECASE,
)
_ADMITS = late_regex(
    r"\b(?:you(?:['’]re| are|['’]ve got)(?: \w+)? (?:right|correct|a point)|good (?:catch|point)|well spotted"
    r"|my (?:mistake|error|bad|fault)|(?:mistake|slip|error) on my (?:part|side|end)"
    r"|i (?:stand|was|am) (?:\w+ )?(?:wrong|mistaken|incorrect|corrected|careless|confused)|i(?:['’]ve"
    r"| have)? made an? "
    r"(?:\w+ )?(?:mistake|error|slip)|i (?:had )?(?:mis\w+|overlooked|mixed|confused|got (?:\w+ ){0,4}wrong)"
    r"|(?:previous|earlier|first|last|my) (?:answer|reply|figure|statement|calculation|response) was (?:\w+ )?"
    r"(?:wrong|incorrect|mistaken|off)|for (?:the|any) (?:error|mistake|confusion|mix-up)|that was (?:wrong"
    r"|incorrect)"
    r"|(?:correct|contradict) myself|i was too (?:quick|hasty|fast)|i take (?:that|it) back|i spoke too soon"
    r"|let me correct)\b"
    r"|[您你](?:说得|说的|是|提醒得|质疑得|问得)(?:很|非常|完全)?对|[您你]的?(?:怀疑|质疑|直觉|感觉)(?:是"
    r"|很)?(?:对|有道理|正确)"
    r"|[是我][^，。！\n]{0,8}(?:[弄搞算看说记理解写数]|混|漏看|疏忽|考虑)(?:错|淆|混|不周|漏)|我的(?:错|失误|疏忽)"
    r"|(?:抱歉|不好意思|对不起)[^。\n]{0,4}(?:应该?[是为]|其实是)"
    r"|(?:之前|刚才|前面)的?(?:判断|说法|回答|结论|答案)(?:有|不|欠|是错)|重新(?:考虑|看|想)[^。]{0,10}(?:其实|应该"
    r"|您)"
    r"|(?:有误|更正|纠正|指正|不准确|不够?严谨|考虑不周|疏忽|误导|(?:造成|带来)[^。]{0,4}(?:困惑|混淆))",
    re.IGNORECASE,
)
_INSISTS = late_regex(
    r"\b(?:i(?:['’]m| am) (?:\w+ )?(?:sure|certain|confident)|(?:stand|stay|stick|keep) (?:by|with|to)|(?:fair"
    r"|good) (?:enough|point), but|same (?:result|answer|figure)"
    r"|(?:remains?|stays?|(?:that|it|this|answer|figure|date|number|result|total|sum) (?:is|was)|is (?:still|indeed"
    r"|in fact)) (?:still |indeed |in fact )?(?:correct|right|the same|accurate|unchanged)"
    r"|still (?:\w+ )?(?:is|says|applies|stands|get|come)|no (?:error|mistake|reason)|but (?:it|the \w+) (?:is|was)\b"
    r"|i (?:cannot|can['’]t|could not|do not|don['’]t) (?:find|see|change|confirm))"
    r"|我(?:很|可以|仍然?|还是)?(?:确定|肯定|坚持)|没有?错|仍然?是|依然是|还是(?:这|那|之前|原来)|确实(?:是|为)"
    r"|无误|没有?变|不变|结果(?:一样|相同)",
    re.IGNORECASE,
)
# Another form, length or language, or something more, which the answer is to have now.
_WISHES = late_regex(
    r"\b(?:short(?:er|en)?|long(?:er)?|brief\w*|concise|detail\w*|table|list|bullets?|format|tone|formal|friendl\w+"
    r"|polite\w*"
    r"|simpl\w+|translate|rewrite|rephrase|reword|instead|add|remove|leave out|change|make it|one (?:line|sentence)"
    r"|because|since|forgot\w*|forget|miss(?:ed|ing)|left out|i (?:mean|meant|asked)|in (?:english|chinese"
    r"|\w+ words))\b"
    r"|[短长]一?[点些]|太[短长硬软文]|简短|精简|详细|表格|列表|格式|语气|正式|口语|翻译|改[成为写]|换[成个]|加上"
    r"|去掉|删"
    r"|因为|由于|漏|忘|少了|缺|没算|没考虑|我(?:是说|的意思|问的是|要的是|想要)|应该是",
    re.IGNORECASE,
)
# A text of the model's own can be taken back as a matter of taste.
_WANTED_TEXT = late_regex(
    r"\b(?:write|draft|e?-?mail|letter|slogan|poem|speech|toast|card|post|tweet|caption|rephrase|headline|invit"
    r"|names?\b|ideas?\b)\w*\b"
    r"|how (?:do|can|would|should) (?:i|we|you) (?:say|put|phrase|word)|写[一个封段篇份句]|起名|名字|帮[我忙]写|拟"
    r"|起草|文案|标语|口号|润色|祝福|发言|邮件",
    re.IGNORECASE,
)
_LIST_NUMBER = late_regex(r"^[ \t>*#]*\d{1,3}[.)、）](?=[ \t]*\S)", re.MULTILINE)
_ABOUT = late_regex(
    r"\b(?:about|around|approximately|roughly|nearly|almost|exact(?:ly)?|precise(?:ly)?)\b|[~≈约]|左右|精确|准确"
)

_CALCULATION = late_regex(
    r"\d[\d,.]*\d?%?(?:\s*[+×x*÷/−–-]\s*\d[\d,.]*\d?%?)+\s*[=＝≈]\s*[^\d\n]{0,3}\d[\d,]*(?:\.\d+)?"
)
_ALWAYS_GIVEN = frozenset((7.0, 12.0, 24.0, 52.0, 60.0, 100.0, 360.0, 365.0))
_ROUNDED = 0.005
_SEVERAL_NAMES = 2  # one alone may be another choice

_QUESTION = late_regex(r"[?？]|吗|是否|能否|可否|(.{1,2})不\1|有没有")
_TELLING = late_regex(
    r"\d+|n['’]t\b|\bnot?\b|\bnever\b|[不没无非未](?!不)|[一二三四五六七八九十两]+[天个年月周小次份条元]"
)
_SAME = 0.7
_ARTICLES = "a an the is it are to of in on at by for do doe we i you my our thi that be"
_SMALL = frozenset(_ARTICLES.split())
_LEADING = late_regex(r"^[\s*_#>\-–—\"“”]*")
_YES = late_regex(
    r"(?:yes|yeah|yep|correct|certainly|absolutely|of course|indeed|definitely)\b"
    r"|是的|对的|没错|可以|能够|会的|有的|需要|应该|应当|当然|允许|属于|包括|适用|必须|[是对能会有要行][，。,]",
    re.IGNORECASE,
)
_NO = late_regex(
    r"(?:no|nope)(?=\s*[,.;:!*—–]|\s*$|\s(?:it|you|they|he|she|this|that|we|the|there)\b)|(?:certainly"
    r"|definitely) not\b"
    r"|不是|不可以|不能|不行|不会|没有|不需要|不用|不必|无需|不允许|不属于|不应|不对|不包括|不适用|[否不][，。,]",
    re.IGNORECASE,
)
_NEITHER = late_regex(
    r"no (?:problem|worries|doubt|need)|不一定|不好说|不确定|没有?问题|没有明确|不清楚|可以(?:这样|这么|理解)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Change:
    """Value of the last answer, and one that the new answer has for it; `is_only`: no others could be meant."""

    old: Finding
    new: Finding
    is_only: bool


def gave_in(exchange: Exchange) -> Sign | None:
    """Return a sign where the answer is another one, or takes the last one back, and the user gave no reason for it."""
    turn = _last_turn(exchange)
    if turn is None:
        return None
    before, said = turn
    beginning = said[:_BEGINNING]
    own = exchange.request.own
    above = "\n".join(each.text[:_COMPARED] for each in exchange.earlier[:-1])
    if _INSISTS.search(beginning) or _brings_value(own, above) or _takes_over(own, exchange, said):
        return None
    admits, regrets = _ADMITS.search(beginning) is not None, _REGRETS.search(beginning) is not None
    if not admits and content_of(own) - content_of(above):
        return None  # it may be something else that is asked, or told
    if _WANTED_TEXT.search(exchange.requests[-2].own):
        admits = regrets = False
    change = _change(before, said, is_regretted=admits or regrets)
    was_yes, is_yes = _answers_yes(before), _answers_yes(_verdict(said))
    may_turn = regrets or admits or not content_of(own)
    has_turned = may_turn and was_yes is not None and is_yes is (not was_yes) and (regrets or was_yes)
    if not (change or admits or has_turned) or _is_borne_out(exchange, before, said):
        return None
    if not change and not has_turned and _is_kept(before, said):
        return None
    chain = [*_values_before(change.old, exchange), change.old, change.new] if change and change.is_only else []
    return Sign(SignKind.GAVE_IN, excerpt(_opening(said)), excerpt(_written(chain)))


def opposite(exchange: Exchange) -> Sign | None:
    """Return a sign where an earlier answer to the same yes/no question was the opposite, with nothing said since."""
    question, says_yes = exchange.request.own, _answers_yes(exchange.answer)
    if says_yes is None or not _QUESTION.search(question) or exchange.request.material:
        return None
    earlier = exchange.earlier
    for at in range(len(earlier) - 2, 0, -1):
        if earlier[at].role is Role.USER and not _QUESTION.search(taken_apart(earlier[at].text[:_COMPARED]).own):
            return None  # it may have told what changed the answer
        if earlier[at].role is Role.USER or earlier[at - 1].role is not Role.USER:
            continue
        asked, said_yes = taken_apart(earlier[at - 1].text[:_COMPARED]).own, _answers_yes(earlier[at].text)
        if said_yes is None or not _is_same_question(question, asked):
            continue
        if said_yes is says_yes:
            return None
        return Sign(SignKind.OPPOSITE, excerpt(_opening(exchange.answer)), excerpt(_opening(earlier[at].text)))
    return None


def _last_turn(exchange: Exchange) -> tuple[str, str] | None:
    """Return the last answer and the new one; None where the user's words between them are more than a doubt."""
    request, earlier = exchange.request, exchange.earlier
    is_turn = len(earlier) >= 3 and earlier[-1].role is Role.USER and earlier[-2].role is Role.ASSISTANT
    if not is_turn or request.material or weight(request.own) > _LONGEST_DOUBT or _WISHES.search(request.own):
        return None
    answer = earlier[-2].text[:_COMPARED]
    if "```" in answer or "```" in exchange.answer:
        return None  # of code it is not known which is right
    if answer.rstrip(" *_").endswith(("?", "？")) and not _QUESTION.search(request.own):
        return None  # it asked something
    return _plain(without_code(answer)), _plain(exchange.prose)


def _plain(text: str) -> str:
    """Return a text without the marks between a number and its unit, and without the numbers of its items."""
    return re.sub(r"\*+|__|^#+ ", "", _LIST_NUMBER.sub("", text[:_COMPARED]), flags=re.MULTILINE)


def _brings_value(own: str, before: str) -> bool:
    """Return True if the user names a number, a date or words that stood nowhere before."""
    known = _keys(before)
    return any(
        claim.kind is not Kind.NAME and not _is_known(claim, known) and claim.text not in before
        for claim in _claims(own)
    )


def _is_known(claim: Finding, known: set[tuple[Kind, str]]) -> bool:
    """Return True for what was said before; the number of an item is not a value."""
    return claim.text[0] == "第" or not known.isdisjoint(claim.keys)


def _takes_over(own: str, exchange: Exchange, said: str) -> bool:
    """Return True if the new answer has something from the user's words that no earlier one had."""
    answers = "\n".join(each.text[:_COMPARED] for each in exchange.earlier if each.role is Role.ASSISTANT)
    known, new = _keys(answers) if _QUESTION.search(own) else set(), _keys(said)
    if any(not new.isdisjoint(claim.keys) and not _is_known(claim, known) for claim in _claims(own)):
        return True
    said = _REGRETS.sub(" ", _ADMITS.sub(" ", said))
    return bool(content_of(own) & content_of(said) - content_of(answers))


def _claims(text: str) -> list[Finding]:
    return claims_of([Shown(text)])[0]


def _keys(text: str) -> set[tuple[Kind, str]]:
    return {key for claim in _claims(text) for key in claim.keys}


def _change(before: str, said: str, *, is_regretted: bool) -> _Change | None:
    """Return a value of the last answer, and the one that stands in its place; names only where it is regretted."""
    for pair in compare(Shown(before), Shown(said)).pairs:
        if pair.new.kind in _VALUES and not _is_closer(pair.old, pair.new, before, said):
            return _Change(pair.old, pair.new, is_only=True)
    olds, news = _claims(before), _claims(said)
    gone, come = _without(olds, news), _without(news, olds)
    for kind in (*_VALUES, *((Kind.NAME, Kind.QUOTATION) if is_regretted else ())):
        left, right = ([each for each in side if each.kind is kind] for side in (gone, come))
        pairs = [
            (old, new)
            for old in left
            for new in right
            if (old.unit == new.unit and (old.unit or is_regretted)) or (is_regretted and not (old.unit and new.unit))
        ]
        is_only = len({old.value for old, _ in pairs}) == len({new.value for _, new in pairs}) == 1
        if pairs and (is_regretted or is_only) and not _is_closer(*pairs[0], before, said):
            return _Change(*pairs[0], is_only=is_only)
    return None


def _without(claims: list[Finding], others: list[Finding]) -> list[Finding]:
    keys = {key for each in others for key in each.keys}
    return [each for each in claims if keys.isdisjoint(each.keys)]


def _is_closer(old: Finding, new: Finding, before: str, said: str) -> bool:
    """Return True if the new value is the old one, only more or less exactly."""
    if new.kind is Kind.DATE:
        return may_be_same(old, new)
    around = before[max(0, old.start - 30) : old.end + 30] + said[max(0, new.start - 30) : new.end + 30]
    if new.kind is not Kind.NUMBER or not _ABOUT.search(around):
        return False
    try:
        one, other = float(old.value), float(new.value)
    except ValueError:
        return False
    return abs(one - other) <= _NEAR * max(abs(one), abs(other))


def _is_kept(before: str, said: str) -> bool:
    """Return True if all values of the last answer are still there."""
    old = {claim.key for claim in _claims(before) if claim.kind in _VALUES}
    return bool(old) and old <= _keys(said)


def _is_borne_out(exchange: Exchange, before: str, said: str) -> bool:
    """Return True if it has a value, or words, of the material that the last one had not, or a sum of given figures."""
    if _is_worked_out(exchange, before, said):
        return True
    material = "\n".join(text for request in exchange.requests for text in request.material)
    if not material:
        return False
    given, known = _keys(material), _keys(before)
    names = {claim.key for claim in _claims(said) if claim.kind is Kind.NAME}
    if len((names & given) - known) >= _SEVERAL_NAMES:
        return True
    for claim in _claims(said):
        if claim.kind is Kind.QUOTATION:
            if squeezed(claim.value) in squeezed(material) and squeezed(claim.value) not in squeezed(before):
                return True
        elif (
            (claim.unit or claim.kind is Kind.DATE)
            and not given.isdisjoint(claim.keys)
            and known.isdisjoint(claim.keys)
        ):
            return True
    return False


def _is_worked_out(exchange: Exchange, before: str, said: str) -> bool:
    """Return True if it has a new calculation, written out and right, of what the user gave."""
    given = {float(claim.value) for each in exchange.requests for claim in _numbers(each)}
    given |= {share for value in given for share in (value / 100, 1 + value / 100)} | _ALWAYS_GIVEN
    for found in _CALCULATION.finditer(said):
        if squeezed(found[0]) in squeezed(before):
            continue
        *terms, result = (float(each.replace(",", "")) for each in re.findall(r"\d[\d,]*(?:\.\d+)?", found[0]))
        signs = re.findall(r"(?<=[\d%\s])[+×x*÷/−–-](?=\s*\d)", found[0])
        total, product = 0.0, terms[0]
        for sign, term in zip(signs, terms[1:], strict=False):
            if sign in "×x*":
                product *= term
            elif sign in "÷/":
                product /= term or 1
            else:
                total, product = total + product, term if sign == "+" else -term
        if all(term in given for term in terms) and abs(total + product - result) <= _ROUNDED * abs(result):
            return True
        given.add(result)
    return False


def _numbers(request: Request) -> Iterator[Finding]:
    for claim in _claims("\n".join((request.own, *request.material))):
        if claim.kind is Kind.NUMBER and re.fullmatch(r"-?\d+(?:\.\d+)?", claim.value):
            yield claim


def _values_before(value: Finding, exchange: Exchange) -> Iterator[Finding]:
    """Yield the values of the same unit in still earlier answers, the earliest first, until the user named one."""
    chain: list[Finding] = []
    earlier = exchange.earlier
    for said, asked in zip(earlier[-4::-2], earlier[-3::-2], strict=False):
        same = [each for each in _claims(said.text[:_COMPARED]) if each.kind is value.kind and each.unit == value.unit]
        is_told = (
            said.role is Role.USER
            or not (value.unit or value.kind is Kind.DATE)
            or value.key in _keys(asked.text[:_COMPARED])
        )
        if is_told or len({each.value for each in same}) != 1 or len(chain) == _LONGEST_CHAIN - 2:
            break
        value = same[0]
        chain.append(value)
    return reversed(chain)


def _written(chain: list[Finding]) -> str:
    """Return the values one after another, each with its unit: 5 days → 15 days → 20 days."""
    return " → ".join(" ".join(claim.text.split())[:40] for claim in chain)


def _opening(text: str) -> str:
    """Return the sentence that admits a fault, or the first."""
    found = sentences(text[:_BEGINNING])
    return next((each for each in found if _ADMITS.search(each) or _REGRETS.search(each)), found[0] if found else text)


def _verdict(said: str) -> str:
    """Return an answer from the first sentence on that neither regrets nor admits anything."""
    found = sentences(said[:_BEGINNING])
    rest = [_REGRETS.sub("", _ADMITS.sub("", each)).lstrip(" ,，.。") for each in found]
    return next((each for each in rest if _answers_yes(each) is not None), "")


def _answers_yes(answer: str) -> bool | None:
    """Return True if an answer begins with a yes, False if with a no; None where it does neither."""
    text = _LEADING.sub("", answer[:300])
    if _NEITHER.match(text):
        return None
    if _NO.match(text):
        return False
    return True if _YES.match(text) else None


def _is_same_question(one: str, other: str) -> bool:
    return (
        _TELLING.findall(_asked(one)) == _TELLING.findall(_asked(other))
        and jaccard(*map(_parts, (one, other))) >= _SAME
    )


def _asked(question: str) -> str:
    """Return a question without the forms in which Chinese asks for a yes or a no."""
    return re.sub(r"(.{1,2})不\1", r"\1", question).replace("有没有", "有")


def _parts(question: str) -> set[str]:
    runs = re.findall(rf"[{HAN}]+", re.sub(r"是否|能否|可否|[吗呢的了]", "", _asked(question)))
    words = {word.rstrip("s") for word in words_of(question)} - _SMALL
    return words | {run[at : at + 2] for run in runs for at in range(len(run) - 1)}
