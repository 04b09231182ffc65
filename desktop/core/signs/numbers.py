"""A sign that a reply gives another number for something than the material does.

Conservative: only where the same words stand before one number in the material, and before another one of the same
unit in the reply. What is reckoned, rounded, converted or supposed is no contradiction.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from desktop.core.claims.claim import Finding, Kind, blanked
from desktop.core.claims.dates import dates_in, may_be_same
from desktop.core.claims.numbers import single_numbers_in
from desktop.core.sign import Sign, SignKind, excerpt
from desktop.core.signs.exchange import Exchange
from desktop.core.text.late_regex import late_regex
from desktop.core.text.plain_compare import squeezed, words_of
from desktop.core.text.scripts import count_han

_MOST_LINES = 4_000  # of a text, that are looked at
_LEAST_STATEMENT = 6  # characters
_BEFORE = 40  # characters before a statement that may say how its number came about
_WORTH_ROUNDING = 20  # below, a number is as short as it gets
_LONGEST_VALUE = 48  # characters behind a label in which its number stands
_PLAIN = late_regex(r"-?\d+(?:\.\d+)?")  # neither 3.2.1, a version, nor 14:30, a time

# Between two statements; labels also stand one behind the other in a line: "Rent: 900 EUR. Deposit: 1,800 EUR."
_BETWEEN = late_regex(r"[\n。；;]|(?<=[\w)]{2})\. (?=[A-Z])")
# "Label: 30 days", "- **Label**：30 天", "| Label | 30 days |"
_LABELLED = late_regex(
    r"^[\s>*•·+-]*(?:\d{1,2}[.)、]\s*)?(?P<label>[^:：=|\d][^:：=|，,!?\n]{0,38}?)[*_\s]*[:：=]\s*(?P<value>.+)$"
)
_CELLS = late_regex(r"^\s*\|\s*(?P<label>[^|\d][^|\n]{0,38}?)\s*\|\s*(?P<value>[^|\n]{1,48}?)\s*\|\s*$")
# "The notice period is 30 days", "通知期为三十天"
_STATED = late_regex(
    r"(?:\b(?:the|our|your|its|their)\s+|(?:^|(?<=[.!?]\s)))(?P<label>[a-z][a-z-]*(?: [a-z-]+){0,4}?)\s+"
    r"(?:is|was|are|were|will be|amounts? to|amounted to|comes? to|came to|has|have|totals?|"
    r"totalled|rose to|fell to|reached)\s+"
    r"(?P<value>(?:[^.;,!?\n]|[.,](?=\d)){1,48})"
    r"|(?:^|(?<=[，。；：、\s]))(?P<label_zh>[\u4e00-\u9fff]{2,10}?)(?:为|是|共计|共|达到|达|增至|降至|增长到|有)"
    r"(?P<value_zh>(?:[^。；，！？,\n]|,(?=\d)){1,24})",
    re.IGNORECASE,
)
_APPROXIMATE = late_regex(
    r"\b(?:about|around|approximately|roughly|nearly|almost|some|over|more than|up to|at least|less than|under)\b"
    r"|[~≈≥≤<>约]|大约|左右|近|超过|以上|不到|最多|至少|多",
    re.IGNORECASE,
)
_RECKONED = late_regex(
    r"→|->|=|×|÷|\+|/|\b(?:new|instead|after|before|plus|minus|per|each|incl\w*|excl\w*|net|gross|from|if|would|could|"
    r"increase\w*|decrease\w*|reduc\w+|rais\w+|discount\w*|average|revised|adjusted|forecast|estimat\w+|equals?|between|"
    r"remaining|left|difference|or|laws?|legal\w*|statutory|usual\w*|typical\w*|normal\w*|standard|minimum|maximum|"
    r"offer\w*|competitor\w*|other)\b"
    r"|新|改为|调整|含|不含|之后|之前|如果|若|平均|每|折|预计|估计|剩余|还剩|差额|法定|法律|通常|一般|标准|行业|市场|另|相当于|至|到|增加了|减少了|换算",
    re.IGNORECASE,
)
_OTHER_NUMBERS_WANTED = late_regex(
    r"\b(?:convert\w*|exchange rate|round\w*|increas\w+|rais\w+|reduc\w+|decreas\w+|discount\w*|adjust\w*|updat\w+|"
    r"chang\w+|correct\w*|doubl\w+|halv\w+|half|recalculat\w+|calculat\w+|comput\w+|estimat\w+|forecast\w*|project\w*|"
    r"scenario|assum\w+|suppos\w+|"
    r"ris(?:e|es|ing)|what if|if|would|instead|propose|suggest|negotiat\w+|counter|template|example|sample|fictional)\b"
    r"|换算|折算|四舍五入|增加|减少|上调|下调|提高|降低|打折|折扣|调整|更新|修改|改成|改为|翻倍|减半|涨|跌|计算|算一下|算出|预测|估算|如果|"
    r"假如|假设|重新|谈判|还价|建议|方案|模板|示例|例子|虚构",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Statement:
    """Statement: a label, squeezed, the value behind it, and the passage in which both stand."""

    label: str
    value: str
    passage: str
    around: str  # what stands around the number, without the label


@dataclass(frozen=True, slots=True)
class _Labelled:
    """Statement with the number that it gives."""

    label: str
    number: Finding
    passage: str
    around: str


def number_against_material(exchange: Exchange) -> Sign | None:
    """Return the first labelled number of the reply that is another one in the material."""
    if not exchange.has_material or not exchange.knows_everything:
        return None
    if _OTHER_NUMBERS_WANTED.search(exchange.request.own):
        return None
    stated = list(_statements_in(exchange.prose))
    given = _by_label(exchange, {each.label for each in stated})
    answered = [each for each in map(_labelled, stated) if each is not None] if given else []
    ambiguous = _ambiguous(answered)
    for each in answered:
        if each.label in ambiguous:
            continue  # it speaks of several things of this name
        known = given.get(each.label)
        if known and _contradicts(each, known) and not _is_said(each.number, exchange):
            return Sign(SignKind.NUMBER, excerpt(each.passage), excerpt(known[0].passage))
    return None


def _ambiguous(found: list[_Labelled]) -> set[str]:
    """Return the labels that stand before different numbers."""
    first: dict[str, Finding] = {}
    return {each.label for each in found if not _may_be_equal(first.setdefault(each.label, each.number), each.number)}


def _by_label(exchange: Exchange, labels: set[str]) -> dict[str, list[_Labelled]]:
    """Return what the material gives for these labels; numbers are dear to read, and labels are not."""
    found: dict[str, list[_Labelled]] = {}
    for request in exchange.requests if labels else ():
        for material in (*request.material, request.own):
            for each in _statements_in(material):
                if each.label in labels and (labelled := _labelled(each)) is not None:
                    found.setdefault(each.label, []).append(labelled)
    return found


def _is_said(number: Finding, exchange: Exchange) -> bool:
    """Return True if the user has named the number in their own words: it may be meant instead."""
    return any(_may_be_equal(number, said) for each in exchange.requests for said in _numbers_in(each.own[:5_000]))


def _numbers_in(text: str) -> list[Finding]:
    """Return all numbers and dates of a text, in order."""
    dates = dates_in(text)
    rest = blanked(text, [(claim.start, claim.end) for claim in dates])
    return sorted([*dates, *single_numbers_in(rest)], key=lambda claim: claim.start)


def _may_be_equal(one: Finding, other: Finding) -> bool:
    if one.kind is other.kind is Kind.DATE:
        return may_be_same(one, other)
    return not {*one.keys}.isdisjoint(other.keys)


def _contradicts(each: _Labelled, known: list[_Labelled]) -> bool:
    values = {frozenset(other.number.values) for other in known}
    if len(values) > 1 or _RECKONED.search(each.around):
        return False  # the label stands for several things, or something is done with the number
    other = known[0]
    is_alike = (other.number.kind, other.number.unit) == (each.number.kind, each.number.unit)
    if not is_alike or _may_be_equal(each.number, other.number):
        return False
    # The passage of the reply may name both, and say why.
    if any(_may_be_equal(number, other.number) for number in _numbers_in(each.passage)):
        return False
    return each.number.kind is Kind.DATE or not _is_rounded(each, other)


def _is_rounded(each: _Labelled, other: _Labelled) -> bool:
    is_approximate = any(_APPROXIMATE.search(one.around) for one in (each, other))
    slack = Decimal("0.15") if is_approximate else Decimal("0.01")
    pairs = ((Decimal(one), Decimal(two)) for one in each.number.values for two in other.number.values)
    return any(
        abs(one - two) <= slack * abs(two) and (is_approximate or abs(two) >= _WORTH_ROUNDING) for one, two in pairs
    )


def _statements_in(text: str) -> Iterator[_Statement]:
    for line in _BETWEEN.split(text, maxsplit=_MOST_LINES)[:_MOST_LINES]:
        found = _CELLS.match(line[:200]) or _LABELLED.match(line[:200])
        if found:
            yield from _statement(found["label"], found["value"], line[:200].strip(" |>-•"), found["value"])
        elif len(line) >= _LEAST_STATEMENT:
            for stated in _STATED.finditer(line[:4_000]):
                label, value = stated["label"] or stated["label_zh"], stated["value"] or stated["value_zh"]
                before = line[max(0, stated.start() - _BEFORE) : stated.start()]
                yield from _statement(label, value, stated[0], f"{before} {value}")


def _statement(label: str, value: str, passage: str, around: str) -> Iterator[_Statement]:
    name = squeezed(re.sub(r"^(?:the|our|your|an?)\s", "", label.strip(" *_").casefold()))
    if _is_label(label, name):
        yield _Statement(name, value, passage, around)


def _labelled(each: _Statement) -> _Labelled | None:
    """Return the number, where there is one alone, at the beginning of the value but for a currency or "about"."""
    value = re.split(r"[，]|,(?!\d)|\. |\(|（", each.value.strip(" *_`").rstrip(".。"))[0][:_LONGEST_VALUE]
    numbers = _numbers_in(value)
    if len(numbers) != 1 or not _is_comparable(numbers[0]):
        return None
    before = _APPROXIMATE.sub("", value[: numbers[0].start]).strip(" :：*为是")
    if len(before) > 3:
        return None
    return _Labelled(each.label, numbers[0], re.sub(r"\*\*|__", "", each.passage).strip(), each.around)


def _is_comparable(claim: Finding) -> bool:
    """Return True for a day or a number, not a time or a version, which are written in too many ways."""
    return ":" not in claim.value if claim.kind is Kind.DATE else bool(_PLAIN.fullmatch(claim.value))


def _is_label(label: str, name: str) -> bool:
    return (len(words_of(label)) >= 1 and len(name) >= 3 and name.isascii()) or count_han(label) >= 2
