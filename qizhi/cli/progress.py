"""Progress of long work: a bar on a terminal, plain lines elsewhere."""

import sys
import time
from types import TracebackType
from typing import Self

WIDTH = 30
PLAIN_EVERY_SECONDS = 10.0


class Progress:
    """Counts up to `total` and tells how far it is; use it as a context."""

    def __init__(self, title: str, total: int) -> None:
        self.title = title
        self.total = max(total, 1)
        self.done = 0
        self._began = time.monotonic()
        self._told = 0.0
        self._is_terminal = sys.stderr.isatty()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None
    ) -> None:
        self._tell(force=True)
        if self._is_terminal:
            sys.stderr.write("\n")

    def step(self, by: int = 1) -> None:
        """Count `by` more."""
        self.done += by
        self._tell()

    def _tell(self, *, force: bool = False) -> None:
        now = time.monotonic()
        if not force and now - self._told < (0.1 if self._is_terminal else PLAIN_EVERY_SECONDS):
            return
        self._told = now
        share = min(self.done / self.total, 1.0)
        rate = self.done / max(now - self._began, 0.001)
        if self._is_terminal:
            bar = "█" * round(share * WIDTH)
            sys.stderr.write(f"\r{self.title} {bar:<{WIDTH}} {self.done}/{self.total}（{rate:.0f}/秒）")
        else:
            sys.stderr.write(f"{self.title}：{self.done}/{self.total}（{rate:.0f}/秒）\n")
        sys.stderr.flush()
