"""A person asks for records to be sent again."""

from collections.abc import Sequence

import structlog
from celery import current_app
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from kombu.exceptions import OperationalError

from edfi.access import check_may_work_on, why_not_work_on
from edfi.actions.dirty import mark
from edfi.models import Connection, Identity, Trouble
from edfi.rules.records import PARTICIPATION, SEORA, SSEPEA
from journal.actions import record_for_each
from security.models import User

log = structlog.get_logger("eser.edfi")
SENT_AGAIN, DEED = "EDFI_SENT_AGAIN", "send records to the state again"


def why_not_send(user: User, trouble: Trouble) -> str | None:
    return why_not_work_on(user, trouble, DEED)


@transaction.atomic
def send_again(*, by: User, troubles: Sequence[Trouble]) -> int:
    """These records go again with the next run, also those that the state had refused; returns how many.

    The number of queries does not grow with them. Raises NotAllowed.
    """
    check_may_work_on(by, troubles, DEED)
    for rows in _of_these(troubles):
        rows.exclude(refused_digest="").update(refused_digest="")
    for connection in Connection.objects.filter(pk__in={row.connection_id for row in troubles}):
        mark({row.student_id for row in troubles if row.connection_id == connection.pk}, [connection])
    asked = ((row.student_id, row.district_id, {"code": row.code}) for row in troubles)
    record_for_each(SENT_AGAIN, "Asked for a record to be sent to the state again", by=by, children=asked)
    transaction.on_commit(wake_the_sender)
    return len(troubles)


def _of_these(troubles: Sequence[Trouble]) -> tuple[QuerySet[Identity], ...]:
    """What is noted of their records; a reason of an evaluation concerns both of its records."""
    same = Trouble.objects.filter(
        pk__in=[row.pk for row in troubles],
        connection=OuterRef("connection"),
        student=OuterRef("student"),
        evaluation_id=OuterRef("evaluation_id"),
    )
    of_programs = Exists(same.filter(resource=PARTICIPATION))
    of_evaluations = Exists(same.exclude(resource=PARTICIPATION))
    return (
        Identity.objects.filter(of_programs, resource=PARTICIPATION),
        Identity.objects.filter(of_evaluations, resource__in=[SEORA, SSEPEA]),
    )


def wake_the_sender() -> None:
    """Now rather than with the next tick; without a broker the tick will do."""
    try:
        current_app.send_task("edfi.tasks.send_dirty", retry=False)
    except OperationalError:
        log.warning("sender not woken")
