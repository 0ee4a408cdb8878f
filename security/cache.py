"""The cache counts requests. Where it is away nothing is counted, and nobody is kept out for that.

What has to hold without it stands in the database: the lock-out after repeated failures.
"""

from typing import Any

import structlog
from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import ConnectionError, TimeoutError

log = structlog.get_logger(__name__)
AWAY = (ConnectionError, TimeoutError)


class ForgivingCache(RedisCache):
    """Answers as an empty cache while the server is away."""

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        return self._or(default, super().get, key, default, version)

    def add(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        return self._or(True, super().add, key, value, timeout, version)

    def set(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        self._or(None, super().set, key, value, timeout, version)

    def delete(self, key: str, version: int | None = None) -> bool:
        return self._or(False, super().delete, key, version)

    def _or(self, otherwise: Any, ask: Any, *args: Any) -> Any:
        try:
            return ask(*args)
        except AWAY:
            log.warning("cache_away")
            return otherwise
