"""Folders whose states a test tells: a stand-in for `runtime.folders`, which reads them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from desktop.core.documents.document import Section, SectionKind
from desktop.core.documents.reading import ReadingProblem
from desktop.core.folders.folder import FolderFile, FolderState, Found, Passage, folder_id

UNREAD = (
    FolderFile("Leases/Lease Harbour Street 4, signed.pdf", 1, 1, problem=ReadingProblem.WITHOUT_TEXT),
    FolderFile("Suppliers/Bank details of suppliers.xlsx", 1, 1, problem=ReadingProblem.NEEDS_PASSWORD),
    FolderFile("Offers/Offer Castellan, first draft.docx", 1, 1, problem=ReadingProblem.DAMAGED),
    FolderFile("Offers 2026/Terms.pdf", 1, 1, problem=ReadingProblem.TOO_LARGE),
)


def folder_at(path: Path, **what: object) -> FolderState:
    """Return a folder as it is after its first look: 203 of 212 files read."""
    state = FolderState(folder_id(path), path, files=212, read=203, unread=9, looked_at=1_790_000_000.0)
    return replace(state, **what)


class ToldFolders(QObject):
    """Folders that are as they are told to be; what is asked of them is noted."""

    changed = Signal(str)

    def __init__(self, *_: object) -> None:
        super().__init__()
        self.states: dict[str, FolderState] = {}
        self.asked: list[tuple[str, str]] = []
        self.is_allowed = True

    def tell(self, state: FolderState) -> FolderState:
        self.states[state.id] = state
        self.changed.emit(state.id)
        return state

    def known(self) -> list[FolderState]:
        return list(self.states.values()) if self.is_allowed else []

    def state(self, folder: str) -> FolderState | None:
        return self.states.get(folder) if self.is_allowed else None

    def give(self, path: Path) -> str:
        return self.tell(self.states.get(folder_id(path)) or folder_at(path, read=0, is_reading=True)).id

    def set_paused(self, folder: str, is_paused: bool) -> None:
        self.asked.append(("pause" if is_paused else "go_on", folder))
        self.tell(replace(self.states[folder], is_paused=is_paused, is_reading=not is_paused))

    def open_with(self, folder: str, file: FolderFile, password: str) -> None:
        self.asked.append((file.path, password))

    def forget(self, folder: str) -> None:
        self.asked.append(("forget", folder))
        del self.states[folder]
        self.changed.emit(folder)

    def _do_nothing(self, *_: object) -> None: ...

    load = follow_policy = hold = forget_old = note_asked = end = _do_nothing

    async def loaded(self) -> None: ...

    async def find(self, folders: Sequence[str], *_: object, looks: bool = True) -> Found:
        return Found((Passage(folders[0], UNREAD[0], 0, Section(SectionKind.PAGE, 1), 1.0),))

    async def parts(self, _: Sequence[Passage], *, keeps: bool = True) -> tuple[()]:
        return ()

    async def unread(self, folder: str) -> Sequence[FolderFile]:
        return UNREAD if folder in self.states else ()
