"""The two switches of every page, language and large text; both are remembered in a cookie for a year."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from .context import LARGE_COOKIE

YEAR_SECONDS = 365 * 24 * 3600


@never_cache
@require_POST
def switch_language(request: HttpRequest) -> HttpResponse:
    """Show pages in the language that was pressed; an unknown one changes nothing."""
    answer = _back(request)
    language = request.POST.get("language", "")
    if language in dict(settings.LANGUAGES):
        _remember(answer, settings.LANGUAGE_COOKIE_NAME, language)
    return answer


@never_cache
@require_POST
def switch_large(request: HttpRequest) -> HttpResponse:
    """Turn large text on (``1``) or off."""
    answer = _back(request)
    _remember(answer, LARGE_COOKIE, "1" if request.POST.get("large") == "1" else "0")
    return answer


def _back(request: HttpRequest) -> HttpResponseRedirect:
    """Return to the page that was shown; never to an address of another site."""
    target = request.POST.get("next", "")
    allowed = {request.get_host()}
    if not url_has_allowed_host_and_scheme(target, allowed_hosts=allowed, require_https=request.is_secure()):
        target = settings.LOGOUT_REDIRECT_URL
    return HttpResponseRedirect(target)


def _remember(answer: HttpResponse, name: str, value: str) -> None:
    answer.set_cookie(
        name, value, max_age=YEAR_SECONDS, samesite="Lax", secure=settings.QIZHI.https, httponly=True
    )
