"""Calculations of an answer: those that it writes out, and numbers that come of others without a word.

A number is computed if it is the sum, difference, product, share or quotient of numbers that stand in the files, in
the question, or beside it. Nothing is guessed for a number that stands in a file itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal, DivisionByZero, InvalidOperation
from functools import cached_property, lru_cache
from itertools import combinations, pairwise

from desktop.core.evidence.checked import Calculation, ThingKind
from desktop.core.evidence.computing.wording import says_share
from desktop.core.evidence.thing import Thing
from desktop.core.text.late_regex import late_regex

_LETTERS = r"[^\W\d_]"
_OPERATOR = late_regex(
    r"\s{0,2}(?:[（(][^()（）\d]{0,20}[)）])?\s{0,2}(?P<sign>[×xX*·÷/+−–-])\s{0,2}"
    rf"|\s{{0,2}}(?:{_LETTERS}{{1,14}}[ ]?){{1,3}}\s{{0,2}}(?P<times>[×*·÷+]|(?<=\s)[xX](?=\s))\s{{0,2}}"  # 85 rooms ×
)
_CLOSED, _OPEN = late_regex(r"\s?[)）]\s?(?P<sign>[×xX*·÷/])\s?"), ("(", "（")
_EQUALS = late_regex(
    r"\s{0,2}(?:[^\d\s.,;]{1,12}\s)?(?P<sign>=|≈|＝)\s{0,2}(?:about |约|ca\. )?"
    rf"|[ ]?(?:{_LETTERS}{{1,14}}[ ]?){{0,2}}[)）]?(?P<cell>\t)[ ]?"  # in the next cell of a row
    rf"|(?:{_LETTERS}{{1,4}})?(?P<zh>[=＝≈])\s?约?"
)
_REST_OF_CELL = late_regex(r"[^\d\t\n]{0,8}(?=[\t\n]|$)")
_LONGEST = 20
_PLAIN = late_regex(r"-?\d+(?:\.\d+)?")
_MOST_BESIDE, _FEW_BESIDE, _MOST_IN_COLUMN = 20, 4, 9
LEAST_DIGITS = 3  # of a result that cannot well be reached by chance
_FACTORS = tuple(map(Decimal, (2, 4, 12, 52, 365)))  # quarters, months, weeks, days of a year


@dataclass(frozen=True, slots=True)
class WrittenCalculation:
    """Calculation that an answer writes out: its numbers and signs, and the number behind the equals sign."""

    numbers: tuple[Thing, ...]
    signs: tuple[str, ...]
    result: Thing
    is_about: bool
    is_in_cell: bool = False  # the result stands in the next cell of a row, without a sign

    @property
    def shown(self) -> str:
        """The calculation as it is written anew."""
        pieces = [self.numbers[0].text]
        for sign, number in zip(self.signs, self.numbers[1:], strict=True):
            pieces += [sign, number.text]
        return " ".join(pieces)


def formulas_in(text: str, things: Sequence[Thing]) -> list[WrittenCalculation]:
    """Return the calculations that are written out, in order."""
    numbers = [each for each in things if each.kind is ThingKind.NUMBER and decimal_of(each) is not None]
    found: list[WrittenCalculation] = []
    run: list[Thing] = []
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
            is_about = "≈" in (equals["sign"], equals["zh"])
            if not equals["cell"] or ("−" not in signs and _REST_OF_CELL.match(text, other.end)):
                found.append(WrittenCalculation(tuple(run), tuple(signs), other, is_about, bool(equals["cell"])))
        run = []
    return found


def _in_brackets(run: Sequence[Thing], signs: Sequence[str]) -> Thing:
    """Return what stands in brackets as one number."""
    within = WrittenCalculation(tuple(run), tuple(signs), run[-1], False)
    value = result_of(within)
    written = format(value, "f") if value is not None else ""
    return Thing(ThingKind.NUMBER, f"({within.shown})", run[0].start, run[-1].end, (written,), run[0].unit)


def multiplied_in(text: str, things: Sequence[Thing]) -> Iterator[int]:
    """Yield where the numbers stand that are multiplied, also without a result, and those behind an equals sign."""
    numbers = [each for each in things if each.kind is ThingKind.NUMBER]
    for one, other in pairwise(numbers):
        between = text[one.end : other.start]
        if _TIMES.fullmatch(between):
            yield one.start
            yield other.start
        elif _RESULT.fullmatch(between):
            yield other.start


_TIMES = late_regex(r"[^\d\n\t+=(（]{0,16}(?:[×*·]|(?<![A-Za-z])[xX](?![A-Za-z]))[^\d\n\t+=]{0,4}")
_RESULT = late_regex(r"[^\d\n\t=]{0,16}[=＝]\s?")
_SIGNS = {"x": "×", "X": "×", "*": "×", "·": "×", "÷": "/", "–": "−", "-": "−"}


def decimal_of(thing: Thing) -> Decimal | None:
    """Return what a number comes to; None for a version, or a number that nobody reckons with."""
    return _decimal_of_value(thing.values[0]) if thing.kind is ThingKind.NUMBER else None


@lru_cache(maxsize=20_000)
def _decimal_of_value(value: str) -> Decimal | None:
    return Decimal(value) if len(value) < _LONGEST and _PLAIN.fullmatch(value) else None


def result_of(formula: WrittenCalculation) -> Decimal | None:
    """Return what a calculation comes to, × and / before + and −; None where it cannot be reckoned."""
    values = [_factor(number, signs) for number, signs in zip(formula.numbers, _around(formula.signs), strict=True)]
    if any(value is None for value in values):
        return None
    total, product, sign = Decimal(0), values[0] or Decimal(0), 1
    try:
        for operator, value in zip(formula.signs, values[1:], strict=True):
            number = value if value is not None else Decimal(0)
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


def _around(signs: tuple[str, ...]) -> list[tuple[str, ...]]:
    return [tuple(signs[max(0, at - 1) : at + 1]) for at in range(len(signs) + 1)]


def _factor(number: Thing, signs: tuple[str, ...]) -> Decimal | None:
    value = decimal_of(number)
    if value is not None and number.unit == "%" and ("×" in signs or "/" in signs):
        return value / 100
    return value


def comes_to(value: Decimal, thing: Thing, *, is_about: bool = False) -> bool:
    """Return True if a number says what was reckoned, as exactly as it is written."""
    said = decimal_of(thing)
    return said is not None and _is_near(value, said, slack_of(thing), is_about=is_about)


def _is_near(value: Decimal, said: Decimal, slack: Decimal, *, is_about: bool = False) -> bool:
    if is_about:
        slack = max(slack, abs(value) * Decimal("0.01"))
    return abs(abs(value) - abs(said)) <= slack


def slack_of(thing: Thing) -> Decimal:
    """Return half of what one more in the last digit is worth: of 0.85 million, five thousand."""
    said = decimal_of(thing) or Decimal(0)
    digits = re.search(r"\d[\d.,]*", thing.text)
    if said == 0:
        return Decimal(0)
    if digits is None:  # in words
        return Decimal("0.5") if said == said.to_integral_value() else Decimal("0.05")
    significant = re.sub(r"\D", "", digits[0].rstrip(".,")).lstrip("0")
    plain = format(abs(said), "f").replace(".", "").lstrip("0")
    if not significant or not plain.startswith(significant.rstrip("0") or "0"):
        return Decimal(0)
    return Decimal(1).scaleb(said.adjusted() - len(significant) + 1) / 2


def digits_of(thing: Thing) -> int:
    """Return how many digits a number has; 0 for a round one, which is reached by chance."""
    digits = re.sub(r"\D", "", thing.value).lstrip("0")
    return len(digits) if len(digits.rstrip("0")) > 1 else 0


def is_slip(one: Thing, other: Thing) -> bool:
    """Return True for a number that is another one but for one digit, or two that changed places."""
    a, b = (re.sub(r"\D", "", each.value) for each in (one, other))
    if len(a) != len(b) or len(a) < LEAST_DIGITS or a == b:
        return False
    apart = [at for at, (x, y) in enumerate(zip(a, b, strict=True)) if x != y]
    return len(apart) == 1 or (len(apart) == 2 and sorted(a) == sorted(b))


def reckoned(
    thing: Thing, beside: Sequence[Thing], *, is_said: bool, is_quotient_said: bool = True
) -> Calculation | None:
    """Return a calculation that comes to a thing, with numbers of the answer, `beside`, the nearest last.

    `is_said`: that it is computed.
    """
    if decimal_of(thing) is None:
        return None
    numbers = [each for each in beside if decimal_of(each)]
    said = Decimal(thing.value)
    slack = slack_of(thing) if len(thing.value.strip("-0")) >= LEAST_DIGITS else Decimal(0)
    for shown, value in _every_attempt(thing, numbers, is_said=is_said):
        if _is_near(value, said, slack) and (is_quotient_said or " / " not in shown):
            return Calculation(shown, thing.text)
    return None


def share_of(thing: Thing, beside: Sequence[Thing], sentence: str) -> Iterator[Calculation]:
    """Yield the share, or the change, of two numbers of one unit that stand beside a percentage, where that is said."""
    if not says_share(sentence):
        return
    said = decimal_of(thing)
    for one, other in combinations([each for each in beside if each.unit != "%" and decimal_of(each)], 2):
        a, b = decimal_of(one) or Decimal(1), decimal_of(other) or Decimal(1)
        if (one.unit == other.unit or not (one.unit and other.unit)) and said is not None:
            for shown, value in (
                (f"{one.text} / {other.text}", a / b),
                (f"{other.text} / {one.text}", b / a),
                (f"{one.text} / {other.text} − 1", a / b - 1),
                (f"{other.text} / {one.text} − 1", b / a - 1),
            ):
                if _is_near(100 * value, said, slack_of(thing)):
                    yield Calculation(shown, thing.text)


def _every_attempt(thing: Thing, numbers: list[Thing], *, is_said: bool) -> Iterator[tuple[str, Decimal]]:
    if digits_of(thing) < LEAST_DIGITS:
        yield from _of_few_digits(thing, numbers[-_FEW_BESIDE:])
        yield from _of_few_digits(thing, [each for each in numbers if each.unit == thing.unit][-_FEW_BESIDE:])
        return
    yield from _attempts(thing, numbers[-_MOST_BESIDE:], is_said=is_said)
    # A share said beside it may be one of an amount that was named long before.
    shares = [each for each in numbers[-_MOST_BESIDE:] if each.unit == "%"]
    for share in shares if is_said else ():
        for whole in numbers[:-_MOST_BESIDE]:
            if whole.unit != "%":
                amount = (decimal_of(whole) or Decimal(0)) * (decimal_of(share) or Decimal(0)) / 100
                yield f"{share.text} × {whole.text}", amount


def _attempts(thing: Thing, numbers: Sequence[Thing], *, is_said: bool) -> Iterator[tuple[str, Decimal]]:
    is_share = thing.unit == "%"
    for one, other in combinations(numbers, 2):
        a, b = decimal_of(one) or Decimal(0), decimal_of(other) or Decimal(0)
        yield from _of_two(thing, one, other, a, b, is_said=is_said, is_share=is_share)
    yield from _runs_near(thing, numbers)
    for one in numbers if is_said else ():
        a = decimal_of(one) or Decimal(0)
        if one.unit in ("%", "th", "year") or is_share or thing.unit not in ("", one.unit):
            continue
        for factor in _FACTORS:
            yield f"{one.text} × {factor}", a * factor
            yield f"{one.text} / {factor}", a / factor


def _runs_near(thing: Thing, numbers: Sequence[Thing]) -> Iterator[tuple[str, Decimal]]:
    """Yield the sums of three and more numbers that follow each other, of those that come near a number."""
    said, slack = abs(decimal_of(thing) or Decimal(0)), slack_of(thing)
    values = [decimal_of(each) or Decimal(0) for each in numbers]
    for first in range(len(numbers) - 2):
        total, unit = Decimal(0), ""
        for last in range(first, len(numbers)):
            its = numbers[last].unit
            if its and unit and its != unit:
                break
            total, unit = total + values[last], unit or its
            if last >= first + 2 and abs(abs(total) - said) <= slack:
                yield " + ".join(each.text for each in numbers[first : last + 1]), total


def _of_few_digits(thing: Thing, numbers: Sequence[Thing]) -> Iterator[tuple[str, Decimal]]:
    """Yield sums and differences in the same unit, and multiples: more would come to any small number."""
    for one, other in combinations(numbers, 2):
        a, b = decimal_of(one) or Decimal(0), decimal_of(other) or Decimal(0)
        is_of_points = thing.unit == "points" and one.unit == "%"
        if one.unit == other.unit and (thing.unit in ("", one.unit) or is_of_points):
            if a != b:  # it is the same one, said twice
                yield f"{one.text} + {other.text}", a + b
            larger, smaller = (one, other) if a >= b else (other, one)
            yield f"{larger.text} − {smaller.text}", abs(a - b)
        elif thing.unit and thing.unit in (one.unit, other.unit) and "" in (one.unit, other.unit):
            yield f"{one.text} × {other.text}", a * b


def _of_two(
    thing: Thing, one: Thing, other: Thing, a: Decimal, b: Decimal, *, is_said: bool, is_share: bool
) -> Iterator[tuple[str, Decimal]]:
    if {one.unit, other.unit} == {"%", "points"} and thing.unit == "%":
        yield f"{one.text} − {other.text}", abs(a - b)
        yield f"{one.text} + {other.text}", a + b
        return
    if (one.unit == "%") != (other.unit == "%"):
        share, whole = (one, other) if one.unit == "%" else (other, one)
        part = (decimal_of(share) or Decimal(0)) / 100
        amount = decimal_of(whole) or Decimal(0)
        yield f"{share.text} × {whole.text}", part * amount
        yield f"{whole.text} + {share.text}", amount * (1 + part)
        yield f"{whole.text} − {share.text}", amount * (1 - part)
        return
    if _may_add(one, other, thing):
        yield f"{one.text} + {other.text}", a + b
        larger, smaller = (one, other) if a >= b else (other, one)
        yield f"{larger.text} − {smaller.text}", abs(a - b)
    if one.unit != "%" and not is_share and _may_multiply(one, other, thing):
        yield f"{one.text} × {other.text}", a * b
    if is_said and a and b and (is_share or thing.unit in ("", one.unit, other.unit)):
        scale = 100 if is_share else 1
        yield f"{one.text} / {other.text}", a / b * scale
        yield f"{other.text} / {one.text}", b / a * scale


def _may_add(one: Thing, other: Thing, result: Thing) -> bool:
    units = {each.unit for each in (one, other, result) if each.unit}
    return len(units) <= 1 or (result.unit == "points" and one.unit == other.unit == "%")


def _may_multiply(one: Thing, other: Thing, result: Thing) -> bool:
    """Return True if a number of this unit may be a product: so many hours at so many euros are euros."""
    units = [each.unit for each in (one, other) if each.unit]
    return not result.unit or not units or result.unit in units


class Column:
    """Numbers of a column of a table, and what some of them come to."""

    def __init__(self, numbers: Sequence[Thing]) -> None:
        self._numbers = [each for each in numbers if decimal_of(each) is not None and each.unit != "%"]

    @cached_property
    def _sums(self) -> dict[Decimal, tuple[int, ...]]:
        values = [decimal_of(each) or Decimal(0) for each in self._numbers]
        every = tuple(range(len(values)))
        found = {sum(values, Decimal(0)): every} if len(values) > 1 else {}
        for count in range(len(values) - 1, 1, -1) if len(values) <= _MOST_IN_COLUMN else ():
            for chosen in combinations(every, count):
                found.setdefault(sum((values[at] for at in chosen), Decimal(0)), chosen)
        return found

    def sum_that_is(self, thing: Thing) -> Calculation | None:
        """Return the sum of all numbers of the column, or of some, that comes to a number."""
        chosen = self._sums.get(Decimal(thing.value)) if digits_of(thing) >= LEAST_DIGITS else None
        return Calculation(" + ".join(self._numbers[at].text for at in chosen), thing.text) if chosen else None
