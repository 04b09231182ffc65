"""Scenes of answers side by side for the gallery: a fresh answer beside the old one, and three fresh ones."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from desktop.core.claims.conclusion import conclude
from desktop.core.claims.differences import Agreement, agreement, compare
from desktop.rendering.page.shown_claims import shown_in
from desktop.runtime.compare import Compared
from desktop.ui.compare.differences import lines, notes
from desktop.ui.compare.page import ComparePage
from desktop.ui.fresh_start.comparing import FreshComparisonBar
from desktop.ui.look.panel_preference import PanelPreference
from desktop.ui.look.theme import Theme
from desktop.ui.prompts.compare_words import SideWords
from tests.ui.transcript.page_bench import KnownPath, reply

Scene = Callable[[Theme, int], QWidget]

OLD = (
    "The bridge was **opened on 14 July 1889** and is 321 m long. It was built by *Anna Berg*, who said: “Nothing "
    "holds like stone.”\n\n| What | Value |\n| --- | --- |\n| Length | 321 m |\n| Cost | 7,500,000 crowns |\n\n"
    "See `plan.pdf`."
)
FRESH = (
    "The bridge was opened on 10 May 1889 and is 321 metres long. It was built by Nils Lund.\n\n"
    "| What | Value |\n| --- | --- |\n| Length | 321 m |\n| Cost | 7.5 million crowns |"
)
THIRD = "It was opened on 10 May 1889, is 188 m long, and cost 7.5 million crowns."
CHINESE = (
    "该桥于1889年7月14日建成，全长三百二十一米，由北京大学李明教授设计。",
    "该桥于1889年5月10日建成，全长321米，由清华大学李明教授设计。",
)


def scenes():
    """By name."""
    return {
        "fresh_compared": _scene((OLD, FRESH)),
        "fresh_compared_zh": _scene(CHINESE),
        "fresh_compared_three": _scene((OLD, FRESH, THIRD, FRESH)),
    }


def _scene(answers):
    def make(theme, width):
        page, bar = ComparePage(theme), FreshComparisonBar(theme, print)
        several = len(answers) > 2
        headings = ["The answer before", *(["Fresh answer"] * (len(answers) - 1))]
        if several:
            headings = [f"{at} · {heading}" for at, heading in enumerate(headings, 1)]
        page.make_columns(
            "When was the bridge opened, and by whom was it built?",
            list(map(SideWords, headings)),
            PanelPreference.AUTO,
            bar,
        )
        page.show_running(False)
        shown = [shown_in(answer) for answer in answers]
        places = tuple(range(len(answers)))
        found = agreement(shown) if several else compare(*shown)
        two, many = (None, found) if isinstance(found, Agreement) else (found, None)
        compared = Compared(places, two, many, conclude(found, given="When was the bridge opened?"))
        page.differences.say(lines(compared, headings))
        for place, (column, answer) in enumerate(zip(page.columns, answers, strict=True)):
            message = reply(answer)
            column.show_ended(message, KnownPath([message]))
            column.transcript.differences.mark(notes(compared, place, headings))
        return page

    return make
