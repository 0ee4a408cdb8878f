"""A party accepts the latest run (RLO-16)."""

from django.db import transaction

from journal.actions import record
from migration.access import check_may_accept
from migration.blocking import acceptance_by, what_blocks
from migration.calendar_of import calendar_of
from migration.models import Acceptance, LoadRun, Party
from security.models import User
from security.refusals import RuleBroken


@transaction.atomic
def accept_run(*, by: User, run: LoadRun, party: Party) -> Acceptance:
    """The state agency and the vendor each accept, by two persons. Raises NotAllowed, RuleBroken."""
    check_may_accept(by, party)
    run = LoadRun.objects.select_for_update(of=("self",)).select_related("of_state").get(pk=run.pk)
    _check_is_the_one(run)
    if blocked := what_blocks(run):
        raise RuleBroken(f"It cannot be accepted yet. {' '.join(blocked)}")
    accepted = acceptance_by(run)
    if party in accepted:
        raise RuleBroken(f"Run {run.pk} is accepted by the {party.label} already, by {accepted[party].by}.")
    if by.pk in {row.by_id for row in accepted.values()}:
        raise RuleBroken("The two parties accept by two persons: you have accepted for the other one.")
    record(
        "ROLLOVER_ACCEPTED", f"Accepted rollover run {run.pk} for the {party.label}", by=by, party=party.value
    )
    return Acceptance.objects.create(run=run, party=party, by=by)


def _check_is_the_one(run: LoadRun) -> None:
    latest = LoadRun.objects.that_load().filter(of_state=run.of_state).first()
    if latest is None or latest.pk != run.pk:
        other = f"Run {latest.pk} is newer" if latest else "This run loads nothing"
        raise RuleBroken(f"{other}: only the latest run is accepted.")
    calendar = calendar_of(run.of_state)
    if calendar and calendar.is_live:
        raise RuleBroken("The system is live already.")
