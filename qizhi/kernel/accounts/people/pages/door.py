"""The door of these pages: only administrators and auditors come in, and an answer is kept nowhere."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http.response import HttpResponseBase
from django.views.decorators.cache import never_cache

from qizhi.kernel.kit.errors import QizhiError, Refused, SignInNeeded

from ...middleware import ActorRequest
from ...scope import ActorKind
from ..forms import KeeperForm
from ..policy import keep, may_read

View = Callable[..., HttpResponseBase]
UNPROCESSABLE = 422
SERVER_FAULT = 500


def reader(view: View) -> View:
    """Let those through to `view` who may read the list of people.

    Raises:
        SignInNeeded: nobody is signed in; a page then leads to the sign-in and back.
        Refused: no post of the actor allows it.
    """

    @never_cache
    @wraps(view)
    def guarded(request: ActorRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.actor.kind != ActorKind.STAFF:
            raise SignInNeeded
        if not may_read(request.actor):
            raise Refused
        return view(request, *args, **kwargs)

    return guarded


def keeper(view: View) -> View:
    """Let administrators through to `view`; of whom they may look after, the actions judge.

    Raises:
        SignInNeeded, Refused: see `reader`.
        NotAKeeper: the actor only reads.
    """

    @wraps(view)
    def guarded(request: ActorRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        keep(request.actor)
        return view(request, *args, **kwargs)

    return reader(guarded)


def refused(form: KeeperForm, error: QizhiError) -> int:
    """Bring a refusal back to the form, and return the status of the answer.

    Raises:
        QizhiError: a fault of the server, or something that no change of the form could mend.
    """
    if error.status >= SERVER_FAULT or isinstance(error, Refused):
        raise error
    form.take(error)
    return error.status
