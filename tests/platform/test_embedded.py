"""The embedded services start, survive what happens to processes, and stay apart."""

import multiprocessing
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import psycopg
import pytest
from celery import Celery
from redis import Redis

from eser import embedded
from eser.embedded.places import SYSTEM_FOLDER, places_of
from eser.embedded.supervisor import services_of

from .conftest import erased_afterwards

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the servers under another account")


def ask(addresses: embedded.Addresses, query: str, user: str = "eser_app") -> list[tuple]:
    where = {"host": addresses.pg_host, "port": addresses.pg_port, "dbname": "eser", "user": user}
    with psycopg.connect(**where, autocommit=True) as connection:
        cursor = connection.execute(query)
        return cursor.fetchall() if cursor.description else []


def servers(home: Path) -> list[psutil.Process]:
    """The main processes of both services."""
    return [main for service in services_of(places_of(home)) if (main := service.main_process())]


def processes(home: Path) -> list[psutil.Process]:
    return [process for service in services_of(places_of(home)) for process in service.processes()]


def test_the_first_start_gives_a_database_with_its_roles_and_extensions(new_home: Path) -> None:
    addresses = embedded.ensure(new_home)

    roles = ask(
        addresses,
        "SELECT rolname, rolsuper, rolbypassrls, rolcreatedb FROM pg_roles WHERE rolname ~ '^eser_'",
    )
    extensions = {name for (name,) in ask(addresses, "SELECT extname FROM pg_extension")}
    assert sorted(roles) == [("eser_app", False, False, False), ("eser_owner", False, False, True)]
    assert extensions >= {"unaccent", "pg_trgm", "btree_gist", "citext"}
    assert ask(addresses, "SELECT datdba::regrole::text FROM pg_database WHERE datname = 'eser'") == [
        ("eser_owner",)
    ]
    assert ask(addresses, "SHOW listen_addresses") == [("",)]


def test_a_database_made_later_has_the_extensions_too(home: Path) -> None:
    addresses = embedded.addresses(home)
    ask(addresses, "CREATE DATABASE later", user="eser_owner")
    with psycopg.connect(host=addresses.pg_host, dbname="later", user="eser_owner") as later:
        assert later.execute("SELECT unaccent('Zoë')").fetchone() == ("Zoe",)


def test_redis_and_celery_clients_reach_valkey_by_its_addresses(home: Path) -> None:
    addresses = embedded.addresses(home)

    Redis.from_url(addresses.valkey_url).set("greeting", "hello")
    with Celery(broker=addresses.broker_url, set_as_current=False).connection_for_write() as connection:
        connection.SimpleQueue("errands").put("fetch")
        assert connection.SimpleQueue("errands").get(timeout=2).payload == "fetch"
    assert Redis.from_url(addresses.valkey_url).get("greeting") == b"hello"


def test_a_second_start_finds_the_servers_running(home: Path) -> None:
    first = servers(home)
    embedded.ensure(home)
    assert servers(home) == first


def test_four_callers_at_once_get_one_server(new_home: Path) -> None:
    callers = [
        multiprocessing.get_context("spawn").Process(target=embedded.ensure, args=(new_home,))
        for _ in range(4)
    ]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()

    postgres, valkey = services_of(places_of(new_home))
    postmasters = [p for p in postgres.processes() if p.ppid() not in {q.pid for q in postgres.processes()}]
    assert [caller.exitcode for caller in callers] == [0, 0, 0, 0]
    assert len(postmasters) == 1
    assert len(valkey.processes()) == 1


def test_data_survives_a_stop(home: Path) -> None:
    addresses = embedded.addresses(home)
    ask(addresses, "CREATE TABLE IF NOT EXISTS kept AS SELECT 7 AS n", user="eser_owner")
    Redis.from_url(addresses.valkey_url).set("kept", "7")
    embedded.stop(home)
    assert processes(home) == []

    embedded.ensure(home)

    assert ask(addresses, "SELECT n FROM kept", user="eser_owner") == [(7,)]
    assert Redis.from_url(addresses.valkey_url).get("kept") == b"7"


def test_killed_servers_come_back_with_their_data(home: Path) -> None:
    addresses = embedded.addresses(home)
    ask(addresses, "CREATE TABLE IF NOT EXISTS kept AS SELECT 7 AS n", user="eser_owner")
    for server in servers(home):
        server.kill()

    embedded.ensure(home)

    assert ask(addresses, "SELECT n FROM kept", user="eser_owner") == [(7,)]
    assert Redis.from_url(addresses.valkey_url).ping()


def test_a_session_still_at_work_does_not_keep_a_killed_server_away(home: Path) -> None:
    addresses = embedded.addresses(home)
    busy = psycopg.connect(host=addresses.pg_host, dbname="eser", user="eser_app")
    busy.pgconn.send_query(b"SELECT count(*) FROM generate_series(1, 10000000000)")
    busy.pgconn.flush()
    time.sleep(0.2)  # until the session is counting
    services_of(places_of(home))[0].main_process().kill()

    embedded.ensure(home)

    assert ask(addresses, "SELECT 1") == [(1,)]


PID_FILES: dict[str, Callable[[str], str]] = {
    "empty": lambda text: "",
    "cut short": lambda text: text[:3],
    "of a process that is gone": lambda text: text,
    "of a foreign process": lambda text: text.replace(text.split("\n")[0], str(os.getpid()), 1),
    "of no process at all": lambda text: "not a number\n",
}


@pytest.mark.parametrize("change", PID_FILES.values(), ids=PID_FILES.keys())
def test_a_pid_file_left_behind_does_not_matter(home: Path, change: Callable[[str], str]) -> None:
    addresses = embedded.addresses(home)
    pid_file = places_of(home).postgres / "postmaster.pid"
    left = pid_file.read_text()
    embedded.stop(home)
    pid_file.write_text(change(left))

    embedded.ensure(home)

    assert ask(addresses, "SELECT 1") == [(1,)]


def test_a_running_server_is_found_without_its_pid_file(home: Path) -> None:
    first = servers(home)
    (places_of(home).postgres / "postmaster.pid").write_text("")
    embedded.ensure(home)
    assert servers(home) == first


def test_a_server_that_hangs_is_named_and_left_alone(home: Path) -> None:
    valkey = services_of(places_of(home))[1]
    main = valkey.main_process()
    main.send_signal(signal.SIGSTOP)
    with pytest.raises(
        embedded.ServiceFailed, match=rf"Valkey does not answer \(process {main.pid}\).*valkey.log"
    ):
        valkey.start(seconds=0.1)
    main.send_signal(signal.SIGCONT)
    assert main.is_running()


def test_two_homes_side_by_side_keep_their_data_apart(home: Path, open_folder: Path) -> None:
    with erased_afterwards(open_folder / "there") as there:
        ask(embedded.addresses(home), "CREATE TABLE only_here ()", user="eser_owner")
        embedded.ensure(there)
        embedded.stop(home)
        assert ask(embedded.addresses(there), "SELECT to_regclass('only_here')") == [(None,)]


def test_a_long_path_with_spaces_gets_short_sockets(open_folder: Path) -> None:
    with erased_afterwards(open_folder / ("a long name " * 8).strip() / "home") as home:
        addresses = embedded.ensure(home)
        assert len(addresses.pg_host) < 40
        assert Redis.from_url(addresses.valkey_url).ping()


def test_a_path_with_spaces_works(open_folder: Path) -> None:
    with erased_afterwards(open_folder / "my records") as home:
        addresses = embedded.ensure(home)
        assert ask(addresses, "SELECT 1") == [(1,)]
        assert (
            Celery(broker=addresses.broker_url, set_as_current=False)
            .connection_for_write()
            .ensure_connection(max_retries=1)
        )


def test_a_socket_folder_of_somebody_else_is_refused(open_folder: Path) -> None:
    home = open_folder / ("long" * 30) / "home"
    sockets = Path(embedded.addresses(home).pg_host)
    sockets.mkdir()
    sockets.chmod(0o777)
    try:
        with pytest.raises(embedded.ServiceFailed, match="belongs to somebody else"):
            embedded.ensure(home)
    finally:
        sockets.rmdir()


def test_a_home_that_cannot_be_made_is_refused_in_one_sentence(open_folder: Path) -> None:
    (open_folder / "a file").touch()
    with pytest.raises(
        embedded.ServiceFailed, match="cannot be made: Not a directory. Choose another folder"
    ):
        embedded.ensure(open_folder / "a file" / "home")


def test_a_cluster_that_cannot_start_says_why_and_where_to_read(new_home: Path) -> None:
    embedded.ensure(new_home)
    embedded.stop(new_home)
    (places_of(new_home).postgres / "PG_VERSION").write_text("9.6\n")
    with pytest.raises(
        embedded.ServiceFailed,
        match=r"did not start: database files are incompatible .* The log is in .*postgres\.log",
    ):
        embedded.ensure(new_home)


def test_a_first_start_cut_short_is_begun_again(new_home: Path) -> None:
    half_made = new_home / "postgres.part"
    half_made.mkdir(parents=True)
    new_home.chmod(0o711)
    (half_made / "PG_VERSION").write_text("18\n")
    assert ask(embedded.ensure(new_home), "SELECT 1") == [(1,)]


@as_root
def test_root_runs_the_servers_under_another_account(home: Path) -> None:
    accounts = {account for process in processes(home) if (account := account_of(process)) is not None}
    assert accounts
    assert 0 not in accounts


def account_of(process: psutil.Process) -> int | None:
    """A database server's own helpers come and go."""
    try:
        return process.uids().real
    except psutil.NoSuchProcess:
        return None


@as_root
def test_behind_a_folder_that_only_root_may_enter_the_data_goes_elsewhere(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    with erased_afterwards(tmp_path / "home") as home:
        assert ask(embedded.ensure(home), "SELECT 1") == [(1,)]
        assert places_of(home).postgres.is_relative_to(SYSTEM_FOLDER)
    assert not places_of(home).services.exists()


def test_a_secret_is_made_once(new_home: Path) -> None:
    secrets = iter(["first", "second"])
    made = [embedded.kept_secret(new_home, "key", lambda: next(secrets)) for _ in range(2)]
    assert made == ["first", "first"]
    assert (new_home / "key").stat().st_mode & 0o077 == 0
