"""Personal data in a text: addresses, numbers, names with a title. Found by rules, for English and Chinese.

The rules miss much (names without a title, streets) and are meant to remind, not to guarantee anything.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from desktop.core.prompts.prompt import Language, Wording
from desktop.core.text.scripts import NO_PEOPLE, SURNAMES


class PersonalKind(StrEnum):
    """Kind of personal data."""

    MAIL = "mail"
    ACCOUNT = "account"
    CARD = "card"
    IDENTITY = "identity"
    PHONE = "phone"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Found:
    """Stretch of a text, `start` to `end`, that is personal data."""

    kind: PersonalKind
    text: str
    start: int
    end: int


_MASKS = {
    PersonalKind.MAIL: Wording("MAIL", "邮箱"),
    PersonalKind.ACCOUNT: Wording("ACCOUNT", "账号"),
    PersonalKind.CARD: Wording("CARD", "卡号"),
    PersonalKind.IDENTITY: Wording("ID", "证件号"),
    PersonalKind.PHONE: Wording("PHONE", "电话"),
    PersonalKind.PERSON: Wording("PERSON", "某人"),
}


def _digits(text: str) -> list[int]:
    return [int(character) for character in text if character.isdecimal()]


def _is_account(text: str) -> bool:
    """Return True if the check digits of an IBAN are right (ISO 13616)."""
    bare = text.replace(" ", "")
    return len(bare) >= 15 and int("".join(str(int(each, 36)) for each in bare[4:] + bare[:4])) % 97 == 1


def _is_card(text: str) -> bool:
    """Return True if the check digit of a payment card is right (ISO/IEC 7812)."""
    digits = _digits(text)
    doubled = (sum(divmod(2 * each, 10)) for each in digits[-2::-2])
    return 13 <= len(digits) <= 19 and len(set(digits)) > 1 and (sum(doubled) + sum(digits[-1::-2])) % 10 == 0


def _is_identity(text: str) -> bool:
    """Return True if the check character of a Chinese identity number is right (GB 11643)."""
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(weight * digit for weight, digit in zip(weights, _digits(text[:17]), strict=True))
    return "10X98765432"[total % 11] == text[17].upper()


_DATE = re.compile(r"\d{1,4}[-./ ]\d{1,2}[-./ ]\d{1,4}")


def _is_phone(text: str) -> bool:
    return 7 <= len(_digits(text)) <= 15 and not _DATE.fullmatch(text.strip())


def _is_anything(_text: str) -> bool:
    return True


_ENGLISH_TITLES = ("Mr", "Ms", "Dr", "Prof", "Miss", "Herr", "Frau", "Madame", "Monsieur")
_CHINESE_TITLES = (
    *("先生", "女士", "小姐", "太太", "老师", "教授", "博士", "律师", "医生"),
    *("经理", "总监", "主任", "主管", "科长", "处长", "局长"),
)
# The first that fits a stretch is taken. A run of letters or digits is looked at once, from its beginning.
_PATTERNS: tuple[tuple[PersonalKind, re.Pattern[str], Callable[[str], bool]], ...] = (
    (
        PersonalKind.MAIL,
        re.compile(r"(?<![\w.+-])[A-Za-z0-9_][\w.+-]{0,63}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,5}", re.ASCII),
        _is_anything,
    ),
    (
        PersonalKind.ACCOUNT,
        re.compile(r"(?<![A-Za-z0-9])[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?(?![A-Za-z0-9])", re.ASCII),
        _is_account,
    ),
    (PersonalKind.IDENTITY, re.compile(r"(?<![A-Za-z0-9])\d{17}[\dXx](?![A-Za-z0-9])", re.ASCII), _is_identity),
    (PersonalKind.CARD, re.compile(r"(?<![\w.-])\d(?:[ -]?\d){12,18}(?![\w-])", re.ASCII), _is_card),
    (
        PersonalKind.PHONE,
        re.compile(
            r"(?<![\w.+])(?<!\d )(?:\+|00)[1-9][\d ()/.-]{5,18}\d(?!\w)"  # international
            r"|(?<![\w.,-])(?<!\d )0\d{1,5}[ /-]\d[\d -]{4,12}\d(?![\w.,-])"  # with the prefix of a town
            r"|(?<![\w.-])\(\d{3}\) ?\d{3}[ -]\d{4}(?!\w)|(?<![\w.-])\d{3}-\d{3}-\d{4}(?![\w-])"  # in North America
            r"|(?<![A-Za-z0-9.])1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?![A-Za-z0-9])",  # a mobile phone in China
            re.ASCII,
        ),
        _is_phone,
    ),
    (
        PersonalKind.PERSON,
        re.compile(
            r"\b(?:(?:Mr|Mrs|Ms|Dr|Prof)\.?|Miss|Herr|Frau|Madame|Monsieur) (?:(?:Dr|Prof)\. ?)?"
            r"[A-ZÀ-ÖØ-ÞŁŚŠŽ][\w'’-]{1,30}(?: [A-ZÀ-ÖØ-ÞŁŚŠŽ][\w'’-]{1,30})?"
        ),
        _is_anything,
    ),
    (
        PersonalKind.PERSON,
        re.compile(
            rf"(?!{'|'.join(NO_PEOPLE)})[{SURNAMES}][\u4e00-\u9fff]{{0,2}}?"
            f"(?:{'|'.join(_CHINESE_TITLES)})"
        ),
        _is_anything,
    ),
)


# What is in every text that has one: looked for first, since it takes a hundredth of the time.
_DIGITS = tuple("0123456789")
_SIGNS = {
    PersonalKind.MAIL: ("@",),
    PersonalKind.ACCOUNT: _DIGITS,
    PersonalKind.CARD: _DIGITS,
    PersonalKind.IDENTITY: _DIGITS,
    PersonalKind.PHONE: _DIGITS,
    PersonalKind.PERSON: (*_ENGLISH_TITLES, *_CHINESE_TITLES),
}


def find_personal(text: str) -> list[Found]:
    """Return the personal data in a text, in its order; no two overlap."""
    found: list[Found] = []
    for kind, pattern, is_one in _PATTERNS:
        if not any(sign in text for sign in _SIGNS[kind]):
            continue
        here = [Found(kind, each[0], *each.span()) for each in pattern.finditer(text) if is_one(each[0])]
        text = _without(text, here)
        found += here
    return sorted(found, key=lambda each: each.start)


def _without(text: str, stretches: list[Found]) -> str:
    """Return the text with blanks of the same length in place of the stretches."""
    pieces, at = [], 0
    for each in stretches:
        pieces += [text[at : each.start], "\0" * (each.end - each.start)]
        at = each.end
    return "".join([*pieces, text[at:]])


class Masks:
    """Marks in place of personal data: the same mark for the same words, over several texts."""

    def __init__(self, language: Language) -> None:
        self._language = language
        self._numbers: dict[tuple[PersonalKind, str], int] = {}
        self._counts: dict[PersonalKind, int] = {}

    def mask(self, text: str) -> str:
        return "".join(self._pieces(text))

    def _pieces(self, text: str) -> Iterator[str]:
        at = 0
        for found in find_personal(text):
            yield text[at : found.start]
            yield self._mark(found)
            at = found.end
        yield text[at:]

    def _mark(self, found: Found) -> str:
        key = (found.kind, found.text)
        if key not in self._numbers:
            self._counts[found.kind] = self._numbers[key] = self._counts.get(found.kind, 0) + 1
        return f"{_MASKS[found.kind].of(self._language)}-{self._numbers[key]}"
