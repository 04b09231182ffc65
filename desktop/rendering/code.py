"""Colours for code: which stretches of each line are a keyword, a string, a comment and so on.

By Pygments, imported at the first use. Names kinds only; what they look like is the theme's. Offsets count characters
of the line. Highlighting never fails: what cannot be read in a bounded time stays plain.

The language of code without a label is guessed where a line near its beginning leaves no doubt: a few certain signs, no
statistics. A wrong guess colours keywords in a letter, no guess leaves code plain. The first line with a sign decides,
so a block that still grows changes its language once at most.
"""

from __future__ import annotations

import functools
import re
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from enum import StrEnum
from itertools import islice
from typing import Any, Final

# A minified file in one line brings some lexers to a standstill, and nobody reads its colours.
LONGEST_LINE = 1_000

# Letters that are read in one go: some ten milliseconds. Of a longer block, and of one that still grows, what is looked
# at is read with some lines above it, which may hide the beginning of a long string or comment.
_WHOLE = 8_000
_ABOVE = 1_000

_PATIENCE = 0.03  # seconds of CPU for that; with a slow lexer, what is left then stays plain


class TokenKind(StrEnum):
    KEYWORD = "keyword"
    STRING = "string"
    COMMENT = "comment"
    NUMBER = "number"
    FUNCTION = "function"
    BUILTIN = "builtin"
    TYPE = "type"
    CONSTANT = "constant"
    DECORATOR = "decorator"
    ATTRIBUTE = "attribute"
    TAG = "tag"
    OPERATOR = "operator"
    HEADING = "heading"
    INSERTED = "inserted"
    DELETED = "deleted"


ColouredLine = list[tuple[int, int, TokenKind]]
"""`(start, end, kind)` in order, without overlap; what is left out is plain."""

# By the longest matching beginning of Pygments' token path. Lexer errors stay plain: code that still grows is full of
# them.
_KINDS: dict[str, TokenKind | None] = {
    "Keyword": TokenKind.KEYWORD,
    "Keyword.Constant": TokenKind.CONSTANT,
    "Keyword.Type": TokenKind.TYPE,
    "Operator": TokenKind.OPERATOR,
    "Operator.Word": TokenKind.KEYWORD,
    "Name.Function": TokenKind.FUNCTION,
    "Name.Class": TokenKind.TYPE,
    "Name.Namespace": TokenKind.TYPE,
    "Name.Exception": TokenKind.TYPE,
    "Name.Builtin": TokenKind.BUILTIN,
    "Name.Constant": TokenKind.CONSTANT,
    "Name.Decorator": TokenKind.DECORATOR,
    "Name.Attribute": TokenKind.ATTRIBUTE,
    "Name.Property": TokenKind.ATTRIBUTE,
    "Name.Variable": TokenKind.ATTRIBUTE,
    "Name.Tag": TokenKind.TAG,
    "Literal.Number": TokenKind.NUMBER,
    "Literal.String": TokenKind.STRING,
    "Literal.String.Interpol": TokenKind.CONSTANT,
    "Comment": TokenKind.COMMENT,
    "Comment.Preproc": TokenKind.DECORATOR,
    "Comment.PreprocFile": TokenKind.STRING,
    "Generic.Heading": TokenKind.HEADING,
    "Generic.Subheading": TokenKind.HEADING,
    "Generic.Inserted": TokenKind.INSERTED,
    "Generic.Deleted": TokenKind.DELETED,
    "Generic.Prompt": TokenKind.OPERATOR,
}

# What models write after the fence that Pygments calls otherwise.
_ALIASES = {
    "c#": "csharp",
    "f#": "fsharp",
    "vue": "html",
    "svelte": "html",
    "jsonc": "json",
    "json5": "json",
    "shellscript": "bash",
    "terminal": "console",
    "env": "bash",
    "golang": "go",
    "jsx": "javascript",
}


class CodeColours:
    """Colours of one block by the number of the line; which lines there are is said at each call."""

    def __init__(self, language: str) -> None:
        self._language = language
        self._known: dict[int, ColouredLine] = {}

    def of(self, number: int) -> ColouredLine | None:
        """Return the colours of a line, the same object as long as they stay; None while they are not known."""
        return self._known.get(number)

    def find(self, lines: Sequence[str], first: int, end: int, patience: float, *, may_grow: bool = False) -> bool:
        """Find the colours of the lines `first` to `end`, and of all in a block that is whole and not long.

        False while the language's lexer is being loaded, for which so many seconds are waited.
        """
        first = next((number for number in range(first, end) if number not in self._known), end)
        if first >= end:
            return True
        if not is_loaded(self._language, patience):
            return False
        if not may_grow and sum(map(len, lines)) <= _WHOLE:
            first, end = 0, len(lines)
        start, letters = first, 0
        while start > 0 and letters < _ABOVE:
            start -= 1
            letters += len(lines[start])
        for number, coloured in enumerate(coloured_lines(lines[start:end], self._language), start=start):
            if number >= first:
                self._known[number] = coloured
        return True

    def cut(self, length: int) -> None:
        """Forget the lines from `length` on."""
        for number in [number for number in self._known if number >= length]:
            del self._known[number]


def coloured_lines(lines: Sequence[str], language: str, patience: float = _PATIENCE) -> list[ColouredLine]:
    """Return the colours of lines that are given without their ends; `patience` are seconds of the thread."""
    coloured: list[ColouredLine] = [[] for _ in lines]
    lexer = _lexer_for(language)
    if lexer is None:
        return coloured
    text = "".join([line + "\n" if len(line) <= LONGEST_LINE else "\n" for line in lines])
    number, start = 0, 0  # of the current line, and where it begins in the text
    for position, token_type, value in _guarded(lexer.get_tokens_unprocessed(text), patience):
        kind = _kind_of(token_type)
        end = position + len(value)
        while number < len(lines):
            line_end = start + (len(lines[number]) if len(lines[number]) <= LONGEST_LINE else 0)
            if kind is not None:
                _add(coloured[number], max(position - start, 0), min(end, line_end) - start, kind)
            if end <= line_end:
                break
            number, start = number + 1, line_end + 1
    return coloured


def is_loaded(language: str, patience: float) -> bool:
    """Return True if lines of a language can be coloured at once; if not, its lexer is being loaded on another thread.

    `patience` are the seconds that may be waited for that. A lexer takes 5 to 70 ms, most of them for its expressions.
    """
    try:
        _loading(language).result(patience)
    except TimeoutError:
        return False
    return True


@functools.lru_cache(maxsize=64)
def _loading(language: str) -> Future[list[ColouredLine]]:
    return _loader().submit(coloured_lines, ["x"], language)


@functools.cache
def _loader() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(1, thread_name_prefix="lexers")


def _guarded(tokens: Iterable[tuple[int, Any, str]], patience: float) -> Iterator[tuple[int, Any, str]]:
    """Yield the tokens until patience ends; a lexer's own failure ends them, too."""
    source = iter(tokens)
    until = time.thread_time() + patience
    while time.thread_time() < until:
        batch = []
        try:
            for token in islice(source, 256):
                batch.append(token)
        except Exception:  # callbacks of hundreds of lexers: any error is possible
            yield from batch
            return
        yield from batch
        if len(batch) < 256:
            return


def _add(line: ColouredLine, start: int, end: int, kind: TokenKind) -> None:
    if start >= end:
        return
    if line and line[-1][1] == start and line[-1][2] is kind:
        line[-1] = (line[-1][0], end, kind)
    else:
        line.append((start, end, kind))


@functools.cache
def _kind_of(token_type: Any) -> TokenKind | None:
    path = str(token_type).removeprefix("Token.")
    while path:
        if path in _KINDS:
            return _KINDS[path]
        path = path.rpartition(".")[0]
    return None


@functools.lru_cache(maxsize=64)
def _lexer_for(language: str) -> Any:
    """Return the lexer of a name as it stands after a fence (`python`, `{.python}`, `Python3`, `py:title`), or None."""
    name = re.split(r"[\s,:;{}=]", language.strip("{} .").lower(), maxsplit=1)[0].removeprefix("language-")
    if not re.fullmatch(r"[a-z0-9.+#_-]{1,40}", name):
        return None
    try:
        from pygments.lexers import get_lexer_by_name

        return get_lexer_by_name(_ALIASES.get(name, name), stripnl=False, ensurenl=False)
    except Exception:  # mostly that there is none; a lexer that cannot be loaded would fail each paint
        return None


MOST_LINES = 30
_LOOKED_AT = 300  # letters of a line

# In order: the first that matches a line decides. Each must be rare in prose, in logs and in other languages.
_SIGNS: Final = tuple(
    (re.compile(sign), language)
    for sign, language in (
        (r"#!.*\bpython", "python"),
        (r"#!.*\b(?:ba|z|k|da)?sh\b", "bash"),
        (r"#!.*\b(?:node|deno|bun)\b", "javascript"),
        (r"#!.*\bperl\b", "perl"),
        (r"#!.*\bruby\b", "ruby"),
        (r"<\?php\b", "php"),
        (r"<\?xml\b", "xml"),
        (r"(?i)\s*<!doctype html\b", "html"),
        (r"\s*</?(?:html|head|body|div|span|script|style|table|ul|p|a|h[1-6])(?:\s+[\w-]+=.*)?>", "html"),
        (r"\s*<svg\s", "xml"),
        (r"\s*#\s*include\s*[<\"]", "cpp"),
        (r"(?:diff --git |--- a/|@@ -\d+(?:,\d+)? \+\d)", "diff"),
        (r"\s*(?:async )?def \w+\(.*\)(?: -> .+)?:\s*(?:#.*)?$", "python"),
        (r"\s*class \w+(?:\([\w., =]*\))?:\s*$", "python"),
        (r"from [\w.]+ import [\w(*]", "python"),
        (r"import \w+(?:\.\w+)*(?: as \w+)?\s*$", "python"),
        (r"\s*(?:export )?(?:default )?(?:async )?function\b\s*\*?\s*\w*\s*\(", "javascript"),
        (r"\s*(?:export )?(?:const|let) [\w$]+\s*(?::[^=]+)?= ?\S", "javascript"),
        (r"\s*(?:const|let) [{\[].*[}\]] = ", "javascript"),
        (r"\s*import .+ from ['\"].+['\"];?\s*$", "javascript"),
        (r"\s*console\.(?:log|error)\(", "javascript"),
        (r"using [A-Z]\w*(?:\.\w+)*;\s*$", "csharp"),
        (r"import [a-z]\w*(?:\.[\w*]+)+;\s*$", "java"),
        (r"\s*(?:public|private|protected) (?:static |final |abstract )*(?:class|interface|void|int|String)\b", "java"),
        (r"package \w+\s*$", "go"),
        (r"func (?:\(\w+ \*?\w+\) )?\w+\(.*\{\s*$", "go"),
        (r"\s*(?:pub )?fn \w+(?:<.*>)?\(", "rust"),
        (r"use (?:std|crate|super)::", "rust"),
        (r"\s*(?:SELECT|INSERT INTO|CREATE (?:TABLE|VIEW|INDEX)|DELETE FROM|ALTER TABLE)\s+\S", "sql"),
        (r"(?i)\s*select\s.+\sfrom\s", "sql"),
        (r"\s*\[?\s*{?\s*\"[\w $./@-]+\"\s*:\s*(?:[\[{\"\d-]|true|false|null)", "json"),
        (r"(?:\.[\w-]+|#[\w-]+|@media .+|body|:root)\s*\{\s*$", "css"),
        (r"FROM [\w./-]+(?::[\w.-]+)?(?: AS \w+)?\s*$", "docker"),
        (r"\\(?:documentclass|begin\{|usepackage)", "tex"),
        (r"\$ \w", "console"),
        (r"(?:sudo|apt|apt-get|pip3?|npm|npx|git|docker|curl|cd|mkdir|brew) [\w./~-]", "bash"),
        (r"(?:graph|flowchart) (?:TD|TB|LR|RL|BT)\b|(?:sequence|class|state|er)Diagram(?:-v2)?\s*$", "mermaid"),
    )
)


def guess_language(lines: Sequence[str]) -> str:
    """Return a name as it could stand after a fence, or an empty string. Only whole lines may be given."""
    for line in lines[:MOST_LINES]:
        for sign, language in _SIGNS:
            if sign.match(line[:_LOOKED_AT]):
                return language
    return ""
