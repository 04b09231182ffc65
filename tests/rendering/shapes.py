"""Texts of one shape each, whose one block never ends: what reading Markdown finds hard while they grow."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable

_PHRASE = "the model answers with words that are neither long nor short, *some* of them **bold** or `code`, and more"
_WORDS = _PHRASE.split()


def _sentence(dice, length):
    words, total = [], 0
    while total < length:
        words.append(dice.choice(_WORDS))
        total += len(words[-1]) + 1
    return " ".join(words) + "."


def _filled(size, first, piece):
    dice, parts, total = random.Random(7), [first], len(first)
    for number in itertools.count(1):
        parts.append(piece(dice, number))
        total += len(parts[-1])
        if total >= size:
            return "".join(parts)[:size]
    raise AssertionError


def _mixed(dice, number):
    return (
        f"## Heading {number}\n\n{_sentence(dice, 300)}\n\n- {_sentence(dice, 60)}\n- {_sentence(dice, 60)}\n"
        f"  - {_sentence(dice, 40)}\n\n```python\ndef f{number}(x):\n    return x + {number}\n```\n\n"
        f"| a | b |\n|---|---|\n| {number} | *x* |\n\n> {_sentence(dice, 80)}\n\n"
    )


SHAPES: dict[str, Callable[[int], str]] = {
    "mixed": lambda size: _filled(size, "", _mixed),
    "code": lambda size: _filled(size, "```python\n", lambda dice, n: f"    value_{n} = compute({n})  # a note\n"),
    "code in an item": lambda size: _filled(size, "1. x\n\n   ```py\n", lambda dice, n: f"   value_{n} = f({n})\n"),
    "list": lambda size: _filled(size, "", lambda dice, n: f"- {_sentence(dice, 70)}\n"),
    "numbered list": lambda size: _filled(size, "", lambda dice, n: f"1. {_sentence(dice, 70)}\n\n"),
    "nested list": lambda size: _filled(
        size, "1. x\n", lambda dice, n: f"   - {_sentence(dice, 60)}\n     - {_sentence(dice, 30)}\n"
    ),
    "one line": lambda size: _filled(size, "", lambda dice, n: _sentence(dice, 100) + " "),
    "paragraph": lambda size: _filled(size, "", lambda dice, n: _sentence(dice, 100) + "\n"),
    "Chinese": lambda size: _filled(size, "", lambda dice, n: "这是一个没有空格的长段落，其中有**粗体**和`代码`。"),
    "unclosed": lambda size: _filled(size, "", lambda dice, n: f"{n}*3 a_b [x {_sentence(dice, 80)} "),
    "table": lambda size: _filled(size, "| a | b |\n|---|---|\n", lambda dice, n: f"| {n} | {_sentence(dice, 40)} |\n"),
    "quote": lambda size: _filled(
        size, "", lambda dice, n: f"> {_sentence(dice, 90)}\n" + (">\n" if n % 3 == 0 else "")
    ),
}
