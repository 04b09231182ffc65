"""The faults of files that were written by hand, in the language of the window."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from desktop.core.prompts.file_problem import FileProblem, FileReason, TextFault
from desktop.core.text.translatable import QT_TRANSLATE_NOOP
from desktop.ui.words import fill, number, shown_name, translate

# The English words once more, where the translators' tool finds them; a test compares.
WORDS: Mapping[TextFault, str] = MappingProxyType(
    {
        TextFault.NO_FILE: QT_TRANSLATE_NOOP("file_fault", "it is no file"),
        TextFault.UNREADABLE: QT_TRANSLATE_NOOP("file_fault", "it cannot be read: %1"),
        TextFault.TOO_LARGE: QT_TRANSLATE_NOOP("file_fault", "it is larger than %1 KB"),
        TextFault.TOO_MANY_FILES: QT_TRANSLATE_NOOP("file_fault", "only the first %1 of %2 files were read"),
        TextFault.NOT_UTF8: QT_TRANSLATE_NOOP("file_fault", "it is not written in UTF-8"),
        TextFault.LONG_NAME: QT_TRANSLATE_NOOP("file_fault", "a name in it has too many parts"),
        TextFault.TOO_DEEP: QT_TRANSLATE_NOOP("file_fault", "it is nested too deeply"),
        TextFault.LONG_NUMBER: QT_TRANSLATE_NOOP("file_fault", "a number in it is too long"),
        TextFault.WRONG_SIGN: QT_TRANSLATE_NOOP(
            "file_fault", "a sign stands here that does not belong there; a text has quotes around it"
        ),
        TextFault.NOT_CLOSED: QT_TRANSLATE_NOOP("file_fault", "a text, list or table is not closed"),
        TextFault.SAID_BEFORE: QT_TRANSLATE_NOOP("file_fault", "this name stands there twice"),
        TextFault.NO_VALUE: QT_TRANSLATE_NOOP("file_fault", "this is no value; a text has quotes around it"),
        TextFault.NO_EQUALS: QT_TRANSLATE_NOOP("file_fault", "between name and value there must be ="),
        TextFault.TOO_MUCH_IN_LINE: QT_TRANSLATE_NOOP("file_fault", "something stands behind the value"),
        TextFault.NO_NAME: QT_TRANSLATE_NOOP("file_fault", "this line does not begin with a name"),
        TextFault.BACKSLASH: QT_TRANSLATE_NOOP("file_fault", "a backslash in a text must be written twice"),
        TextFault.NO_TOML: QT_TRANSLATE_NOOP("file_fault", "this is not TOML: %1"),
        TextFault.MISSING: QT_TRANSLATE_NOOP("file_fault", "%1 is missing"),
        TextFault.UNKNOWN_NAME: QT_TRANSLATE_NOOP("file_fault", "unknown name %1; known are %2"),
        TextFault.KIND: QT_TRANSLATE_NOOP("file_fault", "kind must be one of %1"),
        TextFault.TRUE_OR_FALSE: QT_TRANSLATE_NOOP("file_fault", "%1 must be true or false"),
        TextFault.AS_TABLES: QT_TRANSLATE_NOOP("file_fault", "%1 must be written as [[%1]]"),
        TextFault.LIST_OF_TEXTS: QT_TRANSLATE_NOOP("file_fault", "%1 must be a list of texts"),
        TextFault.TABLE_OF_TEXTS: QT_TRANSLATE_NOOP("file_fault", "texts must be a table of texts"),
        TextFault.NO_TEXT: QT_TRANSLATE_NOOP("file_fault", "%1 must be a text"),
        TextFault.TOO_LONG: QT_TRANSLATE_NOOP("file_fault", "%1 is longer than %2 characters"),
        TextFault.TOO_MANY: QT_TRANSLATE_NOOP("file_fault", "more than %1 %2"),
        TextFault.BLANK_TWICE: QT_TRANSLATE_NOOP("file_fault", "the blank %1 stands there twice"),
        TextFault.BLANK_NAME: QT_TRANSLATE_NOOP(
            "file_fault", "name must be of letters, digits, blanks, and . ' - inside"
        ),
        TextFault.FILE_DEFAULT: QT_TRANSLATE_NOOP("file_fault", "a file has no default"),
        TextFault.CHOICES: QT_TRANSLATE_NOOP("file_fault", "choices belong to the kind choice, and to no other"),
    }
)


def reason_words(reason: FileReason) -> str:
    """Return what is wrong with a file; names that stand in it stay as they are."""
    return fill(translate("file_fault", WORDS[reason.fault]), *reason.values)


def file_problem(problem: FileProblem) -> str:
    """Return what is wrong with a file and where."""
    name, reason = shown_name(problem.file.name), reason_words(problem.reason)
    if problem.line:
        return fill(translate("recipes", "%1, line %2: %3"), name, number(problem.line), reason)
    return fill(translate("recipes", "%1: %2"), name, reason)
