"""Where the program runs: tests, demo or production, and the folder that holds what it keeps."""

import os
import sys
from pathlib import Path

from eser import embedded

BASE_DIR = Path(__file__).resolve().parents[2]
TESTING = "pytest" in sys.modules
if TESTING:
    # The suite has services and databases of its own, beside those of a running demo.
    os.environ.setdefault("ESER_HOME", str(embedded.home() / "test"))
    os.environ.setdefault("ESER_DB_POOL", "0")
    os.environ.setdefault("ESER_FSYNC", "off")
ESER_HOME = embedded.home()
DEBUG = os.environ.get("ESER_DEBUG") == "1"
EMBEDDED = "ESER_DB_HOST" not in os.environ
SECURE = not DEBUG and not EMBEDDED


def secret(variable: str, file_name: str, generate) -> str:
    """A secret from the environment, or made once and kept in ESER_HOME beside the embedded services."""
    if value := os.environ.get(variable):
        return value
    if not EMBEDDED:
        raise RuntimeError(
            f"{variable} is not set. Outside the demo every secret comes from the environment."
        )
    return embedded.kept_secret(ESER_HOME, file_name, generate)


def random_key() -> str:
    from django.core.management.utils import get_random_secret_key

    return get_random_secret_key()


def fernet_key() -> str:
    from cryptography.fernet import Fernet

    return Fernet.generate_key().decode()
