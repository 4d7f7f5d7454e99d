"""Pages for what goes wrong outside a room's own code, in the look and the plain words of all others."""

from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Say that the request could not be read (400), or that it was too much at once (413)."""
    if isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent):
        words = _("一次提交的文字或文件太多，没有保存。请返回上一页，少选几个文件、删短一些再提交。")
        return _page(request, 413, "too_large", words)
    return _page(request, 400, "bad_request", _("这次提交没有看懂，没有任何改动。请返回上一页，刷新后再试。"))


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    """Say that this may not be opened (403)."""
    return _page(request, 403, "refused", _("您没有打开这个页面的权限。如有需要，请联系本单位管理员。"))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    """Say that nothing is there (404)."""
    return _page(request, 404, "not_found", _("没有找到这个页面。可能是地址写错了，或者内容已经移走。"))


def broken(request: HttpRequest) -> HttpResponse:
    """Say that the program failed (500), by a page that needs neither the database nor a context."""
    said = {"message": _("系统出了故障，正在记录。您刚才的操作可能没有保存，请稍后再试。"), "code": "broken"}
    if getattr(request, "htmx", None):
        said["heading"] = _("没有办成")
        return HttpResponse(render_to_string("kit/_error.html", said), status=500)
    return HttpResponse(
        render_to_string("kit/broken.html", {**said, "home": settings.LOGOUT_REDIRECT_URL}), status=500
    )


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001
    """Say that the page was open too long or came from elsewhere (403)."""
    words = _(
        "这个页面开得太久，为了安全，这次提交没有保存。请返回上一页，刷新后再提交；写好的文字可以先复制下来。"
    )
    return _page(request, 403, "page_expired", words)


def _page(request: HttpRequest, status: int, code: str, message: str) -> HttpResponse:
    said: dict[str, Any] = {"heading": _("没有办成"), "message": message, "code": code, "status": status}
    name = "kit/_error.html" if getattr(request, "htmx", None) else "kit/error.html"
    return render(request, name, said, status=status)
