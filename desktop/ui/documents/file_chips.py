"""The chips of the files that go with the message, and what can be asked for at one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QWidget

from desktop.core.model import ModelChoice, Sight

if TYPE_CHECKING:
    from desktop.core.documents.attachment import Attachment
    from desktop.ui.documents.file_chip import FileChip
    from desktop.ui.look.theme import Theme
    from desktop.ui.widgets.layout import ChipRow


@dataclass(frozen=True, slots=True)
class OpenPreview:
    """The text that is sent of it, to read and to choose from; of a picture, the picture."""


@dataclass(frozen=True, slots=True)
class RemoveFile:
    """The message without this file."""


@dataclass(frozen=True, slots=True)
class BringBackFile:
    """The file that was taken out last, where it stood."""


@dataclass(frozen=True, slots=True)
class MoveFile:
    """Another place among the files: one to the left (-1) or to the right (1)."""

    step: int


@dataclass(frozen=True, slots=True)
class GivePassword:
    """The password that it is opened with."""

    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class SendPages:
    """Pages of it as pictures, by their numbers."""

    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class SwitchModel:
    """Another model, which can look at it."""

    choice: ModelChoice


FileAction = OpenPreview | RemoveFile | BringBackFile | MoveFile | GivePassword | SendPages | SwitchModel

AskOfFile = Callable[[FileAction], None]
"""Takes what is asked for at one file."""


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
        before = list(self._chips)
        chips = {file.id: self._chips.get(file.id) or self._made(file) for file in files}
        for file in files:
            if chips[file.id].file != file:
                chips[file.id].show_file(file)
        gone = [key for key in before if key not in chips]
        if any(_has_focus(self._chips[key]) for key in gone):
            self._pass_focus_on(before, gone, chips)
        self._chips = chips
        self._row.show_chips(self._group, list(chips.values()))

    def focus_file(self, file_id: str) -> None:
        """Focus the chip of a file."""
        if file_id in self._chips:
            self._chips[file_id].setFocus(Qt.FocusReason.OtherFocusReason)

    def show_fit(self, file_id: str, words: str, *, is_trouble: bool) -> None:
        """Say at the chip of a file if it can go to the model as it is; empty while that is not known."""
        if file_id in self._chips:
            self._chips[file_id].show_fit(words, is_trouble=is_trouble)

    def show_sight(self, sight: Sight) -> None:
        """Take note of what the model that the files go to can look at."""
        self._sight = sight
        for chip in self._chips.values():
            chip.show_sight(sight)

    def _pass_focus_on(self, before: list[str], gone: list[str], chips: Mapping[str, FileChip]) -> None:
        """Focus the chip after one that goes, or before it, or else what the row belongs to."""
        at = before.index(gone[0])
        near = [key for key in [*before[at:], *reversed(before[:at])] if key in chips]
        owner = self._row.parentWidget()
        target: QWidget | None = chips[near[0]] if near else owner
        if target is not None:
            target.setFocus(Qt.FocusReason.OtherFocusReason)

    def _made(self, file: Attachment) -> FileChip:
        from desktop.ui.documents.file_chip import FileChip  # with the first file: a start does without

        chip = FileChip(self._theme, file, lambda action: self.asked.emit(file.id, action))
        chip.show_sight(self._sight)
        return chip


def _has_focus(chip: FileChip) -> bool:
    return chip.hasFocus() or chip.isAncestorOf(chip.window().focusWidget() or chip.window())
