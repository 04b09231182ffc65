"""What this computer trusts, for as long as a test runs."""

from __future__ import annotations

import pytest

from desktop.backends.wire.tls import tls_context
from tests.support.certificates import Authority


@pytest.fixture
def trust(tmp_path, monkeypatch):
    """An authority that this computer trusts."""
    authority = Authority("Example Trust")
    file = tmp_path / "trusted.pem"
    file.write_bytes(authority.pem)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    tls_context.cache_clear()
    yield authority
    tls_context.cache_clear()
