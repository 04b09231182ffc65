"""What differs is marked in an answer, also in one that comes into sight later, and in no thinking."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor

from desktop.ui.look.panel_preference import PanelPreference
from desktop.ui.message_actions import Reading
from desktop.ui.text.selection import Channel
from tests.ui.transcript.page_bench import KnownPath, reply, shown_page

pytestmark = pytest.mark.window


def has_marks(transcript, theme):
    image = transcript.viewport().grab().toImage()
    ground: QColor = theme.color("differs")
    return any(image.pixelColor(x, y) == ground for x in range(0, image.width(), 2) for y in range(image.height()))


def test_marks_come_and_go(qtbot, theme):
    transcript = shown_page(qtbot, theme, Reading(PanelPreference.OPEN), width=500, height=300)
    transcript.show_path(KnownPath([reply("It was founded in 1998.", reasoning="1998? 2001?")]))
    transcript.differences.mark({"2001": "Not in the other"})
    assert not has_marks(transcript, theme)
    transcript.differences.mark({"1998": "The other says: 2001"})
    assert has_marks(transcript, theme)
    transcript.show_path(KnownPath([reply("Since 1998, another one.")]))
    assert has_marks(transcript, theme)
    transcript.differences.mark({})
    assert not has_marks(transcript, theme)


def test_a_mark_says_what_the_other_answer_says(qtbot, theme):
    transcript = shown_page(qtbot, theme, Reading(PanelPreference.OPEN), width=500, height=300)
    transcript.show_path(KnownPath([reply("It was founded in 1998.")]))
    transcript.differences.mark({"1998": "The other says: 2001"})
    [(_, view)] = transcript.live_views()
    surface = next(surface for channel, surface in view.surfaces() if channel is Channel.ANSWER)
    said = {
        transcript.differences.note_at(surface, QPointF(x, surface.height() / 2)) for x in range(0, surface.width(), 3)
    }
    assert said == {"", "The other says: 2001"}
