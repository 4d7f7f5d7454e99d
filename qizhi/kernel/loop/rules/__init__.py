"""Needs and effects that any kind may name. Each is small; the pack says when it applies.

A need returns None when it holds, else the sentence that the user reads. It is also asked before anything was
put in, to know which steps to offer (`queries.possible`): then `inputs` is empty, and what only inputs could
tell is taken as holding. An effect changes the firing.
"""

from . import effects, needs

__all__ = ["effects", "needs"]
