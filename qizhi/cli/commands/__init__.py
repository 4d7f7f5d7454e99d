"""The verbs of the command. Each module has NAME, HELP, `arguments(parser)` and `run(options) -> int`.

They import Django's models inside `run` only, so that `--help` answers without a database.
"""

from . import (
    account,
    audit,
    bench,
    demo,
    doctor,
    erase,
    importing,
    mode,
    openapi,
    real,
    tick,
    token,
    up,
    worker,
)

COMMANDS = (
    up,
    mode,
    importing,
    demo,
    real,
    tick,
    worker,
    audit,
    account,
    token,
    erase,
    doctor,
    openapi,
    bench,
)
