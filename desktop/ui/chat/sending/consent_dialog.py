"""The question before words go further than before: where to, what goes along, and all of it to be read."""

from __future__ import annotations

from enum import Enum

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QPushButton, QWidget

from desktop.core.place import Place, PlaceKind
from desktop.rendering.markdown.links import shown_host
from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.tokens import GAP
from desktop.ui.text.read_text import ReadText
from desktop.ui.widgets.boxes import Dialog
from desktop.ui.widgets.labels import PlainLabel
from desktop.ui.words import fill, place_name, say

_SIZE = QSize(560, 480)


class Consent(Enum):
    """Answer of the user."""

    NO = "no"
    SEND = "send"
    START_FRESH = "start_fresh"  # there, without what was said so far


class ConsentDialog(Dialog):
    """A dialog about sending to `place`; `earlier`: so many messages go along that have not been there yet.

    `is_new_host`: no words have gone to this host on the internet yet. All that would be sent is shown once it is read.
    """

    def __init__(self, parent: QWidget | None, place: Place, *, earlier: int, is_new_host: bool) -> None:
        super().__init__(parent)
        self.answer = Consent.NO
        far = place.kind is PlaceKind.INTERNET
        self.setWindowTitle(self.tr("Send over the internet?") if far else self.tr("Send to another place?"))
        self.text = PlainLabel(self._words(place, earlier), "strong", wraps=True)
        told = [self.tr("The whole conversation is sent with each message.")]
        if is_new_host:
            told.append(self.tr("Candor asks once for each host."))
        self.more = PlainLabel(" ".join(told), "small", wraps=True)
        self.detail = ReadText()
        self.detail.setPlaceholderText(self.tr("Reading what would be sent…"))
        self.detail.setAccessibleName(self.tr("All that would be sent"))
        self.send = QPushButton(self.tr("Send"))
        self.fresh = QPushButton(self.tr("Start fresh there"))
        self.fresh.setVisible(earlier > 0)
        self.cancel = QPushButton(self.tr("Cancel"))
        for button, answer in ((self.send, Consent.SEND), (self.fresh, Consent.START_FRESH)):
            button.clicked.connect(lambda _=False, answer=answer: self._end_with(answer))
        self.cancel.clicked.connect(self.reject)
        set_look(self.fresh, "quiet")
        set_look(self.detail, "framed")
        self._lay_out()
        self.fit(_SIZE)
        self.cancel.setFocus()

    def show_detail(self, text: str) -> None:
        """Show all that would be sent."""
        self.detail.show_text(text)

    def _words(self, place: Place, earlier: int) -> str:
        far = place.kind is PlaceKind.INTERNET
        where = shown_host(place.host) if far else place_name(place)
        if earlier:
            return say("counts.this_sends_the_earlier_messages_to", earlier, where=where)
        return fill(self.tr("This conversation goes over the internet to %1."), where)

    def _lay_out(self) -> None:
        self.column.setSpacing(GAP)
        self.column.addWidget(self.text)
        self.column.addWidget(self.more)
        heading = PlainLabel(self.tr("All that would be sent"), "small")
        heading.setContentsMargins(0, GAP, 0, 0)
        self.column.addWidget(heading)
        self.column.addWidget(self.detail, 1)
        self.add_foot((self.fresh,), (self.cancel, self.send), default=self.cancel)

    def _end_with(self, answer: Consent) -> None:
        self.answer = answer
        self.accept()
