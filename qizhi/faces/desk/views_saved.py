"""Lists that somebody keeps under a name: nothing but the query of an address."""

import uuid

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from qizhi.faces import listing
from qizhi.kernel.accounts.middleware import ActorRequest
from qizhi.kernel.accounts.scope import Actor
from qizhi.kernel.kit.errors import Invalid
from qizhi.kernel.kit.htmx import is_fragment
from qizhi.kernel.loop.models import SavedView

from .answers import whisper
from .door import staff

VIEWS_MAX = 20
NAME_MAX = 40
QUERY_MAX = 500


class ViewRefused(Invalid):
    """A list cannot be kept under this name."""

    code = "view_refused"
    title = gettext_lazy("没有保存。请给这个列表起一个 1 到 40 字的名称。")


def views_of(actor: Actor) -> list[SavedView]:
    """Return the lists that the actor keeps, in the order in which they were made."""
    return list(SavedView.objects.filter(user_id=actor.person_id).order_by("created_at")[:VIEWS_MAX])


@require_POST
@staff
def save(request: ActorRequest) -> HttpResponse:
    """Keep the list that is shown under a name; the same name again takes the new list.

    Raises:
        ViewRefused: the name is empty or too long, the filters too many, or there are twenty lists already.
    """
    name = " ".join(request.POST.get("name", "").split())
    query = listing.query_of(listing.read(QueryDict(request.POST.get("query", ""))).filters)
    if not 0 < len(name) <= NAME_MAX:
        raise ViewRefused
    if len(query) > QUERY_MAX:
        raise ViewRefused(_("条件太多，这个列表没有保存。请减少几个条件。"))
    kept = {view.name for view in views_of(request.actor)}
    if name not in kept and len(kept) >= VIEWS_MAX:
        raise ViewRefused(_("最多保存 20 个列表，这个没有保存。请先删掉不用的。"))
    SavedView.objects.update_or_create(user_id=request.actor.person_id, name=name, defaults={"query": query})
    return _answer(request, _("已保存列表“%(name)s”。") % {"name": name}, query)


@require_POST
@staff
def drop(request: ActorRequest, key: uuid.UUID) -> HttpResponse:
    """Keep a list no more; one that is not there, or somebody else's, changes nothing."""
    SavedView.objects.filter(pk=key, user_id=request.actor.person_id).delete()
    return _answer(request, _("已删除保存的列表。"), "")


def _answer(request: ActorRequest, said: str, query: str) -> HttpResponse:
    if is_fragment(request):
        context = {"views": views_of(request.actor), "query": query}
        return whisper(render(request, "desk/_views.html", context), said)
    messages.success(request, said)
    return redirect(f"{reverse('desk_matters')}?{query}" if query else reverse("desk_matters"))
