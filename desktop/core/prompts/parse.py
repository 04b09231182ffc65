"""A parser of prompts that were rendered from a draft, so that a sent message can be reopened and changed.

Goes by the marks of `marks` alone. What the user has written freely is `freeform_parser`'s business.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from desktop.core.message import Role
from desktop.core.prompts import marks
from desktop.core.prompts.prompt import Example, Material, PromptDraft, PromptFile, PromptFramework, placed
from desktop.core.prompts.render import render

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
        is_alone = lines.isdisjoint(marks.heading_lines(framework))
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
    labelled = (above for above, line in pairwise(lines) if marks.label_in(above) and marks.fence_of(line))
    if not any(line in headings for line in lines) and next(labelled, None) is None:
        return text
    closings, said, at = marks.closing_lines(text), [], 0
    while at <= len(text):
        end = _line_end(text, at)
        line = text[at:end]
        fence = marks.words_fence_of(line) or marks.fence_of(line)
        closing = _next_place(closings, fence, end) if fence else None
        if fence and closing is not None:
            said.append(text[end + 1 : closing - 1])
            end = closing + len(fence.closing)
        elif line not in headings and _label(text, line, end) is None:
            said.append(line)
        at = end + 1
    return re.sub(r"\n{3,}", "\n\n", "\n".join(said)).strip("\n")


@dataclass(slots=True)
class _Reader:
    """Reader that walks through the lines of a prompt once."""

    text: str
    framework: PromptFramework

    def draft(self) -> PromptDraft:
        closings = marks.closing_lines(self.text)
        headings = marks.heading_lines(self.framework)
        filing = _Filing(self.framework.task.key)
        at, directly_below = 0, True
        label: marks.Label | None = None
        while at <= len(self.text):
            end = _line_end(self.text, at)
            line = self.text[at:end]
            fence = marks.words_fence_of(line) or (marks.fence_of(line) if directly_below or label else None)
            closing = _next_place(closings, fence, end) if fence else None
            if fence and closing is not None:
                filing.file(label, self.text[end + 1 : closing - 1], is_words=marks.words_fence_of(line) is not None)
                end = closing + len(fence.closing)
                label, directly_below = None, False
            elif line in headings:
                filing.open(headings[line])
                label, directly_below = None, True
            else:
                label = _label(self.text, line, end)
                directly_below = False
                if (name := marks.file_in(line)) is not None:
                    filing.add_file(name)
                elif not label:
                    filing.add_line(line, is_last=end == len(self.text))
            at = end + 1
        return filing.draft(self.framework)


def _label(text: str, line: str, end: int) -> marks.Label | None:
    """Return the label that a line is, which ends at a letter; None unless a fence stands below."""
    label = marks.label_in(line)
    following = text[end + 1 : _line_end(text, end + 1)]
    return label if label and marks.fence_of(following) else None


def _line_end(text: str, start: int) -> int:
    end = text.find("\n", start)
    return len(text) if end < 0 else end


def _next_place(closings: dict[str, list[int]], fence: marks.MaterialFence, start: int) -> int | None:
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
        if is_last and line in (marks.THINK_STEP_BY_STEP.en, marks.THINK_STEP_BY_STEP.zh):
            self._chain_of_thought = True
        else:
            self._words.setdefault(self._field, []).append(line)

    def add_file(self, name: str) -> None:
        self._files.append(PromptFile(self._field, name))

    def file(self, label: marks.Label | None, text: str, *, is_words: bool) -> None:
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

    def _goes_on(self, label: marks.Label) -> bool:
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
