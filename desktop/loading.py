"""Parts of the program that are loaded when they are first wanted, so that no start waits for them.

Part of the composition root, since it knows all rooms.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import cache, partial
from importlib import import_module
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

# What a window has need of that has been painted. In this order each brings a dozen others at most. Tests count those
# (`tests/test_lean_imports.py`), and name what a start loads that is missing here (`tests/e2e/test_start.py`).
_AFTER_PAINT = (
    "ssl",
    "subprocess",
    "asyncio",
    "desktop.runtime.models.draining_backend",
    "desktop.runtime.models.directory",
    "desktop.core.outgoing.messages",
    "desktop.runtime.reply.loop_watch",
    "desktop.runtime.reply.generation",
    "desktop.runtime.conversation.list",
    "desktop.runtime.conversation.current",
    "desktop.core.documents.keeping",
    "desktop.runtime.documents.intake",
    "desktop.runtime.documents.attachments",
    "desktop.runtime.compare.comparison",
    "desktop.runtime.compare.comparisons",
    "desktop.core.documents.naming_places",
    "desktop.runtime.conversation.reply_ends",
    "desktop.runtime.fresh_start.comparisons",
    "desktop.runtime.context.fitting",
    "desktop.runtime.context.reading_in_pieces",
    "desktop.runtime.context.passage_search",
    "desktop.runtime.conversation.path_search",
    "desktop.runtime.evidence.finders",
    "desktop.runtime.keeping.retention",
    "desktop.runtime.conversation.bin",
    "desktop.runtime.conversation.instructions",
    "desktop.runtime.chat",
    "desktop.core.models.catalogue",
    "desktop.ui.failures.disk",
    "desktop.ui.failures.engine",
    "desktop.ui.errors",
    "desktop.core.models.proposals",
    "desktop.runtime.models.downloads",
    "desktop.ui.models.presenter",
    "desktop.ui.models.menu_presenter",
    "desktop.core.exporting.imported",
    "desktop.ui.exporting.import_presenter",
    "desktop.ui.exporting.question",
    "desktop.ui.exporting.presenter",
    "desktop.runtime.recipes.shelf",
    "desktop.runtime.search.asking",
    "desktop.store.search.index",
    "desktop.store.attached",
    "desktop.store.drafts",
    "desktop.store.tree",
    "desktop.store.migrations",
    "desktop.store.opening.database_file",
    "desktop.store.listing.conversations",
    "desktop.store.database",
    "desktop.parts.policy_keeper",
    "desktop.runtime.keeping.store_care",
    "desktop.parts.ground",
    "desktop.ui.chat.at_messages",
    "desktop.ui.chat.evidence_presenter",
    "desktop.core.advice.missing",
    "desktop.ui.chat.task_presenter",
    "desktop.ui.chat.context_presenter",
    "desktop.ui.search.presenter",
    "desktop.ui.chat.ahead_presenter",
    "desktop.ui.chat.conversation_presenter",
    "desktop.ui.chat.files_presenter",
    "desktop.ui.guided.dock",
    "desktop.ui.compare.outcome",
    "desktop.ui.compare.presenter",
    "desktop.ui.connections.presenter",
    "desktop.ui.fresh_start.comparing",
    "desktop.ui.recipes.links",
    "desktop.prompts.recipe_folder",
    "desktop.ui.window.parts",
    "desktop.ui.chat.model_trouble",
    "desktop.ui.window.commands",
    "desktop.ui.window.arrivals",
    "desktop.ui.window.closing",
    "desktop.ui.window.interplay",
    "desktop.ui.window.shortcuts",
    "desktop.ui.composer.task_words",
    "desktop.ui.models.coming",
    "desktop.ui.keeping.presenter",
    "desktop.ui.trust.outgoing_presenter",
    "desktop.parts.screens",
    "desktop.engine.processor",
    "desktop.backends.updates",
    "desktop.ui.opening.unix_calls" if os.name == "posix" else "desktop.ui.opening.pipe_calls",
    "desktop.ui.opening.handed_over",
    "desktop.parts.given",
    "desktop.parts.settings",
    "desktop.parts.last_conversation",
    "desktop.parts.upkeep",
    "desktop.ui.window.attention",
    "desktop.ui.inputs.resting_cursor",
    "desktop.app",
)


# Modules between two collections of what they have left. None takes long, since each walks the newest objects alone.
_UNTIL_SETTLED = 25


def parts_of_program() -> Iterator[Callable[[], object]]:
    """Yield the steps that load what the window needs beyond its first paint, each a few milliseconds long.

    A window that is opened again finds all of it loaded.
    """
    left = [name for name in _AFTER_PAINT if name not in sys.modules]
    for number, name in enumerate(left):
        if number % _UNTIL_SETTLED == 0:
            yield _settle
        yield partial(import_module, name)


def _settle() -> None:
    """Collect what the start has left so far, and walk no more what lives on: a program's modules and its window."""
    gc.collect()
    gc.freeze()


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
    import desktop.rendering.code.highlight
    import desktop.rendering.page.shown_claims
    import desktop.runtime.reply.signs_watch
    import desktop.ui.transcript.message_view
    import desktop.ui.transcript.view  # noqa: F401
    from desktop.rendering.markdown.leaves import parse

    parse("*a* [b]\n\n[c]: d\n")
    title_of("Say `hello` in *two* words", ())
