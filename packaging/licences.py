"""The licences of all parts, collected in `resources/licences.json`, and those that an installer brings.

    python packaging/licences.py        with the Python of the project's environment

Which packages there are is said by the lists in `locks/`; what they say of themselves is read from the environment, and
the rest stands in `parts/`, with the words of licences in `resources/licences`. The project's file holds the parts of
all systems, for a checkout; in a program lies one of the same form with its own parts alone, which About shows and the
bill of materials is written from. It has the words that a package brings itself, by a key, and names the others.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
from collections.abc import Collection, Iterable, Mapping
from functools import cache
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

import part_files
from environment import ROOT
from locking import SYSTEMS, pinned
from part_files import Package, Part
from telling import SetupError

Told = dict[str, Any]  # `parts`, each with the keys of its texts, and `texts`
FILE = ROOT / "resources" / "licences.json"
IN_FROZEN = Path("_internal", "resources", FILE.name)  # in a program that was frozen
OF_DEBIAN = "deb/debian/"  # what the addresses of Debian's packages begin with
_ENGINE = "xllamacpp"
_LICENCE_FILE = re.compile(r"(?:^|/)(?:LICEN[CS]E|COPYING|NOTICE|AUTHORS)[^/]*$", re.IGNORECASE)
_CLASSIFIERS = {
    "License :: OSI Approved :: MIT License": "MIT",
    "License :: OSI Approved :: Apache Software License": "Apache-2.0",
    "License :: OSI Approved :: BSD License": "BSD-3-Clause",
}


def family(system: str) -> str:
    """Return the system that a list in `locks/` is for, whatever its processor."""
    return system.partition("-")[0]


def collect() -> Told:
    """Return the parts of all systems and editions. Raises SetupError."""
    versions = {each.name: each.version for system in reversed(list(SYSTEMS)) for each in pinned(system)}
    told: Told = {"parts": [], "texts": {}}
    for part in part_files.parts(part_files.FIRST):
        add(told, part, versions)
    for name, version in sorted(versions.items()):
        said = part_files.packages().get(name, Package())
        if not said.left_out:
            _add_package(told, name, version, said)
    for file in part_files.OTHERS:
        for part in part_files.parts(file):
            add(told, part, versions)
    return told


def add(told: Told, part: Part, versions: Mapping[str, str]) -> None:
    """Tell of a part that is described by hand."""
    systems, engine = _where(part.name)
    said = {"purl": part.purl, "inside": part.inside, "systems": systems, "engine": engine, "holds": part.holds,
            "installers": part.installers, "type": "" if part.type == "library" else part.type}  # fmt: skip
    entry = {
        "name": part.name,
        "version": versions.get(part.python, part.version),
        **({"licence": part.licence} if part.licence else {"licence_name": part.licence_name}),
        "copyright": part.copyright,
        "texts": list(part.texts),
    }
    told["parts"].append(entry | {key: value for key, value in said.items() if value})


def _add_package(told: Told, name: str, version: str, said: Package) -> None:
    """Tell of a package as it describes itself. Raises SetupError where it is not installed or says nothing."""
    licence, words = (said.licence, []) if said.texts else _own_words(name)
    if not licence or not (said.texts or words):
        raise SetupError(f"{name} does not say its licence: describe it in parts/{part_files.FIRST}.toml.")
    systems, engine = _where(name)
    entry = {
        "name": name,
        "version": version,
        "licence": licence,
        "copyright": said.copyright,
        "texts": [*said.texts, *keep_texts(told, words), *said.also],
        "purl": f"pypi/{name}",
    }
    told["parts"].append(entry | ({"systems": systems} if systems else {}) | ({"engine": True} if engine else {}))


def _own_words(name: str) -> tuple[str, list[str]]:
    """Return the licence that a package names, and its words. Raises SetupError where it is not installed."""
    try:
        found = distribution(name)
    except PackageNotFoundError:
        raise SetupError(f"{name} is not installed here: describe it in parts/{part_files.FIRST}.toml.") from None
    files = [each for each in found.files or [] if ".dist-info/" in str(each) and _LICENCE_FILE.search(str(each))]
    return _licence_of(found), [each.read_text(encoding="utf-8") for each in files]


def _licence_of(found: Distribution) -> str:
    told = found.metadata
    classified = (_CLASSIFIERS.get(each, "") for each in told.get_all("Classifier") or [])
    said = [*(told.get_all("License-Expression") or []), *(told.get_all("License") or []), *classified]
    return next(filter(None, said), "")


@cache
def _where(name: str) -> tuple[list[str], bool]:
    """Return the systems that bring a part or a package, none for all; and True if it comes with the engine alone."""
    part = next((each for each in part_files.all_parts() if each.name == name), None)
    if part is not None:
        systems, engine = _where(part.inside) if part.inside else ([], False)
        return [*part.systems] or systems, engine or part.engine
    bringing = {each for each in SYSTEMS if name in {package.name for package in pinned(each)}}
    systems = sorted(_families(bringing))
    return ([] if bringing == set(SYSTEMS) else systems), name == _ENGINE


def _families(bringing: Collection[str]) -> set[str]:
    """Return the systems of these lists; one for some processors alone as the names of its lists."""
    lists = {family(each): [list_ for list_ in SYSTEMS if family(list_) == family(each)] for each in SYSTEMS}
    whole = {system for system, names in lists.items() if all(each in bringing for each in names)}
    return whole | {each for each in bringing if family(each) not in whole}


def keep_texts(told: Told, words: Iterable[str]) -> list[str]:
    """Have the texts among those that are told, unless they have a name; return their keys."""
    keys = []
    for text in words:
        text = text.replace("\r\n", "\n").strip("\n")
        key = part_files.names_of_texts().get(text) or hashlib.sha256(text.encode()).hexdigest()[:12]
        if key not in part_files.names_of_texts().values():
            told["texts"][key] = text
        keys.append(key)
    return keys


def of(system: str, *, has_engine: bool, told: Told | None = None) -> Told:
    """Return what an installer brings; `system` names a list in `locks/`."""
    whole = told or read(FILE)
    versions = {each.name: each.version for each in pinned(system)}
    parts = [
        {**{key: value for key, value in each.items() if key not in ("systems", "engine")}}
        | ({"version": versions[each["name"]]} if each["name"] in versions else {})
        for each in whole["parts"]
        if {system, family(system)} & set(each.get("systems", [system])) and (has_engine or not each.get("engine"))
    ]
    return with_own_texts(parts, whole["texts"])


def with_own_texts(parts: list[dict[str, Any]], texts: Mapping[str, str]) -> Told:
    """Return these parts with no other texts than theirs."""
    used = {key for each in parts for key in each["texts"]}
    return {"parts": parts, "texts": {key: text for key, text in texts.items() if key in used}}


def read(file: Path) -> Told:
    """Return what a file tells."""
    told: Told = json.loads(file.read_text(encoding="utf-8"))
    return told


def write(told: Told, file: Path) -> None:
    """Write what is told."""
    file.write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    try:
        write(collect(), FILE)
    except SetupError as problem:
        sys.exit(str(problem))
