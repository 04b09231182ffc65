"""Scenes of guided mode for the gallery: a question with the growing prompt, what is missing, and the task line."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QWidget

from desktop.core.prompts.prompt import Language
from desktop.core.tasks.guiding import MATERIAL, begin_guiding, written_draft
from desktop.core.tasks.kinds import OfficeTask
from desktop.prompts.texts import Guides
from desktop.ui.chat.page import ChatPage
from desktop.ui.guided.place import GuidedPlace
from desktop.ui.guided.sheet import GuidedPreview, GuidedSheet
from desktop.ui.look.theme import Theme
from desktop.ui.prompts.panel import PromptPanel
from desktop.ui.words import prompt_language
from tests.support.frameworks import bundled_frameworks
from tests.ui.prompts.scenes import BRIEF, LETTER

Scene = Callable[[Theme, int], QWidget]
MakeWindow = Callable[[Theme, int], tuple[QWidget, ChatPage]]

_LINES = {"en": "answer the customer's complaint", "zh": "帮我回复客户投诉，请他接受周五换货"}


def guided_scenes(make_window):
    """`make_window` makes the window's other parts for a width."""

    def guided(key, *, with_material):
        def make(theme, width):
            whole, page = make_window(theme, width)
            guiding = _begun(with_material=with_material)
            page.composer.set_text(_line())
            page.composer.hold_prompt(True)
            page.empty.step_back(True)
            sheet, preview = GuidedSheet(theme), GuidedPreview(theme)
            page.put_below(sheet)
            layout = whole.layout()
            assert layout is not None
            place = GuidedPlace(theme, QWidget())
            layout.replaceWidget(page, place)
            place._splitter.replaceWidget(0, page)
            page.show()
            place.put_in(preview)
            panel = PromptPanel(theme, bundled_frameworks(), whole)
            panel.hide()
            sheet.ask(guiding, key, may_go_back=with_material)
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
        "guided_step": guided("form", with_material=True),
        "guided_open": guided("more", with_material=True),
        "guided_missing": guided(MATERIAL, with_material=False),
        "guided_named": named,
    }


def _is_chinese():
    return QLocale().language() is QLocale.Language.Chinese


def _line():
    return _LINES["zh" if _is_chinese() else "en"]


def _begun(*, with_material):
    """Return a draft of which the first question is answered."""
    main = next(each for each in bundled_frameworks() if each.key == "main")
    pasted = (BRIEF if _is_chinese() else LETTER,) if with_material else ()
    guide = Guides().guide(OfficeTask.ANSWER_COMPLAINT)
    language = Language.CHINESE if _is_chinese() else Language.ENGLISH
    guiding = begin_guiding(guide, main, written_draft(_line(), pasted, main, guide), language)
    if not with_material:
        return guiding
    question = guide.questions[0]
    return guiding.with_answer(question, guiding.words_of(question, question.answers[0]))
