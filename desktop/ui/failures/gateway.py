"""The failures of gateways and of company servers: what is behind the server that was asked, and who can help."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from desktop.core.text.translatable import QT_TRANSLATE_NOOP
from desktop.ui.failures.entry import CONNECT_OR_RETRY, RETRY_OR_CHOOSE, ErrorAction, FailureEntry

_CHOOSE_OR_RETRY = (ErrorAction.CHOOSE_MODEL, ErrorAction.TRY_AGAIN)

GATEWAY_FAILURES: Mapping[tuple[str, str], FailureEntry] = MappingProxyType(
    {
        ("auth_rejected", "model"): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "Your key may not use this model"),
            QT_TRANSLATE_NOOP(
                "errors",
                "Your key for %1 is right, but it is not allowed to use this model. Choose another one, or ask whoever"
                " gave you the key.",
            ),
            _CHOOSE_OR_RETRY,
        ),
        ("auth_rejected", "gateway"): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "The server's own key was refused"),
            QT_TRANSLATE_NOOP(
                "errors",
                "%1 passes your words on to a provider, and that provider did not accept the server's key. Your own key"
                " is fine. Tell whoever runs the server, or choose another model.",
            ),
            RETRY_OR_CHOOSE,
        ),
        ("out_of_credit", "budget"): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "Your budget is used up"),
            QT_TRANSLATE_NOOP(
                "errors",
                "There is a limit at %1 on what you may spend, and it is reached. Whoever runs the server can raise it,"
                " or tell you when it begins anew.",
            ),
            _CHOOSE_OR_RETRY,
        ),
        ("overloaded", "gateway"): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "The model behind the server is out of reach"),
            QT_TRANSLATE_NOOP(
                "errors",
                "%1 passes your words on to another server, and could not reach it. Try again later, choose another"
                " model, or tell whoever runs the server.",
            ),
            RETRY_OR_CHOOSE,
        ),
        ("request_rejected", "engine_dead"): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "The model server has broken down"),
            QT_TRANSLATE_NOOP(
                "errors",
                "%1 still answers, but the part of it that runs the model has crashed. Whoever runs the server has to"
                " start it again.",
            ),
            RETRY_OR_CHOOSE,
        ),
        ("request_rejected", "no_key"): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "The server failed without a reason"),
            QT_TRANSLATE_NOOP(
                "errors",
                "%1 said nothing more. Some servers fail like this when the key is missing: if it wants one, enter it"
                " under Connections.",
            ),
            CONNECT_OR_RETRY,
        ),
        ("stream_broken", "stopped"): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "The model server was stopped"),
            QT_TRANSLATE_NOOP(
                "errors",
                "The server at %1 was shut down while it answered. What had arrived is kept. When it runs again, go on"
                " with Continue.",
            ),
            RETRY_OR_CHOOSE,
        ),
        ("stream_broken", "gateway"): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "The reply broke off behind the server"),
            QT_TRANSLATE_NOOP(
                "errors",
                "%1 passes your words on to another server, and the reply from there ended too early. What had arrived"
                " is kept. Try again.",
            ),
            RETRY_OR_CHOOSE,
        ),
    }
)
