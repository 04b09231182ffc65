"""Keys of the figures of a text: the digits that remain of a number whatever its scale, its separators and its zeros.

They lead to the passages in which a figure may stand; that it does is found out by reading those.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from desktop.core.claims.claim import Finding, Kind
from desktop.core.claims.dates import MONTHS_BY_NAME
from desktop.core.claims.measures import other_values
from desktop.core.claims.numbers import PARTS, durations_in, numbers_in
from desktop.core.text.number_words import CHINESE_DIGITS, ENGLISH_NUMBERS, SHARES, chinese_value, english_number

_RUN = re.compile(r"\d+")
_RUNS = re.compile(r"\d+(?:[.,'’ \u00a0\u2009\u202f]\d+)*")
_MIXED = re.compile(r"(?<!\d)\d++(?:[万亿千百]\d*+)+")  # from each digit on, a long run would be gone through again
_HAN = re.compile(rf"[{''.join(CHINESE_DIGITS)}十百千万亿拾佰仟]+(?:点[{''.join(CHINESE_DIGITS)}]+)?")
_ENGLISH = re.compile(rf"\b(?:{'|'.join(ENGLISH_NUMBERS)})(?:(?:-| and | )(?:{'|'.join(ENGLISH_NUMBERS)}))*\b")
_ENGLISH_WORDS = frozenset(way for word in ENGLISH_NUMBERS for way in (word, word.capitalize(), word.upper()))
_NOON = 12
_SHARE = re.compile("|".join(SHARES))
_TIME_KEYS = {"noon": "12", "midnight": "0"}
_WORDS_OF_SHARES = frozenset(
    (
        *_TIME_KEYS,
        *[
            "quarter",
            "quarters",
            "third",
            "thirds",
            "fifth",
            "fifths",
            "tenth",
            "sixth",
            "eighth",
            "twelfth",
            "half",
            "Half",
            "ten",
            "five",
            "twenty",
        ],
    )
) | {"twice", "Twice", "dozen", "fortnight"}
_NO_DIGITS = re.compile(r"\D+")


def keys_in(text: str, words: Iterable[str]) -> set[str]:
    """Return the keys of all figures of a text; `words` are its words as they are written."""
    found: set[str] = {str(MONTHS_BY_NAME[word]) for word in words if word in MONTHS_BY_NAME}
    is_ascii = text.isascii()
    if not is_ascii:
        for sign, part in PARTS.items():
            text = text.replace(sign, f"{part}"[1:])
    runs = _RUNS.findall(text)
    for run in runs:
        if run.isdecimal():
            found.add(run.strip("0") or "0")
        else:
            found.update(map(_key, _RUN.findall(run)))
            found.add(_key(_NO_DIGITS.sub("", run)))
    if runs:
        found.update(_key(each.value) for each in durations_in(text))
    if runs and not is_ascii:
        found.update(_key(_NO_DIGITS.sub("", run)) for run in _MIXED.findall(text))
    if not is_ascii:
        found.update(map(_han_key, _HAN.findall(text)))
        found.discard("")
    if not _ENGLISH_WORDS.isdisjoint(words):
        found |= _english_keys(text)
    if not _WORDS_OF_SHARES.isdisjoint(words) or (not is_ascii and ("半" in text or "刻钟" in text)):
        found.update(_key(_NO_DIGITS.sub("", SHARES[each][0])) for each in _SHARE.findall(text.lower()))
        found.update(_TIME_KEYS[word] for word in words if word in _TIME_KEYS)
    if not is_ascii and ("分之" in text or "折" in text):
        found.update(_key(_NO_DIGITS.sub("", each.value)) for each in numbers_in(text) if each.unit == "%")
    return found


@lru_cache(maxsize=10_000)
def _han_key(run: str) -> str:
    head, _, decimals = run.partition("点")
    if not head:
        return ""
    return _key(f"{chinese_value(head)}{''.join(str(CHINESE_DIGITS[sign]) for sign in decimals)}")


def _english_keys(text: str) -> set[str]:
    found: set[str] = set()
    for run in _ENGLISH.findall(text.lower()):
        words = re.split(r"[- ]", run)
        at = 0
        while at < len(words):
            if words[at] == "and":
                at += 1
                continue
            value, at = english_number(words, at)
            found.add(_key(str(value)))
            found.add(_key(f"{value}5"))  # and a half
    return found


def keys_of(thing: Finding) -> Iterator[str]:
    """Yield a key for each value of a figure; passages without it need not be read."""
    for value in thing.values:
        if thing.kind is Kind.DATE:
            if ":" in value:
                yield _key(value.replace(":", "").lstrip("0"))
            if ":" in value and int(value[:2]) > _NOON:
                yield _key(str(int(value[:2]) - _NOON))
            day, month = value.rpartition("-")[2].strip("?"), value[2:4] if value[0] == "?" else value[:4]
            yield _key(value.rpartition(":")[0] or day or month)
        else:
            yield _key(_NO_DIGITS.sub("", value))
    for value in other_values(thing):
        yield _key(_NO_DIGITS.sub("", value))


def _key(digits: str) -> str:
    return digits.strip("0") or "0"
