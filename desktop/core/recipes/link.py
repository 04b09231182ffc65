"""Links that name a recipe which is at hand: `candor:recipe/Reply%20to%20a%20complaint`.

A link is a name and nothing more: no path, no address, no words for a prompt. What is not written in just this way is
refused with the reason. Whether a recipe of the name is there is not known here.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
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
