"""The two places where a message can stand: the message box and the prompt beside it; said where both hold words.

The one in which the user writes has the window's only Send; the builder offers to go on with the text of the box.
Nothing is lost by that: what gives way can be restored.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QWidget

from desktop.ui.composer.card import Composer
from desktop.ui.prompts.boxed import BoxedMessage
from desktop.ui.prompts.builder.panel import PromptPanel
from desktop.ui.prompts.top_line import TopLine

_WORTH_IT = 12  # characters in the message box that may have parts
_ANOTHER = 4  # characters there that are a draft of their own


class TwoDrafts(QObject):
    """The watcher of both drafts."""

    def __init__(
        self,
        panel: PromptPanel,
        composer: Composer,
        box: BoxedMessage,
        is_free: Callable[[], bool],
        is_inserted: Callable[[str], bool],
    ) -> None:
        """Keep the dependencies.

        `is_free` says if nothing stands in the panel that the user would miss, `is_inserted` if words of the box come
        from there.
        """
        super().__init__(panel)
        self._panel = panel
        self._composer = composer
        self._box = box
        self._is_free = is_free
        self._is_inserted = is_inserted
        self._is_in_panel = False  # the user writes there
        composer.draft_changed.connect(self._on_written)
        composer.begun_anew.connect(self._on_begun_anew)
        panel.refreshed.connect(self.share_send)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._on_focus)

    def offer(self) -> None:
        """Offer what can be done with the text of the message box, if there is one."""
        if not self._box.text or self._composer.is_editing:
            return
        if self._is_free():
            words = self.tr("There is a text in the message box.")
            self._panel.show_notice(TopLine.APART, words, self.tr("Take it apart"))
        elif self._differ():
            words = self.tr("There is another text in the message box. Send sends the one that you write in.")
            self._panel.show_notice(TopLine.NEWER, words, self.tr("Go on with that one"))

    def _differ(self) -> bool:
        """Return True if both hold words, and none of them was made of the other."""
        text = self._box.text
        return bool(text) and not self._is_free() and not self._box.is_taken and not self._is_inserted(text)

    def _on_written(self, text: str) -> None:
        """Follow what is written in the message box beside the open panel."""
        self._on_begun_anew()
        least = _WORTH_IT if self._is_free() else _ANOTHER
        if self._panel.isVisible() and not self._panel.notice_key and len(text.strip()) >= least:
            self.offer()

    def _on_begun_anew(self) -> None:
        """Take back what was offered of a text that has gone, as one that was sent has."""
        if not self._box.text and self._panel.notice_key in (TopLine.APART, TopLine.NEWER):
            self._panel.hide_notice()
        self.share_send()

    def _on_focus(self, _: QWidget | None, now: QWidget | None) -> None:
        if now is not None and self._panel.isAncestorOf(now):
            self._is_in_panel = True
        elif now is not None and self._composer.isAncestorOf(now):
            self._is_in_panel = False
        self.share_send()

    def share_send(self) -> None:
        """Have one Send: the builder has it where it covers the other, or holds what the user writes."""
        covers = not self._panel.head.back.isHidden() and not self._panel.is_untouched
        is_here = covers or (not self._is_free() and (self._is_in_panel or not self._box.text))
        self._panel.foot.have_send(is_here)
        self._composer.lend_send(self._panel.isVisible() and is_here)
