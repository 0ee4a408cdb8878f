"""`make bench`: print the ratio tables. `make bench BENCH="--students 50000"` for a smaller state."""

import argparse
import os
import sys
from pathlib import Path

import django


def main() -> int:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--students", type=int, default=1_000_000)
    chosen = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "eser.settings")
    os.environ.setdefault("ESER_HOME", str(Path(".eser/bench").absolute()))
    os.environ.setdefault("ESER_DB_POOL", "0")
    os.environ.setdefault("ESER_FSYNC", "off")
    django.setup()
    from tests.bench import scope

    return scope.run(chosen.students)


if __name__ == "__main__":
    sys.exit(main())
