"""What the pages of the desk say to the browser beside their HTML."""

from typing import TypeVar

from django.http.response import HttpResponseBase

from qizhi.kernel.kit.htmx import hx_trigger

Response = TypeVar("Response", bound=HttpResponseBase)


def whisper(response: Response, message: str) -> Response:
    """Let screen readers say `message`; whoever sees the page sees it in its place already."""
    return hx_trigger(response, "whisper", {"message": str(message)})


def focus_on(response: Response, selector: str) -> Response:
    """Put the focus on the first element that `selector` finds once the answer is in place."""
    return hx_trigger(response, "focus-on", {"selector": selector})
