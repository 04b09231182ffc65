"""The address of a server as it is typed: its completed form, and what may be wrong with it, in words."""

from __future__ import annotations

from urllib.parse import urlsplit

from desktop.core.connections.addresses import MOST_LETTERS, is_host, plain_form, strange_letter
from desktop.core.place import Place, PlaceKind, place_of_host
from desktop.ui.words import fill, translate


def completed_address(typed: str) -> str:
    """Return the address with the usual scheme, which is mostly left out, and without a slash at the end.

    That is https to the internet, else http. Full-width letters and signs take their usual form.
    """
    address = " ".join(plain_form(typed).split())
    if not address or "://" in address or " " in address:
        return address if address.endswith("://") else address.rstrip("/")
    address = address.rstrip("/")
    place = place_of_address(f"//{address}")
    scheme = "https" if place is not None and place.kind is PlaceKind.INTERNET else "http"
    return f"{scheme}://{address}"


def place_of_address(address: str) -> Place | None:
    """Return where words sent to this address go; None while it is no address."""
    host = _host(address)
    return place_of_host(host) if host else None


def is_unencrypted(address: str) -> bool:
    """Return True if words and key would travel through a network where others can read them."""
    place = place_of_address(address)
    return address.lower().startswith("http://") and place is not None and not place.is_local


def unencrypted_words(place: Place | None) -> str:
    """Return who could read what is sent to this place by http."""
    if place is not None and place.kind is PlaceKind.INTERNET:
        return translate(
            "address", "http is not encrypted: anyone on the way can read your words and your key. Use https."
        )
    return translate(
        "address", "http is not encrypted: others in this network may be able to read your words and your key."
    )


def problem_with(address: str) -> str:
    """Return what is wrong with a completed address, in words; empty if nothing is."""
    if not address:
        return translate("address", "Enter the address of the server.")
    if " " in address:
        return translate("address", "This is not an address. It looks like https://server.example.com/v1.")
    scheme = address.partition("://")[0].lower()
    if scheme not in ("http", "https"):
        return translate("address", "The address must begin with http:// or https://.")
    try:
        parts = urlsplit(address)
        port_is_right = parts.port is None or parts.port > 0
        strange = strange_letter(parts.hostname or "")
    except ValueError:
        port_is_right, strange = False, ""
    strange = next((letter for letter in address if not letter.isprintable()), strange)
    if strange:
        shown = strange if strange.isprintable() else f"U+{ord(strange):04X}"
        return fill(translate("address", "There is a “%1” in this address, which no address has."), shown)
    if not port_is_right or not _host(address) or len(address) > MOST_LETTERS:
        return translate("address", "This is not an address. It looks like https://server.example.com/v1.")
    if "@" in parts.netloc:
        return translate("address", "Leave out what stands before the @. The key has a field of its own.")
    if parts.query or parts.fragment:
        return translate("address", "Leave out everything from the ? or # on.")
    return ""


def _host(address: str) -> str:
    try:
        host = urlsplit(address).hostname or ""
    except ValueError:
        return ""
    return host if is_host(host) else ""
