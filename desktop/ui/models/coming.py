"""The download that the sidebar shows at its foot, whatever page is in front: how far it is, and what can be done."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from desktop.core.model import ModelChoice
from desktop.core.models.keeping import Download, DownloadState
from desktop.runtime.models.downloads import Downloads
from desktop.ui.look.tokens import GAP, GAP_TIGHT
from desktop.ui.models import words
from desktop.ui.widgets.buttons import PressableRow, button
from desktop.ui.widgets.labels import NameLabel, PlainLabel, ThinBar
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
    """A download in two or three lines: name, per cent, a bar, how it goes, and what can be done about it.

    Of several the one that matters most is shown; the page, which a press leads to, has all of them.
    """

    def __init__(
        self, downloads: Downloads, title_of: Callable[[ModelChoice], str], use: Callable[[ModelChoice], object]
    ) -> None:
        """`use` has a model answer from now on."""
        super().__init__("", "side row")
        self._downloads = downloads
        self._title_of = title_of
        self._shown: ModelChoice | None = None
        self._name = NameLabel("", "small ink")
        self._percent = PlainLabel("", "small")
        self._bar = ThinBar()
        self._state = PlainLabel("", "small", wraps=True)
        self._reason = PlainLabel("", "small", wraps=True)
        self._use = button(self.tr("Use it"), "link", partial(self._do, use))
        self._resume = button(self.tr("Go on"), "link", partial(self._do, downloads.resume))
        self._dismiss = button("", "muted", partial(self._do, downloads.dismiss))
        head = stack((self._name, 1), self._percent, across=True)
        foot = stack(None, self._dismiss, self._resume, self._use, gap=GAP_TIGHT, across=True)
        margins = (GAP - 2, GAP_TIGHT, GAP - 2, GAP_TIGHT)
        stack(head, self._bar, self._state, self._reason, foot, gap=GAP_TIGHT, margins=margins, on=self)
        downloads.changed.connect(self.show_now)
        downloads.progressed.connect(lambda download: self._show(download) if download.choice == self._shown else None)
        self.hide()  # without a place in the window it would be a window

    def show_now(self) -> None:
        """Show the download that matters most; nothing where there is none."""
        first = min(self._downloads.items, key=lambda each: _FIRST.index(each.state), default=None)
        self._shown = first.choice if first is not None else None
        if first is not None:
            self._show(first)
        self.setVisible(first is not None)

    def _show(self, download: Download) -> None:
        is_done, title = download.state is DownloadState.DONE, self._title_of(download.choice)
        others = len(self._downloads.items) - 1
        self._name.show_text(title)
        self._percent.setText(percent(words.share_of(download)))
        self._percent.setVisible(not is_done and bool(download.size))
        self._bar.show_share(words.share_of(download))
        self._bar.setVisible(not is_done)
        self._state.setText(words.joined([words.coming_line(download), say("models.more", others) if others else ""]))
        self._reason.tell(words.failure_line(download))
        self.setAccessibleDescription(self._reason.text())
        self.setAccessibleName(words.joined([title, self._percent.text(), self._state.text()]))
        self._dismiss.setText(words.dismissal(download))
        for each, is_offered in (
            (self._use, is_done),
            (self._dismiss, is_done or download.is_refused),
            (self._resume, download.can_go_on),
        ):
            each.setVisible(is_offered)
            each.setAccessibleName(f"{each.text()}: {title}")

    def _do(self, act: Callable[[ModelChoice], object]) -> None:
        if self._shown is not None:
            act(self._shown)
