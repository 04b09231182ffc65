"""An answer kept as an example: what the prompt was about becomes the input, and the answer the output.

In the prompt that is being built, or by itself for the next request of its kind.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from desktop.core.conversation import example_key
from desktop.core.message import Message
from desktop.core.prompts.prompt import Example, PromptDraft, draft_of, draft_to_json

_LONGEST_STEPS = 1_500  # characters; longer thinking shows no way


def example_from(draft: PromptDraft, answer: Message) -> Example:
    """Return the example that an answer makes; its reasoning only where the prompt asks for the steps."""
    pasted = "\n\n".join(each.text.strip() for each in draft.materials if each.text.strip())
    steps = answer.reasoning.strip() if draft.chain_of_thought else ""
    return Example(pasted, answer.text.strip(), steps if len(steps) <= _LONGEST_STEPS else "")


def with_answer_kept(draft: PromptDraft, answer: Message, asked: PromptDraft) -> PromptDraft:
    """Return a draft with an answer to `asked` as its last example; what is in the example need not stand twice."""
    example = example_from(asked, answer)
    if example in draft.examples:
        return draft
    return draft.with_examples(*(each for each in draft.examples if not each.is_empty), example)


@dataclass(frozen=True, slots=True)
class KeptExample:
    """A question with its answer as the user corrected it; `task`: its kind, the key of a guide, or empty."""

    example: Example
    task: str = ""
    key: str = field(default_factory=example_key)

    @property
    def as_draft(self) -> str:
        """What is stored of it, as drafts of the prompt builder are."""
        return draft_to_json(PromptDraft(framework="", examples=(self.example,), guide=self.task))


def kept_of(key: str, stored: str) -> KeptExample | None:
    """Return a stored example; None for one that cannot be read."""
    draft = draft_of(stored)
    return KeptExample(draft.examples[0], draft.guide, key) if draft is not None and draft.examples else None
