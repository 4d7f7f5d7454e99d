"""Who calls: a program with a bearer token, or a browser with its session.

A call with a token never reads the session; a call by cookie that writes must prove that our own page sent it.

**Source:** `architecture.md` §8; `stack.md` §10.
"""

from django.conf import settings
from django.http import HttpRequest
from ninja.security import APIKeyCookie, HttpBearer
from ninja.utils import check_csrf

from qizhi.kernel.accounts.addresses import client_address
from qizhi.kernel.accounts.errors import SecondFactorNeeded
from qizhi.kernel.accounts.middleware import request_actor
from qizhi.kernel.accounts.models import User
from qizhi.kernel.accounts.scope import Actor
from qizhi.kernel.accounts.second_factor import second_factor_step
from qizhi.kernel.accounts.tokens import token_actor

from .errors import CsrfMissing

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class ApiRequest(HttpRequest):
    """A request that has passed the gate; for type annotations."""

    auth: Actor


class Token(HttpBearer):
    """`Authorization: Bearer <token>`, a token of `qizhi token create USER`."""

    openapi_description = "`qizhi token create USER` prints a token as its last word."

    def authenticate(self, request: HttpRequest, token: str) -> Actor:
        """Return the actor behind the token.

        Raises:
            TokenRefused, TooManyFailures: as `accounts.tokens.token_actor` does.
        """
        return token_actor(token, client_address(request))


class Session(APIKeyCookie):
    """The session cookie of a signed-in browser; a call that writes also needs `X-CSRFToken`."""

    param_name = settings.SESSION_COOKIE_NAME
    openapi_description = "The cookie of a signed-in browser; a call that writes also sends `X-CSRFToken`."

    def __call__(self, request: HttpRequest) -> Actor | None:
        """Return the signed-in actor, None when nobody is signed in or a token was meant.

        Raises:
            CsrfMissing: a write without the token of our own page.
            SecondFactorNeeded: a post asks for a second factor that this session has not shown.
        """
        if request.headers.get("Authorization"):
            return None
        return self.authenticate(request, request.COOKIES.get(self.param_name))

    def authenticate(self, request: HttpRequest, key: str | None) -> Actor | None:
        """Return the signed-in actor; see `__call__`."""
        user = request.user if key else None
        if not isinstance(user, User):
            return None
        if request.method not in SAFE and check_csrf(request) is not None:
            raise CsrfMissing
        actor = request_actor(request)
        if second_factor_step(request, user, actor):
            raise SecondFactorNeeded
        return actor


STAFF = [Token(), Session()]
