"""The signatures, with Authenticode, of what Windows runs, made where a certificate is at hand.

CANDOR_SIGN_CERTIFICATE names a PKCS #12 file and CANDOR_SIGN_PASSWORD_FILE a file with its password. The time of
signing is confirmed by the server that CANDOR_SIGN_TIME_SERVER names, without which a signature ends with its
certificate. A test build, whose Python nobody vouches for, is signed only where CANDOR_SIGN_THROW_AWAY says that the
certificate is one that nobody trusts.
"""

from __future__ import annotations

import os
import shlex
from pathlib import Path

from telling import SetupError, say

from windows import work

CERTIFICATE = "CANDOR_SIGN_CERTIFICATE"
PASSWORD_FILE = "CANDOR_SIGN_PASSWORD_FILE"
TIME_SERVER = "CANDOR_SIGN_TIME_SERVER"
THROW_AWAY = "CANDOR_SIGN_THROW_AWAY"


def sign(file: Path, *, is_official: bool = False) -> bool:
    """Sign a file in its place; return True if there was a certificate to do it with.

    Raises SetupError, also for a file of a test build.
    """
    options = _options(is_official=is_official)
    if not options:
        return False
    signed = file.with_name(f"{file.name}.signed")
    work.run(["osslsigncode", "sign", *options, "-in", file, "-out", signed])
    signed.replace(file)
    say(f"{file.name} is signed")
    return True


def uninstaller_command(folder: Path, *, is_official: bool = False) -> str:
    """Return the command with which NSIS has its uninstaller signed, written into a folder; the file's name follows it.

    Empty without a certificate. NSIS makes the uninstaller in the middle of its own work: no other moment serves.
    Raises SetupError, also for a test build.
    """
    options = _options(is_official=is_official)
    if not options:
        return ""
    script = folder / "sign-uninstaller.sh"
    command = shlex.join(["osslsigncode", "sign", *options])
    script.write_text(f'set -e\n{command} -in "$1" -out "$1.signed" >&2\nmv "$1.signed" "$1"\n', encoding="utf-8")
    return shlex.join(["sh", str(script)])


def _options(*, is_official: bool) -> list[str]:
    """Return what osslsigncode is told; nothing without a certificate. Raises SetupError where it is not to be used."""
    certificate = os.environ.get(CERTIFICATE)
    if not certificate:
        return []
    if not is_official and not os.environ.get(THROW_AWAY):
        raise SetupError(
            f"This is a test build, which is not to be signed with a certificate that people trust. "
            f"Unset {CERTIFICATE}, or set {THROW_AWAY} where it names one that was made to be thrown away."
        )
    password = os.environ.get(PASSWORD_FILE)
    if not password:
        raise SetupError(f"{PASSWORD_FILE} does not name the file with the certificate's password.")
    options = ["-pkcs12", certificate, "-readpass", password, "-h", "sha256", "-n", "Candor"]
    if server := os.environ.get(TIME_SERVER):
        options += ["-ts", server]
    return options
