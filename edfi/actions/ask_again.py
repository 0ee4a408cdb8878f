"""A person asks for records to be sent again."""

from collections.abc import Sequence

import structlog
from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

from edfi.access import why_not_work_on
from edfi.actions.dirty import mark
from edfi.models import Identity, Trouble
from edfi.rules.records import PARTICIPATION, SEORA, SSEPEA
from journal.actions import record
from security.models import User
from security.refusals import NotAllowed

log = structlog.get_logger("eser.edfi")
SENT_AGAIN = "EDFI_SENT_AGAIN"


def why_not_send(user: User, trouble: Trouble) -> str | None:
    return why_not_work_on(user, trouble, "send records to the state again")


@transaction.atomic
def send_again(*, by: User, troubles: Sequence[Trouble]) -> int:
    """These records go again with the next run, also those that the state had refused; returns how many."""
    for trouble in troubles:
        if sentence := why_not_send(by, trouble):
            raise NotAllowed(sentence)
    for trouble in troubles:
        Identity.objects.filter(
            connection_id=trouble.connection_id,
            student_id=trouble.student_id,
            evaluation_id=trouble.evaluation_id,
            resource__in=_resources(trouble),
        ).update(refused_digest="")
        mark([trouble.student_id], [trouble.connection])
        record(
            SENT_AGAIN,
            "Asked for a record to be sent to the state again",
            by=by,
            student_id=trouble.student_id,
            district_id=trouble.district_id,
            code=trouble.code,
        )
    transaction.on_commit(wake_the_sender)
    return len(troubles)


def _resources(trouble: Trouble) -> tuple[str, ...]:
    """A reason of an evaluation concerns both of its records."""
    return (PARTICIPATION,) if trouble.resource == PARTICIPATION else (SEORA, SSEPEA)


def wake_the_sender() -> None:
    """Now rather than with the next tick; without a broker the tick will do."""
    try:
        current_app.send_task("edfi.tasks.send_dirty", retry=False)
    except OperationalError:
        log.warning("sender not woken")
