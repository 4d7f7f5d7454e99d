"""Finding matters by words."""

import uuid
from collections.abc import Iterable

from .adapter import index_find
from .tokens import terms_of


def matter_find(question: str, keys: Iterable[str], most: int) -> list[uuid.UUID]:
    """Return the newest `most` matters that hold every word of `question` and carry one of the sight keys `keys`."""
    return index_find(terms_of(question), keys, most)
