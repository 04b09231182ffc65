"""The failures of the disk, by reason: while the program runs, and at its start, when there is no window yet."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from desktop.core.text.translatable import QT_TRANSLATE_NOOP
from desktop.ui.failures.entry import ErrorAction, FailureEntry

DISK_FAILURES: Mapping[str, FailureEntry] = MappingProxyType(
    {
        "full": FailureEntry(
            QT_TRANSLATE_NOOP("errors", "The disk is full"),
            QT_TRANSLATE_NOOP(
                "errors",
                "Your conversations cannot be saved until there is room. Free some space, then try again; what you see"
                " stays in the window until then.",
            ),
            (ErrorAction.TRY_AGAIN, ErrorAction.OPEN_DATA_FOLDER),
        ),
        "read_only": FailureEntry(
            QT_TRANSLATE_NOOP("errors", "Candor may not write to its folder"),
            QT_TRANSLATE_NOOP(
                "errors",
                "Nothing can be saved while the data folder is read-only. Allow writing to it, or ask your"
                " administrator.",
            ),
            (ErrorAction.TRY_AGAIN, ErrorAction.OPEN_DATA_FOLDER),
        ),
        "newer_version": FailureEntry(
            QT_TRANSLATE_NOOP("errors", "Made by a newer Candor"),
            QT_TRANSLATE_NOOP(
                "errors",
                "Your conversations were saved by a newer version of Candor. Nothing was changed. Install that version"
                " to read them.",
            ),
            (ErrorAction.QUIT, ErrorAction.OPEN_DATA_FOLDER),
        ),
        "earlier_state": FailureEntry(
            QT_TRANSLATE_NOOP("errors", "Made by an earlier state of Candor"),
            QT_TRANSLATE_NOOP(
                "errors", "This folder was made by an earlier state of Candor. Nothing in it was changed."
            ),
            (ErrorAction.QUIT, ErrorAction.OPEN_DATA_FOLDER),
        ),
        "damaged": FailureEntry(
            QT_TRANSLATE_NOOP("errors", "The conversations file is damaged"),
            QT_TRANSLATE_NOOP(
                "errors",
                "Some of your conversations could not be read. Nothing more is written into the file. A repair keeps"
                " all that can be read, and a backup brings back an earlier state.",
            ),
            (ErrorAction.REPAIR, ErrorAction.RESTORE_BACKUP, ErrorAction.OPEN_DATA_FOLDER),
        ),
        "policy": FailureEntry(
            QT_TRANSLATE_NOOP("errors", "No conversations are kept on this computer"),
            QT_TRANSLATE_NOOP(
                "errors",
                "Its administrator has set that conversations end with Candor, so nothing is added to those that were"
                " kept before. To send these words, begin a new one.",
            ),
            (),
        ),
        "locked": FailureEntry(
            QT_TRANSLATE_NOOP("errors", "Another program holds your conversations"),
            QT_TRANSLATE_NOOP(
                "errors",
                "The file with your conversations is in use, perhaps by another Candor or by a backup. Close it, then"
                " try again.",
            ),
            (ErrorAction.TRY_AGAIN, ErrorAction.QUIT),
        ),
        "other": FailureEntry(
            QT_TRANSLATE_NOOP("errors", "The disk did not take your words"),
            QT_TRANSLATE_NOOP(
                "errors",
                "Saving failed. What you see stays in the window; copy what matters to you, then try again.",
            ),
            (ErrorAction.TRY_AGAIN, ErrorAction.OPEN_DATA_FOLDER),
        ),
    }
)

# Where there is no window yet; `%1` is the folder of the user's files.
AT_START_FAILURES: Mapping[str, FailureEntry] = MappingProxyType(
    {
        "full": FailureEntry(
            QT_TRANSLATE_NOOP("errors", "The disk is full"),
            QT_TRANSLATE_NOOP(
                "errors",
                "Your conversations and settings are kept in %1, on a disk that has no room left. Free some space"
                " there, then start Candor again.",
            ),
            (ErrorAction.QUIT,),
        ),
        "read_only": FailureEntry(
            QT_TRANSLATE_NOOP("errors", "Candor may not write to its folder"),
            QT_TRANSLATE_NOOP(
                "errors",
                "Your conversations and settings are kept in %1, where nothing may be written now. Allow writing to"
                " this folder, or ask your administrator to, then start Candor again.",
            ),
            (ErrorAction.QUIT,),
        ),
        "earlier_state": FailureEntry(
            DISK_FAILURES["earlier_state"].sentence,
            QT_TRANSLATE_NOOP(
                "errors",
                "What is in %1 stays there as it is. Candor can begin with a new, empty folder beside it, and uses that"
                " from then on.",
            ),
            (ErrorAction.QUIT,),
        ),
        "locked": DISK_FAILURES["locked"],
        "other": FailureEntry(
            QT_TRANSLATE_NOOP("errors", "Candor cannot use its folder"),
            QT_TRANSLATE_NOOP(
                "errors",
                "Your conversations and settings are kept in %1, which cannot be used now. The details say why. Put"
                " this right, or ask your administrator to, then start Candor again.",
            ),
            (ErrorAction.QUIT,),
        ),
    }
)
