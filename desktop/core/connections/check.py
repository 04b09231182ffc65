"""The steps of testing a connection, in the order in which they are taken, and which of them a failure is of.

Rules alone: the test itself is made in `runtime/models/connections.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from desktop.core.connection import Connection
from desktop.core.message import Failure
from desktop.core.model import ModelInfo
from desktop.core.outgoing import cannot_reason


class CheckStep(StrEnum):
    """Step of a test."""

    ADDRESS = "address"
    NAME = "name"
    ANSWER = "answer"
    CERTIFICATE = "certificate"
    FINGERPRINT = "fingerprint"  # of a rented computer, as the two that follow
    LOGIN = "login"
    BEHIND = "behind"
    KEY = "key"
    MODELS = "models"
    STREAMING = "streaming"
    THINKING = "thinking"
    LENGTH = "length"


class StepState(StrEnum):
    """State of a step."""

    PASSED = "passed"
    FAILED = "failed"
    NOTED = "noted"  # no failure, and nothing to be pleased about
    PENDING = "pending"
    NOT_REACHED = "not_reached"


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedModel:
    """What one model of a server showed: `failure` if it gave no answer, `is_slow` if none came in time."""

    model: ModelInfo
    failure: Failure | None = None
    is_slow: bool = False
    showed_thinking: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionCheck:
    """Test of a connection as far as it has come; `models` is None until they are listed."""

    connection: Connection
    has_key: bool = False
    models: Sequence[ModelInfo] | None = None
    failure: Failure | None = None
    checked: CheckedModel | None = None

    @property
    def is_encrypted(self) -> bool:
        return self.connection.address.lower().startswith("https:")

    @property
    def has_name(self) -> bool:
        """False for an address in numbers, which is not looked up."""
        ssh = self.connection.ssh
        host = ssh.host if ssh is not None else urlsplit(self.connection.address).hostname or ""
        return any(letter.isalpha() for letter in host) and ":" not in host

    @property
    def talking(self) -> list[ModelInfo]:
        return [each for each in self.models or () if each.can_chat]

    def state_of(self, step: CheckStep) -> StepState:
        """Return how a step went."""
        failed = step_of(self.failure) if self.failure is not None else None
        order = list(CheckStep)
        if failed is not None:
            if step is failed:
                return StepState.FAILED
            if step is CheckStep.NAME and self.failure is not None and _is_not_looked_up(self.failure):
                return StepState.NOT_REACHED
            if step in _AT_THE_COMPUTER and self.failure is not None and self.failure.reason in _BEFORE_ANY_LOGIN:
                return StepState.NOT_REACHED
            return StepState.PASSED if order.index(step) < order.index(failed) else StepState.NOT_REACHED
        if order.index(step) <= order.index(CheckStep.MODELS):
            if self.models is None:
                return StepState.PENDING
            return StepState.FAILED if step is CheckStep.MODELS and not self.talking else StepState.PASSED
        return self._state_of_answer(step)

    def _state_of_answer(self, step: CheckStep) -> StepState:
        if self.models is not None and not self.talking:
            return StepState.NOT_REACHED
        known = self.checked
        if known is None:
            return StepState.PENDING
        match step:
            case CheckStep.STREAMING:
                if known.failure is not None:
                    return StepState.FAILED
                return StepState.NOTED if known.is_slow else StepState.PASSED
            case CheckStep.THINKING:
                can_think = known.model.thinking_modes and not cannot_reason(known.model)
                return StepState.PASSED if known.showed_thinking or can_think else StepState.NOTED
            case _:
                return StepState.PASSED if longest_text(known.model) else StepState.NOTED


# Where what a login needs is not there, the rented computer is not even asked.
_BEFORE_ANY_LOGIN = (
    "ssh_no_password",
    "ssh_no_agent",
    "ssh_key_file",
    "ssh_passphrase",
    "ssh_wait",
)
_AT_THE_COMPUTER = (CheckStep.NAME, CheckStep.ANSWER, CheckStep.CERTIFICATE, CheckStep.FINGERPRINT)


def longest_text(model: ModelInfo) -> int | None:
    """Return how many tokens a model can read at once, as its server tells; None where it does not."""
    return model.loaded_context or model.served_context or model.context_length


def _is_not_looked_up(failure: Failure) -> bool:
    """Return True if the server's name was not looked up: Candor may not reach it, or a proxy was to do it."""
    return failure.reason in ("offline", "policy") or failure.reason.startswith("proxy")


def step_of(failure: Failure) -> CheckStep:
    """Return the step at which a list of models failed."""
    match failure.kind, failure.reason:
        case "unreachable", "address":
            return CheckStep.ADDRESS
        case "unreachable", "dns" | "elsewhere":
            return CheckStep.NAME
        case "unreachable", reason if reason.startswith(("tls", "ca_", "own_")) or reason == "not_tls":
            return CheckStep.CERTIFICATE
        case "unreachable", "ssh_new" | "ssh_changed":
            return CheckStep.FINGERPRINT
        case "unreachable", "ssh_forwarding" | "ssh_port" | "ssh_no_server" | "ssh_lost":
            return CheckStep.BEHIND
        case "unreachable", _:
            return CheckStep.ANSWER
        case "auth_rejected", reason if reason.startswith("ssh_"):
            return CheckStep.LOGIN
        case "auth_rejected", _:
            return CheckStep.KEY
        case _:
            return CheckStep.MODELS
