"""The failures to read a file that the user gave, by problem."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from desktop.core.documents.reading import ReadingProblem
from desktop.core.text.translatable import QT_TRANSLATE_NOOP
from desktop.ui.failures.entry import FailureEntry

READING_FAILURES: Mapping[ReadingProblem, FailureEntry] = MappingProxyType(
    {
        ReadingProblem.NEEDS_PASSWORD: FailureEntry(
            QT_TRANSLATE_NOOP("errors", "Needs its password"),
            QT_TRANSLATE_NOOP(
                "errors", "The file is protected by a password. Candor uses it to open the file and keeps it nowhere."
            ),
            (),
        ),
        ReadingProblem.WRONG_PASSWORD: FailureEntry(
            QT_TRANSLATE_NOOP("errors", "Not the right password"),
            QT_TRANSLATE_NOOP("errors", "The file did not open with this password. Try another one."),
            (),
        ),
        ReadingProblem.PROTECTED: FailureEntry(
            QT_TRANSLATE_NOOP("errors", "Locked by its program"),
            QT_TRANSLATE_NOOP(
                "errors",
                "Only the program that wrote this file can open it. Open it there, save it without a password, and"
                " attach that.",
            ),
            (),
        ),
        ReadingProblem.EMPTY: FailureEntry(
            QT_TRANSLATE_NOOP("errors", "An empty file"),
            QT_TRANSLATE_NOOP("errors", "There is nothing in this file: it has 0 bytes."),
            (),
        ),
        ReadingProblem.DAMAGED: FailureEntry(
            QT_TRANSLATE_NOOP("errors", "A damaged file"),
            QT_TRANSLATE_NOOP(
                "errors",
                "The file is cut off or damaged. Open it in the program that made it, save it again, and attach that.",
            ),
            (),
        ),
        ReadingProblem.TOO_LARGE: FailureEntry(
            QT_TRANSLATE_NOOP("errors", "Too large to read"),
            QT_TRANSLATE_NOOP(
                "errors", "The file, or what is packed in it, is too large. Save the part that matters as a file."
            ),
            (),
        ),
        ReadingProblem.TOO_LONG: FailureEntry(
            QT_TRANSLATE_NOOP("errors", "Reading took too long"),
            QT_TRANSLATE_NOOP(
                "errors", "Reading was ended after the time that a file is given. Save the part that matters as a file."
            ),
            (),
        ),
        ReadingProblem.UNKNOWN_KIND: FailureEntry(
            QT_TRANSLATE_NOOP("errors", "Not a kind of file that can be read"),
            QT_TRANSLATE_NOOP(
                "errors",
                "Candor reads PDF, Word, Excel, PowerPoint, OpenDocument, RTF, mails, web pages, e-books, text and"
                " pictures. Save it as one of these, or copy its text.",
            ),
            (),
        ),
        ReadingProblem.OLD_KIND: FailureEntry(
            QT_TRANSLATE_NOOP("errors", "An old kind of file"),
            QT_TRANSLATE_NOOP(
                "errors", "This old format is not read. Open it in %1, save it in the present one, and attach that."
            ),
            (),
        ),
        ReadingProblem.NOT_A_FILE: FailureEntry(
            QT_TRANSLATE_NOOP("errors", "Not a file"),
            QT_TRANSLATE_NOOP("errors", "This is a folder or a device. Attach the files that matter themselves."),
            (),
        ),
        ReadingProblem.GONE: FailureEntry(
            QT_TRANSLATE_NOOP("errors", "The file is gone"),
            QT_TRANSLATE_NOOP("errors", "There is no such file any more: it was moved, renamed or deleted."),
            (),
        ),
        ReadingProblem.FORBIDDEN: FailureEntry(
            QT_TRANSLATE_NOOP("errors", "May not be opened"),
            QT_TRANSLATE_NOOP("errors", "You are not allowed to read this file, or another program holds it."),
            (),
        ),
        ReadingProblem.CHANGED: FailureEntry(
            QT_TRANSLATE_NOOP("errors", "Changed while it was read"),
            QT_TRANSLATE_NOOP("errors", "Another program wrote to the file meanwhile. Attach it again."),
            (),
        ),
        ReadingProblem.CRASHED: FailureEntry(
            QT_TRANSLATE_NOOP("errors", "Could not be read"),
            QT_TRANSLATE_NOOP(
                "errors", "Reading broke down at this file; it may be damaged. Save it again, or copy its text."
            ),
            (),
        ),
        ReadingProblem.ENDED: FailureEntry(
            QT_TRANSLATE_NOOP("errors", "Stopped for safety"),
            QT_TRANSLATE_NOOP(
                "errors",
                "While this file was read, the reader tried what it may never do, and was ended. The file may be an"
                " attack: ask whoever sent it before you open it anywhere.",
            ),
            (),
        ),
        ReadingProblem.DISK_FULL: FailureEntry(
            QT_TRANSLATE_NOOP("errors", "The disk is full"),
            QT_TRANSLATE_NOOP("errors", "There is no room to keep a copy of the file. Free some space, and try again."),
            (),
        ),
        ReadingProblem.TEMPORARY: FailureEntry(
            QT_TRANSLATE_NOOP("errors", "Not in a temporary conversation"),
            QT_TRANSLATE_NOOP(
                "errors",
                "Candor keeps a copy of each file on the disk, and of a temporary conversation nothing is kept. Paste"
                " its words, or give the file to another conversation.",
            ),
            (),
        ),
        ReadingProblem.NOT_KEPT: FailureEntry(
            QT_TRANSLATE_NOOP("errors", "Could not be kept"),
            QT_TRANSLATE_NOOP("errors", "Candor may not write to its folder, where it keeps a copy of each file."),
            (),
        ),
    }
)
