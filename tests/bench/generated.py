"""The generated state: made once for each size, script and shape of its tables, and kept for the next run."""

import hashlib
from pathlib import Path

import psycopg
from django.conf import settings
from django.core.management import call_command
from psycopg import sql

from organizations.models import District
from security.actions.assign import assign
from security.holdings import holdings_of
from security.models import User
from security.rules.roles import Role
from tests.database import ROOT, connect_to, template
from tests.factories import sign_for

SCRIPT = Path(__file__).parent / "state.sql"
SHAPING = (
    "organizations/migrations/*.py", "students/migrations/*.py", "enrollment/migrations/*.py",
    "security/row_security.py",
)  # fmt: skip


def use(students: int) -> None:
    """Connect both roles to a state of this many students; migrations of other apps are caught up with."""
    name = f"eser_bench_{students}_{_fingerprint()}"
    if not _finished(name):
        print(f"Generating a state of {students:,} students …", flush=True)
        _make(name, students)
    connect_to(name)
    call_command("migrate", verbosity=0, interactive=False)
    _sign()


def _fingerprint() -> str:
    digest = hashlib.sha256(SCRIPT.read_bytes())
    for path in sorted(path for pattern in SHAPING for path in ROOT.glob(pattern)):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def _finished(name: str) -> bool:
    with owner_of("postgres") as db:
        found = db.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", [name]
        )
        row = found.fetchone()
    return row is not None and row[0] == "finished"


def _make(name: str, students: int) -> None:
    database, source = sql.Identifier(name), sql.Identifier(template())
    with owner_of("postgres") as db:
        db.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(database))
        db.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(database, source))
    with owner_of(name) as db:
        db.execute(SCRIPT.read_text().replace(":students", str(students)).encode())
        db.execute("VACUUM ANALYZE")
    connect_to(name)
    _assign()
    with owner_of("postgres") as db:
        db.execute(sql.SQL("COMMENT ON DATABASE {} IS 'finished'").format(database))


def _assign() -> None:
    """A data manager of the largest and of the smallest district, and a state role."""
    districts = list(District.objects.order_by("id"))
    for username, district in (("large", districts[0]), ("small", districts[-1]), ("state", None)):
        role = Role.DATA_MANAGER if district else Role.SEA_ADMINISTRATOR
        user = User.objects.get(username=username)
        assign(by=None, user=user, role=role, district=district)
        sign_for(user)


def _sign() -> None:
    """In each school year anew: a signature counts for its own only."""
    for user in User.objects.filter(assignments__isnull=False).distinct():
        if holdings_of(user).unsigned:
            sign_for(user)


def owner_of(database: str) -> psycopg.Connection:
    owner = settings.DATABASES["owner"]
    return psycopg.connect(
        host=owner["HOST"], port=owner["PORT"], user=owner["USER"], dbname=database, autocommit=True
    )
