"""What the preview shows of a draft: its cards, in the colours that its parts have in the prompt builder."""

from __future__ import annotations

from collections.abc import Sequence

from desktop.core.tasks.cards import cards_of, with_proposed
from desktop.core.tasks.guiding import Guiding
from desktop.ui.documents.words import tokens_of_text
from desktop.ui.guided.cards import Growth
from desktop.ui.guided.words import length_words, said, short_of
from desktop.ui.prompts.panel import PromptPanel


def growth_of(panel: PromptPanel, shown: Guiding, proposed: str, coming: Sequence[str]) -> tuple[Growth, str]:
    """Return what is shown of a draft, and how long it is in words.

    `proposed`: the words of an answer that is looked at. `coming`: the keys of the questions still to be asked.
    """
    prompt = panel.prompt_of(shown.draft)
    cards = cards_of(prompt)
    growth = Growth(
        cards=with_proposed(cards, shown.framework.task.key, proposed) if proposed else cards,
        colours={each.key: at for at, each in enumerate(shown.framework.fields)},
        names={each.key: said(each.label) for each in shown.framework.fields},
        coming=[short_of(shown, key) for key in coming],
    )
    return growth, length_words(tokens_of_text(prompt.text) + panel.tokens_of_files, panel.window_tokens)
