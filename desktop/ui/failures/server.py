"""The failures of a server, of the way to it, and of a reply from it, by kind and reason.

A reason that ends with " here" is of a server on this computer or in its network.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from desktop.core.text.translatable import QT_TRANSLATE_NOOP
from desktop.ui.failures.entry import (
    CONNECT_OR_RETRY,
    RETRY,
    RETRY_OR_CHOOSE,
    RETRY_OR_CONNECT,
    ErrorAction,
    FailureEntry,
)

_RETRY_CONNECT_OR_CHOOSE = (*RETRY_OR_CONNECT, ErrorAction.CHOOSE_MODEL)

SERVER_FAILURES: Mapping[tuple[str, str], FailureEntry] = MappingProxyType(
    {
        ("backend_error", ""): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "Something went wrong"),
            QT_TRANSLATE_NOOP("errors", "The reply did not come from %1. What had arrived is kept. Try again."),
            RETRY_OR_CONNECT,
        ),
        ("unreachable", ""): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "No connection"),
            QT_TRANSLATE_NOOP("errors", "Candor could not reach %1. Check the network and the address."),
            RETRY_OR_CONNECT,
        ),
        ("unreachable", "refused"): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "Nothing answers at this address"),
            QT_TRANSLATE_NOOP(
                "errors",
                "No model server is listening on %1. It may be switched off, or the port in the address may be wrong.",
            ),
            _RETRY_CONNECT_OR_CHOOSE,
        ),
        ("unreachable", "refused here"): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "The model server is not running"),
            QT_TRANSLATE_NOOP(
                "errors",
                "Nothing is listening at this address on your computer. Start the model server, for example Ollama,"
                " then try again.",
            ),
            _RETRY_CONNECT_OR_CHOOSE,
        ),
        ("unreachable", "timeout"): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "No answer in time"),
            QT_TRANSLATE_NOOP(
                "errors",
                "There was no sign of life from %1. The server may be off, or a firewall or VPN may be in the way.",
            ),
            _RETRY_CONNECT_OR_CHOOSE,
        ),
        ("unreachable", "dns"): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "Server name not found"),
            QT_TRANSLATE_NOOP(
                "errors",
                "Your network does not know the name %1. Check its spelling, and whether you need the company's VPN.",
            ),
            CONNECT_OR_RETRY,
        ),
        ("unreachable", "address"): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "This is not the address of a server"),
            QT_TRANSLATE_NOOP(
                "errors",
                "Nothing was sent. Correct the address under Connections; it looks like https://server.example.com/v1.",
            ),
            CONNECT_OR_RETRY,
        ),
        ("unreachable", "not_tls"): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "http and https are mixed up"),
            QT_TRANSLATE_NOOP(
                "errors",
                "The address and %1 do not agree on http or https. Try the other one in the address; https is the safe"
                " one.",
            ),
            CONNECT_OR_RETRY,
        ),
        ("unreachable", "reset"): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "The connection was dropped"),
            QT_TRANSLATE_NOOP(
                "errors", "The connection to %1 was closed before a reply came. This often passes by itself."
            ),
            RETRY_OR_CONNECT,
        ),
        ("unreachable", "elsewhere"): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "This name leads to the internet"),
            QT_TRANSLATE_NOOP(
                "errors",
                "%1 looks like a name of your own network, but it leads to the internet, so nothing was sent. You may"
                " need the company's VPN. If this is right all the same, give the number below as the address: Candor"
                " then shows it as the internet.",
            ),
            CONNECT_OR_RETRY,
        ),
        ("unreachable", "offline"): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "Candor's offline lock is on"),
            QT_TRANSLATE_NOOP(
                "errors",
                "It is set in Candor's own settings and lets through nothing but this computer, so nothing was sent to"
                " %1. Switch it off there, or choose a model on this computer.",
            ),
            (ErrorAction.OPEN_OFFLINE_LOCK, ErrorAction.CHOOSE_MODEL, ErrorAction.TRY_AGAIN),
        ),
        ("unreachable", "policy"): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "Not allowed on this computer"),
            QT_TRANSLATE_NOOP(
                "errors",
                "This computer's administrator has set which servers Candor may reach, and %1 is not among them."
                " Nothing was sent. Choose another model, or ask whoever looks after this computer.",
            ),
            (ErrorAction.CHOOSE_MODEL, ErrorAction.TRY_AGAIN),
        ),
        ("unreachable", "forwarding"): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "No way to the internet"),
            QT_TRANSLATE_NOOP(
                "errors",
                "This model is elsewhere: its server sends your words on to %1, and could not reach it. Check the"
                " network, or choose a model on this computer.",
            ),
            RETRY_OR_CHOOSE,
        ),
        ("auth_rejected", ""): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "The key was not accepted"),
            QT_TRANSLATE_NOOP(
                "errors", "The key for %1 is missing, wrong or expired. Enter it again under Connections."
            ),
            CONNECT_OR_RETRY,
        ),
        ("auth_rejected", "letters"): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "This cannot be a key"),
            QT_TRANSLATE_NOOP(
                "errors",
                "It was not sent to %1: it has line breaks in it, or letters such as é, which no key has. Copy the key"
                " once more, and enter it under Connections.",
            ),
            CONNECT_OR_RETRY,
        ),
        ("auth_rejected", "sign_in"): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "Ollama is not signed in"),
            QT_TRANSLATE_NOOP(
                "errors",
                "This model answers at %1, and only to those who have an account there. Enter “ollama signin” in a"
                " terminal, or open the address in the details; then try again.",
            ),
            RETRY_OR_CHOOSE,
        ),
        ("model_missing", ""): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "The model is not there"),
            QT_TRANSLATE_NOOP(
                "errors", "This model is not, or no longer, available from %1. Choose another one to go on."
            ),
            (ErrorAction.CHOOSE_MODEL, ErrorAction.TRY_AGAIN),
        ),
        ("context_too_long", ""): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "Too long for this model"),
            QT_TRANSLATE_NOOP(
                "errors",
                "The conversation is longer than what this model can read at once. Let it read more, start fresh with"
                " what matters, shorten your message, or choose a model with more room.",
            ),
            (ErrorAction.MAKE_ROOM, ErrorAction.START_FRESH, ErrorAction.CHOOSE_MODEL),
        ),
        ("rate_limited", ""): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "Too many requests"),
            QT_TRANSLATE_NOOP("errors", "You have reached the limit of requests at %1. Wait a minute, then try again."),
            RETRY_OR_CHOOSE,
        ),
        ("out_of_credit", ""): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "The account is out of credit"),
            QT_TRANSLATE_NOOP(
                "errors",
                "The account at %1 has no money or quota left. Top it up on the provider's site, or choose another"
                " model.",
            ),
            (ErrorAction.CHOOSE_MODEL, ErrorAction.TRY_AGAIN),
        ),
        ("overloaded", ""): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "The server is busy"),
            QT_TRANSLATE_NOOP("errors", "There is too much work for %1 right now. Wait a moment, then try again."),
            RETRY_OR_CHOOSE,
        ),
        ("request_rejected", ""): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "The server refused the request"),
            QT_TRANSLATE_NOOP(
                "errors",
                "The request was understood by %1 but not accepted. What it says of that, if anything, is below.",
            ),
            RETRY_OR_CHOOSE,
        ),
        ("request_rejected", "failed"): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "Something failed in the server"),
            QT_TRANSLATE_NOOP(
                "errors",
                "%1 had a fault of its own with this request. What it says of that, if anything, is below. Try again,"
                " or choose another model.",
            ),
            RETRY_OR_CHOOSE,
        ),
        ("request_rejected", "out_of_memory"): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "The model is too large for its server"),
            QT_TRANSLATE_NOOP(
                "errors", "It needs more memory than is free on %1. Choose a smaller model, or try again later."
            ),
            (ErrorAction.CHOOSE_MODEL, ErrorAction.TRY_AGAIN),
        ),
        ("request_rejected", "out_of_memory here"): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "The model is too large for this computer"),
            QT_TRANSLATE_NOOP(
                "errors",
                "It needs more memory than is free. Choose a smaller model, or close other programs and try again.",
            ),
            (ErrorAction.CHOOSE_MODEL, ErrorAction.TRY_AGAIN),
        ),
        ("request_rejected", "host_check"): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "The server talks only to its own computer"),
            QT_TRANSLATE_NOOP(
                "errors",
                "The server at %1 turns away requests from other computers. Whoever looks after it can allow them.",
            ),
            RETRY_OR_CONNECT,
        ),
        ("request_rejected", "pictures"): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "This model can't see pictures"),
            QT_TRANSLATE_NOOP(
                "errors",
                "There are pictures in this conversation, and no word of it was answered. Choose a model that can see"
                " them, or start fresh without them.",
            ),
            (ErrorAction.CHOOSE_MODEL, ErrorAction.START_FRESH),
        ),
        ("request_rejected", "forwarded"): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "This model is on the internet"),
            QT_TRANSLATE_NOOP(
                "errors",
                "Its server would have sent your words on to %1, which was not known yet. Nothing was sent. Try again"
                " if they may go there, or choose another model.",
            ),
            RETRY_OR_CHOOSE,
        ),
        ("content_filtered", ""): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "Stopped by the provider's filter"),
            QT_TRANSLATE_NOOP(
                "errors",
                "A filter at %1 ended this reply because of its content. Put the question in other words, or choose"
                " another model.",
            ),
            RETRY_OR_CHOOSE,
        ),
        ("protocol_error", ""): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "The answer makes no sense"),
            QT_TRANSLATE_NOOP(
                "errors", "What came back from %1 is not what a model server sends. Check the address and the provider."
            ),
            CONNECT_OR_RETRY,
        ),
        ("protocol_error", "html"): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "A web page answered instead of a model"),
            QT_TRANSLATE_NOOP(
                "errors",
                "A web page came back from %1. A proxy or a sign-in page may be in between, or the address may lack"
                " its ending, such as /v1.",
            ),
            CONNECT_OR_RETRY,
        ),
        ("protocol_error", "redirect"): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "The server has moved"),
            QT_TRANSLATE_NOOP(
                "errors",
                "Candor was sent on from %1 to another address and did not follow, so that your words and your key stay"
                " where you sent them. Enter the new address.",
            ),
            CONNECT_OR_RETRY,
        ),
        ("protocol_error", "empty"): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "The reply was empty"),
            QT_TRANSLATE_NOOP("errors", "The request went through, but no text came back from %1. Try again."),
            RETRY_OR_CHOOSE,
        ),
        ("protocol_error", "empty here"): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "The reply was empty"),
            QT_TRANSLATE_NOOP("errors", "The model read the question and wrote nothing. Try again, or choose another."),
            RETRY_OR_CHOOSE,
        ),
        ("protocol_error", "garbled"): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "The reply was damaged on its way"),
            QT_TRANSLATE_NOOP("errors", "Part of what came from %1 could not be read. What could be read is kept."),
            RETRY_OR_CONNECT,
        ),
        ("protocol_error", "encoded"): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "The reply came compressed"),
            QT_TRANSLATE_NOOP(
                "errors",
                "%1 compresses its replies although Candor asks it not to, and a compressed reply can swell without"
                " end. Turn compression off there, or in the proxy in between.",
            ),
            RETRY_OR_CONNECT,
        ),
        ("protocol_error", "too_long"): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "The reply was too long"),
            QT_TRANSLATE_NOOP(
                "errors",
                "Candor ended it, since it went on and on. What had arrived is kept. Ask for less at a time, or choose"
                " another model.",
            ),
            RETRY_OR_CHOOSE,
        ),
        ("protocol_error", "tool"): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "The model wanted to use a tool"),
            QT_TRANSLATE_NOOP(
                "errors",
                "Candor gives models no tools, and this one wrote nothing besides. Try again, or choose another model.",
            ),
            RETRY_OR_CHOOSE,
        ),
        ("protocol_error", "not_found"): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "Wrong path in the address"),
            QT_TRANSLATE_NOOP(
                "errors",
                "There is a server at %1, but no model service at this path. Check the end of the address, such as /v1,"
                " and the provider.",
            ),
            CONNECT_OR_RETRY,
        ),
        ("stream_broken", ""): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "The reply broke off"),
            QT_TRANSLATE_NOOP(
                "errors", "The connection to %1 ended before the reply did. What had arrived is kept. Try again."
            ),
            RETRY_OR_CONNECT,
        ),
        ("cancelled", ""): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "Stopped"),
            QT_TRANSLATE_NOOP("errors", "You stopped this reply. What had arrived is kept."),
            RETRY,
        ),
    }
)
