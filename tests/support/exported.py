"""Everything that the program can write out, written at once: for tests that search all of it, or watch meanwhile."""

from __future__ import annotations

from desktop import exporters
from desktop.core.exporting.format import ExportPart
from desktop.ui.exporting.presenter import ExportScope, ExportWish


def export_all(opened, folder):
    """The conversation in every form, and the ledger."""
    program = opened.program
    presenter = program.screens.exporting
    for form in exporters.formats():
        file, wish = folder / f"out{form.ENDING}", ExportWish(ExportScope(""), form, frozenset(ExportPart))
        writing = presenter.write(program.chat.current, wish, file)
        opened.wait_until(lambda writing=writing: not writing.is_running)
        assert file.exists()
    program.screens.ledger.open_current()
    program.screens.ledger.export(folder / "went.csv", "csv")
    opened.wait_until(lambda: (folder / "went.csv").exists())
    opened.window.show_chat()
