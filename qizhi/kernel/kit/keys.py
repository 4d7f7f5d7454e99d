"""Keys made in Python: UUID version 7, in order of time, so that indexes grow at their end."""

import os
import threading
import time
import uuid

_lock = threading.Lock()
_last_ms = 0
_counter = 0


def uuid7() -> uuid.UUID:
    """Return a new UUIDv7: 48 bits of milliseconds, a 12-bit counter within the millisecond, 62 random bits.

    Keys made by one process are in strictly rising order, so rows made together stay in the order they were made.

    **Source:** RFC 9562 §5.7, method 1 of §6.2; `scale.md` §5 rule 5.
    """
    global _last_ms, _counter  # noqa: PLW0603 - one counter for the process is the point
    with _lock:
        now = time.time_ns() // 1_000_000
        if now > _last_ms:
            _last_ms, _counter = now, 0
        else:
            _counter += 1
            if _counter > 0xFFF:
                _last_ms, _counter = _last_ms + 1, 0
        ms, count = _last_ms, _counter
    random = int.from_bytes(os.urandom(8)) & 0x3FFF_FFFF_FFFF_FFFF
    return uuid.UUID(int=(ms << 80) | (0x7 << 76) | (count << 64) | (0x2 << 62) | random)
