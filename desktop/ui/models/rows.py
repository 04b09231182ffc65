"""The rows of the page of models: one that is installed, one that is being got, and one of the catalogue."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QProgressBar, QPushButton, QVBoxLayout, QWidget

from desktop.core.models.download import Download, DownloadState
from desktop.core.models.facts import ModelFacts
from desktop.core.models.fit import Judgement
from desktop.core.place import Place, PlaceKind
from desktop.ui.look.icons import IconButton
from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import GAP, GAP_SECTION, GAP_TIGHT
from desktop.ui.models import words
from desktop.ui.models.cards import VerdictLine
from desktop.ui.widgets.buttons import PressableRow
from desktop.ui.widgets.labels import NameLabel, PlainLabel
from desktop.ui.widgets.place_badge import PlaceBadge
from desktop.ui.words import fill, size


class ModelDeed(StrEnum):
    """Deed that a row of the page offers."""

    USE = "use"
    MEASURE = "measure"
    UNLOAD = "unload"
    DELETE = "delete"
    PAUSE = "pause"
    RESUME = "resume"
    CANCEL = "cancel"
    DISMISS = "dismiss"


Act = Callable[[ModelDeed], None]


class _Row(PressableRow):
    """A row of a list in a frame."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(name, parent=parent)
        self.line = QHBoxLayout(self)
        self.line.setContentsMargins(GAP_SECTION, GAP, GAP, GAP)
        self.line.setSpacing(GAP)
        self.words = QVBoxLayout()
        self.words.setSpacing(GAP_TIGHT)
        self.line.addLayout(self.words, 1)


class InstalledRow(_Row):
    """A model that is there: its place, the verdict on it, its size, and a menu."""

    def __init__(
        self,
        theme: Theme,
        title: str,
        place: Place,
        judgement: Judgement | None,
        bytes_on_disk: int | None,
        act: Act,
        *,
        can_be_unloaded: bool,
        can_be_deleted: bool,
        is_in_use: bool,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(title, parent)
        self._act = act
        self._can_be_unloaded = can_be_unloaded
        self._can_be_deleted = can_be_deleted
        self._is_in_use = is_in_use
        head = QHBoxLayout()
        head.setSpacing(GAP)
        head.addWidget(NameLabel(title, "strong"))
        head.addWidget(PlaceBadge(theme, place))
        if is_in_use:
            head.addWidget(PlainLabel(self.tr("in use"), "small accent"))
        head.addStretch(1)
        self.words.addLayout(head)
        if judgement is not None:
            self.words.addWidget(VerdictLine(judgement, with_page=True))
        elif place.kind is PlaceKind.INTERNET:
            words_on_it = fill(self.tr("Does not run here: your words go to %1"), place.host)
            self.words.addWidget(PlainLabel(words_on_it, "small", wraps=True))
        if bytes_on_disk and place.kind is not PlaceKind.INTERNET:
            self.line.addWidget(PlainLabel(size(bytes_on_disk), "small"))
        self.more = IconButton(theme, "more", fill(self.tr("More on %1"), title), token="muted")
        self.more.clicked.connect(lambda: self.menu().popup(self.more.mapToGlobal(self.more.rect().bottomLeft())))
        self.line.addWidget(self.more)
        self.pressed.connect(lambda: act(ModelDeed.USE))
        self._is_local = place.is_local

    def menu(self) -> QMenu:
        """Return a new menu of what can be done with the model."""
        menu = QMenu(self)
        use = menu.addAction(self.tr("Use it"))
        use.setEnabled(not self._is_in_use)
        use.triggered.connect(lambda: self._act(ModelDeed.USE))
        if self._is_local:
            menu.addAction(self.tr("Measure its speed (up to a minute)")).triggered.connect(
                lambda: self._act(ModelDeed.MEASURE)
            )
        if self._can_be_unloaded:
            menu.addAction(self.tr("Have it leave the memory now")).triggered.connect(
                lambda: self._act(ModelDeed.UNLOAD)
            )
        if self._can_be_deleted:
            menu.addSeparator()
            menu.addAction(self.tr("Delete…")).triggered.connect(lambda: self._act(ModelDeed.DELETE))
        menu.aboutToHide.connect(menu.deleteLater)
        return menu

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Delete and self._can_be_deleted:
            self._act(ModelDeed.DELETE)
        else:
            super().keyPressEvent(event)


class DownloadRow(QFrame):
    """A model that is being got: how far it is, and Pause, Go on, Cancel."""

    def __init__(self, theme: Theme, title: str, download: Download, act: Act, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_look(self, "model row")
        self.setAccessibleName(title)
        line = QHBoxLayout(self)
        line.setContentsMargins(GAP_SECTION, GAP, GAP, GAP)
        line.setSpacing(GAP)
        column = QVBoxLayout()
        column.setSpacing(GAP_TIGHT)
        column.addWidget(NameLabel(title, "strong"))
        self._state = PlainLabel("", "small", wraps=True)
        column.addWidget(self._state)
        self._bar = QProgressBar()
        self._bar.setRange(0, 1000)
        self._bar.setTextVisible(False)
        self._bar.setFixedHeight(4)
        self._bar.setAccessibleName(title)
        column.addWidget(self._bar)
        self._reason = PlainLabel("", "small", wraps=True)
        column.addWidget(self._reason)
        line.addLayout(column, 1)
        self.pause = QPushButton(self.tr("Pause"))
        self.resume = QPushButton(self.tr("Go on"))
        self.cancel = QPushButton(self.tr("Cancel"))
        set_look(self.cancel, "quiet")
        self.use = QPushButton(self.tr("Use"))
        self.dismiss = QPushButton()
        set_look(self.dismiss, "quiet")
        for button, deed in (
            (self.pause, ModelDeed.PAUSE),
            (self.resume, ModelDeed.RESUME),
            (self.cancel, ModelDeed.CANCEL),
            (self.dismiss, ModelDeed.DISMISS),
            (self.use, ModelDeed.USE),
        ):
            button.clicked.connect(lambda _=False, deed=deed: act(deed))
            line.addWidget(button)
        self.show_download(download)

    def show_download(self, download: Download) -> None:
        """Show how it goes now; the keyboard stays in the row, whatever can be pressed then."""
        state = download.state
        buttons = (self.use, self.resume, self.pause, self.cancel, self.dismiss)
        focused = next((each for each in buttons if each.hasFocus()), None)
        self._state.setText(words.download_line(download))
        self._bar.setValue(round(1000 * words.share_of(download)))
        self._bar.setVisible(state is not DownloadState.DONE)
        self._reason.setText(words.failure_line(download))
        self._reason.setVisible(bool(self._reason.text()))
        is_got = download.given is None  # what is imported begins at its beginning, each time
        self.pause.setVisible(is_got and state in (DownloadState.RUNNING, DownloadState.WAITING))
        self.resume.setVisible(download.can_go_on)
        is_over = state is DownloadState.DONE or download.is_refused
        self.cancel.setVisible(not is_over)
        self.dismiss.setText(words.dismissal(download))
        self.dismiss.setVisible(is_over)
        self.use.setVisible(state is DownloadState.DONE)
        for button in buttons:
            button.setAccessibleName(f"{button.text()}: {self.accessibleName()}")
        if focused is not None and focused.isHidden():
            next(each for each in buttons if not each.isHidden()).setFocus()


class ByNameRow(QFrame):
    """A model that is got by its name alone: from which host, and the button; or why not."""

    def __init__(self, name: str, host: str, why_not: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_look(self, "model row")
        self.setAccessibleName(name)
        line = QHBoxLayout(self)
        line.setContentsMargins(GAP_SECTION, GAP, GAP, GAP)
        line.setSpacing(GAP)
        column = QVBoxLayout()
        column.setSpacing(GAP_TIGHT)
        column.addWidget(NameLabel(name, "strong"))
        from_where = fill(self.tr("Ollama fetches it from %1. Its size is shown once the download begins."), host)
        self.note = PlainLabel(why_not or from_where, "small", wraps=True)
        column.addWidget(self.note)
        line.addLayout(column, 1)
        self.get = QPushButton(self.tr("Get it through Ollama"))
        self.get.setAccessibleName(f"{self.get.text()}: {name}, {host}")
        self.get.setVisible(not why_not)
        line.addWidget(self.get)


class CatalogueRowWidget(_Row):
    """A model of the catalogue: its title, the verdict, its size."""

    def __init__(self, row: ModelFacts, judgement: Judgement, parent: QWidget | None = None) -> None:
        super().__init__(row.title, parent)
        self.row = row
        self.words.addWidget(NameLabel(row.title, "strong"))
        self.words.addWidget(VerdictLine(judgement))
        self.line.addWidget(PlainLabel(size(row.size or 0), "small"))
