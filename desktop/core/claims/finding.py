"""All that can be checked in a text, in order: in an answer, a file, a comparison alike."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal
from itertools import islice
from urllib.parse import urlsplit

from desktop.core.claims.claim import LOOKED_AT, MOST_OF_A_KIND, Finding, Kind, Shown, blanked
from desktop.core.claims.dates import dates_in
from desktop.core.claims.names import known_names, names_in
from desktop.core.claims.numbers import PLAIN, apart, decimal_sign, numbers_in, written
from desktop.core.text.number_words import CURRENCY_UNITS, UNITS
from desktop.core.text.plain_compare import squeezed
from desktop.core.text.scripts import count_han

# Numbers of invoices, telephones, accounts: digits that count nothing.
_IDENTIFIER = re.compile(
    r"(?<![A-Za-z0-9_/.-])(?<!\d,)(?:"
    r"[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?"  # IBAN
    r"|\+\d{1,3}[ -]?\(?\d{1,5}\)?(?:[ -]\d{2,8}){1,5}"  # telephones
    r"|0\d{2,4}[ /-]\d{3,8}(?:[ -]\d{2,8}){0,3}|0\d{2,5}[ /-]\d{2}(?:[ -]\d{2,4}){1,4}"
    r"|1[3-9]\d{9}|1[3-9]\d[ -]\d{4}[ -]\d{4}|[48]00[ -]\d{3}[ -]\d{4}"
    r"|[A-Z]{1,6}\d{0,4}(?:[-–/][A-Z\d]{1,8}){1,5}(?!%)"
    r"|[A-Z]{1,5} \d[\dA-Z]*(?:-[\dA-Z]+)*(?![%元万亿个人天年月件套次])"  # but no CT 320元
    r"|[A-Z]{1,4}\d{1,}[\dA-Z]*|\d{8,}(?!-\d)|\d{4}(?: \d{4}){2,4}(?: \d{1,4})?|[vV]\d+(?:\.\d+)+|\d{3}/[A-Z]{2}\d{3,}"
    r"|(?:Grade|Level|Room|Lot|Phase|Class|Zone|Tier|Stage|Category|Building|Block|Floor|Gate|Shift|Batch|Option|Line|Unit"
    r"|Lift|Bay|Hall|Workshop|Group|Type|Lane|Platform) (?:[A-Z]?\d{1,3}[A-Z]?|[A-Z])(?![-–]\w)"
    r"|\d{4}-\d{4,}(?:-\d+)*|(?!(?:0\d|1[0-2])-20[0-3])\d\d-\d{4}(?! ?[A-Za-z%°元米公千百万])"
    r"|\d{5,}-\d+|\d{2,}-0\d+(?!-\d)|\d{3}-\d{4,}"
    r")(?![A-Za-z0-9_%]|\.\d|,\d{3}(?!\d))"
)
_NO_IDENTIFIER = re.compile(
    rf"(?:{'|'.join(CURRENCY_UNITS)}|RMB|US|GB|UTC|No)[ -]?\d|Q[ -]?\d(?!\d)|[A-Z]{{1,5}} \d{{1,2}}$|\D+$"
)
# Long enough to be somebody's words; a single word between quotes is rather one that is pointed at.
_QUOTATION = re.compile(
    "“([^“”\n]{4,900})”|‘([^‘’\n]{10,600})’|„([^„“”\n]{8,600})[“”]|«([^«»\n]{8,600})»|「([^「」\n]{4,400})」|『([^『』\n]{4,400})』"
    '|(?<![\\w"])"([^"\n]{6,900})"(?![\\w"])'
)
_BESIDES = re.compile(r"[\W_]+")
_ADDRESS = re.compile(
    r"(?:https?://|www\.)[^\s<>\"'“”‘’，。；、！？（）《》\u0000]+|(?<![\w.+-])[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+",
    re.ASCII,
)
_IS_ADDRESS = re.compile(r"\S*[./@]\S*")
_UNITS = "|".join(sorted((re.escape(unit) for unit in UNITS if len(unit) > 2), key=len, reverse=True))
_BRACKETED_UNIT = re.compile(rf"[)）]\s?(?P<unit>{_UNITS})(?![a-z])", re.IGNORECASE)
_JOINED = re.compile(r"\s?(?:[-–—~～至到]|to|or|and)\s?")
# What stands in brackets behind a figure is compared with it: (1,392), (before: 6.0–6.2)
_COMPARED = re.compile(r"\s?[(（](?:(?:before|previously|last year|was):? |上年同?期?[:：为]?|(?:19|20)\d\d[:：] ?)?")
_DIGITS = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")
_SCALES = frozenset(Decimal(10) ** zeros for zeros in (3, 4, 6, 8, 9))
_JOINED_DAYS = re.compile(r"\s?(?:[-–—~～至到、,，和]|to|and|until)\s?")
_DAY_ALONE = re.compile(r"(\d\d?)(?:st|nd|rd|th)?([日号])?")
_YEAR = re.compile(r"(?:19|20)\d\d")
_FAR = 120  # characters, over which a unit is not carried on
_SPANS_OF_ONE = frozenset(("h", "week", "month", "year", "working day"))
_MOST_DAYS = 31


def claims_of(answers: list[Shown]) -> list[list[Finding]]:
    """Return the findings of each answer, with code.

    The answers are read together: what one leaves open, another may make plain.
    """
    visible = [blanked(answer.text, answer.code)[:LOOKED_AT] for answer in answers]
    decimal = decimal_sign(*visible)
    known = frozenset[str]().union(*map(known_names, visible))
    cut = [replace(answer, text=answer.text[:LOOKED_AT]) for answer in answers]
    return [
        sorted([*_code_in(answer), *findings_in(answer, decimal, known)], key=lambda each: (each.start, -each.end))
        for answer in cut
    ]


def findings_in(shown: Shown, decimal: str, known: frozenset[str], references: Iterable[Finding] = ()) -> list[Finding]:
    """Return what can be checked in an answer, in order; code is left alone."""
    visible = blanked(shown.text, shown.code)
    quoted = _quotations_in(visible)
    links = list(_links_in(shown, visible))
    # The numbers in an address are none of their own; the words that a link is written with may be.
    taken = apart(iter([*(each for each in links if _IS_ADDRESS.fullmatch(each.text)), *references]))
    rest = without(visible, taken)
    identifiers = list(identifiers_in(rest))
    rest = without(rest, identifiers)
    figures = figures_in(rest, decimal)
    names = names_in(without(rest, figures), known)
    spans = [(each.start, each.end) for each in quoted]
    names = [each for each in names if not any(start <= each.start < end for start, end in spans)]
    every = {*quoted, *links, *taken, *identifiers, *figures, *names}
    return sorted(every, key=lambda each: (each.start, -each.end))


def without(text: str, findings: Iterable[Finding]) -> str:
    """Return the text with these findings, given in order, blanked out."""
    return blanked(text, [(each.start, each.end) for each in findings])


def figures_in(text: str, decimal: str) -> list[Finding]:
    """Return the dates and numbers of a text, in order; two ends of a range are two."""
    dates = dates_in(text)
    rest = without(text, dates)
    numbers = [each for each in numbers_in(rest, decimal) if not _is_article(each)]
    found = sorted([*dates, *numbers], key=lambda each: each.start)
    if dates:
        found = list(_with_months(text, found))
    return _with_units(text, found)


def _is_article(found: Finding) -> bool:
    return found.value == "1" and found.text[0] in "oO一" and found.unit not in _SPANS_OF_ONE


def _with_months(text: str, findings: list[Finding]) -> Iterator[Finding]:
    """Yield the findings, with days for the numbers that share the month of a date: 28 and 29 August, 9月7日至10日."""
    for at, each in enumerate(findings):
        day = _DAY_ALONE.fullmatch(each.text) if each.kind is Kind.NUMBER else None
        beside = at - 1 if day and day[2] else at + 1  # 10日 behind 9月7日, 28 before 29 August
        other = findings[beside] if day and 0 <= beside < len(findings) else None
        if day and other and other.kind is Kind.DATE and other.value[-1].isdigit() and ":" not in other.value:
            first, last = sorted((each, other), key=lambda each: each.start)
            if _JOINED_DAYS.fullmatch(text, first.end, last.start) and 1 <= int(day[1]) <= _MOST_DAYS:
                yield replace(each, kind=Kind.DATE, values=(f"{other.value[:-2]}{int(day[1]):02}",), unit="")
                continue
        yield each


def _with_units(text: str, findings: list[Finding]) -> list[Finding]:
    """Return the findings with units that are said once: six (6) months, 10 to 15 days, EUR 6–7 m (before: 5–6)."""
    found = list(findings)
    for at in reversed(range(len(found))):
        each = found[at]
        behind = found[at + 1] if at + 1 < len(found) else None
        if each.kind is not Kind.NUMBER:
            continue
        if not each.unit and (own := _BRACKETED_UNIT.match(text, each.end)):
            found[at] = replace(each, unit=UNITS[own["unit"].lower()])
        elif behind is not None and behind.kind is Kind.NUMBER and _JOINED.fullmatch(text, each.end, behind.start):
            found[at] = _counted_as(behind, each) if behind.unit != "%" or each.text[-1].isdigit() else each
            if each.unit in CURRENCY_UNITS and not text[each.end : behind.start].strip().isalpha():
                found[at + 1] = _counted_as(each, behind)
    before: Finding | None = None
    for at, each in enumerate(found):
        if each.kind is not Kind.NUMBER or (not each.unit and _YEAR.fullmatch(each.text)):
            continue
        if before is not None and each.start - before.end <= _FAR:
            if _COMPARED.fullmatch(text, before.end, each.start):
                found[at] = _counted_as(before, each)
                if at + 1 < len(found) and _JOINED.fullmatch(text, each.end, found[at + 1].start):
                    found[at + 1] = _counted_as(before, found[at + 1])
            elif each.unit == "m" and before.text[-2:] == " m" and before.unit in CURRENCY_UNITS:
                values = tuple(_scaled(each, Decimal(10**6)))  # millions, as those before it
                found[at] = replace(each, unit=before.unit, values=values)
        before = found[at]
    return found


def _counted_as(other: Finding, each: Finding) -> Finding:
    """Return a number with the unit of another, and with what that is multiplied by, where it has none of its own."""
    is_money = not {each.unit, other.unit} - {"", *CURRENCY_UNITS}
    scale = _scale_of(other) if is_money and _scale_of(each) == 1 else Decimal(1)
    values = each.values if scale == 1 else (*_scaled(each, scale), *each.values)
    return replace(each, unit=each.unit or other.unit, values=values)


def _scale_of(each: Finding) -> Decimal:
    digits = _DIGITS.search(each.text)
    plain = Decimal(digits[0].replace(",", "")) if digits else Decimal(0)
    scale = Decimal(each.value) / plain if plain and PLAIN.fullmatch(each.value) else Decimal(1)
    return scale if scale in _SCALES else Decimal(1)


def _scaled(each: Finding, scale: Decimal) -> Iterator[str]:
    return (written(Decimal(value) * scale) for value in each.values if PLAIN.fullmatch(value))


def counted(each: Finding, scale: Decimal, unit: str) -> Finding:
    """Return a number as a head says that it counts; its plain value stays another one, since some write it so."""
    return replace(each, values=each.values if scale == 1 else (*_scaled(each, scale), *each.values), unit=unit)


def identifiers_in(text: str) -> Iterator[Finding]:
    """Yield the numbers that count nothing: of an invoice, an account, a telephone."""
    for match in islice(_IDENTIFIER.finditer(text), MOST_OF_A_KIND):
        if not _NO_IDENTIFIER.match(match[0]):
            yield Finding(Kind.IDENTIFIER, match[0], *match.span(), (squeezed(match[0]),))


def _quotations_in(text: str) -> list[Finding]:
    """Return the words between quotes; spaces, signs and case do not count in their values."""
    found = []
    for match in islice(_QUOTATION.finditer(text), MOST_OF_A_KIND):
        words = next(group for group in match.groups() if group is not None)
        value = _BESIDES.sub(" ", words.casefold()).strip()
        if value and (len(words.split()) > 1 or count_han(words) >= 4):
            found.append(Finding(Kind.QUOTATION, match[0], *match.span(), (value,)))
    return found


def _links_in(shown: Shown, visible: str) -> Iterator[Finding]:
    """Yield the targets of links, and the addresses that are written out."""
    linked = {start for start, _, _ in shown.links}
    for start, end, target in islice(shown.links, MOST_OF_A_KIND):
        yield Finding(Kind.ADDRESS, shown.text[start:end], start, end, (_comparable(target),))
    yield from (each for each in addresses_in(visible) if each.start not in linked)


def addresses_in(text: str) -> list[Finding]:
    """Return the addresses that a text writes out."""
    found = []
    for match in islice(_ADDRESS.finditer(text), MOST_OF_A_KIND):
        address = match[0].rstrip(".,;:!?)")
        end = match.start() + len(address)
        found.append(Finding(Kind.ADDRESS, address, match.start(), end, (_comparable(address),)))
    return found


def _comparable(address: str) -> str:
    """Return one form for all addresses that lead to the same page."""
    try:
        parts = urlsplit(address if "://" in address or "@" in address else f"https://{address}")
    except ValueError:
        return address
    host = parts.netloc.lower().removeprefix("www.")
    return f"{host}{parts.path.rstrip('/')}" + (f"?{parts.query}" if parts.query else "")


def _code_in(shown: Shown) -> Iterator[Finding]:
    """Yield blocks of code, and code within a line; white space at the ends of lines does not count."""
    for start, end in islice(shown.code, MOST_OF_A_KIND):
        code = shown.text[start:end]
        value = "\n".join(line.rstrip() for line in code.strip().splitlines())
        if value:
            yield Finding(Kind.CODE, code, start, end, (value,))
