"""One server process: asked over its socket whether it lives, started, stopped.

A pid file may be stale, cut short, or name a foreign process. So nothing here reads one: a server is found
by what it answers, and its processes by their working folder, which is its data folder.
"""

import os
import signal
import subprocess
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from pathlib import Path
from pwd import struct_passwd

import psutil

from .account import popen_options

LARGEST_LOG = 10_000_000  # bytes
# Killed just after a transaction that made an unlogged table was undone, PostgreSQL's recovery stops at a
# file that is there already ("File exists"); the recovery after that finds all in order.
ATTEMPTS = 2


class ServiceFailed(RuntimeError):
    """A server cannot do its work; the message is one sentence for the operator, with the log's path."""


class Service(ABC):
    name: str

    def __init__(self, data: Path, log: Path, account: struct_passwd | None) -> None:
        self.data, self.log, self.account = data, log, account

    @abstractmethod
    def answers(self) -> bool:
        """Whether the server takes work now."""

    @abstractmethod
    def command(self) -> list[str]:
        """The server's command line."""

    @abstractmethod
    def clear(self) -> None:
        """Remove what a killed server left behind; called only when no process holds the data folder."""

    stop_signal = signal.SIGTERM

    def processes(self) -> list[psutil.Process]:
        return [p for p in psutil.process_iter() if working_folder(p) == str(self.data)]

    def start(self, seconds: float = 60) -> None:
        """Returns once the server answers.

        Raises ServiceFailed."""
        if self.answers():
            return
        self.wait_for_predecessor(seconds)
        if self.answers():
            return
        for _ in range(ATTEMPTS):
            self.clear()
            server = self.run(self.command())
            if self.comes_up(server, seconds):
                return
            if server.poll() is None:
                break
        raise self.failure("did not start")

    def comes_up(self, server: subprocess.Popen, seconds: float) -> bool:
        answers = until(lambda: self.answers() or server.poll() is not None, seconds)
        return answers and server.poll() is None

    def wait_for_predecessor(self, seconds: float) -> None:
        """One that is starting, recovering or shutting down is given time; leftovers of a killed one end."""
        if not until(lambda: self.answers() or self.all_left_over() or not self.processes(), seconds):
            raise self.failure(f"does not answer (process {self.processes()[0].pid})")
        if not self.answers():
            self.end_leftovers()

    def all_left_over(self) -> bool:
        return False

    def end_leftovers(self, patience: float = 2) -> None:
        if not until(lambda: not self.processes(), patience):
            self.signal_all(signal.SIGKILL)
            until(lambda: not self.processes(), patience)

    def run(self, command: Sequence[str | Path]) -> subprocess.Popen:
        """Start a program that outlives us, writing to the log."""
        keep_log_short(self.log)
        with self.log.open("ab") as log:
            return subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd="/", start_new_session=True,
                env={"PATH": os.defpath, "LC_ALL": "C"}, **popen_options(self.account),
            )  # fmt: skip

    def main_process(self) -> psutil.Process | None:
        return next(iter(self.processes()), None)

    def stop(self, seconds: float = 30) -> None:
        if main := self.main_process():
            send(main, self.stop_signal)
        if not until(lambda: not self.processes(), seconds):
            self.signal_all(signal.SIGKILL)
            until(lambda: not self.processes(), 5)

    def signal_all(self, number: int) -> None:
        for process in self.processes():
            send(process, number)

    def failure(self, what: str) -> ServiceFailed:
        return ServiceFailed(f"{self.name} {what}: {last_complaint(self.log)} The log is in {self.log}")


def working_folder(process: psutil.Process) -> str | None:
    try:
        return process.cwd()
    except psutil.Error:
        return None


def send(process: psutil.Process, number: int) -> None:
    try:
        process.send_signal(number)
    except psutil.NoSuchProcess:
        return


def until(true: Callable[[], bool], seconds: float) -> bool:
    end = time.monotonic() + seconds
    while not (done := true()) and time.monotonic() < end:
        time.sleep(0.02)
    return done


def keep_log_short(log: Path) -> None:
    if log.exists() and log.stat().st_size > LARGEST_LOG:
        log.replace(log.with_suffix(".old.log"))


def last_complaint(log: Path) -> str:
    """The last line of a log that speaks of trouble, as a sentence."""
    lines = log.read_text(errors="replace").splitlines()[-50:] if log.exists() else []
    words = ("fatal", "error", "panic", "can't", "cannot", "could not", "no space")
    complaints = [line.strip() for line in lines if any(word in line.lower() for word in words)]
    said = (complaints or lines or ["it left no message"])[-1].strip()
    said = said.rsplit("FATAL:  ")[-1]  # without time and process number
    return said if said.endswith(".") else said + "."
