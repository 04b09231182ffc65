"""Signs that an answer is not what it was before, and nothing but the user's doubt stands between the two.

It is the answer that is looked at: it admits a fault, or has another value for what it said. In which words the user
doubted does not matter, as long as they bring no value, name or reason that the new answer takes over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from itertools import pairwise
from typing import Final

from desktop.core.claims.claim import Finding, Kind, Shown
from desktop.core.claims.differences import compare
from desktop.core.claims.finding import claims_of
from desktop.core.claims.numbers import decimal_of
from desktop.core.message import Role, Sign, SignKind, excerpt
from desktop.core.resources import resource_path
from desktop.core.signs.exchange import LOOKED_AT, Exchange
from desktop.core.text.markdown import without_code
from desktop.core.text.scripts import is_chinese, jaccard, sentences, squeezed, weight
from desktop.core.text.terms import subject_of
from desktop.core.text.weights import LearnedWeights, chinese_features, english_features

_TAKES_BACK, _SAYS_MORE = JUDGEMENTS = "takes_back", "says_more"
FEATURES: Final = {"en": english_features, "zh": chinese_features}
_LOOKED_AT: Final = 300  # characters


def _takes_back(sentence: str) -> float:
    """Return how likely a sentence admits a fault, or says that the user, or whom they quote, is right."""
    return _likelihood(_TAKES_BACK, sentence)


def _says_more(message: str) -> float:
    """Return how likely a message of the user's says more than that they, or others, doubt the answer."""
    return _likelihood(_SAYS_MORE, message)


def _likelihood(of: str, text: str) -> float:
    language = "zh" if is_chinese(text) else "en"
    return _weights(of, language).likelihood(FEATURES[language](text[:_LOOKED_AT]))


@cache
def _weights(of: str, language: str) -> LearnedWeights:
    return LearnedWeights.from_bytes(resource_path("signs", f"{language}_{of}.weights").read_bytes())


_LIKELY = 0.4  # that a sentence takes back what was said
_SAYS_LITTLE, _SAYS_NOTHING = 0.6, 0.3  # how likely a message says more: where the answer regrets, or not
_DOUBTS = 0.2  # of less it is sure: it brings no value, whatever it has
_COMPARED = 8_000  # characters of an answer: more of them share their numbers by chance
_BEGINNING = 500  # where an answer admits something
_LONGEST_CHAIN = 3  # answers
_LONG_QUOTATION = 16  # letters: no term
_VALUES = (Kind.NUMBER, Kind.DATE)
_FEW, _MOST = 2, 0.6  # words of a new answer that stand in one sentence of the material

_CALCULATION = re.compile(
    r"\d[\d,.]*\d?%?(?:\s*[+×x*÷/−–-]\s*\d[\d,.]*\d?%?)+\s*(?:[=＝≈是为]|等于|is|makes|comes to)"
    r"\s*[^\d\n]{0,3}\d[\d,]*(?:\.\d+)?"
)
_DIGITS = re.compile(r"\d[\d,]*(?:\.\d+)?")
_SIGN = re.compile(r"(?<=[\d%\s])[+×x*÷/−–-](?=\s*\d)")
_AND = r"、|,? and |, |和"
_LISTED = re.compile(rf"[^\s、，,:：。]{{1,30}}?(?:(?:{_AND})[^\s、，,.:：。和]{{1,30}})+")
_ROUNDED = Decimal("0.005")

_CLAUSE = re.compile(r"[^.!?,;:。！？，；：\n–—]*(?:[.!?,;:。！？，；：\n–—]+(?:\s+|(?!\d))|[.,:]|\Z)")

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
    if not exchange.turns or exchange.request.material:
        return None
    _, before = exchange.turns[0]
    if before.rstrip(" *_").endswith(("?", "？")) and not _QUESTION.search(own):
        return None  # it asked something
    before, said = without_code(before[:_COMPARED]), exchange.prose[:_COMPARED]
    above = "\n".join(each.text[:_COMPARED] for each in exchange.earlier[:-1])
    regrets, rest = _divided(said)
    admits = bool(regrets)
    # Of code it is not known what is right.
    is_code = "```" in exchange.answer and _answers_yes(before) is None
    more = _says_more(own)
    if is_code or more > (_SAYS_LITTLE if admits else _SAYS_NOTHING):
        return None
    if _brings_value(own, above, said, is_sure=more <= _DOUBTS) or (more > _DOUBTS and _takes_over(exchange, said)):
        return None
    change = _change(before, said, is_regretted=admits)
    was_yes, is_yes = _answers_yes(before), _answers_yes(rest)
    if is_yes and was_yes is not False and not admits:
        return None  # it keeps to what it said
    has_turned = was_yes is not None and is_yes is (not was_yes) and (admits or (was_yes and more <= _DOUBTS))
    if (change is None and not admits and not has_turned) or _is_borne_out(exchange, before, said, rest, change or ()):
        return None
    chain = [*_values_before(change[0], exchange), *change] if change else []
    return Sign(SignKind.GAVE_IN, excerpt(regrets[0] if regrets else rest), excerpt(_written(chain)))


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
            return Sign(SignKind.OPPOSITE, excerpt(exchange.answer), excerpt(said))
        if not _QUESTION.search(asked):
            return None  # it may have told what changed the answer
    return None


def _brings_value(own: str, above: str, said: str, *, is_sure: bool) -> bool:
    """Return True if the user names a number or a date that stood nowhere before; that of an item is no value.

    `is_sure`: that they only doubt; then it has to stand in the new answer, too.
    """
    known, now = _keys(above), _keys(said)
    return any(
        claim.kind in _VALUES
        and claim.text[0] != "第"
        and known.isdisjoint(claim.keys)
        and not (is_sure and now.isdisjoint(claim.keys))
        for claim in _claims(own)
    )


def _divided(said: str) -> tuple[list[str], str]:
    """Return the first sentences of an answer that take something back, and the answer without what does so."""
    beginning = said[:_BEGINNING]
    regrets = [each for each in sentences(beginning) if _takes_back(each) > _LIKELY]
    kept = "".join(each for each in _CLAUSE.findall(beginning) if _takes_back(each) <= _LIKELY)
    return regrets, f"{kept}{said[len(beginning) :]}".strip()


def _takes_over(exchange: Exchange, said: str) -> bool:
    """Return True if the new answer has words of the user's that no earlier one had."""
    answers = "\n".join(each.text[:_COMPARED] for each in exchange.earlier if each.role is Role.ASSISTANT)
    return bool(subject_of(exchange.request.own) & subject_of(said) - subject_of(answers))


def _claims(text: str) -> list[Finding]:
    return claims_of([Shown(text)])[0]


def _keys(text: str) -> set[tuple[Kind, str]]:
    return {key for claim in _claims(text) for key in claim.keys}


def _change(before: str, said: str, *, is_regretted: bool) -> tuple[Finding, ...] | None:
    """Return a value of the last answer and the one that stands in its place; nothing of them where it may be another.

    None where there is no other value. Names and quotations count only where something is regretted.
    """
    for pair in compare(Shown(before), Shown(said)).pairs:
        if pair.new.kind in _VALUES:
            return pair.old, pair.new
    olds, news = _claims(before), _claims(said)
    gone, come = _without(olds, news), _without(news, olds)
    for kind in (*_VALUES, Kind.NAME, Kind.QUOTATION) if is_regretted else _VALUES:
        left, right = ([each for each in side if each.kind is kind] for side in (gone, come))
        pairs = [(old, new) for old in left for new in right if is_regretted or (old.unit and old.unit == new.unit)]
        is_only = len({old.value for old, _ in pairs}) == len({new.value for _, new in pairs}) == 1
        if pairs and (is_regretted or is_only):
            return pairs[0] if is_only else ()
    return None


def _without(claims: list[Finding], others: list[Finding]) -> list[Finding]:
    keys = {key for each in others for key in each.keys}
    return [each for each in claims if keys.isdisjoint(each.keys)]


def _is_borne_out(exchange: Exchange, before: str, said: str, rest: str, change: tuple[Finding, ...]) -> bool:
    """Return True if it has a right sum or count, or what the material has in place of what it has not, or has nearer
    to the question than what it had, or if it tells what it had from what the material has.
    """
    pasted = ((each.own.partition("\n\n")[2], *each.material) for each in exchange.requests)
    material = "\n".join(text for texts in pasted for text in texts)
    if _is_worked_out(exchange, before, said) or _is_counted(material, before, said):
        return True
    asked = subject_of(exchange.requests[-2].own.partition("\n\n")[0])
    lines = sentences(material)
    given = [(_keys(line), len(asked & subject_of(line))) for line in lines]
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
    told = subject_of(rest) - subject_of(before)
    if not change and len(told) >= _FEW and any(len(told & subject_of(line)) >= _MOST * len(told) for line in lines):
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


def _answers_yes(answer: str) -> bool | None:
    """Return True if an answer begins with a yes, False if with a no; None where it does neither."""
    text = _LEADING.sub("", answer[:300])
    if _NO.match(text):
        return False
    return True if _YES.match(text) else None


def _is_same_question(one: str, other: str) -> bool:
    left, right = (_ASKING.sub(r"\1", each) for each in (one, other))
    is_same = jaccard(subject_of(left), subject_of(right)) >= _SAME
    return is_same and _TELLING.findall(left) == _TELLING.findall(right)
