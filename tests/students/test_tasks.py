"""Time alone ends current access."""

from datetime import date

import psycopg
from django.conf import settings

from security import scope
from students.models import StudentAccess
from students.tasks import refresh_access
from tests import factories as make


def test_a_last_day_that_has_passed_ends_current_access(own_database):
    child = make.StudentFactory(district=make.DistrictFactory(), district__last_day=date(2030, 1, 1))
    _as_the_calendar_turns(own_database)
    assert refresh_access() == 1
    assert refresh_access() == 0
    with scope.system():
        assert StudentAccess.objects.get(student=child).is_current is False


def _as_the_calendar_turns(database: str) -> None:
    """The row as it stands some days later: its last day has passed, nobody has written to it."""
    owner = settings.DATABASES["owner"]
    with psycopg.connect(
        host=owner["HOST"], port=owner["PORT"], user=owner["USER"], dbname=database
    ) as connection:
        connection.execute("UPDATE students_studentaccess SET last_day = current_date - 2")
