"""The question before words go further than before: where to, what goes along, and what was agreed to so far."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import Enum

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QPushButton, QWidget

from desktop.core.message import ImagePart, Message, Role
from desktop.core.model import ModelChoice
from desktop.core.outgoing import cannot_reason, thinking_first
from desktop.core.place import Place, PlaceKind
from desktop.core.request import ThinkingMode, outgoing_text
from desktop.rendering.markdown.links import shown_host
from desktop.runtime.background import gui_task
from desktop.runtime.chat import Chat
from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.tokens import GAP
from desktop.ui.text.read_text import ReadText
from desktop.ui.widgets.boxes import Dialog
from desktop.ui.widgets.labels import PlainLabel
from desktop.ui.words import fill, place_name, say, translate

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
        self.cancel = QPushButton(self.tr("Cancel"))
        for button, answer in ((self.send, Consent.SEND), (self.fresh, Consent.START_FRESH)):
            button.clicked.connect(lambda _=False, answer=answer: self._end_with(answer))
        self.cancel.clicked.connect(self.reject)
        set_look(self.fresh, "quiet")
        set_look(self.detail, "framed")
        self._lay_out()
        self.fresh.setVisible(earlier > 0)  # in its place by now: before, it would open a window
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


class SendingConsent:
    """A keeper of what was agreed to: hosts for good, conversations by the places that their answers came from."""

    def __init__(self, window: QWidget, chat: Chat, note: Callable[[Place], None]) -> None:
        """Keep the dependencies. `note` is told of a place that was agreed to."""
        self._window = window
        self._chat = chat
        self._models = chat.services.models
        self._note = note
        self._agreed: set[tuple[str, Place]] = set()  # of which no answer may have come

    def ask(self, text: str, choice: ModelChoice | None, before: Sequence[str], *, is_shown: bool = False) -> Consent:
        """Return if `text` may go to a model, with the messages `before` it, by their ids; asks where that is new.

        `is_shown`: asks each time.

        What cannot be sent at all needs no consent: the chat, or the reply, will say so.
        """
        place = self._models.place_of(choice)
        if place is None or place.is_local or self._models.is_offline:
            return Consent.SEND
        left_out = set(self._chat.current.settings.left_out)
        earlier = [each for each in before if each not in left_out]
        preferences = self._chat.services.settings
        asked_hosts = preferences.now.asked_hosts  # on the internet, that words may go to
        is_new_host = place.kind is PlaceKind.INTERNET and place.host not in asked_hosts
        goes_further = self._goes_further(place, earlier)
        if not (is_new_host or goes_further or is_shown):
            return Consent.SEND
        dialog = ConsentDialog(
            self._window, place, earlier=len(earlier) if goes_further else 0, is_new_host=is_new_host
        )
        is_open = [True]
        dialog.finished.connect(lambda _: is_open.clear())
        self.read_all(text, before, lambda told: dialog.show_detail(told) if is_open else None)
        dialog.exec()
        answer = dialog.answer
        if is_new_host and answer is not Consent.NO:
            preferences.change(asked_hosts=tuple(sorted({*asked_hosts, place.host})))
        if answer is not Consent.NO:
            self._note(place)
        if answer is Consent.SEND:
            self._agreed.add((self._chat.current.id, place))
        return answer

    def _goes_further(self, place: Place, earlier: Sequence[str]) -> bool:
        """Return True if the earlier messages have been nowhere as far, by the answers that are in memory."""
        if not earlier or (self._chat.current.id, place) in self._agreed:
            return False
        path = self._chat.path
        found = [path.message(each) for each in earlier]
        been = {each.place for each in found if each is not None and each.place is not None}
        if not been:  # of another program, or nothing was answered yet
            return place.kind is PlaceKind.INTERNET
        return place not in been and not any(each.kind.is_farther_than(place.kind) for each in been)

    @gui_task
    async def read_all(self, text: str, before: Sequence[str], show: Callable[[str], None]) -> None:
        """Call `show` with all that is sent with `text` and the messages `before` it, as soon as these have been read.

        With what is asked of a model in words, so that it thinks first.
        """
        settings = self._chat.current.settings
        left_out, system = set(settings.left_out), settings.system
        earlier = [each for each in before if each not in left_out]
        if text and settings.thinking.mode is ThinkingMode.ON and cannot_reason(self._models.find(settings.choice)):
            text = thinking_first(text)

        found = await self._chat.path.read(earlier)
        said = [found[each] for each in earlier if each in found]
        if said:
            show(await self._chat.path.work.slowly(lambda: all_that_is_sent(system, said, text)))
        else:
            show(all_that_is_sent(system, (), text))


def all_that_is_sent(system: str, earlier: Sequence[Message], text: str) -> str:
    """Return the instructions, the earlier messages with their files, and the new text, each under its heading."""
    blocks: list[tuple[str, str]] = []
    if system.strip():
        blocks.append((translate("consent", "Your instructions"), system))
    for message in earlier:
        said = outgoing_text(message.without_passages)
        if not said.strip() and not message.pictures:
            continue
        pictures = [
            fill(translate("consent", "[Picture: %1]"), part.name)
            for part in message.parts
            if isinstance(part, ImagePart)
        ]
        who = translate("consent", "You") if message.role is Role.USER else translate("consent", "Answer")
        blocks.append((who, "\n".join([*pictures, said])))
    if not blocks:
        return text
    blocks.append((translate("consent", "This message"), text))
    return "\n\n".join(f"— {heading} —\n{words.strip()}" for heading, words in blocks)
