"""The presenter of questions to each file: begins them, shows how far they are, and opens the page of an answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cached_property, partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, Signal
from PySide6.QtWidgets import QApplication, QMenu

from desktop.core.conversation import is_temporary
from desktop.core.each_file.run import FileRow, FileRun, RowState
from desktop.core.errors import StreamBroken
from desktop.core.evidence.checked import Evidence, Verdict
from desktop.core.evidence.sources import Sources, evidence_of_passages, given_of
from desktop.core.folders.folder import FolderFile, FolderState
from desktop.core.message import Failure
from desktop.core.model import ModelChoice
from desktop.core.place import Place, PlaceKind
from desktop.core.policy.fixed import Feature
from desktop.core.repository import StoreError
from desktop.rendering.markdown.links import shown_host
from desktop.runtime.background import gui_task
from desktop.runtime.chat import Chat
from desktop.runtime.each_file import EachFile
from desktop.runtime.evidence import EvidenceWatch, PagePictures
from desktop.ui.chat.folder_asking import FolderAsking
from desktop.ui.chat.page import ChatPage
from desktop.ui.errors import ErrorAction, describe, describe_store
from desktop.ui.look.theme import Theme
from desktop.ui.message_actions import Ask
from desktop.ui.widgets.boxes import QuestionBox
from desktop.ui.widgets.labels import PlainLabel
from desktop.ui.widgets.page import PageStack
from desktop.ui.widgets.quiet_line import QuietLine
from desktop.ui.words import fill, plain_action, say, short, shown_name

if TYPE_CHECKING:
    from desktop.ui.each_file.page import EachFilePage
    from desktop.ui.evidence.pane import EvidencePane
    from desktop.ui.evidence.place import EvidencePlace


# What the notice does not offer: a run stays with its model, and its files were asked outside the conversation.
_OF_CONVERSATION = frozenset({ErrorAction.CHOOSE_MODEL, ErrorAction.START_FRESH})


class EachFilePresenter(QObject):
    """The presenter of the runs of the conversation in front."""

    pane_shown = Signal(bool)  # whether a file's page stands beside the table

    def __init__(self, theme: Theme, pages: PageStack, chat: Chat, page: ChatPage, asking: FolderAsking) -> None:
        super().__init__(pages)
        self._theme, self._pages, self._chat, self._conversation, self._asking = theme, pages, chat, page, asking
        self._folders = chat.services.folders
        self.runs = EachFile(chat, lambda answer, sources: self._watch.check(answer, sources), self)
        self._shown = ""  # the id of the run on the page
        self._line = QuietLine(theme, PlainLabel("", "small", wraps=True))
        self._line.offer(self.tr("Open")).clicked.connect(lambda: self._show(self._in_front[-1].id))
        self._others = self._line.offer(self.tr("Earlier tables"), "muted")
        self._others.clicked.connect(self._list_others)
        page.put_below(self._line)
        self.runs.changed.connect(self._on_changed)
        self.runs.stopped.connect(self._on_stopped)
        self.runs.consent_wanted.connect(self._consent_again)
        self._folders.changed.connect(lambda _: self._on_changed(self._shown))
        for erased in (chat.shelf.erasing, chat.retention.erased):
            erased.connect(self.runs.forget)
        chat.opened.connect(self._on_opened)
        self._on_opened()

    @cached_property
    def _watch(self) -> EvidenceWatch:
        from desktop.rendering.page.shown_claims import shown_in

        return EvidenceWatch(self._chat.services, shown_in, self._chat.look_ups, self)

    @cached_property
    def page(self) -> EachFilePage:
        from desktop.ui.each_file.page import EachFilePage

        page = EachFilePage(self._theme)
        page.back_wanted.connect(self._pages.show_home)
        page.change_wanted.connect(self._change)
        page.paused.connect(lambda shall: self.runs.pause() if shall else self.runs.go_on(self._shown))
        page.paused.connect(lambda: page.table.setFocus())
        page.save_wanted.connect(self._save)
        page.ask_wanted.connect(self._ask_about)
        page.chosen.connect(self._choose)
        page.notice.action_chosen.connect(self._act)
        return page

    @cached_property
    def _place(self) -> EvidencePlace:
        """The page with the place for the evidence beside it."""
        from desktop.ui.evidence.place import EvidencePlace

        place = EvidencePlace(self._theme, self.page)
        place.shown_changed.connect(self.pane_shown)
        return place

    @cached_property
    def _pane(self) -> EvidencePane:
        from desktop.ui.evidence.page_view import decode_page
        from desktop.ui.evidence.pane import EvidencePane

        services, attachments = self._chat.services, self._chat.attachments
        pictures = PagePictures(services.work, attachments.files, attachments.make_reader, decode_page, self)
        pane = EvidencePane(self._theme, pictures)
        for left in (pane.closed, pane.answer_wanted):
            left.connect(self._close_pane)
        self._place.put_in(pane)
        return pane

    # Beginning

    def ask(self, question: str) -> None:
        """Put a question to each file of the conversation's folder, of several the one that the user chooses."""
        choice = self._chat.current.settings.choice
        if choice is None:
            self._chat.model_needed.emit()
            return
        states = [each for each in map(self._folders.state, self._chat.current.settings.folders) if each is not None]
        if len(states) == 1:
            self._consent(states[0].id, question, choice)
        elif states:
            box = QuestionBox(self._pages, say("each_file.which_folder"), say("each_file.which_folder_explained"))
            for each in states:
                box.offer(plain_action(shown_name(each.name)), partial(self._consent, each.id, question, choice))
            box.ask(self.tr("Cancel"))

    @gui_task
    async def _consent(self, folder: str, question: str, choice: ModelChoice) -> None:
        """Ask once before files go over the internet."""
        conversation = self._chat.current.id
        place, state = self._chat.services.models.place_of(choice), self._folders.state(folder)
        if place is None or state is None or place.kind is not PlaceKind.INTERNET:
            self._begin(folder, question, choice, place)
            return
        files = [each for each in await self._folders.files(folder) if each.problem is None]
        if self._chat.current.id != conversation:  # another one was opened meanwhile
            return
        self._ask_to_send(files, state, place, lambda: self._begin(folder, question, choice, place))

    def _consent_again(self, id: str) -> None:
        """Ask before the files that wait go over the internet, where they did not go when the run was begun."""
        run = self.runs.run(id)
        state = self._folders.state(run.folder) if run is not None else None
        place = self._chat.services.models.place_of(run.choice) if run is not None else None
        if run is not None and state is not None and place is not None:
            waiting = [each for each in run.rows if each.state is RowState.WAITS]
            self._ask_to_send(waiting, state, place, lambda: self.runs.agree(id, place))

    def _ask_to_send(
        self, files: Sequence[FolderFile | FileRow], state: FolderState, place: Place, send: Callable[[], object]
    ) -> None:
        extent = say("counts.about_pages", sum(each.sections for each in files))
        host, name = shown_host(place.host), shown_name(state.name)
        explained = say("each_file.send_all_explained", folder=name, pages=extent, host=host)
        box = QuestionBox(self._pages, say("each_file.send_all", len(files)), explained, warns=True)
        box.offer(self.tr("Send"), send)
        box.ask(self.tr("Cancel"))

    @gui_task
    async def _begin(self, folder: str, question: str, choice: ModelChoice, agreed: Place | None) -> None:
        chat = self._chat
        if not chat.is_stored:  # what keeps the table
            key = chat.draft_key
            chat.save(replace(chat.current, title=chat.current.title or chat.title_of(question, ())))
            chat.unsent.keep_draft(key, "")
            chat.attachments.rename_draft(chat.draft_key)
            chat.keep_draft(question)
        self._folders.note_asked([folder])
        conversation = chat.current.id
        run = await self.runs.begin(conversation, folder, question, choice, agreed)
        chat.unsent.keep_draft(conversation, "")
        if chat.current.id == conversation:
            self._conversation.composer.set_text("")
            self._show(run)

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

    def _on_changed(self, id: str) -> None:
        run = self.runs.run(id)
        self._show_line()
        if run is not None and id == self._shown and self._is_page_in_front:
            seconds, is_running = self.runs.seconds_left(id), self.runs.running == id
            self.page.show_run(run, seconds, self.runs.piece, is_running=is_running, can_go_on=self.runs.can_go_on(id))

    def _show_line(self) -> None:
        runs = self._in_front if self._folders.is_allowed else []
        self._line.setVisible(bool(runs))
        self._others.setVisible(len(runs) > 1)
        if runs:
            from desktop.ui.each_file.words import progress  # a start does without

            self._line.say(say("each_file.line", question=short(runs[-1].question), progress=progress(runs[-1])))

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
        state, place = self._folders.state(run.folder), self._chat.services.models.place_of(run.choice)
        name = shown_name(state.name) if state is not None else self.tr("A folder")
        can_save = self._chat.services.policy.allows(Feature.EXPORT)
        self.page.show_of(name, place, can_save=can_save)
        self._pages.show_page(self._place)
        self._on_changed(id)
        self.page.table.setFocus()

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
            self.runs.try_failed_again(self._shown)
        else:
            self._conversation.reading.ask("", Ask.RECOVER, step)

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

    def _choose(self, index: int) -> None:
        run = self.runs.run(self._shown)
        match run.rows[index].state if run is not None else None:
            case RowState.FAILED:
                self.runs.try_again(self._shown, index)
            case RowState.ANSWERED | RowState.SAYS_NOTHING:
                self._open(self._shown, index)

    @gui_task
    async def _open(self, id: str, index: int) -> None:
        """Show in the pane where the answer stands; what was not found first."""
        run = self.runs.run(id)
        if run is None:
            return
        row = run.rows[index]
        part = await self.runs.part(run, row)
        if id != self._shown:
            return
        if part is None:
            said = self.tr("There is no page to show: the file left its folder, or the folder was forgotten.")
            self.page.notice.show_text(said)
            return
        evidence = Evidence()
        if row.answer:
            evidence = await self._watch.check(row.answer, Sources((given_of(part),), run.question))
        things = [at for at, each in enumerate(evidence.checked) if each.verdict is not Verdict.UNCHECKED]
        found = (Verdict.FOUND, Verdict.COMPUTED, Verdict.FROM_QUESTION)
        things.sort(key=lambda at: evidence.checked[at].verdict in found)
        self._pane.show_thing(evidence if things else evidence_of_passages(part), things[0] if things else 0)
        self._place.open()
        self.runs.note_seen(id, index)

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
            self._conversation.composer.set_text(run.question)

    def _save(self) -> None:
        from desktop.ui.each_file.words import about_table, table_of

        if run := self.runs.run(self._shown):
            state = self._folders.state(run.folder)
            about = about_table(run, state.name if state is not None else "")
            self._conversation.reading.ask("", Ask.SAVE_ROWS, (run.question, table_of(run), about, self.page.notice))

    def _ask_about(self) -> None:
        from desktop.rendering.written.spreadsheet import csv_file
        from desktop.ui.each_file.words import table_of

        if run := self.runs.run(self._shown):
            self._pages.show_home()
            self._chat.attachments.add_bytes(csv_file(table_of(run)), fill("%1.csv", short(run.question)))
