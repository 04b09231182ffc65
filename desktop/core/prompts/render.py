"""The exact text of a prompt, and the way back: a sent message can be reopened and changed.

Parts stand in the framework's order, material between fences that do not occur in it. The marks that give a prompt its
shape, headings, labels and fences, count only as a whole line. Words of the user that hold such a line themselves are
fenced, too, so that no text can pass for another part of the prompt. What the user has written freely is
`freeform_parser`'s business.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise

from desktop.core.message import Role
from desktop.core.prompts.prompt import (
    Example,
    FieldKind,
    Language,
    Material,
    PromptDraft,
    PromptFile,
    PromptFramework,
    Wording,
    placed,
    tidied,
)
from desktop.core.text.scripts import is_chinese
from desktop.core.text.tokens import estimate_tokens

# Where examples and the request to think stand in a prompt whose framework has no field for them.
EXAMPLES_KEY = "examples"
CHAIN_OF_THOUGHT_KEY = "chain_of_thought"
_PLACES_KEY = "places"
_EXAMPLES_HEADING = Wording("Examples", "示例")
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


def _heading_line(heading: str) -> str:
    return f"# {heading}"


def heading_lines(framework: PromptFramework) -> dict[str, str]:
    """Return the keys of fields by the lines above their parts, in every language."""
    lines: dict[str, str] = {}
    if not framework.of_kind(FieldKind.EXAMPLES):
        lines = {_heading_line(one): EXAMPLES_KEY for one in (_EXAMPLES_HEADING.en, _EXAMPLES_HEADING.zh)}
    for each in framework.fields:
        lines |= {_heading_line(one): each.key for one in (each.heading.en, each.heading.zh)}
    return lines


def _material_labels(count: int, language: Language) -> list[str]:
    """Return labels for the materials of one field; numbered where there are several."""
    if count == 1:
        return [_label(_TEXT, 0, language)]
    return [_label(_TEXT, number, language) for number in range(1, count + 1)]


def _file_line(name: str, language: Language) -> str:
    """Return the line by which a part refers to a file that goes along."""
    return _FILE.of(language) % " ".join(name.split())


def _file_in(line: str) -> str | None:
    """Return the name of the file that a line refers to."""
    found = _FILE_LINE.fullmatch(line)
    return found["en"] or found["zh"] if found is not None else None


def _input_label(number: int, language: Language) -> str:
    return _label(_INPUT, number, language)


def _output_label(number: int, language: Language) -> str:
    return _label(_OUTPUT, number, language)


def _reasoning_label(number: int, language: Language) -> str:
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


def _words_fence(text: str) -> MaterialFence:
    return fence_for(text, _WORDS_TAG)


def fence_of(line: str) -> MaterialFence | None:
    """Return the fence that a line opens around material."""
    return _fence(line) if _OPENING.fullmatch(line) else None


def _words_fence_of(line: str) -> MaterialFence | None:
    """Return the fence that a line opens around the user's own words."""
    return _fence(line) if _WORDS_OPENING.fullmatch(line) else None


def _fence(line: str) -> MaterialFence:
    return MaterialFence(line, line if line.startswith('"') else f"</{line[1:]}")


def _closing_lines(text: str) -> dict[str, list[int]]:
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
        if _file_in(line) is not None or line in headings or line in (THINK_STEP_BY_STEP.en, THINK_STEP_BY_STEP.zh):
            return False
        if _words_fence_of(line) or (label_in(line) and fence_of(following)):
            return False
    return True


_SAMPLE = 10_000  # how much of a text shows its language


class SpanKind(StrEnum):
    """Kind of a stretch of a prompt."""

    HEADING = "heading"
    WORDS = "words"  # the user's own
    FILE = "file"  # that is referred to
    LABEL = "label"
    MATERIAL = "material"  # with its fences
    EXAMPLE = "example"  # with its fences
    CHAIN_OF_THOUGHT = "chain_of_thought"
    PLACES = "places"


@dataclass(frozen=True, slots=True)
class PartSpan:
    """Stretch of the prompt's text without the line breaks around it, in characters of Python (not UTF-16).

    `field` is the key of the field that it comes from; `EXAMPLES_KEY` or `CHAIN_OF_THOUGHT_KEY` of `marks` for what
    comes from no field.
    """

    field: str
    kind: SpanKind
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class RenderedPrompt:
    """Prompt as it is sent: `turns` as if they had been said before, then `text`.

    The spans stand in the order of the text.
    """

    text: str
    language: Language
    spans: tuple[PartSpan, ...] = ()
    turns: tuple[tuple[Role, str], ...] = ()
    examples_field: str = EXAMPLES_KEY  # where turns are counted


def language_of(draft: PromptDraft, framework: PromptFramework, default: Language = Language.ENGLISH) -> Language:
    """Return the language that a prompt is worded in: that of its task, else of what else is said in it.

    Material counts only where nothing is said in the user's own words; where nothing stands at all, `default`.
    """
    said = [draft.text(framework.task.key), *(draft.text(each.key) for each in framework.fields)]
    pasted = [*(each.text for each in draft.materials), *(f"{each.input}\n{each.output}" for each in draft.examples)]
    for text in (*said, *pasted):
        sample = text[:_SAMPLE]
        if any(map(str.isalpha, sample)):
            return Language.CHINESE if is_chinese(sample) else Language.ENGLISH
    return default


def render(draft: PromptDraft, framework: PromptFramework, default: Language = Language.ENGLISH) -> RenderedPrompt:
    """Return the prompt of a draft; an empty text for an empty one."""
    sent = tidied(draft, framework)
    language = language_of(draft, framework, default)
    turns = tuple(each for each in sent.examples if each.is_complete) if sent.examples_as_turns else ()
    shown = sent.examples[len(turns) :]
    holder = next(iter(framework.of_kind(FieldKind.EXAMPLES)), None)
    filled = sent.texts.keys() | {each.field for each in sent.materials} | {each.field for each in sent.files}
    if shown and holder:
        filled |= {holder.key}
    # A task that stands alone needs no heading.
    is_alone = filled == {framework.task.key} and not (shown and not holder)

    page = _Page(language, heading_lines(framework))
    for each in framework.fields:
        if each.key in filled:
            page.begin(each.key, "" if is_alone else each.heading.of(language))
            words, materials = sent.text(each.key), sent.materials_of(each.key)
            page.paste([one.text for one in materials if one.is_first], is_labelled=True)
            page.say(words)
            page.refer([one.name for one in sent.files_of(each.key) if one.name not in words])
            page.paste([one.text for one in materials if not one.is_first])
            if each is holder:
                page.show(shown)
    if shown and not holder:
        page.begin(EXAMPLES_KEY, _EXAMPLES_HEADING.of(language))
        page.show(shown)
    if sent.chain_of_thought:
        page.begin(CHAIN_OF_THOUGHT_KEY, "")
        page.add(THINK_STEP_BY_STEP.of(language), SpanKind.CHAIN_OF_THOUGHT)
    return RenderedPrompt(
        text="".join(page.pieces),
        language=language,
        spans=tuple(page.spans),
        turns=tuple(said for each in turns for said in ((Role.USER, each.input), (Role.ASSISTANT, each.output))),
        examples_field=holder.key if holder else EXAMPLES_KEY,
    )


def with_sentence(prompt: RenderedPrompt, sentence: str) -> RenderedPrompt:
    """Return a prompt with a sentence of the program's own at its end, such as the one that asks for pages."""
    if not prompt.text:
        return prompt
    start = len(prompt.text) + 2
    span = PartSpan(_PLACES_KEY, SpanKind.PLACES, start, start + len(sentence))
    return replace(prompt, text=f"{prompt.text}\n\n{sentence}", spans=(*prompt.spans, span))


def tokens_by_field(prompt: RenderedPrompt) -> dict[str, float]:
    """Return the estimated tokens of each part, by the keys that its spans have; turns count for the examples."""
    counts: dict[str, float] = {}
    for span in prompt.spans:
        counts[span.field] = counts.get(span.field, 0.0) + estimate_tokens(prompt.text[span.start : span.end])
    if prompt.turns:
        counts[prompt.examples_field] = counts.get(prompt.examples_field, 0.0) + sum(
            estimate_tokens(text) for _, text in prompt.turns
        )
    return counts


class _Page:
    """Text as it grows. A blank line stands between paragraphs, none below a heading or a label."""

    def __init__(self, language: Language, headings: dict[str, str]) -> None:
        self.pieces: list[str] = []
        self.spans: list[PartSpan] = []
        self._language = language
        self._headings = headings
        self._length = 0
        self._field = ""
        self._is_open = True  # what comes next stands directly below the line before

    def begin(self, field: str, heading: str) -> None:
        self._field = field
        if heading:
            self.add(_heading_line(heading), SpanKind.HEADING)
            self._is_open = True

    def say(self, words: str) -> None:
        if not words:
            return
        if not is_plain(words, self._headings):
            fence = _words_fence(words)
            words = f"{fence.opening}\n{words}\n{fence.closing}"
        self.add(words, SpanKind.WORDS)

    def refer(self, files: list[str]) -> None:
        """Add a line for each file that the words do not name."""
        for name in files:
            self.add(_file_line(name, self._language), SpanKind.FILE)

    def paste(self, materials: list[str], *, is_labelled: bool = False) -> None:
        if len(materials) == 1 and self._is_open and not is_labelled:
            self._delimit("", materials[0], SpanKind.MATERIAL)
            return
        for label, text in zip(_material_labels(len(materials), self._language), materials, strict=True):
            self._delimit(label, text, SpanKind.MATERIAL)

    def show(self, examples: Iterable[Example]) -> None:
        for number, each in enumerate(examples, start=1):
            if each.input:
                self._delimit(_input_label(number, self._language), each.input, SpanKind.EXAMPLE)
            if each.reasoning:
                self._delimit(_reasoning_label(number, self._language), each.reasoning, SpanKind.EXAMPLE)
            if each.output:
                self._delimit(_output_label(number, self._language), each.output, SpanKind.EXAMPLE)

    def _delimit(self, label: str, text: str, kind: SpanKind) -> None:
        if label:
            self.add(label, SpanKind.LABEL)
            self._is_open = True
        fence = fence_for(text)
        self.add(f"{fence.opening}\n{text}\n{fence.closing}", kind)

    def add(self, text: str, kind: SpanKind) -> None:
        if self.pieces:
            between = "\n" if self._is_open else "\n\n"
            self.pieces.append(between)
            self._length += len(between)
        self.spans.append(PartSpan(self._field, kind, self._length, self._length + len(text)))
        self.pieces.append(text)
        self._length += len(text)
        self._is_open = False


ExampleTurns = Sequence[tuple[Role, str]]


def reopened(text: str, frameworks: Iterable[PromptFramework], turns: ExampleTurns = ()) -> PromptDraft | None:
    """Return the draft that is sent as exactly this text and these turns, or None.

    Of several frameworks, it is the one that explains most of the text: the headings of another are mere words. A text
    without any mark is a task alone in every framework, and not taken for a prompt.
    """
    found: PromptDraft | None = None
    most = 0 if turns else 1
    lines = set(text.split("\n"))
    has_been_alone = False
    for framework in frameworks:
        # A text without a heading of the framework is a task alone, and the same in all of them: once is enough.
        is_alone = lines.isdisjoint(heading_lines(framework))
        if is_alone and has_been_alone:
            continue
        has_been_alone |= is_alone
        draft = parse(text, framework, turns)
        rendered = render(draft, framework)
        if len(rendered.spans) > most and rendered.text == text and list(rendered.turns) == list(turns):
            found, most = draft, len(rendered.spans)
    return found


def parse(text: str, framework: PromptFramework, turns: ExampleTurns = ()) -> PromptDraft:
    """Return the draft of a prompt that was rendered in this framework.

    In another text, what has no mark is the task.
    """
    draft = _Reader(text, framework).draft()
    if not turns:
        return draft
    said = tuple(
        Example(asked, answered)
        for (role, asked), (other, answered) in zip(turns[::2], turns[1::2], strict=False)
        if (role, other) == (Role.USER, Role.ASSISTANT)
    )
    return replace(draft, examples=(*said, *draft.examples), examples_as_turns=bool(said))


def words_of(text: str, headings: Collection[str]) -> str:
    """Return what the user has written of a message: without the headings, labels and fences of a prompt.

    `headings`: the lines that are headings of prompts. The text itself is returned where nothing was put around it.
    """
    lines = text.split("\n")
    labelled = (above for above, line in pairwise(lines) if label_in(above) and fence_of(line))
    if not any(line in headings for line in lines) and next(labelled, None) is None:
        return text
    closings, said, at = _closing_lines(text), [], 0
    while at <= len(text):
        end = _line_end(text, at)
        line = text[at:end]
        fence = _words_fence_of(line) or fence_of(line)
        closing = _next_place(closings, fence, end) if fence else None
        if fence and closing is not None:
            said.append(text[end + 1 : closing - 1])
            end = closing + len(fence.closing)
        elif line not in headings and _label_in(text, line, end) is None:
            said.append(line)
        at = end + 1
    return re.sub(r"\n{3,}", "\n\n", "\n".join(said)).strip("\n")


@dataclass(slots=True)
class _Reader:
    """Reader that walks through the lines of a prompt once."""

    text: str
    framework: PromptFramework

    def draft(self) -> PromptDraft:
        closings = _closing_lines(self.text)
        headings = heading_lines(self.framework)
        filing = _Filing(self.framework.task.key)
        at, directly_below = 0, True
        label: Label | None = None
        while at <= len(self.text):
            end = _line_end(self.text, at)
            line = self.text[at:end]
            fence = _words_fence_of(line) or (fence_of(line) if directly_below or label else None)
            closing = _next_place(closings, fence, end) if fence else None
            if fence and closing is not None:
                filing.file(label, self.text[end + 1 : closing - 1], is_words=_words_fence_of(line) is not None)
                end = closing + len(fence.closing)
                label, directly_below = None, False
            elif line in headings:
                filing.open(headings[line])
                label, directly_below = None, True
            else:
                label = _label_in(self.text, line, end)
                directly_below = False
                if (name := _file_in(line)) is not None:
                    filing.add_file(name)
                elif not label:
                    filing.add_line(line, is_last=end == len(self.text))
            at = end + 1
        return filing.draft(self.framework)


def _label_in(text: str, line: str, end: int) -> Label | None:
    """Return the label that a line is, which ends at a letter; None unless a fence stands below."""
    label = label_in(line)
    following = text[end + 1 : _line_end(text, end + 1)]
    return label if label and fence_of(following) else None


def _line_end(text: str, start: int) -> int:
    end = text.find("\n", start)
    return len(text) if end < 0 else end


def _next_place(closings: dict[str, list[int]], fence: MaterialFence, start: int) -> int | None:
    """Return where the line begins that closes a fence, two lines down or more: between is the text."""
    places = closings.get(fence.closing, [])
    at = bisect_left(places, start + 2)
    return places[at] if at < len(places) else None


class _Filing:
    """Parts of a draft as they are found."""

    def __init__(self, first_field: str) -> None:
        self._field = first_field
        self._words: dict[str, list[str]] = {}
        self._materials: list[Material] = []
        self._examples: list[Example] = []
        self._files: list[PromptFile] = []
        self._number = 0
        self._chain_of_thought = False

    def open(self, field: str) -> None:
        self._field = field

    def add_line(self, line: str, *, is_last: bool) -> None:
        if is_last and line in (THINK_STEP_BY_STEP.en, THINK_STEP_BY_STEP.zh):
            self._chain_of_thought = True
        else:
            self._words.setdefault(self._field, []).append(line)

    def add_file(self, name: str) -> None:
        self._files.append(PromptFile(self._field, name))

    def file(self, label: Label | None, text: str, *, is_words: bool) -> None:
        if is_words:
            self._words.setdefault(self._field, []).append(text)
        elif label is None or label.kind == "text":
            is_first = label is not None and not any(map(str.strip, self._words.get(self._field, ())))
            self._materials.append(Material(self._field, text, is_first))
        elif self._goes_on(label):
            self._examples[-1] = replace(self._examples[-1], **{label.kind: text})
        else:
            self._number = label.number
            self._examples.append(replace(Example(), **{label.kind: text}))

    def _goes_on(self, label: Label) -> bool:
        """Return True if a label names the next text of the example before it: input, reasoning, output."""
        last = self._examples[-1] if self._examples and label.number == self._number else None
        if last is None or label.kind == "input" or last.output:
            return False
        return label.kind == "output" or not last.reasoning

    def draft(self, framework: PromptFramework) -> PromptDraft:
        texts = {key: "\n".join(lines).strip() for key, lines in self._words.items()}
        return PromptDraft(
            framework=framework.key,
            texts={key: text for key, text in texts.items() if text},
            materials=placed(self._materials, texts),
            examples=tuple(self._examples),
            chain_of_thought=self._chain_of_thought,
            files=tuple(self._files),
        )
