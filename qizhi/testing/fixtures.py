"""The world for pytest.

`world` loads the county once for a whole module and takes it back afterwards; each test still runs in a
transaction of its own inside. `world_committed` is for tests in which several connections must see it.
"""

# Fixtures take others for their effect (ARG001).
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:  # noqa: ARG001
    """The county with its accounts, for all tests of the module; beside it they are marked `django_db`."""
    from .world import world_forget, world_load

    with django_db_blocker.unblock():
        outer = transaction.atomic()
        # Django's test cases mark their own transactions so that a durable block inside them is allowed.
        outer._from_testcase = True  # type: ignore[attr-defined]
        outer.__enter__()
        try:
            world_load()
            yield
        finally:
            transaction.set_rollback(True)
            outer.__exit__(None, None, None)
            world_forget()


@pytest.fixture
def world_committed(transactional_db: None) -> Iterator[None]:  # noqa: ARG001
    """The county with its accounts, committed, for one test that uses threads; everything is emptied after it."""
    from .world import world_forget, world_load

    world_load()
    yield
    world_forget()
