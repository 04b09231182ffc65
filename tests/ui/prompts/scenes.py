"""Scenes of the prompt builder for the gallery: empty, filled, with advice, examples, a long material."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QWidget

from desktop.core.conversation import ConversationSettings
from desktop.core.documents.naming_places import PlaceWord
from desktop.core.model import ModelInfo
from desktop.core.place import Place
from desktop.core.prompts.freeform_parser import taken_apart
from desktop.core.prompts.prompt import Example, PromptDraft
from desktop.ui.chat.page import ChatPage
from desktop.ui.look.theme import Theme
from desktop.ui.prompts.panel import PromptPanel
from desktop.ui.prompts.place import PromptPlace
from tests.support.frameworks import bundled_frameworks
from tests.ui.documents.files import contract, prices, ready

Scene = Callable[[Theme, int], QWidget]
MakeWindow = Callable[[Theme, int, Place], tuple[QWidget, ChatPage]]

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
POOR = PromptDraft(
    framework="main", texts={"task": "write the minutes, short and detailed, call +49 170 1234567", "tone": "friendly"}
)
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


def prompt_scenes(make_window, here, far):
    """`make_window` makes the window's other parts for a width and a place."""

    def scene(draft, place=here, look=None):
        def make(theme, width):
            whole, page = make_window(theme, width, place)
            layout = whole.layout()
            assert layout is not None
            panel = PromptPanel(theme, bundled_frameworks(), whole)
            panel.show_setting(MODEL, place, is_first=True, window=MODEL.context_length)
            made = draft()
            if made is not None:
                panel.show_draft(made)
            dock = PromptPlace(theme, QWidget())
            dock.make_panel = lambda: panel
            layout.replaceWidget(page, dock)
            dock._splitter.replaceWidget(0, page)
            page.show()
            page.header.prompt.setChecked(True)
            whole.resize(width, 700)
            dock.restore(True, 0)
            dock._is_over = width < 800
            dock.fill()
            page.composer.lend_send(True)  # which the builder has
            if look is not None:
                look(panel)
            return whole

        return make

    return {
        "prompt_empty": scene(lambda: None),
        "prompt_apart": scene(lambda: None, look=_propose),
        "prompt_filled": scene(_filled),
        "prompt_advice": scene(lambda: POOR, far),
        "prompt_files": scene(_filled, look=_give_files),
        "prompt_preview": scene(_filled, look=lambda panel: panel.preview.set_open(True)),
        "prompt_places": scene(_filled, look=lambda panel: _ask_for_pages(panel, here)),
        "prompt_examples": scene(lambda: SORTING, look=_show_examples),
        "prompt_long": scene(lambda: FILLED.with_material("context", "every word of it " * 300_000)),
        "prompt_ready_made": scene(lambda: PromptDraft(framework="answer_mail").with_material("mail", LETTER)),
    }


Look = Callable[[PromptPanel], None]


def _filled():
    return FILLED_ZH if QLocale().language() is QLocale.Language.Chinese else FILLED


def _propose(panel):
    """Show how a message would be taken apart."""
    is_chinese = QLocale().language() is QLocale.Language.Chinese
    words = "帮我回复客户投诉，态度好一点，不超过150字，客户是合作三年的老客户"
    said = words if is_chinese else "We sell garden furniture. Reply to the complaint, politely, at most 150 words."
    panel.propose_apart(taken_apart(f"{said}\n\n{BRIEF if is_chinese else LETTER}", panel.framework))


def _give_files(panel):
    """Give two files to the context."""
    panel.show_files([replace(ready(each), field="context") for each in (contract(), prices())])


def _ask_for_pages(panel, place):
    """Show what is sent in a conversation that has a file with pages, and asks for them."""
    settings = ConversationSettings(asks_places=True)
    panel.show_setting(
        MODEL, place, is_first=False, settings=settings, window=MODEL.context_length, places=(PlaceWord.PAGE,)
    )
    panel.preview.set_open(True)
    box = panel.preview.box.verticalScrollBar()
    box.setValue(box.maximum())


def _show_examples(panel):
    panel.head.show_notice("again", "Sent.", "Use it again", panel.list_tasks)
    part = next(each for each in panel.fields.parts if each.field.key == "example")
    for each in panel.fields.parts:
        each.set_open(each is part)
