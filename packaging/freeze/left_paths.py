"""Traces in a frozen program of the computer that built it: folders of the builder's in its files.

    python left_paths.py FOLDER SIGN [SIGN …]        with the Python that froze it

Prints each file in which one of the signs stands, also those packed into the executable and into `base_library.zip`,
and ends with 1 where there is any. Which libraries are looked for where is the business of `linux/needs.py`.
"""

from __future__ import annotations

import sys
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path


def telling(folder: Path, signs: Sequence[bytes]) -> Iterator[str]:
    """Yield the files of the folder, or in its files, in which a sign stands."""
    for path in sorted(folder.rglob("*")):
        if path.is_symlink() or not path.is_file():
            continue
        for name, content in _contents(path):
            if any(sign in content for sign in signs):
                yield f"{path.relative_to(folder)}{name}"


def _contents(path: Path) -> Iterator[tuple[str, bytes]]:
    """Yield what a file holds: itself, and what is packed into it, by its name there."""
    yield "", path.read_bytes()
    if path.suffix == ".zip":
        with zipfile.ZipFile(path) as archive:
            for each in archive.namelist():
                yield f": {each}", archive.read(each)
    elif path.parent.joinpath("_internal").is_dir():  # the executable, to which the modules are appended
        yield from _modules(path)


def _modules(executable: Path) -> Iterator[tuple[str, bytes]]:
    from PyInstaller.archive.readers import CArchiveReader

    packed = CArchiveReader(str(executable))
    for name in packed.toc:
        if not name.endswith(".pyz"):
            yield f": {name}", packed.extract(name)
            continue
        modules = packed.open_embedded_archive(name)
        for module in modules.toc:
            yield f": {module}", modules.extract(module, raw=True) or b""


if __name__ == "__main__":
    found = list(telling(Path(sys.argv[1]), [sign.encode() for sign in sys.argv[2:]]))
    print("\n".join(found))
    sys.exit(bool(found))
