"""An answer kept as an example: what the prompt was about becomes the input, and the answer the output."""

from __future__ import annotations

from desktop.core.message import Message
from desktop.core.prompts.prompt import Example, PromptDraft

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
