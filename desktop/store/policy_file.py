"""The policy of this computer, in the first of the system's machine-wide places that has one; nothing is merged.

Only administrators can write to those. The user's own folders and the environment are not among them, and a file that
others can write to is not obeyed: the network is closed, as for one that cannot be read.
"""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from desktop.core.policy.fixed import Policy, PolicyFault, PolicyProblem, closed_policy
from desktop.store.disk import open_regular

MOST_BYTES = 256 << 10  # a policy has one or two kilobytes
ENTRY = "policy"  # in the registry of Windows and in a profile of macOS: the text of the policy
_REGISTRY_KEY = r"SOFTWARE\Policies\Candor"
_BUNDLE = "localhost.candor.program"
_ROOT = 0
_GROUPS_OF_ADMINISTRATORS = (0, 80) if sys.platform == "darwin" else (0,)


class UntrustedPolicyError(Exception):
    """Policy that others than administrators could have written; the text names the file or folder."""


@dataclass(frozen=True, slots=True)
class PolicyPlace:
    """Machine-wide place. `read` returns None where there is nothing; raises OSError or `UntrustedPolicyError`."""

    name: str
    read: Callable[[], bytes | None]


def find_policy(places: Sequence[PolicyPlace] | None = None) -> Policy:
    """Return the policy of this computer; one that fixes nothing where there is none. Never raises."""
    for place in policy_places() if places is None else places:
        try:
            content = place.read()
        except (UntrustedPolicyError, OSError, ValueError) as error:
            fault = PolicyFault.UNSAFE if isinstance(error, UntrustedPolicyError) else PolicyFault.UNREADABLE
            detail = error.strerror or "" if isinstance(error, OSError) else str(error)
            return closed_policy(place.name, PolicyProblem(fault, detail=detail))
        if content is not None:
            return policy_in(content, place.name)
    return Policy()


def policy_in(content: bytes, name: str) -> Policy:
    """Return the policy in the bytes of a file called `name`."""
    from desktop.core.policy.parse import read_policy

    try:
        return read_policy(content.decode("utf-8-sig"), name)
    except UnicodeDecodeError as error:
        return closed_policy(name, PolicyProblem(PolicyFault.NOT_TOML, detail=str(error)))


def policy_places() -> list[PolicyPlace]:
    """Return the places of this system, in the order in which they are looked at."""
    if sys.platform == "win32":
        registry = PolicyPlace(f"HKEY_LOCAL_MACHINE\\{_REGISTRY_KEY}", _from_registry)
        return [registry, file_place(_program_files() / "Candor" / "policy.toml", owner=None)]
    if sys.platform == "darwin":
        profile = Path("/Library/Managed Preferences") / f"{_BUNDLE}.plist"
        return [
            PolicyPlace(str(profile), lambda: _from_profile(profile)),
            file_place(Path("/Library/Application Support/Candor/policy.toml")),
        ]
    return [file_place(Path("/etc/candor/policy.toml"))]


def file_place(path: Path, *, owner: int | None = _ROOT) -> PolicyPlace:
    """Return the place of a file, which with its folders must belong to `owner`; None does not look at that."""
    return PolicyPlace(str(path), lambda: _from_file(path, owner))


def _from_file(path: Path, owner: int | None) -> bytes | None:
    try:
        real = path.resolve(strict=True)
        file = open_regular(real)
    except (FileNotFoundError, NotADirectoryError):
        return None
    with file:
        if owner is not None:
            _check(real, os.fstat(file.fileno()), owner)
            for folder in real.parents:
                _check(folder, folder.stat(), owner)
        content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise ValueError(f"more than {MOST_BYTES} bytes")
    return content


def _check(path: Path, found: os.stat_result, owner: int) -> None:
    """Raise `UntrustedPolicyError` if others than `owner` could put something else in its place."""
    is_shared = stat.S_ISDIR(found.st_mode) and bool(found.st_mode & stat.S_ISVTX)  # where one removes only one's own
    by_group = found.st_mode & stat.S_IWGRP and found.st_gid not in _GROUPS_OF_ADMINISTRATORS
    by_others = found.st_mode & stat.S_IWOTH
    if found.st_uid not in (owner, _ROOT) or ((by_group or by_others) and not is_shared):
        raise UntrustedPolicyError(str(path))


def _from_profile(path: Path, owner: int = _ROOT) -> bytes | None:
    """Return the text in the preferences that a profile of macOS has put in place, which belong to `owner`."""
    import plistlib

    content = _from_file(path, owner)
    if content is None:
        return None
    try:
        found = plistlib.loads(content)
    except Exception as error:  # expat's and its own, which have nothing in common
        raise ValueError(str(error)) from None
    text = found.get(ENTRY) if isinstance(found, dict) else None
    if text is None:
        return None  # other preferences of the program's
    if not isinstance(text, str):
        raise ValueError(f"{ENTRY} is not a text")
    return text.encode()


if sys.platform == "win32":
    import winreg

    def _from_registry() -> bytes | None:
        """Return the text in the registry: one text, or one for each line."""
        try:
            with winreg.OpenKey(
                winreg.HKEY_LOCAL_MACHINE, _REGISTRY_KEY, 0, winreg.KEY_READ | winreg.KEY_WOW64_64KEY
            ) as key:
                value, _ = winreg.QueryValueEx(key, ENTRY)
        except FileNotFoundError:
            return None
        if isinstance(value, list):
            value = "\n".join(value)
        if not isinstance(value, str):
            raise ValueError(f"{ENTRY} is not a text")
        return value.encode()

    def _program_files() -> Path:
        """Return the folder of programs as the system has it; the environment's could have been changed by the user."""
        key_name = r"SOFTWARE\Microsoft\Windows\CurrentVersion"
        with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, key_name, 0, winreg.KEY_READ | winreg.KEY_WOW64_64KEY) as key:
            return Path(str(winreg.QueryValueEx(key, "ProgramFilesDir")[0]))

else:

    def _from_registry() -> bytes | None:
        return None

    def _program_files() -> Path:
        return Path("/")
