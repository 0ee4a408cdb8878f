"""The sample sheet from the command line, for an extract so large that a page would not wait for it."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError

from migration.actions import make_sample_sheet
from migration.models import LoadRun
from security import scope
from security.refusals import RuleBroken


class Command(BaseCommand):
    help = "Compares the legacy print of the sample with the extract of a run, field by field (DQ-101)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("run", type=int, help="number of the run")
        parser.add_argument("print", type=Path, help="legacy_print.jsonl")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["print"]
        try:
            with scope.system(), path.open("rb") as file:
                run = LoadRun.objects.select_related("of_state", "document").get(pk=options["run"])
                sheet = make_sample_sheet(by=None, run=run, name=path.name, file=file)
                number = sheet.mismatches.count()
        except (RuleBroken, OSError, LoadRun.DoesNotExist) as trouble:
            raise CommandError(str(trouble)) from trouble
        self.stdout.write(f"{sheet.students} children, {sheet.fields:,} fields compared, {number} differ.")
