"""Django's settings. What a county decides comes from the environment (YIFA_…); the rest is the same everywhere."""

import os
from importlib.util import find_spec
from pathlib import Path

from csp.constants import NONCE, NONE, SELF

from yifa.site.home import database, made_home, secret
from yifa.site.matters import matters


def _folder_of(package: str) -> Path:
    """Where a package's files lie, without importing it."""
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(f"The package {package} is not installed; run `make setup`. [yifa.E703]")
    return Path(spec.origin).parent


def _switched_on(name: str) -> bool:
    return os.environ.get(name, "").lower() in ("1", "yes", "on", "true")


YIFA_HOME = made_home()
YIFA_MATTERS = matters()
YIFA_COUNTY = os.environ.get("YIFA_COUNTY", "xinxian")  # its folder under counties/ in the library

DEBUG = _switched_on("YIFA_DEBUG")
SECRET_KEY = secret(YIFA_HOME)
ALLOWED_HOSTS = os.environ.get("YIFA_HOSTS", "localhost,127.0.0.1,[::1]").split(",")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",  # allauth's pages say how long ago a key was used
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_htmx",
    "csp",
    "yifa.people",
    "yifa.ledger",
    "yifa.papers",
    "yifa.cases",
    "yifa.tables",
    "yifa.calls",
    "yifa.texts",
    "yifa.look",
    "yifa.desk",
    "yifa.portal",
    "yifa.report",
    "yifa.site",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",  # what is public says so
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "yifa.site.urls"
WSGI_APPLICATION = "yifa.site.wsgi.application"

_PROCESSORS = [
    "django.template.context_processors.request",
    "django.contrib.auth.context_processors.auth",
    "django.contrib.messages.context_processors.messages",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "APP_DIRS": True,  # <room>/jinja2/
        "OPTIONS": {
            "environment": "yifa.look.environment.environment",
            "context_processors": _PROCESSORS,
        },
    },
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,  # allauth's own pages
        "OPTIONS": {"context_processors": _PROCESSORS},
    },
]

# ——— the record ———

DATABASES = {"default": database(YIFA_HOME)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
_ONE_MACHINE = DATABASES["default"]["ENGINE"].endswith("sqlite3")
CACHES = {
    "default": (
        {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
        if _ONE_MACHINE
        # several processes count failed logins together
        else {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "site_cache"}
    )
}

YIFA_LEDGER_ALGO = os.environ.get("YIFA_LEDGER_ALGO", "sha256")  # or sm3

# ——— who comes in ———

AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
_PASSWORDS = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"{_PASSWORDS}.UserAttributeSimilarityValidator"},
    {"NAME": f"{_PASSWORDS}.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": f"{_PASSWORDS}.CommonPasswordValidator"},
    {"NAME": f"{_PASSWORDS}.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/desk/"
LOGOUT_REDIRECT_URL = "/"

ACCOUNT_ADAPTER = "yifa.site.accounts.Accounts"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGIN_BY_CODE_ENABLED = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_RATE_LIMITS = {
    "login": "60/m/ip",  # a county's officials share one outgoing address
    "login_failed": "10/m/ip,5/5m/key",
    "reauthenticate": "10/m/user",
    "change_password": "5/m/user",
    "once": "10/m/ip",
}
YIFA_ONE_TIME_CODE = "yifa.site.once.issue"  # how the desk lets a new person in
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "依法"

# Sessions stand in the database, so that logging out ends them everywhere at once.
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# ——— what a browser may do ———

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],  # Tabler draws its arrows and ticks as data: pictures
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True

YIFA_HTTPS = _switched_on("YIFA_HTTPS")  # behind a server that speaks TLS and sets X-Forwarded-Proto
if YIFA_HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 31_536_000
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True

DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o600

# ——— static files ———

STATIC_URL = "/static/"
STATIC_ROOT = YIFA_HOME / "static"
STATIC_ROOT.mkdir(exist_ok=True)
STATICFILES_DIRS = [("tabler", _folder_of("jazzy_tabler") / "static" / "vendor" / "tabler")]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "yifa.site.static.Static"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_ALLOW_ALL_ORIGINS = False

# ——— language and time ———

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
USE_I18N = True
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "loggers": {"django.request": {"level": "ERROR"}},  # a wrong address is nobody's fault here
    "root": {"handlers": ["stderr"], "level": os.environ.get("YIFA_LOG", "WARNING").upper()},
}
