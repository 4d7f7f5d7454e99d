"""`qizhi worker`: the one background process."""

import argparse
import signal
import time

NAME = "worker"
HELP = "后台进程：给步骤编流水、发通知、处理到期时限"
IDLE_SECONDS = 0.5
TICK_SECONDS = 10.0
HOUR_SECONDS = 3600.0


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare nothing: the worker needs no options."""


def run(_options: argparse.Namespace) -> int:
    """Work until told to stop; a failure is logged and tried again, so that one bad row stops nothing for long."""
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
        import structlog
        from django.db import close_old_connections

        log = structlog.get_logger("worker")
        while not self.is_stopping:
            try:
                busy = self.round(time.monotonic())
            except Exception:
                log.exception("worker_round_failed")
                close_old_connections()
                busy = False
            if not busy:
                time.sleep(IDLE_SECONDS)

    def round(self, now: float) -> bool:
        """Do one round; return whether there may be more to do at once."""
        from qizhi.kernel.loop.readers import read_all
        from qizhi.kernel.loop.sealer import BATCH, seal_steps
        from qizhi.kernel.loop.tick import tick

        sealed = seal_steps()
        read = read_all()
        if now - self._ticked > TICK_SECONDS:
            self._ticked = now
            tick()
        if now - self._swept > HOUR_SECONDS:
            self._swept = now
            _sweep()
        return sealed == BATCH or read > 0


def _sweep() -> None:
    """Once an hour: the daily seal, and what nobody needs any more."""
    from django.utils import timezone

    from qizhi.kernel.kit import idempotency, limits
    from qizhi.kernel.loop.sealer import seal_days
    from qizhi.kernel.loop.tick import sweep_drafts

    seal_days()
    sweep_drafts()
    idempotency.sweep(timezone.now())
    limits.sweep(timezone.now())
