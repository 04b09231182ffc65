"""The prompt builder, the questions for a task, and recipes in the gallery."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QWidget

from desktop.core.model import ModelInfo
from desktop.core.prompts.prompt import Example, Language, PromptDraft
from desktop.core.recipes.recipe import Blank, BlankKind, FileProblem, ShelvedRecipe, TextFault, recipe_of
from desktop.core.tasks.case import Case
from desktop.core.tasks.guiding import begin_guiding, written_draft
from desktop.core.tasks.kinds import OfficeTask
from desktop.prompts.texts import Guides
from desktop.runtime.recipes import FolderState
from desktop.ui.guided.sheet import GuidedPreview, GuidedSheet
from desktop.ui.prompts.panel import PromptPanel
from desktop.ui.recipes.list import RecipeRow
from desktop.ui.recipes.page import RecipePage
from desktop.ui.recipes.presenter import file_problem, folder_state, missing_box, names_of_case, offer_list
from desktop.ui.sidebar.column import Sidebar
from desktop.ui.widgets.page import PanePlace
from desktop.ui.words import prompt_language
from tests.support.frameworks import bundled_frameworks

MODEL = ModelInfo(
    "deepseek-r1:8b", capabilities=frozenset({"completion", "thinking"}), context_length=4096, parameters=8_000_000_000
)
LETTER = (
    "Dear Ms Lindqvist,\n\nwe ordered 40 chairs for the opening of our terrace on 3 May. They have not come.\n"
    "If they are not here by Friday, we will have to cancel.\n\nHotel Seeblick, M. Aebi"
)
BRIEF = (
    "亲爱的林女士：\n\n我们为五月三日的露台开业订购了四十把椅子，至今未到。\n"
    "若周五前仍未送达，我们只好取消订单。\n\n湖景酒店 艾比"
)
FILLED = PromptDraft(
    framework="main",
    texts={
        "task": "Write a reply to the complaint below. Offer Friday, 7 May, and apologise once.",
        "persona": "The head of customer service of a garden furniture maker.",
        "tone": "Warm, plain, no excuses.",
    },
).with_material("context", LETTER)
FILLED_ZH = PromptDraft(
    framework="main",
    texts={
        "task": "请给下面的投诉写一封回信，提出五月七日（周五）送达，只道歉一次。",
        "tone": "诚恳、简洁，不找借口。",
    },
).with_material("context", BRIEF)
SORTING = PromptDraft(
    framework="main",
    texts={"task": "Say for each mail which department answers it."},
    examples=(
        Example("My invoice shows the wrong address.", "Accounts"),
        Example("The chair wobbles. What now?", "Service\nHigh"),
        Example("请问贵公司是否招聘实习生？", "Personnel"),
    ),
    examples_as_turns=True,
    chain_of_thought=True,
)


def prompt_scenes(make_window, here):
    """`make_window` makes the window's other parts for a width and a place."""

    def scene(draft, look=None):
        def make(theme, width):
            whole, page = make_window(theme, width, here)
            layout = whole.layout()
            assert layout is not None
            panel = PromptPanel(theme, bundled_frameworks(), whole)
            panel.show_setting(MODEL, here, is_first=True, window=MODEL.context_length)
            made = draft()
            if made is not None:
                panel.show_draft(made)
            dock = PanePlace(theme, QWidget(), 340, narrowest=280)
            layout.replaceWidget(page, dock)
            dock._splitter.replaceWidget(0, page)
            page.show()
            page.header.prompt.setChecked(True)
            whole.resize(width, 700)
            dock.restore(True, 0)
            dock._is_over = width < 800
            dock.shown_changed.connect(lambda _: dock.put_in(panel))
            page.composer.lend_send(True)  # which the builder has
            if look is not None:
                look(panel)
            return whole

        return make

    return {
        "prompt_empty": scene(lambda: None),
        "prompt_filled": scene(_filled),
        "prompt_examples": scene(lambda: SORTING, look=_show_examples),
        "prompt_ready_made": scene(lambda: PromptDraft(framework="answer_mail").with_material("mail", LETTER)),
    }


def _filled():
    return FILLED_ZH if QLocale().language() is QLocale.Language.Chinese else FILLED


def _show_examples(panel):
    panel.head.show_notice("again", "Sent.", "Use it again", panel.list_tasks)
    part = next(each for each in panel.fields.parts if each.field.key == "example")
    for each in panel.fields.parts:
        each.set_open(each is part)


_LINES = {"en": "answer the customer's complaint", "zh": "帮我回复客户投诉，请他接受周五换货"}


def guided_scenes(make_window):
    """`make_window` makes the window's other parts for a width."""

    def guided(key):
        def make(theme, width):
            whole, page = make_window(theme, width)
            guiding = _begun()
            page.composer.set_text(_line())
            page.composer.hold_prompt(True)
            page.empty.step_back(True)
            sheet, preview = GuidedSheet(theme), GuidedPreview(theme)
            page.put_below(sheet)
            layout = whole.layout()
            assert layout is not None
            place = PanePlace(theme, QWidget(), 380)
            layout.replaceWidget(page, place)
            place._splitter.replaceWidget(0, page)
            page.show()
            place.put_in(preview)
            panel = PromptPanel(theme, bundled_frameworks(), whole)
            panel.hide()
            sheet.ask(guiding, key, may_go_back=True)
            for shown in (sheet.preview, preview.prompt):
                panel.show_in(shown, guiding.draft)
            preview.show_next(guiding, [each for each in guiding.open_steps if each != key], is_proposing=False)
            place.restore(width >= 1000)
            sheet.growing.setVisible(width < 1000)
            return whole

        return make

    def named(theme, width):
        whole, page = make_window(theme, width)
        page.composer.set_text(_line())
        material = Guides().guide(OfficeTask.ANSWER_COMPLAINT).material
        assert material is not None
        page.composer.task.show_task(OfficeTask.ANSWER_COMPLAINT, material.missing.of(prompt_language()))
        return whole

    return {
        "guided_step": guided("form"),
        "guided_named": named,
    }


def _is_chinese():
    return QLocale().language() is QLocale.Language.Chinese


def _line():
    return _LINES["zh" if _is_chinese() else "en"]


def _begun():
    """Return a draft of which the first question is answered."""
    main = next(each for each in bundled_frameworks() if each.key == "main")
    guide = Guides().guide(OfficeTask.ANSWER_COMPLAINT)
    language = Language.CHINESE if _is_chinese() else Language.ENGLISH
    written = written_draft(_line(), (BRIEF if _is_chinese() else LETTER,), main, guide)
    question = guide.questions[0]
    guiding = begin_guiding(guide, main, written, language)
    return guiding.with_answer(question, guiding.words_of(question, question.answers[0]))


COMPLAINT = recipe_of(
    "Reply to a complaint",
    PromptDraft(
        framework="main",
        texts={
            "task": "Answer {{mail}}.\nOffer {{new day}} as the new day of delivery, {{length}}.",
            "tone": "Warm, plain, no excuses.",
        },
    ),
    (
        Blank(name="mail", label="The mail of the customer", kind=BlankKind.LONG_TEXT),
        Blank(name="recipient", label="Who it goes to"),
        Blank(name="new day", label="New day of delivery", kind=BlankKind.DATE),
        Blank(name="discount", label="Discount in per cent", kind=BlankKind.NUMBER, default="5", required=False),
        Blank(name="length", label="How long", kind=BlankKind.CHOICE, choices=("short", "one page"), default="short"),
    ),
    "For the service desk: one apology, one offer, no excuses.",
)


def shelved(name, about="", *, is_shared=False, is_writable=True):
    recipe = recipe_of(name, PromptDraft(framework="main", texts={"task": "Write to {{recipient}}."}), (), about)
    return ShelvedRecipe(Path(f"{name}.toml"), recipe, "1", is_shared, is_writable and not is_shared)


ENTRIES = [
    ShelvedRecipe(Path("complaint.toml"), COMPLAINT, "1"),
    shelved("Minutes of a meeting", "Decisions first, then who does what until when.", is_shared=True),
    shelved("把会议记录整理成要点", "决定在前，然后是谁在何时之前做什么。"),
    shelved("Offer for a hotel & co <b>", "A long line on what this is for that does not fit into the row, " * 2),
    shelved("Translate for the board", is_writable=False),
]
LONG = "A recipe of a name that somebody has made as long as names of recipes can be, and then some more of it"
BROKEN = FileProblem(Path("old offer.toml"), 7, TextFault.KIND.of("text, long_text, choice, number, date"))


def recipe_scenes(make_window):
    """`make_window` makes the window's other parts for a width."""

    def scene(look):
        def make(theme, width):
            whole, chat = make_window(theme, width)
            page = RecipePage(theme)
            layout = whole.layout()
            assert layout is not None
            layout.replaceWidget(chat, page)
            chat.hide()
            chat.setParent(None)
            for sidebar in whole.findChildren(Sidebar):
                sidebar.recipes.show_recipes(ENTRIES[:3])
            look(page)
            return whole

        return make

    return {
        "recipes": scene(_list),
        "recipes_none": scene(lambda page: page.list.show_folders("", "", "", [])),
        "recipe_form": scene(lambda page: page.show_form(ENTRIES[0])),
        "recipe_menu": lambda theme, width: RecipeRow(theme, ENTRIES[0], is_pinned=False).menu(),
        "link_missing": lambda theme, width: _leading(missing_box(LONG, has_shared=False, is_all_read=True)),
        "recipe_new": scene(_new),
    }


def _leading(box):
    offer_list(box)
    return box


def _list(page):
    page.list.show_recipes(ENTRIES, {ENTRIES[0].key})
    gone = folder_state(FolderState.NOT_ANSWERING, is_shared=True)
    page.list.show_folders("", "/mnt/company/office/recipes", gone, [file_problem(BROKEN)])
    page.say("Saved: Reply to a complaint")


def _new(page):
    draft = COMPLAINT.draft.with_material("task", "Our rules: no refunds, one new day of delivery, and so on. " * 9)
    draft = draft.with_examples(Example("Late", "Dear …"))
    case = Case(draft, bundled_frameworks()[0], names_of_case(prompt_language()))
    case.take_out()
    recipe = recipe_of("", case.draft, (*COMPLAINT.blanks, *(each.blank for each in case.asked)))
    page.show_editor("Save as recipe", recipe, bundled_frameworks()[0], prompt_language(), case.asked)
    assert page.editor is not None
    page.editor.save()
