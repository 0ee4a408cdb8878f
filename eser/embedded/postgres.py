"""The embedded PostgreSQL: its cluster, its settings, its roles and databases."""

import hashlib
import os
import shutil
import signal
import subprocess
from pathlib import Path
from pwd import struct_passwd

import psutil

from .account import give, popen_options
from .places import POSTGRES_PORT, Places
from .programs import postgres_program
from .service import Service, ServiceFailed

SETUP = Path(__file__).with_name("database.sql")
SPACE_NEEDED = 200  # megabytes: an empty cluster and its first write-ahead log
LOCALE = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C", "--encoding=UTF8"]
ACCESS = ["--username=postgres", "--auth-local=trust", "--auth-host=reject"]
LEFT_BEHIND = (f".s.PGSQL.{POSTGRES_PORT}", f".s.PGSQL.{POSTGRES_PORT}.lock")


class Postgres(Service):
    name = "PostgreSQL"
    stop_signal = signal.SIGINT  # "fast": ends the sessions, writes a checkpoint

    def __init__(self, places: Places, account: struct_passwd | None) -> None:
        super().__init__(places.postgres, places.logs / "postgres.log", account)
        self.sockets = places.sockets
        self.prepared = places.services / "postgres.prepared"

    def answers(self) -> bool:
        program: list[str | Path] = [
            postgres_program("pg_isready"),
            "-q",
            "-h",
            self.sockets,
            "-p",
            str(POSTGRES_PORT),
        ]
        program += ["-t", "1", "-U", "postgres", "-d", "postgres"]
        return subprocess.run(program, check=False, stderr=subprocess.DEVNULL).returncode == 0

    def start(self, seconds: float = 60) -> None:
        if not (self.data / "PG_VERSION").exists():
            self.create_cluster()
        super().start(seconds)
        if not self.is_prepared():
            self.prepare()

    def create_cluster(self) -> None:
        """Made beside its place and moved there whole: a half-made one is never taken for a cluster."""
        self.check_space()
        part = self.data.with_name("postgres.part")
        shutil.rmtree(part, ignore_errors=True)
        give(part, self.account)
        self.prepared.unlink(missing_ok=True)
        sync = [] if fsync() == "on" else ["--no-sync"]
        program: list[str | Path] = [postgres_program("initdb"), "-D", part, *LOCALE, *ACCESS, *sync]
        if self.run(program).wait() != 0:
            raise self.failure("could not create its data folder")
        part.rename(self.data)

    def check_space(self) -> None:
        free = shutil.disk_usage(self.data.parent).free // 1_000_000
        if free < SPACE_NEEDED:
            raise ServiceFailed(
                f"The disk of {self.data.parent} has {free} MB left, and PostgreSQL needs {SPACE_NEEDED} MB "
                f"to begin: make room, or choose another folder with ESER_HOME. The log is in {self.log}"
            )

    def command(self) -> list[str]:
        program = [str(postgres_program("postgres")), "-D", str(self.data)]
        return program + [f"--{name}={value}" for name, value in self.settings().items()]

    def settings(self) -> dict[str, str]:
        sync = fsync()
        return {
            "listen_addresses": "",
            "port": str(POSTGRES_PORT),
            "unix_socket_directories": str(self.sockets),
            "unix_socket_permissions": "0700",
            "dynamic_shared_memory_type": "posix" if roomy_shared_memory() else "mmap",
            "max_connections": "200",
            "shared_buffers": "256MB",
            "work_mem": "16MB",
            "maintenance_work_mem": "128MB",
            "effective_cache_size": "1GB",
            "random_page_cost": "1.1",
            "max_wal_size": "2GB",
            "fsync": sync,
            "full_page_writes": sync,
            "autovacuum": sync,  # the databases of tests are gone before their upkeep would pay
            "log_min_messages": "error",
            # A refused row's values would be personal data in the log.
            "log_error_verbosity": "terse",
            "log_min_error_statement": "panic",
            "log_parameter_max_length_on_error": "0",
        }

    def clear(self) -> None:
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        for name in LEFT_BEHIND:
            (self.sockets / name).unlink(missing_ok=True)

    def main_process(self) -> psutil.Process | None:
        return next((p for p in self.processes() if not is_backend(p)), None)

    def all_left_over(self) -> bool:
        """Whether the server was killed and only its sessions' processes remain, which end by themselves."""
        return bool(self.processes()) and self.main_process() is None

    def stop(self, seconds: float = 30) -> None:
        super().stop(seconds)
        self.clear()

    def is_prepared(self) -> bool:
        return self.prepared.exists() and self.prepared.read_text() == fingerprint()

    def prepare(self) -> None:
        """Roles, extensions and the database; may run again."""
        program: list[str | Path] = [
            postgres_program("psql"),
            "-h",
            self.sockets,
            "-p",
            str(POSTGRES_PORT),
            "-U",
            "postgres",
        ]
        options = ["-d", "postgres", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-f", "-"]
        with self.log.open("ab") as log, SETUP.open() as script:
            done = subprocess.run(
                [*program, *options], check=False, stdin=script, stdout=log, stderr=log,
                env={"PATH": os.defpath, "LC_ALL": "C"}, **popen_options(self.account),
            )  # fmt: skip
        if done.returncode != 0:
            raise self.failure("could not create the database")
        self.prepared.write_text(fingerprint())


def fingerprint() -> str:
    return hashlib.sha256(SETUP.read_bytes()).hexdigest()


def fsync() -> str:
    """ESER_FSYNC=off is for tests alone: a power cut, though not a kill, may then cost the data."""
    return "off" if os.environ.get("ESER_FSYNC") == "off" else "on"


def roomy_shared_memory(megabytes: int = 256) -> bool:
    """Containers have a small /dev/shm, or none."""
    try:
        return shutil.disk_usage("/dev/shm").free > megabytes * 1_000_000  # noqa: S108
    except OSError:
        return False


def is_backend(process: psutil.Process) -> bool:
    try:
        return process.cmdline()[0].startswith("postgres: ")
    except (psutil.Error, IndexError):
        return True
