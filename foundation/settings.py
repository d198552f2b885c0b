"""Settings of the whole house: one file, read from the environment, with defaults that work.

Every name that is read here is explained in ``.env.example``; a test holds the two together.
"""

import os
import secrets
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from foundation.engines import tuned
from foundation.environment import Environment

BASE_DIR = Path(__file__).resolve().parent.parent
env = Environment()
env.read_env(BASE_DIR / ".env")

# -- where things live -------------------------------------------------------------------------
VAR_DIR = env.folder(BASE_DIR / env.str("VAR_DIR", default="var"))
REPOSITORIES_DIR = VAR_DIR / "repositories"  # bare clones of what was pointed at
HISTORY_DIR = VAR_DIR / "history"  # facts as arrays, a cache: read again whenever it is missing
MODELS_DIR = VAR_DIR / "models"  # what was learned, as data that runs no code
# What was learned elsewhere, for a community without a model of its own; None: go without.
SHIPPED_MODEL = BASE_DIR / "matching" / "shipped" / "mentors.npz"
SHIPPED_LEADERS = BASE_DIR / "matching" / "shipped" / "leaders.npz"

# -- the site ----------------------------------------------------------------------------------
DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY_GIVEN = env.str("SECRET_KEY", default="")
# A key of the process's own lets every command run; a check warns that no session survives it.
SECRET_KEY = SECRET_KEY_GIVEN or secrets.token_urlsafe(50)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
HTTPS_ONLY = env.bool("HTTPS_ONLY", default=False)
TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)

INSTALLED_APPS = [
    "foundation.web.administration.HouseConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.github",
    "django_celery_beat",
    "rest_framework",
    "foundation.accounts",
    "foundation.projects",
    "foundation.people",
    "foundation.activity",
    "foundation.runs",
    "foundation.web",
    "mentorship",
    "matching",
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
    "foundation.accounts.middleware.TimeZoneMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "foundation.web.unsayable.UnsayableMiddleware",
    "foundation.web.forms_only.FormsOnlyMiddleware",
]

ROOT_URLCONF = "foundation.urls"
WSGI_APPLICATION = "foundation.wsgi.application"
ASGI_APPLICATION = "foundation.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "DIRS": [BASE_DIR / "foundation" / "web" / "templates"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "foundation.web.context.house",
            ],
        },
    }
]

# -- data --------------------------------------------------------------------------------------
database = env.database("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'releve.sqlite3'}")
DATABASES = {"default": tuned(database, VAR_DIR)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.broker("REDIS_URL")
# Limits must hold over all web processes, and login must work while Redis is away: so the cache
# is the database, in both sizes.
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}
}

# -- work in the background --------------------------------------------------------------------
CELERY_BROKER_URL = env.broker("CELERY_BROKER_URL") or REDIS_URL or "filesystem://localhost"
BROKER_DIR = VAR_DIR / "broker"
if CELERY_BROKER_URL.startswith("filesystem"):
    CELERY_BROKER_TRANSPORT = "foundation.runs.broker:Transport"
    for folder in ("messages", "control"):
        env.folder(BROKER_DIR / folder)
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(BROKER_DIR / "messages"),
        "data_folder_out": str(BROKER_DIR / "messages"),
        "control_folder": str(BROKER_DIR / "control"),
        "polling_interval": 0.1,
    }
else:
    CELERY_BROKER_TRANSPORT = "foundation.runs.broker:RedisTransport"
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "visibility_timeout": 3600,
        "unacked_restore_interval": 10,
        "unacked_restore_throttle": 1,
        "socket_timeout": 5,
        "socket_connect_timeout": 2,
    }
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"
CELERY_BEAT_MAX_LOOP_INTERVAL = 5

# A worker that is silent for a lease has lost its run; the sweeper then sends it again.
RUN_LEASE_SECONDS = env.int("RUN_LEASE_SECONDS", default=120, least=1)
# Processes of a `refresh` by hand that learns; a further one holds the community once more.
REFRESH_PROCESSES = env.int("REFRESH_PROCESSES", default=min(2, os.cpu_count() or 1), least=1)
RUN_MAX_ATTEMPTS = env.int("RUN_MAX_ATTEMPTS", default=5, least=1)
# Models serve on until they are this old, or so many percent of the facts came after them.
RETRAIN_AFTER_DAYS = env.int("RETRAIN_AFTER_DAYS", default=7, least=0)
RETRAIN_AFTER_PERCENT = env.int("RETRAIN_AFTER_PERCENT", default=5, least=0)

# -- taking in ---------------------------------------------------------------------------------
ALLOW_PRIVATE_ADDRESSES = env.bool("ALLOW_PRIVATE_ADDRESSES", default=False)
GIT_MAX_BYTES = env.int("GIT_MAX_BYTES", default=20 * 1024**3, least=1)
GIT_MAX_SECONDS = env.int("GIT_MAX_SECONDS", default=3600, least=1)
EVENTS_MAX_BYTES = env.int("EVENTS_MAX_BYTES", default=20 * 1024**3, least=1)
DECLARED_BOTS = env.list(
    "DECLARED_BOTS",
    default=["pytorchbot", "pytorchmergebot", "facebook-github-bot", "pytorch-bot", "web-flow"],
)
# Mail domains of companies whose review tool names people by the local part of their address.
COMPANY_DOMAINS = env.list("COMPANY_DOMAINS", default=[])

# -- people ------------------------------------------------------------------------------------
# True: nothing about an emerging leader is shown to stewards before that person agreed.
LEADERS_NEED_CONSENT = env.bool("LEADERS_NEED_CONSENT", default=False)
# What upper floors know of a person; see foundation/people/personal.py.
PERSONAL_MODULES = ["mentorship.personal"]
# Key of the tombstones that keep an erased address from coming back; without one, a file in VAR_DIR
# holds it: see activity/tombstones.py.
TOMBSTONE_KEY = env.str("TOMBSTONE_KEY", default="")

# -- matching ----------------------------------------------------------------------------------
# What one mean load costs a mentor's place, in natural logarithms; 0: nothing is shared.
LOAD_WEIGHT = env.float("LOAD_WEIGHT", default=0.4)
# Share of the mentees whose lists go by fit alone, so that both can be compared honestly later.
UNFLAGGED_SHARE = env.float("UNFLAGGED_SHARE", default=0.1, most=1)
# Share of the people who could be invited to lead whom stewards are not shown, for the same reason.
UNFLAGGED_LEADERS = env.float("UNFLAGGED_LEADERS", default=0.05, most=1)
# How long it is known who was suggested to whom, and (two years at least) who was to be invited.
EXPOSURE_DAYS = env.int("EXPOSURE_DAYS", default=730)

# -- login -------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "web:home"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = env.choice(
    "EMAIL_VERIFICATION", default="mandatory", among=("mandatory", "optional", "none")
)
SIGNUP_OPEN = env.bool("SIGNUP_OPEN", default=True)
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_CONFIRM_EMAIL_ON_GET = False
ACCOUNT_ADAPTER = "foundation.accounts.adapter.AccountAdapter"
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXY_COUNT
SOCIALACCOUNT_PROVIDERS = {}
GITHUB_CLIENT_ID = env.str("GITHUB_CLIENT_ID", default="")
if GITHUB_CLIENT_ID:
    SOCIALACCOUNT_PROVIDERS["github"] = {
        "APPS": [
            {"client_id": GITHUB_CLIENT_ID, "secret": env.str("GITHUB_CLIENT_SECRET", default="")}
        ],
        "VERIFIED_EMAIL": True,
    }
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

# -- mail --------------------------------------------------------------------------------------
vars().update(env.mail("EMAIL_URL", default="consolemail://"))
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Relève <releve@localhost>")
EMAIL_TIMEOUT = 10

# -- languages and time ------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("fr", _("French"))]
LOCALE_PATHS = [BASE_DIR / "foundation" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_COOKIE_SAMESITE = "Lax"

# -- static files and browser security ---------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "form-action": ["'self'", "https://github.com"],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS_ONLY
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS_ONLY else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS_ONLY
if TRUSTED_PROXY_COUNT:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024**2

# -- API ---------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PAGINATION_CLASS": "rest_framework.pagination.LimitOffsetPagination",
    "PAGE_SIZE": 50,
    "NUM_PROXIES": TRUSTED_PROXY_COUNT,
}

# -- logs --------------------------------------------------------------------------------------
LOG_LEVEL = env.choice(
    "LOG_LEVEL", default="WARNING", among=("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "filters": {"one line": {"()": "foundation.database.OneLine"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["one line"],
        }
    },
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    "loggers": {"releve": {"level": "INFO"}},
}

# -- what is wrong with all this; see foundation/accounts/checks.py ---------------------------
CONFIGURATION_PROBLEMS = env.problems
