"""The failures on the way to a server: its certificate, the user's own, proxies, and pages that come in between.

A reason that ends with " told" is one of which more is known, which is `%2` in its sentence.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from desktop.core.text.translatable import QT_TRANSLATE_NOOP
from desktop.ui.failures.entry import CONNECT_OR_RETRY, RETRY_OR_CONNECT, FailureEntry

WAY_FAILURES: Mapping[tuple[str, str], FailureEntry] = MappingProxyType(
    {
        ("unreachable", "tls"): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "The connection is not safe"),
            QT_TRANSLATE_NOOP(
                "errors",
                "The certificate of %1 could not be verified, so nothing was sent. Ask your administrator whether"
                " its certificate is installed on this computer.",
            ),
            CONNECT_OR_RETRY,
        ),
        ("unreachable", "tls_expired"): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "The certificate has expired"),
            QT_TRANSLATE_NOOP(
                "errors",
                "The certificate of %1 is out of date, so nothing was sent. Look if the date of this computer is"
                " right. If it is, whoever runs the server has to renew the certificate.",
            ),
            RETRY_OR_CONNECT,
        ),
        ("unreachable", "tls_expired told"): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "The certificate has expired"),
            QT_TRANSLATE_NOOP(
                "errors",
                "The certificate of %1 was valid until %2, so nothing was sent. Look if the date of this computer is"
                " right. If it is, whoever runs the server has to renew the certificate.",
            ),
            RETRY_OR_CONNECT,
        ),
        ("unreachable", "tls_not_yet"): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "The certificate is not valid yet"),
            QT_TRANSLATE_NOOP(
                "errors",
                "The certificate of %1 begins to be valid later, so nothing was sent. Look if the date of this"
                " computer is right; if it is, ask whoever runs the server.",
            ),
            RETRY_OR_CONNECT,
        ),
        ("unreachable", "tls_not_yet told"): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "The certificate is not valid yet"),
            QT_TRANSLATE_NOOP(
                "errors",
                "The certificate of %1 is valid from %2 on, so nothing was sent. Look if the date of this computer"
                " is right; if it is, ask whoever runs the server.",
            ),
            RETRY_OR_CONNECT,
        ),
        ("unreachable", "tls_name"): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "The certificate is for another name"),
            QT_TRANSLATE_NOOP(
                "errors",
                "What answered for %1 shows a certificate with another name, so nothing was sent. Use the name that"
                " the certificate was made for as the address. In a hotel or on a train, sign in to the network"
                " first.",
            ),
            CONNECT_OR_RETRY,
        ),
        ("unreachable", "tls_name told"): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "The certificate is for another name"),
            QT_TRANSLATE_NOOP(
                "errors",
                "What answered for %1 shows a certificate for %2, so nothing was sent. Use a name that the"
                " certificate was made for as the address, or ask whoever runs the server.",
            ),
            CONNECT_OR_RETRY,
        ),
        ("unreachable", "tls_other"): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "Another computer answers"),
            QT_TRANSLATE_NOOP(
                "errors",
                "In place of %1, a computer with another certificate answered, so nothing was sent. In a hotel or on"
                " a train, sign in to the network in your browser first; in a company, ask who looks into the"
                " connections.",
            ),
            RETRY_OR_CONNECT,
        ),
        ("unreachable", "tls_other told"): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "Another computer answers"),
            QT_TRANSLATE_NOOP(
                "errors",
                "In place of %1, a computer with a certificate for %2 answered, so nothing was sent. In a hotel or"
                " on a train, sign in to the network in your browser first; in a company, ask who looks into the"
                " connections.",
            ),
            RETRY_OR_CONNECT,
        ),
        ("unreachable", "tls_self_signed"): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "The server vouches only for itself"),
            QT_TRANSLATE_NOOP(
                "errors",
                "%1 has signed its own certificate, which this computer does not know, so nothing was sent. Ask"
                " whoever runs the server for its certificate, and choose the file under Connections, in Network and"
                " certificates.",
            ),
            CONNECT_OR_RETRY,
        ),
        ("unreachable", "tls_unknown"): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "The certificate is from someone unknown"),
            QT_TRANSLATE_NOOP(
                "errors",
                "This computer does not know who has signed the certificate of %1, so nothing was sent. Ask your"
                " administrator for the certificate of the authority, and choose the file under Connections, in"
                " Network and certificates.",
            ),
            CONNECT_OR_RETRY,
        ),
        ("unreachable", "tls_unknown told"): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "The certificate is from someone unknown"),
            QT_TRANSLATE_NOOP(
                "errors",
                "The certificate of %1 is signed by %2, which this computer does not know, so nothing was sent. Ask"
                " your administrator for the certificate of that authority, and choose the file under Connections,"
                " in Network and certificates.",
            ),
            CONNECT_OR_RETRY,
        ),
        ("unreachable", "tls_chain"): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "A part of the certificate may be missing"),
            QT_TRANSLATE_NOOP(
                "errors",
                "Nothing leads from the certificate of %1 to an authority that this computer knows, so nothing was"
                " sent. Most often the server leaves out the certificate in between, and whoever runs it has to add"
                " that. A company's own authority may also be missing here.",
            ),
            CONNECT_OR_RETRY,
        ),
        ("unreachable", "tls_chain told"): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "A part of the certificate may be missing"),
            QT_TRANSLATE_NOOP(
                "errors",
                "The certificate of %1 is signed by %2, and nothing leads from there to an authority that this"
                " computer knows, so nothing was sent. Most often the server leaves out the certificate in between,"
                " and whoever runs it has to add that. A company's own authority may also be missing here.",
            ),
            CONNECT_OR_RETRY,
        ),
        ("unreachable", "tls_old"): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "The server's encryption is too old"),
            QT_TRANSLATE_NOOP(
                "errors",
                "%1 offers only kinds of encryption that are not safe any more, so nothing was sent. Whoever runs"
                " the server has to update it.",
            ),
            RETRY_OR_CONNECT,
        ),
        ("unreachable", "tls_client"): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "The server wants a certificate from you"),
            QT_TRANSLATE_NOOP(
                "errors",
                "%1 lets in only those who show a certificate of their own. Ask your administrator for one, and"
                " choose the file under Connections, in Network and certificates.",
            ),
            CONNECT_OR_RETRY,
        ),
        ("unreachable", "tls_client_refused"): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "Your certificate was not accepted"),
            QT_TRANSLATE_NOOP(
                "errors",
                "%1 wants a certificate from you, and does not accept the one that was shown. It may have expired,"
                " or be for another server. Ask your administrator for a new one.",
            ),
            CONNECT_OR_RETRY,
        ),
        ("unreachable", "tls_handshake"): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "No common encryption"),
            QT_TRANSLATE_NOOP(
                "errors",
                "%1 and Candor could not agree on how to encrypt, so nothing was sent. The server may be too old, or"
                " may want a certificate from you. Ask whoever runs it.",
            ),
            CONNECT_OR_RETRY,
        ),
        ("unreachable", "ca_file"): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "The file of certificates is not there"),
            QT_TRANSLATE_NOOP(
                "errors",
                "The file with certificates to trust cannot be read, so nothing was sent to %1. Choose it again"
                " under Connections, in Network and certificates.",
            ),
            CONNECT_OR_RETRY,
        ),
        ("unreachable", "ca_none"): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "No certificate in this file"),
            QT_TRANSLATE_NOOP(
                "errors",
                "The file with certificates to trust holds none that can be read, so nothing was sent to %1. It has"
                " to be a .pem, .crt or .cer file.",
            ),
            CONNECT_OR_RETRY,
        ),
        ("unreachable", "ca_pkcs7"): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "This kind of certificate file cannot be read"),
            QT_TRANSLATE_NOOP(
                "errors",
                "The certificates to trust are in a bundle of the kind .p7b, so nothing was sent to %1. Save them as"
                " .pem, or as .cer one by one, and choose that file.",
            ),
            CONNECT_OR_RETRY,
        ),
        ("unreachable", "own_file"): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "Your certificate cannot be read"),
            QT_TRANSLATE_NOOP(
                "errors",
                "The file with your certificate is not there, or holds none, so nothing was sent to %1. It has to be"
                " a .pem, .p12 or .pfx file. Choose it again under Connections.",
            ),
            CONNECT_OR_RETRY,
        ),
        ("unreachable", "own_key"): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "The key of your certificate is missing"),
            QT_TRANSLATE_NOOP(
                "errors",
                "The file with your certificate holds no private key that fits it, so nothing was sent to %1. Choose"
                " a file that holds both, or the file of the key beside it.",
            ),
            CONNECT_OR_RETRY,
        ),
        ("unreachable", "own_password"): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "The password of your certificate is wrong"),
            QT_TRANSLATE_NOOP(
                "errors",
                "Your certificate is locked with a password, and the one that is kept does not open it. Nothing was"
                " sent to %1. Enter it again under Connections, in Network and certificates.",
            ),
            CONNECT_OR_RETRY,
        ),
        ("unreachable", "proxy"): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "The proxy did not let us through"),
            QT_TRANSLATE_NOOP(
                "errors",
                "The proxy %1 refused, and did not say why in a way that Candor knows. Ask your administrator.",
            ),
            RETRY_OR_CONNECT,
        ),
        ("unreachable", "proxy_setting"): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "The proxy setting cannot be used"),
            QT_TRANSLATE_NOOP(
                "errors",
                "No proxy can be reached by what is set, so nothing was sent. It looks like"
                " http://proxy.example.com:3128; https:// and socks5:// can stand in front as well. Correct it under"
                " Connections, or in this computer's settings.",
            ),
            CONNECT_OR_RETRY,
        ),
        ("unreachable", "proxy_refused"): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "The proxy does not answer"),
            QT_TRANSLATE_NOOP(
                "errors", "No proxy is listening on %1. It may be switched off, or its address or port may be wrong."
            ),
            CONNECT_OR_RETRY,
        ),
        ("unreachable", "proxy_dns"): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "Proxy name not found"),
            QT_TRANSLATE_NOOP(
                "errors",
                "Your network does not know the name of the proxy %1. Check its spelling. Outside the company,"
                " choose No proxy under Connections, in Network and certificates.",
            ),
            CONNECT_OR_RETRY,
        ),
        ("unreachable", "proxy_timeout"): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "The proxy does not answer in time"),
            QT_TRANSLATE_NOOP(
                "errors",
                "There was no sign of life from the proxy %1. Outside the company, choose No proxy under"
                " Connections, in Network and certificates.",
            ),
            CONNECT_OR_RETRY,
        ),
        ("unreachable", "proxy_other"): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "This is not a proxy of that kind"),
            QT_TRANSLATE_NOOP(
                "errors",
                "What answers at %1 is no proxy of the kind that is set. Check the port, and whether the address has"
                " to begin with http://, https:// or socks5://.",
            ),
            CONNECT_OR_RETRY,
        ),
        ("unreachable", "proxy_login"): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "The proxy wants a name and a password"),
            QT_TRANSLATE_NOOP(
                "errors",
                "The proxy %1 lets through only those who sign in. Under Connections, in Network and certificates,"
                " choose By hand and enter its address, your name and your password.",
            ),
            CONNECT_OR_RETRY,
        ),
        ("unreachable", "proxy_login_wrong"): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "The proxy does not accept your login"),
            QT_TRANSLATE_NOOP(
                "errors",
                "The name or the password for the proxy %1 is wrong. Enter them again under Connections, in Network"
                " and certificates. Your password may have changed.",
            ),
            CONNECT_OR_RETRY,
        ),
        ("unreachable", "proxy_windows"): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "The proxy wants Windows sign-in"),
            QT_TRANSLATE_NOOP(
                "errors",
                "The proxy %1 takes only the sign-in of Windows (NTLM or Kerberos), which Candor cannot do. Ask your"
                " administrator to let this server through without it, or to set up a helper such as Px or Cntlm on"
                " this computer.",
            ),
            RETRY_OR_CONNECT,
        ),
        ("unreachable", "proxy_scheme"): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "The proxy wants an unusual sign-in"),
            QT_TRANSLATE_NOOP(
                "errors",
                "The proxy %1 asks for a kind of sign-in that Candor cannot do. Ask your administrator to let this"
                " server through without it.",
            ),
            RETRY_OR_CONNECT,
        ),
        ("unreachable", "proxy_blocked"): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "The proxy blocks this server"),
            QT_TRANSLATE_NOOP(
                "errors",
                "The proxy %1 does not let anyone through to this server. Your administrator can open it; the"
                " proxy's own words, if it has any, are below.",
            ),
            RETRY_OR_CONNECT,
        ),
        ("unreachable", "proxy_far"): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "The proxy cannot reach the server"),
            QT_TRANSLATE_NOOP(
                "errors",
                "The proxy works, but it found no way to %1. The server may be switched off, or its name may be wrong.",
            ),
            RETRY_OR_CONNECT,
        ),
        ("unreachable", "proxy_page"): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "A web page came in between"),
            QT_TRANSLATE_NOOP(
                "errors",
                "In place of a way to the server, %1 gave a web page. In a hotel, on a train or in a company, sign"
                " in to the network in your browser first, then try again.",
            ),
            RETRY_OR_CONNECT,
        ),
        ("unreachable", "portal"): FailureEntry(
            QT_TRANSLATE_NOOP("errors", "A sign-in page came in between"),
            QT_TRANSLATE_NOOP(
                "errors",
                "In place of %1, a page of this network answered. In a hotel or on a train, sign in to the network"
                " in your browser first, then try again.",
            ),
            RETRY_OR_CONNECT,
        ),
    }
)
