"""A piece of advice on a draft, and what its rules are given to look at.

The rules stand in `words`, `parts` and `models`, their order in `rules`. The sentences that the user reads are chosen
by key in the window.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from desktop.core.model import ModelInfo
from desktop.core.place import Place
from desktop.core.prompts.prompt import FieldKind, Language, PromptDraft, PromptField, PromptFramework

# How much of a text is looked at, in characters. Advice is given while somebody types, and texts may have megabytes;
# words of one's own that are longer than a page are pasted, and are said to be too long.
LOOKED_AT = 2_000

Fix = Callable[[PromptDraft], PromptDraft]


class AdviceKey(StrEnum):
    """Advice that can be given, the most useful first. In brackets: values, fix.

    Keys are stored with drafts, as dismissed.
    """

    PERSONAL_DATA = "personal_data"  # goes to the internet (found: sample, count, host; fix: masks)
    TOO_LONG = "too_long"  # for the model's context (tokens, context)
    MATERIAL_WITHOUT_TASK = "material_without_task"  # much to read and nothing to do
    PLACEHOLDER_LEFT = "placeholder_left"  # (found)
    TEXT_MISSING = "text_missing"  # what the task is to be done with (found)
    THINKS_BY_ITSELF = "thinks_by_itself"  # the model; chain of thought is not needed (model; fix: off)
    CONTRADICTION = "contradiction"  # (first, second)
    EXAMPLE_INCOMPLETE = "example_incomplete"  # (number)
    LANGUAGE_UNSAID = "language_unsaid"  # words in one language, material in another (fix: says it)
    SAME_LANGUAGE = "same_language"  # a translation into the language that the text is in (fix: into the other)
    NO_CONTEXT = "no_context"  # of something that is to be written
    VAGUE_WORD = "vague_word"  # "better", as all that is wished (found)


@dataclass(frozen=True, slots=True)
class Advice:
    """Suggestion that would make a draft better.

    `field`: the key of the part that it is about; empty for the whole. `values`: what the sentence names. `fix`: does
    it, where that is possible; given the draft as it then is.
    """

    key: AdviceKey
    field: str = ""
    values: Mapping[str, str | int | float] = dataclasses.field(default_factory=dict)
    fix: Fix | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PromptSetting:
    """Destination of a prompt. `system`: that of the conversation.

    `window`: the tokens that the model holds now, where that is known.
    `thinking_off`: a model that can be kept from reasoning is. `is_first`: nothing was said before in the conversation.
    `file_tokens`: of the files that go along.
    """

    model: ModelInfo | None = None
    window: int | None = None
    place: Place | None = None
    system: str = ""
    thinking_off: bool = False
    is_first: bool = True
    file_tokens: int = 0


@dataclass(frozen=True, slots=True)
class Subject:
    """Input of a rule: a tidied draft with its framework, its language, and its destination."""

    draft: PromptDraft
    framework: PromptFramework
    language: Language
    setting: PromptSetting

    @property
    def task(self) -> str:
        return self.draft.text(self.framework.task.key)[:LOOKED_AT]

    @property
    def task_key(self) -> str:
        return self.framework.task.key

    def words(self, *kinds: FieldKind) -> Iterator[tuple[PromptField, str]]:
        """Yield the user's own words in the fields of these kinds, or in all.

        Not the texts that a framework begins with.
        """
        for each in self.framework.fields:
            text = self.draft.text(each.key)
            if text and (not kinds or each.kind in kinds) and text not in (each.start.en, each.start.zh):
                yield each, text[:LOOKED_AT]

    def all_words(self) -> str:
        """Return all that is said in words, the framework's too."""
        return "\n".join(self.draft.text(each.key)[:LOOKED_AT] for each in self.framework.fields)

    def has(self, *kinds: FieldKind) -> bool:
        """Return True if a field of these kinds is filled."""
        keys = {each.key for each in self.framework.of_kind(*kinds)}
        given = {each.field for each in self.draft.materials} | {each.field for each in self.draft.files}
        return bool(keys & (self.draft.texts.keys() | given))


Rule = Callable[[Subject], Advice | None]
