"""What stands above the text of a message: pasted texts, messages that wait for the answer, and the line on its task.

Pasted texts are changed together with the words of the box: one undo takes back both. Waiting messages are chips; the
user can take one back, and the conversation keeps and sends them. The line names the task which is being written, and
what it lacks. Of a request whose task it does not know it says that a few questions help. It never takes the keyboard.
A press, or Tab in the box while it is there, has the user guided through that task; its cross silences it for this
text.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal, SignalInstance
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QWidget

from desktop.core.message import FilePart, QueuedText
from desktop.core.tasks.kinds import OfficeTask
from desktop.rendering.text.letters import show_invisible
from desktop.ui.inputs.message_input import MessageInput, PastedTextChip, StepHistory, fits_box
from desktop.ui.look.stylesheet import GAP, GAP_TIGHT, GAP_WIDE, set_look
from desktop.ui.look.theme import IconButton, Theme
from desktop.ui.widgets.buttons import KeyButton, button
from desktop.ui.widgets.labels import ElidedLabel, FittingLabel, NameLabel, PlainLabel
from desktop.ui.widgets.layout import ChipRow, stack
from desktop.ui.words import fill, number, say_each

_BETWEEN_TEXTS = "\n\n"

Step = Callable[[], Any]
"""Takes a change back, and returns the step that makes it again; None where it cannot be taken back any more."""


def text_below(written: str, text: str) -> str:
    """Return a text below what is written already."""
    return f"{written}{_BETWEEN_TEXTS}{text}" if written.strip() else text


class PastedTexts(QObject):
    """The texts that are too long for the box, each a chip above it."""

    changed = Signal()  # the words of the box, or these texts
    explained = Signal(str)  # why something could not be put into the box

    def __init__(self, theme: Theme, row: ChipRow, box: MessageInput) -> None:
        super().__init__(row)
        self._theme, self._row, self._box = theme, row, box
        self._chips: list[PastedTextChip] = []
        self._history: StepHistory[Step] = StepHistory(lambda step: step())
        self._history.follow(box)
        box.long_text_pasted.connect(self.append)

    @property
    def texts(self) -> list[str]:
        return [chip.text for chip in self._chips]

    @property
    def all_text(self) -> str:
        """All that would be sent: the words of the box, then these texts."""
        return _BETWEEN_TEXTS.join(piece for piece in (self._box.toPlainText(), *self.texts) if piece)

    def begin_with(self, words: str, pasted: list[str]) -> None:
        """Show what belongs to another conversation, without the undo steps of this one."""
        self._history.clear()
        self._box.begin_with(words)
        self._show_chips(pasted)

    def change(self, words: str | None, pasted: list[str]) -> None:
        """Set the words of the box (None: leave them) and the chips, as one undo step."""
        before, position = self.texts, self._box.undo_steps
        if words is not None and words != self._box.toPlainText():
            self._box.replace_text(words)
        if pasted != before:
            self._show_chips(pasted)
            self._history.note(partial(self._show, before), self._box, position)
        self.changed.emit()

    def note(self, step: Step) -> None:
        """Keep a change of the files above the box in order with all others."""
        self._history.note(step, self._box)

    @property
    def position(self) -> tuple[int, int]:
        return self._history.position(self._box)

    def append(self, text: str) -> None:
        """Show another text, unless there is nothing in it."""
        if text.strip():
            self.change(None, [*self.texts, text])

    def take_out(self) -> tuple[str, ...]:
        """Return the texts, which are no longer kept here: no undo brings them back."""
        texts = tuple(self.texts)
        self._history.clear()
        self._show_chips([])
        self.changed.emit()
        return texts

    def undo(self) -> None:
        """Take back the last change, of words, of what stands above them, or of both."""
        self._history.undo(self._box)

    def redo(self) -> None:
        """Make the change again that was taken back last."""
        self._history.redo(self._box)

    def _show(self, texts: list[str]) -> Step:
        before = self.texts
        self._show_chips(texts)
        self.changed.emit()
        return partial(self._show, before)

    def _show_chips(self, texts: Sequence[str]) -> None:
        """Show a chip for each text; a chip that stays in its place is kept."""
        kept = 0
        while kept < min(len(texts), len(self._chips)) and self._chips[kept].text is texts[kept]:
            kept += 1
        self._chips = [*self._chips[:kept], *map(self._made, texts[kept:])]
        self._row.show_chips("texts", self._chips)

    def _made(self, text: str) -> PastedTextChip:
        chip = PastedTextChip(self._theme, text)
        chip.removed.connect(lambda: self._take_off(chip))
        chip.opened_up.connect(lambda: self._open(chip))
        return chip

    def _take_off(self, chip: PastedTextChip, words: str | None = None) -> None:
        """Leave a text out, and have these words in the box."""
        self.change(words, [each.text for each in self._chips if each is not chip])
        self._box.setFocus()

    def _open(self, chip: PastedTextChip) -> None:
        """Have a text become words in the box, like any others."""
        written = self._box.toPlainText()
        if fits_box(chip.text, len(written)):
            self._take_off(chip, text_below(written, chip.text))
        else:
            self.explained.emit(self.tr("There is too much in the message box already for this text."))
            self._box.setFocus()


_FIRST_WORDS = 60  # characters on a chip
_WIDEST_FILES_PX = 200
_MOST_CHIPS = 5  # the conversation keeps its room


class QueuedMessages(ChipRow):
    """A row of chips, hidden while nothing waits."""

    taken_back = Signal(int)  # which one, from 0

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(("messages", "end"), parent)
        self._theme = theme
        self._more = PlainLabel("", "small")
        self._send = button(self.tr("Send now"), "link")
        self._send.setAccessibleDescription(self.tr("Sends the first of the messages that wait"))
        self.send_requested: SignalInstance = self._send.clicked  # now, since nothing runs any more
        self.show_chips("end", [self._more, self._send])
        self._is_running = False
        self.show_messages([])

    def show_messages(self, texts: Sequence[QueuedText]) -> None:
        """Show these as waiting, in their order."""
        self.show_chips("messages", [self._chip(*each) for each in enumerate(texts[:_MOST_CHIPS])])
        hidden = max(0, len(texts) - _MOST_CHIPS)
        self._more.setText(fill(self.tr("and %1 more"), number(hidden)))
        self._more.setVisible(hidden > 0)
        self.setVisible(bool(texts))
        self.set_running(self._is_running)

    def set_running(self, running: bool) -> None:
        """Set if a reply runs: then they are sent by themselves; after a stop or failure, the user decides."""
        self._is_running = running
        self._send.setHidden(running)

    def _chip(self, index: int, message: QueuedText) -> QFrame:
        """Make a chip of one waiting message: its first words, its files, and a way to take it back."""
        words, files = _first_words(message.text), self._files_in_words(message.files)
        said = fill(self.tr("Queued: %1"), words or files)
        name = fill(self.tr("%1, with %2", "a queued message, its files"), said, files) if words and files else said
        chip, label = QFrame(), NameLabel(files, "small ink")
        set_look(chip, "chip")
        chip.setAccessibleName(name)
        label.setMaximumWidth(self._theme.px(_WIDEST_FILES_PX))
        back = IconButton(self._theme, "close", self.tr("Take back into the box"), token="muted")
        back.setAccessibleDescription(name)
        back.clicked.connect(lambda: self.taken_back.emit(index))
        margins = (GAP, 0, GAP_TIGHT, 0)
        stack(ElidedLabel(said, "small"), label, back, gap=GAP_TIGHT, margins=margins, across=True, on=chip)
        label.setVisible(bool(words and files))  # in its place by now: before, it would open a window
        return chip

    def _files_in_words(self, files: Sequence[FilePart]) -> str:
        if not files:
            return ""
        name = show_invisible(files[0].name)
        more = len(files) - 1
        return fill(self.tr("%1 and %2 more", "a file, how many others"), name, number(more)) if more else name


def _first_words(text: str) -> str:
    words = " ".join(text[: 4 * _FIRST_WORDS].split())
    if len(words) > _FIRST_WORDS or len(text) > 4 * _FIRST_WORDS:
        return words[:_FIRST_WORDS].rstrip() + "…"
    return words


def task_name(task: OfficeTask) -> str:
    """Return the name of a task, as it stands in a sentence."""
    return say_each("composer.task", task)


class TaskChip(QFrame):
    """A line that is hidden until a task is shown. Where room is short, its buttons and words have shorter forms."""

    guide_wanted = Signal(str)  # the key of the task
    silenced = Signal()
    task_changed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.guide = ""  # the key of the task, or of the general guide; empty while the line is hidden
        self._is_kept_back = False
        set_look(self, "chip")
        self._name = FittingLabel("small ink")
        self._missing = FittingLabel("small warning")
        self._paste = button(self.tr("Paste"), "filter", self.press)
        self._open = KeyButton(self.tr("Guide me"), self.tr("Tab", "the key"), "small ink")
        set_look(self._open, "filter")
        self._open.clicked.connect(self.press)
        close = IconButton(
            theme, "close", self.tr("Do not name the task of this text"), token="muted", do=self._silence
        )
        words, margins = stack(self._name, self._missing, gap=0), (GAP_WIDE, GAP_TIGHT, GAP_TIGHT, GAP_TIGHT)
        stack((words, 1), self._paste, self._open, close, margins=margins, across=True, on=self)
        self.setFocusProxy(self._open)
        self.hide()

    def show_task(self, guide: str, missing: str = "") -> None:
        """Name the task of a guide and the thing that it needs and does not have; an empty key hides the line."""
        self.guide = guide
        if guide:
            name = task_name(OfficeTask(guide)) if guide in list(OfficeTask) else ""
            forms = [fill(self.tr("Task recognised: %1"), name), name]
            self._name.show_forms(
                forms if name else [self.tr("Three questions make this request clearer")], strong=name
            )
            self._missing.show_forms([fill(self.tr("Missing: %1"), missing), missing])
            self._missing.setVisible(bool(missing))
            self._fit()
            self.setAccessibleName(f"{self._name.text()}. {self._missing.text() if missing else ''}".strip())
            self._open.setAccessibleDescription(self.accessibleName())
        self._show_if_wanted()
        self.task_changed.emit()

    def keep_back(self, shall: bool) -> None:
        """Have the line make room, while something above asks how the text is to be sent."""
        self._is_kept_back = shall
        self._show_if_wanted()

    def press(self) -> bool:
        """Have the user guided, as a press on its button does; return False where no task is shown."""
        if not self.guide:
            return False
        self.guide_wanted.emit(self.guide)
        return True

    def _show_if_wanted(self) -> None:
        self.setVisible(bool(self.guide) and not self._is_kept_back)

    def _fit(self) -> None:
        """Leave out, where room is short, the button that another one stands for, and then the key."""
        wanted = max(self._name.sizeHint().width(), 0 if self._missing.isHidden() else self._missing.sizeHint().width())
        room = self.width() - wanted - self._open.sizeHint().width() - self._open.fontMetrics().height() * 4
        is_missing = not self._missing.isHidden()
        self._paste.setVisible(is_missing and room > self._paste.sizeHint().width())
        self._open.show_key(room > 0)

    def _silence(self) -> None:
        self.show_task("")
        self.silenced.emit()

    # Qt's own methods

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()
