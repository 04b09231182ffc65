"""Titles of conversations that begin with a prompt made of parts."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from desktop.core.prompts.prompt import Language, Material, PromptDraft, PromptFramework, new_draft
from desktop.core.prompts.render import render
from desktop.core.prompts.title import prompt_title
from desktop.prompts.frameworks import load_frameworks

MAIL = "From: Ms Moreau\nSubject: Order 1182 is late\n\nDear all, …"


@pytest.fixture(scope="module")
def frameworks() -> Sequence[PromptFramework]:
    return load_frameworks().frameworks


def sent(frameworks: Sequence[PromptFramework], key: str, **texts: str) -> str:
    """Return the text of a prompt of this framework, with what it begins with and these parts."""
    framework = next(each for each in frameworks if each.key == key)
    draft = new_draft(framework, Language.ENGLISH)
    for name, text in texts.items():
        draft = draft.with_text(name, text)
    return render(draft, framework).text


def test_each_use_of_a_recipe_is_told_apart_by_what_it_is_applied_to(frameworks: Sequence[PromptFramework]) -> None:
    mail = sent(frameworks, "answer_mail", points="Yes.", mail=MAIL)
    assert prompt_title(mail, [], frameworks) == "Order 1182 is late – Write a reply to the mail…"
    assert prompt_title(mail, ["lease.pdf"], frameworks).startswith("lease.pdf – Write a reply")
    other = sent(frameworks, "explain", subject="Depreciation of machines")
    assert prompt_title(other, [], frameworks).startswith("Depreciation of machines – Explain")


def test_the_task_names_it_and_not_the_sentence_that_stands_first(frameworks: Sequence[PromptFramework]) -> None:
    text = sent(frameworks, "crispe", capacity="You are an editor of many years.", statement="Name the newsletter.")
    assert text.index("You are") < text.index("Name the")
    assert prompt_title(text, [], frameworks) == "Name the newsletter"


def test_what_was_pasted_below_a_task_names_it(frameworks: Sequence[PromptFramework]) -> None:
    main = frameworks[0]
    draft = PromptDraft(
        framework=main.key, texts={"task": "把它翻译成英文"}, materials=(Material("task", "采购合同\n甲方"),)
    )
    assert prompt_title(render(draft, main).text, [], frameworks) == "采购合同 – 把它翻译成英文"


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("# Budget 2026\n\nPlease check", "Budget 2026"),
        ("Could you check this?", "Check this?"),
        ("# Task\n", "# Task"),
        ("", "lease.pdf"),
        ('"""\nWhy?\n"""', "Why?"),
    ],
)
def test_plain_words_have_their_own_title(text: str, title: str, frameworks: Sequence[PromptFramework]) -> None:
    assert prompt_title(text, ["lease.pdf"] if not text else [], frameworks) == title
