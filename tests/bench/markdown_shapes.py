"""`python -m tests.bench.markdown_shapes`: what reading Markdown costs while it grows, by the shape of the text.

One shape, one block that never ends. Prints CPU seconds for the whole text, appended at 30 flushes a second (about 55
characters each) and token by token, and the cost of the last appends over that of the first. Then what a stored text of
a megabyte costs: its blocks, in steps of a thousand characters, and the words of all its leaves. And what a text of one
sign costs, as Markdown and as it is, over prose of the same length: none should be over 10.
"""

from __future__ import annotations

import gc
import itertools
import random
import time
from collections.abc import Callable

from desktop.rendering.markdown.document import MarkdownDocument
from desktop.rendering.markdown.leaves import parse
from desktop.rendering.text.plain_document import PlainDocument

SIZE = 69 * 1024
SIGNS = (" ", "\t", "\n", " \n", "\f", "a", "\u0301", "\u200b", "\u200d", "\u00a0", "\u3000", "\u202e", "> ")
_LONG = 6_000_000

_PHRASE = "the model answers with words that are neither long nor short, *some* of them **bold** or `code`, and more"
_WORDS = _PHRASE.split()


def _sentence(dice: random.Random, length: int) -> str:
    words, total = [], 0
    while total < length:
        words.append(dice.choice(_WORDS))
        total += len(words[-1]) + 1
    return " ".join(words) + "."


def _filled(size: int, first: str, piece: Callable[[random.Random, int], str]) -> str:
    dice, parts, total = random.Random(7), [first], len(first)
    for number in itertools.count(1):
        parts.append(piece(dice, number))
        total += len(parts[-1])
        if total >= size:
            return "".join(parts)[:size]
    raise AssertionError


def _mixed(dice: random.Random, number: int) -> str:
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


def _appended(text: str, step: int) -> list[float]:
    """CPU seconds of each append, and of `finish` at the end."""
    document, spent = MarkdownDocument(), []
    for position in range(0, len(text), step):
        began = time.process_time()
        document.append(text[position : position + step])
        spent.append(time.process_time() - began)
    began = time.process_time()
    document.finish()
    spent.append(time.process_time() - began)
    return spent


def _ratio(spent: list[float], count: int) -> float:
    """The last appends over the first after warming up."""
    return sum(spent[-count - 1 : -1]) / sum(spent[count // 2 : count // 2 + count])


def _loaded(text: str) -> tuple[list[float], float]:
    """CPU seconds of each step of reading a stored text, and of reading what all its leaves say."""
    document, spent = MarkdownDocument(), []
    for position in range(0, len(text), 1_000):
        began = time.process_time()
        document.append(text[position : position + 1_000], more_follows=True)
        spent.append(time.process_time() - began)
    began = time.process_time()
    document.finish()
    spent.append(time.process_time() - began)
    began = time.process_time()
    for leaf in document.leaves:
        _ = leaf.text
    return spent, time.process_time() - began


def main() -> None:
    parse("warm *up*")
    _print_growing()
    _print_stored()
    _print_signs()


def _print_signs() -> None:
    prose = "The office pays the rent on the third day of each month. " * 20 + "\n\n"
    usual = _at_once(MarkdownDocument, prose * (_LONG // len(prose)))
    print(f"\n{'one sign, 6 MB':16} {'Markdown':>9} {'plain':>9}   (prose: {usual:.2f} s)")
    for sign in SIGNS:
        text = sign * (_LONG // len(sign)) + "x"
        as_markdown, plain = (_at_once(each, text) / usual for each in (MarkdownDocument, PlainDocument))
        print(f"{sign!a:16} {as_markdown:9.2f} {plain:9.2f}")


def _at_once(make: type[MarkdownDocument | PlainDocument], text: str) -> float:
    """CPU seconds of reading a text that is there at once."""
    began = time.process_time()
    document = make()
    document.append(text)
    document.finish()
    return time.process_time() - began


def _print_stored() -> None:
    gc.collect()
    gc.disable()  # as the program does while something moves
    print(f"\n{'stored, 1 MB':16} {'blocks':>9} {'longest':>9} {'words':>9}")
    for name, shape in SHAPES.items():
        steps, words = _loaded(shape(1_000_000))
        print(f"{name:16} {sum(steps):7.2f} s {max(steps) * 1000:6.1f} ms {words:7.2f} s")


def _print_growing() -> None:
    print(
        f"{'shape':16} {'55 chars':>9} {'last/first':>10} {'longest':>9} {'4 chars':>9} {'last/first':>10} {'whole':>8}"
    )
    for name, shape in SHAPES.items():
        text = shape(SIZE)
        flushes, tokens = _appended(text, 55), _appended(text, 4)
        began = time.process_time()
        parse(text)
        whole = time.process_time() - began
        print(
            f"{name:16} {sum(flushes):7.2f} s {_ratio(flushes, 300):10.2f} {max(flushes) * 1000:6.1f} ms"
            f" {sum(tokens):7.2f} s {_ratio(tokens, 1000):10.2f} {whole * 1000:5.0f} ms"
        )


if __name__ == "__main__":
    main()
