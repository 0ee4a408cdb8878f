"""Starts and stops the embedded services of one home, one caller at a time."""

import fcntl
import os
import shutil
import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from .account import give, server_account
from .places import SYSTEM_FOLDER, Addresses, Places, addresses, places_of
from .postgres import Postgres
from .service import Service, ServiceFailed
from .valkey import Valkey


def ensure(home: Path) -> Addresses:
    """Start what is not running, creating what does not exist; returns once both services answer.

    May be called by many processes at once. Raises ServiceFailed with one sentence for the operator.
    """
    places = places_of(home)
    postgres, valkey = services_of(places)
    if postgres.is_prepared() and valkey.answers() and postgres.answers():
        return addresses(home)
    make_home(places)
    with one_at_a_time(places):
        postgres, valkey = services_of(places)
        make_folders(places, postgres)
        valkey.start()
        postgres.start()
    return addresses(home)


def stop(home: Path) -> None:
    """Stop both services; data stays. Nothing happens when they are not running."""
    places = places_of(home)
    if not places.home.exists():
        return
    with one_at_a_time(places), ThreadPoolExecutor() as threads:
        list(threads.map(lambda service: service.stop(), services_of(places)))


def erase(home: Path) -> None:
    """Stop both services and delete their data: for `make clean` and tests."""
    places = places_of(home)
    stop(home)
    for folder in {places.services, places.home, places.sockets}:
        shutil.rmtree(folder, ignore_errors=True)


def status(home: Path) -> dict[str, str]:
    """One line in words for each service."""
    return {service.name: state(service) for service in services_of(places_of(home))}


def state(service: Service) -> str:
    main = service.main_process()
    if service.answers():
        return (
            f"running{f' (process {main.pid})' if main else ''}, data in {service.data}, log in {service.log}"
        )
    if main:
        return f"process {main.pid} does not answer; see {service.log}"
    return "not running"


def services_of(places: Places) -> tuple[Postgres, Valkey]:
    account = server_account(places.postgres)
    return Postgres(places, account), Valkey(places, account)


def make_home(places: Places) -> None:
    try:
        places.home.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700, parents=True, exist_ok=True)
        places.logs.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise ServiceFailed(
            f"The data folder {places.home} cannot be made: {error.strerror}. {ELSEWHERE}"
        ) from error
    if not os.access(places.logs, os.W_OK) or (places.home.stat().st_uid != os.geteuid() != 0):
        raise ServiceFailed(f"The data folder {places.home} belongs to another account. {ELSEWHERE}")


ELSEWHERE = "Choose another folder: ESER_HOME=/path/to/folder"


def make_folders(places: Places, postgres: Postgres) -> None:
    if places.services.is_relative_to(SYSTEM_FOLDER):
        places.services.mkdir(mode=0o711, parents=True, exist_ok=True)
    refuse_foreign(places.sockets, postgres)
    give(places.sockets, postgres.account)
    give(places.valkey, postgres.account)


def refuse_foreign(sockets: Path, postgres: Postgres) -> None:
    """The socket folder may lie in /tmp, where others could have put one first."""
    try:
        found = sockets.lstat()
    except FileNotFoundError:
        return
    ours = {os.geteuid(), postgres.account.pw_uid if postgres.account else os.geteuid()}
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in ours or found.st_mode & 0o077:
        raise ServiceFailed(f"{sockets} belongs to somebody else: remove it, or use another ESER_HOME.")


@contextmanager
def one_at_a_time(places: Places) -> Iterator[None]:
    """Other callers wait here; the lock goes with the process that holds it, however it ends."""
    with (places.home / "embedded.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
