"""The dialog on the built-in engine: how much it reads at once, and how much of the processor it takes, in words.

It asks, and decides nothing; what each choice takes is told to it.
"""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QFormLayout, QPushButton, QWidget

from desktop.core.engine import EngineContext, EngineNeeds, EnginePace, EngineWishes
from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import GAP, GAP_SECTION
from desktop.ui.widgets.boxes import Dialog
from desktop.ui.widgets.form_parts import ChoiceBox
from desktop.ui.widgets.labels import PlainLabel
from desktop.ui.words import fill, number, size, words_in

_WIDTH = 520


class EngineDialog(Dialog):
    """A dialog of choices; `wished` says what is to hold from now on."""

    wished = Signal(object)  # EngineWishes

    def __init__(
        self, theme: Theme, now: EngineWishes, model: str, needs: EngineNeeds | None, parent: QWidget | None = None
    ) -> None:
        """Lay out the choices. `needs` are those of `model`; None where there is none to tell of."""
        super().__init__(parent)
        self._model = model
        self._needs = needs
        self.setWindowTitle(self.tr("Built-in engine"))
        self.context = ChoiceBox(theme)
        for context, words in (
            (EngineContext.OWN, self.tr("as much as usual, more where it costs little")),
            (EngineContext.PAGE, self.tr("a page, to save memory")),
            (EngineContext.DOCUMENT, self.tr("a long document")),
            (EngineContext.MOST, self.tr("as much as fits")),
        ):
            self.context.addItem(words, context)
        self.context.setCurrentIndex(self.context.findData(now.context))
        self.pace = ChoiceBox(theme)
        for pace, words in (
            (EnginePace.QUICK, self.tr("as quick as possible")),
            (EnginePace.USABLE, self.tr("leave the computer usable")),
        ):
            self.pace.addItem(words, pace)
        self.pace.setCurrentIndex(self.pace.findData(now.pace))
        self.reads_ahead = QCheckBox(self.tr("Read a file while I write the question"))
        self.reads_ahead.setChecked(now.reads_ahead)
        self.takes = PlainLabel("", "small", wraps=True)
        self._threads = PlainLabel("", "small", wraps=True)
        self.save = QPushButton(self.tr("Save"))
        set_look(self.save, "filled", "accent")
        self.cancel = QPushButton(self.tr("Cancel"))
        self.cancel.clicked.connect(self.reject)
        self.save.clicked.connect(self._end)
        self._lay_out(theme)
        self.context.currentIndexChanged.connect(self._show_needs)
        self.pace.currentIndexChanged.connect(self._show_needs)
        self._show_needs()
        self.context.setFocus()

    def _lay_out(self, theme: Theme) -> None:
        form = QFormLayout()
        form.setHorizontalSpacing(GAP_SECTION)
        form.setVerticalSpacing(GAP)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.addRow(self.tr("Reads at once"), self.context)
        form.addRow("", self.takes)
        form.addRow(self.tr("Works"), self.pace)
        form.addRow("", self._threads)
        if self._needs is not None and self._needs.for_others:
            form.addRow("", PlainLabel(self._said_of_memory(self._needs.for_others), "small", wraps=True))
        form.addRow("", self.reads_ahead)
        form.addRow("", PlainLabel(self._said_of_reading_ahead(), "small", wraps=True))
        when = self.tr("Holds from the next question on, for which the model is loaded again. A longer text gets more.")
        self.column.addLayout(form)
        self.column.addWidget(PlainLabel(when, "small", wraps=True))
        self.add_foot((), (self.cancel, self.save), default=self.save)
        self.setMinimumWidth(theme.px(_WIDTH))

    @property
    def wishes(self) -> EngineWishes:
        """What is chosen."""
        context, pace = EngineContext(self.context.currentData()), EnginePace(self.pace.currentData())
        return EngineWishes(context, pace, self.reads_ahead.isChecked())

    def _said_of_memory(self, for_others: int) -> str:
        said = self.tr(
            "The next question about a long text is answered at once, also after another conversation: what was read "
            "stays in memory until the engine ends, up to %1 of it."
        )
        return fill(said, size(for_others))

    def _said_of_reading_ahead(self) -> str:
        return self.tr(
            "The answer to the first question about a long file then begins at once, and the model is loaded as soon "
            "as you begin to write. Not on battery, and what was read is forgotten when the file is taken away."
        )

    def _show_needs(self) -> None:
        needs, wishes = self._needs, self.wishes
        self.takes.setVisible(needs is not None)
        self._threads.setVisible(needs is not None)
        if needs is None:
            return
        tokens, taken = needs.contexts[wishes.context]
        words = number(round(words_in(tokens) / 100) * 100)
        if taken is None:
            said = fill(self.tr("%1: about %2 words. What that takes is not known of this model."), self._model, words)
        elif taken > needs.free:
            said = fill(
                self.tr("%1: about %2 words, for which it takes %3. Only %4 are free now: close other programs first."),
                self._model, words, size(taken), size(needs.free),
            )  # fmt: skip
        else:
            said = fill(
                self.tr("%1: about %2 words, for which it takes %3; %4 are free now."),
                self._model, words, size(taken), size(needs.free),
            )  # fmt: skip
        self.takes.setText(said)
        set_look(self.takes, "small warning" if taken is not None and taken > needs.free else "small")
        threads = number(needs.threads[wishes.pace])
        self._threads.setText(fill(self.tr("Takes %1 of %2 cores."), threads, number(needs.cores)))
        self._grow()

    def _grow(self) -> None:
        """Make room for all lines of what is said: a dialog does not ask how high its words are at its width."""
        self.column.activate()
        self.setMinimumHeight(self.column.totalHeightForWidth(max(self.width(), self.minimumWidth())))

    def _end(self) -> None:
        wishes = self.wishes
        self.accept()
        self.wished.emit(wishes)
