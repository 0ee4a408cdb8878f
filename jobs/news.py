"""Jobs of mine that ended since I last looked at them: the count beside "Jobs"."""

from collections.abc import MutableMapping
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

SEEN = "jobs_seen_at"
# On every page: written out, since to build it costs more than its answer.
ENDED = "SELECT count(*) FROM jobs_job WHERE owner_id = %s AND ended_at > %s"


def seen_now(session: MutableMapping[str, Any]) -> None:
    session[SEEN] = timezone.now().isoformat()


def ended_since_seen(user_id: int, session: MutableMapping[str, Any]) -> int:
    """How many; in a new session those of the last day."""
    since = datetime.fromisoformat(session[SEEN]) if SEEN in session else timezone.now() - timedelta(days=1)
    with connection.cursor() as cursor:
        cursor.execute(ENDED, [user_id, since])
        return cursor.fetchone()[0]
