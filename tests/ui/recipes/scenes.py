"""Scenes of recipes for the gallery: the list, the form with each kind of blank, making one, and pinned ones."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QWidget

from desktop.core.prompts.file_problem import FileProblem, TextFault
from desktop.core.prompts.prompt import Example, PromptDraft
from desktop.core.recipes.folder import ShelvedRecipe
from desktop.core.recipes.link import LinkFault
from desktop.core.recipes.recipe import Blank, BlankKind, recipe_of
from desktop.core.tasks.case import Case
from desktop.runtime.recipes import FolderState
from desktop.ui.chat.page import ChatPage
from desktop.ui.look.theme import Theme
from desktop.ui.recipes.links import looking_box, missing_box, notice_box, offer_list, unfinished_box
from desktop.ui.recipes.list import RecipeRow
from desktop.ui.recipes.page import RecipePage
from desktop.ui.recipes.words import failure, file_problem, folder_state, names_of_case
from desktop.ui.sidebar.column import Sidebar
from desktop.ui.words import prompt_language, say, say_each, shown_name
from tests.support.frameworks import bundled_frameworks

Scene = Callable[[Theme, int], QWidget]
MakeWindow = Callable[[Theme, int], tuple[QWidget, ChatPage]]
Look = Callable[[RecipePage], None]

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
NOTHING = ShelvedRecipe(
    Path("news.toml"),
    recipe_of("Our news", PromptDraft(framework="main", texts={"task": "Sum up the news."}), (), "Each Monday."),
    "1",
)
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
        "recipe_form_missing": scene(_missing),
        "recipe_form_nothing": scene(lambda page: page.show_form(NOTHING)),
        "recipe_form_broken_file": scene(_broken_file),
        "recipe_form_second_file": scene(_second_file),
        "recipe_menu": lambda theme, width: RecipeRow(theme, ENTRIES[0], is_pinned=False).menu(),
        "link_missing": lambda theme, width: _leading(missing_box(LONG, has_shared=False, is_all_read=True)),
        "link_missing_shared": lambda theme, width: _leading(missing_box("会议", has_shared=True, is_all_read=True)),
        "link_missing_unread": lambda theme, width: _leading(missing_box("会议", has_shared=True, is_all_read=False)),
        "link_unfinished": lambda theme, width: unfinished_box("会议纪要"),
        "link_looking": lambda theme, width: looking_box("Reply to a complaint"),
        "link_no_file": lambda theme, width: _of_fault(LinkFault.NO_FILE),
        "link_far": lambda theme, width: _of_fault(LinkFault.ELSEWHERE),
        "recipe_new": scene(_new),
    }


def _leading(box):
    offer_list(box)
    return box


def _of_fault(fault):
    return notice_box(say_each("recipes.link", fault), say_each("recipes.about_link", fault))


def _list(page):
    page.list.show_recipes(ENTRIES, {ENTRIES[0].key})
    gone = folder_state(FolderState.NOT_ANSWERING, is_shared=True)
    page.list.show_folders("", "/mnt/company/office/recipes", gone, [file_problem(BROKEN)])
    page.say("Saved: Reply to a complaint")


def _broken_file(page):
    page.show_form(ENTRIES[0])
    page.say(failure(BROKEN), is_trouble=True)


def _second_file(page):
    page.show_form(ENTRIES[0])
    page.say(say("recipes.what_is_written_here_stays_when", name=shown_name(LONG)), is_trouble=True)


def _missing(page):
    page.show_form(ENTRIES[0])
    assert page.form is not None
    page.form.form.begin_with("mail", "Dear Ms Lindqvist,\n\nwe ordered 40 chairs. They have not come.")
    page.form.form.begin_with("discount", "5 or so")
    page.form.use()


def _new(page):
    draft = COMPLAINT.draft.with_material("task", "Our rules: no refunds, one new day of delivery, and so on. " * 9)
    draft = draft.with_examples(Example("Late", "Dear …"))
    case = Case(draft, bundled_frameworks()[0], names_of_case(prompt_language()))
    case.take_out()
    recipe = recipe_of("", case.draft, (*COMPLAINT.blanks, *(each.blank for each in case.asked)))
    page.show_editor("Save as recipe", recipe, bundled_frameworks()[0], prompt_language(), case.asked)
    assert page.editor is not None
    page.editor.save()
