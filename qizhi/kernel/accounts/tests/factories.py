"""The cast of the room: who signs in, with which posts, and how a test signs them in."""

from typing import Any

from django.test import Client

from qizhi.kernel.accounts.models import User
from qizhi.kernel.accounts.second_factor import mark_shown
from qizhi.kernel.units.models import Role, Unit
from qizhi.kernel.units.tests.factories import make_post, make_role, make_unit

PASSWORD = "Qishan-2026-周原"
LOGIN = "/accounts/login/"


def make_user(username: str = "clerk@610323100", *, password: str | None = PASSWORD, **more: Any) -> User:
    """Store a person who signs in with `PASSWORD`."""
    user = User.objects.create_user(username, password, name=more.pop("name", "凤鸣镇登记员"))
    for name, value in more.items():
        setattr(user, name, value)
    user.save()
    return user


def seat(user: User, role: str, region_code: str, *, unit: Unit | None = None, **more: Any) -> User:
    """Give `user` a post in `role` at the centre of the place, and return the user."""
    held = unit or Unit.objects.filter(code=f"centre-{region_code}").first()
    make_post(user, held or make_unit(f"centre-{region_code}", region_code), role_of(role), **more)
    return user


def role_of(key: str) -> Role:
    """Return the role as the national pack declares it."""
    guarded = key in {"admin", "analyst", "auditor"}
    return make_role(
        key,
        sees="unit" if key in {"admin", "handler", "gridworker"} else "region",
        is_reader=key == "auditor",
        may_unmask=key in {"clerk", "dispatcher", "handler"},
        needs_second_factor=guarded,
    )


def log_in(client: Client, username: str, password: str = PASSWORD, **more: Any) -> Any:
    """Post the sign-in form."""
    return client.post(LOGIN, {"login": username, "password": password}, **more)


def signed_in(user: User) -> Client:
    """Return a client in which `user` is signed in and has shown the second factor."""
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    session = client.session
    request: Any = type("Request", (), {"session": session})
    mark_shown(request, user)
    session.save()
    return client
