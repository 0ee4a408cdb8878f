"""The one access token of a connection, shared by all processes, encrypted, until it expires (EDFI-B3)."""

import hashlib

from django.core.cache import cache

from edfi.models import Connection, DistrictOds
from edfi.secrets import decrypted, encrypted

EARLIER = 60


class SharedToken:
    """The `TokenCache` of the client; kept one minute less than the token lives."""

    def __init__(self, connection: Connection | DistrictOds) -> None:
        who = f"{connection.base_url} {connection.key} {connection.secret_encrypted}"
        self.name = f"edfi-token-{hashlib.sha256(who.encode()).hexdigest()}"

    def get(self) -> str | None:
        stored = cache.get(self.name)
        return decrypted(stored) if stored else None

    def put(self, token: str, seconds: int) -> None:
        cache.set(self.name, encrypted(token), max(seconds - EARLIER, 1))

    def forget(self, token: str) -> None:
        if self.get() == token:
            cache.delete(self.name)
