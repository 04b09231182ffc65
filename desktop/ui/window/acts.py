"""What the user asks of the whole window: by its shortcuts, at its messages and errors, and with files dropped on it.

Here the parts that do not know of each other are connected. Its shortcuts, and the question before it closes on work.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QAction,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QFileDialog, QWidget

from desktop.core.conversation import is_temporary
from desktop.core.message import AttachmentPart
from desktop.core.model import ModelChoice
from desktop.core.recipes.link import RECIPE_ENDING, GivenFile, given_file
from desktop.core.resources import QT_TRANSLATE_NOOP
from desktop.core.search import SearchHit
from desktop.rendering.text.letters import show_invisible
from desktop.runtime.background import gui_task
from desktop.runtime.chat import Chat
from desktop.ui.errors import ErrorAction
from desktop.ui.inputs.plain_paste import FilesPlace, GivenFiles, files_in, has_files
from desktop.ui.look.stylesheet import GAP_SECTION, HEADINGS, RADIUS_BUBBLE
from desktop.ui.look.theme import Theme
from desktop.ui.message_actions import Ask, PanelPreference
from desktop.ui.sidebar.column import FIND_KEYS
from desktop.ui.widgets.boxes import QuestionBox, ask_and_open
from desktop.ui.widgets.keys import ENGLISH
from desktop.ui.widgets.quiet_line import QuietLine
from desktop.ui.window.parts import WindowDependencies, WindowParts
from desktop.ui.words import fill, short, translate

if TYPE_CHECKING:
    from desktop.ui.window.main_window import MainWindow


class _Overlay(QWidget):
    """What lies over the window while files are over it."""

    def __init__(self, theme: Theme, window: QWidget) -> None:
        super().__init__(window)
        self._theme = theme
        self.setAcceptDrops(True)
        self.name_place("")
        self.hide()

    def name_place(self, name: str) -> None:
        """Say where the files would go: to a place of that name, or with the next message if it is empty."""
        said = fill(self.tr("Drop to give it to “%1”"), name) if name else self.tr("Drop to give it to the model")
        if said != self.accessibleName():
            self.setAccessibleName(said)
            self.update()

    def cover(self) -> None:
        """Show it over all of the window."""
        window = self.parentWidget()
        assert window is not None
        self.setGeometry(window.rect())
        self.show()
        self.raise_()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        ground = self._theme.color("paper")
        ground.setAlphaF(0.88)
        painter.fillRect(self.rect(), ground)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._theme.color("accent"), 2, Qt.PenStyle.DashLine))
        inner = QRectF(self.rect()).adjusted(GAP_SECTION, GAP_SECTION, -GAP_SECTION, -GAP_SECTION)
        painter.drawRoundedRect(inner, RADIUS_BUBBLE, RADIUS_BUBBLE)
        painter.setPen(self._theme.color("ink"))
        painter.setFont(self._theme.ui_font(HEADINGS[1]))
        painter.drawText(inner, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self.accessibleName())


class FileDrop(QObject):
    """A drop target as large as the window; a part of it that takes its own files gets them first."""

    dropped = Signal(object)  # GivenFiles

    def __init__(self, theme: Theme, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._overlay = _Overlay(theme, window)
        # The drag leaves the window for what lies over it, and a moment later it is known to have come there.
        self._left = QTimer(self, singleShot=True, interval=0)
        self._left.timeout.connect(self._overlay.hide)
        window.setAcceptDrops(True)
        window.installEventFilter(self)
        self._overlay.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QDragLeaveEvent):
            self._left.start()
            return True
        if not isinstance(event, QDropEvent) or not has_files(event.mimeData()):  # entering is a drop, too, for Qt
            return False
        self._left.stop()
        event.setDropAction(Qt.DropAction.CopyAction)  # a move might have the file deleted where it comes from
        event.accept()
        place = FilesPlace.at(self._window, event.position().toPoint())
        if event.type() is QEvent.Type.Drop:
            self._overlay.hide()
            (place.given if place is not None else self.dropped).emit(files_in(event.mimeData()))
        else:
            self._overlay.name_place(place.name if place is not None else "")
            if isinstance(event, QDragEnterEvent):
                self._overlay.cover()
        return True


_TEXT_STEP = 1.1


class WindowActs(QObject):
    """The acts that concern more than one part of the window."""

    model_file_chosen = Signal(str)  # path of a .gguf

    def __init__(self, window: MainWindow, parts: WindowParts, given: WindowDependencies) -> None:
        super().__init__(window)
        self._window = window
        self._parts = parts
        self._theme = given.theme
        self._chat = given.chat
        self._connections = given.connections
        self._preferences = given.chat.services.settings
        self._page = window.chat_page
        self._header = window.header
        self._empty = window.empty
        self._offered: QuietLine | None = None  # the model of a connection that was set up last
        self._connect_beside()
        self._connect_conversation()
        self._show_model_files()
        self._show_title()

    def _connect_beside(self) -> None:
        """Connect the sidebar, the pages, and what else stands around the conversation."""
        parts, sidebar, body = self._parts, self._window.sidebar, self._window.body
        sidebar.new_requested.connect(self.new_conversation)
        sidebar.find_requested.connect(parts.search.show)
        sidebar.connections_requested.connect(parts.connections.show)
        sidebar.bin_requested.connect(lambda: parts.bin.open())
        parts.conversations.chosen.connect(self._window.pages.show_home)
        parts.conversations.chosen.connect(body.uncover)
        self._window.pages.came_in_front.connect(body.uncover)
        body.shown_changed.connect(parts.conversations.follow_sidebar)
        body.beside_changed.connect(lambda shown: self._preferences.change(sidebar_open=shown))
        self._window.evidence_place.width_changed.connect(lambda px: self._preferences.change(evidence_width=px))
        parts.search.recipe_chosen.connect(parts.recipes.use)
        parts.search.file_chosen.connect(self._show_found_file)
        parts.connections.file_requested.connect(self.open_file)
        self._connections.saved_changed.connect(self._show_model_files)
        parts.comparing.asked.connect(lambda what, value: self._page.reading.ask("", what, value))
        parts.comparing.action_chosen.connect(self._act_in_chat)
        parts.prompt.compared.connect(parts.comparing.show)
        FileDrop(self._theme, self._window).dropped.connect(self._take_dropped)

    def _connect_conversation(self) -> None:
        parts, chat, header, menu = self._parts, self._chat, self._header, self._header.menu
        header.new.clicked.connect(self.new_conversation)
        header.title.renamed.connect(lambda title: chat.rename(chat.current.id, title))
        header.more.clicked.connect(self._show_conversation_menu)
        header.sidebar.clicked.connect(self._window.body.toggle)
        menu.opening.connect(self._connections.look_if_stale)
        menu.open_file_requested.connect(self.open_file)
        for chosen in (menu.chosen, parts.files.model_wanted):
            chosen.connect(self.choose_model)
        for wanted in (menu.connections_requested, header.place.connections_requested):
            wanted.connect(parts.connections.show)
        for wanted in (header.place.lock_requested, header.lock.clicked):
            wanted.connect(lambda: self.act(ErrorAction.OPEN_OFFLINE_LOCK))
        self._empty.action_chosen.connect(self._act_on_trouble)
        self._empty.temporary.clicked.connect(self.new_temporary)
        for wanted in (self._empty.file_wanted, parts.fresh.file_wanted):
            wanted.connect(lambda: parts.files.pick())
        self._empty.question_chosen.connect(parts.presenter.use_text)
        chat.leaving.connect(header.title.finish_editing)
        for changed in (chat.conversations_changed, chat.opened, chat.generation_started, self._page.waiting_ended):
            changed.connect(self._show_title)
        self._page.composer.changed.connect(chat.titles.cancel)
        self._page.reading.register(
            {Ask.OPEN_LINK: lambda _, address: ask_and_open(self._window, address), Ask.SET_PANELS: self._set_panels}
        )
        parts.presenter.action_chosen.connect(self.act)
        parts.presenter.model_needed.connect(header.open_models)
        for opening in (parts.finding.opening, parts.fresh.opening, parts.context.offered):
            opening.connect(parts.prompt.place.uncover)
        offer_undelete = parts.conversations.offer_undelete
        parts.fresh.binned.connect(offer_undelete)
        parts.fresh.compare_requested.connect(parts.fresh_comparing.ask_fresh)
        parts.fresh_comparing.binned.connect(lambda each: offer_undelete(each, was_compared=True))

    # Shortcuts

    def by_shortcut(self) -> dict[str, Callable[[], object]]:
        """Return what each shortcut does, by its key in `SHORTCUTS`."""
        parts, window = self._parts, self._window
        return {
            "new": self.new_conversation,
            "temporary": self.new_temporary,
            "start_fresh": self.start_fresh,
            "find_all": parts.search.show,
            "find": self._find,
            "next_passage": self._in_chat(lambda: parts.evidence.step(1)),
            "earlier_passage": self._in_chat(lambda: parts.evidence.step(-1)),
            "next_part": lambda: window.step_part(forward=True),
            "earlier_part": lambda: window.step_part(forward=False),
            "export": lambda: window.sidebar.export_requested.emit(self._chat.current.id),
            "rename": self._rename,
            "sidebar": window.body.toggle,
            "builder": self._in_chat(parts.prompt.toggle),
            "write_in_builder": self._write_prompt,
            "recipes": parts.recipes.show_list,
            "connections": parts.connections.show,
            "open_file": self.open_file,
            "attach": self._in_chat(parts.files.pick),
            "ask_folder": self._in_chat(parts.folders.pick),
            "write": self._page.composer.setFocus,
            "stop": self._escape,
            "larger": lambda: self._scale_text(self._theme.text_scale * _TEXT_STEP),
            "smaller": lambda: self._scale_text(self._theme.text_scale / _TEXT_STEP),
            "normal": lambda: self._scale_text(1.0),
            "settings": window.settings_requested.emit,
            "help": window.help_requested.emit,
            "keys": window.keys_requested.emit,
            "quit": window.close_if_allowed,
        }

    def new_conversation(self) -> None:
        """Start an empty conversation, at once, with the focus in the input field."""
        self._chat.new()
        self._window.pages.show_home()

    def new_temporary(self) -> None:
        """Show an empty conversation of which nothing will be written to the disk."""
        self._chat.new_temporary()
        self._window.pages.show_home()

    def start_fresh(self) -> None:
        """Offer to start the conversation fresh, if it is shown."""
        if self._window.is_chat_in_front:
            self._parts.fresh.open()

    def _in_chat(self, do: Callable[[], object]) -> Callable[[], object]:
        """Return what does this while the conversation is in front, and nothing else."""
        return lambda: do() if self._window.is_chat_in_front else None

    def _rename(self) -> None:
        """Let the user write another title: in the list if the keyboard is there, else over the conversation."""
        if not self._window.sidebar.rename_row() and self._chat.is_stored:
            self._window.pages.show_home()
            self._header.title.begin_editing()

    def _write_prompt(self) -> None:
        self._window.pages.show_home()
        self._parts.prompt.go_to()

    def _find(self) -> None:
        if self._window.is_chat_in_front:
            self._parts.finding.open()
        elif self._parts.preview.is_in_front:
            self._parts.preview.focus_find()
        elif self._parts.search.is_in_front:
            self._parts.search.show()

    def _scale_text(self, scale: float) -> None:
        self._theme.set_text_scale(scale)
        self._preferences.change(text_scale=self._theme.text_scale)

    def _escape(self) -> None:
        """Have Escape act on what lies on top: the first of these that has something to close, take back or stop."""
        parts = self._parts
        over_all = (parts.fresh.take_escape, self._window.body.take_escape)
        pages = (
            parts.comparing.take_escape,
            parts.each_file.take_escape,
            parts.preview.take_escape,
            parts.search.take_escape,
            self._window.pages.take_escape,
        )
        home = (
            parts.context.take_escape,
            parts.folder_asking.take_escape,
            parts.folders.take_escape,
            parts.guided.take_escape,
            parts.evidence.take_escape,
            parts.prompt.place.take_escape,
            self._page.take_escape,
            self._stop,
            parts.finding.take_escape,
            parts.evidence.leave_mark,
            self._page.close_notice,
        )
        any(take_escape() for take_escape in (*over_all, *pages, *home))

    def _stop(self) -> bool:
        """Stop the answer. Return False if none is coming."""
        is_answering = self._chat.is_answering
        self._chat.stop()
        return is_answering

    # Models, titles, and what messages and errors offer

    def choose_model(self, choice: ModelChoice) -> None:
        """Have a model answer in this conversation and in those to come."""
        if self._offered is not None:
            self._offered.hide()  # it is answered, wherever the model was chosen
        self._chat.choose_model(choice)
        self._preferences.change(default_choice=choice)
        self._page.composer.setFocus()

    def offer_model(self, choice: ModelChoice, model: str, connection: str) -> None:
        """Offer the model of a connection that has just been set up, in a line that stays until it is answered."""
        if self._offered is not None:
            self._offered.deleteLater()
        line = self._offered = QuietLine(self._theme)
        line.say(fill(self.tr("%1 is set up, with %2"), short(connection), short(model)))
        line.offer(self.tr("Use it now"), do=lambda: self.choose_model(choice))
        line.offer(self.tr("Not now"), "muted", line.hide)
        self._page.put_below(line)
        line.show()

    def _show_title(self) -> None:
        if self._page.is_awaiting and not self._chat.is_stored:
            return  # the title that is shown is that of the one to come
        title = self._chat.current.title
        keeps_nothing = is_temporary(self._chat.current.id)
        self._header.set_title(title, is_stored=self._chat.is_stored, is_temporary=keeps_nothing)
        self._empty.show_temporary(keeps_nothing)
        self._page.composer.take_files(not keeps_nothing)
        self._window.setWindowTitle(f"{show_invisible(title)} — Candor" if title else "Candor")

    def _show_conversation_menu(self) -> None:
        more, header = self._header.more, self._header
        at = more.mapToGlobal(more.rect().bottomLeft())
        self._parts.conversations.show_menu(self._window, at, header.title.begin_editing, header.hidden_buttons)

    def _show_model_files(self) -> None:
        self._page.model_files = self._connections.model_files

    def _set_panels(self, _: str, preference: PanelPreference) -> None:
        self._preferences.change(thinking_panel=preference.value)

    def _act_in_chat(self, action: ErrorAction) -> None:
        self._window.pages.show_home()
        self.act(action)

    def _act_on_trouble(self, action: ErrorAction) -> None:
        if action is ErrorAction.TRY_AGAIN:
            self._connections.look()
        else:
            self.act(action)

    def act(self, action: ErrorAction) -> None:
        """Do what an error offers, or pass it on to who can."""
        match action:
            case ErrorAction.TRY_AGAIN:
                self._parts.presenter.try_again()
            case ErrorAction.OPEN_CONNECTIONS:
                self._parts.connections.show()
            case ErrorAction.CHOOSE_MODEL:
                self._header.open_models()
            case ErrorAction.OPEN_FILE:
                self.open_file()
            case ErrorAction.START_FRESH:
                self.start_fresh()
            case _:
                self._window.action_requested.emit(action)

    # Files: picked as a model, dropped on the window, or found by searching

    def open_file(self) -> None:
        """Let the user pick a model file."""
        names = self.tr("Model files (*.gguf);;All files (*)")
        begin = self._parts.folder.beginning()
        path, _ = QFileDialog.getOpenFileName(self._window, self.tr("Open a model file"), begin, names)
        self._parts.folder.note([path] if path else [])
        if path:
            self.model_file_chosen.emit(path)

    def give_to_model(self, given: GivenFiles) -> None:
        """Give files to the model, with the next message of the conversation."""
        self._window.pages.show_home()
        self._parts.files.take_given(given)

    def _take_dropped(self, given: GivenFiles) -> None:
        """Open what is a model or a recipe, and give all else to the model."""
        rest: list[Path] = []
        for path in given.paths:
            if given_file(path.name) is GivenFile.MODEL:
                self.model_file_chosen.emit(str(path))
            elif path.name.endswith(RECIPE_ENDING):
                self._parts.recipes.look_at(path)
            else:
                rest.append(path)
        if rest or given.picture:
            self.give_to_model(GivenFiles(tuple(rest), given.picture))

    @gui_task
    async def _show_found_file(self, hit: SearchHit) -> None:
        """Show the text of a sent file in which something was found, as soon as it has been read."""
        message = (await self._chat.path.read([hit.message_id])).get(hit.message_id)
        for part in message.files if message is not None else ():
            is_it = isinstance(part, AttachmentPart) and part.name == hit.file and hit.found in part.text
            if isinstance(part, AttachmentPart) and is_it and self._window.is_chat_in_front:
                self._parts.preview.open_sent(part, hit.found)
                return


class ClosingQuestion(QObject):
    """The wait for the disk before the window closes, and the question where that refuses something."""

    stayed = Signal()  # the user wants the window not to close

    def __init__(self, chat: Chat, window: QWidget, keep_typed: Callable[[], None]) -> None:
        """`keep_typed` saves what stands in the window."""
        super().__init__(window)
        self._unsaved = chat.unsaved
        self._window = window
        self._keep_typed = keep_typed
        self._box: QuestionBox | None = None
        self._may_be_lost = False
        self._is_closing = False  # as soon as all is on the disk
        chat.unsaved.settled.connect(self._go_on)

    def may_close(self) -> bool:
        """Return True if nothing would be lost, or the user has agreed to it.

        Else the window closes by itself when the disk has taken all, or the user is asked.
        """
        if self._may_be_lost:
            return True
        self._keep_typed()
        if self._unsaved.is_settled:
            return True
        self._is_closing = True
        self._unsaved.save_again_quietly()
        return False

    def _go_on(self) -> None:
        if not self._is_closing:
            return
        if self._unsaved.is_settled:
            if self._box is not None:
                self._box.close()
            self._is_closing = False
            self._window.close()
        elif self._box is None:
            self._ask()

    def _ask(self) -> None:
        if self._unsaved.refused_kinds == {"reply"}:
            words = self.tr("The end of an answer is not saved")
            explanation = self.tr(
                "The disk did not take it, as a rule because it is full. Free some space and try again, or copy the"
                " answer. If you close now, its last words are lost."
            )
        else:
            words = self.tr("What you wrote last is not saved")
            explanation = self.tr(
                "The disk did not take it, as a rule because it is full. Free some space and try again, or copy it."
                " If you close now, it is lost."
            )
        box = self._box = QuestionBox(self._window, words, explanation, warns=True)
        box.offer(self.tr("Save and close"), self._save_and_close)
        box.offer(self.tr("Close anyway"), self._close_anyway, destroys=True)
        box.finished.connect(self._forget)
        box.rejected.connect(self._stay)
        box.ask(self.tr("Cancel"))

    def _forget(self) -> None:
        self._box = None

    def _stay(self) -> None:
        self._is_closing = False
        self.stayed.emit()

    def _save_and_close(self) -> None:
        self._is_closing = True
        self._unsaved.save_again_quietly()

    def _close_anyway(self) -> None:
        self._may_be_lost = True
        self._window.close()


@dataclass(frozen=True, slots=True)
class Shortcut:
    """Name in English, and the keys that do the same."""

    name: str
    keys: tuple[str, ...]


SHORTCUTS: Mapping[str, Shortcut] = {
    "new": Shortcut(QT_TRANSLATE_NOOP("MainWindow", "New conversation"), ("Ctrl+N",)),
    "temporary": Shortcut(QT_TRANSLATE_NOOP("MainWindow", "Temporary conversation"), ("Ctrl+Shift+T",)),
    "start_fresh": Shortcut(QT_TRANSLATE_NOOP("MainWindow", "Start fresh"), ("Ctrl+Shift+N",)),
    "find_all": Shortcut(QT_TRANSLATE_NOOP("MainWindow", "Find anything said"), (FIND_KEYS,)),
    "find": Shortcut(QT_TRANSLATE_NOOP("MainWindow", "Find in this conversation"), ("Ctrl+F",)),
    "next_passage": Shortcut(QT_TRANSLATE_NOOP("MainWindow", "Next passage that was looked up"), ("F8",)),
    "earlier_passage": Shortcut(QT_TRANSLATE_NOOP("MainWindow", "Passage before that was looked up"), ("Shift+F8",)),
    "next_part": Shortcut(QT_TRANSLATE_NOOP("MainWindow", "Next part of the window"), ("F6",)),
    "earlier_part": Shortcut(QT_TRANSLATE_NOOP("MainWindow", "Part of the window before"), ("Shift+F6",)),
    "export": Shortcut(QT_TRANSLATE_NOOP("MainWindow", "Export or print"), ("Ctrl+P",)),
    "rename": Shortcut(QT_TRANSLATE_NOOP("MainWindow", "Rename the conversation"), ("F2",)),
    "sidebar": Shortcut(QT_TRANSLATE_NOOP("MainWindow", "Sidebar"), ("Ctrl+\\",)),
    "builder": Shortcut(QT_TRANSLATE_NOOP("MainWindow", "Prompt builder"), ("Ctrl+B",)),
    "write_in_builder": Shortcut(QT_TRANSLATE_NOOP("MainWindow", "Write in the prompt builder"), ("Ctrl+Shift+B",)),
    "recipes": Shortcut(QT_TRANSLATE_NOOP("MainWindow", "Recipes"), ("Ctrl+Shift+R",)),
    "connections": Shortcut(QT_TRANSLATE_NOOP("MainWindow", "Connections"), ("Ctrl+Shift+O",)),
    "open_file": Shortcut(QT_TRANSLATE_NOOP("MainWindow", "Open a model file…"), ("Ctrl+O",)),
    "attach": Shortcut(QT_TRANSLATE_NOOP("MainWindow", "Attach files"), ("Ctrl+Shift+A",)),
    "ask_folder": Shortcut(QT_TRANSLATE_NOOP("MainWindow", "Ask a folder"), ("Ctrl+Shift+F",)),
    "write": Shortcut(QT_TRANSLATE_NOOP("MainWindow", "Write a message"), ("Ctrl+L",)),
    "stop": Shortcut(QT_TRANSLATE_NOOP("MainWindow", "Stop"), ("Esc",)),
    "larger": Shortcut(QT_TRANSLATE_NOOP("MainWindow", "Larger text"), ("Ctrl++", "Ctrl+=")),
    "smaller": Shortcut(QT_TRANSLATE_NOOP("MainWindow", "Smaller text"), ("Ctrl+-",)),
    "normal": Shortcut(QT_TRANSLATE_NOOP("MainWindow", "Normal text"), ("Ctrl+0",)),
    "settings": Shortcut(QT_TRANSLATE_NOOP("MainWindow", "Settings"), ("Ctrl+,",)),
    "help": Shortcut(QT_TRANSLATE_NOOP("MainWindow", "Help"), ("F1",)),
    "keys": Shortcut(QT_TRANSLATE_NOOP("MainWindow", "Shortcuts"), ("Ctrl+?",)),
    "quit": Shortcut(QT_TRANSLATE_NOOP("MainWindow", "Quit"), ("Ctrl+Q",)),
}


def add_shortcuts(window: QWidget, acts: Mapping[str, Callable[[], object]]) -> None:
    """Give a window all shortcuts; `acts` does what each is for."""
    for key, shortcut in SHORTCUTS.items():
        action = QAction(translate("MainWindow", shortcut.name), window)
        action.setProperty(ENGLISH, shortcut.name)
        action.setShortcuts([QKeySequence(each) for each in shortcut.keys])
        action.triggered.connect(lambda _=False, act=acts[key]: act())
        window.addAction(action)
