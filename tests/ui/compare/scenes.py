"""Scenes of answers side by side for the gallery: being written, done, one failed, the same, no room for two."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QHBoxLayout, QWidget

from desktop.core.events import ReasoningDelta, TextDelta
from desktop.core.message import Failure, Message, MessageStatus, Timings, Usage
from desktop.core.place import THIS_COMPUTER
from desktop.core.prompts.render import render
from desktop.core.prompts.variants import variants
from desktop.runtime.generation import Advance, Generation
from desktop.ui.compare.page import ComparePage
from desktop.ui.look.panel_preference import PanelPreference
from desktop.ui.look.theme import Theme
from desktop.ui.prompts.compare_words import compared_sides
from desktop.ui.prompts.preview import PromptPreview
from desktop.ui.sidebar.column import Sidebar
from desktop.ui.words import prompt_language
from tests.support.frameworks import bundled_frameworks
from tests.ui.prompts.scenes import FILLED, FILLED_ZH
from tests.ui.transcript.page_bench import KnownPath, ScriptedTurn, reply

Scene = Callable[[Theme, int], QWidget]
MakeSidebar = Callable[[Theme], Sidebar]

LETTER = (
    "Dear Ms Aebi,\n\nplease accept my apologies: the 40 chairs should have been with you **before 3 May**.\n\n"
    "1. They leave our warehouse on Thursday.\n2. They reach you on *Friday, 7 May*.\n\nKind regards\nA. Lindqvist"
)
PLAIN = "Hello,\n\nsorry about the delay. We will deliver the chairs on Friday, 7 May.\n\n> Best wishes"
THOUGHT = "The guest is angry. One apology is enough, and the date must be certain."
_TIMES = Timings(connecting=0.2, reading=1.1, thinking=4.0, answering=7.4)


def compare_scenes(make_sidebar):
    done = [_done(LETTER, 431, "qwen3:8b"), _done(PLAIN, 212, "gemma3:4b")]
    refused = reply("", status=MessageStatus.FAILED, failure=Failure("overloaded", host="gpu-server"))
    return {
        "compare_running": _scene(make_sidebar, [LETTER[:160], PLAIN[:40]]),
        "compare_done": _scene(make_sidebar, done, is_asked_open=True),
        "compare_failed": _scene(make_sidebar, [done[0], refused]),
        "compare_same": _scene(make_sidebar, [done[1], _done(PLAIN, 212)]),
        "compare_narrow": _scene(make_sidebar, done, width=480),
    }


def _done(text, tokens, model="gemma3:4b"):
    return reply(text, THOUGHT, timings=_TIMES, usage=Usage(400, tokens, 40), model=model, place=THIS_COMPUTER)


def _scene(make_sidebar, answers, *, is_asked_open=False, width=0):
    """`answers` that are texts are being written. `width` of the page in pixels, in any window."""

    def make(theme, window_width):
        whole = QWidget()
        row = QHBoxLayout(whole)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        if window_width >= 800:
            row.addWidget(make_sidebar(theme))
        page = ComparePage(theme)
        if width:
            page.setFixedWidth(width)
        row.addWidget(page, 1)
        draft = FILLED_ZH if QLocale().language() is QLocale.Language.Chinese else FILLED
        [framework] = [each for each in bundled_frameworks() if each.key == draft.framework]
        variant = next(each for each in variants(draft, framework) if each.left_out == {"tone"})
        prompts = [render(each, framework) for each in (draft, variant.draft)]
        page.make_columns(draft.text("task"), compared_sides(variant, prompts, prompt_language()), PanelPreference.AUTO)
        for column, answer in zip(page.columns, answers, strict=True):
            column.offer_keep(True)
            column.findChild(PromptPreview).set_open(is_asked_open)
            if isinstance(answer, Message):
                column.show_ended(answer, KnownPath([answer]))
            else:
                _write(column, answer)
        page.show_running(any(isinstance(each, str) for each in answers))
        texts = [each.text if isinstance(each, Message) else each for each in answers]
        page.differences.say(["Both answers are the same."] if len(set(texts)) == 1 else [])
        page.models.setVisible(len({each.model for each in answers if isinstance(each, Message)}) > 1)
        whole._kept = page  # type: ignore[attr-defined]
        return whole

    return make


def _write(column, text):
    generation = ScriptedTurn()
    path = KnownPath([generation.builder.message])
    column._scripted = generation, path  # type: ignore[attr-defined]
    column.follow(cast(Generation, generation), path)  # type: ignore[attr-defined]
    generation.play(ReasoningDelta(THOUGHT), advance=Advance(THOUGHT))
    generation.play(TextDelta(text), advance=Advance(text=text))
