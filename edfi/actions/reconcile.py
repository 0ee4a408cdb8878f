"""Brings the state's copy of children to what it should be.

Two short transactions around the network: what will be sent is written down first, then sent, then what
came back is written down. A sender that dies anywhere leaves rows that say "not known", and is run again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from django.utils import timezone

from edfi.actions.keep_outcomes import keep_outcomes
from edfi.actions.send import Sent, send_plans
from edfi.answers import Outcome
from edfi.calling import Api
from edfi.models import Connection, Identity
from edfi.reading import facts_of
from edfi.rules.days import next_day
from edfi.rules.desired import desired_records
from edfi.rules.facts import Facts
from edfi.rules.plan import Key, Step, Verb, plan
from edfi.rules.records import PARTICIPATION, SSEPEA, Address, Desired, Source, source_of
from edfi.work import Work
from security import scope


def reconcile(student_ids: Sequence[int], connection: Connection, api: Api) -> int:
    """Send what differs for these children; returns the number of requests that did not succeed.

    Raises Unreachable when the connection itself does not work; then nothing is counted as sent.
    """
    with scope.system():
        works, known = _prepare(list(student_ids), connection)
    outcomes = _send(works, known, api)
    _store(works, outcomes, connection)
    return sum(not outcome.done for outcome in outcomes.values())


def _prepare(ids: list[int], connection: Connection) -> tuple[list[Work], dict[Address, Sent]]:
    facts, settings, how = facts_of(ids, connection), connection.rule_settings(), connection.how()
    rows: dict[int, list[Identity]] = {pk: [] for pk in ids}
    for row in Identity.objects.filter(connection=connection, student_id__in=ids):
        rows[row.student_id].append(row)
    today = timezone.localdate()
    works = []
    for pk in ids:
        desired = desired_records(facts[pk], settings, today) if pk in facts else Desired()
        steps = plan(desired, [row.known() for row in rows[pk]], how)
        changes_on = next_day(facts[pk], settings, today) if pk in facts else None
        works.append(Work(pk, districts(facts.get(pk), rows[pk]), desired, steps, changes_on))
    works = _handed_over(works)
    _write_down(works, connection)
    known = {row.address: Sent(row.natural_key, row.ods_id) for some in rows.values() for row in some}
    return works, known


def _handed_over(works: list[Work]) -> list[Work]:
    """A record that another child of these should have is not deleted first: it goes on as that child's.

    So it is when two records of one child, with one number at the state, are merged or parted.
    """
    wanted = {address: work.student_id for work in works for address in work.desired.by_address}

    def goes(work: Work, step: Step) -> bool:
        return step.verb is Verb.POST or wanted.get(step.address, work.student_id) == work.student_id

    return [replace(work, steps=tuple(s for s in work.steps if goes(work, s))) for work in works]


def districts(facts: Facts | None, rows: list[Identity]) -> Mapping[Source, int | None]:
    """Whose an evaluation or IEP is; for one that is gone, as the identity map remembers it."""
    whose = {source_of(row.resource, row.evaluation_id): row.district_id for row in rows}
    if facts:
        whose |= {source_of(SSEPEA, row.id): row.district_id for row in facts.evaluations}
        whose |= {source_of(PARTICIPATION, row.id): row.district_id for row in facts.ieps}
    return whose


def _write_down(works: list[Work], connection: Connection) -> None:
    """From here on each of these records may be at the state, whatever happens to this process."""
    posts = {
        step.address: (work, step.record) for work in works for step in work.steps if step.verb is Verb.POST
    }
    now = timezone.now()
    Identity.objects.bulk_create(
        [
            Identity(
                connection=connection,
                student_id=work.student_id,
                district_id=work.district_of.get(source_of(record.resource, record.evaluation_id)),
                evaluation_id=record.evaluation_id,
                resource=record.resource,
                school_year=record.year,
                natural_key=record.natural_key,
                key_digest=record.key_digest,
                payload=record.payload,
                sent_at=now,
            )
            for work, record in posts.values()
        ],
        update_conflicts=True,
        unique_fields=["connection", "school_year", "resource", "key_digest"],
        update_fields=["student", "district", "evaluation_id", "payload", "payload_digest", "sent_at"],
    )


def _send(works: list[Work], known: dict[Address, Sent], api: Api) -> dict[Key, Outcome]:
    plans = [work.steps for work in works if work.steps]
    return api.ask(send_plans(api.client, plans, known)) if plans else {}


def _store(works: list[Work], outcomes: Mapping[Key, Outcome], connection: Connection) -> None:
    with scope.system():
        keep_outcomes(works, outcomes, connection)
