"""The widgets of messages: makes them, keeps them alike, deletes them. Where they stand is `view`'s matter."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence, Set

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from desktop.core.message import Message, PathEntry, Role
from desktop.rendering.formula.typesetter import Key
from desktop.runtime.generation import Generation
from desktop.ui.look.page_look import PageLook
from desktop.ui.transcript.message_requests import MessageRequests
from desktop.ui.transcript.message_view import MessageView


class MessageViews(QObject):
    """The widgets by the index of the message in the path."""

    height_changed = Signal()
    action_focused = Signal(object)  # a MessageView: the keyboard has come to one of its actions
    copy_requested = Signal(object, object, bool)  # a MessageView, a CopyForm, whether with the thinking
    surface_made = Signal(object, object, object)  # MessageView, Channel, the TextSurface that shows it from now on

    def __init__(
        self,
        parent: QWidget,
        look: PageLook,
        requests: MessageRequests,
        is_followed: Callable[[], bool],
    ) -> None:
        """Build the collection.

        The widgets become children of `parent`; `is_followed` returns True if the reader follows the end.
        """
        super().__init__(parent)
        self._parent = parent
        self._look = look
        self._preference = requests.preference  # as it was applied
        self._requests = requests
        self._is_followed = is_followed
        self._views: dict[int, MessageView] = {}

    def __contains__(self, index: int) -> bool:
        return index in self._views

    def __iter__(self) -> Iterator[int]:
        return iter(list(self._views))

    def __len__(self) -> int:
        return len(self._views)

    def __getitem__(self, index: int) -> MessageView:
        return self._views[index]

    def get(self, index: int) -> MessageView | None:
        """Return the widget of a message, or None."""
        return self._views.get(index)

    def items(self) -> list[tuple[int, MessageView]]:
        """Return all of them, from top to bottom."""
        return sorted(self._views.items())

    def index_of(self, view: MessageView) -> int | None:
        """Return the index of a widget's message; None if the widget has been dropped."""
        return next((index for index, each in self._views.items() if each is view), None)

    def nearest(self, index: int) -> MessageView:
        """Return the widget of a message, or of the nearest one that has one; there must be one."""
        return self._views[min(self._views, key=lambda each: abs(each - index))]

    def make_view(
        self, index: int, message: Message, entry: PathEntry, *, is_last: bool, generation: Generation | None
    ) -> None:
        """Make the widget of a message, which follows `generation` if it is the reply that runs."""
        view = MessageView(
            message,
            self._look,
            self._preference,
            self._requests.at(message.id),
            is_last=is_last,
            is_followed=self._is_followed,
            load_picture=self._requests.load_picture,
            headings=self._requests.headings,
            parent=self._parent,
        )
        view.set_versions(entry.version, entry.versions)
        view.leave_out(self._requests.left_out_now())
        self._read(view)
        view.height_changed.connect(self.height_changed)
        view.action_focused.connect(lambda: self.action_focused.emit(view))
        view.copy_requested.connect(lambda form, thinking: self.copy_requested.emit(view, form, thinking))
        view.surface_made.connect(lambda channel, surface: self.surface_made.emit(view, channel, surface))
        view.set_sight(0.0, 0.0)  # until it is known where it stands, nothing of it is laid out
        self._views[index] = view  # before it follows: what it then says has the page placed
        if is_last and generation is not None and message.role is Role.ASSISTANT:
            view.follow(generation)
        for channel, surface in view.surfaces():
            self.surface_made.emit(view, channel, surface)

    def delete_view(self, index: int) -> None:
        """Delete the widget of a message."""
        view = self._views.pop(index)
        view.hide()
        view.deleteLater()

    def delete_from(self, first: int) -> None:
        """Delete the widgets of the messages from `first` on."""
        for index in [each for each in self._views if each >= first]:
            self.delete_view(index)

    def move(self, count: int) -> None:
        """Shift the indices, after so many messages were inserted before all others."""
        self._views = {index + count: view for index, view in self._views.items()}

    def describe(self, entries: Sequence[PathEntry]) -> None:
        """Show at each message which version it is, and if it is the last."""
        for index, view in self._views.items():
            view.set_last(index == len(entries) - 1)
            view.set_versions(entries[index].version, entries[index].versions)

    def read_anew(self) -> None:
        """Have all of them be read as is wanted now."""
        if (preference := self._requests.preference) is not self._preference:
            self._preference = preference
            for view in self._views.values():
                view.set_preference(preference)
        for view in self._views.values():
            self._read(view)

    def _read(self, view: MessageView) -> None:
        reading = self._requests
        view.set_edited(view.message.id == reading.edited)
        view.set_can_ask_without_thinking(reading.can_ask_without)
        view.set_signs_off(reading.signs_off)
        view.show_origin(reading.names_models)
        view.set_unsent(view.message.id in reading.unsent)

    def formulas_ready(self, ready: Set[Key]) -> None:
        """Replace the sources of formulas that have been typeset now."""
        for view in self._views.values():
            view.formulas_ready(ready)

    def refresh_look(self) -> None:
        """Apply the theme's present look."""
        for view in self._views.values():
            view.refresh_look()
