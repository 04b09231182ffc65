"""Stands where presenters stand: takes what is asked for at messages, all of which somebody does here."""

from __future__ import annotations

from desktop.ui.look.panel_preference import PanelPreference
from desktop.ui.message_actions import Ask, Reading


class Asked(Reading):
    """How messages are read, and what was asked for at them with its value. All is done but what is `left_out`."""

    def __init__(self, preference=PanelPreference.AUTO, left_out=frozenset()):
        super().__init__(preference)
        self.actions: list[tuple[Ask, object]] = []
        self.register(dict.fromkeys(set(Ask) - left_out, lambda *_: None))

    def ask(self, message_id, what, value=None):
        self.actions.append((what, value))
        super().ask(message_id, what, value)
