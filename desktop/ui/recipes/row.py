"""One recipe in the list: its name, what it is for, whose it is, and what can be done with it."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, Signal, SignalInstance
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QPushButton, QVBoxLayout, QWidget

from desktop.core.recipes.folder import ShelvedRecipe
from desktop.core.recipes.link import link_to
from desktop.ui.look.icons import IconButton
from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import GAP, GAP_SECTION, GAP_TIGHT, GAP_WIDE
from desktop.ui.widgets.labels import ElidedLabel, NameLabel
from desktop.ui.words import fill


class RecipeRow(QFrame):
    """A row that emits what the user wants; the entry says what is possible here."""

    edit_requested = Signal()
    duplicate_requested = Signal()
    pin_requested = Signal(bool)
    export_requested = Signal()
    link_requested = Signal()
    delete_requested = Signal()

    def __init__(self, theme: Theme, entry: ShelvedRecipe, *, is_pinned: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.entry = entry
        self._is_pinned = is_pinned
        name = entry.recipe.name
        set_look(self, "card")
        self.setAccessibleName(name)
        self.use = QPushButton(self.tr("Use"))
        self.use.setAutoDefault(False)
        self.use.setAccessibleName(fill(self.tr("Use “%1”"), name))
        self._pin = IconButton(theme, "pin", "", token="accent" if is_pinned else "muted")
        self._pin.set_words(self.tr("Take out of the sidebar") if is_pinned else self.tr("Pin to the sidebar"))
        self._pin.setAccessibleName(
            fill(self.tr("Take “%1” out of the sidebar") if is_pinned else self.tr("Pin “%1” to the sidebar"), name)
        )
        self._more = IconButton(theme, "more", self.tr("More"))
        self._more.setAccessibleName(fill(self.tr("More for “%1”"), name))
        self._lay_out()
        self.use_requested: SignalInstance = self.use.clicked
        self._pin.clicked.connect(lambda: self.pin_requested.emit(not self._is_pinned))
        self._more.clicked.connect(self._open_menu)

    def _lay_out(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(GAP_TIGHT)
        words.addWidget(NameLabel(self.entry.recipe.name, "strong"))
        if self.entry.recipe.about:
            words.addWidget(ElidedLabel(self.entry.recipe.about, "small"))
        if whose := self._whose():
            words.addWidget(ElidedLabel(whose, "tiny"))
        row = QHBoxLayout(self)
        row.setContentsMargins(GAP_SECTION, GAP_WIDE, GAP_WIDE, GAP_WIDE)
        row.setSpacing(GAP_TIGHT)
        row.addLayout(words, 1)
        row.addSpacing(GAP)
        row.addWidget(self.use, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self._pin, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self._more, 0, Qt.AlignmentFlag.AlignVCenter)

    def _whose(self) -> str:
        if self.entry.is_shared:
            return self.tr("Of your company · read-only")
        return "" if self.entry.is_writable else self.tr("Read-only")

    def _open_menu(self) -> None:
        menu = self.menu()
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self._more.mapToGlobal(QPoint(0, self._more.height())))

    def menu(self) -> QMenu:
        """Return a new menu of what else can be done with it."""
        menu = QMenu(self)
        menu.setToolTipsVisible(True)
        if self.entry.is_writable:
            menu.addAction(self.tr("Edit…")).triggered.connect(self.edit_requested)
        menu.addAction(self.tr("Duplicate…")).triggered.connect(self.duplicate_requested)
        menu.addAction(self.tr("Export…")).triggered.connect(self.export_requested)
        if link_to(self.entry.recipe.name):
            copy = menu.addAction(self.tr("Copy link"))
            copy.setToolTip(self.tr("For a mail, a page or a shortcut: it opens this recipe where it is at hand"))
            copy.triggered.connect(self.link_requested)
        if self.entry.is_writable:
            menu.addSeparator()
            menu.addAction(self.tr("Delete")).triggered.connect(self.delete_requested)
        return menu
