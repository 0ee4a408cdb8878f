"""Where the embedded services keep their data and their sockets. Nothing here starts or creates anything."""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

CHECKOUT = Path(__file__).resolve().parents[2]
SYSTEM_FOLDER = Path("/var/lib/eser")
POSTGRES_PORT = 5432  # only the name of the socket file: no TCP port is opened
LONGEST_SOCKET_PATH = 100  # bytes; Linux takes 107, macOS 103


@dataclass(frozen=True)
class Addresses:
    """How clients reach the services of one home. `pg_host` is the folder of the Unix socket."""

    pg_host: str
    pg_port: int
    valkey_url: str
    broker_url: str


@dataclass(frozen=True)
class Places:
    """The folders of one home."""

    home: Path
    services: Path  # equals `home`, unless the server account could not walk there
    sockets: Path

    @property
    def postgres(self) -> Path:
        return self.services / "postgres"

    @property
    def valkey(self) -> Path:
        return self.services / "valkey"

    @property
    def valkey_socket(self) -> Path:
        return self.sockets / "valkey.sock"

    @property
    def logs(self) -> Path:
        return self.home / "logs"


def home() -> Path:
    """The data folder: ESER_HOME, or `.eser` in the checkout."""
    return Path(os.environ.get("ESER_HOME") or CHECKOUT / ".eser").expanduser().resolve()


def addresses(home: Path) -> Addresses:
    """The addresses that `ensure(home)` will answer on."""
    places = places_of(home)
    socket = quote(str(places.valkey_socket))
    return Addresses(
        pg_host=str(places.sockets),
        pg_port=POSTGRES_PORT,
        valkey_url=f"unix://{socket}?db=0",
        broker_url=f"redis+socket://{socket}?virtual_host=1",
    )


def places_of(home: Path) -> Places:
    home = home.resolve()
    mark = hashlib.sha256(os.fsencode(home)).hexdigest()[:16]
    # Run by root, the servers work under an account of their own, which must be able to walk to its data.
    services = home if os.geteuid() != 0 or open_to_all(home.parent) else SYSTEM_FOLDER / mark
    sockets = services / "run"
    if len(os.fsencode(sockets / f".s.PGSQL.{POSTGRES_PORT}")) > LONGEST_SOCKET_PATH:
        # Not TMPDIR: every process must find the same folder. Its owner is checked before use.
        sockets = Path("/tmp") / f"eser-{mark}"  # noqa: S108
    return Places(home, services, sockets)


def open_to_all(folder: Path) -> bool:
    """Whether every account may walk through this folder and all above it, as far as they exist."""
    return all(f.stat().st_mode & 0o001 for f in (folder, *folder.parents) if f.exists())
