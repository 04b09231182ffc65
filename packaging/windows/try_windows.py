"""`dev.py try-windows`: trials of the files for Windows, with wine: here which of them, and in which order.

Each file gets a computer of its own, on which nothing was installed. What a setup goes through stands in
`try_setup.py`, an MSI in `try_msi.py`, the pages that a user sees in `try_pages.py`; signing is tried by
`try_signing.py`, which makes files of its own.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from finished import files_to_try
from order import Edition
from telling import SetupError, say
from trials.desk import desk

from windows import try_msi, try_pages, try_setup, try_signing, work
from windows.installed import Installed
from windows.trial import Trial
from windows.wine import Computer

_SCREEN = "1280x900"


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Return what is asked for. Raises SetupError where it cannot be tried, before anything is set up for it."""
    parser = argparse.ArgumentParser(prog="dev.py try-windows")
    parser.add_argument(
        "file",
        type=Path,
        nargs="*",
        help="setups and MSIs (default: those in dist); of both editions, one is set up over the other",
    )
    parser.add_argument(
        "--signing", action="store_true", help="also build, sign and verify with a certificate for the trial"
    )
    parser.add_argument("--pictures", type=Path, help="folder for pictures of what is seen, one for each file in it")
    options = parser.parse_args(arguments)
    if sys.platform != "linux":
        raise SetupError("Files for Windows are tried with wine, on Linux.")
    if options.file or not options.signing:
        options.file = files_to_try(options.file, (".exe", ".msi"), ("windows-setup", "windows-msi"))
    for file in options.file:
        edition_of(file)
    return options


def main(options: argparse.Namespace) -> int:
    """Try files; return the exit status. Raises SetupError where something fails."""
    files = options.file
    for file in files:
        say(f"{file.name}:")
        with fresh_trial(options.pictures and options.pictures / file.stem) as trial:
            _try(trial, file)
    for ending in (".exe", ".msi"):
        editions = {edition_of(file): file for file in files if file.suffix == ending}
        if len(editions) == len(Edition):
            say(f"{' and '.join(each.name for each in editions.values())}:")
            with fresh_trial() as trial:
                _try_both(trial, editions)
    if options.signing:
        say("signing:")
        with fresh_trial() as trial:
            try_signing.try_signing(trial)
    return 0


def _try(trial: Trial, file: Path) -> None:
    edition = edition_of(file)
    if file.suffix == ".msi":
        try_msi.try_msi(try_msi.Package(trial, file, edition))
        return
    trial.computer.ensure_setups_run()
    installed = Installed(trial, file, edition is Edition.FULL)
    try_setup.try_setup(installed)
    try_pages.try_pages(installed)
    try_pages.try_scales(installed)


def _try_both(trial: Trial, files: Mapping[Edition, Path]) -> None:
    if files[Edition.SMALL].suffix == ".msi":
        packages = {edition: try_msi.Package(trial, file, edition) for edition, file in files.items()}
        try_msi.try_both(packages[Edition.SMALL], packages[Edition.FULL])
    else:
        setups = {edition: Installed(trial, file, edition is Edition.FULL) for edition, file in files.items()}
        try_setup.try_both(setups[Edition.SMALL], setups[Edition.FULL])


def edition_of(file: Path) -> Edition:
    """Return the edition that a file's name tells. Raises SetupError."""
    for edition in Edition:
        if f"-{edition}-" in file.name:
            return edition
    raise SetupError(f"The name of {file.name} tells no edition.")


@contextmanager
def fresh_trial(pictures: Path | None = None) -> Iterator[Trial]:
    """Yield a computer on which nothing was installed, and a screen; both are thrown away. Raises SetupError."""
    work.FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="try-", dir=work.FOLDER) as made, desk(_SCREEN) as display:
        folder = Path(made)
        scrap = folder / "scrap"
        scrap.mkdir()
        computer = Computer.new(folder, display.name)
        try:
            yield Trial(computer, display, scrap, pictures)
        finally:
            computer.switch_off()
