"""python -m eser.serve: the web server, the same in the demo and in production.

Serves the pages and the API on ESER_HOST (127.0.0.1) and ESER_PORT (8000), in ESER_WEB_WORKERS (2) processes.
A process that has grown beyond ESER_WORKER_MEMORY (700) MB is replaced by a new one.
"""

import os
import sys

from eser import embedded
from eser.port import PortRefused, port

# A thread holds at most one database connection, and the pool of a process has 12.
THREADS = "4"


def main() -> None:
    try:
        where = ["--host", os.environ.get("ESER_HOST", "127.0.0.1"), "--port", str(port())]
        if not {"ESER_DB_HOST", "ESER_DONT_START"} & os.environ.keys():
            embedded.ensure(embedded.home())
    except (PortRefused, embedded.ServiceFailed) as trouble:
        sys.exit(str(trouble))
    size = ["--workers", os.environ.get("ESER_WEB_WORKERS", "2"), "--blocking-threads", THREADS]
    size += ["--workers-max-rss", os.environ.get("ESER_WORKER_MEMORY", "700")]
    server = [sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws", *where, *size]
    os.execv(sys.executable, [*server, "eser.wsgi:application"])


if __name__ == "__main__":
    main()
