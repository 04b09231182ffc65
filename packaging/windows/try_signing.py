"""A trial of signing as a release does it: a setup and an MSI of the small edition, with a certificate for the trial.

The certificate's authority is made for the trial too, so that what is verified is the whole chain. Only a real one, and
its time server, are not tried.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from order import Edition, Order, version
from telling import SetupError

from windows import msi, setup, signing, work
from windows.installed import Installed
from windows.trial import Trial, must, tell

_EXTENSIONS = "basicConstraints=CA:FALSE\nkeyUsage=digitalSignature\nextendedKeyUsage=codeSigning\n"


def try_signing(trial: Trial) -> None:
    """Build, verify, install, verify what is installed, change a byte of each. Raises SetupError."""
    with certificate(trial.scrap) as authority:
        order = Order(Edition.SMALL, version(), trial.scrap)
        (package,) = msi.build(order)
        (file,) = setup.build(order)
        installed = Installed(trial, file, has_engine=False)
        must(installed.install() == 0, "The signed setup failed.")
        for each in (file, package, installed.program, installed.folder / "uninstall.exe"):
            signing.verify(each, authority)
            _changed_is_noticed(each, authority, trial.scrap)
            tell(f"{each.name}: signed, and the chain leads to the authority; one byte changed: noticed")
        must(installed.install() == 0, "The signed setup failed over itself.")
        must(installed.remove("/DELETE_DATA") == 0, "The signed uninstaller failed.")
        must(trial.computer.run("msiexec", "/i", package, "/qn").status == 0, "The signed package failed.")
        program = trial.computer.drive / "Program Files" / "Candor" / "Candor.exe"
        signing.verify(program, authority)
        must(
            trial.computer.run("msiexec", "/x", package, "/qn").status == 0, "The signed package could not be removed."
        )
        tell("signed setup, uninstaller and package work as unsigned ones do")


def _changed_is_noticed(file: Path, authority: Path, scrap: Path) -> None:
    changed = scrap / f"changed-{file.name}"
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    changed.write_bytes(content)
    try:
        signing.verify(changed, authority)
    except SetupError:
        return
    raise SetupError(f"A byte of {file.name} was changed, and nobody noticed.")


@contextmanager
def certificate(folder: Path) -> Iterator[Path]:
    """Sign with a certificate that is made in a folder; yield the authority that vouches for it."""
    authority, authority_key = folder / "authority.pem", folder / "authority.key"
    request, key, leaf = folder / "request.pem", folder / "leaf.key", folder / "leaf.pem"
    extensions, both, password = folder / "extensions", folder / "both.p12", folder / "password"
    extensions.write_text(_EXTENSIONS, encoding="ascii")
    password.write_text("for a trial", encoding="ascii")
    new = ["openssl", "req", "-newkey", "rsa:2048", "-nodes"]
    work.run(
        [
            *new,
            "-x509",
            "-days",
            "2",
            "-subj",
            "/CN=Candor trial authority",
            "-keyout",
            authority_key,
            "-out",
            authority,
        ]
    )
    work.run([*new, "-subj", "/CN=Candor trial", "-keyout", key, "-out", request])
    vouching: list[str | Path] = [
        "-CA",
        authority,
        "-CAkey",
        authority_key,
        "-CAcreateserial",
        "-days",
        "2",
        "-extfile",
        extensions,
    ]
    work.run(["openssl", "x509", "-req", "-in", request, *vouching, "-out", leaf])
    exporting: list[str | Path] = ["-inkey", key, "-in", leaf, "-certfile", authority, "-passout", f"file:{password}"]
    work.run(["openssl", "pkcs12", "-export", *exporting, "-out", both])
    wanted = {signing.CERTIFICATE: str(both), signing.PASSWORD_FILE: str(password), signing.THROW_AWAY: "yes"}
    before = {name: os.environ.pop(name, None) for name in (*wanted, signing.TIME_SERVER)}
    os.environ.update(wanted)
    try:
        yield authority
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
