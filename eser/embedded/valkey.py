"""The embedded Valkey: Celery's broker, and small things that may be lost."""

import os
import socket
from pathlib import Path
from pwd import struct_passwd

from .places import Places
from .programs import valkey_server
from .service import Service


class Valkey(Service):
    name = "Valkey"

    def __init__(self, places: Places, account: struct_passwd | None) -> None:
        super().__init__(places.valkey, places.logs / "valkey.log", account)
        self.socket = places.valkey_socket

    def answers(self) -> bool:
        try:
            with socket.socket(socket.AF_UNIX) as client:
                client.settimeout(1)
                client.connect(os.fsencode(self.socket))
                client.sendall(b"PING\r\n")
                return client.recv(64).startswith(b"+PONG")
        except OSError:
            return False

    def command(self) -> list[str]:
        options = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "dir": str(self.data),
            "appendonly": "yes",
            "appendfsync": "everysec",
            "save": "",
            "daemonize": "no",
        }
        return [
            str(valkey_server()),
            *(word for name, value in options.items() for word in (f"--{name}", value)),
        ]

    def clear(self) -> None:
        Path(self.socket).unlink(missing_ok=True)
