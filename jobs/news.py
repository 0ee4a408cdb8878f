"""Jobs of mine that ended since I last looked at them: the count beside "Jobs"."""

from collections.abc import MutableMapping
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from jobs.models import Job

SEEN = "jobs_seen_at"


def seen_now(session: MutableMapping[str, Any]) -> None:
    session[SEEN] = timezone.now().isoformat()


def ended_since_seen(user_id: int, session: MutableMapping[str, Any]) -> int:
    """How many; in a new session those of the last day."""
    since = datetime.fromisoformat(session[SEEN]) if SEEN in session else timezone.now() - timedelta(days=1)
    return Job.objects.of(user_id).filter(ended_at__gt=since).count()
