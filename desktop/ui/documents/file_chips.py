"""The chips of the files that go with the message, and what can be asked for at one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import Enum, auto
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from desktop.core.model import Sight

if TYPE_CHECKING:
    from desktop.core.documents.attachment import Attachment
    from desktop.ui.documents.file_chip import FileChip
    from desktop.ui.look.theme import Theme
    from desktop.ui.widgets.layout import ChipRow


class FileAsk(Enum):
    """What can be asked for at one file, and what comes with it."""

    OPEN = auto()  # the text that is sent of it, to read and to choose from; of a picture, the picture
    REMOVE = auto()
    BRING_BACK = auto()  # the file that was taken out last, where it stood
    MOVE = auto()  # one to the left (-1) or to the right (1)
    OPEN_WITH = auto()  # a password
    SEND_PAGES = auto()  # as pictures, by their numbers
    SWITCH_MODEL = auto()  # to the ModelChoice of one that can look at it


FileAction = tuple[FileAsk, Any]

AskOfFile = Callable[[FileAsk, Any], None]


class FileChips(QObject):
    """The chips of files, as one group of a row."""

    asked = Signal(str, object)  # the id of a file, and a FileAction

    def __init__(self, theme: Theme, row: ChipRow, group: str) -> None:
        super().__init__(row)
        self._theme = theme
        self._row = row
        self._group = group
        self._chips: dict[str, FileChip] = {}
        self._sight = Sight()

    def show_files(self, files: Sequence[Attachment]) -> None:
        """Show a chip for each file, in their order; the chip of a file stays the same."""
        before, self._chips = self._chips, {file.id: self._chips.get(file.id) or self._made(file) for file in files}
        for file in files:
            if self._chips[file.id].file != file:
                self._chips[file.id].show_file(file)
        keys = list(before)
        gone = next((at for at, key in enumerate(keys) if key not in self._chips and _has_focus(before[key])), None)
        if gone is not None:  # the one after it gets the focus, or the one before, or else what the row belongs to
            near = [key for key in [*keys[gone:], *reversed(keys[:gone])] if key in self._chips]
            target = self._chips[near[0]] if near else self._row.parentWidget()
            if target is not None:
                target.setFocus()
        self._row.show_chips(self._group, list(self._chips.values()))

    def focus_file(self, file_id: str) -> None:
        """Focus the chip of a file."""
        if file_id in self._chips:
            self._chips[file_id].setFocus()

    def show_fit(self, file_id: str, words: str, *, is_trouble: bool) -> None:
        """Say at the chip of a file if it can go to the model as it is; empty while that is not known."""
        if file_id in self._chips:
            self._chips[file_id].show_fit(words, is_trouble=is_trouble)

    def show_sight(self, sight: Sight) -> None:
        """Take note of what the model that the files go to can look at."""
        self._sight = sight
        for chip in self._chips.values():
            chip.show_sight(sight)

    def _made(self, file: Attachment) -> FileChip:
        from desktop.ui.documents.file_chip import FileChip  # with the first file: a start does without

        chip = FileChip(self._theme, file, lambda ask, value: self.asked.emit(file.id, (ask, value)))
        chip.show_sight(self._sight)
        return chip


def _has_focus(chip: FileChip) -> bool:
    return chip.hasFocus() or chip.isAncestorOf(chip.window().focusWidget() or chip.window())
