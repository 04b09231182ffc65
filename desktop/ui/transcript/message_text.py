"""The words of one message as a text: the user's as typed, in a bubble; a model's as Markdown, on the paper."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from desktop.core.message import Message, Role
from desktop.rendering.markdown.document import MarkdownDocument
from desktop.rendering.text.plain_document import PlainDocument
from desktop.ui.look import tokens as measures
from desktop.ui.look.page_look import PageLook
from desktop.ui.text.surface import TextSurface


def make_text(message: Message, text: str, look: PageLook, view: QWidget) -> TextSurface:
    """Return a new surface in `view` that shows this text of a message; that of a running reply is to grow."""
    is_mine = message.role is Role.USER
    document = PlainDocument() if is_mine else MarkdownDocument()
    surface = TextSurface(document, look.answer, look.theme.color("paper"), view)
    if message.status.is_running:
        surface.append(text)
    else:
        surface.load(text)
    set_text_look(surface, look, is_mine=is_mine)
    return surface


def set_text_look(surface: TextSurface, look: PageLook, *, is_mine: bool, is_unsent: bool = False) -> None:
    """Apply the theme's present look; what is not sent any more is grey."""
    theme, style = look.theme, look.unsent if is_unsent else look.answer
    paper = theme.color("paper")
    if is_mine:
        surface.set_frame(14, 10, measures.RADIUS_BUBBLE, 0, paper)
        surface.set_look(style, theme.color("mine"), paper)
    else:
        surface.set_look(style, paper, paper)
