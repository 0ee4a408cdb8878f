"""The same extract once more: checked anew with what was decided since, and what it changes is loaded."""

from pathlib import Path

from migration.access import check_may_run
from migration.actions.start import cutover_in, start_rollover
from migration.models import LoadRun, RunState
from organizations.models import State
from security.models import User
from security.refusals import RuleBroken

LOADED = (RunState.DONE, RunState.BLOCKED)


def re_run(*, by: User, state: State) -> LoadRun:
    """A run that waits for a worker. Records are known by their legacy keys, so that nothing is doubled.

    Raises NotAllowed, RuleBroken when nothing was loaded yet or the extract is gone.
    """
    check_may_run(by)
    last = LoadRun.objects.filter(of_state=state, state__in=LOADED).order_by("-started_at", "-pk").first()
    if last is None:
        raise RuleBroken("No extract was loaded yet.")
    path = Path(last.path) if last.path else None
    return start_rollover(
        by=by, state=state, document=last.document, path=path, freeze=cutover_in(last).freeze
    )
