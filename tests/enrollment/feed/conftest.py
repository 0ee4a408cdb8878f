"""A district that sends feeds: `feed(rows)` is a file, `look(file)` its dry run, `load(file)` what it did."""

import csv
import io
from datetime import date

import pytest
from django.core.files.base import ContentFile
from django.db import connection

from enrollment.actions.feed import check_feed, load_feed, send_feed
from enrollment.models import FeedRow
from enrollment.rules.feed import columns
from security import scope
from tests import factories as make

JULES = {
    "state_student_id": "4100000001", "last_name": "Fontenot", "first_name": "Jules",
    "birth_date": "2015-03-12", "sex": "M", "grade": "06", "entry_code": "1880", "entry_date": "2026-08-10",
    "first_attended": "2026-08-10",
}  # fmt: skip


@pytest.fixture
def year(dc):
    return make.SchoolYearFactory(
        state=dc.state, name="2026-27", first_day=date(2026, 7, 1), last_day=date(2027, 6, 30)
    )


def written(rows, header=None) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, header or columns(), restval="", extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


@pytest.fixture
def feed(dc):
    """Rows that differ from Jules, who entered on Aug 10, as they say."""
    return lambda *rows: written([{"school_code": dc.school.code, **JULES, **row} for row in rows])


@pytest.fixture
def look(dc, year):
    def looked(content: bytes, name="feed.csv"):
        with scope.of(dc.registrar):
            sent = send_feed(
                by=dc.registrar, district=dc.mine, year=year, file=ContentFile(content, name=name)
            )
        return check_feed(sent)

    return looked


@pytest.fixture
def load(look):
    def loaded(*sent, **more):
        found = load_feed(look(*sent, **more))
        with connection.cursor() as cursor:  # who writes ends with the transaction of the load
            cursor.execute("SELECT set_config('pghistory.context_metadata', '{}', true)")
        return found

    return loaded


@pytest.fixture
def errors_of():
    """The sentences of a load, by line."""

    def told(load) -> dict[int, str]:
        with scope.system():
            return {row.line: " ".join(row.errors) for row in FeedRow.objects.filter(load=load) if row.errors}

    return told
