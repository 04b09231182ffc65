"""The start page, in an empty conversation: what one wants to do, a quiet line on the model, and where words go.

If no model can answer, it says why instead, with the next steps.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale, Qt, SignalInstance
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desktop.ui.failures.entry import ErrorAction
from desktop.ui.failures.shown import ErrorText
from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.tokens import COLUMN_EM, FILL_OF_PLACE, GAP, GAP_PAGE, GAP_SECTION, GAP_TIGHT, GAP_WIDE, TEXT_PX
from desktop.ui.start.away_line import AwayLine
from desktop.ui.start.recipes import StartRecipes
from desktop.ui.start.tiles import TaskTiles
from desktop.ui.widgets.buttons import LabelledButton
from desktop.ui.widgets.error_card import ErrorCard
from desktop.ui.widgets.labels import Paragraph, PlainLabel, set_tooltip
from desktop.ui.widgets.page import CenteredPage
from desktop.ui.words import fill, place_sentence, short, translate

if TYPE_CHECKING:
    from desktop.core.model import ModelInfo
    from desktop.core.models.facts import ModelFacts
    from desktop.core.place import Place
    from desktop.ui.look.theme import Theme

# Borders of the size classes, in weights: what fits a phone, a laptop, one good graphics card; above that, a server.
_TOY = 1_000_000_000
_TINY = 2_500_000_000
_SMALL = 11_000_000_000
_MIDDLE = 45_000_000_000

_LOW_PX = 430  # of height: below, what is said of the model is cut short rather than cut through
_LOWEST_PX = 330  # below, the clip in the message box stands for the button beside it


def is_toy(model: ModelInfo) -> bool:
    """Return True if a model, such as the bundled one, is too small for anything but trying out."""
    return model.parameters is not None and model.parameters < _TOY


def good_at(model: ModelInfo) -> str:
    """Return one sentence on what a model is good at, from its size and from whether it thinks."""
    count = model.parameters
    if is_toy(model):
        return translate(
            "empty_conversation",
            "This model is tiny. It shows how Candor works, without any network, but it is often wrong: do not rely on"
            " what it says.",
        )
    if "thinking" in model.capabilities or any(mode.value not in ("auto", "off") for mode in model.thinking_modes):
        if count is not None and count < _TINY:
            return translate(
                "empty_conversation",
                "A very small model that thinks before it answers: quick, for short questions, but easily wrong.",
            )
        return translate(
            "empty_conversation",
            "It thinks before it answers: a little slower, and better at calculation, logic and planning.",
        )
    if count is None:
        return translate("empty_conversation", "For writing, summarising, translating and questions of all kinds.")
    if count < _TINY:
        return translate(
            "empty_conversation", "A very small model: quick, for short texts and simple questions, but easily wrong."
        )
    if count < _SMALL:
        return translate(
            "empty_conversation", "A model for one person: writes, summarises and translates everyday texts well."
        )
    if count < _MIDDLE:
        return translate(
            "empty_conversation", "A capable model: good at longer texts, careful wording and harder questions."
        )
    return translate(
        "empty_conversation", "A very large model: knows a great deal and is good at difficult and long texts."
    )


class EmptyConversation(CenteredPage):
    """A page told which model answers from where; emits which task was picked."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, COLUMN_EM * TEXT_PX, centred=True, parent=parent)
        self._theme = theme
        self._tiles = TaskTiles(theme)
        self.guide_wanted: SignalInstance = self._tiles.chosen  # the key of a task
        self._file_row = QWidget()
        self._file = LabelledButton(theme, "attach", self.tr("Give it a file"))
        self.file_wanted: SignalInstance = self._file.clicked
        self.recipes = StartRecipes(theme)
        self._beginning = self._make_beginning()
        self._good_at = Paragraph("", "small")
        self._better = Paragraph(
            self.tr("For real work take a larger model: “Which model” says which runs well here."), "small"
        )
        self._speaks = Paragraph(self.tr("It hardly speaks your language.", "say which: English, Chinese"), "small")
        self.away = AwayLine()  # the chosen model cannot answer now
        self.which = QPushButton(self.tr("Which model"))
        self.which.setAutoDefault(False)
        set_look(self.which, "advice")
        self._place_line = PlainLabel("", "here small", wraps=True)
        self._trouble = ErrorCard()
        self.action_chosen: SignalInstance = self._trouble.action_chosen  # an ErrorAction
        self._temporary = Paragraph(
            self.tr(
                "This conversation is temporary: nothing of it is written to the disk, and it ends with Candor. It"
                " takes words, no files."
            ),
            "muted",
        )
        self.temporary = LabelledButton(theme, "temporary", self.tr("Make it temporary"), "muted")
        self.temporary.setToolTip(self.tr("A conversation of which nothing is kept (Ctrl+Shift+T)"))
        self._foot = QWidget()  # what is said of the model and the place
        self._gives_way = False
        self._whole_size = (0, 0)  # the width at which the foot had to go, and the height of the page with it
        self._lay_out()
        self.verticalScrollBar().rangeChanged.connect(self._fit_foot)
        self.show_temporary(False)
        for each in (self._better, self._speaks, self._trouble, self.away):
            each.hide()
        # What is known of a model beside what its server says; None where that is nothing (yet).
        self.known_of: Callable[[ModelInfo], ModelFacts | None] = lambda _: None
        self._shown: tuple[ModelInfo | None, str, bool] = (None, "", False)

    def _make_beginning(self) -> QWidget:
        """Return what one can begin with: tasks, a file, recipes."""
        beginning = QWidget()
        file_row = QHBoxLayout(self._file_row)
        file_row.setContentsMargins(0, 0, 0, 0)
        file_row.setSpacing(GAP_WIDE)
        file_row.addWidget(self._file)
        file_row.addWidget(PlainLabel(self.tr("or drop one anywhere in the window"), "small", wraps=True), 1)
        column = QVBoxLayout(beginning)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_WIDE)
        column.addWidget(PlainLabel(self.tr("What do you want to do?"), "title", wraps=True))
        column.addWidget(self._tiles)
        column.addWidget(self._file_row)
        column.addWidget(self.recipes)
        return beginning

    def _lay_out(self) -> None:
        line = QFrame()
        line.setFixedHeight(1)
        set_look(line, "hairline")
        words = QVBoxLayout()
        words.setSpacing(GAP_TIGHT)
        part: QWidget
        self._warnings = QWidget()
        warnings = QVBoxLayout(self._warnings)
        warnings.setContentsMargins(0, 0, 0, 0)
        warnings.setSpacing(GAP_TIGHT)
        warnings.addWidget(self._speaks)
        warnings.addWidget(self._better)
        for part in (self._good_at, self._warnings, self._place_line):
            words.addWidget(part)
        words.addStretch(1)
        ways = QVBoxLayout()
        ways.setSpacing(GAP_TIGHT)
        ways.addWidget(self.which, 0, Qt.AlignmentFlag.AlignRight)
        ways.addWidget(self.temporary, 0, Qt.AlignmentFlag.AlignRight)
        ways.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(GAP)
        row.addLayout(words, 1)
        row.addLayout(ways)
        foot = QVBoxLayout(self._foot)
        foot.setContentsMargins(0, 0, 0, 0)
        foot.setSpacing(GAP_SECTION)
        foot.addWidget(line)
        foot.addLayout(row)
        for part in (self._temporary, self._trouble, self.away, self._beginning, self._foot):
            self.column.addWidget(part)

    def give_way(self, shall: bool) -> None:
        """Let the foot go rather than have it cut off, while what is written below needs the room."""
        self._gives_way = shall
        self._fit_foot()

    def _fit_foot(self) -> None:
        room, hidden = self.viewport().height(), self.verticalScrollBar().maximum()
        is_low = room < self._theme.px(_LOW_PX)
        self._tiles.set_low(is_low)
        self._warnings.setHidden(is_low)
        no_room = self._gives_way and room < self._theme.px(_LOWEST_PX)
        self._file_row.setHidden(no_room or self.temporary.isHidden())  # a temporary conversation takes no files
        if not self._foot.isHidden():
            if self._gives_way and hidden > GAP_PAGE and self._trouble.isHidden():  # more than the margin below it
                self._whole_size = (self.width(), room + hidden - GAP_PAGE)
                self._foot.hide()
        elif not self._gives_way or self.width() != self._whole_size[0] or room >= self._whole_size[1]:
            self._foot.show()

    def step_back(self, shall: bool) -> None:
        """Show nothing while the user is asked about the first message, or all of it again."""
        ground = self.widget()
        if ground is not None:
            ground.setVisible(not shall)
            bar = Qt.ScrollBarPolicy
            self.setVerticalScrollBarPolicy(bar.ScrollBarAlwaysOff if shall else bar.ScrollBarAsNeeded)

    def show_temporary(self, is_temporary: bool) -> None:
        """Say that nothing of this conversation is kept, or offer that."""
        self._temporary.setVisible(is_temporary)
        self.temporary.setHidden(is_temporary)
        self._file_row.setHidden(is_temporary)
        self._tiles.offer_files(not is_temporary)

    def show_model(
        self, model: ModelInfo | None, place: Place | None, name: str = "", *, is_looking: bool = False
    ) -> None:
        """Introduce the model; with None, its bare `name` if one is chosen, or that there is none (yet)."""
        if self._shown[2] and not is_looking:
            self.keep_top()  # more will be said below the tasks, which the user may be about to press
        self._shown = (model, name, is_looking)
        self.introduce()
        self._place_line.setVisible(place is not None)
        if place is not None:
            self._place_line.setText(place_sentence(place))
            set_look(self._place_line, f"{FILL_OF_PLACE[place.kind]} small")

    def introduce(self) -> None:
        """Say what the model is good at, and if it hardly speaks the user's language, as far as that is known now."""
        model, name, is_looking = self._shown
        whole = model.title if model is not None else name
        title, about = short(whole), self._introduction(model, name, is_looking)
        said = fill(self.tr("%1: %2", "a model, and what it is good at"), title, about) if title else about
        self._good_at.show_dressed(said, bold=[(0, len(title))] if said.startswith(title) else ())
        set_tooltip(self._good_at, whole if title != whole else "")
        facts = self.known_of(model) if model is not None else None
        self._speaks.setVisible(facts is not None and facts.speaks(QLocale().name()) is False)
        self._better.setVisible(model is not None and is_toy(model))

    def show_trouble(self, trouble: ErrorText | None, *, is_looking: bool = False) -> None:
        """Show why no model can answer; None if one can, or that is unknown.

        Of a chosen model it is said quietly, with a way to another one, and the tasks stay; they give way only where
        there is no model to ask.
        """
        model, name, _ = self._shown
        is_chosen = bool(model is not None or name)
        if trouble is None and name and model is None and not is_looking:
            silent = self.tr("This model does not answer right now. Its server may be off.")
            trouble = ErrorText("", silent, (ErrorAction.TRY_AGAIN,))
        is_away = trouble is not None and is_chosen
        self._trouble.setVisible(trouble is not None and not is_chosen)
        self._beginning.setVisible(trouble is None or is_chosen)
        self._good_at.setVisible(trouble is None or is_looking)
        self.away.setVisible(is_away)
        self.which.setHidden(is_away)  # another one is offered beside the reason
        if trouble is None:
            return
        if is_chosen:
            self.away.show_trouble(short(model.title if model is not None else name), trouble)
            self._speaks.hide()
            self._better.hide()
        else:
            self._trouble.show_error(trouble)

    def _introduction(self, model: ModelInfo | None, name: str, is_looking: bool) -> str:
        if model is not None:
            facts = self.known_of(model)
            known = facts.row.words(QLocale().name()) if facts is not None and facts.row is not None else ""
            return known or good_at(model)
        if is_looking:
            return self.tr("Looking for models…")
        if name:
            return self.tr("This model does not answer right now. Its server may be off.")
        return self.tr("Choose a model above to begin.")

    # Qt's own methods

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_foot()
