"""A file of a message as a chip: its name, what it holds, or what became of it; a picture of a picture.

Of the next message a press opens what is sent of the file; one that can't go as it is says why, and asks for its
password. A picture is small in its chip, and opens as large as the window allows. The chips of a message that was sent
stand quiet above its words.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from functools import partial
from typing import Any

import shiboken6
from PySide6.QtCore import QObject, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QKeySequence, QPainter, QPainterPath, QPaintEvent, QPixmap
from PySide6.QtWidgets import QBoxLayout, QDialog, QFrame, QLabel, QLineEdit, QMenu, QPushButton, QWidget

from desktop.core.documents.attachment import FIRST_PAGES, Attachment, AttachmentState
from desktop.core.documents.document import Document, SectionKind
from desktop.core.message import AttachmentPart, FilePart, ImagePart
from desktop.core.model import Sight
from desktop.rendering.text.letters import show_invisible
from desktop.ui.documents.words import chosen_extent, kind_of, pages_as_pictures, passages_of, remark, sent_extent
from desktop.ui.errors import describe_reading
from desktop.ui.look.stylesheet import GAP, GAP_TIGHT, GAP_WIDE, set_look
from desktop.ui.look.theme import IconButton, Theme
from desktop.ui.message_actions import Ask, AskHere, LoadPicture, Reading
from desktop.ui.widgets.buttons import Chip, button
from desktop.ui.widgets.form import line_field
from desktop.ui.widgets.labels import ElidedLabel, PlainLabel, set_tooltip
from desktop.ui.widgets.layout import ChipRow, FlowLayout, stack
from desktop.ui.words import clauses, fill, listed, number, percent, plain_action, short, translate


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
        chip = FileChip(self._theme, file, lambda ask, value: self.asked.emit(file.id, (ask, value)))
        chip.show_sight(self._sight)
        return chip


def _has_focus(chip: FileChip) -> bool:
    return chip.hasFocus() or chip.isAncestorOf(chip.window().focusWidget() or chip.window())


_RADIUS = 4
_MOST_PX = 256
_FILLS = Qt.AspectRatioMode.KeepAspectRatioByExpanding


def small_image(content: bytes) -> QImage:
    """Return a JPEG or PNG as an image no larger than a thumbnail needs. May be called on any thread."""
    image = QImage.fromData(content)
    most = QSize(_MOST_PX, _MOST_PX)
    return image if image.isNull() else image.scaled(most, _FILLS, Qt.TransformationMode.SmoothTransformation)


def thumbnail(image: QImage, edge: int, ratio: float) -> QPixmap:
    """Return the middle of an image as a square of `edge` logical pixels; empty where there is none."""
    if image.isNull():
        return QPixmap()
    picture = QPixmap.fromImage(image)
    size = round(edge * ratio)
    filled = picture.scaled(
        QSize(size, size),
        _FILLS,
        Qt.TransformationMode.SmoothTransformation,
    )
    square = QPixmap(size, size)
    square.fill(Qt.GlobalColor.transparent)
    painter = QPainter(square)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    outline = QPainterPath()
    outline.addRoundedRect(QRectF(0, 0, size, size), _RADIUS * ratio, _RADIUS * ratio)
    painter.setClipPath(outline)
    painter.drawPixmap((size - filled.width()) // 2, (size - filled.height()) // 2, filled)
    painter.end()
    square.setDevicePixelRatio(ratio)
    return square


_SHARE = 0.9  # of the window at most
_LEAST = QSize(240, 180)


class PictureDialog(QDialog):
    """A dialog that shows one picture, whole; Escape closes it."""

    def __init__(self, name: str, picture: QImage, parent: QWidget) -> None:
        super().__init__(parent)
        self._picture = picture
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(show_invisible(name))
        self.setAccessibleName(show_invisible(name))
        size = picture.size().scaled(parent.size() * _SHARE, Qt.AspectRatioMode.KeepAspectRatio)
        self.resize(size.boundedTo(picture.size()).expandedTo(_LEAST))

    def paintEvent(self, event: QPaintEvent) -> None:
        size = self._picture.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        place = QRect(0, 0, size.width(), size.height())
        place.moveCenter(self.rect().center())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(place, self._picture)


_PDF = "application/pdf"
_TROUBLE_PX = 320
_LEAST_NAME_PX = 110
_THUMBNAIL_PX = 24


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a file can't go as it is, and the ways on: the words of a button, and what it asks for."""

    title: str
    sentence: str
    offers: Sequence[tuple[str, FileAction]] = ()
    asks_password: bool = False


def can_be_drawn(document: Document) -> bool:
    """Return True if the pages of a document can be sent as pictures."""
    return document.media_type == _PDF and kind_of(document) is SectionKind.PAGE


def is_unseen(file: Attachment, sight: Sight) -> bool:
    """Return True for a picture that the chosen model can't look at."""
    return file.state is AttachmentState.READY and isinstance(file.part, ImagePart) and sight.is_blind


def trouble_of(file: Attachment, sight: Sight) -> Trouble | None:
    """Return why a file can't go as it is to a model of this sight; None if it can."""
    document = file.document
    if file.problem is not None:  # also of one that goes as it was sent, and can be opened by its password
        said = describe_reading(file.problem)
        return Trouble(said.title, said.sentence, asks_password=file.is_locked)
    if is_unseen(file, sight):
        title = fill(translate("documents", "%1 can't see pictures"), _name(sight.title))
        show = (translate("documents", "Show the picture"), (FileAsk.OPEN, None))
        return Trouble(title, _who_could(sight), [*_switches(sight), show])
    is_scan = document is not None and document.is_empty and can_be_drawn(document)
    if file.state is AttachmentState.READY and document is not None and is_scan:
        return _trouble_of_scan([section.number for section in document.sections], sight)
    return None


def _trouble_of_scan(pages: Sequence[int], sight: Sight) -> Trouble:
    title = translate("documents", "No text in it")
    sentence = translate("documents", "Its pages are pictures, such as a scan. A model that sees can look at them.")
    if sight.is_blind:
        cannot = fill(translate("documents", "%1 can't."), _name(sight.title))
        return Trouble(title, f"{sentence}\n{cannot} {_who_could(sight)}", _switches(sight))
    if sight.title and sight.sees is None:
        unknown = fill(translate("documents", "It is not known if %1 does."), _name(sight.title))
        sentence = f"{sentence} {unknown}"
    first = tuple(pages[:FIRST_PAGES])
    offers: list[tuple[str, FileAction]] = [
        (pages_as_pictures(len(first), of=len(pages)), (FileAsk.SEND_PAGES, first)),
        (translate("documents", "Choose pages…"), (FileAsk.OPEN, None)),
    ]
    return Trouble(title, sentence, offers if len(pages) > 1 else offers[:1])


def _switches(sight: Sight) -> list[tuple[str, FileAction]]:
    template = translate("documents", "Switch to %1")
    return [
        (plain_action(fill(template, _name(each.title))), (FileAsk.SWITCH_MODEL, each.choice)) for each in sight.others
    ]


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


class FileTrouble(QFrame):
    """A popup that goes with the next press beside it. What is typed into it is kept nowhere."""

    def __init__(self, theme: Theme, trouble: Trouble, ask: AskOfFile, chip: QWidget) -> None:
        """Open it a little above its chip."""
        super().__init__(chip.window(), Qt.WindowType.Popup)
        self._ask = ask
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        set_look(self, "card")
        self.setAccessibleName(trouble.title)
        self.setAccessibleDescription(trouble.sentence)
        self._password = line_field(self.tr("Password of the file"))
        column = stack(
            PlainLabel(trouble.title, "strong"),
            PlainLabel(trouble.sentence, "small", wraps=True),
            gap=GAP_TIGHT,
            margins=GAP_WIDE,
            on=self,
        )
        buttons = [button(words, "", partial(self._take, *action)) for words, action in trouble.offers]
        for each in buttons:
            column.addWidget(each)
        if trouble.asks_password:
            column.addSpacing(GAP_TIGHT)
            column.addLayout(self._password_row())
        if buttons:
            set_look(buttons[0], "filled", "accent")
        widest = max((each.sizeHint().width() for each in buttons), default=0)
        self.setFixedWidth(max(theme.px(_TROUBLE_PX), widest + 2 * GAP_WIDE + 2))
        self.adjustSize()
        self.move(chip.mapToGlobal(QPoint(0, -self.height() - GAP)))
        self.show()
        if buttons:
            buttons[0].setFocus(Qt.FocusReason.PopupFocusReason)
        if trouble.asks_password:
            self._password.setFocus(Qt.FocusReason.PopupFocusReason)

    def _password_row(self) -> QBoxLayout:
        self._password.setEchoMode(QLineEdit.EchoMode.Password)
        self._password.setPlaceholderText(self.tr("Password"))
        self._password.returnPressed.connect(self._give)
        return stack((self._password, 1), button(self.tr("Open"), do=self._give), across=True)

    def _give(self) -> None:
        if self._password.text():
            self._take(FileAsk.OPEN_WITH, self._password.text())

    def _take(self, ask: FileAsk, value: object) -> None:
        self.close()
        self._ask(ask, value)


class FileChip(Chip):
    """The chip of one file."""

    def __init__(self, theme: Theme, file: Attachment, ask: AskOfFile) -> None:
        super().__init__(theme, "file chip")
        self._state = ElidedLabel("", "small")
        self._choose = PlainLabel(self.tr("Choose…"), "small accent")  # what a press offers, where it does not fit
        take_out = partial(ask, FileAsk.REMOVE, None)
        close = IconButton(theme, "close", self.tr("Take this file out"), token="muted", do=take_out)
        self.put(self._state, self._choose, cross=close)
        self._ask = ask
        self.file = file
        self._fit_words = ""
        self._is_trouble = False
        self._sight = Sight()
        self._shown_thumbnail = (b"", 0, 0.0)
        self._picture = QLabel()
        self._picture.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._picture.hide()
        self.row.insertWidget(0, self._picture)
        self.clicked.connect(self._press)
        theme.changed.connect(self.updateGeometry)
        self.show_file(file)

    def show_file(self, file: Attachment) -> None:
        """Show the present state of the file."""
        self.file = file
        self.name.show_text(show_invisible(file.name))
        # The state gives way before the name does.
        self.name.setMinimumWidth(min(self.name.sizeHint().width(), self.theme.px(_LEAST_NAME_PX)))
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
        """Say if it can go to the model as it is; empty while that is not known."""
        self._fit_words, self._is_trouble = words, is_trouble
        self.show_file(self.file)

    def show_sight(self, sight: Sight) -> None:
        """Take note of what the model can look at."""
        self._sight = sight
        self.show_file(self.file)

    def _words(self) -> tuple[str, bool]:
        """Return its state in words, and True if the user has to do something about it."""
        file, progress = self.file, self.file.progress
        match file.state:
            case AttachmentState.COPYING if progress.is_stuck:
                return self.tr("Its drive doesn't answer"), True
            case AttachmentState.COPYING if progress.of and progress.done:
                return fill(self.tr("Copying… %1"), percent(progress.done / progress.of)), False
            case AttachmentState.COPYING:
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
        if self._is_trouble:
            return self._fit_words, True
        if file.orders:
            return self.tr("holds orders to the model"), True
        extent = sent_extent(file.part) if file.part is not None else ""
        if file.document is not None:
            extent = chosen_extent(file.document, file.selection)
        if self._fit_words and extent:
            return fill(self.tr("%1 · %2", "pages of a file · fits"), extent, self._fit_words), False
        return extent or self._fit_words, False

    def _reading(self) -> str:
        document, progress = self.file.document, self.file.progress
        if not progress.done or progress.of is None:
            return self.tr("Reading…")
        if document is None or kind_of(document) is not SectionKind.PAGE:
            return fill(self.tr("Reading… %1"), percent(progress.done / progress.of))
        return fill(self.tr("Reading… page %1 of %2"), number(progress.done), number(progress.of))

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
        edge, ratio = self.theme.px(_THUMBNAIL_PX), self.devicePixelRatioF()
        shown = (self.file.thumbnail, edge, ratio)
        if shown != self._shown_thumbnail:
            self._shown_thumbnail = shown
            self._picture.setPixmap(thumbnail(QImage.fromData(self.file.thumbnail), edge, ratio))
            self._picture.setVisible(bool(self.file.thumbnail))

    def _press(self) -> None:
        trouble = trouble_of(self.file, self._sight)
        if trouble is not None:
            FileTrouble(self.theme, trouble, self._ask, self)
        else:
            self._ask(FileAsk.OPEN, None)

    # Qt's own method

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, has_alt = event.key(), event.modifiers() == Qt.KeyboardModifier.AltModifier
        if key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._ask(FileAsk.REMOVE, None)
        elif event.matches(QKeySequence.StandardKey.Undo):
            self._ask(FileAsk.BRING_BACK, None)
        elif has_alt and key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self._ask(FileAsk.MOVE, -1 if key == Qt.Key.Key_Left else 1)
        else:
            super().keyPressEvent(event)


_SENT_PX = 96  # of a picture


class SentFiles(QWidget):
    """The chips of one message."""

    height_changed = Signal()  # or their width: the names of folders have come

    def __init__(
        self, theme: Theme, files: Sequence[FilePart], ask: AskHere, reading: Reading, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._ask = ask
        self._row = FlowLayout(self, at_right=True)
        self.chips: list[QPushButton] = []
        folders: dict[str, dict[int, AttachmentPart]] = {}  # with what was found in them, by its place
        self._folders: dict[str, _SentChip] = {}
        self._reading = reading
        for index, part in enumerate(files):
            if isinstance(part, AttachmentPart) and part.folder:
                folders.setdefault(part.folder, {})[index] = part
                continue
            if isinstance(part, ImagePart):
                chip: QPushButton = _SentPicture(theme, part, reading.load_picture)
            else:
                chip = _SentChip(theme, part.name, sent_extent(part), self.tr("Enter shows what was sent of it"))
            self._add(chip, partial(ask, Ask.OPEN_FILE, index))
        for folder, found in folders.items():
            passages = passages_of(sum(each.passages for each in found.values()), len(found))
            told = self.tr("Enter lists the files")
            of_folder = self._folders[folder] = _SentChip(theme, self.tr("A folder"), passages, told, "folder")
            self._add(of_folder, partial(self._list, of_folder, found))
        self._name_folders()
        reading.changed.connect(self._name_folders)

    def _name_folders(self) -> None:
        """Show the names of folders: they are known a little after the start, and no more once one is forgotten."""
        before = self.natural_width()
        for folder, chip in self._folders.items():
            if (state := self._reading.folder_state(folder)) is not None:
                chip.show_name(state.name)
        if self.natural_width() != before:
            self.height_changed.emit()

    def _add(self, chip: QPushButton, press: Callable[[], object]) -> None:
        chip.clicked.connect(lambda: press())
        self.chips.append(chip)
        self._row.addWidget(chip)

    def _list(self, chip: QPushButton, found: Mapping[int, AttachmentPart]) -> None:
        """List the files of a folder that passages of went; each opens what went of it."""
        menu = QMenu(self)
        menu.aboutToHide.connect(menu.deleteLater)
        for index, part in found.items():
            words = clauses((show_invisible(part.path or part.name), part.extent))
            menu.addAction(plain_action(words)).triggered.connect(
                lambda _=False, index=index: self._ask(Ask.OPEN_FILE, index)
            )
        menu.popup(chip.mapToGlobal(QPoint(0, chip.height())))

    def set_unsent(self, unsent: bool) -> None:
        """Show if they are not sent any more; they still open."""
        for chip in self.chips:
            if isinstance(chip, _SentChip):
                set_look(chip.name, "small" if unsent else "small ink")

    def natural_width(self) -> int:
        """Return the width in pixels that the chips take in one row."""
        return sum(chip.sizeHint().width() + GAP for chip in self.chips) - GAP

    def height_for(self, width: int) -> int:
        """Return the height in pixels at a width in pixels."""
        return self._row.heightForWidth(width)


class _SentChip(Chip):
    """The chip of a document, or of a folder, and how much of that went."""

    least_px, high_px = 90, 28

    def __init__(self, theme: Theme, name: str, extent: str, told: str, icon: str = "") -> None:
        super().__init__(theme, "sent file", icon)
        self.put(ElidedLabel(extent, "small"))
        self._extent = extent
        self.setAccessibleDescription(told)
        self.show_name(name)

    def show_name(self, name: str) -> None:
        """Show this name, which a screen reader hears with how much of it went."""
        self.name.show_text(show_invisible(name))
        said = clauses((self.name.text(), self._extent))
        self.setAccessibleName(said)
        set_tooltip(self, said)
        self.updateGeometry()


class _SentPicture(QPushButton):
    """The thumbnail of a picture, which comes from the disk a moment later."""

    def __init__(self, theme: Theme, part: ImagePart, load: LoadPicture | None) -> None:
        super().__init__()
        self._theme = theme
        self.setAutoDefault(False)
        set_look(self, "sent file")
        self.setAccessibleName(show_invisible(part.name))
        self.setAccessibleDescription(self.tr("Enter shows the picture"))
        set_tooltip(self, show_invisible(part.name))
        self._picture = QLabel(self)
        self._picture.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._picture.setGeometry(1, 1, self._edge - 2, self._edge - 2)
        if load is not None:
            load(part.digest, self._show)

    @property
    def _edge(self) -> int:
        return self._theme.px(_SENT_PX)

    def _show(self, image: QImage) -> None:
        if shiboken6.isValid(self._picture):  # the message may have been scrolled away meanwhile
            self._picture.setPixmap(thumbnail(image, self._edge - 2, self.devicePixelRatioF()))

    def sizeHint(self) -> QSize:
        return QSize(self._edge, self._edge)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()
