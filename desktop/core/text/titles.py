"""The automatic title of a conversation: the gist of its first message, by rule and without a model.

Takes the first line that says something, or its first sentence, without Markdown, greetings, polite phrases, quotations
and the labels of a built prompt, and cuts it to what a sidebar can show. What a prompt made of parts is about is the
business of `core.tasks.title`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from functools import cache
from itertools import count

from desktop.core.resources import table
from desktop.core.text.markdown import fence_of
from desktop.core.text.scripts import sentences_of

TITLE_COLUMNS = 48  # what a sidebar of usual width shows in one line
_LOOKED_AT = 4_000  # a message may be megabytes; a title that comes later in it says little
_FEWEST = 6  # columns that a title has left when polite words are gone
_ENOUGH = 12  # columns; a sentence shorter than this ("Done.") is joined by the next

_THANKS = re.compile(
    r"(?:many thanks|thanks|thank you)\b.{0,30}|(?:多谢|谢谢|感谢).{0,6}|dear\b.{0,40}[,:]", re.IGNORECASE
)
_TRIPLE = re.compile(r'\s*(?:"{3,}|\'{3,})\s*')
_RULE = re.compile(r"[\W_]*")  # nothing but punctuation: a rule, a delimiter, a bracket
_ELEMENT = re.compile(r"\s*</?[A-Za-z][\w.:-]*(?:\s[^<>]*)?/?>\s*")  # an XML tag alone on its line
_BLOCK_MARKS = re.compile(r"\s*(?:>+\s*|#{1,6}\s+|[-*+•]\s+|\d{1,3}[.)、]\s+|\[[ xX]\]\s+)*")
_LINK = re.compile(r"!?\[([^\[\]]*)\]\([^()\s]*(?:\s+\"[^\"]*\")?\)")
_STRONG = re.compile(r"(\*\*\*|\*\*|__|~~|\"\"\"|''')(?=\S)(.+?)(?<=\S)\1")
_EMPHASIS = re.compile(r"(?<![\w*_])([*_])(?=[^\s*_])([^*_]+?)(?<=\S)\1(?![\w*_])")
_CODE = re.compile(r"(`+)(.+?)\1")
_LABEL = re.compile(r"([^\W\d_][\w ]{1,20}?)\s*[:：]\s*")
_INVISIBLE = re.compile("[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_JOINER = "\u200d"


@cache
def _one_of(name: str, behind: str = "") -> re.Pattern[str]:
    """Return what finds one of the words of a list, and what may stand behind them."""
    longest_first = sorted(table("titles.toml")[name], key=len, reverse=True)
    return re.compile(rf"(?:{'|'.join(map(re.escape, longest_first))}){behind}", re.IGNORECASE)


@cache
def _polite() -> re.Pattern[str]:
    """Return what finds a polite beginning: what is asked for comes behind it, and tells conversations apart."""
    names = ("asking_zh", "able_zh", "helping_zh", "polite")
    asking, able, helping, english = (_one_of(name).pattern for name in names)
    chinese = rf"(?:(?:{asking})?(?:{able})?{helping}|{asking}(?![教求假示客柬帖]))[，,]?"
    return re.compile(rf"(?:{chinese}|{english}\b,?)\s*", re.IGNORECASE)


def title_from(text: str) -> str:
    """Return a title of at most `TITLE_COLUMNS` columns, where a wide character takes two.

    Empty only for an empty text.
    """
    if not text:
        return ""
    shown = _INVISIBLE.sub("", text.lstrip()[:_LOOKED_AT])
    title = _first_sentence(_first_line(shown.splitlines()))
    return _shorten(title or " ".join(shown.split()) or "…")


def title_of_words(text: str, files: Sequence[str]) -> str:
    """Return a title for a text, or for the first of its files where nothing is said."""
    return title_from(text) or title_from(next(iter(files), "")) or title_from("…")


def two_part_title(task: str, thing: str) -> str:
    """Return a title that names a task, then what it is about."""
    begun = _shorten(task.rstrip("?？!！"), TITLE_COLUMNS // 2)
    return _shorten(f"{begun}：{title_from(thing)}" if _is_wide(begun[-1]) else f"{begun}: {title_from(thing)}")


def distinct(title: str, taken: Collection[str]) -> str:
    """Return the title; one that is taken gets a number before it, where a narrow list still shows it."""
    return next(each for each in _numbered(title) if each not in taken)


def _numbered(title: str) -> Iterator[str]:
    yield title
    for number in count(2):
        yield f"({number}) {title}"


def _first_line(lines: list[str]) -> str:
    """Return the first line that says something: what is asked before what is quoted, and that before code."""
    quoted = code = ""
    in_code = in_quotes = False
    for line in lines:
        if fence_of(line) is not None:
            in_code = not in_code
        elif not in_code and _TRIPLE.fullmatch(line):
            in_quotes = not in_quotes
        elif says := "" if _ELEMENT.fullmatch(line) or _RULE.fullmatch(line) else _plain(line):
            if in_code:
                code = code or " ".join(line.split())
            elif in_quotes or line.lstrip().startswith(">") or _THANKS.fullmatch(says):
                quoted = quoted or says
            else:
                return says
    return quoted or code


def _plain(line: str) -> str:
    """Return a line without Markdown, labels and greetings; empty when nothing is left."""
    line = line[_match_end(_BLOCK_MARKS, line) :]
    line = _LINK.sub(r"\1", line)
    for mark in (_STRONG, _EMPHASIS, _CODE):
        line = mark.sub(r"\2", line)
    line = " ".join(line.replace('"""', " ").rstrip("# ").split())
    while True:
        label = _LABEL.match(line)
        greeted = _match_end(_one_of("greetings", r"\s*[,.!，。！、~～]+\s*"), line + ".")
        if label and _one_of("labels").fullmatch(label[1]):
            line = line[label.end() :]
        elif _one_of("labels").fullmatch(line) or greeted > len(line):
            return ""  # nothing but a label, or a greeting
        elif greeted:
            line = line[greeted:]
        else:
            break
    return "" if _RULE.fullmatch(line) else _asked(line)


def _asked(line: str) -> str:
    """Return a line without its polite beginning, unless hardly anything would be left."""
    asked = line[_match_end(_polite(), line) :]
    if asked == line or columns(asked) < _FEWEST:
        return line
    return asked[:1].upper() + asked[1:]


def _match_end(pattern: re.Pattern[str], text: str) -> int:
    match = pattern.match(text)
    return match.end() if match else 0


def _first_sentence(line: str) -> str:
    sentence = ""
    for each in sentences_of(line):
        sentence += each
        if columns(sentence.strip()) >= _ENOUGH:
            break
    bare = sentence.strip().rstrip(" .。,，;；:：、")
    return bare or sentence.strip()


def _shorten(title: str, most: int = TITLE_COLUMNS) -> str:
    if columns(title) <= most:
        return title
    room = most - 1  # for the ellipsis
    kept, used = 0, 0
    for start, cluster in _clusters(title):
        used += columns(cluster)
        if used > room:
            break
        kept = start + len(cluster)
    cut = title[:kept]
    space = cut.rfind(" ") if not title[kept : kept + 1].isspace() else -1
    # A cut back to the last word must leave most of the title: Chinese has no spaces, and some words are very long.
    if space > kept // 2 and not _is_wide(title[kept - 1]):
        cut = cut[:space]
    return cut.rstrip(" .,;:!?，。；：！？、-–—(（“「《\"'") + "…"


def _clusters(text: str) -> list[tuple[int, str]]:
    """Return the text in pieces that must not be cut apart (marks, joined emoji, flags), with where each begins."""
    pieces: list[tuple[int, str]] = []
    for index, character in enumerate(text):
        previous = pieces[-1][1] if pieces else ""
        is_mark = unicodedata.combining(character) or unicodedata.category(character) in ("Mn", "Me", "Mc", "Cf")
        is_skin = "\U0001f3fb" <= character <= "\U0001f3ff"
        is_flag = _is_flag_half(character) and len(previous) == 1 and _is_flag_half(previous)
        if pieces and (is_mark or is_skin or is_flag or previous.endswith(_JOINER)):
            pieces[-1] = (pieces[-1][0], previous + character)
        else:
            pieces.append((index, character))
    return pieces


def _is_flag_half(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"


def _is_wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in ("W", "F")


def columns(text: str) -> int:
    """Return the columns in a fixed-width font: a good measure of how much a line of the sidebar holds."""
    if text.isascii():
        return len(text)
    count = 0
    for _, cluster in _clusters(text):
        count += 2 if _is_wide(cluster[0]) or _is_flag_half(cluster[0]) else 1
    return count
