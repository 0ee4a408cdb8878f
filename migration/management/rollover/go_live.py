"""manage.py rollover go-live: data entry resumes."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from migration.actions import go_live
from migration.management.cutover import add_json, answering, person_named, state_named, told
from migration.zoned import moment_in

HELP = "Goes live in the name of a state administrator: data entry resumes, the legacy system stays off."


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--by", required=True, metavar="USERNAME", help="the state administrator")
    parser.add_argument("--state", default="", help="the code of the state; the first one unless given")
    add_json(parser)


def handle(command: BaseCommand, *, by: str, state: str, as_json: bool, **options: Any) -> None:
    with answering(command, as_json=as_json) as answer, told():
        calendar = go_live(by=person_named(by), state=state_named(state))
        live_since = calendar.went_live_at
        answer |= {"run": calendar.live_run_id, "live_since": live_since and live_since.isoformat()}
    if not as_json:
        since = moment_in(calendar.went_live_at, calendar.zone)  # type: ignore[arg-type]
        command.stdout.write(f"Live since {since} with run {calendar.live_run_id}.")
