"""What is shipped agrees with itself, as far as can be known without a container engine."""

import os
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg
import pytest
import yaml
from django.core.management import get_commands

from eser import embedded
from eser.embedded.programs import postgres_program

ROOT = Path(__file__).resolve().parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, Any] = COMPOSE["services"]
OURS = ["web", "worker", "beat", "migrate"]
SECRETS = {
    "ESER_SECRET_KEY": "0123456789abcdef" * 4,
    "ESER_FIELD_KEY": "vFbW7y1xkPTLvCVrLlhpR-pCAIzRy2dXw8w4TyxAVGI=",
    "ESER_ALLOWED_HOSTS": "records.example.org",
    "ESER_CSRF_ORIGINS": "https://records.example.org",
}


def variables_read() -> set[str]:
    """Every ESER_ variable that the program itself reads."""
    return set(
        re.findall(r"\bESER_[A-Z_]+", "".join(file.read_text() for file in (ROOT / "eser").rglob("*.py")))
    )


def test_all_parts_are_there() -> None:
    assert set(SERVICES) == {*OURS, "database", "broker"}
    assert set(COMPOSE["volumes"]) == {"database", "broker", "media", "feeds"}


@pytest.mark.parametrize("name", sorted(set(SERVICES) - {"migrate"}))
def test_every_lasting_service_has_a_health_check_and_comes_back(name: str) -> None:
    assert SERVICES[name]["healthcheck"]["test"][0] in {"CMD", "CMD-SHELL"}
    assert SERVICES[name]["restart"] == "unless-stopped"


@pytest.mark.parametrize("name", OURS)
def test_every_variable_that_is_set_is_read(name: str) -> None:
    assert set(SERVICES[name]["environment"]) <= variables_read()


@pytest.mark.parametrize("name", ["web", "worker", "beat"])
def test_only_the_migration_knows_the_owner_of_the_tables(name: str) -> None:
    assert "ESER_DB_OWNER_PASSWORD" not in SERVICES[name]["environment"]


def test_no_secret_has_a_value_or_a_default() -> None:
    text = (ROOT / "docker-compose.yml").read_text()
    named = re.findall(r"\$\{(\w*(?:PASSWORD|KEY)\w*)([^}]*)\}", text)
    assert named
    assert {rest for _, rest in named} == {":?"}


def test_every_variable_is_explained() -> None:
    explained = (ROOT / "docs" / "production.md").read_text()
    asked_for = set(re.findall(r"\$\{(\w+)", (ROOT / "docker-compose.yml").read_text()))
    missing = {name for name in asked_for | set(SERVICES["migrate"]["environment"]) if name not in explained}
    assert not missing


def test_its_commands_exist() -> None:
    assert SERVICES["migrate"]["command"][2] in get_commands()
    assert find_spec(SERVICES["web"]["command"][2])


def test_the_first_start_of_the_database_gives_both_roles_a_password(home: Path) -> None:
    where = embedded.addresses(home)
    passwords = {"ESER_DB_OWNER_PASSWORD": "it's the owner's", "ESER_DB_APP_PASSWORD": "app"}
    tools = {"PATH": f"{postgres_program('psql').parent}:{os.environ['PATH']}", "PGHOST": where.pg_host}
    script = {"ESER_DATABASE_SQL": str(ROOT / "eser" / "embedded" / "database.sql")}

    subprocess.run([ROOT / "docker" / "postgres-init.sh"], check=True, env=tools | script | passwords)

    with psycopg.connect(host=where.pg_host, user="postgres", dbname="eser") as connection:
        query = "SELECT rolname FROM pg_authid WHERE rolpassword LIKE 'SCRAM-SHA-256$%' ORDER BY 1"
        assert connection.execute(query).fetchall() == [("eser_app",), ("eser_owner",)]


def run_manage(words: list[str], environment: dict[str, str]) -> subprocess.CompletedProcess:
    command = [sys.executable, "manage.py", *words]
    path = {"PATH": os.environ["PATH"]}
    return subprocess.run(
        command, cwd=ROOT, env=path | environment, capture_output=True, text=True, check=False
    )


def test_the_settings_of_production_pass_djangos_own_review() -> None:
    remote = {"ESER_DB_HOST": "nowhere.invalid", "ESER_BROKER_URL": "redis://nowhere.invalid"}
    review = run_manage(["check", "--deploy", "--fail-level", "ERROR"], remote | SECRETS)
    assert review.returncode == 0, review.stderr
    # W021: whether the whole domain is preloaded is for its owner to say.
    assert set(re.findall(r"security\.\w+", review.stderr)) <= {"security.W021"}


@pytest.mark.parametrize("secret", ["ESER_SECRET_KEY", "ESER_FIELD_KEY"])
def test_production_does_not_start_without_a_secret(secret: str) -> None:
    remote = {"ESER_DB_HOST": "nowhere.invalid", "ESER_BROKER_URL": "redis://nowhere.invalid"}
    rest = {name: value for name, value in SECRETS.items() if name != secret}
    refused = run_manage(["check"], remote | rest)
    assert refused.returncode != 0
    assert f"{secret} is not set" in refused.stderr
