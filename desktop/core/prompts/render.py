"""The exact text of a prompt: parts in the framework's order, material between fences that do not occur in it.

What is written here can always be taken apart again by `parse`, whatever the user has pasted: both go by the marks of
`marks`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from desktop.core.message import Role
from desktop.core.prompts import marks
from desktop.core.prompts.prompt import Example, FieldKind, Language, PromptDraft, PromptFramework, tidied
from desktop.core.text.scripts import is_chinese
from desktop.core.text.tokens import estimate_tokens

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
    examples_field: str = marks.EXAMPLES_KEY  # where turns are counted


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

    page = _Page(language, marks.heading_lines(framework))
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
        page.begin(marks.EXAMPLES_KEY, marks.EXAMPLES_HEADING.of(language))
        page.show(shown)
    if sent.chain_of_thought:
        page.begin(marks.CHAIN_OF_THOUGHT_KEY, "")
        page.add(marks.THINK_STEP_BY_STEP.of(language), SpanKind.CHAIN_OF_THOUGHT)
    return RenderedPrompt(
        text="".join(page.pieces),
        language=language,
        spans=tuple(page.spans),
        turns=tuple(said for each in turns for said in ((Role.USER, each.input), (Role.ASSISTANT, each.output))),
        examples_field=holder.key if holder else marks.EXAMPLES_KEY,
    )


def with_sentence(prompt: RenderedPrompt, sentence: str) -> RenderedPrompt:
    """Return a prompt with a sentence of the program's own at its end, such as the one that asks for pages."""
    if not prompt.text:
        return prompt
    start = len(prompt.text) + 2
    span = PartSpan(marks.PLACES_KEY, SpanKind.PLACES, start, start + len(sentence))
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
            self.add(marks.heading_line(heading), SpanKind.HEADING)
            self._is_open = True

    def say(self, words: str) -> None:
        if not words:
            return
        if not marks.is_plain(words, self._headings):
            fence = marks.words_fence(words)
            words = f"{fence.opening}\n{words}\n{fence.closing}"
        self.add(words, SpanKind.WORDS)

    def refer(self, files: list[str]) -> None:
        """Add a line for each file that the words do not name."""
        for name in files:
            self.add(marks.file_line(name, self._language), SpanKind.FILE)

    def paste(self, materials: list[str], *, is_labelled: bool = False) -> None:
        if len(materials) == 1 and self._is_open and not is_labelled:
            self._delimit("", materials[0], SpanKind.MATERIAL)
            return
        for label, text in zip(marks.material_labels(len(materials), self._language), materials, strict=True):
            self._delimit(label, text, SpanKind.MATERIAL)

    def show(self, examples: Iterable[Example]) -> None:
        for number, each in enumerate(examples, start=1):
            if each.input:
                self._delimit(marks.input_label(number, self._language), each.input, SpanKind.EXAMPLE)
            if each.reasoning:
                self._delimit(marks.reasoning_label(number, self._language), each.reasoning, SpanKind.EXAMPLE)
            if each.output:
                self._delimit(marks.output_label(number, self._language), each.output, SpanKind.EXAMPLE)

    def _delimit(self, label: str, text: str, kind: SpanKind) -> None:
        if label:
            self.add(label, SpanKind.LABEL)
            self._is_open = True
        fence = marks.fence_for(text)
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
