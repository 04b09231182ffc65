"""What stands between a message and a model: is a reply running, are its files there, may its words go that far.

A message that has to wait for its files, or for the first model, goes by itself as soon as that has come. Before words
go further than before there is a question: where to, what goes along, and what was agreed to so far. Why a model cannot
be used is said as far as it is known before something is sent.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from functools import partial
from typing import TypeVar

from PySide6.QtCore import QSize, QTimer, Signal
from PySide6.QtWidgets import QWidget

from desktop.core.connection import ConnectionKind
from desktop.core.documents.attachment import Attachment, AttachmentState
from desktop.core.documents.document import ReadingError
from desktop.core.fresh_start import question_above
from desktop.core.message import Failure, FilePart, ImagePart, Message, Role, user_message
from desktop.core.model import ModelChoice
from desktop.core.models.file import FileFault
from desktop.core.models.place import shown_name as name_of_model
from desktop.core.outgoing import cannot_reason, thinking_first
from desktop.core.place import Place, PlaceKind
from desktop.core.request import ThinkingMode, outgoing_text
from desktop.core.tasks.lacking import missing_text
from desktop.rendering.markdown.links import shown_host
from desktop.runtime.background import gui_task
from desktop.runtime.chat import Chat
from desktop.runtime.files import Attachments
from desktop.runtime.models.directory import Listing, sight_of
from desktop.ui.chat.page import ChatPage, PagePresenter
from desktop.ui.documents.file_chip import is_unseen
from desktop.ui.errors import ErrorAction, ErrorText, describe
from desktop.ui.look.stylesheet import GAP, set_look
from desktop.ui.widgets.boxes import Dialog, ReadText
from desktop.ui.widgets.buttons import button
from desktop.ui.widgets.labels import PlainLabel
from desktop.ui.widgets.layout import stack
from desktop.ui.words import fill, place_name, say, shown_name, translate

_AGAIN_OR_CONNECT = (ErrorAction.TRY_AGAIN, ErrorAction.OPEN_CONNECTIONS)


def trouble_with(
    listings: list[Listing],
    choice: ModelChoice | None,
    opened_files: Collection[str] = (),
    *,
    is_offline: bool = False,
) -> ErrorText | None:
    """Return what prevents the use of the chosen model or, with none chosen, of any. None: nothing that is known.

    `opened_files` are the paths of the model files that the built-in engine is to offer. `is_offline`: the offline lock
    is on, under which only this computer's models answer, and none that it forwards.
    """
    if choice is not None:
        listing = next((each for each in listings if each.connection.id == choice.connection_id), None)
        if listing is not None and is_offline and not (place := listing.place_of(choice.model)).is_local:
            return describe(Failure("unreachable", host=place.host, reason="offline"))
        trouble = _trouble_of(listing, choice, opened_files) if listing is not None else None
        others = [each for each in listings if each is not listing]
        return _with_others(trouble, others) if trouble is not None else None
    failed = [each.failure for each in listings if each.failure is not None]
    if failed:
        return _in_words(failed[0])
    if any(model.can_chat for each in listings for model in each.models or []):
        return None
    answered = [each for each in listings if each.models is not None and not each.is_loading]
    return _no_models(answered[0]) if answered else None


def connection_gone(choice: ModelChoice) -> ErrorText:
    """Return that the chosen model is at none of the servers that are known now, as after it was moved or removed."""
    sentence = translate(
        "errors", "%1 is at none of the servers that are there now. Choose another model, or set up its server again."
    )
    title, name = translate("errors", "The model is not there"), shown_name(name_of_model(choice.model))
    return ErrorText(title, fill(sentence, name), (ErrorAction.CHOOSE_MODEL, ErrorAction.OPEN_CONNECTIONS))


def nowhere_a_model() -> ErrorText:
    """Return that there is nothing to choose from, to whoever wants to send something."""
    sentence = translate(
        "errors", "Your message is kept. Set up a server, or open a model file; then send it with Enter."
    )
    actions = (ErrorAction.OPEN_CONNECTIONS, ErrorAction.OPEN_FILE)
    return ErrorText(translate("errors", "There is no model to ask yet"), sentence, actions)


def _with_others(trouble: ErrorText, others: list[Listing]) -> ErrorText:
    """Return the trouble with the step to another model, where one of these offers any."""
    if not any(model.can_chat for each in others for model in each.models or []):
        return trouble
    return replace(trouble, actions=tuple(dict.fromkeys((*trouble.actions, ErrorAction.CHOOSE_MODEL))))


def _trouble_of(listing: Listing, choice: ModelChoice, opened_files: Collection[str]) -> ErrorText | None:
    if listing.failure is not None:
        return _in_words(listing.failure)
    if listing.models is None or listing.is_loading or any(model.name == choice.model for model in listing.models):
        return None
    if listing.connection.kind is ConnectionKind.BUILT_IN:
        fault = FileFault.GONE if choice.model in opened_files else FileFault.NOT_LISTED
        return _in_words(Failure("engine_failed", reason=fault))
    if not any(model.can_chat for model in listing.models):
        return _no_models(listing)
    return describe(Failure("model_missing", host=_name_of(listing)))


def _in_words(failure: Failure) -> ErrorText:
    """Return the failure in words; its likeliest step stays first.

    Asking again and the connections are always offered.
    """
    text = describe(failure)
    return replace(text, actions=tuple(dict.fromkeys((text.actions[0], *_AGAIN_OR_CONNECT))))


def _no_models(listing: Listing) -> ErrorText:
    sentence = translate(
        "errors", "%1 answers but offers no model to talk to. Add one there, or connect to another server."
    )
    return ErrorText(translate("errors", "No model there yet"), fill(sentence, _name_of(listing)), _AGAIN_OR_CONNECT)


def _name_of(listing: Listing) -> str:
    return shown_name(listing.connection.name)


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
        where = shown_host(place.host) if far else place_name(place)
        said = fill(self.tr("This conversation goes over the internet to %1."), where)
        if earlier:
            said = say("counts.this_sends_the_earlier_messages_to", earlier, where=where)
        self.text = PlainLabel(said, "strong", wraps=True)
        told = [self.tr("The whole conversation is sent with each message.")]
        if is_new_host:
            told.append(self.tr("Candor asks once for each host."))
        self.more = PlainLabel(" ".join(told), "small", wraps=True)
        self.detail = ReadText()
        self.detail.setPlaceholderText(self.tr("Reading what would be sent…"))
        self.detail.setAccessibleName(self.tr("All that would be sent"))
        set_look(self.detail, "framed")
        send = button(self.tr("Send"), do=partial(self._end_with, Consent.SEND))
        fresh = button(self.tr("Start fresh there"), "quiet", partial(self._end_with, Consent.START_FRESH))
        self.cancel = button(self.tr("Cancel"), do=self.reject)
        heading = PlainLabel(self.tr("All that would be sent"), "small")
        self.column.setSpacing(GAP)
        self.column.addLayout(stack(self.text, self.more, GAP, heading, (self.detail, 1)))
        self.add_foot((fresh,), (self.cancel, send), default=self.cancel)
        fresh.setVisible(earlier > 0)  # in its place by now: before, it would open a window
        self.fit(_SIZE)
        self.cancel.setFocus()

    def show_detail(self, text: str) -> None:
        """Show all that would be sent."""
        self.detail.show_text(text)

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


_T = TypeVar("_T")

_LONGEST_OFFERED = 20  # letters of a folder's name on a button beside three others


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingMessage:
    """Message that is about to be sent.

    `earlier`: messages to stand before it, as if they had been said. `in_place_of`: the id of the message that it is
    another version of; empty for a new one. `source`: what its files are parts of, where they can be chosen from.
    `is_written`: it stands in the message box with its files. `on_sent` is called with its id, once it has one.
    `words_alone` is its text without the long ones that were pasted; `make_files` makes files of these, which can be
    taken apart, and has the message sent with them. It returns False if nothing came of it.
    """

    text: str
    files: tuple[FilePart, ...] = ()
    source: Attachments | None = None
    earlier: tuple[Message, ...] = ()
    in_place_of: str = ""
    is_written: bool = False
    on_sent: Callable[[str], None] = lambda _: None
    words_alone: str = ""
    make_files: Callable[[], bool] = lambda: False

    @property
    def words(self) -> str:
        """All its words as they are sent, its files, and the names of its pictures, for who is asked about them."""
        pictures = [part.name for part in self.files if isinstance(part, ImagePart)]
        return "\n\n".join([*pictures, outgoing_text(self.as_message)])

    @property
    def as_message(self) -> Message:
        """The message with all that stands before it, to be measured."""
        words = "\n\n".join([*(each.text for each in self.earlier), self.text])
        return user_message(words, attached=self.files)


class Gate(PagePresenter):
    """The one way to a model from the page of a conversation, for the presenter that sends."""

    action_chosen = Signal(object)  # an ErrorAction that concerns more than this conversation
    consent_given = Signal(object)  # the Place to which words may go, as the user was asked

    def __init__(self, page: ChatPage, chat: Chat) -> None:
        super().__init__(page, chat)
        self._consent = SendingConsent(page, chat, self.consent_given.emit)
        self._held = ""  # the conversation in which a message was held for a text that nobody gave
        self._missing = ""  # what was said of that text
        self.is_asking = False  # the user, right now: what comes of it is to be seen
        self._followed: set[Attachments] = set()
        self._reading: tuple[Attachments, Callable[[], None]] | None = None  # files that are read, what is done then
        self._for_model: tuple[str, tuple[FilePart, ...]] | None = None  # what waits for one, as it was written
        self._looking = self.tr("Still looking for models. Your message is kept; send it again in a moment.")
        self._waiting = self.tr("Still looking for models. Your message goes as soon as one on this computer is found.")
        for changed in (chat.attachments.changed, chat.settings_changed, page.composer.pasted.changed):
            changed.connect(self._on_text_given)

    def written_message(self) -> PendingMessage:
        """Return what stands in the message box, with its files: a new message, or another version of one."""
        raise NotImplementedError

    def _send_what_is_written(self) -> None:
        raise NotImplementedError

    def start_fresh(self) -> None:
        """Offer to do so, where the user would rather than send words further."""
        self.action_chosen.emit(ErrorAction.START_FRESH)

    def run_user_action(self, act: Callable[[], _T]) -> _T:
        """Run a user action, scroll to the reply it starts, and return its result.

        Replies that start on their own don't scroll.
        """
        self.is_asking = True
        try:
            return act()
        finally:
            self.is_asking = False

    # If a reply runs

    def is_answering(self) -> bool:
        """Return True if a reply runs here, after showing that."""
        if not self._chat.is_answering:
            return False
        if self.is_comparing():
            said = self.tr("Answers are being compared here. Stop them first, or wait until they are done.")
        else:
            said = self.tr("An answer is still running. Stop it first, or wait until it is done.")
        self._notice.show_text(said)
        return True

    def is_comparing(self) -> bool:
        """Return True if answers are being compared here."""
        return self._chat.current.id in self._chat.compared

    # If the text is there that it is about

    def holds(self, message: PendingMessage) -> bool:
        """Return True for a first message that needs a text which nobody gave, after offering to give it; only once."""
        conversation = self._chat.current.id
        is_first = self._chat.path.is_empty and not message.earlier and conversation != self._held
        if not is_first or self._is_text_given() or not self._settings.now.holds_for_text:
            return False
        thing = missing_text(message.text)
        if not thing:
            return False
        self._held = conversation
        self._composer.task.silenced.emit()  # it says the same
        offers = [
            (self.tr("Paste"), lambda: self._give(self._composer.paste_below)),
            (self.tr("Attach a file"), lambda: self._give(self._composer.attach_requested.emit)),
            (self.tr("Ask anyway"), self._send_what_is_written),
        ]
        known = self._chat.services.folders.known()
        if folder := next((each for each in known if each.is_there), None):  # the one asked last
            name = folder.name if len(folder.name) <= _LONGEST_OFFERED else f"{folder.name[: _LONGEST_OFFERED - 1]}…"
            words = say("composer.ask_the_folder", folder=shown_name(name))
            offers.insert(2, (words, partial(self._ask_folder, folder.id)))
        self._notice.show_text(say("composer.lacks_text", thing=thing), offers, calmly=True)
        self._missing = self._notice.accessibleName()
        self._notice.announce(self._missing)
        return True

    def _is_text_given(self) -> bool:
        return bool(self._chat.attachments.items or self._composer.pasted_texts or self._chat.current.settings.folders)

    def _on_text_given(self) -> None:
        if self._missing and self._is_text_given():
            self._notice.hide_text(self._missing)

    def _give(self, act: Callable[[], object]) -> None:
        self._notice.hide()
        act()

    def _ask_folder(self, folder: str) -> None:
        """Have the conversation ask a folder, and send what stands in the box to it."""
        self._chat.change_settings(lambda settings: replace(settings, folders=(folder,)))
        self._send_what_is_written()

    # If words may go to the model's place

    def may_send(
        self, text: str, choice: ModelChoice | None = None, before: Sequence[str] = (), *, is_shown: bool = False
    ) -> bool:
        """Return True if words may go to the chosen model's place; asks where they go further than they have been.

        `choice`: another model that is to be asked. `before`: the ids of the messages that go along.
        `is_shown`: the user is shown all of it first, wherever it has been.
        """
        consent = self._consent.ask(text, choice or self._chat.choice, before, is_shown=is_shown)
        if consent is Consent.START_FRESH:
            self.start_fresh()
        return consent is Consent.SEND

    def may_ask_again(self, message_id: str | None) -> bool:
        """Return True if what a reply of the path answers, or the last question, may go to the chosen model's place."""
        path = self._chat.path
        if message_id and path.index_of(message_id) is None:
            return False
        asked = question_above(path.entries, message_id or "")
        message, before = path.message(asked), self.ids_above(asked) if asked else ()
        return self.may_send("", before=before) if message is None else self.may_send_again(message, before=before)

    def may_send_again(self, question: Message, choice: ModelChoice | None = None, before: Sequence[str] = ()) -> bool:
        """Return True if a question that was sent may go to a model's place, as in `may_send`."""
        is_shown = self.shows_first(question, choice)
        return self.may_send(outgoing_text(question), choice, before, is_shown=is_shown)

    def shows_first(self, question: Message, choice: ModelChoice | None = None) -> bool:
        """Return True if passages would go over the internet with a question, which the user sees each time."""
        place = self._models.place_of(choice or self._chat.choice)
        return bool(question.passages) and place is not None and place.kind is PlaceKind.INTERNET

    def consent_to(self, pending: PendingMessage) -> Consent:
        """Return if a message may go to the chosen model with what stands before it."""
        choice = self._chat.choice
        return self._consent.ask(pending.words, choice, self.ids_above(pending.in_place_of))

    def read_outgoing(self, show: Callable[[str], None]) -> None:
        """Call `show` with all that would be sent with what stands in the message box."""
        pending = self.written_message()
        self._consent.read_all(pending.words, self.ids_above(pending.in_place_of), show)

    def ids_above(self, message_id: str = "") -> list[str]:
        """Return the ids of the messages that stand before one, or of all."""
        at = self._chat.path.index_of(message_id) if message_id else None
        return [entry.id for entry in self._chat.path.entries][:at]

    # If its files are there

    def are_ready(self, attachments: Attachments, again: Callable[[], None]) -> bool:
        """Return True if all files can be sent now; else say why not, and call `again` later where waiting helps.

        Nothing goes without a file that the user sees beside the words.
        """
        self._reading = None
        for file in attachments.items:
            if why := self._why_not(file):
                self._notice.show_text(fill(why, shown_name(file.name)))
                return False
        if not attachments.is_reading:
            return True
        self._reading = attachments, again
        if attachments not in self._followed:
            self._followed.add(attachments)
            attachments.changed.connect(self._on_files_changed)
            attachments.refused.connect(self._on_refused)
        self._notice.show_text(self.tr("It is sent as soon as the files have been read."))
        return False

    def _why_not(self, file: Attachment) -> str:
        """Return why a file cannot go; empty where it can, or is still read."""
        if file.state is AttachmentState.FAILED and file.is_locked:
            return self.tr("Not sent: “%1” needs its password. Press it to give it, or take it out.")
        if file.state is AttachmentState.FAILED:
            return self.tr("Not sent: “%1” could not be read. Take it out, or press it to see what can be done.")
        if is_unseen(file, sight_of(self._models.listings, self._chat.choice)):
            return self.tr("Not sent: the model can't see “%1”. Press it to choose a model that can, or take it out.")
        if file.state is AttachmentState.READY and file.document is not None and file.document.is_empty:
            return self.tr("Not sent: there is no text in “%1” that the model could read. Take it out first.")
        return ""

    def _on_refused(self, _error: ReadingError, file: Attachment | None, _key: str) -> None:
        """Wait no longer for files of which one can't be had: the user has to see that before anything goes."""
        if self._reading is not None and file in self._reading[0].items:
            self._reading = None

    def _on_files_changed(self) -> None:
        if self._reading is not None and not self._reading[0].is_reading:
            (_, again), self._reading = self._reading, None
            self._notice.hide()
            again()

    # If a model is there

    def tell_of_looking(self) -> None:
        """Say that models are still looked for, and nothing can be sent before."""
        self._notice.show_text(self._looking)

    def wait_for_model(self) -> None:
        """Have what is written wait for the first model, while one may still come."""
        if self._models.is_loading and self._chat.model is None:
            self._for_model = self._what_is_written
            self._notice.show_text(self._waiting)

    def look_for_model(self) -> None:
        """Take note that models may have been found."""
        if self._chat.model is not None or not self._models.is_loading:
            self._notice.hide_text(self._looking)
            self._notice.hide_text(self._waiting)
            if self._for_model is not None:
                QTimer.singleShot(0, self, self._go_on)

    def stop_waiting(self) -> None:
        """Send nothing by itself any more."""
        self._reading = self._for_model = None

    @property
    def _what_is_written(self) -> tuple[str, tuple[FilePart, ...]]:
        written = self.written_message()
        return written.text, written.files

    def _go_on(self) -> None:
        """Send what waited for a model: only as it was written, and only to this computer; else tell that it can go."""
        wanted, self._for_model = self._for_model, None
        if wanted is None or self._chat.model is None:
            return
        place = self._chat.place
        if wanted == self._what_is_written and place is not None and place.kind is PlaceKind.THIS_COMPUTER:
            self._send_what_is_written()
        elif any(self._what_is_written):
            self._notice.show_text(self.tr("A model is there now. Press Enter to send your message."), calmly=True)
