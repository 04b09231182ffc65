"""A sign that the model gave in: the user objected without a reason, and another answer came, or it admits a fault.

Silent where the user corrected it with a fact of their own, where the new answer stands in the material and the old one
does not, and where it keeps to what it said. The values that came one after another are shown as a chain.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from desktop.core.claims.claim import Finding, Kind, Shown
from desktop.core.claims.dates import may_be_same
from desktop.core.claims.differences import compare
from desktop.core.claims.finding import claims_of
from desktop.core.message import Role
from desktop.core.sign import Sign, SignKind, excerpt
from desktop.core.signs.exchange import Exchange, Request
from desktop.core.signs.yes_no import answers_yes
from desktop.core.text.late_regex import late_regex
from desktop.core.text.markdown import without_code
from desktop.core.text.objections import is_bare_no, objects
from desktop.core.text.plain_compare import sentences, squeezed

_LONGEST_CHAIN = 8  # answers
_COMPARED = 20_000  # characters of each
_BEGINNING = 400  # characters in which a fault is admitted
_LONGEST_VALUE = 40  # characters of each value in the chain
_NEAR = Decimal("0.05")

_ADMITS = late_regex(
    r"^\W*sorry[,.!—]|\b(?:i apologi[sz]e|my apologies|i(?:['’]m| am) (?:so |very |truly )?sorry|sorry (?:about"
    r"|for) (?:that|the"
    r"|my)|my mistake|"
    r"my bad|i (?:was|stand|am) (?:wrong|mistaken|corrected|incorrect)|i (?:made|have made) (?:a|an|the) (?:mistake"
    r"|error)|"
    r"i (?:misread|misspoke|overlooked|miscalculated|miscounted|mixed up|confused)|i got (?:that|it) wrong|"
    r"you(?:['’]re| are) (?:absolutely |quite |completely |totally )?(?:right|correct)|good catch|"
    r"(?:my|the) (?:previous|earlier|last|first) (?:answer|response|statement|reply) was (?:wrong|incorrect"
    r"|inaccurate)|"
    r"thank you for (?:pointing|catching|correcting|the correction)|upon (?:review|closer)|let me correct|correction:)"
    r"|抱歉|对不起|不好意思|您说得对|你说得对|您说的对|你说的对|您是对的|你是对的|是我(?:弄|搞|记|算|说|看|理解)错"
    r"|我(?:弄|搞|记|算|说|看|理解)错|"
    r"我的(?:错|失误|疏忽)|更正|纠正|感谢(?:您|你)?的?(?:指正|纠正|提醒)|谢谢(?:您|你)?的?(?:指正|纠正|提醒)"
    r"|之前的(?:回答|说法|答案)(?:有误|不对|不准确|是错)",
    re.IGNORECASE,
)
_ADMITS_FAULT = late_regex(
    r"\b(?:my mistake|i (?:was|stand|am) (?:wrong|mistaken|corrected|incorrect)|i (?:made|have made) (?:a|an"
    r"|the) (?:mistake|error)|"
    r"i (?:misread|misspoke|overlooked|miscalculated|miscounted|mixed up)|i got (?:that|it) wrong|"
    r"you(?:['’]re| are) (?:absolutely |quite |completely |totally )?(?:right|correct)|good catch|(?:error|mistake"
    r"|incorrect\w*|wrong\w*)\b)"
    r"|您说得对|你说得对|您说的对|你说的对|您是对的|你是对的|错|失误|疏忽|有误|不准确|更正|纠正|指正",
    re.IGNORECASE,
)
_INSISTS = late_regex(
    r"\b(?:yes,? i(?:['’]m| am)(?: \w+)? (?:sure|certain|confident)|i(?:['’]m| am) (?:\w+ )?(?:sure|certain"
    r"|confident)|stand by|"
    r"(?:is|was|are|were|remains?|stays?) (?:still |indeed |in fact )?(?:correct|right|the same|accurate|true"
    r"|unchanged)|still (?:is|says|applies|stands)|"
    r"(?:there is|i see|i find) no (?:error|mistake|reason)|i (?:cannot|can['’]t|could not|do not|don['’]t) (?:find"
    r"|see|change|confirm))"
    r"|我(?:很|可以)?(?:确定|肯定|确认)|没有错|没错|仍然是|依然是|仍是|还是|确实(?:是|为)|正确的|无误|没有变|不变"
    r"|是对的",
    re.IGNORECASE,
)
_APOLOGY = late_regex(
    r"^(?:(?:i apologi[sz]e|my apologies|sorry|i(?:['’]m| am) sorry|you(?:['’]re"
    r"| are) right)[^.!,;\n]{0,40}[.!,;]\s*)+(?:but )?"
    r"|^(?:(?:非常|十分|真)?(?:抱歉|对不起|不好意思|您说得对|你说得对)[^。！，；\n]{0,12}[。！，；]\s*)+",
    re.IGNORECASE,
)
_ABOUT = late_regex(
    r"\b(?:about|around|approximately|roughly|nearly|almost|some|over|exactly|precisely|to be (?:exact|precise))\b"
    r"|[~≈约]|大约|左右|近|精确|准确地说",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Change:
    """Claims about the same thing, in an answer and in the next one."""

    old: Finding
    new: Finding


def gave_in(exchange: Exchange) -> Sign | None:
    """Return a sign where an objection without a reason has got another answer, or an admission that it was wrong."""
    answers = _answers_before(exchange)
    if not answers:
        return None
    said = _plain(exchange.prose)
    change = _change(answers[0], said)
    opening = _opening(said)
    if change is None:
        return Sign(SignKind.GAVE_IN, excerpt(opening)) if _only_admits(exchange, said, answers[0]) else None
    chain = [*_values_before(change.old, answers), change.new]
    if _is_said(change.new, exchange.requests) or (len(_distinct(chain)) < 3 and _is_read_up(change, exchange)):
        return None
    return Sign(SignKind.GAVE_IN, excerpt(opening), excerpt(_written(chain)))


def _answers_before(exchange: Exchange) -> list[str]:
    """Return the answers to which the user objected, the latest first; none where the last message is no objection."""
    earlier = exchange.earlier
    found: list[str] = []
    own = [request.own for request in exchange.requests]
    has_material = [bool(request.material) for request in exchange.requests]
    at, asked = len(earlier) - 1, len(own) - 1
    while at >= 2 and asked >= 1 and len(found) < _LONGEST_CHAIN:
        is_turn = earlier[at].role is Role.USER and earlier[at - 1].role is Role.ASSISTANT
        answer = earlier[at - 1].text[:_COMPARED]
        before = "\n".join((*own[:asked], answer))
        if not is_turn or has_material[asked] or not objects(own[asked], before):
            break
        if is_bare_no(own[asked]) and answer.rstrip(" *_").endswith(("?", "？")):
            break  # an answer to its question
        found.append(_plain(without_code(answer)))
        at, asked = at - 2, asked - 1
    return found


def _plain(text: str) -> str:
    """Return a text without the marks that stand between a number and its unit."""
    return re.sub(r"\*+|__|^#+ ", "", text[:_COMPARED], flags=re.MULTILINE)


def _opening(text: str) -> str:
    """Return the sentence that admits a fault, or the first."""
    found = sentences(text[:_BEGINNING])
    return next((each for each in found if _ADMITS.search(each)), found[0] if found else text)


def _only_admits(exchange: Exchange, said: str, before: str) -> bool:
    """Return True if it takes back what it said, without a value by which that shows."""
    beginning = said[:_BEGINNING]
    if "```" in exchange.answer or _INSISTS.search(beginning) or _quotes_material(exchange):
        return False
    yes, was_yes = answers_yes(_APOLOGY.sub("", said)), answers_yes(before)
    if _ADMITS.search(beginning) and yes is not None and was_yes is not None and yes is not was_yes:
        return True
    if not (_ADMITS.search(beginning) and _ADMITS_FAULT.search(beginning)):
        return False
    old, new = claims_of([Shown(before), Shown(said)])
    kept = {claim.key for claim in old} & {claim.key for claim in new}
    return not kept


def _quotes_material(exchange: Exchange) -> bool:
    """Return True if it gives words of the material for its change of mind."""
    material = squeezed("\n".join(text for request in exchange.requests for text in request.material))
    quoted = (claim for claim in claims_of([Shown(exchange.prose)])[0] if claim.kind is Kind.QUOTATION)
    return bool(material) and any(squeezed(claim.value) in material for claim in quoted)


def _change(before: str, said: str) -> _Change | None:
    """Return the value that is another one now, a number or a date rather than a name or a quotation."""
    differences = compare(Shown(before), Shown(said))
    beginning = said[:_BEGINNING]
    has_kept = any(claim.kind in (Kind.NUMBER, Kind.DATE) for claim in differences.both)
    if has_kept and _INSISTS.search(beginning):
        return None
    changes = [_Change(pair.old, pair.new) for pair in differences.pairs]
    values = [each for each in changes if each.new.kind in (Kind.NUMBER, Kind.DATE)]
    values = [each for each in values if not _is_closer(each, before, said)]
    if values:
        return min(values, key=lambda each: (not each.new.unit, each.new.start))
    admits = _ADMITS.search(beginning) is not None
    only = _only_ones(list(differences.only_old), list(differences.only_new), whatever=admits)
    if only is not None and not _is_closer(only, before, said):
        return only
    named = [each for each in changes if each.new.kind in (Kind.NAME, Kind.QUOTATION)]
    return named[0] if named and admits else None


def _only_ones(olds: list[Finding], news: list[Finding], *, whatever: bool) -> _Change | None:
    """Return the only value of a kind and unit that has gone, and the only one that has come.

    `whatever`: also numbers of nothing, and names, since the reply says itself that it was wrong.
    """
    kinds = [Kind.NUMBER, Kind.DATE, *((Kind.NAME, Kind.QUOTATION) if whatever else ())]
    for kind in kinds:
        gone, come = ([each for each in side if each.kind is kind and not _is_acronym(each)] for side in (olds, news))
        units = {each.unit for each in gone} & {each.unit for each in come}
        for unit in sorted(units, reverse=True):
            if not unit and kind is Kind.NUMBER and not whatever:
                continue
            left, right = ([each for each in side if each.unit == unit] for side in (gone, come))
            if len({each.value for each in left}) == len({each.value for each in right}) == 1:
                return _Change(left[0], right[0])
    return None


def _is_acronym(claim: Finding) -> bool:
    """Return True for CEO, GmbH and their like, which name no one."""
    return claim.kind is Kind.NAME and " " not in claim.text and sum(map(str.isupper, claim.text)) > 1


def _is_closer(change: _Change, before: str, said: str) -> bool:
    """Return True if the new value is the old one, only more or less exactly."""
    if change.new.kind is Kind.DATE:
        return may_be_same(change.old, change.new)
    if change.new.kind is not Kind.NUMBER:
        return False
    around = " ".join(
        text[max(0, claim.start - 30) : claim.end + 30] for claim, text in ((change.old, before), (change.new, said))
    )
    if not _ABOUT.search(around):
        return False
    try:
        old, new = Decimal(change.old.value), Decimal(change.new.value)
    except ArithmeticError:
        return False
    return abs(old - new) <= _NEAR * max(abs(old), abs(new))


def _values_before(value: Finding, answers: list[str]) -> list[Finding]:
    """Return the values that stood for the same thing in the answers, the earliest first, `value` the last."""
    chain = [value]
    for newer, older in pairwise(answers):
        found = _change(older, newer)
        if found is None or found.new.key != chain[-1].key:
            found = _change_to(chain[-1], older, newer)
        if found is None:
            break
        chain.append(found.old)
    return chain[::-1]


def _change_to(value: Finding, older: str, newer: str) -> _Change | None:
    """Return the change in which `value` came, although another one stands out more."""
    pairs = compare(Shown(older), Shown(newer)).pairs
    return next((_Change(pair.old, pair.new) for pair in pairs if pair.new.key == value.key), None)


def _is_said(value: Finding, requests: list[Request]) -> bool:
    """Return True if the user has named the value themselves."""
    return any(_has(own, value) for own in (request.own for request in requests))


def _is_read_up(change: _Change, exchange: Exchange) -> bool:
    """Return True if the new value stands in the material."""
    return any(_has(text, change.new) for request in exchange.requests for text in request.material)


def _has(text: str, value: Finding) -> bool:
    if value.kind is Kind.QUOTATION:
        return squeezed(value.value) in squeezed(text)
    (known,) = claims_of([Shown(text)])
    return any(not {*each.keys}.isdisjoint(value.keys) or _same_day(each, value) for each in known)


def _same_day(one: Finding, other: Finding) -> bool:
    return one.kind is other.kind is Kind.DATE and may_be_same(one, other)


def _distinct(chain: list[Finding]) -> set[str]:
    return {claim.value for claim in chain}


def _written(chain: list[Finding]) -> str:
    """Return the values one after another, each with its unit: 5 days → 15 days → 20 days."""
    return " → ".join(_without_repeats([_short(claim.text) for claim in chain]))


def _without_repeats(texts: list[str]) -> Iterator[str]:
    last = None
    for text in texts:
        if text != last:
            yield text
        last = text


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= _LONGEST_VALUE else f"{flat[: _LONGEST_VALUE - 1].rstrip()}…"
