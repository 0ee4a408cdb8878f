"""Test databases: one template with every migration applied, cloned for each worker and committing test.

The application's role owns nothing here either, so tests run under the row-level security of production.
"""

import fcntl
import hashlib
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from psycopg import sql

from eser.embedded.programs import postgres_program

ROOT = Path(__file__).resolve().parent.parent
DEFINING = (
    "*/migrations/*.py", "*/models/*.py", "*/models.py", "journal/history.py", "*/rules/roles.csv",
    "*/rules/permissions.csv", "*/rules/guarded_tables.csv", "security/row_security.py",
    "security/actions/view_only.py",
)  # fmt: skip


def template() -> str:
    """The name of the migrated template; made once for each state of the migrations."""
    name = f"eser_template_{_fingerprint()}"
    with open(Path(settings.ESER_HOME) / "template.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not _exists(name):
            _migrate_into(f"{name}_making")
            _run("ALTER DATABASE {} RENAME TO {}", f"{name}_making", name)
    return name


@contextmanager
def database(purpose: str) -> Iterator[str]:
    """A clone of the template, this process's own, that both roles are connected to until the end."""
    source, name = template(), f"test_eser_{purpose}_{os.getpid()}"
    _forget_the_dead()
    _run("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
    _run("CREATE DATABASE {} TEMPLATE {}", name, source)
    before = connections["default"].settings_dict["NAME"]
    connect_to(name)
    try:
        yield name
    finally:
        connect_to(before)
        _run("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)


def pour_into(sockets: Path, name: str) -> None:
    """The template's tables into an empty database of another cluster, many times sooner than migrations."""
    owner = settings.DATABASES["owner"]
    source = ["--host", owner["HOST"], "--username", owner["USER"], template()]
    stopping = ["--quiet", "--set", "ON_ERROR_STOP=1"]
    target = ["--host", str(sockets), "--username", owner["USER"], *stopping, name]
    # A function of ours has a setting of pg_trgm, which is known only once that library is loaded.
    steps = ["--command", "SELECT show_limit()", "--file", "-"]
    dumping = [postgres_program("pg_dump"), "--no-comments", *source]
    with subprocess.Popen(dumping, stdout=subprocess.PIPE) as dump:
        pouring = [postgres_program("psql"), *target, *steps]
        subprocess.run(pouring, stdin=dump.stdout, stdout=subprocess.DEVNULL, check=True)
    if dump.returncode:
        raise RuntimeError(f"pg_dump ended with {dump.returncode}")


def _forget_the_dead() -> None:
    """Databases of processes that were killed before they could clean up."""
    with _maintenance() as connection:
        names = connection.execute(
            "SELECT datname FROM pg_database WHERE datname LIKE 'test_eser_%'"
        ).fetchall()
    for (name,) in names:
        if not Path(f"/proc/{name.rsplit('_', 1)[-1]}").exists():
            _run("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)


def _migrate_into(name: str) -> None:
    _run("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
    _run("CREATE DATABASE {}", name)
    before = connections["default"].settings_dict["NAME"]
    connect_to(name)
    call_command("migrate", verbosity=0, interactive=False)
    connect_to(before)


def connect_to(name: str) -> None:
    for alias in connections:
        connections[alias].close()
        connections[alias].settings_dict["NAME"] = name
        settings.DATABASES[alias]["NAME"] = name


def _run(statement: str, *names: str) -> None:
    with _maintenance() as connection:
        connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


def _exists(name: str) -> bool:
    with _maintenance() as connection:
        return (
            connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is not None
        )


def _maintenance() -> psycopg.Connection:
    owner = settings.DATABASES["owner"]
    return psycopg.connect(
        host=owner["HOST"], port=owner["PORT"], user=owner["USER"], dbname="postgres", autocommit=True
    )


def _fingerprint() -> str:
    digest = hashlib.sha256()
    for path in sorted(path for pattern in DEFINING for path in ROOT.glob(pattern)):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
