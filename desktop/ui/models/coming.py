"""The download that the sidebar shows at its foot, whatever page is in front: how far it is, and what can be done.

Of several the one that matters most is shown. Made when there is a first one; the page has all of them.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, SignalInstance
from PySide6.QtWidgets import QProgressBar, QWidget

from desktop.core.model import ModelChoice
from desktop.core.models.download import Download, DownloadState
from desktop.runtime.models.downloads import Downloads
from desktop.ui.look.tokens import GAP, GAP_TIGHT
from desktop.ui.models import words
from desktop.ui.widgets.buttons import PressableRow, button
from desktop.ui.widgets.labels import NameLabel, PlainLabel
from desktop.ui.widgets.layout import stack
from desktop.ui.words import percent, say

# What is shown of several: what goes on, then what the user is to decide.
_FIRST = (
    DownloadState.RUNNING,
    DownloadState.FAILED,
    DownloadState.DONE,
    DownloadState.PAUSED,
    DownloadState.WAITING,
)


class ComingLine(PressableRow):
    """A download in two or three lines: name, per cent, a bar, how it goes, and what can be done about it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", "side row", parent)
        self._name = NameLabel("", "small ink")
        self._percent = PlainLabel("", "small")
        self._bar = QProgressBar()
        self._bar.setRange(0, 1000)
        self._bar.setTextVisible(False)
        self._bar.setFixedHeight(4)
        self._state = PlainLabel("", "small", wraps=True)
        self._reason = PlainLabel("", "small", wraps=True)
        self._use = button(self.tr("Use it"), "link")
        self._resume = button(self.tr("Go on"), "link")
        self._dismiss = button("", "muted")
        head = stack((self._name, 1), self._percent, across=True)
        foot = stack(None, self._dismiss, self._resume, self._use, gap=GAP_TIGHT, across=True)
        margins = (GAP - 2, GAP_TIGHT, GAP - 2, GAP_TIGHT)
        stack(head, self._bar, self._state, self._reason, foot, gap=GAP_TIGHT, margins=margins, on=self)
        self.use_wanted: SignalInstance = self._use.clicked
        self.resume_wanted: SignalInstance = self._resume.clicked
        self.dismissed: SignalInstance = self._dismiss.clicked

    def show_download(self, title: str, download: Download, others: int) -> None:
        """Show how a download goes; `others` are those that are not shown."""
        state = download.state
        self._name.show_text(title)
        share = words.share_of(download)
        self._percent.setText(percent(share))
        self._percent.setVisible(state is not DownloadState.DONE and bool(download.size))
        self._bar.setValue(round(1000 * share))
        self._bar.setVisible(state is not DownloadState.DONE)
        said = words.coming_line(download)
        self._state.setText(words.joined([said, say("models.more", others) if others else ""]))
        self._reason.setText(words.failure_line(download))
        self._reason.setVisible(bool(self._reason.text()))
        self.setAccessibleDescription(self._reason.text())
        self.setAccessibleName(words.joined([title, self._percent.text(), self._state.text()]))
        self._use.setVisible(state is DownloadState.DONE)
        self._dismiss.setText(words.dismissal(download))
        self._dismiss.setVisible(state is DownloadState.DONE or download.is_refused)
        self._resume.setVisible(download.can_go_on)
        for each in (self._use, self._dismiss, self._resume):
            each.setAccessibleName(f"{each.text()}: {title}")


class ComingPresenter(QObject):
    """The owner of the line, which is made and put into the sidebar when there is a first download."""

    def __init__(
        self,
        downloads: Downloads,
        title_of: Callable[[ModelChoice], str],
        put: Callable[[QWidget], None],
        open_page: Callable[[], None],
        use: Callable[[ModelChoice], None],
        parent: QObject | None = None,
    ) -> None:
        """Keep the dependencies. `put` shows a widget in the sidebar; `use` has a model answer from now on."""
        super().__init__(parent)
        self._downloads = downloads
        self._title_of = title_of
        self._put = put
        self._open_page = open_page
        self._use = use
        self._line: ComingLine | None = None
        self._shown: ModelChoice | None = None
        downloads.changed.connect(self.show_now)
        downloads.progressed.connect(self._on_progress)

    def show_now(self) -> None:
        """Show the download that matters most; nothing where there is none."""
        items = self._downloads.items
        first = min(items, key=lambda each: _FIRST.index(each.state), default=None)
        self._shown = first.choice if first is not None else None
        if first is not None:
            self._show(first)
        elif self._line is not None:
            self._line.hide()

    def _on_progress(self, download: Download) -> None:
        if download.choice == self._shown:
            self._show(download)

    def _show(self, download: Download) -> None:
        if self._line is None:
            self._line = line = ComingLine()
            line.pressed.connect(self._open_page)
            line.use_wanted.connect(self._on_use)
            line.resume_wanted.connect(self._on_resume)
            line.dismissed.connect(self._on_dismissed)
            self._put(line)
        others = sum(each.choice != download.choice for each in self._downloads.items)
        self._line.show_download(self._title_of(download.choice), download, others)
        self._line.show()

    def _on_use(self) -> None:
        if self._shown is not None:
            self._use(self._shown)
            self._downloads.dismiss(self._shown)

    def _on_resume(self) -> None:
        if self._shown is not None:
            self._downloads.resume(self._shown)

    def _on_dismissed(self) -> None:
        if self._shown is not None:
            self._downloads.dismiss(self._shown)
