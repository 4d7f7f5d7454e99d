"""Small named answers for htmx: no view sets a header by hand.

**Source:** htmx 2 reference, request and response headers.
"""

from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django_htmx.http import (
    HttpResponseClientRedirect,
    HttpResponseClientRefresh,
    reswap,
    retarget,
    trigger_client_event,
)

Response = TypeVar("Response", bound=HttpResponseBase)

# Where every page keeps its live region; see `kit/base.html`.
NOTICES = "#notices"


def is_fragment(request: HttpRequest) -> bool:
    """Say whether a part of a page is wanted: asked by htmx, neither boosted nor restoring its history."""
    headers = request.headers
    return (
        headers.get("HX-Request") == "true"
        and headers.get("HX-Boosted") != "true"
        and headers.get("HX-History-Restore-Request") != "true"
    )


def template_for(request: HttpRequest, page: str) -> str:
    """Return the template to render: `room/list.html`, or its fragment `room/_list.html` when a part is wanted."""
    folder, _, name = page.rpartition("/")
    fragment = f"{folder}/_{name}" if folder else f"_{name}"
    return fragment if is_fragment(request) else page


def hx_redirect(url: str) -> HttpResponse:
    """Return the answer that makes the browser open `url` as a whole new page."""
    return HttpResponseClientRedirect(url)


def hx_refresh() -> HttpResponse:
    """Return the answer that makes the browser load its page anew."""
    return HttpResponseClientRefresh()


def hx_trigger(response: Response, event: str, details: dict[str, Any] | None = None) -> Response:
    """Let the page fire `event`, once the answer is in place, with `details`; return the same response."""
    return trigger_client_event(response, event, details, after="settle")


def announce(response: Response, message: str) -> Response:
    """Let the page say `message` in its live region, where screen readers hear it; return the same response."""
    return hx_trigger(response, "announce", {"message": str(message)})


def to_notices(response: Response) -> Response:
    """Put the fragment into the page's notices, wherever the request wanted it; return the same response.

    So an error never replaces the form somebody was filling in.
    """
    retarget(response, NOTICES)
    reswap(response, "innerHTML")
    return response
