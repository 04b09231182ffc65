"""What a recipe that is made of a prompt asks for each time: the material and the facts of the case, by their names."""

from __future__ import annotations

import pytest

from desktop.core.prompts.prompt import Language, Material, PromptDraft, PromptFile
from desktop.core.prompts.render import render
from desktop.core.recipes.recipe import Blank, BlankKind, fill, recipe_of
from desktop.core.tasks.case import BlankNames, Case, put_back
from desktop.core.tasks.guiding import begin_guiding
from desktop.prompts.texts import Guides, load_frameworks

FRAMEWORKS = {each.key: each for each in load_frameworks()}
MAIN = FRAMEWORKS["main"]
ENGLISH = BlankNames(text="text", file="file", language=Language.ENGLISH)
CHINESE = BlankNames(text="文本", file="文件", language=Language.CHINESE)
MAIL = "Dear Sir or Madam, on 24 November I bought a chair."


def long(name, field="task", *, required=True):
    return Blank(name=name, kind=BlankKind.LONG_TEXT, field=field, required=required)


@pytest.mark.parametrize(
    ("task", "framework", "field", "names", "name"),
    [
        ("Write a reply to the complaint below.", "main", "task", ENGLISH, "complaint"),
        ("Summarise the contract below.\nAt most a page.", "main", "task", ENGLISH, "contract"),
        ("给下面的投诉写一封回信。", "main", "task", CHINESE, "投诉"),
        ("Answer kindly.", "main", "task", ENGLISH, "text"),
        ("Translate this.", "main", "task", ENGLISH, "text"),
        ("客气地答复。", "main", "task", CHINESE, "文本"),
        ("Answer it.", "complaint", "complaint", ENGLISH, "Complaint"),
        ("答复。", "complaint", "complaint", CHINESE, "投诉内容"),
        ("Look.", "crispe", "insight", ENGLISH, "text"),
    ],
)
def test_material_is_asked_for_by_its_name(task, framework, field, names, name):
    found = FRAMEWORKS[framework]
    draft = PromptDraft(framework=framework, texts={found.task.key: task}, materials=(Material(field, MAIL),))
    case = Case(draft, found, names)
    case.take_out()
    assert [each.blank for each in case.asked] == [long(name, field)]
    assert case.draft == PromptDraft(framework=framework, texts={found.task.key: task})
    recipe = recipe_of("x", case.draft, (case.asked[0].blank,))
    filled = fill(recipe, {name: "Too late."})
    assert filled.materials == (Material(field, "Too late."),)
    assert "below" not in render(filled, found).text.replace(task, "")
    assert put_back(case.draft, case.asked[0], name) == draft


def test_own_answers_of_a_guide_are_facts_and_those_that_were_pressed_stay():
    guide = Guides().guide("answer_mail")
    guiding = begin_guiding(guide, MAIN, PromptDraft(framework="main"), Language.ENGLISH).with_material(MAIL)
    decision, form, more = guide.questions
    guiding = guiding.with_answer(decision, guiding.words_of(decision, decision.answers[0]))
    guiding = guiding.with_answer(form, guiding.words_of(form, form.answers[0]))
    guiding = guiding.with_answer(more, guiding.words_of(more, "the supplier was late"))
    case = Case(guiding.draft, MAIN, ENGLISH, guide)
    case.take_out()
    assert [each.blank for each in case.asked] == [long("Mail"), Blank(name="Also")]
    assert [each.words for each in case.asked] == [MAIL, "the supplier was late"]
    assert case.draft.texts == {
        "task": f"Write a reply to the mail below.\n\n{decision.answers[0].text.en}\n{form.answers[0].text.en}\n"
        "Also: {{Also}}",
    }
    back = case.draft
    for each in case.asked:
        back = put_back(back, each, each.blank.name)
    assert (back.texts, back.materials) == (guiding.draft.texts, guiding.draft.materials)


def test_what_stands_in_the_context_is_the_case():
    texts = {"task": "Write a reply.", "remedy": "New chairs.\nOn 7 May.", "customer": "A hotel.", "tone": "Calm."}
    framework = FRAMEWORKS["complaint"]
    case = Case(PromptDraft(framework="complaint", texts=texts), framework, ENGLISH)
    case.take_out()
    assert [each.blank for each in case.asked] == [long("What we do about it", "remedy")]
    assert case.draft.texts == texts | {"remedy": ""}
    kept = Case(PromptDraft(framework="main", texts={"context": "For {{whom}}"}), MAIN, ENGLISH)
    kept.take_out()
    assert kept.asked == []


def test_an_example_that_was_pasted_stays():
    draft = PromptDraft(framework="main", materials=(Material("example", "Like this."), Material("task", MAIL)))
    case = Case(draft, MAIN, ENGLISH)
    case.take_out()
    assert case.draft.materials == (Material("example", "Like this."),)


def test_files_are_asked_for_where_they_are_named_or_below():
    files = (PromptFile("task", "a.pdf"), PromptFile("context", "b.pdf"))
    texts = {"task": 'Summarise the file "a.pdf".'}
    case = Case(PromptDraft(framework="main", texts=texts, files=files), MAIN, ENGLISH)
    case.take_out()
    assert case.draft == PromptDraft(framework="main", texts={"task": "Summarise {{file}}."})
    blanks = tuple(each.blank for each in case.asked)
    assert blanks == (
        Blank(name="file", kind=BlankKind.FILE),
        Blank(name="file 2", kind=BlankKind.FILE, field="context"),
    )
    filled = fill(recipe_of("x", case.draft, blanks), {"file": "/c.pdf", "file 2": "/d.pdf"})
    assert set(filled.files) == {PromptFile("task", "c.pdf"), PromptFile("context", "d.pdf")}
    assert filled.texts == {"task": 'Summarise the file "c.pdf".'}
