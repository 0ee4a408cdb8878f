"""Settings. With no environment variable set, everything runs on embedded services under ESER_HOME."""

import os
import sys
from pathlib import Path

import pghistory
import pgtrigger
from celery.schedules import crontab
from csp.constants import NONE, SELF

from eser import embedded

BASE_DIR = Path(__file__).resolve().parent.parent
TESTING = "pytest" in sys.modules
if TESTING:
    # The suite has services and databases of its own, beside those of a running demo.
    os.environ.setdefault("ESER_HOME", str(embedded.home() / "test"))
    os.environ.setdefault("ESER_DB_POOL", "0")
    os.environ.setdefault("ESER_FSYNC", "off")
ESER_HOME = embedded.home()
DEBUG = os.environ.get("ESER_DEBUG") == "1"
EMBEDDED = "ESER_DB_HOST" not in os.environ


def secret(variable: str, file_name: str, generate) -> str:
    """A secret from the environment, or made once and kept in ESER_HOME beside the embedded services."""
    if value := os.environ.get(variable):
        return value
    if not EMBEDDED:
        raise RuntimeError(
            f"{variable} is not set. Outside the demo every secret comes from the environment."
        )
    return embedded.kept_secret(ESER_HOME, file_name, generate)


def _random_key() -> str:
    from django.core.management.utils import get_random_secret_key

    return get_random_secret_key()


def _fernet_key() -> str:
    from cryptography.fernet import Fernet

    return Fernet.generate_key().decode()


SECRET_KEY = secret("ESER_SECRET_KEY", "secret_key", _random_key)
ESER_FIELD_KEY = secret("ESER_FIELD_KEY", "field_key", _fernet_key)
ALLOWED_HOSTS = os.environ.get("ESER_ALLOWED_HOSTS", "localhost,127.0.0.1,[::1],testserver").split(",")
CSRF_TRUSTED_ORIGINS = [origin for origin in os.environ.get("ESER_CSRF_ORIGINS", "").split(",") if origin]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "django.forms",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "rest_framework",
    "drf_spectacular",
    "django_filters",
    "django_htmx",
    "guardian",
    "pgtrigger",
    "pghistory",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "axes",
    "csp",
    "ui",
    "rulebook",
    "journal",
    "jobs",
    "documents",
    "organizations",
    "security",
    "students",
    "enrollment",
    "evaluations",
    "ieps",
    "migration",
    "edfi",
    "reports",
    "caseload",
    "eser",
]

MIDDLEWARE = [
    "eser.health.AnswerHealth",
    "eser.logging.RequestLog",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "security.middleware.Sessions",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "security.middleware.NothingIsCached",
    "security.tokens.TokenSignsIn",
    "security.middleware.SignInFirst",
    "security.middleware.ScopedTransaction",
    "eser.frame.Frame",
    "allauth.account.middleware.AccountMiddleware",
    "security.gates.GettingIn",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "eser.urls"
WSGI_APPLICATION = "eser.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "ui.context.frame",
            ],
        },
    }
]
FORM_RENDERER = "ui.forms.FieldRenderer"

# ---- database: two roles on one database; see docs/adr/0005 -----------------------------------------
if EMBEDDED:
    _addresses = embedded.addresses(ESER_HOME)
    if not os.environ.get("ESER_DONT_START"):
        embedded.ensure(ESER_HOME)
    _db = {"HOST": str(_addresses.pg_host), "PORT": str(_addresses.pg_port), "NAME": "eser"}
    _app = {"USER": "eser_app"}
    _owner = {"USER": "eser_owner"}
    BROKER_URL, VALKEY_URL = _addresses.broker_url, _addresses.valkey_url
else:
    _db = {
        "HOST": os.environ["ESER_DB_HOST"],
        "PORT": os.environ.get("ESER_DB_PORT", "5432"),
        "NAME": os.environ.get("ESER_DB_NAME", "eser"),
    }
    _app = {
        "USER": os.environ.get("ESER_DB_APP_USER", "eser_app"),
        "PASSWORD": os.environ.get("ESER_DB_APP_PASSWORD", ""),
    }
    _owner = {
        "USER": os.environ.get("ESER_DB_OWNER_USER", "eser_owner"),
        "PASSWORD": os.environ.get("ESER_DB_OWNER_PASSWORD", ""),
    }
    BROKER_URL = os.environ["ESER_BROKER_URL"]
    VALKEY_URL = BROKER_URL
_db["NAME"] = os.environ.get("ESER_DB_NAME", _db["NAME"])

# A database that was away is asked for again by the next request, not after a growing pause.
_pool = {
    "min_size": 1,
    "max_size": int(os.environ.get("ESER_DB_POOL", "12")),
    "timeout": 3,
    "reconnect_timeout": 3,
}
# Only what is asked through security.asked_often is prepared, and that at once: the ORM binds its own values.
_options = {"prepare_threshold": 0, **({"pool": _pool} if _pool["max_size"] else {})}
DATABASES = {
    # Checked before use: a connection from before the database was away would fail once more.
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        **_db,
        **_app,
        "OPTIONS": _options,
        "CONN_HEALTH_CHECKS": True,
    },
    "owner": {"ENGINE": "django.db.backends.postgresql", **_db, **_owner},
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    "default": {
        "BACKEND": "security.cache.ForgivingCache",
        "LOCATION": VALKEY_URL,
        "KEY_PREFIX": f"{_db['NAME']}-{os.getpid()}" if TESTING else _db["NAME"],
        "OPTIONS": {"socket_timeout": 1},
    }
}

# ---- history: triggers write it, denormalised, never changed ----------------------------------------
# Triggers stand beside their models; `migrate` installs what differs (security/actions/publish.py).
PGTRIGGER_MIGRATIONS = False
PGHISTORY_LEVEL = pgtrigger.Statement
PGHISTORY_APPEND_ONLY = True
PGHISTORY_OBJ_FIELD = pghistory.ObjForeignKey(db_constraint=False, related_name="history", db_index=True)
PGHISTORY_CONTEXT_FIELD = pghistory.ContextJSONField()
PGHISTORY_CONTEXT_ID_FIELD = pghistory.ContextUUIDField()
PGHISTORY_ADMIN_ALL_EVENTS = False

# ---- people ------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "security.User"
ANONYMOUS_USER_NAME = None
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "security.backends.PasswordBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
_validation = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"{_validation}.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": f"{_validation}.CommonPasswordValidator"},
    {"NAME": f"{_validation}.UserAttributeSimilarityValidator"},
]
if breached := os.environ.get("ESER_BREACHED_PASSWORDS"):  # a file, one password a line, plain or gzip
    AUTH_PASSWORD_VALIDATORS.append(
        {"NAME": f"{_validation}.CommonPasswordValidator", "OPTIONS": {"password_list_path": breached}}
    )
LOGIN_URL = "security:sign_in"
LOGIN_REDIRECT_URL = "caseload:home"
LOGOUT_REDIRECT_URL = "security:sign_in"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = ["username"]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "security.views.session.locked_out"
# A school sits behind one address: locking it out would lock out everybody in the building.
# Grants are asked of security.access, not of guardian's backend.
SILENCED_SYSTEM_CHECKS = ["axes.W006", "guardian.W001"]
AXES_VERBOSE = False
AXES_ENABLE_ACCESS_FAILURE_LOG = False

# ---- signing in: see docs/adr/0008 --------------------------------------------------------------------
ESER_SECOND_FACTOR = os.environ.get("ESER_SECOND_FACTOR", "offered" if TESTING else "required")
ESER_SESSION_LONGEST = int(os.environ.get("ESER_SESSION_LONGEST", 12 * 3600))  # seconds
ESER_SURE_FOR = int(os.environ.get("ESER_SURE_FOR", 10 * 60))  # seconds, before sensitive deeds
ESER_TOKEN_DAYS = int(os.environ.get("ESER_TOKEN_DAYS", "90"))
ESER_PROXIES = int(os.environ.get("ESER_PROXIES", "0" if EMBEDDED else "1"))  # before the web server
ACCOUNT_ADAPTER = "security.adapters.Accounts"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]  # the door is shut by the adapter
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = ESER_SURE_FOR
# By address a whole school is counted together; the lock-out counts each account.
ACCOUNT_RATE_LIMITS = {
    "login": "300/m/ip",
    "login_failed": "300/m/ip,10/5m/key",
    "reauthenticate": "30/m/user",
}
MFA_ADAPTER = "security.adapters.SecondFactors"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = "eser"
MFA_TOTP_TOLERANCE = 1
MFA_RECOVERY_CODE_COUNT = 10
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = EMBEDDED  # http://localhost
SOCIALACCOUNT_ADAPTER = "security.adapters.SingleSignOn"
# The Content-Security-Policy lets no form lead to another site, so a link begins it.
SOCIALACCOUNT_LOGIN_ON_GET = True
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
# A state's single sign-on, when ESER_OIDC_DISCOVERY names it. Claims of the ID token name the person;
# amr and acr say how they signed in there.
ESER_OIDC = {
    "discovery": os.environ.get("ESER_OIDC_DISCOVERY", ""),
    "client_id": os.environ.get("ESER_OIDC_CLIENT_ID", ""),
    "secret": os.environ.get("ESER_OIDC_SECRET", ""),
    "name": os.environ.get("ESER_OIDC_NAME", "your state account"),
    "staff_id_claim": os.environ.get("ESER_OIDC_STAFF_ID_CLAIM", "staff_id"),
    "username_claim": os.environ.get("ESER_OIDC_USERNAME_CLAIM", "preferred_username"),
    "strong_amr": os.environ.get("ESER_OIDC_STRONG_AMR", "mfa,hwk,sc,pop").split(","),
    "strong_acr": [acr for acr in os.environ.get("ESER_OIDC_STRONG_ACR", "").split(",") if acr],
}
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "SCOPE": ["openid", "profile"]}}
if ESER_OIDC["discovery"]:
    SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"] = [
        {
            "provider_id": "state",
            "name": ESER_OIDC["name"],
            "client_id": ESER_OIDC["client_id"],
            "secret": ESER_OIDC["secret"],
            "settings": {"server_url": ESER_OIDC["discovery"]},
        }
    ]

# ---- sessions, cookies, headers ----------------------------------------------------------------------
SESSION_ENGINE = "security.session_store"
SESSION_COOKIE_AGE = 30 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SECURE = not DEBUG and not EMBEDDED
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
# What a message says names the child: it stays with the session on the server, never in a cookie.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SESSION_COOKIE_NAME = "__Host-eser" if SECURE else "eser_session"
CSRF_FAILURE_VIEW = "ui.views.csrf_failure"
SECURE_SSL_REDIRECT = SECURE
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE else None
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000

# ---- files -------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = ESER_HOME / "static"
MEDIA_ROOT = Path(os.environ.get("ESER_MEDIA", ESER_HOME / "media"))
ESER_FEEDS = Path(os.environ.get("ESER_FEEDS", ESER_HOME / "feeds"))  # a folder for each district
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG or TESTING
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG or TESTING
WHITENOISE_AUTOREFRESH = DEBUG or TESTING  # each test client would read every file at its first request
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
ESER_DOCUMENT_LIMIT = int(os.environ.get("ESER_DOCUMENT_LIMIT", 25 * 1024 * 1024))  # bytes
ESER_EXTRACT_LIMIT = int(os.environ.get("ESER_EXTRACT_LIMIT", 4 * 1024**3))  # bytes
ESER_EXPORT_CAP = int(os.environ.get("ESER_EXPORT_CAP", "50000"))  # rows of one export
ESER_EXPORT_AT_ONCE = int(os.environ.get("ESER_EXPORT_AT_ONCE", "5000"))  # rows; more becomes a job

# ---- language and time -------------------------------------------------------------------------------
LANGUAGE_CODE = "en-us"
TIME_ZONE = "America/Chicago"
USE_TZ = True
USE_I18N = False

# ---- background work ---------------------------------------------------------------------------------
CELERY_BROKER_URL = BROKER_URL
# A queue for each database: workers of two systems on one broker never take each other's work.
CELERY_TASK_DEFAULT_QUEUE = _db["NAME"]
CELERY_RESULT_BACKEND = None
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 3600, "socket_connect_timeout": 2}
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE = {
    "refresh who is responsible today": {"task": "students.tasks.refresh_access", "schedule": 3600.0},
    "refresh who holds which role today": {"task": "security.tasks.follow_roles", "schedule": 3600.0},
    "remind of the confidentiality assurance": {
        "task": "security.tasks.remind_of_assurance",
        "schedule": crontab(hour=5, minute=10),
    },
    "tell of requests that wait too long": {
        "task": "security.tasks.escalate_requests",
        "schedule": crontab(hour=5, minute=20),
    },
    "report sites without an overseer": {
        "task": "security.tasks.report_sites_without_overseer",
        "schedule": crontab(hour=2, minute=10),
    },
    "carry out departures": {"task": "security.tasks.carry_out_departures", "schedule": 60.0},
    "open reviews of access": {
        "task": "security.tasks.review_access",
        "schedule": crontab(hour=2, minute=20),
    },
    "follow exits and registrations": {
        "task": "enrollment.tasks.follow_exits_and_registrations",
        "schedule": crontab(hour=2, minute=30),
    },
    "hand over forgotten jobs": {"task": "jobs.tasks.send_forgotten", "schedule": 10.0},
    "forget sessions that are over": {"task": "security.tasks.forget_old_sessions", "schedule": 3600.0},
    "remove expired files": {"task": "documents.tasks.remove_expired", "schedule": 6 * 3600.0},
    "pick up feeds": {"task": "enrollment.tasks.pick_up_feeds", "schedule": crontab(hour=0, minute=30)},
    "audit the enrollments of all children": {
        "task": "enrollment.tasks.audit_every_night",
        "schedule": crontab(hour=1, minute=30),
    },
    "send what changed to the state": {"task": "edfi.tasks.send_dirty", "schedule": 10.0},
}

# ---- API ---------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "security.tokens.ByToken",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_THROTTLE_CLASSES": ["security.throttles.PerPerson", "security.throttles.PerToken"],
    "DEFAULT_THROTTLE_RATES": {
        "person": os.environ.get("ESER_API_RATE_PERSON", "1200/min"),
        "token": os.environ.get("ESER_API_RATE_TOKEN", "600/min"),
    },
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_PAGINATION_CLASS": "rest_framework.pagination.CursorPagination",
    "PAGE_SIZE": 50,
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": [
        "security.api.BoundedJSONParser",
        "rest_framework.parsers.FormParser",
        "rest_framework.parsers.MultiPartParser",
    ],
    "EXCEPTION_HANDLER": "security.api.say_why",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "eser",
    "DESCRIPTION": "Special education records.",
    "VERSION": "1",
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
}

# ---- logs: fields on an allow-list only --------------------------------------------------------------
from eser.logging import logging_configuration  # noqa: E402

LOGGING_CONFIG = "logging.config.dictConfig"
LOGGING = logging_configuration(human=EMBEDDED)
