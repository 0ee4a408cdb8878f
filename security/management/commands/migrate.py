"""`migrate` runs as the owner of the tables; the application's own role could not."""

import gc
from typing import Any

from django.conf import settings
from django.core.management.commands.migrate import Command as Migrate

from security.actions.publish import install_triggers, let_the_application_in, publish_permissions
from security.actions.view_only import install_guards

# Each step makes thousands of classes that refer to each other; looking through them often takes a fifth
# of the time.
AT_ONCE = 50_000  # objects made before those no longer needed are looked for


class Command(Migrate):
    help = Migrate.help

    def add_arguments(self, parser: Any) -> None:
        super().add_arguments(parser)
        parser.set_defaults(database="owner")

    def handle(self, *args: Any, **options: Any) -> None:
        before = gc.get_threshold()
        gc.set_threshold(AT_ONCE)
        try:
            super().handle(*args, **options)
        finally:
            gc.set_threshold(*before)
        if options["app_label"] or options["plan"] or options["check_unapplied"]:
            return
        install_triggers(options["database"])
        install_guards(options["database"])
        publish_permissions(options["database"])
        let_the_application_in(options["database"], settings.DATABASES["default"]["USER"])
