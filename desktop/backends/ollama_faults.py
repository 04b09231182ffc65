"""The words of an Ollama server about a model that could not be had, and the fault that each names.

Pure functions on its text, which is Go's and the registry's. The phrases are those of its source and of its answers.
"""

from __future__ import annotations

import re

from desktop.backends.wire.error_bodies import shortened
from desktop.core.errors import PullFailed
from desktop.core.models.keeping import PullFault
from desktop.core.text.late_regex import late_regex

# The first that fits: a full disk may be told behind "max retries exceeded", an old server as a status.
_FAULTS = (
    (r"no space left|not enough space|disk quota", PullFault.DISK_FULL),
    (r"newer version of ollama|\b412\b", PullFault.TOO_OLD),
    (r"file does not exist|manifest unknown|\b404\b", PullFault.UNKNOWN_NAME),
    (r"invalid model name|invalid name|name is required", PullFault.INVALID_NAME),
    (r"digest mismatch", PullFault.DAMAGED),
    (r"not in gguf format|unknown type|invalid file magic|unsupported (?:model|content)", PullFault.NOT_A_MODEL),
    (r"requires mlx|mlx runtime", PullFault.NOT_HERE),
    (r"unauthorized|access denied|\b401\b|\b403\b", PullFault.SIGN_IN),
    (r"proxyconnect|\b407\b", PullFault.PROXY),
    (r"x509|certificate|tls:", PullFault.CERTIFICATE),
    (r"\b429\b|too many requests|\b50[0234]\b", PullFault.BUSY),
    (r"unexpected status code|maximum redirects|context deadline|invalid character '<'", PullFault.IN_THE_WAY),
    (
        r"no such host|connection refused|connection reset|i/o timeout|network is (?:unreachable|down)|no route to host"
        r"|dial tcp|max retries exceeded|unexpected eof|server misbehaving",
        PullFault.NO_NETWORK,
    ),
)
_NEEDED = late_regex(r"version (\d+\.\d+(?:\.\d+)?)")


def fault_in(words: str) -> PullFault | None:
    """Return the fault that a server's words name; None for words that are not known."""
    plain = words.lower()
    return next((fault for pattern, fault in _FAULTS if re.search(pattern, plain)), None)


def pull_failed(words: str, host: str, status: int | None = None) -> PullFailed:
    """Return the error for a server's words, which are its detail; of an old server the version that is needed."""
    fault = fault_in(words)
    if fault is PullFault.TOO_OLD and (needed := _NEEDED.search(words)):
        words = needed[1]
    return PullFailed(shortened(words), host=host, status=status, reason=fault or "")
