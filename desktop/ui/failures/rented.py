"""The failures on the way through a rented computer, by kind and reason."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from desktop.core.text.translatable import QT_TRANSLATE_NOOP
from desktop.ui.failures.entry import CONNECT_OR_RETRY, RETRY_OR_CONNECT, ErrorAction, FailureEntry

_CONNECT = (ErrorAction.OPEN_CONNECTIONS,)

RENTED_FAILURES: Mapping[tuple[str, str], FailureEntry] = MappingProxyType(
    {
        ("unreachable", "ssh_new"): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "This computer is not confirmed yet"),
            QT_TRANSLATE_NOOP(
                "errors",
                "%1 has shown its fingerprint for the first time, and nothing was sent. Open the connection, press Test"
                " and confirm it there.",
            ),
            _CONNECT,
        ),
        ("unreachable", "ssh_changed"): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "Another computer answers at this address than last time"),
            QT_TRANSLATE_NOOP(
                "errors",
                "%1 shows another fingerprint than the one that you confirmed, so nothing was sent, not even your"
                " password. If you have not rented a new computer there, ask your provider.",
            ),
            _CONNECT,
        ),
        ("unreachable", "ssh_refused"): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "The rented computer does not answer"),
            QT_TRANSLATE_NOOP(
                "errors",
                "%1 takes no logins at this port. The computer may be switched off, or have got another port: look at"
                " your provider's page.",
            ),
            RETRY_OR_CONNECT,
        ),
        ("unreachable", "ssh_reset"): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "The rented computer hung up"),
            QT_TRANSLATE_NOOP(
                "errors",
                "%1 ended the connection before it began. After several wrong passwords it lets nobody in for a while:"
                " wait half a minute, then try again.",
            ),
            RETRY_OR_CONNECT,
        ),
        ("unreachable", "ssh_wait"): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "Wait half a minute"),
            QT_TRANSLATE_NOOP(
                "errors",
                "%1 has just hung up, and each new attempt would make it wait longer. Nothing was sent now. Try again"
                " in half a minute.",
            ),
            RETRY_OR_CONNECT,
        ),
        ("unreachable", "ssh_not_ssh"): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "No SSH server answers there"),
            QT_TRANSLATE_NOOP(
                "errors",
                "Something else listens at this port of %1. Copy the line from your provider's page once more: the port"
                " is the one behind -p.",
            ),
            CONNECT_OR_RETRY,
        ),
        ("unreachable", "ssh_old"): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "The rented computer's encryption is too old"),
            QT_TRANSLATE_NOOP(
                "errors",
                "%1 offers only kinds of encryption that are not safe any more, so nothing was sent. Rent a computer"
                " with a newer system.",
            ),
            RETRY_OR_CONNECT,
        ),
        ("unreachable", "ssh_forwarding"): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "This computer does not let programs through"),
            QT_TRANSLATE_NOOP(
                "errors",
                "The login at %1 was accepted, but it forbids to reach a model server through it. Ask your provider for"
                " “AllowTcpForwarding”.",
            ),
            RETRY_OR_CONNECT,
        ),
        ("unreachable", "ssh_port"): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "The model server is not running on the rented computer"),
            QT_TRANSLATE_NOOP(
                "errors",
                "The login at %1 was accepted, but nothing listens at the model server's port. Start the model server"
                " there, or correct its port.",
            ),
            RETRY_OR_CONNECT,
        ),
        ("unreachable", "ssh_no_server"): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "No model server was found on the rented computer"),
            QT_TRANSLATE_NOOP(
                "errors",
                "The login at %1 was accepted, but none of the usual ports (6006, 8000, 11434, 1234) has a model server"
                " that Candor knows. Start it there, or enter its port.",
            ),
            RETRY_OR_CONNECT,
        ),
        ("unreachable", "ssh_lost"): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "The connection to the rented computer was lost"),
            QT_TRANSLATE_NOOP("errors", "%1 does not answer any more. Nothing of your message was sent. Try again."),
            RETRY_OR_CONNECT,
        ),
        ("stream_broken", "ssh_lost"): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "The connection to the rented computer was lost"),
            QT_TRANSLATE_NOOP(
                "errors",
                "The way through the rented computer %1 ended before the reply did. What had arrived is kept. Try"
                " again.",
            ),
            RETRY_OR_CONNECT,
        ),
        ("auth_rejected", "ssh_password"): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "The password is not accepted"),
            QT_TRANSLATE_NOOP(
                "errors",
                "%1 did not take this user name and password. Copy the password from your provider's page once more."
                " Candor does not try it again by itself.",
            ),
            _CONNECT,
        ),
        ("auth_rejected", "ssh_no_password"): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "The password is missing"),
            QT_TRANSLATE_NOOP("errors", "No password for %1 is known here, so nothing was sent. Enter it."),
            _CONNECT,
        ),
        ("auth_rejected", "ssh_key"): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "The key is not accepted"),
            QT_TRANSLATE_NOOP(
                "errors",
                "%1 does not know this key. Put its public half (the file with .pub) onto your provider's page, or sign"
                " in with a password.",
            ),
            _CONNECT,
        ),
        ("auth_rejected", "ssh_key_file"): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "The key file cannot be used"),
            QT_TRANSLATE_NOOP(
                "errors",
                "It is not there, cannot be read, or holds no private key, so nothing was sent to %1. Choose the file"
                " without .pub.",
            ),
            _CONNECT,
        ),
        ("auth_rejected", "ssh_passphrase"): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "The passphrase does not open the key"),
            QT_TRANSLATE_NOOP(
                "errors", "The key file is protected by a passphrase. Nothing was sent to %1. Enter the passphrase."
            ),
            _CONNECT,
        ),
        ("auth_rejected", "ssh_agent"): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "No key of the agent is accepted"),
            QT_TRANSLATE_NOOP(
                "errors",
                "%1 knows none of the keys that this computer's SSH agent holds. Choose the key file itself, or sign in"
                " with a password.",
            ),
            _CONNECT,
        ),
        ("auth_rejected", "ssh_no_agent"): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "The SSH agent has no keys"),
            QT_TRANSLATE_NOOP(
                "errors",
                "No SSH agent runs on this computer, or it holds no key, so nothing was sent to %1. Choose the key file"
                " itself, or a password.",
            ),
            _CONNECT,
        ),
        ("auth_rejected", "ssh_code"): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "A code is asked for"),
            QT_TRANSLATE_NOOP(
                "errors",
                "%1 wants a one-time code, or something else that Candor cannot answer. Use a key file, or ask your"
                " provider to leave it out.",
            ),
            _CONNECT,
        ),
        ("auth_rejected", "ssh_too_many"): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "Too many keys were tried"),
            QT_TRANSLATE_NOOP(
                "errors",
                "%1 hung up before the right key of the agent had its turn. Choose the key file itself.",
            ),
            _CONNECT,
        ),
    }
)
