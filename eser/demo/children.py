"""The processes that the demo starts, watches and stops."""

import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import psutil

PATIENCE = 10  # seconds for a child to finish what it is doing


@dataclass
class Child:
    name: str
    process: subprocess.Popen
    log: Path
    reported: bool = False

    def news(self) -> str | None:
        """One sentence when the child has died, told once."""
        code = self.process.poll()
        if code is None or self.reported:
            return None
        self.reported = True
        how = f"with exit code {code}" if code >= 0 else f"by signal {signal.Signals(-code).name}"
        return f"The {self.name} stopped {how}. Its log is in {self.log}. Ctrl-C stops the rest."


def commands(home: Path) -> dict[str, list[str]]:
    celery = [sys.executable, "-m", "celery", "-A", "eser"]
    return {
        "web server": [sys.executable, "-m", "eser.serve"],
        "worker": [*celery, "worker", "--concurrency", "2", "--loglevel", "INFO"],
        "scheduler": [*celery, "beat", "--schedule", str(home / "beat-schedule"), "--pidfile", ""],
    }


def start(name: str, command: list[str], *, folder: Path, logs: Path) -> Child:
    """In a session of its own: Ctrl-C reaches only the demo, which then stops its children in order."""
    log = logs / f"{name.replace(' ', '-')}.log"
    with log.open("ab") as output:
        process = subprocess.Popen(
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            env={"ESER_SECOND_FACTOR": "offered"} | os.environ | {"PYTHONUNBUFFERED": "1"},
        )
    return Child(name, process, log)


def stop(children: list[Child]) -> None:
    """Ask all to end, then end what is left, their own children too."""
    families = [member for child in children for member in family(child.process.pid)]
    for child in children:
        if child.process.poll() is None:
            child.process.terminate()
    _, left = psutil.wait_procs(families, timeout=PATIENCE)
    for member in left:
        kill(member)
    psutil.wait_procs(left, timeout=PATIENCE)


def family(pid: int) -> list[psutil.Process]:
    try:
        parent = psutil.Process(pid)
        return [parent, *parent.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def kill(process: psutil.Process) -> None:
    try:
        process.kill()
    except psutil.NoSuchProcess:
        return
