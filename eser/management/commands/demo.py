"""`make demo`: everything on this machine, with made-up children, until Ctrl-C."""

import fcntl
import json
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

from django.conf import settings
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from eser import embedded, port
from eser.demo import children, practice_api, static

# SIGINT too: a shell starts background jobs with it ignored.
STOPPERS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
START_UP = 120  # seconds until web server and worker answer


class Command(BaseCommand):
    help = "Run the whole system on this machine with made-up data, until Ctrl-C."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        for number in STOPPERS:
            signal.signal(number, interrupt)
        try:
            chosen = port.port()
            with the_only_demo(settings.ESER_HOME, chosen):
                self.run_on(chosen)
        except (port.PortRefused, embedded.ServiceFailed) as trouble:
            raise CommandError(str(trouble)) from trouble

    def run_on(self, chosen: int) -> None:
        started: list[children.Child] = []
        try:
            port.check_free(chosen)
            self.prepare()
            self.start_children(started, chosen)
            self.wait_until_whole(started, chosen)
            self.welcome(chosen)
            self.watch(started)
        except KeyboardInterrupt:
            self.say("\nStopping …")
        finally:
            self.stop_everything(started)

    def prepare(self) -> None:
        embedded.ensure(settings.ESER_HOME)
        self.say("Preparing the database …")
        call_command("migrate", verbosity=0)
        if "seed_demo" in get_commands():
            call_command("seed_demo")
        static.collect()
        connections.close_all()

    def start_children(self, started: list[children.Child], chosen: int) -> None:
        home = settings.ESER_HOME
        commands = {"practice API": practice_api.command(home, chosen), **children.commands(home)}
        connections.close_all()
        for name, command in ((name, command) for name, command in commands.items() if command):
            started.append(children.start(name, command, folder=settings.BASE_DIR, logs=home / "logs"))

    def wait_until_whole(self, started: list[children.Child], chosen: int) -> None:
        self.say("Starting web server, worker and scheduler …")
        end = time.monotonic() + START_UP
        while not is_whole(chosen):
            for child in started:
                if news := child.news():
                    raise CommandError(news)
            if time.monotonic() > end:
                raise CommandError(
                    f"No answer after {START_UP} seconds. The logs are in {settings.ESER_HOME}/logs"
                )
            time.sleep(0.2)

    def welcome(self, chosen: int) -> None:
        self.say(f"\nReady: http://127.0.0.1:{chosen}/")
        self.say("")
        if find_spec("eser.demo_accounts"):
            for line in import_module("eser.demo_accounts").lines():
                self.say(line)
        self.say(f"\nData and logs: {settings.ESER_HOME}. Ctrl-C stops everything; the data stays.")

    def watch(self, started: list[children.Child]) -> None:
        while True:
            for child in started:
                if news := child.news():
                    self.say(news)
            time.sleep(0.5)

    def stop_everything(self, started: list[children.Child]) -> None:
        for number in STOPPERS:
            signal.signal(number, signal.SIG_IGN)
        children.stop(started)
        connections.close_all()
        embedded.stop(settings.ESER_HOME)
        if started:
            self.say("Stopped.")

    def say(self, line: str) -> None:
        """A terminal that has gone must not keep the demo from stopping."""
        try:
            self.stdout.write(line)
            self.stdout.flush()
        except OSError:
            return


def interrupt(number: int, frame: Any) -> None:
    raise KeyboardInterrupt


def is_whole(chosen: int) -> bool:
    """Whether the web server answers and a worker lives."""
    try:
        with urlopen(f"http://127.0.0.1:{chosen}/healthz", timeout=3) as answer:  # noqa: S310  # nosec B310: our own address
            return json.load(answer)["worker"]["alive"] > 0
    except (URLError, OSError, ValueError):
        return False


@contextmanager
def the_only_demo(home: Path, chosen: int) -> Iterator[None]:
    with (home / "demo.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            port.check_free(chosen)
            raise CommandError(
                f"A demo already runs on the data in {home}. Choose another: ESER_HOME=/path"
            ) from None
        yield
