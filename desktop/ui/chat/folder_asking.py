"""The step between the message box and sending in a conversation with folders: its passages are found, and go along.

Where nothing bears on the question, or it is on every file, nothing goes before the user has said how. What would go
over the internet is shown first, each time.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from shiboken6 import isValid

from desktop.core.conversation import is_temporary
from desktop.core.documents.marks import without_asking
from desktop.core.documents.passages import leans
from desktop.core.errors import BackendError
from desktop.core.folders import (
    MOST_PASSAGES,
    MOST_TOKENS,
    FolderState,
    Found,
    Passage,
    asking_for_words,
    chosen,
    words_in,
)
from desktop.core.message import AttachmentPart, Role, user_message
from desktop.core.personal_data import PersonalKind, find_personal
from desktop.core.place import Place, PlaceKind
from desktop.core.request import Errand, asking_from_passages
from desktop.core.tasks.lacking import is_about_answer, points_back
from desktop.core.text.terms import subject_of
from desktop.runtime.background import Awaited, Task, gui_task
from desktop.runtime.chat import Chat
from desktop.ui.chat.conversation_presenter import ConversationPresenter
from desktop.ui.chat.filling import AskingSheet, ChoiceSheet, ChoiceWords, price_of
from desktop.ui.chat.outgoing import ContextPresenter
from desktop.ui.chat.page import ChatPage, PagePresenter
from desktop.ui.chat.sending import PendingMessage
from desktop.ui.documents.words import passages_of, place_in_words
from desktop.ui.look.stylesheet import FILL_OF_PLACE, set_look
from desktop.ui.look.theme import Theme
from desktop.ui.widgets.labels import PlainLabel
from desktop.ui.widgets.layout import drop
from desktop.ui.widgets.quiet_line import QuietLine
from desktop.ui.widgets.rows import Row, RowList
from desktop.ui.words import clauses, listed, number, say, say_each, shown_name

_log = logging.getLogger(__name__)
_PAUSE_MS = 300  # before it is said that something is looked for: mostly it is there by then
_AHEAD_MS = 700  # without a key, before it is told how much would go
_WHILE_READ_MS = 5_000  # until it is told anew, while a folder is read
_MOST_EARLIER = 6  # messages that a follow-up may lean on
_UNKNOWN_ROOM = 3_000  # tokens, where nobody says how much the model holds
_OF_FENCE = 24  # tokens around a passage
_LONGEST = 240  # letters of a passage in a line
_MOST_WHOLE = 5  # files that are offered to go whole

_Act = Callable[[], object]

_Way = _Act | Sequence[Passage] | None
"""What becomes of a message: passages go with it, or something else is done; None: it is looked again."""

_Offer = tuple[_Way, ChoiceWords]


class FolderAsking(PagePresenter):
    """The presenter of what is found for a message before it goes."""

    passage_opened = Signal(object)  # the Passage of which all words are to be seen
    foreseen = Signal(object)  # by the ids of folders, how much of each would go with what is written: "" for nothing
    files_wanted = Signal(object)  # the Path of the folder among whose files the user wants to choose

    def __init__(
        self, page: ChatPage, chat: Chat, conversation: ConversationPresenter, context: ContextPresenter
    ) -> None:
        super().__init__(page, chat)
        self._conversation, self._context = conversation, context
        conversation.find_passages = self.begin
        self.ask_each_file: Callable[[str], object] | None = None  # puts a question to each file, where somebody does
        self._task: Task | None = None
        self._is_on = False  # from `begin` until the message goes, or stays where it is
        self._pending = conversation.written_message()
        self._begun: object = None  # what `_now` was as the user had it looked for; None while nothing goes on
        self._progress = QuietLine(self._theme, PlainLabel("", "small", wraps=True))
        self._progress.offer(self.tr("Stop")).clicked.connect(self.stop)
        page.put_below(self._progress)
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._pause.timeout.connect(self._progress.show)
        chat.opened.connect(self.stop)
        folders = chat.services.folders
        for changed in (chat.settings_changed, self._models.changed, folders.changed):
            changed.connect(self._on_changed)
        self._ahead = QTimer(self, singleShot=True, interval=_AHEAD_MS)
        self._ahead.timeout.connect(self._look_ahead)
        page.composer.changed.connect(self._ahead.start)
        for changed in (chat.opened, chat.settings_changed, self._models.changed):
            changed.connect(self._foresee_again)
        self._while_read = QTimer(self, singleShot=True, interval=_WHILE_READ_MS)
        self._while_read.timeout.connect(self._look_ahead)
        folders.changed.connect(self._foresee_from)
        page.reading.folder_state = lambda folder: folders.state(folder)

    def begin(self, pending: PendingMessage, agreed: tuple[object, ...] = ()) -> None:
        """Look for what bears on a message, and have it sent with that; a second time is the first.

        `agreed`: the model and the place that the user let it go to, if not these of now. Where the policy lets no
        folder be asked, it goes as it is.
        """
        if self._composer.is_held:
            return
        if not (self._ids and self._chat.services.folders.is_allowed):
            self._conversation.send_found(pending)
            return
        self._pending = _without_passages(pending)
        self._composer.hold_send(True)
        self._is_on = True
        self._task = self._go(agreed or (self._chat.choice, self._chat.place))

    @gui_task
    async def _go(self, agreed: tuple[object, ...]) -> None:
        """Find out what is to be done with the message, and do it once nothing is held any more."""
        try:
            act = await self._found_out(agreed)
        except BaseException:  # also where it is cancelled
            if isValid(self):
                self._end()
            raise
        self._end()
        act()

    @gui_task
    async def _look_ahead(self) -> None:
        """Tell how much would go with what is written, now that nobody has typed for a moment."""
        composer, ids, written = self._composer, self._ids, _without_passages(self._conversation.written_message())
        text, foreseen = composer.text(), dict[str, str]()
        if ids and not self._is_on and text.strip():
            question, before = await self._looked_for(written)
            if question is not None:
                found = await self._chat.services.folders.find(ids, question, before, looks=False)
                if not found.is_about_everything:
                    foreseen = self._in_words(self._chosen(found, written))
        if not self._is_on and (text, ids) == (composer.text(), self._ids):
            self.foreseen.emit(foreseen)

    def _foresee_again(self) -> None:
        if not self._ahead.isActive():  # while files are read, others come all the time
            self._ahead.start()

    def _foresee_from(self, folder: str) -> None:
        """Look ahead again after a folder has changed: at once where it is read, else now and then."""
        state = self._chat.services.folders.state(folder)
        if folder not in self._ids:
            return
        if state is None or not state.is_reading:
            self._foresee_again()
        elif not self._while_read.isActive():
            self._while_read.start()

    def _in_words(self, passages: Sequence[Passage]) -> dict[str, str]:
        """Return by the ids of folders how much of each would go; of one that is still read it is told if any does."""
        words = {each.id: say("passages.none_by_these_words") for each in self._states if each.is_whole}
        for folder in {each.folder for each in passages}:
            files = [each.file.path for each in passages if each.folder == folder]
            words[folder] = passages_of(len(files), len(set(files)))
        return words

    def stop(self) -> None:
        """Look no further, and ask nothing: the message stays where it was written."""
        if self._is_on:
            if self._task is not None:
                self._task.cancel()
            self._end()

    def take_escape(self) -> bool:
        """Stop, on Escape. Return False if nothing is going on."""
        was_on = self._is_on
        self.stop()
        return was_on

    @property
    def _states(self) -> list[FolderState]:
        states = map(self._chat.services.folders.state, self._ids)
        return [each for each in states if each is not None]

    @property
    def _ids(self) -> tuple[str, ...]:
        return self._chat.current.settings.folders

    @property
    def _names(self) -> str:
        return listed(shown_name(each.name) for each in self._states)

    async def _found_out(self, agreed: tuple[object, ...]) -> _Act:
        folders, asked = self._chat.services.folders, self._ids
        if len(self._states) < len(asked):  # of a restored conversation; those that turn out to be unknown leave it
            await folders.loaded()
        if len(self._states) < len(asked):
            without = partial(self._leave_out, tuple(each.id for each in self._states), agreed)
            offers = [(say("passages.without_unknown"), without)]
            return partial(self._notice.show_text, say("passages.unknown_folder"), offers)
        self._begun = *agreed, self._ids
        way: _Way = None
        while way is None:
            way = await self._look() if self._is_same else self._say_changed
        place = self._chat.place
        if not callable(way) and place is not None and place.kind is PlaceKind.INTERNET:
            way = await self._ticked(way, place)
        if callable(way):
            return way
        parts = await folders.parts(way, keeps=not is_temporary(self._chat.current.id))
        if not self._is_same:
            return self._say_changed
        folders.note_asked(self._ids)
        return partial(self._conversation.send_found, self._with(parts))

    def _leave_out(self, known: tuple[str, ...], agreed: tuple[object, ...]) -> None:
        """Have the conversation ask the folders that are known alone, and ask them."""
        self._chat.change_settings(lambda settings: replace(settings, folders=known))
        self._notice.hide()
        self.begin(self._pending, agreed)

    @property
    def _now(self) -> object:
        """What the user agreed to: which model is asked where, and from which folders."""
        return self._chat.choice, self._chat.place, tuple(each.id for each in self._states)

    @property
    def _is_same(self) -> bool:
        """True until that has changed: nothing goes anywhere else, or from elsewhere."""
        return self._begun == self._now

    def _on_changed(self) -> None:
        if self._begun is not None and not self._is_same:
            self.stop()
            self._say_changed()

    def _say_changed(self) -> None:
        self._notice.show_text(say("passages.changed_meanwhile"))

    def _end(self) -> None:
        self._is_on, self._begun = False, None
        self._pause.stop()
        self._progress.hide()
        self._composer.hold_send(False)
        self._foresee_again()

    async def _answer_of(self, sheet: AskingSheet, show: Callable[[], None]) -> Any:
        """Return what is chosen on a sheet; where it is closed, all is given up."""
        chosen: Future[Any] = Future()
        sheet.chosen.connect(chosen.set_result)
        sheet.closed.connect(self.stop)
        sheet.destroyed.connect(chosen.cancel)
        self._page.put_below(sheet)
        show()
        try:
            return await Awaited(chosen, self._chat.services.work)
        finally:
            if isValid(sheet):
                drop(sheet)

    async def _look(self) -> _Way:
        self._progress.say(say("passages.looking", folders=self._names))
        self._pause.start()
        folders, ids = self._chat.services.folders, self._ids
        question, before = await self._looked_for(self._pending)
        if question is None:
            return self._send_as_it_is
        found = await folders.find(ids, question, before)
        words: Sequence[str] | None = None
        leant_on = before[-1] if before and leans(question) else ""
        is_on_answer = bool(before) and points_back(question)
        if found.is_little and not is_on_answer:
            if not self._is_same:
                return self._say_changed
            if words := await self._other_words(question, found.languages, leant_on):
                found = await folders.find(ids, question, before, words)
        passages = self._chosen(found, self._pending)
        self._pause.stop()
        self._progress.hide()
        if found.is_about_everything:
            return await self._offer_each(found, passages)
        if passages and found.is_sure:
            return passages
        if found.passages and found.is_sure:
            parts = await folders.parts(found.passages[:1], keeps=False)
            return partial(self._context.fits, self._with(parts))
        if is_on_answer:
            went = replace(self._pending, on_sent=partial(self._went_without, self._pending.on_sent))
            return partial(self._conversation.send_found, went)
        counts = await folders.word_counts(ids, question, before)
        return await self._offer_other(found, passages, counts, was_model_asked=words is not None)

    def _send_as_it_is(self) -> None:
        self._conversation.send_found(self._pending)

    def _went_without(self, on_sent: Callable[[str], None], message_id: str) -> None:
        on_sent(message_id)
        self._notice.show_text(say("passages.went_without", folders=self._names), calmly=True)

    async def _looked_for(self, pending: PendingMessage) -> tuple[str | None, list[str]]:
        """Return what is looked for, None for a message on the answer above it, and the questions before it."""
        entries = self._context.said_before(pending).entries
        ids = [each.id for each in entries if each.role is Role.USER][-_MOST_EARLIER:]
        said = await self._chat.path.read(ids)
        earlier = [without_asking(said[each].text) for each in ids if each in said]
        question = without_asking(pending.text)
        if earlier and is_about_answer(question):
            return None, []
        before = [each for each in earlier if subject_of(each) and not is_about_answer(each)]
        # "Are you sure?" is on what was asked before; to a search, which takes out no words of doubt, "sure" is a word.
        return (before.pop() if before and not subject_of(question) else question), before

    async def _other_words(self, question: str, languages: Collection[str], before: str) -> Sequence[str] | None:
        """Return what the model says that a file would say which answers a question; None where it is not asked."""
        choice, place, current = self._chat.choice, self._chat.place, self._chat.current.id
        if choice is None or place is None or self._chat.generation is not None:
            return None
        if self._models.is_offline and not place.is_local:
            return None
        conversation = "" if is_temporary(current) else current
        asked = user_message(asking_for_words(question, languages, before))
        try:
            aside = self._models.ask_aside(choice, asked, MOST_TOKENS, conversation, errand=Errand.OTHER_WORDS)
            return words_in(await aside)
        except BackendError as error:  # the words of the question have found nothing, and that is told
            _log.info("no other words were had: %s", error)
            return ()

    def _chosen(self, found: Found, pending: PendingMessage) -> tuple[Passage, ...]:
        """Return the passages that go: those that fit beside the message, in the window that is had for them."""
        weights = self._models.measurements.weights_of(self._chat.choice)

        def cost(passage: Passage) -> float:
            return weights.tokens_in(text_of(passage)) + _OF_FENCE

        wanted = round(sum(map(cost, found.passages[:MOST_PASSAGES])))
        spare = self._context.filling(pending, wanted).spare
        asking = weights.tokens_in(asking_from_passages(pending.text))
        return chosen(found, (_UNKNOWN_ROOM if spare is None else spare) - asking, cost)

    def _with(self, parts: Sequence[AttachmentPart]) -> PendingMessage:
        return replace(self._pending, files=(*self._pending.files, *parts))

    async def _ticked(self, passages: Sequence[Passage], place: Place) -> Sequence[Passage]:
        """Return those that are to go over the internet, now that the user has seen them."""
        sheet = PassageSheet(self._theme)
        sheet.whole_wanted.connect(self.passage_opened)
        ticked: Sequence[Passage] = await self._answer_of(sheet, partial(sheet.ask_about, passages, place, self._names))
        return ticked

    # What can be done where passages do not lead to an answer

    async def _offer_each(self, found: Found, passages: Sequence[Passage]) -> _Way:
        """Offer to ask each file: a few passages would give an answer with holes, as if it were of all."""
        offers = self._each_file(found)
        if self._pending.files:  # such as a table, which is then what all of the question is on
            given = ChoiceWords(say("passages.only_given"), say("passages.only_given_explained"))
            offers.insert(0, (self._send_as_it_is, given))
        if passages:
            files = len({(each.folder, each.file.path) for each in passages})
            went = passages_of(len(passages), files)
            explained = say("passages.others_are_not_read", found.files - files, passages=went)
            words = ChoiceWords(say("passages.only_what_bears_on_it"), explained)
            offers.append((passages, words))
        words = ChoiceWords(say("passages.choose_files"), say("passages.choose_files_explained"), say("context.choose"))
        offers.append((partial(self.files_wanted.emit, self._states[0].path), words))
        note = say("passages.no_table_here") if self.ask_each_file is None else ""
        title, sentence = say("passages.needs_every_file"), say("passages.with_holes", found.files)
        return await self._offer(title, sentence, offers, note)

    async def _offer(self, title: str, sentence: str, offers: Sequence[_Offer], note: str) -> _Way:
        sheet = ChoiceSheet(self._theme)
        ask = partial(sheet.ask, title, sentence, offers, self._chat.place, note)
        way: _Way = await self._answer_of(sheet, ask)
        return way

    def _each_file(self, found: Found) -> list[_Offer]:
        if self.ask_each_file is None:
            return []
        name, explained = say("passages.each_file"), say("passages.each_file_explained", found.files)
        ask = partial(self.ask_each_file, without_asking(self._pending.text))
        return [(ask, ChoiceWords(name, explained, name, price_of(None)))]

    async def _offer_other(
        self, found: Found, closest: Sequence[Passage], counts: Mapping[str, int], *, was_model_asked: bool
    ) -> _Way:
        """Offer what may help where nothing bears on the question, or only what other words found, and may not."""
        self.foreseen.emit(dict.fromkeys(self._ids, ""))
        without = ChoiceWords(say("passages.without"), say("passages.without_explained"))
        offers = [*await self._files_with_a_word(counts), *self._each_file(found), (self._send_as_it_is, without)]
        title, sent = say("passages.nothing_speaks", folders=self._names), say("passages.nothing_sent")
        if closest:
            went = passages_of(len(closest), len({(each.folder, each.file.path) for each in closest}))
            words = ChoiceWords(say("passages.closest"), say("passages.closest_explained", passages=went))
            offers.insert(0, (closest, words))
            title = say("passages.may_speak", folders=self._names)
            sent = say("passages.no_file_sent_yet")
        elif was_model_asked:
            sent = say("passages.no_file_sent")
        files, unread = (sum(getattr(each, name) for each in self._states) for name in ("files", "unread"))
        searched = say("passages.searched", found.files)
        if found.files + unread < files:
            searched = say("passages.searched_so_far", files, read=number(found.files))
            again = ChoiceWords(say("passages.look_again"), say("passages.look_again_explained"))
            offers.insert(-1, (None, again))
        elif unread:
            searched = say("passages.searched_and_unread", found.files, unread=number(unread))
        sentence = say("context.two_sentences", first=sent, second=searched)
        return await self._offer(title, sentence, offers, _words_in(counts))

    async def _files_with_a_word(self, counts: Mapping[str, int]) -> list[_Offer]:
        """Return the offer of the files whole that name the rarest word of the question, if they are few and fit."""
        folders, ids, choice = self._chat.services.folders, self._ids, self._chat.choice
        words = [word for word, files in counts.items() if 0 < files <= _MOST_WHOLE]
        for word in sorted(words, key=lambda each: counts[each]):
            first = {(each.folder, each.file.path): each for each in (await folders.find(ids, word, ())).passages}
            whole: list[Passage] = []
            for passage in first.values():
                document = await folders.document(passage.folder, passage.file.path)
                sections = document.sections if document is not None else ()
                whole += [replace(passage, number=at, section=each) for at, each in enumerate(sections)]
            filling = self._context.filling(self._with(await folders.parts(whole, keeps=False)))
            if whole and not filling.over:
                rate = self._models.measurements.measures_of(choice).read_per_second if choice is not None else None
                price = price_of(filling.prompt / rate if rate else None)
                name = say("passages.give_files", len(first), word=word)
                said = ChoiceWords(name, say("passages.whole_files", len(whole)), price=price)
                return [(whole, said)]
        return []


class PassageSheet(AskingSheet):
    """The passages that would go over the internet, each with a box; those with personal data are not ticked.

    The answer are the ticked ones.
    """

    whole_wanted = Signal(object)  # one of them

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self._passages: Sequence[Passage] = ()
        self._host = self._folder = ""
        self._boxes = RowList(theme, "", "bare")
        self._boxes.ticked.connect(self._turn)
        self._boxes.chosen.connect(lambda _: self._do())
        self._boxes.chooses_on_press = False
        self._boxes.installEventFilter(self)
        self._list.addWidget(self._boxes)
        self._keys.setText(self.tr("Space tick · → whole passage · Enter send · Esc back"))

    def ask_about(self, passages: Sequence[Passage], place: Place, folder: str) -> None:
        """Show them, and where they would go."""
        self._passages, self._host, self._folder = passages, place.host, folder
        set_look(self._send, "filled", FILL_OF_PLACE[place.kind])
        rows: list[Row] = []
        for at, passage in enumerate(passages):
            kinds = {each.kind for each in find_personal(text_of(passage))}
            personal = clauses(say_each("passages.personal", each) for each in PersonalKind if each in kinds)
            section = passage.section
            title = clauses(
                (shown_name(passage.file.name), place_in_words(section.kind, section.number, section.title))
            )
            words = " ".join(text_of(passage).split())
            tick, about = not kinds, words[:_LONGEST]
            rows.append(Row(at, title, about, aside=personal, aside_token="internet", tick=tick, tip=words))
        self._show(rows)
        self.show()
        self._boxes.setFixedHeight(min(self._boxes.wanted_height, self.window().height() // 2))
        self._boxes.setFocus(Qt.FocusReason.OtherFocusReason)
        self._boxes.go_to(0)

    def _turn(self, at: int) -> None:
        rows = list(self._boxes.rows)
        rows[at] = replace(rows[at], tick=not rows[at].tick)
        self._show(rows)

    def _show(self, rows: Sequence[Row]) -> None:
        ticked = sum(bool(each.tick) for each in rows)
        self._boxes.show_rows(rows)
        title = say("passages.would_go", len(rows), ticked=number(ticked))
        self._say(title, say("passages.to_host", host=self._host, folders=self._folder))
        self._boxes.setAccessibleName(title)
        self._send.setText(say("passages.send_these", ticked))
        self._send.setEnabled(ticked > 0)

    def _do(self) -> None:
        ticked = [each for each, row in zip(self._passages, self._boxes.rows, strict=True) if row.tick]
        if ticked:
            self.hide()
            self.chosen.emit(ticked)

    # Qt's own method

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        is_right = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Right
        if is_right and event.type() is QEvent.Type.KeyPress and self._boxes.current is not None:
            self.whole_wanted.emit(self._passages[self._boxes.current.key])
            return True
        return super().eventFilter(watched, event)


def _without_passages(pending: PendingMessage) -> PendingMessage:
    """Return a message without those that went with it before: it finds its own."""
    return replace(pending, files=pending.as_message.without_passages.files)


def text_of(passage: Passage) -> str:
    """Return the words of a passage."""
    return "\n".join(block.text for block in passage.section.blocks)


def _words_in(counts: Mapping[str, int]) -> str:
    """Return in how many files each word of the question stands."""
    told = [
        say("passages.word_in_files", files, word=word) if files else say("passages.word_in_none", word=word)
        for word, files in counts.items()
    ]
    return say("passages.your_words", words=" · ".join(told)) if told else ""
