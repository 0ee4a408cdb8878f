"""manage.py rollover roll-back: behind the go-live again, while nobody has written."""

from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from migration.actions import roll_back
from migration.calendar_of import calendar_of
from migration.management.cutover import person_named, state_named, told
from migration.zoned import moment_in

HELP = "View only again until a new go-live; refused with counts once anybody has written."


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--by", required=True, metavar="USERNAME", help="the state administrator")
    parser.add_argument("--reason", required=True, help="why; kept in the journal")
    when = "the new one, by the clock of the state: 2022-08-03T00:00:00"
    parser.add_argument("--go-live", required=True, metavar="ISO", help=when)
    parser.add_argument("--state", default="", help="the code of the state; the first one unless given")


def handle(command: BaseCommand, *, by: str, reason: str, go_live: str, state: str, **options: Any) -> None:
    calendar = calendar_of(state_named(state))
    if calendar is None:
        raise CommandError("No calendar is in force, so nothing went live.")
    with told():
        calendar = roll_back(
            by=person_named(by), calendar=calendar, reason=reason, go_live_at=_instant(go_live, calendar.zone)
        )
    until = moment_in(calendar.go_live_at, calendar.zone)
    command.stdout.write(f"Rolled back: all records are view only until the go-live planned for {until}.")


def _instant(text: str, zone: Any) -> datetime:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise CommandError(f"{text!r} is no instant. Write it such as 2022-08-03T00:00:00.") from None
    return instant if instant.tzinfo else instant.replace(tzinfo=zone)
