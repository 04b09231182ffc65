"""The marks that give a prompt its shape, by which it is written and taken apart again: headings, labels, fences.

A mark counts only as a whole line. Words of the user that hold such a line themselves are fenced, too, so that no text
can pass for another part of the prompt.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from desktop.core.prompts.prompt import FieldKind, Language, PromptFramework, Wording

# Where examples and the request to think stand in a prompt whose framework has no field for them.
EXAMPLES_KEY = "examples"
CHAIN_OF_THOUGHT_KEY = "chain_of_thought"
PLACES_KEY = "places"
EXAMPLES_HEADING = Wording("Examples", "示例")
THINK_STEP_BY_STEP = Wording(
    "Think step by step before you answer, then give the final answer.",
    "请先一步一步地思考，然后再给出最后的答案。",
)

_FILE = Wording('See the file "%s".', "见文件“%s”。")
_FILE_LINE = re.compile(r'See the file "(?P<en>.+)"\.|见文件“(?P<zh>.+)”。')
_TEXT = Wording("Text", "文本")
_INPUT = Wording("Input", "输入")
_OUTPUT = Wording("Output", "输出")
_REASONING = Wording("Reasoning", "推导")
_LABEL = re.compile(
    r"(?:(?P<text>Text|文本)|(?P<input>Input|输入)|(?P<output>Output|输出)"
    r"|(?P<reasoning>Reasoning|推导))(?: (?P<number>[0-9]{1,9}))?[:：]"
)

_FEWEST_QUOTES = 3
_MOST_QUOTES = 6  # longer ones look like a rule across the page
_MATERIAL_TAG = "text"
_WORDS_TAG = "words"
_TAG = re.compile(r"</?(text|words)(?:-([0-9]+))?>")
_OPENING = re.compile(rf'"{{{_FEWEST_QUOTES},{_MOST_QUOTES}}}|<text(?:-[0-9]+)?>')
_WORDS_OPENING = re.compile(r"<words(?:-[0-9]+)?>")
_CLOSING_LINE = re.compile(rf'^(?:"{{{_FEWEST_QUOTES},{_MOST_QUOTES}}}|</(?:text|words)(?:-[0-9]+)?>)$', re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Label:
    """Line above a fence: "Text:", "Input 2:", "输出 2：". `kind` is text, input, output or reasoning."""

    kind: str
    number: int


@dataclass(frozen=True, slots=True)
class MaterialFence:
    """Lines between which a text stands."""

    opening: str
    closing: str


def heading_line(heading: str) -> str:
    return f"# {heading}"


def heading_lines(framework: PromptFramework) -> dict[str, str]:
    """Return the keys of fields by the lines above their parts, in every language."""
    lines: dict[str, str] = {}
    if not framework.of_kind(FieldKind.EXAMPLES):
        lines = {heading_line(one): EXAMPLES_KEY for one in (EXAMPLES_HEADING.en, EXAMPLES_HEADING.zh)}
    for each in framework.fields:
        lines |= {heading_line(one): each.key for one in (each.heading.en, each.heading.zh)}
    return lines


def material_labels(count: int, language: Language) -> list[str]:
    """Return labels for the materials of one field; numbered where there are several."""
    if count == 1:
        return [_label(_TEXT, 0, language)]
    return [_label(_TEXT, number, language) for number in range(1, count + 1)]


def file_line(name: str, language: Language) -> str:
    """Return the line by which a part refers to a file that goes along."""
    return _FILE.of(language) % " ".join(name.split())


def file_in(line: str) -> str | None:
    """Return the name of the file that a line refers to."""
    found = _FILE_LINE.fullmatch(line)
    return found["en"] or found["zh"] if found is not None else None


def input_label(number: int, language: Language) -> str:
    return _label(_INPUT, number, language)


def output_label(number: int, language: Language) -> str:
    return _label(_OUTPUT, number, language)


def reasoning_label(number: int, language: Language) -> str:
    return _label(_REASONING, number, language)


def _label(word: Wording, number: int, language: Language) -> str:
    colon = "：" if language is Language.CHINESE else ":"
    return f"{word.of(language)} {number}{colon}" if number else f"{word.of(language)}{colon}"


def label_in(line: str) -> Label | None:
    found = _LABEL.fullmatch(line)
    if found is None:
        return None
    kind = next(name for name in ("text", "input", "output", "reasoning") if found[name])
    return Label(kind, int(found["number"] or 0))


def fence_for(text: str, tag: str = _MATERIAL_TAG) -> MaterialFence:
    """Return quotes, more of them where the text has some itself; else a named pair that is nowhere in the text."""
    if tag == _MATERIAL_TAG:
        for count in range(_FEWEST_QUOTES, _MOST_QUOTES + 1):
            quotes = '"' * count
            if quotes not in text:  # a hundred times as fast as listing those that it has
                return MaterialFence(quotes, quotes)
    used = {number for name, number in _TAG.findall(text) if name == tag}
    number = "" if "" not in used else next(str(each) for each in range(2, len(used) + 3) if str(each) not in used)
    name = f"{tag}-{number}" if number else tag
    return MaterialFence(f"<{name}>", f"</{name}>")


def words_fence(text: str) -> MaterialFence:
    return fence_for(text, _WORDS_TAG)


def fence_of(line: str) -> MaterialFence | None:
    """Return the fence that a line opens around material."""
    return _fence(line) if _OPENING.fullmatch(line) else None


def words_fence_of(line: str) -> MaterialFence | None:
    """Return the fence that a line opens around the user's own words."""
    return _fence(line) if _WORDS_OPENING.fullmatch(line) else None


def _fence(line: str) -> MaterialFence:
    return MaterialFence(line, line if line.startswith('"') else f"</{line[1:]}")


def closing_lines(text: str) -> dict[str, list[int]]:
    """Return where lines begin that may close a fence, in order, by the line."""
    places: dict[str, list[int]] = {}
    for found in _CLOSING_LINE.finditer(text):
        places.setdefault(found[0], []).append(found.start())
    return places


def is_plain(words: str, headings: dict[str, str]) -> bool:
    """Return True if no line of the user's words would pass for a mark of the prompt."""
    lines = words.split("\n")
    if fence_of(lines[0]):
        return False
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        if file_in(line) is not None or line in headings or line in (THINK_STEP_BY_STEP.en, THINK_STEP_BY_STEP.zh):
            return False
        if words_fence_of(line) or (label_in(line) and fence_of(following)):
            return False
    return True
