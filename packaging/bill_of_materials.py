"""A bill of materials beside each installer: CycloneDX 1.6, as JSON, of what `locks/` and `licences.json` say.

Only what a system's installer really brings is in it: without the built-in engine neither that nor the starter model.
The same content gives the same file.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import starter_model
from licences import FILE as LICENCES
from locking import Pinned, pinned

_ENGINE = "xllamacpp"
_NAMESPACE = uuid.UUID("6ba7b811-9dad-11d1-80b4-00c04fd430c8")  # RFC 9562's for addresses


@dataclass(frozen=True, slots=True)
class FromDebian:
    """A package of Debian whose files an installer for Linux brings."""

    name: str
    version: str


def write(file: Path, system: str, version: str, *, has_engine: bool, from_debian: Sequence[FromDebian] = ()) -> Path:
    """Write the bill of an installer beside it; `system` names a list in `locks/`. Answers the bill's file."""
    beside = file.with_name(f"{file.name}.cdx.json")
    bill = bill_of(system, version, has_engine=has_engine, from_debian=from_debian)
    beside.write_text(json.dumps(bill, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return beside


def bill_of(system: str, version: str, *, has_engine: bool, from_debian: Sequence[FromDebian] = ()) -> dict[str, Any]:
    """The bill itself."""
    licences = {each["name"]: each for each in json.loads(LICENCES.read_text(encoding="utf-8"))["parts"]}
    packages = [each for each in pinned(system) if has_engine or each.name != _ENGINE]
    components = [_package(each, licences[each.name]["licence"]) for each in packages]
    components += [_from_debian(each) for each in from_debian]
    if has_engine:
        components.append(_model())
    root = {"type": "application", "bom-ref": "candor", "name": "Candor", "version": version, **_licensed("Apache-2.0")}
    content = json.dumps([root, components], sort_keys=True)
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(_NAMESPACE, hashlib.sha256(content.encode()).hexdigest())}",
        "version": 1,
        "metadata": {"component": root, "lifecycles": [{"phase": "build"}]},
        "components": components,
        "dependencies": [{"ref": "candor", "dependsOn": [each["bom-ref"] for each in components]}],
    }


def _package(package: Pinned, licence: str) -> dict[str, Any]:
    """Sums stand there where the package has one file for the system, so that it is certain which one was taken."""
    address = f"pkg:pypi/{package.name}@{package.version}"
    sums = [{"alg": "SHA-256", "content": package.sums[0]}] if len(package.sums) == 1 else []
    return {
        "type": "library",
        "bom-ref": address,
        "name": package.name,
        "version": package.version,
        **_licensed(licence),
        "purl": address,
        **({"hashes": sums} if sums else {}),
    }


def _from_debian(package: FromDebian) -> dict[str, Any]:
    """Without a licence: Debian tells it of each file, in words that no list of identifiers has."""
    address = f"pkg:deb/debian/{package.name}@{quote(package.version, safe='')}?arch=amd64"
    return {
        "type": "library",
        "bom-ref": address,
        "name": package.name,
        "version": package.version,
        "purl": address,
    }


def _model() -> dict[str, Any]:
    model = starter_model.read_pinned()
    return {
        "type": "machine-learning-model",
        "bom-ref": model.file,
        "name": model.file,
        "version": model.version,
        **_licensed("Apache-2.0"),
        "hashes": [{"alg": "SHA-256", "content": model.sha256}],
    }


def _licensed(licence: str) -> dict[str, Any]:
    """As an expression of SPDX, which a single licence is, too."""
    return {"licenses": [{"expression": licence}]}
