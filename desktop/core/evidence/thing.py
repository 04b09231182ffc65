"""Things that can be looked up: where each stands in an answer or a file, and its value, however it is written."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache
from itertools import islice

from desktop.core.claims.claim import MOST_OF_A_KIND, Finding, Kind, Shown, blanked
from desktop.core.claims.dates import dates_in
from desktop.core.claims.names import names_in
from desktop.core.claims.numbers import single_numbers_in
from desktop.core.claims.quoted import links_in, quotations_in
from desktop.core.evidence.passages import Passage
from desktop.core.text.number_words import CURRENCIES, CURRENCY_UNITS, SCALES, UNITS
from desktop.core.text.plain_compare import squeezed
from desktop.core.text.scripts import HAN

# Numbers of invoices, telephones, accounts: digits that count nothing.
_IDENTIFIER = re.compile(
    r"(?<![A-Za-z0-9_/.,-])(?:"
    r"[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?"  # IBAN
    r"|\+\d{1,3}[ -]?\(?\d{1,5}\)?(?:[ -]\d{2,8}){1,5}"  # telephones
    r"|0\d{2,4}[ -/]\d{3,8}(?:[ -]\d{2,8}){0,3}|0\d{2,5}[ -/]\d{2}(?:[ -]\d{2,4}){1,4}"
    r"|1[3-9]\d{9}|1[3-9]\d[ -]\d{4}[ -]\d{4}|[48]00[ -]\d{3}[ -]\d{4}"
    r"|[A-Z]{1,6}\d{0,4}(?:[-–/][A-Z\d]{1,8}){1,5}(?![A-Za-z0-9_%])"
    r"|[A-Z]{1,5} \d[\dA-Z]*(?:-[\dA-Z]+)*(?![A-Za-z0-9_%元万亿个人天年月件套次])"  # but no CT 320元
    r"|[A-Z]{1,4}\d{1,}[\dA-Z]*|\d{8,}(?!-\d)|\d{4}(?: \d{4}){2,4}(?: \d{1,4})?|[vV]\d+(?:\.\d+)+|\d{3}/[A-Z]{2}\d{3,}"
    r"|(?:Grade|Level|Room|Lot|Phase|Class|Zone|Tier|Stage|Category|Building|Block|Floor|Gate|Shift|Batch|Option|Line|Unit"
    r"|Lift|Bay|Hall|Workshop|Group|Type|Lane|Platform) (?:[A-Z]?\d{1,3}[A-Z]?|[A-Z])(?![-–]\w)"
    r"|\d{4}-\d{4,}(?:-\d+)*|(?!(?:0\d|1[0-2])-20[0-3])\d\d-\d{4}(?! ?[A-Za-z%°元米公千百万])"
    r"|\d{5,}-\d+|(?!(?:19|20)\d\d-)\d{2,}-0\d+(?!-\d)|\d{3}-\d{4,}"
    r")(?![A-Za-z0-9_%]|\.\d|,\d{3}(?!\d))"
)
_NO_IDENTIFIER = re.compile(
    rf"(?:{'|'.join(CURRENCY_UNITS)}|RMB|US|GB|UTC|No)[ -]?(?:\d|$)|Q[ -]?\d(?!\d)"
    rf"|[A-Z]{{1,5}} \d{{1,2}}$|\d{{1,2}}$|\D+$"
)
_UNITS = "|".join(sorted((re.escape(unit) for unit in UNITS if len(unit) > 2), key=len, reverse=True))
_BRACKETED_UNIT = re.compile(rf"[)）]\s?(?P<unit>{_UNITS})(?![a-z])", re.IGNORECASE)
_JOINED = re.compile(r"\s?(?:[-–—~～至到]|to|or|and)\s?")
_SAID_TWICE = re.compile(r"\s?[(（]")  # two (2) years
# What stands in brackets behind a figure is compared with it: (1,392), (before: 6.0–6.2)
_COMPARED = re.compile(
    r"\s?[(（](?:(?:before|previously|prev\.?|prior year|last year|was|vs\.?|up from|down from)[:：]? "
    r"|(?:上年同?期?|去年同?期?|同期|原)[:：为]?|(?:19|20)\d\d[:：] ?)?"
)
_DIGITS = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")
_SCALES, _MILLION = frozenset(Decimal(10) ** zeros for zeros in (3, 4, 6, 8, 9)), Decimal(10**6)
_JOINED_DAYS = re.compile(r"\s?(?:[-–—~～至到、,，和]|to|and|until)\s?")
_DAY_ALONE = re.compile(r"(\d\d?)(?:st|nd|rd|th)?([日号])?")
_YEAR = re.compile(r"(?:19|20)\d\d")
_FAR = 120  # characters, over which a unit is not carried on
_PLAIN = re.compile(r"-?\d+(?:\.\d+)?")
_SHORT_UNITS = frozenset(("m", "s", "h", "t", "p", "g", "th", "st", "nd", "rd"))  # which are letters as often
_ANY_UNIT = "|".join(sorted(map(re.escape, {*UNITS, *CURRENCIES} - _SHORT_UNITS), key=len, reverse=True))
_ANY_SCALE = "|".join(sorted(map(re.escape, SCALES), key=len, reverse=True))
_COLUMN_UNIT = re.compile(
    rf"(?<!per)(?<!(?<!\d{{3}})\d)[(（\[,，/ ](?:in |单位[:：] ?)?(?P<scale>{_ANY_SCALE})?\s?(?P<unit>{_ANY_UNIT})"
    rf"(?:\s(?P<scale2>{_ANY_SCALE}))?"
    r"(?:(?:/|\sper\s)[^\s()（）/]{1,10})?[)）\]]?\s*$",
    re.IGNORECASE,
)
# (million kronor per year), of whatever currency.
_BRACKETED_SCALE = re.compile(
    rf"[(（](?:in )?(?P<scale>(?:{_ANY_SCALE})(?=[)）\s])|[百千十]?[万亿](?=[{HAN}]))"
    r"(?:\s?[^\d()（）]{1,24})?[)）]\s*$",
    re.IGNORECASE,
)
_ALL_AMOUNTS = re.compile(
    r"\b(?:amounts?|figures?|values?|sums|numbers?|prices)\b[^.\n|]{0,40}\bin [^.\n|]{0,30}|单位[:：][^\n|]{0,12}",
    re.IGNORECASE,
)
_CAPTION = re.compile(
    rf"(?:单位[:：]?\s?(?:人民币)?|\bin )(?P<scale>{_ANY_SCALE})?\s?(?P<unit>{_ANY_UNIT})"
    rf"(?:\s?(?P<scale2>{_ANY_SCALE})\b)?(?![A-Za-z])"
    rf"|\bin (?P<scale3>thousands?|millions?)(?: of (?P<unit2>{_ANY_UNIT}))?",
    re.IGNORECASE,
)
_GOES_ON = re.compile(rf"[ ]?(?:[^\W_]|[{HAN}×xX*/÷+%])")
_NO_UNIT = Decimal(1), ""
_SPANS_OF_ONE = frozenset(("h", "week", "month", "year", "working day"))
_MONTHS, _DAYS = 12, 31
# 05-18 or 18.05., which only the head of its column tells from two numbers.
_DAY_OF_CELL = re.compile(r"(?P<first>\d\d?)(?P<sign>[-/.])(?P<second>\d\d?)\.?")
_DATES_BELOW = re.compile(r"\b(?:date|day|datum|due|posted|booked)\b|日期|日|时间", re.IGNORECASE)


def things_in(shown: Shown, references: Iterable[Finding], decimal: str, known: frozenset[str]) -> list[Finding]:
    """Return all things of an answer that can be looked up, in order; code is left alone."""
    visible = blanked(shown.text, shown.code)
    quoted = quotations_in(visible)
    links = sorted(links_in(shown, visible), key=lambda claim: claim.start)
    taken = sorted([*links, *references], key=lambda thing: thing.start)
    rest = _without(visible, taken)
    identifiers = list(identifiers_in(rest))
    rest = _without(rest, identifiers)
    figures = figures_in(rest, decimal)
    rest = _without(rest, figures)
    spans = [(each.start, each.end) for each in quoted]
    names = [claim for claim in names_in(rest, known) if not _is_within(claim.start, spans)]
    return sorted([*quoted, *taken, *identifiers, *figures, *names], key=lambda thing: (thing.start, -thing.end))


def figures_in(text: str, decimal: str) -> list[Finding]:
    """Return the dates and numbers of a text, in order; two ends of a range are two."""
    dates = dates_in(text)
    rest = blanked(text, [(claim.start, claim.end) for claim in dates])
    numbers = [
        claim
        for claim in single_numbers_in(rest, decimal)
        if not _is_article(claim) and not (claim.text[0] >= "\u3400" and rest.startswith("月", claim.end))  # 二月
    ]
    found = sorted([*dates, *numbers], key=lambda thing: thing.start)
    if dates:
        found = list(_with_months(text, found))
    return list(_with_units(text, found))


def _with_months(text: str, things: list[Finding]) -> Iterator[Finding]:
    """Yield the things, with days for the numbers that share the month of a date: 28 and 29 August, 9月7日至10日."""
    for at, thing in enumerate(things):
        day = _DAY_ALONE.fullmatch(thing.text) if thing.kind is Kind.NUMBER else None
        if day is not None and 1 <= int(day[1]) <= _DAYS:
            behind, before = things[at + 1 : at + 2], things[at - 1 : at] if at else []
            joined = [
                other
                for other, between in (
                    *((each, text[thing.end : each.start]) for each in behind if not day[2]),
                    *((each, text[each.end : thing.start]) for each in before if day[2]),
                )
                if other.kind is Kind.DATE and _JOINED_DAYS.fullmatch(between) and other.value[-1:].isdigit()
            ]
            if joined and ":" not in joined[0].value:
                value = f"{joined[0].value[:-2]}{int(day[1]):02}"
                thing = replace(thing, kind=Kind.DATE, values=(value,), unit="")
        yield thing


def _with_units(text: str, things: list[Finding]) -> Iterator[Finding]:
    """Yield the things, with units that are said once: two (2) years, 10 to 15 days, EUR 6–7 m (before: 5–6)."""
    found = list(things)
    for at in reversed(range(len(found))):
        thing = found[at]
        if thing.kind is not Kind.NUMBER:
            continue
        behind = found[at + 1] if at + 1 < len(found) and found[at + 1].kind is Kind.NUMBER else None
        between = text[thing.end : behind.start] if behind is not None else ""
        if not thing.unit and (own := _BRACKETED_UNIT.match(text, thing.end)):
            found[at] = replace(thing, unit=UNITS[own["unit"].lower()])
        elif behind is None:
            continue
        elif _JOINED.fullmatch(between) and (behind.unit != "%" or thing.text[-1].isdigit()):
            found[at] = _counted_as(behind, thing)
            if thing.unit in CURRENCY_UNITS and not between.strip().isalpha():
                found[at + 1] = _counted_as(thing, behind)
        elif _SAID_TWICE.fullmatch(between) and thing.value == behind.value and not thing.unit:
            found[at] = replace(thing, unit=behind.unit)
    before: Finding | None = None
    for at, thing in enumerate(found):
        if thing.kind is not Kind.NUMBER or (not thing.unit and _YEAR.fullmatch(thing.text)):
            continue
        between = text[before.end : thing.start] if before is not None else ""
        if before is None or len(between) > _FAR:
            pass
        elif _COMPARED.fullmatch(between) and text[thing.end : thing.end + 1] in (")", "）", "–", "-"):
            found[at] = _counted_as(before, thing)
            if at + 1 < len(found) and text[thing.end : found[at + 1].start] in ("–", "-"):
                found[at + 1] = _counted_as(before, found[at + 1])
        elif (
            thing.unit == "m"
            and before.text[-2:] == thing.text[-2:] == " m"
            and before.unit in CURRENCY_UNITS
            and "\n" not in between
        ):
            found[at] = replace(thing, unit=before.unit, values=tuple(_scaled_values(thing, _MILLION)))
        before = found[at]
    return iter(found)


def _counted_as(other: Finding, thing: Finding) -> Finding:
    """Return a number with the unit of another, and with what that is multiplied by, where it has none of its own."""
    scale = _scale_of(other) if _scale_of(thing) == 1 and not {thing.unit, other.unit} - {"", *CURRENCY_UNITS} else 1
    values = thing.values if scale == 1 else (*_scaled_values(thing, Decimal(scale)), *thing.values)
    return replace(thing, unit=thing.unit or other.unit, values=values)


def _scale_of(thing: Finding) -> Decimal:
    digits = _DIGITS.search(thing.text)
    plain = Decimal(digits[0].replace(",", "")) if digits else Decimal(0)
    scale = Decimal(thing.value) / plain if plain and _PLAIN.fullmatch(thing.value) else Decimal(1)
    return scale if scale in _SCALES else Decimal(1)


def _scaled_values(thing: Finding, scale: Decimal) -> Iterator[str]:
    return (_scaled(value, scale) for value in thing.values if _PLAIN.fullmatch(value))


def with_unit_above(
    thing: Finding, text: str, passage: Passage, usual: tuple[Decimal, str] = (Decimal(1), "")
) -> Finding:
    """Return a number with the unit that stands above its column, its table or its list: 万元, kg, (EUR million).

    `usual`: what the text says of all its tables.

    The value without what it is multiplied by stays another one, since some write it so.
    """
    if thing.kind is not Kind.NUMBER or thing.unit or not (passage.header or passage.heading):
        return thing
    found = _unit_above(thing, text, passage)
    scale, unit = usual if found == _NO_UNIT and passage.cells else found
    if scale == 1:
        return replace(thing, unit=unit) if unit else thing
    return replace(thing, values=(*_scaled_values(thing, scale), *thing.values), unit=unit)


def _unit_above(thing: Finding, text: str, passage: Passage) -> tuple[Decimal, str]:
    above = [passage.heading] if passage.heading is not None else []
    if passage.header:
        column = bisect_right(passage.cells, (thing.start, 1 << 60)) - 1
        if 0 <= column < len(passage.header):
            head = text[slice(*passage.header[column])]
            found = _unit_of_column(head)
            if not found[1]:
                found = _unit_in_brackets(head)
            if found != _NO_UNIT:
                return found
        first = f" {text[slice(*passage.header[0])]}"
        if _COLUMN_UNIT.fullmatch(first) and _unit_of_column(first)[1] not in _SPANS_OF_ONE:
            return _unit_of_column(first)
        called, comma, unit = text[slice(*passage.cells[0])].rpartition(",")
        if comma and called and (found := _unit_of_column(comma + unit)) != _NO_UNIT:
            return found  # Rated flow, m³/h
        above = [passage.cells[0], passage.header[0], *above, *([passage.label] if passage.label else ())]
    elif passage.label is None or text[passage.label[1] : thing.start].strip() or _GOES_ON.match(text, thing.end):
        return _NO_UNIT  # only what a line gives alone is counted as its list says
    for span in above:
        found = _unit_in_brackets(text[slice(*span)])
        if found != _NO_UNIT:
            return found
    captions = [span for span in (passage.label if passage.cells else None, passage.heading) if span is not None]
    return next((found for span in captions if (found := _unit_of_caption(text[slice(*span)])) != _NO_UNIT), _NO_UNIT)


@lru_cache(maxsize=2_000)
def _unit_of_column(head: str) -> tuple[Decimal, str]:
    """Return what the numbers below a head are multiplied by, and their unit; an empty one where it names none."""
    counted = _COUNTED_BELOW.search(head)
    if counted or _ONE_SPAN.search(head):
        return (Decimal(1), UNITS[counted["unit"]]) if counted else _NO_UNIT
    return _read_unit(_COLUMN_UNIT.search(head) or _COLUMN_UNIT.fullmatch(f" {head}"))


def unit_of_tables(text: str) -> tuple[Decimal, str]:
    """Return what a text says of the amounts of all its tables: "All amounts in EUR thousand"."""
    said = {_unit_of_caption(match[0]) for match in _ALL_AMOUNTS.finditer(text)} - {_NO_UNIT}
    return next(iter(said)) if len(said) == 1 else _NO_UNIT


@lru_cache(maxsize=2_000)
def _unit_of_caption(words: str) -> tuple[Decimal, str]:
    """Return the same of a line above a table: 单位：万元, or "All amounts in EUR thousand"."""
    found = _CAPTION.search(words)
    if found is None:
        return _NO_UNIT
    scale = (found["scale"] or found["scale2"] or found["scale3"] or "").lower().rstrip("s")
    word = (found["unit"] or found["unit2"] or "").lower()
    return SCALES.get(scale, Decimal(1)), UNITS.get(word, "") or CURRENCIES.get(word, "")


@lru_cache(maxsize=2_000)
def _unit_in_brackets(title: str) -> tuple[Decimal, str]:
    """Return what the numbers below a title are multiplied by, and their unit, where its end says so in brackets."""
    title = title.rstrip(" :：")
    if first := _FIRST_IN_BRACKETS.search(title):  # (£ thousand, excl. VAT)
        found = _unit_in_brackets(first[1] + first[2])
        if found != _NO_UNIT:
            return found
    found = _read_unit(_COLUMN_UNIT.search(title)) if title.endswith((")", "）", "]")) else _NO_UNIT
    if (
        found == _NO_UNIT
        and (scale := _THOUSANDS.search(title))
        and (scale["currency"] or scale["scale"][0] not in "€e")
    ):
        word = (scale["currency"] or "").lower()
        return Decimal(_HEAD_SCALES[scale["scale"][0].lower()]), CURRENCIES.get(
            word, "EUR" if word in ("t", "k") else ""
        )
    if found == _NO_UNIT and (scale := _BRACKETED_SCALE.search(title)):
        return SCALES[scale["scale"].lower()], ""
    return found


_FIRST_IN_BRACKETS = re.compile(r"([(（][^()（）,，;；]+)(?:[,;] |[，；])[^()（）]*([)）])$")
_ONE_SPAN = re.compile(r"[a-z] (?:day|week|month|year|hour)\s*$", re.IGNORECASE)  # a full day
_COUNTED_BELOW = re.compile(r"(?P<unit>天|小时|人|周)数\s*$")  # 平均闭环天数


# (€ '000), (£m), in TEUR: thousands and millions of a currency, or of anything.
_THOUSANDS = re.compile(
    rf"[(（\[, ](?:in )?(?:(?P<currency>[€£$¥]|{'|'.join(CURRENCY_UNITS)}|t(?=€|eur)|k(?=€|eur)) ?)?"
    r"['’]?(?P<scale>000s?|k|thousands?|tsd\.?|€|eur|(?<=[€£$¥rfpdkn])m|(?<=[€£$¥rfpdkn] )m|mn|mio\.?|millions?)"
    r"\s*[)）\]]?\s*$",
    re.IGNORECASE,
)
_HEAD_SCALES = {"0": 10**3, "k": 10**3, "t": 10**3, "€": 10**3, "e": 10**3, "m": 10**6}


def _read_unit(found: re.Match[str] | None) -> tuple[Decimal, str]:
    if found is None:
        return _NO_UNIT
    scale = SCALES.get((found["scale"] or found["scale2"] or "").lower(), Decimal(1))
    word = found["unit"].lower()
    return scale, UNITS.get(word, "") or CURRENCIES.get(word, "")


def day_of_cell(words: str, head: str, start: int) -> Finding | None:
    """Return the day of a year that a cell names alone, below a head that says so; None for any other cell."""
    found = _DAY_OF_CELL.fullmatch(words)
    if found is None or not _DATES_BELOW.search(head):
        return None
    first, second = int(found["first"]), int(found["second"])
    # With points the day comes first; else the month does, where it can be one.
    month, day = (second, first) if found["sign"] == "." or first > _MONTHS else (first, second)
    if not (1 <= month <= _MONTHS and 1 <= day <= _DAYS):
        return None
    return Finding(Kind.DATE, words, start, start + len(words), (f"?-{month:02}-{day:02}",))


def with_days_of_cells(
    text: str, cells: Iterable[tuple[int, int]], header: Iterable[tuple[int, int]], things: list[Finding]
) -> list[Finding]:
    """Return the things of a row, with the days that its cells name instead of the numbers in them."""
    days = [
        day
        for cell, head in zip(cells, header, strict=False)
        if (day := day_of_cell(text[slice(*cell)], text[slice(*head)], cell[0])) is not None
    ]
    if not days:
        return things
    left = [each for each in things if not any(day.start <= each.start < day.end for day in days)]
    return sorted([*left, *days], key=lambda thing: thing.start)


def _scaled(value: str, scale: Decimal) -> str:
    written = format(Decimal(value) * scale, "f")
    return written.rstrip("0").rstrip(".") if "." in written else written


def identifiers_in(text: str) -> Iterator[Finding]:
    """Yield the numbers that count nothing: of an invoice, an account, a telephone."""
    for match in islice(_IDENTIFIER.finditer(text), MOST_OF_A_KIND):
        words = match[0]
        if not _NO_IDENTIFIER.match(words):
            yield Finding(Kind.IDENTIFIER, words, match.start(), match.end(), (squeezed(words),))


def _without(text: str, things: Iterable[Finding]) -> str:
    return blanked(text, [(each.start, each.end) for each in things])


def _is_article(claim: Finding) -> bool:
    return claim.value == "1" and claim.text[:1] in ("o", "O", "一") and claim.unit not in _SPANS_OF_ONE


def _is_within(start: int, spans: list[tuple[int, int]]) -> bool:
    return any(first <= start < last for first, last in spans)
