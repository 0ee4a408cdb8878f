"""A practice Ed-Fi API beside the demo, so that locking an evaluation can be seen to arrive somewhere.

It is the stand-in of the test suite and knows the children of the demonstration state. It forgets
everything when the demo stops.
"""

import csv
import socket
import sys
from importlib.util import find_spec
from pathlib import Path

from django.utils import timezone

from edfi.actions.dirty import mark_everyone
from edfi.models import Connection, Identity
from enrollment.models import Enrollment
from eser.made_up.places import STATE_CODE
from organizations.models import State
from organizations.rules.calendar import school_year_of
from security import scope

NAME = "Practice API"
KEY, SECRET = "practice", "practice secret"
NEIGHBORS = 100  # ports after the web server's in which a free one is looked for


def command(home: Path, web_port: int) -> list[str] | None:
    """Connects the demonstration state and says how to start the API; None where there is no test suite."""
    if find_spec("tests.standin") is None:
        return None
    port = _free_port(web_port)
    students = home / "practice_api.csv"
    with scope.system():
        _tell_students(students)
        _connect(f"http://127.0.0.1:{port}")
    module = [sys.executable, "-m", "tests.standin.ods", "--port", str(port)]
    return [*module, "--key", KEY, "--secret", SECRET, "--students", str(students)]


def _tell_students(path: Path) -> None:
    """What the districts' student information systems would have sent: who is enrolled where."""
    rows = Enrollment.objects.filter(student__state__code=STATE_CODE, last_day=None)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["student", "school"])
        writer.writerows(rows.exclude(student__edfi_id="").values_list("student__edfi_id", "site__edfi_id"))


def _connect(address: str) -> None:
    """The API is empty at every start, so everything is sent again."""
    state = State.objects.get(code=STATE_CODE)
    connection, _ = Connection.objects.get_or_create(state=state, name=NAME, defaults={"key": KEY})
    connection.base_url, connection.enabled, connection.secret = address, True, SECRET
    connection.save()
    this_year = school_year_of(timezone.localdate()).last_day.year
    for year in (this_year - 1, this_year):
        connection.years.get_or_create(school_year=year)
    Identity.objects.filter(connection=connection).delete()
    mark_everyone(connection)


def _free_port(after: int) -> int:
    for port in range(after + 1, after + NEIGHBORS):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise RuntimeError(f"No port from {after + 1} to {after + NEIGHBORS} is free.")
