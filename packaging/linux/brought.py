"""Which packages of Debian the frozen program brings files of, for the bill of materials.

Python and the small libraries come from the system that it is frozen in, and from no list in `locks/`. What the program
only needs, and the person's own system has, is the business of `needs.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from bill_of_materials import FromDebian
from build import Edition

from linux import needs, program

_PYTHON = re.compile(r"^libpython3\.\d+$")


def packages(edition: Edition) -> list[FromDebian]:
    """The packages, after the program was frozen. Raises SetupError."""
    folder, root = program.frozen(edition)
    listing = root.run(["dpkg-query", "--show", "--showformat", "${Package} ${Version}\\n"])
    versions = dict(line.split(" ", 1) for line in listing.splitlines())
    return brought((path.name for path in Path(folder).rglob("*.so*")), needs.owners_in(root), versions)


def brought(files: Iterable[str], owners: Mapping[str, str], versions: Mapping[str, str]) -> list[FromDebian]:
    """The packages that own files of these names; Python's modules in Python are a package of their own."""
    names = {owners[name] for name in files if name in owners}
    names |= {f"{name}-stdlib" for name in names if _PYTHON.match(name)}
    return [FromDebian(name, versions[name]) for name in sorted(names)]
