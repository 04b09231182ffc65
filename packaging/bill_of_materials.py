"""A bill of materials beside each installer: CycloneDX 1.6, as JSON, of the parts that the program in it tells of.

It is written from the file that About shows, so that both have the same parts under the same names; `locks/` adds the
sums. A version, a sum or an identifier stands there only where it is certain. The same content gives the same file.
"""

from __future__ import annotations

import hashlib
import json
import re
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

import starter_model
from licences import OF_DEBIAN, Told
from locking import pinned

_PROGRAM = "Candor"
_MODEL = "machine-learning-model"
_ORIGIN = {"name": "SmolLM2-135M-Instruct", "purl": "pkg:huggingface/HuggingFaceTB/SmolLM2-135M-Instruct"}
_NAMESPACE = uuid.UUID("6ba7b811-9dad-11d1-80b4-00c04fd430c8")  # RFC 9562's for addresses


def write(file: Path, told: Told, kind: str, system: str, version: str) -> Path:
    """Write the bill of an installer beside it, and return the bill's file; `system` names a list in `locks/`."""
    beside = file.with_name(f"{file.name}.cdx.json")
    bill = bill_of(told, kind, system, version)
    beside.write_text(json.dumps(bill, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return beside


def bill_of(told: Told, kind: str, system: str, version: str) -> dict[str, Any]:
    """Return the bill itself, of what an installer of this kind brings."""
    parts = [each for each in told["parts"] if kind in each.get("installers", [kind])]
    sums = {each.name: each.sums[0] for each in pinned(system) if len(each.sums) == 1}
    program, *others = parts
    root = {**_component(program, sums), "version": version}
    components = [_component(each, sums) for each in others]
    content = json.dumps([root, components], sort_keys=True)
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(_NAMESPACE, hashlib.sha256(content.encode()).hexdigest())}",
        "version": 1,
        "metadata": {"component": root, "lifecycles": [{"phase": "build"}]},
        "components": components,
        "dependencies": _dependencies(parts),
    }


def _dependencies(parts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return what has what inside; all that is inside nothing else is the program's."""
    names = {each["name"] for each in parts}
    held: dict[str, list[str]] = {_PROGRAM: []}
    for each in parts:
        if each["name"] != _PROGRAM:
            holder = each.get("inside", "")
            held.setdefault(holder if holder in names else _PROGRAM, []).append(each["name"])
    return [{"ref": holder, "dependsOn": inside} for holder, inside in held.items()]


def _component(part: Mapping[str, Any], sums: Mapping[str, str]) -> dict[str, Any]:
    address = _address(part)
    held = [_held(each, part.get("purl", "")) for each in part.get("holds", ())]
    made = {
        "type": part.get("type", "library"),
        "bom-ref": part["name"],
        "name": part["name"],
        "version": part["version"],
        "hashes": _hashes(part, sums),
        "licenses": _licences(part),
        "copyright": part["copyright"],
        "purl": address,
        "pedigree": _pedigree(part),
        "components": held,
    }
    return {key: value for key, value in made.items() if value}


def _hashes(part: Mapping[str, Any], sums: Mapping[str, str]) -> list[dict[str, str]]:
    """Return the sum of a part; none unless its package has one file for the system.

    Only then is it certain which one was taken.
    """
    model = starter_model.read_pinned().sha256 if part.get("type") == _MODEL else ""
    found = model or (sums.get(part["name"], "") if part.get("purl") == f"pypi/{part['name']}" else "")
    return [{"alg": "SHA-256", "content": found}] if found else []


def _licences(part: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return an expression of SPDX, which a single licence is, too; or a name where SPDX has none."""
    if "licence" in part:
        return [{"expression": part["licence"]}]
    return [{"license": {"name": part["licence_name"]}}]


def _pedigree(part: Mapping[str, Any]) -> dict[str, Any]:
    """Return the origin of the starter model: it was quantised from Hugging Face's and taken out of a package."""
    if part.get("type") != _MODEL:
        return {}
    model = starter_model.read_pinned()
    notes = model.notice.strip().replace("\n", " ").partition(", whose text")[0]
    return {"ancestors": [{"type": _MODEL, **_ORIGIN}], "notes": f"{notes}."}


def _address(part: Mapping[str, Any]) -> str:
    """Return the part's package address; what holds several packages of one kind has none of its own."""
    said = part.get("purl", "")
    if part["name"] == _PROGRAM or (said and "/" not in said):
        return ""
    if part.get("type") == _MODEL:
        return f"pkg:{said}@{starter_model.read_pinned().version}"
    bare = said or f"generic/{re.sub(r'[^a-z0-9.+]+', '-', part['name'].partition(' (')[0].lower()).strip('-')}"
    version = f"@{quote(part['version'], safe='')}" if part["version"] else ""
    return f"pkg:{quote(bare)}{version}{'?arch=amd64&distro=debian-12' if bare.startswith(OF_DEBIAN) else ''}"


def _held(words: str, kind: str) -> dict[str, Any]:
    """Return one of the packages that a part holds: its name, and its version where that is known."""
    name, _, version = words.partition(" ") if kind else (words, "", "")
    made = {"type": "library", "name": name, "version": version}
    made["purl"] = f"pkg:{kind}/{quote(name)}{f'@{version}' if version else ''}" if kind and "/" not in kind else ""
    return {key: value for key, value in made.items() if value}
