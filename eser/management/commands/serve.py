"""Runs the web server: the same in the demo and in production."""

import os
import sys
from typing import Any

from django.core.management.base import BaseCommand

from eser.port import PortRefused, port

# A thread holds at most one database connection, and the pool of a process has 12.
THREADS = "4"


class Command(BaseCommand):
    help = "Serve the pages and the API on ESER_HOST (127.0.0.1) and ESER_PORT (8000)."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            where = ["--host", os.environ.get("ESER_HOST", "127.0.0.1"), "--port", str(port())]
        except PortRefused as trouble:
            sys.exit(str(trouble))
        size = ["--workers", os.environ.get("ESER_WEB_WORKERS", "2"), "--blocking-threads", THREADS]
        server = [sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws", *where, *size]
        os.execv(sys.executable, [*server, "eser.wsgi:application"])
