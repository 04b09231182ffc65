"""Scenes of the gallery with folders: their chips, and what was read of one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from desktop.ui.folders.sheet import FolderLine, FolderSheet
from desktop.ui.words import listed
from tests.ui.folders.told import UNREAD, folder_at

_HOME = Path.home() / "Documents" / "Purchasing"


def folder_scenes(make_window):
    """The scenes by their names."""
    contracts = folder_at(_HOME / "Contracts")
    reading = replace(contracts, read=131, is_reading=True, seconds_left=120.0, outside=3)

    def page_with(theme, width, folders):
        whole, page = make_window(theme, width)
        page.show_transcript(False)
        names = listed(each.name for each in folders)
        page.composer.show_folders(folders, {}, names)
        page.empty.show_folders(names)
        return whole, page

    def given(theme, width):
        whole, page = page_with(theme, width, [reading])
        sheet = FolderSheet(theme)
        page.put_below(sheet)
        sheet.open_for(reading)
        sheet.show_unread(UNREAD)
        line = FolderLine()
        page.put_below(line)
        line.show_first([reading])
        return whole

    def three(theme, width):
        minutes = folder_at(_HOME / "Minutes 2026", files=48, read=48, unread=0)
        return page_with(theme, width, [contracts, minutes, folder_at(_HOME / "Policies", is_there=False)])[0]

    return {"folder given": given, "folders": three}
