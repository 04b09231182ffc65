"""Tests for what the steps of a test say: nothing counts as passed that never happened."""

from __future__ import annotations

import pytest

from desktop.core.connection import Connection, ConnectionKind, SshLogin
from desktop.core.connections.check import CheckStep, ConnectionCheck, StepState
from desktop.core.message import Failure

RENTED = Connection(
    kind=ConnectionKind.OPENAI_COMPAT,
    name="Rented",
    address="http://localhost:8000",
    ssh=SshLogin(host="gpu.example", user="root"),
)


@pytest.mark.parametrize(
    ("reason", "asked"),
    [("ssh_no_password", False), ("ssh_no_agent", False), ("ssh_key_file", False), ("ssh_password", True)],
)
def test_a_login_without_what_it_needs_has_asked_nobody(reason, asked):
    check = ConnectionCheck(connection=RENTED, failure=Failure(kind="auth_rejected", reason=reason))
    assert check.state_of(CheckStep.LOGIN) is StepState.FAILED
    for step in (CheckStep.NAME, CheckStep.ANSWER, CheckStep.FINGERPRINT):
        assert check.state_of(step) is (StepState.PASSED if asked else StepState.NOT_REACHED)
