"""The API: one router for each noun, one way of reading, of answering and of failing.

**Source:** `architecture.md` §8, the public contract.
"""

from ninja import NinjaAPI
from ninja.operation import Operation

from . import attachments, health, matters, public_matters, reference, transitions
from .bodies import JsonParser, JsonRenderer
from .problems import answer_errors

PREFIX = "/api/v1/"
DESCRIPTION = """\
The public contract of Qizhi 齐治. JSON in UTF-8 with Chinese as it is; moments in ISO 8601 with their offset.

- **Errors** are problem documents (RFC 9457) with a stable `code`, in the language of `Accept-Language` (`zh` or `en`).
- **Sign-in** for staff and programs: `Authorization: Bearer <token>`, or the session cookie. Citizens need none:
  what they brought is opened by its number and query code.
- **Lists** answer `{items, next_cursor}`; only lists of bounded things add `total`.
- **Writes** take `Idempotency-Key`; steps also take `If-Match: <version>`.
"""


class Api(NinjaAPI):
    """Ninja with short operation names."""

    def get_openapi_operation_id(self, operation: Operation) -> str:
        """Return the name of the function: each is named for its noun and verb, so no two are alike."""
        return operation.view_func.__name__


api = Api(
    title="齐治 Qizhi",
    version="1",
    description=DESCRIPTION,
    urls_namespace="api",
    openapi_url=None,
    docs_url=None,
    parser=JsonParser(),
    renderer=JsonRenderer(),
)
answer_errors(api)
api.add_router("public", public_matters.router)
api.add_router("public", transitions.public)
api.add_router("public", attachments.public)
api.add_router("matters", matters.router)
api.add_router("matters", transitions.router)
api.add_router("", attachments.router)
api.add_router("", reference.router)
api.add_router("", health.router)
