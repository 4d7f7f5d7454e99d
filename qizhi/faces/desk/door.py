"""The door of the desk: every page begins here."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http.response import HttpResponseBase
from django.views.decorators.cache import never_cache

from qizhi.kernel.accounts.middleware import ActorRequest
from qizhi.kernel.accounts.scope import Actor, ActorKind
from qizhi.kernel.kit.errors import SignInNeeded
from qizhi.kernel.modes.schema import Kind
from qizhi.kernel.modes.store import current

View = Callable[..., HttpResponseBase]


def staff(view: View) -> View:
    """Let only signed-in staff through to `view`; its answers are never kept by a cache.

    Raises:
        SignInNeeded: nobody is signed in; a page then leads to the sign-in and back.
    """

    @never_cache
    @wraps(view)
    def guarded(request: ActorRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.actor.kind != ActorKind.STAFF:
            raise SignInNeeded
        return view(request, *args, **kwargs)

    return guarded


def opening_kinds(actor: Actor) -> list[Kind]:
    """Return the kinds of matter that the actor may register, in the order of the mode."""
    if not actor.may_write:
        return []
    return [kind for kind in current().kinds.values() if set(kind.opening.by) & actor.roles]
