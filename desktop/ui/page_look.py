"""The theme as the page painter wants it: fonts, measures and colours of answers, of thinking, of people's words."""

from __future__ import annotations

from PySide6.QtGui import QColor

from desktop.rendering.page_style import PageColours, PageStyle
from desktop.ui import theme as measures
from desktop.ui.theme import Theme


def answer_style(theme: Theme) -> PageStyle:
    """For answers and for the person's own words."""
    return _style(theme, 1.0, "ink")


def thinking_style(theme: Theme) -> PageStyle:
    """For a thinking trace: one step smaller, muted."""
    return _style(theme, measures.SMALL, "muted")


def _style(theme: Theme, ratio: float, ink: str) -> PageStyle:
    colours = PageColours(
        ink=theme.color(ink),
        muted=theme.color("muted"),
        accent=theme.color("accent"),
        line=theme.color("line"),
        code_ground=theme.color("code"),
        selection=theme.color("selection"),
        selected_ink=theme.color("ink"),
        found=theme.color("found"),
        current=theme.color("current"),
        code_tokens={kind: QColor(value) for kind, value in theme.tokens.highlight.items()},
    )
    return PageStyle(
        theme.ui_font(ratio), theme.mono_font(measures.CODE * ratio), colours, measures.LINE_HEIGHT, measures.HEADINGS
    )
