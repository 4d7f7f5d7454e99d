"""Preparing one database, in a process of its own: `python -m bench.preparing COUNT`.

It migrates, applies the pack, makes the demo accounts and the matters, and prints as JSON what the load needs.
"""

import json
import os
import random
import sys
from datetime import timedelta
from typing import Any

CAST = {
    "county_clerk": "clerk@610323",
    "town_dispatcher": "dispatcher@610323100",
    "village_dispatcher": "dispatcher@610323100211",
    "department_handler": "handler.zhujian@610323",
    "town_clerk": "clerk@610323100",
    "town_handler": "handler@610323100",
    "town_revisit": "revisit@610323100",
}
SAMPLE = 300


def main() -> None:
    """Prepare, and print the facts as the last line."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"
    import django

    django.setup()
    json.dump(prepare(int(sys.argv[1])), sys.stdout)


def prepare(count: int) -> dict[str, Any]:
    """Fill the empty database with the county and `count` matters; return people, numbers and versions."""
    from django.conf import settings
    from django.db import connection

    from qizhi.cli.commands.up import prepare as set_up
    from qizhi.cli.progress import Progress
    from qizhi.kernel.accounts.demo import demo_accounts
    from qizhi.testing.world import PACK, PASSWORD, POSTS_SINCE

    from .making import make_matters
    from .models import BareMatter, BareRow

    with _silent():
        set_up(PACK)
    demo_accounts(PASSWORD, POSTS_SINCE)
    with connection.schema_editor() as editor:
        editor.create_model(BareMatter)
        editor.create_model(BareRow)
    with Progress(f"{connection.vendor} {count}", count) as progress:
        steps = make_matters(count, told=progress.step, processes=helpers(count))
    return {
        "matters": count,
        "steps": steps,
        "rows_of_create": rows_of_create(),
        "database": version(),
        "bytes": size(),
        "cookie": settings.SESSION_COOKIE_NAME,
        "people": {name: person(username) for name, username in CAST.items()},
    }


def helpers(count: int) -> int:
    """Return how many processes may help: starting one takes as long as making a thousand matters."""
    return os.cpu_count() or 1 if count > 5000 else 0


class _silent:  # noqa: N801 - used like a function
    """Standard output is for the facts alone: what commands say goes to standard error."""

    def __enter__(self) -> None:
        self._kept, sys.stdout = sys.stdout, sys.stderr

    def __exit__(self, *_error: object) -> None:
        sys.stdout = self._kept


def person(username: str) -> dict[str, Any]:
    """Return token, session and the numbers of some matters of one account."""
    from django.conf import settings

    from qizhi.kernel.loop.policy import visible_to
    from qizhi.testing import cast

    seen = list(visible_to(cast.actor(username)).values_list("number", flat=True).order_by("number"))
    chance = random.Random(username)
    return {
        "token": cast.token(username),
        "session": cast.browser(username).cookies[settings.SESSION_COOKIE_NAME].value,
        "numbers": chance.sample(seen, min(SAMPLE, len(seen))),
        "seen": len(seen),
    }


def rows_of_create() -> int:
    """Return how many rows one request of a citizen writes, and take it back."""
    from django.db import transaction
    from django.utils import timezone

    from qizhi.testing.stories import PATHS

    from .patterns import TOWN, Pattern, walk

    with transaction.atomic():
        pattern = walk(Pattern(TOWN, 1), PATHS["registered"], timezone.now(), timedelta(0))
        transaction.set_rollback(True)
    return sum(len(rows) for rows in pattern.rows.values()) + 1  # and the counter of numbers


def version() -> str:
    """Return name and version of the database."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT sqlite_version()" if connection.vendor == "sqlite" else "SHOW server_version")
        return f"{connection.display_name} {cursor.fetchone()[0]}"


def size() -> int:
    """Return the bytes that the database takes."""
    from django.db import connection

    ask = {
        "sqlite": "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()",
        "postgresql": "SELECT pg_database_size(current_database())",
    }
    with connection.cursor() as cursor:
        cursor.execute(ask[connection.vendor])
        return int(cursor.fetchone()[0])


if __name__ == "__main__":
    main()
