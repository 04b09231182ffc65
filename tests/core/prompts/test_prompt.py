"""Drafts: what is stored comes back, what is sent of them, and moving to another framework."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core.prompts.prompt import (
    Example,
    Language,
    Material,
    PromptDraft,
    Wording,
    draft_from_json,
    draft_to_json,
    is_untouched,
    missing_fields,
    moved_to,
    new_draft,
    tidied,
)
from tests.core.prompts.frameworks import MAIN, PLAIN

DRAFT = PromptDraft(
    framework="main",
    texts={"task": "Summarise the mail.", "tone": "Friendly"},
    materials=(Material("task", 'He said """no""".\r\n'),),
    examples=(Example("a", "b"), Example("c", "")),
    chain_of_thought=True,
    examples_as_turns=True,
    dismissed=frozenset({"no_format"}),
)
TEXTS = st.text(max_size=40)


@given(
    texts=st.dictionaries(TEXTS, TEXTS),
    materials=st.lists(st.builds(Material, TEXTS, TEXTS)).map(tuple),
    examples=st.lists(st.builds(Example, TEXTS, TEXTS, TEXTS)).map(tuple),
    flags=st.tuples(st.booleans(), st.booleans()),
    dismissed=st.frozensets(TEXTS),
)
def test_what_is_stored_comes_back(
    texts,
    materials,
    examples,
    flags,
    dismissed,
):
    draft = PromptDraft(
        framework="main",
        texts=texts,
        materials=materials,
        examples=examples,
        chain_of_thought=flags[0],
        examples_as_turns=flags[1],
        dismissed=dismissed,
    )
    assert draft_from_json(draft_to_json(draft)) == draft


def test_a_draft_of_a_later_version_is_read_as_far_as_it_is_known():
    stored = json.loads(draft_to_json(DRAFT)) | {"colour": "blue"}
    assert draft_from_json(json.dumps(stored)) == DRAFT
    assert draft_from_json('{"framework": "main"}') == PromptDraft(framework="main")


NO_DRAFTS = [
    "",
    "[]",
    "null",
    "{}",
    '{"framework": 1}',
    '{"framework": "m", "texts": []}',
    '{"framework": "m", "texts": {"a": 1}}',
    '{"framework": "m", "materials": [1]}',
    '{"framework": "m", "examples": [{"input": 1}]}',
    "[" * 100_000,
]


@pytest.mark.parametrize("stored", NO_DRAFTS, ids=lambda stored: stored[:40])
def test_what_is_no_draft_is_refused(stored):
    with pytest.raises(ValueError, match=r".*"):
        draft_from_json(stored)


def test_tidied_leaves_what_is_sent():
    draft = replace(
        DRAFT,
        texts={"tone": " Friendly\n", "task": "Do it", "persona": " \n", "gone": "x"},
        materials=(Material("tone", "b"), Material("task", " a\n"), Material("task", "\n"), Material("gone", "x")),
        examples=(Example("c", ""), Example(" ", "\n"), Example("a", "b")),
    )
    assert tidied(draft, MAIN) == PromptDraft(
        framework="main",
        texts={"task": "Do it", "tone": "Friendly"},
        materials=(Material("task", " a\n"), Material("tone", "b")),
        examples=(Example("a", "b"), Example("c", "")),
        chain_of_thought=True,
        examples_as_turns=True,
    )


def test_required_fields_are_missed_until_something_stands_in_them():
    draft = PromptDraft(framework="main")
    assert [each.key for each in missing_fields(draft, MAIN)] == ["task"]
    assert missing_fields(draft.with_text("task", "Do it"), MAIN) == ()
    assert missing_fields(draft.with_material("task", "It"), MAIN) == ()


def test_a_new_draft_begins_with_the_frameworks_words_and_is_untouched():
    task = replace(MAIN.task, start=Wording("Translate the text.", "翻译这段文字。"))
    framework = replace(MAIN, fields=(task, *MAIN.fields[1:]))
    draft = new_draft(framework, Language.CHINESE)
    assert dict(draft.texts) == {"task": "翻译这段文字。"}
    assert is_untouched(draft, framework)
    assert is_untouched(PromptDraft(framework="main"), framework)
    assert not is_untouched(draft.with_text("tone", "warm"), framework)
    assert not is_untouched(draft.with_material("task", "text"), framework)
    assert not is_untouched(draft.with_examples(Example("a", "b")), framework)


def test_moving_to_another_framework_loses_no_words():
    draft = (
        PromptDraft(framework="main", chain_of_thought=True)
        .with_text("task", "Do it")
        .with_text("persona", "A clerk")
        .with_text("tone", "Warm")
        .with_material("context", "paste")
    )
    moved = moved_to(draft, MAIN, PLAIN, Language.ENGLISH)
    assert moved.framework == "plain"
    assert dict(moved.texts) == {"task": "Do it\n\nWarm", "role": "A clerk"}
    assert moved.materials == (Material("task", "paste"),)
    assert moved.chain_of_thought
