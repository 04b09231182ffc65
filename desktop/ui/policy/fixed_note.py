"""A note below a control that a policy fixes: a shield, by whom, and whom to ask."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QLabel, QWidget

from desktop.core.policy.fixed import Policy
from desktop.ui.look.icons import pixmap
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import GAP_TIGHT
from desktop.ui.widgets.labels import PlainLabel
from desktop.ui.widgets.layout import stack
from desktop.ui.words import fill, translate

_ICON_PX = 14


def fixed_words(policy: Policy) -> str:
    """Return by whom something is fixed, and whom to ask about it."""
    if policy.organization and policy.contact:
        return fill(translate("policy", "Set by %1. Questions: %2"), policy.organization, policy.contact)
    if policy.organization:
        return fill(translate("policy", "Set by %1."), policy.organization)
    if policy.contact:
        return fill(translate("policy", "Set by this computer's administrator. Questions: %1"), policy.contact)
    return translate("policy", "Set by this computer's administrator.")


def switched_off_words(policy: Policy) -> str:
    """Return that something cannot be done here, and by whose choice."""
    switched_off = translate("policy", "This is switched off on this computer.")
    return f"{switched_off} {fixed_words(policy)}"


class FixedNote(QWidget):
    """A line that says why a control cannot be changed."""

    def __init__(self, theme: Theme, policy: Policy, what: str = "") -> None:
        """Build the line. `what`: a sentence that stands before by whom it is fixed."""
        super().__init__()
        self._theme = theme
        self._what = what
        self._shield = QLabel()
        self.label = PlainLabel("", "small", wraps=True)
        self.show_policy(policy)
        self.label.make_selectable()
        stack((self._shield, Qt.AlignmentFlag.AlignTop), (self.label, 1), gap=GAP_TIGHT, across=True, on=self)
        self._draw()

    def show_policy(self, policy: Policy) -> None:
        """Say by whom it is fixed now."""
        self.label.setText(f"{self._what} {fixed_words(policy)}".strip())

    def _draw(self) -> None:
        ratio = self.devicePixelRatioF()
        self._shield.setPixmap(pixmap("shield", self._theme.tokens.muted, self._theme.px(_ICON_PX), ratio))

    # Qt's own methods

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange):
            self._draw()
