"""manage.py first_administrator <username>: the one state administrator whom nobody else could name."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from security.actions.name_role import name_first_administrator
from security.refusals import RuleBroken


class Command(BaseCommand):
    help = "Gives the role of a state administrator to an account, while nobody holds it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            given = name_first_administrator(options["username"])
        except RuleBroken as broken:
            raise CommandError(str(broken)) from None
        self.stdout.write(f"{given.user} is state administrator from today on.")
