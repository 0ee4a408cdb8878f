"""Settings. With no environment variable set, everything runs on embedded services under ESER_HOME."""

import os
from pathlib import Path

from celery.schedules import crontab

from eser.configuration.database import *  # noqa: F403
from eser.configuration.database import BROKER_URL, DATABASES
from eser.configuration.people import *  # noqa: F403
from eser.configuration.where import *  # noqa: F403
from eser.configuration.where import DEBUG, EMBEDDED, ESER_HOME, TESTING, fernet_key, random_key, secret
from eser.logging import logging_configuration

SECRET_KEY = secret("ESER_SECRET_KEY", "secret_key", random_key)
ESER_FIELD_KEY = secret("ESER_FIELD_KEY", "field_key", fernet_key)
ALLOWED_HOSTS = os.environ.get("ESER_ALLOWED_HOSTS", "localhost,127.0.0.1,[::1],testserver").split(",")
CSRF_TRUSTED_ORIGINS = [origin for origin in os.environ.get("ESER_CSRF_ORIGINS", "").split(",") if origin]
# How an e-mail names the product; without a mail server none leaves it.
ESER_PUBLIC_ADDRESS = next(iter(CSRF_TRUSTED_ORIGINS), "http://127.0.0.1:8000")
EMAIL_HOST = os.environ.get("ESER_EMAIL_HOST", "")
EMAIL_PORT = int(os.environ.get("ESER_EMAIL_PORT", "25"))
EMAIL_HOST_USER = os.environ.get("ESER_EMAIL_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("ESER_EMAIL_PASSWORD", "")
EMAIL_USE_TLS = os.environ.get("ESER_EMAIL_TLS", "") == "1"
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = os.environ.get("ESER_EMAIL_FROM", "eser@localhost")

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
    "notices",
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
    "eser.errors.OnlyByAForm",
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

# ---- files -------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = ESER_HOME / "static"
MEDIA_ROOT = Path(os.environ.get("ESER_MEDIA", ESER_HOME / "media"))
ROLLOVER_FOLDER = os.environ.get("ESER_ROLLOVER_FOLDER", "")  # into which a legacy extract is transferred
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
ESER_EDFI_UNENCRYPTED = os.environ.get("ESER_EDFI_UNENCRYPTED", "") == "yes"  # http:// to a trial server
ESER_CHECK_OUT_MINUTES = int(os.environ.get("ESER_CHECK_OUT_MINUTES", "30"))  # after the last keystroke
ESER_FONTS = os.environ.get("ESER_FONTS", "")  # a folder with fonts for scripts that ours do not have
ESER_EDFI_REPORT_DAYS = int(os.environ.get("ESER_EDFI_REPORT_DAYS", "90"))  # of the children in a resync
ESER_EXPORT_CAP = int(os.environ.get("ESER_EXPORT_CAP", "50000"))  # rows; more needs a second person
ESER_EXPORT_AT_ONCE = int(os.environ.get("ESER_EXPORT_AT_ONCE", "5000"))  # rows; more becomes a job
ESER_PRINT_CAP = int(os.environ.get("ESER_PRINT_CAP", "500"))  # IEPs printed into one file

# ---- language and time -------------------------------------------------------------------------------
LANGUAGE_CODE = "en-us"
TIME_ZONE = "America/Chicago"
USE_TZ = True
USE_I18N = False

# ---- background work ---------------------------------------------------------------------------------
CELERY_BROKER_URL = BROKER_URL
# A queue for each database: workers of two systems on one broker never take each other's work.
CELERY_TASK_DEFAULT_QUEUE = DATABASES["default"]["NAME"]
CELERY_RESULT_BACKEND = None
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_MEMORY_PER_CHILD = int(os.environ.get("ESER_WORKER_MEMORY", "700")) * 1024  # KiB
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
    "read the districts' Ed-Fi ODS": {
        "task": "edfi.tasks.read_every_night",
        "schedule": crontab(hour=0, minute=40),
    },
    "audit the enrollments of all children": {
        "task": "enrollment.tasks.audit_every_night",
        "schedule": crontab(hour=1, minute=30),
    },
    "send what changed to the state": {"task": "edfi.tasks.send_dirty", "schedule": 10.0},
    "remove old lists of resyncs": {
        "task": "edfi.tasks.forget_reports",
        "schedule": crontab(hour=4, minute=10),
    },
    "compare with the state": {
        "task": "edfi.tasks.look_for_drift",
        "schedule": crontab(hour=3, minute=10),
    },
    "let newer IEPs take the place of earlier ones": {
        "task": "ieps.tasks.settle",
        "schedule": crontab(hour=0, minute=10),
    },
    "count the figures of the day": {
        "task": "reports.tasks.count_every_night",
        "schedule": crontab(hour=4, minute=30),
    },
    "count deadlines": {"task": "caseload.tasks.count_deadlines", "schedule": 10.0},
    "remind of deadlines": {
        "task": "caseload.tasks.remind_of_deadlines",
        "schedule": crontab(hour=5, minute=40),
    },
    "make repeated reports": {
        "task": "reports.tasks.make_repeated_reports",
        "schedule": crontab(hour=4, minute=30),
    },
    "tell of the week": {
        "task": "caseload.tasks.send_digests",
        "schedule": crontab(day_of_week="mon", hour=5, minute=50),
    },
    "follow changed rules of deadlines": {
        "task": "caseload.tasks.follow_rules",
        "schedule": crontab(hour=1, minute=10),
    },
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
    "ENUM_NAME_OVERRIDES": {"ContactWayEnum": "enrollment.models.papers.ContactWay"},
}

# ---- logs: fields on an allow-list only --------------------------------------------------------------
LOGGING_CONFIG = "logging.config.dictConfig"
LOGGING = logging_configuration(human=EMBEDDED)
