"""Scenes of the gallery with the evidence pane."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QHBoxLayout, QWidget

from desktop.core.message import AttachmentPart
from desktop.ui.chat.page import ChatPage
from desktop.ui.evidence.pane import EvidencePane
from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.theme import Theme
from tests.ui.evidence.showing import ANSWER, contract, evidence, given, index_of

MakeWindow = Callable[[Theme, int], tuple[QWidget, ChatPage]]
Scene = Callable[[Theme, int], QWidget]


def evidence_scenes(make_window: MakeWindow) -> dict[str, Scene]:
    """The scenes by their names."""

    def pane(answer: str, text: str, *files: AttachmentPart, said: str = "") -> Scene:
        def made(theme: Theme, width: int) -> QWidget:
            whole, _ = make_window(theme, width)
            shown = EvidencePane(theme)
            set_look(shown, "dock")
            shown.setFixedWidth(theme.px(420 if width > 800 else 400))
            layout = whole.layout()
            assert isinstance(layout, QHBoxLayout)
            layout.addWidget(shown)
            found = evidence(answer, *files, said=said)
            shown.show_thing(found, index_of(found, text))
            return whole

        return made

    text = given(contract())
    return {
        "evidence_elsewhere": pane(ANSWER, "12,500", text),
        "evidence_not_found": pane(ANSWER, "8 %", text),
        "evidence_computed": pane(ANSWER, "49,800", text),
    }
