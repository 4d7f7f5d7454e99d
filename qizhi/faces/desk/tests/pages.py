"""What the tests of the desk share: the text of an answer, what it cost, and the headers of htmx."""

import re
from html import unescape
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

HTMX = {"HX-Request": "true"}


def page_of(answer: Any) -> str:
    """Return the HTML of an answer that went well, with its entities as they are read."""
    assert answer.status_code == 200, answer.content.decode()[:2000]
    return unescape(answer.content.decode())


def words_of(answer: Any) -> str:
    """Return the words of a page without its markup, one blank between them."""
    text = re.sub(r"<(script|style)\b.*?</\1>|<[^>]+>", " ", page_of(answer), flags=re.DOTALL)
    return re.sub(r"\s+", " ", text)


def cost_of(client: Client, url: str, **headers: str) -> int:
    """Return how many queries a page makes once the process has read what it keeps for a while."""
    page_of(client.get(url, headers=headers))
    return min(_queries(client, url, headers) for _time in range(2))


def _queries(client: Client, url: str, headers: dict[str, str]) -> int:
    with CaptureQueriesContext(connection) as queries:
        page_of(client.get(url, headers=headers))
    return len([one for one in queries.captured_queries if "SAVEPOINT" not in one["sql"]])
