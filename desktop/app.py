"""The composition root: builds the parts of the program, hands each what it needs, and shuts down in order.

With `services.py` and `parts/` the only place that knows all rooms. It is loaded after the first paint of the window,
which `first_window.py` makes.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Sequence
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, Qt, QTimer, QUrl
from PySide6.QtGui import QDesktopServices

from desktop.core.importing import import_beside_window
from desktop.core.policy.fixed import Policy
from desktop.core.text.pace import Attention
from desktop.faults import FaultWatch
from desktop.first_window import FirstWindow
from desktop.parts.beginning import LastConversation, ModelToBeginWith
from desktop.parts.models import ModelParts
from desktop.parts.screens import Screens
from desktop.parts.upkeep import Upkeep
from desktop.policy import PolicyWatch
from desktop.prompts.texts import frameworks
from desktop.readers.look_up_process import LookUpProcess
from desktop.readers.process import ReaderProcess
from desktop.rendering.markdown.leaves import parse
from desktop.rendering.pictures import prepare_picture
from desktop.runtime.background import gui_task
from desktop.runtime.chat import Chat
from desktop.runtime.each_file import FileRunsLeft
from desktop.runtime.files import Attachments
from desktop.services import LeftBehind, ProgramServices
from desktop.store.settings import SettingsProblem
from desktop.ui.errors import ErrorAction, ErrorText, describe_store
from desktop.ui.look.theme import program_icon
from desktop.ui.opening import HandedOver, Opening, RestingCursor
from desktop.ui.window.main_window import AttentionWatch
from desktop.ui.window.settings_dialog import SettingsGroup

if TYPE_CHECKING:
    from desktop.ui.teaching import HelpPage

_log = logging.getLogger(__name__)

_CLOSE_SECONDS = 3.0  # nobody waits longer for a program to end


class Program(QObject):
    """The running program with all its parts. Work begins when the window is painted, which `open` shows if need be."""

    def __init__(
        self,
        first: FirstWindow,
        folder: Path,
        problem: SettingsProblem | None = None,
        handed_over: HandedOver | None = None,
        *,
        before: LeftBehind | None = None,
        find_policy: Callable[[], Policy] | None = None,
        faults: FaultWatch | None = None,
    ) -> None:
        """Build the parts behind the window. `folder` is where everything is kept, `handed_over` what is to be opened.

        `problem` is what was wrong with the settings. `before` is of the window before, where this one goes on.
        `find_policy` looks at the policy again; `faults` hears of what nothing else catches.
        """
        super().__init__()
        self._first = first
        self._handed_over = handed_over or HandedOver(parent=self)
        self._settings_problem = problem
        self._faults = faults
        self._outcome = before.outcome if before is not None else ""
        self._was_in_settings = before is not None and not before.outcome  # where the language is chosen
        # A repaired or restored database may not know them.
        self._file_runs = before.file_runs if before is not None and not before.outcome else FileRunsLeft()
        self._is_closed = False
        self.has_begun = False  # all is done that waited for the first paint
        self.shall_reopen = False  # the window closes so that it can be opened in another language
        self._cursor: RestingCursor | None = None  # once work has begun
        self.opening: Opening | None = None
        self.window = first.window
        self.services = services = ProgramServices(folder, first.settings, first.policy, self, before)
        try:
            self._make_parts(before, find_policy)
        except BaseException:
            services.end(keeps_temporary=False)
            raise

    def _make_parts(self, before: LeftBehind | None, find_policy: Callable[[], Policy] | None) -> None:
        services = self.services
        self.chat = chat = self._make_chat(before)
        self.upkeep = Upkeep(services, self.window, self._faults, self)
        self.screens = Screens(services, chat, self.window, self.upkeep.show_policy, self)
        self.model_parts = ModelParts(services, chat, self.window, self)
        ModelToBeginWith(services, chat, self.window, self.model_parts, self)
        in_front = before.conversation if before is not None else ""
        self._last = LastConversation(services, chat, self.window, in_front, self)
        self.policy_watch = PolicyWatch(services, find_policy, self)
        self._connect()

    def _make_chat(self, before: LeftBehind | None) -> Chat:
        services, known, policy = self.services, self.services.settings.now, self.services.policy
        attachments = Attachments(services.work, services.store, ReaderProcess, prepare_picture)
        chat = Chat(services, attachments, _title_of, look_ups=LookUpProcess())
        chat.default_choice = policy.default_choice(known.default_choice)
        chat.follow_policy(policy)
        chat.instructions.set_own(known.instructions)
        chat.shelf.bin_days = known.bin_days
        chat.titles.is_wanted = known.names_conversations
        if before is not None:
            chat.unsent.begin_temporary("", before.temporary_draft)
        return chat

    def _connect(self) -> None:
        services, window = self.services, self.window
        services.settings.refused.connect(self._on_not_saved)
        self.chat.conversations_changed.connect(services.search.fill_later)
        self.policy_watch.changed.connect(self._follow_policy)
        self.screens.language_chosen.connect(self._reopen_if_allowed)
        self.screens.care.replaced.connect(self._reopen)
        self.model_parts.lesson_wanted.connect(lambda key: self.help.show_topic(key))
        for wanted in (window.help_requested, window.sidebar.help_requested):
            wanted.connect(lambda: self.help.open())
        window.keys_requested.connect(lambda: self.help.show_keys())
        window.action_requested.connect(self._act)
        once = Qt.ConnectionType.SingleShotConnection
        window.composer.writing_begun.connect(lambda: self._make_ready_to_answer(), once)
        window.stayed.connect(self._stay)

    @cached_property
    def help(self) -> HelpPage:
        """The help, made, and its module loaded, when it is first wanted."""
        from desktop.parts.help import help_page

        return help_page(self.services, self.chat, self.window, self.model_parts, self.screens)

    def open(self) -> None:
        """Show the window, and begin work when it is painted. What has been written in it already stays there."""
        composer = self.window.composer
        self.chat.new(keeps_written=bool(composer.text()))
        if self._first.is_painted:
            composer.announce()
            self._begin()
        else:
            self._first.painted.connect(self._begin)
            self._first.show()

    def _begin(self) -> None:
        """Do what waited for the first paint, with the window's own events in between."""
        self._do_in_turn(
            self._begin_work,
            self._say_what_is_known,  # before the disk is read, whose refusal it would cover
            self._read_from_disk,
            self.window.fill,
            self.model_parts.fill,
            self.services.garbage.start,
            lambda: self.services.look(self.window.connections.offer_address),
            lambda: self._last.when_settled(self._welcome),
        )

    def _do_in_turn(self, *steps: Callable[[], object]) -> None:
        """Take one step at each turn of the event loop; one that fails keeps none of the others back."""
        if steps and not self._is_closed:
            QTimer.singleShot(1, self, lambda: self._take_step(*steps))  # those of 0 ms run in one turn

    def _take_step(self, step: Callable[[], object], *others: Callable[[], object]) -> None:
        try:
            if not self._is_closed:
                step()
        finally:
            self._do_in_turn(*others)

    def _begin_work(self) -> None:
        """Start the loop, on which servers are talked to, and follow where the user looks and what the user does."""
        if sys.platform != "darwin":  # where the bundle's has the air around it that the dock wants
            self._first.app.setWindowIcon(program_icon())
        self.services.begin(self._faults)
        attention = AttentionWatch(self.window, self._first.app, self)
        attention.changed.connect(self._follow_attention)
        self._follow_attention(attention.now)
        self._cursor = RestingCursor(self._first.app, self)

    def _say_what_is_known(self) -> None:
        """Say what came of the window before, of the settings, the policy and this computer."""
        settings = self.services.settings
        if self._outcome:
            self.window.notice.show_text(self._outcome)
        if self._settings_problem is not None:
            is_locked = settings.now.offline_lock
            self.window.notice.show_error(_words_of_problem(self._settings_problem, is_locked=is_locked))
            if is_locked:  # to be so at the next start, too, whose file may have nothing wrong
                settings.change(offline_lock=True)
        self.policy_watch.begin()
        self.upkeep.begin_watching()

    def _read_from_disk(self) -> None:
        """List the conversations, and look after what is kept."""
        self.screens.care.begin_watching()
        self.chat.load(self._go_on)
        self.services.folders.load()
        self._last.ask()
        self.chat.shelf.sweep()
        self.chat.attachments.sweep()

    def _go_on(self) -> None:
        """Open the conversation that was shown last, and let the search catch up."""
        self.services.search.start_filling()
        self.window.parts.each_file.take_over(self._file_runs)
        self._last.open()

    def _welcome(self) -> None:
        """Let in what the user did, then other starts: the user may have closed it, and they would find no answer."""
        self._do_in_turn(
            self._first.let_input_in,
            self._open_waiting,
            lambda: self._was_in_settings and self.screens.show_settings(),
            self._note_begun,
        )

    def _open_waiting(self) -> None:
        """Open what was handed over, and from now on what is."""
        self.opening = Opening(self.window, self._handed_over, self.services.folder, self)
        self.opening.model_given.connect(self.model_parts.open)
        self.opening.open_waiting()

    def _note_begun(self) -> None:
        self.has_begun = True

    def close(self) -> None:
        """Stop replies, close backends, end the engine, close the loop, write settings, close the database."""
        self._is_closed = True
        if self._cursor is not None:
            self._cursor.end()
        if self.opening is not None:
            self.opening.end()
        self._file_runs = self.window.parts.each_file.end()
        self.chat.stop_all()
        self.chat.unsaved.save_again()
        self.model_parts.stop_all()
        loop = self.services.loop
        if loop.is_running:
            ending = loop.submit(self._end_backends())
            try:
                ending.result(timeout=_CLOSE_SECONDS)
            except TimeoutError:  # a busy computer, or a server that does not let go; nobody has to look into it
                _log.warning("closing connections took longer than %s s", _CLOSE_SECONDS)
            except Exception:
                _log.warning("connections could not be closed", exc_info=True)
            loop.stop()
        self.services.recipes.end()
        self.screens.care.end()
        self.services.end(keeps_temporary=self.shall_reopen)

    async def _end_backends(self) -> None:
        try:
            await self.services.models.aclose()
            await self.model_parts.downloads.aclose()
        finally:
            await self.services.backends.aclose()

    def leave_behind(self) -> LeftBehind:
        """Return what the next window goes on with, of this one, which is closed."""
        chat, services = self.chat, self.services
        draft, outcome = chat.unsent.temporary_draft, self.screens.keeping.outcome
        return LeftBehind(chat.current.id, draft, outcome, self._file_runs, services.keys, services.store)

    def _follow_attention(self, attention: Attention) -> None:
        self.chat.generations.follow(attention)
        if attention is Attention.IN_FRONT:
            self.services.recipes.look_again()

    def _follow_policy(self) -> None:
        self.chat.follow_policy(self.services.policy)
        self.services.folders.follow_policy()
        self.model_parts.downloads.renew_keepers()
        self.screens.follow_policy()
        self.upkeep.tell_of_policy()

    @gui_task
    async def _make_ready_to_answer(self) -> None:
        """Read what shows a question and its answer, and make the page of messages, while the user writes."""
        await self.services.work.slowly(_warm_up)
        self.window.chat_page.prepare()

    def _reopen_if_allowed(self) -> None:
        """Make the window anew, unless that would lose typed words: they are shown instead."""
        self.shall_reopen = True
        self.window.close_if_allowed()

    def _stay(self) -> None:
        self.shall_reopen = False
        self.screens.leave_settings()

    def _reopen(self) -> None:
        self.shall_reopen = True
        self.window.close()

    def _on_not_saved(self, error: Exception) -> None:
        self.window.notice.show_error(describe_store(error))

    def _act(self, action: ErrorAction) -> None:
        match action:
            case ErrorAction.OPEN_DATA_FOLDER:
                QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.services.folder)))
            case ErrorAction.REPAIR:
                self.screens.keeping.ask_to_repair()
            case ErrorAction.RESTORE_BACKUP:
                self.screens.keeping.show_backups()
            case ErrorAction.OPEN_OFFLINE_LOCK:
                self.screens.show_settings(SettingsGroup.PRIVACY)
            case ErrorAction.QUIT:
                self.window.close()


def _words_of_problem(problem: SettingsProblem, *, is_locked: bool) -> ErrorText:
    """Return what is said of settings that could not be read; `is_locked`: and of the lock that is on for that."""
    translate = QCoreApplication.translate
    title = translate("app", "Your settings could not be read")
    sentence = translate("app", "Candor started with its own settings. Conversations are not affected.")
    if problem.moved_to is not None:
        kept = translate("app", "The unreadable file was kept as %1.").replace("%1", problem.moved_to.name)
        sentence = f"{sentence} {kept}"
    if not is_locked:
        return ErrorText(title, sentence, ())
    locked = translate("app", "The offline lock is on: nothing leaves this computer until you switch it off.")
    return ErrorText(title, f"{sentence} {locked}", (ErrorAction.OPEN_OFFLINE_LOCK,))


def _title_of(text: str, files: Sequence[str]) -> str:
    """Return the title of a conversation that begins with a text."""
    from desktop.core.tasks.title import first_title

    return first_title(text, files, frameworks())


def _warm_up() -> None:
    """Have the messages, Markdown and titles ready, on another thread: a letter and Enter would wait for their code."""
    for without_qt in ("desktop.rendering.formula.mathml", "desktop.core.evidence.checking"):
        import_module(without_qt)  # the window need not wait for what takes longest
    import_beside_window("desktop.ui.transcript.view")
    parse("*a* [b]\n\n[c]: d\n")
    _title_of("Say `hello` in *two* words", ())
