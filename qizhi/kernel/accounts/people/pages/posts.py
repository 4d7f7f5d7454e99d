"""Giving a post to a person, and ending one."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from qizhi.kernel.kit.errors import QizhiError
from qizhi.kernel.units.models import Role

from ...middleware import ActorRequest
from .. import posts
from ..choices import role_meant, unit_meant
from ..forms import EndForm, PostForm
from ..policy import keep
from ..queries import person_get, post_get
from ..vacancies import vacancies
from .door import UNPROCESSABLE, keeper, refused


@require_http_methods(["GET", "HEAD", "POST"])
@keeper
def post_new(request: ActorRequest, key: uuid.UUID) -> HttpResponse:
    """Give a post.

    Raises:
        NotFound: there is no such person whom the actor may read.
        OwnAccount, BeyondReach: the actor may not look after this account.
    """
    person = person_get(request.actor, key)
    keep(request.actor, person)
    form = PostForm(request.POST or None, actor=request.actor)
    status = UNPROCESSABLE if form.is_bound else 200
    if form.is_valid():
        said = form.cleaned_data
        try:
            posts.post_give(
                actor=request.actor,
                person=person,
                unit=unit_meant(said["unit"]),
                role=role_meant(said["role"], Role.objects.all()),
                since_on=said["since_on"],
                place=said["place"],
                reason=said["reason"],
            )
        except QizhiError as error:
            status = refused(form, error)
        else:
            messages.success(request, _("岗位已安排。"))
            return redirect("accounts_person", key=person.pk)
    return render(request, "accounts/people/post.html", {"person": person, "form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@keeper
def post_over(request: ActorRequest, key: uuid.UUID, pk: uuid.UUID) -> HttpResponse:
    """End a post; says first when nobody would be left for the open matters of the unit.

    Raises:
        NotFound: there is no such post of a person whom the actor may read.
        OwnAccount, BeyondReach: the actor may not look after this account.
    """
    person = person_get(request.actor, key)
    held = post_get(request.actor, person, pk)
    keep(request.actor, person, region_code=held.post.unit.region_code)
    today = timezone.localdate()
    form = EndForm(
        request.POST if request.method == "POST" else None,
        needs_reason=False,
        asks_sure=True,
        initial={"until_on": today},
    )
    status = UNPROCESSABLE if form.is_bound else 200
    last_on = today
    if form.is_valid():
        last_on = form.cleaned_data["until_on"]
        try:
            posts.post_end(actor=request.actor, post_id=pk, **form.cleaned_data)
        except QizhiError as error:
            status = refused(form, error)
        else:
            messages.success(request, _("岗位已结束。"))
            return redirect("accounts_person", key=person.pk)
    left = vacancies([held.post], last_on)
    if not left:
        del form.fields["sure"]
    context = {"person": person, "held": held, "form": form, "left": left}
    return render(request, "accounts/people/post_over.html", context, status=status)
