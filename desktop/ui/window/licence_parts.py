"""The parts of the program from `resources/licences.json`: names, licences, and the licences' own words.

The file is made when the program is built, and holds the parts of that program alone; in a checkout, those of all
systems.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from desktop.core.resources import resource_path

_OF_DEBIAN = "deb/debian/"


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the program. `texts` are shared between parts, and many are long."""

    name: str
    version: str
    licence: str
    copyright: str
    texts: Sequence[str]
    inside: str
    holds: Sequence[str]
    debian_package: str

    @property
    def line(self) -> str:
        return f"{self.name} {self.version}".strip() + f" · {self.licence}"

    @property
    def is_replaceable(self) -> bool:
        """True if its licence demands that the user can put another build in its place."""
        return self.licence.startswith("LGPL-3")

    def has(self, words: Sequence[str]) -> bool:
        """Return True if these words, in small letters, are all in what names it."""
        named = " ".join((self.line, self.inside, *self.holds)).casefold()
        return all(word in named for word in words)


def parts() -> list[Part]:
    """Return Candor itself, then all parts, the large ones first. Raises OSError if the file is missing."""
    told = json.loads(resource_path("licences.json").read_text(encoding="utf-8"))
    return [_part(each, told["texts"]) for each in told["parts"]]


def _part(told: Mapping[str, Any], texts: Mapping[str, str]) -> Part:
    address = told.get("purl", "")
    return Part(
        name=told["name"],
        version=told["version"],
        licence=told.get("licence") or told["licence_name"],
        copyright=told["copyright"],
        texts=[texts[key] for key in told["texts"]],
        inside=told.get("inside", ""),
        holds=told.get("holds", ()),
        debian_package=address.removeprefix(_OF_DEBIAN) if address.startswith(_OF_DEBIAN) else "",
    )
