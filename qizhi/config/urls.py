"""All addresses: the citizens at the root, the staff under /desk/, programs under /api/v1/."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("qizhi.faces.urls")),
    path("", include("qizhi.faces.portal.urls")),
    path("accounts/", include("qizhi.kernel.accounts.urls")),
    path("desk/", include("qizhi.faces.desk.urls")),
    path("", include("qizhi.faces.screen.urls")),
    path("api/v1/", include("qizhi.faces.api.urls")),
]

handler400 = "qizhi.faces.errors.bad_request"
handler403 = "qizhi.faces.errors.forbidden"
handler404 = "qizhi.faces.errors.not_found"
handler500 = "qizhi.faces.errors.broken"
