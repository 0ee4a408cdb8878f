"""`make demo` from start to Ctrl-C, as a user sees it."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import psutil
import pytest

from eser.port import PortRefused
from eser.port import port as chosen_port

from .test_embedded import processes

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def port() -> str:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return str(found.getsockname()[1])


def environment(home: Path, port: str) -> dict[str, str]:
    chosen = {"ESER_HOME": str(home), "ESER_PORT": port}
    return os.environ | chosen | {"ESER_FSYNC": "off", "ESER_DONT_START": "1"}


def start_demo(home: Path, port: str) -> subprocess.Popen:
    command = [sys.executable, "manage.py", "demo"]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    return subprocess.Popen(command, cwd=ROOT, env=environment(home, port), **pipes)


@pytest.fixture
def demo(new_home: Path, port: str) -> Iterator[subprocess.Popen]:
    started = start_demo(new_home, port)
    yield started
    started.kill()
    started.wait()
    for left in of_home(new_home):
        left.kill()


def of_home(home: Path) -> list[psutil.Process]:
    """Every process of this home, found by its environment or its data folder."""
    mine = [p for p in psutil.process_iter() if environ(p).get("ESER_HOME") == str(home)]
    return mine + processes(home)


def environ(process: psutil.Process) -> dict[str, str]:
    try:
        return process.environ()
    except psutil.Error:
        return {}


def read_until(demo: subprocess.Popen, word: str) -> str:
    said = ""
    while line := demo.stdout.readline():
        said += line
        if word in line:
            return said
    raise AssertionError(f"The demo ended before it said {word!r}:\n{said}")


def test_it_starts_reports_a_dead_child_and_leaves_nothing_behind(
    demo: subprocess.Popen, new_home: Path, port: str
) -> None:
    said = read_until(demo, "Ctrl-C")
    assert f"http://127.0.0.1:{port}/" in said
    with urlopen(f"http://127.0.0.1:{port}/healthz") as answer:
        assert answer.status == 200

    scheduler = next(p for p in psutil.Process(demo.pid).children() if "beat" in p.cmdline())
    scheduler.kill()
    assert "The scheduler stopped by signal SIGKILL. Its log is in" in read_until(demo, "scheduler")

    demo.send_signal(signal.SIGTERM)
    rest, _ = demo.communicate(timeout=60)
    assert rest.endswith("Stopped.\n")
    assert demo.returncode == 0
    assert of_home(new_home) == []


def test_a_port_in_use_is_refused_in_one_sentence(home: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = other.getsockname()[1]
        said, _ = start_demo(home, str(taken)).communicate(timeout=60)
    refusal = f"Port {taken} is in use. Choose another: ESER_PORT={taken + 1} make demo"
    assert said.strip().splitlines()[-1] == f"CommandError: {refusal}"
    assert processes(home) == []


@pytest.mark.parametrize("typed", ["http", "0", "70000", "-1"])
def test_a_port_that_is_none_is_refused_in_one_sentence(typed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ESER_PORT", typed)
    with pytest.raises(PortRefused, match=f"must be a number from 1 to 65535, not '{typed}'"):
        chosen_port()


def test_a_demo_interrupted_while_it_prepares_stops_everything(new_home: Path, port: str) -> None:
    starting = start_demo(new_home, port)
    read_until(starting, "Preparing")
    starting.send_signal(signal.SIGINT)
    starting.communicate(timeout=60)
    assert of_home(new_home) == []
