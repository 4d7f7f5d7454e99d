"""What is stored of a matter: itself, its steps, clocks, units, texts, files, and who may see it.

`Matter` is the present; `Step` is the past, append-only and hash-chained; everything else hangs on one of them.
References have no index of their own (`db_index=False`): what is searched for stands in `Meta`, because every index
is written with every row, and most references are never searched.
"""

from .attachment import Attachment
from .clock import Clock
from .handling import Application, Assignment, Leg, Revisit
from .matter import Matter, MatterQuerySet
from .reporter import Reporter
from .saved_view import SavedView
from .sight import Sight
from .step import Passage, Reading, Seal, Step

__all__ = [
    "Application",
    "Assignment",
    "Attachment",
    "Clock",
    "Leg",
    "Matter",
    "MatterQuerySet",
    "Passage",
    "Reading",
    "Reporter",
    "Revisit",
    "SavedView",
    "Seal",
    "Sight",
    "Step",
]
