"""The words after a connection was saved: what becomes of its secrets, and where they are then."""

from __future__ import annotations

from desktop.core.connection import Secrets
from desktop.ui.words import fill, translate


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
            return translate(
                "saved", "Saved. No keyring found on this computer: the key is kept until you close Candor."
            )
        case True, False:
            return translate(
                "saved", "Saved. No keyring found on this computer: the password is kept until you close Candor."
            )
        case False, True:
            return translate("saved", "Saved. The key is in this computer's keyring.")
        case _:
            return translate("saved", "Saved. The password is in this computer's keyring.")
