"""The `qizhi` command: one verb a file in `commands/`."""

from .main import main

__all__ = ["main"]
