"""The page of an empty conversation: who will answer, what it is good at, three ways to begin, and where words go.

If no model can answer, it says why instead, with the next steps.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QLocale, Qt, Signal, SignalInstance
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.core.model import ModelInfo
from desktop.core.models.facts import ModelFacts
from desktop.core.place import Place
from desktop.ui.errors import ErrorText
from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import COLUMN_EM, FILL_OF_PLACE, GAP, TEXT_PX
from desktop.ui.widgets.buttons import LabelledButton, WrappingButton
from desktop.ui.widgets.error_card import ErrorCard
from desktop.ui.widgets.labels import Paragraph, PlainLabel
from desktop.ui.widgets.page import CenteredPage
from desktop.ui.words import place_sentence, plain_tooltip, short, translate

# Borders of the size classes, in weights: what fits a phone, a laptop, one good graphics card; above that, a server.
_TOY = 1_000_000_000
_TINY = 2_500_000_000
_SMALL = 11_000_000_000
_MIDDLE = 45_000_000_000


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
    """A page told which model answers from where; emits which example was picked."""

    prompt_chosen = Signal(str)
    builder_requested = Signal()
    guide_wanted = Signal(str)  # the key of a task

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, COLUMN_EM * TEXT_PX, centred=True, parent=parent)
        self._name = PlainLabel("", "title", wraps=True)
        self._good_at = Paragraph("", "muted")
        self._better = Paragraph(
            self.tr(
                "For real work take a larger model. The menu of models above also opens a .gguf file, or connects to a"
                " server of your company."
            ),
            "muted",
        )
        self._speaks = Paragraph(self.tr("It hardly speaks your language.", "say which: English, Chinese"), "muted")
        self.which = LabelledButton(theme, "computer", self.tr("Which model runs well here"), "link")
        self._place_line = PlainLabel("", "here", wraps=True)
        self.column.addWidget(self._name)
        self.column.addWidget(self._good_at)
        self.column.addWidget(self._speaks)
        self.column.addWidget(self._better)
        self.column.addWidget(self.which, 0, Qt.AlignmentFlag.AlignLeft)
        self._trouble = ErrorCard()
        self.action_chosen: SignalInstance = self._trouble.action_chosen  # an ErrorAction
        self._examples = self._make_examples(theme)
        self.column.addWidget(self._trouble)
        self.column.addWidget(self._examples)
        self.column.addWidget(self._place_line)
        self._temporary = Paragraph(
            self.tr(
                "This conversation is temporary: nothing of it is written to the disk, and it ends with Candor. It"
                " takes words, no files."
            ),
            "muted",
        )
        self.temporary = LabelledButton(theme, "temporary", self.tr("Make it temporary"), "link")
        self.temporary.setToolTip(self.tr("A conversation of which nothing is kept (Ctrl+Shift+T)"))
        self.column.insertWidget(1, self._temporary)
        self.column.addWidget(self.temporary, 0, Qt.AlignmentFlag.AlignLeft)
        self.show_temporary(False)
        for each in (self._better, self._speaks, self.which, self._trouble):
            each.hide()
        # What is known of a model beside what its server says; None where that is nothing (yet).
        self.known_of: Callable[[ModelInfo], ModelFacts | None] = lambda _: None
        self._shown: tuple[ModelInfo | None, str, bool] = (None, "", False)

    def _make_examples(self, theme: Theme) -> QWidget:
        examples = QWidget()
        column = QVBoxLayout(examples)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP)
        prompts = (
            self.tr("Draft a short, polite e-mail that moves our meeting from Tuesday to Thursday."),
            self.tr("Make a checklist for preparing a meeting with a new customer."),
            self.tr("Explain in plain words what a framework contract is, with an example."),
        )
        for prompt in prompts:
            button = WrappingButton(theme, prompt)
            button.clicked.connect(lambda _=False, chosen=prompt: self.prompt_chosen.emit(chosen))
            column.addWidget(button)
        self.builder = LabelledButton(theme, "prompt", self.tr("Build a prompt step by step"), "link")
        self.builder.clicked.connect(self.builder_requested)
        column.addWidget(self.builder, 0, Qt.AlignmentFlag.AlignLeft)
        return examples

    def step_back(self, shall: bool) -> None:
        """Show nothing while the user is asked about the first message, or all of it again."""
        ground = self.widget()
        if ground is not None:
            ground.setVisible(not shall)
            bar = Qt.ScrollBarPolicy
            self.setVerticalScrollBarPolicy(bar.ScrollBarAlwaysOff if shall else bar.ScrollBarAsNeeded)

    def offer_builder(self, shall: bool) -> None:
        """Show or hide the pointer to the prompt builder; needless if that is visible."""
        self.builder.setVisible(shall)

    def show_temporary(self, is_temporary: bool) -> None:
        """Say that nothing of this conversation is kept, or offer that."""
        self._temporary.setVisible(is_temporary)
        self.temporary.setHidden(is_temporary)

    def show_model(
        self, model: ModelInfo | None, place: Place | None, name: str = "", *, is_looking: bool = False
    ) -> None:
        """Introduce the model; with None, its bare `name` if one is chosen, or that there is none (yet)."""
        whole = model.title if model else name or self.tr("New conversation")
        self._name.setText(short(whole))
        self._name.setToolTip(plain_tooltip(whole) if self._name.text() != whole else "")
        self._shown = (model, name, is_looking)
        self.introduce()
        self._place_line.setVisible(place is not None)
        if place is not None:
            self._place_line.setText(place_sentence(place))
            set_look(self._place_line, FILL_OF_PLACE[place.kind])

    def introduce(self) -> None:
        """Say what the model is good at, and if it hardly speaks the user's language, as far as that is known now."""
        model, name, is_looking = self._shown
        self._good_at.setText(self._introduction(model, name, is_looking))
        facts = self.known_of(model) if model is not None else None
        is_poor = model is not None and is_toy(model)
        is_foreign = facts is not None and facts.speaks(QLocale().name()) is False
        self._speaks.setVisible(is_foreign)
        self._better.setVisible(is_poor)
        self.which.setVisible(is_poor or is_foreign)

    def show_trouble(self, trouble: ErrorText | None, *, is_looking: bool = False) -> None:
        """Show, instead of the examples, why no model can answer; None if one can, or that is unknown."""
        self._trouble.setVisible(trouble is not None)
        self._examples.setVisible(trouble is None)
        self._good_at.setVisible(trouble is None or is_looking)
        if trouble is not None:
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
