"""Workers say that they live: each writes the time into one sorted set of the broker every few seconds."""

import time
from datetime import UTC, datetime
from typing import Any

from celery import bootsteps
from django.conf import settings
from redis import Redis

KEY = "eser:workers"
EVERY = 5.0  # seconds
ALIVE = 20.0  # seconds without a beat after which a worker counts as gone


def broker(timeout: float = 1.0) -> Redis:
    """A client of the broker. Raises redis.RedisError on use when it is down; `timeout` in seconds."""
    return Redis.from_url(settings.VALKEY_URL, socket_timeout=timeout, socket_connect_timeout=timeout)


class Heartbeat(bootsteps.StartStopStep):
    """Part of every worker, on its timer: costs one command each time and no thread."""

    requires = {"celery.worker.components:Timer"}

    def __init__(self, worker: Any, **options: Any) -> None:
        super().__init__(worker, **options)
        self.timer: Any = None

    def start(self, worker: Any) -> None:
        self.client = broker()
        self.timer = worker.timer.call_repeatedly(EVERY, self.beat, (worker.hostname,), priority=10)
        self.beat(worker.hostname)

    def stop(self, worker: Any) -> None:
        if self.timer:
            self.timer.cancel()
        self.client.zrem(KEY, worker.hostname)

    def beat(self, worker_name: str) -> None:
        self.client.zadd(KEY, {worker_name: time.time()})
        self.client.zremrangebyscore(KEY, 0, time.time() - 86_400)


def workers(client: Redis) -> dict[str, Any]:
    """How many workers live, and when the latest beat was heard (ISO, UTC), or None."""
    now = time.time()
    alive = client.zcount(KEY, now - ALIVE, "+inf")
    latest = client.zrange(KEY, -1, -1, withscores=True)
    heard = datetime.fromtimestamp(latest[0][1], UTC).isoformat(timespec="seconds") if latest else None
    return {"alive": alive, "last_seen": heard}
