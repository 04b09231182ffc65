"""The step between the message box and sending in a conversation with folders: its passages are found, and go along.

Where nothing bears on the question, or it is on every file, nothing goes before the user has said how. What would go
over the internet is shown first, each time.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from enum import Enum, auto
from functools import cached_property

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from desktop.core.documents.naming_places import without_asking
from desktop.core.folders.folder import MOST_PASSAGES, FolderState, Found, Passage
from desktop.core.message import Role
from desktop.core.place import Place, PlaceKind
from desktop.core.request import asking_from_passages
from desktop.core.text.doubt import content_of
from desktop.runtime.background import Task, gui_task
from desktop.runtime.chat import Chat
from desktop.runtime.fitting import Said
from desktop.ui.chat.choice_sheet import AskingSheet, ChoiceSheet
from desktop.ui.chat.filling_words import ChoiceWords, price_of
from desktop.ui.chat.page import ChatPage
from desktop.ui.chat.sending import PendingMessage
from desktop.ui.documents.words import passages_of, place_in_words
from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import FILL_OF_PLACE
from desktop.ui.widgets.labels import PlainLabel
from desktop.ui.widgets.quiet_line import QuietLine
from desktop.ui.widgets.rows import Row, RowList
from desktop.ui.words import clauses, listed, number, say, say_each, shown_name

_PAUSE_MS = 300  # before it is said that something is looked for: mostly it is there by then
_MOST_EARLIER = 6  # messages that a follow-up may lean on
_UNKNOWN_ROOM = 3_000  # tokens, where nobody says how much the model holds
_OF_FENCE = 24  # tokens around a passage
_LONGEST = 240  # letters of a passage in a line
_MOST_WHOLE = 5  # files that are offered to go whole


class _Way(Enum):
    """Way to an answer where passages do not lead there."""

    EACH_FILE = auto()
    PASSAGES = auto()
    CHOOSE_FILES = auto()
    WITHOUT = auto()


class FolderAsking(QObject):
    """The presenter of what is found for a message before it goes."""

    decided = Signal(object)  # the PendingMessage with what goes along
    each_file_wanted = Signal(str)  # the question
    files_wanted = Signal(object)  # the Path of the folder among whose files the user wants to choose

    def __init__(
        self,
        theme: Theme,
        page: ChatPage,
        chat: Chat,
        written: Callable[[], PendingMessage],
        said_before: Callable[[PendingMessage], Said],
        fits: Callable[[PendingMessage], bool],
    ) -> None:
        """Keep the dependencies. `fits` offers what can be done where nothing more fits beside the question."""
        super().__init__(page)
        self._theme = theme
        self._page = page
        self._chat = chat
        self._written = written
        self._said_before = said_before
        self._fits = fits
        self.asks_each_file = False  # somebody does, who is told by `each_file_wanted`
        self._task: Task | None = None
        self._pending = written()
        self._found: tuple[Passage, ...] = ()
        self._progress = QuietLine(theme, PlainLabel("", "small", wraps=True))
        self._progress.offer(self.tr("Stop")).clicked.connect(self.stop)
        page.put_below(self._progress)
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._pause.timeout.connect(self._progress.show)
        chat.opened.connect(self.stop)
        page.reading.folder_state = lambda folder: chat.services.folders.state(folder)

    @cached_property
    def _sheet(self) -> ChoiceSheet:
        sheet = ChoiceSheet(self._theme)
        sheet.chosen.connect(self._do)
        sheet.closed.connect(self.stop)
        self._page.put_below(sheet)
        return sheet

    @cached_property
    def _passages(self) -> PassageSheet:
        sheet = PassageSheet(self._theme)
        sheet.chosen.connect(self._on_ticked)
        sheet.closed.connect(self.stop)
        self._page.put_below(sheet)
        return sheet

    def begin(self, pending: PendingMessage) -> None:
        """Look for what bears on a message, and have it sent with that; a second time is the first.

        Without a folder that is still known, or that the policy lets be asked, it goes as it is.
        """
        if self._page.composer.is_held:
            return
        if not self._states:
            self.decided.emit(pending)
            return
        self._pending = replace(pending, files=pending.as_message.without_passages.files)
        self._page.composer.hold_send(True)
        self._progress.say(say("passages.looking", folders=self._names))
        self._pause.start()
        self._task = self._look(self._pending)

    def stop(self) -> None:
        """Look no further, and ask nothing: the message stays where it was written."""
        if self._task is not None:
            self._task.cancel()
        self._end()

    def take_escape(self) -> bool:
        """Stop, on Escape. Return False if nothing is going on."""
        is_on = self._page.composer.is_held and self._task is not None
        if is_on:
            self.stop()
        return is_on

    @property
    def _states(self) -> list[FolderState]:
        states = map(self._chat.services.folders.state, self._chat.current.settings.folders)
        return [each for each in states if each is not None]

    @property
    def _names(self) -> str:
        return listed(shown_name(each.name) for each in self._states)

    def _end(self) -> None:
        self._task = None
        self._pause.stop()
        self._progress.hide()
        for name in {"_sheet", "_passages"} & vars(self).keys():  # those that were made
            getattr(self, name).hide()
        self._page.composer.hold_send(False)

    @gui_task
    async def _look(self, pending: PendingMessage) -> None:
        from desktop.core.tasks.missing_text import is_about_answer  # a start does without

        folders, ids = self._chat.services.folders, self._chat.current.settings.folders
        question, earlier = without_asking(pending.text), await self._earlier(pending)
        if earlier and is_about_answer(question):
            self._end()
            self.decided.emit(pending)
            return
        before = [each for each in earlier if content_of(each) and not is_about_answer(each)]
        if before and not content_of(question):  # "Are you sure?" is on what was asked before
            question = before.pop()
        found = await folders.find(ids, question, before)
        self._found = self._chosen(found, pending)
        self._pause.stop()
        self._progress.hide()
        if found.is_about_everything:
            self._offer_each(found)
        elif self._found:
            await self._take()
        elif found.passages:
            parts = await folders.parts(found.passages[:1])
            self._end()
            self._fits(replace(pending, files=(*pending.files, *parts)))
        else:
            await self._offer_other(found)

    async def _earlier(self, pending: PendingMessage) -> tuple[str, ...]:
        """Return what the user said before."""
        entries = self._said_before(pending).entries
        ids = [each.id for each in entries if each.role is Role.USER][-_MOST_EARLIER:]
        found = await self._chat.path.read(ids)
        return tuple(without_asking(found[each].text) for each in ids if each in found)

    def _chosen(self, found: Found, pending: PendingMessage) -> tuple[Passage, ...]:
        """Return the passages that go: those that fit beside the message, in the window that is had for them."""
        from desktop.core.folders.finding import chosen  # a start does without

        weights = self._chat.services.models.measurements.weights_of(self._chat.current.settings.choice)

        def cost(passage: Passage) -> float:
            return weights.tokens_in(text_of(passage)) + _OF_FENCE

        wanted = round(sum(map(cost, found.passages[:MOST_PASSAGES])))
        filling = self._chat.fitting.filling(self._said_before(pending), pending.as_message, wanted)
        spare = _UNKNOWN_ROOM if filling.spare is None else filling.spare
        return chosen(found, round(spare - weights.tokens_in(asking_from_passages(pending.text))), cost)

    async def _take(self) -> None:
        """Have the passages go; over the internet, once the user has seen them."""
        place = self._place
        if place is not None and place.kind is PlaceKind.INTERNET:
            self._passages.ask_about(self._found, place, self._names)
        else:
            await self._send_with(self._found)

    def _on_ticked(self, passages: Sequence[Passage]) -> None:
        self._task = self._send(passages)

    @gui_task
    async def _send(self, passages: Sequence[Passage]) -> None:
        await self._send_with(passages)

    async def _send_with(self, passages: Sequence[Passage]) -> None:
        folders, ids, pending = self._chat.services.folders, self._chat.current.settings.folders, self._pending
        parts = await folders.parts(passages)
        folders.note_asked(ids)
        self._end()
        self.decided.emit(replace(pending, files=(*pending.files, *parts)))

    @property
    def _place(self) -> Place | None:
        return self._chat.services.models.place_of(self._chat.current.settings.choice)

    # What can be done where passages do not lead to an answer

    def _offer_each(self, found: Found) -> None:
        """Offer to ask each file: a few passages would give an answer with holes, as if it were of all."""
        rows: list[tuple[object, ChoiceWords]] = []
        if self.asks_each_file:
            rows.append((_Way.EACH_FILE, _each_file(found.files)))
        if self._found:
            others = found.files - len({(each.folder, each.file.path) for each in self._found})
            explained = say("passages.others_are_not_read", others, passages=passages_of(*_counted(self._found)))
            rows.append((_Way.PASSAGES, ChoiceWords(say("passages.only_what_bears_on_it"), explained)))
        choose = ChoiceWords(
            say("passages.choose_files"), say("passages.choose_files_explained"), say("context.choose")
        )
        rows.append((_Way.CHOOSE_FILES, choose))
        sentence = say("passages.with_holes", found.files)
        self._sheet.ask(say("passages.needs_every_file"), sentence, rows, self._place)

    async def _offer_other(self, found: Found) -> None:
        """Offer what may help where nothing bears on the question."""
        rows: list[tuple[object, ChoiceWords]] = []
        word, whole, tokens = await self._files_with_a_word(found)
        if whole:
            models, choice = self._chat.services.models, self._chat.current.settings.choice
            rate = models.measurements.measures_of(choice).read_per_second if choice is not None else None
            name = say("passages.give_files", len({each.file.path for each in whole}), word=word)
            price = price_of(tokens / rate if rate else None)
            rows.append((whole, ChoiceWords(name, say("passages.whole_files", len(whole)), price=price)))
        if self.asks_each_file:
            rows.append((_Way.EACH_FILE, _each_file(found.files)))
        rows.append((_Way.WITHOUT, ChoiceWords(say("passages.without"), say("passages.without_explained"))))
        unread = sum(each.unread for each in self._states)
        sentence = say("passages.nothing_sent", found.files)
        if unread:
            sentence = say("passages.nothing_sent_and_unread", found.files, unread=number(unread))
        self._sheet.ask(
            say("passages.nothing_speaks", folders=self._names), sentence, rows, self._place, _words_in(found)
        )

    async def _files_with_a_word(self, found: Found) -> tuple[str, tuple[Passage, ...], int]:
        """Return the rarest word of the question that stands in a few files, and these whole, where they fit.

        With the tokens of all that goes then.
        """
        folders, ids, pending = self._chat.services.folders, self._chat.current.settings.folders, self._pending
        words = [word for word, files in found.words.items() if 0 < files <= _MOST_WHOLE]
        for word in sorted(words, key=lambda each: found.words[each]):
            first = {(each.folder, each.file.path): each for each in (await folders.find(ids, word, ())).passages}
            whole: list[Passage] = []
            for passage in first.values():
                document = await folders.document(passage.folder, passage.file.path)
                sections = document.sections if document is not None else ()
                whole += [replace(passage, number=at, section=each) for at, each in enumerate(sections)]
            parts = await folders.parts(whole)
            message = replace(pending, files=(*pending.files, *parts)).as_message
            filling = self._chat.fitting.filling(self._said_before(pending), message)
            if whole and not filling.over:
                return word, tuple(whole), filling.prompt
        return "", (), 0

    def _do(self, way: object) -> None:
        pending = self._pending
        match way:
            case _Way.EACH_FILE:
                self._end()
                self.each_file_wanted.emit(without_asking(pending.text))
            case _Way.PASSAGES:
                self._task = self._go_on()
            case _Way.CHOOSE_FILES:
                self._end()
                self.files_wanted.emit(self._states[0].path)
            case _Way.WITHOUT:
                self._end()
                self.decided.emit(pending)
            case _:
                assert isinstance(way, tuple)
                self._found = way
                self._task = self._go_on()

    @gui_task
    async def _go_on(self) -> None:
        await self._take()


class PassageSheet(AskingSheet):
    """The passages that would go over the internet, each with a box; those with personal data are not ticked."""

    chosen = Signal(object)  # the ticked ones

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self._passages: Sequence[Passage] = ()
        self._host = self._folder = ""
        self._boxes = RowList(theme, "", "bare")
        self._boxes.ticked.connect(self._turn)
        self._boxes.chosen.connect(lambda _: self._do())
        self._boxes.chooses_on_press = False
        self._list.addWidget(self._boxes)
        self._keys.setText(self.tr("Space tick · Enter send · Esc back"))

    def ask_about(self, passages: Sequence[Passage], place: Place, folder: str) -> None:
        """Show them, and where they would go."""
        from desktop.core.advice.personal_data import PersonalKind, find_personal  # a start does without

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
            rows.append(Row(at, title, about, aside=personal, warns=bool(kinds), tick=tick, tip=words))
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


def text_of(passage: Passage) -> str:
    """Return the words of a passage."""
    return "\n".join(block.text for block in passage.section.blocks)


def _counted(passages: Sequence[Passage]) -> tuple[int, int]:
    return len(passages), len({(each.folder, each.file.path) for each in passages})


def _each_file(files: int) -> ChoiceWords:
    return ChoiceWords(say("passages.each_file"), say("passages.each_file_explained", files), say("passages.each_file"))


def _words_in(found: Found) -> str:
    """Return in how many files each word of the question stands."""
    told = [
        say("passages.word_in_files", files, word=word) if files else say("passages.word_in_none", word=word)
        for word, files in found.words.items()
    ]
    return say("passages.your_words", words=" · ".join(told)) if told else ""
