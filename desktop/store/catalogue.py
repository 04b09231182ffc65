"""The files of the catalogue of models: the one that ships inside, and a second one of an administrator.

Their form is `core.models.catalogue`'s business. A file that cannot be used is told of, and the other one is used.
"""

from __future__ import annotations

from pathlib import Path

from desktop.core.models.catalogue import (
    Catalogue,
    CatalogueError,
    CatalogueFault,
    CatalogueProblem,
    FoundCatalogue,
    parse_catalogue,
)
from desktop.core.resources import resource_path
from desktop.store.paths import administrators_catalogue

_MOST_BYTES = 4 << 20  # fifty rows take forty kilobytes


def load_catalogue(shipped: Path | None = None, second: Path | None = None) -> FoundCatalogue:
    """Return the catalogue of both files; of those that belong to the program where none are given."""
    found, problems = Catalogue(), []
    for file in (shipped or resource_path("models", "catalogue.toml"), second or administrators_catalogue()):
        try:
            read = _read(file)
        except CatalogueError as error:
            problems.append(CatalogueProblem(error.fault, str(file), str(error)))
            continue
        if read is not None:
            found = found.merged_with(read) if found.rows else read
    return FoundCatalogue(found, tuple(problems))


def _read(file: Path) -> Catalogue | None:
    """Return the catalogue in a file; None where there is no such file. Raises `CatalogueError`."""
    try:
        with file.open("rb") as stream:
            content = stream.read(_MOST_BYTES + 1)
        if len(content) > _MOST_BYTES:
            raise CatalogueError(CatalogueFault.BROKEN, f"it has more than {_MOST_BYTES} bytes")
        return parse_catalogue(content.decode("utf-8-sig"))
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise CatalogueError(CatalogueFault.BROKEN, str(error)) from None
