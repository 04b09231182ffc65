"""The requests of the parts of a prompt about files: one object for all of them, filled by who gives files to them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from desktop.ui.documents.file_chips import FileAction
from desktop.ui.inputs.plain_paste import GivenFiles


def _nothing(*_: object) -> None:
    """Do nothing: nobody gives files here."""


@dataclass(slots=True)
class FileRequests:
    """The functions that the parts call. `pick`: the user wants to choose files for the field of this key.

    `take`: files were pasted or dropped on the field of this key. `act`: something is asked for at the file of this id.
    """

    pick: Callable[[str], None] = _nothing
    take: Callable[[str, GivenFiles], None] = _nothing
    act: Callable[[str, FileAction], None] = _nothing
