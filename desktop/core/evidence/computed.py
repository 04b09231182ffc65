"""What an answer computes plainly: what it writes out, totals, what comes of two figures, days between dates.

Only terms that are found themselves count; nothing is searched for among numbers that stand further away.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, DivisionByZero, InvalidOperation
from itertools import combinations, pairwise, permutations

from desktop.core.claims.claim import Finding, Kind
from desktop.core.claims.numbers import are_of_one_kind, decimal_of
from desktop.core.evidence.checked import Calculation

_LETTERS = r"[^\W\d_]"
_OPERATOR = re.compile(
    r"\s{0,2}(?:[（(][^()（）\d]{0,20}[)）])?\s{0,2}(?P<sign>[×xX*·÷/+−–-])\s{0,2}"
    rf"|\s{{0,2}}(?:{_LETTERS}{{1,14}}[ ]?){{1,3}}\s{{0,2}}(?P<times>[×*·÷+]|(?<=\s)[xX](?=\s))\s{{0,2}}"  # 85 rooms ×
)
_CLOSED, _OPEN = re.compile(r"\s?[)）]\s?(?P<sign>[×xX*·÷/])\s?"), ("(", "（")
_EQUALS = re.compile(
    r"\s{0,2}(?:[^\d\s.,;]{1,12}\s)?(?P<sign>=|≈|＝|→)\s{0,2}(?:about |约|ca\. )?"
    rf"|[ ]?(?:{_LETTERS}{{1,14}}[ ]?){{0,2}}[)）]?(?P<cell>\t)[ ]?"  # in the next cell of a row
    rf"|(?:{_LETTERS}{{1,4}})?(?P<zh>[=＝≈])\s?约?"
)
_ABOUT = re.compile("≈|about|约|ca\\.")
_REST_OF_CELL = re.compile(r"[^\d\t\n]{0,8}(?=[\t\n]|$)")
_SIGNS = {"x": "×", "X": "×", "*": "×", "·": "×", "÷": "/", "–": "−", "-": "−"}
_SCALES = tuple(Decimal(10) ** zeros for zeros in (0, 3, 4, 6, 8, 9))
_DAY = re.compile(r"(?P<year>\d{4}|\?)-(?P<month>\d\d)-(?P<day>\d\d)")
_TIME = re.compile(r"(?P<hour>\d\d):(?P<minute>\d\d)")
_DAYS, _MONTHS = {"day": 1, "week": 7}, {"month": 1, "year": 12}
_LONGEST_TERM = 60  # years
_MOST_TERMS = 10  # of a sentence
_HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Formula:
    """Calculation that an answer writes out: its numbers and signs, and the number behind the equals sign."""

    numbers: tuple[Finding, ...]
    signs: tuple[str, ...]
    result: Finding
    is_about: bool

    @property
    def shown(self) -> str:
        """The calculation as it is written anew."""
        pieces = [self.numbers[0].text]
        for sign, number in zip(self.signs, self.numbers[1:], strict=True):
            pieces += [sign, number.text]
        return " ".join(pieces)

    @property
    def value(self) -> Decimal | None:
        """What it comes to, × and / before + and −; None where it cannot be reckoned."""
        factors = [self._factor(at) for at in range(len(self.numbers))]
        if any(factor is None for factor in factors):
            return None
        total, product, sign = Decimal(0), factors[0] or Decimal(0), 1
        try:
            for operator, factor in zip(self.signs, factors[1:], strict=True):
                number = factor or Decimal(0)
                if operator == "×":
                    product *= number
                elif operator == "/":
                    product /= number
                else:
                    total += sign * product
                    product, sign = number, 1 if operator == "+" else -1
        except (DivisionByZero, InvalidOperation):
            return None
        return total + sign * product

    def _factor(self, at: int) -> Decimal | None:
        value = decimal_of(self.numbers[at])
        beside = self.signs[max(0, at - 1) : at + 1]
        if value is None or self.numbers[at].unit != "%":
            return value
        if "×" in beside or "/" in beside:
            return value / _HUNDRED
        return value if all(number.unit == "%" for number in self.numbers) else None  # 4,200 + 5%, of which?

    @property
    def is_right(self) -> bool:
        """True if the result is what it comes to, and counts what one of its numbers counts."""
        value = self.value
        if value is None:
            return False
        units = {number.unit for number in self.numbers if number.unit not in ("", "%")}
        unit = self.result.unit
        has_unit = not unit or not units or unit == "%" or any(are_of_one_kind(unit, each) for each in units)
        if not has_unit or (self.result.unit == "%" and "/" not in self.signs and not self._has_shares):
            return False
        scales = (Decimal(1), _HUNDRED) if unit == "%" else _SCALES
        # 15 × 2.4 = 36 million: what is multiplied by goes without saying.
        return any(comes_to(value * scale, self.result, is_about=self.is_about) for scale in scales)

    @property
    def _has_shares(self) -> bool:
        return any(number.unit in ("%", "points") for number in self.numbers)


def formulas_in(text: str, findings: Sequence[Finding]) -> list[Formula]:
    """Return the calculations that are written out, in order."""
    numbers = [each for each in findings if each.kind is Kind.NUMBER and decimal_of(each) is not None]
    found: list[Formula] = []
    run: list[Finding] = []
    signs: list[str] = []
    for one, other in pairwise(numbers):
        between = text[one.end : other.start]
        if not run:
            run, signs = [one], []
        if operator := _OPERATOR.fullmatch(between):
            sign = operator["sign"] or operator["times"]
            run.append(other)
            signs.append(_SIGNS.get(sign, sign))
            continue
        if len(run) > 1 and (closed := _CLOSED.fullmatch(between)) and text[run[0].start - 1 : run[0].start] in _OPEN:
            run = [_in_brackets(run, signs), other]
            signs = [_SIGNS.get(closed["sign"], closed["sign"])]
            continue
        if len(run) > 1 and (equals := _EQUALS.fullmatch(between)):
            is_about = _ABOUT.search(equals[0]) is not None
            if not equals["cell"] or ("−" not in signs and _REST_OF_CELL.match(text, other.end)):
                found.append(Formula(tuple(run), tuple(signs), other, is_about))
        run = []
    return found


def _in_brackets(run: Sequence[Finding], signs: Sequence[str]) -> Finding:
    """Return what stands in brackets as one number."""
    within = Formula(tuple(run), tuple(signs), run[-1], False)
    written = format(within.value, "f") if within.value is not None else ""
    return Finding(Kind.NUMBER, f"({within.shown})", run[0].start, run[-1].end, (written,), run[0].unit)


def comes_to(value: Decimal, said: Finding, *, is_about: bool = False) -> bool:
    """Return True if a number says what was reckoned, as exactly as it is written."""
    number = decimal_of(said)
    if number is None:
        return False
    slack = max(_slack_of(said), abs(value) / _HUNDRED if is_about else Decimal(0))
    return abs(abs(value) - abs(number)) <= slack


def _slack_of(said: Finding) -> Decimal:
    """Return half of what one more in the last digit is worth: of 0.85 million, five thousand."""
    number = decimal_of(said) or Decimal(0)
    digits = re.search(r"\d[\d.,]*", said.text)
    if number == 0:
        return Decimal(0)
    if digits is None:  # in words
        return Decimal("0.5") if number == number.to_integral_value() else Decimal("0.05")
    significant = re.sub(r"\D", "", digits[0].rstrip(".,")).lstrip("0")
    plain = format(abs(number), "f").replace(".", "").lstrip("0")
    if not significant or not plain.startswith(significant.rstrip("0") or "0"):
        return Decimal(0)
    return Decimal(1).scaleb(number.adjusted() - len(significant) + 1) / 2


def in_words(value: Decimal) -> str:
    """Return a result as it is shown."""
    rounded = value.quantize(Decimal("0.01")) if value == value and abs(value) < 10**18 else value
    whole = f"{rounded:,f}"
    return whole.rstrip("0").rstrip(".") if "." in whole else whole


def total_of(said: Finding, above: Sequence[Finding]) -> Calculation | None:
    """Return the sum of a column or a list of one unit that comes to a number."""
    values = [decimal_of(each) for each in above]
    units = {each.unit for each in above if each.unit}
    if len(values) < 2 or any(value is None for value in values) or "%" in units or len(units | {said.unit} - {""}) > 1:
        return None
    if not comes_to(sum((value for value in values if value), Decimal(0)), said):
        return None
    return Calculation(" + ".join(each.text for each in above), said.text)


def computed_of(said: Finding, terms: Sequence[Finding]) -> Calculation | None:
    """Return the sum, difference, product or share of two numbers, or what lies between two days, that comes to one."""
    if said.kind is Kind.DATE:
        return _day_of_term(said, terms)
    for shown, value in _ways(said, terms[-_MOST_TERMS:]):
        if comes_to(value, said):
            return Calculation(shown, said.text)
    return _between_days(said, terms)


def _ways(said: Finding, terms: Sequence[Finding]) -> Iterator[tuple[str, Decimal]]:
    once = {(each.unit, value): each for each in terms if (value := decimal_of(each))}
    numbers = [(each, value) for (_, value), each in once.items()]
    is_telling = len(said.value.strip("-0.").replace(".", "")) > 2
    for (one, a), (other, b) in combinations(numbers, 2):
        units = {one.unit, other.unit}
        if one.unit == other.unit and (said.unit or "") in (one.unit, *(("points", "%") if one.unit == "%" else ())):
            if said.unit or is_telling:
                yield f"{one.text} + {other.text}", a + b
                larger, smaller = (one, other) if a >= b else (other, one)
                yield f"{larger.text} − {smaller.text}", abs(a - b)
        elif "%" in units and said.unit in units - {"%"}:
            (share, part), (whole, amount) = ((one, a), (other, b)) if one.unit == "%" else ((other, b), (one, a))
            yield f"{share.text} × {whole.text}", part * amount / _HUNDRED
            if is_telling:
                yield f"{whole.text} + {share.text}", amount * (1 + part / _HUNDRED)
                yield f"{whole.text} − {share.text}", amount * (1 - part / _HUNDRED)
        elif "%" not in units and said.unit in units and said.unit and (is_telling or "" in units):
            yield f"{one.text} × {other.text}", a * b
    if said.unit == "%" and is_telling:
        for (one, a), (other, b) in permutations(numbers, 2):
            if one.unit == other.unit != "%":
                yield f"{one.text} / {other.text}", a / b * _HUNDRED
                yield f"{one.text} / {other.text} − 1", (a / b - 1) * _HUNDRED


def _between_days(said: Finding, terms: Sequence[Finding]) -> Calculation | None:
    """Return the two days, or times, between which a span of time lies."""
    value = decimal_of(said)
    if value is None or said.unit not in (*_DAYS, *_MONTHS, "h", "min"):
        return None
    for one, other in combinations([each for each in terms if each.kind is Kind.DATE], 2):
        apart = _apart(one, other, said.unit)
        if any(each == value for each in apart):
            return Calculation(f"{other.text} − {one.text}", said.text)
    return None


def _apart(one: Finding, other: Finding, unit: str) -> Iterator[Decimal]:
    """Yield how far two days or times are apart, both days counted or one."""
    first, last = _TIME.fullmatch(one.value), _TIME.fullmatch(other.value)
    if first and last:
        minutes = 60 * (int(last["hour"]) - int(first["hour"])) + int(last["minute"]) - int(first["minute"])
        yield Decimal(minutes % 1440) / (60 if unit == "h" else 1) if unit in ("h", "min") else Decimal(-1)
        return
    begins, ends = _day(one, other), _day(other, one)
    if begins is None or ends is None:
        return
    begins, ends = sorted((begins, ends))
    for days in ((ends - begins).days, (ends - begins).days + 1):
        if unit in _DAYS:
            yield Decimal(days) / _DAYS[unit]
    for last_day in (ends, ends + timedelta(days=1)):
        if unit in _MONTHS and (last_day.day == begins.day or last_day.day == monthrange(*last_day.timetuple()[:2])[1]):
            months = 12 * (last_day.year - begins.year) + last_day.month - begins.month
            yield Decimal(months) / _MONTHS[unit]


def _day(said: Finding, beside: Finding) -> date | None:
    """Return the day that a date names; without a year it has that of another one."""
    found, other = _DAY.fullmatch(said.value), _DAY.fullmatch(beside.value)
    if found is None:
        return None
    years = [match["year"] for match in (found, other) if match and match["year"] != "?"]
    try:
        return date(int(years[0]) if years else 2001, int(found["month"]), int(found["day"]))
    except ValueError:
        return None


def _day_of_term(said: Finding, terms: Sequence[Finding]) -> Calculation | None:
    """Return the day, and the span of time before or behind it, that lead to a date."""
    spans = [each for each in terms if each.unit in (*_DAYS, *_MONTHS) and decimal_of(each)]
    for anchor in (each for each in terms if each.kind is Kind.DATE and each.value != said.value):
        day, wanted = _day(anchor, said), _day(said, anchor)
        for span in spans if day is not None and wanted is not None else ():
            for sign, by in (("+", 1), ("−", -1)):
                moved = _moved(day, span, by) if day is not None else None
                if moved is not None and wanted is not None and abs((moved - wanted).days) <= (span.unit in _MONTHS):
                    return Calculation(f"{anchor.text} {sign} {span.text}", said.text)
    return None


def _moved(day: date, span: Finding, by: int) -> date | None:
    count = decimal_of(span) or Decimal(0)
    if span.unit in _DAYS:
        days = count * _DAYS[span.unit]
        is_whole = days == int(days) and days <= _LONGEST_TERM * 366
        return day + by * timedelta(days=int(days)) if is_whole else None
    months = count * _MONTHS[span.unit]
    if months != int(months) or months > _LONGEST_TERM * 12:
        return None
    year, month = divmod(day.year * 12 + day.month - 1 + by * int(months), 12)
    if not 1 <= year <= 9998:
        return None
    last = monthrange(year, month + 1)[1]
    is_last = day.day == monthrange(day.year, day.month)[1]
    return date(year, month + 1, last if is_last else min(day.day, last))
