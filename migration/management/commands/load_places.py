"""manage.py load_places <folder>: the districts and sites that a legacy extract speaks of."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from migration.actions.places import load_places
from organizations.rules.profiles import Profile
from security import scope
from security.refusals import RuleBroken


class Command(BaseCommand):
    help = "Loads districts, sites and oversight from leas.csv and sites.csv."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("--state", default=Profile.LA, choices=list(Profile))

    def handle(self, *args: Any, folder: Path, state: str, **options: Any) -> None:
        try:
            with scope.system():
                loaded = load_places(folder, state)
        except RuleBroken as broken:
            raise CommandError(str(broken)) from broken
        self.stdout.write(
            f"{loaded.name}: {loaded.districts.count()} districts, {loaded.sites.count()} sites."
        )
