"""The people of the tests: the demo accounts as actors, as signed-in browsers and as programs with a token."""

from typing import Any

from django.test import Client

from qizhi.kernel.accounts.models import User
from qizhi.kernel.accounts.scope import CITIZEN, Actor, ActorKind, actor_of
from qizhi.kernel.accounts.second_factor import mark_shown
from qizhi.kernel.accounts.tokens import token_create
from qizhi.kernel.loop.models import Matter

_BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def user(username: str) -> User:
    """Return the demo account `username`, such as ``clerk@610323100``."""
    return User.objects.get(username=username)


def actor(username: str) -> Actor:
    """Return the demo account as the rules see it, with the posts of today."""
    return actor_of(user(username))


def citizen(matter: Matter | None = None) -> Actor:
    """Return a citizen: the one who holds the query code of `matter`, or one who has brought nothing yet."""
    if matter is None:
        return CITIZEN
    return Actor(kind=ActorKind.CITIZEN, name=CITIZEN.name, matter_id=matter.pk)


def token(username: str, *, days: int = 30) -> str:
    """Return a fresh bearer token of the demo account."""
    return token_create(user(username), "test", days)


def browser(username: str, **defaults: Any) -> Client:
    """Return a client in which the demo account is signed in and has shown its second factor."""
    client = Client(**defaults)
    person = user(username)
    client.force_login(person, backend=_BACKEND)
    session = client.session
    request: Any = type("Request", (), {"session": session})
    mark_shown(request, person)
    session.save()
    return client
