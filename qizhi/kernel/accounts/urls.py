"""Addresses of the room: only those pages of allauth that this house needs, under the names allauth expects.

Sign-up, mail and password reset by mail are not here: accounts are made by the administrator.
"""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.socialaccount import views as social
from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

from . import pages

urlpatterns: list[URLPattern | URLResolver] = [
    path("login/", pages.LoginView.as_view(), name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("password/change/", pages.PasswordChangeView.as_view(), name="account_change_password"),
    path("2fa/", RedirectView.as_view(pattern_name="accounts_me"), name="mfa_index"),
    path("2fa/authenticate/", mfa.authenticate, name="mfa_authenticate"),
    path("2fa/reauthenticate/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("2fa/totp/activate/", totp.activate_totp, name="mfa_activate_totp"),
    path("2fa/totp/deactivate/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("2fa/recovery-codes/", recovery.view_recovery_codes, name="mfa_view_recovery_codes"),
    path(
        "2fa/recovery-codes/generate/", recovery.generate_recovery_codes, name="mfa_generate_recovery_codes"
    ),
    path(
        "2fa/recovery-codes/download/", recovery.download_recovery_codes, name="mfa_download_recovery_codes"
    ),
    path("social/cancelled/", social.login_cancelled, name="socialaccount_login_cancelled"),
    path("social/error/", social.login_error, name="socialaccount_login_error"),
    path("oidc/<slug:provider_id>/login/", pages.oidc_login, name="openid_connect_login"),
    path("oidc/<slug:provider_id>/login/callback/", pages.oidc_callback, name="openid_connect_callback"),
    path("me/", pages.me, name="accounts_me"),
    path("access/", pages.access, name="accounts_access"),
    path("people/", include("qizhi.kernel.accounts.people.urls")),
]
