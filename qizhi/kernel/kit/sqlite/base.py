"""SQLite lets one write at a time; whoever waits for it stands in a queue here.

SQLite itself lets the others sleep, ask again, and sleep longer: with eight writers nobody writes half of the time,
and one of them may wait for seconds. Here a transaction first takes the *gate*, a lock of the operating system on a
file beside the database, which wakes the next one at once. A writer that does not know the gate, such as the
command line of SQLite, still waits as SQLite does.
"""

import fcntl
import os
import threading
from typing import Any

from django.db import OperationalError
from django.db.backends.sqlite3 import base

# one queue for the threads of this process, and then one for the processes
_threads = threading.Lock()


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection whose transactions pass the gate."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._gate: int | None = None
        self._is_inside = False

    def _start_transaction_under_autocommit(self) -> None:
        self._enter()
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]  # the stubs leave it out
        except BaseException:
            self._leave()
            raise

    def _commit(self) -> None:
        try:
            super()._commit()  # type: ignore[misc]  # as above
        finally:
            self._leave()

    def _rollback(self) -> None:
        try:
            super()._rollback()  # type: ignore[misc]  # as above
        finally:
            self._leave()

    def _close(self) -> None:
        self._leave()
        if self._gate is not None:
            os.close(self._gate)
            self._gate = None
        super()._close()  # type: ignore[misc]  # as above

    def _enter(self) -> None:
        """Wait for the gate.

        Raises:
            OperationalError: another thread of this process has held it for as long as `timeout` says.
        """
        if self._is_inside or self.is_in_memory_db():
            return
        if not _threads.acquire(timeout=self.settings_dict["OPTIONS"].get("timeout", 5)):
            raise OperationalError("database is locked")
        try:
            if self._gate is None:
                flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC
                self._gate = os.open(f"{self.settings_dict['NAME']}-gate", flags, 0o600)
            fcntl.flock(self._gate, fcntl.LOCK_EX)
        except BaseException:
            _threads.release()
            raise
        self._is_inside = True

    def _leave(self) -> None:
        if self._is_inside:
            self._is_inside = False
            if self._gate is not None:
                fcntl.flock(self._gate, fcntl.LOCK_UN)
            _threads.release()
