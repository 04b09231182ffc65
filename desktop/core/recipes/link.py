"""What the system hands over to be opened: files, and links that name a recipe
(`candor:recipe/Reply%20to%20a%20complaint`).

A link is a name and nothing more: no path, no address, no words for a prompt. What is not written in just this way
is refused with the reason. Whether a recipe of the name is there is not known here.
"""

from __future__ import annotations

import os
import re
import sys
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path, PurePath
from urllib.parse import quote, unquote_to_bytes

SCHEME = "candor"
# Room for the longest name of a recipe, 500 characters of four bytes that are written with three signs each.
MOST_BYTES = 6_144
_RECIPE = "recipe"
_PREFIX = f"{SCHEME}:"
_BAD_PERCENT = re.compile("%(?![0-9A-Fa-f]{2})")
# What is not seen, or turns the direction of what is: controls, halves of pairs, marks and overrides of direction, tag
# letters, and spaces of no width. The two joiners (U+200C, U+200D) belong to words and to emoji.
_UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff"
    "\U000e0000-\U000e007f]"
)


class LinkFault(StrEnum):
    """Reason why nothing can be opened by a link, or by any other address."""

    UNREADABLE = "unreadable"  # a sign in it that no link has, or that is not written as in links
    UNKNOWN = "unknown"  # it asks for something that this version does not know
    NAMELESS = "nameless"  # it names no recipe
    TOO_LONG = "too_long"
    ELSEWHERE = "elsewhere"  # it leads to another computer
    NO_FILE = "no_file"  # it is no link to a recipe, and no address or path that a file can have


@dataclass(frozen=True, slots=True)
class RecipeLink:
    """Link to the recipe of this name, which is as `name_in_link` has it."""

    name: str


def is_link(text: str) -> bool:
    """Return True if a text is meant as a link, well written or not.

    A file whose name begins so is named with its folder.
    """
    return text[: len(_PREFIX)].lower() == _PREFIX


def link_to(name: str) -> str:
    """Return the link to a recipe of this name; empty where nothing of the name can be seen, or too much."""
    said = name_in_link(name)
    link = f"{_PREFIX}{_RECIPE}/{quote(said, safe='')}"
    return link if said and len(link) <= MOST_BYTES else ""


def name_in_link(name: str) -> str:
    """Return a recipe's name as the user sees it.

    Without what is unseen, and composed, since programs decompose letters.
    """
    seen = _UNSEEN.sub("", " ".join(name.split()))
    return " ".join(unicodedata.normalize("NFC", seen).split())


def read_link(text: str) -> RecipeLink | LinkFault:
    """Return what a text leads to for which `is_link` holds.

    Programs rewrite addresses, so that up to three slashes may stand before the word `recipe`, in any case. All behind
    the slash after it is the name, in which `?` and `#` must be written `%3F` and `%23` (RFC 3986, section 2.2).
    """
    if len(text.encode("utf-8", "surrogatepass")) > MOST_BYTES:
        return LinkFault.TOO_LONG
    rest = re.sub("^/{1,3}", "", text[len(_PREFIX) :])
    if _UNSEEN.search(rest) or _BAD_PERCENT.search(rest):
        return LinkFault.UNREADABLE
    if not rest.strip():
        return LinkFault.NAMELESS
    action, _, written = rest.partition("/")
    if action.lower() != _RECIPE or "?" in written or "#" in written:
        return LinkFault.UNKNOWN
    try:
        name = unquote_to_bytes(written).decode("utf-8")
    except UnicodeDecodeError:
        return LinkFault.UNREADABLE
    if _UNSEEN.search(name):
        return LinkFault.UNREADABLE
    said = name_in_link(name)
    return RecipeLink(said) if said else LinkFault.NAMELESS


class GivenFile(StrEnum):
    """Use of a file that the system hands over."""

    MODEL = "model"
    RECIPE = "recipe"
    OTHER = "other"


# What each system is told that Candor opens: a test holds the installers to it.
ENDINGS = {".gguf": GivenFile.MODEL, ".toml": GivenFile.RECIPE}
RECIPE_ENDING = ".candor.toml"  # of a file that is a recipe and nothing else
# Of two letters at least, since Windows calls its disks by one.
_FAR = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")
_FILE = re.compile(r"file:(?P<host>//[^/]*)?(?P<path>/.*)", re.IGNORECASE | re.DOTALL)
_OTHER_HOST = re.compile(r"/[/\\]")  # how a Windows path begins that leads to another computer
_WINDOWS_DISK = re.compile(r"/[A-Za-z]:")


@dataclass(frozen=True, slots=True)
class LocalPath:
    """File as the system names it, which may be a folder or nothing at all."""

    path: str


def given_file(path: str) -> GivenFile:
    """Return what a file's ending says that it is."""
    return ENDINGS.get(PurePath(path).suffix.lower(), GivenFile.OTHER)


def read_given(text: str) -> LocalPath | RecipeLink | LinkFault:
    """Return what a text leads to that the system, or a user at a command line, has handed over."""
    if is_link(text):
        return read_link(text)
    if _is_file_address(text):
        return _path_of(text)
    if _FAR.match(text):
        return LinkFault.ELSEWHERE
    return LinkFault.NO_FILE if "\0" in text else LocalPath(text)


def whole(text: str) -> str:
    """Return the text for another process, which may stand in another folder.

    A path is given from the root on, an address as it is.
    """
    if is_link(text) or _is_file_address(text) or _FAR.match(text):
        return text
    return str(Path(text).absolute())


def _is_file_address(text: str) -> bool:
    return text[:5].lower() == "file:"


def _path_of(address: str) -> LocalPath | LinkFault:
    """Return the path of a `file:` address (RFC 8089): any name that a disk can hold, in the bytes of the disk."""
    parts = _FILE.fullmatch(address)
    if parts is None or _BAD_PERCENT.search(address):
        return LinkFault.NO_FILE
    try:
        path = os.fsdecode(unquote_to_bytes(os.fsencode(parts["path"])))
    except UnicodeError:  # letters that no name on this computer's disks has
        return LinkFault.NO_FILE
    if (parts["host"] or "//").lower() not in ("//", "//localhost") or _OTHER_HOST.match(path):
        return LinkFault.ELSEWHERE
    if "\0" in path:
        return LinkFault.NO_FILE
    return LocalPath(path[1:] if sys.platform == "win32" and _WINDOWS_DISK.match(path) else path)
