"""How the program is: for monitors, and for `qizhi up`."""

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_noop
from ninja import Router

from qizhi import __version__
from qizhi.kernel.modes.errors import NoMode
from qizhi.kernel.modes.store import current, current_number

from .bodies import reply
from .contract import told
from .schemas.reference import HealthOut

router = Router(tags=["health"])


@router.get("/health", summary=gettext_noop("运行状况"), **told(HealthOut, (), also={503: HealthOut}))
def health(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """Whether it lives and is ready: 200 when the database answers and a mode is applied, else 503."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        number, mode = current_number(), current()
    except (DatabaseError, NoMode):
        number, mode = None, None
    said = {
        "live": True,
        "ready": mode is not None,
        "version": __version__,
        "mode_version": number,
        "mode": f"{mode.name} {mode.version}" if mode else None,
    }
    return reply(said, 200 if mode is not None else 503)
