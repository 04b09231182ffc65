"""Stands where a presenter stands: takes what is asked for at a message."""

from __future__ import annotations

from desktop.ui.message_actions import MessageAction


class Asked:
    """The actions that were asked for, in order; given to a part of a message as its `ask`."""

    def __init__(self) -> None:
        self.actions: list[MessageAction] = []

    def __call__(self, action: MessageAction) -> None:
        self.actions.append(action)
