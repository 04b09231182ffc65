"""Markdown as models write it, whole and in random pieces, for the tests of parsing."""

from __future__ import annotations

from hypothesis import strategies as st
from PySide6.QtGui import QPainterPath

from desktop.rendering.formula.typesetter import Formula, Key
from desktop.rendering.text.leaves import Leaf

ANSWERS = {
    "steps": """Here is how to set up the project. You need **Python 3.11** or newer, see <https://python.org>.

1. Create an environment:

   ```bash
   python3 -m venv .venv
   . .venv/bin/activate
   ```

2. Install it with `pip install -e .`
   and wait.
3. Run the tests:
   - all of them: `pytest`
   - one file: `pytest tests/test_x.py`

     With more output, add `-v`.

   > Note: the *first* run is slow.
   > It compiles everything
   without asking.

4. [ ] Check the result
5. [x] Be glad

That is all! 🎉
""",
    "comparison": """## Comparison

| Plan | Price / month | Good for |
|:-----|--------------:|:--------:|
| **Small** | 10 € | one person |
| Large | 100 € \\| 90 € | `teams` |
| Missing |

***

### Why?
Because of [this page][1] and [that one].
Setext headings
---------------
work, too.

[1]: https://example.com/a "A title"
[that one]: <https://example.com/b c>
""",
    "chinese": """# 合同要点

以下是**三个要点**：

- **付款**：三十天之内
  （自收到发票之日起）
- 交付：按`计划`
- 其他：参见https://example.com/说明。

> 请在周五之前确认。

~~旧条款~~已经删除。
""",
    "code": """Two blocks:

```python
def f(x: int) -> int:
    \"\"\"A fence in a string: ``` is text here.

    ```
    \"\"\"
    return x


```

~~~~
~~~ not the end
\ttab
~~~~

    indented code

      with more indentation

done
""",
    "nested": """* one
    * two
        1. three
        2. four

           para

    * five
* six
+ another list
  > quote
  > > deeper
  > back
  > ```
  > code in a quote

-
-
  after an empty item
1) x
2) y
7) z
""",
    "open": """A paragraph with **bold that never ends and `code that never ends

- [a link](https://example.com/ that breaks
- | not | a table

```js
const unfinished = `template ${""",
    "html": """<div onclick="x">text</div> &copy; &#x4E2D; <!-- comment -->

<script>
alert(1)
</script>

![picture](https://example.com/p.png "t") and a line{spaces}
break\\
here
""".replace("{spaces}", "  "),
    "formulas": r"""The roots of $ax^2 + bx + c$ are:
$$
x_{1,2} = \frac{-b \pm \sqrt{b^2 - 4ac}}{2a}
$$
where

1. the discriminant is

   \[
   D = b^2
   - 4ac

   = (x_1 - x_2)^2
   \]
2. and $$D > 0$$ or
   $$ D = 0 $$

> \[ e^{i\pi} + 1 = 0 \]

It costs $5 and \[see below\], or $$ by the dozen.

$$ is a sign of the shell

# and

- not of a formula
""",
    "notes": """As Smith says[^1], and others[^2][^note].

11. [x] done
12. [ ] not done[^3]

Here is the end:
- 2024 was a year
- 1.5 is a number
* * *
[^1]: Smith, *On Notes*, 2024,
page 3.

    With a second paragraph.
[^2]: <https://example.com/2>
[^note]: A word.

[^3]:
    ```
    code
    ```
""",
    "definitions": """[a] and [b c] and [d][] before.

- [a] in an item

[a]: https://example.com/a
[B  C]: https://example.com/b 'title
in two lines'
[d]: <>
[a]: https://example.com/second

| [a] | x |
|-----|---|
| [b c] | y |

- [e]: https://example.com/e
- [e]
""",
}

EXTENSIONS = {"formulas", "notes"}
"""Those of the answers that markdown-it would read in another way."""

_PIECES = [
    *("- ", "* ", "1. ", "2) ", "> ", "    ", "  ", "\t", "# ", "## ", "---", "===", "***", "|", "|-|-|"),
    *("a | b\n--|--\n", "| r | s |\n", "```", "```\n", "~~~", "\n", "\n", "\n\n", "\r\n", "\r", "text", "word "),
    *("中文", "é", "\0", "\\", "1", "[ ] ", "[x] ", "`", "**", "_", "~~", "*x*", "`c`", "[a]", "[a]: /u\n"),
    *("[b]: https://x.y\n\n", "[l](https://x.y)", "![i](x)", "<b>", "https://x.y/z ", "lorem ipsum dolor " * 14),
    *("$$", "$$\n", "\n$$\n", r"\[", "\\[\n", "\\]\n", "$x$", "x_1 = 2", "[^1]", "[^1]: ", "[^n]: x\n", "~~"),
    *("没有空格的长段落" * 30, "5*3 [x " * 12, "x" * 700),
]

fragments = st.lists(st.sampled_from(_PIECES), max_size=24).map("".join)
"""Texts of which most break some rule of Markdown."""


def _indented(text, first, rest):
    lines = text.split("\n")
    return "\n".join([first + lines[0], *((rest + line) if line else rest.rstrip() for line in lines[1:])])


_words = st.sampled_from(
    ["text", "two words", "**bold** text", "a `code` b", "中文", "one\ntwo", "a [l](https://x.y) b"]
)
_leaf = st.one_of(
    _words,
    _words.map(lambda words: "# " + words.split("\n")[0]),
    _words.map(lambda words: words + "\n==="),
    st.sampled_from(
        ["```py\nx = 1\n\ny\n```", "~~~\n~~\n~~~", "***", "    code\n\n      more", "| a | b |\n|---|:-:|\n| 1 | 2 |"]
    ),
)


def _nested(inner):
    blocks = st.lists(inner, min_size=1, max_size=3)
    return st.one_of(
        blocks.map(lambda parts: _indented("\n\n".join(parts), "> ", "> ")),
        blocks.map(lambda parts: "\n".join(_indented(part, "- ", "  ") for part in parts)),
        blocks.map(lambda parts: "\n\n".join(_indented(part, "3. ", "   ") for part in parts)),
        blocks.map(lambda parts: _indented("\n\n".join(parts), "+ ", "  ")),
    )


well_formed = st.lists(st.recursive(_leaf, _nested, max_leaves=8), min_size=1, max_size=5).map("\n\n".join)
"""Texts in which every block stands where it should, nested at will."""


_line = st.sampled_from(
    [
        "Kind regards",
        "A. Clerk",
        "12 High Street",
        "*so much*",
        "and `code`",
        "床前明月光，",
        "  疑是地上霜。",
        "$x_1 + y$",
        "한국",
    ]
)
_lines = st.lists(_line, min_size=1, max_size=5)

letters = st.lists(
    st.one_of(
        _lines.map("\n".join),
        _lines.map("  \n".join),
        _lines.map(lambda lines: "> " + "\n> ".join(lines)),
        _lines.map(lambda lines: "> " + "\n".join(lines)),
        _lines.map(lambda lines: "- " + "\n  ".join(lines)),
        _lines.map(lambda lines: "1. " + "\n".join(lines)),
        _lines.map(lambda lines: "\n".join(lines) + "\n==="),
    ),
    min_size=1,
    max_size=4,
).map("\n\n".join)
"""Letters, addresses and poems: paragraphs, headings, quotes and items of several short lines."""


def without_growth(leaf):
    """The leaf as it is shown, without what is known of its growing."""
    return Leaf(leaf.kind, leaf.text, leaf.spans, leaf.containers, leaf.level, leaf.language, leaf.table, leaf.source)


def block(width=3.0, ascent=0.8, descent=0.2):
    """A black rectangle; lengths in ems."""
    outlines = QPainterPath()
    outlines.addRect(0.0, -ascent, width, ascent + descent)
    return Formula(outlines, (), width, ascent, descent)


class Formulas:
    """What a page asks. All that is asked for is there, but for what is `withheld` and what is called "broken"."""

    def __init__(self, *, withheld=False, sizes=None):
        self.asked: list[Key] = []
        self.withheld = withheld
        self._sizes = sizes or {}

    def lookup(self, latex, display):
        self.asked.append((latex, display))
        if self.withheld or latex == "broken":
            return None
        return self._sizes.get(latex) or block()

    def is_turned_down(self, latex, display):
        return latex == "broken" and not self.withheld

    def release(self):
        """Have all that was asked for, or turn it down; answers what is said to be ready then."""
        self.withheld = False
        return frozenset(self.asked)
