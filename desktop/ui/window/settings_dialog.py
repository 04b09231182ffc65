"""The settings of the whole program, in four groups: look, privacy, conversations, help while writing.

What is chosen holds at once. What belongs to a conversation is set there.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum
from typing import TypeVar

from PySide6.QtCore import QLocale, QSignalBlocker, QSize, Qt, SignalInstance
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFrame,
    QMenu,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QWidget,
)

from desktop.core.policy.fixed import Policy
from desktop.core.resources import resource_path
from desktop.core.sign import SignKind, kinds_off
from desktop.core.text import size as text_size
from desktop.runtime.settings import SettingsKeeper
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import GAP, GAP_SECTION, GAP_TIGHT
from desktop.ui.policy.fixed_note import FixedNote
from desktop.ui.widgets.boxes import Dialog
from desktop.ui.widgets.buttons import button
from desktop.ui.widgets.form_parts import ChoiceBox
from desktop.ui.widgets.labels import PlainLabel
from desktop.ui.widgets.layout import FlowLayout, stack
from desktop.ui.words import fill, number

_TEXT_SCALES = (text_size.SMALLEST, 0.9, 1.0, 1.1, 1.25, 1.5, 1.75, text_size.LARGEST)
_BIN_DAYS = (7, 30, 90)
_SIZE = QSize(560, 450)
_TAB = Qt.FocusPolicy.TabFocus
_NAME_PX = 190  # of what is chosen in a box

_T = TypeVar("_T")


class SettingsGroup(IntEnum):
    """Group of settings, in the order of their buttons."""

    LOOK = 0
    PRIVACY = 1
    CONVERSATIONS = 2
    WRITING = 3


def _languages() -> list[tuple[str, str]]:
    """Return the languages that have a file, each in its own words, so that those find it who read no other."""
    codes = (file.stem.removeprefix("candor_") for file in resource_path("i18n").glob("candor_*.qm"))
    return [("en", "English"), *((code, QLocale(code).nativeLanguageName()) for code in sorted(codes) if code != "en")]


class SettingsDialog(Dialog):
    """A dialog of settings. `is_answering`: a reply runs, which a change of the language would end.

    `spoken` is the window's language, as the program was started in. Dialogs that it leads to stand above it.
    """

    def __init__(
        self,
        theme: Theme,
        preferences: SettingsKeeper,
        *,
        spoken: str = "",
        is_answering: bool = False,
        policy: Policy | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._preferences = preferences
        self._policy = policy or Policy()
        self.setWindowTitle(self.tr("Settings"))
        self._buttons: list[QPushButton] = []
        self._groups = QStackedWidget()
        self._pages: list[QScrollArea] = []
        head = FlowLayout()
        for group, words, parts in (
            (SettingsGroup.LOOK, self.tr("Look"), self._make_look(spoken)),
            (SettingsGroup.PRIVACY, self.tr("Privacy"), self._make_privacy()),
            (SettingsGroup.CONVERSATIONS, self.tr("Conversations"), self._make_conversations()),
            (SettingsGroup.WRITING, self.tr("Help while writing"), self._make_writing()),
        ):
            head.addWidget(self._add_group(group, words, parts))
        close = button(self.tr("Close"), do=self.reject)
        self.column.addWidget(PlainLabel(self.tr("Settings"), "title"))
        self.column.addLayout(head)
        self.column.addWidget(self._groups, 1)
        self.add_foot((), (close,), default=close)
        self.set_answering(is_answering)
        self.show_group(SettingsGroup.LOOK)
        # Queued: the boxes have the new size only when they have been told of it, too.
        theme.changed.connect(self._fit, Qt.ConnectionType.QueuedConnection)
        self._fit()

    def show_group(self, group: SettingsGroup) -> None:
        """Show one of the groups, with the keyboard at its first setting."""
        self._choose(group)
        controls = (each for each in self._pages[group].findChildren(QWidget) if each.focusPolicy() & _TAB)
        next(each for each in controls if each.isEnabled()).setFocus(Qt.FocusReason.TabFocusReason)

    def _choose(self, group: SettingsGroup) -> None:
        for at, each in enumerate(self._buttons):
            with QSignalBlocker(each):
                each.setChecked(at == group)
        self._groups.setCurrentIndex(group)

    def set_answering(self, is_answering: bool) -> None:
        """Set if a reply runs, which a change of the language would end."""
        self.language.setEnabled(not is_answering)
        self._waits.setVisible(is_answering)

    def _fit(self) -> None:
        self.fit(QSize(self._theme.px(_SIZE.width()), self._theme.px(_SIZE.height())))

    # The groups

    def _make_look(self, spoken: str) -> list[QWidget]:
        now, system = self._preferences.now, self.tr("As the system")
        languages = [("", system), *_languages()]
        is_spoken_once = spoken not in ("", now.language)  # as the program was told at its start
        named = spoken if spoken in dict(languages) else QLocale(spoken).name()
        themes = [("system", system), ("light", self.tr("Light")), ("dark", self.tr("Dark"))]
        nearest = min(_TEXT_SCALES, key=lambda scale: abs(scale - self._theme.text_scale))
        sizes = [(scale, fill(self.tr("%1 %"), number(round(100 * scale)))) for scale in _TEXT_SCALES]
        self.language = self._choice("language", languages, named if is_spoken_once else now.language)
        self.theme_choice = self._choice("theme", themes, now.theme)
        self.text_size = self._choice("text_scale", sizes, nearest)
        waits = self.tr("The language can be changed when the answer has ended.")
        self._waits = PlainLabel(waits, "small", wraps=True)
        alone = self.tr("For this start alone, as it was asked for. Choose one to keep it.")
        once = PlainLabel(alone, "small", wraps=True)
        once.setVisible(is_spoken_once)
        self.origins = self._switch(self.tr("Name model and place at an answer"), "names_models")
        origins = self.tr("Where they are others than at the answer before.")
        return [
            self._named(self.tr("Language"), self.language),
            once,
            self._waits,
            self._named(self.tr("Colours"), self.theme_choice),
            self._named(self.tr("Text size"), self.text_size),
            self._explained(self.origins, origins),
        ]

    def _make_privacy(self) -> list[QWidget]:
        self.offline = self._switch(self.tr("Offline lock: reach nothing but this computer"), "offline_lock")
        lock = self.tr("Requests to servers elsewhere then end at once, with a sentence that says why.")
        lines: list[QWidget] = [self._explained(self.offline, lock)]
        if self._policy.offline_lock is not None:
            self.offline.setEnabled(False)
            lines.append(FixedNote(self._theme, self._policy))
        self.ledger = button(self.tr("Where did my words go…"), do=self.reject)
        self.ledger_requested: SignalInstance = self.ledger.clicked
        self.fixed = button(self.tr("What is fixed…"))
        self.policy_requested: SignalInstance = self.fixed.clicked
        self.fixed.setVisible(self._policy.is_there)
        return [*lines, _row(self.ledger, self.fixed)]

    def _make_conversations(self) -> list[QWidget]:
        now, never = self._preferences.now, (0, self.tr("Until I delete them for good"))
        days = [*((each, fill(self.tr("For %1 days"), number(each))) for each in _BIN_DAYS), never]
        self.bin_days = self._choice("bin_days", days, now.bin_days)
        self.titles = self._switch(self.tr("Let models on this computer name conversations"), "names_conversations")
        named = self.tr(
            "After its first answer, by the model that gave it. Not on battery. Titles that you write stay."
        )
        self.backups = button(self.tr("Backups…"))
        self.backups_requested: SignalInstance = self.backups.clicked
        self.imports = button(self.tr("Import…"))
        sources = QMenu(self.imports)
        self.import_file = sources.addAction(self.tr("From a file…"), self.reject)
        self.import_folder = sources.addAction(self.tr("From a folder…"), self.reject)
        self.imports.setMenu(sources)
        return [
            self._named(self.tr("Keep deleted conversations"), self.bin_days),
            self._explained(self.titles, named),
            _row(self.backups, self.imports),
        ]

    def _make_writing(self) -> list[QWidget]:
        self.tasks = self._switch(self.tr("Name the task while I write, and offer a form"), "names_tasks")
        self.hints = self._switch(self.tr("Offer another model when the task asks for it"), "model_hints")
        hints = self.tr("One that thinks for a calculation, a quicker one for a letter. Of those you have.")
        self.signs = QCheckBox(self.tr("Say below an answer what looks wrong with it"))
        self.signs.setChecked(not set(SignKind) <= kinds_off(self._preferences.now.signs_off))
        self.signs.toggled.connect(self._switch_signs)
        signs = self.tr("Found on this computer, without a model. Where Candor is not sure, it says nothing.")
        self.instructions = button(self.tr("Instructions…"))
        self.instructions_requested: SignalInstance = self.instructions.clicked
        return [
            self.tasks,
            self._explained(self.hints, hints),
            self._explained(self.signs, signs),
            _row(self.instructions),
        ]

    def _switch_signs(self, is_on: bool) -> None:
        """Want all kinds of signs, or none; kinds that only a newer version knows stay as they are."""
        unknown = set(self._preferences.now.signs_off) - set(SignKind)
        off = unknown if is_on else unknown | {kind.value for kind in SignKind}
        self._preferences.change(signs_off=tuple(sorted(off)))

    # What they are made of

    def _add_group(self, group: SettingsGroup, words: str, parts: Sequence[QWidget]) -> QPushButton:
        """Add the page of a group, which scrolls where it has no room, and return the button that shows it."""
        inside = QWidget()
        stack(*parts, None, gap=GAP_SECTION, margins=(0, GAP, GAP, GAP), on=inside)
        page = QScrollArea()
        page.setWidgetResizable(True)
        page.setFrameShape(QFrame.Shape.NoFrame)
        page.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        page.setWidget(inside)
        page.viewport().setAutoFillBackground(False)
        self._pages.append(page)
        inside.setAutoFillBackground(False)
        chosen = button(words, "filter")
        chosen.setCheckable(True)
        self._groups.insertWidget(group, page)
        chosen.toggled.connect(lambda _: self._choose(group))  # a screen reader toggles it and clicks nothing
        self._buttons.append(chosen)
        return chosen

    def _choice(self, setting: str, choices: Sequence[tuple[_T, str]], now: _T) -> QComboBox:
        box = ChoiceBox(self._theme)
        for value, words in choices:
            box.addItem(words, value)
        box.setCurrentIndex(max(0, box.findData(now)))
        box.activated.connect(lambda at: self._preferences.change(**{setting: choices[at][0]}))
        return box

    def _switch(self, words: str, setting: str) -> QCheckBox:
        box = QCheckBox(words)
        box.setChecked(getattr(self._preferences.now, setting))
        box.toggled.connect(lambda is_on: self._preferences.change(**{setting: is_on}))
        return box

    def _named(self, words: str, box: QComboBox) -> QWidget:
        """Return a box to choose from behind its name."""
        box.setAccessibleName(words)
        name = PlainLabel(words, wraps=True)
        name.setMinimumWidth(self._theme.px(_NAME_PX))
        row = QWidget()
        stack(name, (box, 1), on=row, across=True)
        return row

    def _explained(self, switch: QCheckBox, words: str) -> QWidget:
        """Return a switch over its explanation."""
        switch.setAccessibleDescription(words)
        lines = QWidget()
        stack(switch, PlainLabel(words, "small", wraps=True), gap=GAP_TIGHT, on=lines)
        return lines


def _row(*buttons: QPushButton) -> QWidget:
    row = QWidget()
    flow = FlowLayout(row)
    for each in buttons:
        flow.addWidget(each)
    return row
