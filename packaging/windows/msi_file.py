"""The last touch on an MSI that wixl has made: what wixl cannot express, and nothing that differs from build to build.

wixl leaves the strings of a package without a code page, ends at a Chinese letter, draws its package code by lot and
writes the hour into the file.
"""

from __future__ import annotations

import mmap
import struct
import uuid
from pathlib import Path

from telling import SetupError

from windows import work

# What every Windows reads as English and simplified Chinese. UTF-8 is not for strings that a package shows.
_CODE_PAGE = 936
_FORCE_CODE_PAGE = "\r\n\r\n{}\t_ForceCodepage\r\n"  # the form in which an MSI's tables are handed over
# What is looked for in the registry is looked for where Windows installs, and nowhere else: what was found before, with
# the rights of whoever asked for it, would not be handed over to there.
_SEARCH_ONCE = "DELETE FROM `InstallUISequence` WHERE `Action` = 'AppSearch'"
_LANGUAGES = "x64;1033"  # of the processor, and of the package: an MSI has one language
_SUMMARY = uuid.UUID("f29f85e0-4ff9-1068-ab91-08002b27b3d9").bytes_le  # marks the properties that follow
_BEFORE_SUMMARY = 28  # bytes from where offsets are counted
_TIMES = (12, 13)  # made, and last saved
_A_TIME = 64  # the kind of value that is a time
_TICKS = 10_000_000  # a second
_UNTIL_1970 = 11_644_473_600  # seconds from where Windows begins to count


def finish(file: Path, package_code: uuid.UUID, sentences: dict[str, str], scrap: Path) -> None:
    """Give the file its code, its code page, the steady time, one search of the registry, and other sentences.

    `sentences` has by each launch condition what is said where it does not hold. Raises SetupError.
    """
    code_page = scrap / "code_page.idt"
    code_page.write_text(_FORCE_CODE_PAGE.format(_CODE_PAGE), encoding="ascii", newline="")
    work.run(["msibuild", file, "-i", code_page])
    for condition, sentence in sentences.items():
        change = f"UPDATE `LaunchCondition` SET `Description` = '{sentence}' WHERE `Condition` = '{condition}'"
        work.run(["msibuild", file, "-q", change])
    work.run(["msibuild", file, "-q", _SEARCH_ONCE])
    work.run(["msibuild", file, "-s", "Candor", "Candor", _LANGUAGES, f"{{{str(package_code).upper()}}}"])
    set_times(file, work.STEADY_TIME)


def set_times(file: Path, seconds: int) -> None:
    """Write a time, in seconds since 1970, in the place of the hour of building. Raises SetupError."""
    ticks = struct.pack("<Q", (seconds + _UNTIL_1970) * _TICKS)
    with file.open("r+b") as opened, mmap.mmap(opened.fileno(), 0) as content:
        mark = content.find(_SUMMARY)
        if mark < 0 or content.find(_SUMMARY, mark + 1) >= 0:
            raise SetupError(f"{file.name} has no summary where one is expected.")
        section = mark - _BEFORE_SUMMARY + _number(content, mark + len(_SUMMARY))
        for each in range(_number(content, section + 4)):
            name, offset = struct.unpack_from("<II", content, section + 8 + 8 * each)
            if name in _TIMES:
                if _number(content, section + offset) != _A_TIME:
                    raise SetupError(f"The summary of {file.name} is not in one piece.")
                content[section + offset + 4 : section + offset + 12] = ticks


def _number(content: mmap.mmap, offset: int) -> int:
    return int.from_bytes(content[offset : offset + 4], "little")
