"""The automatic title of a conversation that begins with a prompt made of parts: what it is about, and its task.

Every use of a recipe has the same task, and often the same first sentence; the text or the file that it is applied to
tells them apart.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from desktop.core.prompts import marks
from desktop.core.prompts.parse import parse
from desktop.core.prompts.prompt import FieldKind, Language, PromptDraft, PromptFramework, Wording
from desktop.core.text.late_regex import late_regex
from desktop.core.text.scripts import is_chinese
from desktop.core.text.titles import title_from, title_of_words, two_part_title

_LOOKED_AT = 20_000  # letters; a text that was pasted may be megabytes, and what names it stands at its head
_TO_MODEL = 1_500  # letters of either side: a small model reads them at once
_LONGEST_ANSWER = 120  # letters; more is no title
_ASK = Wording(
    "Name this conversation in two to six words. Write the name alone.",
    "用不超过十五个字概括这段对话的主题。只写这个标题。",
)
_SUBJECT_LINES = 15  # of a mail, within which its subject stands
_SUBJECT = late_regex(r"\s*(?:subject|betreff|re|title|主题|标题)\s*[:：]\s*(\S.*)", re.IGNORECASE)


def question_for_title(asked: str, answered: str) -> str:
    """Return the question by which a model is asked to name a conversation, in its language."""
    ask = _ASK.of(Language.CHINESE if is_chinese(asked) else Language.ENGLISH)
    return f"{asked[:_TO_MODEL]}\n\n---\n\n{answered[:_TO_MODEL]}\n\n---\n\n{ask}"


def title_in_answer(answer: str) -> str:
    """Return the title that a model's answer gives, on one line and no longer than others; empty if it gives none."""
    line = next((line for line in answer.splitlines() if line.strip()), "").strip()
    bare = line.strip("\"'“”‘’「」『』《》*#_ ").removesuffix(".").removesuffix("。")
    return title_from(bare) if bare and len(bare) <= _LONGEST_ANSWER else ""


def has_parts(text: str) -> bool:
    """Return True if a message may be a prompt made of parts: it has a heading, or a text between fences."""
    lines = text[:_LOOKED_AT].split("\n")
    return any(line.startswith("# ") or marks.fence_of(line) is not None for line in lines)


def prompt_title(text: str, files: Sequence[str], frameworks: Sequence[PromptFramework]) -> str:
    """Return the title for a first message with these files; that of plain words for one without parts."""
    head = text[:_LOOKED_AT]
    if not has_parts(head) or not frameworks:
        return title_of_words(head, files)
    lines = set(head.split("\n"))
    framework = max(frameworks, key=lambda each: len(lines.intersection(marks.heading_lines(each))))
    draft = parse(head, framework)
    task = draft.text(framework.task.key)
    about = _about(draft, framework, files)
    if not task.strip():
        return title_of_words(head, files)
    return two_part_title(about, task) if about else title_from(task)


def _about(draft: PromptDraft, framework: PromptFramework, files: Sequence[str]) -> str:
    """Return the name of what a prompt is applied to: a file's, a mail's subject, or how a text begins."""
    named = [*files, *(each.name for each in draft.files)]
    if named:
        return named[0]
    pasted = [each.text for each in draft.materials]
    required = [each for each in framework.fields if each.required and framework.is_ready_made]
    fields = [*framework.of_kind(FieldKind.MATERIAL), *required]
    written = [draft.text(each.key) for each in fields if each is not framework.task]
    text = next((each for each in (*pasted, *written) if each.strip()), "")
    subjects = (_SUBJECT.fullmatch(line) for line in text.split("\n", _SUBJECT_LINES)[:_SUBJECT_LINES])
    return next((found[1] for found in subjects if found is not None), text)
