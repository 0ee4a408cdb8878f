"""manage.py rollover accept: one party accepts the latest run."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from migration.actions import accept_run
from migration.management.cutover import add_json, answering, person_named, state_named, told
from migration.models import LoadRun, Party

HELP = "Accepts the latest run for the state education agency or for the vendor, in somebody's name."


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--as", required=True, choices=Party.values, dest="party", help="for whom")
    parser.add_argument("--by", required=True, metavar="USERNAME", help="who accepts")
    parser.add_argument("--run", type=int, help="the run that was looked at; the latest unless given")
    parser.add_argument("--state", default="", help="the code of the state; the first one unless given")

    add_json(parser)


def handle(
    command: BaseCommand, *, party: str, by: str, run: int | None, state: str, as_json: bool, **options: Any
) -> None:
    with answering(command, as_json=as_json) as answer:
        found = _run_to_accept(run, state)
        answer |= {"run": found.pk, "party": party}
        with told():
            accepted = accept_run(by=person_named(by), run=found, party=Party(party))
        answer |= {"by": accepted.by.username, "at": accepted.at.isoformat()}
    if not as_json:
        command.stdout.write(f"Run {found.pk} is accepted by the {Party(party).label}: {accepted.by}.")


def _run_to_accept(number: int | None, state: str) -> LoadRun:
    runs = LoadRun.objects.that_load().filter(of_state=state_named(state))
    found = runs.filter(pk=number).first() if number else runs.first()
    if found is None:
        raise CommandError(f"There is no run {number}." if number else "No extract is loaded yet.")
    return found
