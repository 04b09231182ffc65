"""Colours for code: which stretches of each line are a keyword, a string, a comment and so on.

By Pygments, imported at the first use. Names kinds only; what they look like is the theme's. Offsets count characters
of the line. Highlighting never fails: what cannot be read in a bounded time stays plain.
"""

from __future__ import annotations

import functools
import re
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from enum import StrEnum
from typing import Any, Final

# A minified file in one line brings some lexers to a standstill, and nobody reads its colours.
LONGEST_LINE = 1_000

# Seconds of CPU that a call may take, since somebody waits to see its lines; for a few it takes a millisecond. What is
# left then stays plain.
_PATIENCE = 0.03

# Lines seen again as context by lexers that cannot be resumed.
_CONTEXT_LINES = 8


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

# Lexers tried out to give the same colours when they are stopped at the end of a line and taken up again.
_RESUMABLE: Final = frozenset(
    {"bash", "c", "c++", "css", "csharp", "dart", "diff", "docker", "elixir", "go", "groovy", "haskell", "html", "ini"}
    | {"java", "javascript", "julia", "kotlin", "lua", "matlab", "nginx", "objective-c", "perl", "php", "powershell"}
    | {"python", "r", "ruby", "rust", "scala", "scss", "sql", "swift", "toml", "typescript", "xml", "zig"}
)


class CodeHighlighter:
    """Highlighter of lines as they come; what it costs does not depend on how many came before."""

    def __init__(self, language: str) -> None:
        self._lexer = _lexer_for(language)
        self._resumable = _resumable_for(self._lexer)
        self._stack: list[str] = ["root"]
        self._comment = _comment_marks(self._lexer)
        self._opening = ""  # of a comment that the lines so far have left open
        self._context: list[str] = []

    @property
    def is_at_start(self) -> bool:
        """True if the next line is read as if it were the first: nothing is open."""
        return self._stack == ["root"] and not self._opening

    def append_lines(self, lines: list[str]) -> list[ColouredLine]:
        """Return the colours of these whole lines, given without line ends, that follow those given before."""
        if self._lexer is None or not lines:
            return [[] for _ in lines]
        if self._resumable is None:
            return self._with_context(lines)
        try:
            return self._resumed(lines)
        except Exception:  # a callback of a lexer that does not know it can be resumed: any error is possible
            self._resumable = None
            return self._with_context(lines)

    def _with_context(self, lines: list[str]) -> list[ColouredLine]:
        seen = self._context
        whole = seen + lines
        self._context = whole[-_CONTEXT_LINES:]
        tokens = _guarded(self._lexer.get_tokens_unprocessed(_lexed(whole)))
        return _by_lines(tokens, whole)[len(seen) :]

    def _resumed(self, lines: list[str]) -> list[ColouredLine]:
        from pygments.lexer import LexerContext

        first = [self._opening] if self._opening else []
        whole = first + lines
        text = _lexed(whole)
        # The closing makes a comment that is still open a comment; what stands after `text` is thrown away. The line
        # feed before it is no surprise in any state, so none is left for it.
        context = LexerContext(f"{text}\n{self._comment[1]}\n", 0, stack=list(self._stack))
        tokens: list[tuple[int, Any, str]] = []
        stack, opening = ["root"], ""
        deadline = time.thread_time() + _PATIENCE
        # The state belongs to the token that was given last, so tokens are taken one by one.
        for position, kind, value in self._resumable.get_tokens_unprocessed(context=context):
            if position >= len(text):
                stack = list(context.stack)
                break
            tokens.append((position, kind, value))
            if position + len(value) > len(text):
                stack = list(context.stack)
                opening = self._comment[0] if value.startswith(self._comment[0]) else ""
                break
            if len(tokens) % 256 == 0 and time.thread_time() > deadline:
                break
        self._stack, self._opening = stack, opening
        return _by_lines(tokens, whole)[len(first) :]


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
def _loading(language: str) -> Future[CodeHighlighter]:
    return _loader().submit(CodeHighlighter, language)


@functools.cache
def _loader() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(1, thread_name_prefix="lexers")


def _lexed(lines: list[str]) -> str:
    """Return the text given to the lexer, line for line; what it should not see is an empty line."""
    return "".join([line + "\n" if len(line) <= LONGEST_LINE else "\n" for line in lines])


def _guarded(tokens: Iterable[tuple[int, Any, str]], patience: float = _PATIENCE) -> Iterator[tuple[int, Any, str]]:
    """Yield the tokens until patience (seconds of the thread) ends; a lexer's own failure ends them, too."""
    spent = 0.0
    source = iter(tokens)
    while spent < patience:
        began = time.thread_time()
        batch = []
        try:
            for token in source:
                batch.append(token)
                if len(batch) == 256:
                    break
        except (RecursionError, ValueError, IndexError, KeyError, AttributeError, AssertionError):
            yield from batch
            return
        spent += time.thread_time() - began
        yield from batch
        if len(batch) < 256:
            return


def _by_lines(tokens: Iterable[tuple[int, Any, str]], lines: list[str]) -> list[ColouredLine]:
    """Sort tokens, at offsets of `_lexed(lines)`, into lines."""
    coloured: list[ColouredLine] = [[] for _ in lines]
    number, start = 0, 0  # of the current line, and where it begins
    for position, token_type, value in tokens:
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


def _comment_marks(lexer: Any) -> tuple[str, str]:
    """Return what opens and what closes a comment over lines.

    Only lexers that read it as one token come to depend on it.
    """
    is_markup = lexer is not None and not {"html", "xml"}.isdisjoint(lexer.aliases)
    return ("<!--", "-->") if is_markup else ("/*", "*/")


def _resumable_for(lexer: Any) -> Any:
    """Return the same lexer with its state in an object that is kept between calls, where that is known to work."""
    if lexer is None or not _RESUMABLE.intersection(lexer.aliases):
        return None
    lexer_class: Any = lexer.__class__
    try:
        return _resumable_class(lexer_class)(stripnl=False, ensurenl=False)
    except TypeError:  # bases that do not fit together: another version of Pygments
        return None


@functools.cache
def _resumable_class(lexer_class: Any) -> Any:
    from pygments.lexer import ExtendedRegexLexer, LexerContext

    if issubclass(lexer_class, ExtendedRegexLexer):
        return lexer_class

    def get_tokens_unprocessed(
        self: Any, text: str = "", stack: Iterable[str] = ("root",), context: Any = None
    ) -> Iterator[tuple[int, Any, str]]:
        """Return the tokens.

        Pygments' own takes a context, what a lexer gives to itself again comes with a stack instead.
        """
        context = context or LexerContext(text, 0, stack=list(stack))
        tokens: Iterator[tuple[int, Any, str]] = ExtendedRegexLexer.get_tokens_unprocessed(self, context=context)
        return tokens

    methods = {"get_tokens_unprocessed": get_tokens_unprocessed}
    return type(f"Resumable{lexer_class.__name__}", (ExtendedRegexLexer, lexer_class), methods)
