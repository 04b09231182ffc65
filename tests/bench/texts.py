"""Long answers of five shapes, the same at every run: what a renderer finds hard differs with the shape.

A shape is a function from a length in bytes to a text of just that length or a little less.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable

ANSWER_BYTES = 60 * 1024
THINKING_BYTES = 9 * 1024

_VOCABULARY = """
    the contract invoice meeting quarter budget delivery customer supplier schedule report figure table because although
    therefore usually nearly compare summarise explain prepare review agree between within after before however a an of
    to in on for with and or but each every some many few clear short long careful draft final annual monthly price cost
"""
_WORDS = _VOCABULARY.split()
_CHINESE = ("合同的付款期限是三十天。", "请在周五之前确认。", "数字与上个季度相比有所增加。", "会议改到下周一。")


def mixed_markdown(size):
    """Headings, paragraphs with emphasis and links, lists, quotes, short code, small tables, formulas, Chinese."""
    dice = random.Random(1)
    return _filled(size, (_mixed_block(dice, number) for number in itertools.count(1)))


def one_code_block(size):
    """A single fenced block of Python that never ends."""
    dice = random.Random(2)

    def pieces():
        yield "```python\n"
        for number in itertools.count(1):
            yield (
                f"def step_{number}(value: int, rate: float = {dice.random():.3f}) -> str:\n"
                f'    """{_sentence(dice)}"""\n'
                f"    total = value * {dice.randrange(1, 999)}  # {_words(dice, 4)}\n"
                f'    return f"{{total:>8}} {_words(dice, 2)}"\n\n\n'
            )

    return _filled(size, pieces())


def one_list(size):
    """A single list, with an inner list now and then."""
    dice = random.Random(3)

    def pieces():
        for number in itertools.count(1):
            yield f"- **{_words(dice, 2)}** {_sentence(dice)}\n"
            if number % 5 == 0:
                yield f"  - {_sentence(dice)}\n  - `{_words(dice, 1)}` {_sentence(dice)}\n"

    return _filled(size, pieces())


def one_paragraph(size):
    """A single paragraph without one line break."""
    dice = random.Random(4)
    return _filled(size, (_prose(dice) + " " for _ in itertools.repeat(None)))


def one_table(size):
    """A single table of five columns."""
    dice = random.Random(5)

    def pieces():
        yield "| No. | Item | Remark | Price | State |\n| ---: | :--- | --- | ---: | :---: |\n"
        for number in itertools.count(1):
            yield (
                f"| {number} | {_words(dice, 2)} | {_words(dice, 5)} **{_words(dice, 1)}** "
                f"| {dice.randrange(10_000) / 100:.2f} | `{_words(dice, 1)}` |\n"
            )

    return _filled(size, pieces())


def thinking(size=THINKING_BYTES):
    """A trace: short paragraphs of plain prose."""
    dice = random.Random(6)
    return _filled(size, (_prose(dice) + "\n\n" for _ in itertools.repeat(None)))


SHAPES: dict[str, Callable[[int], str]] = {
    "mixed": mixed_markdown,
    "code": one_code_block,
    "list": one_list,
    "paragraph": one_paragraph,
    "table": one_table,
}


def tokens_of(text):
    """Cut a text as a model would say it: about four letters of English, or one or two of Chinese, at a time."""
    dice = random.Random(len(text))
    tokens = []
    at = 0
    while at < len(text):
        length = 1 if ord(text[at]) > 0x2E80 else dice.choice((2, 3, 4, 4, 5, 6))
        tokens.append(text[at : at + length])
        at += length
    return tokens


def _filled(size, pieces):
    raw = b""
    while len(raw) < size:
        raw += next(pieces).encode()
    return raw[:size].decode(errors="ignore")


def _words(dice, count):
    return " ".join(dice.choice(_WORDS) for _ in range(count))


def _sentence(dice):
    return _words(dice, dice.randrange(6, 14)).capitalize() + "."


def _prose(dice):
    styled = f"{_sentence(dice)} The *{_words(dice, 1)}* and the **{_words(dice, 2)}** use `{_words(dice, 1)}`."
    return f"{styled} {_sentence(dice)} {dice.choice(_CHINESE) if dice.random() < 0.2 else _sentence(dice)}"


def _mixed_block(dice, number):
    match number % 9:
        case 1:
            return f"## {number}. {_words(dice, 4).capitalize()}\n\n"
        case 2 | 4:
            return f"{_prose(dice)} See [{_words(dice, 2)}](https://example.org/{number}).\n\n"
        case 3:
            return "".join(f"{item}. {_sentence(dice)}\n" for item in range(1, 5)) + "\n"
        case 5:
            body = f"for item in range({number}):\n    print(item * {number})  # {_words(dice, 3)}\n"
            return f"```python\n{body}```\n\n"
        case 6:
            return f"> {_sentence(dice)}\n> {_sentence(dice)}\n\n"
        case 7:
            rows = "".join(f"| {_words(dice, 1)} | {dice.randrange(999)} |\n" for _ in range(3))
            return f"| Item | Number |\n| --- | ---: |\n{rows}\n"
        case 8:
            return f"The sum is $\\frac{{a_{number}}}{{b + {number}}}$ and not $x^2$. {dice.choice(_CHINESE)}\n\n"
        case _:
            return "".join(f"- {_sentence(dice)}\n" for _ in range(4)) + "\n"
