"""What can be left out of a prompt, to be compared with the whole."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from desktop.core.prompts.marks import CHAIN_OF_THOUGHT_KEY
from desktop.core.prompts.prompt import Example, Material, PromptDraft
from desktop.core.prompts.render import render
from desktop.core.prompts.variants import Omission, variants
from tests.core.prompts.frameworks import MAIN
from tests.core.prompts.test_render import drafts
from tests.support.frameworks import bundled_frameworks


def _left_out(draft):
    return [(each.omission, each.field.key if each.field else "") for each in variants(draft, MAIN)]


def test_what_a_form_requires_can_be_left_out_to_see_what_it_does():
    form = next(each for each in bundled_frameworks() if each.key == "answer_mail")
    draft = PromptDraft(framework="answer_mail", texts={"task": "Reply.", "points": "Yes."})
    draft = draft.with_material("mail", "When?")
    found = variants(draft, form)
    assert [each.field.key for each in found if each.field] == ["points", "mail"]
    assert "When?" in render(found[0].draft, form).text
    bare = variants(draft.with_text("tone", "Kind."), form)[-1]
    assert (bare.omission, bare.left_out) == (Omission.ALL_BUT_TASK, {"tone"})


def test_examples_and_chain_of_thought_are_parts_too():
    draft = PromptDraft(
        framework="main",
        texts={"task": "Say it."},
        materials=(Material("context", "a letter"),),
        examples=(Example("in", "out"),),
        chain_of_thought=True,
    )
    assert _left_out(draft) == [
        (Omission.PART, "context"),
        (Omission.EXAMPLES, ""),
        (Omission.CHAIN_OF_THOUGHT, ""),
        (Omission.ALL_BUT_TASK, ""),
    ]
    assert render(variants(draft, MAIN)[-1].draft, MAIN).text == "Say it."


@given(drafts(MAIN), st.data())
def test_what_is_left_out_is_named_and_all_else_stays(draft, data):
    found = variants(draft, MAIN)
    if not found:
        return
    variant = data.draw(st.sampled_from(found))
    whole, without = render(draft, MAIN), render(variant.draft, MAIN)
    assert (whole.text, whole.turns) != (without.text, without.turns)
    kept = {span.field for span in without.spans} | ({"example"} if without.turns else set())
    assert not kept & variant.left_out
    assert {span.field for span in whole.spans} - variant.left_out <= kept
    named = {
        Omission.PART: {variant.field.key if variant.field else ""},
        Omission.EXAMPLES: {"example"},
        Omission.CHAIN_OF_THOUGHT: {CHAIN_OF_THOUGHT_KEY, "example"},
    }
    assert variant.left_out <= named.get(variant.omission, variant.left_out - {"task"})
