"""`make bench` prints the ratio tables; `make bench BENCH="--students 50000 scope"` one of them, smaller."""

import argparse
import os
import sys
from importlib import import_module
from pathlib import Path

import django

TABLES = (
    "pages", "dashboard", "scope", "access", "feed", "rosters", "audit", "deadlines", "caseload", "ieps",
    "print", "edfi", "exchange", "federal", "exports", "rollover",
)  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--students", type=int, default=1_000_000)
    parser.add_argument("tables", nargs="*", default=TABLES, help=", ".join(TABLES))
    chosen = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.bench.settings")
    os.environ.setdefault("ESER_HOME", str(Path(".eser/bench").absolute()))
    os.environ.setdefault("ESER_DB_POOL", "0")
    os.environ.setdefault("ESER_FSYNC", "off")
    django.setup()
    missed = [import_module(f"tests.bench.{name}").run(chosen.students) for name in chosen.tables]
    return max(missed)


if __name__ == "__main__":
    sys.exit(main())
