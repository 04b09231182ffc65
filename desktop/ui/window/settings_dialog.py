"""The few settings of the whole program: language, light or dark, text size, the network.

What is chosen holds at once. What belongs to a conversation is set there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from PySide6.QtCore import QLocale, QSize, Qt, SignalInstance
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QMenu,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from desktop.core.conversation import BIN_DAYS
from desktop.core.policy.fixed import Policy
from desktop.core.preferences import Preferences, ThemeName
from desktop.core.resources import resource_path
from desktop.core.text import size as text_size
from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import GAP, GAP_PAGE, GAP_SECTION, GAP_TIGHT
from desktop.ui.policy.fixed_note import FixedNote
from desktop.ui.widgets.boxes import Dialog
from desktop.ui.widgets.flow import FlowLayout
from desktop.ui.widgets.form_parts import ChoiceBox
from desktop.ui.widgets.labels import PlainLabel
from desktop.ui.words import fill, number

_TEXT_SCALES = (text_size.SMALLEST, 0.9, 1.0, 1.1, 1.25, 1.5, 1.75, text_size.LARGEST)
_BIN_DAYS = (7, 30, 90)
_LEAST_PX = 420  # wide
_NO_LIMIT = (1 << 24) - 1  # Qt's own QWIDGETSIZE_MAX
_LEAST_LINES = 8  # of the settings that are seen at once

_T = TypeVar("_T")


def _languages() -> list[tuple[str, str]]:
    """Return the languages that have a file, each in its own words, so that those find it who read no other."""
    codes = (file.stem.removeprefix("candor_") for file in resource_path("i18n").glob("candor_*.qm"))
    return [("en", "English"), *((code, QLocale(code).nativeLanguageName()) for code in sorted(codes) if code != "en")]


@dataclass(frozen=True, slots=True)
class Chosen:
    """The present settings; `language` empty: the system's. `spoken`: the window's, as the program was started in."""

    language: str
    theme: ThemeName
    text_scale: float
    offline_lock: bool
    bin_days: int = BIN_DAYS
    model_hints: bool = True
    names_tasks: bool = True
    names_conversations: bool = True
    names_models: bool = True
    spoken: str = ""


class _Scroll(QScrollArea):
    """The settings as high as they are, where the screen has the room; else they scroll."""

    def __init__(self, settings: QWidget) -> None:
        super().__init__()
        self._settings = settings
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(settings)
        self.viewport().setAutoFillBackground(False)
        settings.setAutoFillBackground(False)

    # Qt's own methods

    def sizeHint(self) -> QSize:
        width = max(self._settings.sizeHint().width(), self.window().minimumWidth() - 2 * GAP_PAGE)
        return QSize(width, max(self._settings.heightForWidth(width), self._settings.minimumSizeHint().height()))

    def minimumSizeHint(self) -> QSize:
        width = self._settings.minimumSizeHint().width() + self.verticalScrollBar().sizeHint().width()
        return QSize(width, self.fontMetrics().lineSpacing() * _LEAST_LINES)


class SettingsDialog(Dialog):
    """A dialog of settings. `is_answering`: a reply runs, which a change of the language would end."""

    def __init__(
        self,
        theme: Theme,
        chosen: Chosen,
        preferences: Preferences,
        *,
        is_answering: bool = False,
        policy: Policy | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._policy = policy or Policy()
        self.setWindowTitle(self.tr("Settings"))
        self._theme = theme
        languages = [("", self.tr("As the system")), *_languages()]
        themes: list[tuple[ThemeName, str]] = [
            ("system", self.tr("As the system")),
            ("light", self.tr("Light")),
            ("dark", self.tr("Dark")),
        ]
        nearest = min(_TEXT_SCALES, key=lambda scale: abs(scale - chosen.text_scale))
        sizes = [(scale, fill(self.tr("%1 %"), number(round(100 * scale)))) for scale in _TEXT_SCALES]
        self._is_spoken_once = chosen.spoken not in ("", chosen.language)  # as the program was told at its start
        spoken = QLocale(chosen.spoken).name() if chosen.spoken not in dict(languages) else chosen.spoken
        shown = spoken if self._is_spoken_once else chosen.language
        self.language = self._choice(languages, shown, lambda it: preferences.change(language=it))
        self.theme_choice = self._choice(themes, chosen.theme, lambda it: preferences.change(theme=it))
        self.text_size = self._choice(sizes, nearest, lambda it: preferences.change(text_scale=it))
        never = (0, self.tr("Until I delete them for good"))
        days = [*((each, fill(self.tr("For %1 days"), number(each))) for each in _BIN_DAYS), never]
        self.bin_days = self._choice(days, chosen.bin_days, lambda it: preferences.change(bin_days=it))
        offline = self.tr("Offline lock: reach nothing but this computer")
        self.offline = self._switch(offline, chosen.offline_lock, lambda on: preferences.change(offline_lock=on))
        tasks = self.tr("Name the task while I write, and offer a form")
        self.tasks = self._switch(tasks, chosen.names_tasks, lambda on: preferences.change(names_tasks=on))
        titles = self.tr("Let models on this computer name conversations")
        named = chosen.names_conversations
        self.titles = self._switch(titles, named, lambda on: preferences.change(names_conversations=on))
        origins = self.tr("Name model and place under each answer")
        self.origins = self._switch(origins, chosen.names_models, lambda on: preferences.change(names_models=on))
        hints = self.tr("Offer another model when the task asks for it")
        self.hints = self._switch(hints, chosen.model_hints, lambda on: preferences.change(model_hints=on))
        self.signs = QPushButton(self.tr("Signs of trouble…"))
        self.signs.setAutoDefault(False)
        self.signs.clicked.connect(self.reject)
        self.signs_requested: SignalInstance = self.signs.clicked  # this dialog makes room
        self.backups = QPushButton(self.tr("Backups…"))
        self.backups.setAutoDefault(False)
        self.backups.clicked.connect(self.reject)
        self.backups_requested: SignalInstance = self.backups.clicked
        self.imports = QPushButton(self.tr("Import…"))
        self.imports.setAutoDefault(False)
        sources = QMenu(self.imports)
        self.import_file = sources.addAction(self.tr("From a file…"), self.reject)
        self.import_folder = sources.addAction(self.tr("From a folder…"), self.reject)
        self.imports.setMenu(sources)
        self.fixed = QPushButton(self.tr("What is fixed…"))
        self.fixed.setAutoDefault(False)
        set_look(self.fixed, "link")
        self.fixed.clicked.connect(self.reject)
        self.policy_requested: SignalInstance = self.fixed.clicked
        self.ledger = QPushButton(self.tr("Where did my words go…"))
        self.ledger.setAutoDefault(False)
        self.ledger.clicked.connect(self.reject)
        self.ledger_requested: SignalInstance = self.ledger.clicked
        self.instructions = QPushButton(self.tr("Instructions…"))
        self.instructions.setAutoDefault(False)
        self.instructions.clicked.connect(self.reject)
        self.instructions_requested: SignalInstance = self.instructions.clicked
        self._close = QPushButton(self.tr("Close"))
        self._close.setDefault(True)
        self._close.clicked.connect(self.reject)
        self._lay_out(is_answering)
        self.finished.connect(self.deleteLater)
        # Queued: the boxes have the new size only when they have been told of it, too.
        theme.changed.connect(self._fit, Qt.ConnectionType.QueuedConnection)
        self.setMinimumWidth(theme.px(_LEAST_PX))

    def point_at_lock(self) -> None:
        """Focus the switch of the offline lock, to draw the eye to it."""
        self.offline.setFocus(Qt.FocusReason.TabFocusReason)

    def _fit(self) -> None:
        """Become as large as the text asks for whose size is chosen here, but no higher than the window."""
        self.setMinimumWidth(max(self._theme.px(_LEAST_PX), self.minimumSizeHint().width()))
        self.adjustSize()  # which takes two thirds of a screen at most
        column = self.layout()
        if column is not None:
            parent = self.parentWidget()
            window = parent.window().height() if parent is not None else _NO_LIMIT
            tallest = min(self.screen().availableGeometry().height(), max(window, self.minimumSizeHint().height()))
            self.resize(self.width(), min(max(self.height(), column.heightForWidth(self.width())), tallest))

    def _choice(self, choices: Sequence[tuple[_T, str]], now: _T, choose: Callable[[_T], None]) -> QComboBox:
        box = ChoiceBox(self._theme)
        for value, words in choices:
            box.addItem(words, value)
        box.setCurrentIndex(max(0, box.findData(now)))
        box.activated.connect(lambda at: choose(choices[at][0]))
        return box

    def _switch(self, words: str, now: bool, switch: Callable[[bool], None]) -> QCheckBox:
        box = QCheckBox(words)
        box.setChecked(now)
        box.toggled.connect(switch)
        return box

    def _explained(self, switch: QCheckBox, words: str, is_fixed: bool = False) -> QVBoxLayout:
        """Return a switch over its explanation, and over who has fixed it if it cannot be changed."""
        switch.setAccessibleDescription(words)
        column = QVBoxLayout()
        column.setSpacing(GAP_TIGHT)
        column.addWidget(switch)
        column.addWidget(PlainLabel(words, "small", wraps=True))
        if is_fixed:
            switch.setEnabled(False)
            column.addWidget(FixedNote(self._theme, self._policy))
        return column

    def _policy_row(self) -> QHBoxLayout:
        """Return the way to all that is fixed on this computer."""
        row = QHBoxLayout()
        row.addWidget(self.fixed)
        row.addStretch(1)
        return row

    def set_answering(self, is_answering: bool) -> None:
        """Set if a reply runs, which a change of the language would end."""
        self.language.setEnabled(not is_answering)
        self._form.setRowVisible(self._waits, is_answering)

    def _lay_out(self, is_answering: bool) -> None:
        form = QFormLayout()
        form.setHorizontalSpacing(GAP_SECTION)
        form.setVerticalSpacing(GAP)
        for words, box in (
            (self.tr("Language"), self.language),
            (self.tr("Colours"), self.theme_choice),
            (self.tr("Text size"), self.text_size),
            (self.tr("Keep deleted conversations"), self.bin_days),
        ):
            box.setAccessibleName(words)
            form.addRow(PlainLabel(words), box)
        if self._is_spoken_once:
            once = self.tr("For this start alone, as it was asked for. Choose one to keep it.")
            form.insertRow(1, "", PlainLabel(once, "small", wraps=True))
        waits = PlainLabel(self.tr("The language can be changed when the answer has ended."), "small", wraps=True)
        form.insertRow(1, "", waits)
        self._form, self._waits = form, waits
        self.set_answering(is_answering)
        lock = self.tr("Requests to servers elsewhere then end at once, with a sentence that says why.")
        foot = FlowLayout(last_at_right=1)
        for button in (self.signs, self.backups, self.imports, self._close):
            foot.addWidget(button)
        settings = QWidget()
        column = QVBoxLayout(settings)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_SECTION)
        column.addLayout(form)
        column.addLayout(self._explained(self.offline, lock, self._policy.offline_lock is not None))
        goes = FlowLayout()
        goes.addWidget(self.instructions)
        goes.addWidget(self.ledger)
        column.addLayout(goes)
        column.addWidget(self.origins)
        hints = self.tr("One that thinks for a calculation, a quicker one for a letter. Of those you have.")
        self.hints.setToolTip(hints)
        self.hints.setAccessibleDescription(hints)
        column.addWidget(self.hints)
        column.addWidget(self.tasks)
        named = self.tr(
            "After its first answer, by the model that gave it. Not on battery. Titles that you write stay."
        )
        column.addLayout(self._explained(self.titles, named))
        if self._policy.is_there:
            column.addLayout(self._policy_row())
        else:
            self.fixed.setParent(self)
            self.fixed.hide()
        column.addStretch(1)
        self.column.addWidget(PlainLabel(self.tr("Settings"), "title"))
        self.column.addWidget(_Scroll(settings), 1)
        self.column.addLayout(foot)
        first = [self.language, self.theme_choice, self.text_size, self.bin_days, self.offline]
        next(each for each in first if each.isEnabled()).setFocus()

    # Qt's own methods

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._fit()  # now that the words have the size in which they are shown
