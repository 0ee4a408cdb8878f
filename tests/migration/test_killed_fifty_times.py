"""Workers, the database and the broker are killed fifty times while extracts are loaded: the end is the same.

Real processes, SIGKILL, at moments of chance. Fails it, ESER_SEED=<the seed it names> does the same again.
"""

import hashlib
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from random import Random

import psycopg
import pytest

from eser import embedded
from eser.embedded.account import give, server_account
from eser.embedded.places import places_of
from eser.embedded.supervisor import services_of
from migration.sample import write_sample
from migration.troubles import FULL_DATABASE
from tests.database import ROOT, pour_into
from tests.migration.checksums import checksums
from tests.platform.conftest import erased_afterwards, folder_for_all

KILLS = [*["worker"] * 36, *["backend"] * 5, *["server"] * 4, *["broker"] * 5]
WORKERS = 2
STUDENTS_PER_CHUNK = 2
LONGEST = 0.4  # seconds until the next kill
PATIENCE = 30
DISK, ROOM_LEFT = 100_000_000, 1_000_000  # bytes


class System:
    """The workers of one database, in a cluster that may be killed."""

    def __init__(self, home: Path, name: str, media: Path) -> None:
        self.home, self.name, self.media = home, name, media
        self.database, self.broker = services_of(places_of(home))
        self.workers: list[int] = []

    def __enter__(self) -> "System":
        environment = os.environ | {
            "ESER_HOME": str(self.home), "ESER_DB_NAME": self.name, "ESER_DB_POOL": "0",
            "ESER_DONT_START": "1", "ESER_MEDIA": str(self.media), "CELERY_SKIP_CHECKS": "1",
        }  # fmt: skip
        self.nursery = subprocess.Popen(
            [sys.executable, "-m", "tests.migration.nursery", str(STUDENTS_PER_CHUNK)], cwd=ROOT,
            env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        return self

    def __exit__(self, *_: object) -> None:
        for worker in self.workers:
            os.kill(worker, signal.SIGKILL)
        self.nursery.communicate()

    def told(self, *words: object) -> int:
        """What the nursery answers."""
        self.nursery.stdin.write(" ".join(map(str, words)) + "\n")
        self.nursery.stdin.flush()
        return int(self.nursery.stdout.readline())

    def do(self, *words: object) -> None:
        assert self.told(*words) == 0, words

    def connect(self) -> psycopg.Connection:
        return psycopg.connect(
            host=str(self.database.sockets), dbname=self.name, user="postgres", autocommit=True
        )

    def ask(self, query: str) -> list[tuple]:
        """Also of a server that is about to notice that one of its sessions was killed."""
        until = time.monotonic() + PATIENCE
        while True:
            try:
                with self.connect() as connection:
                    return connection.execute(query).fetchall()
            except psycopg.OperationalError:
                assert time.monotonic() < until, "the database does not come back"
                self.database.start()
                time.sleep(0.02)

    def state(self) -> str:
        latest = "SELECT state FROM ser_rollover_loadrun ORDER BY id DESC LIMIT 1"
        return next(iter(self.ask(latest)), ("DONE",))[0]

    def at_work_on(self) -> str:
        """The phase of the run that is under way; "" between two runs."""
        latest = "SELECT state, phase FROM ser_rollover_loadrun ORDER BY id DESC LIMIT 1"
        return next((phase for state, phase in self.ask(latest) if state == "RUNNING"), "")

    def runs(self) -> int:
        return self.ask("SELECT count(*) FROM ser_rollover_loadrun")[0][0]

    def be_at_work(self, extracts: list[Path]) -> None:
        """Workers are there, and an extract is on its way into the records."""
        while len(self.workers) < WORKERS:
            self.workers.append(self.told("work"))
        over = self.state() == "DONE"
        while self.told(*(["start", extracts[self.runs() % len(extracts)]] if over else ["wake"])):
            over = self.state() == "DONE"

    def kill(self, victim: str, chance: Random) -> None:
        getattr(self, f"kill_{victim}")(chance)

    def kill_worker(self, chance: Random) -> None:
        os.kill(self.workers.pop(chance.randrange(WORKERS)), signal.SIGKILL)

    def kill_backend(self, chance: Random) -> None:
        """A session of the database: the server then ends all others, and forgets the staging area."""
        sessions = (
            "SELECT pid FROM pg_stat_activity WHERE usename LIKE 'eser%' AND datname = current_database()"
        )
        if found := self.ask(sessions):
            with suppress(ProcessLookupError):  # it has ended by itself
                os.kill(chance.choice(found)[0], signal.SIGKILL)

    def kill_server(self, _: Random) -> None:
        self.database.main_process().kill()
        self.database.start()

    def kill_broker(self, _: Random) -> None:
        self.broker.main_process().kill()
        self.broker.start()

    def finish(self) -> None:
        until = time.monotonic() + PATIENCE
        while (state := self.state()) != "DONE":
            assert state != "FAILED"
            assert time.monotonic() < until, f"the last run is {state}"
            time.sleep(0.3)
            self.do("wake")

    def files(self) -> dict[str, str]:
        stored = (file for file in self.media.rglob("*") if file.is_file())
        return {str(file.relative_to(self.media)): _digest(file) for file in stored}

    def said(self) -> dict[str, str]:
        with self.connect() as connection:
            return checksums(connection)


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    """A cluster of these tests' own, with the tables of the product in it."""
    with ExitStack() as stack:
        stack.enter_context(pytest.MonkeyPatch.context()).setenv("ESER_FSYNC", "off")
        folder = stack.enter_context(folder_for_all())
        home = stack.enter_context(erased_afterwards(folder / "home"))
        embedded.ensure(home)
        pour_into(places_of(home).sockets, "eser")
        yield home


@pytest.fixture
def system(home: Path, tmp_path: Path) -> Iterator[Callable[..., System]]:
    """Makes systems with databases of their own."""
    with ExitStack() as stack:

        def made(name: str, where: str = "") -> System:
            tell(home, f"CREATE DATABASE {name} TEMPLATE eser OWNER eser_owner {where}")
            return stack.enter_context(System(home, name, tmp_path / name))

        yield made


def tell(home: Path, statement: str) -> None:
    """The cluster, as its superuser."""
    where = {"host": str(places_of(home).sockets), "user": "postgres", "dbname": "postgres"}
    with psycopg.connect(**where, autocommit=True) as connection:
        connection.execute(statement)


@pytest.fixture
def extracts(tmp_path: Path) -> list[Path]:
    """One, and a later one with other texts, in turn."""
    write_sample(tmp_path / "first")
    later = tmp_path / "later.dat"
    later.write_bytes(
        (tmp_path / "first" / "legser.dat").read_bytes().replace(b"of the bayou", b"of the marsh")
    )
    return [tmp_path / "first" / "legser.dat", later]


@pytest.mark.rule("RLO-15")
def test_what_is_killed_fifty_times_ends_as_what_nobody_disturbed(system, extracts):
    undisturbed, disturbed = system("undisturbed"), system("disturbed")
    seed = int(os.environ.get("ESER_SEED", random.randrange(10**6)))
    chance, kills = Random(seed), list(KILLS)
    chance.shuffle(kills)
    for each in (undisturbed, disturbed):
        each.do("lay_out", extracts[0].parent)

    met = Counter()
    for victim in kills:
        disturbed.be_at_work(extracts)
        time.sleep(chance.uniform(0, LONGEST))
        met[disturbed.at_work_on()] += 1
        disturbed.kill(victim, chance)
    disturbed.be_at_work(extracts)
    disturbed.finish()

    for number in range(disturbed.runs()):
        undisturbed.do("load", extracts[number % len(extracts)])
    assert differing(undisturbed, disturbed) == [], f"ESER_SEED={seed}"
    assert disturbed.files() == undisturbed.files()
    assert disturbed.ask("SELECT sum(interruptions) > 0 FROM ser_rollover_loadrun") == [(True,)]
    assert met["LOAD"] > 0, f"{met}, ESER_SEED={seed}"
    assert met[""] < len(kills) / 2, f"{met}, ESER_SEED={seed}"


class TestFullDisk:
    """The disk of the database, a small one."""

    @pytest.fixture
    def disk(self, home: Path) -> Iterator[Path]:
        with folder_for_all() as folder:
            if subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK}", "tmpfs", folder]).returncode:
                pytest.skip("Only root may make a disk of its own, to fill it.")
            try:
                folder.chmod(0o711)
                give(folder / "data", server_account(places_of(home).postgres))
                tell(home, f"CREATE TABLESPACE small LOCATION '{folder / 'data'}'")
                yield folder
            finally:
                tell(home, "DROP DATABASE IF EXISTS cramped WITH (FORCE)")
                tell(home, "DROP TABLESPACE IF EXISTS small")
                subprocess.run(["umount", "--lazy", folder], check=True)

    def test_a_run_that_finds_no_room_says_so_and_goes_on_when_there_is(self, system, disk, extracts):
        roomy, cramped = system("roomy"), system("cramped", "TABLESPACE small")
        for each in (roomy, cramped):
            each.do("lay_out", extracts[0].parent)
        roomy.do("load", extracts[0])
        ballast = disk / "ballast"
        with ballast.open("wb") as file:
            os.posix_fallocate(file.fileno(), 0, shutil.disk_usage(disk).free - ROOM_LEFT)

        assert cramped.told("load", extracts[0])
        assert cramped.ask("SELECT state, sentence FROM ser_rollover_loadrun") == [("FAILED", FULL_DATABASE)]
        ballast.unlink()
        cramped.do("resume")

        assert differing(roomy, cramped) == []


def differing(one: System, other: System) -> list[tuple[str, str | None, str | None]]:
    """Tables that do not say the same, with what they say."""
    left, right = one.said(), other.said()
    return [
        (name, left.get(name), right.get(name))
        for name in sorted({*left, *right})
        if left.get(name) != right.get(name)
    ]


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()
