"""My notices: everything I was told, newest first."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from qizhi.kernel.accounts.middleware import ActorRequest
from qizhi.kernel.kit.paging import page
from qizhi.kernel.notices.actions import notices_read
from qizhi.kernel.notices.queries import notices_of

from .door import staff

PAGE_SIZE = 30


@require_safe
@staff
def notices(request: ActorRequest) -> HttpResponse:
    """Show one page of my notices.

    Raises:
        CursorInvalid: the place in the list is not one of ours.
    """
    shown = page(
        notices_of(request.actor), order=("-at", "-id"), cursor=request.GET.get("cursor"), limit=PAGE_SIZE
    )
    return render(request, "desk/notices.html", {"shown": shown})


@require_POST
@staff
def read(request: ActorRequest) -> HttpResponse:
    """Mark all my notices as read."""
    count = notices_read(actor=request.actor)
    messages.success(
        request, _("%(n)d 条提醒已标为已读。") % {"n": count} if count else _("没有未读的提醒。")
    )
    return redirect(reverse("desk_notices"))
