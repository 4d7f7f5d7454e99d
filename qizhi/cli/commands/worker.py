"""`qizhi worker`: the one background process."""

import argparse
import signal
import time
from collections.abc import Callable
from typing import Any

NAME = "worker"
HELP = "后台进程：给步骤编流水、发通知、处理到期时限"
IDLE_SECONDS = 0.5
TICK_SECONDS = 10.0
HOUR_SECONDS = 3600.0


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare nothing: the worker needs no options."""


def run(_options: argparse.Namespace) -> int:
    """Work until told to stop."""
    worker = Worker()
    signal.signal(signal.SIGTERM, worker.stop)
    signal.signal(signal.SIGINT, worker.stop)
    worker.run()
    return 0


class Worker:
    """The loop of the background process."""

    def __init__(self) -> None:
        self.is_stopping = False
        self._ticked = self._swept = float("-inf")

    def stop(self, *_signal: object) -> None:
        """Finish the round and end."""
        self.is_stopping = True

    def run(self) -> None:
        """Go round until stopped."""
        while not self.is_stopping:
            if not self.round(time.monotonic()):
                time.sleep(IDLE_SECONDS)

    def round(self, now: float) -> bool:
        """Do one round; return whether more is waiting than one round takes.

        A few steps wait for the next round: each costs readers as much as many.
        """
        from qizhi.kernel.loop.readers import BATCH as READ_AT_ONCE
        from qizhi.kernel.loop.readers import read_all
        from qizhi.kernel.loop.sealer import BATCH as SEALED_AT_ONCE
        from qizhi.kernel.loop.sealer import seal_steps
        from qizhi.kernel.loop.tick import tick

        sealed = _try(seal_steps)
        read = _try(read_all)
        if now - self._ticked > TICK_SECONDS:
            self._ticked = now
            _try(tick)
        if now - self._swept > HOUR_SECONDS:
            self._swept = now
            for work in _hourly():
                _try(work)
        return sealed == SEALED_AT_ONCE or (read or 0) >= READ_AT_ONCE


def _try(work: Callable[[], Any]) -> Any:
    """Do one part of a round; a failure is logged, and the other parts and the next round go on."""
    import structlog
    from django.db import close_old_connections

    try:
        return work()
    except Exception:
        structlog.get_logger("worker").exception("worker_part_failed", part=work.__name__)
        close_old_connections()
        return None


def _hourly() -> tuple[Callable[[], Any], ...]:
    """Return what is done once an hour: the daily seal, and sweeping what nobody needs any more."""
    from django.utils import timezone

    from qizhi.kernel.kit import idempotency, limits
    from qizhi.kernel.loop.sealer import seal_days
    from qizhi.kernel.loop.tick import sweep_drafts

    def sweep_repeats() -> None:
        idempotency.sweep(timezone.now())

    def sweep_limits() -> None:
        limits.sweep(timezone.now())

    return seal_days, sweep_drafts, sweep_repeats, sweep_limits
