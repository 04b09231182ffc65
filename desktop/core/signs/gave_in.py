"""Signs that an answer is not what it was before, and nothing but the user's doubt stands between the two.

It is the answer that is looked at: it admits a fault, or has another value for what it said. In which words the user
doubted does not matter, as long as they bring no value, name or reason that the new answer takes over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise

from desktop.core.claims.claim import Finding, Kind, Shown
from desktop.core.claims.differences import compare
from desktop.core.claims.finding import claims_of
from desktop.core.claims.measures import decimal_of
from desktop.core.message import Role
from desktop.core.sign import Sign, SignKind, excerpt
from desktop.core.signs.exchange import LOOKED_AT, Exchange
from desktop.core.text.doubt import content_of
from desktop.core.text.markdown import without_code
from desktop.core.text.plain_compare import jaccard, squeezed, weight
from desktop.core.text.sentences import sentences

_COMPARED = 8_000  # characters of an answer: more of them share their numbers by chance
_BEGINNING = 500  # where an answer admits something
_LONGEST_CHAIN = 3  # answers
_LONG_QUOTATION = 16  # letters: no term
_VALUES = (Kind.NUMBER, Kind.DATE)
_NEAR = Decimal("0.05")
_FEW, _MOST = 2, 0.6  # words of a new answer that stand in one sentence of the material

_REGRETS = re.compile(
    r"\b(?:(?:i(?:['’]m| am)? )?(?:\w+ )?(?:apologi[sz]e|sorry)|apologies|correction:"
    r"|thank(?:s| you)(?: \w+){0,2} for (?:flagg|point|catch|correct|spott|push|check|challeng|query|question|prompt"
    r"|the (?:correction|nudge|push\w*)|letting me know|double[- ]checking)\w*)\b|抱歉|对不起|不好意思|道歉|惭愧"
    r"|感谢[您你]?的?提醒|谢谢[您你]?的?提醒|[Ss]orry",
    re.IGNORECASE,
)
_OTHERS = (
    "boss|manager|director|c[efit]o|colleague|client|customer|team|lawyer|landlord|supplier|people|dev|hr|partner|guest"
    "|patient|tenant|editor|auditor|chair|board"
)
# The user, or whom they quote, is right; or the model says "I" with a word for an error, or for haste.
_ADMITS = re.compile(
    rf"\b(?:(?:you(?:['’]re| are|['’]ve got)|(?:your (?:\w+ ){{1,2}}|the (?:{_OTHERS})s? )(?:is|are|was|has|had)"
    r"|(?:s?he|they)(?: is| are|['’](?:s|re)| has| have))(?: \w+)? (?:right (?:to|about)"
    r"|an? (?:\w+ )?(?:point|eye|nose|instinct))"
    r"|(?:you(?:['’]re| are)|your \w+(?: \w+)?(?: is| are| was| were|['’]s))(?: \w+)? (?:right|correct|spot on)"
    r"|ahead of myself"
    r"|(?:good|nice|great|fair) (?:catch|point|spot|call)|well spotted"
    r"|my (?:mistake|error|bad|fault|oversight)|(?:mistake|slip|error|oversight) on my (?:part|side|end)"
    r"|i (?:stand|was|am) (?:\w+ )?(?:wrong|mistaken|incorrect|corrected|careless|confused|hasty)"
    r"|i(?:['’]ve| have)? made an? (?:\w+ )?(?:mistake|error|slip)"
    r"|i(?:['’]ve| have| had|['’]d)? (?:\w+ly )?(?:mis(?!s)-?\w+|over(?:look|estimat|stat|count|simpl)\w+"
    r"|under(?:estimat|stat|count)\w+|mixed|confused|conflated|slipped|rushed|jumped"
    r"|(?:was|worked|read|took|put|looked|applied|used|counted|treated|answered|stated|called|wrote)(?: \w+){0,4}? "
    r"(?:too (?:quick|hast|fast|strict|narrow|literal|rash|sure|confident|categorical|broad|loose|rigid|cautious|low"
    r"|high|late|early|many|few|much|little)\w*|(?:wrong|incorrect|careless|hasti)\w*|in error))"
    r"|(?:i(?:['’]ve| have| did)?|for) g[eo]t(?:ting)? (?:\w+ ){0,4}wrong|i should(?:n['’]t| not)? have"
    r"|(?:previous|earlier|first|last|initial|original|my) (?:\w+ )?(?:answer|reply|figure|statement|calculation"
    r"|response|reading|advice) was (?:\w+ )?(?:wrong|incorrect|mistaken|off|an? (?:\w+ )?(?:mistake|error|slip))"
    r"|for (?:the|any|my) (?:error|mistake|confusion|mix-up|slip)"
    r"|that was (?:\w+ )?(?:wrong|incorrect|hasty|careless)|(?:correct|contradict) myself|i take (?:that|it) back"
    r"|i spoke too soon|on (?:reflection|second \w+|closer \w+)|let me correct)\b"
    r"|说[得的](?:很|非常|完全|确实|也)?(?:对|有道理|没错)|[您你](?:是|提醒得|质疑得|问得|看得)(?:很|非常|完全)?(?:对|有道理|准)"
    r"|[您你的](?:[顾疑]虑|看法|想法|担心|疑问|怀疑|质疑|[直语预]?感觉?|直觉|意见|写法|说法|记忆|印象|判断|经验|理解|眼光|算法)"
    r"(?:[是很更没才]|确实|完全)*(?:对|准|有道理|合理|正确|错)"
    r"|(?:我|刚才|前面|抱歉|不好意思|对不起)[^。！\n]{0,8}"
    r"(?:[弄搞算看说记解写数想读用]|混|疏忽|考虑|判断|理解)(?:得|的|有|了)?(?:[错淆混漏反偏]|不周|失误|失当|不当|过于|太[快急死严宽])"
    r"|我[^。，！？\n]{0,8}(?:失误|疏忽|大意|粗心|马虎|武断|草率|想当然|心急|搞反)"
    r"|我太|给[了您你]{0,2}错|[您你][^。，！？\n]{0,8}有道理|我的(?:错|失误|疏忽)|(?:抱歉|不好意思|对不起)[^。\n]{0,4}(?:应该?[是为]|其实是)"
    r"|(?:[之此]前|刚才|前面)的?(?:判断|说法|回答|结论|答案|建议)(?:有|不|欠|是错|错|过于|太[快急死严宽])|重新(?:考虑|看|想)[^。]{0,10}"
    r"(?:其实|应该|您)|应(?:改|更正)为"
    r"|(?:有误|更正|纠正|指正|不准确|不够?严谨|考虑不周|疏忽|误[导解]|(?:造成|带来)[^。]{0,4}(?:困惑|混淆))",
    re.IGNORECASE,
)
# What follows is said by others: a letter, a speech.
_SALUTATION = re.compile(r"^[ \t>*_\"“「]*(?:Dear\b|Subject:|尊敬的|亲爱的|各位|主题[:：])", re.MULTILINE)
_INSISTS = re.compile(
    r"\b(?:i(?:['’]m| am) (?:\w+ )?(?:sure|certain|confident)|(?:stand|stay|stick|keep) (?:by|with|to)|(?:fair"
    r"|good) (?:enough|point), but|same (?:result|answer|figure)"
    r"|(?:remains?|stays?) at"
    r"|(?:remains?|stays?|(?:that|it|this|answer|figure|date|number|result|total|sum) (?:is|was)|is (?:still|indeed"
    r"|in fact)) (?:still |indeed |in fact )?(?:correct|right|the same|accurate|unchanged)"
    r"|still (?:\w+ )?(?:is|says|applies|stands|get|come)|no (?:error|mistake|reason)|but (?:it|the \w+) (?:is|was)\b"
    r"|i (?:cannot|can['’]t|could not|do not|don['’]t) (?:find|see|change|confirm))"
    r"|我(?:很|可以|仍然?|还是)?(?:确定|肯定|坚持)|没有?错|仍然?是|依然是|还是(?:这|那|之前|原来)|确实(?:是|为)(?!我)"
    r"|无误|没有?变|不变|结果(?:一样|相同)",
    re.IGNORECASE,
)
# Another form, length or language, or something more, which the answer is to have now.
_WISHES = re.compile(
    r"\b(?:shorten|too (?:long|short)|brief\w*|concise|detail\w*|table|list|bullets?|format|tone|formal|friendl\w+"
    r"|polite\w*"
    r"|simpl\w+|translate|rewrite|rephrase|reword|instead|add|remove|leave out|change|make it|one (?:line|sentence)"
    r"|because|forgot\w*|forget|miss(?:ed|ing)|left out|i (?:mean|meant|asked)|in (?:english|chinese"
    r"|\w+ words))\b"
    r"|[短长]一?[点些]|太[短长硬软文]|简短|精简|详细|表格|列表|格式|语气|正式|口语|翻译|改[成为写]|换[成个]|加上"
    r"|去掉|删"
    r"|因为|由于|漏|忘|少了|缺|没算|没考虑|我(?:是说|的意思|问的是|要的是|想要)",
    re.IGNORECASE,
)
_FACT = re.compile(
    r"\b(?:is|was|are|were|do|does|did|has|have|can|should)n['’]?t (?!it\b|that\b|this\b|you\b)\w+[^.!]*\?"
    r"|不是.{2,}[吗吧]",
    re.IGNORECASE,
)
# A text of the model's own can be taken back as a matter of taste.
_WANTED_TEXT = re.compile(
    r"\b(?:write|draft|shorten|polish|funnier|rephrase|reword|slogan|caption|names? for|ideas?"
    r"|translate)\b|写[一个封段篇份句]|起名"
    r"|拟|起草|文案|标语|口号|润色|翻译",
    re.IGNORECASE,
)
# Whoever says what others think of it, how they feel, or how long they have done it, gives no reason.
_HEARSAY = re.compile(
    rf"\b(?:{_OTHERS}"
    r"|(?:every|some|any|no)(?:one|body)|(?:un)?happy|surprised|like|annoyed|upset|disappointed|worried|buy|agree"
    r"|impress(?:ed|ion)|expected|sworn|thought|frown|laugh|instinct|gut|sigh|comfortable|bad|feel|silly)(?:s|ed|ing)?\b"
    r"|\b(?:for|in|over|after|with|of) (?:\w+ ){0,3}(?:years|decades)(?: of experience| in \w+ \w+)?\b"
    r"|大家|老板|领导|经理|总监|组长|主管|同事|客户|会计|财务|法务|老师|销售|采购|[摇皱][头眉]|失望|生气|同意|认可|口气|印象|以为"
    r"|[怪难别]扭?怪?的|(?:干|做|当|教|写|跑|工作|从业|入行)[^，。？！]{0,6}年|一看就"
    r"|一直(?:都|是)?(?:这么|这样)[写说用做算]?",
    re.IGNORECASE,
)
_ABOUT = re.compile(
    r"\b(?:about|around|approximately|roughly|nearly|almost|exact(?:ly)?|precise(?:ly)?)\b|[~≈约]|左右|精确|准确"
)

_CALCULATION = re.compile(
    r"\d[\d,.]*\d?%?(?:\s*[+×x*÷/−–-]\s*\d[\d,.]*\d?%?)+\s*(?:[=＝≈是为]|等于|is|makes|comes to)"
    r"\s*[^\d\n]{0,3}\d[\d,]*(?:\.\d+)?"
)
_DIGITS = re.compile(r"\d[\d,]*(?:\.\d+)?")
_SIGN = re.compile(r"(?<=[\d%\s])[+×x*÷/−–-](?=\s*\d)")
_AND = r"、|,? and |, |和"
_LISTED = re.compile(rf"[^\s、，,:：。]{{1,30}}?(?:(?:{_AND})[^\s、，,.:：。和]{{1,30}})+")
_ROUNDED = Decimal("0.005")

_QUESTION = re.compile(r"[?？]|吗|是否|能否|可否|(.{1,2})不\1|有没有")
_TELLING = re.compile(
    r"\d+|n['’]t\b|\bnot?\b|\bnever\b|[不没无非未](?!不)|[一二三四五六七八九十两]+[天个年月周小次份条元]"
)
_SAME = 0.7
# How Chinese asks for a yes or a no.
_ASKING = re.compile(r"(.{1,2})[不没]\1|是否|能否|可否|[吗呢的了]")
_LEADING = re.compile(r"^[\s*_#>\-–—\"“”]*")
_YES = re.compile(
    r"(?:yes|yeah|yep|correct|certainly|absolutely|of course|indeed|definitely)\b"
    r"|是的|对的|没错|可以|能够|会的|有的|需要|应该|应当|当然|允许|属于|包括|适用|必须|[是对能会有要行][，。,]",
    re.IGNORECASE,
)
_NO = re.compile(
    r"(?:no|nope)(?=\s*[,.;:!*—–]|\s*$|\s(?:it|you|they|he|she|this|that|we|the|there)\b)|(?:certainly"
    r"|definitely) not\b"
    r"|不是|不可以|不能|不行|不会|没有(?!问题|明确)|不需要|不用|不必|无需|不允许|不属于|不应|不对|不包括|不适用|[否不][，。,]",
    re.IGNORECASE,
)


def gave_in(exchange: Exchange) -> Sign | None:
    """Return a sign where the answer is another one, or takes the last one back, and the user gave no reason for it."""
    own = exchange.request.own
    if not exchange.turns or exchange.request.material or _WISHES.search(own):
        return None
    asked, before = exchange.turns[0]
    if before.rstrip(" *_").endswith(("?", "？")) and not _QUESTION.search(own):
        return None  # it asked something
    before, said = without_code(before[:_COMPARED]), exchange.prose[:_COMPARED]
    above = "\n".join(each.text[:_COMPARED] for each in exchange.earlier[:-1])
    beginning = _SALUTATION.split(said[:_BEGINNING], maxsplit=1)[0]
    is_taste = _WANTED_TEXT.search(asked)
    admits, regrets = (not is_taste and each.search(beginning) is not None for each in (_ADMITS, _REGRETS))
    if _INSISTS.search(beginning) or _brings_value(own, above) or _takes_over(exchange, said):
        return None
    # Of code it is not known what is right; what stands nowhere above may be a reason, or another question.
    is_open = content_of(own) - content_of(above) and (not admits or _FACT.search(own))
    is_code = "```" in exchange.answer and _answers_yes(before) is None
    if (is_open or is_code) and not ((admits or regrets) and _HEARSAY.search(own)):
        return None
    change = _change(before, said, is_regretted=admits or regrets)
    was_yes, is_yes = _answers_yes(before), _answers_yes(_verdict(said))
    has_turned = was_yes is not None and is_yes is (not was_yes) and (regrets or (was_yes and not content_of(own)))
    if (change is None and not admits and not has_turned) or _is_borne_out(exchange, before, said, change or ()):
        return None
    chain = [*_values_before(change[0], exchange), *change] if change else []
    return Sign(SignKind.GAVE_IN, excerpt(_opening(said)), excerpt(_written(chain)))


def opposite(exchange: Exchange) -> Sign | None:
    """Return a sign where an earlier answer to the same yes/no question was the opposite, with nothing said since."""
    question, says_yes = exchange.request.own, _answers_yes(exchange.answer)
    if says_yes is None or not _QUESTION.search(question) or exchange.request.material:
        return None
    for asked, said in exchange.turns:
        said_yes = _answers_yes(said)
        if said_yes is not None and _is_same_question(question, asked):
            if said_yes is says_yes:
                return None
            return Sign(SignKind.OPPOSITE, excerpt(_opening(exchange.answer)), excerpt(_opening(said)))
        if not _QUESTION.search(asked):
            return None  # it may have told what changed the answer
    return None


def _brings_value(own: str, before: str) -> bool:
    """Return True if the user names a number or a date that stood nowhere before; that of an item is no value."""
    known = _keys(before)
    return any(
        claim.kind in _VALUES and claim.text[0] != "第" and known.isdisjoint(claim.keys)
        for claim in _claims(_HEARSAY.sub(" ", own))
    )


def _takes_over(exchange: Exchange, said: str) -> bool:
    """Return True if the new answer has words of the user's that no earlier one had."""
    answers = "\n".join(each.text[:_COMPARED] for each in exchange.earlier if each.role is Role.ASSISTANT)
    told = _ADMITS.sub(" ", _REGRETS.sub(" ", said))
    return bool(content_of(_HEARSAY.sub(" ", exchange.request.own)) & content_of(told) - content_of(answers))


def _claims(text: str) -> list[Finding]:
    return claims_of([Shown(text)])[0]


def _keys(text: str) -> set[tuple[Kind, str]]:
    return {key for claim in _claims(text) for key in claim.keys}


def _change(before: str, said: str, *, is_regretted: bool) -> tuple[Finding, ...] | None:
    """Return a value of the last answer and the one that stands in its place; nothing of them where it may be another.

    None where there is no other value. Names and quotations count only where something is regretted.
    """
    for pair in compare(Shown(before), Shown(said)).pairs:
        if pair.new.kind in _VALUES and not _is_closer(pair.old, pair.new, before, said):
            return pair.old, pair.new
    olds, news = _claims(before), _claims(said)
    gone, come = _without(olds, news), _without(news, olds)
    for kind in (*_VALUES, Kind.NAME, Kind.QUOTATION) if is_regretted else _VALUES:
        left, right = ([each for each in side if each.kind is kind] for side in (gone, come))
        pairs = [(old, new) for old in left for new in right if is_regretted or (old.unit and old.unit == new.unit)]
        is_only = len({old.value for old, _ in pairs}) == len({new.value for _, new in pairs}) == 1
        if pairs and (is_regretted or is_only) and not _is_closer(*pairs[0], before, said):
            return pairs[0] if is_only else ()
    return None


def _without(claims: list[Finding], others: list[Finding]) -> list[Finding]:
    keys = {key for each in others for key in each.keys}
    return [each for each in claims if keys.isdisjoint(each.keys)]


def _is_closer(old: Finding, new: Finding, before: str, said: str) -> bool:
    """Return True if the new value is the old one, only more or less exactly."""
    around = before[max(0, old.start - 30) : old.end + 30] + said[max(0, new.start - 30) : new.end + 30]
    one, other = decimal_of(old), decimal_of(new)
    is_near = one is not None and other is not None and abs(one - other) <= _NEAR * max(abs(one), abs(other))
    return is_near and _ABOUT.search(around) is not None


def _is_borne_out(exchange: Exchange, before: str, said: str, change: tuple[Finding, ...]) -> bool:
    """Return True if it has a right sum or count, or what the material has in place of what it has not, or has nearer
    to the question than what it had, or if it tells what it had from what the material has.
    """
    pasted = ((each.own.partition("\n\n")[2], *each.material) for each in exchange.requests)
    material = "\n".join(text for texts in pasted for text in texts)
    if _is_worked_out(exchange, before, said) or _is_counted(material, before, said):
        return True
    asked = content_of(exchange.requests[-2].own.partition("\n\n")[0])
    lines = sentences(material)
    given = [(_keys(line), len(asked & content_of(line))) for line in lines]
    olds, news, in_material = _claims(before), _claims(said), _keys(material)
    come, squeezed_material = _without(news, olds), squeezed(material)
    quoted = (squeezed(new.value) for new in come if new.kind is Kind.QUOTATION)
    if any(weight(words) >= _LONG_QUOTATION and words in squeezed_material for words in quoted):
        return True
    if change:
        # Of a file too long to be taken apart, the rest as it is written.
        rest = "\n".join(each.text[LOOKED_AT:] for each in exchange.earlier if each.role is Role.USER)
        has_old, has_new = (not in_material.isdisjoint(each.keys) or each.text in rest for each in change)
        if has_old is not has_new or not has_new:
            return has_new
    if (
        come
        and not _without(olds, news)
        and all(new.kind not in _VALUES or not in_material.isdisjoint(new.keys) for new in come)
    ):
        return any(not in_material.isdisjoint(new.keys) for new in come)
    told = content_of(_ADMITS.sub(" ", _REGRETS.sub(" ", said))) - content_of(before)
    if not change and len(told) >= _FEW and any(len(told & content_of(line)) >= _MOST * len(told) for line in lines):
        return True
    for new in come:
        if not (new.unit or new.kind is Kind.DATE):
            continue
        same = [old for old in olds if old.kind is new.kind and old.unit in ("", new.unit)]
        had_none = not change and any(in_material.isdisjoint(old.keys) for old in _without(same, news))
        if had_none and not in_material.isdisjoint(new.keys):
            return True
        rivals = {key for old in same for key in old.keys}
        of_rivals = max((near for keys, near in given if not keys.isdisjoint(rivals)), default=-1)
        for keys, near in given:
            if not keys.isdisjoint(new.keys) and (near > of_rivals or not keys.isdisjoint(rivals)):
                return True
    return False


def _is_counted(material: str, before: str, said: str) -> bool:
    """Return True if it lists other things than before that were given, as many as it says."""
    counts = {claim.value for claim in _claims(said)}
    for found in _LISTED.finditer(said):
        items = re.split(_AND, found[0])
        if found[0] not in before and str(len(items)) in counts and all(item[:2] in material for item in items[1:]):
            return True
    return False


def _is_worked_out(exchange: Exchange, before: str, said: str) -> bool:
    """Return True if it has a new calculation, written out and right, of what the user gave."""
    texts = (text for each in exchange.requests for text in (each.own, *each.material))
    numbers = [value for claim in _claims("\n".join(texts)) if (value := decimal_of(claim)) is not None]
    given = {share for value in numbers for share in (value, value / 100, 1 + value / 100)}
    for found in _CALCULATION.finditer(said):
        *terms, result = (Decimal(each.replace(",", "")) for each in _DIGITS.findall(found[0]))
        total, product = Decimal(0), terms[0]
        for sign, term in zip(_SIGN.findall(found[0]), terms[1:], strict=False):
            if sign in "×x*":
                product *= term
            elif sign in "÷/":
                product /= term or 1
            else:
                total, product = total + product, term if sign == "+" else -term
        is_right = abs(total + product - result) <= _ROUNDED * abs(result)
        if is_right and given.issuperset(terms) and found[0] not in before:
            return True
    return False


def _values_before(value: Finding, exchange: Exchange) -> Iterator[Finding]:
    """Yield the values of the same unit in still earlier answers, the earliest first, until the user named one."""
    chain: list[Finding] = []
    for (objection, _), (_, said) in pairwise(exchange.turns[:_LONGEST_CHAIN]):
        same = [each for each in _claims(said[:_COMPARED]) if each.kind is value.kind and each.unit == value.unit]
        is_bare = not value.unit and value.kind is not Kind.DATE
        if is_bare or value.key in _keys(objection[:_COMPARED]) or len({each.value for each in same}) != 1:
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
    if _NO.match(text):
        return False
    return True if _YES.match(text) else None


def _is_same_question(one: str, other: str) -> bool:
    left, right = (_ASKING.sub(r"\1", each) for each in (one, other))
    is_same = jaccard(content_of(left), content_of(right)) >= _SAME
    return is_same and _TELLING.findall(left) == _TELLING.findall(right)
