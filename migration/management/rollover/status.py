"""manage.py rollover status: where the rollover is, what blocks the next step, and who must act."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from migration.calendar_of import calendar_of
from migration.management.cutover import state_named
from migration.models import LoadRun
from migration.rules.cutover_phases import cutover_phases
from migration.whereabouts import Whereabouts, as_json, whereabouts, without_calendar
from migration.zoned import moment_in
from security import scope

HELP = "Where the rollover is, what blocks the next step, and who must act."
NO_CALENDAR = "No calendar is in force: nothing is view only. A state administrator puts it in force."


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--state", default="", help="the code of the state; the first one unless given")
    parser.add_argument("--json", action="store_true", dest="as_json", help="one JSON object")


def handle(command: BaseCommand, *, state: str, as_json: bool, **options: Any) -> None:
    of_state = state_named(state)
    calendar = calendar_of(of_state)
    if calendar is None:
        run = LoadRun.objects.that_load().filter(of_state=of_state).first()
        words = "\n".join([NO_CALENDAR, *_changed(run)])
        command.stdout.write(json.dumps(without_calendar(of_state)) if as_json else words)
        return
    found = whereabouts(calendar, timezone.now())
    command.stdout.write(_json(found) if as_json else _words(found))


def _json(found: Whereabouts) -> str:
    return json.dumps(as_json(found))


def _words(found: Whereabouts) -> str:
    calendar = found.calendar
    if calendar.is_live:
        return f"Live since {moment_in(calendar.went_live_at, calendar.zone)}."  # type: ignore[arg-type]
    lines = [
        f"{calendar.of_state}: {cutover_phases()[found.phase].title}.",  # type: ignore[index]
        f"Freeze {moment_in(calendar.freeze_at, calendar.zone)},"
        f" go-live {moment_in(calendar.go_live_at, calendar.zone)}.",
        "All records are view only." if found.is_view_only else "Records can be written until the freeze.",
        *_changed(found.run),
        *(f"- {blocker.sentence} To act: {blocker.who}." for blocker in found.blockers),
    ]
    return "\n".join(lines)


def _changed(run: LoadRun | None) -> list[str]:
    """Records for people to decide on; they block nothing."""
    with scope.system():
        number = run.kept_rows.count() if run else 0
    if run is None or not number:
        return []
    records = "1 record was" if number == 1 else f"{number:,} records were"
    return [f"{records} changed here and in the extract of run {run.pk}: what stands here was kept."]
