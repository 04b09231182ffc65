"""A file that goes with the message, as a chip: its name, what it holds, or what became of it.

A press on it opens what is sent of the file; one that could not be read says why, and asks for the password it needs.
"""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QImage, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLabel, QPushButton, QSizePolicy

from desktop.core.documents.attachment import Attachment, AttachmentState
from desktop.core.documents.document import SectionKind
from desktop.core.model import Sight
from desktop.rendering.text.invisible import show_invisible
from desktop.ui.documents.file_actions import AskOfFile, BringBackFile, GivePassword, MoveFile, OpenPreview, RemoveFile
from desktop.ui.documents.file_trouble import FileTrouble
from desktop.ui.documents.seeing import Unseen, is_unseen, unseen
from desktop.ui.documents.thumbnail import thumbnail
from desktop.ui.documents.words import chosen_extent, kind_of, remark, sent_extent
from desktop.ui.errors import describe_reading
from desktop.ui.look.icons import IconButton
from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import GAP, GAP_TIGHT
from desktop.ui.widgets.labels import ElidedLabel, NameLabel, PlainLabel, set_tooltip
from desktop.ui.widgets.layout import stack
from desktop.ui.words import fill, number, percent

_WIDEST_NAME_PX = 240
_LEAST_NAME_PX = 110
_THUMBNAIL_PX = 24


class FileChip(QPushButton):
    """The chip of one file."""

    def __init__(self, theme: Theme, file: Attachment, ask: AskOfFile) -> None:
        super().__init__()
        self._theme = theme
        self._ask = ask
        self.file = file
        self._fit_words = ""
        self._is_trouble = False
        self._sight = Sight()
        self._shown_thumbnail = (b"", 0, 0.0)
        self.setAutoDefault(False)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self._picture = QLabel()
        self._picture.hide()
        self._name = NameLabel("", "small ink")
        self._state = ElidedLabel("", "small")
        self._choose = PlainLabel(self.tr("Choose…"), "small accent")  # what a press offers, where it does not fit
        self._close = IconButton(theme, "close", self.tr("Take this file out"), token="muted")
        self._close.clicked.connect(lambda: ask(RemoveFile()))
        row = self._row = stack(margins=(GAP, 0, GAP_TIGHT, 0), across=True, on=self)
        for part in (self._picture, self._name, self._state, self._choose):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            row.addWidget(part)
        row.addWidget(self._close)
        self.clicked.connect(self._press)
        theme.changed.connect(self.updateGeometry)
        self.show_file(file)

    def show_file(self, file: Attachment) -> None:
        """Show the present state of the file."""
        self.file = file
        self._name.show_text(show_invisible(file.name))
        # The state gives way before the name does.
        self._name.setMinimumWidth(min(self._name.sizeHint().width(), self._theme.px(_LEAST_NAME_PX)))
        words, is_trouble = self._words()
        self._state.show_text(words)
        self._state.setVisible(bool(words))
        set_look(self._state, "small warning" if is_trouble else "small")
        set_look(self, "file chip warning" if is_trouble else "file chip")
        self._choose.setVisible(self._is_trouble and file.document is not None)
        self._show_thumbnail()
        self.setAccessibleName(f"{file.name}, {words}" if words else file.name)
        keys = self.tr("Enter shows what is sent of it, Delete takes it out, Alt with an arrow key moves it")
        self.setAccessibleDescription("\n".join([*self._told(), keys]))
        set_tooltip(self, "\n".join([show_invisible(file.name), *self._told()]))
        self.updateGeometry()

    def show_fit(self, words: str, *, is_trouble: bool) -> None:
        """Set in words if it can go to the model as it is; empty while that is not known."""
        if (words, is_trouble) != (self._fit_words, self._is_trouble):
            self._fit_words, self._is_trouble = words, is_trouble
            self.show_file(self.file)

    def show_sight(self, sight: Sight) -> None:
        """Take note of what the model can look at."""
        if sight != self._sight:
            self._sight = sight
            self.show_file(self.file)

    def _words(self) -> tuple[str, bool]:
        """Return its state in words, and True if the user has to do something about it."""
        file = self.file
        match file.state:
            case AttachmentState.COPYING:
                progress = file.progress
                if progress.is_stuck:
                    return self.tr("Its drive doesn't answer"), True
                if progress.of and progress.done:
                    return fill(self.tr("Copying… %1"), percent(progress.done / progress.of)), False
                return self.tr("Copying…"), False
            case AttachmentState.READING:
                return self._reading(), False
            case AttachmentState.FAILED:
                return (describe_reading(file.problem).title if file.problem else self.tr("Could not be read")), True
            case AttachmentState.READY:
                return self._ready()

    def _ready(self) -> tuple[str, bool]:
        file = self.file
        if file.document is not None and file.document.is_empty:
            return self.tr("No text in it"), True
        if is_unseen(file, self._sight):
            return self.tr("this model can't see it"), True
        extent = self._extent()
        if file.orders and not self._is_trouble:
            return self.tr("holds orders to the model"), True
        if self._is_trouble:
            return self._fit_words, True
        if self._fit_words and extent:
            return fill(self.tr("%1 · %2", "pages of a file · fits"), extent, self._fit_words), False
        return extent or self._fit_words, False

    def _reading(self) -> str:
        document, progress = self.file.document, self.file.progress
        words = self.tr("Reading…")
        if not progress.done:
            return words
        if progress.of is None or document is None or kind_of(document) is not SectionKind.PAGE:
            return fill(self.tr("Reading… %1"), percent(progress.done / progress.of)) if progress.of else words
        return fill(self.tr("Reading… page %1 of %2"), number(progress.done), number(progress.of))

    def _extent(self) -> str:
        if self.file.document is not None:
            return chosen_extent(self.file.document, self.file.selection)
        return sent_extent(self.file.part) if self.file.part is not None else ""

    def _told(self) -> list[str]:
        """Return what there is to know of it beside its state."""
        if self.file.problem is not None:
            return [describe_reading(self.file.problem).sentence]
        if self.file.progress.is_stuck:
            return [self.tr("It is copied as soon as its drive answers. Take it out if you don't want to wait.")]
        told = [remark(each) for each in self.file.document.remarks] if self.file.document is not None else []
        if self.file.orders:
            words = self.tr(
                "It speaks to the model: “%1”. It is sent as a text to work on; look at the answer with care."
            )
            told.insert(0, fill(words, show_invisible(self.file.orders[0])))
        return told

    def _show_thumbnail(self) -> None:
        edge, ratio = self._theme.px(_THUMBNAIL_PX), self.devicePixelRatioF()
        shown = (self.file.thumbnail, edge, ratio)
        if shown != self._shown_thumbnail:
            self._shown_thumbnail = shown
            self._picture.setPixmap(thumbnail(QImage.fromData(self.file.thumbnail), edge, ratio))
            self._picture.setVisible(bool(self.file.thumbnail))

    def _press(self) -> None:
        if self.file.problem is not None:  # also of one that goes as it was sent, and can be opened by its password
            self._say_trouble()
        elif (said := unseen(self.file, self._sight)) is not None:
            self._say_unseen(said)
        else:
            self._ask(OpenPreview())

    def _say_trouble(self) -> None:
        assert self.file.problem is not None
        trouble = FileTrouble(
            self._theme,
            describe_reading(self.file.problem),
            asks_password=self.file.is_locked,
            parent=self.window(),
        )
        trouble.password_given.connect(lambda password: self._ask(GivePassword(password)))
        trouble.open_above(self.mapToGlobal(QPoint(0, 0)))

    def _say_unseen(self, said: Unseen) -> None:
        offers = [(each.words, partial(self._ask, each.action)) for each in said.offers]
        FileTrouble(self._theme, said.said, offers, parent=self.window()).open_above(self.mapToGlobal(QPoint(0, 0)))

    # Qt's own methods

    def sizeHint(self) -> QSize:
        self._name.setMaximumWidth(self._theme.px(_WIDEST_NAME_PX))
        return QSize(self._row.sizeHint().width(), self._theme.px(32) + 2)

    def minimumSizeHint(self) -> QSize:
        return QSize(self._theme.px(120), self.sizeHint().height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, has_alt = event.key(), event.modifiers() == Qt.KeyboardModifier.AltModifier
        if key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._ask(RemoveFile())
        elif event.matches(QKeySequence.StandardKey.Undo):
            self._ask(BringBackFile())
        elif has_alt and key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self._ask(MoveFile(-1 if key == Qt.Key.Key_Left else 1))
        else:
            super().keyPressEvent(event)
