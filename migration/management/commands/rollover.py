"""manage.py rollover <what>: the rollover for operators, beside its pages. Each sub-command is a module."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from migration.management.rollover import accept, go_live, load, roll_back, status

SUBCOMMANDS = {
    "load": load,
    "status": status,
    "accept": accept,
    "go-live": go_live,
    "roll-back": roll_back,
}


class Command(BaseCommand):
    help = "The rollover from the legacy system."

    def add_arguments(self, parser: ArgumentParser) -> None:
        each = parser.add_subparsers(dest="what", required=True, metavar="|".join(SUBCOMMANDS))
        for name, module in SUBCOMMANDS.items():
            module.add_arguments(each.add_parser(name, help=module.HELP))

    def handle(self, *args: Any, what: str, **options: Any) -> None:
        SUBCOMMANDS[what].handle(self, **options)
