"""Collects the licences of all parts into `resources/licences.json`, which About shows and every installer brings.

    python packaging/licences.py        with the Python of the project's environment

Which packages there are is said by the lists in `locks/`; what they say of themselves is read from the environment, and
the rest stands in `licences.toml`. A text that several parts share is kept once.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
import tomllib
from collections.abc import Mapping
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from typing import Any

from environment import ROOT
from locking import SYSTEMS, pinned
from telling import SetupError

FILE = ROOT / "resources" / "licences.json"
_BY_HAND = ROOT / "packaging" / "licences.toml"
_TEXTS = ROOT / "packaging" / "licence_texts"
_LICENCE_FILE = re.compile(r"(?:^|/)(?:LICEN[CS]E|COPYING|NOTICE|AUTHORS)[^/]*$", re.IGNORECASE)
_CLASSIFIERS = {
    "License :: OSI Approved :: MIT License": "MIT",
    "License :: OSI Approved :: Apache Software License": "Apache-2.0",
    "License :: OSI Approved :: BSD License": "BSD-3-Clause",
}


def collect() -> dict[str, Any]:
    """The content of the file: `parts`, each with the keys of its texts, and `texts`. Raises SetupError."""
    by_hand = tomllib.loads(_BY_HAND.read_text(encoding="utf-8"))
    versions = {each.name: each.version for system in reversed(list(SYSTEMS)) for each in pinned(system)}
    texts: dict[str, str] = {}
    parts = [_part(each, versions.get(each.get("python", ""), each.get("version", "")), texts)
             for each in by_hand["parts"]]  # fmt: skip
    for name, version in sorted(versions.items()):
        said = by_hand["packages"].get(name)
        parts.append(_part({"name": name, **said}, version, texts) if said else _package(name, version, texts))
    return {"parts": parts, "texts": texts}


def _part(said: Mapping[str, Any], version: str, texts: dict[str, str]) -> dict[str, Any]:
    """A part that is described by hand."""
    words = [_TEXTS.joinpath(f"{each}.txt").read_text(encoding="utf-8") for each in said["texts"]]
    return _entry(said["name"], version, said["licence"], said["copyright"], words, texts)


def _package(name: str, version: str, texts: dict[str, str]) -> dict[str, Any]:
    """A package as it describes itself. Raises SetupError where it is not installed or says nothing."""
    try:
        found = distribution(name)
    except PackageNotFoundError:
        raise SetupError(f"{name} is not installed here: describe it in {_BY_HAND.name}.") from None
    licence = _licence_of(found)
    files = [each for each in found.files or [] if ".dist-info/" in str(each) and _LICENCE_FILE.search(str(each))]
    words = [each.read_text(encoding="utf-8") for each in files]
    if not licence or not words:
        raise SetupError(f"{name} does not say its licence: describe it in {_BY_HAND.name}.")
    return _entry(name, version, licence, "", words, texts)


def _licence_of(found: Distribution) -> str:
    told = found.metadata
    classified = (_CLASSIFIERS.get(each, "") for each in told.get_all("Classifier") or [])
    said = [*(told.get_all("License-Expression") or []), *(told.get_all("License") or []), *classified]
    return next(filter(None, said), "")


def _entry(
    name: str, version: str, licence: str, owner: str, words: list[str], texts: dict[str, str]
) -> dict[str, Any]:
    keys = []
    for text in words:
        key = hashlib.sha256(text.encode()).hexdigest()[:12]
        texts[key] = text.strip("\n")
        keys.append(key)
    return {"name": name, "version": version, "licence": licence, "copyright": owner, "texts": keys}


def write() -> None:
    """Bring the file up to date. Raises SetupError."""
    FILE.write_text(json.dumps(collect(), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    try:
        write()
    except SetupError as problem:
        sys.exit(str(problem))
