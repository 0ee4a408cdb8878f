"""An API that is asked again and again by one client; between two questions the database may be asked."""

from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from cryptography.fernet import InvalidToken

from edfi.bulk import Run, step_by_step
from edfi.client import Address, Client
from edfi.models import Connection, DistrictOds
from edfi.patience import Patience
from edfi.tokens import SharedToken
from security.refusals import Unreachable


@dataclass(frozen=True)
class Api:
    """Its connections, its token and its pace last as long as it does."""

    client: Client
    _run: Run

    def ask(self, question: Coroutine[Any, Any, Any]) -> Any:
        return self._run(question)


def client_of(connection: Connection | DistrictOds, patience: Patience | None = None) -> Client:
    """A client with this connection's address and its shared token."""
    try:
        secret = connection.secret
    except InvalidToken:
        raise Unreachable("The secret of this connection cannot be read. Enter it again.") from None
    address = Address(connection.base_url, connection.key, secret, connection.namespaces)
    return Client(address, SharedToken(connection), patience)


@contextmanager
def calling(connection: Connection, patience: Patience | None = None) -> Iterator[Api]:
    """Raises Unreachable where the secret cannot be read."""
    client = client_of(connection, patience)
    with step_by_step(client) as run:
        yield Api(client, run)
