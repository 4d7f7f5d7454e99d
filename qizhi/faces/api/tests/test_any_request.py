"""Whatever is sent, right or wrong, the answer is one that the OpenAPI document declares, and never a fault of ours.

The requests are made by schemathesis from the document: examples, every constraint just kept and just broken, and
random ones; the same each time.
"""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, settings
from schemathesis import checks

from qizhi.faces.api.openapi import document
from qizhi.testing import cast
from qizhi.testing.fixtures import rolled_back
from qizhi.testing.stories import Case, walk_to
from qizhi.testing.world import TOWN

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world")]

schema = schemathesis.openapi.from_dict(document())
schema.app = get_wsgi_application()
CHECKS = [
    checks.not_a_server_error,
    checks.CHECKS.get_one("status_code_conformance"),
    checks.CHECKS.get_one("content_type_conformance"),
    checks.CHECKS.get_one("response_headers_conformance"),
    checks.CHECKS.get_one("response_schema_conformance"),
]
# What a kind asks for when a matter is opened is checked by the loop, which takes an empty list, object or text
# alike for nothing, as forms send them.
LENIENT = {"matter_create"}
REJECTION = checks.CHECKS.get_one("negative_data_rejection")


@pytest.fixture
def there() -> Iterator[Case]:
    """A matter that exists, so that not every address leads nowhere."""
    signals = (request_started, request_finished)
    # a real request ends its connection, which here is the test's own
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield walk_to("triaged")
    for signal in signals:
        signal.connect(close_old_connections)


@schema.parametrize()
@settings(
    max_examples=10,
    phases=[Phase.explicit, Phase.generate],
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
def test_every_answer_is_declared(case: Any, there: Case) -> None:
    if case.path_parameters and "number" in case.path_parameters:
        case.path_parameters["number"] = there.number
    if case.query and case.query.get("query_code"):
        case.query["query_code"] = there.query_code
    with rolled_back():
        answer = case.call(headers={"Authorization": f"Bearer {cast.token(f'dispatcher@{TOWN}')}"})
    is_lenient = case.operation.definition.raw["operationId"] in LENIENT
    case.validate_response(answer, checks=CHECKS if is_lenient else [*CHECKS, REJECTION])
