"""A file that goes with the message, as a chip: its name, what it holds, or what became of it.

A press on it opens what is sent of the file; one that can't go as it is says why, and asks for its password.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QBoxLayout, QFrame, QLabel, QLineEdit, QPushButton, QSizePolicy, QWidget

from desktop.core.documents.attachment import Attachment, AttachmentState
from desktop.core.documents.document import Document, SectionKind
from desktop.core.documents.pictures import FIRST_PAGES
from desktop.core.message import ImagePart
from desktop.core.model import Sight
from desktop.rendering.text.invisible import show_invisible
from desktop.ui.documents.file_chips import (
    AskOfFile,
    BringBackFile,
    FileAction,
    GivePassword,
    MoveFile,
    OpenPreview,
    RemoveFile,
    SendPages,
    SwitchModel,
)
from desktop.ui.documents.pictures import thumbnail
from desktop.ui.documents.words import chosen_extent, kind_of, pages_as_pictures, remark, sent_extent
from desktop.ui.errors import ErrorText, describe_reading
from desktop.ui.look.icons import IconButton
from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import GAP, GAP_TIGHT, GAP_WIDE
from desktop.ui.widgets.form_parts import line_field
from desktop.ui.widgets.labels import ElidedLabel, NameLabel, PlainLabel, set_tooltip
from desktop.ui.widgets.layout import stack
from desktop.ui.words import fill, listed, number, percent, plain_action, short, translate

_PDF = "application/pdf"


@dataclass(frozen=True, slots=True)
class FileOffer:
    """Way on that a button offers."""

    words: str
    action: FileAction


@dataclass(frozen=True, slots=True)
class Unseen:
    """File that can't go as it is, why in words, and the ways on."""

    said: ErrorText
    offers: tuple[FileOffer, ...]


def can_be_drawn(document: Document) -> bool:
    """Return True if the pages of a document can be sent as pictures."""
    return document.media_type == _PDF and kind_of(document) is SectionKind.PAGE


def is_unseen(file: Attachment, sight: Sight) -> bool:
    """Return True for a picture that the chosen model can't look at."""
    return file.state is AttachmentState.READY and isinstance(file.part, ImagePart) and sight.is_blind


def unseen(file: Attachment, sight: Sight) -> Unseen | None:
    """Return what is said of a file that needs a model that sees; None if nothing is to be said."""
    document = file.document
    if is_unseen(file, sight):
        show = FileOffer(translate("documents", "Show the picture"), OpenPreview())
        return Unseen(ErrorText(_cannot(sight), _who_could(sight), ()), (*_switches(sight), show))
    if file.state is not AttachmentState.READY or document is None or not document.is_empty:
        return None
    if not can_be_drawn(document):
        return None
    title = translate("documents", "No text in it")
    sentence = translate("documents", "Its pages are pictures, such as a scan. A model that sees can look at them.")
    if sight.is_blind:
        said = fill(translate("documents", "%1 can't."), _name(sight.title))
        return Unseen(ErrorText(title, f"{sentence}\n{said} {_who_could(sight)}", ()), _switches(sight))
    if sight.title and sight.sees is None:
        unknown = fill(translate("documents", "It is not known if %1 does."), _name(sight.title))
        sentence = f"{sentence} {unknown}"
    return Unseen(ErrorText(title, sentence, ()), tuple(_sending(document)))


def _sending(document: Document) -> Iterator[FileOffer]:
    numbers = tuple(section.number for section in document.sections)
    first = numbers[:FIRST_PAGES]
    yield FileOffer(pages_as_pictures(len(first), of=len(numbers)), SendPages(first))
    if len(numbers) > 1:
        yield FileOffer(translate("documents", "Choose pages…"), OpenPreview())


def _switches(sight: Sight) -> tuple[FileOffer, ...]:
    template = translate("documents", "Switch to %1")
    return tuple(
        FileOffer(plain_action(fill(template, _name(each.title))), SwitchModel(each.choice)) for each in sight.others
    )


def _cannot(sight: Sight) -> str:
    return fill(translate("documents", "%1 can't see pictures"), _name(sight.title))


def _who_could(sight: Sight) -> str:
    """Return who can look at pictures, as a sentence."""
    match [_name(each.title) for each in sight.others]:
        case []:
            return translate("documents", "None of the models that are here can. Add one that sees.")
        case [only]:
            return fill(translate("documents", "“%1” would see them."), only)
        case names:
            return fill(translate("documents", "These would see them: %1."), listed(names))


def _name(title: str) -> str:
    return short(show_invisible(title))


_WIDTH_PX = 320


class FileTrouble(QFrame):
    """A popup that goes with the next press beside it. What is typed into it is kept nowhere."""

    password_given = Signal(str)

    def __init__(
        self,
        theme: Theme,
        trouble: ErrorText,
        offers: Sequence[tuple[str, Callable[[], None]]] = (),
        *,
        asks_password: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        """Lay out. `offers` are ways on: the words of a button, and what it does."""
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        set_look(self, "card")
        self.setAccessibleName(trouble.title)
        self.setAccessibleDescription(trouble.sentence)
        self._password: QLineEdit | None = None
        self._first: QPushButton | None = None
        column = stack(
            PlainLabel(trouble.title, "strong"),
            PlainLabel(trouble.sentence, "small", wraps=True),
            gap=GAP_TIGHT,
            margins=GAP_WIDE,
            on=self,
        )
        if asks_password:
            column.addSpacing(GAP_TIGHT)
            column.addLayout(self._password_row())
        buttons = [self._offer(words, do) for words, do in offers]
        for button in buttons:
            column.addWidget(button)
        widest = max((button.sizeHint().width() for button in buttons), default=0)
        self.setFixedWidth(max(theme.px(_WIDTH_PX), widest + 2 * GAP_WIDE + 2))

    def open_above(self, corner: QPoint) -> None:
        """Show it so that its lower left corner is a little above a point of the screen."""
        self.adjustSize()
        self.move(corner - QPoint(0, self.height() + GAP))
        self.show()
        if self._password is not None:
            self._password.setFocus(Qt.FocusReason.PopupFocusReason)
        elif self._first is not None:
            self._first.setFocus(Qt.FocusReason.PopupFocusReason)

    def _password_row(self) -> QBoxLayout:
        password = self._password = line_field(self.tr("Password of the file"))
        password.setEchoMode(QLineEdit.EchoMode.Password)
        password.setPlaceholderText(self.tr("Password"))
        password.returnPressed.connect(self._give)
        button = QPushButton(self.tr("Open"))
        button.setAutoDefault(False)
        button.clicked.connect(self._give)
        row = stack((password, 1), button, across=True)
        return row

    def _offer(self, words: str, do: Callable[[], None]) -> QPushButton:
        button = QPushButton(words)
        button.setAutoDefault(False)
        button.clicked.connect(self.close)
        button.clicked.connect(do)
        if self._first is None:
            self._first = button
            set_look(button, "filled", "accent")
        return button

    def _give(self) -> None:
        assert self._password is not None
        if self._password.text():
            self.password_given.emit(self._password.text())
            self.close()


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
