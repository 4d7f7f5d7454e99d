"""The world for pytest.

`world` loads the county once for a whole module and takes it back afterwards; each test still runs in a
transaction of its own inside. `world_committed` is for tests in which several connections must see it.
"""

# Fixtures take others for their effect (ARG001).
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import transaction


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:  # noqa: ARG001
    """The county with its accounts, for all tests of the module; beside it they are marked `django_db`."""
    from .world import world_forget, world_load

    with django_db_blocker.unblock():
        with rolled_back():
            world_load()
            yield
        world_forget()


@contextmanager
def rolled_back() -> Iterator[None]:
    """Take back whatever happens inside the block.

    The transaction is marked as Django's test cases mark theirs, so that a durable block inside is allowed.
    """
    outer = transaction.atomic()
    outer._from_testcase = True  # type: ignore[attr-defined]
    with outer:
        try:
            yield
        finally:
            transaction.set_rollback(True)


@pytest.fixture
def world_committed(transactional_db: None) -> Iterator[None]:  # noqa: ARG001
    """The county with its accounts, committed, for one test that uses threads; everything is emptied after it."""
    from .world import world_forget, world_load

    world_load()
    yield
    world_forget()
