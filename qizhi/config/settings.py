"""Django's settings, made from the operator's environment, for one county.

A tenancy layer would be a profile beside this file; no model knows of it.
"""

from pathlib import Path

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from .env import Env, database, origin, secret_file

PACKAGE = Path(__file__).resolve().parent.parent
QIZHI = Env()
QIZHI.data_dir = QIZHI.data_dir.absolute()
QIZHI.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)

SECRET_KEY = secret_file(QIZHI.secrets_dir, "django.key")
DEBUG = False
ALLOWED_HOSTS = [*QIZHI.allowed_hosts, "testserver"] if QIZHI.testing else QIZHI.allowed_hosts
CSRF_TRUSTED_ORIGINS = QIZHI.trusted_origins

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "csp",
    "django_htmx",
    "axes",
    "auditlog",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "qizhi.kernel.kit",
    "qizhi.kernel.regions",
    "qizhi.kernel.units",
    "qizhi.kernel.accounts",
    "qizhi.kernel.modes",
    "qizhi.kernel.loop",
    "qizhi.kernel.notices",
    "qizhi.kernel.search",
    "qizhi.governance.triage",
    "qizhi.faces.desk",
    "qizhi.faces.portal",
    "qizhi.faces.screen",
    "qizhi.faces.api",
]

MIDDLEWARE = [
    "qizhi.kernel.kit.middleware.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "qizhi.kernel.kit.middleware.HeadersMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "qizhi.kernel.kit.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "qizhi.kernel.accounts.middleware.ActorMiddleware",
    "qizhi.kernel.kit.middleware.ErrorMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "qizhi.config.urls"
WSGI_APPLICATION = "qizhi.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        # The room of accounts stands before allauth, whose pages it replaces by its own.
        "DIRS": [PACKAGE / "faces" / "templates", PACKAGE / "kernel" / "accounts" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "qizhi.faces.context.page",
            ],
        },
    }
]

DATABASES = {"default": database(QIZHI)}
# Our own keys are UUIDv7 (kit.Row); this only concerns tables of libraries.
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.MD5PasswordHasher"
    if QIZHI.testing
    else "django.contrib.auth.hashers.Argon2PasswordHasher",
    "qizhi.kernel.accounts.passwords.OnceHasher",  # one-time passwords, until the first sign-in
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "name")},
    },
    {"NAME": "qizhi.kernel.accounts.passwords.LongEnough", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "/accounts/login/"
LOGIN_REDIRECT_URL = "/desk/"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "qizhi.kernel.accounts.adapter.AccountAdapter"
SOCIALACCOUNT_ADAPTER = "qizhi.kernel.accounts.adapter.SocialAccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_FORMS = {
    "login": "qizhi.kernel.accounts.forms.LoginForm",
    "reauthenticate": "qizhi.kernel.accounts.forms.ReauthenticateForm",
    "change_password": "qizhi.kernel.accounts.forms.ChangePasswordForm",
}
ACCOUNT_PRESERVE_USERNAME_CASING = False
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_RATE_LIMITS = False  # django-axes and kit.limits count in the database, for all workers together
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_FORMS = {
    "authenticate": "qizhi.kernel.accounts.forms.AuthenticateForm",
    "reauthenticate": "qizhi.kernel.accounts.forms.CodeReauthenticateForm",
    "activate_totp": "qizhi.kernel.accounts.forms.ActivateForm",
}
MFA_TOTP_ISSUER = "Qizhi"
MFA_TOTP_TOLERANCE = 1  # a phone's clock may be half a minute off; RFC 6238 §5.2 allows one step
MFA_ADAPTER = "qizhi.kernel.accounts.adapter.MfaAdapter"
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "APPS": [
            {
                "provider_id": "county",
                "name": QIZHI.oidc_name,
                "client_id": QIZHI.oidc_client_id,
                "secret": QIZHI.oidc_client_secret_file.read_text().strip()
                if QIZHI.oidc_client_secret_file
                else "",
                "settings": {"server_url": QIZHI.oidc_issuer},
            }
        ]
        if QIZHI.oidc_issuer
        else [],
        "OAUTH_PKCE_ENABLED": True,
    }
}

AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
# One address may be a whole village hall: the pair of name and address is locked, never the address alone.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
# Trying again while locked does not make the lock longer: the page promises a quarter of an hour.
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
# The access log of accounts notes every sign-in; a second copy would only be more personal data to look after.
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ACCESS_FAILURE_LOG = False
AXES_HTTP_RESPONSE_CODE = 429
AXES_LOCKOUT_TEMPLATE = "account/locked.html"
AXES_CLIENT_IP_CALLABLE = "qizhi.kernel.accounts.addresses.client_address"
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address", "login", "password", "csrfmiddlewaretoken"]
AXES_VERBOSE = False
SILENCED_SYSTEM_CHECKS: list[str] = []

SESSION_COOKIE_AGE = QIZHI.session_hours * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = QIZHI.https
CSRF_COOKIE_SECURE = QIZHI.https
CSRF_COOKIE_HTTPONLY = False
CSRF_FAILURE_VIEW = "qizhi.faces.errors.csrf_failed"
SECURE_SSL_REDIRECT = QIZHI.https
SECURE_HSTS_SECONDS = 31_536_000 if QIZHI.https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = QIZHI.https
SECURE_HSTS_PRELOAD = QIZHI.https
SECURE_REFERRER_POLICY = "same-origin"
if QIZHI.behind_proxy:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        # Browsers hold a redirect after a form against this too: sign-in by OpenID Connect leads to the issuer.
        "form-action": [SELF, *([origin(QIZHI.oidc_issuer)] if QIZHI.oidc_issuer else [])],
        "frame-ancestors": [NONE],
    }
}
# 20 MB a photo, nine photos a form; the sum of the fields stays small.
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
DATA_UPLOAD_MAX_NUMBER_FILES = 20
FILE_UPLOAD_MAX_MEMORY_SIZE = 1_048_576
FILE_UPLOAD_PERMISSIONS = 0o600

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("中文")), ("en", _("英文"))]
LANGUAGE_COOKIE_NAME = "language"
LOCALE_PATHS = [PACKAGE / "locale"]
USE_I18N = True
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = QIZHI.data_dir / "static"
STATICFILES_DIRS = [PACKAGE / "faces" / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if QIZHI.testing
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = QIZHI.testing
MEDIA_ROOT = QIZHI.files_dir

AUDITLOG_INCLUDE_ALL_MODELS = False
NINJA_PAGINATION_MAX_LIMIT = 200

LOGGING_CONFIG = None
if not QIZHI.testing:
    from qizhi.kernel.kit.logs import configure

    configure(QIZHI.log_level)
