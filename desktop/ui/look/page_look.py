"""The theme as the page painter needs it: fonts, measures and colours of answers, of thinking, of the user's words.

One look serves all messages of a page; with it goes what typesets their formulas.
"""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtGui import QColor

from desktop.rendering.formula.typesetter import FormulaSource
from desktop.rendering.page.box import PageColours, PageStyle
from desktop.ui.look import stylesheet as measures
from desktop.ui.look.theme import Theme


class PageLook(QObject):
    """The styles of a page, made at their first use and again after the theme has changed."""

    def __init__(self, theme: Theme, formulas: FormulaSource | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self._formulas = formulas
        self._styles: dict[tuple[float, str], PageStyle] = {}
        theme.changed.connect(self._styles.clear)

    @property
    def answer(self) -> PageStyle:
        """The style of answers and of the user's own words."""
        return self._style(1.0, "ink")

    @property
    def unsent(self) -> PageStyle:
        """The style of messages that are not sent any more."""
        return self._style(1.0, "muted")

    @property
    def thinking(self) -> PageStyle:
        """The style of a thinking trace: one step smaller, muted."""
        return self._style(measures.SMALL, "muted")

    def _style(self, ratio: float, ink: str) -> PageStyle:
        found = self._styles.get((ratio, ink))
        if found is None:
            found = self._styles[ratio, ink] = self._make_style(ratio, ink)
        return found

    def _make_style(self, ratio: float, ink: str) -> PageStyle:
        theme = self.theme
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
            differs=theme.color("differs"),
            warning=theme.color("internet"),
            code_tokens={kind: QColor(value) for kind, value in theme.tokens.highlight.items()},
        )
        body, mono = theme.ui_font(ratio), theme.mono_font(measures.CODE * ratio)
        return PageStyle(body, mono, colours, measures.LINE_HEIGHT, measures.HEADINGS, self._formulas)
