"""The words of a connection that is saved: the name it goes by, what becomes of its secrets, where they are then."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from desktop.core.connection import Connection, Secrets
from desktop.ui.words import fill, translate


def told_apart(connection: Connection, others: Sequence[Connection]) -> Connection:
    """Return the connection with a name that no other one has: that of its computer is added, else a number."""
    taken = {" ".join(each.name.split()).casefold() for each in others if each.id != connection.id}
    if connection.name.casefold() not in taken:
        return connection
    host = connection.ssh.host if connection.ssh is not None else urlsplit(connection.address).hostname or ""
    more = [host] if host else []
    names = (fill(translate("saved", "%1 (%2)"), connection.name, each) for each in (*more, *map(str, range(2, 100))))
    return replace(connection, name=next(name for name in names if name.casefold() not in taken))


def saved_words(name: str, typed: Secrets) -> str:
    """Return that a connection is saved; a keyring may ask for its password before it takes what was typed."""
    if typed.key:
        return fill(translate("saved", "Saved: %1. Putting the key into the keyring…"), name)
    if typed != Secrets():
        return fill(translate("saved", "Saved: %1. Putting the password into the keyring…"), name)
    return fill(translate("saved", "Saved: %1"), name)


def stored_words(storage: str, *, is_key: bool) -> str:
    """Return where a key, or else a password, is kept: `keyring`, or `session` where there is none."""
    match storage == "session", is_key:
        case True, True:
            return translate("saved", "Saved, but not in a keyring: the key is kept until you close Candor.")
        case True, False:
            return translate("saved", "Saved, but not in a keyring: the password is kept until you close Candor.")
        case False, True:
            return translate("saved", "Saved. The key is in this computer's keyring.")
        case _:
            return translate("saved", "Saved. The password is in this computer's keyring.")
