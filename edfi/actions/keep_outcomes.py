"""What came back is written down: a few statements for any number of children."""

from collections.abc import Iterable, Mapping, Sequence

from django.db import connection as database
from django.utils import timezone

from edfi.actions.dirty import await_days
from edfi.actions.keep_troubles import keep_troubles
from edfi.answers import Outcome, Result
from edfi.models import Connection
from edfi.rules.plan import Key, Step, Verb
from edfi.work import Work

OF_THESE = """i.connection_id = %(connection)s AND i.resource = t.resource
    AND i.school_year = t.year AND i.key_digest = t.key"""
THESE = "unnest(%(resources)s::text[], %(years)s::int[], %(keys)s::text[]"
GONE = f"DELETE FROM edfi_identity i USING {THESE}) t (resource, year, key) WHERE {OF_THESE}"  # noqa: S608
TAKEN = f"""UPDATE edfi_identity i
    SET ods_id = t.ods_id, payload_digest = t.digest, refused_digest = '', acknowledged_at = %(now)s
    FROM {THESE}, %(ods_ids)s::text[], %(digests)s::text[]) t (resource, year, key, ods_id, digest)
    WHERE {OF_THESE}"""  # noqa: S608
REFUSED = f"""UPDATE edfi_identity i SET refused_digest = t.digest
    FROM {THESE}, %(digests)s::text[]) t (resource, year, key, digest)
    WHERE {OF_THESE}"""  # noqa: S608


def keep_outcomes(works: Sequence[Work], outcomes: Mapping[Key, Outcome], connection: Connection) -> None:
    """EDFI-D5: only a success is an acknowledgement. A refused payload is not sent again until it changes."""
    answered = [(step, outcomes[step.key]) for work in works for step in work.steps]
    posted = [(step, outcome) for step, outcome in answered if step.verb is Verb.POST]
    sent_anew = {step.address for step, _ in posted}
    deleted = [(step, outcome) for step, outcome in answered if step.verb is Verb.DELETE and outcome.done]
    _keep(GONE, [each for each in deleted if each[0].address not in sent_anew], connection)
    _keep(TAKEN, [each for each in posted if each[1].done], connection)
    _keep(REFUSED, [each for each in posted if each[1].result is Result.PERSON], connection)
    await_days(connection, {work.student_id: work.changes_on for work in works})
    keep_troubles(works, outcomes, connection)


def _keep(statement: str, answered: Iterable[tuple[Step, Outcome]], connection: Connection) -> None:
    if not (some := list(answered)):
        return
    resources, years, keys = zip(*(step.address for step, _ in some), strict=True)
    facts = {
        "connection": connection.pk,
        "resources": list(resources),
        "years": list(years),
        "keys": list(keys),
        "ods_ids": [outcome.ods_id for _, outcome in some],
        "digests": [step.record.payload_digest if step.record else "" for step, _ in some],
        "now": timezone.now(),
    }
    with database.cursor() as cursor:
        cursor.execute(statement, facts)
