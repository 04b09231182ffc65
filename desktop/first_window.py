"""The window as it is first painted: what is seen of it, from the settings alone. All else is loaded and made later.

Part of the composition root, since it knows the settings and the window.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QTimer, Signal

from desktop.core.policy.fixed import Keeping
from desktop.ui.look.theme import Theme
from desktop.ui.message_actions import PanelPreference
from desktop.ui.window.main_window import EarlyInput, MainWindow

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from desktop.core.policy.fixed import Policy
    from desktop.store.settings import Settings

# Layouts are nested: each tells the one around it, a turn later, that it wants another size than without the sheet.
# Without these turns the first paint is of what moves with the second.
_LAYOUTS = 4


class FirstWindow(QObject):
    """The window and its look, before there is a program."""

    painted = Signal()

    def __init__(self, app: QApplication, settings: Settings, policy: Policy) -> None:
        super().__init__()
        self.app = app
        self.settings = settings
        self.policy = policy
        self._early: EarlyInput | None = None
        self.is_painted = False
        self.theme = Theme(settings.theme, settings.text_scale, self)
        self.theme.apply_to(app, has_sheet=False)
        self.window = MainWindow(self.theme, PanelPreference(settings.thinking_panel))
        is_offline = settings.offline_lock if policy.offline_lock is None else policy.offline_lock
        self.window.chat_page.show_beginning(policy.default_choice(settings.default_choice), is_offline=is_offline)
        # Where a policy has older ones erased, the program has to look first if it is still there.
        if settings.last_conversation and policy.keep is Keeping.FOREVER:
            self.window.chat_page.await_conversation()

    def show(self) -> None:
        """Show the window as and where it was the last time."""
        known, window = self.settings, self.window
        window.restore(
            known.window_geometry, known.sidebar_open, known.prompt_open, known.prompt_width, known.evidence_width
        )
        window.installEventFilter(self)
        self.theme.put_on_sheet()
        window.show()
        window.show_chat()
        for _ in range(_LAYOUTS):
            QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
        self._early = EarlyInput(window, window.composer)

    def let_input_in(self) -> None:
        """Give the window, which is complete, what the user did before it was."""
        if self._early is not None:
            self._early.let_in()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Paint and watched is self.window:
            self.window.removeEventFilter(self)
            QTimer.singleShot(0, self._on_painted)
        return False

    def _on_painted(self) -> None:
        self.is_painted = True
        self.painted.emit()
