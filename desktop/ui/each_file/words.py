"""A question to each file in words: what became of a file, the columns of the table, and their order."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum

from PySide6.QtCore import QDate, QLocale

from desktop.core.claims.dates import dates_in
from desktop.core.claims.numbers import PLAIN, numbers_in
from desktop.core.documents.document import ReadingError, SectionKind
from desktop.core.folders import FileRow, FileRun, RowState
from desktop.core.models.place import shown_name
from desktop.ui.documents.words import chosen_sections, place_in_words
from desktop.ui.errors import describe, describe_reading
from desktop.ui.words import number, say, say_each, translate


class Column(StrEnum):
    """Column of the table."""

    FILE = "file"
    ANSWER = "answer"
    PAGE = "page"
    CHECKED = "checked"


class Shown(StrEnum):
    """Files that the table is narrowed down to."""

    ALL = "all"
    ANSWERED = "answered"
    NOT_LOOKED_AT = "not_looked_at"
    NOT_FOUND = "not_found"
    SAYS_NOTHING = "says_nothing"
    NOT_ASKED = "not_asked"


_HAS_ANSWER = (RowState.ANSWERED, RowState.SAYS_NOTHING)
SHOWS: dict[Shown, Callable[[FileRow], bool]] = {
    Shown.ALL: lambda row: True,
    Shown.ANSWERED: lambda row: row.state is RowState.ANSWERED,
    Shown.NOT_LOOKED_AT: lambda row: is_new(row),
    Shown.NOT_FOUND: lambda row: row.missing > 0,
    Shown.SAYS_NOTHING: lambda row: row.state is RowState.SAYS_NOTHING,
    Shown.NOT_ASKED: lambda row: row.state in (RowState.NOT_ASKED, RowState.FAILED),
}


def is_new(row: FileRow) -> bool:
    """Return True for an answer that the user has not looked at."""
    return row.state in _HAS_ANSWER and not row.is_seen


def answer_words(row: FileRow) -> str:
    """Return what stands in the column of answers."""
    match row.state:
        case RowState.NOT_ASKED if row.problem is not None:
            return say("each_file.not_asked_because", reason=describe_reading(ReadingError(row.problem)).title)
        case RowState.FAILED if row.failure is not None:
            return describe(row.failure).title
        case RowState.ANSWERED:
            return row.answer
        case state:
            return say_each("each_file.state", state)


def place_words(row: FileRow) -> str:
    """Return where the answer stands: "3 · 7", "§ 2", or "slide 4"."""
    if not row.places:
        return "–" if row.state in _HAS_ANSWER else ""
    if row.kind is SectionKind.PAGE:
        return " · ".join(map(number, row.places))
    if row.kind is SectionKind.CHAPTER:
        return f"§ {number(row.places[0])}"
    return place_in_words(row.kind, row.places[0])


def checked_words(row: FileRow) -> str:
    """Return what came of looking an answer up: "2 of 2 found", "1 not found"."""
    match row.state:
        case RowState.SAYS_NOTHING if row.kind is SectionKind.WHOLE:
            return say("each_file.whole_read")
        case RowState.SAYS_NOTHING:
            return say("each_file.all_read", extent=chosen_sections(row.kind, row.sections, row.sections))
        case RowState.ANSWERED if row.missing:
            return say("each_file.missing", row.missing)
        case RowState.ANSWERED if row.things:
            return say("each_file.found", len(row.things), found=number(len(row.things)))
    return ""


def step_words(row: FileRow) -> str:
    """Return what a press on a row without an answer does; empty for the others."""
    match row.state:
        case RowState.FAILED:
            return translate("each_file", "Try again")
        case RowState.NOT_ASKED:
            return say("each_file.show")
    return ""


def order(column: Column) -> Callable[[FileRow], tuple[object, ...]]:
    """Return by what rows are sorted; those without an answer stand last."""

    def by_answer(row: FileRow) -> tuple[object, ...]:
        if dates := dates_in(row.answer):
            return 0, dates[0].value
        if numbers := [each for each in numbers_in(row.answer) if PLAIN.fullmatch(each.value)]:
            return 1, float(numbers[0].value)
        return (2, row.answer.lower()) if row.answer else (3, row.state)

    match column:
        case Column.FILE:
            return lambda row: (row.path.lower(),)
        case Column.ANSWER:
            return by_answer
        case Column.PAGE:
            return lambda row: (not row.places, row.places)
        case Column.CHECKED:
            return lambda row: (-row.missing, row.state not in (RowState.FAILED, *_HAS_ANSWER), bool(row.things))


def progress(run: FileRun) -> str:
    """Return how far a run is: "7 of 24 done", when it has ended without those that could not be asked."""
    done = run.done if run.next is not None else sum(each.state in _HAS_ANSWER for each in run.rows)
    return say("each_file.done", len(run.rows), done=number(done))


def heading(column: Column) -> str:
    return say_each("each_file.column", column)


def table_of(run: FileRun) -> list[list[str]]:
    """Return the table as it is saved: its head, in which the question names the answers, then a row for each file."""
    head = [heading(Column.FILE), say("each_file.folder"), run.question, heading(Column.PAGE), heading(Column.CHECKED)]
    seen = say("each_file.looked_at")
    rows = [
        [row.name, row.within, answer_words(row), place_words(row), checked_words(row), seen if row.is_seen else ""]
        for row in sorted(run.rows, key=order(Column.FILE))
    ]
    return [[*head, seen], *rows]


def about_table(run: FileRun, folder: str) -> list[list[str]]:
    """Return what stands beside the table: the question, the folder, the model, and the date."""
    day = datetime.fromtimestamp(run.created_at)
    date = QLocale().toString(QDate(day.year, day.month, day.day), QLocale.FormatType.LongFormat)
    return [
        [say("each_file.question"), run.question],
        [say("each_file.folder"), folder],
        [say("each_file.model"), shown_name(run.choice.model)],
        [say("each_file.date"), date],
    ]
