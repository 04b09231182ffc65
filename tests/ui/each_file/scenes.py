"""Scenes of the gallery with a question to each file: while it runs, and done."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtWidgets import QHBoxLayout, QWidget

from desktop.core.documents.reading import ReadingProblem
from desktop.core.each_file.run import FileRow, FileRun, LookedUp, RowState
from desktop.core.evidence.checked import Verdict
from desktop.core.message import Failure
from desktop.core.model import ModelChoice
from desktop.core.place import THIS_COMPUTER
from desktop.ui.each_file.page import EachFilePage


def answered(path, answer, things, places, *, missing=(), is_seen=False):
    looked_up = [LookedUp(each, Verdict.FOUND) for each in things]
    looked_up += [LookedUp(each, Verdict.NOT_FOUND) for each in missing]
    looked_up.sort(key=lambda each: answer.index(each.text))
    kept = {"sections": 9, "things": tuple(looked_up), "places": places, "is_seen": is_seen}
    return FileRow(path, RowState.ANSWERED, answer, **kept)


_ANSWERS = [
    answered(
        "Offices/Amendment 2, Harbour Street 4.pdf",
        "Earliest end 30 June 2028. Notice now nine months.",
        ["30 June 2028", "nine months"],
        (1,),
        is_seen=True,
    ),
    answered(
        "Offices/Lease Canal Row 2.pdf",
        "31 December 2028. Notice of six months to the end of a quarter, in writing, by registered post, to both.",
        ["31 December 2028", "six months"],
        (3, 7),
        is_seen=True,
    ),
    answered("Offices/Lease Castle Court 11.pdf", "No fixed end. Notice of three months.", ["three months"], (2,)),
    answered(
        "Offices/Lease Elm Park 7.pdf",
        "31 March 2027. Notice of twelve months to that day.",
        ["31 March 2027"],
        (4,),
        missing=["twelve months"],
    ),
    FileRow("Other/Lease Ferry Lane, parking.pdf", RowState.SAYS_NOTHING, sections=9),
    FileRow("Offices/Lease Mill Lane 18, 1998.pdf", RowState.NOT_ASKED, problem=ReadingProblem.WITHOUT_TEXT),
    FileRow("Storage/Lease Kiln Yard 3.pdf", RowState.FAILED, failure=Failure("overloaded", host="gpu-server")),
]
_QUESTION = "Until when does it run, and what notice must we give?"


def each_file_scenes(make_sidebar):
    """The scenes by their names."""
    waits = tuple(FileRow(f"Offices/Lease Inner Ring {number}.pdf") for number in range(22, 28))
    run = FileRun(conversation="c", folder="f", question=_QUESTION, choice=ModelChoice("here", "qwen3:8b"))

    def scene(rows, *, is_running):
        def make(theme, width):
            whole = QWidget()
            row = QHBoxLayout(whole)
            row.setContentsMargins(0, 0, 0, 0)
            row.setSpacing(0)
            if width >= 800:
                row.addWidget(make_sidebar(theme))
            page = EachFilePage(theme)
            row.addWidget(page, 1)
            page.show_of("Leases", THIS_COMPUTER, can_save=True)
            left = 660.0 if is_running else None
            page.show_run(replace(run, rows=rows), left, (1, 3), is_running=is_running, hindrance="")
            return whole

        return make

    return {
        "each file runs": scene((*_ANSWERS, *waits), is_running=True),
        "each file done": scene(tuple(_ANSWERS), is_running=False),
    }
