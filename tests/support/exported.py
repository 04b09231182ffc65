"""Everything that the program can write out, written at once: for tests that search all of it, or watch meanwhile."""

from __future__ import annotations

from pathlib import Path

from desktop import exporters
from desktop.core.exporting.format import ExportPart
from tests.support.in_process import OpenProgram


def export_all(opened: OpenProgram, folder: Path) -> None:
    """The conversation in every form, and the ledger."""
    program = opened.program
    presenter = program.screens.exporting
    for form in exporters.formats():
        ended: list[object] = []
        presenter._exports.write(
            program.chat.current,
            folder / f"out{form.ENDING}",
            form,
            presenter._words(),
            parts=frozenset(ExportPart),
            done=ended.append,
            failed=ended.append,
        )
        opened.wait_until(lambda ended=ended: ended)
        assert not isinstance(ended[0], Exception), ended
    program.screens.where_words_went.show_current()
    program.screens.where_words_went.export(folder / "went.csv", "csv")
    opened.wait_until(lambda: (folder / "went.csv").exists())
    opened.window.show_chat()
