"""Keeps the list of what stands in the way: once per record and cause, resolved when it is gone."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from django.db import connection as database
from django.utils import timezone

from edfi.answers import Outcome
from edfi.causes import Cause, causes_of
from edfi.models import Connection, Needs, Trouble
from edfi.rules.plan import Key
from edfi.rules.records import source_of
from edfi.work import Work

SEEN_AGAIN = """UPDATE edfi_trouble t
    SET count = t.count + 1, last_seen = %(now)s, sentence = n.sentence, status = n.status, answer = n.answer,
        retry_at = n.retry_at, held = n.held
    FROM unnest(%(ids)s::bigint[], %(sentences)s::text[], %(statuses)s::int[], %(answers)s::text[],
        %(retries)s::timestamptz[], %(held)s::int[]) n (id, sentence, status, answer, retry_at, held)
    WHERE t.id = n.id"""


def keep_troubles(works: Sequence[Work], outcomes: Mapping[Key, Outcome], connection: Connection) -> None:
    """Open what is new, count what is still there, resolve what is gone; what was refused stays.

    Four queries for any number of children.
    """
    open_ones = _open_of(connection, works)
    new, again, gone = list[Trouble](), list[tuple[Trouble, Cause]](), list[Trouble]()
    for work in works:
        causes = {cause.key: cause for cause in causes_of(work, outcomes)}
        for trouble in open_ones[work.student_id]:
            if cause := causes.pop(_key(trouble), None):
                again.append((trouble, cause))
            elif not _still_refused(trouble, work):
                gone.append(trouble)
        new.extend(_trouble(connection, work, cause) for cause in causes.values())
    _see_again(again)
    Trouble.objects.filter(pk__in=[row.pk for row in gone]).update(resolved_at=timezone.now())
    Trouble.objects.bulk_create(new)


def _open_of(connection: Connection, works: Sequence[Work]) -> Mapping[int, list[Trouble]]:
    rows = defaultdict(list)
    ids = [work.student_id for work in works]
    for trouble in Trouble.objects.open().filter(connection=connection, student_id__in=ids):
        rows[trouble.student_id].append(trouble)
    return rows


def _key(trouble: Trouble) -> tuple[int, str, str, str]:
    return trouble.evaluation_id, trouble.resource, trouble.code, trouble.about


def _trouble(connection: Connection, work: Work, cause: Cause) -> Trouble:
    whose = work.district_of.get(source_of(cause.resource, cause.evaluation_id))
    now = timezone.now()
    seen = {"first_seen": now, "last_seen": now}
    return Trouble(
        connection=connection, student_id=work.student_id, district_id=whose, **seen, **vars(cause)
    )


def _see_again(again: Sequence[tuple[Trouble, Cause]]) -> None:
    if not again:
        return
    causes = [cause for _, cause in again]
    facts = {
        "now": timezone.now(),
        "ids": [trouble.pk for trouble, _ in again],
        "sentences": [cause.sentence for cause in causes],
        "statuses": [cause.status for cause in causes],
        "answers": [cause.answer for cause in causes],
        "retries": [cause.retry_at for cause in causes],
        "held": [cause.held for cause in causes],
    }
    with database.cursor() as cursor:
        cursor.execute(SEEN_AGAIN, facts)


def _still_refused(trouble: Trouble, work: Work) -> bool:
    """A record that the state refused is not sent again, so no answer speaks of it this time."""
    if trouble.status is None or trouble.needs != Needs.PERSON:
        return False
    about = (trouble.resource, trouble.evaluation_id)
    sent_again = any((step.resource, step.evaluation_id) == about for step in work.steps)
    return not sent_again and any(
        (record.resource, record.evaluation_id) == about for record in work.desired.records
    )
