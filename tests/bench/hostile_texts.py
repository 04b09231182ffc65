"""Texts made to hang a window: deep, long, wide, and many of a kind. The same at every run."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.bench.texts import one_code_block, one_paragraph
from tests.e2e import attacks


def _rows(count, columns):
    head = "|" + " h |" * columns + "\n|" + "---|" * columns + "\n"
    return head + "".join("|" + f" {number} |" * columns + "\n" for number in range(count))


def _code(lines):
    body = "".join(f"def step_{number}(value: int) -> str:  # line {number}\n" for number in range(lines))
    return f"```python\n{body}```\n"


HOSTILE: dict[str, Callable[[], str]] = {
    "5,000 quotes in each other": lambda: "> " * 5_000 + "x",
    "5,000 list items in each other": lambda: "- " * 5_000 + "x",
    "500 lists, one a line": lambda: "".join("  " * level + "- x\n" for level in range(500)),
    "1 MB of sentences in one paragraph": lambda: one_paragraph(1_000_000),
    "1 MB of lines of code": lambda: f"{one_code_block(1_000_000)}\n```\n",
    "10 MB on one line": lambda: "word " * 2_000_000,
    "1 MB without a space": lambda: "a" * 1_000_000,
    "1 MB of Chinese without a break": lambda: "合同的付款期限是三十天" * 32_000,
    "100,000 backticks": lambda: "`" * 100_000,
    "100,000 open brackets": lambda: "[" * 100_000,
    "100,000 links": lambda: "[a](https://x.example/1) " * 100_000,
    "100,000 stars and words": lambda: "*a " * 100_000,
    "50,000 rows of a table": lambda: _rows(50_000, 4),
    "1,900 columns of a table": lambda: _rows(3, 1_900),
    "20,000 lines of code": lambda: _code(20_000),
    "1 MB of code on one line": lambda: "```js\n" + "var a=1;" * 125_000 + "\n```\n",
    "100,000 combining marks": lambda: "a" + "\u0301\u0323\u035c\u0489" * 25_000,
    "100,000 blank lines": lambda: "a\n" + "\n" * 100_000 + "b",
    "a page of attacks": lambda: attacks.page(Path("/nowhere"), "http://127.0.0.1:9"),
    "100,000 images": lambda: "![a](https://x.example/1.png)\n" * 100_000,
}
"""Name and text; made when asked for, since some take megabytes."""
