"""Secrets of a demo or development system: made once, kept in its home."""

import os
from collections.abc import Callable
from pathlib import Path
from tempfile import NamedTemporaryFile

from .places import places_of
from .supervisor import make_home


def kept_secret(home: Path, file_name: str, generate: Callable[[], str]) -> str:
    """The secret in this file of the home, generated on first use. Two first callers get the same one."""
    kept = home / file_name
    if not kept.exists():
        make_home(places_of(home))
        keep_first(kept, generate())
    return kept.read_text().strip()


def keep_first(kept: Path, secret: str) -> None:
    with NamedTemporaryFile("w", dir=kept.parent) as whole:
        whole.write(secret)
        whole.flush()
        try:
            os.link(whole.name, kept)
        except FileExistsError:
            return
