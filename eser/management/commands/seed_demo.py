"""`seed_demo`: the made-up state, once; a second call changes nothing."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from eser.made_up import children, figures, notices, places, staff
from organizations.models import State
from security import scope


class Command(BaseCommand):
    help = "Fill an empty database with the demonstration state."

    def handle(self, *args: Any, **options: Any) -> None:
        if State.objects.filter(code=places.STATE_CODE).exists():
            return
        today = timezone.localdate()
        self.stdout.write("Making up places, staff and children …")
        with scope.system():
            state = places.build(today)
            staff.hire(state, since=today.replace(month=7, day=1, year=today.year - 2))
            count = children.enroll(state, today)
            notices.tell(today)
            figures.count(today)
        self.stdout.write(f"{count} made-up children in {len(places.district_rows())} districts.")
