"""Parts of the program that are loaded when they are first wanted, so that no start waits for them.

Part of the composition root, since it knows all rooms.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtGui import QPagedPaintDevice

    from desktop.core.documents.pictures import PreparedPicture
    from desktop.core.documents.reading import FileReader
    from desktop.core.exporting.format import Export, ExportFormat
    from desktop.core.exporting.imported import Imported
    from desktop.core.prompts.prompt import PromptFramework
    from desktop.core.recipes.folder import RecipeFolder
    from desktop.core.tasks.guide import Guide
    from desktop.prompts.guides import GuideFolder
    from desktop.runtime.evidence.watch import LookUps


@cache
def _guides() -> GuideFolder:
    from desktop.prompts.guides import GuideFolder

    return GuideFolder()


def guide(key: str) -> Guide:
    """Return the guide for a task; read when that is first named."""
    return _guides().guide(key)


def frameworks() -> Sequence[PromptFramework]:
    """Return the frameworks for prompts; read when the prompt builder is first opened."""
    from desktop.prompts.texts import load_frameworks

    return load_frameworks()


_frameworks_for_titles = cache(frameworks)


def title_of(text: str, files: Sequence[str]) -> str:
    """Return the title of a conversation that begins with a text."""
    from desktop.core.tasks.title import first_title

    return first_title(text, files, _frameworks_for_titles())


def put_on_paper(export: Export, device: QPagedPaintDevice) -> None:
    """Put messages on the sheets of a printer; what that needs is loaded when one first is."""
    from desktop.exporters import pdf

    pdf.put_on_paper(export, device)


def read_conversations(path: Path, report: Callable[[float], None]) -> Iterator[Imported]:
    """Yield the conversations of a file or folder; what reads it is loaded when one first is."""
    from desktop.importers import read

    yield from read(path, report)


def export_formats() -> Sequence[ExportFormat]:
    """Return what a conversation can be exported as; read when one first is."""
    from desktop.exporters import formats

    return formats()


def look_ups() -> LookUps:
    """Return the finder of evidence for long answers; imported with the first one."""
    from desktop.readers.evidence.process import LookUpProcess

    return LookUpProcess()


def document_reader() -> FileReader:
    """Return the reader of files; imported with the first one."""
    from desktop.readers.process import ReaderProcess

    return ReaderProcess()


def prepare_picture(content: bytes) -> PreparedPicture:
    """Return a picture as it is sent; its decoders are imported with the first one."""
    from desktop.rendering.pictures import preparing

    return preparing.prepare_picture(content)


def recipe_folder(path: Path, is_shared: bool) -> RecipeFolder:
    """Return a folder of recipes on disk."""
    from desktop.prompts.recipe_folder import DiskRecipeFolder
    from desktop.store.disk import disk_failures, write_or_refuse

    return DiskRecipeFolder(path, write_or_refuse, disk_failures, is_shared=is_shared)


def load_answer_modules() -> None:
    """Import what shows the first question and its answer, on another thread, while the user writes.

    The window has no need of it before, and Enter would wait for it.
    """
    import desktop.core.signs.rules
    import desktop.rendering.code.highlight
    import desktop.rendering.page.shown_claims
    import desktop.ui.transcript.message_view
    import desktop.ui.transcript.view  # noqa: F401
    from desktop.rendering.markdown.leaves import parse

    parse("*a* [b]\n\n[c]: d\n")
    title_of("Say `hello` in *two* words", ())
