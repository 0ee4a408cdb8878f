"""Database, cache and broker; the history that triggers write."""

import os

import pghistory
import pgtrigger

from eser import embedded
from eser.configuration.where import EMBEDDED, ESER_HOME, TESTING

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
