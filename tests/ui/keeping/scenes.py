"""Scenes of the gallery with what is kept and brought: the bin, folders, a temporary conversation, backups, imports."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from unittest.mock import Mock

from PySide6.QtWidgets import QHBoxLayout, QWidget

from desktop.core.conversation import Conversation
from desktop.core.exporting.imported import BrokenConversation, FoundConversation, ImportedFile, ImportFault
from desktop.core.keeping import Backup
from desktop.exporters import formats
from desktop.runtime.exporting import ImportOffer
from desktop.ui.exporting.dialog import ExportDialog, ExportScope
from desktop.ui.exporting.importing import ImportDialog
from desktop.ui.keeping import BackupsDialog
from desktop.ui.look.theme import Theme
from desktop.ui.sidebar.column import Sidebar
from desktop.ui.window.bin_page import BinPage

Scene = Callable[[Theme, int], QWidget]
NOW = 1_790_000_000.0
_DAY = 86_400.0
_TITLES = (
    "Notice to a supplier",
    "供应商合同的要点",
    "lease.pdf – Which notice?",
    "Price list 2026",
    "Travel costs of October",
)


def _conversations():
    made = [Conversation(title=title, id=title, updated_at=NOW - at * _DAY) for at, title in enumerate(_TITLES)]
    folders = ("", "", "Contracts", "Contracts", "Accounts")
    return [
        replace(each, settings=replace(each.settings, folder=folder), pinned=at == 1)
        for at, (each, folder) in enumerate(zip(made, folders, strict=True))
    ]


def keeping_scenes(make_window):
    """The scenes by their names."""

    def bin_of_deleted(theme, width):
        whole, page = make_window(theme, width)
        layout = whole.layout()
        assert isinstance(layout, QHBoxLayout)
        layout.removeWidget(page)
        page.hide()
        shown = BinPage(theme, Mock(), Mock(), clock=lambda: NOW)
        shown.show_days(30)
        shown.show_binned([(each, NOW - at * 6 * _DAY) for at, each in enumerate(_conversations())])
        layout.addWidget(shown, 1)
        return whole

    def temporary(theme, width):
        whole, page = make_window(theme, width)
        page.header.set_title("", is_stored=False, is_temporary=True)
        page.empty.show_temporary(True)
        return whole

    def folders(theme, width):
        whole, _ = make_window(theme, 1000)
        for sidebar in whole.findChildren(Sidebar):
            sidebar.show_conversations(_conversations())
        return whole

    return {
        "bin": bin_of_deleted,
        "temporary": temporary,
        "folders": folders,
        "restore": _restore,
        "import": _import,
        "export": lambda theme, width: ExportDialog(
            theme, [ExportScope("The whole conversation")], formats(), ".docx", frozenset(), None
        ),
    }


def _restore(theme, width):
    dialog = BackupsDialog(theme)
    made = [(0.3, 14_200_000, 612), (1.3, 13_900_000, 601), (2.4, 13_100_000, 574)]
    dialog.show_backups(
        [Backup(Path("b"), NOW - age * _DAY, size, 42 - at, count) for at, (age, size, count) in enumerate(made)]
    )
    return dialog


def _import(theme, width):
    found = tuple(FoundConversation(each, 4 + 3 * at) for at, each in enumerate(_conversations()))
    broken = (BrokenConversation("Minutes of May", ImportFault.EMPTY), BrokenConversation("", ImportFault.BROKEN))
    offer = ImportOffer(Path("x"), ImportedFile(("Claude", "LM Studio"), found, broken), frozenset({_TITLES[3]}))
    return ImportDialog(theme, offer)
