"""What the preview shows of a rendered prompt: all of it, in stretches that meet, with very long texts shortened."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from desktop.core.message import Role
from desktop.core.prompts.prompt import Example, PromptDraft
from desktop.core.prompts.render import render
from desktop.prompts.texts import load_frameworks
from desktop.ui.prompts.shown import LONGEST_PART, Words, shown_prompt

MAIN = next(each for each in load_frameworks() if each.key == "main")
WORDS = Words(lambda role: f"[{role}]", lambda count: f"[{count} more]")


@given(st.dictionaries(st.sampled_from([each.key for each in MAIN.fields]), st.text(max_size=40)), st.text(max_size=40))
def test_without_turns_it_is_the_prompt_itself(texts: dict[str, str], material: str) -> None:
    prompt = render(PromptDraft(framework="main", texts=texts).with_material("context", material), MAIN)
    shown, stretches = shown_prompt(prompt, WORDS)
    assert shown == prompt.text
    assert [each.start for each in stretches] == sorted(each.start for each in stretches)
    assert all(one.end <= other.start for one, other in itertools.pairwise(stretches))


def test_a_part_is_one_ground_from_its_heading_to_its_end() -> None:
    prompt = render(PromptDraft(framework="main", texts={"task": "one\n\ntwo", "tone": "plain"}), MAIN)
    shown, stretches = shown_prompt(prompt, WORDS)
    of_task = [each for each in stretches if each.field == "task"]
    assert shown[of_task[0].start : of_task[-1].end] == "# Task\none\n\ntwo"
    assert all(one.end == other.start for one, other in itertools.pairwise(of_task))


def test_a_long_text_is_shown_by_its_ends() -> None:
    text = "".join(f"{at:06} " for at in range(LONGEST_PART))
    prompt = render(PromptDraft(framework="main", texts={"task": "Sum up"}).with_material("context", text), MAIN)
    shown, stretches = shown_prompt(prompt, WORDS)
    assert len(shown) < 5_000
    assert "000000 000001" in shown
    assert f"{LONGEST_PART - 1:06}" in shown
    assert "more]" in shown
    assert {each.field for each in stretches} == {"task", "context"}


def test_turns_are_shown_with_who_says_them() -> None:
    draft = PromptDraft(
        framework="main", texts={"task": "Sort"}, examples=(Example("one", "number"),), examples_as_turns=True
    )
    shown, stretches = shown_prompt(render(draft, MAIN), WORDS)
    said = f"[{Role.USER}]\none\n\n[{Role.ASSISTANT}]\nnumber\n\n[{Role.USER}]\nSort"
    assert shown == said
    assert [each.field for each in stretches] == ["", "example", "", "example", "", "task"]
