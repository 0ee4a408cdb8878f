"""Who is in which section of an IEP now, and who has one alone.

People are kept in the cache for a minute after they were last heard of, so they are gone by themselves. All
of an IEP are one value: of two heard of in the same instant, one may be as before until the next beat.
"""

import time
from dataclasses import dataclass, replace
from datetime import datetime

from django.core.cache import cache
from django.utils import timezone

from security import asked_often
from security.models import User
from students.models.student import NAMED, REACHED, named

STAYS = 60  # seconds
BEAT = 15  # seconds between two polls of a page

HELD_IN = f"""
    SELECT i.author_id, h.section, h.by_id, h.until, u.first_name, u.last_name
    FROM ieps_iep i LEFT JOIN (ieps_checkout h JOIN security_user u ON u.id = h.by_id)
        ON h.iep_id = i.id AND h.ended_at IS NULL AND h.until > %(now)s
    WHERE i.id = %(iep)s AND i.student_id IS NOT NULL
        AND (%(everything)s OR {REACHED.format(child="i.student_id", **NAMED)})
"""  # noqa: S608  our own words

People = dict[tuple[str, int], "Here"]


@dataclass(frozen=True)
class Here:
    """One person in one section; `seen` and `typed` in seconds since 1970. `news` is for the others."""

    user_id: int
    name: str
    section: str
    seen: float
    typed: float | None = None
    news: str = ""

    @property
    def is_new(self) -> bool:
        """Is the news of this minute?"""
        return bool(self.news) and self.typed is not None and time.time() - self.typed < STAYS

    @property
    def doing(self) -> str:
        if self.typed is None or time.time() - self.typed > STAYS:
            return "reading"
        return f"typing {_ago(time.time() - self.typed)}"


@dataclass(frozen=True)
class Holding:
    """A section that somebody has alone."""

    section: str
    by_id: int
    name: str
    until: datetime


@dataclass(frozen=True)
class Room:
    """An IEP with its case manager and the sections that somebody has alone."""

    author_id: int | None
    held: list[Holding]


def beat(user: User, iep_id: int, section: str, *, typing: bool = False, news: str = "") -> People:
    """The person was heard of in this section; everybody who is in the IEP now."""
    now = time.time()
    everybody = people(iep_id)
    before = everybody.get((section, user.pk)) or Here(user.pk, str(user), section, now)
    typed, told = (now, news or before.news) if typing else (before.typed, before.news)
    everybody[section, user.pk] = replace(before, seen=now, typed=typed, news=told)
    cache.set(_key(iep_id), everybody, STAYS)
    return everybody


def people(iep_id: int) -> People:
    oldest = time.time() - STAYS
    kept: People = cache.get(_key(iep_id)) or {}
    return {who: here for who, here in kept.items() if here.seen >= oldest}


def room(user: User, iep_id: int) -> Room | None:
    """None when this person may not see the IEP. Asked by every open page every few seconds."""
    scope = user.scope()
    asked = {"iep": iep_id, "now": timezone.now(), "everything": scope.everything, **named(scope)}
    found = asked_often.rows(HELD_IN, asked)
    if not found:
        return None
    holdings = [
        Holding(section, by, " ".join(filter(None, name)), until)
        for _, section, by, until, *name in found
        if section
    ]
    return Room(found[0][0], holdings)


def _key(iep_id: int) -> str:
    return f"in-iep-{iep_id}"


def _ago(seconds: float) -> str:
    return "now" if seconds < BEAT else f"{round(seconds / 10) * 10} seconds ago"
