"""The presenter of questions to each file: begins them, shows how far they are, and opens the page of an answer.

What became of a file, and the columns of the table and their order, are put in words here, too.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from functools import cached_property, partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QDate, QLocale, QPoint, Signal
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from desktop.core.claims.dates import dates_in
from desktop.core.claims.numbers import PLAIN, numbers_in
from desktop.core.conversation import is_temporary
from desktop.core.documents.document import ReadingError, SectionKind
from desktop.core.errors import StoreError, StreamBroken
from desktop.core.evidence.checked import Evidence, Sources, Verdict, evidence_of_passages, given_of
from desktop.core.folders import FileRow, FileRun, LookedUp, RowState
from desktop.core.message import Failure
from desktop.core.model import ModelChoice
from desktop.core.models.place import shown_name as shown_model
from desktop.core.place import Place
from desktop.core.policy.fixed import Feature
from desktop.rendering.markdown.links import shown_host
from desktop.rendering.page.shown_claims import shown_in
from desktop.rendering.written.spreadsheet import csv_file
from desktop.runtime.background import gui_task
from desktop.runtime.chat import Chat
from desktop.runtime.each_file import EachFile, FileRunsLeft
from desktop.runtime.evidence import EvidenceWatch
from desktop.ui.chat.folder_asking import FolderAsking
from desktop.ui.chat.page import ChatPage, PagePresenter
from desktop.ui.documents.words import chosen_sections, place_in_words
from desktop.ui.errors import ErrorAction, describe, describe_reading, describe_store
from desktop.ui.message_actions import Ask
from desktop.ui.models.words import about
from desktop.ui.policy import switched_off_words
from desktop.ui.widgets.boxes import QuestionBox, show_in_folder
from desktop.ui.widgets.buttons import ProgressRow
from desktop.ui.widgets.labels import PlainLabel
from desktop.ui.widgets.page import PageStack, PanePlace
from desktop.ui.widgets.quiet_line import QuietLine
from desktop.ui.words import fill, number, plain_action, say, say_each, short, shown_name, translate

if TYPE_CHECKING:
    from desktop.ui.each_file.page import EachFilePage
    from desktop.ui.evidence.pane import EvidencePane


class Column(StrEnum):
    """Column of the table."""

    FILE = "file"
    ANSWER = "answer"
    PAGE = "page"
    CHECKED = "checked"


class Shown(StrEnum):
    """Files that the table is narrowed down to."""

    ALL = "all"
    ANSWERED = "answered"
    NOT_LOOKED_AT = "not_looked_at"
    NOT_FOUND = "not_found"
    SAYS_NOTHING = "says_nothing"
    NOT_ASKED = "not_asked"


_HAS_ANSWER = (RowState.ANSWERED, RowState.SAYS_NOTHING)
SHOWS: dict[Shown, Callable[[FileRow], bool]] = {
    Shown.ALL: lambda row: True,
    Shown.ANSWERED: lambda row: row.state is RowState.ANSWERED,
    Shown.NOT_LOOKED_AT: lambda row: is_new(row),
    Shown.NOT_FOUND: lambda row: row.missing > 0,
    Shown.SAYS_NOTHING: lambda row: row.state is RowState.SAYS_NOTHING,
    Shown.NOT_ASKED: lambda row: row.state in (RowState.NOT_ASKED, RowState.FAILED),
}


def is_new(row: FileRow) -> bool:
    """Return True for an answer that the user has not looked at."""
    return row.state in _HAS_ANSWER and not row.is_seen


def answer_words(row: FileRow) -> str:
    """Return what stands in the column of answers."""
    match row.state:
        case RowState.NOT_ASKED if row.problem is not None:
            return say("each_file.not_asked_because", reason=describe_reading(ReadingError(row.problem)).title)
        case RowState.FAILED if row.failure is not None:
            return describe(row.failure).title
        case RowState.ANSWERED:
            return row.answer
        case state:
            return say_each("each_file.state", state)


def place_words(row: FileRow) -> str:
    """Return where the answer stands: "3 · 7", "§ 2", or "slide 4"."""
    if not row.places:
        return "–" if row.state in _HAS_ANSWER else ""
    if row.kind is SectionKind.PAGE:
        return " · ".join(map(number, row.places))
    if row.kind is SectionKind.CHAPTER:
        return f"§ {number(row.places[0])}"
    return place_in_words(row.kind, row.places[0])


def checked_words(row: FileRow) -> str:
    """Return what came of looking an answer up: "2 of 2 found", "1 not found"."""
    match row.state:
        case RowState.SAYS_NOTHING if row.kind is SectionKind.WHOLE:
            return say("each_file.whole_read")
        case RowState.SAYS_NOTHING:
            return say("each_file.all_read", extent=chosen_sections(row.kind, row.sections, row.sections))
        case RowState.ANSWERED if row.missing:
            return say("each_file.missing", row.missing)
        case RowState.ANSWERED if row.things:
            return say("each_file.found", len(row.things), found=number(len(row.things)))
    return ""


def step_words(row: FileRow) -> str:
    """Return what a press on a row without an answer does; empty for the others."""
    match row.state:
        case RowState.FAILED:
            return translate("each_file", "Try again")
        case RowState.NOT_ASKED:
            return say("each_file.show")
    return ""


def order(column: Column) -> Callable[[FileRow], tuple[object, ...]]:
    """Return by what rows are sorted; those without an answer stand last."""

    def by_answer(row: FileRow) -> tuple[object, ...]:
        if dates := dates_in(row.answer):
            return 0, dates[0].value
        if numbers := [each for each in numbers_in(row.answer) if PLAIN.fullmatch(each.value)]:
            return 1, float(numbers[0].value)
        return (2, row.answer.lower()) if row.answer else (3, row.state)

    match column:
        case Column.FILE:
            return lambda row: (row.path.lower(),)
        case Column.ANSWER:
            return by_answer
        case Column.PAGE:
            return lambda row: (not row.places, row.places)
        case Column.CHECKED:
            return lambda row: (-row.missing, row.state not in (RowState.FAILED, *_HAS_ANSWER), bool(row.things))


def progress(run: FileRun) -> str:
    """Return how far a run is: "7 of 24 done", when it has ended without those that could not be asked."""
    done = run.done if run.next is not None else sum(each.state in _HAS_ANSWER for each in run.rows)
    return say("each_file.done", len(run.rows), done=number(done))


def heading(column: Column) -> str:
    return say_each("each_file.column", column)


def table_of(run: FileRun) -> list[list[str]]:
    """Return the table as it is saved: its head, in which the question names the answers, then a row for each file."""
    head = [heading(Column.FILE), say("each_file.folder"), run.question, heading(Column.PAGE), heading(Column.CHECKED)]
    seen = say("each_file.looked_at")
    rows = [
        [row.name, row.within, answer_words(row), place_words(row), checked_words(row), seen if row.is_seen else ""]
        for row in sorted(run.rows, key=order(Column.FILE))
    ]
    return [[*head, seen], *rows]


def about_table(run: FileRun, folder: str) -> list[list[str]]:
    """Return what stands beside the table: the question, the folder, the model, and the date."""
    day = datetime.fromtimestamp(run.created_at)
    date = QLocale().toString(QDate(day.year, day.month, day.day), QLocale.FormatType.LongFormat)
    return [
        [say("each_file.question"), run.question],
        [say("each_file.folder"), folder],
        [say("each_file.model"), shown_model(run.choice.model)],
        [say("each_file.date"), date],
    ]


# What the notice does not offer: a run stays with its model, and its files were asked outside the conversation.
_OF_CONVERSATION = frozenset({ErrorAction.CHOOSE_MODEL, ErrorAction.START_FRESH})


class EachFilePresenter(PagePresenter):
    """The presenter of the runs of the conversation in front, and of the one that goes on, in the sidebar."""

    pane_shown = Signal(bool)  # whether a file's page stands beside the table

    def __init__(
        self,
        page: ChatPage,
        chat: Chat,
        pages: PageStack,
        show_coming: Callable[[QWidget], object],
        asking: FolderAsking,
    ) -> None:
        """Keep the dependencies. `show_coming` puts a line into the sidebar."""
        super().__init__(page, chat)
        self._pages, self._show_coming, self._asking = pages, show_coming, asking
        self._folders = chat.services.folders
        self.runs = EachFile(chat, lambda answer, sources: self._watch.check(answer, sources))
        self._shown = ""  # the id of the run on the page
        self._written = ""  # what stood in the box as it was asked
        self._wanted = ""  # that of the one to be shown when its conversation is in front
        self._unfinished = ""  # that of the one that goes on once its folder is known
        self._line = QuietLine(self._theme, PlainLabel("", "small", wraps=True))
        self._line.offer(self.tr("Open"), do=lambda: self._show(self._in_front[-1].id))
        self._others = self._line.offer(self.tr("Earlier tables"), "muted", self._list_others)
        page.put_below(self._line)
        self.runs.changed.connect(self._on_changed)
        self.runs.stopped.connect(self._on_stopped)
        self.runs.consent_wanted.connect(lambda id: self._let(self.runs.run(id), self._agree))
        self._folders.changed.connect(lambda _: self._on_changed(self._shown))
        self._models.changed.connect(self._take_up)
        self._models.changed.connect(self._show_head)
        for erased in (chat.shelf.erasing, chat.retention.erased):
            erased.connect(self.runs.forget)
        chat.opened.connect(self._on_opened)
        self._on_opened()

    @cached_property
    def _watch(self) -> EvidenceWatch:
        return EvidenceWatch(self._chat.services, shown_in, self._chat.look_ups)

    @cached_property
    def page(self) -> EachFilePage:
        from desktop.ui.each_file.page import EachFilePage

        page = EachFilePage(self._theme)
        page.back.clicked.connect(self._pages.show_home)
        page.change.clicked.connect(self._change)
        page.pause.clicked.connect(self._pause_or_go_on)
        page.save.clicked.connect(self._save)
        page.ask.clicked.connect(self._ask_about)
        page.table.chosen.connect(self._choose)
        page.notice.action_chosen.connect(self._act)
        return page

    @cached_property
    def _place(self) -> PanePlace:
        """The page with the place for the evidence beside it."""
        place = PanePlace(self._theme, self.page, 420, covers=True)
        place.shown_changed.connect(self.pane_shown)
        return place

    @cached_property
    def _pane(self) -> EvidencePane:
        from desktop.ui.evidence.pane import pane_in

        pane = pane_in(self._place, self._chat)
        for left in (pane.closed, pane.answer_wanted):
            left.connect(self._close_pane)
        return pane

    @cached_property
    def _coming(self) -> ProgressRow:
        row = ProgressRow()
        row.pressed.connect(self._show_running)
        self._show_coming(row)
        return row

    # From one window to the next

    def end(self) -> FileRunsLeft:
        """Ask no further file of a window that closes, and return what goes on and what is shown of it in the next."""
        shown = self.runs.run(self._shown) if self._is_page_in_front else None
        running = self.runs.run(self.runs.running)
        self.runs.pause()
        return FileRunsLeft(running, shown)

    def take_over(self, left: FileRunsLeft) -> None:
        """Go on with what the window before left, before its conversation is opened."""
        self._wanted = left.shown.id if left.shown is not None else ""
        self._unfinished = left.running.id if left.running is not None else ""
        for run in (left.shown, left.running):
            if run is not None:
                self.runs.take_over(run)

    def _take_up(self) -> None:
        """Go on with the run of the window before, once its folder and its model are known."""
        run = self.runs.run(self._unfinished)
        if run is None or self.runs.running:
            return
        if self.runs.can_go_on(run.id) and self._models.find(run.choice) is not None:
            self._unfinished = ""
            self.runs.go_on(run.id)

    # Beginning

    def ask(self, question: str) -> None:
        """Put a question to each file of the conversation's folder, of several the one that the user chooses."""
        self._written = self._composer.text()
        choice = self._chat.current.settings.choice
        if choice is None:
            self._chat.model_needed.emit()
            return
        states = [each for each in map(self._folders.state, self._chat.current.settings.folders) if each is not None]
        if len(states) == 1:
            self._prepare(states[0].id, question, choice)
        elif states:
            box = QuestionBox(self._pages, say("each_file.which_folder"), say("each_file.which_folder_explained"))
            for each in states:
                box.offer(plain_action(shown_name(each.name)), partial(self._prepare, each.id, question, choice))
            box.ask(self.tr("Cancel"))

    @gui_task
    async def _prepare(self, folder: str, question: str, choice: ModelChoice) -> None:
        run = await self.runs.made(self._chat.current.id, folder, question, choice)
        if self._chat.current.id != run.conversation:  # another one was opened meanwhile
            return
        if run.next is None:
            said = say("each_file.none_can_be_asked", len(run.rows), folder=self._name_of(run))
            self._notice.show_text(said)
        else:
            self._let(run, self._begin)

    def _let(self, run: FileRun | None, go_on: Callable[[FileRun, Place | None], object]) -> None:
        """Have the files of a run go that wait; over the internet after asking once.

        `go_on` gets where they may go over the internet.
        """
        state = self._folders.state(run.folder) if run is not None else None
        if run is None or state is None:
            return
        place = self._models.place_of(run.choice)
        if place is None or self.runs.may_send(run):
            go_on(run, run.agreed)
            return
        waiting = [each.sections for each in run.rows if each.state is RowState.WAITS]
        pages, host = say("counts.about_pages", sum(waiting)), shown_host(place.host)
        explained = say("each_file.send_all_explained", folder=shown_name(state.name), pages=pages, host=host)
        box = QuestionBox(self._pages, say("each_file.send_all", len(waiting)), explained, warns=True)
        box.offer(self.tr("Send"), lambda: go_on(run, place))
        box.ask(self.tr("Cancel"))

    @gui_task
    async def _begin(self, run: FileRun, agreed: Place | None) -> None:
        chat = self._chat
        if chat.current.id != run.conversation:  # another one was opened while the box stood there
            return
        if not chat.is_stored:  # what keeps the table
            key = chat.draft_key
            chat.save(replace(chat.current, title=chat.current.title or chat.title_of(run.question, ())))
            chat.unsent.forget_draft(key)
            chat.attachments.rename_draft(chat.draft_key)
            chat.keep_draft(self._written)
        self._folders.note_asked([run.folder])
        await self.runs.start(replace(run, agreed=agreed))
        composer = self._composer
        if chat.current.id != run.conversation:
            chat.unsent.keep_draft(run.conversation, "")
            return
        if composer.text() == self._written:  # else it is what was written meanwhile
            composer.set_text("")
            chat.unsent.keep_draft(run.conversation, "")
        self._show(run.id)

    @gui_task
    async def _agree(self, run: FileRun, place: Place | None) -> None:
        if place is not None:
            await self.runs.agree(run.id, place)

    # Showing

    @property
    def _in_front(self) -> list[FileRun]:
        return self.runs.of_conversation(self._chat.current.id)

    @property
    def _is_page_in_front(self) -> bool:
        return "_place" in vars(self) and self._pages.is_in_front(self._place)

    def _on_opened(self) -> None:
        current = self._chat.current.id
        self._asking.ask_each_file = None if is_temporary(current) else self.ask
        if self._is_page_in_front:
            self._pages.show_home()
        self._show_line()
        if self._chat.is_stored and not is_temporary(current):
            self.runs.read(current)
        wanted, self._wanted = self.runs.run(self._wanted), ""
        if wanted is not None and wanted.conversation == current:
            self._show(wanted.id)

    def _on_changed(self, id: str) -> None:
        self._take_up()
        run = self.runs.run(id)
        self._show_line()
        self._show_in_sidebar()
        if run is not None and id == self._shown and self._is_page_in_front:
            seconds, is_running, hindrance = self.runs.seconds_left(id), self.runs.running == id, ""
            if not self._folders.is_allowed:
                hindrance = switched_off_words(self._chat.services.policy)
            elif not self.runs.can_ask(id):
                hindrance = say("each_file.folder_is_gone")
            self.page.show_run(run, seconds, self.runs.piece, is_running=is_running, hindrance=hindrance)

    def _show_line(self) -> None:
        runs = self._in_front if self._folders.is_allowed else []
        self._line.setVisible(bool(runs))
        self._others.setVisible(len(runs) > 1)
        if runs:
            last = runs[-1]
            how_far = progress(last)
            if last.next is not None and last.id != self.runs.running:
                how_far = f"{how_far} · {say('each_file.paused')}"
            self._line.say(say("each_file.line", question=short(last.question), progress=how_far))

    def _show_in_sidebar(self) -> None:
        """Show the run that goes on, as downloads are shown."""
        run = self.runs.run(self.runs.running)
        if run is not None:
            seconds = self.runs.seconds_left(run.id)
            left = say("each_file.time_left", time=about(seconds)) if seconds is not None else ""
            how_far = say("folders.in_the_sidebar", len(run.rows), read=number(run.done))
            title = shown_name(self._chat.shelf.title_of(run.conversation) or run.question)
            self._coming.show_progress(title, how_far, run.done / len(run.rows), left)
        elif "_coming" in vars(self):
            self._coming.hide()

    def _show_running(self) -> None:
        """Show the run that goes on, once its conversation is in front."""
        run = self.runs.run(self.runs.running)
        if run is not None and run.conversation == self._chat.current.id:
            self._show(run.id)
        elif run is not None:
            self._wanted = run.id
            self._chat.open(run.conversation)

    def _list_others(self) -> None:
        menu = QMenu(self._line)
        for each in self._in_front[-2::-1]:
            menu.addAction(plain_action(short(each.question))).triggered.connect(partial(self._show, each.id))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self._others.mapToGlobal(QPoint(0, -menu.sizeHint().height())))

    def _show(self, id: str, *_: object) -> None:
        run = self.runs.run(id)
        if run is None:
            return
        if id != self._shown:
            self._close_pane()
            self.page.notice.hide()
        self._shown = id
        self._show_head()
        self._pages.show_page(self._place)
        self._on_changed(id)
        self.page.table.setFocus()

    def _show_head(self) -> None:
        """Show of what the page is; of a window that was just made, anew once its models are known."""
        run = self.runs.run(self._shown)
        if run is None:
            return
        can_save = self._chat.services.policy.allows(Feature.EXPORT)
        place = self._models.place_of(run.choice)
        self.page.show_of(self._name_of(run) or self.tr("A folder"), place, can_save=can_save)

    def _name_of(self, run: FileRun) -> str:
        state = self._folders.state(run.folder)
        return shown_name(state.name) if state is not None else ""

    def _on_stopped(self, id: str, reason: Failure | StoreError) -> None:
        if id != self._shown:
            return
        told = describe_store(reason) if isinstance(reason, StoreError) else describe(reason)
        if isinstance(reason, Failure) and (reason.kind == StreamBroken.kind or reason.reason == "garbled"):
            told = replace(told, sentence=say("each_file.broke_off"))
        steps = tuple(each for each in told.actions if each not in _OF_CONVERSATION)
        self.page.notice.show_error(replace(told, actions=steps))

    def _act(self, step: ErrorAction) -> None:
        """Do what the notice offers."""
        if step is ErrorAction.TRY_AGAIN:
            self.page.notice.hide()
            self.runs.try_again(self._shown)
        else:
            self._page.reading.ask("", Ask.RECOVER, step)

    def take_escape(self) -> bool:
        """Close the pane, or leave the page. Return False if it is not in front."""
        if not self._is_page_in_front:
            return False
        if self._place.is_shown:
            self._close_pane()
        else:
            self._pages.show_home()
        return True

    # At a row, and with the whole table

    def _pause_or_go_on(self) -> None:
        if self.page.table.running >= 0:
            self.runs.pause()
        elif self.runs.run(self._shown) is not None:
            self.page.notice.hide()  # it told why the run stood still
            self.runs.resume(self._shown)
        self.page.table.setFocus()

    @gui_task
    async def _choose(self, index: int) -> None:
        """Ask a file again that failed, show one that was not asked, and the page of an answer; its unfound first."""
        run = self.runs.run(self._shown)
        if run is None:
            return
        row, state = run.rows[index], self._folders.state(run.folder)
        if row.state is RowState.FAILED:
            self.page.notice.hide()
            self.runs.try_again(run.id, index)
        if row.state is RowState.NOT_ASKED and state is not None:
            show_in_folder(state.path / row.path, self)
        if row.state not in (RowState.ANSWERED, RowState.SAYS_NOTHING):
            return
        part = await self.runs.part(run, row)
        if run.id != self._shown:
            return
        if part is None:
            said = self.tr("There is no page to show: the file left its folder, or the folder was forgotten.")
            self.page.notice.show_text(said)
            return
        evidence = Evidence()
        if row.answer:
            evidence = await self._watch.check(row.answer, Sources((given_of(part),), run.question))
        things = [at for at, each in enumerate(evidence.checked) if each.verdict is not Verdict.UNCHECKED]
        things.sort(key=lambda at: LookedUp("", evidence.checked[at].verdict).is_found)
        pane = self._pane
        self._place.open()  # first, so that the page is drawn once, at the width that it gets
        pane.show_thing(evidence if things else evidence_of_passages(part), things[0] if things else 0)
        self.runs.note_seen(run.id, index)

    def _close_pane(self, *_: object) -> None:
        if "_pane" in vars(self):
            focused = QApplication.focusWidget()
            was_there = focused is not None and self._pane.isAncestorOf(focused)
            self._place.hide_pane()
            if was_there:
                self.page.table.setFocus()

    def _change(self) -> None:
        if run := self.runs.run(self._shown):
            self._pages.show_home()
            self._composer.set_text(run.question)

    def _save(self) -> None:
        if run := self.runs.run(self._shown):
            rows = run.question, table_of(run), about_table(run, self._name_of(run)), self.page.notice
            self._page.reading.ask("", Ask.SAVE_ROWS, rows)

    def _ask_about(self) -> None:
        if run := self.runs.run(self._shown):
            self._pages.show_home()
            self._chat.attachments.add_bytes(csv_file(table_of(run)), fill("%1.csv", short(run.question)))
