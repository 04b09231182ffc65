"""The retries of a failed request: only before the first word was shown, and only for passing causes."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass

from desktop.backends.wire.error_bodies import MAX_RETRY_AFTER
from desktop.core.errors import BackendError
from desktop.core.events import Failed, Phase, Progress, ReasoningDelta, Started, StreamEvent, TextDelta

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryPolicy:
    """The number and delays of retries; `sleep` and `jitter` (0 to 1) are fields so that tests need not wait."""

    tries: int = 2  # after the first
    first_delay: float = 0.5  # seconds, doubled each time
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    jitter: Callable[[], float] = random.random

    def delay(self, attempt: int, error: BackendError) -> float | None:
        """Return the seconds to wait after `attempt` failures, or None if the user should be told instead."""
        if not error.retryable or attempt > self.tries:
            return None
        if error.retry_after is not None:
            return error.retry_after if error.retry_after <= MAX_RETRY_AFTER else None
        return float(self.first_delay * 2 ** (attempt - 1) * (1 + self.jitter() / 4))


async def with_retries(
    model: str, attempt: Callable[[], AsyncGenerator[StreamEvent, None]], policy: RetryPolicy
) -> AsyncGenerator[StreamEvent, None]:
    """Stream one reply from as many attempts as the policy allows.

    Yields `Started`, the attempt's events, `Failed` at worst. An attempt ends with `Finished` or raises `BackendError`.
    """
    yield Started(model)
    yield Progress(Phase.CONNECTING)
    failures = 0
    shown = False
    while True:
        try:
            async with aclosing(attempt()) as events:
                async for event in events:
                    shown = shown or isinstance(event, (ReasoningDelta, TextDelta))
                    yield event
            return
        except BackendError as error:
            failures += 1
            failure = error.as_failure()
            pause = None if shown else policy.delay(failures, error)
            if pause is None:
                yield Failed(error)
                return
        _log.info("asking %s again in %.1f s: %s %s", model, pause, failure.kind, failure.reason)
        yield Progress(Phase.CONNECTING)
        await policy.sleep(pause)
