"""Scenes of the gallery with folders: their chips, and what was read of one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QTimer

from desktop.core.documents.document import Block, Run, Section, SectionKind
from desktop.core.evidence.checking import check
from desktop.core.evidence.given import Given
from desktop.core.evidence.sources import sources_of
from desktop.core.folders.folder import FolderFile, Passage
from desktop.core.message import user_message
from desktop.rendering.page.shown_claims import shown_in
from desktop.runtime.folders import part_of
from desktop.ui.folders.sheet import FolderLine, FolderSheet
from desktop.ui.widgets.buttons import FoldButton
from desktop.ui.words import listed
from tests.ui.folders.told import UNREAD, folder_at
from tests.ui.transcript.page_bench import KnownPath, reply

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

    def answered(theme, width):
        whole, page = page_with(theme, width, [contracts])
        parts = tuple(part_of([each]) for each in _passages(contracts.id))
        question, answer = user_message(_QUESTION, attached=parts), reply(_ANSWER)
        sources = sources_of([question])
        evidence = check(shown_in(_ANSWER), Given(sources.given), sources.question)
        page.reading.folder_state = lambda _: contracts
        page.reading.find_evidence = lambda message: page.transcript.evidence.show(message.id, evidence)
        page.show_transcript(True)
        page.transcript.show_path(KnownPath([question, answer]))
        QTimer.singleShot(0, page, lambda: [each.click() for each in page.transcript.findChildren(FoldButton)])
        return whole

    return {"folder given": given, "folders": three, "folder answer": answered}


_QUESTION = "What notice must we give for Harbour Street 4, and what is the rent now?"
_ANSWER = "**Nine months**, by clause 2 of the amendment (6 May 2026); before, it was six. The rent is 4,150 a month."
_PAGES = {
    "Leases/Amendment 2, Harbour Street 4.pdf": (
        1,
        "Amendment of 6 May 2026. Clause 2: In place of six months, nine months' notice is given, in writing.",
    ),
    "Leases/Lease Harbour Street 4.pdf": (7, "Clause 12: Either side may end the lease with six months' notice."),
    "Rents 2026.xlsx": (1, "Harbour Street 4: 4,150 a month, paid in advance."),
    "Leases/Lease Mill Lane 18.pdf": (5, "Clause 9: Notice is given three months before the end of a quarter."),
}


def _passages(folder):
    for path, (page, text) in _PAGES.items():
        section = Section(SectionKind.PAGE, page, blocks=(Block((Run(text),)),))
        yield Passage(
            folder, FolderFile(path, 1, 1, is_read=True, sections=9, media_type="application/pdf"), 0, section
        )
